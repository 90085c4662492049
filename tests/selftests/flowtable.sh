#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# A flow that a software flowtable carries is judged packet by packet: a new policy stops it at once.
. "$(dirname "$0")/topology.sh"

# policy ACTION [LINE]
policy()
{
	apply "$gw" <<-EOF
		[camwall]
		interfaces = lan*
		[group cameras]
		prefix = 44:19:b6
		action = $1
		${2-}
	EOF
}

fixture()
{
	gateway gw
	routed_host cam "$gw" lan0 $CAMERA 1
	routed_host net "$gw" wan0 02:00:00:00:00:02 2
	echoes server "$net"
	echoes cam_server "$cam"
	reaches "$cam" 10.0.2.2 fd00:2::2
	within "$gw" nft -f - <<-EOF || skip_all "this kernel has no flowtables"
		table inet t {
			counter forwarded { }
			flowtable f {
				hook ingress priority 0
				devices = { lan0, wan0 }
			}
			chain forward {
				type filter hook forward priority 0
				counter name forwarded
				meta l4proto { tcp, udp } ct state established flow add @f
			}
		}
	EOF
}

# The forward chain sees no more of the flow, which goes on.
carried()
{
	local before

	goes_on stream
	before=$(packets "$gw" inet forwarded)
	goes_on stream
	[ $(($(packets "$gw" inet forwarded) - before)) -le 1 ]
}

# offloaded PROTOCOL ADDRESS
offloaded()
{
	policy observe
	streams stream "$cam" "$1" "$2"
	wait_for 20 carried
}

still_counted()
{
	local before after

	offloaded udp 10.0.2.2
	before="$(figure "$gw" cameras packets from) $(figure "$gw" cameras packets to)"
	carried
	after="$(figure "$gw" cameras packets from) $(figure "$gw" cameras packets to)"
	echo "packets from and to the camera: $before, then $after"
	[ $((${after% *} - ${before% *})) -ge 5 ]
	[ $((${after#* } - ${before#* })) -ge 5 ]
}

# stops ACTION [LINE]
stops()
{
	policy "$@"
	stopped stream "$gw" cameras
	cut_off "$cam" 10.0.2.2
	policy observe
}

udp_drop() { offloaded udp 10.0.2.2; stops drop; goes_on stream; }
udp6_drop() { offloaded udp fd00:2::2; stops drop; goes_on stream; }
tcp_drop() { offloaded tcp 10.0.2.2; stops drop; }
udp_isolate() { offloaded udp 10.0.2.2; stops isolate "allow = 10.0.2.3"; goes_on stream; }

allowed_goes_on()
{
	local before

	offloaded udp 10.0.2.2
	before=$(figure "$gw" cameras dropped)
	# The connection of an earlier flow may still be sending its end.
	policy isolate "allow = 10.0.2.2 udp $ECHO_PORT"$'\n'"allow = 10.0.2.2 tcp $ECHO_PORT"
	carried
	equal "dropped frames of the flow" $(($(figure "$gw" cameras dropped) - before)) 0
}

prepare
require_helpers
it "an offloaded flow is still counted, in both directions" still_counted
it "drop stops an offloaded UDP flow at once" udp_drop
it "drop stops an offloaded IPv6 flow at once" udp6_drop
it "drop stops an offloaded TCP flow at once" tcp_drop
it "isolate stops an offloaded flow to a peer that is not on the list" udp_isolate
it "isolate lets an offloaded flow to a peer on the list go on" allowed_goes_on
run
