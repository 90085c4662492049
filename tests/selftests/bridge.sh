#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# A transparent bridge: the gateway has no address, and its cameras are judged all the same.
#
#	cam ---- lan0 --+
#	rec ---- lan1 --+-- br0
#	pc  ---- lan2 --+
. "$(dirname "$0")/topology.sh"

OTHER=28:57:be:00:00:01
PATTERNS=('lan*' br0 'lan* br0')

# policy ACTION PATTERNS
policy()
{
	apply "$gw" <<-EOF
		[camwall]
		interfaces = $2
		mark-mask = 0xff
		conntrack = yes
		[group cameras]
		prefix = 44:19:b6
		action = $1
		mark = 5
		$([ "$1" != isolate ] || printf 'allow = %s\n' 10.0.1.3 fd00:1::3)
		[group others]
		prefix = 28:57:be
	EOF
}

bridge()
{
	try_link "$gw" br0 type bridge mcast_snooping 0
	ip -n "$gw" link set br0 up
}

# In the gateway's own namespace: nobody there says a word that is not asked for.
cables()
{
	namespace gw
	bridge
	wire "$gw" one lan0
	wire "$gw" two lan1
	ip -n "$gw" -batch - <<-EOF
		link set lan0 master br0
		link set lan1 master br0
	EOF
}

hosts()
{
	namespace gw
	bridge
	bridged_host cam "$gw" lan0 $CAMERA 2
	bridged_host rec "$gw" lan1 02:00:00:00:00:03 3
	bridged_host pc "$gw" lan2 02:00:00:00:00:04 4
	echoes cam_server "$cam"
	echoes rec_server "$rec"
	echoes pc_server "$pc"
}

# counted GROUP: "from to".
counted() { echo "$(figure "$gw" "$1" packets from) $(figure "$gw" "$1" packets to)"; }

# one_frame OUT IN OPTION...: from a device to another, and it arrives.
one_frame()
{
	local out=$1 in=$2

	shift 2
	equal "frames from $out to $in" "$(echo "ip 10.0.0.1 10.0.0.2 udp 1 1" |
		within "$gw" "$here/craft" -o "$out" -i "$in" "$@")" 1
}

count_once()
{
	local patterns

	for patterns in "${PATTERNS[@]}"; do
		policy observe "$patterns"
		one_frame one two -m $CAMERA
		equal "counted from and to the camera, interfaces = $patterns" "$(counted cameras)" "1 0"
		one_frame two one -t -m $CAMERA
		equal "counted from and to the camera, interfaces = $patterns" "$(counted cameras)" "1 1"
		one_frame one two -m $CAMERA -d $OTHER
		equal "counted from and to the camera, interfaces = $patterns" "$(counted cameras)" "2 1"
		equal "counted from and to the other, interfaces = $patterns" "$(counted others)" "0 1"
		cw "$gw" flush
	done
}

once()
{
	cables
	count_once
}

isolated()
{
	local patterns

	hosts
	policy observe 'lan*'
	reaches "$cam" 10.0.1.3 fd00:1::3 10.0.1.4 fd00:1::4
	reaches "$pc" 10.0.1.2 fd00:1::2
	for patterns in "${PATTERNS[@]}"; do
		policy isolate "$patterns"
		reaches "$cam" 10.0.1.3
		cut_off "$cam" 10.0.1.4
	done
	reaches "$cam" fd00:1::3
	reaches "$rec" 10.0.1.2 fd00:1::2
	reaches "$pc" 10.0.1.3 fd00:1::3
	cut_off "$cam" fd00:1::4
	cut_off "$pc" 10.0.1.2 fd00:1::2
}

dropped()
{
	hosts
	reaches "$cam" 10.0.1.3 fd00:1::3
	policy drop br0
	cut_off "$cam" 10.0.1.3 fd00:1::3
	cut_off "$rec" 10.0.1.2 fd00:1::2
	reaches "$rec" 10.0.1.4
}

br_netfilter()
{
	modprobe br_netfilter || :
	[ -e /proc/sys/net/bridge/bridge-nf-call-iptables ] || skip "this kernel has no br_netfilter"
	within "$gw" sysctl -qw net.bridge.bridge-nf-call-iptables=1 net.bridge.bridge-nf-call-ip6tables=1
}

# So that it does something for the bridge's packets.
forward_chain()
{
	within "$gw" nft -f - <<-EOF
		table inet t {
			counter up { }
			counter down { }
			chain forward {
				type filter hook forward priority 0
				ct state invalid accept
				udp dport $ECHO_PORT ct mark 5 meta mark 5 counter name up
				udp sport $ECHO_PORT ct mark 5 meta mark 5 counter name down
			}
		}
	EOF
}

once_netfilter()
{
	cables
	br_netfilter
	forward_chain
	count_once
}

isolated_netfilter()
{
	hosts
	br_netfilter
	forward_chain
	policy observe 'lan*'
	reaches "$cam" 10.0.1.4 fd00:1::4
	policy isolate 'lan*'
	reaches "$cam" 10.0.1.3 fd00:1::3
	reaches "$rec" 10.0.1.2 fd00:1::2
	cut_off "$cam" 10.0.1.4 fd00:1::4
	cut_off "$pc" 10.0.1.2 fd00:1::2
}

marks_netfilter()
{
	hosts
	br_netfilter
	forward_chain
	policy observe 'lan*'
	within "$cam" "$here/talk" ask udp 10.0.1.3 $ECHO_PORT
	within "$cam" "$here/talk" ask udp fd00:1::3 $ECHO_PORT
	equal "tagged packets, from the camera and to it" \
		"$(packets "$gw" inet up) $(packets "$gw" inet down)" "2 2"
}

prepare
require_helpers
it "bound to the ports, the bridge or both, a frame is counted once per direction" once
it "isolate holds between ports, both address families" isolated
it "drop holds between ports" dropped
it "with br_netfilter a frame is counted once per direction" once_netfilter
it "with br_netfilter isolate holds" isolated_netfilter
it "with br_netfilter the forward chain knows the camera's connections" marks_netfilter
run
