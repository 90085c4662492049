# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash source-path=SCRIPTDIR disable=SC2034
# Shared by the tests of the documentation: where things are, and how lists are compared.
# They need neither a guest nor privileges; scripts/check runs them as the part "docs".
# shellcheck source=../selftests/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/../selftests/lib.sh"

top=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
docs=$top/Documentation

# same_lines WHAT A FILE-A B FILE-B: what only one of two sorted lists has, and where it is missing.
same_lines()
{
	local line bad=''

	while IFS= read -r line; do
		[ -z "$line" ] || bad+="$1 \"$line\" is in $2, and not in $4"$'\n'
	done < <(comm -23 "$3" "$5")
	while IFS= read -r line; do
		[ -z "$line" ] || bad+="$1 \"$line\" is in $4, and not in $2"$'\n'
	done < <(comm -13 "$3" "$5")
	printf '%s' "$bad"
	[ -z "$bad" ]
}
