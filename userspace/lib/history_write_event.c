// SPDX-License-Identifier: GPL-2.0-or-later
/* The history written: events, those alike within an hour in one row. */
#include <string.h>

#include "history_writer.h"

#define HOUR_MS		3600000
#define DAY_MS		86400000
#define NS_PER_MS	1000000
#define PROBES		16

static uint64_t hash_key(const struct cw_event_key *key)
{
	const unsigned char *octets = (const unsigned char *)key;
	uint64_t hash = 0xcbf29ce484222325;	/* FNV-1a */
	size_t i;

	for (i = 0; i < sizeof(*key); i++)
		hash = (hash ^ octets[i]) * 0x100000001b3;
	return hash ^ hash >> 32;
}

/* The slot of such events, or a free one for them; NULL where there is neither close by. */
static struct cw_event_slot *find_slot(struct cw_history_writer *writer,
				       const struct cw_event_key *key, int64_t hour)
{
	uint64_t hash = hash_key(key);
	int i;

	if (writer->slots_hour != hour) {
		memset(writer->slots, 0, CW_EVENT_SLOTS * sizeof(*writer->slots));
		writer->slots_hour = hour;
	}
	for (i = 0; i < PROBES; i++) {
		struct cw_event_slot *slot = &writer->slots[(hash + i) & (CW_EVENT_SLOTS - 1)];

		if (!slot->id || memcmp(&slot->key, key, sizeof(*key)) == 0)
			return slot;
	}
	return NULL;
}

static int count_day(struct cw_history *history, int type, int64_t time_ms, uint64_t count,
		     uint64_t frames, int64_t group, struct cw_error *err)
{
	return cw_sql_exec(history, "INSERT INTO event_day VALUES (?, ?, ?, ?, ?)"
			   " ON CONFLICT (start, type, device_group) DO UPDATE SET"
			   " count = count + excluded.count, frames = frames + excluded.frames",
			   CW_VALUES(CW_INT((time_ms - time_ms % DAY_MS) / 1000), CW_INT(type),
				     CW_INT(group), CW_INT(count), CW_INT(frames)), err);
}

static int note_hour(struct cw_history *history, int64_t time_ms, int64_t id, struct cw_error *err)
{
	return cw_sql_exec(history, "INSERT INTO event_hour VALUES (?1, ?2, ?2)"
			   " ON CONFLICT (start) DO UPDATE SET first = min(first, excluded.first),"
			   " last = max(last, excluded.last)",
			   CW_VALUES(CW_INT((time_ms - time_ms % HOUR_MS) / 1000), CW_INT(id)), err);
}

static int insert_row(struct cw_history *history, const struct cw_event_key *key,
		      int64_t time_ms, int64_t span_ms, uint64_t count, uint64_t frames,
		      int64_t *id, struct cw_error *err)
{
	bool drop = key->type == CAMWALL_EVENT_DEVICE_DROPPED;

	if (cw_sql_exec(history, "INSERT INTO event (time_ms, run, type, device, place, previous,"
			" reason, direction, ref, span_ms, count, frames)"
			" VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
			CW_VALUES(CW_INT(time_ms), CW_INT(history->writer->state.run),
				  CW_INT(key->type), CW_ID(key->device), CW_ID(key->place),
				  CW_ID(key->previous), drop ? CW_INT(key->reason) : CW_NONE,
				  drop ? CW_INT(key->direction) : CW_NONE, CW_ID(key->ref),
				  CW_ID(span_ms), CW_INT(count), CW_ID(frames)), err) < 0)
		return -1;
	*id = sqlite3_last_insert_rowid(history->db);
	return note_hour(history, time_ms, *id, err);
}

/*
 * A device chooses its VLAN, and so how many places there are: those beyond the first few of an
 * hour are one, without a name. @id of the slot without a place counts them.
 */
static void fold_places(struct cw_history_writer *writer, struct cw_event_key *key, int64_t hour)
{
	struct cw_event_key all = *key;
	struct cw_event_slot *slot, *places;

	slot = find_slot(writer, key, hour);
	if (!key->device || (!key->place && !key->previous) || (slot && slot->id))
		return;
	all.place = -1;
	all.previous = 0;
	places = find_slot(writer, &all, hour);
	if (places && places->id < CW_EVENT_PLACES) {
		places->key = all;
		places->id++;
		return;
	}
	key->place = 0;
	key->previous = 0;
}

/* What a flood makes is counted by the day where there is no room for more of it; not so what is rare. */
static bool may_be_left_out(const struct cw_event_key *key)
{
	return key->device && key->type != CAMWALL_EVENT_DEVICE_NEW;
}

int cw_write_event_row(struct cw_history *history, const struct cw_event_key *event,
		       int64_t time_ms, uint64_t count, uint64_t frames, int64_t group,
		       struct cw_error *err)
{
	struct cw_event_key folded = *event;
	const struct cw_event_key *key = &folded;
	struct cw_event_slot *slot;
	int64_t id;

	if (count_day(history, key->type, time_ms, count, frames, group, err) < 0)
		return -1;
	fold_places(history->writer, &folded, time_ms / HOUR_MS);
	slot = find_slot(history->writer, key, time_ms / HOUR_MS);
	if (!slot && may_be_left_out(key))
		return 0;
	if (slot && slot->id)
		return cw_sql_exec(history, "UPDATE event SET span_ms = max(coalesce(span_ms, 0), ?2),"
				   " count = count + ?3, frames = nullif(coalesce(frames, 0) + ?4, 0)"
				   " WHERE id = ?1",
				   CW_VALUES(CW_INT(slot->id), CW_INT(time_ms - slot->time_ms),
					     CW_INT(count), CW_INT(frames)), err);
	if (insert_row(history, key, time_ms, 0, count, frames, &id, err) < 0)
		return -1;
	if (slot) {
		slot->key = *key;
		slot->id = id;
		slot->time_ms = time_ms;
	}
	return 0;
}

int cw_history_write_lost(struct cw_history *history, uint64_t count, const struct cw_moment *now,
			  struct cw_error *err)
{
	struct cw_event_key key = { .type = CW_HISTORY_EVENTS_LOST };

	return cw_write_event_row(history, &key, now->time * 1000, count, 0, 0, err);
}

int cw_history_write_repaired(struct cw_history *history, const struct cw_moment *now,
			      struct cw_error *err)
{
	struct cw_event_key key = { .type = CW_HISTORY_NFTABLES_REPAIRED };

	return cw_write_event_row(history, &key, now->time * 1000, 1, 0, 0, err);
}

int cw_history_write_stopped(struct cw_history *history, int64_t since, uint64_t lost,
			     const struct cw_moment *now, struct cw_error *err)
{
	struct cw_event_key key = { .type = CW_HISTORY_STOPPED };
	int64_t span = now->time > since ? now->time - since : 0, id;

	if (count_day(history, key.type, since * 1000, lost, 0, 0, err) < 0)
		return -1;
	return insert_row(history, &key, since * 1000, span * 1000, lost, 0, &id, err);
}

/* What an event says of the device itself; its id, 0 where it has no entry. */
static int write_device(struct cw_history *history, const struct cw_event *event,
			const struct cw_moment *now, int64_t *id, struct cw_error *err)
{
	bool new = event->type == CAMWALL_EVENT_DEVICE_NEW;

	if (cw_device_id(history, &event->device, new, now, id, err) < 0)
		return -1;
	if (!*id)
		return 0;
	if (new || event->type == CAMWALL_EVENT_DEVICE_BACK)
		return cw_write_device(history, &event->device, NULL, false, now, err);
	if (event->type == CAMWALL_EVENT_DEVICE_GONE)
		return cw_write_device(history, &event->device, NULL, true, now, err);
	return 0;
}

static int place_of(struct cw_history *history, const struct cw_place *place, int64_t *id,
		    struct cw_error *err)
{
	*id = 0;
	return *place->ifname ? cw_place_id(history, place, NULL, id, err) : 0;
}

static int write_device_event(struct cw_history *history, const struct cw_event *event,
			      int64_t time_ms, const struct cw_moment *now, struct cw_error *err)
{
	struct cw_event_key key = { .type = event->type };
	uint64_t frames = 0;
	int64_t group = 0;

	if (write_device(history, event, now, &key.device, err) < 0)
		return -1;
	if (!key.device)
		return 0;
	if (place_of(history, &event->device.place, &key.place, err) < 0 ||
	    (event->type == CAMWALL_EVENT_DEVICE_MOVED &&
	     place_of(history, &event->previous, &key.previous, err) < 0) ||
	    (*event->device.group && cw_group_id(history, event->device.group, &group, err) < 0))
		return -1;
	if (event->type == CAMWALL_EVENT_DEVICE_DROPPED) {
		key.reason = event->drop_reason;
		key.direction = event->direction;
		frames = event->suppressed + 1;
	}
	return cw_write_event_row(history, &key, time_ms, 1, frames, group, err);
}

int cw_history_write_event(struct cw_history *history, const struct cw_event *event, int64_t ref,
			   const struct cw_moment *now, struct cw_error *err)
{
	struct cw_event_key key = { .type = event->type, .ref = ref };
	int64_t time_ms = event->time / NS_PER_MS;

	if (cw_event_has_device(event->type))
		return write_device_event(history, event, time_ms, now, err);
	return cw_write_event_row(history, &key, time_ms, 1,
				  event->type == CAMWALL_EVENT_DEVICE_FLOOD ? event->refused : 0,
				  0, err);
}
