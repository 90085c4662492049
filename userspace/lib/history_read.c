// SPDX-License-Identifier: GPL-2.0-or-later
/* The history read: about the whole, when it was watched, and when it was not. */
#include <stdlib.h>
#include <string.h>

#include "alloc.h"
#include "history_private.h"

static char *meta_text(struct cw_history *history, const char *key, struct cw_error *err)
{
	sqlite3_stmt *stmt;
	char *text = NULL;
	int ret;

	stmt = cw_sql_query(history, "SELECT value FROM meta WHERE key = ?", CW_VALUES(CW_TEXT(key)), err);
	ret = stmt ? cw_sql_step(history, stmt, err) : -1;
	if (ret >= 0)
		text = cw_strdup(ret ? cw_sql_text(stmt, 0) : "");
	if (ret > 0)
		sqlite3_reset(stmt);
	return text;
}

int cw_history_meta(struct cw_history *history, const char *key, int64_t *number,
		    struct cw_error *err)
{
	*number = 0;
	return cw_sql_int(history, "SELECT value FROM meta WHERE key = ?", CW_VALUES(CW_TEXT(key)),
			  number, err) < 0 ? -1 : 0;
}

static int replace(struct cw_history *history, char **text, const char *key, struct cw_error *err)
{
	free(*text);
	*text = meta_text(history, key, err);
	return *text ? 0 : -1;
}

int cw_history_info(struct cw_history *history, struct cw_history_info *info,
		    struct cw_error *err)
{
	memset(info, 0, sizeof(*info));
	if (replace(history, &history->info_id, "id", err) < 0 ||
	    replace(history, &history->info_site, "site", err) < 0 ||
	    replace(history, &history->info_host, "host", err) < 0 ||
	    cw_history_meta(history, "created", &info->created, err) < 0 ||
	    cw_history_meta(history, "retention", &info->retention, err) < 0 ||
	    cw_history_meta(history, "hour_retention", &info->hour_retention, err) < 0 ||
	    cw_history_meta(history, "sample_retention", &info->sample_retention, err) < 0 ||
	    cw_sql_int(history, "SELECT min(since) FROM run", CW_NO_VALUES, &info->first, err) < 0 ||
	    cw_sql_int(history, "SELECT until FROM run ORDER BY id DESC LIMIT 1", CW_NO_VALUES,
		       &info->last, err) < 0)
		return -1;
	info->id = history->info_id;
	info->site = history->info_site;
	info->host = history->info_host;
	return 0;
}

#define RUN_COLUMNS							\
	"SELECT run.id, since, until, until_boottime - since_boottime, interval, end_reason," \
	" boot_id, kernel, module_version, daemon_version, host, site, clock_synchronized," \
	" coalesce(edition, 0), coalesce(dir, ''), since_boottime, until_boottime," \
	" since_event_seq, event_seq" \
	" FROM run LEFT JOIN registry ON registry.id = registry "

static void run_row(sqlite3_stmt *stmt, struct cw_history_run *run)
{
	*run = (struct cw_history_run){
		.id = sqlite3_column_int64(stmt, 0),
		.since = sqlite3_column_int64(stmt, 1),
		.until = sqlite3_column_int64(stmt, 2),
		.seconds = sqlite3_column_int64(stmt, 3),
		.interval = sqlite3_column_int64(stmt, 4),
		.end_reason = (const char *)sqlite3_column_text(stmt, 5),
		.boot_id = cw_sql_text(stmt, 6),
		.kernel = cw_sql_text(stmt, 7),
		.module_version = cw_sql_text(stmt, 8),
		.daemon_version = cw_sql_text(stmt, 9),
		.host = cw_sql_text(stmt, 10),
		.site = cw_sql_text(stmt, 11),
		.clock_synchronized = sqlite3_column_int64(stmt, 12),
		.registry_edition = sqlite3_column_int64(stmt, 13),
		.registry_dir = cw_sql_text(stmt, 14),
	};
}

int cw_history_runs(struct cw_history *history, int64_t since, int64_t until,
		    cw_history_run_fn *fn, void *ctx, struct cw_error *err)
{
	struct cw_history_run run;
	sqlite3_stmt *stmt;
	int ret;

	stmt = cw_sql_query(history, RUN_COLUMNS "WHERE since < ?2 AND until >= ?1 ORDER BY run.id",
			    CW_VALUES(CW_INT(since), CW_INT(until)), err);
	if (!stmt)
		return -1;
	while ((ret = cw_sql_step(history, stmt, err)) > 0) {
		run_row(stmt, &run);
		if (fn(ctx, &run))
			break;
	}
	sqlite3_reset(stmt);
	return ret < 0 ? -1 : 0;
}

/**
 * struct gaps - a search for gaps between runs
 * @last_until, @last_boottime: end of the run before, by either clock
 * @last_reason, @last_boot: of the run before; "" where it does not say
 * @last_interval: of the run before; 0 where there is none
 * @last_seq: of the last event in it
 */
struct gaps {
	int64_t since, until;
	cw_history_gap_fn *fn;
	void *ctx;
	int64_t last_until, last_boottime, last_interval, last_seq;
	char *last_reason, *last_boot;
	bool last_synchronized, stopped;
};

static int64_t smaller(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

static int64_t larger(int64_t a, int64_t b)
{
	return a > b ? a : b;
}

/* A gap across a clock that was put back ends before it began. */
static void tell_gap(struct gaps *gaps, const struct cw_history_gap *gap)
{
	if (gaps->stopped || smaller(gap->since, gap->until) >= gaps->until ||
	    larger(gap->since, gap->until) < gaps->since)
		return;
	gaps->stopped = gaps->fn(gaps->ctx, gap);
}

static int64_t gap_seconds(const struct gaps *gaps, const struct cw_history_run *run,
			   int64_t boottime)
{
	if (strcmp(gaps->last_boot, run->boot_id) == 0)
		return boottime - gaps->last_boottime;
	if (gaps->last_synchronized && run->clock_synchronized)
		return run->since - gaps->last_until;
	return -1;
}

/* Numbers of events begin anew when the module is loaded. */
static uint64_t gap_events(const struct gaps *gaps, const struct cw_history_run *run, int64_t seq)
{
	if (strcmp(gaps->last_boot, run->boot_id) != 0 || seq < gaps->last_seq)
		return 0;
	return seq - gaps->last_seq;
}

static void before_run(struct gaps *gaps, const struct cw_history_run *run, int64_t boottime,
		       int64_t seq)
{
	struct cw_history_gap gap = { .until = run->since };

	if (gaps->last_interval) {
		gap.since = gaps->last_until;
		gap.seconds = gap_seconds(gaps, run, boottime);
		gap.count = gap_events(gaps, run, seq);
		gap.reason = *gaps->last_reason ? gaps->last_reason : "killed";
		tell_gap(gaps, &gap);
	} else if (gaps->since && gaps->since < run->since) {
		gap.since = gaps->since;
		gap.seconds = gap.until - gap.since;
		gap.reason = "not begun";
		tell_gap(gaps, &gap);
	}
}

static void remember_run(struct gaps *gaps, const struct cw_history_run *run, int64_t boottime,
			 int64_t seq)
{
	gaps->last_seq = seq;
	free(gaps->last_reason);
	free(gaps->last_boot);
	gaps->last_reason = cw_strdup(run->end_reason ?: "");
	gaps->last_boot = cw_strdup(run->boot_id);
	gaps->last_until = run->until;
	gaps->last_boottime = boottime;
	gaps->last_interval = larger(run->interval, 1);
	gaps->last_synchronized = run->clock_synchronized;
}

/* A run that goes on is written an interval late at most. */
static void behind_last(struct gaps *gaps)
{
	struct cw_history_gap gap = {
		.since = gaps->last_until,
		.until = gaps->until,
		.seconds = gaps->until - gaps->last_until,
		.reason = "not written",
	};

	if (!gaps->last_interval || gaps->until == CW_HISTORY_FOREVER ||
	    gap.seconds <= (*gaps->last_reason ? 0 : 2 * gaps->last_interval))
		return;
	if (*gaps->last_reason)
		gap.reason = gaps->last_reason;
	tell_gap(gaps, &gap);
}

static int gaps_between(struct cw_history *history, struct gaps *gaps, struct cw_error *err)
{
	struct cw_history_run run;
	sqlite3_stmt *stmt;
	int ret;

	stmt = cw_sql_query(history, RUN_COLUMNS "ORDER BY run.id", CW_NO_VALUES, err);
	if (!stmt)
		return -1;
	while ((ret = cw_sql_step(history, stmt, err)) > 0) {
		run_row(stmt, &run);
		before_run(gaps, &run, sqlite3_column_int64(stmt, 15), sqlite3_column_int64(stmt, 17));
		remember_run(gaps, &run, sqlite3_column_int64(stmt, 16), sqlite3_column_int64(stmt, 18));
	}
	if (!ret)
		behind_last(gaps);
	return ret;
}

static int gaps_lost(struct cw_history *history, struct gaps *gaps, struct cw_error *err)
{
	sqlite3_stmt *stmt;
	int ret = 0;

	stmt = cw_sql_query(history, "SELECT time_ms / 1000, (time_ms + coalesce(span_ms, 0)) / 1000, count,"
			    " type = 102 FROM event WHERE type >= 100 AND type IN (100, 102) ORDER BY time_ms",
			    CW_NO_VALUES, err);
	if (!stmt)
		return -1;
	while (!gaps->stopped && (ret = cw_sql_step(history, stmt, err)) > 0) {
		struct cw_history_gap gap = {
			.since = sqlite3_column_int64(stmt, 0),
			.until = sqlite3_column_int64(stmt, 1),
			.reason = sqlite3_column_int(stmt, 3) ? "disk" : "events-lost",
			.count = sqlite3_column_int64(stmt, 2),
		};

		gap.seconds = gap.until - gap.since;
		tell_gap(gaps, &gap);
	}
	sqlite3_reset(stmt);
	return ret;
}

int cw_history_gaps(struct cw_history *history, int64_t since, int64_t until,
		    cw_history_gap_fn *fn, void *ctx, struct cw_error *err)
{
	struct gaps gaps = { .since = since, .until = until, .fn = fn, .ctx = ctx };
	int ret;

	ret = gaps_between(history, &gaps, err) ?: gaps_lost(history, &gaps, err);
	free(gaps.last_reason);
	free(gaps.last_boot);
	return ret < 0 ? -1 : 0;
}
