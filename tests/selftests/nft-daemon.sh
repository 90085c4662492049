#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# camwalld keeps camwall's tables in nftables in step, and puts them right where others change them.
. "$(dirname "$0")/nftables.sh"

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
	n add chain inet camwall theirs
	n delete chain inet camwall theirs
	n flush chain inet camwall cameras_rules
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

it "an element is never missing while it is renewed" atomic
it "camwalld keeps the sets in step, and repairs nothing that is whole" keeps_in_step
it "camwalld follows install and remove" follows
it "camwalld repairs what others delete, and tells of it" repairs_itself
it "camwalld makes the tables again after a boot" boots
it "camwalld leaves nftables alone where it is told to" leaves_alone
it "camwalld does it as another user" as_user
it "a new device is in its set at once" appears
run
