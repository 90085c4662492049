#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The gateway's own traffic from and to a camera is judged like any other: time, DHCP, ping.
. "$(dirname "$0")/topology.sh"

# policy ACTION [LINE...]
policy()
{
	local action=$1

	shift
	{
		cat <<-EOF
			[camwall]
			interfaces = lan*
			[group cameras]
			prefix = 44:19:b6
			action = $action
		EOF
		[ $# -eq 0 ] || printf '%s\n' "$@"
	} | apply "$gw"
}

fixture()
{
	gateway gw
	routed_host cam "$gw" lan0 $CAMERA 1
	echoes cam_server "$cam"
	echoes ntp "$gw" 123
	echoes dhcp "$gw" 67
	echoes dhcp6 "$gw" 547
	echoes other "$gw" 124
	reaches "$gw" 10.0.1.2 fd00:1::2
}

# ask OPTION... PROTOCOL ADDRESS PORT: the camera does.
ask() { within "$cam" "$here/talk" ask "$@"; }

pings() { within "$1" ping -c 1 -W "$2" "$3"; }

time_server()
{
	policy isolate "allow = 10.0.1.1 udp 123" "allow = fd00:1::1 udp 123"
	ask udp 10.0.1.1 123
	ask udp fd00:1::1 123
	fails ask -w 1 udp 10.0.1.1 124
	fails ask -w 1 udp fd00:1::1 124
	fails ask -w 1 tcp 10.0.1.1 123
}

dhcp_server()
{
	policy isolate
	ask -p 68 udp 10.0.1.1 67
	fails ask -w 1 -p 6868 udp 10.0.1.1 67
	fails ask -w 1 -p 68 udp 10.0.1.1 124
}

dhcpv6_server()
{
	local router

	router=$(ip -n "$gw" -j -6 address show dev lan0 scope link | value '.[].addr_info[]?.local // empty')
	wait_for 20 settled
	policy isolate
	ask -p 546 -I eth0 udp "$router" 547
	fails ask -w 1 -p 546 udp fd00:1::1 547
	fails ask -w 1 -p 5460 -I eth0 udp "$router" 547
}

# Link-local addresses of both ends are no longer tentative.
settled()
{
	[ -z "$(ip -n "$gw" -6 address show tentative; ip -n "$cam" -6 address show tentative)" ]
}

ping_denied()
{
	policy observe
	pings "$gw" 10 10.0.1.2
	pings "$cam" 10 10.0.1.1
	pings "$gw" 10 fd00:1::2
	policy isolate
	fails pings "$gw" 1 10.0.1.2
	fails pings "$cam" 1 10.0.1.1
	fails pings "$gw" 1 fd00:1::2
	[ "$(figure "$gw" cameras dropped_not_allowed to)" -ge 2 ]
	[ "$(figure "$gw" cameras dropped_not_allowed from)" -ge 1 ]
}

ping_allowed()
{
	policy isolate "allow = 10.0.1.1 icmp" "allow = fd00:1::1 icmpv6"
	pings "$gw" 10 10.0.1.2
	pings "$cam" 10 10.0.1.1
	pings "$gw" 10 fd00:1::2
	pings "$cam" 10 fd00:1::1
	fails ask -w 1 udp 10.0.1.1 123
}

# Neighbours are forgotten first: under isolate each end finds the other again.
resolves()
{
	policy isolate "allow = 10.0.1.1" "allow = fd00:1::1"
	ip -n "$gw" neigh flush dev lan0
	ip -n "$cam" neigh flush dev eth0
	pings "$cam" 10 10.0.1.1
	pings "$cam" 10 fd00:1::1
	ip -n "$gw" neigh flush dev lan0
	ip -n "$cam" neigh flush dev eth0
	pings "$gw" 10 10.0.1.2
	pings "$gw" 10 fd00:1::2
}

clients()
{
	policy isolate
	cut_off "$gw" 10.0.1.2 fd00:1::2
	policy isolate "allow = 10.0.1.1" "allow = fd00:1::1"
	reaches "$gw" 10.0.1.2 fd00:1::2
}

dropped()
{
	policy observe
	reaches "$gw" 10.0.1.2
	policy drop
	cut_off "$gw" 10.0.1.2 fd00:1::2
	fails ask -w 1 udp 10.0.1.1 123
	fails ask -w 1 -p 68 udp 10.0.1.1 67
	fails pings "$gw" 1 10.0.1.2
	[ "$(figure "$gw" cameras dropped_policy to)" -ge 2 ]
	[ "$(figure "$gw" cameras dropped_policy from)" -ge 2 ]
}

prepare
require_helpers
it "isolate: the gateway's time server answers where an entry names it, and no other port" time_server
it "isolate: the gateway's DHCP server answers without an entry" dhcp_server
it "isolate: its DHCPv6 server answers on the link-local address" dhcpv6_server
it "isolate: no ping without an entry, in either direction" ping_denied
it "isolate: ping with an entry for it" ping_allowed
it "isolate: both ends find each other by ARP and neighbour discovery" resolves
it "isolate: the gateway's own requests to a camera need an entry" clients
it "drop: the gateway's own traffic with a camera stops" dropped
run
