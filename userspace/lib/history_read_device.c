// SPDX-License-Identifier: GPL-2.0-or-later
/* The history read: devices, and where, with which address, as what they were. */
#include <arpa/inet.h>
#include <string.h>

#include "history_private.h"
#include "mac.h"

/* From the column @first on: prefix, length, pack, title, date, organization, edition, dir. */
#define EVIDENCE_COLUMNS						\
	"e.prefix, e.prefix_length, e.pack, e.pack_title, e.pack_date, e.organization," \
	" r.edition, r.dir"

static void evidence_row(sqlite3_stmt *stmt, int first, struct cw_history_evidence *evidence)
{
	uint64_t mac = sqlite3_column_int64(stmt, first);
	unsigned int length = sqlite3_column_int(stmt, first + 1);

	*evidence = (struct cw_history_evidence){
		.prefix = length ? cw_prefix_pack(mac, length, 0) : 0,
		.pack = cw_sql_text(stmt, first + 2),
		.pack_title = cw_sql_text(stmt, first + 3),
		.pack_date = cw_sql_text(stmt, first + 4),
		.organization = cw_sql_text(stmt, first + 5),
		.registry_edition = sqlite3_column_int64(stmt, first + 6),
		.registry_dir = cw_sql_text(stmt, first + 7),
	};
}

static bool copy_address(sqlite3_stmt *stmt, int column, void *address, int size)
{
	const void *octets = sqlite3_column_blob(stmt, column);

	if (!octets || sqlite3_column_bytes(stmt, column) != size)
		return false;
	memcpy(address, octets, size);
	return true;
}

void cw_history_place_row(sqlite3_stmt *stmt, int first, struct cw_place *place, const char **port)
{
	memset(place, 0, sizeof(*place));
	strncpy(place->ifname, cw_sql_text(stmt, first), sizeof(place->ifname) - 1);
	place->vlan = sqlite3_column_int(stmt, first + 1);
	place->has_vlan = place->vlan;
	place->vlan_protocol = sqlite3_column_int(stmt, first + 2);
	*port = cw_sql_text(stmt, first + 3);
}

static const char devices_sql[] =
	"SELECT d.id, d.mac, d.first_seen, d.first_seen_source, d.first_seen_synchronized,"
	" s.last_seen, s.last_seen_synchronized, s.present, s.ipv4, s.ipv6,"
	" p.ifname, p.vlan, p.vlan_protocol, p.port, g.name, h.name, h.source, " EVIDENCE_COLUMNS
	" FROM device d JOIN device_state s ON s.device = d.id"
	" LEFT JOIN place p ON p.id = s.place"
	" LEFT JOIN classification c ON c.device = d.id"
	"  AND c.since = (SELECT max(since) FROM classification WHERE device = d.id)"
	" LEFT JOIN device_group g ON g.id = c.device_group"
	" LEFT JOIN evidence e ON e.id = c.evidence"
	" LEFT JOIN registry r ON r.id = e.registry"
	" LEFT JOIN host_name h ON h.device = d.id AND (h.name, h.source, h.since) ="
	"  (SELECT name, source, since FROM host_name WHERE device = d.id"
	"   ORDER BY until IS NOT NULL, until DESC, source LIMIT 1)"
	" WHERE d.first_seen < ?2 AND s.last_seen >= ?1 ORDER BY d.mac";

static int device_row(struct cw_history *history, sqlite3_stmt *stmt,
		      struct cw_history_device *device, struct cw_error *err)
{
	*device = (struct cw_history_device){
		.id = cw_history_row_id(history, stmt, 0, err),
		.mac = sqlite3_column_int64(stmt, 1),
		.first_seen = sqlite3_column_int64(stmt, 2),
		.first_seen_source = cw_sql_text(stmt, 3),
		.first_seen_synchronized = sqlite3_column_int64(stmt, 4),
		.last_seen = sqlite3_column_int64(stmt, 5),
		.last_seen_synchronized = sqlite3_column_int64(stmt, 6),
		.present = sqlite3_column_int64(stmt, 7),
		.group = cw_sql_text(stmt, 14),
		.host_name = cw_sql_text(stmt, 15),
		.host_name_source = cw_sql_text(stmt, 16),
	};
	device->has_ipv4 = copy_address(stmt, 8, &device->ipv4, sizeof(device->ipv4));
	device->has_ipv6 = copy_address(stmt, 9, &device->ipv6, sizeof(device->ipv6));
	cw_history_place_row(stmt, 10, &device->place, &device->port);
	evidence_row(stmt, 17, &device->evidence);
	return device->id < 0 ? -1 : 1;
}

int cw_history_devices(struct cw_history *history, int64_t since, int64_t until,
		       cw_history_device_fn *fn, void *ctx, struct cw_error *err)
{
	struct cw_history_device device;
	sqlite3_stmt *stmt;
	int ret;

	stmt = cw_sql_query(history, devices_sql, CW_VALUES(CW_INT(since), CW_INT(until)), err);
	if (!stmt)
		return -1;
	while ((ret = cw_sql_step(history, stmt, err)) > 0) {
		ret = device_row(history, stmt, &device, err);
		if (ret < 0 || fn(ctx, &device))
			break;
	}
	sqlite3_reset(stmt);
	return ret < 0 ? -1 : 0;
}

/*
 * Parameters: the period, and the first and last device. An interval that is open goes on
 * up to where the device was last seen. Columns: device, mac, since, until, open, text, source.
 */
#define INTERVALS(table, text, source, more, joins)				\
	"SELECT i.device, d.mac, i.since, coalesce(i.until, max(s.last_seen, i.since)) AS till," \
	" i.until IS NULL, " text ", " source more				\
	" FROM " table " i JOIN device d ON d.id = i.device"			\
	" JOIN device_state s ON s.device = i.device " joins			\
	" WHERE i.device BETWEEN ?3 AND ?4 AND i.since < ?2 AND till >= ?1"	\
	" ORDER BY i.device, i.since"

static const char *const interval_sql[] = {
	[CW_HISTORY_PLACES] = INTERVALS("sighting",
		"p.ifname || CASE WHEN p.port = '' THEN '' ELSE ' port ' || p.port END"
		" || CASE WHEN p.vlan = 0 THEN '' ELSE ' vlan ' || p.vlan END", "''", "",
		"JOIN place p ON p.id = i.place"),
	[CW_HISTORY_ADDRESSES] = INTERVALS("address", "i.address", "''", "", ""),
	[CW_HISTORY_HOST_NAMES] = INTERVALS("host_name", "i.name", "i.source", "", ""),
	[CW_HISTORY_CLASSIFICATIONS] = INTERVALS("classification", "g.name", "''",
		", " EVIDENCE_COLUMNS, "JOIN device_group g ON g.id = i.device_group"
		" LEFT JOIN evidence e ON e.id = i.evidence LEFT JOIN registry r ON r.id = e.registry"),
};

static const char *address_text(sqlite3_stmt *stmt, int column, char buf[static INET6_ADDRSTRLEN])
{
	int family = sqlite3_column_bytes(stmt, column) == sizeof(struct in_addr) ? AF_INET : AF_INET6;
	unsigned char octets[sizeof(struct in6_addr)];

	*buf = '\0';
	if (copy_address(stmt, column, octets, family == AF_INET ? 4 : 16))
		inet_ntop(family, octets, buf, INET6_ADDRSTRLEN);
	return buf;
}

int cw_history_intervals(struct cw_history *history, enum cw_history_what what, int64_t device,
			 int64_t since, int64_t until, cw_history_interval_fn *fn, void *ctx,
			 struct cw_error *err)
{
	struct cw_history_evidence evidence;
	char text[INET6_ADDRSTRLEN];
	sqlite3_stmt *stmt;
	int ret;

	stmt = cw_sql_query(history, interval_sql[what],
			    CW_VALUES(CW_INT(since), CW_INT(until), CW_INT(device),
				      CW_INT(device ?: INT64_MAX)), err);
	if (!stmt)
		return -1;
	while ((ret = cw_sql_step(history, stmt, err)) > 0) {
		struct cw_history_interval interval = {
			.device = sqlite3_column_int64(stmt, 0),
			.mac = sqlite3_column_int64(stmt, 1),
			.since = sqlite3_column_int64(stmt, 2),
			.until = sqlite3_column_int64(stmt, 3),
			.open = sqlite3_column_int64(stmt, 4),
			.source = cw_sql_text(stmt, 6),
		};

		interval.text = what == CW_HISTORY_ADDRESSES ? address_text(stmt, 5, text) :
				cw_sql_text(stmt, 5);
		if (what == CW_HISTORY_CLASSIFICATIONS) {
			evidence_row(stmt, 7, &evidence);
			interval.evidence = &evidence;
		}
		if (fn(ctx, &interval))
			break;
	}
	sqlite3_reset(stmt);
	return ret < 0 ? -1 : 0;
}
