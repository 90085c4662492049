// SPDX-License-Identifier: GPL-2.0
/* What a group's action says of a frame: isolate, limit, drop. */
#include <linux/inetdevice.h>
#include <linux/timekeeping.h>
#include <net/ipv6.h>

#include "config.h"
#include "device.h"
#include "packet.h"
#include "verdict.h"

static bool cw_allow_matches(const struct cw_allow *allow,
			     const struct cw_peer *peer)
{
	if (allow->family != peer->family)
		return false;
	if (!allow->any_protocol && allow->protocol != peer->protocol)
		return false;
	if (allow->has_ports &&
	    (!peer->has_port || peer->port < allow->port_min ||
	     peer->port > allow->port_max))
		return false;
	if (allow->family == AF_INET)
		return !((allow->address.ip ^ peer->address.ip) &
			 inet_make_mask(allow->length));
	return ipv6_prefix_equal(&allow->address.in6, &peer->address.in6,
				 allow->length);
}

static enum cw_drop cw_isolate(const struct cw_group *group,
			       const struct cw_frame *frame)
{
	struct cw_peer peer;
	u32 i;

	switch (cw_packet_parse(frame->skb, frame->direction, &peer)) {
	case CW_PACKET_SERVICE:
		return CW_DROP_NONE;
	case CW_PACKET_MALFORMED:
		return CW_DROP_MALFORMED;
	case CW_PACKET_OTHER:
		return CW_DROP_NOT_ALLOWED;
	case CW_PACKET_PEER:
		break;
	}
	for (i = 0; i < group->n_allow; i++)
		if (cw_allow_matches(&group->allow[i], &peer))
			return CW_DROP_NONE;
	return CW_DROP_NOT_ALLOWED;
}

static enum cw_drop cw_limit(const struct cw_group *group,
			     struct cw_device *device,
			     const struct cw_frame *frame)
{
	struct cw_tokens *bucket = device ? &device->bucket : &group->state->bucket;

	return cw_limit_take(&group->limit, bucket, ktime_get_ns(),
			     frame->packets, frame->bytes) ?
		       CW_DROP_NONE : CW_DROP_LIMIT;
}

/**
 * cw_verdict() - what a group's action says of a frame
 * @group: the device's group; the device is not exempt
 * @device: the device, where it is in the inventory; else NULL
 * @frame: the frame
 *
 * Context: softirq, RCU read lock held.
 */
enum cw_drop cw_verdict(const struct cw_group *group, struct cw_device *device,
			const struct cw_frame *frame)
{
	if (group->action == CAMWALL_ACTION_LIMIT)
		return cw_limit(group, device, frame);
	return cw_forbids(group, frame);
}

/**
 * cw_forbids() - the same, as far as it does not depend on other frames
 * @group: the device's group; the device is not exempt
 * @frame: the frame
 *
 * Context: any, RCU read lock held.
 */
enum cw_drop cw_forbids(const struct cw_group *group, const struct cw_frame *frame)
{
	switch (group->action) {
	case CAMWALL_ACTION_DROP:
		return CW_DROP_POLICY;
	case CAMWALL_ACTION_ISOLATE:
		return cw_isolate(group, frame);
	}
	return CW_DROP_NONE;
}
