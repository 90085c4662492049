#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Devices are added, renamed, enslaved and moved while a camera sends without a pause.
#
#	cam0 ---- lan0    one namespace; what is let through, whatever the device is called
#	          then, is counted by nftables in prerouting
. "$(dirname "$0")/topology.sh"

ROUNDS=8

# setup [PATTERNS]: a policy that drops, and a counter of what passes.
setup()
{
	namespace ns
	within "$ns" nft -f - <<-EOF
		table inet t {
			counter passed { }
			chain c {
				type filter hook prerouting priority raw
				ether saddr $CAMERA counter name passed
			}
		}
	EOF
	apply "$ns" <<-EOF
		[camwall]
		interfaces = ${1-lan*}
		[group cameras]
		prefix = 44:19:b6
		action = drop
	EOF
}

# flood DEVICE CONDITION...: frames to it without a pause, until the behaviour ends; it holds.
flood()
{
	start flood "$ns" "$here/inject" -f -o cam0 -i "$1" -s $CAMERA
	shift
	wait_for 20 "$@"
}

dropped() { figure "$ns" cameras dropped; }
passed() { packets "$ns" inet passed; }
any_dropped() { [ "$(dropped)" -gt 0 ]; }
any_passed() { [ "$(passed)" -gt 0 ]; }
more_dropped_than() { [ "$(dropped)" -gt "$1" ]; }
more_passed_than() { [ "$(passed)" -gt "$1" ]; }

# still_dropped, still_passes: frames go on coming.
still_dropped() { wait_for 20 more_dropped_than "$(dropped)"; }
still_passes() { wait_for 20 more_passed_than "$(passed)"; }

# Some kernels rename only what is down.
rename()
{
	ip -n "$ns" link set "$1" name "$2" && return
	ip -n "$ns" -batch - <<-EOF
		link set $1 down
		link set $1 name $2
		link set $2 up
	EOF
}

none_passed()
{
	equal "frames that passed" "$(passed)" 0
	kill -0 "$flood"
}

# The sender ends with its device, or is ended.
added()
{
	local i before=0

	setup
	for ((i = 0; i < ROUNDS; i++)); do
		wire "$ns" cam0 lan0
		flood lan0 more_dropped_than $before
		before=$(dropped)
		ip -n "$ns" link del lan0
		kill -KILL "$flood" || :
		wait "$flood" || :
	done
	equal "frames that passed" "$(passed)" 0
}

others_come_and_go()
{
	local i

	setup
	wire "$ns" cam0 lan0
	flood lan0 any_dropped
	for ((i = 0; i < ROUNDS; i++)); do
		wire "$ns" cam1 lan1
		ip -n "$ns" link del lan1
	done
	still_dropped
	none_passed
}

renamed_within()
{
	local i

	setup
	wire "$ns" cam0 lan0
	flood lan0 any_dropped
	for ((i = 0; i < ROUNDS; i++)); do
		rename lan0 lan7
		equal "bound devices" "$(bound "$ns")" lan7
		still_dropped
		rename lan7 lan0
	done
	still_dropped
	none_passed
}

renamed_out_and_in()
{
	local before

	setup
	wire "$ns" cam0 lan0
	flood lan0 any_dropped
	equal "frames that passed" "$(passed)" 0
	rename lan0 eth0
	equal "bound devices" "$(bound "$ns")" ""
	wait_for 20 any_passed
	rename eth0 lan0
	equal "bound devices" "$(bound "$ns")" lan0
	still_dropped
	before=$(passed)
	still_dropped
	equal "frames that passed afterwards" $(($(passed) - before)) 0
}

enslaved()
{
	local i

	setup 'lan* br0'
	wire "$ns" cam0 lan0
	try_link "$ns" br0 type bridge mcast_snooping 0
	ip -n "$ns" link set br0 up
	flood lan0 any_dropped
	for ((i = 0; i < ROUNDS; i++)); do
		ip -n "$ns" link set lan0 master br0
		still_dropped
		ip -n "$ns" link set lan0 nomaster
		still_dropped
	done
	none_passed
}

enslaved_to_a_named_bridge()
{
	local before

	setup br0
	wire "$ns" cam0 eth0
	try_link "$ns" br0 type bridge mcast_snooping 0
	ip -n "$ns" link set br0 up
	flood eth0 any_passed
	equal "bound devices" "$(bound "$ns")" ""
	ip -n "$ns" link set eth0 master br0
	equal "bound devices" "$(bound "$ns")" eth0
	wait_for 20 any_dropped
	before=$(passed)
	still_dropped
	equal "frames that passed as a port" $(($(passed) - before)) 0
	ip -n "$ns" link set eth0 nomaster
	equal "bound devices" "$(bound "$ns")" ""
	still_passes
}

moved()
{
	local i before

	namespace away
	setup
	wire "$ns" cam0 lan0
	flood lan0 any_dropped
	for ((i = 0; i < ROUNDS; i++)); do
		ip -n "$ns" link set lan0 netns "$away"
		ip -n "$away" link set lan0 up
		equal "bound devices" "$(bound "$ns")" ""
		before=$(dropped)
		ip -n "$away" link set lan0 netns "$ns"
		ip -n "$ns" link set lan0 up
		equal "bound devices" "$(bound "$ns")" lan0
		wait_for 20 more_dropped_than "$before"
	done
	none_passed
}

policy_changes()
{
	local i

	setup
	wire "$ns" cam0 lan0
	wire "$ns" cam1 lan1
	flood lan0 any_dropped
	start churn "$ns" bash -c 'while :; do
		ip link set lan1 down
		ip link set lan1 name eth1
		ip link set eth1 name lan1
	done'
	for ((i = 0; i < ROUNDS; i++)); do
		cw "$ns" save | sed "s/^interfaces.*/interfaces = lan* wan$i/" >"$tmp/policy"
		cw "$ns" apply "$tmp/policy"
		still_dropped
	done
	kill -0 "$churn"
	none_passed
}

prepare
require_helpers
it "a device that appears drops from its first frame on, $ROUNDS times" added
it "others that come and go change nothing for it" others_come_and_go
it "renamed within the pattern it never lets a frame pass" renamed_within
it "renamed out of the pattern its frames pass, renamed back they do not" renamed_out_and_in
it "it joins and leaves a bridge, and never lets a frame pass" enslaved
it "it joins a bridge that is named, and is judged while it is a port" enslaved_to_a_named_bridge
it "it moves to another namespace and back, $ROUNDS times" moved
it "policies change while another device is renamed" policy_changes
run
