# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2154,SC2034
# Sourced by scripts/check: a fleet. The engines check their files here; then they run, on the user-mode
# kernel: emulated, a Prometheus takes minutes to start.

needs_fleet() { ! have fleet || echo build test registry uml-guest; }

check_fleet()
{
	local folder guest_options names=(fleet.sh)

	say "A fleet:"
	if ! have fleet; then
		skip "fleet: missing, ${purpose_text[fleet]}: $(missing fleet | xargs): scripts/setup fleet"
		return
	fi
	sum fleet "$logs/fleet.log" run_programs fleet "$top/tests/fleet/files.sh"
	all_there && user_mode smp && build_selftests || return 0
	guest_options=(--uml "$folder")
	sum "selftests: camwall" "$logs/fleet-selftest.log" run_selftests
	judge_guest "$logs/fleet-selftest.log"
}
