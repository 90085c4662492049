#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# A device of a group with "action = limit" passes at the group's rate, and not above.
#
# That the rate is kept within 1 % is proved in simulated time, by a unit test; here a slow
# machine must not fail, so frames are compared with the time that has really passed.
. "$(dirname "$0")/topology.sh"

OTHER=44:19:b6:00:00:02

# policy LIMIT
policy()
{
	apply "$ns" <<-EOF
		[camwall]
		interfaces = lan*
		[group cameras]
		prefix = 44:19:b6
		action = limit
		limit = $1
	EOF
}

# A table of devices that nobody has used yet.
setup()
{
	namespace ns
	wire "$ns" cam0 lan0
	policy "$1"
}

milliseconds() { echo $((${EPOCHREALTIME/./} / 1000)); }

# within_rate FRAMES BURST RATE SINCE: no more than that many a second since then, and the burst.
within_rate()
{
	local most=$(($2 + $3 * ($(milliseconds) - $4) / 1000 + 1))

	echo "$1 frames passed, at least $2 and at most $most can"
	[ "$1" -ge "$2" ]
	[ "$1" -le $most ]
}

burst()
{
	local since

	setup "2 packets/s burst 7"
	since=$(milliseconds)
	within_rate "$(frames "$ns" cam0 lan0 $CAMERA -c 60)" 7 2 "$since"
}

# Bits count from the Ethernet header on: inject's frames have 90 octets, 720 bits.
bits()
{
	local since

	setup "720 bit/s burst 7200 bit"
	since=$(milliseconds)
	within_rate "$(frames "$ns" cam0 lan0 $CAMERA -c 60)" 10 1 "$since"
	policy "4 mbit/s"
	equal "frames within the default burst" "$(frames "$ns" cam0 lan0 $OTHER -c 60)" 60
}

# The burst is two seconds' worth: for so long the sender may be held up.
rate()
{
	local outer inner passed least most

	setup "50 packets/s burst 100"
	outer=$(milliseconds)
	start flood "$ns" "$here/inject" -f -o cam0 -i lan0 -s $CAMERA
	wait_for 20 limited
	inner=$(milliseconds)
	wait_for 20 later $((inner + 3000))
	inner=$(($(milliseconds) - inner))
	stop flood
	passed=$(cat "$tmp/flood")
	least=$((100 + 50 * inner * 7 / 10000))
	most=$((101 + 50 * ($(milliseconds) - outer) / 1000))
	echo "$passed frames passed, $least to $most should"
	[ "$passed" -ge $least ]
	[ "$passed" -le $most ]
	equal "dropped, but not for the limit" \
		$(($(figure "$ns" cameras dropped) - $(figure "$ns" cameras dropped_limit))) 0
	equal "passed, as counted" \
		$(($(figure "$ns" cameras packets) - $(figure "$ns" cameras dropped))) "$passed"
}

limited() { [ "$(figure "$ns" cameras dropped_limit)" -gt 100 ]; }
later() { [ "$(milliseconds)" -ge "$1" ]; }

per_device()
{
	local since passed

	setup "1 packets/s burst 6"
	since=$(milliseconds)
	passed=$(frames "$ns" cam0 lan0 $CAMERA -s $OTHER -s $UNLISTED -c 30)
	within_rate "${passed%% *}" 6 1 "$since"
	passed=${passed#* }
	within_rate "${passed% *}" 6 1 "$since"
	equal "frames of an unlisted device" "${passed#* }" 30
}

# to_camera COUNT: of so many frames to the camera, how many arrive.
to_camera()
{
	local i

	for ((i = 0; i < $1; i++)); do
		echo "ip 10.0.0.1 10.0.0.2 udp 1 1 data 48" |
			within "$ns" "$here/craft" -o lan0 -i cam0 -t -m $CAMERA
	done | awk '{ n += $1 } END { print n }'
}

both_directions()
{
	local since passed

	setup "1 packets/s burst 40"
	since=$(milliseconds)
	passed=$(frames "$ns" cam0 lan0 $CAMERA -c 37)
	equal "frames from the camera" "$passed" 37
	passed=$((passed + $(to_camera 12)))
	within_rate $passed 40 1 "$since"
	equal "dropped on the way to it" "$(figure "$ns" cameras dropped_limit to)" $((37 + 12 - passed))
}

# A frame of 720 bits is paid for in twelve minutes: of 4,096 devices each has four frames,
# those that come later have four together. Where the machine is so slow that somebody was
# silent for two seconds meanwhile, he has made room, and a newcomer has four for itself.
table_full()
{
	local frame="ip 10.0.0.1 10.0.0.2 udp 1 1 data 48" passed later evicted

	setup "1 bit/s burst 2880 bit"
	equal "frames of as many devices as there is room for" \
		"$(echo "$frame" | within "$ns" "$here/craft" -o cam0 -i lan0 -m 44:19:b6:00:00:00 -c 4096)" 4096
	passed=$(echo "$frame" | within "$ns" "$here/craft" -o cam0 -i lan0 -m 44:19:b6:80:00:00 -c 500)
	later=$(frames "$ns" cam0 lan0 44:19:b6:90:00:00)
	evicted=$(within "$ns" "$here/inventory" status | sed -n 's/.* device-evicted=\([0-9]*\) .*/\1/p')
	echo "$passed frames of 500 more passed, $later of one more, $evicted devices have made room"
	[ "$passed" -ge 4 ]
	[ "$passed" -le $((4 + evicted)) ]
	[ "$evicted" -gt 0 ] || equal "frames of one more without a place" "$later" 0
	# He has been seen last.
	equal "frames of a device that has a place" "$(frames "$ns" cam0 lan0 44:19:b6:00:0f:ff)" 3
}

survives()
{
	local since passed

	setup "1 packets/s burst 20"
	since=$(milliseconds)
	passed=$(frames "$ns" cam0 lan0 $CAMERA -c 40)
	policy "1 packets/s burst 21"
	passed=$((passed + $(frames "$ns" cam0 lan0 $CAMERA -c 40)))
	within_rate $passed 21 1 "$since"
}

refills()
{
	setup "20 packets/s burst 5"
	frames "$ns" cam0 lan0 $CAMERA -c 30
	[ "$(figure "$ns" cameras dropped_limit)" -gt 0 ]
	later_passes() { [ "$(frames "$ns" cam0 lan0 $CAMERA -c 5)" = 5 ]; }
	wait_for 20 later_passes
}

prepare
require_helpers
it "the burst passes at once, and no more" burst
it "bits are counted from the Ethernet header on" bits
it "frames above the rate are dropped, those below it pass" rate
it "each device has the rate for itself" per_device
it "both directions take from one bucket" both_directions
it "devices that find no place in the full table share one bucket" table_full
it "a change of policy does not fill the buckets" survives
it "a bucket fills again" refills
run
