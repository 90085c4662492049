# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2154
# Sourced by scripts/check: a short run of the fuzzers of files.

needs_fuzz() { echo build fuzz; }

check_fuzz()
{
	local seconds=${CAMWALL_FUZZ_SECONDS:-60}

	say "The readers of files, fuzzed for $seconds seconds:"
	all_there || return 0
	sum fuzz "$logs/fuzz-files.log" program_status fuzz files \
		"$here/fuzz" --total "$seconds" ${names[@]+"${names[@]}"}
}
