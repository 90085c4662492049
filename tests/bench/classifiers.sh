# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2154
# How each classifier is set up on the device, taken away, and how many packets it has found.
#
# All but the empty ones write a mark to a listed frame and count it, and let every frame
# pass. NAME_setup SIZE, NAME_teardown, NAME_hits; empty_setup takes the direction instead.

empty_setup()
{
	local egress=0

	[ "$1" = ingress ] || egress=1
	insmod "$empty_hook" devices="$device" egress=$egress
}

empty_teardown() { rmmod cw_empty_hook; }

# --- camwall ------------------------------------------------------------------------------

camwall_setup()
{
	[ -d /sys/module/camwall ] || modprobe camwall || return
	"$CAMWALL" -q apply "$lists/$1/camwall.conf"
}

# Without a configuration it has no hooks.
camwall_teardown() { "$CAMWALL" -q flush; }

# camwall_counted GROUP WAY KEY: "packets", "dropped_policy", ... of a group, or of all where
# it is empty, "from" its devices or "to" them.
camwall_counted()
{
	"$CAMWALL" stats -j | jq --arg group "$1" --arg way "$2" --arg key "$3" \
		'[.[] | select($group == "" or .group == $group)[$way][$key]] | add'
}

# --- nft: one table in a file for each form -----------------------------------------------

nft_hits()
{
	nft -j list chain netdev bench in | jq '[.nftables[].rule.expr[]?.counter.packets // empty] | add // 0'
}

for form in empty exact masked24 masked3 interval; do
	eval "nft_${form}_setup() { nft -f \"\$lists/\$1/$form.nft\"; }"
	eval "nft_${form}_teardown() { nft delete table netdev bench; }"
	eval "nft_${form}_hits() { nft_hits; }"
done

# --- tc -----------------------------------------------------------------------------------

tc_flower_setup()
{
	tc qdisc add dev "$device" clsact && tc -batch "$lists/$1/flower.tc"
}

tc_flower_teardown() { tc qdisc del dev "$device" clsact; }

tc_flower_hits()
{
	tc -s -j filter show dev "$device" ingress |
		jq '[.[].options?.actions[]?.stats.packets // empty] | add // 0'
}

# --- BPF ----------------------------------------------------------------------------------

bpf_lpm_setup()
{
	mountpoint -q /sys/fs/bpf || mount -t bpf bpf /sys/fs/bpf || return
	"$bench/bin/lpm" load "$bench/bin/lpm.bpf.o" "$lists/$1/prefixes" "$device"
}

bpf_lpm_teardown()
{
	tc qdisc del dev "$device" clsact
	rm -r /sys/fs/bpf/camwall-bench
}

bpf_lpm_hits() { "$bench/bin/lpm" hits; }
