#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Devices that stand on others: a frame is judged, and counted, once on its way.
#
#	cam0 ---- lan0 --+
#	                 +-- br0, bond0, or lan0.7 and the like
#	cam1 ---- lan1 --+
. "$(dirname "$0")/lib.sh"

CAMERA=44:19:b6:00:00:01

# policy ACTION PATTERNS
policy()
{
	apply "$ns" <<-EOF
		[camwall]
		interfaces = $2
		[group cameras]
		prefix = 44:19:b6
		action = $1
	EOF
}

pair()
{
	namespace ns
	wire "$ns" cam0 lan0
	wire "$ns" cam1 lan1
}

bridge()
{
	pair
	try_link "$ns" br0 type bridge
	ip -n "$ns" -batch - <<-EOF
		link set br0 up
		link set lan0 master br0
		link set lan1 master br0
	EOF
}

# once PATTERNS OUT IN [OPTION...]: five frames arrive at IN, and five are counted.
once()
{
	local patterns=$1 out=$2 in=$3 before=0

	shift 3
	policy observe "$patterns"
	before=$(count "$ns" cameras packets)
	equal "frames from $out to $in" "$(frames "$ns" "$out" "$in" $CAMERA "$@")" 5
	equal "frames counted with interfaces = $patterns" \
		"$(($(count "$ns" cameras packets) - before))" 5
}

# none PATTERNS OUT IN [OPTION...]: with drop, nothing arrives.
none()
{
	local patterns=$1 out=$2 in=$3

	shift 3
	policy drop "$patterns"
	equal "frames from $out to $in with interfaces = $patterns" \
		"$(frames "$ns" "$out" "$in" $CAMERA "$@")" 0
}

bridge_ports_named()
{
	bridge
	once 'lan*' cam0 br0
	once 'lan*' cam0 cam1
	none 'lan*' cam0 br0
}

bridge_named()
{
	bridge
	once br0 cam0 br0
	once br0 cam0 cam1
	none br0 cam0 br0
	none br0 cam0 cam1
	equal "bound devices" "$(bound "$ns")" "lan0 lan1"
}

bridge_and_ports_named()
{
	bridge
	once 'lan* br*' cam0 br0
	once 'lan* br*' cam0 cam1
	none 'lan* br*' cam0 cam1
	equal "bound devices" "$(bound "$ns")" "lan0 lan1"
}

port_joins_and_leaves()
{
	bridge
	ip -n "$ns" link set lan1 nomaster
	policy drop br0
	equal "bound devices" "$(bound "$ns")" lan0
	ip -n "$ns" link set lan1 master br0
	equal "bound devices with the second port" "$(bound "$ns")" "lan0 lan1"
	equal "frames from the second port" "$(frames "$ns" cam1 br0 $CAMERA)" 0
	ip -n "$ns" link set lan1 nomaster
	equal "bound devices without it" "$(bound "$ns")" lan0
	equal "frames from the former port" "$(frames "$ns" cam1 lan1 $CAMERA)" 5
	ip -n "$ns" link del br0
	equal "bound devices without the bridge" "$(bound "$ns")" ""
}

vlan()
{
	pair
	try_link "$ns" link lan0 name lan0.7 type vlan id 7
	ip -n "$ns" link set lan0.7 up
}

vlan_and_parent_named()
{
	vlan
	once 'lan*' cam0 lan0.7 -V 7
	none 'lan*' cam0 lan0.7 -V 7
	once lan0 cam0 lan0.7 -V 7
}

vlan_named()
{
	vlan
	policy drop 'lan0.7'
	equal "bound devices" "$(bound "$ns")" lan0.7
	equal "frames in the VLAN" "$(frames "$ns" cam0 lan0.7 $CAMERA -V 7)" 0
	equal "frames beside it" "$(frames "$ns" cam0 lan0 $CAMERA)" 5
	equal "frames in another VLAN" "$(frames "$ns" cam0 lan0 $CAMERA -V 8)" 5
	once lan0.7 cam0 lan0.7 -V 7
}

vlan_then_parent()
{
	vlan
	policy observe 'lan0.7 port0'
	equal "bound devices" "$(bound "$ns")" lan0.7
	ip -n "$ns" -batch - <<-EOF
		link set lan0 down
		link set lan0 name port0
		link set port0 up
		link set lan0.7 up
	EOF
	equal "bound devices" "$(bound "$ns")" port0
	once 'lan0.7 port0' cam0 lan0.7 -V 7
}

vlan_on_bridge()
{
	bridge
	try_link "$ns" link br0 name br0.7 type vlan id 7
	ip -n "$ns" link set br0.7 up
	once 'lan* br*' cam0 br0.7 -V 7
	once br0 cam0 br0.7 -V 7
	none br0 cam0 br0.7 -V 7
}

bond()
{
	pair
	try_link "$ns" bond0 type bond mode active-backup miimon 100
	ip -n "$ns" -batch - <<-EOF
		link set lan0 down
		link set lan1 down
		link set lan0 master bond0
		link set lan1 master bond0
		link set bond0 up
		link set bond0 type bond active_slave lan0
	EOF
	once 'lan* bond*' cam0 bond0
	once bond0 cam0 bond0
	once 'lan*' cam0 bond0
	none bond0 cam0 bond0
}

macvlan()
{
	pair
	try_link "$ns" link lan0 name lan0-macvlan type macvlan mode bridge
	ip -n "$ns" link set lan0-macvlan up
	once 'lan*' cam0 lan0-macvlan
	none 'lan*' cam0 lan0-macvlan
	once 'lan0-mac*' cam0 lan0-macvlan
}

flowtable()
{
	namespace ns
	wire "$ns" cam0 lan0
	within "$ns" nft -f - <<-EOF || skip "this kernel has no flowtables"
		table inet t {
			flowtable f {
				hook ingress priority -500
				devices = { lan0 }
			}
		}
	EOF
	once lan0 cam0 lan0
	none lan0 cam0 lan0
}

prepare
it "a bridge's ports are named: a frame is counted once" bridge_ports_named
it "the bridge is named: its ports are bound, a frame is counted once" bridge_named
it "both are named: a frame is counted once" bridge_and_ports_named
it "a port that joins or leaves a named bridge is bound or unbound" port_joins_and_leaves
it "a VLAN device and its parent are named: a frame is counted once" vlan_and_parent_named
it "only a VLAN device is named: only that VLAN is judged" vlan_named
it "a parent renamed into a pattern takes over from its VLAN device" vlan_then_parent
it "a VLAN device on a named bridge: a frame is counted once" vlan_on_bridge
it "a bond and its ports: a frame is counted once" bond
it "a macvlan device and its parent: a frame is counted once" macvlan
it "a device in a flowtable is judged" flowtable
run
