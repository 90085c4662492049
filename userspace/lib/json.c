// SPDX-License-Identifier: GPL-2.0-or-later
/* Devices as JSON (jansson). */
#include <arpa/inet.h>
#include <stdlib.h>

#include "alloc.h"
#include "json.h"
#include "json_private.h"
#include "timestamp.h"

#define VLAN_8021AD	0x88a8

json_t *cw_json_text(const char *text)
{
	json_t *json;
	char *copy, *c;

	if (!text)
		return json_null();
	json = json_string(text);
	if (json)
		return json;
	copy = cw_strdup(text);
	for (c = copy; *c; c++)
		if ((unsigned char)*c >= 0x80)
			*c = '?';
	json = json_string(copy);
	free(copy);
	return json;
}

/* An empty text stands for none. */
static json_t *text_or_null(const char *text)
{
	return cw_json_text(text && *text ? text : NULL);
}

static json_t *moment(uint64_t seconds)
{
	char text[CW_TIMESTAMP_STRLEN + 1];

	return json_string(cw_timestamp_format(seconds, text));
}

static json_t *address_text(int family, const void *address)
{
	char text[INET6_ADDRSTRLEN];

	return cw_json_text(inet_ntop(family, address, text, sizeof(text)));
}

json_t *cw_json_counters(const struct cw_policy_counters *counters)
{
	return json_pack("{s:I, s:I, s:I, s:I, s:I, s:I, s:I}",
			 "packets", (json_int_t)counters->packets,
			 "bytes", (json_int_t)counters->bytes,
			 "dropped", (json_int_t)counters->dropped,
			 "dropped_policy", (json_int_t)counters->dropped_policy,
			 "dropped_not_allowed", (json_int_t)counters->dropped_not_allowed,
			 "dropped_limit", (json_int_t)counters->dropped_limit,
			 "dropped_malformed", (json_int_t)counters->dropped_malformed);
}

void cw_json_add_place(json_t *json, const struct cw_place *place)
{
	json_object_set_new(json, "ifname", text_or_null(place->ifname));
	json_object_set_new(json, "ifindex", json_integer(place->ifindex));
	json_object_set_new(json, "vlan", place->has_vlan ? json_integer(place->vlan) : json_null());
	json_object_set_new(json, "vlan_protocol", !place->has_vlan ? json_null() :
			    json_string(place->vlan_protocol == VLAN_8021AD ? "802.1ad" : "802.1Q"));
}

static void add_identity(json_t *json, const struct cw_identity *identity)
{
	char prefix[CW_PREFIX_STRLEN + 1];
	const struct cw_pack *pack = identity ? identity->pack : NULL;

	json_object_set_new(json, "vendor", cw_json_text(pack ? pack->name : NULL));
	json_object_set_new(json, "vendor_title", cw_json_text(pack ? pack->title : NULL));
	json_object_set_new(json, "organization",
			    cw_json_text(identity ? identity->organization : NULL));
	json_object_set_new(json, "prefix", identity && identity->prefix ?
			    json_string(cw_prefix_format(identity->prefix, prefix)) : json_null());
}

json_t *cw_json_device(const struct cw_device *device, const struct cw_identity *identity)
{
	char mac[CW_MAC_STRLEN + 1];
	json_t *json = json_object();

	json_object_set_new(json, "mac", json_string(cw_mac_format(device->mac, mac)));
	json_object_set_new(json, "group", text_or_null(device->group));
	add_identity(json, identity);
	json_object_set_new(json, "exempt", json_boolean(device->exempt));
	json_object_set_new(json, "gone", json_boolean(device->gone));
	json_object_set_new(json, "first_seen", moment(device->first_seen));
	json_object_set_new(json, "last_seen", moment(device->last_seen));
	json_object_set_new(json, "idle_time", json_integer(device->idle));
	cw_json_add_place(json, &device->place);
	json_object_set_new(json, "ipv4", device->has_ipv4 ?
			    address_text(AF_INET, &device->ipv4) : json_null());
	json_object_set_new(json, "ipv6", device->has_ipv6 ?
			    address_text(AF_INET6, &device->ipv6) : json_null());
	json_object_set_new(json, "from", cw_json_counters(&device->from));
	json_object_set_new(json, "to", cw_json_counters(&device->to));
	return json;
}

static json_t *sources_json(unsigned int sources)
{
	json_t *json = json_array();

	if (sources & CW_FROM_TRAFFIC)
		json_array_append_new(json, json_string("traffic"));
	if (sources & CW_FROM_NEIGHBOUR)
		json_array_append_new(json, json_string("neighbour"));
	if (sources & CW_FROM_LEASE)
		json_array_append_new(json, json_string("lease"));
	return json;
}

json_t *cw_json_listed(const struct cw_listed *listed)
{
	json_t *json = cw_json_device(&listed->device, &listed->identity);
	const struct cw_fdb_entry *fdb = listed->fdb;
	json_t *addresses = json_array();
	size_t i;

	for (i = 0; i < listed->n_addresses; i++) {
		const struct cw_address *address = &listed->addresses[i];

		json_array_append_new(addresses, json_pack("{s:o, s:o}",
							   "address", address_text(address->family, address->address),
							   "sources", sources_json(address->sources)));
	}
	json_object_set_new(json, "hostname", cw_json_text(listed->hostname));
	json_object_set_new(json, "addresses", addresses);
	json_object_set_new(json, "bridge", text_or_null(fdb ? fdb->bridge_name : NULL));
	json_object_set_new(json, "bridge_port", text_or_null(fdb ? fdb->port_name : NULL));
	return json;
}
