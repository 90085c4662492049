// SPDX-License-Identifier: GPL-2.0-or-later
/* The history written: samples of devices, as differences of the kernel's counters. */
#include <stdlib.h>
#include <string.h>

#include "alloc.h"
#include "history_writer.h"

#define SLACK_S	2	/* wall clock and boot time are whole seconds, each rounded by itself */

/**
 * struct known - what the database has of a device; @device 0: nothing
 * @born: when, by boot time, the kernel made the entry whose counters these are
 * @same_kernel: the machine has not been started since, nor the module loaded
 */
struct known {
	int64_t device, last_seen, born, place;
	bool same_kernel, present;
	unsigned char ipv4[4], ipv6[16];
	struct cw_counts counts;
};

static void copy_blob(sqlite3_stmt *stmt, int column, unsigned char *octets, int size)
{
	if (sqlite3_column_bytes(stmt, column) == size)
		memcpy(octets, sqlite3_column_blob(stmt, column), size);
}

static int find_known(struct cw_history *history, uint64_t mac, struct known *known,
		      struct cw_error *err)
{
	sqlite3_stmt *stmt;
	int ret;

	memset(known, 0, sizeof(*known));
	stmt = cw_sql_query(history, "SELECT d.id, last_seen, born, coalesce(place, 0), present,"
			    " ipv4, ipv6, (SELECT boot_id FROM run WHERE id = s.run) = ?2 AND s.run >= ?3, "
			    CW_COUNTER_COLUMNS " FROM device d JOIN device_state s ON s.device = d.id"
			    " WHERE mac = ?1",
			    CW_VALUES(CW_INT(mac), CW_TEXT(history->writer->state.boot_id),
				      CW_INT(history->writer->state.counted_from)), err);
	ret = stmt ? cw_sql_step(history, stmt, err) : -1;
	if (ret <= 0)
		return ret;
	known->device = sqlite3_column_int64(stmt, 0);
	known->last_seen = sqlite3_column_int64(stmt, 1);
	known->born = sqlite3_column_int64(stmt, 2);
	known->place = sqlite3_column_int64(stmt, 3);
	known->present = sqlite3_column_int64(stmt, 4);
	copy_blob(stmt, 5, known->ipv4, sizeof(known->ipv4));
	copy_blob(stmt, 6, known->ipv6, sizeof(known->ipv6));
	known->same_kernel = sqlite3_column_int64(stmt, 7);
	known->counts = cw_counts_row(stmt, 8);
	sqlite3_reset(stmt);
	return 0;
}

/* Once a day, and after a rollback, what was made today is counted. */
static int count_new_devices(struct cw_history *history, int64_t now, struct cw_error *err)
{
	struct cw_writer_state *state = &history->writer->state;
	int64_t day = now - now % CW_DAY, n = 0;

	if (state->new_day == day)
		return 0;
	if (cw_sql_int(history, "SELECT count(*) FROM device WHERE first_seen >= ?",
		       CW_VALUES(CW_INT(day)), &n, err) < 0)
		return -1;
	state->new_devices = n;
	state->new_day = day;
	return 0;
}

/* Corrections of the clock move an entry's first_seen, but not this. */
static int64_t born(const struct cw_device *device, const struct cw_moment *now)
{
	return now->boottime - (now->time - (int64_t)device->first_seen);
}

static int make_device(struct cw_history *history, const struct cw_device *device, bool told,
		       const struct cw_moment *now, int64_t *id, struct cw_error *err)
{
	struct cw_writer_state *state = &history->writer->state;
	struct cw_event_key key = { .type = CW_HISTORY_DEVICES_UNRECORDED };

	*id = 0;
	if (count_new_devices(history, now->time, err) < 0)
		return -1;
	if (state->new_devices >= history->writer->new_devices_max)
		return cw_write_event_row(history, &key, now->time * 1000, 1, 0, 0, err);
	state->new_devices++;
	if (cw_sql_exec(history, "INSERT INTO device (mac, first_seen, first_seen_source,"
			" first_seen_synchronized) VALUES (?, ?, ?, ?)",
			CW_VALUES(CW_INT(device->mac), CW_INT(device->first_seen),
				  CW_TEXT(told ? "event" : "inventory"), CW_INT(now->synchronized)),
			err) < 0)
		return -1;
	*id = sqlite3_last_insert_rowid(history->db);
	return cw_sql_exec(history, "INSERT INTO device_state VALUES (?, ?, ?, ?, ?, 0, NULL, NULL, NULL,"
			   " 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, ?)",
			   CW_VALUES(CW_INT(*id), CW_INT(device->last_seen), CW_INT(now->synchronized),
				     CW_INT(state->run), CW_INT(now->boottime),
				     CW_INT(born(device, now))), err);
}

int cw_device_id(struct cw_history *history, const struct cw_device *device, bool told,
		 const struct cw_moment *now, int64_t *id, struct cw_error *err)
{
	int ret = cw_sql_int(history, "SELECT id FROM device WHERE mac = ?",
			     CW_VALUES(CW_INT(device->mac)), id, err);

	if (ret)
		return ret < 0 ? -1 : 0;
	return make_device(history, device, told, now, id, err);
}

/** enum entry - what the kernel's entry of a device is to the one that the database knows */
enum entry {
	ENTRY_SAME,
	ENTRY_NEW,		/* made since then: it counts from 0 */
	ENTRY_STALE,		/* as it was before: an event that comes behind a sample */
	ENTRY_BEFORE_HISTORY,	/* nobody knows when it counted what it has */
};

static bool went_back(const struct cw_counts *now, const struct cw_counts *before)
{
	int i;

	for (i = 0; i < CW_COUNTERS; i++)
		if (now->all[i] < before->all[i])
			return true;
	return false;
}

static enum entry compare_entry(const struct cw_history *history, const struct cw_device *device,
				const struct known *known, const struct cw_counts *counts,
				const struct cw_moment *now)
{
	if (!known->device)
		return (int64_t)device->first_seen < history->writer->state.known_since - SLACK_S ?
		       ENTRY_BEFORE_HISTORY : ENTRY_NEW;
	if (!known->same_kernel || born(device, now) > known->born + SLACK_S)
		return ENTRY_NEW;
	if (born(device, now) < known->born - SLACK_S || went_back(counts, &known->counts))
		return ENTRY_STALE;
	return ENTRY_SAME;
}

static struct cw_counts device_delta(enum entry entry, const struct known *known,
				     const struct cw_counts *counts)
{
	switch (entry) {
	case ENTRY_NEW:
		return *counts;
	case ENTRY_SAME:
		return cw_counts_since(counts, &known->counts);
	default:
		return (struct cw_counts){ 0 };
	}
}

static int update_state(struct cw_history *history, const struct cw_device *device,
			const struct known *known, int64_t place, bool present,
			const struct cw_counts *counts, const struct cw_moment *now,
			struct cw_error *err)
{
	struct cw_value values[CW_COUNTERS + 11] = {
		CW_INT(known->device), CW_INT(device->last_seen), CW_INT(now->synchronized),
		CW_INT(history->writer->state.run), CW_INT(now->boottime), CW_INT(present),
		CW_ID(place), CW_BLOB(device->has_ipv4 ? &device->ipv4 : NULL, device->has_ipv4 ? 4 : 0),
		CW_BLOB(device->has_ipv6 ? &device->ipv6 : NULL, device->has_ipv6 ? 16 : 0),
	};

	cw_counts_values(counts, values + 9);
	values[CW_COUNTERS + 9] = CW_INT(born(device, now));
	return cw_sql_exec(history, "INSERT OR REPLACE INTO device_state VALUES"
			   " (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
			   values, err);
}

/* Slewing of the clock alone moves @last_seen by a second. */
static bool is_as_known(const struct cw_device *device, const struct known *known, int64_t place,
			bool present, const struct cw_counts *counts)
{
	return known->same_kernel && known->present == present && known->place == place &&
	       memcmp(&known->counts, counts, sizeof(*counts)) == 0 &&
	       llabs(known->last_seen - (int64_t)device->last_seen) <= SLACK_S &&
	       memcmp(known->ipv4, &device->ipv4, sizeof(known->ipv4)) == 0 &&
	       memcmp(known->ipv6, &device->ipv6, sizeof(known->ipv6)) == 0;
}

static int write_intervals(struct cw_history *history, const struct cw_device *device,
			   const struct known *known, int64_t place, const struct cw_moment *now,
			   struct cw_error *err)
{
	int64_t until = known->last_seen, since = now->time;
	bool again = !known->present;

	/* One that came since the sample before was there from its first frame on. */
	if ((int64_t)device->first_seen >= history->writer->state.run_since &&
	    (int64_t)device->first_seen < since && again)
		since = device->first_seen;
	if (place && (again || place != known->place) &&
	    cw_interval_set(history, CW_INTERVAL_PLACE, known->device, CW_INT(place), since, until,
			    err) < 0)
		return -1;
	if (device->has_ipv4 && (again || memcmp(known->ipv4, &device->ipv4, sizeof(known->ipv4)) != 0) &&
	    cw_interval_set(history, CW_INTERVAL_ADDRESS, known->device,
			    CW_BLOB(&device->ipv4, sizeof(device->ipv4)), since, until, err) < 0)
		return -1;
	if (device->has_ipv6 && (again || memcmp(known->ipv6, &device->ipv6, sizeof(known->ipv6)) != 0) &&
	    cw_interval_set(history, CW_INTERVAL_ADDRESS, known->device,
			    CW_BLOB(&device->ipv6, sizeof(device->ipv6)), since, until, err) < 0)
		return -1;
	return 0;
}

static int write_known(struct cw_history *history, const struct cw_device *device,
		       const struct known *known, const char *port, bool gone,
		       const struct cw_moment *now, struct cw_error *err)
{
	struct cw_counts counts = cw_counts_of(&device->from, &device->to);
	int64_t place = known->place;

	if (*device->place.ifname && cw_place_id(history, &device->place, port, &place, err) < 0)
		return -1;
	if (*device->group && !gone &&
	    cw_classify(history, known->device, device->mac, device->group, now->time, err) < 0)
		return -1;
	if (is_as_known(device, known, place, !gone, &counts))
		return 0;
	if (gone && known->present &&
	    cw_interval_end(history, known->device, device->last_seen, err) < 0)
		return -1;
	if (!gone && write_intervals(history, device, known, place, now, err) < 0)
		return -1;
	return update_state(history, device, known, place, !gone, &counts, now, err);
}

int cw_write_device(struct cw_history *history, const struct cw_device *device, const char *port,
		    bool gone, const struct cw_moment *now, struct cw_error *err)
{
	struct cw_counts counts = cw_counts_of(&device->from, &device->to), delta;
	struct known known;
	enum entry entry;

	if (find_known(history, device->mac, &known, err) < 0)
		return -1;
	entry = compare_entry(history, device, &known, &counts, now);
	if (entry == ENTRY_STALE)
		return 0;
	delta = device_delta(entry, &known, &counts);
	if (!known.device) {
		if (make_device(history, device, false, now, &known.device, err) < 0)
			return -1;
		known.last_seen = device->last_seen;
	}
	if (!known.device)
		return 0;
	if (cw_insert_sample(history, "INSERT INTO device_sample (start, seconds, device, "
			     CW_COUNTER_COLUMNS ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
			     known.device, &delta, now, err) < 0)
		return -1;
	return write_known(history, device, &known, port, gone, now, err);
}

static int compare_mac(const void *key, const void *element)
{
	uint64_t mac = *(const uint64_t *)key;
	const struct cw_device *device = element;

	return mac < device->mac ? -1 : mac > device->mac;
}

/** struct absent - devices that were there and are not in the inventory any more */
struct absent {
	int64_t device, last_seen;
};

static int find_absent(struct cw_history *history, const struct cw_device *devices, size_t n,
		       struct absent **absent, size_t *n_absent, struct cw_error *err)
{
	sqlite3_stmt *stmt;
	int ret;

	stmt = cw_sql_query(history, "SELECT device, last_seen, mac FROM device_state"
			    " JOIN device ON device.id = device WHERE present = 1", CW_NO_VALUES, err);
	if (!stmt)
		return -1;
	while ((ret = cw_sql_step(history, stmt, err)) > 0) {
		uint64_t mac = sqlite3_column_int64(stmt, 2);

		if (n && bsearch(&mac, devices, n, sizeof(*devices), compare_mac))
			continue;
		*absent = cw_array_room(*absent, *n_absent, sizeof(**absent));
		(*absent)[(*n_absent)++] = (struct absent){
			sqlite3_column_int64(stmt, 0), sqlite3_column_int64(stmt, 1),
		};
	}
	return ret;
}

static int end_absent(struct cw_history *history, const struct cw_device *devices, size_t n,
		      struct cw_error *err)
{
	struct absent *absent = NULL;
	size_t n_absent = 0, i;
	int ret;

	ret = find_absent(history, devices, n, &absent, &n_absent, err);
	for (i = 0; i < n_absent && !ret; i++) {
		ret = cw_interval_end(history, absent[i].device, absent[i].last_seen, err);
		if (!ret)
			ret = cw_sql_exec(history, "UPDATE device_state SET present = 0 WHERE device = ?",
					  CW_VALUES(CW_INT(absent[i].device)), err);
	}
	free(absent);
	return ret;
}

static int write_inventory(struct cw_history *history, const struct cw_device *devices,
			   const char *const *ports, size_t n, const struct cw_moment *now,
			   struct cw_error *err)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (cw_write_device(history, &devices[i], ports ? ports[i] : NULL, devices[i].gone,
				    now, err) < 0)
			return -1;
	return end_absent(history, devices, n, err);
}

int cw_history_write_sample(struct cw_history *history, const struct cw_policy *policy,
			    const struct cw_device *devices, const char *const *ports, size_t n,
			    const struct cw_moment *now, struct cw_error *err)
{
	struct cw_writer_state *state = &history->writer->state;

	if (cw_write_groups(history, policy, now, err) < 0 ||
	    write_inventory(history, devices, ports, n, now, err) < 0)
		return -1;
	state->recheck = false;
	state->last_sample = now->boottime;
	return 0;
}
