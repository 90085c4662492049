#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# A router with NAT: cameras reach the recorder and not the internet, both address families.
#
#	cam ---- lan0
#	rec ---- lan1  gw  wan0 ---- net      masquerade at wan0; net has no way back
#	pc  ---- lan2
. "$(dirname "$0")/topology.sh"

policy()
{
	apply "$gw" <<-EOF
		[camwall]
		interfaces = lan*
		[group cameras]
		prefix = 44:19:b6
		action = ${1-isolate}
		${2-allow = 10.0.2.2}
		${3-allow = fd00:2::2}
	EOF
}

nat()
{
	within "$gw" nft -f - <<-EOF || skip_all "this kernel has no NAT"
		table inet nat {
			chain out {
				type nat hook postrouting priority srcnat
				oifname wan0 masquerade
			}
			chain in {
				type nat hook prerouting priority dstnat
				iifname wan0 meta nfproto ipv4 udp dport $ECHO_PORT dnat ip to 10.0.1.2
				iifname wan0 meta nfproto ipv6 udp dport $ECHO_PORT dnat ip6 to fd00:1::2
			}
		}
	EOF
}

fixture()
{
	local server

	gateway gw
	routed_host cam "$gw" lan0 $CAMERA 1
	routed_host rec "$gw" lan1 02:00:00:00:00:02 2
	routed_host pc "$gw" lan2 02:00:00:00:00:03 3
	routed_host net "$gw" wan0 02:00:00:00:00:04 4
	ip -n "$net" route del default
	ip -n "$net" -6 route del default
	nat
	for server in cam rec pc net; do
		echoes "${server}_server" "${!server}"
	done
}

# Neighbours are known afterwards: that they are not is never why something is blocked.
all_reach_all()
{
	cw "$gw" flush
	reaches "$cam" 10.0.2.2 fd00:2::2 10.0.3.2 fd00:3::2 10.0.4.2 fd00:4::2
	reaches "$rec" 10.0.1.2 fd00:1::2
	reaches "$pc" 10.0.1.2 fd00:1::2 10.0.4.2 fd00:4::2
}

no_internet()
{
	policy
	cut_off "$cam" 10.0.4.2 fd00:4::2
	[ "$(figure "$gw" cameras dropped_not_allowed from)" -ge 2 ]
}

recorder()
{
	policy
	reaches "$cam" 10.0.2.2 fd00:2::2
	reaches "$rec" 10.0.1.2 fd00:1::2
}

other_hosts()
{
	local before

	policy
	before=$(figure "$gw" cameras dropped_not_allowed to)
	cut_off "$cam" 10.0.3.2 fd00:3::2
	cut_off "$pc" 10.0.1.2 fd00:1::2
	[ $(($(figure "$gw" cameras dropped_not_allowed to) - before)) -ge 2 ]
	reaches "$pc" 10.0.4.2 10.0.2.2 fd00:4::2 fd00:2::2
}

# The peer is the one that the camera sees, whatever NAT makes of its own address.
allowed_internet()
{
	policy isolate "allow = 10.0.4.2 tcp $ECHO_PORT" "allow = fd00:4::2 udp $ECHO_PORT"
	within "$cam" "$here/talk" ask tcp 10.0.4.2 $ECHO_PORT
	within "$cam" "$here/talk" ask udp fd00:4::2 $ECHO_PORT
	fails within "$cam" "$here/talk" ask -w 1 udp 10.0.4.2 $ECHO_PORT
	fails within "$cam" "$here/talk" ask -w 1 tcp fd00:4::2 $ECHO_PORT
}

from_internet() { within "$net" "$here/talk" ask -w "$1" udp "$2" $ECHO_PORT; }

forwarded_port()
{
	cw "$gw" flush
	from_internet 10 10.0.4.1
	from_internet 10 fd00:4::1
	policy
	fails from_internet 1 10.0.4.1
	fails from_internet 1 fd00:4::1
	policy isolate "allow = 10.0.4.2" "allow = fd00:4::2"
	from_internet 10 10.0.4.1
	from_internet 10 fd00:4::1
}

dropped()
{
	policy drop "" ""
	cut_off "$cam" 10.0.2.2 fd00:2::2 10.0.4.2
	cut_off "$rec" 10.0.1.2 fd00:1::2
	reaches "$rec" 10.0.4.2 fd00:4::2
}

prepare
require_helpers
it "without a policy everybody reaches everybody, through NAT too" all_reach_all
it "isolate: the camera does not reach the internet" no_internet
it "isolate: camera and recorder reach each other, whoever begins" recorder
it "isolate: other hosts and the camera do not reach each other, and are free otherwise" other_hosts
it "isolate: a host on the internet can be allowed, by protocol and port" allowed_internet
it "isolate: a port forwarded to the camera is closed, but for a peer on the list" forwarded_port
it "drop: the camera does not reach the recorder either" dropped
run
