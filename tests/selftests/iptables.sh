#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The tag is an ordinary mark: rules of iptables match it, by -m mark and by -m connmark.
#
#	cam ---- lan0  gw  wan0 ---- net
#	pc  ---- lan1
. "$(dirname "$0")/topology.sh"

TAG=0x01000000
MASK=0xff000000

fixture()
{
	gateway gw
	routed_host cam "$gw" lan0 $CAMERA 1
	routed_host pc "$gw" lan1 02:00:00:00:00:02 2
	routed_host net "$gw" wan0 02:00:00:00:00:03 3
	echoes cam_server "$cam"
	echoes net_server "$net"
	reaches "$cam" 10.0.3.2 fd00:3::2
	reaches "$pc" 10.0.1.2 10.0.3.2 fd00:1::2 fd00:3::2
}

policy()
{
	apply "$gw" <<-EOF
		[camwall]
		interfaces = lan*
		mark-mask  = $MASK
		conntrack  = $1
		[group cameras]
		prefix = 44:19:b6
		mark   = $TAG
	EOF
}

# rule ARGUMENTS...: in both families, until the end of the behaviour.
rule()
{
	local command

	for command in iptables-nft ip6tables-nft; do
		defer "within $gw $command -F; within $gw $command -t mangle -F"
		within "$gw" $command "$@"
	done
}

# matches MATCH: skip where this kernel does not have it.
matches()
{
	within "$gw" iptables-nft -N probe
	defer "within $gw iptables-nft -F probe; within $gw iptables-nft -X probe"
	within "$gw" iptables-nft -A probe -m "$1" --mark 1/1 ||
		skip "this kernel has no -m $1 for iptables-nft: CONFIG_NFT_COMPAT, xt_$1"
}

mark()
{
	matches mark
	policy no
	rule -A FORWARD -m mark --mark $TAG/$MASK -j DROP
	cut_off "$cam" 10.0.3.2 fd00:3::2
	reaches "$pc" 10.0.3.2 fd00:3::2
	within "$gw" iptables-nft -F FORWARD
	within "$gw" ip6tables-nft -F FORWARD
	reaches "$cam" 10.0.3.2 fd00:3::2
}

# counted CHAIN: packets of its first rule.
counted() { within "$gw" iptables-nft -nvxL "$1" | awk 'NR == 3 { print $1 }'; }

# What goes to the camera as well, which no MAC address tells in the forward chain.
connmark()
{
	matches connmark
	policy yes
	rule -A FORWARD -o lan0 -m connmark --mark $TAG/$MASK
	within "$pc" "$here/talk" ask udp 10.0.3.2 $ECHO_PORT
	equal "packets to others" "$(counted FORWARD)" 0
	within "$cam" "$here/talk" ask udp 10.0.3.2 $ECHO_PORT
	equal "packets to the camera" "$(counted FORWARD)" 1
	rule -I FORWARD -m connmark --mark $TAG/$MASK -j DROP
	cut_off "$cam" 10.0.3.2 fd00:3::2
	cut_off "$pc" 10.0.1.2 fd00:1::2
	reaches "$pc" 10.0.3.2 fd00:3::2
}

# iptables' own way to set some bits of a mark leaves the others.
other_bits()
{
	matches mark
	policy no
	defer "within $gw iptables-nft -t mangle -F"
	within "$gw" iptables-nft -t mangle -A PREROUTING -j MARK --set-xmark 0x10/0xff ||
		skip "this kernel has no target MARK"
	rule -A FORWARD -i lan0 -m mark --mark 0x01000010
	within "$cam" "$here/talk" ask udp 10.0.3.2 $ECHO_PORT
	equal "packets with both" "$(counted FORWARD)" 1
}

prepare
require_helpers
[ -n "$(command -v iptables-nft)" ] || skip_all "no command iptables-nft"
it "-m mark matches a camera's packets, and nobody else's" mark
it "-m connmark matches both directions of a camera's connections" connmark
it "-j MARK with a mask and the tag leave each other alone" other_bits
run
