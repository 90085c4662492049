/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the BPF program and its loader share. */
#ifndef BENCH_LPM_H
#define BENCH_LPM_H

#include <linux/types.h>

#define LPM_MAX_PREFIXES 262144

/** struct lpm_key - a prefix of a MAC address, as BPF_MAP_TYPE_LPM_TRIE wants it */
struct lpm_key {
	__u32 length;
	__u8 mac[6];
} __attribute__((packed));

#endif
