#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Policies are swapped under traffic: no frame is judged by neither of two policies, or by half of one.
. "$(dirname "$0")/lib.sh"

CAMERA=44:19:b6:00:00:01
: "${SWAPS:=500}"

# Frames without a pause from before the first swap until after the last one, how many
# arrived is in $passed.
swap_under_traffic()
{
	within "$ns" "$here/swapper" 1 "$1" 4419b6
	start flood "$ns" "$here/inject" -f -o cam0 -i lan0 -s $CAMERA
	wait_for 20 traffic
	within "$ns" "$here/swapper" $SWAPS "$1" 4419b6
	stop flood
	passed=$(cat "$tmp/flood")
	equal generation "$(generation "$ns")" $((SWAPS + 1))
}

traffic() { [ "$(count "$ns" cameras packets)" -gt 0 ]; }

none_passes()
{
	local packets

	namespace ns
	wire "$ns" cam0 lan0
	swap_under_traffic drop
	equal "frames that arrived though both policies forbid it" "$passed" 0
	packets=$(count "$ns" cameras packets)
	equal "frames dropped of $packets" "$(count "$ns" cameras dropped)" "$packets"
	[ "$packets" -gt $SWAPS ]
}

each_is_tagged()
{
	local one two

	namespace ns
	wire "$ns" cam0 lan0
	within "$ns" nft -f - <<-EOF
		table netdev t {
			counter one { }
			counter two { }
			counter other { }
			chain c {
				type filter hook ingress device lan0 priority 0
				ether saddr != $CAMERA accept
				meta mark 1 counter name one accept
				meta mark 2 counter name two accept
				counter name other
			}
		}
	EOF
	swap_under_traffic observe
	equal "frames with neither tag" "$(packets "$ns" netdev other)" 0
	one=$(packets "$ns" netdev one)
	two=$(packets "$ns" netdev two)
	echo "$one frames with tag 1, $two with tag 2"
	[ "$one" -gt 0 ]
	[ "$two" -gt 0 ]
	equal "frames that arrived" "$passed" $((one + two))
	equal "frames, as camwall counts" "$(count "$ns" cameras packets)" $((one + two))
}

small_policy()
{
	cat <<-EOF
		[camwall]
		interfaces = lan*
		[group cameras]
		prefix = 44:19:b6
		action = drop
	EOF
}

# Twenty thousand prefixes more, among them /28s, as a whole registry would have.
BIG=20001
big_policy()
{
	small_policy
	awk 'BEGIN {
		for (i = 0; i < 15000; i++)
			printf "prefix = %06x\n", 0x100000 + i * 4
		for (i = 0; i < 5000; i++)
			printf "prefix = 48:%02x:%02x:%x0/28\n", i / 2048, i / 8 % 256, i % 8
	}'
}

milliseconds()
{
	local start=${EPOCHREALTIME/./}

	"$@"
	echo $(((${EPOCHREALTIME/./} - start) / 1000))
}

# Killed at a moment between its start and its end, a little later each time: what is in
# force is one of the two policies, whole.
killed()
{
	local rounds=16 i whole prefixes none=0 all=0

	namespace ns
	wire "$ns" cam0 lan0
	big_policy >"$tmp/big"
	small_policy | apply "$ns"
	whole=$(milliseconds cw "$ns" apply -q "$tmp/big")
	for ((i = 1; i <= rounds; i++)); do
		small_policy | apply "$ns"
		timeout -s KILL "$(awk "BEGIN { print $whole * $i / $rounds / 1000 }")" \
			nsenter --net="/run/netns/$ns" "$CAMWALL" apply -q "$tmp/big" || :
		prefixes=$(cw "$ns" status -j | value .prefix_count)
		case $prefixes in
		1) none=$((none + 1)) ;;
		"$BIG") all=$((all + 1)) ;;
		*) equal "prefixes in force" "$prefixes" "1 or $BIG" ;;
		esac
	done
	echo "killed before the commit: $none, after it: $all"
	[ $none -gt 0 ]
	equal "frames that arrive" "$(frames "$ns" cam0 lan0 $CAMERA)" 0
}

prepare
[ -x "$here/swapper" ] || skip_all "no helpers: run make in $here"
it "no frame passes while two policies that drop it are swapped" none_passes
it "every frame has one of two tags while they are swapped" each_is_tagged
it "a tool that is killed leaves one policy or the other, whole" killed
run
