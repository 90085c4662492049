# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2154
# Sourced by scripts/check: the tests that need no module.

needs_host() { echo build test registry; }

check_host()
{
	local programs=("$top"/tests/host/*.sh)

	say "Tests that need no module:"
	all_there && build_here "the tool and the library" tools lib || return 0
	[ ${#names[@]} -eq 0 ] || programs=("${names[@]/#/$top/tests/host/}")
	sum host "$logs/host.log" run_programs host "${programs[@]}"
}
