// SPDX-License-Identifier: GPL-2.0-or-later
/* The history kept small: samples become hours and days, and what is old goes. */
#include "history_writer.h"

#define FREE_PAGES_MAX	4096	/* of 4 KiB: beyond these the file is made smaller */

#define ADD(column)	column " = " column " + excluded." column
#define ADD_OF(direction)							\
	ADD(direction "_packets") ", " ADD(direction "_bytes") ", " ADD(direction "_policy") ", " \
	ADD(direction "_not_allowed") ", " ADD(direction "_limit") ", " ADD(direction "_malformed")
#define SUM_OF(direction)							\
	"sum(" direction "_packets), sum(" direction "_bytes), sum(" direction "_policy), " \
	"sum(" direction "_not_allowed), sum(" direction "_limit), sum(" direction "_malformed)"

/* Samples behind the first and up to the second parameter, added to their hours or days. */
#define ROLL(samples, subject, table, step)					\
	"INSERT INTO " table " (start, " subject ", " CW_COUNTER_COLUMNS ")"	\
	" SELECT start - start % " step " AS t, " subject ", " SUM_OF("from") ", " SUM_OF("to") \
	" FROM " samples " WHERE id > ?1 AND id <= ?2 GROUP BY t, " subject	\
	" ON CONFLICT (start, " subject ") DO UPDATE SET " ADD_OF("from") ", " ADD_OF("to")

static int roll(struct cw_history *history, const char *key, const char *newest_sql,
		const char *hour_sql, const char *day_sql, struct cw_error *err)
{
	int64_t rolled, newest = 0;

	if (cw_history_meta(history, key, &rolled, err) < 0 ||
	    cw_sql_int(history, newest_sql, CW_VALUES(), &newest, err) < 0)
		return -1;
	if (newest <= rolled)
		return 0;
	if (cw_sql_exec(history, hour_sql, CW_VALUES(CW_INT(rolled), CW_INT(newest)), err) < 0 ||
	    cw_sql_exec(history, day_sql, CW_VALUES(CW_INT(rolled), CW_INT(newest)), err) < 0)
		return -1;
	return cw_sql_exec(history, "UPDATE meta SET value = ? WHERE key = ?",
			   CW_VALUES(CW_INT(newest), CW_TEXT(key)), err);
}

int cw_history_roll_up(struct cw_history *history, struct cw_error *err)
{
	if (roll(history, "rolled_device", "SELECT max(id) FROM device_sample",
		 ROLL("device_sample", "device", "device_hour", "3600"),
		 ROLL("device_sample", "device", "device_day", "86400"), err) < 0)
		return -1;
	return roll(history, "rolled_group", "SELECT max(id) FROM group_sample",
		    ROLL("group_sample", "device_group", "group_hour", "3600"),
		    ROLL("group_sample", "device_group", "group_day", "86400"), err);
}

/* Samples are in the order in which they came; those that are in hours and days can go. */
#define EXPIRE_SAMPLES(table, key)						\
	"DELETE FROM " table " WHERE id <= (SELECT value FROM meta WHERE key = '" key "')" \
	" AND id < coalesce((SELECT id FROM " table " WHERE start >= ?1 ORDER BY id LIMIT 1)," \
	" 9223372036854775807)"

static const char *const sample_sql[] = {
	EXPIRE_SAMPLES("device_sample", "rolled_device"),
	EXPIRE_SAMPLES("group_sample", "rolled_group"),
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

static int expire(struct cw_history *history, const char *const *sql, int64_t before,
		  struct cw_error *err)
{
	for (; *sql; sql++)
		if (cw_sql_exec(history, *sql, CW_VALUES(CW_INT(before)), err) < 0)
			return -1;
	return 0;
}

/* Only a day further than the last time, and never back. */
static int expire_slowly(struct cw_history *history, const char *key, const char *const *sql,
			 int64_t before, struct cw_error *err)
{
	int64_t done;

	if (cw_history_meta(history, key, &done, err) < 0)
		return -1;
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

	if (expire(history, sample_sql, now->time - limits->sample_retention, err) < 0 ||
	    expire_slowly(history, "expired_hours", hour_sql, now->time - limits->hour_retention,
			  err) < 0 ||
	    expire_slowly(history, "expired", old_sql, now->time - limits->retention, err) < 0)
		return -1;
	if (cw_sql_int(history, "SELECT freelist_count FROM pragma_freelist_count", CW_VALUES(), &n,
		       err) < 0)
		return -1;
	return n > FREE_PAGES_MAX ? cw_sql_simple(history, "PRAGMA incremental_vacuum(1024)", err) : 0;
}
