# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2154
# Sourced by scripts/check: the manual against the programs, and the documentation.

needs_docs() { echo build registry docs; }

check_docs()
{
	local programs=() program

	say "Manual and documentation:"
	all_there && build_here "the tool" tools || return 0
	for program in "$top"/tests/docs/*.sh; do
		[ ! -x "$program" ] || programs+=("$program")
	done
	[ ${#names[@]} -eq 0 ] || programs=("${names[@]/#/$top/tests/docs/}")
	sum docs "$logs/docs.log" run_programs docs "${programs[@]}"
}
