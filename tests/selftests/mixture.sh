#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# While policies are replaced no packet passes that both forbid: one where it comes in, one where it goes out.
#
#	one ---- lan0 -- br0 -- lan1 ---- two
. "$(dirname "$0")/topology.sh"

: "${SWAPS:=$(is_user_mode && echo 10000 || echo 300)}"

fixture()
{
	namespace ns
	wire "$ns" one lan0
	wire "$ns" two lan1
	try_link "$ns" br0 type bridge mcast_snooping 0
	ip -n "$ns" -batch - <<-EOF
		link set br0 up
		link set lan0 master br0
		link set lan1 master br0
	EOF
}

# A thousand rules behind camwall's hook, so that a packet is on its way for long.
slow_way()
{
	within "$ns" nft -f - <<-EOF
		table netdev t {
			chain c {
				type filter hook ingress device lan0 priority 0
				$(for ((i = 0; i < 1000; i++)); do echo "ether daddr 02:00:00:00:00:01 drop"; done)
			}
		}
	EOF
}

from_one_to_two() { echo "ip 10.0.0.1 10.0.0.2 udp 5000 5000 data 20"; }

craft="$here/craft -o one -i two -m $CAMERA -d 28:57:be:00:00:01"

arrives() { from_one_to_two | within "$ns" $craft; }

passes_without()
{
	cw "$ns" flush
	equal "frames that arrive without a policy" "$(arrives)" 1
}

each_forbids()
{
	local times

	for times in 1 2; do
		within "$ns" "$here/mixer" $times 4419b6 2857be
		equal "frames that arrive with policy $times" "$(arrives)" 0
	done
	equal "dropped where they came in" "$(figure "$ns" one dropped_policy from)" 1
	equal "dropped where they went out" "$(figure "$ns" two dropped_policy to)" 1
}

mixed()
{
	local dropped

	[ "$(nproc)" -gt 1 ] || skip "one CPU: no policy changes while a packet is on its way"
	slow_way
	within "$ns" "$here/mixer" 1 4419b6 2857be
	from_one_to_two >"$tmp/frame"
	start flood "$ns" bash -c "exec $craft -f <$tmp/frame"
	wait_for 20 flooded
	within "$ns" "$here/mixer" $SWAPS 4419b6 2857be
	stop flood
	dropped=$(($(figure "$ns" one dropped) + $(figure "$ns" two dropped)))
	echo "$dropped frames dropped"
	equal "frames that both policies forbid, and that arrived" "$(cat "$tmp/flood")" 0
	[ $dropped -gt $SWAPS ]
}

flooded() { [ "$(figure "$ns" two dropped)" -gt 100 ]; }

prepare
require_helpers
[ -x "$here/mixer" ] || skip_all "no helpers: run make in $here"
it "without a policy frames arrive" passes_without
it "each of the two policies forbids them" each_forbids
it "none arrives while the two are swapped $SWAPS times" mixed
run
