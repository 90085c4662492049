// SPDX-License-Identifier: GPL-2.0-or-later
/* libcamwall.so: a listener, and the event that it has read last. */
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "alloc.h"
#include "api.h"
#include "event_text.h"
#include "json.h"
#include "netns.h"
#include "timestamp.h"

#define NS_PER_SECOND	1000000000ULL

/**
 * struct camwall_events - a listener
 * @has_event: camwall_events_next() has returned 1
 * @type: of the event that was read last; @event holds it, but for what is no event of the module's
 * @device: of that event
 */
struct camwall_events {
	struct cw_events *events;
	bool has_event;
	enum camwall_event_type type;
	struct cw_event event;
	struct camwall_device device;
};

/* By the kernel's value: its numbers are not this library's. */
static const enum camwall_event_type types[] = {
	[CAMWALL_EVENT_DEVICE_NEW] = CAMWALL_EVENTS_DEVICE_NEW,
	[CAMWALL_EVENT_DEVICE_MOVED] = CAMWALL_EVENTS_DEVICE_MOVED,
	[CAMWALL_EVENT_DEVICE_GONE] = CAMWALL_EVENTS_DEVICE_GONE,
	[CAMWALL_EVENT_DEVICE_BACK] = CAMWALL_EVENTS_DEVICE_BACK,
	[CAMWALL_EVENT_DEVICE_DROPPED] = CAMWALL_EVENTS_DEVICE_DROPPED,
	[CAMWALL_EVENT_EXEMPTION_ENDED] = CAMWALL_EVENTS_EXEMPTION_ENDED,
	[CAMWALL_EVENT_CONFIG_CHANGED] = CAMWALL_EVENTS_CONFIG_CHANGED,
	[CAMWALL_EVENT_DEVICES_FLUSHED] = CAMWALL_EVENTS_DEVICES_FLUSHED,
	[CAMWALL_EVENT_DEVICE_FLOOD] = CAMWALL_EVENTS_DEVICE_FLOOD,
};

static struct cw_events *open_events(const char *netns, struct cw_error *err)
{
	struct cw_events *events;
	int fd, here;

	if (!netns)
		return cw_events_open(NULL, err);
	fd = api_netns_open(netns, &here, err);
	if (fd < 0)
		return NULL;
	events = cw_events_open(NULL, err);
	cw_netns_return(here);
	if (events)
		cw_events_stay_in(events, fd);
	else
		close(fd);
	return events;
}

struct camwall_events *camwall_events_open(const char *netns, char **error)
{
	struct camwall_events *events = NULL;
	struct cw_error err = { 0 };
	struct cw_events *listener;

	listener = open_events(netns, &err);
	if (listener) {
		events = cw_calloc(1, sizeof(*events));
		events->events = listener;
	}
	api_error(&err, error);
	return events;
}

void camwall_events_close(struct camwall_events *events)
{
	if (!events)
		return;
	cw_event_clear(&events->event);
	cw_events_close(events->events);
	free(events);
}

int camwall_events_fd(const struct camwall_events *events)
{
	return cw_events_fd(events->events);
}

static void take_event(struct camwall_events *events)
{
	size_t type = events->event.type;

	if (type < sizeof(types) / sizeof(types[0]))
		events->type = types[type];
	memset(&events->device, 0, sizeof(events->device));
	events->device.device = events->event.device;
	api_device_init(&events->device);
}

/* The module has numbered and dated it; for what is none of its events, now is when it was noticed. */
static void take_notice(struct camwall_events *events, enum camwall_event_type type)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	events->type = type;
	events->event.time = now.tv_sec * NS_PER_SECOND + now.tv_nsec;
}

static void take(struct camwall_events *events, enum cw_events_result result)
{
	events->has_event = true;
	if (result == CW_EVENTS_EVENT)
		take_event(events);
	else if (result == CW_EVENTS_LOST)
		take_notice(events, CAMWALL_EVENTS_LOST);
	else if (result == CW_EVENTS_UNLOADED)
		take_notice(events, CAMWALL_EVENTS_MODULE_UNLOADED);
	else
		take_notice(events, CAMWALL_EVENTS_MODULE_LOADED);
}

int camwall_events_next(struct camwall_events *events, char **error)
{
	enum cw_events_result result;
	struct cw_error err = { 0 };

	cw_event_clear(&events->event);
	events->has_event = false;
	events->type = CAMWALL_EVENTS_UNKNOWN;
	result = cw_events_next(events->events, &events->event, &err);
	if (api_error(&err, error) < 0 || result == CW_EVENTS_FAILED)
		return -1;
	if (result == CW_EVENTS_NONE)
		return 0;
	take(events, result);
	return 1;
}

enum camwall_event_type camwall_events_type(const struct camwall_events *events)
{
	return events->type;
}

const char *camwall_events_name(const struct camwall_events *events)
{
	switch (events->type) {
	case CAMWALL_EVENTS_LOST:
		return "lost";
	case CAMWALL_EVENTS_MODULE_UNLOADED:
		return "module-unloaded";
	case CAMWALL_EVENTS_MODULE_LOADED:
		return "module-loaded";
	default:
		return events->has_event ? cw_event_name(events->event.type) : "unknown";
	}
}

uint64_t camwall_events_lost(const struct camwall_events *events)
{
	return events->event.lost;
}

uint64_t camwall_events_time(const struct camwall_events *events)
{
	return events->event.time;
}

static bool is_notice(const struct camwall_events *events)
{
	return events->type >= CAMWALL_EVENTS_LOST;
}

const struct camwall_device *camwall_events_device(const struct camwall_events *events)
{
	if (!events->has_event || is_notice(events) || !cw_event_has_device(events->event.type))
		return NULL;
	return &events->device;
}

static const struct cw_identities *identities(const struct camwall_names *names)
{
	return names ? names->identities : NULL;
}

char *camwall_events_text(const struct camwall_events *events, const struct camwall_names *names)
{
	char time[CW_TIMESTAMP_STRLEN + 1];

	if (!events->has_event)
		return NULL;
	if (!is_notice(events))
		return cw_event_text(&events->event, identities(names));
	cw_timestamp_format(events->event.time / NS_PER_SECOND, time);
	if (events->type == CAMWALL_EVENTS_LOST)
		return cw_asprintf("%s lost %llu events", time, (unsigned long long)events->event.lost);
	return cw_asprintf("%s %s", time, camwall_events_name(events));
}

static json_t *notice_json(const struct camwall_events *events)
{
	char time[CW_TIMESTAMP_STRLEN + 1];

	return json_pack("{s:s, s:n, s:s, s:I}", "event", camwall_events_name(events), "seq", "time",
			 cw_timestamp_format(events->event.time / NS_PER_SECOND, time),
			 "lost", (json_int_t)events->event.lost);
}

char *camwall_events_json(const struct camwall_events *events, const struct camwall_names *names)
{
	json_t *json;
	char *text;

	if (!events->has_event)
		return NULL;
	json = is_notice(events) ? notice_json(events) :
	       cw_json_event(&events->event, identities(names));
	text = json_dumps(json, JSON_COMPACT | JSON_PRESERVE_ORDER);
	json_decref(json);
	return text;
}
