#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# How long a thread of the highest need waits for its processor while a list is exchanged
# for another one again and again: as long as the kernel does something that cannot be
# interrupted by it, a commit, the freeing of what was there before, a grace period.
#
# A busy loop of a user's own, beside it, keeps the processor from idling, where QEMU's
# clock follows the host's; by itself it is the row "busy".
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"
. "$here/classifiers.sh"
options "$@"
part=latency
size=all commits=20 loads=2
if [ -n "$quick" ]; then
	size=150 commits=3 loads=2
fi

# waits COMMAND...: the longest wait in us in "longest", and how many, while it runs.
waits()
{
	local status=0 spin

	while :; do :; done &
	spin=$!
	cyclictest --quiet --policy=fifo --priority=90 --interval=1000 --nsecs \
		--default-system --json="$work/cyclictest.json" >/dev/null 2>"$work/said" &
	cyclictest=$!
	sleep 0.1
	"$@" >"$work/said" 2>&1 || status=$?
	# What was replaced last is freed after a grace period.
	sleep 0.3
	kill -INT $cyclictest
	wait $cyclictest
	kill $spin
	wait $spin 2>/dev/null
	longest=$(jq '[.thread[].max] | max / 100 | round / 10' "$work/cyclictest.json")
	average=$(jq '[.thread[].avg] | max / 100 | round / 10' "$work/cyclictest.json")
	cycles=$(jq '[.thread[].cycles] | add' "$work/cyclictest.json")
	[ $status -eq 0 ] || sed 's/^/# /' "$work/said"
	return $status
}

# row CLASSIFIER ROW COMMAND...
row()
{
	classifier=$1
	if waits "${@:3}" && [ "${cycles:-0}" -ge 100 ]; then
		pass "$classifier: $2: the longest of $cycles waits"
	else
		fail "$classifier: $2: ${cycles:-0} waits measured, 100 wanted"
		return 0
	fi
	result classifier="$classifier" row="$2" size="$size" prefixes="$prefixes" unit=us \
		value="$longest" average="$average" waits="$cycles"
}

# In one transaction, as camwall does it: what was there before is deleted in it.
nft_replace()
{
	local i

	for ((i = 0; i < loads; i++)); do
		nft -f "$work/replace.nft" || return
	done
}

camwall_replace() { "$bench/bin/load" "$lists/$size/camwall.conf" "$commits"; }

# Nothing of either is left: the freeing by itself.
camwall_flush() { camwall_teardown && sleep 0.5; }
nft_flush() { nft_interval_teardown && sleep 0.5; }

prepare
add_device "$device"
prefixes=$(prefixes_of "$size")
{
	echo "table netdev bench"
	echo "delete table netdev bench"
	cat "$lists/$size/interval.nft"
} >"$work/replace.nft"
row busy busy sleep 2
try "camwall: apply" camwall_setup "$size" && {
	row camwall commits camwall_replace
	row camwall flush camwall_flush
}
try "nft_interval: load" nft -f "$work/replace.nft" && {
	row nft_interval loads nft_replace
	row nft_interval flush nft_flush
}
finish
