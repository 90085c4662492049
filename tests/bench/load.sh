#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# What it takes to load a list, to hold it, and to list it again, with each classifier.
#
# Times are of the guest's clock; on one that counts instructions (scripts/guest --icount)
# they depend on nothing else. Each is the least of a few, as the first one also reads the
# program from the host.
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"
. "$here/classifiers.sh"
options "$@"
part=load
rounds=3
[ -z "$quick" ] || rounds=2

# --- Clock and memory ---------------------------------------------------------------------

# clock COMMAND...: its time in us in "took"; its output is in $work/said.
clock()
{
	local start=${EPOCHREALTIME/./} status=0

	"$@" >"$work/said" 2>&1 || status=$?
	took=$((${EPOCHREALTIME/./} - start))
	[ $status -eq 0 ] || sed 's/^/# /' "$work/said" | head -n 5
	return $status
}

# Memory of the kernel that is not a cache of files, in KiB, when all that was freed is.
kernel_memory()
{
	local i

	# Freeing waits for grace periods and work items.
	for i in 1 2 3; do
		sleep 0.1
		echo 3 >/proc/sys/vm/drop_caches
	done
	awk '$1 ~ /^(Slab|VmallocUsed|Percpu):$/ { sum += $2 } END { print sum }' /proc/meminfo
}

least() { printf '%s\n' "$@" | sort -n | head -n 1; }

middle() { printf '%s\n' "$@" | sort -n | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'; }

ms() { printf '%d.%03d' $(($1 / 1000)) $(($1 % 1000)); }

# figure ROW UNIT VALUE
figure()
{
	result classifier="$classifier" row="$1" size="$size" prefixes="$prefixes" unit="$2" value="$3"
}

# --- The same for each --------------------------------------------------------------------

# load_and_list CLASSIFIER: NAME_setup, NAME_list and NAME_teardown, a few times.
load_and_list()
{
	local i before loads=() lists_=() held=()

	classifier=$1
	for ((i = 0; i < rounds; i++)); do
		before=$(kernel_memory)
		if ! clock "${classifier}_setup" "$size"; then
			fail "$classifier, $size: load"
			return 0
		fi
		loads+=("$took")
		held+=($(($(kernel_memory) - before)))
		clock "${classifier}_list" || fail "$classifier, $size: list"
		lists_+=("$took")
		"${classifier}_teardown" >/dev/null
	done
	listed=$(wc -l <"$work/said")
	if [ "$listed" -ge "$prefixes" ]; then
		pass "$classifier, $size: loaded, and its $prefixes prefixes listed in $listed lines"
	else
		fail "$classifier, $size: loaded, but only $listed lines listed"
	fi
	figure load ms "$(ms "$(least "${loads[@]}")")"
	figure list ms "$(ms "$(least "${lists_[@]}")")"
	figure memory KiB "$(middle "${held[@]}")"
}

nft_interval_list() { nft list set netdev bench listed | tr , '\n'; }
nft_masked3_list() { nft list table netdev bench | tr , '\n'; }
tc_flower_list() { tc filter show dev "$device" ingress; }
bpf_lpm_list() { bpftool map dump pinned /sys/fs/bpf/camwall-bench/prefixes; }
camwall_list() { "$CAMWALL" show prefixes; }

# What a set of whole addresses would be, for comparison: ipset knows no prefixes.
ipset_setup() { ipset restore <"$lists/$1/ipset.restore"; }
ipset_list() { ipset save; }
ipset_teardown() { ipset destroy bench; }

# The update of the map by itself, without what loads the program.
bpf_map_update()
{
	local i updates=()

	for ((i = 0; i < rounds; i++)); do
		bpf_lpm_setup "$size" >"$work/said" || return
		updates+=("$(jq .update_ms "$work/said")")
		bpf_lpm_teardown
	done
	figure update ms "$(least "${updates[@]}")"
}

# --- camwall, step by step ----------------------------------------------------------------

# step NAME: the least of it over the rounds of load.c.
step() { jq -s "map(.$1) | min" "$work/rounds"; }

camwall_steps()
{
	local row

	classifier=camwall
	if ! "$bench/bin/load" "$lists/$size/camwall.conf" 5 >"$work/rounds"; then
		fail "camwall, $size: commits"
		return 0
	fi
	for row in parse begin add commit kernel; do
		figure $row ms "$(step $row)"
	done
	check "camwall, $size: all prefixes are in force" \
		"$("$CAMWALL" status -j | jq .prefix_count)" "$prefixes"
	figure own-memory octets "$("$CAMWALL" status -j | jq .memory)"
	camwall_teardown
}

prepare
# Read where it always is, but from memory.
cp -rp /usr/share/ieee-data "$work/ieee-data"
mount --bind "$work/ieee-data" /usr/share/ieee-data
mountpoint -q /sys/fs/bpf || mount -t bpf bpf /sys/fs/bpf
add_device "$device"
for size in "${sizes[@]}"; do
	prefixes=$(prefixes_of "$size")
	load_and_list camwall
	camwall_steps
	load_and_list nft_interval
	load_and_list nft_masked3
	load_and_list ipset
	load_and_list bpf_lpm
	classifier=bpf_lpm
	bpf_map_update || fail "bpf_lpm, $size: map update"
	# A rule for each prefix: of the whole registry this takes minutes, and says no more.
	[ "$size" = all ] || load_and_list tc_flower
done
finish
