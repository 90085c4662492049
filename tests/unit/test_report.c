// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Tests of reports from small histories, which are made of data/report/NAME.sql: against golden
 * files, merged, of parts of the time, while a daemon writes, from damaged and foreign files.
 *
 * CAMWALL_GOLDEN=write build/asan/unit/test_report writes the golden files anew.
 */
#include <sqlite3.h>

#include "unit.h"

#include "alloc.h"
#include "history.h"
#include "report.h"
#include "timestamp.h"

#define NOW		"2026-11-25T16:20:00Z"
#define VERSION_MARK	"VERSION"	/* stands in golden files for CAMWALL_VERSION */

static char *folder;
static const char *const files[] = {
	"town.db", "town.db-wal", "town.db-shm", "town.db.lock", "leisure.db", "leisure.db-wal", "leisure.db-shm",
	"leisure.db.lock", "bad.db", "bad.db-wal", "bad.db-shm", "bad.db.lock", "page.html", NULL,
};

static uint64_t at(const char *text)
{
	struct cw_error err = { 0 };
	uint64_t moment = 0;

	if (cw_timestamp_parse(text, &moment, &err))
		fail_msg("%s", err.message);
	return moment;
}

static void run_sql(const char *file, const char *sql)
{
	char *message = NULL;
	sqlite3 *db;

	assert_int_equal(sqlite3_open(file, &db), SQLITE_OK);
	if (sqlite3_exec(db, sql, NULL, NULL, &message) != SQLITE_OK)
		fail_msg("%s: %s", file, message);
	sqlite3_close(db);
}

/* An empty history, by the code that camwalld uses; then the rows of data/report/NAME.sql. */
static void make(const char *file, const char *name)
{
	struct cw_error err = { 0 };
	struct cw_history *history;
	char path[256];
	size_t length;
	char *sql;

	history = cw_history_open(file, CW_HISTORY_WRITE, &err);
	if (!history)
		fail_msg("%s", err.message);
	cw_history_close(history);
	if (!name)
		return;
	snprintf(path, sizeof(path), "tests/unit/data/report/%s.sql", name);
	sql = unit_read(unit_path(path), &length);
	run_sql(file, sql);
	free(sql);
}

static int setup(void **state)
{
	unit_path("");
	folder = unit_folder();
	assert_int_equal(chdir(folder), 0);
	make("town.db", "town");
	make("leisure.db", "leisure");
	return 0;
}

static int teardown(void **state)
{
	assert_int_equal(chdir("/"), 0);
	unit_remove(folder, files);
	return 0;
}

static struct report *load_files(const char *const *names, size_t n, const char *since, const char *until,
				 struct cw_error *err)
{
	struct report_options options = {
		.files = names, .n_files = n, .now = at(NOW),
		.since = since ? at(since) : 0, .until = until ? at(until) : 0,
	};

	return report_load(&options, err);
}

static struct report *load(const char *name, const char *since, const char *until)
{
	struct cw_error err = { 0 };
	struct report *report = load_files(&name, 1, since, until, &err);

	if (!report)
		fail_msg("%s", err.message);
	return report;
}

static struct report *load_both(void)
{
	static const char *const names[] = { "town.db", "leisure.db" };
	struct cw_error err = { 0 };
	struct report *report = load_files(names, 2, NULL, NULL, &err);

	if (!report)
		fail_msg("%s", err.message);
	return report;
}

static const struct report_device *device(const struct report *report, uint64_t mac, size_t site)
{
	size_t i;

	for (i = 0; i < report->n_devices; i++)
		if (report->devices[i].mac == mac && report->devices[i].site == site)
			return &report->devices[i];
	return NULL;
}

/* --- Golden files --- */

static char *with_mark(const char *text)
{
	char *out = cw_malloc(strlen(text) * strlen(VERSION_MARK) + 1), *to = out;

	while (*text) {
		if (strncmp(text, CAMWALL_VERSION, strlen(CAMWALL_VERSION)) == 0) {
			to = mempcpy(to, VERSION_MARK, strlen(VERSION_MARK));
			text += strlen(CAMWALL_VERSION);
		} else {
			*to++ = *text++;
		}
	}
	*to = '\0';
	return out;
}

static void first_difference(const char *name, const char *is, const char *should)
{
	size_t i = 0, line = 1;

	for (; is[i] && is[i] == should[i]; i++)
		line += is[i] == '\n';
	fail_msg("%s, line %zu: \"%.60s\", and it should be \"%.60s\". If that was meant: CAMWALL_GOLDEN=write build/asan/unit/test_report",
		 name, line, is + i, should + i);
}

static void compare(const char *name, char *text)
{
	const char *wish = getenv("CAMWALL_GOLDEN");
	char path[256], *marked = with_mark(text), *golden;
	size_t length;

	snprintf(path, sizeof(path), "tests/unit/data/report/%s", name);
	if (wish && strcmp(wish, "write") == 0) {
		FILE *out = fopen(unit_path(path), "w");

		assert_non_null(out);
		assert_true(fputs(marked, out) >= 0);
		assert_int_equal(fclose(out), 0);
	}
	golden = unit_read(unit_path(path), &length);
	if (strcmp(golden, marked) != 0)
		first_difference(name, marked, golden);
	free(golden);
	free(marked);
	free(text);
}

static char *html(const struct report *report)
{
	size_t length;
	char *text;
	FILE *out = open_memstream(&text, &length);

	assert_non_null(out);
	report_write_html(report, out);
	assert_int_equal(fclose(out), 0);
	return text;
}

static char *csv(const struct report *report, enum report_table table)
{
	size_t length;
	char *text;
	FILE *out = open_memstream(&text, &length);

	assert_non_null(out);
	report_write_csv(report, table, out);
	assert_int_equal(fclose(out), 0);
	return text;
}

static char *json(const struct report *report)
{
	size_t length;
	char *text;
	FILE *out = open_memstream(&text, &length);

	assert_non_null(out);
	report_write_json(report, true, out);
	assert_int_equal(fclose(out), 0);
	return text;
}

static void reports_are_as_their_golden_files(void **state)
{
	struct report *report = load("town.db", NULL, NULL);
	enum report_table table;
	char name[64];

	compare("town.html", html(report));
	compare("town.json", json(report));
	for (table = 0; table < REPORT_TABLES; table++) {
		snprintf(name, sizeof(name), "town-%s.csv", report_table_name(table));
		compare(name, csv(report, table));
	}
	report_free(report);
	report = load_both();
	compare("merged.html", html(report));
	report_free(report);
}

/* What the hostile names of town.sql would do, were they not escaped. */
static void hostile_names_do_nothing(void **state)
{
	struct report *report = load("town.db", NULL, NULL);
	char *text = html(report);

	assert_null(strstr(text, "<script"));
	assert_non_null(strstr(text, "&lt;script&gt;alert(1)"));
	assert_null(strstr(text, "<b>"));
	assert_null(strstr(text, "\xe2\x80\xae"));
	free(text);
	text = csv(report, REPORT_DEVICES);
	assert_non_null(strstr(text, "\"'=HYPERLINK("));
	assert_null(strstr(text, ",=") ?: strstr(text, ",\"="));
	free(text);
	text = csv(report, REPORT_EXEMPTIONS);
	assert_null(strstr(text, ",@") ?: strstr(text, ",\"+"));
	assert_non_null(strstr(text, ",'@facilities <b>,"));
	free(text);
	report_free(report);
}

/* It asks for nothing: no script, style sheet, image, font or frame of elsewhere. */
static void html_needs_no_other_file(void **state)
{
	static const char *const forbidden[] = { "<script", "<link", "<img", "<iframe", "@import", "src=", "url(http", "url(//", NULL };
	struct report *report = load("town.db", NULL, NULL);
	char *text = html(report);
	size_t i;

	for (i = 0; forbidden[i]; i++)
		if (strstr(text, forbidden[i]))
			fail_msg("there is %s in it", forbidden[i]);
	free(text);
	report_free(report);
}

static void html_is_valid(void **state)
{
	struct report *report;
	char *text;

	if (system("command -v tidy >/dev/null")) {
		print_message("skip: no tidy here: apt install tidy\n");
		skip();
	}
	report = load_both();
	text = html(report);
	unit_write(folder, "page.html", text, strlen(text));
	/* 0: neither an error nor a warning, which it prints. */
	assert_int_equal(system("tidy -q -e page.html"), 0);
	free(text);
	report_free(report);
}

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
	char *text;
	size_t length;

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
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reports_are_as_their_golden_files),
		cmocka_unit_test(hostile_names_do_nothing),
		cmocka_unit_test(html_needs_no_other_file),
		cmocka_unit_test(html_is_valid),
		cmocka_unit_test(figures_are_those_of_the_history),
		cmocka_unit_test(sums_agree),
		cmocka_unit_test(gaps_are_told_and_not_filled),
		cmocka_unit_test(silence_is_a_gap),
		cmocka_unit_test(a_part_of_the_time_is_that_part),
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
