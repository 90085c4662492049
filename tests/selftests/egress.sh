#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Frames to a listed device are judged where they go out, by their destination address.
. "$(dirname "$0")/topology.sh"

OTHER=28:57:be:00:00:01
FRAMES="ip 10.0.0.1 10.0.0.2 udp 1 1
ip6 fd00::1 fd00::2 udp 1 1
arp
vlan 7 ip 10.0.0.1 10.0.0.2 udp 1 1
qinq 100 vlan 7 ip6 fd00::1 fd00::2 udp 1 1
type 0x8033 data 46"

# policy ACTION
policy()
{
	apply "$ns" <<-EOF
		[camwall]
		interfaces = lan*
		mark-mask = 0xff
		[group cameras]
		prefix = 44:19:b6
		action = $1
		mark = 5
		[group others]
		prefix = 28:57:be
		mark = 6
	EOF
}

fixture()
{
	namespace ns
	wire "$ns" cam0 lan0
	wire "$ns" cam1 wan0
}

# sent DEVICE PEER MAC: which of the frames to that address arrive.
sent() { within "$ns" "$here/craft" -o "$1" -i "$2" -t -m "$3" <<<"$FRAMES" | xargs; }

drops()
{
	policy drop
	equal "frames that arrive" "$(sent lan0 cam0 $CAMERA)" "0 0 0 0 0 0"
	equal "frames to others" "$(sent lan0 cam0 $OTHER)" "1 1 1 1 1 1"
	equal "frames to an unlisted device" "$(sent lan0 cam0 $UNLISTED)" "1 1 1 1 1 1"
	equal "frames to the camera at a device that is not bound" "$(sent wan0 cam1 $CAMERA)" "1 1 1 1 1 1"
	equal "dropped, as counted" "$(figure "$ns" cameras dropped_policy to)" 6
}

observes()
{
	local before

	policy observe
	before=$(figure "$ns" cameras packets to)
	equal "frames that arrive" "$(sent lan0 cam0 $CAMERA)" "1 1 1 1 1 1"
	equal "counted to it" $(($(figure "$ns" cameras packets to) - before)) 6
	equal "counted from it" "$(figure "$ns" cameras packets from)" 0
}

octets()
{
	local before

	policy observe
	before=$(figure "$ns" cameras bytes to)
	echo "ip 10.0.0.1 10.0.0.2 udp 1 1 data 58" |
		within "$ns" "$here/craft" -o lan0 -i cam0 -t -m $CAMERA
	equal "octets of one frame" $(($(figure "$ns" cameras bytes to) - before)) 100
}

tagged()
{
	local mac

	policy observe
	within "$ns" nft -f - <<-EOF
		table netdev t {
			counter five { }
			counter six { }
			counter none { }
			chain c {
				type filter hook ingress device cam0 priority 0
				ether type != ip accept
				ether daddr $CAMERA meta mark 5 counter name five accept
				ether daddr $OTHER meta mark 6 counter name six accept
				ether daddr $UNLISTED meta mark 0 counter name none accept
			}
		}
	EOF
	for mac in $CAMERA $OTHER $UNLISTED; do
		echo "ip 10.0.0.1 10.0.0.2 udp 1 1" |
			within "$ns" "$here/craft" -o lan0 -i cam0 -t -m $mac
	done
	equal "with the tag of one group" "$(packets "$ns" netdev five)" 1
	equal "with that of the other" "$(packets "$ns" netdev six)" 1
	equal "of an unlisted device, without" "$(packets "$ns" netdev none)" 1
}

between_two()
{
	local before

	policy observe
	before=$(figure "$ns" cameras packets from),$(figure "$ns" others packets to)
	echo "ip 10.0.0.1 10.0.0.2 udp 1 1" |
		within "$ns" "$here/craft" -o cam0 -i lan0 -m $CAMERA -d $OTHER
	echo "ip 10.0.0.1 10.0.0.2 udp 1 1" |
		within "$ns" "$here/craft" -o lan0 -i cam0 -m $CAMERA -d $OTHER
	equal "counted from the one, to the other" \
		"$(figure "$ns" cameras packets from),$(figure "$ns" others packets to)" \
		"$((${before%,*} + 1)),$((${before#*,} + 1))"
}

prepare
require_helpers
it "nothing reaches a device of a group with drop" drops
it "with observe all pass, and are counted as frames to it" observes
it "octets are counted from the Ethernet header on" octets
it "a frame to a device carries its group's tag" tagged
it "a frame from one device to another is counted for each of them" between_two
run
