#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# camwall's tables in nftables: in step with policy and inventory, beside what others have in them.
. "$(dirname "$0")/devices.sh"

CAMWALLD=${CAMWALL%/*}/camwalld
MANY=4096

# Figures go past what is kept of a behaviour's output.
exec 4>&1

# --- A gateway ----------------------------------------------------------------------------

# config [GROUP-LINES...]: the policy; idle is $idle.
config()
{
	cat <<-EOT
		[camwall]
		interfaces = lan*
		mark-mask = 0xff000000
		idle = ${idle-10m}
		max-devices = 8192
		[group cameras]
		prefix = 44:19:b6
		mark = ${mark-0x01000000}
		action = ${action-observe}
	EOT
	[ $# -eq 0 ] || printf '%s\n' "$@"
}

LOBBY=("[group lobby-2]" "prefix = 44:19:b7" "mark = 0x02000000" "action = drop")

# begin [GROUP-LINES...]: a namespace with a wire, and a policy in force.
begin()
{
	setup
	dir=$(mktemp -d "$tmp/nft.XXXX")
	export CAMWALL_RULESET=$dir/ruleset.d/camwall.nft
	configure "$@"
}

configure()
{
	config "$@" >"$dir/camwall.conf"
	cw "$ns" apply -q "$dir/camwall.conf"
}

n() { within "$ns" nft "$@"; }
camwall_nft() { cw "$ns" nft "$@"; }

# elements SET [FAMILY]: its elements, without their timeouts, one a line.
elements()
{
	n -j list set "${2-inet}" camwall "$1" |
		value '.nftables[] | select(.set) | .set.elem // [] | .[] | if type == "object" then .elem.val else . end' | sort
}

holds() { [ "$(elements "$1" | xargs)" = "$2" ]; }
has() { elements "$1" "${3-inet}" | grep -qxF "$2"; }
lacks() { ! has "$@"; }

# left SET ELEMENT: whole seconds until it expires.
left()
{
	n -j list set inet camwall "$1" | value ".nftables[] | select(.set) | .set.elem[].elem | select(.val == \"$2\") | .expires"
}

# counted COUNTER: packets.
counted() { packets "$ns" inet "$1"; }
packets() { within "$1" nft -j list counter "$2" camwall "$3" | value '.nftables[] | select(.counter) | .counter.packets'; }

# daemon: camwalld, watching; what it writes for a collector is in $dir/events.json.
daemon()
{
	start daemon_pid "$ns" "$CAMWALLD" -f "$dir/camwall.conf" --database "$dir/history.db" \
		--interval 2 --log-file "$dir/events.json"
	wait_for 20 watching
}

watching() { [ "$(sql "select count(*) from run" 2>/dev/null || echo 0)" -gt 0 ]; }
sql() { sqlite3 -readonly -cmd ".timeout 5000" "$dir/history.db" "$1"; }
repairs() { grep -c '"event":"nftables-repaired"' "$dir/events.json" || :; }
repaired() { [ "$(repairs)" -ge "$1" ]; }

# A router between a camera and a server, the policy in force at its side of the camera.
route()
{
	gateway ns
	routed_host cam "$ns" lan0 $CAMERA 1
	routed_host srv "$ns" wan0 02:00:00:00:00:02 2
	dir=$(mktemp -d "$tmp/nft.XXXX")
	export CAMWALL_RULESET=$dir/ruleset.d/camwall.nft
}

# ms COMMAND...: how long it took.
ms()
{
	local start=${EPOCHREALTIME/./}

	"$@" >/dev/null
	echo $(((${EPOCHREALTIME/./} - start) / 1000))
}

# --- Install, show, remove ----------------------------------------------------------------

installs()
{
	begin "${LOBBY[@]}"
	send $CAMERA "$UDP" >/dev/null
	refused 1 camwall_nft sync
	contains "$said" "camwall nft install"
	refused 1 camwall_nft show
	camwall_nft install
	holds cameras_mac $CAMERA
	holds cameras_ip4 10.0.0.7
	holds lobby_2_mac ""
	contains "$(n list map inet camwall tag_group)" "0x02000000 : jump lobby_2_rules"
	contains "$(n list map inet camwall group_verdict)" "0x01000000 : continue, 0x02000000 : drop"
	equal "rules that nobody asked for" "$(n list chain inet camwall cameras_rules | grep -c counter || :)" 0
	contains "$(camwall_nft sync)" "nothing to change"
	equal "groups" "$(camwall_nft show -j | value '.tables[0].groups | map(.group) | join(" ")')" "cameras lobby-2"
	equal "address" "$(camwall_nft show -j | value '.tables[0].groups[0].mac[0].address')" $CAMERA
	equal "verdict" "$(camwall_nft show -j | value '.tables[0].groups[1].verdict')" drop
	contains "$(camwall_nft show)" "lobby-2"
	camwall_nft remove
	equal "ruleset" "$(n list ruleset)" ""
	fails test -e "$CAMWALL_RULESET"
	camwall_nft remove
}

# At the top of a file and inside of a table.
defines()
{
	begin "${LOBBY[@]}"
	camwall_nft install
	n -f - <<-EOT
		include "$CAMWALL_RULESET"
		table inet top {
			chain c {
				meta mark and \$CAMWALL_MASK == \$CAMWALL_LOBBY_2 counter
			}
		}
	EOT
	n -f - <<-EOT
		table inet inside {
			include "$CAMWALL_RULESET"
			chain c {
				meta mark and \$CAMWALL_MASK == \$CAMWALL_LOBBY_2 counter
			}
		}
	EOT
	contains "$(n list table inet top)" 0x02000000
	contains "$(n list table inet inside)" 0x02000000
	equal "what defines prints" "$(camwall_nft defines)" "$(cat "$CAMWALL_RULESET")"
	equal "of a file" "$(camwall_nft defines -f "$dir/camwall.conf")" "$(cat "$CAMWALL_RULESET")"
	mark=0x05000000 configure
	contains "$(cat "$CAMWALL_RULESET")" "define CAMWALL_CAMERAS = 0x05000000"
	rm "$CAMWALL_RULESET"
	mark=0x06000000 configure
	fails test -e "$CAMWALL_RULESET"
	camwall_nft sync
	contains "$(cat "$CAMWALL_RULESET")" "define CAMWALL_CAMERAS = 0x06000000"
}

# What is written down and loaded again is the same, and is still camwall's.
reloads()
{
	begin "${LOBBY[@]}"
	send $CAMERA "$UDP" >/dev/null
	camwall_nft install
	n list ruleset >"$dir/saved.nft"
	n flush ruleset
	n -f "$dir/saved.nft"
	contains "$(camwall_nft sync)" "nothing to change"
	camwall_nft remove
}

refuses()
{
	begin
	refused 2 camwall_nft
	refused 2 camwall_nft instal
	contains "$said" "did you mean install"
	refused 2 camwall_nft sync now
	refused 2 camwall_nft sync -f "$dir/camwall.conf"
	refused 1 camwall_nft install --netdev nothing0
	contains "$said" nothing0
	n add table inet camwall
	n add set inet camwall cameras_ip4 '{ type ipv6_addr; }'
	refused 1 camwall_nft install
	contains "$said" "cameras_ip4"
	equal "nothing else was made" "$(n list table inet camwall | grep -c chain || :)" 0
	n delete table inet camwall
	configure "[group Cameras]" "prefix = 44:19:b8"
	refused 1 camwall_nft install
	contains "$said" "cameras and Cameras"
}

# A set that was declared for rules that are loaded at boot becomes camwall's to fill.
adopts()
{
	begin
	send $CAMERA "$UDP" >/dev/null
	n -f - <<-EOT
		table inet camwall {
			set cameras_mac { type ether_addr; flags timeout; }
			chain mine { ether saddr @cameras_mac counter; }
		}
	EOT
	camwall_nft install
	has cameras_mac $CAMERA
	contains "$(n list chain inet camwall mine)" "@cameras_mac"
}

netdev()
{
	begin
	send $CAMERA "$UDP" >/dev/null
	camwall_nft install --netdev lan0
	has cameras_mac $CAMERA netdev
	n add rule netdev camwall cameras_rules ether saddr @cameras_mac counter drop
	equal "frames that pass" "$(frames "$ns" cam0 lan0 $CAMERA)" 0
	contains "$(n list chain netdev camwall cameras_rules)" "packets 5"
	camwall_nft sync
	contains "$(camwall_nft sync)" "nothing to change"
	refused 1 camwall_nft remove
	camwall_nft remove --force
	equal "ruleset" "$(n list ruleset)" ""
	equal "frames that pass" "$(frames "$ns" cam0 lan0 $CAMERA)" 5
}

# --- With what others have ----------------------------------------------------------------

survives()
{
	local before

	begin "${LOBBY[@]}"
	camwall_nft install
	n -f - <<-EOT
		table inet camwall {
			set theirs { type ipv4_addr; elements = { 192.0.2.1 }; }
			counter mine { }
			chain theirs { type filter hook forward priority 5; ip saddr @lobby_2_ip4 counter comment "lobby"; }
			chain lobby_2_rules { meta l4proto tcp reject; }
		}
		table inet other { chain c { type filter hook input priority 0; counter; }; }
		table ip camwall { chain c { counter; }; }
	EOT
	before=$(n -s list table inet other; n -s list table ip camwall)
	configure
	said=$(camwall_nft sync 2>&1)
	contains "$said" "lobby_2_ip4"
	contains "$said" "lobby_2_rules"
	contains "$(n list chain inet camwall theirs)" "@lobby_2_ip4"
	contains "$(n list chain inet camwall lobby_2_rules)" reject
	contains "$(n list set inet camwall theirs)" 192.0.2.1
	fails n list set inet camwall lobby_2_mac
	fails n list counter inet camwall lobby_2_to
	configure "${LOBBY[@]}"
	camwall_nft sync
	contains "$(n list chain inet camwall lobby_2_rules)" reject
	refused 1 camwall_nft remove
	contains "$said" "lobby_2_rules"
	contains "$said" "which refers to lobby_2_ip4"
	contains "$said" "set theirs"
	contains "$said" "object mine"
	contains "$said" "--force"
	n list table inet camwall >/dev/null
	n delete chain inet camwall theirs
	n flush chain inet camwall lobby_2_rules
	configure
	equal "what stays" "$(camwall_nft sync -j | value '.notes | length')" 0
	fails n list chain inet camwall lobby_2_rules
	refused 1 camwall_nft remove -j
	camwall_nft remove --force
	equal "other tables" "$(n -s list table inet other; n -s list table ip camwall)" "$before"
}

# Each change is based on the ruleset that was read.
interference()
{
	local i

	begin
	camwall_nft install
	start foreign "$ns" bash -c 'while :; do nft add table inet busy; nft delete table inet busy; done'
	for i in {1..10}; do
		configure "[group g$i]" "prefix = 44:19:b9:$(printf %02x "$i"):00:00/32" "mark = 0x$(printf %02x "$((i + 16))")000000"
		camwall_nft sync
		n list set inet camwall "g${i}_mac" >/dev/null
		[ "$i" -eq 1 ] || fails n list set inet camwall "g$((i - 1))_mac"
	done
}

# --- Counters and rules -------------------------------------------------------------------

counts()
{
	local from to

	route
	config | sed '/^interfaces/aconntrack = yes' >"$dir/camwall.conf"
	cw "$ns" apply -q "$dir/camwall.conf"
	# Something has to ask for connection tracking.
	n -f - <<-EOT
		table inet track { chain c { type filter hook forward priority 0; ct state new counter; }; }
	EOT
	within "$cam" ping -q -c 2 10.0.2.2
	camwall_nft install
	from=$(counted cameras_from) to=$(counted cameras_to)
	within "$cam" ping -q -c 50 -i 0.02 10.0.2.2
	within "$srv" ping -q -c 50 -i 0.02 10.0.2.1
	# Beside those of ping there are a few of neighbour discovery.
	from=$(($(counted cameras_from) - from)) to=$(($(counted cameras_to) - to))
	echo "from $from, to $to"
	[ "$from" -ge 50 ]
	[ "$from" -le 70 ]
	[ "$to" -ge 50 ]
	[ "$to" -le 70 ]
	n add rule inet camwall cameras_rules icmp type echo-request reject
	fails within "$cam" ping -q -c 1 -W 1 10.0.2.2
	fails within "$cam" ping -q -c 1 -W 1 10.0.2.1
	n flush chain inet camwall cameras_rules
	within "$cam" ping -q -c 1 10.0.2.2
}

# --- Timeouts -----------------------------------------------------------------------------

times_out()
{
	begin
	idle=4 configure
	send $CAMERA "$UDP" >/dev/null
	camwall_nft install
	has cameras_mac $CAMERA
	[ "$(left cameras_mac $CAMERA)" -le 5 ]
	wait_for 20 lacks cameras_mac $CAMERA
	camwall_nft sync
	lacks cameras_mac $CAMERA
	send $CAMERA "$UDP" >/dev/null
	camwall_nft sync
	has cameras_mac $CAMERA
}

neighbours()
{
	begin
	ip -n "$ns" address add 10.0.0.1/24 dev lan0
	send $CAMERA "$UDP" >/dev/null
	ip -n "$ns" neighbour add 10.0.0.9 lladdr $CAMERA dev lan0 nud permanent
	ip -n "$ns" neighbour add fe80::9 lladdr $CAMERA dev lan0 nud permanent
	camwall_nft install
	holds cameras_ip4 "10.0.0.7 10.0.0.9"
	holds cameras_ip6 fe80::9
}

# Renewed every few seconds under traffic: a rule that counts a packet without the element.
atomic()
{
	local renewed

	route
	idle=4 configure
	camwall_nft install
	daemon
	within "$cam" ping -q -c 3 -i 0.1 10.0.2.2
	wait_for 10 has cameras_mac $CAMERA
	wait_for 10 has cameras_ip4 10.0.1.2
	n -f - <<-EOT
		table inet camwall {
			chain lacking {
				type filter hook prerouting priority 0
				iifname "lan0" ip saddr 10.0.1.2 counter comment "all"
				iifname "lan0" ip saddr 10.0.1.2 ip saddr != @cameras_ip4 counter comment "ip4"
				iifname "lan0" ip saddr 10.0.1.2 ether saddr != @cameras_mac counter comment "mac"
			}
		}
	EOT
	start monitor_out "$ns" nft monitor
	within "$cam" ping -q -c 1000 -i 0.01 10.0.2.2
	kill "$monitor_out"
	renewed=$(grep -c "add element inet camwall cameras_mac" "$tmp/monitor_out" || :)
	n list chain inet camwall lacking
	echo "renewed $renewed times"
	[ "$renewed" -ge 3 ]
	equal "packets without an element" \
		"$(n list chain inet camwall lacking | grep -v '"all"' | sed -n 's/.*packets \([0-9]*\) .*/\1/p' | xargs)" "0 0"
	[ "$(n list chain inet camwall lacking | sed -n 's/.*packets \([0-9]*\) .*"all"/\1/p')" -ge 1000 ]
}

# --- camwalld -----------------------------------------------------------------------------

keeps_in_step()
{
	begin
	camwall_nft install
	daemon
	send $CAMERA "$UDP" >/dev/null
	wait_for 5 has cameras_mac $CAMERA
	wait_for 5 has cameras_ip4 10.0.0.7
	# Another address, of which no event tells.
	send $CAMERA "ip 10.0.0.8 10.0.0.2 udp 1 1 data 48" >/dev/null
	wait_for 20 holds cameras_ip4 10.0.0.8
	configure "${LOBBY[@]}"
	wait_for 5 n list set inet camwall lobby_2_mac
	configure
	wait_for 5 fails n list set inet camwall lobby_2_mac
	cw "$ns" devices -q --flush
	wait_for 5 holds cameras_mac ""
	equal "repairs of what nobody broke" "$(repairs)" 0
	stop daemon_pid
}

# Installed while it runs, and removed: no repair.
follows()
{
	begin
	daemon
	send $CAMERA "$UDP" >/dev/null
	equal "ruleset" "$(n list ruleset)" ""
	camwall_nft install
	send $NEIGHBOUR "$UDP" >/dev/null
	wait_for 5 has cameras_mac $NEIGHBOUR
	camwall_nft remove
	sleep 2
	equal "ruleset" "$(n list ruleset)" ""
	equal "repairs" "$(repairs)" 0
}

repairs_itself()
{
	local took

	begin "${LOBBY[@]}"
	camwall_nft install
	send $CAMERA "$UDP" >/dev/null
	daemon
	wait_for 5 has cameras_mac $CAMERA
	n flush ruleset
	took=$(ms wait_for 10 has cameras_mac $CAMERA)
	wait_for 5 repaired 1
	echo "# a flushed ruleset was repaired within $took ms" >&4
	[ "$took" -lt 5000 ]
	equal "who" "$(value 'select(.event == "nftables-repaired") | .process' <"$dir/events.json")" nft
	wait_for 10 recorded
	contains "$(cat "$tmp/daemon_pid")" "deleted by nft"
	sleep 1
	n delete table inet camwall
	wait_for 10 repaired 2
	has cameras_mac $CAMERA
	sleep 1
	n flush table inet camwall
	wait_for 10 repaired 3
	contains "$(n list chain inet camwall camwall_forward)" "@tag_group"
	sleep 1
	n flush set inet camwall cameras_mac
	wait_for 10 has cameras_mac $CAMERA
	wait_for 10 repaired 4
	# No loop, and what others do elsewhere is none of its business.
	n add table inet other
	n add rule inet camwall cameras_rules counter
	sleep 3
	equal "repairs" "$(repairs)" 4
}
recorded() { [ "$(sql "select count(*) from event where type = 103")" -ge 1 ]; }

# After a boot the ruleset is empty, and the file of defines still there.
boots()
{
	begin
	ip -n "$ns" link add cam1 type veth peer name lan1
	camwall_nft install --netdev lan0
	send $CAMERA "$UDP" >/dev/null
	n flush ruleset
	daemon
	wait_for 10 has cameras_mac $CAMERA
	wait_for 10 has cameras_mac $CAMERA netdev
	equal "repairs" "$(repairs)" 0
}

leaves_alone()
{
	begin
	camwall_nft install
	sed -i '/^interfaces/anftables = no' "$dir/camwall.conf"
	daemon
	send $CAMERA "$UDP" >/dev/null
	n flush ruleset
	sleep 2
	equal "ruleset" "$(n list ruleset)" ""
	equal "camwall apply takes the key" "$(cw "$ns" apply -c "$dir/camwall.conf" | grep -c nftables || :)" 0
}

as_user()
{
	begin
	camwall_nft install
	chmod 755 "$tmp" "$dir"
	mkdir "$dir/state"
	chown nobody "$dir/state"
	start daemon_pid "$ns" "$CAMWALLD" -f "$dir/camwall.conf" --database "$dir/state/history.db" \
		--user nobody --log-file "$dir/state/events.json"
	send $CAMERA "$UDP" >/dev/null
	wait_for 10 has cameras_mac $CAMERA
	n flush ruleset
	wait_for 10 has cameras_mac $CAMERA
}

# --- Figures ------------------------------------------------------------------------------

# neighbours_of N: an IPv4 and an IPv6 address for each of so many cameras.
neighbours_of()
{
	local i

	for ((i = 0; i < $1; i++)); do
		printf 'neighbour add 10.1.%d.%d lladdr 44:19:b6:00:%02x:%02x dev lan0 nud permanent\n' \
			$((i / 256)) $((i % 256)) $((i / 256)) $((i % 256))
		printf 'neighbour add fd00::%x lladdr 44:19:b6:00:%02x:%02x dev lan0 nud permanent\n' \
			$((i + 1)) $((i / 256)) $((i % 256))
	done
}

many()
{
	local install sync again

	begin
	neighbours_of $MANY | ip -n "$ns" -batch -
	equal "frames" "$(send 44:19:b6:00:00:00 "$UDP" -c $MANY)" $MANY
	install=$(ms camwall_nft install)
	equal "MAC addresses" "$(elements cameras_mac | wc -l)" $MANY
	[ "$(elements cameras_ip4 | wc -l)" -ge $MANY ]
	[ "$(elements cameras_ip6 | wc -l)" -ge $MANY ]
	again=$(ms camwall_nft sync)
	n flush set inet camwall cameras_ip4
	sync=$(ms camwall_nft sync)
	[ "$(elements cameras_ip4 | wc -l)" -ge $MANY ]
	echo "# $MANY devices, $((3 * MANY)) elements: install $install ms, sync of $MANY elements $sync ms, sync of none $again ms" >&4
	[ "$sync" -lt 20000 ]
}

appeared() { n get element inet camwall "$1" "{ $2 }" 2>/dev/null | grep -q elements; }

# From the moment that the frame is sent; the kernel tells of the element by itself.
appears()
{
	local mac last i start took all=()

	begin
	camwall_nft install
	daemon
	# shellcheck disable=SC2016 # the other shell reads the clock
	start monitor_out "$ns" bash -c 'nft monitor elements | while read -r line; do echo "${EPOCHREALTIME/./} $line"; done'
	sleep 1
	for i in {1..8}; do
		mac=44:19:b6:01:00:0$i
		start=${EPOCHREALTIME/./}
		send $mac "$UDP" >/dev/null
		wait_for 10 grep -q "cameras_mac .*$mac" "$tmp/monitor_out"
		last=$(grep "cameras_mac .*$mac" "$tmp/monitor_out" | head -n 1 | cut -d ' ' -f 1)
		took=$(((last - start) / 1000))
		all+=("$took")
	done
	echo "# a new device was in its set after ${all[*]} ms, of which most is the program that sent its first frame" >&4
	# Who looks only every two seconds needs as long, because each begins when the last one was found.
	[ "$(printf '%s\n' "${all[@]}" | sort -n | sed -n 5p)" -lt 1500 ]
}

prepare
require_helpers
[ -x "$CAMWALLD" ] || skip_all "no camwalld beside camwall"
[ -n "$(command -v sqlite3)" ] || skip_all "no command sqlite3"

it "install makes sets, maps, counters and chains; show shows them, remove takes them away" installs
it "the defines can be included at the top and in a table" defines
it "a ruleset that was saved and loaded again is still camwall's" reloads
it "what cannot be done is refused, and says why" refuses
it "a set that was declared before is filled" adopts
it "--netdev hooks into the ingress of a device" netdev
it "what others put into the table stays; remove names it and refuses" survives
it "a ruleset that others change all the time is brought into step" interference
it "packets are counted by tag and direction, and go through the group's chain" counts
it "elements time out with their devices" times_out
it "addresses of the neighbour table are in the sets" neighbours
it "an element is never missing while it is renewed" atomic
it "camwalld keeps the sets in step, and repairs nothing that is whole" keeps_in_step
it "camwalld follows install and remove" follows
it "camwalld repairs what others delete, and tells of it" repairs_itself
it "camwalld makes the tables again after a boot" boots
it "camwalld leaves nftables alone where it is told to" leaves_alone
it "camwalld does it as another user" as_user
it "4,096 devices are brought into step" many
it "a new device is in its set at once" appears
run
