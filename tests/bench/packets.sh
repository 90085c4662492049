#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Instructions per packet, on a kernel whose clock counts them (scripts/guest --icount): the
# receive path, or the way out, by itself and with each classifier on it.
#
# An instruction takes 2 ns there, so a packet's time in ns, halved, is its instructions.
# What a classifier adds is the difference from "bare", which report.jq takes.
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"
. "$here/classifiers.sh"
options "$@"
part=packets
runs=10000
[ -z "$quick" ] || runs=1000

# --- Measuring ----------------------------------------------------------------------------

# tenths MAC: of instructions that a packet of that address takes.
tenths()
{
	addresses "$device" "$direction" "$1"
	pg "$device" "count $runs"
	pktgen_start
	pktgen_result "$device"
	total=$((total + sent))
	instructions=$((took * 5000 / sent))
}

decimal()
{
	printf '%d.%d' $(($1 / 10)) $(($1 % 10))
}

# measure ROW: what a packet of the addresses in "sample" takes, and how many were sent. Of
# one address it is the median of some runs: now and then something of the kernel's own
# comes in between. Of several it is the mean of all.
measure()
{
	local mac sum=0 sorted=() value addresses=${#sample[@]}

	total=0
	[ $addresses -gt 1 ] || sample=("${sample[0]}" "${sample[0]}" "${sample[0]}" "${sample[0]}" "${sample[0]}")
	for mac in "${sample[@]}"; do
		tenths "$mac"
		sum=$((sum + instructions))
		sorted+=("$instructions")
	done
	mapfile -t sorted < <(printf '%s\n' "${sorted[@]}" | sort -n)
	value=$((sum / ${#sample[@]}))
	[ $addresses -gt 1 ] || value=${sorted[${#sample[@]} / 2]}
	result classifier="$classifier" row="$1" direction="$direction" size="$size" \
		prefixes="$prefixes" unit=instructions value="$(decimal "$value")" \
		min="$(decimal "${sorted[0]}")" median="$(decimal "${sorted[${#sample[@]} / 2]}")" \
		max="$(decimal "${sorted[-1]}")" addresses=$addresses packets=$total
}

# take SAMPLE: its addresses; in a short run a part of them, evenly spaced.
take()
{
	local all=() i most=64

	macs "$1" "$size"
	[ -z "$only" ] || [ "$1" = miss ] || most=4
	[ -z "$only" ] || [ "$1" != miss ] || most=16
	[ -z "$quick" ] || most=4
	[ ${#sample[@]} -gt $most ] || return 0
	all=("${sample[@]}") sample=()
	for ((i = 0; i < most; i++)); do
		sample+=("${all[i * ${#all[@]} / most]}")
	done
}

both_directions()
{
	for direction in ingress egress; do
		pktgen_direction "$device" 0 "$direction"
		"$@"
	done
}

# --- By itself, and an empty hook ---------------------------------------------------------

# What these say does not depend on the address.
nobody() { size='' prefixes='' sample=(00:00:5e:00:53:01); }

measure_bare()
{
	classifier=bare
	nobody
	measure "$1"
}

measure_empty()
{
	classifier=empty
	nobody
	try "an empty hook, $direction: set up" empty_setup "$direction" || return 0
	measure any
	empty_teardown
}

# --- Other classifiers --------------------------------------------------------------------

# Of a sample, what shares no OUI with any prefix of the list: the others are found by a set
# that knows OUIs only.
without_shared_ouis()
{
	mapfile -t sample < <(printf '%s\n' "${sample[@]}" |
		awk 'NR == FNR { listed[substr($1, 1, 8)]; next } !(substr($1, 1, 8) in listed)' \
			"$lists/$size/prefixes" -)
}

# peer_row ROW SAMPLE WANTED: measure, and compare with what the classifier has counted.
peer_row()
{
	local before found

	take "$2"
	[ "$classifier" != nft_masked24 ] || [ "$3" != none ] || without_shared_ouis
	before=$("${classifier}_hits")
	measure "$1"
	found=$(($("${classifier}_hits") - before))
	case $3 in
	all) check "$classifier, $size: $1: all of $total packets are found" $found "$total" ;;
	none) check "$classifier, $size: $1: none of $total packets is found" $found 0 ;;
	esac
}

# peer CLASSIFIER SIZE ROWS: set it up, measure, take it away.
peer()
{
	local row

	classifier=$1 size=$2 prefixes=${4-$(prefixes_of "$2")}
	try "$classifier, $size: set up" "${classifier}_setup" "$size" || return 0
	for row in $3; do
		case $row in
		miss) peer_row miss miss none ;;
		exact) peer_row observed dropped all ;;
		observed) peer_row observed observed all ;;
		observed-36) peer_row observed-36 observed36 all ;;
		esac
	done
	"${classifier}_teardown"
}

measure_peers()
{
	local each

	direction=ingress
	pktgen_direction "$device" 0 ingress
	peer nft_empty 150 miss 0
	peer nft_exact 150 "miss exact" 1
	for each in "${sizes[@]}"; do
		peer nft_masked24 "$each" "miss observed"
		peer nft_masked3 "$each" "miss observed observed-36"
		peer nft_interval "$each" "miss observed observed-36"
		peer bpf_lpm "$each" "miss observed observed-36"
	done
	peer tc_flower 150 "miss observed observed-36"
}

# --- camwall ------------------------------------------------------------------------------

declare -A ways=([ingress]=from [egress]=to)

# camwall_row ROW SAMPLE [GROUP KEY]: all packets count in that group under KEY; where no
# group is named, none counts in any.
camwall_row()
{
	local before found way=${ways[$direction]} key=${4-packets}

	take "$2"
	before=$(camwall_counted "${3-}" "$way" "$key")
	measure "$1"
	found=$(($(camwall_counted "${3-}" "$way" "$key") - before))
	if [ -z "${3-}" ]; then
		check "camwall, $size, $direction: $1: none of $total packets is counted" $found 0
		return
	fi
	check "camwall, $size, $direction: $1: all of $total packets are $key of $3" $found "$total"
}

# The peer that pktgen's packets name, whichever way they go.
peer_address()
{
	pg "$device" "src_min $1"
	pg "$device" "src_max $1"
	pg "$device" "dst $1"
}

camwall_rows()
{
	camwall_row miss miss
	camwall_row miss-nested miss-nested
	camwall_row miss-local local
	camwall_row miss-multicast multicast
	camwall_row observed observed observed packets
	camwall_row observed-28 observed28 observed packets
	camwall_row observed-36 observed36 observed packets
	camwall_row dropped dropped dropped dropped_policy
	peer_address 192.0.2.8
	camwall_row isolated-allowed isolated isolated packets
	peer_address 192.0.2.9
	camwall_row isolated-not-allowed isolated isolated dropped_not_allowed
	camwall_row limited limited limited packets
	# A bucket that is full lets one pass.
	take over-limit && tenths "${sample[0]}"
	camwall_row over-limit over-limit over-limit dropped_limit
	camwall_row exempted exempted exempted packets
}

# check_lookups SIZE: what the kernel says of each address that is sent.
check_lookups()
{
	local name wanted got

	for name in miss miss-nested local multicast observed observed28 observed36 \
		dropped isolated limited over-limit exempted; do
		macs $name "$1"
		case $name in
		miss* | local | multicast) wanted=null ;;
		observed*) wanted=observed ;;
		*) wanted=$name ;;
		esac
		got=$("$CAMWALL" lookup -j "${sample[@]}" | jq -r '.[].group' | sort -u | xargs)
		check "camwall, $1: lookup of ${#sample[@]} addresses: $name" "$got" "$wanted"
	done
}

measure_camwall()
{
	for size in "${sizes[@]}"; do
		classifier=camwall prefixes=$(prefixes_of "$size")
		try "camwall, $size: apply" camwall_setup "$size" || continue
		check_lookups "$size"
		both_directions camwall_rows
		camwall_teardown
	done
}

prepare
add_device "$device"
both_directions measure_bare start
both_directions measure_empty
! wants peers || measure_peers
! wants camwall || measure_camwall
both_directions measure_bare end
finish
