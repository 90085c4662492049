// SPDX-License-Identifier: GPL-2.0-or-later
/* Limits: what is read, what is written, and that the module's bucket takes all of them. */
#include "unit.h"

#include "limit.h"
#include "rate.h"

/* Read, written again as @expected, and taken by the module. */
static void expect_right(const char *text, uint64_t rate, uint64_t burst, const char *expected)
{
	struct cw_policy_limit limit, again;
	char written[CW_RATE_STRLEN + 1];
	struct cw_error err = { 0 };
	struct cw_limit bucket;

	assert_int_equal(cw_rate_parse(text, &limit, &err), 0);
	unit_expect_none(&err);
	assert_int_equal(limit.rate, rate);
	assert_int_equal(limit.burst, burst);
	assert_string_equal(cw_rate_format(&limit, written), expected);
	assert_int_equal(cw_rate_parse(written, &again, &err), 0);
	assert_memory_equal(&limit, &again, sizeof(limit));
	bucket = (struct cw_limit){ .rate = rate, .burst = burst };
	assert_true(cw_limit_init(&bucket));
}

static void expect_wrong(const char *text, const char *part)
{
	struct cw_policy_limit limit;
	struct cw_error err = { 0 };

	assert_int_equal(cw_rate_parse(text, &limit, &err), -1);
	unit_expect(&err, part);
}

static void packets(void **state)
{
	expect_right("200 packets/s", 200, 200, "200 packets/s burst 200 packets");
	expect_right("200packets/s", 200, 200, "200 packets/s burst 200 packets");
	expect_right("1 packet/s", 1, 32, "1 packets/s burst 32 packets");
	expect_right("200 packets/s burst 400", 200, 400, "200 packets/s burst 400 packets");
	expect_right("200\tpackets/s  burst  400  packets ", 200, 400, "200 packets/s burst 400 packets");
	expect_right("200 packets/s burst 1", 200, 1, "200 packets/s burst 1 packets");
	expect_right("100000000000 packets/s", 100000000000, 100000000000,
		     "100000000000 packets/s burst 100000000000 packets");
}

static void bits(void **state)
{
	expect_right("4 mbit/s", 4000000, 4000000, "4 mbit/s burst 4 mbit");
	expect_right("4 Mbit/s", 4000000, 4000000, "4 mbit/s burst 4 mbit");
	expect_right("64 kbit/s", 64000, 64ULL * 1024 * 8, "64 kbit/s burst 524288 bit");
	expect_right("1500 bit/s burst 3 kbit", 1500, 3000, "1500 bit/s burst 3 kbit");
	expect_right("100 gbit/s burst 1 gbit", 100000000000, 1000000000, "100 gbit/s burst 1 gbit");
	/* The least default would be more than an hour of it. */
	expect_right("1 bit/s", 1, 3599, "1 bit/s burst 3599 bit");
	expect_right("2 kbit/s burst 7199999 bit", 2000, 7199999, "2 kbit/s burst 7199999 bit");
}

static void wrong(void **state)
{
	expect_wrong("", "does not begin with a number");
	expect_wrong("fast", "\"fast\" does not begin with a number: write for instance 200 packets/s");
	expect_wrong("-1 packets/s", "does not begin with a number");
	expect_wrong("200", "a rate has a unit");
	expect_wrong("200 burst 400", "\"burst 400\" is no unit here");
	expect_wrong("200 packets", "\"packets\" is no unit here: there are packets/s, bit/s");
	expect_wrong("200 packets/min", "is no unit here");
	expect_wrong("4 mbps", "is no unit here");
	expect_wrong("4 mbyte/s", "is no unit here");
	expect_wrong("4 mbit/sec", "is no unit here");
	expect_wrong("1.5 mbit/s", "is no whole number: write it in a smaller unit");
	expect_wrong("0 mbit/s", "a rate of 0 lets nothing pass: write action = drop");
	expect_wrong("101 gbit/s", "choose 100 gbit/s at most");
	expect_wrong("18446744073709551616 bit/s", "does not begin with a number");
	expect_wrong("18446744073709551615 gbit/s", "more than the kernel takes");
	expect_wrong("4 mbit/s now", "\"now\" is not understood");
	expect_wrong("4 mbit/s burst", "does not begin with a number");
	expect_wrong("4 mbit/s burst 1", "the burst has no unit: write for instance burst 1 kbit");
	expect_wrong("4 mbit/s burst 1 packets", "the burst is in packets and the rate is not");
	expect_wrong("4 packets/s burst 1 mbit", "the burst is in bits and the rate is not");
	expect_wrong("4 mbit/s burst 0 mbit", "a burst of 0 lets nothing pass");
	expect_wrong("4 mbit/s burst 1 mbit/s", "is no unit here: there are packets, bit, kbit");
	expect_wrong("4 mbit/s burst 4 mbit more", "\"more\" is not understood");
	expect_wrong("1 packets/s burst 3600", "an hour or more of the rate");
	expect_wrong("1 bit/s burst 18446744073709551615 gbit", "an hour or more of the rate");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(packets),
		cmocka_unit_test(bits),
		cmocka_unit_test(wrong),
	};

	return cmocka_run_group_tests_name("rate", tests, NULL, NULL);
}
