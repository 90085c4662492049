#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# camwall registry update against a server on the loopback device that does all that servers do.
# No other network is touched.
# shellcheck disable=SC1091,SC2086,SC2154,SC2164,SC2317 # functions are called by name; lib.sh sets the rest, and -e; no word has a space
. "$(dirname "$0")/../selftests/lib.sh"

me=$(cd "$(dirname "$0")" && pwd)
FILES="oui.csv mam.csv oui36.csv iab.csv"

# Folders of this machine's own are hidden: nothing is compared with them, nothing written.
if [ -z "${HIDDEN-}" ]; then
	require_root
	unshare -m true 2>/dev/null || skip_all "no mount namespaces here"
	# shellcheck disable=SC2016
	HIDDEN=1 exec unshare -m bash -ec '
		mount -t tmpfs none /var/lib
		mount -t tmpfs none /usr/share/ieee-data
		exec "$@"' - "$0"
fi
unset http_proxy https_proxy all_proxy HTTP_PROXY HTTPS_PROXY ALL_PROXY
export NO_PROXY=127.0.0.1

# rows REGISTRY DIGITS N: a file of that registry.
rows()
{
	awk -v registry="$1" -v digits="$2" -v n="$3" 'BEGIN {
		printf "Registry,Assignment,Organization Name,Organization Address\r\n"
		for (i = 0; i < n; i++)
			printf "%s,%0*X,Company %d Ltd.,\"Street %d, Town\"\r\n", registry, digits, (registry == "IAB") * 1048576 + i * 16 + 1, i, i
	}'
}

# edition FOLDER ROWS DATE: four files, of which oui.csv has so many rows.
edition()
{
	mkdir -p "$1"
	rows MA-L 6 "$2" >"$1/oui.csv"
	rows MA-M 7 100 >"$1/mam.csv"
	rows MA-S 9 100 >"$1/oui36.csv"
	rows IAB 9 100 >"$1/iab.csv"
	# shellcheck disable=SC2086 # words are meant
	(cd "$1" && touch -d "$3" $FILES)
}

# A server, and nothing in place yet. With "tls" it has a certificate that nobody knows.
setup()
{
	web=$(mktemp -d "$tmp/web.XXXX")
	dir=$web/place/registry
	mkdir "$web/place"
	edition "$web/files" 3000 2026-06-01T12:00:00Z
	serve "$@"
}

serve()
{
	local certificate='' scheme=http

	if [ "${1-}" = tls ]; then
		certificate=$web/certificate scheme=https
		openssl req -x509 -newkey rsa:2048 -nodes -keyout "$certificate" -out "$web/ca" -days 2 \
			-subj /CN=localhost -addext subjectAltName=IP:127.0.0.1 2>/dev/null
		cat "$web/ca" >>"$certificate"
	fi
	/usr/bin/python3 "$me/registry_server.py" "$web" ${certificate:+"$certificate"} &
	defer "kill $!"
	wait_for 10 test -e "$web/port"
	url=$scheme://127.0.0.1:$(cat "$web/port")/registry
}

mode() { echo "$*" >"$web/mode"; }
update() { "$CAMWALL" registry update --registry "$dir" --url "$url" --timeout 2 "$@"; }

# in_place FOLDER: it holds what FOLDER does, and nothing is left over.
in_place()
{
	local file

	for file in $FILES; do
		cmp "$1/$file" "$dir/$file"
	done
	[ ! -e "$dir.new" ] || [ -z "$(ls "$dir.new")" ]
}

# stays SAID...: an update fails, says that, and leaves what is in place as it is.
stays()
{
	local piece before

	before=$(cat "$dir"/*.csv "$dir/sources.json" | sha256sum)
	refused 1 update
	for piece; do
		contains "$said" "$piece"
	done
	equal "what is in place" "$(cat "$dir"/*.csv "$dir/sources.json" | sha256sum)" "$before"
}

requests() { grep -c "$1" "$web/log" || :; }

full()
{
	local output

	setup
	output=$(update 2>"$tmp/errors")
	contains "$output" "edition of 2026-06-01, 3300 assignments"
	in_place "$web/files"
	equal "time of oui.csv" "$(stat -c %Y "$dir/oui.csv")" "$(stat -c %Y "$web/files/oui.csv")"
	equal "mode" "$(stat -c %a "$dir/oui.csv" "$dir" | xargs)" "644 755"
	equal "assignments" "$("$CAMWALL" registry info --registry "$dir" -j | value .assignment_count)" 3300
	# No progress where nobody looks; the address is http's.
	fails grep -v "not protected" "$tmp/errors"
	fails test -e "$dir.old"
}

not_modified()
{
	local output inode

	setup
	update
	inode=$(stat -c %i "$dir")
	: >"$web/log"
	output=$(update)
	contains "$output" "not modified"
	equal "requests answered so" "$(requests ' 304 ')" 4
	equal "the folder" "$(stat -c %i "$dir")" "$inode"
	fails test -e "$dir.new"
}

# One of the four is new: the others are not sent again, and the folder changes as a whole.
one_is_modified()
{
	setup
	update
	cp -r "$dir" "$web/before"
	rows MA-M 7 120 >"$web/files/mam.csv"
	: >"$web/log"
	contains "$(update)" "+20 assignments"
	equal "files sent" "$(requests ' 200 ')" 1
	in_place "$web/files"
	diff -r "$web/before" "$dir.old"
	: >"$web/log"
	contains "$(update)" "not modified"
	equal "files sent" "$(requests ' 200 ')" 0
}

resumed_at_once()
{
	setup
	mode cut-once 5000
	update
	in_place "$web/files"
	equal "parts sent" "$(requests 'oui.csv 206 Range=bytes=5000-')" 1
}

resumed_later()
{
	local size

	setup
	mode cut 20000
	refused 1 update
	contains "$said" "try again"
	fails test -e "$dir"
	size=$(stat -c %s "$dir.new/oui.csv.part")
	equal "what has come, in three attempts" "$size" 60000
	rm "$web/mode"
	: >"$web/log"
	equal "resumed from" "$(update -j | value '.files[0].resumed')" "$size"
	in_place "$web/files"
	equal "parts sent" "$(requests "oui.csv 206 Range=bytes=$size-")" 1
}

# What was begun is not the beginning of what the server has by now.
changed_meanwhile()
{
	setup
	mode cut 20000
	refused 1 update
	rm "$web/mode"
	rows MA-L 6 3100 | sed 's/Company/Firm/' >"$web/files/oui.csv"
	: >"$web/log"
	update
	in_place "$web/files"
	equal "parts sent" "$(requests ' 206 ')" 0
	contains "$(cat "$web/log")" "oui.csv 200 Range=bytes="
}

# Without a strong validator nobody can tell whether a part fits: all of it is fetched again.
no_resume_without_validator()
{
	local kind

	setup
	for kind in weak no-validators; do
		mode cut 20000
		rm -rf "$dir.new"
		refused 1 update
		jq '.validator = null' "$dir.new/oui.csv.part.json" >"$web/partial"
		cp "$web/partial" "$dir.new/oui.csv.part.json"
		mode "$kind"
		: >"$web/log"
		update --force
		in_place "$web/files"
		equal "ranges asked for" "$(requests Range=)" 0
		rm -rf "$dir"
	done
}

truncated()
{
	setup
	update
	rows MA-L 6 3050 >"$web/files/oui.csv"
	mode short 140010
	stays "oui.csv:" "cut off" "what is in place stays"
}

# At nine tenths it passes, below it does not.
shrunken()
{
	setup
	update
	rows MA-L 6 2699 >"$web/files/oui.csv"
	stays "oui.csv" 2699 3000 "more than a tenth" --force
	rows MA-L 6 2700 >"$web/files/oui.csv"
	update
	rows MA-L 6 500 >"$web/files/oui.csv"
	stays "more than a tenth"
	update --force
	in_place "$web/files"
}

# By the server, which has sent it once and would not again.
repaired()
{
	setup
	update
	# Between two rows, so that it parses.
	sed -i 50q "$dir/iab.csv"
	contains "$(update)" "edition of 2026-06-01, 3300 assignments"
	in_place "$web/files"
	printf 'half a row' >>"$dir/iab.csv"
	refused 1 "$CAMWALL" registry info --registry "$dir"
	contains "$said" "camwall registry update"
	contains "$(update)" "3300 assignments"
	in_place "$web/files"
	contains "$(update)" "not modified"
	: >"$web/log"
	update --force
	equal "files sent" "$(requests ' 200 ')" 4
}

# Each of the four, not only the newest.
older()
{
	setup
	update
	rows MA-L 6 2950 >"$web/files/oui.csv"
	touch -d 2022-03-01T12:00:00Z "$web/files/oui.csv"
	rows MA-M 7 110 >"$web/files/mam.csv"
	stays "oui.csv" "of 2022-03-01" "of 2026-06-01" --force
	update --force
	in_place "$web/files"
}

# A server whose clock is wrong would have sent the newest one for years.
of_the_future()
{
	setup
	touch -d 2099-01-01T12:00:00Z "$web/files/mam.csv"
	refused 1 update
	contains "$said" "mam.csv: is of 2099-01-01, which is yet to come"
	contains "$said" --force
	fails test -e "$dir"
	update --force
	in_place "$web/files"
	[ "$(stat -c %Y "$dir/mam.csv")" -le "$(date +%s)" ]
	touch "$web/files/mam.csv"
	update
}

garbage()
{
	setup
	update
	printf '<!DOCTYPE html>\n<html>Sorry</html>\n' >"$web/files/mam.csv"
	stays "mam.csv:1: " "web page" "download it again"
	printf 'Registry,Assignment,Organization Name,Organization Address\r\nMA-M,XYZ,A,B\r\n' >"$web/files/mam.csv"
	stays "mam.csv:2: " "hex digits"
	: >"$web/files/mam.csv"
	stays "mam.csv"
	# What it is, is said, and does not steer the terminal.
	printf 'Registry,Assignment,Organization Name,Organization Address\r\nMA-M,\033]0;owned\007,A,B\r\n' >"$web/files/mam.csv"
	stays "mam.csv:2: " "?]0;owned?"
	fails contains "$said" $'\033'
	# Nothing of it is taken for the beginning of the next one.
	rows MA-M 7 100 >"$web/files/mam.csv"
	rows MA-L 6 3001 >"$web/files/oui.csv"
	update
	in_place "$web/files"
}

missing()
{
	setup
	update
	rm "$web/files/iab.csv"
	rows MA-L 6 3001 >"$web/files/oui.csv"
	stays "iab.csv" "404"
	mode status 403
	stays "403" "--url"
	mode status 503
	stays "503"
}

silent()
{
	setup
	update
	rows MA-L 6 3001 >"$web/files/oui.csv"
	mode hang 1000
	SECONDS=0
	stays "nothing came for 2 seconds"
	[ $SECONDS -lt 40 ]
}

nobody_there()
{
	setup
	url=http://127.0.0.1:9
	refused 1 update
	contains "$said" "127.0.0.1:9"
	fails test -e "$dir"
}

# Whoever is killed leaves the old registry, and a beginning of the new one.
killed()
{
	local pid

	setup
	update
	cp -r "$dir" "$web/before"
	rows MA-L 6 3200 >"$web/files/oui.csv"
	mode hang 30000
	setsid "$CAMWALL" registry update --registry "$dir" --url "$url" --timeout 30 &
	pid=$!
	wait_for 10 test -s "$dir.new/oui.csv.part"
	wait_for 10 has_size 30000 "$dir.new/oui.csv.part"
	kill -KILL -- "-$pid"
	wait "$pid" || :
	diff -r "$web/before" "$dir"
	rm "$web/mode"
	: >"$web/log"
	update
	in_place "$web/files"
	equal "parts sent" "$(requests 'oui.csv 206 Range=bytes=30000-')" 1
	diff -r "$web/before" "$dir.old"
}
has_size() { [ "$(stat -c %s "$2")" = "$1" ]; }

# A reader at any moment finds the one or the other, whole.
swapped_at_once()
{
	local i n

	setup
	edition "$web/a" 1000 2026-06-01T00:00:00Z
	edition "$web/b" 1010 2026-06-01T00:00:00Z
	"$CAMWALL" registry update --registry "$dir" --from "$web/a"
	(
		while [ ! -e "$web/stop" ]; do
			"$CAMWALL" registry info --registry "$dir" -j || echo failed
		done | jq -r .assignment_count >"$web/seen" 2>&1
	) &
	for i in $(seq 10); do
		"$CAMWALL" registry update --registry "$dir" --from "$web/b" >/dev/null
		"$CAMWALL" registry update --registry "$dir" --from "$web/a" >/dev/null
	done
	touch "$web/stop"
	wait $!
	n=$(grep -c . "$web/seen")
	echo "$n readings"
	[ "$n" -gt 10 ]
	equal "seen" "$(sort -u "$web/seen" | xargs)" "1300 1310"
}

# stopped_at CALL N: killed where it makes that call for the Nth time; fails where it does not.
stopped_at()
{
	rm -rf "$web/place"
	mkdir "$web/place"
	"$CAMWALL" registry update --registry "$dir" --from "$web/a" >/dev/null
	! strace -o /dev/null -e trace="$1" -e inject="$1:signal=KILL:when=$2" \
		"$CAMWALL" registry update --registry "$dir" --from "$web/b" >/dev/null 2>&1
}

assignments() { "$CAMWALL" registry info --registry "$dir" -j | value .assignment_count; }

# At each of the calls that change something, as by a power cut.
stopped_anywhere()
{
	local call i places=0

	[ -n "$(command -v strace)" ] || skip "no strace"
	setup
	edition "$web/a" 1000 2026-06-01T00:00:00Z
	edition "$web/b" 1010 2026-06-02T00:00:00Z
	for call in renameat2 rename fsync rmdir mkdir; do
		for ((i = 1; i < 40; i++)); do
			stopped_at $call $i || break
			places=$((places + 1))
			assignments | grep -x -e 1300 -e 1310
			"$CAMWALL" registry update --registry "$dir" --from "$web/b"
			equal "afterwards" "$(assignments)" 1310
		done
	done
	echo "stopped at $places places"
	[ $places -ge 9 ]
}

checks()
{
	setup
	contains "$(update --check)" "no registry at hand"
	fails test -e "$dir"
	update
	contains "$(update --check)" "no newer registry"
	equal newer "$(update --check -j | value .newer)" false
	rows IAB 9 101 >"$web/files/iab.csv"
	contains "$(update --check)" "there is a newer registry than the one in $dir, of 2026-06-01"
	equal "in JSON" "$(update -c -j | value '[.newer, .updated, .checked_only] | @csv')" true,false,true
	equal "assignments, still" "$("$CAMWALL" registry info --registry "$dir" -j | value .assignment_count)" 3300
	equal "bodies asked for" "$(grep -c '^GET' "$web/log")" 4
}

from_folder()
{
	setup
	edition "$web/stick" 3000 2026-07-01T00:00:00Z
	cw_from() { "$CAMWALL" registry update --registry "$dir" --from "$web/stick" "$@"; }
	contains "$(cw_from)" "edition of 2026-07-01"
	in_place "$web/stick"
	contains "$(cw_from)" "not modified"
	contains "$(cw_from -c)" "no newer"
	touch -d 2026-05-01T00:00:00Z "$web/stick"/*
	rows IAB 9 99 >"$web/stick/iab.csv"
	touch -d 2026-05-01T00:00:00Z "$web/stick/iab.csv"
	refused 1 cw_from
	contains "$said" "of 2026-05-01, and that in $dir of 2026-07-01"
	cw_from --force
	rm "$web/stick/mam.csv"
	refused 1 cw_from
	contains "$said" "$web/stick/mam.csv"
	[ ! -e "$web/log" ]
}

one_at_a_time()
{
	setup
	mode hang 100
	"$CAMWALL" registry update --registry "$dir" --url "$url" --timeout 20 &
	defer "kill $!"
	wait_for 10 test -s "$dir.new/oui.csv.part"
	refused 1 update
	contains "$said" "another update"
}

in_json()
{
	setup
	update -j >"$tmp/json"
	equal "keys" "$(value 'keys_unsorted | join(" ")' <"$tmp/json")" \
		"checked_only newer updated dir edition assignment_count assignment_count_before files"
	equal "files" "$(value '[.files[].state] | unique[]' <"$tmp/json")" downloaded
	equal "size" "$(value '.files[0].size' <"$tmp/json")" "$(stat -c %s "$web/files/oui.csv")"
}

redirected()
{
	local there

	setup
	there=$web
	mode redirect "${url%/registry}/elsewhere"
	refused 1 update
	contains "$said" redirect
	web=$(mktemp -d "$tmp/web.XXXX")
	serve
	mode redirect "http://127.0.0.1:$(cat "$there/port")/elsewhere"
	rm "$there/mode"
	update
	in_place "$there/files"
	# To a protected address, too.
	[ -n "$(command -v openssl)" ] || return 0
	rm -rf "$dir" "$web/port" "$web/mode"
	cp -rp "$there/files" "$web/files"
	serve tls
	echo "redirect $url" >"$there/mode"
	as_known_authority "$CAMWALL" registry update --registry "$dir" --url "http://127.0.0.1:$(cat "$there/port")/x"
	in_place "$there/files"
}

# as_known_authority COMMAND...: with the server's certificate among those that this machine trusts.
as_known_authority()
{
	# shellcheck disable=SC2016
	unshare -m bash -ec 'mount --bind "$1" /etc/ssl/certs/ca-certificates.crt; shift; "$@"' - "$web/ca" "$@"
}

protected()
{
	[ -n "$(command -v openssl)" ] || skip "no openssl"
	setup tls
	refused 1 update
	contains "$said" "certificate is not valid"
	fails test -e "$dir"
	as_known_authority "$CAMWALL" registry update --registry "$dir" --url "$url" 2>"$tmp/errors"
	equal "warnings" "$(cat "$tmp/errors")" ""
	in_place "$web/files"
	# The name counts, too.
	url=${url/127.0.0.1/localhost}
	rm -rf "$dir"
	refused 1 as_known_authority "$CAMWALL" registry update --registry "$dir" --url "$url"
	contains "$said" "certificate is not valid"
}

no_way_down()
{
	local plain

	[ -n "$(command -v openssl)" ] || skip "no openssl"
	setup
	plain=$url
	web=$(mktemp -d "$tmp/web.XXXX")
	serve tls
	mode redirect "$plain"
	refused 1 as_known_authority "$CAMWALL" registry update --registry "$dir" --url "$url"
	contains "$said" "not protected"
	fails test -e "$dir"
}

# Where nothing is named: what was updated is what is applied from then on, while it is the newest.
is_the_default()
{
	local package=/usr/share/ieee-data updated=/var/lib/camwall/registry

	setup
	defer "rm -rf /var/lib/camwall $package/*"
	printf '[camwall]\ninterfaces = lan0\nregistry-url = %s\n[group all]\nvendor = *\n' "$url" >"$web/camwall.conf"
	edition $package 3000 2026-05-01T00:00:00Z
	equal "at first" "$("$CAMWALL" registry info -j | value .dir)" $package
	contains "$("$CAMWALL" registry update -f "$web/camwall.conf" --timeout 5)" \
		"+0 assignments against the edition of 2026-05-01, which was in $package"
	equal "then" "$("$CAMWALL" registry info -j | value .dir)" $updated
	"$CAMWALL" apply -c "$web/camwall.conf" >"$tmp/applied"
	grep "^3300 prefixes\|, 3300 prefixes" "$tmp/applied"
	grep "^registry $updated: edition of 2026-06-01" "$tmp/applied"
	touch -d 2026-07-01T00:00:00Z $package/oui.csv
	"$CAMWALL" apply -c "$web/camwall.conf" >"$tmp/applied"
	grep "^registry $package: edition of 2026-07-01" "$tmp/applied"
	# Whoever updates one and applies the other is told.
	printf 'registry = %s\n' "$web/files" | sed -i '2r /dev/stdin' "$web/camwall.conf"
	rows IAB 9 101 >"$web/files/iab.csv"
	"$CAMWALL" registry update -f "$web/camwall.conf" 2>"$tmp/errors"
	contains "$(cat "$tmp/errors")" "the configuration names another folder"
}

# What is at hand is what a first update is compared with.
first_is_compared()
{
	setup
	defer "rm -rf /usr/share/ieee-data/*"
	edition /usr/share/ieee-data 3400 2026-05-01T00:00:00Z
	refused 1 update
	contains "$said" "has 3000 assignments, where that in /usr/share/ieee-data has 3400"
	fails test -e "$dir"
}

# Who owns the folder around it could otherwise lead root's writes astray.
# By programs that everybody can reach, which those of a tree in /root are not.
gives_up_privileges()
{
	local bin=$tmp/bin

	setup
	mkdir -p "$bin"
	cp "$CAMWALL" "${CAMWALL%/*}/camwall-fetch" "$bin/"
	chmod 755 "$tmp" "$web" "$bin" "$bin"/*
	local CAMWALL=$bin/camwall
	chown 65534:65534 "$web/place"
	update
	equal "owner" "$(stat -c %u:%g "$dir" "$dir/oui.csv" | xargs)" "65534:65534 65534:65534"
	mkdir "$web/private"
	edition "$web/private" 3000 2026-07-01T00:00:00Z
	chmod 700 "$web/private"
	"$CAMWALL" registry update --registry "$dir" --from "$web/private"
	in_place "$web/private"
	# A link in the way is not followed.
	rm -rf "$dir.new" "$web/target"
	mkdir "$web/target"
	ln -s "$web/target" "$dir.new"
	touch -d 2026-08-01T00:00:00Z "$web/private"/*
	rows IAB 9 101 >"$web/private/iab.csv"
	refused 1 "$CAMWALL" registry update --registry "$dir" --from "$web/private"
	contains "$said" "$dir.new"
	equal "behind the link" "$(ls "$web/target")" ""
}

# As where it was built without libcurl.
without_program()
{
	[ ! -e /usr/libexec/camwall/camwall-fetch ] || skip "camwall is installed here"
	setup
	mkdir "$web/bin"
	cp "$CAMWALL" "$web/bin"
	CAMWALL=$web/bin/camwall
	refused 1 update
	contains "$said" "camwall-fetch: No such file"
	contains "$said" "--from DIR"
	"$CAMWALL" registry update --registry "$dir" --from "$web/files"
	in_place "$web/files"
}

progress()
{
	setup
	script -qec "'$CAMWALL' registry update --registry '$dir' --url '$url'" /dev/null >"$tmp/terminal" </dev/null
	contains "$(cat "$tmp/terminal")" "oui.csv  0.1 MiB of 0.1 MiB, 100%"
	rm -rf "$dir"
	script -qec "'$CAMWALL' registry update -q --registry '$dir' --url '$url'" /dev/null >"$tmp/terminal" </dev/null
	equal "with --quiet" "$(cat "$tmp/terminal")" ""
}

refuses()
{
	setup
	refused 1 "$CAMWALL" registry update --registry /usr/share/ieee-data --url "$url"
	contains "$said" "package"
	refused 1 "$CAMWALL" registry update --registry "$dir" --url ftp://127.0.0.1/
	contains "$said" "ftp://127.0.0.1/"
	refused 1 "$CAMWALL" registry update --registry "$dir" --url file:///etc
	refused 2 "$CAMWALL" registry update --url "$url" --from /tmp
	refused 2 "$CAMWALL" registry update more
	refused 2 "$CAMWALL" registry update --url "$url" --timeout 0
	refused 2 "$CAMWALL" registry info --force
	printf '[camwall]\ninterfaces = a\nregistry-url = mirror\n' >"$web/camwall.conf"
	refused 1 "$CAMWALL" apply -c "$web/camwall.conf"
	contains "$said" "camwall.conf:3: registry-url = mirror"
	printf '[camwall]\ninterfaces = a\nregistry = %s\nregistry-url = %s\n' "$web/other" "$url" >"$web/camwall.conf"
	[ ! -e "$web/log" ]
}

require_root
[ -x "${CAMWALL%/*}/camwall-fetch" ] || skip_all "no camwall-fetch: build the tool with libcurl"
it "all four files" full
it "not modified" not_modified
it "only what is modified is sent, and the folder changes as a whole" one_is_modified
it "a download that breaks off is gone on with at once" resumed_at_once
it "... and by the next update" resumed_later
it "... but not where the file has changed meanwhile" changed_meanwhile
it "... nor where nobody can tell" no_resume_without_validator
it "a file that is cut off is refused" truncated
it "one that lost more than a tenth is refused" shrunken
it "one that is older is refused, whichever of the four it is" older
it "one that is dated ahead is refused" of_the_future
it "what is damaged in place is fetched again" repaired
it "one that is none is refused, by file and line" garbage
it "a server that has none, or refuses" missing
it "a server that says nothing" silent
it "a server that is not there" nobody_there
it "killed in the middle" killed
it "readers see the one or the other" swapped_at_once
it "stopped at any step there is a whole registry" stopped_anywhere
it "--check only says" checks
it "--from takes a folder's" from_folder
it "two at once" one_at_a_time
it "what it did, as JSON" in_json
it "redirects are followed" redirected
it "https: the certificate is checked" protected
it "https: no redirect to http" no_way_down
it "the next apply takes it, while it is the newest" is_the_default
it "the first one is compared with the package's" first_is_compared
it "it goes on as who owns the folder" gives_up_privileges
it "without the program that downloads" without_program
it "progress on a terminal" progress
it "what cannot be meant is refused" refuses
run
