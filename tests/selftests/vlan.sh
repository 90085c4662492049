#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# A bridge that filters VLANs, with a camera VLAN and an office VLAN, and the gateway routing between them.
#
#	cam   ---- lan0 (10) --+
#	rec   ---- lan1 (10) --+-- br0 -- br0.10, br0.20: the gateway's addresses
#	pc    ---- lan2 (20) --+
#	trunk ---- lan3 (tagged 10 and 20)
. "$(dirname "$0")/topology.sh"

TRUNK_CAMERA=44:19:b6:00:00:02

# policy PATTERNS [ACTION]
policy()
{
	apply "$gw" <<-EOF
		[camwall]
		interfaces = $1
		[group cameras]
		prefix = 44:19:b6
		action = ${2-isolate}
		allow = 10.0.1.3
		allow = fd00:1::3
	EOF
}

# access HOST PORT MAC VLAN HOST-PART: VLAN 10 is network 1, VLAN 20 network 2.
access()
{
	cable "$gw" "$2" "$1" "$3"
	ip -n "$gw" link set "$2" master br0
	within "$gw" bridge vlan del dev "$2" vid 1
	within "$gw" bridge vlan add dev "$2" vid "$4" pvid untagged
	host_address "$1" eth0 $(($4 / 10)) "$5"
}

trunk_port()
{
	local id

	cable "$gw" lan3 "$trunk" $TRUNK_CAMERA
	ip -n "$gw" link set lan3 master br0
	for id in 10 20; do
		within "$gw" bridge vlan add dev lan3 vid $id
	done
	ip -n "$trunk" link add link eth0 name eth0.10 type vlan id 10
	ip -n "$trunk" link set eth0.10 up
	host_address "$trunk" eth0.10 1 5
}

router_port()
{
	within "$gw" bridge vlan add dev br0 vid "$1" self
	ip -n "$gw" link add link br0 name "br0.$1" type vlan id "$1"
	ip -n "$gw" link set "br0.$1" up
	router_address "$gw" "br0.$1" $(($1 / 10))
}

fixture()
{
	local host

	gateway gw
	namespace cam rec pc trunk
	ip -n "$gw" link add br0 type bridge vlan_filtering 1 mcast_snooping 0 ||
		skip_all "this kernel has no VLAN filtering"
	ip -n "$gw" link set br0 up
	access "$cam" lan0 $CAMERA 10 2
	access "$rec" lan1 02:00:00:00:00:03 10 3
	access "$pc" lan2 02:00:00:00:00:04 20 4
	trunk_port
	router_port 10
	router_port 20
	for host in cam rec pc trunk; do
		echoes "${host}_server" "${!host}"
	done
	reaches "$cam" 10.0.1.3 fd00:1::3 10.0.2.4 fd00:2::4
	reaches "$pc" 10.0.1.2 fd00:1::2 10.0.1.5
	reaches "$trunk" 10.0.1.3 fd00:1::3 10.0.2.4
}

isolated()
{
	policy "$1"
	reaches "$cam" 10.0.1.3 fd00:1::3
	reaches "$rec" 10.0.1.2 fd00:1::2
	cut_off "$cam" 10.0.2.4 fd00:2::4
	cut_off "$pc" 10.0.1.2 fd00:1::2
	reaches "$pc" 10.0.1.3 fd00:1::3
}

by_ports() { isolated 'lan*'; }
by_bridge() { isolated br0; }
by_all() { isolated 'lan* br*'; }

on_trunk()
{
	policy br0
	reaches "$trunk" 10.0.1.3 fd00:1::3
	cut_off "$trunk" 10.0.2.4
	cut_off "$pc" 10.0.1.5
	cut_off "$cam" 10.0.1.5
}

# Bound to the VLAN device, only what the gateway itself sends and receives there is judged.
by_vlan_device()
{
	policy br0.10 drop
	equal "bound devices" "$(bound "$gw")" br0.10
	cut_off "$cam" 10.0.2.4 10.0.1.1
	reaches "$cam" 10.0.1.3
	reaches "$pc" 10.0.1.3
	policy br0.20 drop
	reaches "$cam" 10.0.2.4 fd00:2::4
}

# Cables that end in the gateway's namespace, in VLAN 10; only what is sent is on them.
once()
{
	local patterns

	namespace two
	ip -n "$two" link add br0 type bridge vlan_filtering 1 mcast_snooping 0
	wire "$two" one lan0
	wire "$two" other lan1
	ip -n "$two" -batch - <<-EOF
		link set br0 up
		link set lan0 master br0
		link set lan1 master br0
		link add link br0 name br0.10 type vlan id 10
		link add link one name one.10 type vlan id 10
		link set br0.10 up
		link set one.10 up
	EOF
	within "$two" bridge vlan add dev lan0 vid 10
	within "$two" bridge vlan add dev lan1 vid 10 pvid untagged
	within "$two" bridge vlan add dev br0 vid 10 self
	for patterns in 'lan*' br0 'lan* br*'; do
		gw=$two policy "$patterns" observe
		equal "frames through, interfaces = $patterns" "$(echo "ip 10.0.0.1 10.0.0.2 udp 1 1" |
			within "$two" "$here/craft" -o one.10 -i other -m $CAMERA)" 1
		equal "frames to the gateway" "$(echo "ip 10.0.0.1 10.0.0.2 udp 1 1" |
			within "$two" "$here/craft" -o one.10 -i br0.10 -m $CAMERA -d ff:ff:ff:ff:ff:ff)" 1
		equal "frames from the gateway" "$(echo "ip 10.0.0.2 10.0.0.1 udp 1 1" |
			within "$two" "$here/craft" -o br0.10 -i other -t -m 44:19:b6:00:00:09)" 1
		equal "counted from cameras, interfaces = $patterns" "$(figure "$two" cameras packets from)" 2
		# A destination that is not known yet goes out of both ports, and is one frame each.
		equal "counted to cameras, interfaces = $patterns" "$(figure "$two" cameras packets to)" 2
		cw "$two" flush
	done
}

prepare
require_helpers
it "bound to the ports: in the VLAN the recorder, nothing beyond it" by_ports
it "bound to the bridge: the same" by_bridge
it "bound to ports, bridge and VLAN devices: the same" by_all
it "a camera on a trunk port is judged by its inner frame" on_trunk
it "bound to a VLAN device, only what passes the gateway there is judged" by_vlan_device
it "a frame is counted once per direction, tagged or not" once
run
