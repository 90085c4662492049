/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The kernel's events: what happens to devices and to the configuration, as it happens. */
#ifndef CW_EVENTS_H
#define CW_EVENTS_H

#include <stdint.h>

#include "error.h"
#include "inventory.h"
#include "policy.h"

struct cw_events;

/**
 * struct cw_event - one event
 * @seq: its number in the network namespace, from 1 on; begins anew when the module is loaded
 *	 again
 * @type: a value that this library does not know, of a newer module, is handed on as it is
 * @time: when it happened, in nanoseconds since 1970
 * @lost: events that were lost between the one before and this one
 * @device: in all of DEVICE_NEW, _MOVED, _GONE, _BACK and _DROPPED, as it was at the moment
 *	 of sending
 * @previous: in DEVICE_MOVED: where it was before
 * @drop_reason, @direction: in DEVICE_DROPPED
 * @suppressed: in DEVICE_DROPPED: frames like this one that were dropped since the last such
 *	 event, without the one that this event tells of
 * @exemption: in EXEMPTION_ENDED; its strings are NULL in other events
 * @generation, @group_count, @prefix_count, @exemption_count, @digest: in CONFIG_CHANGED
 * @portid, @uid: in CONFIG_CHANGED and DEVICES_FLUSHED: netlink port and user who did it
 * @device_count: in DEVICES_FLUSHED: how many there were
 * @refused: in DEVICE_FLOOD: frames that found no place since the last such event
 * @device_refused: in DEVICE_FLOOD: the same since the namespace exists
 */
struct cw_event {
	uint64_t seq;
	enum camwall_event type;
	uint64_t time;
	uint64_t lost;
	struct cw_device device;
	struct cw_place previous;
	enum camwall_drop_reason drop_reason;
	enum camwall_direction direction;
	uint64_t suppressed;
	struct cw_policy_exemption exemption;
	uint32_t generation, group_count, prefix_count, exemption_count;
	uint32_t portid, uid;
	struct cw_digest digest;
	uint32_t device_count;
	uint64_t refused, device_refused;
};

/** enum cw_events_result - what cw_events_next() has found */
enum cw_events_result {
	CW_EVENTS_FAILED = -1,	/* the error is set; the handle is of no use any more */
	CW_EVENTS_NONE,		/* nothing waits: poll the descriptor */
	CW_EVENTS_EVENT,	/* an event */
	CW_EVENTS_LOST,		/* of the event only @lost: that many are lost, and none came after */
	CW_EVENTS_UNLOADED,	/* the module was unloaded; the handle waits for it to come back */
	CW_EVENTS_LOADED,	/* it was loaded again, empty: numbers and inventory begin anew */
};

/**
 * cw_events_open() - subscribe to the events of a network namespace
 * @netns: as for cw_client_open()
 * @err: where the caller may not listen says that CAP_NET_ADMIN is needed
 *
 * What happens from here on is delivered, or counted as lost: read the inventory after this,
 * not before, and nothing falls in between.
 *
 * Return: a handle for cw_events_close(), or NULL with @err set.
 */
struct cw_events *cw_events_open(const char *netns, struct cw_error *err);
void cw_events_close(struct cw_events *events);

/**
 * cw_events_stay_in() - the namespace to listen in when the module is loaded again
 * @netns: its descriptor, which cw_events_close() closes
 *
 * For a caller that leaves the namespace that it has opened @events in.
 */
void cw_events_stay_in(struct cw_events *events, int netns);

/** cw_events_fd() - the descriptor to poll for input; level-triggered, it never blocks */
int cw_events_fd(const struct cw_events *events);

/**
 * cw_events_next() - the next event
 * @event: filled; for cw_event_clear(), whatever is returned
 *
 * Call it until it returns CW_EVENTS_NONE, then poll. It never waits for an event. A listener
 * that is too slow loses events, and is told how many: in @event->lost of the next one, or,
 * where none comes after them, by CW_EVENTS_LOST.
 */
enum cw_events_result cw_events_next(struct cw_events *events, struct cw_event *event,
				     struct cw_error *err);

/** cw_event_clear() - free what an event holds */
void cw_event_clear(struct cw_event *event);

/** cw_event_name() - "device-new", ...; "unknown" for one that is not known */
const char *cw_event_name(enum camwall_event type);

/** cw_event_has_device() - whether events of this type are of one device */
bool cw_event_has_device(enum camwall_event type);

/** cw_drop_reason_name() - "policy", "not-allowed", "limit", "malformed" */
const char *cw_drop_reason_name(enum camwall_drop_reason reason);

/** cw_direction_name() - "from" or "to" */
const char *cw_direction_name(enum camwall_direction direction);

#endif
