// SPDX-License-Identifier: GPL-2.0-or-later
/* An event as a line that a person reads. */
#include <arpa/inet.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "alloc.h"
#include "event_text.h"
#include "text.h"
#include "timestamp.h"

#define NS_PER_SECOND	1000000000

char *cw_place_text(const struct cw_place *place)
{
	const char *ifname = *place->ifname ? place->ifname : "a device that is gone";

	if (place->has_vlan)
		return cw_asprintf("%s vlan %u", ifname, place->vlan);
	return cw_strdup(ifname);
}

/* "44:19:b6:12:34:56 hikvision (Hangzhou Hikvision ...)" */
static void print_device(FILE *out, const struct cw_device *device,
			 const struct cw_identities *identities)
{
	struct cw_identity identity = cw_identity_find(identities, device->mac);
	char mac[CW_MAC_STRLEN + 1];
	const char *name = identity.organization;

	if (!name && identity.pack)
		name = identity.pack->title;
	fprintf(out, " %s %s", cw_mac_format(device->mac, mac),
		*device->group ? device->group : "(not listed any more)");
	if (name)
		fprintf(out, " (%s)", name);
	if (device->exempt)
		fputs(" exempt", out);
}

static void print_place(FILE *out, const char *before, const struct cw_place *place)
{
	char *text = cw_place_text(place);

	fprintf(out, " %s %s", before, text);
	free(text);
}

static void print_addresses(FILE *out, const struct cw_device *device)
{
	char text[INET6_ADDRSTRLEN];

	if (device->has_ipv4)
		fprintf(out, ", %s", inet_ntop(AF_INET, &device->ipv4, text, sizeof(text)));
	if (device->has_ipv6)
		fprintf(out, ", %s", inet_ntop(AF_INET6, &device->ipv6, text, sizeof(text)));
}

static void print_moved(FILE *out, const struct cw_event *event)
{
	print_place(out, "from", &event->previous);
	print_place(out, "to", &event->device.place);
}

static void print_gone(FILE *out, const struct cw_event *event)
{
	print_place(out, "from", &event->device.place);
	if (event->device.displaced)
		fputs(", made room for others", out);
	else
		fprintf(out, ", silent for %u s", event->device.idle);
}

static void print_dropped(FILE *out, const struct cw_event *event)
{
	print_place(out, "at", &event->device.place);
	fprintf(out, ", %s it, %s",
		event->direction == CAMWALL_DIRECTION_TO ? "to" : "from",
		cw_drop_reason_name(event->drop_reason));
	if (event->suppressed)
		fprintf(out, ", and %" PRIu64 " more since the last such event", event->suppressed);
}

static void print_exemption(FILE *out, const struct cw_event *event)
{
	char mac[CW_MAC_STRLEN + 1], until[CW_TIMESTAMP_STRLEN + 1];
	const struct cw_policy_exemption *exemption = &event->exemption;

	fprintf(out, " %s until %s, %s, approved by %s", cw_mac_format(exemption->mac, mac),
		cw_timestamp_format(exemption->until, until), exemption->reason,
		exemption->approved_by);
}

static void print_configuration(FILE *out, const struct cw_event *event)
{
	char digest[CW_DIGEST_STRLEN + 1];

	fprintf(out, " generation %u, groups %u, prefixes %u, exemptions %u, by uid %u (port %u)",
		event->generation, event->group_count, event->prefix_count,
		event->exemption_count, event->uid, event->portid);
	if (event->digest.length)
		fprintf(out, ", sha256 %s", cw_digest_format(&event->digest, digest));
}

static void print_details(FILE *out, const struct cw_event *event)
{
	switch (event->type) {
	case CAMWALL_EVENT_DEVICE_NEW:
	case CAMWALL_EVENT_DEVICE_BACK:
		print_place(out, "at", &event->device.place);
		print_addresses(out, &event->device);
		break;
	case CAMWALL_EVENT_DEVICE_MOVED:
		print_moved(out, event);
		break;
	case CAMWALL_EVENT_DEVICE_GONE:
		print_gone(out, event);
		break;
	case CAMWALL_EVENT_DEVICE_DROPPED:
		print_dropped(out, event);
		break;
	case CAMWALL_EVENT_EXEMPTION_ENDED:
		print_exemption(out, event);
		break;
	case CAMWALL_EVENT_CONFIG_CHANGED:
		print_configuration(out, event);
		break;
	case CAMWALL_EVENT_DEVICES_FLUSHED:
		fprintf(out, " %u devices, by uid %u (port %u)", event->device_count, event->uid,
			event->portid);
		break;
	case CAMWALL_EVENT_DEVICE_FLOOD:
		fprintf(out, " %" PRIu64 " frames of devices that found no place, %" PRIu64 " in all",
			event->refused, event->device_refused);
		break;
	default:
		fprintf(out, " %u: the module is newer than this program", (unsigned int)event->type);
	}
}

char *cw_event_text(const struct cw_event *event, const struct cw_identities *identities)
{
	char time[CW_TIMESTAMP_STRLEN + 1], *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		return cw_strdup(cw_event_name(event->type));
	fprintf(out, "%s %s", cw_timestamp_format(event->time / NS_PER_SECOND, time),
		cw_event_name(event->type));
	if (cw_event_has_device(event->type))
		print_device(out, &event->device, identities);
	print_details(out, event);
	fclose(out);
	return cw_text_clean(text);
}
