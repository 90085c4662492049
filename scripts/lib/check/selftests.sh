# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2154,SC2034
# Sourced by scripts/check: the selftests, in a guest: on a stock kernel (or the one that was asked for), and
# on the two user-mode kernels.

needs_selftests() { echo build test registry "${guest_purposes[@]}"; }
needs_smp() { echo build test registry uml-guest; }
needs_debug() { needs_smp; }
needs_debug-core() { needs_smp; }

# selftests MAY-SKIP: all programs, or $names, with $guest_options.
selftests()
{
	local log=$logs/$part.log may_skip=$1

	# Of the programs these need what scripts/setup only sees to where it is told.
	YNL_SOURCE=$(ynl_source) && export YNL_SOURCE && have ynl || may_skip+=" ynl.sh"
	have fleet || may_skip+=" fleet.sh"
	sum "selftests: camwall" "$log" run_selftests
	judge_guest "$log"
}

# KUnit, and allocations that can be made to fail, are in the kernel "debug" alone.
check_selftests()
{
	say "Selftests, in a guest:"
	all_there && build_selftests || return 0
	selftests "kunit.sh faults.sh"
}

# on_user_mode KIND MAY-SKIP
on_user_mode()
{
	local folder guest_options

	say "Selftests, on the user-mode kernel \"$1\":"
	all_there && user_mode "$1" && build_selftests || return 0
	guest_options=(--uml "$folder")
	selftests "$2"
}

check_smp() { on_user_mode smp "kunit.sh faults.sh"; }
# Checkers make all of them slow.
check_debug() { guest_limit=6000 on_user_mode debug ""; }

# Those whose subject is the module itself, and the faults: all of them take half an hour.
check_debug-core()
{
	[ ${#names[@]} -gt 0 ] || local names=(malformed transaction kunit.sh load.sh tag.sh drop.sh netns.sh
		who-may.sh limit.sh egress.sh faults.sh unload.sh)
	on_user_mode debug ""
}
