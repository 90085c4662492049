// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The classifier that one would write with BPF: a trie of MAC prefixes, the longest wins;
 * a listed frame is counted and gets a mark.
 */
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <linux/pkt_cls.h>
#include <bpf/bpf_helpers.h>

#include "lpm.h"

struct {
	__uint(type, BPF_MAP_TYPE_LPM_TRIE);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__uint(max_entries, LPM_MAX_PREFIXES);
	__type(key, struct lpm_key);
	__type(value, __u32);
} prefixes SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u64);
} hits SEC(".maps");

SEC("tc")
int classify(struct __sk_buff *skb)
{
	const struct ethhdr *eth = (void *)(long)skb->data;
	struct lpm_key key = { .length = 48 };
	__u32 zero = 0;
	__u32 *mark;
	__u64 *hit;

	if ((void *)(eth + 1) > (void *)(long)skb->data_end)
		return TC_ACT_UNSPEC;
	__builtin_memcpy(key.mac, eth->h_source, sizeof(key.mac));
	mark = bpf_map_lookup_elem(&prefixes, &key);
	if (!mark)
		return TC_ACT_UNSPEC;
	hit = bpf_map_lookup_elem(&hits, &zero);
	if (hit)
		(*hit)++;
	skb->mark = *mark;
	return TC_ACT_OK;
}

char _license[] SEC("license") = "GPL";
