// SPDX-License-Identifier: GPL-2.0-or-later
/* The history written: policies as they come in force, with text, hash and differences. */
#include <stdlib.h>
#include <string.h>

#include "alloc.h"
#include "config.h"
#include "history_writer.h"

/** struct last - the policy of the last row; @id 0 where there is none */
struct last {
	int64_t id, run, generation, text;
	bool open;
};

static int find_last(struct cw_history *history, struct last *last, struct cw_error *err)
{
	sqlite3_stmt *stmt;
	int ret;

	memset(last, 0, sizeof(*last));
	stmt = cw_sql_query(history, "SELECT p.id, p.run, p.generation, coalesce(p.text, 0), p.until IS NULL"
			    " FROM policy p ORDER BY p.id DESC LIMIT 1", CW_NO_VALUES, err);
	ret = stmt ? cw_sql_step(history, stmt, err) : -1;
	if (ret <= 0)
		return ret;
	last->id = sqlite3_column_int64(stmt, 0);
	last->run = sqlite3_column_int64(stmt, 1);
	last->generation = sqlite3_column_int64(stmt, 2);
	last->text = sqlite3_column_int64(stmt, 3);
	last->open = sqlite3_column_int64(stmt, 4);
	sqlite3_reset(stmt);
	return 0;
}

static int text_id(struct cw_history *history, const struct cw_policy *policy, int64_t *id,
		   struct cw_error *err)
{
	struct cw_digest digest;
	size_t length;
	char *text;
	FILE *out;
	int ret;

	*id = 0;
	if (!policy)
		return 0;
	out = open_memstream(&text, &length);
	if (!out)
		return cw_error_set(err, "no memory for a policy's text");
	cw_policy_print(policy, out);
	fclose(out);
	cw_digest_of(text, length, &digest);
	ret = cw_sql_find_or_make(history, "SELECT id FROM policy_text WHERE sha256 = ?1 AND text = ?2",
				  "INSERT INTO policy_text (sha256, text) VALUES (?1, ?2)",
				  CW_VALUES(CW_BLOB(digest.octets, digest.length), CW_TEXT(text)), id, err);
	free(text);
	return ret;
}

/* Exemptions that have ended meanwhile are read as well: as of a time at which none had. */
static struct cw_policy *parse_text(const char *text)
{
	static const struct cw_config_options options = { .now = 1 };
	FILE *stream = fmemopen((void *)(uintptr_t)text, strlen(text), "r");
	struct cw_policy *policy = NULL;

	if (stream) {
		policy = cw_config_load(stream, "history", &options, NULL, NULL);
		fclose(stream);
	}
	return policy;
}

/* The policy before; NULL where there was none, or its text is not known or cannot be read. */
static struct cw_policy *policy_of_text(struct cw_history *history, int64_t text)
{
	struct cw_policy *policy = NULL;
	sqlite3_stmt *stmt;

	stmt = cw_sql_query(history, "SELECT text FROM policy_text WHERE id = ?",
			    CW_VALUES(CW_INT(text)), NULL);
	if (stmt && cw_sql_step(history, stmt, NULL) > 0) {
		policy = parse_text(cw_sql_text(stmt, 0));
		sqlite3_reset(stmt);
	}
	return policy;
}

static int write_line(struct cw_history *history, int64_t id, size_t number, const char *line,
		      struct cw_error *err)
{
	return cw_sql_exec(history, "INSERT INTO policy_change VALUES (?, ?, ?)",
			   CW_VALUES(CW_INT(id), CW_INT(number), CW_TEXT(line)), err);
}

static int write_changes(struct cw_history *history, int64_t id, const struct last *last,
			 const struct cw_policy *policy, struct cw_error *err)
{
	struct cw_policy_change *changes;
	struct cw_policy *old;
	size_t n, i;
	int ret = 0;

	if (!policy)
		return 0;
	old = policy_of_text(history, last->text);
	if (!old) {
		old = cw_policy_new();
		if (last->id)
			ret = write_line(history, id, 0, "the policy before is not known: what follows is all of this one", err);
	}
	cw_policy_diff(old, policy, &changes, &n);
	for (i = 0; i < n && !ret; i++)
		ret = write_line(history, id, i + 1, changes[i].text, err);
	cw_policy_changes_free(changes, n);
	cw_policy_free(old);
	return ret;
}

static int end_policy(struct cw_history *history, int64_t until, struct cw_error *err)
{
	return cw_sql_exec(history, "UPDATE policy SET until = max(since, ?) WHERE until IS NULL",
			   CW_VALUES(CW_INT(until)), err);
}

static int insert_policy(struct cw_history *history, const struct cw_history_change *change,
			 int64_t text, int64_t *id, struct cw_error *err)
{
	const struct cw_policy *policy = change->policy;
	uint64_t written = policy ? policy->written : 0;

	if (cw_sql_exec(history, "INSERT INTO policy (run, generation, since, source, written, digest,"
			" file, uid, user, portid, process, group_count, prefix_count,"
			" exemption_count, text) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
			CW_VALUES(CW_INT(history->writer->state.run), CW_INT(change->generation),
				  CW_INT(change->time), CW_TEXT(change->found ? "found" : "event"),
				  CW_INT(written),
				  CW_BLOB(change->digest.octets, change->digest.length),
				  CW_TEXT(change->file),
				  change->has_uid ? CW_INT(change->uid) : CW_NONE,
				  CW_TEXT(change->user),
				  change->has_uid ? CW_INT(change->portid) : CW_NONE,
				  CW_TEXT(change->process),
				  CW_INT(policy ? policy->n_groups : change->group_count),
				  CW_INT(policy ? policy->n_prefixes : change->prefix_count),
				  CW_INT(policy ? policy->n_exemptions : change->exemption_count),
				  CW_ID(text)), err) < 0)
		return -1;
	*id = sqlite3_last_insert_rowid(history->db);
	return 0;
}

static int run_of_this_boot(struct cw_history *history, int64_t run, struct cw_error *err)
{
	int64_t same = 0;

	if (cw_sql_int(history, "SELECT boot_id = ? FROM run WHERE id = ?",
		       CW_VALUES(CW_TEXT(history->writer->state.boot_id), CW_INT(run)), &same, err) < 0)
		return -1;
	return same != 0;
}

/* Whether what was found is what was in force when observation ended. */
static int went_on(struct cw_history *history, const struct cw_history_change *change,
		   const struct last *last, int64_t text, struct cw_error *err)
{
	if (!change->found || !last->open || last->generation != change->generation ||
	    last->text != text)
		return 0;
	return run_of_this_boot(history, last->run, err);
}

static int replace_policy(struct cw_history *history, const struct cw_history_change *change,
			  const struct last *last, int64_t text, int64_t *id, struct cw_error *err)
{
	const struct cw_writer_state *state = &history->writer->state;

	*id = 0;
	if (end_policy(history, change->found ? state->known_since : change->time, err) < 0)
		return -1;
	if (!change->generation)
		return 0;
	if (insert_policy(history, change, text, id, err) < 0)
		return -1;
	return write_changes(history, *id, last, change->policy, err);
}

int cw_history_write_policy(struct cw_history *history, const struct cw_history_change *change,
			    int64_t *id, struct cw_error *err)
{
	struct last last;
	int64_t text;
	int ret;

	if (find_last(history, &last, err) < 0 ||
	    text_id(history, change->generation ? change->policy : NULL, &text, err) < 0)
		return -1;
	ret = went_on(history, change, &last, text, err);
	if (ret < 0)
		return -1;
	if (ret)
		*id = last.id;
	else if (replace_policy(history, change, &last, text, id, err) < 0)
		return -1;
	if (change->generation && !change->policy)
		return 0;
	return cw_exemptions_reconcile(history, change->policy, *id, change->time, "withdrawn", err);
}

int cw_history_write_unloaded(struct cw_history *history, const struct cw_moment *now,
			      struct cw_error *err)
{
	if (end_policy(history, now->time, err) < 0)
		return -1;
	return cw_exemptions_reconcile(history, NULL, 0, now->time, "module", err);
}
