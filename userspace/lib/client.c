// SPDX-License-Identifier: GPL-2.0-or-later
/* The kernel's side over generic netlink: how the module fares, and what it says of one address. */
#include <stdlib.h>
#include <string.h>
#include <netlink/attr.h>
#include <netlink/genl/genl.h>

#include "alloc.h"
#include "client_private.h"
#include "netns.h"

struct cw_client *cw_client_open(const char *netns, struct cw_error *err)
{
	struct cw_client *client;

	if (netns && cw_netns_enter(netns, err) < 0)
		return NULL;
	client = cw_calloc(1, sizeof(*client));
	if (cw_genl_open(&client->genl, err) == 0)
		return client;
	cw_client_close(client);
	return NULL;
}

void cw_client_close(struct cw_client *client)
{
	if (!client)
		return;
	cw_genl_close(&client->genl);
	free(client);
}

static int on_status(void *ctx, struct nlmsghdr *msg, struct nlattr **attrs,
		     struct cw_error *err)
{
	struct cw_status *status = ctx;

	if (!attrs[CAMWALL_A_GENERATION] || !attrs[CAMWALL_A_VERSION])
		return cw_incomplete("generation and version", err);
	nla_strlcpy(status->version, attrs[CAMWALL_A_VERSION], sizeof(status->version));
	status->generation = nla_get_u32(attrs[CAMWALL_A_GENERATION]);
	status->group_count = cw_get_u32(attrs[CAMWALL_A_GROUP_COUNT]);
	status->prefix_count = cw_get_u32(attrs[CAMWALL_A_PREFIX_COUNT]);
	status->link_count = cw_get_u32(attrs[CAMWALL_A_LINK_COUNT]);
	status->memory = cw_get_u64(attrs[CAMWALL_A_MEMORY]);
	status->exemption_count = cw_get_u32(attrs[CAMWALL_A_EXEMPTION_COUNT]);
	status->conntrack_state = cw_get_u32(attrs[CAMWALL_A_CONNTRACK_STATE]);
	status->clock_behind = cw_get_u32(attrs[CAMWALL_A_CLOCK_BEHIND]);
	status->max_devices = cw_get_u32(attrs[CAMWALL_A_MAX_DEVICES]);
	status->device_count = cw_get_u32(attrs[CAMWALL_A_DEVICE_COUNT]);
	status->device_evicted = cw_get_u64(attrs[CAMWALL_A_DEVICE_EVICTED]);
	status->device_refused = cw_get_u64(attrs[CAMWALL_A_DEVICE_REFUSED]);
	status->event_seq = cw_get_u64(attrs[CAMWALL_A_EVENT_SEQ]);
	return 0;
}

enum cw_genl_result cw_client_ask(struct cw_client *client, uint8_t cmd, int flags,
				  cw_genl_reply_fn *reply, void *ctx, struct cw_error *err)
{
	struct nl_msg *msg = cw_genl_request(&client->genl, cmd, flags, 0);

	return cw_genl_exchange(&client->genl, msg, reply, ctx, err);
}

int cw_client_status(struct cw_client *client, struct cw_status *status,
		     struct cw_error *err)
{
	memset(status, 0, sizeof(*status));
	return cw_client_ask(client, CAMWALL_CMD_STATUS_GET, 0, on_status, status, err);
}

static int on_digest(void *ctx, struct nlmsghdr *msg, struct nlattr **attrs,
		     struct cw_error *err)
{
	cw_get_digest(attrs[CAMWALL_A_DIGEST], ctx);
	return 0;
}

int cw_client_digest(struct cw_client *client, struct cw_digest *digest, struct cw_error *err)
{
	memset(digest, 0, sizeof(*digest));
	return cw_client_ask(client, CAMWALL_CMD_CONFIG_GET, 0, on_digest, digest, err);
}

struct link_list {
	struct cw_link *links;
	size_t n;
};

static int on_link(void *ctx, struct nlmsghdr *msg, struct nlattr **attrs,
		   struct cw_error *err)
{
	static struct nla_policy policy[CAMWALL_A_LINK_MAX + 1] = {
		[CAMWALL_A_LINK_IFINDEX] = { .type = NLA_U32 },
		[CAMWALL_A_LINK_IFNAME] = { .type = NLA_STRING,
					    .maxlen = CAMWALL_INTERFACE_LEN + 1 },
	};
	struct nlattr *link[CAMWALL_A_LINK_MAX + 1];
	struct link_list *list = ctx;
	struct cw_link *new;

	if (!attrs[CAMWALL_A_LINK])
		return 0;
	if (nla_parse_nested(link, CAMWALL_A_LINK_MAX, attrs[CAMWALL_A_LINK], policy) < 0 ||
	    !link[CAMWALL_A_LINK_IFNAME])
		return cw_incomplete("readable device", err);
	list->links = cw_array_room(list->links, list->n, sizeof(*list->links));
	new = &list->links[list->n++];
	new->ifindex = cw_get_u32(link[CAMWALL_A_LINK_IFINDEX]);
	nla_strlcpy(new->ifname, link[CAMWALL_A_LINK_IFNAME], sizeof(new->ifname));
	return 0;
}

int cw_client_links(struct cw_client *client, struct cw_link **links, size_t *n,
		    struct cw_error *err)
{
	int tries;

	for (tries = 0; tries < CW_READ_TRIES; tries++) {
		struct link_list list = { 0 };
		enum cw_genl_result ret;

		ret = cw_client_ask(client, CAMWALL_CMD_LINK_GET, NLM_F_DUMP, on_link, &list, err);
		if (ret == CW_GENL_OK) {
			*links = list.links;
			*n = list.n;
			return 0;
		}
		free(list.links);
		if (ret == CW_GENL_FAILED)
			return -1;
	}
	return cw_error_set(err, "the devices changed %d times while they were listed: run again",
			    CW_READ_TRIES);
}

static int on_lookup(void *ctx, struct nlmsghdr *msg, struct nlattr **attrs,
		     struct cw_error *err)
{
	struct cw_lookup *lookup = ctx;
	uint32_t id;

	if (attrs[CAMWALL_A_EXEMPTION]) {
		lookup->has_exemption = true;
		if (cw_parse_exemption(attrs[CAMWALL_A_EXEMPTION], &lookup->exemption, err) < 0)
			return -1;
	}
	if (!attrs[CAMWALL_A_PREFIX])
		return 0;
	lookup->prefix = nla_get_u64(attrs[CAMWALL_A_PREFIX]) & ~0xffULL;
	lookup->found = true;
	return cw_parse_group(attrs[CAMWALL_A_GROUP], &lookup->group, &id, err);
}

int cw_client_lookup(struct cw_client *client, struct cw_lookup *lookup, struct cw_error *err)
{
	struct nl_msg *msg;

	msg = cw_genl_request(&client->genl, CAMWALL_CMD_LOOKUP, 0, nla_total_size(CW_MAC_OCTETS));
	cw_put_mac(msg, CAMWALL_A_MAC, lookup->mac);
	return cw_genl_exchange(&client->genl, msg, on_lookup, lookup, err) ? -1 : 0;
}

void cw_lookup_clear(struct cw_lookup *lookup)
{
	free(lookup->exemption.reason);
	free(lookup->exemption.approved_by);
	memset(lookup, 0, sizeof(*lookup));
}
