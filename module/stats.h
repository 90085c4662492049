/* SPDX-License-Identifier: GPL-2.0 */
/* Counters of a group: part of the state, so they survive a commit. */
#ifndef _CW_STATS_H
#define _CW_STATS_H

#include <linux/percpu.h>
#include <linux/refcount.h>
#include <linux/u64_stats_sync.h>

/**
 * struct cw_stats - what one CPU saw of a group
 * @packets: frames, the dropped ones included
 * @bytes: octets from the Ethernet header on, the dropped ones included
 * @dropped: frames that were dropped
 * @syncp: makes the three readable as one where that takes something
 */
struct cw_stats {
	u64_stats_t packets;
	u64_stats_t bytes;
	u64_stats_t dropped;
	struct u64_stats_sync syncp;
};

/**
 * struct cw_group_state - what traffic changes of a group
 * @refs: configurations that have the group
 * @from: counters of frames from its devices
 */
struct cw_group_state {
	refcount_t refs;
	struct cw_stats __percpu *from;
};

/** struct cw_counters - counters summed over the CPUs */
struct cw_counters {
	u64 packets;
	u64 bytes;
	u64 dropped;
};

struct cw_group_state *cw_group_state_alloc(void);
void cw_group_state_put(struct cw_group_state *state);
void cw_stats_sum(const struct cw_stats __percpu *stats, struct cw_counters *sum);

/**
 * cw_stats_count() - count a frame
 * @stats: where to
 * @packets: frames that it stands for
 * @bytes: octets
 * @dropped: whether it is dropped
 *
 * Context: softirq, or bottom halves disabled.
 */
static inline void cw_stats_count(struct cw_stats __percpu *stats, u32 packets,
				  u32 bytes, bool dropped)
{
	struct cw_stats *mine = this_cpu_ptr(stats);

	u64_stats_update_begin(&mine->syncp);
	u64_stats_add(&mine->packets, packets);
	u64_stats_add(&mine->bytes, bytes);
	if (dropped)
		u64_stats_add(&mine->dropped, packets);
	u64_stats_update_end(&mine->syncp);
}

#endif
