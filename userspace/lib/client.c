// SPDX-License-Identifier: GPL-2.0-or-later
/* The kernel's side over generic netlink: what the module holds. */
#include <stdlib.h>
#include <string.h>
#include <netlink/attr.h>
#include <netlink/genl/genl.h>

#include "alloc.h"
#include "client_private.h"
#include "netns.h"

#define READ_TRIES	10
#define MAC_OCTETS	6

/**
 * struct reading - a policy while it is read
 * @policy: what has come so far; @generation is of the first answer
 * @group_of_id: index of the group with that id in the kernel, or -1
 * @changed: an answer was of another generation than the first
 */
struct reading {
	struct cw_policy *policy;
	int group_of_id[CAMWALL_MAX_GROUP_ID + 1];
	bool changed;
};

static int compare_u64(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return x < y ? -1 : x > y;
}

static int incomplete(const char *what, struct cw_error *err)
{
	return cw_error_set(err, "the module's answer has no %s: module and tool are not of the same version",
			    what);
}

static uint32_t get_u32(struct nlattr *attr)
{
	return attr ? nla_get_u32(attr) : 0;
}

static uint64_t get_u64(struct nlattr *attr)
{
	return attr ? nla_get_u64(attr) : 0;
}

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

static int parse_counters(struct nlattr *nest, struct cw_policy_counters *counters,
			  struct cw_error *err)
{
	static struct nla_policy policy[CAMWALL_A_COUNTERS_MAX + 1] = {
		[CAMWALL_A_COUNTERS_PACKETS] = { .type = NLA_U64 },
		[CAMWALL_A_COUNTERS_BYTES] = { .type = NLA_U64 },
		[CAMWALL_A_COUNTERS_DROPPED] = { .type = NLA_U64 },
	};
	struct nlattr *attrs[CAMWALL_A_COUNTERS_MAX + 1];

	if (!nest)
		return 0;
	if (nla_parse_nested(attrs, CAMWALL_A_COUNTERS_MAX, nest, policy) < 0)
		return incomplete("readable counters", err);
	counters->packets = get_u64(attrs[CAMWALL_A_COUNTERS_PACKETS]);
	counters->bytes = get_u64(attrs[CAMWALL_A_COUNTERS_BYTES]);
	counters->dropped = get_u64(attrs[CAMWALL_A_COUNTERS_DROPPED]);
	return 0;
}

static int parse_group(struct nlattr *nest, struct cw_policy_group *group, uint32_t *id,
		       struct cw_error *err)
{
	static struct nla_policy policy[CAMWALL_A_GROUP_MAX + 1] = {
		[CAMWALL_A_GROUP_ID] = { .type = NLA_U32 },
		[CAMWALL_A_GROUP_NAME] = { .type = NLA_STRING,
					   .maxlen = CAMWALL_GROUP_NAME_LEN + 1 },
		[CAMWALL_A_GROUP_ACTION] = { .type = NLA_U32 },
		[CAMWALL_A_GROUP_MARK] = { .type = NLA_U32 },
		[CAMWALL_A_GROUP_PREFIX_COUNT] = { .type = NLA_U32 },
		[CAMWALL_A_GROUP_FROM] = { .type = NLA_NESTED },
	};
	struct nlattr *attrs[CAMWALL_A_GROUP_MAX + 1];

	memset(group, 0, sizeof(*group));
	if (!nest || nla_parse_nested(attrs, CAMWALL_A_GROUP_MAX, nest, policy) < 0)
		return incomplete("readable group", err);
	if (!attrs[CAMWALL_A_GROUP_NAME])
		return incomplete("name of a group", err);
	nla_strlcpy(group->name, attrs[CAMWALL_A_GROUP_NAME], sizeof(group->name));
	group->action = get_u32(attrs[CAMWALL_A_GROUP_ACTION]);
	group->has_mark = attrs[CAMWALL_A_GROUP_MARK];
	group->mark = get_u32(attrs[CAMWALL_A_GROUP_MARK]);
	*id = get_u32(attrs[CAMWALL_A_GROUP_ID]);
	return parse_counters(attrs[CAMWALL_A_GROUP_FROM], &group->from, err);
}

static void check_generation(struct reading *reading, struct nlattr **attrs)
{
	struct nlattr *generation = attrs[CAMWALL_A_GENERATION];

	if (generation && nla_get_u32(generation) != reading->policy->generation)
		reading->changed = true;
}

static int on_config(void *ctx, struct nlmsghdr *msg, struct nlattr **attrs,
		     struct cw_error *err)
{
	struct cw_policy *policy = ((struct reading *)ctx)->policy;
	struct nlattr *attr;
	int rest;

	if (!attrs[CAMWALL_A_GENERATION])
		return incomplete("generation", err);
	policy->generation = nla_get_u32(attrs[CAMWALL_A_GENERATION]);
	policy->mark_mask = get_u32(attrs[CAMWALL_A_MARK_MASK]);
	nla_for_each_attr(attr, genlmsg_attrdata(nlmsg_data(msg), 0),
			  genlmsg_attrlen(nlmsg_data(msg), 0), rest) {
		if (nla_type(attr) == CAMWALL_A_INTERFACE)
			cw_policy_interface_add(policy, nla_get_string(attr));
	}
	return 0;
}

static int on_group(void *ctx, struct nlmsghdr *msg, struct nlattr **attrs,
		    struct cw_error *err)
{
	struct reading *reading = ctx;
	struct cw_policy_group group;
	uint32_t id;

	check_generation(reading, attrs);
	if (parse_group(attrs[CAMWALL_A_GROUP], &group, &id, err) < 0)
		return -1;
	if (id > CAMWALL_MAX_GROUP_ID)
		return incomplete("id of a group that this tool can use", err);
	reading->group_of_id[id] = reading->policy->n_groups;
	*cw_policy_group_add(reading->policy) = group;
	return 0;
}

/* The index of a group is its id in struct cw_policy; in the kernel another writer may have chosen otherwise. */
static int on_prefixes(void *ctx, struct nlmsghdr *msg, struct nlattr **attrs,
		       struct cw_error *err)
{
	struct reading *reading = ctx;
	const struct nlattr *attr = attrs[CAMWALL_A_PREFIXES];
	size_t i, n = attr ? nla_len(attr) / sizeof(uint64_t) : 0;

	check_generation(reading, attrs);
	for (i = 0; i < n; i++) {
		uint64_t prefix;
		int group = -1;

		memcpy(&prefix, (char *)nla_data(attr) + i * sizeof(prefix), sizeof(prefix));
		if (cw_prefix_group(prefix) <= CAMWALL_MAX_GROUP_ID)
			group = reading->group_of_id[cw_prefix_group(prefix)];
		if (group < 0) {
			/* Of a group that a commit has brought since the groups were read. */
			reading->changed = true;
			continue;
		}
		cw_policy_prefix_add(reading->policy, (prefix & ~0xffULL) | group);
	}
	return 0;
}

static int on_status(void *ctx, struct nlmsghdr *msg, struct nlattr **attrs,
		     struct cw_error *err)
{
	struct cw_status *status = ctx;

	if (!attrs[CAMWALL_A_GENERATION] || !attrs[CAMWALL_A_VERSION])
		return incomplete("generation and version", err);
	nla_strlcpy(status->version, attrs[CAMWALL_A_VERSION], sizeof(status->version));
	status->generation = nla_get_u32(attrs[CAMWALL_A_GENERATION]);
	status->group_count = get_u32(attrs[CAMWALL_A_GROUP_COUNT]);
	status->prefix_count = get_u32(attrs[CAMWALL_A_PREFIX_COUNT]);
	status->link_count = get_u32(attrs[CAMWALL_A_LINK_COUNT]);
	status->memory = get_u64(attrs[CAMWALL_A_MEMORY]);
	return 0;
}

static enum cw_genl_result ask(struct cw_client *client, uint8_t cmd, int flags,
			       cw_genl_reply_fn *reply, void *ctx, struct cw_error *err)
{
	struct nl_msg *msg = cw_genl_request(&client->genl, cmd, flags, 0);

	return cw_genl_exchange(&client->genl, msg, reply, ctx, err);
}

int cw_client_status(struct cw_client *client, struct cw_status *status,
		     struct cw_error *err)
{
	memset(status, 0, sizeof(*status));
	return ask(client, CAMWALL_CMD_STATUS_GET, 0, on_status, status, err);
}

/* An empty dump carries no generation: the figures at the end tell whether it was to be empty. */
static enum cw_genl_result read_all(struct cw_client *client, struct reading *reading,
				    struct cw_error *err)
{
	struct cw_policy *policy = reading->policy;
	struct cw_status status;
	enum cw_genl_result ret;

	ret = ask(client, CAMWALL_CMD_CONFIG_GET, 0, on_config, reading, err);
	if (ret)
		return ret;
	ret = ask(client, CAMWALL_CMD_GROUP_GET, NLM_F_DUMP, on_group, reading, err);
	if (ret)
		return ret;
	ret = ask(client, CAMWALL_CMD_PREFIX_GET, NLM_F_DUMP, on_prefixes, reading, err);
	if (ret)
		return ret;
	if (cw_client_status(client, &status, err) < 0)
		return CW_GENL_FAILED;
	if (reading->changed || status.generation != policy->generation)
		return CW_GENL_INTERRUPTED;
	if (status.group_count != policy->n_groups || status.prefix_count != policy->n_prefixes) {
		cw_error_set(err, "the module lists %zu groups and %zu prefixes, and counts %u and %u: this is a bug, please report it",
			     policy->n_groups, policy->n_prefixes, status.group_count, status.prefix_count);
		return CW_GENL_FAILED;
	}
	return CW_GENL_OK;
}

static struct cw_policy *sort_prefixes(struct cw_policy *policy)
{
	if (policy->n_prefixes)
		qsort(policy->prefixes, policy->n_prefixes, sizeof(*policy->prefixes),
		      compare_u64);
	return policy;
}

struct cw_policy *cw_client_read(struct cw_client *client, struct cw_error *err)
{
	int tries;

	for (tries = 0; tries < READ_TRIES; tries++) {
		struct reading reading = { .policy = cw_policy_new() };
		enum cw_genl_result ret;

		memset(reading.group_of_id, -1, sizeof(reading.group_of_id));
		ret = read_all(client, &reading, err);
		if (ret == CW_GENL_OK)
			return sort_prefixes(reading.policy);
		cw_policy_free(reading.policy);
		if (ret == CW_GENL_FAILED)
			return NULL;
	}
	cw_error_set(err, "the configuration changed %d times while it was read: run again when nobody else writes it",
		     READ_TRIES);
	return NULL;
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
		return incomplete("readable device", err);
	list->links = cw_array_room(list->links, list->n, sizeof(*list->links));
	new = &list->links[list->n++];
	new->ifindex = get_u32(link[CAMWALL_A_LINK_IFINDEX]);
	nla_strlcpy(new->ifname, link[CAMWALL_A_LINK_IFNAME], sizeof(new->ifname));
	return 0;
}

int cw_client_links(struct cw_client *client, struct cw_link **links, size_t *n,
		    struct cw_error *err)
{
	int tries;

	for (tries = 0; tries < READ_TRIES; tries++) {
		struct link_list list = { 0 };
		enum cw_genl_result ret;

		ret = ask(client, CAMWALL_CMD_LINK_GET, NLM_F_DUMP, on_link, &list, err);
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
			    READ_TRIES);
}

struct lookup {
	uint64_t *prefix;
	struct cw_policy_group *group;
	bool found;
};

static int on_lookup(void *ctx, struct nlmsghdr *msg, struct nlattr **attrs,
		     struct cw_error *err)
{
	struct lookup *lookup = ctx;
	uint32_t id;

	if (!attrs[CAMWALL_A_PREFIX])
		return 0;
	*lookup->prefix = nla_get_u64(attrs[CAMWALL_A_PREFIX]) & ~0xffULL;
	lookup->found = true;
	return parse_group(attrs[CAMWALL_A_GROUP], lookup->group, &id, err);
}

int cw_client_lookup(struct cw_client *client, uint64_t mac, uint64_t *prefix,
		     struct cw_policy_group *group, struct cw_error *err)
{
	struct lookup lookup = { .prefix = prefix, .group = group };
	unsigned char octets[MAC_OCTETS];
	struct nl_msg *msg;
	int i;

	for (i = 0; i < MAC_OCTETS; i++)
		octets[i] = mac >> 8 * (MAC_OCTETS - 1 - i);
	msg = cw_genl_request(&client->genl, CAMWALL_CMD_LOOKUP, 0, nla_total_size(sizeof(octets)));
	cw_genl_put(msg, CAMWALL_A_MAC, octets, sizeof(octets));
	if (cw_genl_exchange(&client->genl, msg, on_lookup, &lookup, err))
		return -1;
	return lookup.found;
}
