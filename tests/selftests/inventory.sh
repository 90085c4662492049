#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The inventory: what is known of each device, and who stays in it.
. "$(dirname "$0")/devices.sh"

# --- What is known ------------------------------------------------------------------------

listed()
{
	local before after

	setup
	commit
	equal "devices before the first frame" "$(devices)" ""
	before=$(now)
	frames "$ns" cam0 lan0 $CAMERA -s $UNLISTED -c 3
	after=$(now)
	equal "devices" "$(devices)" "$CAMERA"
	is group cameras
	is group-id 0
	is exempt 0
	is gone 0
	is ifname lan0
	is ifindex "$(ip -n "$ns" -j link show lan0 | value '.[].ifindex')"
	is vlan ""
	is from-packets 3
	is from-bytes 270
	is from-dropped 0
	is to-packets 0
	[ "$(known first-seen)" -ge $((before - 1)) ]
	[ "$(known first-seen)" -le $((after + 1)) ]
	[ "$(known last-seen)" -ge "$(known first-seen)" ]
	[ "$(known last-seen)" -le $((after + 1)) ]
}

goes_on()
{
	local first last

	setup
	commit
	send $CAMERA "$UDP"
	first=$(known first-seen)
	last=$(known last-seen)
	pass_seconds 2
	[ "$(known idle-time)" -ge 2 ]
	equal "last-seen without a frame" "$(known last-seen)" "$last"
	send $CAMERA "$UDP"
	is first-seen "$first"
	[ "$(known last-seen)" -ge $((last + 2)) ]
	[ "$(known idle-time)" -le 1 ] || [ "$(known idle-time)" -le $(($(now) - last - 2)) ]
	is from-packets 2
}

by_mac()
{
	setup
	commit
	send $CAMERA "$UDP"
	equal "the one that is asked for" \
		"$(within "$ns" "$here/inventory" list $CAMERA | field mac)" $CAMERA
	refused 1 within "$ns" "$here/inventory" list $NEIGHBOUR
	contains "$said" "not in the inventory"
}

# A tag that has only a priority is none.
places()
{
	setup
	wire "$ns" cam1 lan1
	commit
	send $CAMERA "vlan 7 $UDP"
	is vlan 7
	is vlan-protocol $((0x8100))
	send $CAMERA "qinq 8 vlan 9 $UDP"
	is vlan 8
	is vlan-protocol $((0x88a8))
	send $CAMERA "vlan $((5 << 13)) $UDP"
	is vlan ""
	is ifname lan0
	port=1 send $CAMERA "$UDP"
	is ifname lan1
	ip -n "$ns" link del lan1
	is ifname ""
	is vlan ""
	is from-packets 4
}

ipv4()
{
	setup
	commit
	send $CAMERA "type 0x8033 data 50"
	is ipv4 ""
	is ipv6 ""
	send $CAMERA "$UDP"
	is ipv4 10.0.0.7
	send $CAMERA "ip 0.0.0.0 255.255.255.255 udp 68 67"
	is ipv4 10.0.0.7
	send $CAMERA "arp sender $CAMERA 10.0.0.8"
	is ipv4 10.0.0.8
	# A probe (RFC 5227), and one that a repeater passes on.
	send $CAMERA "arp sender $CAMERA 0.0.0.0"
	send $CAMERA "arp sender 00:00:5e:00:53:09 10.0.0.9"
	send $CAMERA "arp"
	is ipv4 10.0.0.8
	send $CAMERA "qinq 8 vlan 9 ip 10.0.0.10 10.0.0.2 udp 1 1"
	is ipv4 10.0.0.10
	send $CAMERA "ip 10.0.0.11 10.0.0.2 cut 10"
	is ipv4 10.0.0.10
	is ipv6 ""
}

ipv6()
{
	setup
	commit
	send $CAMERA "ip6 :: ff02::16 icmp6 143"
	is ipv6 ""
	send $CAMERA "ip6 fe80::7 ff02::1 icmp6 136"
	is ipv6 fe80::7
	send $CAMERA "ip6 2001:db8::7 2001:db8::1 udp 1 1"
	is ipv6 2001:db8::7
	send $CAMERA "ip6 fe80::7 ff02::1 icmp6 136"
	send $CAMERA "ip6 :: ff02::16 icmp6 143"
	is ipv6 2001:db8::7
	send $CAMERA "vlan 7 ip6 2001:db8::8 2001:db8::1 udp 1 1"
	is ipv6 2001:db8::8
	is ipv4 ""
}

# Both directions and each reason, over several policies.
counters()
{
	setup
	commit
	send $CAMERA "$UDP"
	action=drop commit
	send $CAMERA "$UDP"
	send $CAMERA "$UDP"
	receive $CAMERA "$UDP"
	is from-policy 2
	is to-policy 1
	action=isolate commit
	send $CAMERA "$UDP"
	receive $CAMERA "$UDP"
	receive $CAMERA "$UDP"
	send $CAMERA "ip 10.0.0.7 10.0.0.2 udp 1 1 cut 6"
	receive $CAMERA "ip 10.0.0.2 10.0.0.7 udp 1 1 cut 6"
	is from-not-allowed 1
	is to-not-allowed 2
	is from-malformed 1
	is to-malformed 1
	action=limit burst=720 commit
	equal "frames within the burst" "$(send $CAMERA "$UDP")" 1
	send $CAMERA "$UDP"
	receive $CAMERA "$UDP"
	receive $CAMERA "$UDP"
	is from-limit 1
	is to-limit 2
	is from-dropped 5
	is to-dropped 6
	is from-packets 7
	is to-packets 6
	is from-policy 2
}

both_ways()
{
	setup
	commit
	receive $NEIGHBOUR "$UDP"
	equal "devices that only frames were sent to" "$(devices)" ""
	send $CAMERA "$UDP"
	receive $CAMERA "$UDP"
	equal "devices" "$(devices)" "$CAMERA"
	is to-packets 1
	is to-bytes 90
}

exempt()
{
	setup
	action=drop commit "exempt=$CAMERA@$(($(now) + 3600))"
	frames "$ns" cam0 lan0 $CAMERA -s $NEIGHBOUR -c 2
	is exempt 1
	is from-dropped 0
	is exempt 0 $NEIGHBOUR
	is from-dropped 2 $NEIGHBOUR
}

# --- As policies change -------------------------------------------------------------------

survives()
{
	local first

	setup
	commit
	send $CAMERA "$UDP"
	first=$(known first-seen)
	action=drop commit
	is first-seen "$first"
	is from-packets 1
	is ipv4 10.0.0.7
	within "$ns" "$here/inventory" commit 'interface=lan*' group=first action=observe \
		prefix=2857be group=second action=observe prefix=4419b6000001
	is group second
	is group-id 1
	send $CAMERA "$UDP"
	is from-packets 2
	is first-seen "$first"
}

not_listed()
{
	setup
	commit
	frames "$ns" cam0 lan0 $CAMERA -s $NEIGHBOUR
	within "$ns" "$here/inventory" commit 'interface=lan*' group=one action=observe prefix=4419b6000001
	equal "devices that are listed still" "$(devices)" "$CAMERA"
	cw "$ns" flush
	equal "devices without a policy" "$(devices)" ""
	commit
	send $CAMERA "$UDP"
	is from-packets 1
}

flush()
{
	setup
	commit
	frames "$ns" cam0 lan0 $CAMERA -s $NEIGHBOUR
	equal "devices, as counted" "$(total devices)" 2
	within "$ns" "$here/inventory" flush
	equal "devices after it" "$(devices)" ""
	equal "devices, as counted" "$(total devices)" 0
	send $CAMERA "$UDP"
	is from-packets 1
}

settings()
{
	setup
	commit
	equal "max-devices" "$(total max-devices)" 4096
	commit max-devices=65536 idle=31536000
	equal "max-devices" "$(total max-devices)" 65536
	equal "idle" "$(total idle)" 31536000
	for setting in max-devices=15 max-devices=65537 idle=0 idle=31536001; do
		refused 1 commit $setting
	done
	equal "max-devices" "$(total max-devices)" 65536
	commit max-devices=16 idle=1
	equal "idle" "$(total idle)" 1
	namespace other
	ns=$other
	equal "max-devices where there is no policy" "$(total max-devices)" 4096
}

# Whoever is in it is found again, whatever its size.
resize()
{
	setup
	commit max-devices=64
	send 44:19:b6:01:00:00 "$UDP" -c 40
	commit max-devices=65536
	equal "devices in a larger one" "$(devices | wc -l)" 40
	send 44:19:b6:01:00:00 "$UDP" -c 60
	equal "devices" "$(devices | wc -l)" 60
	is from-packets 2 44:19:b6:01:00:27
	is from-packets 1 44:19:b6:01:00:28
	commit max-devices=100
	equal "devices in a smaller one" "$(devices | wc -l)" 60
	is from-packets 2 44:19:b6:01:00:00
	pass_seconds 1
	send 44:19:b6:01:00:05 "$UDP" -c 16
	commit max-devices=16
	equal "those seen last stay where there is less room" "$(devices | xargs)" \
		"$(printf '44:19:b6:01:00:%02x\n' {5..20} | xargs)"
	equal "evicted" "$(total device-evicted)" 44
	is from-packets 3 44:19:b6:01:00:05
}

# --- The bound ----------------------------------------------------------------------------

bound()
{
	setup
	commit max-devices=16
	equal "frames of more devices than there is room for" \
		"$(send 44:19:b6:01:00:00 "$UDP" -c 40)" 40
	equal "devices" "$(total devices)" 16
	equal "devices that came, went or were refused" \
		"$(accounted)" 40
	[ "$(total device-refused)" -gt 0 ]
}

# The first is silent longest. All others are too, but not as long.
oldest_goes()
{
	local i

	setup
	commit max-devices=16
	send $CAMERA "$UDP"
	pass_seconds 2
	send 44:19:b6:01:00:00 "$UDP" -c 15
	is from-packets 1
	# All are silent long enough to go.
	pass_seconds 6
	newcomer_listed() { send 44:19:b6:02:00:00 "$UDP" && [ -n "$(device 44:19:b6:02:00:00)" ]; }
	wait_for 60 newcomer_listed
	equal "the one that was silent longest" "$(device)" ""
	equal "evicted" "$(total device-evicted)" 1
	for ((i = 0; i < 15; i++)); do
		is from-packets 1 "$(printf '44:19:b6:01:00:%02x' $i)"
	done
}

# Sixteen that send all the time, and as many places: whoever comes has to wait.
active_stays()
{
	local active since

	setup
	commit max-devices=16
	active=$(printf '44:19:b6:01:00:%02x\n' {0..15} | xargs)
	# shellcheck disable=SC2046
	start first "$ns" "$here/inject" -f -o cam0 -i lan0 $(printf -- '-s 44:19:b6:01:00:%02x ' {0..7})
	# shellcheck disable=SC2046
	start second "$ns" "$here/inject" -f -o cam0 -i lan0 $(printf -- '-s 44:19:b6:01:00:%02x ' {8..15})
	all_there() { [ "$(devices | xargs)" = "$active" ]; }
	wait_for 20 all_there
	since=$(uptime)
	while [ $(($(uptime) - since)) -lt 10 ]; do
		send 44:19:b6:02:00:00 "$UDP" -c 20 >>"$tmp/out"
	done
	equal "evicted" "$(total device-evicted)" 0
	equal "the devices" "$(devices | xargs)" "$active"
	[ "$(total device-refused)" -ge 20 ]
}

# Devices that are there, have gone, or found no place; of one moment, as some go all the time.
accounted()
{
	within "$ns" "$here/inventory" status | tr ' ' '\n' |
		awk -F= '/^(devices|device-evicted|device-refused)=/ { n += $2 } END { print n + 0 }'
}

dump_is_whole() { [ "$(devices | uniq | wc -l)" = "$(total devices)" ]; }

# A hundred thousand addresses of the block: what is in force holds for each frame.
flood()
{
	local passed

	setup
	commit
	send $CAMERA "$UDP"
	passed=$(send 44:19:b6:10:00:00 "$UDP" -c 100000)
	equal "frames of the flood that pass" "$passed" 100000
	[ "$(total devices)" -le 4096 ]
	equal "devices that came, went or were refused" \
		"$(accounted)" 100001
	wait_for 20 dump_is_whole
	equal "frames as the group counts them" "$(figure "$ns" cameras packets)" 100001
	action=drop commit
	equal "frames that pass where the policy drops" "$(send 44:19:b6:20:00:00 "$UDP" -c 10000)" 0
	[ "$(total devices)" -le 4096 ]
}

# The size changes all the time, and devices come, while both are read.
under_fire()
{
	local i

	setup
	commit
	start flood "$ns" bash -c "while :; do echo '$UDP' | '$here/craft' -o cam0 -i lan0 -m 44:19:b6:01:00:00 -c 500; done"
	for ((i = 0; i < 15; i++)); do
		commit max-devices=$((16 << (i * 5 % 13)))
		within "$ns" "$here/inventory" list >"$tmp/out"
		[ $((i % 5)) -ne 4 ] || within "$ns" "$here/inventory" flush
		[ "$(total devices)" -le $((16 << (i * 5 % 13))) ]
	done
	stop flood || :
	commit max-devices=1024
	send 44:19:b6:01:00:00 "$UDP" -c 500
	equal "devices afterwards, each once" "$(devices | uniq | grep -c 44:19:b6:01:)" 500
}

gone()
{
	local first

	setup
	commit idle=5
	send $CAMERA "$UDP"
	first=$(known first-seen)
	is gone 0
	wait_for 30 knows gone 1
	[ "$(known idle-time)" -ge 5 ]
	send $CAMERA "$UDP"
	is gone 0
	is first-seen "$first"
	is from-packets 2
	commit
	pass_seconds 2
	is gone 0
}

# --- The clock ----------------------------------------------------------------------------

set_clock() { date -s "@$1"; }

clock()
{
	local first last real

	setup
	commit
	send $CAMERA "$UDP"
	pass_seconds 2
	first=$(known first-seen)
	last=$(known last-seen)
	real=$(now)
	defer "set_clock \$(($real - $(uptime) + \$(uptime)))"
	set_clock $((real - 900000)) || skip "the clock cannot be set here"
	[ $((first - $(known first-seen))) -ge 899990 ]
	[ $((first - $(known first-seen))) -le 900010 ]
	[ "$(known idle-time)" -ge 2 ]
	[ "$(known idle-time)" -le 60 ]
	is gone 0
	set_clock $((real + 900000))
	[ $(($(known last-seen) - last)) -ge 899990 ]
	[ "$(known idle-time)" -le 60 ]
	is gone 0
	send $CAMERA "$UDP"
	equal "devices" "$(devices)" "$CAMERA"
	is gone 0
}

separate()
{
	setup
	commit
	send $CAMERA "$UDP"
	namespace other
	equal "devices of another namespace" "$(within "$other" "$here/inventory" list)" ""
	refused 1 setpriv --reuid=65534 --regid=65534 --clear-groups "$here/inventory" list
	refused 1 setpriv --reuid=65534 --regid=65534 --clear-groups "$here/inventory" flush
	equal "devices" "$(devices)" "$CAMERA"
}

prepare
require_helpers
[ -x "$here/inventory" ] || skip_all "no helpers: run make in $here"
it "a device that sends is in it, with its place, times and counters" listed
it "the first time stays, the last one goes on" goes_on
it "one device can be asked for; one that is not there is refused" by_mac
it "the place is the port and the outer VLAN tag" places
it "the last IPv4 address, from IP and ARP" ipv4
it "the last IPv6 address; a link-local one does not replace another" ipv6
it "counters by direction and reason" counters
it "frames for an address that never sent make no entry" both_ways
it "an exempt device is shown as such" exempt
it "it survives a change of policy, and shows the new group" survives
it "who is not listed any more leaves it" not_listed
it "a flush empties it" flush
it "its settings are kept, and checked" settings
it "it can grow and shrink; those seen last stay" resize
it "it holds no more devices than it may" bound
it "the one that was silent longest makes room" oldest_goes
it "who is active stays" active_stays
it "a flood of addresses neither grows it nor changes a verdict" flood
it "size, flush and reading while devices come" under_fire
it "a device that is idle is gone, and comes back as the same" gone
it "a clock that is set changes no age" clock
it "it belongs to one namespace and its administrator" separate
run
