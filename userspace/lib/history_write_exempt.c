// SPDX-License-Identifier: GPL-2.0-or-later
/* The history written: exemptions, from when they were granted to how they ended. */
#include <stdlib.h>
#include <string.h>

#include "alloc.h"
#include "history_writer.h"

/** struct open - an exemption that has not ended, as far as the history knows */
struct open {
	int64_t id, until;
	uint64_t mac;
	char *reason, *approved_by;
};

static void open_free(struct open *open, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++) {
		free(open[i].reason);
		free(open[i].approved_by);
	}
	free(open);
}

static int load_open(struct cw_history *history, struct open **open, size_t *n,
		     struct cw_error *err)
{
	sqlite3_stmt *stmt;
	int ret;

	stmt = cw_sql_query(history, "SELECT id, mac, until, reason, approved_by FROM exemption"
			    " WHERE ended IS NULL", CW_NO_VALUES, err);
	if (!stmt)
		return -1;
	while ((ret = cw_sql_step(history, stmt, err)) > 0) {
		*open = cw_array_room(*open, *n, sizeof(**open));
		(*open)[(*n)++] = (struct open){
			.id = sqlite3_column_int64(stmt, 0),
			.mac = sqlite3_column_int64(stmt, 1),
			.until = sqlite3_column_int64(stmt, 2),
			.reason = cw_strdup(cw_sql_text(stmt, 3)),
			.approved_by = cw_strdup(cw_sql_text(stmt, 4)),
		};
	}
	return ret;
}

static bool same(const struct open *open, const struct cw_policy_exemption *exemption)
{
	return open->mac == exemption->mac && open->until == (int64_t)exemption->until &&
	       strcmp(open->reason, exemption->reason) == 0 &&
	       strcmp(open->approved_by, exemption->approved_by) == 0;
}

static int end_exemption(struct cw_history *history, int64_t id, int64_t ended, const char *how,
			 int64_t policy, struct cw_error *err)
{
	return cw_sql_exec(history, "UPDATE exemption SET ended = max(since, ?), how = ?, end_policy = ?"
			   " WHERE id = ?",
			   CW_VALUES(CW_INT(ended), CW_TEXT(how), CW_ID(policy), CW_INT(id)), err);
}

/* One that is past its end has ended then, whatever came after; nobody had to tell. */
static int settle(struct cw_history *history, const struct open *open,
		  const struct cw_policy_exemption *now, int64_t id, int64_t time, const char *gone,
		  struct cw_error *err)
{
	if (now && same(open, now) && (now->in_force || open->until > time))
		return 0;
	if (open->until <= time)
		return end_exemption(history, open->id, open->until, "expired", 0, err);
	return end_exemption(history, open->id, time, now ? "changed" : gone, id, err);
}

static bool is_open(const struct open *open, size_t n, const struct cw_policy_exemption *exemption)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (same(&open[i], exemption))
			return true;
	return false;
}

static int grant(struct cw_history *history, const struct cw_policy_exemption *exemption,
		 int64_t id, int64_t time, struct cw_error *err)
{
	return cw_sql_exec(history, "INSERT INTO exemption (mac, reason, approved_by, since, until, policy)"
			   " VALUES (?, ?, ?, ?, ?, ?)",
			   CW_VALUES(CW_INT(exemption->mac), CW_TEXT(exemption->reason),
				     CW_TEXT(exemption->approved_by), CW_INT(time),
				     CW_INT(exemption->until), CW_ID(id)), err);
}

int cw_exemptions_reconcile(struct cw_history *history, const struct cw_policy *policy, int64_t id,
			    int64_t time, const char *gone, struct cw_error *err)
{
	struct open *open = NULL;
	size_t n = 0, i;
	int ret;

	ret = load_open(history, &open, &n, err);
	for (i = 0; i < n && !ret; i++)
		ret = settle(history, &open[i],
			     policy ? cw_policy_exemption_find(policy, open[i].mac) : NULL, id, time,
			     gone, err);
	for (i = 0; policy && i < policy->n_exemptions && !ret; i++)
		if (policy->exemptions[i].in_force && !is_open(open, n, &policy->exemptions[i]))
			ret = grant(history, &policy->exemptions[i], id, time, err);
	open_free(open, n);
	return ret;
}

/* It ended before its policy could be read: in force since that came, at the earliest. */
static int insert_expired(struct cw_history *history, const struct cw_policy_exemption *exemption,
			  int64_t *id, struct cw_error *err)
{
	if (cw_sql_exec(history, "INSERT INTO exemption (mac, reason, approved_by, since, until, policy,"
			" ended, how) SELECT ?1, ?2, ?3, min(since, ?4), ?4, id, ?4, 'expired'"
			" FROM policy WHERE until IS NULL ORDER BY id DESC LIMIT 1",
			CW_VALUES(CW_INT(exemption->mac), CW_TEXT(exemption->reason),
				  CW_TEXT(exemption->approved_by), CW_INT(exemption->until)), err) < 0)
		return -1;
	*id = sqlite3_changes(history->db) ? sqlite3_last_insert_rowid(history->db) : 0;
	return 0;
}

int cw_history_write_expired(struct cw_history *history,
			     const struct cw_policy_exemption *exemption, int64_t *id,
			     struct cw_error *err)
{
	int64_t open = 0;
	int ret;

	*id = 0;
	ret = cw_sql_int(history, "SELECT id FROM exemption WHERE mac = ? AND until = ?"
			 " ORDER BY id DESC LIMIT 1",
			 CW_VALUES(CW_INT(exemption->mac), CW_INT(exemption->until)), id, err);
	if (ret <= 0)
		return ret < 0 ? -1 : insert_expired(history, exemption, id, err);
	if (cw_sql_int(history, "SELECT ended IS NULL FROM exemption WHERE id = ?",
		       CW_VALUES(CW_INT(*id)), &open, err) < 0)
		return -1;
	return open ? end_exemption(history, *id, exemption->until, "expired", 0, err) : 0;
}
