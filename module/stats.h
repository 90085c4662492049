/* SPDX-License-Identifier: GPL-2.0 */
/* What traffic changes of a group: its counters and its shared bucket. It survives a commit. */
#ifndef _CW_STATS_H
#define _CW_STATS_H

#include <linux/percpu.h>
#include <linux/refcount.h>
#include <linux/u64_stats_sync.h>

#include "limit.h"

/** enum cw_direction - which end of a frame the listed device is */
enum cw_direction {
	CW_FROM,
	CW_TO,
	CW_N_DIRECTIONS,
};

/**
 * enum cw_drop - why a frame is dropped
 * @CW_DROP_NONE: it is not
 * @CW_DROP_POLICY: the group's action is drop
 * @CW_DROP_NOT_ALLOWED: its peer is not in the group's allow list
 * @CW_DROP_LIMIT: it is above the limit
 * @CW_DROP_MALFORMED: an isolated device's, and truncated or lying about its lengths
 */
enum cw_drop {
	CW_DROP_NONE,
	CW_DROP_POLICY,
	CW_DROP_NOT_ALLOWED,
	CW_DROP_LIMIT,
	CW_DROP_MALFORMED,
	CW_N_DROPS,
};

/**
 * struct cw_stats - what one CPU saw of a group in one direction
 * @packets: frames, by what was done; CW_DROP_NONE: those that passed
 * @bytes: octets from the Ethernet header on, the dropped ones included
 * @syncp: makes them readable as one where that takes something
 */
struct cw_stats {
	u64_stats_t packets[CW_N_DROPS];
	u64_stats_t bytes;
	struct u64_stats_sync syncp;
};

/**
 * struct cw_group_state - what traffic changes of a group
 * @refs: configurations that have the group
 * @bucket: what devices without a bucket of their own share (cw_bucket_take())
 * @stats: counters, by direction
 */
struct cw_group_state {
	refcount_t refs;
	struct cw_tokens bucket;
	struct cw_stats __percpu *stats[CW_N_DIRECTIONS];
};

/** struct cw_counters - counters summed over the CPUs; members as in struct cw_stats */
struct cw_counters {
	u64 packets[CW_N_DROPS];
	u64 bytes;
};

struct cw_group_state *cw_group_state_alloc(void);
void cw_group_state_put(struct cw_group_state *state);
void cw_stats_sum(const struct cw_stats __percpu *stats, struct cw_counters *sum);

/**
 * cw_stats_count() - count a frame
 * @stats: where to
 * @packets: frames that it stands for
 * @bytes: octets
 * @drop: why it is dropped, if it is
 *
 * Context: softirq, or bottom halves disabled.
 */
static inline void cw_stats_count(struct cw_stats __percpu *stats, u32 packets,
				  u32 bytes, enum cw_drop drop)
{
	struct cw_stats *mine = this_cpu_ptr(stats);

	u64_stats_update_begin(&mine->syncp);
	u64_stats_add(&mine->packets[drop], packets);
	u64_stats_add(&mine->bytes, bytes);
	u64_stats_update_end(&mine->syncp);
}

#endif
