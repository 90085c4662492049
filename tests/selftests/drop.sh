#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Frames from a device of a group with "action = drop" go no further; all others do.
. "$(dirname "$0")/lib.sh"

CAMERA=44:19:b6:00:00:01

RECORDER=44:19:b6:f0:00:01

drop_policy()
{
	cat <<-EOF
		[camwall]
		interfaces = lan*
		mark-mask = 0xff
		[group cameras]
		prefix = 44:19:b6
		action = drop
		[group recorders]
		prefix = 44:19:b6:f0/28
		action = observe
		mark = 1
	EOF
}

fixture()
{
	namespace ns
	wire "$ns" cam0 lan0
	wire "$ns" cam1 wan0
	drop_policy | apply "$ns"
}

# dropped OPTION...: a camera's frames are, a recorder's and an unlisted device's arrive.
dropped()
{
	equal "frames of camera, recorder and unlisted device that arrive" \
		"$(frames "$ns" cam0 lan0 $CAMERA -s $RECORDER -s $UNLISTED "$@")" "0 5 5"
}

ipv4() { dropped -t ipv4; }
ipv6() { dropped -t ipv6; }
arp() { dropped -t arp; }
discovery() { dropped -t 0x8033; }
vlan() { dropped -t ipv4 -V 7; }
vlan_arp() { dropped -t arp -V 4094; }
priority_tag() { dropped -t ipv6 -V 0; }
unicast() { dropped -d 02:00:00:00:00:02; }

counters() { cw "$ns" stats -j | value '.[] | "\(.group) \(.packets) \(.dropped)"' | xargs; }

counts()
{
	cw "$ns" flush
	drop_policy | apply "$ns"
	dropped -c 5
	equal "packets and dropped ones, as counted" "$(counters)" "cameras 5 5 recorders 5 0"
}

other_device()
{
	equal "frames that arrive at a device that no pattern names" \
		"$(frames "$ns" cam1 wan0 $CAMERA)" 5
}

sending_is_not_judged()
{
	equal "frames sent out of a bound device" "$(frames "$ns" lan0 cam0 $CAMERA)" 5
}

# A real stack behind the address: what an owner would try.
pings()
{
	local status=0

	within "$cam" ping -c 1 -W "$1" 192.0.2.1 || status=$?
	equal "exit status of ping" $status "$2"
}

real_device()
{
	namespace gw cam
	ip -n "$gw" -batch - <<-EOF
		link add lan0 type veth peer name eth0 netns $cam
		link set lan0 up
		address add 192.0.2.1/24 dev lan0
	EOF
	ip -n "$cam" -batch - <<-EOF
		link set eth0 address $CAMERA up
		address add 192.0.2.2/24 dev eth0
	EOF
	pings 10 0
	drop_policy | apply "$gw"
	ip -n "$gw" neigh flush dev lan0
	pings 1 1
	equal "neighbours that the gateway learned" \
		"$(ip -n "$gw" neigh show lladdr $CAMERA | wc -l)" 0
	cw "$gw" flush
	pings 10 0
}

observe_again()
{
	local before

	dropped
	before=$(count "$ns" cameras dropped)
	drop_policy | sed 's/drop/observe/' | apply "$ns"
	equal "frames that arrive with observe" "$(frames "$ns" cam0 lan0 $CAMERA)" 5
	equal "dropped in all" "$(count "$ns" cameras dropped)" "$before"
	equal "packets in all" "$(count "$ns" cameras packets)" $((before + 5))
}

prepare
it "IPv4 packets of a listed device are dropped" ipv4
it "IPv6 packets of a listed device are dropped" ipv6
it "ARP frames of a listed device are dropped" arp
it "frames of ethertype 0x8033 of a listed device are dropped" discovery
it "VLAN-tagged IPv4 packets of a listed device are dropped" vlan
it "VLAN-tagged ARP frames of a listed device are dropped" vlan_arp
it "priority-tagged IPv6 packets of a listed device are dropped" priority_tag
it "unicast frames of a listed device are dropped, not only broadcasts" unicast
it "a group counts its frames, and those that are dropped" counts
it "a device that no pattern names lets everything pass" other_device
it "what a bound device sends is not judged by its source" sending_is_not_judged
it "a real device's ping and ARP end with the policy, and come back without it" real_device
it "a change from drop to observe lets the frames pass, and keeps the counters" observe_again
run
