#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Events: what a listener is told, how often, and how it knows what it has missed.
. "$(dirname "$0")/devices.sh"

# listen [RECEIVE-BUFFER]: from here on, events are lines in $tmp/listener.
listen()
{
	start listener "$ns" "$here/inventory" listen "$@"
	wait_for 20 grep -q ready "$tmp/listener"
}

# told EVENT [PIECE...]: lines of that event that have all pieces.
told()
{
	local lines piece

	lines=$(grep " event=$1 " "$tmp/listener" || :)
	shift
	for piece; do
		lines=$(grep -- " $piece\( \|$\)" <<<"$lines" || :)
	done
	[ -z "$lines" ] || echo "$lines"
}

# times EVENT [PIECE...]: how many there are of them.
times() { told "$@" | wc -l; }

# happens EVENT [PIECE...]: within a time, at least once; the last line is in $event.
has_happened() { [ "$(times "$@")" -gt 0 ]; }
happens()
{
	wait_for 30 has_happened "$@" || { cat "$tmp/listener"; return 1; }
	event=$(told "$@" | tail -n 1)
}

# Events are told in order: when one that is caused now has come, so have those before it.
settled()
{
	within "$ns" "$here/inventory" flush
	happens devices-flushed
}

# part KEY: of $event.
part() { field "$1" <<<"$event"; }

new()
{
	local before

	setup
	commit
	listen
	before=$(date +%s%N)
	frames "$ns" cam0 lan0 $CAMERA -s $NEIGHBOUR -s $UNLISTED
	happens device-new mac=$NEIGHBOUR
	happens device-new mac=$CAMERA
	equal "group" "$(part group)" cameras
	equal "ifname" "$(part ifname)" lan0
	equal "ipv4" "$(part ipv4)" 192.0.2.2
	[ "$(part time)" -ge "$before" ]
	[ "$(part time)" -le "$(date +%s%N)" ]
	frames "$ns" cam0 lan0 $CAMERA -s $NEIGHBOUR
	settled
	equal "devices that are new" "$(times device-new)" 2
	equal "other events" "$(grep -c event= "$tmp/listener")" 3
}

moved()
{
	setup
	wire "$ns" cam1 lan1
	commit
	listen
	send $CAMERA "$UDP"
	happens device-new
	port=1 send $CAMERA "vlan 7 $UDP"
	happens device-moved ifname=lan1 vlan=7
	equal "where it was" "$(part previous-ifname)" lan0
	equal "VLAN where it was" "$(part previous-vlan)" ""
	port=1 send $CAMERA "vlan 8 $UDP"
	happens device-moved vlan=8
	equal "where it was" "$(part previous-ifname) $(part previous-vlan)" "lan1 7"
	send $CAMERA "$UDP"
	happens device-moved ifname=lan0
	equal "moves" "$(times device-moved)" 3
}

# A device that is in two places at once: told once a second, and where it is in the end.
moved_limited()
{
	local since most i

	setup
	commit
	listen
	send $CAMERA "$UDP"
	happens device-new
	since=$(uptime)
	for ((i = 0; i < 30; i++)); do
		printf 'vlan 7 %s\nvlan 8 %s\n' "$UDP" "$UDP"
	done >"$tmp/frames"
	# -c 1 counts the address up with each line: so a line at a time.
	while read -r words; do
		send $CAMERA "$words"
	done <"$tmp/frames"
	send $CAMERA "vlan 9 $UDP"
	happens device-moved vlan=9
	most=$(($(uptime) - since + 2))
	echo "$(times device-moved) moves told, at most $most can be"
	[ "$(times device-moved)" -le $most ]
}

gone_and_back()
{
	setup
	commit idle=2
	listen
	send $CAMERA "$UDP"
	happens device-gone mac=$CAMERA gone=1
	equal "displaced" "$(part displaced)" ""
	[ "$(part idle-time)" -ge 2 ]
	send $CAMERA "$UDP"
	happens device-back mac=$CAMERA
	equal "frames of it" "$(part from-packets)" 2
	equal "devices that are new" "$(times device-new)" 1
}

displaced()
{
	setup
	commit max-devices=16
	listen
	send $CAMERA "$UDP"
	pass_seconds 2
	send 44:19:b6:01:00:00 "$UDP" -c 15
	until_displaced() { send 44:19:b6:02:00:00 "$UDP" && has_happened device-gone mac=$CAMERA; }
	wait_for 60 until_displaced
	happens device-gone displaced=1
	equal "it" "$(part mac)" $CAMERA
	equal "frames of it" "$(part from-packets)" 1
	# The frame of before may have found no room yet.
	is_new() { send 44:19:b6:02:00:00 "$UDP" && has_happened device-new mac=44:19:b6:02:00:00; }
	wait_for 60 is_new
}

# dropped REASON DIRECTION
dropped()
{
	happens device-dropped "reason=$1" "direction=$2"
	equal "suppressed before the first" \
		"$(told device-dropped "reason=$1" "direction=$2" | head -n 1 | field suppressed)" 0
}

# One frame each, so that each is a first one: none waits for another.
reasons()
{
	setup
	action=drop commit
	listen
	send $CAMERA "$UDP"
	dropped policy from
	receive $CAMERA "$UDP"
	dropped policy to
	equal "group" "$(part group)" cameras
	action=isolate commit
	send $CAMERA "$UDP"
	receive $CAMERA "$UDP"
	send $CAMERA "ip 10.0.0.7 10.0.0.2 udp 1 1 cut 6"
	receive $CAMERA "ip 10.0.0.2 10.0.0.7 udp 1 1 cut 6"
	dropped not-allowed from
	dropped not-allowed to
	dropped malformed from
	dropped malformed to
	action=limit burst=720 commit
	send $CAMERA "$UDP"
	send $CAMERA "$UDP"
	receive $CAMERA "$UDP"
	dropped limit from
	dropped limit to
	equal "drops told" "$(times device-dropped)" 8
}

# drops_told WHAT...: frames that were told of, the suppressed ones included.
drops_told() { told device-dropped "$@" | field suppressed | awk '{ n += $1 + 1 } END { print n + 0 }'; }
all_told() { [ "$(drops_told "${@:2}")" = "$1" ]; }

suppressed()
{
	local since most

	setup
	action=drop commit
	listen
	since=$(uptime)
	start flood "$ns" "$here/inject" -f -o cam0 -i lan0 -s $CAMERA -s $NEIGHBOUR
	wait_for 30 uptime_is $((since + 8))
	stop flood
	wait_for 30 all_told "$(known from-policy)" direction=from mac=$CAMERA
	wait_for 30 all_told "$(known from-policy $NEIGHBOUR)" direction=from mac=$NEIGHBOUR
	most=$(($(uptime) - since + 2))
	echo "$(times device-dropped mac=$CAMERA) drops told, at most $most can be"
	[ "$(times device-dropped mac=$CAMERA)" -le $most ]
	[ "$(times device-dropped mac=$CAMERA)" -ge 2 ]
	[ "$(known from-policy)" -gt "$most" ]
}

# Its end comes by itself, and once.
exemption_ends()
{
	local until

	setup
	listen
	until=$(($(now) + 4))
	action=drop commit "exempt=$CAMERA@$until" "exempt=$NEIGHBOUR@$((until + 3600))" \
		"exempt=$UNLISTED@$((until - 3600))"
	happens exemption-ended
	equal "of" "$(part mac)" $CAMERA
	equal "until" "$(part until)" $until
	equal "reason" "$(part why)" ticket-4711
	equal "approved by" "$(part approved-by)" me
	equal "in force" "$(part in-force)" 0
	[ "$(now)" -ge $until ]
	action=drop commit "exempt=$CAMERA@$until"
	settled
	equal "exemptions that ended" "$(times exemption-ended)" 1
}

exemption_ends_by_clock()
{
	local real offset

	setup
	listen
	offset=$(($(now) - $(uptime)))
	real=$(now)
	action=drop commit "exempt=$CAMERA@$((real + 86400))"
	defer "date -s @\$(($offset + \$(uptime)))"
	date -s "@$((real + 86410))" || skip "the clock cannot be set here"
	happens exemption-ended mac=$CAMERA
}

# Who replaces a policy a moment after an exemption has ended is not what ended it.
ended_before_commit()
{
	local real offset

	setup
	listen
	offset=$(($(now) - $(uptime)))
	real=$(now)
	action=drop commit "exempt=$CAMERA@$((real + 86400))"
	defer "date -s @\$(($offset + \$(uptime)))"
	date -s "@$((real + 86410))" || skip "the clock cannot be set here"
	commit
	happens config-changed generation=2
	has_happened exemption-ended mac=$CAMERA
	[ "$(told exemption-ended | field seq)" -lt "$(part seq)" ]
}

config_changed()
{
	setup
	listen
	commit "exempt=$CAMERA@$(($(now) + 3600))" digest=00112233445566778899aabbccddeeff
	happens config-changed generation=1
	equal "groups" "$(part groups)" 1
	equal "prefixes" "$(part prefixes)" 1
	equal "exemptions" "$(part exemptions)" 1
	equal "user" "$(part uid)" 0
	[ "$(part portid)" -gt 0 ]
	equal "digest" "$(part digest)" 00112233445566778899aabbccddeeff
	equal "digest, as read" "$(total digest)" 00112233445566778899aabbccddeeff
	cw "$ns" flush
	happens config-changed generation=2
	equal "digest where none is given" "$(part digest)" ""
	equal "digest, as read" "$(total digest)" ""
	equal "groups" "$(part groups)" 0
}

# may_not_listen COMMAND...: who may would go on until the limit, with another status.
may_not_listen()
{
	refused 1 timeout 20 "$@" listen
	contains "$said" "not permitted"
}

# In a user namespace the user is root, by the numbers of that namespace.
by_user()
{
	setpriv --reuid=65534 --regid=65534 --clear-groups unshare --user --map-root-user true ||
		skip "no user namespaces for a user"
	chmod 755 "$tmp"
	install -d -o 65534 "$tmp/user"
	install -m 755 "$here/inventory" "$tmp/user"
	# shellcheck disable=SC2016
	setpriv --reuid=65534 --regid=65534 --clear-groups unshare --user --map-root-user --net \
		bash -ec '
		cd "$1"
		./inventory listen >listener &
		for ((i = 0; i < 200; i++)); do
			! grep -q ready listener || break
			sleep 0.1
		done
		./inventory commit group=cameras action=observe prefix=4419b6
		for ((i = 0; i < 200; i++)); do
			! grep -q config-changed listener || break
			sleep 0.1
		done
		kill $!
		cat listener' - "$tmp/user" >"$tmp/listener"
	has_happened config-changed uid=0
	may_not_listen setpriv --reuid=65534 --regid=65534 --clear-groups unshare --user \
		--map-root-user "$tmp/user/inventory"
}

flushed()
{
	setup
	commit
	frames "$ns" cam0 lan0 $CAMERA -s $NEIGHBOUR
	listen
	within "$ns" "$here/inventory" flush
	happens devices-flushed devices=2
	equal "user" "$(part uid)" 0
	[ "$(part portid)" -gt 0 ]
	within "$ns" "$here/inventory" flush
	happens devices-flushed devices=0
	send $CAMERA "$UDP"
	happens device-new mac=$CAMERA
	equal "devices that are gone" "$(times device-gone)" 0
}

not_listed()
{
	setup
	commit
	frames "$ns" cam0 lan0 $CAMERA -s $NEIGHBOUR
	listen
	cw "$ns" flush
	happens config-changed
	settled
	equal "devices, when the inventory was flushed" "$(part devices)" 0
	equal "events" "$(grep -c event= "$tmp/listener")" 2
}

flood()
{
	local refused

	setup
	commit max-devices=16
	listen
	send 44:19:b6:01:00:00 "$UDP" -c 500
	happens device-flood
	refused_told() { [ "$(told device-flood | field refused | awk '{ n += $1 } END { print n }')" = "$(total device-refused)" ]; }
	wait_for 20 refused_told
	refused=$(total device-refused)
	[ "$refused" -gt 0 ]
	equal "in all, as the last one says" "$(told device-flood | tail -n 1 | field device-refused)" "$refused"
	echo "$(times device-flood) floods told of $refused frames"
	[ "$(times device-flood)" -le 30 ]
}

# Whether or not anybody listens.
numbers()
{
	setup
	commit
	equal "number of the last event" "$(total seq)" 1
	frames "$ns" cam0 lan0 $CAMERA -s $NEIGHBOUR
	seq_is() { [ "$(total seq)" = "$1" ]; }
	wait_for 20 seq_is 3
	listen
	commit
	happens config-changed
	equal "number of the next one" "$(part seq)" 4
	send 44:19:b6:01:00:00 "$UDP" -c 50
	wait_for 20 seq_is 54
	happens device-new seq=54
	equal "numbers" "$(sed -n 's/.*\<seq=\([0-9]*\).*/\1/p' "$tmp/listener" | xargs)" "$(seq 4 54 | xargs)"
}

# One that does not read holds up nobody: frames pass, and others are told.
slow()
{
	local received lost

	setup
	commit
	listen 4096
	kill -STOP "$listener"
	start other "$ns" "$here/inventory" listen $((8 << 20))
	wait_for 20 grep -q ready "$tmp/other"
	equal "frames that pass" "$(send 44:19:b6:01:00:00 "$UDP" -c 400)" 400
	all_came() { [ "$(grep -c device-new "$tmp/other")" = 400 ]; }
	wait_for 30 all_came
	kill -CONT "$listener"
	wait_for 20 grep -q overrun "$tmp/listener"
	commit
	happens config-changed generation=2
	received=$(times device-new)
	lost=$(sed -n 's/^lost=//p' "$tmp/listener" | awk '{ n += $1 } END { print n + 0 }')
	[ "$lost" -gt 0 ]
	equal "received and lost" $((received + lost)) 400
	fails grep -q overrun "$tmp/other"
}

separate()
{
	local mine

	setup
	commit
	listen
	mine=$ns
	namespace other
	wire "$other" cam0 lan0
	ns=$other
	commit
	commit
	send $CAMERA "$UDP"
	wait_for 20 test -n "$(device)"
	ns=$mine
	settled
	equal "events here" "$(grep -c event= "$tmp/listener")" 1
	equal "number of the last event there" "$(within "$other" "$here/inventory" status | field seq | head -n 1)" 3
}

no_capability()
{
	may_not_listen setpriv --reuid=65534 --regid=65534 --clear-groups "$here/inventory"
	may_not_listen setpriv --bounding-set=-net_admin --inh-caps=-net_admin "$here/inventory"
}

namespace_goes()
{
	local i

	for i in 1 2 3 4 5; do
		namespace gone
		ns=$gone
		wire "$ns" cam0 lan0
		action=drop commit idle=1 "exempt=$NEIGHBOUR@$(($(now) + 2))"
		listen
		frames "$ns" cam0 lan0 $CAMERA -s 44:19:b6:00:00:03 -c 20
		kill "$listener"
		ip netns del "$ns"
	done
}

unload()
{
	is_module || skip "camwall is built in"
	setup
	action=drop commit idle=1
	listen
	start flood "$ns" bash -c "while :; do echo '$UDP' | '$here/craft' -o cam0 -i lan0 -m 44:19:b6:01:00:00 -c 200; done"
	happens device-dropped
	wait_for 20 unload_module
	stop flood || :
	load_module
	commit
	kill -0 "$listener"
	equal "frames that pass" "$(send $CAMERA "$UDP")" 1
}

prepare
require_helpers
[ -x "$here/inventory" ] || skip_all "no helpers: run make in $here"
it "a device is new" new
it "a device has moved to another port or VLAN" moved
it "moves are told once a second" moved_limited
it "a device is gone, and back" gone_and_back
it "a device had to make room" displaced
it "a drop is told at once for each reason and direction" reasons
it "drops are told once a second, with the number in between" suppressed
it "an exemption has ended" exemption_ends
it "an exemption has ended because the clock was set" exemption_ends_by_clock
it "an exemption that ended before a commit is told before it" ended_before_commit
it "the configuration has changed: which, by whom" config_changed
it "root of a user namespace listens to its own events only" by_user
it "the inventory was flushed" flushed
it "devices that are not listed any more are not told one by one" not_listed
it "a flood is told, with the number of frames" flood
it "numbers count every event" numbers
it "a slow listener knows how many it has lost, and holds up nobody" slow
it "events stay in their namespace" separate
it "who has no CAP_NET_ADMIN cannot listen" no_capability
it "a namespace goes away while something is to be told" namespace_goes
it "the module is unloaded while somebody listens" unload
run
