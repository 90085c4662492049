// SPDX-License-Identifier: GPL-2.0-or-later
/* Events as JSON (jansson). */
#include <stdio.h>

#include "json.h"
#include "json_private.h"
#include "timestamp.h"

static void add_device(json_t *json, const struct cw_event *event,
		       const struct cw_identities *identities)
{
	struct cw_identity identity = cw_identity_find(identities, event->device.mac);

	json_object_set_new(json, "device", cw_json_device(&event->device, &identity));
}

static void add_previous(json_t *json, const struct cw_event *event)
{
	json_t *previous = json_object();

	cw_json_add_place(previous, &event->previous);
	json_object_set_new(json, "previous", previous);
}

static void add_dropped(json_t *json, const struct cw_event *event)
{
	json_object_set_new(json, "drop_reason", json_string(cw_drop_reason_name(event->drop_reason)));
	json_object_set_new(json, "direction", json_string(cw_direction_name(event->direction)));
	json_object_set_new(json, "suppressed", json_integer(event->suppressed));
}

static void add_exemption(json_t *json, const struct cw_event *event)
{
	char mac[CW_MAC_STRLEN + 1], until[CW_TIMESTAMP_STRLEN + 1];
	const struct cw_policy_exemption *exemption = &event->exemption;

	json_object_set_new(json, "exemption",
			    json_pack("{s:s, s:s, s:o, s:o}",
				      "mac", cw_mac_format(exemption->mac, mac),
				      "until", cw_timestamp_format(exemption->until, until),
				      "reason", cw_json_text(exemption->reason),
				      "approved_by", cw_json_text(exemption->approved_by)));
}

static void add_actor(json_t *json, const struct cw_event *event)
{
	json_object_set_new(json, "portid", json_integer(event->portid));
	json_object_set_new(json, "uid", json_integer(event->uid));
}

static void add_configuration(json_t *json, const struct cw_event *event)
{
	char digest[CW_DIGEST_STRLEN + 1];

	json_object_set_new(json, "generation", json_integer(event->generation));
	json_object_set_new(json, "group_count", json_integer(event->group_count));
	json_object_set_new(json, "prefix_count", json_integer(event->prefix_count));
	json_object_set_new(json, "exemption_count", json_integer(event->exemption_count));
	json_object_set_new(json, "digest", event->digest.length ?
			    json_string(cw_digest_format(&event->digest, digest)) : json_null());
	add_actor(json, event);
}

json_t *cw_json_event(const struct cw_event *event, const struct cw_identities *identities)
{
	char time[CW_TIMESTAMP_NS_STRLEN + 1];
	json_t *json = json_pack("{s:s, s:I, s:s, s:I}", "event", cw_event_name(event->type),
				 "seq", (json_int_t)event->seq,
				 "time", cw_timestamp_format_ns(event->time, time),
				 "lost", (json_int_t)event->lost);

	if (cw_event_has_device(event->type))
		add_device(json, event, identities);
	switch (event->type) {
	case CAMWALL_EVENT_DEVICE_MOVED:
		add_previous(json, event);
		break;
	case CAMWALL_EVENT_DEVICE_GONE:
		json_object_set_new(json, "displaced", json_boolean(event->device.displaced));
		break;
	case CAMWALL_EVENT_DEVICE_DROPPED:
		add_dropped(json, event);
		break;
	case CAMWALL_EVENT_EXEMPTION_ENDED:
		add_exemption(json, event);
		break;
	case CAMWALL_EVENT_CONFIG_CHANGED:
		add_configuration(json, event);
		break;
	case CAMWALL_EVENT_DEVICES_FLUSHED:
		json_object_set_new(json, "device_count", json_integer(event->device_count));
		add_actor(json, event);
		break;
	case CAMWALL_EVENT_DEVICE_FLOOD:
		json_object_set_new(json, "refused", json_integer(event->refused));
		json_object_set_new(json, "device_refused", json_integer(event->device_refused));
		break;
	default:
		break;
	}
	return json;
}
