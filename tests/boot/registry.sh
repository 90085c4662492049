#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Registry and packs are gone: the last good policy needs neither.
# shellcheck source=tests/boot/machine.sh
. "$(dirname "$0")/machine.sh"

prepare()
{
	sed -i '1a registry = /srv/gone' "$CONFIG"
	mount -t tmpfs gone /usr/local/share/camwall/vendors
}

in_force()
{
	equal outcome "$(boot_outcome)" last-good
	[ "$("$CAMWALL" status -j | value .prefix_count)" -ge 80 ]
	passes other
	wait_for 20 has_received camera 100
	equal "frames of the camera that reached the PC" "$(arrived camera)" 0
}

said() { contains "$(messages camwall.service err)" "the configuration cannot be put in force: /srv/gone: is not there"; }

it "the last good policy is in force, with all its prefixes" in_force
it "the journal says what is missing" said
go
