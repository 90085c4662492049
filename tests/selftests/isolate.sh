#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# A group with "action = isolate" talks with its allow list, and has ARP, neighbour discovery and DHCP.
#
#	cam0 ---- lan0    frames from the camera come in at lan0, frames to it go out there
. "$(dirname "$0")/topology.sh"

allow_list()
{
	cat <<-EOF
		allow = 10.0.1.5
		allow = 10.0.2.0/24
		allow = 10.0.3.5 tcp
		allow = 10.0.4.5 udp 123
		allow = 10.0.5.5 tcp 8000-8010
		allow = 10.0.6.5 47
		allow = 10.0.7.5 icmp
		allow = fd00:1::5
		allow = fd00:2::/60
		allow = fd00:30::5 tcp
		allow = fd00:40::5 udp 123
		allow = fd00:50::5 tcp 8000-8010
		allow = fd00:70::5 icmpv6
	EOF
}

policy()
{
	cat <<-EOF
		[camwall]
		interfaces = lan*
		[group cameras]
		prefix = 44:19:b6
		action = isolate
	EOF
}

with_list() { { policy; allow_list; } | apply "$ns"; }

fixture()
{
	namespace ns
	wire "$ns" cam0 lan0
	with_list
}

# Frames are written as the camera sends them; those to it have both ends the other way round.
turned() { sed -E 's/\<(ip|ip6|tcp|udp) ([^ ]+) ([^ ]+)/\1 \3 \2/g'; }

send_from() { within "$ns" "$here/craft" -o cam0 -i lan0 -m "$1"; }
send_to() { turned | within "$ns" "$here/craft" -o lan0 -i cam0 -t -m "$1"; }

# "packets not-allowed malformed" of the cameras' frames, from them and to them.
figures()
{
	cw "$ns" stats -j | value '.[] | select(.group == "cameras") | [.from, .to] |
		map("\(.packets) \(.dropped_not_allowed) \(.dropped_malformed)") | join("  ")'
}

# difference BEFORE AFTER: of figures, number by number.
difference() { paste -d ' ' <(xargs -n 1 <<<"$1") <(xargs -n 1 <<<"$2") | awk '{ print $2 - $1 }' | xargs; }

# arrived DIRECTION TABLE: as the table says.
arrived()
{
	local got wanted

	wanted=$(awk '{ print $1 == "pass" ? 1 : 0 }' <<<"$2")
	got=$(sed -E 's/^[a-z]+ +//' <<<"$2" | "send_$1" $CAMERA)
	[ "$got" != "$wanted" ] || return 0
	echo "frames $1 the camera: arrived (1) or not (0), and what was wanted"
	paste <(echo "$got") <(echo "$2")
	return 1
}

# outcomes DIRECTION... <TABLE: each line "pass|drop|bad FRAME"; bad is dropped as malformed.
# The figures of one table are where the next one begins: on a slow machine each reading counts.
outcomes()
{
	local table direction before after counts wanted=("0 0 0" "0 0 0")

	table=$(cat)
	before=$(cat "$tmp/figures" 2>/dev/null) || before=$(figures)
	rm -f "$tmp/figures"
	counts=$(awk '{ n[$1]++ } END { print NR, n["drop"] + 0, n["bad"] + 0 }' <<<"$table")
	for direction; do
		arrived "$direction" "$table"
		[ "$direction" = from ] && wanted[0]=$counts || wanted[1]=$counts
	done
	after=$(figures)
	equal "frames from and to the camera, counted: all, not allowed, malformed" \
		"$(difference "$before" "$after")" "${wanted[*]}"
	echo "$after" >"$tmp/figures"
}

# both <TABLE
both() { outcomes from to; }

by_address()
{
	both <<-EOF
		pass ip 10.0.0.9 10.0.1.5 udp 5000 554
		pass ip 10.0.0.9 10.0.1.5 tcp 554 5000
		pass ip 10.0.0.9 10.0.1.5 icmp 8
		pass ip 10.0.0.9 10.0.1.5 protocol 132
		drop ip 10.0.0.9 10.0.1.4 udp 5000 554
		drop ip 10.0.0.9 10.0.1.6 tcp 554 5000
		drop ip 10.0.1.5 10.0.0.9 tcp 554 5000
		drop ip 10.0.0.9 8.8.8.8 icmp 8
	EOF
}

by_prefix()
{
	both <<-EOF
		pass ip 10.0.0.9 10.0.2.0 udp 1 1
		pass ip 10.0.0.9 10.0.2.255 tcp 1 1
		drop ip 10.0.0.9 10.0.3.0 udp 1 1
		drop ip 10.0.0.9 10.0.1.255 udp 1 1
	EOF
}

by_protocol()
{
	both <<-EOF
		pass ip 10.0.0.9 10.0.3.5 tcp 9 9
		drop ip 10.0.0.9 10.0.3.5 udp 9 9
		drop ip 10.0.0.9 10.0.3.5 icmp 8
		pass ip 10.0.0.9 10.0.6.5 protocol 47 data 8
		drop ip 10.0.0.9 10.0.6.5 protocol 50 data 8
		pass ip 10.0.0.9 10.0.7.5 icmp 8
		drop ip 10.0.0.9 10.0.7.5 tcp 9 9
	EOF
}

by_port()
{
	both <<-EOF
		pass ip 10.0.0.9 10.0.4.5 udp 5000 123
		drop ip 10.0.0.9 10.0.4.5 udp 123 5000
		drop ip 10.0.0.9 10.0.4.5 udp 5000 122
		drop ip 10.0.0.9 10.0.4.5 udp 5000 124
		drop ip 10.0.0.9 10.0.4.5 tcp 5000 123
	EOF
}

by_port_range()
{
	both <<-EOF
		drop ip 10.0.0.9 10.0.5.5 tcp 5000 7999
		pass ip 10.0.0.9 10.0.5.5 tcp 5000 8000
		pass ip 10.0.0.9 10.0.5.5 tcp 5000 8005
		pass ip 10.0.0.9 10.0.5.5 tcp 5000 8010
		drop ip 10.0.0.9 10.0.5.5 tcp 5000 8011
		drop ip 10.0.0.9 10.0.5.5 udp 5000 8005
	EOF
}

ipv6()
{
	both <<-EOF
		pass ip6 fd00::9 fd00:1::5 udp 5000 554
		pass ip6 fd00::9 fd00:1::5 icmp6 128
		drop ip6 fd00::9 fd00:1::4 udp 5000 554
		drop ip6 fd00:1::5 fd00::9 udp 5000 554
		pass ip6 fd00::9 fd00:2::1 tcp 1 1
		pass ip6 fd00::9 fd00:2:0:f:ffff:: tcp 1 1
		drop ip6 fd00::9 fd00:2:0:10:: tcp 1 1
		pass ip6 fd00::9 fd00:30::5 tcp 9 9
		drop ip6 fd00::9 fd00:30::5 udp 9 9
		pass ip6 fd00::9 fd00:40::5 udp 5000 123
		drop ip6 fd00::9 fd00:40::5 udp 123 5000
		drop ip6 fd00::9 fd00:50::5 tcp 5000 7999
		pass ip6 fd00::9 fd00:50::5 tcp 5000 8000
		pass ip6 fd00::9 fd00:50::5 tcp 5000 8010
		drop ip6 fd00::9 fd00:50::5 tcp 5000 8011
		pass ip6 fd00::9 fd00:70::5 icmp6 128
		drop ip6 fd00::9 fd00:70::5 icmp 8
	EOF
}

to_all()
{
	outcomes from <<-EOF
		drop ip 10.0.0.9 255.255.255.255 udp 5000 5000
		drop ip 10.0.0.9 10.0.0.255 udp 137 137
		drop ip 10.0.0.9 239.255.255.250 udp 5000 3702
		drop ip6 fe80::9 ff02::fb udp 5353 5353
		drop ip6 fe80::9 ff02::1 icmp6 128
	EOF
}

arp()
{
	both <<-EOF
		pass arp
		pass vlan 7 arp
		pass qinq 100 vlan 7 arp
	EOF
}

neighbours()
{
	local type

	# What a router says is heard, and not believed of a camera.
	outcomes from <<-EOF
		drop ip6 fe80::9 fe80::1 icmp6 134 hops 255
		drop ip6 fe80::9 fe80::1 icmp6 137 hops 255
		pass ip6 fe80::9 2001:db8::77 icmp6 136 hops 255 data 100
		drop ip6 fe80::9 2001:db8::77 icmp6 136 hops 255 data 1000
		drop ip6 fe80::9 2001:db8::77 icmp6 135 hops 255 data 1000
		drop ip6 fe80::9 ff02::2 icmp6 133 hops 255 data 1000
	EOF
	outcomes to <<-EOF
		pass ip6 fe80::9 fe80::1 icmp6 134 hops 255
		pass ip6 fe80::9 fe80::1 icmp6 134 hops 255 data 1000
		pass ip6 fe80::9 fe80::1 icmp6 137 hops 255
	EOF
	for type in 133 135 136; do
		echo "pass ip6 fe80::9 fe80::1 icmp6 $type hops 255"
	done >"$tmp/neighbours"
	for type in 133 134 135 136 137; do
		echo "drop ip6 fe80::9 fe80::1 icmp6 $type hops 64"
		echo "drop ip6 fe80::9 fe80::1 icmp6 $type hops 1"
	done >>"$tmp/neighbours"
	for type in 130 131 132 143; do
		echo "pass ip6 fe80::9 ff02::16 hopbyhop icmp6 $type hops 1"
		echo "drop ip6 fe80::9 ff02::16 hopbyhop icmp6 $type hops 255"
	done >>"$tmp/neighbours"
	both <"$tmp/neighbours"
	both <<-EOF
		pass vlan 7 ip6 :: ff02::1:ff00:1 icmp6 135 hops 255
		drop ip6 fe80::9 fe80::1 icmp6 128 hops 255
		drop ip6 fe80::9 fe80::1 icmp6 138 hops 255
		drop ip6 fe80::9 fe80::1 udp 133 133 hops 255
		drop ip6 fe80::9 fe80::1 icmp6 135 hops 255 cut 8
	EOF
}

dhcp()
{
	outcomes from <<-EOF
		pass ip 0.0.0.0 255.255.255.255 udp 68 67 data 300
		pass vlan 7 ip 0.0.0.0 255.255.255.255 udp 68 67 data 300
	EOF
	both <<-EOF
		pass ip 10.9.0.9 10.9.0.1 udp 68 67
		pass ip 10.9.0.9 172.31.0.1 udp 68 67
		pass ip 10.9.0.9 192.168.0.1 udp 68 67
		pass ip 10.9.0.9 169.254.0.1 udp 68 67
		drop ip 10.9.0.9 172.32.0.1 udp 68 67
		drop ip 10.9.0.9 203.0.113.1 udp 68 67
		drop ip 10.9.0.9 10.9.0.1 tcp 68 67
		drop ip 10.9.0.9 10.9.0.1 udp 67 68
		drop ip 10.9.0.9 10.9.0.1 udp 67 67
		drop ip 10.9.0.9 10.9.0.1 udp 5000 67
	EOF
	outcomes from <<-EOF
		drop ip 10.9.0.1 255.255.255.255 udp 67 68
	EOF
}

dhcpv6()
{
	both <<-EOF
		pass ip6 fe80::9 fe80::1 udp 546 547
		drop ip6 fe80::9 fe80::1 udp 547 546
		drop ip6 fe80::9 fe80::1 tcp 546 547
		drop ip6 fe80::9 fe80::1 udp 5000 547
		drop ip6 fe80::9 2001:db8::1 udp 546 547
		drop ip6 fe80::9 ff05::1:3 udp 546 547
	EOF
	outcomes from <<-EOF
		pass ip6 fe80::9 ff02::1:2 udp 546 547
		drop ip6 fe80::9 ff02::1:2 udp 547 546
	EOF
}

other_ethertypes()
{
	both <<-EOF
		drop type 0x8033 data 46
		drop vlan 7 type 0x8033 data 46
		drop type 0x88cc data 46
		drop type 0x888e data 46
		drop type 0x8863 data 46
		drop type 0x8847 data 46
	EOF
}

tags()
{
	both <<-EOF
		pass vlan 7 ip 10.0.0.9 10.0.4.5 udp 5000 123
		drop vlan 7 ip 10.0.0.9 10.0.4.5 udp 5000 124
		pass vlan 0 ip 10.0.0.9 10.0.1.5 udp 1 1
		drop vlan 0 ip 10.0.0.9 10.0.1.6 udp 1 1
		pass qinq 100 vlan 7 ip 10.0.0.9 10.0.4.5 udp 5000 123
		drop qinq 100 vlan 7 ip 10.0.0.9 10.0.4.5 udp 5000 124
		pass qinq 100 vlan 7 ip6 fd00::9 fd00:40::5 udp 5000 123
		drop qinq 100 vlan 7 ip6 fd00::9 fd00:40::5 udp 5000 124
		pass vlan 1 vlan 2 vlan 3 vlan 4 vlan 5 vlan 6 vlan 7 vlan 8 ip 10.0.0.9 10.0.1.5 udp 1 1
	EOF
}

extension_headers()
{
	both <<-EOF
		pass ip6 fd00::9 fd00:40::5 hopbyhop udp 5000 123
		drop ip6 fd00::9 fd00:40::5 hopbyhop udp 5000 124
		pass ip6 fd00::9 fd00:40::5 destination udp 5000 123
		drop ip6 fd00::9 fd00:40::5 destination udp 5000 124
		pass ip6 fd00::9 fd00:40::5 routing udp 5000 123
		drop ip6 fd00::9 fd00:40::5 routing udp 5000 124
		pass ip6 fd00::9 fd00:40::5 auth udp 5000 123
		drop ip6 fd00::9 fd00:40::5 auth udp 5000 124
		pass ip6 fd00::9 fd00:40::5 hopbyhop units 2 data 16 udp 5000 123
		drop ip6 fd00::9 fd00:40::5 hopbyhop units 2 data 16 udp 5000 124
		pass ip6 fd00::9 fd00:40::5 hopbyhop destination routing frag6 0 1 destination udp 5000 123
		drop ip6 fd00::9 fd00:40::5 hopbyhop destination routing frag6 0 1 destination udp 5000 124
	EOF
}

fragments()
{
	both <<-EOF
		pass ip 10.0.0.9 10.0.4.5 udp 5000 123 fragment 0x2000
		drop ip 10.0.0.9 10.0.4.5 udp 5000 124 fragment 0x2000
		drop ip 10.0.0.9 10.0.4.5 udp 5000 123 fragment 0x0001
		drop ip 10.0.0.9 10.0.5.5 tcp 5000 8005 fragment 0x20b9
		pass ip 10.0.0.9 10.0.1.5 udp 5000 123 fragment 0x0001
		pass ip 10.0.0.9 10.0.3.5 tcp 5000 123 fragment 0x1fff
		drop ip 10.0.0.9 10.0.3.5 udp 5000 123 fragment 0x1fff
		drop ip 10.9.0.9 10.9.0.1 udp 68 67 fragment 0x0001
		pass ip6 fd00::9 fd00:40::5 frag6 0 1 udp 5000 123
		drop ip6 fd00::9 fd00:40::5 frag6 0 1 udp 5000 124
		drop ip6 fd00::9 fd00:40::5 frag6 1 0 udp 5000 123
		pass ip6 fd00::9 fd00:1::5 frag6 1 0 udp 5000 123
		pass ip6 fd00::9 fd00:30::5 frag6 185 1 tcp 5000 123
		drop ip6 fd00::9 fd00:30::5 frag6 185 1 udp 5000 123
		drop ip6 fe80::9 fe80::1 frag6 1 0 icmp6 135 hops 255
	EOF
}

truncated_ipv4()
{
	both <<-EOF
		bad ip 10.0.0.9 10.0.1.5 cut 20
		bad ip 10.0.0.9 10.0.1.5 cut 1
		bad ip 10.0.0.9 10.0.1.5 first 0x46
		bad vlan 7 ip 10.0.0.9 10.0.1.5 cut 1
		bad qinq 100 vlan 7 ip 10.0.0.9 10.0.1.5 cut 4
		pass ip 10.0.0.9 10.0.1.5
	EOF
}

truncated_ipv6()
{
	both <<-EOF
		bad ip6 fd00::9 fd00:1::5 cut 40
		bad ip6 fd00::9 fd00:1::5 cut 1
		bad ip6 fd00::9 fd00:1::5 hopbyhop cut 8
		bad ip6 fd00::9 fd00:1::5 hopbyhop cut 1
		bad ip6 fd00::9 fd00:1::5 destination frag6 0 1 cut 4
		bad ip6 fd00::9 fd00:1::5 hopbyhop destination units 200
		pass ip6 fd00::9 fd00:1::5
	EOF
}

truncated_ports()
{
	both <<-EOF
		bad ip 10.0.0.9 10.0.1.5 tcp 5000 80 cut 20
		bad ip 10.0.0.9 10.0.1.5 tcp 5000 80 cut 17
		bad ip 10.0.0.9 10.0.1.5 udp 5000 80 cut 5
		bad ip6 fd00::9 fd00:1::5 tcp 5000 80 cut 17
		bad ip6 fd00::9 fd00:1::5 udp 5000 80 cut 5
		bad ip6 fd00::9 fd00:1::5 hopbyhop udp 5000 80 cut 8
		bad ip6 fd00::9 fd00:1::5 hopbyhop units 1 udp 5000 80
	EOF
}

lies()
{
	both <<-EOF
		bad ip 10.0.0.9 10.0.1.5 udp 5000 80 data 20 length 49
		bad ip 10.0.0.9 10.0.1.5 udp 5000 80 length 65535
		bad ip 10.0.0.9 10.0.1.5 udp 5000 80 length 19
		bad ip 10.0.0.9 10.0.1.5 udp 5000 80 length 0
		bad ip 10.0.0.9 10.0.1.5 udp 5000 80 length 22
		bad ip 10.0.0.9 10.0.1.5 udp 5000 80 first 0x44
		bad ip 10.0.0.9 10.0.1.5 udp 5000 80 first 0x65
		bad ip6 fd00::9 fd00:1::5 udp 5000 80 data 20 length 29
		bad ip6 fd00::9 fd00:1::5 udp 5000 80 length 65535
		bad ip6 fd00::9 fd00:1::5 udp 5000 80 length 3
		bad ip6 fd00::9 fd00:1::5 udp 5000 80 first 0x40
		pass ip 10.0.0.9 10.0.1.5 udp 5000 80 data 20 length 28
		pass ip6 fd00::9 fd00:1::5 udp 5000 80 data 20 length 8
	EOF
}

# repeat N WORD
repeat() { printf "$2 %.0s" $(seq "$1"); }

too_many()
{
	both <<-EOF
		pass ip6 fd00::9 fd00:40::5 $(repeat 16 destination) udp 5000 123
		drop ip6 fd00::9 fd00:40::5 $(repeat 16 destination) udp 5000 124
		bad ip6 fd00::9 fd00:1::5 $(repeat 17 destination) udp 5000 123
		bad $(repeat 10 "vlan 7") ip 10.0.0.9 10.0.1.5 udp 1 1
	EOF
}

# Right and wrong frames: all arrive.
unlisted()
{
	local table direction

	table="ip 10.0.0.9 203.0.113.1 udp 1 1
type 0x8033 data 46
ip 10.0.0.9 10.0.1.5 cut 10
ip 10.0.0.9 10.0.1.5 udp 5000 80 length 65535
ip6 fd00::9 fd00:1::5 hopbyhop cut 1
$(repeat 10 "vlan 7") ip 10.0.0.9 10.0.1.5 udp 1 1"
	for direction in from to; do
		equal "frames that arrive" "$("send_$direction" $UNLISTED <<<"$table" | xargs)" "1 1 1 1 1 1"
	done
	both <<-EOF
		drop ip 10.0.0.9 203.0.113.1 udp 1 1
	EOF
}

other_policy()
{
	defer with_list
	policy | apply "$ns"
	both <<-EOF
		drop ip 10.0.0.9 10.0.1.5 udp 1 1
		drop ip6 fd00::9 fd00:1::5 udp 1 1
		pass arp
		pass ip6 fe80::9 fe80::1 icmp6 135 hops 255
	EOF
	{ policy; echo "allow = 0.0.0.0/0"; } | apply "$ns"
	both <<-EOF
		pass ip 10.0.0.9 203.0.113.1 udp 1 1
		drop ip6 fd00::9 fd00:1::5 udp 1 1
	EOF
	{ policy; echo "allow = ::/0 tcp 443"; } | apply "$ns"
	both <<-EOF
		drop ip 10.0.0.9 203.0.113.1 tcp 1 443
		pass ip6 fd00::9 fd00:1::5 tcp 1 443
		drop ip6 fd00::9 fd00:1::5 tcp 1 444
	EOF
}

# Stacks hand each other batches of many frames: three megabytes, two thousand frames.
batches()
{
	local size=3000000 from to

	gateway gw
	routed_host cam "$gw" lan0 $CAMERA 1
	routed_host rec "$gw" wan0 02:00:00:00:00:02 2
	echoes server "$rec"
	{ policy; echo "allow = 10.0.2.2 tcp $ECHO_PORT"; } | apply "$gw"
	within "$cam" "$here/talk" ask -w 60 -b $size tcp 10.0.2.2 $ECHO_PORT
	equal "dropped frames" "$(figure "$gw" cameras dropped)" 0
	from=$(figure "$gw" cameras packets from)
	to=$(figure "$gw" cameras packets to)
	echo "frames from the camera: $from, to it: $to"
	[ "$from" -ge $((size / 1460)) ]
	[ "$to" -ge $((size / 1460)) ]
	policy | apply "$gw"
	fails within "$cam" "$here/talk" ask -w 1 tcp 10.0.2.2 $ECHO_PORT
}

prepare
require_helpers
it "an entry with an address lets all protocols pass, to and from that peer only" by_address
it "an entry with a prefix lets its addresses pass, the first and the last too" by_prefix
it "an entry with a protocol lets only that pass" by_protocol
it "an entry with a port names the peer's port, not the camera's" by_port
it "an entry with a port range lets both ends of it pass" by_port_range
it "IPv6 entries: address, prefix, protocol, port, port range" ipv6
it "broadcast and multicast are dropped where no entry names them" to_all
it "ARP passes, tagged too" arp
it "neighbour discovery passes with hop limit 255, listener discovery with 1" neighbours
it "DHCP passes, to all and with private servers; it is no way to a public address" dhcp
it "DHCPv6 passes on the link" dhcpv6
it "other ethertypes are dropped, 0x8033 too" other_ethertypes
it "behind VLAN and QinQ tags the inner headers count" tags
it "IPv6 extension headers are skipped" extension_headers
it "later fragments match only entries without ports" fragments
it "cut off in the IPv4 header: malformed" truncated_ipv4
it "cut off in the IPv6 header or its extensions: malformed" truncated_ipv6
it "cut off before the ports: malformed" truncated_ports
it "lengths and versions that are not true: malformed" lies
it "17 extension headers or 10 VLAN tags: malformed" too_many
it "other devices' frames pass, whatever is in them" unlisted
it "what is allowed changes with the policy" other_policy
it "batches of segments pass, and each segment is counted" batches
run
