#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# A machine on which nothing was ever configured: that is no failure.
# shellcheck source=tests/boot/machine.sh
. "$(dirname "$0")/machine.sh"

prepare() { rm -r "$CONFIG" "${LAST_GOOD%/*}"; }

no_failure()
{
	is_active camwall.service
	contains "$(messages camwall.service)" "nothing is configured, and everything passes"
	equal "failed units" "$(systemctl list-units --failed --plain --no-legend)" ""
	passes camera
}

# An administrator writes the first one.
first()
{
	policy drop >"$CONFIG"
	systemctl reload camwall.service
	blocked camera
	[ -s "$LAST_GOOD" ]
}

it "the unit is active, and says that nothing is configured" no_failure
it "the first configuration is put in force by a reload, and kept" first
go
