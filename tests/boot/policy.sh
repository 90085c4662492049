#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The policy is in force before any link is up, and is kept as the last good one.
# shellcheck source=tests/boot/machine.sh
. "$(dirname "$0")/machine.sh"

prepare() { boot_failure=closed policy drop >"$CONFIG"; }

unit_is_active()
{
	is_active camwall.service
	is_active systemd-networkd.service
	contains "$(messages camwall.service)" "group cameras added: action drop"
	equal "outcome" "$(boot_outcome)" null
}

# link_up DEVICE: when networkd saw it come up, in microseconds since the kernel started.
link_up()
{
	journalctl -b -q -o json -u systemd-networkd.service |
		jq -r "select(.MESSAGE == \"$1: Link UP\") | .__MONOTONIC_TIMESTAMP" | head -n 1
}

in_order()
{
	local applied target sysinit device

	applied=$(property camwall.service ActiveEnterTimestampMonotonic)
	target=$(property network-pre.target ActiveEnterTimestampMonotonic)
	[ "$applied" -gt 0 ]
	echo "in force at $applied us, network-pre.target at $target us"
	[ "$applied" -le "$target" ]
	# For what waits for no other target, as dhcpcd.
	sysinit=$(property sysinit.target ActiveEnterTimestampMonotonic)
	[ "$applied" -le "$sysinit" ]
	contains " $(property sysinit.target After) " " camwall.service "
	for device in lan0 lan1 lan2; do
		echo "$device up at $(link_up "$device") us"
		[ "$target" -lt "$(link_up "$device")" ]
	done
}

# Both have sent since before systemd was there.
no_frame_passed()
{
	passes other
	wait_for 20 has_received camera 100
	equal "frames of the camera that reached the PC" "$(arrived camera)" 0
	[ "$(count "" cameras dropped)" -ge 100 ]
}
count() { "$CAMWALL" stats -j | value "[.[] | select(.group == \"$2\") | .$3] | add"; }

kept()
{
	equal "mode" "$(stat -c '%a %U' "$LAST_GOOD")" "600 root"
	equal "mode of the folder" "$(stat -c '%a %U' "${LAST_GOOD%/*}")" "700 root"
	equal "what it says" "$(grep -v '^#' "$LAST_GOOD" | grep .)" "$("$CAMWALL" save | grep -v '^#' | grep .)"
	equal "when it was written" "$(stat -c %Y "$LAST_GOOD")" "$(stat -c %Y "$CONFIG")"
	contains "$(cat "${LAST_GOOD%/*}/boot-failure")" "boot-failure = closed"
}

nothing_failed()
{
	equal "failed units" "$(systemctl list-units --failed --plain --no-legend)" ""
}

# For the machines that are booted after this one.
save_machine()
{
	tar -C / -cf /run/host/machine.tar etc/camwall var/lib/camwall-policy
}

it "camwall.service is active, and what it changed is in the journal" unit_is_active
it "the policy is in force before network-pre.target, and that before a link is up" in_order
it "not a frame of a camera passes that sends from the first moment on" no_frame_passed
it "the policy is kept as the last good one" kept
it "no unit has failed" nothing_failed
it "the machine is kept for later boots" save_machine
go
