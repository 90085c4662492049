#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The tracepoint skb:kfree_skb, which dropwatch and perf read, names why camwall drops.
. "$(dirname "$0")/topology.sh"

# policy ACTION [LINE]
policy()
{
	apply "$ns" <<-EOF
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
	namespace ns
	wire "$ns" cam0 lan0
	tracing=/sys/kernel/tracing
	if [ ! -e $tracing/trace ]; then
		mount -t tracefs nodev $tracing || skip_all "this kernel has no tracefs"
		defer "umount $tracing"
	fi
	[ -e $tracing/events/skb/kfree_skb ] || skip_all "this kernel has no tracepoint skb:kfree_skb"
	grep -q ' camwall_drop_policy' /proc/kallsyms || skip_all "this kernel shows no names"
}

# A buffer of our own, so that nobody else's trace is disturbed.
trace_on()
{
	trace=$tracing/instances/camwall-$$
	mkdir "$trace"
	defer "rmdir $trace"
	defer "echo 0 >$trace/events/skb/kfree_skb/enable"
	echo 0 >"$trace/options/hash-ptr"
	echo 1 >"$trace/events/skb/kfree_skb/enable"
}

# Kernels before 6.4 or so print an address: of the module's symbols the last one before it.
place()
{
	case $1 in
	*+0x*)
		echo "${1%%+*}"
		;;
	*)
		{ grep '\[camwall\]' /proc/kallsyms; echo "${1#0x} here"; } | sort |
			awk '$2 == "here" { here = 1; next } here { print last; exit } { last = $3 }'
		;;
	esac
}

places()
{
	local location

	sed -n 's/.* location=\([^ ]*\).*/\1/p' "$trace/trace" |
		while read -r location; do
			place "$location"
		done
}

# names LOCATION FRAME: as often as frames were dropped, in both directions.
names()
{
	local location=$1

	shift
	trace_on
	equal "frames that arrive" "$(echo "$*" | within "$ns" "$here/craft" -o cam0 -i lan0 -m $CAMERA)" 0
	equal "frames that arrive" "$(echo "$*" | within "$ns" "$here/craft" -o lan0 -i cam0 -t -m $CAMERA)" 0
	places >"$tmp/places"
	cat "$trace/trace" "$tmp/places"
	equal "drops at $location" "$(grep -c -x "$location" "$tmp/places" || :)" 2
}

by_policy()
{
	policy drop
	names camwall_drop_policy ip 10.0.0.1 10.0.0.2 udp 1 1
}

not_allowed()
{
	policy isolate "allow = 10.0.0.3"
	names camwall_drop_not_allowed ip 10.0.0.1 10.0.0.2 udp 1 1
}

malformed()
{
	policy isolate "allow = 10.0.0.3"
	names camwall_drop_malformed ip 10.0.0.1 10.0.0.2 udp 1 1 cut 6
}

# The limit's bits are used up by one frame.
above_limit()
{
	policy limit "limit = 1 bit/s burst 400 bit"
	echo "ip 10.0.0.1 10.0.0.2 udp 1 1" | within "$ns" "$here/craft" -o cam0 -i lan0 -m $CAMERA
	names camwall_drop_limit ip 10.0.0.1 10.0.0.2 udp 1 1
}

prepare
require_helpers
it "drop: camwall_drop_policy" by_policy
it "isolate: camwall_drop_not_allowed" not_allowed
it "isolate: camwall_drop_malformed" malformed
it "limit: camwall_drop_limit" above_limit
run
