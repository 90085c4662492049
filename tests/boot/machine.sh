# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# What the programs of tests/boot share. Each is run twice in a machine that systemd boots: before
# systemd, when its function "prepare" may change what is configured, and as the last unit of the
# boot, when it asks how that went. tests/boot/README
# shellcheck source=tests/selftests/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/../selftests/lib.sh"

# The packs are those that are installed, not those of the tree.
unset CAMWALL_VENDORS
CAMERA=44:19:b6:00:10:01
CONFIG=/etc/camwall/camwall.conf
LAST_GOOD=/var/lib/camwall-policy/last-good.conf

# policy [ACTION]: with a pack, so that the registry is read.
policy()
{
	cat <<-END
		[camwall]
		interfaces = lan*
		${boot_failure:+boot-failure = $boot_failure}
		[group cameras]
		vendor = hikvision
		action = ${1-drop}
	END
}

# damage: what cannot be read stands in line 2.
damage()
{
	sed -i '1a interfaces lan*' "$CONFIG"
}

# go: first the one stage, then the other.
go()
{
	if [ "${BOOT_STAGE-}" = prepare ]; then
		prepare
	else
		run
	fi
}

# property UNIT NAME
property() { systemctl show -P "$2" "$1"; }

# messages UNIT [LEVEL]: what it has said, of that level and worse.
messages() { journalctl -b -q --no-pager -o cat -u "$1" -p "${2-debug}"; }

# arrived WHO: frames of camera or other that have reached the PC.
arrived()
{
	nsenter --net=/run/netns/pc nft list counter netdev t "$1" | sed -n 's/.*packets \([0-9]*\) .*/\1/p'
}

more_than() { [ "$(arrived "$1")" -gt "$2" ]; }

# passes WHO: more of its frames reach the PC, from now on.
passes() { wait_for 20 more_than "$1" "$(arrived "$1")"; }

# blocked WHO: none do, while the gateway can be seen to receive them.
blocked()
{
	local before received

	before=$(arrived "$1")
	received=$(received "$1")
	wait_for 20 has_received "$1" $((received + 20))
	equal "frames of the $1 that passed" "$(arrived "$1")" "$before"
}

# received WHO: frames that have come in at the gateway's end of its cable.
received()
{
	local device=lan0

	[ "$1" = camera ] || device=lan1
	cat /sys/class/net/$device/statistics/rx_packets
}
has_received() { [ "$(received "$1")" -gt "$2" ]; }

# reaches WHO ADDRESS: by one ping. comes_to_reach: when the network is up, which may take a moment.
reaches() { nsenter --net="/run/netns/$1" ping -q -c 1 -W 2 "$2" >/dev/null; }
comes_to_reach() { wait_for 30 reaches "$@"; }

# closed_tables: how many there are of those that close the gateway.
closed_tables() { nft list tables | grep -c ' camwall_closed$' || :; }

# boot_outcome: what status says.
boot_outcome() { "$CAMWALL" status -j | value '.boot.outcome'; }

is_active() { equal "$1" "$(property "$1" ActiveState)" active; }
