// SPDX-License-Identifier: GPL-2.0-or-later
/* The history's database: its schema, older and newer ones, and who may write it. */
#include "unit.h"

#include <sqlite3.h>
#include <sys/stat.h>

#include "history_private.h"
#include "history_settings.h"

static const char *const files[] = {
	"history.db", "history.db-wal", "history.db-shm", "history.db.lock", "camwall.conf", NULL,
};

static char *in(const char *dir)
{
	static char path[4096];

	snprintf(path, sizeof(path), "%s/history.db", dir);
	return path;
}

static struct cw_history *open_new(const char *dir, enum cw_history_mode mode)
{
	struct cw_error err = { 0 };
	struct cw_history *history = cw_history_open(in(dir), mode, &err);

	unit_expect_none(&err);
	assert_non_null(history);
	return history;
}

static void expect_refused(const char *dir, enum cw_history_mode mode, const char *part)
{
	struct cw_error err = { 0 };

	assert_null(cw_history_open(in(dir), mode, &err));
	unit_expect(&err, part);
}

static int64_t number(struct cw_history *history, const char *sql)
{
	struct cw_error err = { 0 };
	int64_t value = -1;

	assert_int_equal(cw_sql_int(history, sql, CW_NO_VALUES, &value, &err), 1);
	return value;
}

static void run_sql(const char *dir, const char *sql)
{
	sqlite3 *db;

	assert_int_equal(sqlite3_open(in(dir), &db), SQLITE_OK);
	assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
	sqlite3_close(db);
}

static void created(void **state)
{
	char *dir = unit_folder();
	struct cw_history *history = open_new(dir, CW_HISTORY_WRITE), *reader;
	struct stat st;

	assert_int_equal(number(history, "SELECT user_version FROM pragma_user_version"), cw_history_version);
	assert_int_equal(number(history, "SELECT journal_mode = 'wal' FROM pragma_journal_mode"), 1);
	assert_int_equal(stat(in(dir), &st), 0);
	assert_int_equal(st.st_mode & 0777, 0640);
	reader = open_new(dir, CW_HISTORY_READ);
	cw_history_close(reader);
	cw_history_close(history);
	unit_remove(dir, files);
}

static void one_writer(void **state)
{
	char *dir = unit_folder();
	struct cw_history *history = open_new(dir, CW_HISTORY_WRITE);

	expect_refused(dir, CW_HISTORY_WRITE, "another camwalld writes this history");
	cw_history_close(history);
	cw_history_close(open_new(dir, CW_HISTORY_WRITE));
	unit_remove(dir, files);
}

static void not_there(void **state)
{
	char *dir = unit_folder();

	expect_refused(dir, CW_HISTORY_READ, "camwalld writes it, once it runs");
	unit_remove(dir, files);
}

static void no_history(void **state)
{
	char *dir = unit_folder();

	unit_write(dir, "history.db", "This is a text file, and no database at all.\n", 45);
	expect_refused(dir, CW_HISTORY_READ, "file is not a database");
	unlink(in(dir));
	run_sql(dir, "CREATE TABLE songs (name TEXT)");
	expect_refused(dir, CW_HISTORY_READ, "no history of camwall");
	expect_refused(dir, CW_HISTORY_WRITE, "no history of camwall");
	unit_remove(dir, files);
}

static void newer(void **state)
{
	char *dir = unit_folder();

	cw_history_close(open_new(dir, CW_HISTORY_WRITE));
	run_sql(dir, "PRAGMA user_version = 99");
	expect_refused(dir, CW_HISTORY_WRITE, "of schema 99, written by a newer camwall");
	expect_refused(dir, CW_HISTORY_READ, "of schema 99, written by a newer camwall");
	unit_remove(dir, files);
}

/* The first schema, with what a daemon of then had written. */
static void make_old(const char *dir)
{
	static const char rows[] =
		"PRAGMA application_id = 1131894600; PRAGMA user_version = 1;"
		"INSERT INTO device_group VALUES (1, 'cameras');"
		"INSERT INTO device VALUES (1, 74896334356481, 1798761600, 'event', 1);"
		"INSERT INTO classification VALUES (1, 1798761600, NULL, 1, NULL);"
		"INSERT INTO device_day VALUES (1798761600, 1, 5, 500, 0, 0, 0, 0, 1, 60, 0, 0, 0, 0);"
		"INSERT INTO device_day VALUES (1798848000, 1, 7, 700, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0);"
		"INSERT INTO device_day VALUES (1801440000, 1, 1, 100, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);";
	sqlite3 *db;

	assert_int_equal(sqlite3_open(in(dir), &db), SQLITE_OK);
	assert_int_equal(sqlite3_exec(db, cw_history_migrations[0], NULL, NULL, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_exec(db, rows, NULL, NULL, NULL), SQLITE_OK);
	sqlite3_close(db);
}

static void older(void **state)
{
	char *dir = unit_folder();
	struct cw_history *history;

	make_old(dir);
	expect_refused(dir, CW_HISTORY_READ, "of schema 1, older than schema");
	history = open_new(dir, CW_HISTORY_WRITE);
	assert_int_equal(number(history, "SELECT user_version FROM pragma_user_version"), cw_history_version);
	/* January 2027 of two days, February of one. */
	assert_int_equal(number(history, "SELECT count(*) FROM device_month"), 2);
	assert_int_equal(number(history, "SELECT from_packets FROM device_month WHERE start = 1798761600"), 12);
	assert_int_equal(number(history, "SELECT from_policy FROM device_month WHERE start = 1798761600"), 2);
	assert_int_equal(number(history, "SELECT sum(devices) FROM presence_day"), 3);
	cw_history_close(history);
	unit_remove(dir, files);
}

/* A step that fails takes those before it back. */
static void migrates_whole(void **state)
{
	const char *const broken[] = {
		cw_history_migrations[0], cw_history_migrations[1], "CREATE TABLE later (a); nonsense",
	};
	char *dir = unit_folder();
	struct cw_error err = { 0 };
	struct cw_history *history;

	history = open_new(dir, CW_HISTORY_WRITE);
	assert_int_equal(cw_history_migrate(history, broken, 3, &err), -1);
	unit_expect(&err, "nonsense");
	assert_int_equal(number(history, "SELECT user_version FROM pragma_user_version"), 2);
	assert_int_equal(number(history, "SELECT count(*) FROM sqlite_schema WHERE name = 'later'"), 0);
	cw_history_close(history);
	unit_remove(dir, files);
}

static void set(struct cw_history_settings *settings, const char *key, const char *value)
{
	struct cw_error err = { 0 };

	assert_int_equal(cw_history_settings_set(settings, "t.conf", 3, key, value, &err), 0);
	unit_expect_none(&err);
}

static void expect_wrong(const char *key, const char *value, const char *part)
{
	struct cw_history_settings settings;
	struct cw_error err = { 0 };

	cw_history_settings_default(&settings);
	assert_int_equal(cw_history_settings_set(&settings, "t.conf", 3, key, value, &err), -1);
	assert_true(strstr(err.message, "t.conf:3: ") == err.message);
	unit_expect(&err, part);
	cw_history_settings_clear(&settings);
}

static void settings(void **state)
{
	struct cw_history_settings settings;

	cw_history_settings_default(&settings);
	assert_string_equal(settings.database, "/var/lib/camwall/history.db");
	assert_int_equal(settings.interval, 60);
	assert_int_equal(settings.retention, 400 * 86400);
	assert_null(settings.log_file);
	set(&settings, "database", "/srv/h.db");
	set(&settings, "interval", "5m");
	set(&settings, "retention", "30d");
	set(&settings, "log-file", "/var/log/e.json");
	set(&settings, "syslog", "yes");
	set(&settings, "site", "Town hall");
	assert_string_equal(settings.database, "/srv/h.db");
	assert_int_equal(settings.interval, 300);
	assert_int_equal(settings.retention, 30 * 86400);
	assert_string_equal(settings.site, "Town hall");
	assert_true(settings.syslog);
	cw_history_settings_clear(&settings);
	expect_wrong("database", "history.db", "is no path from the root on");
	expect_wrong("interval", "soon", "is no duration");
	expect_wrong("interval", "2h", "is not from 1 second to 1 hour");
	expect_wrong("retention", "1h", "is not from 1 to 3660 days");
	expect_wrong("syslog", "maybe", "is neither yes nor no");
	expect_wrong("site", "", "the site");
	expect_wrong("intervall", "5", "did you mean \"interval\"?");
	expect_wrong("colour", "5", "there are database, interval,");
}

static void settings_of_a_file(void **state)
{
	static const char text[] = "[camwall]\ninterfaces = lan*\n[history]\ninterval = 2m\nretentoin = 5d\n";
	char *dir = unit_folder(), path[4096];
	struct cw_history_settings settings;
	struct cw_error err = { 0 };

	snprintf(path, sizeof(path), "%s/camwall.conf", dir);
	cw_history_settings_default(&settings);
	assert_int_equal(cw_history_settings_read(path, &settings, &err), 0);
	unit_write(dir, "camwall.conf", text, strlen(text));
	assert_int_equal(cw_history_settings_read(path, &settings, &err), -1);
	unit_expect(&err, "camwall.conf:5: unknown key \"retentoin\" in [history]: did you mean \"retention\"?");
	assert_int_equal(settings.interval, 120);
	cw_history_settings_clear(&settings);
	unit_remove(dir, files);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(created),
		cmocka_unit_test(one_writer),
		cmocka_unit_test(not_there),
		cmocka_unit_test(no_history),
		cmocka_unit_test(newer),
		cmocka_unit_test(older),
		cmocka_unit_test(migrates_whole),
		cmocka_unit_test(settings),
		cmocka_unit_test(settings_of_a_file),
	};

	return cmocka_run_group_tests_name("history", tests, NULL, NULL);
}
