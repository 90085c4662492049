// SPDX-License-Identifier: GPL-2.0-or-later
/* The history written: counters, their differences, and samples of groups. */
#include <string.h>

#include "history_writer.h"

struct cw_counts cw_counts_of(const struct cw_policy_counters *from,
			      const struct cw_policy_counters *to)
{
	return (struct cw_counts){ {
		from->packets, from->bytes, from->dropped_policy, from->dropped_not_allowed,
		from->dropped_limit, from->dropped_malformed,
		to->packets, to->bytes, to->dropped_policy, to->dropped_not_allowed,
		to->dropped_limit, to->dropped_malformed,
	} };
}

struct cw_counts cw_counts_row(sqlite3_stmt *stmt, int first)
{
	struct cw_counts counts;
	int i;

	for (i = 0; i < CW_COUNTERS; i++)
		counts.all[i] = sqlite3_column_int64(stmt, first + i);
	return counts;
}

struct cw_counts cw_counts_since(const struct cw_counts *now, const struct cw_counts *before)
{
	struct cw_counts delta;
	int i;

	for (i = 0; i < CW_COUNTERS; i++) {
		if (now->all[i] < before->all[i])
			return *now;
		delta.all[i] = now->all[i] - before->all[i];
	}
	return delta;
}

bool cw_counts_zero(const struct cw_counts *counts)
{
	int i;

	for (i = 0; i < CW_COUNTERS; i++)
		if (counts->all[i])
			return false;
	return true;
}

void cw_counts_values(const struct cw_counts *counts, struct cw_value values[static CW_COUNTERS])
{
	int i;

	for (i = 0; i < CW_COUNTERS; i++)
		values[i] = CW_INT(counts->all[i]);
}

int cw_insert_sample(struct cw_history *history, const char *sql, int64_t subject,
		     const struct cw_counts *delta, const struct cw_moment *now,
		     struct cw_error *err)
{
	const struct cw_writer_state *state = &history->writer->state;
	int64_t seconds = state->last_sample < 0 ? 0 : now->boottime - state->last_sample;
	struct cw_value values[CW_COUNTERS + 4] = {
		CW_INT(now->time - seconds), CW_INT(seconds), CW_INT(subject),
	};

	if (cw_counts_zero(delta))
		return 0;
	cw_counts_values(delta, values + 3);
	return cw_sql_exec(history, sql, values, err);
}

/**
 * struct group_known - what the database has of a group's counters
 * @same_kernel: the machine has not been started since, nor the module loaded
 */
struct group_known {
	bool there, same_kernel;
	struct cw_counts counts;
};

static int find_group(struct cw_history *history, int64_t id, struct group_known *known,
		      struct cw_error *err)
{
	sqlite3_stmt *stmt;
	int ret;

	memset(known, 0, sizeof(*known));
	stmt = cw_sql_query(history, "SELECT (SELECT boot_id FROM run WHERE id = s.run) = ?2"
			    " AND s.run >= ?3, " CW_COUNTER_COLUMNS
			    " FROM group_state s WHERE device_group = ?1",
			    CW_VALUES(CW_INT(id), CW_TEXT(history->writer->state.boot_id),
				      CW_INT(history->writer->state.counted_from)), err);
	ret = stmt ? cw_sql_step(history, stmt, err) : -1;
	if (ret <= 0)
		return ret;
	known->there = true;
	known->same_kernel = sqlite3_column_int64(stmt, 0);
	known->counts = cw_counts_row(stmt, 1);
	sqlite3_reset(stmt);
	return 0;
}

/* A group has no age: one that the history sees first with a run may have counted for long. */
static struct cw_counts group_delta(const struct cw_history *history,
				    const struct group_known *known, const struct cw_counts *counts)
{
	const struct cw_writer_state *state = &history->writer->state;

	if (!known->there && state->last_sample < 0 && state->counted_from != state->run)
		return (struct cw_counts){ 0 };
	if (!known->there)
		return *counts;
	return known->same_kernel ? cw_counts_since(counts, &known->counts) : *counts;
}

static int write_group(struct cw_history *history, const struct cw_policy_group *group,
		       const struct cw_moment *now, struct cw_error *err)
{
	struct cw_counts counts = cw_counts_of(&group->from, &group->to), delta;
	struct cw_value values[CW_COUNTERS + 4];
	struct group_known known;
	int64_t id;

	if (cw_group_id(history, group->name, &id, err) < 0 ||
	    find_group(history, id, &known, err) < 0)
		return -1;
	delta = group_delta(history, &known, &counts);
	if (cw_insert_sample(history, "INSERT INTO group_sample (start, seconds, device_group, "
			     CW_COUNTER_COLUMNS ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
			  id, &delta, now, err) < 0)
		return -1;
	values[0] = CW_INT(id);
	values[1] = CW_INT(history->writer->state.run);
	values[2] = CW_INT(now->boottime);
	cw_counts_values(&counts, values + 3);
	values[CW_COUNTERS + 3] = (struct cw_value){ .type = CW_VALUE_END };
	return cw_sql_exec(history, "INSERT OR REPLACE INTO group_state VALUES"
			   " (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", values, err);
}

int cw_write_groups(struct cw_history *history, const struct cw_policy *policy,
		    const struct cw_moment *now, struct cw_error *err)
{
	size_t i;

	for (i = 0; i < policy->n_groups; i++)
		if (write_group(history, &policy->groups[i], now, err) < 0)
			return -1;
	/* A group that comes back later counts from 0. */
	return cw_sql_exec(history, "DELETE FROM group_state WHERE run <> ? OR boottime <> ?",
			   CW_VALUES(CW_INT(history->writer->state.run), CW_INT(now->boottime)), err);
}
