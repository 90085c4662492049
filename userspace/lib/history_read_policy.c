// SPDX-License-Identifier: GPL-2.0-or-later
/* The history read: which policy was in force when and who applied it; exemptions. */
#include <stdlib.h>
#include <string.h>

#include "alloc.h"
#include "history_private.h"

/** struct changes - the lines of a difference */
struct changes {
	char **lines;
	size_t n;
};

static void changes_free(struct changes *changes)
{
	while (changes->n)
		free(changes->lines[--changes->n]);
	free(changes->lines);
}

static int changes_load(struct cw_history *history, int64_t policy, struct changes *changes,
			struct cw_error *err)
{
	sqlite3_stmt *stmt;
	int ret;

	stmt = cw_sql_query(history, "SELECT text FROM policy_change WHERE policy = ? ORDER BY number",
			    CW_VALUES(CW_INT(policy)), err);
	if (!stmt)
		return -1;
	while ((ret = cw_sql_step(history, stmt, err)) > 0) {
		changes->lines = cw_array_room(changes->lines, changes->n, sizeof(*changes->lines));
		changes->lines[changes->n++] = cw_strdup(cw_sql_text(stmt, 0));
	}
	return ret;
}

static void digest_row(sqlite3_stmt *stmt, int column, struct cw_digest *digest)
{
	const void *octets = sqlite3_column_blob(stmt, column);
	size_t length = sqlite3_column_bytes(stmt, column);

	if (!octets || length > sizeof(digest->octets))
		return;
	memcpy(digest->octets, octets, length);
	digest->length = length;
}

static void policy_row(sqlite3_stmt *stmt, struct cw_history_policy *policy)
{
	*policy = (struct cw_history_policy){
		.id = sqlite3_column_int64(stmt, 0),
		.since = sqlite3_column_int64(stmt, 1),
		.until = sqlite3_column_int64(stmt, 2),
		.written = sqlite3_column_int64(stmt, 3),
		.generation = sqlite3_column_int64(stmt, 4),
		.source = cw_sql_text(stmt, 5),
		.file = (const char *)sqlite3_column_text(stmt, 7),
		.has_uid = sqlite3_column_type(stmt, 8) != SQLITE_NULL,
		.uid = sqlite3_column_int64(stmt, 8),
		.portid = sqlite3_column_int64(stmt, 9),
		.user = (const char *)sqlite3_column_text(stmt, 10),
		.process = (const char *)sqlite3_column_text(stmt, 11),
		.group_count = sqlite3_column_int64(stmt, 12),
		.prefix_count = sqlite3_column_int64(stmt, 13),
		.exemption_count = sqlite3_column_int64(stmt, 14),
		.text = (const char *)sqlite3_column_text(stmt, 15),
	};
	digest_row(stmt, 6, &policy->digest);
}

static const char policies_sql[] =
	"SELECT p.id, since, until, written, generation, source, digest, file, uid, portid, user,"
	" process, group_count, prefix_count, exemption_count, t.text"
	" FROM policy p LEFT JOIN policy_text t ON t.id = p.text"
	" WHERE since < ?2 AND (until IS NULL OR until >= ?1) ORDER BY p.id";

int cw_history_policies(struct cw_history *history, int64_t since, int64_t until,
			cw_history_policy_fn *fn, void *ctx, struct cw_error *err)
{
	struct cw_history_policy policy;
	bool stopped = false;
	sqlite3_stmt *stmt;
	int ret = 0;

	stmt = cw_sql_query(history, policies_sql, CW_VALUES(CW_INT(since), CW_INT(until)), err);
	if (!stmt)
		return -1;
	while (!stopped && (ret = cw_sql_step(history, stmt, err)) > 0) {
		struct changes changes = { 0 };

		policy_row(stmt, &policy);
		ret = changes_load(history, policy.id, &changes, err);
		policy.changes = (const char *const *)changes.lines;
		policy.n_changes = changes.n;
		stopped = ret < 0 || fn(ctx, &policy);
		changes_free(&changes);
	}
	sqlite3_reset(stmt);
	return ret < 0 ? -1 : 0;
}

static const char exemptions_sql[] =
	"SELECT id, mac, reason, approved_by, since, until, coalesce(ended, 0), how,"
	" coalesce(policy, 0), coalesce(end_policy, 0) FROM exemption"
	" WHERE since < ?2 AND (ended IS NULL OR ended >= ?1) ORDER BY since, id";

int cw_history_exemptions(struct cw_history *history, int64_t since, int64_t until,
			  cw_history_exemption_fn *fn, void *ctx, struct cw_error *err)
{
	sqlite3_stmt *stmt;
	int ret;

	stmt = cw_sql_query(history, exemptions_sql, CW_VALUES(CW_INT(since), CW_INT(until)), err);
	if (!stmt)
		return -1;
	while ((ret = cw_sql_step(history, stmt, err)) > 0) {
		struct cw_history_exemption exemption = {
			.id = sqlite3_column_int64(stmt, 0),
			.mac = sqlite3_column_int64(stmt, 1),
			.reason = cw_sql_text(stmt, 2),
			.approved_by = cw_sql_text(stmt, 3),
			.since = sqlite3_column_int64(stmt, 4),
			.until = sqlite3_column_int64(stmt, 5),
			.ended = sqlite3_column_int64(stmt, 6),
			.how = (const char *)sqlite3_column_text(stmt, 7),
			.policy = sqlite3_column_int64(stmt, 8),
			.end_policy = sqlite3_column_int64(stmt, 9),
		};

		if (fn(ctx, &exemption))
			break;
	}
	sqlite3_reset(stmt);
	return ret < 0 ? -1 : 0;
}
