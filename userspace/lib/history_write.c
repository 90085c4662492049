// SPDX-License-Identifier: GPL-2.0-or-later
/* The history written: transactions, and when it was watched. */
#include <stdlib.h>
#include <string.h>

#include "alloc.h"
#include "history_writer.h"

#define NEW_DEVICES_MAX	16384

struct cw_history_writer *cw_writer_new(void)
{
	struct cw_history_writer *writer = cw_calloc(1, sizeof(*writer));

	writer->new_devices_max = NEW_DEVICES_MAX;
	writer->state.new_day = -1;
	writer->slots_hour = -1;
	writer->slots = cw_calloc(CW_EVENT_SLOTS, sizeof(*writer->slots));
	return writer;
}

void cw_writer_free(struct cw_history_writer *writer)
{
	if (!writer)
		return;
	free(writer->slots);
	free(writer);
}

int cw_history_begin(struct cw_history *history, struct cw_error *err)
{
	history->writer->saved = history->writer->state;
	return cw_sql_simple(history, "BEGIN IMMEDIATE", err);
}

int cw_history_commit(struct cw_history *history, struct cw_error *err)
{
	return cw_sql_simple(history, "COMMIT", err);
}

/* Statements that were cut short would keep the transaction open. */
static void reset_statements(struct cw_history *history)
{
	size_t i;

	for (i = 0; i < history->n_statements; i++)
		sqlite3_reset(history->statements[i].stmt);
}

void cw_history_rollback(struct cw_history *history)
{
	reset_statements(history);
	sqlite3_exec(history->db, "ROLLBACK", NULL, NULL, NULL);
	history->writer->state = history->writer->saved;
	history->writer->slots_hour = -1;
}

void cw_history_set_evidence(struct cw_history *history, cw_history_evidence_fn *fn, void *ctx)
{
	history->writer->evidence = fn;
	history->writer->evidence_ctx = ctx;
	history->writer->state.recheck = true;
	history->writer->saved.recheck = true;
}

static int set_meta(struct cw_history *history, const char *key, struct cw_value value,
		    struct cw_error *err)
{
	return cw_sql_exec(history, "INSERT INTO meta VALUES (?, ?)"
			   " ON CONFLICT (key) DO UPDATE SET value = excluded.value",
			   CW_VALUES(CW_TEXT(key), value), err);
}

static int keep_meta(struct cw_history *history, const char *key, struct cw_value value,
		     struct cw_error *err)
{
	return cw_sql_exec(history, "INSERT OR IGNORE INTO meta VALUES (?, ?)",
			   CW_VALUES(CW_TEXT(key), value), err);
}

int cw_history_describe(struct cw_history *history, const char *site, const char *host,
			const struct cw_history_limits *limits, const struct cw_moment *now,
			struct cw_error *err)
{
	history->writer->new_devices_max = limits->new_devices;
	if (set_meta(history, "site", CW_TEXT(site), err) < 0 ||
	    set_meta(history, "host", CW_TEXT(host), err) < 0 ||
	    set_meta(history, "retention", CW_INT(limits->retention), err) < 0 ||
	    set_meta(history, "hour_retention", CW_INT(limits->hour_retention), err) < 0 ||
	    set_meta(history, "sample_retention", CW_INT(limits->sample_retention), err) < 0 ||
	    keep_meta(history, "created", CW_INT(now->time), err) < 0 ||
	    keep_meta(history, "expired", CW_INT(now->time), err) < 0 ||
	    keep_meta(history, "expired_hours", CW_INT(now->time), err) < 0 ||
	    keep_meta(history, "rolled_device", CW_INT(0), err) < 0 ||
	    keep_meta(history, "rolled_group", CW_INT(0), err) < 0)
		return -1;
	return cw_sql_exec(history, "INSERT OR IGNORE INTO meta VALUES ('id', lower(hex(randomblob(16))))",
			   CW_NO_VALUES, err);
}

/* What was so when the run before ended is not known to be so any more. */
static int end_intervals(struct cw_history *history, struct cw_error *err)
{
#define END_OPEN(table)									\
	"UPDATE " table " SET until = max(since, (SELECT last_seen FROM device_state s"	\
	" WHERE s.device = " table ".device)) WHERE until IS NULL"
	if (cw_sql_exec(history, END_OPEN("sighting"), CW_NO_VALUES, err) < 0 ||
	    cw_sql_exec(history, END_OPEN("address"), CW_NO_VALUES, err) < 0 ||
	    cw_sql_exec(history, END_OPEN("host_name"), CW_NO_VALUES, err) < 0)
		return -1;
	return cw_sql_exec(history, "UPDATE device_state SET present = 0 WHERE present = 1",
			   CW_NO_VALUES, err);
}

static int end_last_run(struct cw_history *history, const char *boot_id, struct cw_error *err)
{
	return cw_sql_exec(history, "UPDATE run SET end_reason ="
			   " CASE WHEN boot_id = ? THEN 'killed' ELSE 'rebooted' END"
			   " WHERE end_reason IS NULL", CW_VALUES(CW_TEXT(boot_id)), err);
}

static int insert_run(struct cw_history *history, const struct cw_history_run *run,
		      uint64_t event_seq, uint32_t generation, const struct cw_moment *now,
		      struct cw_error *err)
{
	int64_t registry = 0;

	if (run->registry_edition &&
	    cw_registry_id(history, run->registry_edition, run->registry_dir, &registry, err) < 0)
		return -1;
	return cw_sql_exec(history, "INSERT INTO run (since, until, since_boottime, until_boottime,"
			   " boot_id, kernel, module_version, daemon_version, host, site, interval,"
			   " clock_synchronized, registry, since_event_seq, event_seq, generation)"
			   " VALUES (?1, ?1, ?2, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?12, ?13)",
			   CW_VALUES(CW_INT(now->time), CW_INT(now->boottime), CW_TEXT(run->boot_id),
				     CW_TEXT(run->kernel), CW_TEXT(run->module_version),
				     CW_TEXT(run->daemon_version), CW_TEXT(run->host),
				     CW_TEXT(run->site), CW_INT(run->interval),
				     CW_INT(now->synchronized), CW_INT(registry), CW_INT(event_seq),
				     CW_INT(generation)), err);
}

int cw_history_run_begin(struct cw_history *history, const struct cw_history_run *run,
			 uint64_t event_seq, uint32_t generation, bool fresh,
			 const struct cw_moment *now, struct cw_error *err)
{
	struct cw_writer_state *state = &history->writer->state;

	state->known_since = now->time;
	if (cw_sql_int(history, "SELECT until FROM run ORDER BY id DESC LIMIT 1", CW_NO_VALUES,
		       &state->known_since, err) < 0 ||
	    end_last_run(history, run->boot_id, err) < 0 || end_intervals(history, err) < 0 ||
	    insert_run(history, run, event_seq, generation, now, err) < 0)
		return -1;
	state->run = sqlite3_last_insert_rowid(history->db);
	state->run_since = now->time;
	snprintf(state->boot_id, sizeof(state->boot_id), "%s", run->boot_id);
	state->last_sample = -1;
	if (fresh)
		state->counted_from = state->run;
	state->recheck = true;
	history->writer->slots_hour = -1;
	return 0;
}

int cw_history_run_extend(struct cw_history *history, uint64_t event_seq, uint32_t generation,
			  const struct cw_moment *now, struct cw_error *err)
{
	return cw_sql_exec(history, "UPDATE run SET until = max(until, ?), until_boottime = ?,"
			   " event_seq = ?, generation = ? WHERE id = ?",
			   CW_VALUES(CW_INT(now->time), CW_INT(now->boottime), CW_INT(event_seq),
				     CW_INT(generation), CW_INT(history->writer->state.run)), err);
}

int cw_history_run_end(struct cw_history *history, const char *reason, struct cw_error *err)
{
	struct cw_writer_state *state = &history->writer->state;
	int64_t run = state->run;

	state->run = 0;
	return cw_sql_exec(history, "UPDATE run SET end_reason = ? WHERE id = ?",
			   CW_VALUES(CW_TEXT(reason), CW_INT(run)), err);
}
