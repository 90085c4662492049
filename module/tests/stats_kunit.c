// SPDX-License-Identifier: GPL-2.0
/* KUnit: counters, and the state of a group that survives a commit. */
#include <kunit/test.h>

#include "../stats.c"

static void counts_add_up(struct kunit *test)
{
	struct cw_group_state *state = cw_group_state_alloc();
	struct cw_counters sum;
	unsigned int drop;
	u64 packets = 0;

	KUNIT_ASSERT_NOT_NULL(test, state);
	for (drop = 0; drop < CW_N_DROPS; drop++) {
		local_bh_disable();
		cw_stats_count(state->stats[CW_TO], drop + 1, 100, drop);
		local_bh_enable();
		packets += drop + 1;
	}
	cw_stats_sum(state->stats[CW_TO], &sum);
	for (drop = 0; drop < CW_N_DROPS; drop++) {
		KUNIT_EXPECT_EQ(test, sum.packets[drop], drop + 1);
		packets -= sum.packets[drop];
	}
	KUNIT_EXPECT_EQ(test, packets, 0);
	KUNIT_EXPECT_EQ(test, sum.bytes, 100 * CW_N_DROPS);
	cw_stats_sum(state->stats[CW_FROM], &sum);
	KUNIT_EXPECT_EQ(test, sum.bytes, 0);
	cw_group_state_put(state);
	cw_group_state_put(NULL);
}

static struct kunit_case stats_cases[] = {
	KUNIT_CASE(counts_add_up),
	{}
};

static struct kunit_suite stats_suite = {
	.name = "camwall-stats",
	.test_cases = stats_cases,
};

kunit_test_suite(stats_suite);
