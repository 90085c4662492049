#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# A configuration that was broken since the last boot: the last good policy is in force, loudly.
# shellcheck source=tests/boot/machine.sh
. "$(dirname "$0")/machine.sh"

prepare() { damage; }

last_good_in_force()
{
	equal "what is in force" "$("$CAMWALL" save | grep -v '^#' | grep .)" \
		"$(grep -v '^#' "$LAST_GOOD" | grep .)"
	passes other
	wait_for 20 has_received camera 100
	equal "frames of the camera that reached the PC" "$(arrived camera)" 0
	equal "tables that close the gateway" "$(closed_tables)" 0
}

unit_has_failed()
{
	equal "state" "$(property camwall.service ActiveState)" failed
	equal "state of the machine" "$(systemctl list-units --failed --plain --no-legend | cut -d' ' -f1)" \
		camwall.service
	is_active systemd-networkd.service
}

said_loudly()
{
	local errors

	errors=$(messages camwall.service err)
	contains "$errors" "$CONFIG:2: \"interfaces lan*\" is neither"
	contains "$errors" "the last good policy ($LAST_GOOD) is in force instead"
	contains "$errors" "systemctl restart camwall"
}

in_status()
{
	equal outcome "$(boot_outcome)" last-good
	contains "$("$CAMWALL" status -j | value .boot.reason)" "$CONFIG:2: "
	contains "$("$CAMWALL" status)" "boot        the last good policy is in force, not the configuration: $CONFIG:2: "
}

still_broken()
{
	local before

	before=$(generation)
	fails systemctl restart camwall.service
	equal generation "$(generation)" "$before"
	equal outcome "$(boot_outcome)" kept
	contains "$(messages camwall.service err)" "what was in force stays so, generation $before"
	refused 1 "$CAMWALL" apply
	equal outcome "$(boot_outcome)" kept
	blocked camera
}
generation() { "$CAMWALL" status -j | value .generation; }

# Another policy than the last good one, so that it is seen to be in force.
repaired()
{
	policy observe >"$CONFIG"
	systemctl restart camwall.service
	is_active camwall.service
	equal outcome "$(boot_outcome)" null
	contains "$("$CAMWALL" save)" "action = observe"
	contains "$(cat "$LAST_GOOD")" "action = observe"
	passes camera
}

it "the last good policy is in force before a frame of the camera passes" last_good_in_force
it "the unit has failed, and the network is up all the same" unit_has_failed
it "the journal has an error with file, line and remedy" said_loudly
it "status says what is in force, and why" in_status
it "a restart with the same error leaves in force what is" still_broken
it "repaired, a restart puts the configuration in force and keeps it" repaired
go
