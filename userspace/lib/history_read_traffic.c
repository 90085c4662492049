// SPDX-License-Identifier: GPL-2.0-or-later
/* The history read: traffic and drops by time, and how many devices there were a day. */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "alloc.h"
#include "history_private.h"

#define HOUR	3600
#define DAY	86400LL

#define COLUMNS								\
	"from_packets, from_bytes, from_policy, from_not_allowed, from_limit, from_malformed," \
	" to_packets, to_bytes, to_policy, to_not_allowed, to_limit, to_malformed"
#define SUMS								\
	"sum(from_packets), sum(from_bytes), sum(from_policy), sum(from_not_allowed)," \
	" sum(from_limit), sum(from_malformed), sum(to_packets), sum(to_bytes), sum(to_policy)," \
	" sum(to_not_allowed), sum(to_limit), sum(to_malformed)"

/* Rows that are complete; parameters: from, up to. */
#define PLAIN(table, subject)						\
	"SELECT start, " subject ", " COLUMNS " FROM " table		\
	" WHERE start >= ?1 AND start < ?2 ORDER BY start, " subject

/* Rows to which samples belong that are not in them yet; third parameter: the last that is. */
#define MERGED(table, samples, subject, step)				\
	"SELECT t, s, " SUMS " FROM (SELECT start AS t, " subject " AS s, " COLUMNS " FROM " table \
	" WHERE start >= ?1 AND start < ?2 UNION ALL SELECT start - start % " step ", " subject ", " \
	COLUMNS " FROM " samples " WHERE id > ?3 AND start >= ?1 AND start < ?2) GROUP BY t, s"

#define SAMPLES(samples, subject)					\
	"SELECT start, " subject ", " COLUMNS ", seconds FROM " samples	\
	" WHERE start >= ?1 AND start < ?2 ORDER BY start, " subject

/** struct step - how a step is read; @merged: NULL where all is in the rows */
struct step {
	int64_t seconds;
	const char *plain, *merged;
};

static const struct {
	const char *rolled, *pending;
	struct step steps[4];
} subjects[] = {
	[CW_HISTORY_OF_DEVICES] = {
		"rolled_device", "SELECT min(start) FROM device_sample WHERE id > ?", {
			[CW_HISTORY_DAYS] = { DAY, PLAIN("device_day", "device"),
				MERGED("device_day", "device_sample", "device", "86400") },
			[CW_HISTORY_HOURS] = { HOUR, PLAIN("device_hour", "device"),
				MERGED("device_hour", "device_sample", "device", "3600") },
			[CW_HISTORY_SAMPLES] = { 1, SAMPLES("device_sample", "device"), NULL },
		},
	},
	[CW_HISTORY_OF_GROUPS] = {
		"rolled_group", "SELECT min(start) FROM group_sample WHERE id > ?", {
			[CW_HISTORY_DAYS] = { DAY, PLAIN("group_day", "device_group"),
				MERGED("group_day", "group_sample", "device_group", "86400") },
			[CW_HISTORY_HOURS] = { HOUR, PLAIN("group_hour", "device_group"),
				MERGED("group_hour", "group_sample", "device_group", "3600") },
			[CW_HISTORY_SAMPLES] = { 1, SAMPLES("group_sample", "device_group"), NULL },
		},
	},
};

/** struct owner - a device or group by its id; @group: in names of struct owners */
struct owner {
	uint64_t mac;
	const char *group;
};

/**
 * struct owners - all devices or groups, indexed by id
 * @names: the strings that they point to, each once
 */
struct owners {
	struct owner *all;
	int64_t n;
	char **names;
	size_t n_names;
};

static const char *intern(struct owners *owners, const char *name)
{
	size_t i;

	for (i = 0; i < owners->n_names; i++)
		if (strcmp(owners->names[i], name) == 0)
			return owners->names[i];
	owners->names = cw_array_room(owners->names, owners->n_names, sizeof(*owners->names));
	return owners->names[owners->n_names++] = cw_strdup(name);
}

static void owners_free(struct owners *owners)
{
	size_t i;

	for (i = 0; i < owners->n_names; i++)
		free(owners->names[i]);
	free(owners->names);
	free(owners->all);
}

static const char devices_sql[] =
	"SELECT d.id, d.mac, g.name FROM device d"
	" LEFT JOIN classification c ON c.device = d.id"
	"  AND c.since = (SELECT max(since) FROM classification WHERE device = d.id)"
	" LEFT JOIN device_group g ON g.id = c.device_group ORDER BY d.id DESC";
static const char groups_sql[] = "SELECT id, 0, name FROM device_group ORDER BY id DESC";

/* Ids are given from 1 on, the highest comes first. */
static int owners_load(struct cw_history *history, enum cw_history_subject subject,
		       struct owners *owners, struct cw_error *err)
{
	sqlite3_stmt *stmt;
	int ret;

	stmt = cw_sql_query(history, subject == CW_HISTORY_OF_DEVICES ? devices_sql : groups_sql,
			    CW_NO_VALUES, err);
	if (!stmt)
		return -1;
	while ((ret = cw_sql_step(history, stmt, err)) > 0) {
		int64_t id = cw_history_row_id(history, stmt, 0, err);

		if (id < 0) {
			sqlite3_reset(stmt);
			return -1;
		}
		if (!owners->all) {
			owners->n = id + 1;
			owners->all = cw_calloc(owners->n, sizeof(*owners->all));
		}
		owners->all[id].mac = sqlite3_column_int64(stmt, 1);
		owners->all[id].group = intern(owners, cw_sql_text(stmt, 2));
	}
	return ret;
}

static const struct owner *owner_of(const struct owners *owners, int64_t id)
{
	static const struct owner nobody = { 0, "" };

	return id > 0 && id < owners->n && owners->all[id].group ? &owners->all[id] : &nobody;
}

static void counters_row(sqlite3_stmt *stmt, int first, struct cw_policy_counters *counters)
{
	counters->packets = sqlite3_column_int64(stmt, first);
	counters->bytes = sqlite3_column_int64(stmt, first + 1);
	counters->dropped_policy = sqlite3_column_int64(stmt, first + 2);
	counters->dropped_not_allowed = sqlite3_column_int64(stmt, first + 3);
	counters->dropped_limit = sqlite3_column_int64(stmt, first + 4);
	counters->dropped_malformed = sqlite3_column_int64(stmt, first + 5);
	counters->dropped = counters->dropped_policy + counters->dropped_not_allowed +
			    counters->dropped_limit + counters->dropped_malformed;
}

/** struct reading - what traffic is read for; @id: of the current row's device or group */
struct reading {
	struct cw_history *history;
	const struct owners *owners;
	int64_t id;
	enum cw_history_subject subject;
	cw_history_traffic_fn *fn;
	void *ctx;
	bool stopped;
};

static int read_rows(struct reading *reading, const char *sql, const struct cw_value *values,
		     const struct step *step, struct cw_error *err)
{
	sqlite3_stmt *stmt = cw_sql_query(reading->history, sql, values, err);
	int ret = stmt ? 0 : -1;

	while (stmt && !reading->stopped && (ret = cw_sql_step(reading->history, stmt, err)) > 0) {
		struct cw_history_traffic row = {
			.start = sqlite3_column_int64(stmt, 0),
			.seconds = step->merged ? step->seconds : sqlite3_column_int64(stmt, 14),
		};
		const struct owner *owner;

		reading->id = sqlite3_column_int64(stmt, 1);
		owner = owner_of(reading->owners, reading->id);
		if (reading->subject == CW_HISTORY_OF_DEVICES)
			row.device = reading->id;
		row.mac = owner->mac;
		row.group = owner->group;
		counters_row(stmt, 2, &row.from);
		counters_row(stmt, 8, &row.to);
		reading->stopped = reading->fn(reading->ctx, &row);
	}
	if (stmt)
		sqlite3_reset(stmt);
	return ret < 0 ? -1 : 0;
}

/*
 * Where, in steps of @seconds between @since and @until, rows end that no sample is missing in; and
 * in @rolled the last sample that is in rows.
 */
static int find_border(struct cw_history *history, enum cw_history_subject subject, int64_t seconds,
		       int64_t since, int64_t until, int64_t *rolled, int64_t *border,
		       struct cw_error *err)
{
	*border = until;
	if (cw_history_meta(history, subjects[subject].rolled, rolled, err) < 0 ||
	    cw_sql_int(history, subjects[subject].pending, CW_VALUES(CW_INT(*rolled)), border, err) < 0)
		return -1;
	*border -= *border % seconds;
	if (*border < since)
		*border = since;
	if (*border > until)
		*border = until;
	return 0;
}

/*
 * Rolled up rows as they stand, as far as no sample is missing in them, and only behind that
 * together with the samples: to group all of a year would mean to sort it.
 */
static int read_step(struct reading *reading, enum cw_history_step which, int64_t since,
		     int64_t until, struct cw_error *err)
{
	const struct step *step = &subjects[reading->subject].steps[which];
	int64_t rolled, border;

	since -= since % step->seconds;
	if (!step->merged)
		return read_rows(reading, step->plain, CW_VALUES(CW_INT(since), CW_INT(until)), step, err);
	if (find_border(reading->history, reading->subject, step->seconds, since, until, &rolled,
			&border, err) < 0 ||
	    read_rows(reading, step->plain, CW_VALUES(CW_INT(since), CW_INT(border)), step, err) < 0)
		return -1;
	return read_rows(reading, step->merged,
			 CW_VALUES(CW_INT(border), CW_INT(until), CW_INT(rolled)), step, err);
}

static void add(struct cw_policy_counters *sum, const struct cw_policy_counters *counters)
{
	sum->packets += counters->packets;
	sum->bytes += counters->bytes;
	sum->dropped += counters->dropped;
	sum->dropped_policy += counters->dropped_policy;
	sum->dropped_not_allowed += counters->dropped_not_allowed;
	sum->dropped_limit += counters->dropped_limit;
	sum->dropped_malformed += counters->dropped_malformed;
}

/** struct totals - sums of all days, by id: grouping in SQL would sort the days first */
struct totals {
	struct reading *reading;
	struct cw_history_traffic *all;
};

static int on_total(void *ctx, const struct cw_history_traffic *row)
{
	struct totals *totals = ctx;
	int64_t id = totals->reading->id;
	struct cw_history_traffic *total;

	if (id <= 0 || id >= totals->reading->owners->n)
		return 0;
	total = &totals->all[id];
	if (!total->group) {
		*total = *row;
		total->seconds = 0;
		return 0;
	}
	add(&total->from, &row->from);
	add(&total->to, &row->to);
	return 0;
}

static int64_t month_of(int64_t time, int later)
{
	time_t seconds = time;
	struct tm tm;

	gmtime_r(&seconds, &tm);
	tm.tm_mday = 1;
	tm.tm_mon += later;
	tm.tm_hour = 0;
	tm.tm_min = 0;
	tm.tm_sec = 0;
	return timegm(&tm);
}

/* Whole months of a period, up to the present one where the period goes beyond what is written. */
static int find_months(struct cw_history *history, int64_t since, int64_t until, int64_t *first,
		       int64_t *end, struct cw_error *err)
{
	int64_t written = 0;

	if (cw_sql_int(history, "SELECT until FROM run ORDER BY id DESC LIMIT 1", CW_NO_VALUES,
		       &written, err) < 0)
		return -1;
	*first = since > 0 ? month_of(since - 1, 1) : 0;
	*end = until > written ? until : month_of(until, 0);
	return 0;
}

/* Of devices, whole months as they stand, what is not in them yet, and single days around them. */
static int read_by_months(struct reading *reading, int64_t since, int64_t until,
			  struct cw_error *err)
{
	static const struct step month = { 31 * DAY, NULL, "" };
	int64_t first, end, rolled;

	since -= since % DAY;
	if (find_months(reading->history, since, until, &first, &end, err) < 0)
		return -1;
	if (first >= end)
		return read_step(reading, CW_HISTORY_DAYS, since, until, err);
	if (cw_history_meta(reading->history, "rolled_device", &rolled, err) < 0 ||
	    read_step(reading, CW_HISTORY_DAYS, since, first, err) < 0 ||
	    read_rows(reading, PLAIN("device_month", "device"),
		      CW_VALUES(CW_INT(first), CW_INT(end)), &month, err) < 0 ||
	    read_rows(reading, "SELECT start, device, " COLUMNS " FROM device_sample"
		      " WHERE id > ?1 AND start >= ?2 AND start < ?3",
		      CW_VALUES(CW_INT(rolled), CW_INT(first), CW_INT(end)), &month, err) < 0)
		return -1;
	return end < until ? read_step(reading, CW_HISTORY_DAYS, end, until, err) : 0;
}

static int read_total(struct reading *reading, int64_t since, int64_t until, struct cw_error *err)
{
	struct totals totals = {
		.reading = reading,
		.all = cw_calloc(reading->owners->n, sizeof(*totals.all)),
	};
	cw_history_traffic_fn *fn = reading->fn;
	void *ctx = reading->ctx;
	int64_t id;
	int ret;

	reading->fn = on_total;
	/* cppcheck-suppress autoVariables ; it is read before this function returns, and no later */
	reading->ctx = &totals;
	ret = reading->subject == CW_HISTORY_OF_DEVICES ? read_by_months(reading, since, until, err) :
	      read_step(reading, CW_HISTORY_DAYS, since, until, err);
	for (id = 0; !ret && id < reading->owners->n; id++)
		if (totals.all[id].group && fn(ctx, &totals.all[id]))
			break;
	free(totals.all);
	return ret;
}

int cw_history_traffic(struct cw_history *history, enum cw_history_subject subject,
		       enum cw_history_step step, int64_t since, int64_t until,
		       cw_history_traffic_fn *fn, void *ctx, struct cw_error *err)
{
	struct owners owners = { 0 };
	struct reading reading = {
		.history = history,
		.owners = &owners,
		.subject = subject,
		.fn = fn,
		.ctx = ctx,
	};
	int ret;

	ret = owners_load(history, subject, &owners, err);
	if (!ret)
		ret = step == CW_HISTORY_TOTAL ? read_total(&reading, since, until, err) :
		      read_step(&reading, step, since, until, err);
	owners_free(&owners);
	return ret;
}

/** struct presence_reading - who is told of rows; @stopped: has heard enough */
struct presence_reading {
	cw_history_presence_fn *fn;
	void *ctx;
	bool stopped;
};

static int read_presence(struct cw_history *history, struct presence_reading *reading,
			 const char *sql, const struct cw_value *values, struct cw_error *err)
{
	sqlite3_stmt *stmt = cw_sql_query(history, sql, values, err);
	int ret = stmt ? 0 : -1;

	while (stmt && !reading->stopped && (ret = cw_sql_step(history, stmt, err)) > 0) {
		struct cw_history_presence presence = {
			.start = sqlite3_column_int64(stmt, 0),
			.group = cw_sql_text(stmt, 1),
			.pack = cw_sql_text(stmt, 2),
			.devices = sqlite3_column_int64(stmt, 3),
		};

		reading->stopped = reading->fn(reading->ctx, &presence);
	}
	if (stmt)
		sqlite3_reset(stmt);
	return ret < 0 ? -1 : 0;
}

static const char presence_sql[] =
	"SELECT start, name, pack, devices FROM presence_day"
	" JOIN device_group ON device_group.id = device_group"
	" WHERE start >= ?1 AND start < ?2 ORDER BY start, name, pack";

/* As it is counted when samples are rolled up, with those that are not yet. */
static const char pending_presence_sql[] =
	"SELECT t, g.name, coalesce(e.pack, '') AS p, count(*) FROM"
	" (SELECT start AS t, device FROM device_day WHERE start >= ?1 AND start < ?2"
	"  UNION SELECT start - start % 86400, device FROM device_sample"
	"  WHERE id > ?3 AND start >= ?1 AND start < ?2) d"
	" JOIN classification c ON c.device = d.device"
	"  AND c.since = (SELECT max(since) FROM classification WHERE device = d.device)"
	" JOIN device_group g ON g.id = c.device_group"
	" LEFT JOIN evidence e ON e.id = c.evidence GROUP BY t, g.name, p ORDER BY t, g.name, p";

int cw_history_presence(struct cw_history *history, int64_t since, int64_t until,
			cw_history_presence_fn *fn, void *ctx, struct cw_error *err)
{
	struct presence_reading reading = { .fn = fn, .ctx = ctx };
	int64_t rolled, border;

	since -= since % DAY;
	if (find_border(history, CW_HISTORY_OF_DEVICES, DAY, since, until, &rolled, &border, err) < 0 ||
	    read_presence(history, &reading, presence_sql, CW_VALUES(CW_INT(since), CW_INT(border)), err) < 0)
		return -1;
	return read_presence(history, &reading, pending_presence_sql,
			     CW_VALUES(CW_INT(border), CW_INT(until), CW_INT(rolled)), err);
}
