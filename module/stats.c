// SPDX-License-Identifier: GPL-2.0
/* Counters of a group: part of the state, so they survive a commit. */
#include <linux/slab.h>

#include "stats.h"

/**
 * cw_group_state_alloc() - the state of a group that is new
 *
 * Context: process; may sleep.
 * Return: with one reference, or NULL where there is no memory.
 */
struct cw_group_state *cw_group_state_alloc(void)
{
	struct cw_group_state *state;
	int cpu;

	state = kzalloc(sizeof(*state), GFP_KERNEL_ACCOUNT);
	if (!state)
		return NULL;
	state->from = alloc_percpu_gfp(struct cw_stats, GFP_KERNEL_ACCOUNT);
	if (!state->from) {
		kfree(state);
		return NULL;
	}
	for_each_possible_cpu(cpu)
		u64_stats_init(&per_cpu_ptr(state->from, cpu)->syncp);
	refcount_set(&state->refs, 1);
	return state;
}

/**
 * cw_group_state_put() - drop a reference; the last one frees
 * @state: may be NULL
 */
void cw_group_state_put(struct cw_group_state *state)
{
	if (!state || !refcount_dec_and_test(&state->refs))
		return;
	free_percpu(state->from);
	kfree(state);
}

/**
 * cw_stats_sum() - add up what the CPUs counted
 * @stats: the counters
 * @sum: set
 *
 * Context: any.
 */
void cw_stats_sum(const struct cw_stats __percpu *stats, struct cw_counters *sum)
{
	int cpu;

	memset(sum, 0, sizeof(*sum));
	for_each_possible_cpu(cpu) {
		const struct cw_stats *one = per_cpu_ptr(stats, cpu);
		u64 packets, bytes, dropped;
		unsigned int start;

		do {
			start = u64_stats_fetch_begin(&one->syncp);
			packets = u64_stats_read(&one->packets);
			bytes = u64_stats_read(&one->bytes);
			dropped = u64_stats_read(&one->dropped);
		} while (u64_stats_fetch_retry(&one->syncp, start));
		sum->packets += packets;
		sum->bytes += bytes;
		sum->dropped += dropped;
	}
}
