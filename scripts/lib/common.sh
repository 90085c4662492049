# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# What every script shares: where things are, and how they talk.

top=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd -P)
here=$top/scripts
build=$top/build
cache=${XDG_CACHE_HOME:-${HOME:-/tmp}/.cache}/camwall
me=${0##*/}
PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin

# Progress goes to standard error, results to standard output.
say() { printf '%s\n' "$*" >&2; }
die() { printf '%s: %s\n' "$me" "$*" >&2; exit 1; }

usage_error()
{
	printf '%s: %s\n' "$me" "$*" >&2
	printf 'Try: scripts/%s --help\n' "$me" >&2
	exit 2
}

# help: the comment at the head of the script that runs, from its third line on.
help() { sed -n '3,${/^# shellcheck/q; /^[^#]/q; s/^# \{0,1\}//p}' "$0"; }

# quietly WHAT COMMAND...: its output only where it fails.
quietly()
{
	local what=$1 log status=0

	shift
	log=$(mktemp)
	"$@" >"$log" 2>&1 </dev/null || status=$?
	if [ "$status" -ne 0 ]; then
		tail -n 60 "$log" >&2
		say "$me: $what failed (status $status): $*"
	fi
	rm -f "$log"
	return "$status"
}

# Debian's awk is mawk, which waits for a full buffer where it is not told otherwise.
live_awk()
{
	if [[ $(awk -W version 2>&1 </dev/null) = mawk* ]]; then
		awk -W interactive "$@"
	else
		awk "$@"
	fi
}
