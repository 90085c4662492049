#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# fuzz.sh: the corpus, then messages of a seed, to a kernel that is meant for it (README).
#
#   CAMWALL_FUZZ_SEED      1 where it is not given, so that every run says the same
#   CAMWALL_FUZZ_MESSAGES  50,000 where it is not given
# shellcheck disable=SC2154,SC2317 # what lib.sh defines, and calls
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/../../selftests/lib.sh"
. "$(dirname "$0")/../../selftests/kernel-log.sh"

folder=$(cd "$(dirname "$0")" && pwd)

fuzz=$folder/../../../build/fuzz/netlink/fuzz
seed=${CAMWALL_FUZZ_SEED:-1} messages=${CAMWALL_FUZZ_MESSAGES:-50000}

# What only a lack of memory, of luck or of a device brings about; faults are tested elsewhere.
cannot_be_provoked='out of memory|no table could be built|the answer does not fit'
cannot_be_provoked+='|could not be bound|could not be registered'

# say ARGUMENT...: run the fuzzer; its figures are told, whatever becomes of it.
say()
{
	local status=0

	"$fuzz" "$@" >"$tmp/answers" 2>&1 || status=$?
	sed 's/^#* */# /' "$tmp/answers" >&3
	cat "$tmp/answers" >>"$tmp/all"
	return "$status"
}

corpus() { say -s "$seed" "$folder"/corpus/*; }
by_seed() { say -s "$seed" -n "$messages" -c; }

# The texts of the module's own refusals.
refusals()
{
	perl -0ne 'while (/ERR_MSG(?:_ATTR)?\([^"]*"((?:[^"\\]|\\.)*)"/g) { print "$1\n" }' \
		"$folder"/../../../module/*.c | sort -u
}

every_refusal()
{
	local unsaid

	refusals | grep -v -E "$cannot_be_provoked" >"$tmp/refusals"
	[ -s "$tmp/refusals" ]
	unsaid=$(sed -n 's/^# said *[0-9]* times: //p' "$tmp/all" | grep -v -x -F -f - "$tmp/refusals") || :
	equal "refusals that were never given" "$unsaid" ""
}

log_is_clean()
{
	fails kernel_said "the fuzzer starts"
}

not_in_use() { [ "$(cat /sys/module/camwall/refcnt)" -eq 0 ]; }

module_goes()
{
	is_module || skip "camwall is built in"
	wait_for 20 not_in_use
	unload_module
}

nothing_leaked()
{
	has_kmemleak || skip "this kernel has no kmemleak"
	equal "what kmemleak reports" "$(all_leaks)" ""
}

prepare_fuzzer()
{
	require_root
	[ -x "$fuzz" ] || skip_all "no fuzzer: run make in $folder"
	loaded || load_module || skip_all "the module does not load; name it in CAMWALL_KO"
}

prepare_fuzzer
kernel_mark "the fuzzer starts"
exec 3>&1
it "the corpus: nothing is done for who may not, and no policy of others is touched" corpus
it "$messages messages of seed $seed: the same, and every operation was carried out" by_seed
it "each refusal that the module has was given" every_refusal
it "the kernel's log reports no fault" log_is_clean
it "when all sockets and namespaces are gone, the module can go" module_goes
it "nothing was leaked" nothing_leaked
run
