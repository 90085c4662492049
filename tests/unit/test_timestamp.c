// SPDX-License-Identifier: GPL-2.0-or-later
/* Moments and durations as text. */
#include "unit.h"

#include "timestamp.h"

static void expect_moment(const char *text, uint64_t seconds, const char *expected)
{
	char written[CW_TIMESTAMP_STRLEN + 1];
	struct cw_error err = { 0 };
	uint64_t parsed;

	assert_int_equal(cw_timestamp_parse(text, &parsed, &err), 0);
	unit_expect_none(&err);
	assert_int_equal(parsed, seconds);
	assert_string_equal(cw_timestamp_format(parsed, written), expected);
}

static void expect_no_moment(const char *text, const char *part)
{
	struct cw_error err = { 0 };
	uint64_t parsed;

	assert_int_equal(cw_timestamp_parse(text, &parsed, &err), -1);
	unit_expect(&err, part);
}

static void moments(void **state)
{
	expect_moment("2027-03-31T00:00:00Z", 1806451200, "2027-03-31T00:00:00Z");
	expect_moment("2027-03-31t00:00:00z", 1806451200, "2027-03-31T00:00:00Z");
	expect_moment("2027-03-31", 1806451200, "2027-03-31T00:00:00Z");
	expect_moment("2027-03-31T02:00:00+02:00", 1806451200, "2027-03-31T00:00:00Z");
	expect_moment("2027-03-30T20:30:00-03:30", 1806451200, "2027-03-31T00:00:00Z");
	expect_moment("2028-02-29T23:59:59Z", 1835481599, "2028-02-29T23:59:59Z");
	expect_moment("1970-01-01T00:00:00Z", 0, "1970-01-01T00:00:00Z");
	expect_moment("2106-02-07T06:28:16Z", 4294967296, "2106-02-07T06:28:16Z");
	expect_moment("9999-12-31T23:59:59Z", 253402300799, "9999-12-31T23:59:59Z");
}

static void no_moments(void **state)
{
	static const char *const texts[] = {
		"", "tomorrow", "2027", "2027-3-31", "31.03.2027", "27-03-31", "2027-03-31 00:00:00Z",
		"2027-03-31T", "2027-03-31T00:00Z", "2027-03-31T00:00:00Zx", "2027-03-31T00:00:00+2",
		"2027-03-31T00:00:00+0200", "2027-03-31T00:00:00+24:00", "2027-03-31T00:00:00+02:60",
		"2027-03-31x", "2027-03-31T0a:00:00Z", "+027-03-31",
	};
	size_t i;

	for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		expect_no_moment(texts[i], "is no moment: write it as in 2027-03-31T00:00:00Z");
	expect_no_moment("2027-03-31T00:00:00", "names no time zone: write a Z");
	expect_no_moment("2027-03-31T00:00:00.5Z", "write whole seconds");
	expect_no_moment("2027-02-29", "there is no such day or time");
	expect_no_moment("2027-13-01", "there is no such day or time");
	expect_no_moment("2027-00-10", "there is no such day or time");
	expect_no_moment("2027-03-31T24:00:00Z", "there is no such day or time");
	expect_no_moment("2027-03-31T00:60:00Z", "there is no such day or time");
	expect_no_moment("2027-03-31T23:59:60Z", "there is no such day or time");
	expect_no_moment("1969-12-31", "is not between 1970 and 9999");
	expect_no_moment("1970-01-01T00:00:00+01:00", "is not between 1970 and 9999");
	expect_no_moment("9999-12-31T23:59:59-01:00", "is not between 1970 and 9999");
}

static void later_than_can_be_written(void **state)
{
	char written[CW_TIMESTAMP_STRLEN + 1];

	assert_string_equal(cw_timestamp_format(UINT64_MAX, written), "9999-12-31T23:59:59Z");
}

static void expect_duration(const char *text, uint64_t seconds)
{
	struct cw_error err = { 0 };
	uint64_t parsed;

	assert_int_equal(cw_duration_parse(text, &parsed, &err), 0);
	assert_int_equal(parsed, seconds);
}

static void durations(void **state)
{
	static const char *const wrong[] = { "", "8", "h", "0h", "-1h", "8 h", "8m", "8hours", "1.5h", "2027-03-31" };
	struct cw_error err = { 0 };
	uint64_t parsed;
	size_t i;

	expect_duration("90min", 5400);
	expect_duration("8h", 28800);
	expect_duration("20s", 20);
	expect_duration("30d", 2592000);
	expect_duration("2w", 1209600);
	for (i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		assert_int_equal(cw_duration_parse(wrong[i], &parsed, &err), -1);
		unit_expect(&err, "is no duration");
	}
	assert_int_equal(cw_duration_parse("99999999999999999999w", &parsed, &err), -1);
	unit_expect(&err, "is too long");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(moments),
		cmocka_unit_test(no_moments),
		cmocka_unit_test(later_than_can_be_written),
		cmocka_unit_test(durations),
	};

	return cmocka_run_group_tests_name("timestamp", tests, NULL, NULL);
}
