#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The module's KUnit tests (module/tests), each case as a result of its own.
. "$(dirname "$0")/lib.sh"

RESULTS=/sys/kernel/debug/kunit

# KUnit has written a KTAP of two levels for each suite. A case becomes a result, and what a
# case that failed has said stays before it.
flatten()
{
	awk '
		/# Subtest: / { suite = $NF; next }
		/^    (not )?ok / {
			what = /^    not/ ? "not ok" : "ok"
			sub(/^    (not )?ok [0-9]+ (- )?/, "")
			if (what == "not ok")
				printf "%s", said
			said = ""
			print what, ++n, suite ": " $0
			next
		}
		/^    / { said = said "#" $0 "\n" }
		END { print "1.." n + 0 }'
}

require_root
[ -n "${CAMWALL_TEST_KO-}" ] || skip_all "no camwall-test.ko in CAMWALL_TEST_KO: this kernel is without KUnit"
[ -d $RESULTS ] || skip_all "no $RESULTS: this kernel is without CONFIG_KUNIT_DEBUGFS"
echo "TAP version 13"
insmod "$CAMWALL_TEST_KO" || bail_out "the module of the tests does not load"
log=$(cat $RESULTS/camwall-*/results | flatten)
rmmod camwall_test || bail_out "the module of the tests does not go"
echo "$log"
! grep -q '^not ok' <<<"$log"
