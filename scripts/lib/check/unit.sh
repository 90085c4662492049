# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2154
# Sourced by scripts/check: the unit tests.

needs_unit() { echo build test registry; }

check_unit()
{
	local programs=() name source

	say "Unit tests:"
	all_there && build_here "the unit tests" unit || return 0
	for source in "$top"/tests/unit/test_*.c; do
		name=${source##*/}
		programs+=("$build/asan/unit/${name%.c}")
	done
	[ ${#names[@]} -eq 0 ] || programs=("${names[@]/#/$build/asan/unit/}")
	cd "$top" || return
	sum unit "$logs/unit.log" run_programs unit "${programs[@]}"
}
