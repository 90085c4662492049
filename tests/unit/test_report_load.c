// SPDX-License-Identifier: GPL-2.0-or-later
/* Tests of what a report reads from histories: figures, gaps, parts of the time, several sites, damaged files. */
#include "alloc.h"
#include "report_unit.h"

/* --- What is in them --- */

static void figures_are_those_of_the_history(void **state)
{
	struct report *report = load("town.db", NULL, NULL);
	const struct report_device *first = device(report, 0x4419b6001001, 0);
	struct report_totals totals;

	report_total(report, &totals);
	assert_int_equal(totals.devices, 7);
	assert_int_equal(totals.vendors, 2);
	/* First seen since 2026-08-03 08:00; the three of 2026-08-01 were there before. */
	assert_int_equal(totals.new, 4);
	/* All but the one last seen on 2026-09-20. */
	assert_int_equal(totals.present, 6);
	assert_non_null(first);
	assert_false(first->first_exact);
	assert_true(first->clock_exact);
	assert_string_equal(first->prefix, "44:19:b6/24");
	assert_string_equal(first->evidence, "vendor pack hikvision of 2026-11-23; IEEE registry, edition of 2026-06-12");
	assert_string_equal(first->ipv6, "fe80::4619:b6ff:fe00:1001");
	assert_true(device(report, 0x4419b6001003, 0)->exempt);
	assert_false(first->exempt);
	assert_int_equal(device(report, 0x4419b6001003, 0)->vlan, 120);
	assert_string_equal(device(report, 0x4419b6001003, 0)->port, "lan2");
	assert_string_equal(device(report, 0x020000000001, 0)->evidence, "named in the configuration itself");
	assert_string_equal(report->groups[0].action, "isolate, 2 peers allowed (2 prefixes)");
	report_free(report);
}

static void sums_agree(void **state)
{
	struct report *report = load("town.db", NULL, NULL);
	uint64_t days = 0, columns = 0, years = 0, packets = 0;
	struct report_totals totals;
	size_t i, k;

	report_total(report, &totals);
	for (i = 0; i < report->n_days; i++)
		for (k = 0; k < 2; k++) {
			days += report_dropped(&report->days[i].traffic[k]);
			packets += report->days[i].traffic[k].packets;
		}
	for (i = 0; i < report->n_columns; i++) {
		for (k = 0; k < REPORT_REASONS; k++)
			columns += report->columns[i].dropped[k];
		packets -= report->columns[i].packets;
	}
	for (i = 0; i < report->n_years; i++)
		years += report->years[i].dropped;
	assert_true(totals.dropped > 0);
	assert_int_equal(days, totals.dropped);
	assert_int_equal(columns, totals.dropped);
	assert_int_equal(years, totals.dropped);
	assert_int_equal(packets, 0);
	report_free(report);
}

static void expect_gap(const struct report_gap *gap, const char *reason, const char *since, const char *until,
		       int64_t seconds)
{
	assert_true(gap->blind);
	assert_string_equal(gap->reason, reason);
	assert_int_equal(gap->since, at(since));
	assert_int_equal(gap->until, at(until));
	assert_int_equal(gap->seconds, seconds);
}

static void gaps_are_told_and_not_filled(void **state)
{
	struct report *report = load("town.db", NULL, NULL);
	size_t i;

	assert_int_equal(report->n_gaps, 6);
	expect_gap(&report->gaps[0], "stopped", "2026-08-31T06:00:00Z", "2026-09-07T06:00:00Z", 604800);
	expect_gap(&report->gaps[1], "killed", "2026-10-05T12:00:00Z", "2026-10-05T12:05:00Z", 300);
	expect_gap(&report->gaps[2], "module", "2026-10-20T03:00:00Z", "2026-10-20T03:40:00Z", 2400);
	/* Across a restart, with a clock that was not synchronised: how long is not known. */
	expect_gap(&report->gaps[3], "rebooted", "2026-11-08T22:00:00Z", "2026-11-08T22:10:00Z", -1);
	/* Lost events are no time without observation, nor are devices too many to list. */
	assert_string_equal(report->gaps[4].reason, "events-lost");
	assert_false(report->gaps[4].blind);
	assert_int_equal(report->gaps[4].lost, 17);
	assert_string_equal(report->gaps[5].reason, "devices-unrecorded");
	assert_false(report->gaps[5].blind);
	assert_int_equal(report->gaps[5].lost, 250);
	assert_int_equal(report->sites[0].missed, 604800 + 300 + 2400 + 600);
	assert_int_equal(report->sites[0].missed + report->sites[0].watched, report->until - report->since);
	for (i = 0; i < report->n_days; i++)
		assert_false(report->days[i].day >= at("2026-09-01") && report->days[i].day <= at("2026-09-06"));
	report_free(report);
}

/* A daemon that is silent is a gap up to now; a time before the history began is one too. */
static void silence_is_a_gap(void **state)
{
	const char *name = "town.db";
	struct report_options options = { .files = &name, .n_files = 1, .now = at("2026-12-01T00:00:00Z"),
					  .since = at("2026-07-01") };
	struct cw_error err = { 0 };
	struct report *report = report_load(&options, &err);

	unit_expect_none(&err);
	expect_gap(&report->gaps[0], "not begun", "2026-07-01T00:00:00Z", "2026-08-03T08:00:00Z",
		   at("2026-08-03T08:00:00Z") - at("2026-07-01"));
	expect_gap(&report->gaps[report->n_gaps - 1], "not written", "2026-11-25T16:19:30Z", "2026-12-01T00:00:00Z",
		   at("2026-12-01") - at("2026-11-25T16:19:30Z"));
	/* Present is who was seen in the last 24 hours that were observed. */
	assert_true(device(report, 0x4419b6001001, 0)->present);
	report_free(report);
}

/*
 * A gateway that boots with the date of a file, until it has the right one: each such boot makes
 * a gap that reaches back over times that were watched, and over the gap of the boot before.
 */
static void gaps_of_a_wrong_clock_count_once(void **state)
{
	const char *name = "bad.db";
	struct report *report;
	struct cw_error err = { 0 };
	char *sql;
	int day;

	make(name, "leisure");
	run_sql(name, "DELETE FROM run");
	for (day = 0; day < 5; day++) {
		/* Twenty seconds by the wrong clock, then the rest of the day but for an hour. */
		sql = cw_asprintf("INSERT INTO run SELECT NULL, b.since, b.until, b.s, b.u, b.reason, 'boot-%d', '', '', '', '', '',"
				  " 60, b.reason IS NULL, 0, 0, 0, 1 FROM ("
				  "SELECT %lld AS since, %lld AS until, 10 AS s, 30 AS u, 'clock' AS reason UNION ALL"
				  " SELECT %lld, %lld, 31, 82831, %s) b",
				  day, (long long)at("2026-09-01"), (long long)at("2026-09-01") + 20,
				  (long long)at("2026-09-02") + day * 86400LL + 20,
				  (long long)at("2026-09-02") + day * 86400LL + 82820,
				  day == 4 ? "'stopped'" : "'rebooted'");
		run_sql(name, sql);
		free(sql);
	}
	report = load_files(&name, 1, "2026-09-02", "2026-09-07", &err);
	unit_expect_none(&err);
	assert_int_equal(report->sites[0].watched, 5 * 82800);
	assert_int_equal(report->sites[0].missed, 5 * 3600);
	report_free(report);
	unlink(name);
}

static void a_part_of_the_time_is_that_part(void **state)
{
	struct report *report = load("town.db", "2026-08-10", "2026-09-02");
	struct report_totals totals;
	size_t i;

	report_total(report, &totals);
	assert_int_equal(totals.devices, 4);
	assert_int_equal(totals.new, 0);
	assert_int_equal(totals.dropped, 0);
	assert_null(device(report, 0x4419b6001003, 0));
	assert_int_equal(report->n_policies, 1);
	assert_int_equal(report->n_exemptions, 0);
	assert_string_equal(report->groups[0].action, "observe (2 prefixes)");
	for (i = 0; i < report->n_days; i++)
		assert_in_range(report->days[i].day, at("2026-08-10"), at("2026-09-01"));
	assert_int_equal(report->sites[0].missed, at("2026-09-02") - at("2026-08-31T06:00:00Z"));
	report_free(report);
	/* Gone since 2026-09-20: no part of a later time. */
	report = load("town.db", "2026-10-01", NULL);
	assert_null(device(report, 0x3cef8c001002, 0));
	assert_non_null(device(report, 0x3cef8c001001, 0));
	report_free(report);
	/* What ended later had not ended then. */
	report = load("town.db", "2026-09-08", "2026-09-20");
	assert_int_equal(report->n_exemptions, 1);
	assert_int_equal(report->exemptions[0].how, REPORT_END_NOT);
	assert_true(device(report, 0x4419b6001001, 0)->exempt);
	assert_true(device(report, 0x4419b6001001, 0)->present);
	report_free(report);
}

/* There before it and after it, and not in it. */
static void who_was_away_is_not_listed(void **state)
{
	struct report *report = load("leisure.db", "2026-11-10", "2026-11-20");

	assert_int_equal(report->n_devices, 0);
	report_free(report);
	report = load("leisure.db", "2026-11-03", "2026-11-20");
	assert_int_equal(report->n_devices, 2);
	report_free(report);
}

static void expect_year(const struct report_year *year, unsigned int number, uint64_t devices, uint64_t new,
			uint64_t gone)
{
	assert_int_equal(year->year, number);
	assert_int_equal(year->devices, devices);
	assert_int_equal(year->new, new);
	assert_int_equal(year->gone, gone);
}

/* One device from July 2024 to March 2025, one since November 2026. */
static void progress_is_told_by_year(void **state)
{
	struct report *report;

	make("bad.db", "leisure");
	run_sql("bad.db", "UPDATE run SET since = unixepoch('2024-06-01'), since_boottime = 100;"
		"DELETE FROM device_day WHERE device = 1;"
		"UPDATE device SET first_seen = unixepoch('2024-07-01') WHERE id = 1;"
		"UPDATE device_state SET last_seen = unixepoch('2025-03-01') WHERE device = 1;"
		"INSERT INTO device_day VALUES (unixepoch('2024-12-31'), 1, 9, 9, 0, 0, 0, 0, 9, 9, 0, 0, 0, 0);"
		"DELETE FROM device_month WHERE device = 1;"
		"INSERT INTO device_month VALUES (unixepoch('2024-12-01'), 1, 9, 9, 0, 0, 0, 0, 9, 9, 0, 0, 0, 0);");
	report = load("bad.db", NULL, NULL);
	assert_int_equal(report->n_years, 3);
	expect_year(&report->years[0], 2024, 1, 1, 0);
	expect_year(&report->years[1], 2025, 1, 0, 1);
	expect_year(&report->years[2], 2026, 1, 1, 0);
	report_free(report);
	/* Of a device that is away in a year between, that year knows nothing. */
	run_sql("bad.db", "UPDATE device_state SET last_seen = unixepoch('2026-03-01') WHERE device = 1");
	report = load("bad.db", NULL, NULL);
	expect_year(&report->years[1], 2025, 0, 0, 0);
	expect_year(&report->years[2], 2026, 2, 1, 1);
	report_free(report);
	run_sql("bad.db", "INSERT INTO device_day VALUES (unixepoch('2025-06-01'), 1, 9, 9, 0, 0, 0, 0, 9, 9, 0, 0, 0, 0);"
		"INSERT INTO device_month VALUES (unixepoch('2025-06-01'), 1, 9, 9, 0, 0, 0, 0, 9, 9, 0, 0, 0, 0)");
	report = load("bad.db", NULL, NULL);
	expect_year(&report->years[1], 2025, 1, 0, 0);
	report_free(report);
	unlink("bad.db");
}

static void the_future_is_not_reported(void **state)
{
	struct report *report = load("town.db", NULL, "2030-01-01");
	struct cw_error err = { 0 };
	const char *name = "town.db";

	assert_int_equal(report->until, at(NOW));
	report_free(report);
	assert_null(load_files(&name, 1, "2027-01-01", NULL, &err));
	unit_expect(&err, "the period has no length");
}

static void several_sites_make_one_report(void **state)
{
	struct report *report = load_both();
	struct report_totals totals;
	uint64_t seen = 0;
	size_t i;

	report_total(report, &totals);
	assert_int_equal(report->n_sites, 2);
	assert_string_equal(report->sites[1].name, "Leisure Centre");
	/* Nine rows, of which one device is at both sites. */
	assert_int_equal(report->n_devices, 9);
	assert_int_equal(totals.devices, 8);
	assert_false(device(report, 0x3cef8c001002, 0)->present);
	assert_true(device(report, 0x3cef8c001002, 1)->present);
	assert_int_equal(device(report, 0x3cef8c001002, 1)->traffic[REPORT_FROM].packets, 30);
	/* New at the second site alone; it is not gone either. */
	assert_true(device(report, 0x3cef8c001002, 1)->new);
	assert_int_equal(totals.new, 5);
	assert_int_equal(report->years[0].gone, 0);
	/* Of the pack dahua at one site in the group dahua, at the other in cameras. */
	assert_int_equal(report->n_vendors, 2);
	assert_int_equal(report->n_groups, 3);
	for (i = 0; i < report->n_days; i++)
		seen += report->days[i].site == 1 ? report->days[i].devices : 0;
	assert_int_equal(seen, 1 + 2 + 2);
	report_free(report);
}

static void the_same_history_twice_is_refused(void **state)
{
	static const char *const names[] = { "town.db", "town.db" };
	struct cw_error err = { 0 };

	assert_null(load_files(names, 2, NULL, NULL, &err));
	unit_expect(&err, "are of one gateway");
}

static void sites_of_one_name_are_told_apart(void **state)
{
	struct report *report;

	run_sql("leisure.db", "UPDATE meta SET value = 'Town Hall' WHERE key = 'site'");
	report = load_both();
	assert_string_equal(report->sites[0].name, "Town Hall");
	assert_string_equal(report->sites[1].name, "Town Hall (leisure.db)");
	report_free(report);
	run_sql("leisure.db", "UPDATE meta SET value = 'Leisure Centre' WHERE key = 'site'");
}

/* --- Files --- */

static void a_history_can_be_read_while_it_is_written(void **state)
{
	struct cw_error err = { 0 };
	struct cw_history *writer = cw_history_open("town.db", CW_HISTORY_WRITE, &err);
	struct report *report;
	sqlite3 *db;

	unit_expect_none(&err);
	/* In the middle of a transaction, of which the report sees nothing. */
	assert_int_equal(sqlite3_open("town.db", &db), SQLITE_OK);
	assert_int_equal(sqlite3_exec(db, "BEGIN IMMEDIATE; DELETE FROM exemption", NULL, NULL, NULL), SQLITE_OK);
	report = load("town.db", NULL, NULL);
	assert_int_equal(report->n_exemptions, 3);
	report_free(report);
	assert_int_equal(sqlite3_exec(db, "ROLLBACK", NULL, NULL, NULL), SQLITE_OK);
	sqlite3_close(db);
	cw_history_close(writer);
}

static void an_empty_history_makes_a_report(void **state)
{
	struct report *report;
	char *text;

	make("bad.db", NULL);
	report = load("bad.db", NULL, NULL);
	assert_int_equal(report->n_devices, 0);
	assert_int_equal(report->sites[0].watched, 0);
	text = html(report);
	assert_non_null(strstr(text, "Nothing was observed in this period"));
	free(text);
	free(json(report));
	report_free(report);
	unlink("bad.db");
}

static void expect_refused(const char *part)
{
	const char *name = "bad.db";
	struct cw_error err = { 0 };

	assert_null(load_files(&name, 1, NULL, NULL, &err));
	unit_expect(&err, part);
	unlink("bad.db");
}

static void damaged_and_foreign_files_are_refused(void **state)
{
	static const char *const ids[] = {
		"UPDATE device SET id = -1 WHERE id = (SELECT min(id) FROM device);"
		"UPDATE device_state SET device = -1 WHERE device = (SELECT min(device) FROM device_state)",
		"UPDATE device SET id = 9223372036854775807 WHERE id = (SELECT max(id) FROM device);"
		"UPDATE device_state SET device = 9223372036854775807"
		" WHERE device = (SELECT max(device) FROM device_state)",
		"INSERT INTO device_group VALUES (-100000000, 'x')",
	};
	char *text;
	size_t length, i;

	expect_refused("camwalld writes it, once it runs");
	unit_write(folder, "bad.db", "This is a letter, and no database at all.", 41);
	expect_refused("this is no history of camwall: name another file");
	text = unit_read("town.db", &length);
	unit_write(folder, "bad.db", text, length / 3);
	expect_refused("the file is damaged or cut off: name another one");
	free(text);
	run_sql("bad.db", "CREATE TABLE t (a)");
	expect_refused("no history of camwall");
	make("bad.db", "leisure");
	run_sql("bad.db", "PRAGMA user_version = 99");
	expect_refused("written by a newer camwall");
	/* Readers index by ids. */
	for (i = 0; i < sizeof(ids) / sizeof(ids[0]); i++) {
		make("bad.db", "leisure");
		run_sql("bad.db", ids[i]);
		expect_refused("the file is damaged or cut off: name another one");
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(figures_are_those_of_the_history),
		cmocka_unit_test(sums_agree),
		cmocka_unit_test(gaps_are_told_and_not_filled),
		cmocka_unit_test(silence_is_a_gap),
		cmocka_unit_test(gaps_of_a_wrong_clock_count_once),
		cmocka_unit_test(a_part_of_the_time_is_that_part),
		cmocka_unit_test(who_was_away_is_not_listed),
		cmocka_unit_test(progress_is_told_by_year),
		cmocka_unit_test(the_future_is_not_reported),
		cmocka_unit_test(several_sites_make_one_report),
		cmocka_unit_test(the_same_history_twice_is_refused),
		cmocka_unit_test(sites_of_one_name_are_told_apart),
		cmocka_unit_test(a_history_can_be_read_while_it_is_written),
		cmocka_unit_test(an_empty_history_makes_a_report),
		cmocka_unit_test(damaged_and_foreign_files_are_refused),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
