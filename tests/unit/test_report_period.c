// SPDX-License-Identifier: GPL-2.0-or-later
/* Tests of a report's period: begin and end as people write them, columns, years, business days. */
#include "unit.h"

#include "far.h"
#include "period.h"
#include "timestamp.h"

#define NOW	1795623600	/* 2026-11-25T16:20:00Z */

static uint64_t at(const char *text)
{
	struct cw_error err = { 0 };
	uint64_t moment = 0;

	if (cw_timestamp_parse(text, &moment, &err))
		fail_msg("%s", err.message);
	return moment;
}

static void expect_since(const char *text, const char *moment)
{
	struct cw_error err = { 0 };
	uint64_t since = 0;

	assert_int_equal(period_since(text, NOW, &since, &err), 0);
	assert_int_equal(since, at(moment));
}

static void expect_until(const char *text, const char *moment)
{
	struct cw_error err = { 0 };
	uint64_t until = 0;

	assert_int_equal(period_until(text, NOW, &until, &err), 0);
	assert_int_equal(until, at(moment));
}

static void begin_and_end_are_read(void **state)
{
	expect_since("2026-01-01", "2026-01-01T00:00:00Z");
	expect_since("2026-07-01T00:00:00+01:00", "2026-06-30T23:00:00Z");
	expect_since("2026-07-01T00:00:00-05:30", "2026-07-01T05:30:00Z");
	expect_since("1d", "2026-11-24T16:20:00Z");
	expect_since("8h", "2026-11-25T08:20:00Z");
	/* A date is a day that the period still holds. */
	expect_until("2026-12-31", "2027-01-01T00:00:00Z");
	expect_until("2026-12-31T00:00:00Z", "2026-12-31T00:00:00Z");
	expect_until("2024-02-29", "2024-03-01T00:00:00Z");
	expect_until("1d", "2026-11-24T16:20:00Z");
}

static void what_is_no_moment_is_refused(void **state)
{
	struct cw_error err = { 0 };
	uint64_t moment;

	assert_int_equal(period_since("yesterday", NOW, &moment, &err), -1);
	unit_expect(&err, "neither a date nor a duration");
	assert_int_equal(period_since("2026-02-29", NOW, &moment, &err), -1);
	unit_expect(&err, "no such day");
	assert_int_equal(period_until("2026-01-01T00:00:00", NOW, &moment, &err), -1);
	unit_expect(&err, "names no time zone");
	assert_int_equal(period_until("", NOW, &moment, &err), -1);
	unit_expect(&err, "neither");
}

static struct report *columns(const char *since, const char *until)
{
	struct report *report = calloc(1, sizeof(*report));

	assert_non_null(report);
	report->since = at(since);
	report->until = at(until);
	period_columns(report);
	period_years(report);
	return report;
}

static void expect_columns(const char *since, const char *until, size_t n, const char *name,
			   const char *first, const char *last)
{
	struct report *report = columns(since, until);
	size_t i;

	assert_int_equal(report->n_columns, n);
	assert_string_equal(report->column_name, name);
	assert_string_equal(report->columns[0].label, first);
	assert_string_equal(report->columns[n - 1].label, last);
	for (i = 0; i + 1 < n; i++)
		assert_int_equal(report->columns[i].until, report->columns[i + 1].since);
	assert_true(report->columns[0].since <= report->since);
	assert_true(report->columns[n - 1].until >= report->until);
	report_free(report);
}

static void columns_are_days_weeks_months_or_years(void **state)
{
	expect_columns("2026-11-25T16:00:00Z", "2026-11-25T16:00:01Z", 1, "day", "2026-11-25", "2026-11-25");
	expect_columns("2026-10-01", "2026-12-02", 62, "day", "2026-10-01", "2026-12-01");
	/* 2026-09-28 is the Monday of that week. */
	expect_columns("2026-10-01", "2026-12-03", 10, "week", "2026-09-28", "2026-11-30");
	expect_columns("2026-01-01", "2027-01-01", 53, "week", "2025-12-29", "2026-12-28");
	expect_columns("2024-01-01", "2027-01-01", 36, "month", "2024-01", "2026-12");
	expect_columns("2000-06-01", "2027-01-01", 27, "year", "2000", "2026");
	expect_columns("1970-01-01", "1971-06-01", 17, "month", "1970-01", "1971-05");
}

static void moments_fall_into_their_column(void **state)
{
	struct report *report = columns("2026-10-01", "2026-12-03");

	assert_int_equal(period_column_at(report, at("2026-09-28")), 0);
	assert_int_equal(period_column_at(report, at("2026-10-04T23:59:59Z")), 0);
	assert_int_equal(period_column_at(report, at("2026-10-05")), 1);
	assert_int_equal(period_column_at(report, at("2026-12-02")), 9);
	assert_int_equal(period_column_at(report, at("2020-01-01")), 0);
	assert_int_equal(period_column_at(report, at("2030-01-01")), 9);
	report_free(report);
}

static void years_end_with_the_calendar(void **state)
{
	struct report *report = columns("2024-11-05T10:00:00Z", "2026-03-01");

	assert_int_equal(report->n_years, 3);
	assert_int_equal(report->years[0].year, 2024);
	assert_int_equal(report->years[0].since, at("2024-11-05T10:00:00Z"));
	assert_int_equal(report->years[0].until, at("2025-01-01"));
	assert_int_equal(report->years[1].until, at("2026-01-01"));
	assert_int_equal(report->years[2].year, 2026);
	assert_int_equal(report->years[2].until, at("2026-03-01"));
	report_free(report);
}

static void business_days_leave_out_weekends(void **state)
{
	/* 2026-11-25 is a Wednesday. */
	assert_int_equal(far_business_day(at("2026-11-25T16:20:00Z"), 1), at("2026-11-26"));
	assert_int_equal(far_business_day(at("2026-11-27T16:20:00Z"), 1), at("2026-11-30"));
	assert_int_equal(far_business_day(at("2026-11-28"), 1), at("2026-11-30"));
	assert_int_equal(far_business_day(at("2026-11-29T23:59:59Z"), 1), at("2026-11-30"));
	assert_int_equal(far_business_day(at("2026-11-26"), 10), at("2026-12-10"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(begin_and_end_are_read),
		cmocka_unit_test(what_is_no_moment_is_refused),
		cmocka_unit_test(columns_are_days_weeks_months_or_years),
		cmocka_unit_test(moments_fall_into_their_column),
		cmocka_unit_test(years_end_with_the_calendar),
		cmocka_unit_test(business_days_leave_out_weekends),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
