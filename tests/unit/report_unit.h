/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Small histories for the tests of reports: made of data/report/NAME.sql in a folder of their own. */
#ifndef CW_UNIT_REPORT_H
#define CW_UNIT_REPORT_H

#include <sqlite3.h>

#include "unit.h"

#include "history.h"
#include "report.h"
#include "timestamp.h"

#define NOW		"2026-11-25T16:20:00Z"

static char *folder;
static const char *const files[] = {
	"town.db", "town.db-wal", "town.db-shm", "town.db.lock", "leisure.db", "leisure.db-wal", "leisure.db-shm",
	"leisure.db.lock", "bad.db", "bad.db-wal", "bad.db-shm", "bad.db.lock", "page.html", NULL,
};

static inline uint64_t at(const char *text)
{
	struct cw_error err = { 0 };
	uint64_t moment = 0;

	if (cw_timestamp_parse(text, &moment, &err))
		fail_msg("%s", err.message);
	return moment;
}

static inline void run_sql(const char *file, const char *sql)
{
	char *message = NULL;
	sqlite3 *db;

	assert_int_equal(sqlite3_open(file, &db), SQLITE_OK);
	if (sqlite3_exec(db, sql, NULL, NULL, &message) != SQLITE_OK)
		fail_msg("%s: %s", file, message);
	sqlite3_close(db);
}

/* An empty history, by the code that camwalld uses; then the rows of data/report/NAME.sql. */
static inline void make(const char *file, const char *name)
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

static inline int setup(void **state)
{
	unit_path("");
	folder = unit_folder();
	assert_int_equal(chdir(folder), 0);
	make("town.db", "town");
	make("leisure.db", "leisure");
	return 0;
}

static inline int teardown(void **state)
{
	assert_int_equal(chdir("/"), 0);
	unit_remove(folder, files);
	return 0;
}

static inline struct report *load_files(const char *const *names, size_t n, const char *since, const char *until,
					struct cw_error *err)
{
	struct report_options options = {
		.files = names, .n_files = n, .now = at(NOW),
		.since = since ? at(since) : 0, .until = until ? at(until) : 0,
	};

	return report_load(&options, err);
}

static inline struct report *load(const char *name, const char *since, const char *until)
{
	struct cw_error err = { 0 };
	struct report *report = load_files(&name, 1, since, until, &err);

	if (!report)
		fail_msg("%s", err.message);
	return report;
}

static inline struct report *load_both(void)
{
	static const char *const names[] = { "town.db", "leisure.db" };
	struct cw_error err = { 0 };
	struct report *report = load_files(names, 2, NULL, NULL, &err);

	if (!report)
		fail_msg("%s", err.message);
	return report;
}

static inline const struct report_device *device(const struct report *report, uint64_t mac, size_t site)
{
	size_t i;

	for (i = 0; i < report->n_devices; i++)
		if (report->devices[i].mac == mac && report->devices[i].site == site)
			return &report->devices[i];
	return NULL;
}

static inline char *html(const struct report *report)
{
	size_t length;
	char *text;
	FILE *out = open_memstream(&text, &length);

	assert_non_null(out);
	report_write_html(report, out);
	assert_int_equal(fclose(out), 0);
	return text;
}

static inline char *csv(const struct report *report, enum report_table table)
{
	size_t length;
	char *text;
	FILE *out = open_memstream(&text, &length);

	assert_non_null(out);
	report_write_csv(report, table, out);
	assert_int_equal(fclose(out), 0);
	return text;
}

static inline char *json(const struct report *report)
{
	size_t length;
	char *text;
	FILE *out = open_memstream(&text, &length);

	assert_non_null(out);
	report_write_json(report, true, out);
	assert_int_equal(fclose(out), 0);
	return text;
}

#endif
