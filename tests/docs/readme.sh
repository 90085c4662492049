#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# What README.md shows of ./scripts/gateway stands, in this order, in the recording of a run, and the
# picture is that of the recording.
# shellcheck source-path=SCRIPTDIR disable=SC2016,SC2154,SC2317 # functions are called by name; lib.sh sets the rest
. "$(dirname "$0")/lib.sh"

recording=$docs/images/gateway.cast

session() { jq -rR 'fromjson | arrays | .[2] | rtrimstr("\r\n")' "$recording"; }

[ -n "$(type -P jq)" ] || skip_all "no jq"

the_excerpt_is_of_the_recording()
{
	session >"$tmp/session"
	sed -n 's/^    //p' "$top/README.md" | grep -E '^(ping |  from )' >"$tmp/excerpt"
	[ "$(wc -l <"$tmp/excerpt")" -ge 6 ]
	awk 'NR == FNR { want[++n] = $0; next } $0 == want[i + 1] { if (++i == n) exit }
		END { if (i != n) { print "not in the recording, or in another order: " want[i + 1]; exit 1 } }' \
		"$tmp/excerpt" "$tmp/session"
}

the_recorded_run_went_well()
{
	session | grep -qx '  The traffic is what the policy says.'
	session | grep -q '^A virtual gateway, Linux '
	fails grep -E '/(root|home|work)/' "$recording"
}

the_picture_is_of_the_recording()
{
	cp "$recording" "$tmp/gateway.cast"
	"$top/scripts/record" "$tmp/gateway.cast"
	cmp "$tmp/gateway.svg" "$docs/images/gateway.svg"
}

it the_excerpt_is_of_the_recording the_excerpt_is_of_the_recording
it the_recorded_run_went_well the_recorded_run_went_well
it the_picture_is_of_the_recording the_picture_is_of_the_recording
run
