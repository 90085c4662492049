// SPDX-License-Identifier: GPL-2.0-or-later
/* The kernel's inventory over generic netlink: reading it, and emptying it. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <netlink/attr.h>

#include "alloc.h"
#include "client_private.h"

static struct nla_policy device_policy[CAMWALL_A_DEVICE_MAX + 1] = {
	[CAMWALL_A_DEVICE_MAC] = { .minlen = CW_MAC_OCTETS, .maxlen = CW_MAC_OCTETS },
	[CAMWALL_A_DEVICE_GROUP_ID] = { .type = NLA_U32 },
	[CAMWALL_A_DEVICE_GROUP_NAME] = { .type = NLA_STRING,
					  .maxlen = CAMWALL_GROUP_NAME_LEN + 1 },
	[CAMWALL_A_DEVICE_EXEMPT] = { .type = NLA_U32 },
	[CAMWALL_A_DEVICE_FIRST_SEEN] = { .type = NLA_U64 },
	[CAMWALL_A_DEVICE_LAST_SEEN] = { .type = NLA_U64 },
	[CAMWALL_A_DEVICE_IDLE_TIME] = { .type = NLA_U32 },
	[CAMWALL_A_DEVICE_GONE] = { .type = NLA_U32 },
	[CAMWALL_A_DEVICE_IFINDEX] = { .type = NLA_U32 },
	[CAMWALL_A_DEVICE_IFNAME] = { .type = NLA_STRING, .maxlen = CAMWALL_INTERFACE_LEN + 1 },
	[CAMWALL_A_DEVICE_VLAN] = { .type = NLA_U16 },
	[CAMWALL_A_DEVICE_VLAN_PROTOCOL] = { .type = NLA_U16 },
	[CAMWALL_A_DEVICE_IPV4] = { .minlen = sizeof(struct in_addr),
				    .maxlen = sizeof(struct in_addr) },
	[CAMWALL_A_DEVICE_IPV6] = { .minlen = sizeof(struct in6_addr),
				    .maxlen = sizeof(struct in6_addr) },
	[CAMWALL_A_DEVICE_FROM] = { .type = NLA_NESTED },
	[CAMWALL_A_DEVICE_TO] = { .type = NLA_NESTED },
	[CAMWALL_A_DEVICE_DISPLACED] = { .type = NLA_U32 },
};

static void take_place(struct nlattr **attrs, struct cw_place *place)
{
	memset(place, 0, sizeof(*place));
	place->ifindex = cw_get_u32(attrs[CAMWALL_A_DEVICE_IFINDEX]);
	if (attrs[CAMWALL_A_DEVICE_IFNAME])
		nla_strlcpy(place->ifname, attrs[CAMWALL_A_DEVICE_IFNAME], sizeof(place->ifname));
	if (!attrs[CAMWALL_A_DEVICE_VLAN])
		return;
	place->has_vlan = true;
	place->vlan = nla_get_u16(attrs[CAMWALL_A_DEVICE_VLAN]);
	if (attrs[CAMWALL_A_DEVICE_VLAN_PROTOCOL])
		place->vlan_protocol = nla_get_u16(attrs[CAMWALL_A_DEVICE_VLAN_PROTOCOL]);
}

static void take_addresses(struct nlattr **attrs, struct cw_device *device)
{
	device->has_ipv4 = attrs[CAMWALL_A_DEVICE_IPV4];
	if (device->has_ipv4)
		memcpy(&device->ipv4, nla_data(attrs[CAMWALL_A_DEVICE_IPV4]), sizeof(device->ipv4));
	device->has_ipv6 = attrs[CAMWALL_A_DEVICE_IPV6];
	if (device->has_ipv6)
		memcpy(&device->ipv6, nla_data(attrs[CAMWALL_A_DEVICE_IPV6]), sizeof(device->ipv6));
}

int cw_parse_device(struct nlattr *nest, struct cw_device *device, struct cw_error *err)
{
	struct nlattr *attrs[CAMWALL_A_DEVICE_MAX + 1];

	memset(device, 0, sizeof(*device));
	if (!nest || nla_parse_nested(attrs, CAMWALL_A_DEVICE_MAX, nest, device_policy) < 0 ||
	    !attrs[CAMWALL_A_DEVICE_MAC])
		return cw_incomplete("readable device", err);
	device->mac = cw_get_mac(attrs[CAMWALL_A_DEVICE_MAC]);
	if (attrs[CAMWALL_A_DEVICE_GROUP_NAME])
		nla_strlcpy(device->group, attrs[CAMWALL_A_DEVICE_GROUP_NAME],
			    sizeof(device->group));
	device->group_id = cw_get_u32(attrs[CAMWALL_A_DEVICE_GROUP_ID]);
	device->exempt = cw_get_u32(attrs[CAMWALL_A_DEVICE_EXEMPT]);
	device->first_seen = cw_get_u64(attrs[CAMWALL_A_DEVICE_FIRST_SEEN]);
	device->last_seen = cw_get_u64(attrs[CAMWALL_A_DEVICE_LAST_SEEN]);
	device->idle = cw_get_u32(attrs[CAMWALL_A_DEVICE_IDLE_TIME]);
	device->gone = cw_get_u32(attrs[CAMWALL_A_DEVICE_GONE]);
	device->displaced = cw_get_u32(attrs[CAMWALL_A_DEVICE_DISPLACED]);
	take_place(attrs, &device->place);
	take_addresses(attrs, device);
	return cw_parse_counters(attrs[CAMWALL_A_DEVICE_FROM], &device->from, err) ?:
	       cw_parse_counters(attrs[CAMWALL_A_DEVICE_TO], &device->to, err);
}

int cw_parse_place(struct nlattr *nest, struct cw_place *place, struct cw_error *err)
{
	struct nlattr *attrs[CAMWALL_A_DEVICE_MAX + 1];

	if (!nest || nla_parse_nested(attrs, CAMWALL_A_DEVICE_MAX, nest, device_policy) < 0)
		return cw_incomplete("readable place of a device", err);
	take_place(attrs, place);
	return 0;
}

/** struct device_list - the inventory while it is read; @generation: of the last message */
struct device_list {
	struct cw_device *devices;
	size_t n;
	uint32_t generation;
};

static int on_device(void *ctx, struct nlmsghdr *msg, struct nlattr **attrs,
		     struct cw_error *err)
{
	struct device_list *list = ctx;

	if (!attrs[CAMWALL_A_DEVICE])
		return 0;
	list->generation = cw_get_u32(attrs[CAMWALL_A_GENERATION]);
	list->devices = cw_array_room(list->devices, list->n, sizeof(*list->devices));
	return cw_parse_device(attrs[CAMWALL_A_DEVICE], &list->devices[list->n++], err);
}

static int compare_mac(const void *a, const void *b)
{
	const struct cw_device *x = a, *y = b;

	return x->mac < y->mac ? -1 : x->mac > y->mac;
}

/* One that came and went and came again while the list was read may be told twice. */
static void sort_unique(struct device_list *list)
{
	size_t i, kept = 0;

	if (!list->n)
		return;
	qsort(list->devices, list->n, sizeof(*list->devices), compare_mac);
	for (i = 1; i < list->n; i++)
		if (list->devices[i].mac != list->devices[kept].mac)
			list->devices[++kept] = list->devices[i];
	list->n = kept + 1;
}

int cw_client_devices(struct cw_client *client, struct cw_device **devices, size_t *n,
		      uint32_t *generation, struct cw_error *err)
{
	int tries;

	for (tries = 0; tries < CW_READ_TRIES; tries++) {
		struct device_list list = { 0 };
		enum cw_genl_result ret;

		ret = cw_client_ask(client, CAMWALL_CMD_DEVICE_GET, NLM_F_DUMP, on_device, &list, err);
		if (ret == CW_GENL_OK) {
			sort_unique(&list);
			*devices = list.devices;
			*n = list.n;
			if (generation)
				*generation = list.generation;
			return 0;
		}
		free(list.devices);
		if (ret == CW_GENL_FAILED)
			return -1;
	}
	return cw_error_set(err, "the configuration changed %d times while the inventory was read: run again when nobody else writes it",
			    CW_READ_TRIES);
}

int cw_client_device(struct cw_client *client, uint64_t mac, struct cw_device *device,
		     struct cw_error *err)
{
	struct cw_error refusal = { 0 };
	struct device_list list = { 0 };
	struct nl_msg *msg;
	int ret;

	msg = cw_genl_request(&client->genl, CAMWALL_CMD_DEVICE_GET, 0,
			      nla_total_size(CW_MAC_OCTETS));
	cw_put_mac(msg, CAMWALL_A_MAC, mac);
	ret = cw_genl_exchange(&client->genl, msg, on_device, &list, &refusal);
	if (ret && client->genl.error == ENOENT)
		ret = 0;
	else if (ret)
		ret = cw_error_set(err, "%s", refusal.message);
	else if (list.n)
		ret = 1;
	if (ret > 0)
		*device = list.devices[0];
	free(list.devices);
	cw_error_clear(&refusal);
	return ret;
}

int cw_client_devices_flush(struct cw_client *client, struct cw_error *err)
{
	return cw_client_ask(client, CAMWALL_CMD_DEVICE_FLUSH, 0, NULL, NULL, err) ? -1 : 0;
}
