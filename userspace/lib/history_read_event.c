// SPDX-License-Identifier: GPL-2.0-or-later
/* The history read: events, one by one and by day. */
#include <string.h>

#include "events.h"
#include "history_private.h"

#define HOUR	3600

const char *cw_history_event_name(int type)
{
	switch (type) {
	case CW_HISTORY_EVENTS_LOST:
		return "events-lost";
	case CW_HISTORY_DEVICES_UNRECORDED:
		return "devices-unrecorded";
	case CW_HISTORY_STOPPED:
		return "history-stopped";
	case CW_HISTORY_NFTABLES_REPAIRED:
		return "nftables-repaired";
	default:
		return cw_event_name(type);
	}
}

#define EVENTS									\
	"SELECT e.id, e.time_ms, coalesce(e.span_ms, 0), e.type, e.count, coalesce(e.frames, 0)," \
	" coalesce(e.device, 0), d.mac, coalesce(e.ref, 0), e.reason, e.direction, g.name," \
	" p.ifname, p.vlan, p.vlan_protocol, p.port, q.ifname, q.vlan, q.vlan_protocol, q.port" \
	" FROM event e LEFT JOIN device d ON d.id = e.device"			\
	" LEFT JOIN place p ON p.id = e.place LEFT JOIN place q ON q.id = e.previous" \
	" LEFT JOIN classification c ON c.device = e.device"			\
	"  AND c.since = (SELECT max(since) FROM classification WHERE device = e.device)" \
	" LEFT JOIN device_group g ON g.id = c.device_group"			\
	" WHERE e.time_ms >= ?1 AND e.time_ms < ?2 AND (?3 = 0 OR e.device = ?3) "

/* By the index of all that is no drop; and all of them, by the ids of each hour. */
static const char rare_sql[] = EVENTS "AND e.type <> 4 ORDER BY e.time_ms, e.id";
static const char all_sql[] = EVENTS "AND e.id BETWEEN ?4 AND ?5 ORDER BY e.id";

static void event_row(sqlite3_stmt *stmt, struct cw_history_event *event)
{
	*event = (struct cw_history_event){
		.id = sqlite3_column_int64(stmt, 0),
		.time_ms = sqlite3_column_int64(stmt, 1),
		.span_ms = sqlite3_column_int64(stmt, 2),
		.type = sqlite3_column_int(stmt, 3),
		.count = sqlite3_column_int64(stmt, 4),
		.frames = sqlite3_column_int64(stmt, 5),
		.device = sqlite3_column_int64(stmt, 6),
		.mac = sqlite3_column_int64(stmt, 7),
		.ref = sqlite3_column_int64(stmt, 8),
		.drop_reason = sqlite3_column_int(stmt, 9),
		.direction = sqlite3_column_int(stmt, 10),
		.group = cw_sql_text(stmt, 11),
	};
	cw_history_place_row(stmt, 12, &event->place, &event->port);
	cw_history_place_row(stmt, 16, &event->previous, &event->previous_port);
}

/* Ids of the events of the hours that a period touches; none where there are no such hours. */
static int find_ids(struct cw_history *history, int64_t since, int64_t until, int64_t *first,
		    int64_t *last, struct cw_error *err)
{
	sqlite3_stmt *stmt;
	int ret;

	stmt = cw_sql_query(history, "SELECT coalesce(min(first), 1), coalesce(max(last), 0)"
			    " FROM event_hour WHERE start >= ? AND start < ?",
			    CW_VALUES(CW_INT(since - since % HOUR), CW_INT(until)), err);
	ret = stmt ? cw_sql_step(history, stmt, err) : -1;
	if (ret < 0)
		return -1;
	*first = sqlite3_column_int64(stmt, 0);
	*last = sqlite3_column_int64(stmt, 1);
	sqlite3_reset(stmt);
	return 0;
}

static int64_t to_ms(int64_t seconds)
{
	return seconds > INT64_MAX / 1000 ? INT64_MAX : seconds * 1000;
}

int cw_history_events(struct cw_history *history, bool drops, int64_t device, int64_t since,
		      int64_t until, cw_history_event_fn *fn, void *ctx, struct cw_error *err)
{
	struct cw_history_event event;
	int64_t first = 0, last = 0;
	sqlite3_stmt *stmt;
	int ret;

	if (drops && find_ids(history, since, until, &first, &last, err) < 0)
		return -1;
	stmt = cw_sql_query(history, drops ? all_sql : rare_sql,
			    CW_VALUES(CW_INT(to_ms(since)), CW_INT(to_ms(until)), CW_INT(device),
				      drops ? CW_INT(first) : (struct cw_value){ 0 }, CW_INT(last)),
			    err);
	if (!stmt)
		return -1;
	while ((ret = cw_sql_step(history, stmt, err)) > 0) {
		event_row(stmt, &event);
		if (fn(ctx, &event))
			break;
	}
	sqlite3_reset(stmt);
	return ret < 0 ? -1 : 0;
}

int cw_history_event_days(struct cw_history *history, int64_t since, int64_t until,
			  cw_history_event_day_fn *fn, void *ctx, struct cw_error *err)
{
	sqlite3_stmt *stmt;
	int ret;

	stmt = cw_sql_query(history, "SELECT start, type, coalesce(name, ''), count, frames"
			    " FROM event_day LEFT JOIN device_group g ON g.id = device_group"
			    " WHERE start > ?1 - 86400 AND start < ?2 ORDER BY start, type, name",
			    CW_VALUES(CW_INT(since), CW_INT(until)), err);
	if (!stmt)
		return -1;
	while ((ret = cw_sql_step(history, stmt, err)) > 0) {
		struct cw_history_event_day day = {
			.start = sqlite3_column_int64(stmt, 0),
			.type = sqlite3_column_int(stmt, 1),
			.group = cw_sql_text(stmt, 2),
			.count = sqlite3_column_int64(stmt, 3),
			.frames = sqlite3_column_int64(stmt, 4),
		};

		if (fn(ctx, &day))
			break;
	}
	sqlite3_reset(stmt);
	return ret < 0 ? -1 : 0;
}
