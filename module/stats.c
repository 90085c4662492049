// SPDX-License-Identifier: GPL-2.0
/* What traffic changes of a group: its counters and its shared bucket. It survives a commit. */
#include <linux/slab.h>

#include "stats.h"

static struct cw_stats __percpu *cw_stats_alloc(void)
{
	struct cw_stats __percpu *stats;
	int cpu;

	stats = alloc_percpu_gfp(struct cw_stats, GFP_KERNEL_ACCOUNT);
	if (!stats)
		return NULL;
	for_each_possible_cpu(cpu)
		u64_stats_init(&per_cpu_ptr(stats, cpu)->syncp);
	return stats;
}

/**
 * cw_group_state_alloc() - the state of a group that is new
 *
 * Context: process; may sleep.
 * Return: with one reference, or NULL where there is no memory.
 */
struct cw_group_state *cw_group_state_alloc(void)
{
	struct cw_group_state *state;

	state = kzalloc(sizeof(*state), GFP_KERNEL_ACCOUNT);
	if (!state)
		return NULL;
	refcount_set(&state->refs, 1);
	state->stats[CW_FROM] = cw_stats_alloc();
	state->stats[CW_TO] = cw_stats_alloc();
	if (!state->stats[CW_FROM] || !state->stats[CW_TO]) {
		cw_group_state_put(state);
		return NULL;
	}
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
	free_percpu(state->stats[CW_FROM]);
	free_percpu(state->stats[CW_TO]);
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
	unsigned int i;
	int cpu;

	memset(sum, 0, sizeof(*sum));
	for_each_possible_cpu(cpu) {
		const struct cw_stats *one = per_cpu_ptr(stats, cpu);
		struct cw_counters seen;
		unsigned int start;

		do {
			start = u64_stats_fetch_begin(&one->syncp);
			for (i = 0; i < CW_N_DROPS; i++)
				seen.packets[i] = u64_stats_read(&one->packets[i]);
			seen.bytes = u64_stats_read(&one->bytes);
		} while (u64_stats_fetch_retry(&one->syncp, start));
		for (i = 0; i < CW_N_DROPS; i++)
			sum->packets[i] += seen.packets[i];
		sum->bytes += seen.bytes;
	}
}
