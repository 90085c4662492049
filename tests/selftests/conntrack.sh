#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# With "conntrack = yes" the forward chain knows a camera's connections, in both directions.
#
#	cam ---- lan0  gw  wan0 ---- peer
. "$(dirname "$0")/topology.sh"

TAG=0x01000000

policy()
{
	cat <<-EOF
		[camwall]
		interfaces = lan*
		mark-mask = 0xff000000
		conntrack = ${1-yes}
		[group cameras]
		prefix = 44:19:b6
		mark = ${2-$TAG}
	EOF
}

fixture()
{
	gateway gw
	routed_host cam "$gw" lan0 $CAMERA 1
	routed_host peer "$gw" wan0 02:00:00:00:00:02 2
	routed_host other "$gw" wan1 02:00:00:00:00:03 3
	echoes cam_server "$cam"
	echoes peer_server "$peer"
	reaches "$cam" 10.0.2.2 fd00:2::2
	reaches "$other" 10.0.1.2 10.0.2.2
}

# What the forward chain sees of each direction: all, by meta mark, by ct mark.
counting()
{
	within "$gw" nft -f - <<-EOF
		table inet t
		delete table inet t
		table inet t {
			counter up { }
			counter up_meta { }
			counter up_ct { }
			counter down { }
			counter down_meta { }
			counter down_ct { }
			counter others { }
			chain forward {
				type filter hook forward priority 0
				meta l4proto != { tcp, udp } accept
				iifname lan0 goto up
				oifname lan0 goto down
				meta mark & 0xff000000 != 0 counter name others
				ct mark & 0xff000000 != 0 counter name others
			}
			chain up {
				counter name up
				meta mark & 0xff000000 == $TAG counter name up_meta
				ct mark & 0xff000000 == $TAG counter name up_ct
			}
			chain down {
				counter name down
				meta mark & 0xff000000 == $TAG counter name down_meta
				ct mark & 0xff000000 == $TAG counter name down_ct
			}
		}
	EOF
}

marked()
{
	local counter

	for counter in up up_meta up_ct down down_meta down_ct; do
		packets "$gw" inet $counter
	done | xargs
}

setup()
{
	policy "$@" | apply "$gw"
	counting
}

# ask HOST PROTOCOL ADDRESS
ask() { within "$1" "$here/talk" ask "$2" "$3" $ECHO_PORT; }

by_camera()
{
	local address up rest

	for address in 10.0.2.2 fd00:2::2; do
		setup
		ask "$cam" udp $address
		equal "marked, to and from $address" "$(marked)" "1 1 1 1 1 1"
		ask "$cam" tcp $address
		read -r up _ _ down rest < <(marked)
		echo "$up packets from the camera, $down to it"
		[ "$up" -gt 3 ]
		[ "$down" -gt 3 ]
		equal "marked, to and from $address" "$(marked)" "$up $up $up $down $down $down"
	done
}

# Its first packet is tagged behind the forward chain, and with that the connection.
to_camera()
{
	local address up down rest

	for address in 10.0.1.2 fd00:1::2; do
		setup
		ask "$peer" udp $address
		equal "marked, from and to $address" "$(marked)" "1 1 1 1 0 0"
		counting
		ask "$peer" tcp $address
		read -r up _ _ down rest < <(marked)
		echo "$up packets from the camera, $down to it"
		[ "$down" -gt 3 ]
		equal "marked, from and to $address" "$(marked)" \
			"$up $up $up $down $((down - 1)) $((down - 1))"
	done
}

others()
{
	setup
	ask "$other" udp 10.0.2.2
	ask "$other" tcp 10.0.2.2
	equal "marked packets between others" "$(packets "$gw" inet others)" 0
}

# The gateway's own connections meet no forward chain: the output chain knows its answers.
own()
{
	echoes gw_server "$gw"
	setup
	within "$gw" nft -f - <<-EOF
		table inet t {
			counter answers { }
			chain output {
				type filter hook output priority 0
				udp sport $ECHO_PORT meta mark & 0xff000000 == $TAG counter name answers
			}
		}
	EOF
	ask "$cam" udp 10.0.1.1
	equal "the gateway's tagged answers" "$(packets "$gw" inet answers)" 1
}

wished_only()
{
	setup no
	ask "$cam" udp 10.0.2.2
	equal "marked with conntrack = no" "$(marked)" "1 1 0 1 0 0"
	equal "state" "$(cw "$gw" status -j | value .conntrack_state)" off
	setup
	ask "$cam" udp 10.0.2.2
	equal "marked with conntrack = yes" "$(marked)" "1 1 1 1 1 1"
	equal "state" "$(cw "$gw" status -j | value .conntrack_state)" active
}

# Nothing here asks for connections, so nothing tracks them.
no_conntrack()
{
	policy | apply "$gw"
	within "$gw" nft -f - <<-EOF
		table inet t
		delete table inet t
		table inet t {
			counter up_meta { }
			counter down_meta { }
			chain forward {
				type filter hook forward priority 0
				iifname lan0 udp dport $ECHO_PORT meta mark & 0xff000000 == $TAG counter name up_meta
				oifname lan0 udp sport $ECHO_PORT meta mark & 0xff000000 == $TAG counter name down_meta
			}
		}
	EOF
	equal "state" "$(cw "$gw" status -j | value .conntrack_state)" inactive
	ask "$cam" udp 10.0.2.2
	equal "tagged packets from the camera" "$(packets "$gw" inet up_meta)" 1
	equal "tagged packets to it" "$(packets "$gw" inet down_meta)" 0
}

# A VPN's or a shaper's bits, in both marks.
other_bits()
{
	setup
	within "$gw" nft -f - <<-EOF
		table inet t {
			counter ct_bits { }
			counter up_bits { }
			counter down_bits { }
			chain prerouting {
				type filter hook prerouting priority mangle
				udp dport $ECHO_PORT ct mark set ct mark | 0x50
				meta mark set meta mark | 0x7
			}
			chain late {
				type filter hook forward priority 10
				meta l4proto != udp accept
				ct mark 0x01000050 counter name ct_bits
				iifname lan0 meta mark 0x01000007 counter name up_bits
				oifname lan0 meta mark 0x01000007 counter name down_bits
			}
		}
	EOF
	ask "$cam" udp 10.0.2.2
	equal "with all bits: ct mark, meta mark up and down" \
		"$(packets "$gw" inet ct_bits) $(packets "$gw" inet up_bits) $(packets "$gw" inet down_bits)" "2 1 1"
}

# A connection that goes on gets the new tag with the camera's next packet.
changes()
{
	setup yes 0x02000000
	streams stream "$cam" udp 10.0.2.2
	equal "packets with the new tag" "$(packets "$gw" inet up_meta) $(packets "$gw" inet down_ct)" "0 0"
	policy | apply "$gw"
	goes_on stream
	[ "$(packets "$gw" inet up_meta)" -gt 0 ]
	[ "$(packets "$gw" inet down_meta)" -gt 0 ]
	[ "$(packets "$gw" inet down_ct)" -gt 0 ]
}

prepare
require_helpers
it "a connection that the camera opens is tagged from its first packet, both ways" by_camera
it "one opened towards the camera is tagged from the first answer on" to_camera
it "connections between others stay untagged" others
it "the gateway's own answers to a camera are tagged" own
it "without the wish connections stay unmarked; status says which it is" wished_only
it "where nothing tracks connections packets are tagged still; status says inactive" no_conntrack
it "other users' bits survive in both marks" other_bits
it "a connection takes the tag of a new policy" changes
run
