#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Neither configuration nor last good policy, and boot-failure = open: everything passes, loudly.
# shellcheck source=tests/boot/machine.sh
. "$(dirname "$0")/machine.sh"

prepare()
{
	boot_failure=open policy drop >"$CONFIG"
	damage
	echo "cut" >"$LAST_GOOD"
}

open()
{
	passes camera
	passes other
	comes_to_reach pc 203.0.113.1
	equal "tables that close the gateway" "$(closed_tables)" 0
}

said()
{
	local errors

	equal "state" "$(property camwall.service ActiveState)" failed
	errors=$(messages camwall.service err)
	contains "$errors" "$CONFIG:2: \"interfaces lan*\" is neither"
	contains "$errors" "nor can the last good policy: $LAST_GOOD: is not whole"
	contains "$errors" "no policy is in force, and everything passes (boot-failure = open: $CONFIG:4)"
	equal outcome "$(boot_outcome)" open
}

# The administrator thinks better of it.
closed_then()
{
	sed -i 's/^boot-failure = open/boot-failure = closed/' "$CONFIG"
	fails systemctl restart camwall.service
	blocked camera
	equal outcome "$(boot_outcome)" closed
	sed -i 's/^boot-failure = closed/boot-failure = open/' "$CONFIG"
	fails systemctl restart camwall.service
	passes camera
	equal "tables that close the gateway" "$(closed_tables)" 0
}

it "everything passes" open
it "the unit has failed, and says why and by whose choice" said
it "another choice counts with the next start of the unit" closed_then
go
