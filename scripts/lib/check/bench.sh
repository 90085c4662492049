# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2154,SC2034
# Sourced by scripts/check: a short run of the benchmark.

needs_bench() { [ -n "$uml" ] || echo build registry module guest bench; }

# It counts instructions on a stock kernel.
check_bench()
{
	local may_skip=realtime

	say "The benchmark, a short run:"
	if [ -n "$uml" ]; then
		skip "bench: counts instructions, which a user-mode kernel cannot: run it without --uml"
		return
	fi
	all_there || return 0
	sum bench "$logs/bench.log" "$here/bench" --quick --tap ${guest_options[@]+"${guest_options[@]}"}
}
