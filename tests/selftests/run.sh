#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# run.sh [PROGRAM...]: run test programs, by default all, one after the other, as kselftest's
# runner does, but with every line of theirs as it is; at the end the sum.
#
# After each of them the kernel's log is read, and kmemleak asked where the kernel has it: a
# report of any checker fails the program, whatever it says itself.
cd "$(dirname "$0")" || exit 1
. ./kernel-log.sh

limit=$(sed -n 's/^timeout=//p' settings)
if [ $# -eq 0 ]; then
	mapfile -t programs < <(make -s emit_tests | cut -d: -f2)
	set -- "${programs[@]}"
fi
log=$(mktemp)
held=camwall-held-$$
trap 'rm -f "$log"; ip netns del "$held" 2>/dev/null' EXIT

# The first and the last hook of a kind that a machine has make the kernel patch its own code, and
# QEMU's emulation of that can hang where another processor runs it, under traffic above all.
# So somebody else holds a hook of each kind while the programs run.
hold_hooks()
{
	ip netns add "$held" &&
		ip -n "$held" link add a0 type veth peer name b0 &&
		ip netns exec "$held" nft 'table netdev held {
			chain i { type filter hook ingress device a0 priority 0; };
			chain e { type filter hook egress device a0 priority 0; }; }' &&
		hold_kinds inet prerouting input forward output postrouting &&
		hold_kinds arp input output &&
		hold_kinds bridge prerouting input forward output postrouting
}

# hold_kinds FAMILY HOOK...: with connections where there are such.
hold_kinds()
{
	local family=$1 hook

	shift
	for hook; do
		echo "table $family held { chain $hook { type filter hook $hook priority 0; }; }"
	done | ip netns exec "$held" nft -f - || return
	[ "$family" != inet ] || ip netns exec "$held" nft add rule inet held forward ct state invalid accept
}
hold_hooks || echo "# no hooks are held: an emulated machine may hang"

# A program that ends before its plan does has failed at what it has not said.
judge()
{
	local status=$1 plan results

	plan=$(sed -n 's/^1\.\.\([0-9]*\).*/\1/p' "$log")
	results=$(grep -c -E '^(not )?ok ' "$log")
	if [ "$status" -eq 124 ]; then
		echo "# it took more than $limit seconds"
	elif [ "${plan:--1}" -eq 0 ] || [ "${plan:--1}" -eq "$results" ]; then
		return 1
	fi
	echo "# ended with status $status after $results of ${plan:-?} results"
}

# judge_kernel PROGRAM: does the kernel report nothing? A leak may be of a program before it, which
# another look has shown; it is told once.
judge_kernel()
{
	local leaks='' said=''

	if has_kmemleak; then
		leaks=$(scan_leaks)
		[ -z "$leaks" ] || forget_leaks
	fi
	said=$(kernel_said "$1 starts") || [ -n "$leaks" ] || return 0
	{
		head -n 60 <<<"$said"
		head -n 60 <<<"$leaks"
	} | sed 's/^/# /'
	echo "Bail out! the kernel reported a fault"
	return 1
}

passed=0 failed=0 skipped=0 n=0
echo "TAP version 13"
echo "1..$#"
for program; do
	n=$((n + 1))
	echo "# selftests: camwall: $program"
	kernel_mark "$program starts"
	started=$SECONDS
	timeout "$limit" "./$program" </dev/null 2>&1 | tee "$log"
	status=${PIPESTATUS[0]}
	echo "# it took $((SECONDS - started)) seconds"
	skips=$(grep -c -E '^(ok .*|1\.\.0 )# SKIP' "$log")
	oks=$(grep -E '^ok ' "$log" | grep -c -v '# SKIP')
	fails=$(grep -c '^not ok ' "$log")
	judge "$status" && fails=$((fails + 1))
	judge_kernel "$program" || fails=$((fails + 1))
	passed=$((passed + oks)) failed=$((failed + fails)) skipped=$((skipped + skips))
	case $fails,$oks in
	0,0) echo "ok $n selftests: camwall: $program # SKIP" ;;
	0,*) echo "ok $n selftests: camwall: $program" ;;
	*) echo "not ok $n selftests: camwall: $program # exit=$status" ;;
	esac
done
echo "# $passed passed, $failed failed, $skipped skipped"
[ $failed -eq 0 ]
