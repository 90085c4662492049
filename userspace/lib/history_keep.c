// SPDX-License-Identifier: GPL-2.0-or-later
/* The history kept small: samples become hours, days and months, and what is old goes. */
#include <string.h>

#include "history_writer.h"

#define FREE_PAGES_MAX	4096	/* of 4 KiB: beyond these the file is made smaller */

#define ADD(column)	column " = " column " + excluded." column
#define ADD_OF(direction)							\
	ADD(direction "_packets") ", " ADD(direction "_bytes") ", " ADD(direction "_policy") ", " \
	ADD(direction "_not_allowed") ", " ADD(direction "_limit") ", " ADD(direction "_malformed")
#define SUM_OF(direction)							\
	"sum(" direction "_packets), sum(" direction "_bytes), sum(" direction "_policy), " \
	"sum(" direction "_not_allowed), sum(" direction "_limit), sum(" direction "_malformed)"

#define HOUR	"start - start % 3600"
#define DAY	"start - start % 86400"
#define MONTH	"CAST(strftime('%s', start, 'unixepoch', 'start of month') AS INTEGER)"

/* Samples behind the first and up to the second parameter, added to their hours, days or months. */
#define ROLL(samples, subject, table, step)					\
	"INSERT INTO " table " (start, " subject ", " CW_COUNTER_COLUMNS ")"	\
	" SELECT " step " AS t, " subject ", " SUM_OF("from") ", " SUM_OF("to") \
	" FROM " samples " WHERE id > ?1 AND id <= ?2 GROUP BY t, " subject	\
	" ON CONFLICT (start, " subject ") DO UPDATE SET " ADD_OF("from") ", " ADD_OF("to")

static const struct {
	const char *key, *newest, *into[4];
} rolls[] = {
	{
		"rolled_device", "SELECT max(id) FROM device_sample", {
			ROLL("device_sample", "device", "device_hour", HOUR),
			ROLL("device_sample", "device", "device_day", DAY),
			ROLL("device_sample", "device", "device_month", MONTH),
		},
	}, {
		"rolled_group", "SELECT max(id) FROM group_sample", {
			ROLL("group_sample", "device_group", "group_hour", HOUR),
			ROLL("group_sample", "device_group", "group_day", DAY),
		},
	},
};

static int roll(struct cw_history *history, size_t which, int64_t rolled, int64_t newest,
		struct cw_error *err)
{
	const char *const *into;

	for (into = rolls[which].into; *into; into++)
		if (cw_sql_exec(history, *into, CW_VALUES(CW_INT(rolled), CW_INT(newest)), err) < 0)
			return -1;
	return cw_sql_exec(history, "UPDATE meta SET value = ? WHERE key = ?",
			   CW_VALUES(CW_INT(newest), CW_TEXT(rolls[which].key)), err);
}

/* How many devices there were, on the days that these samples are of, as they are classified now. */
static int count_present(struct cw_history *history, int64_t rolled, int64_t newest,
			 struct cw_error *err)
{
	return cw_sql_exec(history, "INSERT OR REPLACE INTO presence_day"
			   " SELECT d.start, device_group, coalesce(pack, ''), count(*) FROM device_day d"
			   " JOIN classification c ON c.device = d.device"
			   "  AND c.since = (SELECT max(since) FROM classification WHERE device = d.device)"
			   " LEFT JOIN evidence e ON e.id = c.evidence"
			   " WHERE d.start IN (SELECT DISTINCT " DAY " FROM device_sample"
			   "  WHERE id > ? AND id <= ?) GROUP BY 1, 2, 3",
			   CW_VALUES(CW_INT(rolled), CW_INT(newest)), err);
}

int cw_history_roll_up(struct cw_history *history, struct cw_error *err)
{
	int64_t rolled, newest;
	size_t i;

	for (i = 0; i < sizeof(rolls) / sizeof(rolls[0]); i++) {
		newest = 0;
		if (cw_history_meta(history, rolls[i].key, &rolled, err) < 0 ||
		    cw_sql_int(history, rolls[i].newest, CW_NO_VALUES, &newest, err) < 0)
			return -1;
		/* Rows are numbered anew where there were none left. */
		if (newest < rolled)
			rolled = 0;
		if (newest <= rolled)
			continue;
		if (roll(history, i, rolled, newest, err) < 0 ||
		    (i == 0 && count_present(history, rolled, newest, err) < 0))
			return -1;
	}
	return 0;
}

/*
 * Samples are in the order in which they came; those that are in hours and days can go, up to
 * the first that has to stay. One that is dated ahead, by a clock that was wrong, keeps none.
 */
#define EXPIRE_SAMPLES(table, key)						\
	"DELETE FROM " table " WHERE id <= (SELECT value FROM meta WHERE key = '" key "')" \
	" AND id < coalesce((SELECT id FROM " table " WHERE start BETWEEN ?1 AND ?2 ORDER BY id LIMIT 1)," \
	" 9223372036854775807)"

/* SQLite numbers the rows of an empty table from 1 on: then none of them is in hours and days yet. */
#define RENUMBER(table, key)							\
	"UPDATE meta SET value = 0 WHERE key = '" key "' AND NOT EXISTS (SELECT 1 FROM " table ")"

static const char *const sample_sql[] = {
	EXPIRE_SAMPLES("device_sample", "rolled_device"),
	EXPIRE_SAMPLES("group_sample", "rolled_group"),
	NULL,
};

static const char *const renumber_sql[] = {
	RENUMBER("device_sample", "rolled_device"),
	RENUMBER("group_sample", "rolled_group"),
	NULL,
};

static const char *const hour_sql[] = {
	"DELETE FROM device_hour WHERE start < ?1",
	"DELETE FROM group_hour WHERE start < ?1",
	NULL,
};

/* What others point to goes after them. */
static const char *const old_sql[] = {
	"DELETE FROM device_day WHERE start < ?1 - 86400",
	"DELETE FROM group_day WHERE start < ?1 - 86400",
	"DELETE FROM device_month WHERE start < ?1 - 31 * 86400",
	"DELETE FROM presence_day WHERE start < ?1 - 86400",
	"DELETE FROM event WHERE id <= (SELECT max(last) FROM event_hour WHERE start < ?1 - 3600)"
	" AND time_ms < ?1 * 1000",
	"DELETE FROM event_hour WHERE start < ?1 - 3600",
	"DELETE FROM event_day WHERE start < ?1 - 86400",
	"DELETE FROM sighting WHERE until < ?1",
	"DELETE FROM address WHERE until < ?1",
	"DELETE FROM host_name WHERE until < ?1",
	"DELETE FROM exemption WHERE ended < ?1",
	"DELETE FROM policy WHERE until < ?1"
	" AND id NOT IN (SELECT policy FROM exemption WHERE policy IS NOT NULL)",
	"DELETE FROM policy_change WHERE policy NOT IN (SELECT id FROM policy)",
	"DELETE FROM policy_text WHERE id NOT IN (SELECT text FROM policy WHERE text IS NOT NULL)",
	"DELETE FROM classification WHERE until < ?1 OR device IN"
	" (SELECT device FROM device_state WHERE last_seen < ?1 AND present = 0)",
	"DELETE FROM sighting WHERE device IN"
	" (SELECT device FROM device_state WHERE last_seen < ?1 AND present = 0)",
	"DELETE FROM address WHERE device IN"
	" (SELECT device FROM device_state WHERE last_seen < ?1 AND present = 0)",
	"DELETE FROM host_name WHERE device IN"
	" (SELECT device FROM device_state WHERE last_seen < ?1 AND present = 0)",
	"DELETE FROM device WHERE id IN"
	" (SELECT device FROM device_state WHERE last_seen < ?1 AND present = 0)",
	"DELETE FROM device_state WHERE last_seen < ?1 AND present = 0",
	"DELETE FROM evidence WHERE id NOT IN"
	" (SELECT evidence FROM classification WHERE evidence IS NOT NULL)",
	"DELETE FROM run WHERE until < ?1 AND end_reason IS NOT NULL"
	" AND id NOT IN (SELECT run FROM policy) AND id NOT IN (SELECT run FROM device_state)"
	" AND id NOT IN (SELECT run FROM group_state)",
	NULL,
};

/* Only a clock that is known to be right tells what lies ahead. */
static int expire_samples(struct cw_history *history, int64_t before, const struct cw_moment *now,
			  struct cw_error *err)
{
	int64_t ahead = now->synchronized ? now->time + CW_DAY : INT64_MAX;
	const char *const *sql;

	for (sql = sample_sql; *sql; sql++)
		if (cw_sql_exec(history, *sql, CW_VALUES(CW_INT(before), CW_INT(ahead)), err) < 0)
			return -1;
	for (sql = renumber_sql; *sql; sql++)
		if (cw_sql_exec(history, *sql, CW_NO_VALUES, err) < 0)
			return -1;
	return 0;
}

static int expire(struct cw_history *history, const char *const *sql, int64_t before,
		  struct cw_error *err)
{
	for (; *sql; sql++) {
		bool dated = strstr(*sql, "?1");

		if (cw_sql_exec(history, *sql, dated ? CW_VALUES(CW_INT(before)) : CW_NO_VALUES, err) < 0)
			return -1;
	}
	return 0;
}

/*
 * Only a day further than the last time, and never back; but where it was noted by a clock that
 * was ahead, as that of a history begun then, it goes on from the present.
 */
static int expire_slowly(struct cw_history *history, const char *key, const char *const *sql,
			 int64_t before, const struct cw_moment *now, struct cw_error *err)
{
	int64_t done;

	if (cw_history_meta(history, key, &done, err) < 0)
		return -1;
	if (now->synchronized && done > now->time + CW_DAY)
		return cw_sql_exec(history, "UPDATE meta SET value = ? WHERE key = ?",
				   CW_VALUES(CW_INT(now->time), CW_TEXT(key)), err);
	if (before <= done)
		return 0;
	if (before > done + CW_DAY)
		before = done + CW_DAY;
	if (expire(history, sql, before, err) < 0)
		return -1;
	return cw_sql_exec(history, "UPDATE meta SET value = ? WHERE key = ?",
			   CW_VALUES(CW_INT(before), CW_TEXT(key)), err);
}

int cw_history_expire(struct cw_history *history, const struct cw_history_limits *limits,
		      const struct cw_moment *now, struct cw_error *err)
{
	int64_t n = 0;

	if (expire_samples(history, now->time - limits->sample_retention, now, err) < 0 ||
	    expire_slowly(history, "expired_hours", hour_sql, now->time - limits->hour_retention, now,
			  err) < 0 ||
	    expire_slowly(history, "expired", old_sql, now->time - limits->retention, now, err) < 0)
		return -1;
	if (cw_sql_int(history, "SELECT freelist_count FROM pragma_freelist_count", CW_NO_VALUES, &n,
		       err) < 0)
		return -1;
	return n > FREE_PAGES_MAX ? cw_sql_simple(history, "PRAGMA incremental_vacuum(1024)", err) : 0;
}
