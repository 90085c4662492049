// SPDX-License-Identifier: GPL-2.0
/* KUnit: token buckets, on a clock of the test's own. */
#include <kunit/test.h>
#include <linux/limits.h>

#include "../limit.c"

#define YEAR	(365ULL * 24 * 3600 * NSEC_PER_SEC)

static struct cw_limit make(struct kunit *test, u64 rate, u64 burst, bool bits)
{
	struct cw_limit limit = { .rate = rate, .burst = burst, .bits = bits };

	KUNIT_ASSERT_TRUE(test, cw_limit_init(&limit));
	return limit;
}

static void limits_are_checked(struct kunit *test)
{
	static const struct {
		u64 rate, burst;
		bool good;
	} cases[] = {
		{ 0, 1, false },
		{ 1, 0, false },
		{ 1, 1, true },
		{ 1, 3599, true },
		{ 1, 3600, false },
		{ CAMWALL_MAX_RATE, 1, true },
		{ CAMWALL_MAX_RATE, CAMWALL_MAX_RATE * 3600 - 1, true },
		{ CAMWALL_MAX_RATE, CAMWALL_MAX_RATE * 3600, false },
		{ CAMWALL_MAX_RATE + 1, 1, false },
		{ U64_MAX, U64_MAX, false },
		{ 1, U64_MAX, false },
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		struct cw_limit limit = { .rate = cases[i].rate, .burst = cases[i].burst };

		KUNIT_EXPECT_EQ_MSG(test, cw_limit_init(&limit), cases[i].good,
				    "rate %llu, burst %llu", limit.rate, limit.burst);
	}
}

static void tolerance_is_exact(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, make(test, 1, 1, false).tolerance, CW_TICKS_PER_SEC);
	KUNIT_EXPECT_EQ(test, make(test, 1000, 1, false).tolerance, CW_TICKS_PER_SEC / 1000);
	KUNIT_EXPECT_EQ(test, make(test, 1000, 2500, false).tolerance,
			CW_TICKS_PER_SEC * 5 / 2);
	KUNIT_EXPECT_EQ(test, make(test, CAMWALL_MAX_RATE, CAMWALL_MAX_RATE * 2, true).tolerance,
			CW_TICKS_PER_SEC * 2);
}

static void burst_then_rate(struct kunit *test)
{
	struct cw_limit limit = make(test, 10, 5, false);
	struct cw_tokens bucket = {};
	u64 now = NSEC_PER_SEC;
	unsigned int i;

	for (i = 0; i < 5; i++)
		KUNIT_EXPECT_TRUE(test, cw_limit_take(&limit, &bucket, now, 1, 100));
	KUNIT_EXPECT_FALSE(test, cw_limit_take(&limit, &bucket, now, 1, 100));
	now += NSEC_PER_SEC / 10 - 1;
	KUNIT_EXPECT_FALSE(test, cw_limit_take(&limit, &bucket, now, 1, 100));
	now += 1;
	KUNIT_EXPECT_TRUE(test, cw_limit_take(&limit, &bucket, now, 1, 100));
	KUNIT_EXPECT_FALSE(test, cw_limit_take(&limit, &bucket, now, 1, 100));
	KUNIT_EXPECT_FALSE(test, cw_limit_full(&bucket, now));
	KUNIT_EXPECT_TRUE(test, cw_limit_full(&bucket, now + NSEC_PER_SEC / 2));
}

static void bits_cost_by_size(struct kunit *test)
{
	struct cw_limit limit = make(test, 8000, 8000, true);	/* 1000 octets a second */
	struct cw_tokens bucket = {};

	KUNIT_EXPECT_TRUE(test, cw_limit_take(&limit, &bucket, NSEC_PER_SEC, 1, 600));
	KUNIT_EXPECT_FALSE(test, cw_limit_take(&limit, &bucket, NSEC_PER_SEC, 1, 600));
	KUNIT_EXPECT_TRUE(test, cw_limit_take(&limit, &bucket, NSEC_PER_SEC, 1, 400));
	KUNIT_EXPECT_FALSE(test, cw_limit_take(&limit, &bucket, NSEC_PER_SEC, 1, 1));
	KUNIT_EXPECT_TRUE(test, cw_limit_take(&limit, &bucket, NSEC_PER_SEC + NSEC_PER_MSEC, 1, 1));
}

/* A frame larger than the burst passes a full bucket, and is paid for afterwards. */
static void batch_is_paid_for(struct kunit *test)
{
	struct cw_limit limit = make(test, 100, 10, false);
	struct cw_tokens bucket = {};
	u64 now = NSEC_PER_SEC;

	KUNIT_EXPECT_TRUE(test, cw_limit_take(&limit, &bucket, now, 44, 60000));
	/* 44 frames are 440 ms; 10 may be owed. */
	KUNIT_EXPECT_FALSE(test, cw_limit_take(&limit, &bucket, now + 349 * NSEC_PER_MSEC, 1, 1));
	KUNIT_EXPECT_TRUE(test, cw_limit_take(&limit, &bucket, now + 350 * NSEC_PER_MSEC, 1, 1));
	KUNIT_EXPECT_FALSE(test, cw_limit_take(&limit, &bucket, now + 350 * NSEC_PER_MSEC, 44, 1));
}

/* Over an hour, whatever the load: the rate and one burst, not a frame more. */
static void long_run(struct kunit *test)
{
	struct cw_limit limit = make(test, 7, 20, false);
	struct cw_tokens bucket = {};
	u64 now, passed = 0;

	for (now = NSEC_PER_SEC; now < 3601ULL * NSEC_PER_SEC; now += 31 * NSEC_PER_MSEC)
		passed += cw_limit_take(&limit, &bucket, now, 1, 1);
	KUNIT_EXPECT_LE(test, passed, 7 * 3600 + 20);
	KUNIT_EXPECT_GE(test, passed, 7 * 3600 + 20 - 1);
}

/* What was owed at another rate is an empty bucket, and no more. */
static void change_of_rate(struct kunit *test)
{
	struct cw_limit slow = make(test, 1, 3000, false), fast = make(test, 1000, 1000, false);
	struct cw_tokens bucket = {};
	u64 now = NSEC_PER_SEC;

	KUNIT_EXPECT_TRUE(test, cw_limit_take(&slow, &bucket, now, 3000, 1));
	KUNIT_EXPECT_FALSE(test, cw_limit_take(&fast, &bucket, now, 1, 1));
	KUNIT_EXPECT_TRUE(test, cw_limit_take(&fast, &bucket, now + NSEC_PER_MSEC, 1, 1));
	KUNIT_EXPECT_TRUE(test, cw_limit_full(&bucket, now + 2 * NSEC_PER_SEC));
}

static void change_of_burst(struct kunit *test)
{
	struct cw_limit large = make(test, 1, 3000, false), small = make(test, 1, 10, false);
	struct cw_tokens bucket = {};
	unsigned int i;

	KUNIT_EXPECT_TRUE(test, cw_limit_take(&large, &bucket, NSEC_PER_SEC, 3000, 1));
	KUNIT_EXPECT_FALSE(test, cw_limit_take(&small, &bucket, NSEC_PER_SEC, 1, 1));
	for (i = 2; i < 100; i++)
		KUNIT_EXPECT_TRUE(test, cw_limit_take(&small, &bucket, i * NSEC_PER_SEC, 1, 1));
}

static void extremes(struct kunit *test)
{
	struct cw_limit slow = make(test, 1, 1, true);
	struct cw_limit fast = make(test, CAMWALL_MAX_RATE, CAMWALL_MAX_RATE, true);
	struct cw_tokens bucket = {};
	unsigned int i;

	/* The most a frame can cost, at the lowest rate: for longer than anybody waits. */
	KUNIT_EXPECT_TRUE(test, cw_limit_take(&slow, &bucket, NSEC_PER_SEC, U32_MAX, U32_MAX));
	KUNIT_EXPECT_GT(test, atomic64_read(&bucket.full), 0);
	KUNIT_EXPECT_FALSE(test, cw_limit_take(&slow, &bucket, 2 * NSEC_PER_SEC, 1, 1));
	/* Another rate, and all is well again; ten years after the start too. */
	for (i = 0; i < 1000; i++)
		KUNIT_ASSERT_TRUE(test, cw_limit_take(&fast, &bucket,
						      10 * YEAR + i * NSEC_PER_MSEC, 1, 9000));
}

static struct kunit_case limit_cases[] = {
	KUNIT_CASE(limits_are_checked),
	KUNIT_CASE(tolerance_is_exact),
	KUNIT_CASE(burst_then_rate),
	KUNIT_CASE(bits_cost_by_size),
	KUNIT_CASE(batch_is_paid_for),
	KUNIT_CASE(long_run),
	KUNIT_CASE(change_of_rate),
	KUNIT_CASE(change_of_burst),
	KUNIT_CASE(extremes),
	{}
};

static struct kunit_suite limit_suite = {
	.name = "camwall-limit",
	.test_cases = limit_cases,
};

kunit_test_suite(limit_suite);
