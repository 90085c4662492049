#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# As closed.sh, but nftables refuses one of the two tables: the other closes what it can.
# shellcheck source=tests/boot/machine.sh
. "$(dirname "$0")/machine.sh"

# A chain of that name and another hook is what it can refuse: a kernel without bridges would too.
prepare()
{
	rm "$CONFIG" "$LAST_GOOD"
	nft "add table bridge camwall_closed
		add chain bridge camwall_closed forward { type filter hook input priority 0; }"
}

nothing_routed()
{
	comes_to_reach pc 192.168.10.1
	fails reaches pc 203.0.113.1
	fails reaches internet 192.168.10.30
}

rest_passes() { passes other; }

said()
{
	local errors

	equal "state" "$(property camwall.service ActiveState)" failed
	errors=$(messages camwall.service err)
	contains "$errors" "the gateway is closed only in part: nftables cannot drop bridged frames: "
	contains "$errors" "no policy is in force, and a part of the traffic passes (boot-failure = closed: "
	equal outcome "$(boot_outcome)" partly-closed
	contains "$("$CAMWALL" status)" "what is forwarded is stopped only in part"
}

repaired()
{
	policy drop >"$CONFIG"
	"$CAMWALL" apply
	equal "tables that close the gateway" "$(closed_tables)" 0
	equal outcome "$(boot_outcome)" null
	comes_to_reach pc 203.0.113.1
}

it "nothing is routed" nothing_routed
it "what nftables could not stop passes" rest_passes
it "the unit has failed, and says what passes" said
it "apply opens what was closed" repaired
go
