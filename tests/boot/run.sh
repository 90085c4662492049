#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# run.sh JOB [PROGRAM...]: boot a machine for each program of this folder, by default all, and
# print what they say as kselftest's runner does. JOB is a folder that scripts/check has filled:
# linux (how to start it), camwall.ko, and tree (what was installed).
tests=$(cd "$(dirname "$0")" && pwd -P)
job=$1
shift
[ $# -gt 0 ] || set -- policy.sh broken.sh registry.sh no-registry.sh open.sh closed.sh partly.sh library.sh no-module.sh clock.sh new.sh daemon.sh unload.sh
LIMIT=600	# emulated

# Into the job: a machine has a /var and a /tmp of its own, where this tree may be.
rm -rf "$job/tests"
mkdir -p "$job/tests/boot" "$job/tests/selftests"
cp "$tests"/*.sh "$job/tests/boot"
cp "$tests/../selftests/lib.sh" "$job/tests/selftests"

# boot PROGRAM: its output.
boot()
{
	: >"$job/log"
	printf '%s\n' "BOOT_PROGRAM=/run/host/tests/boot/$1" CAMWALL=/usr/local/sbin/camwall HOME=/run >"$job/environment"
	# How it ends says nothing: what it is told to do last is to switch itself off.
	timeout -k 10 $LIMIT "$job/linux" </dev/null 2>&1 | cat >"$job/console"
	cat "$job/log"
	grep -q '^# Totals' "$job/log" || sed 's/^/# /' "$job/console" | tail -n 40
}

# What a machine has that was set up before: the programs but the first begin with it.
[ "$1" = policy.sh ] || boot policy.sh >/dev/null
n=0
echo "TAP version 13"
echo "1..$#"
for program; do
	n=$((n + 1))
	echo "# boot: $program"
	[ "$program" != policy.sh ] || rm -f "$job/machine.tar"
	output=$(boot "$program")
	printf '%s\n' "$output"
	if grep -q '^not ok\|^Bail out' <<<"$output" || ! grep -q '^# Totals' <<<"$output"; then
		echo "not ok $n boot: $program # exit=1"
	else
		echo "ok $n boot: $program"
	fi
done
