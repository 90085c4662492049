#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# An exemption suspends what is done with one device's group, until its second, and not before its clock.
. "$(dirname "$0")/topology.sh"

NEIGHBOUR=44:19:b6:00:00:02
EXEMPT_OPTIONS=(--reason "ticket 4711" --approved-by "J. Doe")

policy()
{
	cat <<-EOF
		[camwall]
		interfaces = lan*
		mark-mask = 0xff
		[group cameras]
		prefix = 44:19:b6
		action = ${1-drop}
		mark = 5
	EOF
}

moment() { date -u -d "@$1" +%FT%TZ; }
now() { date +%s; }

# exemption SECONDS [MAC]: from now on.
exemption()
{
	cat <<-EOF
		[exempt ${2-$CAMERA}]
		until = $(moment $(($(now) + $1)))
		reason = ticket 4711
		approved-by = J. Doe
	EOF
}

# A folder for the configuration, because the tool keeps a file of exemptions beside it.
setup()
{
	namespace ns
	wire "$ns" cam0 lan0
	etc=$(mktemp -d "$tmp/etc.XXXX")
	config=$etc/camwall.conf
}

from_camera() { frames "$ns" cam0 lan0 $CAMERA; }

to_camera()
{
	echo "ip 10.0.0.1 10.0.0.2 udp 1 1" |
		within "$ns" "$here/craft" -o lan0 -i cam0 -t -m "${1-$CAMERA}"
}

# states: of all exemptions, by address.
states() { cw "$ns" exempt list -j -f "$config" | value '.[].state' | sort | xargs; }

exempts()
{
	local action limit

	setup
	for action in drop isolate limit; do
		limit=
		[ $action != limit ] || limit="limit = 1 packets/s burst 1"
		{ policy $action; echo "$limit"; exemption 3600; } | apply "$ns"
		equal "frames from the device with $action" "$(from_camera)" 5
		equal "frames to the device with $action" "$(to_camera)" 1
	done
}

only_one()
{
	setup
	{ policy; exemption 3600; } | apply "$ns"
	equal "frames of the device, its neighbour and an unlisted one" \
		"$(frames "$ns" cam0 lan0 $CAMERA -s $NEIGHBOUR -s $UNLISTED)" "5 0 5"
	equal "frames to the neighbour" "$(to_camera $NEIGHBOUR)" 0
	equal "exempt, as lookup says" \
		"$(cw "$ns" lookup -j $CAMERA $NEIGHBOUR | value '.[].exempt' | xargs)" "true false"
}

tagged_and_counted()
{
	setup
	{ policy; exemption 3600; } | apply "$ns"
	within "$ns" nft -f - <<-EOF
		table inet t {
			counter tagged { }
			chain c {
				type filter hook prerouting priority 0
				ether saddr $CAMERA meta mark 5 counter name tagged
			}
		}
	EOF
	from_camera
	equal "tagged frames" "$(packets "$ns" inet tagged)" 5
	equal "packets, as counted" "$(figure "$ns" cameras packets)" 5
	equal "dropped, as counted" "$(figure "$ns" cameras dropped)" 0
}

# A slow machine gets another try, with more time.
ends()
{
	local seconds until before state generation

	setup
	for seconds in 3 10 40 120; do
		{ policy; exemption $seconds; } >"$config"
		until=$(($(now) + seconds))
		cw "$ns" apply "$config"
		before=$(from_camera) state=$(states)
		[ "$(now)" -ge $((until - 1)) ] || break
	done
	equal "frames before the end" "$before" 5
	equal "state" "$state" "in force"
	generation=$(generation "$ns")
	wait_for 60 clock_shows $((until + 1))
	equal "frames a second after it" "$(from_camera)" 0
	equal "frames to the device" "$(to_camera)" 0
	equal "generation" "$(generation "$ns")" "$generation"
	equal "state afterwards" "$(states)" ended
}

clock_shows() { [ "$(now)" -ge "$1" ]; }

# The file's time is that of the policy.
clock_behind()
{
	local text

	setup
	{ policy; exemption $((10 * 86400)); } >"$config"
	touch -d '+1 day' "$config"
	cw "$ns" apply "$config"
	equal "frames with the clock a day behind" "$(from_camera)" 0
	equal state "$(states)" "waiting for the clock"
	text=$(cw "$ns" status -j | value .clock_behind)
	echo "the clock is $text s behind"
	[ "$text" -gt 86000 ]
	[ "$text" -le 86400 ]
	text=$(cw "$ns" status)
	contains "$text" "clock"
	contains "$text" "no exemption is in force"
	touch "$config"
	cw "$ns" apply "$config"
	equal "frames with the clock right" "$(from_camera)" 5
	equal "the clock is behind by" "$(cw "$ns" status -j | value .clock_behind)" 0
}

uptime() { cut -d. -f1 /proc/uptime; }

# set_clock SECONDS: beside the right time, by so many.
set_clock() { date -s "@$((boot_time + $(uptime) + $1))"; }

boots_in_1970()
{
	boot_time=$(($(now) - $(uptime)))
	set_clock 0 || skip "the clock cannot be set here"
	defer "set_clock 0"
	setup
	{ policy; exemption 3600; } >"$config"
	cw "$ns" apply "$config"
	set_clock -$((boot_time - 86400))
	equal "frames in 1970" "$(from_camera)" 0
	set_clock 0
	equal "frames when the clock is right" "$(from_camera)" 5
	set_clock 7200
	equal "frames when the clock is past the end" "$(from_camera)" 0
}

survives()
{
	setup
	{ policy; exemption 3600; } >"$config"
	cw "$ns" apply "$config"
	contains "$(cw "$ns" apply "$config")" "nothing changed"
	equal "frames after apply of the same file" "$(from_camera)" 5
	{ policy isolate; exemption 3600; } >"$config"
	cw "$ns" apply "$config"
	equal "frames after another policy" "$(from_camera)" 5
	cw "$ns" save >"$etc/saved"
	contains "$(cw "$ns" apply - <"$etc/saved")" "nothing changed"
	cw "$ns" flush
	cw "$ns" apply "$config"
	equal "frames after flush and apply" "$(from_camera)" 5
	policy >"$config"
	cw "$ns" apply "$config"
	equal "frames after apply without it" "$(from_camera)" 0
}

add() { cw "$ns" exempt add -f "$config" "$@" "${EXEMPT_OPTIONS[@]}"; }

adds()
{
	setup
	policy >"$config"
	cw "$ns" apply "$config"
	equal "frames before" "$(from_camera)" 0
	add $CAMERA --until "$(moment $(($(now) + 3600)))"
	equal "frames after add" "$(from_camera)" 5
	cw "$ns" flush
	cw "$ns" apply "$config"
	equal "frames after the next boot's apply" "$(from_camera)" 5
	equal "as listed" "$(cw "$ns" exempt list -j -f "$config" |
		value '.[] | "\(.mac) \(.reason), \(.approved_by), \(.state)"')" \
		"$CAMERA ticket 4711, J. Doe, in force"
	contains "$(cw "$ns" exempt list -f "$config")" "ticket 4711"
}

deletes()
{
	setup
	policy >"$config"
	cw "$ns" apply "$config"
	add $CAMERA --until 8h
	add $NEIGHBOUR --until 8h
	cw "$ns" exempt del -f "$config" $CAMERA
	equal "frames of both devices" "$(frames "$ns" cam0 lan0 $CAMERA -s $NEIGHBOUR)" "0 5"
	equal states "$(states)" "ended in force"
	refused 1 cw "$ns" exempt del -f "$config" $CAMERA
	refused 1 cw "$ns" exempt del -f "$config" 44:19:b6:00:00:03
	cw "$ns" flush
	cw "$ns" apply "$config"
	equal "frames of both devices, later" "$(frames "$ns" cam0 lan0 $CAMERA -s $NEIGHBOUR)" "0 5"
}

refuses()
{
	setup
	policy >"$config"
	cw "$ns" apply "$config"
	refused 2 cw "$ns" exempt add -f "$config" $CAMERA --until 8h --reason why
	refused 2 cw "$ns" exempt add -f "$config" $CAMERA "${EXEMPT_OPTIONS[@]}"
	refused 2 add $CAMERA --until 2020-01-01T00:00:00Z
	refused 2 add 44:19:b6 --until 8h
	refused 2 add $CAMERA --until soon
	refused 1 cw "$ns" exempt add -f "$etc/there-is-no-such-file" $CAMERA --until 8h "${EXEMPT_OPTIONS[@]}"
	equal "frames" "$(from_camera)" 0
	equal "files" "$(ls "$etc")" camwall.conf
	equal "generation" "$(generation "$ns")" 1
}

prepare
require_helpers
it "an exempt device passes under drop, isolate and limit, both directions" exempts
it "others of its group stay blocked" only_one
it "an exempt device is still tagged and counted" tagged_and_counted
it "an exemption ends at its second by itself, and is listed as ended" ends
it "while the clock is before the policy none is in force, and status says so" clock_behind
it "a clock that starts in 1970 and is set later" boots_in_1970
it "an exemption survives apply, reload and save" survives
it "exempt add puts one in force, and where the next boot finds it" adds
it "exempt del ends one, and keeps it as history" deletes
it "exempt add refuses what is incomplete, and then changes nothing" refuses
run
