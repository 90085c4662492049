#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Neither configuration nor last good policy, and boot-failure = closed: nothing is forwarded.
# shellcheck source=tests/boot/machine.sh
. "$(dirname "$0")/machine.sh"

# The configuration is missing as well: the choice is remembered.
prepare() { rm "$CONFIG" "$LAST_GOOD"; }

nothing_bridged()
{
	blocked camera
	blocked other
	equal "frames of the camera that ever reached the PC" "$(arrived camera)" 0
	equal "frames of the other that ever reached the PC" "$(arrived other)" 0
}

nothing_routed()
{
	fails reaches pc 203.0.113.1
	fails reaches internet 192.168.10.30
}

gateway_reachable()
{
	comes_to_reach pc 192.168.10.1
	comes_to_reach internet 203.0.113.2
}

said()
{
	local errors

	equal "state" "$(property camwall.service ActiveState)" failed
	errors=$(messages camwall.service err)
	contains "$errors" "$CONFIG: No such file"
	contains "$errors" "no policy is in force, and nothing is forwarded (boot-failure = closed: ${LAST_GOOD%/*}/boot-failure:"
	equal outcome "$(boot_outcome)" closed
}

# A link that comes later, of a name that nobody has told.
later_link()
{
	ip link add late0 type veth peer name late1 netns pc
	ip link set late0 master br0 up
	ip -n pc link set late1 up
	nsenter --net=/run/netns/pc nft 'add chain netdev t late { type filter hook ingress device late1 priority 0; }'
	nsenter --net=/run/netns/pc nft 'add rule netdev t late ether saddr 44:19:b6:00:10:01 counter name camera'
	blocked camera
}

# As an administrator who has come in by ssh would.
repaired()
{
	policy drop >"$CONFIG"
	"$CAMWALL" apply
	equal "tables that close the gateway" "$(closed_tables)" 0
	equal outcome "$(boot_outcome)" null
	passes other
	blocked camera
	comes_to_reach pc 203.0.113.1
}

it "nothing is bridged" nothing_bridged
it "the gateway itself can be reached" gateway_reachable
it "nothing is routed" nothing_routed
it "the unit has failed, and says why and by whose choice" said
it "what comes later is closed too" later_link
it "apply opens the gateway, and the camera stays dropped" repaired
go
