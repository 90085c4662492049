#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Whatever fails, the policy in force stands: allocations, disks, the tool itself.
#
# Each allocation of each operation fails in turn (faults.h), in three ways: one of all that
# the kernel makes for it; one of the module's own; one of the module's own and all after it,
# so that what falls back on another way of getting memory is refused that too.
. "$(dirname "$0")/devices.sh"

FAILSLAB=/sys/kernel/debug/failslab
FAIL_PAGES=/sys/kernel/debug/fail_page_alloc

# --- Fault injection ----------------------------------------------------------------------

can_fail() { [ -w $FAILSLAB/require-start ] && [ -w $FAIL_PAGES/require-start ]; }

# fault KEY VALUE: for slabs and for pages.
fault()
{
	echo "$2" >$FAILSLAB/$1
	echo "$2" >$FAIL_PAGES/$1
}

# No allocation fails but of a task that asks for it (faults.h).
faults_of_a_task()
{
	fault task-filter Y
	fault interval 1
	fault times -1
	fault probability 100
	unset FAULTS_MODULE_ONLY
	fault require-start 0
	fault require-end 0xffffffffffffffff
}

# Only what the module's code asks for counts: any of its addresses is on the stack.
faults_of_the_module()
{
	local start size

	start=$(cat /sys/module/camwall/sections/.text)
	size=$(sed -n 's/^camwall \([0-9]*\) .*/\1/p' /proc/modules)
	fault require-start "$start"
	fault require-end "$(printf '0x%x' $((start + size)))"
	export FAULTS_MODULE_ONLY=1
}

# All that the module asks for is refused, whoever's work it does; faults_end: no more.
all_fail()
{
	faults_of_the_module
	fault task-filter N
}

faults_end() { fault probability 0; }

fixture()
{
	can_fail || return 0
	defer faults_end
	fault verbose 0
	fault ignore-gfp-wait N
	echo N >$FAIL_PAGES/ignore-gfp-highmem
	echo 0 >$FAIL_PAGES/min-order
}

# --- Operations ---------------------------------------------------------------------------

# Of the family, in a namespace as faults.c wants it.
family()
{
	setup
	ip -n "$ns" link add wan0 type dummy
	defer faults_end
	faults_of_a_task
	case $2 in
	all) within "$ns" "$here/faults" "$1" ;;
	one) faults_of_the_module && within "$ns" "$here/faults" "$1" ;;
	onward) faults_of_the_module && within "$ns" "$here/faults" "$1" onward ;;
	esac
}

changes_all() { family changes all; }
changes_one() { family changes one; }
changes_onward() { family changes onward; }
questions_all() { family questions all; }
questions_onward() { family questions onward; }

link()
{
	namespace ns
	within "$ns" "$here/inventory" commit 'interface=lan*' group=cameras action=drop prefix=4419b6
	defer faults_end
	faults_of_a_task
	faults_of_the_module
	within "$ns" "$here/faults-link" "$1"
	within "$ns" "$here/faults-link" "$1" onward
}

create() { link create; }
rename() { link rename; }
port() { link port; }
move() { link move; }

kernel_wide()
{
	namespace ns
	defer faults_end
	faults_of_a_task
	within "$ns" "$here/faults-link" "$1"
}

net_namespace() { kernel_wide namespace; }
load() { kernel_wide load; }

# --- Packets and work items ---------------------------------------------------------------

# Forty frames of as many cameras; printed is how many arrive.
forty() { send "44:19:b6:0$1:00:00" "$UDP" -c 40; }

# verdicts ACTION: what arrives with memory, and without.
verdicts()
{
	local with without refused

	action=$1 commit
	with=$(forty 1)
	within "$ns" "$here/inventory" flush
	refused=$(total device-refused)
	all_fail
	without=$(forty 2)
	faults_end
	faults_of_a_task
	equal "frames that arrive without memory ($1)" "$without" "$with"
	equal "devices" "$(total devices)" 0
	equal "frames that found no memory" $(($(total device-refused) - refused)) 40
}

packets_without_memory()
{
	local packets

	setup
	defer faults_end
	faults_of_a_task
	verdicts observe
	verdicts drop
	verdicts isolate
	equal "frames as the group counts them" "$(figure "$ns" cameras packets from)" 240
	equal "of them dropped" "$(figure "$ns" cameras dropped from)" 160
	# All share the group's bucket, of one frame.
	action=limit burst=720 commit
	all_fail
	equal "frames that arrive where all share a bucket" "$(forty 3)" 1
	faults_end
	within "$ns" "$here/inventory" flush
	action=observe commit
	equal "frames that arrive when there is memory again" "$(forty 4)" 40
	equal "devices" "$(total devices)" 40
}

sweep_without_memory()
{
	setup
	defer faults_end
	faults_of_a_task
	commit max-devices=16
	send 44:19:b6:01:00:00 "$UDP" -c 16
	pass_seconds 6
	all_fail
	send 44:19:b6:02:00:00 "$UDP"
	pass_seconds 3
	faults_end
	equal "evicted, where there is no memory for who goes" "$(total device-evicted)" 0
	equal devices "$(total devices)" 16
	newcomer_listed() { send 44:19:b6:02:00:00 "$UDP" && [ -n "$(device 44:19:b6:02:00:00)" ]; }
	wait_for 60 newcomer_listed
	equal "evicted" "$(total device-evicted)" 1
}

# An event that there is no memory for is missed by its number.
events_without_memory()
{
	setup
	defer faults_end
	faults_of_a_task
	commit
	start listener "$ns" "$here/inventory" listen
	wait_for 20 grep -q ready "$tmp/listener"
	forty 1
	wait_for 20 heard device-new 40
	all_fail
	within "$ns" "$here/inventory" flush
	forty 2
	faults_end
	send 44:19:b6:03:00:00 "$UDP"
	wait_for 20 heard device-new 41
	contains "$(cat "$tmp/listener")" lost=
	fails grep -q event=devices-flushed "$tmp/listener"
	wait_for 20 heard_the_last
	# Each allocation of an event by itself: as many as there are, and some more.
	for n in 1 2 3 4 5 6; do
		faults_of_the_module
		fault task-filter N
		fault interval $n
		fault times 1
		fault probability 100
		within "$ns" "$here/inventory" flush
		forty 1
		equal "whether one has failed" "$(cat $FAILSLAB/times)" 0
		faults_end
	done
	stop listener
}

heard_the_last() { [ "$(field seq <"$tmp/listener" | tail -n 1)" = "$(total seq)" ]; }
heard() { [ "$(grep -c "event=$1" "$tmp/listener")" -ge "$2" ]; }

# --- The machine --------------------------------------------------------------------------

policy()
{
	cat <<-EOF
		[camwall]
		interfaces = lan*
		[group cameras]
		prefix = 44:19:b6
		action = drop
	EOF
}

# etc: the tool's folder, with the policy in force, on a file system of its own.
etc()
{
	setup
	etc=$tmp/etc
	mkdir "$etc"
	mount -t tmpfs -o size=64k none "$etc"
	defer "umount $etc; rmdir $etc"
	policy >"$etc/camwall.conf"
	cw "$ns" apply "$etc/camwall.conf"
}

# The tool can neither add an exemption nor end one, and the policy in force stands; what
# the file says can be applied.
stands()
{
	local before

	before=$(cat "$etc"/*.conf)
	refused 1 cw "$ns" exempt add -f "$etc/camwall.conf" $CAMERA --until 8h --reason why --approved-by me
	contains "$said" "$1"
	equal generation "$(generation "$ns")" 1
	equal "what the files say" "$(cat "$etc"/*.conf)" "$before"
	equal "frames that arrive" "$(frames "$ns" cam0 lan0 $CAMERA)" 0
	cw "$ns" apply "$etc/camwall.conf"
	equal "frames that arrive" "$(frames "$ns" cam0 lan0 $CAMERA)" 0
}

full_disk()
{
	etc
	fails cat /dev/zero 2>/dev/null >"$etc/rest"
	stands "no space"
}

read_only()
{
	etc
	mount -o remount,ro "$etc"
	stands "read-only"
}

# At many moments between its start and its end: policy and files are those of before or after.
killed()
{
	local rounds=20 i start whole before after=0 generation

	etc
	: >"$etc/exemptions.conf"
	exempt() { cw "$ns" exempt "$@" -f "$etc/camwall.conf"; }
	add() { exempt add $CAMERA --until 8h --reason why --approved-by me; }
	start=${EPOCHREALTIME/./}
	add
	whole=$((${EPOCHREALTIME/./} - start))
	exempt del $CAMERA
	for ((i = 1; i <= rounds; i++)); do
		before=$(generation "$ns")
		timeout -s KILL "$(awk "BEGIN { print $whole * $i / $rounds / 1e6 }")" \
			nsenter --net="/run/netns/$ns" "$CAMWALL" exempt add $CAMERA --until 8h --reason why \
			--approved-by me -f "$etc/camwall.conf" || :
		generation=$(generation "$ns")
		case $((generation - before)),$(frames "$ns" cam0 lan0 $CAMERA) in
		0,0) ;;
		1,5) after=$((after + 1)) ;;
		*) equal "generations and frames after a kill" "$((generation - before))" "0 and 0, or 1 and 5" ;;
		esac
		cw "$ns" apply "$etc/camwall.conf"
		! grep -q until "$etc/exemptions.conf" || exempt del $CAMERA || :
		equal "frames that arrive without the exemption" "$(frames "$ns" cam0 lan0 $CAMERA)" 0
	done
	echo "killed after the commit: $after of $rounds times"
	[ $after -lt $rounds ]
}

loads_and_unloads()
{
	unload_module
	load_module
}

prepare
require_helpers
for helper in faults faults-link inventory; do
	[ -x "$here/$helper" ] || skip_all "no helpers: run make in $here"
done
can_fail || skip_all "this kernel lets no allocation fail on demand (CONFIG_FAULT_INJECTION_STACKTRACE_FILTER, FAILSLAB, FAIL_PAGE_ALLOC)"
it "begin, add, commit, abort: each allocation of the kernel" changes_all
it "begin, add, commit, abort: each allocation of the module" changes_one
it "begin, add, commit, abort: each of the module, and all after it" changes_onward
it "questions and dumps: each allocation of the kernel" questions_all
it "questions and dumps: each of the module, and all after it" questions_onward
it "a device comes" create
it "a device is renamed" rename
it "a device becomes a port" port
it "a device comes from another namespace" move
it "a namespace comes" net_namespace
it "the module is loaded" load
it "packets: without memory for the inventory verdicts are the same" packets_without_memory
it "the sweep: without memory nobody goes, and later somebody does" sweep_without_memory
it "events: what cannot be sent is missed by its number" events_without_memory
it "a full disk: the policy in force stands" full_disk
it "a read-only /etc: the policy in force stands" read_only
it "a tool that is killed: policy and files are those of before or after" killed
it "after all that the module goes, and comes again" loads_and_unloads
run
