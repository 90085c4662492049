#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# run.sh PROGRAM... [-- OPTION...]: run programs of the benchmark in this guest, one after
# the other, each between two lines that name it, as kselftest's runner does.
cd "$(dirname "$0")" || exit 1

programs=()
while [ $# -gt 0 ] && [ "$1" != -- ]; do
	programs+=("$1")
	shift
done
shift
echo "{\"part\":\"about\",\"kernel\":\"$(uname -r)\",\"cpus\":$(nproc)}"
n=${CAMWALL_BENCH_FIRST:-1}
for program in "${programs[@]}"; do
	echo "# bench: $program"
	if "./$program.sh" "$@" </dev/null 2>&1; then
		echo "ok $n bench: $program"
	else
		echo "not ok $n bench: $program # exit=$?"
	fi
	n=$((n + 1))
done
