// SPDX-License-Identifier: GPL-2.0-or-later
/* An event: from the attributes of its message to a value, and the names of what it tells. */
#include <stdlib.h>
#include <string.h>
#include <netlink/attr.h>
#include <netlink/genl/genl.h>

#include "client_private.h"

static const char *const event_names[] = {
	[CAMWALL_EVENT_DEVICE_NEW] = "device-new",
	[CAMWALL_EVENT_DEVICE_MOVED] = "device-moved",
	[CAMWALL_EVENT_DEVICE_GONE] = "device-gone",
	[CAMWALL_EVENT_DEVICE_BACK] = "device-back",
	[CAMWALL_EVENT_DEVICE_DROPPED] = "device-dropped",
	[CAMWALL_EVENT_EXEMPTION_ENDED] = "exemption-ended",
	[CAMWALL_EVENT_CONFIG_CHANGED] = "config-changed",
	[CAMWALL_EVENT_DEVICES_FLUSHED] = "devices-flushed",
	[CAMWALL_EVENT_DEVICE_FLOOD] = "device-flood",
};

static const char *const drop_reason_names[] = {
	[CAMWALL_DROP_REASON_POLICY] = "policy",
	[CAMWALL_DROP_REASON_NOT_ALLOWED] = "not-allowed",
	[CAMWALL_DROP_REASON_LIMIT] = "limit",
	[CAMWALL_DROP_REASON_MALFORMED] = "malformed",
};

#define NAME(names, value) \
	((size_t)(value) < sizeof(names) / sizeof((names)[0]) ? (names)[value] : "unknown")

const char *cw_event_name(enum camwall_event type)
{
	return NAME(event_names, type);
}

const char *cw_drop_reason_name(enum camwall_drop_reason reason)
{
	return NAME(drop_reason_names, reason);
}

const char *cw_direction_name(enum camwall_direction direction)
{
	return direction == CAMWALL_DIRECTION_FROM ? "from" :
	       direction == CAMWALL_DIRECTION_TO ? "to" : "unknown";
}

bool cw_event_has_device(enum camwall_event type)
{
	switch (type) {
	case CAMWALL_EVENT_DEVICE_NEW:
	case CAMWALL_EVENT_DEVICE_MOVED:
	case CAMWALL_EVENT_DEVICE_GONE:
	case CAMWALL_EVENT_DEVICE_BACK:
	case CAMWALL_EVENT_DEVICE_DROPPED:
		return true;
	default:
		return false;
	}
}

/* Those of them that an event of another type has none of are 0. */
static void take_figures(struct nlattr **attrs, struct cw_event *event)
{
	event->drop_reason = cw_get_u32(attrs[CAMWALL_A_DROP_REASON]);
	event->direction = cw_get_u32(attrs[CAMWALL_A_DIRECTION]);
	event->suppressed = cw_get_u64(attrs[CAMWALL_A_SUPPRESSED]);
	event->generation = cw_get_u32(attrs[CAMWALL_A_GENERATION]);
	event->group_count = cw_get_u32(attrs[CAMWALL_A_GROUP_COUNT]);
	event->prefix_count = cw_get_u32(attrs[CAMWALL_A_PREFIX_COUNT]);
	event->exemption_count = cw_get_u32(attrs[CAMWALL_A_EXEMPTION_COUNT]);
	event->portid = cw_get_u32(attrs[CAMWALL_A_PORTID]);
	event->uid = cw_get_u32(attrs[CAMWALL_A_UID]);
	event->device_count = cw_get_u32(attrs[CAMWALL_A_DEVICE_COUNT]);
	event->refused = cw_get_u64(attrs[CAMWALL_A_REFUSED]);
	event->device_refused = cw_get_u64(attrs[CAMWALL_A_DEVICE_REFUSED]);
	cw_get_digest(attrs[CAMWALL_A_DIGEST], &event->digest);
}

int cw_parse_event(struct nlmsghdr *msg, struct cw_event *event, struct cw_error *err)
{
	struct nlattr *attrs[CAMWALL_A_MAX + 1];

	memset(event, 0, sizeof(*event));
	if (!genlmsg_valid_hdr(msg, 0))
		return 0;
	if (genlmsg_hdr(msg)->cmd != CAMWALL_CMD_EVENT)
		return 0;
	if (genlmsg_parse(msg, 0, attrs, CAMWALL_A_MAX, cw_genl_policy) < 0 ||
	    !attrs[CAMWALL_A_EVENT_SEQ] || !attrs[CAMWALL_A_EVENT] || !attrs[CAMWALL_A_TIME])
		return cw_incomplete("readable event", err);
	event->seq = nla_get_u64(attrs[CAMWALL_A_EVENT_SEQ]);
	event->type = nla_get_u32(attrs[CAMWALL_A_EVENT]);
	event->time = nla_get_u64(attrs[CAMWALL_A_TIME]);
	take_figures(attrs, event);
	if (cw_event_has_device(event->type) &&
	    cw_parse_device(attrs[CAMWALL_A_DEVICE], &event->device, err) < 0)
		return -1;
	if (event->type == CAMWALL_EVENT_DEVICE_MOVED &&
	    cw_parse_place(attrs[CAMWALL_A_PREVIOUS], &event->previous, err) < 0)
		return -1;
	if (event->type == CAMWALL_EVENT_EXEMPTION_ENDED &&
	    cw_parse_exemption(attrs[CAMWALL_A_EXEMPTION], &event->exemption, err) < 0)
		return -1;
	return 1;
}

void cw_event_clear(struct cw_event *event)
{
	free(event->exemption.reason);
	free(event->exemption.approved_by);
	event->exemption.reason = NULL;
	event->exemption.approved_by = NULL;
}
