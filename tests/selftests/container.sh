#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# A policy has no effect outside of the namespace that holds it: containers behind veth and macvlan.
#
#	cam ---- lan0  gw      box: a container of gw, by a veth pair on br0, or a macvlan device on lan0
. "$(dirname "$0")/topology.sh"

# policy NAMESPACE PATTERNS: drops the cameras' frames there.
policy()
{
	apply "$1" <<-EOF
		[camwall]
		interfaces = $2
		[group cameras]
		prefix = 44:19:b6
		action = drop
	EOF
}

on_veth()
{
	namespace gw
	try_link "$gw" br0 type bridge mcast_snooping 0
	ip -n "$gw" link set br0 up
	router_address "$gw" br0 1
	bridged_host cam "$gw" lan0 $CAMERA 2
	bridged_host box "$gw" box0 02:00:00:00:00:03 3
	bridged_host rec "$gw" lan1 02:00:00:00:00:04 4
	echoes cam_server "$cam"
	echoes box_server "$box"
	echoes rec_server "$rec"
	echoes gw_server "$gw"
	reaches "$cam" 10.0.1.1 10.0.1.3 10.0.1.4
}

veth_own_policy()
{
	on_veth
	policy "$box" '*'
	equal "bound devices of the container" "$(bound "$box")" eth0
	cut_off "$cam" 10.0.1.3 fd00:1::3
	cut_off "$box" 10.0.1.2
	reaches "$cam" 10.0.1.1 10.0.1.4 fd00:1::1 fd00:1::4
	reaches "$box" 10.0.1.1 10.0.1.4
	equal "the gateway's generation" "$(generation "$gw")" 0
	equal "the gateway's bound devices" "$(bound "$gw")" ""
}

veth_gateways_policy()
{
	on_veth
	policy "$gw" 'lan1'
	reaches "$cam" 10.0.1.3 10.0.1.1
	policy "$gw" 'lan0'
	cut_off "$cam" 10.0.1.3 10.0.1.1
	equal "the container's generation" "$(generation "$box")" 0
	equal "the container's bound devices" "$(bound "$box")" ""
}

# The same names and addresses, in a namespace that has nothing to do with it.
elsewhere()
{
	gateway gw
	gateway gw2
	routed_host cam "$gw" lan0 $CAMERA 1
	routed_host cam2 "$gw2" lan0 $CAMERA 1
	echoes gw_server "$gw"
	echoes gw2_server "$gw2"
	policy "$gw" 'lan*'
	cut_off "$cam" 10.0.1.1 fd00:1::1
	reaches "$cam2" 10.0.1.1 fd00:1::1
	policy "$gw2" 'lan*'
	cut_off "$cam2" 10.0.1.1
	cw "$gw" flush
	reaches "$cam" 10.0.1.1
	cut_off "$cam2" 10.0.1.1
}

on_macvlan()
{
	namespace gw box
	routed_host cam "$gw" lan0 $CAMERA 1
	try_link "$gw" mac0 link lan0 netns "$box" type macvlan mode bridge
	ip -n "$box" -batch - <<-EOF
		link set lo up
		link set mac0 up
	EOF
	host_address "$box" mac0 1 3
	echoes box_server "$box"
	echoes gw_server "$gw"
	reaches "$cam" 10.0.1.1 10.0.1.3
}

macvlan_own_policy()
{
	on_macvlan
	policy "$box" '*'
	equal "bound devices of the container" "$(bound "$box")" mac0
	cut_off "$cam" 10.0.1.3 fd00:1::3
	cut_off "$box" 10.0.1.2
	reaches "$cam" 10.0.1.1 fd00:1::1
	equal "the gateway's bound devices" "$(bound "$gw")" ""
}

macvlan_gateways_policy()
{
	on_macvlan
	policy "$gw" 'wan* mac*'
	reaches "$cam" 10.0.1.3 10.0.1.1
	equal "bound devices" "$(bound "$gw")" ""
	policy "$gw" 'lan*'
	cut_off "$cam" 10.0.1.1 10.0.1.3
	equal "the container's bound devices" "$(bound "$box")" ""
}

prepare
require_helpers
it "veth: a container's policy cuts the camera off from it, and from nobody else" veth_own_policy
it "veth: the gateway's policy holds where the gateway is bound" veth_gateways_policy
it "another namespace with the same device name and camera is not touched" elsewhere
it "macvlan: a container's policy cuts the camera off from it, and from nobody else" macvlan_own_policy
it "macvlan: the gateway's policy holds at the device below" macvlan_gateways_policy
run
