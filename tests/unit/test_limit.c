// SPDX-License-Identifier: GPL-2.0-or-later
/* The module's token bucket over minutes of simulated time, against the rate it was given. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include "limit.h"

#define SECOND 1000000000ULL

static struct cw_limit limit_of(uint64_t rate, uint64_t burst, bool bits)
{
	struct cw_limit limit = { .rate = rate, .burst = burst, .bits = bits };

	assert_true(cw_limit_init(&limit));
	return limit;
}

/* Units that pass in @seconds when @offered frames of @bytes octets come every second, evenly. */
static uint64_t passed(const struct cw_limit *limit, unsigned int seconds,
		       uint64_t offered, uint32_t bytes)
{
	uint64_t frame, units = 0, start = 12345 * SECOND;
	struct cw_tokens bucket = { 0 };

	for (frame = 0; frame < offered * seconds; frame++) {
		uint64_t now = start + frame * SECOND / offered;

		if (cw_limit_take(limit, &bucket, now, 1, bytes))
			units += limit->bits ? 8ULL * bytes : 1;
	}
	return units;
}

static void assert_rate(uint64_t rate, uint64_t burst, bool bits,
			unsigned int seconds, uint64_t offered, uint32_t bytes)
{
	struct cw_limit limit = limit_of(rate, burst, bits);
	uint64_t want = rate * seconds + burst;
	uint64_t got = passed(&limit, seconds, offered, bytes);

	assert_in_range(got, want - want / 200, want + want / 200);
}

static void packets_over_minutes(void **state)
{
	assert_rate(200, 200, false, 300, 1000, 100);
	assert_rate(1, 1, false, 300, 10, 100);
	assert_rate(7, 20, false, 300, 8, 100);
}

static void packets_at_a_high_rate(void **state)
{
	assert_rate(100000, 1000, false, 60, 150000, 100);
	assert_rate(99999, 1000, false, 60, 1000000, 100);
}

static void bits_over_minutes(void **state)
{
	assert_rate(4000000, 400000, true, 300, 1000, 1514);
	assert_rate(4000000, 400000, true, 60, 20000, 60);
	assert_rate(1000000000, 10000000, true, 20, 200000, 1514);
}

static void below_the_rate_all_pass(void **state)
{
	struct cw_limit limit = limit_of(100, 1, false);

	assert_int_equal(passed(&limit, 100, 100, 60), 100 * 100);
	assert_int_equal(passed(&limit, 100, 50, 60), 100 * 50);
}

static void burst_passes_at_once_and_no_more(void **state)
{
	struct cw_limit limit = limit_of(10, 5, false);
	struct cw_tokens bucket = { 0 };
	unsigned int i;

	for (i = 0; i < 5; i++)
		assert_true(cw_limit_take(&limit, &bucket, SECOND, 1, 60));
	assert_false(cw_limit_take(&limit, &bucket, SECOND, 1, 60));
	assert_false(cw_limit_take(&limit, &bucket, SECOND + SECOND / 11, 1, 60));
	assert_true(cw_limit_take(&limit, &bucket, SECOND + SECOND / 10, 1, 60));
	assert_false(cw_limit_take(&limit, &bucket, SECOND + SECOND / 10, 1, 60));
}

static void batch_above_the_burst_is_made_up_for(void **state)
{
	struct cw_limit limit = limit_of(10, 5, false);
	struct cw_tokens bucket = { 0 };

	assert_true(cw_limit_take(&limit, &bucket, SECOND, 45, 60));
	/* 45 frames are 4.5 s of the rate, of which the burst is half a second. */
	assert_false(cw_limit_take(&limit, &bucket, 4 * SECOND, 1, 60));
	assert_true(cw_limit_take(&limit, &bucket, 5 * SECOND + SECOND / 10, 1, 60));
}

static void debt_at_another_rate_is_an_empty_bucket(void **state)
{
	struct cw_limit slow = limit_of(1, 1000, false), fast = limit_of(1000, 10, false);
	struct cw_tokens bucket = { 0 };

	assert_true(cw_limit_take(&slow, &bucket, SECOND, 1000, 60));
	assert_false(cw_limit_take(&slow, &bucket, SECOND, 1, 60));
	assert_false(cw_limit_take(&fast, &bucket, SECOND, 1, 60));
	assert_true(cw_limit_take(&fast, &bucket, SECOND + SECOND / 1000, 1, 60));
	assert_false(cw_limit_take(&slow, &bucket, SECOND, 1000, 60) &&
		     cw_limit_take(&slow, &bucket, SECOND, 1000, 60));
}

/* The rate is the same, so only the bucket says how much can be owed. */
static void debt_to_a_larger_bucket_is_an_empty_one(void **state)
{
	struct cw_limit large = limit_of(1, 3000, false), small = limit_of(1, 10, false);
	struct cw_tokens bucket = { 0 };
	unsigned int i;

	assert_true(cw_limit_take(&large, &bucket, SECOND, 3000, 60));
	assert_false(cw_limit_take(&small, &bucket, SECOND, 1, 60));
	for (i = 2; i < 100; i++)
		assert_true(cw_limit_take(&small, &bucket, i * SECOND, 1, 60));
}

static void idle_bucket_is_full_and_not_more(void **state)
{
	struct cw_limit limit = limit_of(10, 5, false);
	struct cw_tokens bucket = { 0 };
	unsigned int i, n = 0;

	assert_true(cw_limit_take(&limit, &bucket, SECOND, 1, 60));
	assert_false(cw_limit_full(&bucket, SECOND));
	assert_true(cw_limit_full(&bucket, 2 * SECOND));
	for (i = 0; i < 100; i++)
		n += cw_limit_take(&limit, &bucket, 1000 * SECOND, 1, 60);
	assert_int_equal(n, 5);
}

static void what_is_out_of_range_is_refused(void **state)
{
	struct cw_limit none = { .rate = 0, .burst = 1 };
	struct cw_limit no_burst = { .rate = 1, .burst = 0 };
	struct cw_limit fast = { .rate = UINT64_MAX, .burst = 1 };
	struct cw_limit hour = { .rate = 10, .burst = 36000 };
	struct cw_limit largest = { .rate = 100000000000, .burst = UINT64_MAX };

	assert_false(cw_limit_init(&none));
	assert_false(cw_limit_init(&no_burst));
	assert_false(cw_limit_init(&fast));
	assert_false(cw_limit_init(&hour));
	assert_false(cw_limit_init(&largest));
	hour.burst--;
	assert_true(cw_limit_init(&hour));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(packets_over_minutes),
		cmocka_unit_test(packets_at_a_high_rate),
		cmocka_unit_test(bits_over_minutes),
		cmocka_unit_test(below_the_rate_all_pass),
		cmocka_unit_test(burst_passes_at_once_and_no_more),
		cmocka_unit_test(batch_above_the_burst_is_made_up_for),
		cmocka_unit_test(debt_at_another_rate_is_an_empty_bucket),
		cmocka_unit_test(debt_to_a_larger_bucket_is_an_empty_one),
		cmocka_unit_test(idle_bucket_is_full_and_not_more),
		cmocka_unit_test(what_is_out_of_range_is_refused),
	};

	return cmocka_run_group_tests_name("limit", tests, NULL, NULL);
}
