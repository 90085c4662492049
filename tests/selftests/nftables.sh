# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# Shared by the selftests of camwall's tables in nftables: a gateway, what the sets hold, camwalld.

. "$(dirname "${BASH_SOURCE[0]}")/devices.sh"

CAMWALLD=${CAMWALL%/*}/camwalld

# Figures go past what is kept of a behaviour's output.
exec 4>&1

# --- A gateway ----------------------------------------------------------------------------

# config [GROUP-LINES...]: the policy; idle is $idle.
config()
{
	cat <<-EOT
		[camwall]
		interfaces = lan*
		mark-mask = 0xff000000
		idle = ${idle-10m}
		max-devices = 8192
		[group cameras]
		prefix = 44:19:b6
		mark = ${mark-0x01000000}
		action = ${action-observe}
	EOT
	[ $# -eq 0 ] || printf '%s\n' "$@"
}

LOBBY=("[group lobby-2]" "prefix = 44:19:b7" "mark = 0x02000000" "action = drop")

# begin [GROUP-LINES...]: a namespace with a wire, and a policy in force.
begin()
{
	setup
	dir=$(mktemp -d "$tmp/nft.XXXX")
	export CAMWALL_RULESET=$dir/ruleset.d/camwall.nft
	configure "$@"
}

configure()
{
	config "$@" >"$dir/camwall.conf"
	cw "$ns" apply -q "$dir/camwall.conf"
}

n() { within "$ns" nft "$@"; }
camwall_nft() { cw "$ns" nft "$@"; }

# elements SET [FAMILY]: its elements, without their timeouts, one a line.
elements()
{
	n -j list set "${2-inet}" camwall "$1" |
		value '.nftables[] | select(.set) | .set.elem // [] | .[] | if type == "object" then .elem.val else . end' | sort
}

holds() { [ "$(elements "$1" | xargs)" = "$2" ]; }
has() { elements "$1" "${3-inet}" | grep -qxF "$2"; }
lacks() { ! has "$@"; }

# left SET ELEMENT: whole seconds until it expires.
left()
{
	n -j list set inet camwall "$1" | value ".nftables[] | select(.set) | .set.elem[].elem | select(.val == \"$2\") | .expires"
}

# counted COUNTER: packets.
counted() { packets "$ns" inet "$1"; }
packets() { within "$1" nft -j list counter "$2" camwall "$3" | value '.nftables[] | select(.counter) | .counter.packets'; }

# daemon: camwalld, watching; what it writes for a collector is in $dir/events.json.
daemon()
{
	start daemon_pid "$ns" "$CAMWALLD" -f "$dir/camwall.conf" --database "$dir/history.db" \
		--interval 2 --log-file "$dir/events.json"
	wait_for 20 watching
}

watching() { [ "$(sql "select count(*) from run" 2>/dev/null || echo 0)" -gt 0 ]; }
sql() { sqlite3 -readonly -cmd ".timeout 5000" "$dir/history.db" "$1"; }
repairs() { grep -c '"event":"nftables-repaired"' "$dir/events.json" || :; }
repaired() { [ "$(repairs)" -ge "$1" ]; }

# A router between a camera and a server, the policy in force at its side of the camera.
route()
{
	gateway ns
	routed_host cam "$ns" lan0 $CAMERA 1
	routed_host srv "$ns" wan0 02:00:00:00:00:02 2
	dir=$(mktemp -d "$tmp/nft.XXXX")
	export CAMWALL_RULESET=$dir/ruleset.d/camwall.nft
}

# ms COMMAND...: how long it took.
ms()
{
	local start=${EPOCHREALTIME/./}

	"$@" >/dev/null
	echo $(((${EPOCHREALTIME/./} - start) / 1000))
}
