#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The module cannot be loaded, as after an upgrade of the kernel: closed, as the configuration says.
# shellcheck source=tests/boot/machine.sh
. "$(dirname "$0")/machine.sh"

prepare() { rm /run/modprobe.d/camwall.conf; }

nothing_forwarded()
{
	fails is_module
	blocked camera
	blocked other
	equal "frames of the other that ever reached the PC" "$(arrived other)" 0
	comes_to_reach pc 192.168.10.1
	comes_to_reach internet 203.0.113.2
	fails reaches pc 203.0.113.1
}

said()
{
	local all

	equal "state" "$(property camwall.service ActiveState)" failed
	all=$(messages camwall.service)
	contains "$all" "FATAL: Module camwall not found"
	contains "$(messages camwall.service err)" "the module is not loaded"
	contains "$(messages camwall.service err)" "nothing is forwarded (boot-failure = closed: $CONFIG:3)"
	refused 1 "$CAMWALL" status
	contains "$said" "at boot: no policy could be put in force, and nothing is forwarded: "
}

# The module is there again.
repaired()
{
	insmod /run/host/camwall.ko
	systemctl restart camwall.service
	is_active camwall.service
	equal "tables that close the gateway" "$(closed_tables)" 0
	passes other
	blocked camera
}

it "nothing is forwarded, and the gateway can be reached" nothing_forwarded
it "the journal says that the module is missing, and status what follows" said
it "with the module back, a restart puts the policy in force" repaired
go
