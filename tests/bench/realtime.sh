#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The same in real time, on a user-mode kernel with two processors: ns per packet, whether a
# second processor that sends at once slows the first, and sending while lists are exchanged.
#
# Each classifier stays on two devices of its own, one for each processor. A round measures
# every row once, beginning with another one each time, so that what the machine does
# besides is spread over all; medians and quartiles of the rounds are what is told.
#
# Behind its classifier each device has a hook that drops: where a frame goes on, the kernel
# counts it as somebody else's with interrupts disabled, which here is two system calls of
# the host and costs ten times what is to be measured. So "bare" is that hook by itself.
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"
. "$here/classifiers.sh"
options "$@"
part=realtime
size=all runs=1000000 rounds=21 exchanges=7
if [ -n "$quick" ]; then
	size=150 runs=200000 rounds=2 exchanges=2
fi

# --- Two devices for each classifier ------------------------------------------------------

# pair NAME: the devices NAME0 and NAME1.
pair()
{
	add_device "${1}0"
	add_device "${1}1"
}

# A hook that drops for all of them, and one that does nothing before that of one pair.
hooks()
{
	insmod "$empty_hook" devices=empty0,empty1 \
		sinks=bare0,bare1,empty0,empty1,cam0,cam1,nft0,nft1,bpf0,bpf1
}

# for_pair NAME FILE: a list's rules, for these two devices instead of the one.
for_pair() { sed "s/device \"$device\"/devices = { ${1}0, ${1}1 }/" "$lists/$size/$2"; }

nft_pair()
{
	for_pair nft interval.nft >"$work/pair.nft"
	{
		echo "table netdev bench"
		echo "delete table netdev bench"
		cat "$work/pair.nft"
	} >"$work/replace.nft"
	nft -f "$work/pair.nft"
}

bpf_pair()
{
	mountpoint -q /sys/fs/bpf || mount -t bpf bpf /sys/fs/bpf || return
	"$bench/bin/lpm" load "$bench/bin/lpm.bpf.o" "$lists/$size/prefixes" bpf0 bpf1
}

camwall_pair()
{
	[ -d /sys/module/camwall ] || modprobe camwall || return
	sed "s/^interfaces = .*/interfaces = cam*/" "$lists/$size/camwall.conf" >"$work/pair.conf"
	"$CAMWALL" -q apply "$work/pair.conf"
}

# --- Rows ---------------------------------------------------------------------------------

declare -A sent_in_all

# A row: its classifier, its name, the devices that it sends on, and the sample.
rows=()
row() { rows+=("$1 $2 $3 $4"); }

# send DEVICES SAMPLE CPUS: from one processor, or from both at once; ns for a packet and
# processor in "ns", in tenths.
send()
{
	local cpu sum=0

	macs "$2" "$size"
	for cpu in 0 1; do
		pg "kpktgend_$cpu" rem_device_all
	done
	for ((cpu = 0; cpu < $3; cpu++)); do
		pktgen_direction "$1$cpu" $cpu ingress
		addresses "$1$cpu" ingress "${sample[cpu % ${#sample[@]}]}"
		pg "$1$cpu" "count $runs"
	done
	pktgen_start
	for ((cpu = 0; cpu < $3; cpu++)); do
		pktgen_result "$1$cpu"
		sum=$((sum + took * 10000 / sent))
		total=$((total + sent))
	done
	ns=$((sum / $3))
}

# measure_row ROW: what it takes with one processor, and with two, into a file for each.
measure_row()
{
	local classifier row devices sample_name one

	read -r classifier row devices sample_name <<<"$1"
	total=0
	send "$devices" "$sample_name" 1
	one=$ns
	send "$devices" "$sample_name" 2
	echo "$one $ns" >>"$work/realtime.$classifier.$row"
	sent_in_all[$classifier.$row]=$((${sent_in_all[$classifier.$row]-0} + total))
}

# quartiles UNIT CPUS: of the numbers on standard input, as a result; and the least of them,
# which is what a round took when the machine was left alone.
quartiles()
{
	local unit=$1 cpus=$2 least low value high

	sort -n >"$work/numbers"
	read -r least low value high < <(awk '{ v[NR] = $1 }
		function at(q) { return v[int(1 + (NR - 1) * q + 0.5)] }
		END { print v[1], at(0.25), at(0.5), at(0.75) }' "$work/numbers")
	result classifier="$classifier" row="$row" size="$size" unit="$unit" cpus="$cpus" \
		value="$value" low="$low" high="$high" least="$least" rounds="$(wc -l <"$work/numbers")"
}

report_row()
{
	local classifier row file

	read -r classifier row _ <<<"$1"
	file=$work/realtime.$classifier.$row
	check "$classifier: $row: measured in every round" "$(wc -l <"$file")" "$rounds"
	awk '{ print $1 / 10 }' "$file" | quartiles ns 1
	awk '{ print $2 / 10 }' "$file" | quartiles ns 2
	awk '{ printf "%.3f\n", $1 / $2 }' "$file" | quartiles ratio ''
}

# Every packet of the hits is found, and none of the misses.
check_counts()
{
	local classifier

	for classifier in nft_interval bpf_lpm; do
		[ -n "${sent_in_all[$classifier.observed]-}" ] || continue
		check "$classifier: finds the packets that are listed, and no other" \
			"$("${classifier}_hits")" "${sent_in_all[$classifier.observed]}"
	done
	[ -n "${sent_in_all[camwall.observed]-}" ] || return 0
	check "camwall: counts the packets that are listed, and no other" \
		"$(camwall_counted observed from packets) $(camwall_counted '' from packets)" \
		"${sent_in_all[camwall.observed]} $((${sent_in_all[camwall.observed]} + ${sent_in_all[camwall.dropped]}))"
}

# --- While lists are exchanged ------------------------------------------------------------

# exchanging ROW COMMAND...: how much of its rate a processor that sends keeps while the
# other one runs the command again and again.
exchanging()
{
	local i alone child runs=$((runs * 10))

	classifier=$1 row=$2
	: >"$work/share"
	for ((i = 0; i < exchanges; i++)); do
		send cam miss 1
		alone=$ns
		setsid taskset -c 1 "${@:3}" >/dev/null 2>"$work/said" &
		child=$!
		sleep 0.2
		send cam miss 1
		if kill -0 $child 2>/dev/null; then
			awk -v alone="$alone" -v with="$ns" 'BEGIN { printf "%.1f\n", 100 * alone / with }' >>"$work/share"
		else
			echo "# the exchange ended before the sending"
		fi
		kill -- -$child 2>/dev/null
		wait $child 2>/dev/null
	done
	if [ ! -s "$work/share" ]; then
		sed 's/^/# /' "$work/said"
		fail "$classifier: $row"
		return 0
	fi
	pass "$classifier: $row"
	quartiles percent 2 <"$work/share"
}

# --- Loading -----------------------------------------------------------------------

loads()
{
	local i start

	classifier=camwall
	: >"$work/applied"
	for ((i = 0; i < exchanges; i++)); do
		"$CAMWALL" -q flush
		start=${EPOCHREALTIME/./}
		"$CAMWALL" -q apply "$work/pair.conf"
		echo $((${EPOCHREALTIME/./} - start)) >>"$work/applied"
	done
	row=apply
	awk '{ print $1 / 1000 }' "$work/applied" | quartiles ms ''
	"$bench/bin/load" "$work/pair.conf" "$exchanges" >"$work/rounds"
	for row in parse kernel; do
		jq ".$row" "$work/rounds" | quartiles ms ''
	done
	classifier=nft_interval row=load
	: >"$work/applied"
	for ((i = 0; i < exchanges; i++)); do
		nft delete table netdev bench
		start=${EPOCHREALTIME/./}
		nft -f "$work/pair.nft"
		echo $((${EPOCHREALTIME/./} - start)) >>"$work/applied"
	done
	awk '{ print $1 / 1000 }' "$work/applied" | quartiles ms ''
}

prepare
for each in bare empty cam nft bpf; do
	pair $each
done
try "hooks: set up" hooks || finish
row bare any bare miss
row empty any empty miss
if try "camwall: set up" camwall_pair; then
	row camwall miss cam miss
	row camwall observed cam observed
	row camwall dropped cam dropped
fi
if try "nft_interval: set up" nft_pair; then
	row nft_interval miss nft miss
	row nft_interval observed nft observed
fi
if try "bpf_lpm: set up" bpf_pair; then
	row bpf_lpm miss bpf miss
	row bpf_lpm observed bpf observed
	[ -e /proc/sys/net/core/bpf_jit_enable ] ||
		result classifier=bpf_lpm note="interpreted, as this kernel cannot compile BPF programs"
fi
result classifier=tc_flower note="not measured: this kernel is built without cls_flower"
for ((round = 0; round < rounds; round++)); do
	for ((i = 0; i < ${#rows[@]}; i++)); do
		measure_row "${rows[(round + i) % ${#rows[@]}]}"
	done
done
for each in "${rows[@]}"; do
	report_row "$each"
done
check_counts
exchanging camwall sending-during-commits "$bench/bin/load" "$work/pair.conf" 1000000
exchanging nft_interval sending-during-loads bash -c "while nft -f $work/replace.nft; do :; done"
loads
finish
