#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# camwall is bound to the devices whose names match, as they come, go, are renamed and move.
. "$(dirname "$0")/lib.sh"

CAMERA=44:19:b6:00:00:01

# policy PATTERNS: drops a camera's frames there.
policy()
{
	cat <<-EOF
		[camwall]
		interfaces = $1
		[group cameras]
		prefix = 44:19:b6
		action = drop
	EOF
}

setup()
{
	namespace ns
	policy "${1-lan*}" | apply "$ns"
}

# drops OUT IN WHETHER: 0 of 5 arrive, or all.
drops() { equal "frames from $1 to $2" "$(frames "$ns" "$1" "$2" $CAMERA)" "$3"; }

patterns()
{
	namespace ns
	wire "$ns" lan0 lan1
	wire "$ns" lan10 wan0
	wire "$ns" eth0 eth1
	policy 'lan? eth1' | apply "$ns"
	equal "bound devices" "$(bound "$ns")" "eth1 lan0 lan1"
	policy '*' | apply "$ns"
	equal "with '*'" "$(bound "$ns")" "eth0 eth1 lan0 lan1 lan10 wan0"
	policy 'lan1*' | apply "$ns"
	equal "with 'lan1*'" "$(bound "$ns")" "lan1 lan10"
}

fewer_patterns()
{
	setup 'lan* wan*'
	wire "$ns" cam0 lan0
	wire "$ns" cam1 wan0
	drops cam1 wan0 0
	policy 'lan*' | apply "$ns"
	drops cam1 wan0 5
	drops cam0 lan0 0
}

flush_unbinds()
{
	setup
	wire "$ns" cam0 lan0
	equal "bound devices" "$(bound "$ns")" lan0
	cw "$ns" flush
	equal "bound devices after flush" "$(bound "$ns")" ""
	drops cam0 lan0 5
}

appears_later()
{
	setup
	equal "bound devices" "$(bound "$ns")" ""
	wire "$ns" cam0 lan0
	equal "bound devices" "$(bound "$ns")" lan0
	drops cam0 lan0 0
}

disappears()
{
	setup
	wire "$ns" cam0 lan0
	wire "$ns" cam1 lan1
	ip -n "$ns" link del lan0
	equal "bound devices" "$(bound "$ns")" lan1
	equal "bound, as status counts" "$(cw "$ns" status -j | value .device_count)" 1
	drops cam1 lan1 0
}

renamed_in()
{
	setup
	wire "$ns" cam0 eth0
	drops cam0 eth0 5
	ip -n "$ns" -batch - <<-EOF
		link set eth0 down
		link set eth0 name lan0
		link set lan0 up
	EOF
	equal "bound devices" "$(bound "$ns")" lan0
	drops cam0 lan0 0
}

renamed_out()
{
	setup
	wire "$ns" cam0 lan0
	drops cam0 lan0 0
	ip -n "$ns" -batch - <<-EOF
		link set lan0 down
		link set lan0 name eth0
		link set eth0 up
	EOF
	equal "bound devices" "$(bound "$ns")" ""
	drops cam0 eth0 5
}

renamed_within()
{
	setup
	wire "$ns" cam0 lan0
	ip -n "$ns" -batch - <<-EOF
		link set lan0 down
		link set lan0 name lan7
		link set lan7 up
	EOF
	equal "bound devices" "$(bound "$ns")" lan7
	drops cam0 lan7 0
}

moves_away_and_back()
{
	namespace away
	setup
	wire "$ns" cam0 lan0
	ip -n "$ns" link set lan0 netns "$away"
	ip -n "$away" link set lan0 up
	equal "bound devices here" "$(bound "$ns")" ""
	equal "bound devices there" "$(bound "$away")" ""
	equal "frames that arrive there" \
		"$(frames "$ns" cam0 lan0 $CAMERA -N "$away")" 5
	ip -n "$away" link set lan0 netns "$ns"
	ip -n "$ns" link set lan0 up
	equal "bound devices when it is back" "$(bound "$ns")" lan0
	drops cam0 lan0 0
}

# The VLAN was left out as long as its frames were judged below it.
leaves_its_vlan()
{
	namespace ns elsewhere
	policy 'lan*' | apply "$ns"
	wire "$ns" cam0 lan0
	ip -n "$ns" link add lan0.5 link lan0 type vlan id 5
	ip -n "$ns" link set lan0.5 up
	equal "bound devices" "$(bound "$ns")" lan0
	ip -n "$ns" link set lan0 netns "$elsewhere"
	wait_for 10 is_bound lan0.5
	ip -n "$elsewhere" link set lan0 netns "$ns"
	wait_for 10 is_bound lan0
}
is_bound() { [ "$(bound "$ns")" = "$1" ]; }

down_and_up()
{
	setup
	wire "$ns" cam0 lan0
	ip -n "$ns" link set lan0 down
	equal "bound devices" "$(bound "$ns")" lan0
	ip -n "$ns" link set lan0 up
	drops cam0 lan0 0
}

loopback()
{
	setup '*'
	ip -n "$ns" link set lo up
	equal "bound devices" "$(bound "$ns")" ""
}

tun()
{
	modprobe -q tun || true
	setup '*'
	within "$ns" ip tuntap add lan0 mode tun || skip "this kernel has no tun devices"
	within "$ns" ip tuntap add lan1 mode tap
	equal "bound devices" "$(bound "$ns")" lan1
}

many()
{
	local i want=

	setup
	for i in {00..39}; do echo "link add lan$i type dummy"; done | ip -n "$ns" -batch - || skip "this kernel has no dummy devices"
	for i in {00..39}; do want+=" lan$i"; done
	equal "bound devices" " $(bound "$ns")" "$want"
}

prepare
it "patterns bind the devices that they match, and no others" patterns
it "a policy with fewer patterns unbinds" fewer_patterns
it "flush unbinds from all devices" flush_unbinds
it "a device that appears later is bound" appears_later
it "a device that disappears is forgotten" disappears
it "a device renamed into a pattern is bound" renamed_in
it "a device renamed out of a pattern is unbound" renamed_out
it "a device renamed within a pattern stays bound" renamed_within
it "a device that moves to another namespace is unbound, and bound when it is back" moves_away_and_back
it "... and its VLAN, which stays, is bound in its place" leaves_its_vlan
it "a device that goes down and up stays bound" down_and_up
it "the loopback device is never bound" loopback
it "a device without Ethernet headers is not bound" tun
it "forty devices are listed" many
run
