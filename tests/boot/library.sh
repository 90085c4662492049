#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# As closed.sh, and then an appliance's agent, not the tool, puts a policy in force, and keeps it.
# shellcheck source=tests/boot/machine.sh
. "$(dirname "$0")/machine.sh"

PROBE=/run/host/library-probe

prepare() { rm "$CONFIG" "$LAST_GOOD"; }

opens()
{
	equal outcome "$(boot_outcome)" closed
	blocked other
	boot_failure=closed policy drop >/run/agent.conf
	"$PROBE" apply "" /run/agent.conf check
	equal "tables that close the gateway" "$(closed_tables)" 2
	"$PROBE" apply "" /run/agent.conf
	equal "tables that close the gateway" "$(closed_tables)" 0
	equal outcome "$(boot_outcome)" null
	passes other
	blocked camera
	fails test -e "$LAST_GOOD"
}

# With the module's policy gone, as after a boot at which there is no configuration.
keeps()
{
	local prefixes

	boot_failure=open policy drop >/run/agent.conf
	"$PROBE" apply "" /run/agent.conf keep
	contains "$(cat "${LAST_GOOD%/*}/boot-failure")" "boot-failure = open"
	prefixes=$("$CAMWALL" status -j | value .prefix_count)
	"$CAMWALL" flush
	fails systemctl restart camwall.service
	equal outcome "$(boot_outcome)" last-good
	equal prefixes "$("$CAMWALL" status -j | value .prefix_count)" "$prefixes"
	blocked camera
}

it "what boot has closed is opened by a program that applies" opens
it "what it keeps is put in force where there is no configuration" keeps
go
