#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# A frame from a listed device carries its group's tag in the packet mark, and is counted.
#
#	cam0 ---- lan0    one namespace, so that a mark set at cam0 arrives at lan0
#	          camwall (ingress), then nft: ingress, then prerouting
. "$(dirname "$0")/lib.sh"

# A /28 lies in the /24, a /36 in the /28, a /48 in the /36; each its own group.
policy()
{
	cat <<-EOF
		[camwall]
		interfaces = lan*
		mark-mask = 0xff00
		[group long]
		prefix = 28:57:be:10:00:05/48
		mark = 0x4800
		[group short]
		prefix = 28:57:be
		mark = 0x2400
		[group middle]
		prefix = 28:57:be:10:00/36
		mark = 0x3600
		[group medium]
		prefix = 28:57:be:10/28
		mark = 0x2800
		[group unmarked]
		prefix = 44:19:b6
		[group old]
		prefix = aa:00:04
		mark = 0xde00
	EOF
}

# Frames by source and mark, at the two places where a user would look for the mark.
counting_rules()
{
	cat <<-EOF
		table inet t {
			set seen { type ether_addr . mark; size 256; flags dynamic; }
			chain c {
				type filter hook prerouting priority raw
				update @seen { ether saddr . meta mark counter }
			}
		}
		table netdev t {
			set seen { type ether_addr . mark; size 256; flags dynamic; }
			chain c {
				type filter hook ingress device lan0 priority 0
				update @seen { ether saddr . meta mark counter }
			}
		}
	EOF
}

fixture()
{
	namespace ns
	wire "$ns" cam0 lan0
	policy | apply "$ns"
	counting_rules | within "$ns" nft -f -
}

# seen FAMILY SOURCE: "MARK PACKETS" for each mark that its frames had.
seen()
{
	within "$ns" nft list set "$1" t seen |
		sed -n "s/.*$2 \. \(0x[0-9a-f]*\) counter packets \([0-9]*\) .*/\1 \2/p"
}

# tagged SOURCE MARK TYPE [FAMILY [OPTION...]]: five frames are sent, all of them carry that
# mark. Every caller has a source of its own.
tagged()
{
	local source=$1 mark=$2 type=$3 family=${4-inet}

	shift 3
	[ $# -eq 0 ] || shift
	equal "frames that arrive" "$(frames "$ns" cam0 lan0 "$source" -t "$type" "$@")" 5
	equal "marks and frames" "$(seen "$family" "$source")" "$(printf '0x%08x 5' "$mark")"
}

ipv4() { tagged 28:57:be:00:00:01 0x2400 ipv4; }
ipv6() { tagged 28:57:be:00:00:02 0x2400 ipv6; }
arp() { tagged 28:57:be:00:00:03 0x2400 arp netdev; }
discovery() { tagged 28:57:be:00:00:04 0x2400 0x8033 netdev; }
vlan() { tagged 28:57:be:00:00:05 0x2400 ipv4 netdev -V 7; }
longest_24() { tagged 28:57:be:20:00:05 0x2400 ipv4; }
longest_28() { tagged 28:57:be:1f:00:05 0x2800 ipv4; }
longest_36() { tagged 28:57:be:10:00:06 0x3600 ipv4; }
longest_48() { tagged 28:57:be:10:00:05 0x4800 ipv4; }
unlisted() { tagged $UNLISTED 0x1234abcd ipv4 inet -m 0x1234abcd; }
neighbour() { tagged 28:57:bf:00:00:01 0 ipv4; }
locally_administered() { tagged 2a:57:be:00:00:01 0 ipv4; }
locally_administered_listed() { tagged aa:00:04:00:00:01 0xde00 ipv4; }
other_bits() { tagged 28:57:be:00:00:06 0x123424cd ipv4 inet -m 0x1234abcd; }
no_mark() { tagged 44:19:b6:00:00:01 0x1234abcd ipv4 inet -m 0x1234abcd; }

# counters GROUP: "packets bytes dropped", from the beginning.
counters()
{
	cw "$ns" stats -j |
		value ".[] | select(.group == \"$1\") | \"\(.packets) \(.bytes) \(.dropped)\""
}

counts()
{
	cw "$ns" flush
	policy | apply "$ns"
	frames "$ns" cam0 lan0 28:57:be:00:00:07 -s $UNLISTED -c 7
	frames "$ns" cam0 lan0 28:57:be:00:00:07 -t arp -c 3
	equal "counters of the group" "$(counters short)" "10 900 0"
	equal "counters of another one" "$(counters medium)" "0 0 0"
}

counters_survive()
{
	local before

	frames "$ns" cam0 lan0 44:19:b6:00:00:02
	before=$(count "$ns" unmarked packets)
	[ "$before" -gt 0 ]
	policy | sed 's/0xde00/0xdd00/' | apply "$ns"
	equal "packets after a commit" "$(count "$ns" unmarked packets)" "$before"
	frames "$ns" cam0 lan0 44:19:b6:00:00:02
	equal "packets of both policies" "$(count "$ns" unmarked packets)" $((before + 5))
}

lookup()
{
	equal "prefixes and groups" "$(cw "$ns" lookup -j 28:57:be:1f:00:05 28:57:be:10:00:05 \
		$UNLISTED | value '.[] | "\(.prefix) \(.group)"' | xargs)" \
		"28:57:be:10/28 medium 28:57:be:10:00:05/48 long null null"
}

prepare
it "an IPv4 packet of a listed /24 carries its group's tag" ipv4
it "an IPv6 packet of a listed /24 carries its group's tag" ipv6
it "an ARP frame of a listed /24 carries its group's tag" arp
it "a frame of ethertype 0x8033 of a listed /24 carries its group's tag" discovery
it "a VLAN-tagged frame of a listed /24 carries its group's tag" vlan
it "the /24 holds beside the /28 in it" longest_24
it "a /28 beats the /24 around it" longest_28
it "a /36 beats the /28 around it" longest_36
it "a /48 beats the /36 around it" longest_48
it "an unlisted device's mark is left as it is" unlisted
it "the block next to a listed one is unlisted" neighbour
it "a listed block with the locally administered bit set is another block" locally_administered
it "a listed locally administered block is tagged" locally_administered_listed
it "bits outside of mark-mask are left as they are, those inside are replaced" other_bits
it "a group without a mark leaves the mark as it is" no_mark
it "a group counts its frames and their octets" counts
it "counters survive a commit" counters_survive
it "lookup says what the packets get" lookup
run
