# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2154
# Sourced by scripts/check: the static checkers.

needs_lint() { echo build lint module; }

check_lint()
{
	say "Static checkers:"
	all_there || return 0
	sum lint "$logs/lint.log" program_status lint static "$here/lint" ${names[@]+"${names[@]}"}
}
