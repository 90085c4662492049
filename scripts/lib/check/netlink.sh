# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2154,SC2034
# Sourced by scripts/check: a short run of the netlink fuzzer, on the kernel that looks for bugs.

needs_netlink() { echo build test uml-guest; }

check_netlink()
{
	local folder=$uml guest_options

	say "The netlink fuzzer, a short run:"
	all_there || return 0
	[ -n "$folder" ] || user_mode debug || return 0
	build_here "the fuzzer" -C tests/fuzz/netlink || return 0
	guest_options=(--uml "$folder")
	sum netlink "$logs/netlink.log" program_status netlink fuzz.sh \
		run_in_guest "$top/tests/fuzz/netlink/fuzz.sh"
	judge_guest "$logs/netlink.log"
}
