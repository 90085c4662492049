#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The units while the machine runs: stop, restart, reload, and the module that goes and comes.
# shellcheck source=tests/boot/machine.sh
. "$(dirname "$0")/machine.sh"

prepare() { policy drop >"$CONFIG"; }

generation() { "$CAMWALL" status -j | value .generation; }

stop_leaves_it()
{
	local before

	before=$(generation)
	systemctl stop camwall.service
	equal generation "$(generation)" "$before"
	blocked camera
	systemctl start camwall.service
	equal generation "$(generation)" "$before"
	systemctl restart camwall.service
	equal "generation after a restart" "$(generation)" "$before"
	equal "frames of the camera that ever reached the PC" "$(arrived camera)" 0
}

reload_applies()
{
	policy observe >"$CONFIG"
	systemctl reload camwall.service
	passes camera
	damage
	fails systemctl reload camwall.service
	is_active camwall.service
	passes camera
	policy drop >"$CONFIG"
	systemctl reload camwall.service
	blocked camera
}

module_reloaded()
{
	passes other
	modprobe -r camwall || rmmod camwall
	fails is_module
	passes camera
	systemctl restart camwall.service
	is_module
	is_active camwall.service
	blocked camera
	is_active camwalld.service
	wait_for 15 daemon_hears
}

# Since it was loaded again.
daemon_hears()
{
	[ "$(sqlite3 -readonly -cmd ".timeout 5000" /var/lib/camwall/history.db "select count(*) from run")" -ge 2 ]
}

flushed()
{
	"$CAMWALL" flush
	passes camera
	contains "$(cat "$LAST_GOOD")" "action = drop"
}

it "stop and restart leave the policy in force" stop_leaves_it
it "reload applies, and a broken configuration changes nothing" reload_applies
it "the module goes and comes, and a restart puts the policy in force" module_reloaded
it "flush ends the policy, not the last good one" flushed
go
