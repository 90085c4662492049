#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Commits, traffic, devices, namespaces, dumps, exemptions and unloading, all at once; then all is as before.
#
# What a race breaks the kernel's log tells: whoever runs this reads it (scripts/guest does).
. "$(dirname "$0")/storm.sh"

all_at_once()
{
	local end before after reloads=0

	[ -n "${RACE_SECONDS-}" ] || is_user_mode ||
		skip "an emulated machine is too slow for all of it: RACE_SECONDS=600 is a try"
	storm_start
	storm_reload
	before=$(taken)
	end=$((SECONDS + ${RACE_SECONDS:-20}))
	# Longer where it takes longer until each has been round once.
	while [ $SECONDS -lt $end ] || { [ $SECONDS -lt $((end + 120)) ] && ! storm_all_round; }; do
		sleep 2
		storm_tally
		storm_reload
		reloads=$((reloads + 1))
	done
	# On the screen, whatever becomes of the behaviour.
	echo "# $(storm_rounds); unloaded and loaded $reloads times" >&4
	storm_stop
	wait_for 60 unload_module
	after=$(taken)
	echo "$before kB taken at the beginning, $after kB at the end"
	# KASAN keeps what was freed for a while, a thirty-second of all memory.
	[ $((after - before)) -lt 49152 ]
	load_module
}

works_afterwards()
{
	setup
	action=drop commit
	equal "frames that arrive" "$(send $CAMERA "$UDP")" 0
	cw "$ns" flush
	equal "frames that arrive without a policy" "$(send $CAMERA "$UDP")" 1
}

exec 4>&1
prepare
require_storm
it "all at once, for ${RACE_SECONDS:-20} seconds" all_at_once
it "the module works as before" works_afterwards
run
