#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The clock is behind the policy, as on a gateway without a battery: nobody is exempt until it is set.
# shellcheck source=tests/boot/machine.sh
. "$(dirname "$0")/machine.sh"

prepare()
{
	policy drop >"$CONFIG"
	cat >>"$CONFIG" <<-END
		[exempt $CAMERA]
		until = $(date -u -d "+3 years" +%FT%TZ)
		reason = ticket 4711
		approved-by = J. Doe
	END
	touch -d "+1 year" "$CONFIG"
}

not_exempt()
{
	[ "$("$CAMWALL" status -j | value .clock_behind)" -gt 86400 ]
	passes other
	wait_for 20 has_received camera 100
	equal "frames of the camera that reached the PC" "$(arrived camera)" 0
	contains "$(messages camwall.service warning)" "no exemption is in force until it is set"
}

# The last good policy means the same as the one it was made of, also for the clock.
last_good_too()
{
	damage
	"$CAMWALL" flush
	fails systemctl restart camwall.service
	equal outcome "$(boot_outcome)" last-good
	[ "$("$CAMWALL" status -j | value .clock_behind)" -gt 86400 ]
	equal exemptions "$("$CAMWALL" status -j | value .exemption_count)" 1
	blocked camera
}

exempt_then()
{
	date -s "+2 years"
	passes camera
}

it "no exemption is in force, and the journal says so" not_exempt
it "nor with the last good policy" last_good_too
it "the clock is set, and the exemption is in force by itself" exempt_then
go
