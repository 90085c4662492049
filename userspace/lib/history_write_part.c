// SPDX-License-Identifier: GPL-2.0-or-later
/* The history written: what rows name (groups, places, evidence), and intervals that come and go. */
#include <string.h>

#include "history_writer.h"
#include "mac.h"

#define MERGE_S	3600	/* what was away for less than this goes on */

int cw_sql_find_or_make(struct cw_history *history, const char *find, const char *make,
			const struct cw_value *values, int64_t *id, struct cw_error *err)
{
	int ret = cw_sql_int(history, find, values, id, err);

	if (ret)
		return ret < 0 ? -1 : 0;
	if (cw_sql_exec(history, make, values, err) < 0)
		return -1;
	*id = sqlite3_last_insert_rowid(history->db);
	return 0;
}

int cw_group_id(struct cw_history *history, const char *name, int64_t *id, struct cw_error *err)
{
	return cw_sql_find_or_make(history, "SELECT id FROM device_group WHERE name = ?",
				   "INSERT INTO device_group (name) VALUES (?)",
				   CW_VALUES(CW_TEXT(name)), id, err);
}

int cw_place_id(struct cw_history *history, const struct cw_place *place, const char *port,
		int64_t *id, struct cw_error *err)
{
	return cw_sql_find_or_make(history, "SELECT id FROM place WHERE ifname = ? AND vlan = ?"
				   " AND vlan_protocol = ? AND port = ?",
				   "INSERT INTO place (ifname, vlan, vlan_protocol, port) VALUES (?, ?, ?, ?)",
				   CW_VALUES(CW_TEXT(place->ifname),
					     CW_INT(place->has_vlan ? place->vlan : 0),
					     CW_INT(place->has_vlan ? place->vlan_protocol : 0),
					     CW_TEXT(port ?: "")), id, err);
}

int cw_registry_id(struct cw_history *history, int64_t edition, const char *dir, int64_t *id,
		   struct cw_error *err)
{
	return cw_sql_find_or_make(history, "SELECT id FROM registry WHERE edition = ? AND dir = ?",
				   "INSERT INTO registry (edition, dir) VALUES (?, ?)",
				   CW_VALUES(CW_INT(edition), CW_TEXT(dir ?: "")), id, err);
}

int cw_evidence_id(struct cw_history *history, uint64_t mac, int64_t *id, struct cw_error *err)
{
	struct cw_history_writer *writer = history->writer;
	struct cw_history_evidence evidence = { 0, "", "", "", "", 0, "" };
	int64_t registry = 0;

	*id = 0;
	if (!writer->evidence)
		return 0;
	writer->evidence(writer->evidence_ctx, mac, &evidence);
	if (evidence.registry_edition &&
	    cw_registry_id(history, evidence.registry_edition, evidence.registry_dir, &registry, err) < 0)
		return -1;
	return cw_sql_find_or_make(history, "SELECT id FROM evidence WHERE prefix = ?"
				   " AND prefix_length = ? AND pack = ? AND pack_title = ?"
				   " AND pack_date = ? AND organization = ? AND registry = ?",
				   "INSERT INTO evidence (prefix, prefix_length, pack, pack_title,"
				   " pack_date, organization, registry) VALUES (?, ?, ?, ?, ?, ?, ?)",
				   CW_VALUES(CW_INT(cw_prefix_mac(evidence.prefix)),
					     CW_INT(cw_prefix_len(evidence.prefix)),
					     CW_TEXT(evidence.pack), CW_TEXT(evidence.pack_title),
					     CW_TEXT(evidence.pack_date),
					     CW_TEXT(evidence.organization), CW_INT(registry)), id, err);
}

/*
 * Statements of a kind of interval. Parameters: device, value, then
 * @end_others: up to when; @find: none; @reopen and @insert: since when.
 */
static const struct {
	const char *end_others, *find, *reopen, *insert;
} interval_sql[CW_INTERVALS] = {
#define INTERVAL(table, column, others, source)						\
	{										\
		"UPDATE " table " SET until = max(since, ?3)"				\
		" WHERE device = ?1 AND until IS NULL AND " column " <> ?2" others,	\
		"SELECT since, until FROM " table " WHERE device = ?1 AND " column " = ?2" \
		others " ORDER BY since DESC LIMIT 1",					\
		"UPDATE " table " SET until = NULL WHERE device = ?1 AND " column " = ?2" \
		" AND since = ?3" others,						\
		"INSERT OR REPLACE INTO " table " VALUES (?1, ?2, " source "?3, NULL)",	\
	}
	[CW_INTERVAL_PLACE] = INTERVAL("sighting", "place", "", ""),
	[CW_INTERVAL_ADDRESS] = INTERVAL("address", "address",
					 " AND length(address) = length(?2)", ""),
	[CW_INTERVAL_LEASE_NAME] = INTERVAL("host_name", "name", " AND source = 'lease'",
					    "'lease', "),
	[CW_INTERVAL_NEIGHBOUR_NAME] = INTERVAL("host_name", "name", " AND source = 'neighbour'",
						"'neighbour', "),
};

/* Whether a row of this value is open, or can be again: 1, with its beginning; or 0, or -1. */
static int find_interval(struct cw_history *history, enum cw_interval kind, int64_t device,
			 struct cw_value value, int64_t since, int64_t *began, bool *open,
			 struct cw_error *err)
{
	sqlite3_stmt *stmt;
	int64_t until;
	int ret;

	stmt = cw_sql_query(history, interval_sql[kind].find, CW_VALUES(CW_INT(device), value), err);
	ret = stmt ? cw_sql_step(history, stmt, err) : -1;
	if (ret <= 0)
		return ret;
	*began = sqlite3_column_int64(stmt, 0);
	*open = sqlite3_column_type(stmt, 1) == SQLITE_NULL;
	until = sqlite3_column_int64(stmt, 1);
	sqlite3_reset(stmt);
	return *open || (*began <= since && until >= since - MERGE_S);
}

int cw_interval_set(struct cw_history *history, enum cw_interval kind, int64_t device,
		    struct cw_value value, int64_t since, int64_t until, struct cw_error *err)
{
	bool open = false;
	int64_t began;
	int ret;

	if (cw_sql_exec(history, interval_sql[kind].end_others,
			CW_VALUES(CW_INT(device), value, CW_INT(until)), err) < 0)
		return -1;
	ret = find_interval(history, kind, device, value, since, &began, &open, err);
	if (ret < 0 || open)
		return ret < 0 ? -1 : 0;
	return cw_sql_exec(history, ret ? interval_sql[kind].reopen : interval_sql[kind].insert,
			   CW_VALUES(CW_INT(device), value, CW_INT(ret ? began : since)), err);
}

int cw_interval_end(struct cw_history *history, int64_t device, int64_t until,
		    struct cw_error *err)
{
	const struct cw_value *values = CW_VALUES(CW_INT(device), CW_INT(until));

	if (cw_sql_exec(history, "UPDATE sighting SET until = max(since, ?2)"
			" WHERE device = ?1 AND until IS NULL", values, err) < 0 ||
	    cw_sql_exec(history, "UPDATE address SET until = max(since, ?2)"
			" WHERE device = ?1 AND until IS NULL", values, err) < 0)
		return -1;
	return cw_sql_exec(history, "UPDATE host_name SET until = max(since, ?2)"
			   " WHERE device = ?1 AND until IS NULL", values, err);
}

int cw_classify(struct cw_history *history, int64_t device, uint64_t mac, const char *group,
		int64_t since, struct cw_error *err)
{
	int64_t id, evidence, last_group = 0, last_evidence = 0;
	sqlite3_stmt *stmt;
	int ret;

	if (cw_group_id(history, group, &id, err) < 0)
		return -1;
	stmt = cw_sql_query(history, "SELECT device_group, coalesce(evidence, 0) FROM classification"
			    " WHERE device = ? ORDER BY since DESC LIMIT 1", CW_VALUES(CW_INT(device)), err);
	ret = stmt ? cw_sql_step(history, stmt, err) : -1;
	if (ret < 0)
		return -1;
	if (ret > 0) {
		last_group = sqlite3_column_int64(stmt, 0);
		last_evidence = sqlite3_column_int64(stmt, 1);
		sqlite3_reset(stmt);
		if (last_group == id && !history->writer->state.recheck)
			return 0;
	}
	if (cw_evidence_id(history, mac, &evidence, err) < 0)
		return -1;
	if (last_group == id && last_evidence == evidence)
		return 0;
	if (cw_sql_exec(history, "UPDATE classification SET until = max(since, ?2)"
			" WHERE device = ?1 AND until IS NULL",
			CW_VALUES(CW_INT(device), CW_INT(since)), err) < 0)
		return -1;
	return cw_sql_exec(history, "INSERT OR REPLACE INTO classification VALUES (?, ?, NULL, ?, ?)",
			   CW_VALUES(CW_INT(device), CW_INT(since), CW_INT(id), CW_ID(evidence)), err);
}

int cw_history_write_host_name(struct cw_history *history, uint64_t mac, const char *name,
			       const char *source, const struct cw_moment *now,
			       struct cw_error *err)
{
	bool lease = strcmp(source, "lease") == 0;
	int64_t device;
	int ret;

	ret = cw_sql_int(history, "SELECT id FROM device WHERE mac = ?", CW_VALUES(CW_INT(mac)),
			 &device, err);
	if (ret <= 0)
		return ret;
	return cw_interval_set(history, lease ? CW_INTERVAL_LEASE_NAME : CW_INTERVAL_NEIGHBOUR_NAME,
			       device, CW_TEXT(name), now->time, now->time, err);
}
