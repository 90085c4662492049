#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# No registry where the default one is looked for: the last good policy, which has more, stays.
# shellcheck source=tests/boot/machine.sh
. "$(dirname "$0")/machine.sh"

# A registry newer than the packs has named one prefix more, when there was one.
prepare()
{
	mount -t tmpfs gone /usr/share/ieee-data
	sed -i '0,/^prefix = /s//prefix = 02:00:0e\/24\n&/' "$LAST_GOOD"
	cp "$LAST_GOOD" /run/last-good
}

prefixes() { "$CAMWALL" status -j | value .prefix_count; }

in_force()
{
	equal outcome "$(boot_outcome)" last-good
	equal prefixes "$(prefixes)" "$(grep -c '^prefix = ' /run/last-good)"
	cmp "$LAST_GOOD" /run/last-good
	passes other
	wait_for 20 has_received camera 100
	equal "frames of the camera that reached the PC" "$(arrived camera)" 0
}

said()
{
	contains "$(messages camwall.service err)" \
		"$CONFIG: no IEEE registry in /var/lib/camwall/registry or /usr/share/ieee-data, and the last good policy was made with one"
	contains "$("$CAMWALL" status)" "registry    none in /var/lib/camwall/registry or /usr/share/ieee-data"
}

# Whoever applies it, and is warned, has decided that it is to be so.
applied()
{
	local before

	before=$(prefixes)
	contains "$("$CAMWALL" apply 2>&1)" "matched only by the prefixes that their packs pin"
	[ "$(prefixes)" -lt "$before" ]
	equal outcome "$(boot_outcome)" null
	systemctl restart camwall
	is_active camwall
	equal outcome "$(boot_outcome)" null
	equal "prefixes of the last good policy" "$(grep -c '^prefix = ' "$LAST_GOOD")" "$(prefixes)"
	blocked camera
}

it "the last good policy is in force, and kept as it is" in_force
it "the journal says what is missing, and status where" said
it "an apply does without, and so does what boots then" applied
go
