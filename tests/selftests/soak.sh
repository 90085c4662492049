#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Everything of races.sh for minutes (SOAK_MINUTES), with memory as a table; fails where it grows.
#
# With fault injection (the user-mode kernel "debug") one of a hundred of the module's
# allocations fails besides. The table stands among the results, as notes.
. "$(dirname "$0")/storm.sh"

: "${SOAK_MINUTES:=30}" "${SOAK_INTERVAL:=10}"
FAILSLAB=/sys/kernel/debug/failslab
# Kilobytes by which the last quarter may be above the second one.
NOISE_TAKEN=24576
NOISE_SLAB=6144

# --- The table ----------------------------------------------------------------------------

memory() { sed -n "s/^$1: *\([0-9]*\) kB/\1/p" /proc/meminfo; }

references() { sed -n 's/^camwall [0-9]* \([0-9]*\) .*/\1/p' /proc/modules; }

# In kB, but for the last four: the module's references, its devices, commits, reloads.
sample()
{
	printf '%6d %9d %9d %8d %9d %9d %4s %6s %8d %7d\n' "$1" "$(taken)" "$(memory MemFree)" \
		"$(memory Slab)" "$(memory SUnreclaim)" "$(memory Percpu)" "$(references)" \
		"$(total devices)" "$(rounds commits)" "$2"
}

HEADER="second     taken      free     slab   unrecl.    percpu refs  devices commits reloads"

# median COLUMN FROM TO: of the samples of that part of the time, in percent.
median()
{
	local n

	n=$(wc -l <"$tmp/table")
	sed -n "$((n * $2 / 100 + 1)),$((n * $3 / 100))p" "$tmp/table" | awk "{ print \$$1 }" | sort -n |
		awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'
}

# flat NAME COLUMN NOISE: the second quarter against the last.
flat()
{
	local early late

	early=$(median "$2" 25 50)
	late=$(median "$2" 75 100)
	say "# $1: $early kB in the second quarter, $late kB in the last one"
	[ $((late - early)) -le "$3" ] || { echo "$1 grows"; return 1; }
}

# On the screen as it happens, whatever becomes of the behaviour.
say() { echo "$*" >&4; }

# --- Faults -------------------------------------------------------------------------------

some_fail()
{
	local start size

	[ -w $FAILSLAB/require-start ] || return 0
	start=$(cat /sys/module/camwall/sections/.text)
	size=$(sed -n 's/^camwall \([0-9]*\) .*/\1/p' /proc/modules)
	echo "$start" >$FAILSLAB/require-start
	printf '0x%x' $((start + size)) >$FAILSLAB/require-end
	echo 0 >$FAILSLAB/verbose
	echo N >$FAILSLAB/ignore-gfp-wait
	echo -1 >$FAILSLAB/times
	echo 1 >$FAILSLAB/probability
}

none_fails() { [ ! -w $FAILSLAB/probability ] || echo 0 >$FAILSLAB/probability; }

# --- The soak -----------------------------------------------------------------------------

soak()
{
	local start=$SECONDS reloads=0 line

	storm_start
	defer none_fails
	say "# $HEADER"
	while [ $((SECONDS - start)) -lt $((SOAK_MINUTES * 60)) ]; do
		some_fail
		sleep "$SOAK_INTERVAL"
		line=$(sample $((SECONDS - start)) $reloads)
		echo "$line" >>"$tmp/table"
		say "# $line"
		storm_tally
		storm_reload
		reloads=$((reloads + 1))
	done
	none_fails
	say "# $(storm_rounds)"
	storm_stop
	wait_for 60 unload_module
	load_module
	flat "memory taken" 2 $NOISE_TAKEN
	flat "slab that cannot be reclaimed" 5 $NOISE_SLAB
	flat "per-CPU memory" 6 512
}

# Nobody who is left holds the module.
goes()
{
	equal "references" "$(references)" 0
	unload_module
	load_module
}

exec 4>&1
prepare
require_storm
it "memory stays flat for $SOAK_MINUTES minutes" soak
it "the module goes at the end" goes
run
