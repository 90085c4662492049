// SPDX-License-Identifier: GPL-2.0-or-later
/* The kernel's side over generic netlink: all of the policy in force. */
#include <stdlib.h>
#include <string.h>
#include <netlink/attr.h>
#include <netlink/genl/genl.h>

#include "alloc.h"
#include "client_private.h"

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
		return cw_incomplete("generation", err);
	policy->generation = nla_get_u32(attrs[CAMWALL_A_GENERATION]);
	policy->mark_mask = cw_get_u32(attrs[CAMWALL_A_MARK_MASK]);
	policy->conntrack = cw_get_u32(attrs[CAMWALL_A_CONNTRACK]);
	policy->written = cw_get_u64(attrs[CAMWALL_A_WRITTEN]);
	/* Where nothing is in force there are none, and what holds by default stands. */
	if (attrs[CAMWALL_A_MAX_DEVICES])
		policy->max_devices = nla_get_u32(attrs[CAMWALL_A_MAX_DEVICES]);
	if (attrs[CAMWALL_A_IDLE])
		policy->idle = nla_get_u32(attrs[CAMWALL_A_IDLE]);
	cw_get_digest(attrs[CAMWALL_A_DIGEST], &policy->digest);
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
	if (cw_parse_group(attrs[CAMWALL_A_GROUP], &group, &id, err) < 0)
		return -1;
	if (id > CAMWALL_MAX_GROUP_ID)
		return cw_incomplete("id of a group that this tool can use", err);
	reading->group_of_id[id] = (int)reading->policy->n_groups;
	*cw_policy_group_add(reading->policy) = group;
	return 0;
}

/* Of a group that a commit has brought since the groups were read there is none: -1. */
static int group_of(struct reading *reading, uint32_t id)
{
	int group = id <= CAMWALL_MAX_GROUP_ID ? reading->group_of_id[id] : -1;

	if (group < 0)
		reading->changed = true;
	return group;
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
		int group;

		memcpy(&prefix, (char *)nla_data(attr) + i * sizeof(prefix), sizeof(prefix));
		group = group_of(reading, cw_prefix_group(prefix));
		if (group >= 0)
			cw_policy_prefix_add(reading->policy, (prefix & ~0xffULL) | group);
	}
	return 0;
}

static int on_allow(void *ctx, struct nlmsghdr *msg, struct nlattr **attrs,
		    struct cw_error *err)
{
	struct reading *reading = ctx;
	struct cw_policy_allow allow;
	uint32_t id;
	int group;

	check_generation(reading, attrs);
	if (cw_parse_allow(attrs[CAMWALL_A_ALLOW], &allow, &id, err) < 0)
		return -1;
	group = group_of(reading, id);
	if (group >= 0)
		cw_policy_allow_add(&reading->policy->groups[group], &allow);
	return 0;
}

static int on_exemption(void *ctx, struct nlmsghdr *msg, struct nlattr **attrs,
			struct cw_error *err)
{
	struct cw_policy_exemption exemption, *added;
	struct reading *reading = ctx;

	check_generation(reading, attrs);
	if (cw_parse_exemption(attrs[CAMWALL_A_EXEMPTION], &exemption, err) < 0)
		return -1;
	added = cw_policy_exemption_add(reading->policy, exemption.mac, exemption.until,
					exemption.reason, exemption.approved_by);
	added->in_force = exemption.in_force;
	free(exemption.reason);
	free(exemption.approved_by);
	return 0;
}

/* An empty dump carries no generation: the figures at the end tell whether it was to be empty. */
static enum cw_genl_result read_all(struct cw_client *client, struct reading *reading,
				    struct cw_error *err)
{
	static const struct {
		uint8_t cmd;
		int flags;
		cw_genl_reply_fn *reply;
	} parts[] = {
		{ CAMWALL_CMD_CONFIG_GET, 0, on_config },
		{ CAMWALL_CMD_GROUP_GET, NLM_F_DUMP, on_group },
		{ CAMWALL_CMD_PREFIX_GET, NLM_F_DUMP, on_prefixes },
		{ CAMWALL_CMD_ALLOW_GET, NLM_F_DUMP, on_allow },
		{ CAMWALL_CMD_EXEMPTION_GET, NLM_F_DUMP, on_exemption },
	};
	struct cw_policy *policy = reading->policy;
	struct cw_status status;
	enum cw_genl_result ret;
	size_t i;

	for (i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		ret = cw_client_ask(client, parts[i].cmd, parts[i].flags, parts[i].reply, reading, err);
		if (ret)
			return ret;
	}
	if (cw_client_status(client, &status, err) < 0)
		return CW_GENL_FAILED;
	if (reading->changed || status.generation != policy->generation)
		return CW_GENL_INTERRUPTED;
	if (status.group_count != policy->n_groups || status.prefix_count != policy->n_prefixes ||
	    status.exemption_count != policy->n_exemptions) {
		cw_error_set(err, "the module lists %zu groups, %zu prefixes and %zu exemptions, and counts %u, %u and %u: this is a bug, please report it",
			     policy->n_groups, policy->n_prefixes, policy->n_exemptions,
			     status.group_count, status.prefix_count, status.exemption_count);
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

	for (tries = 0; tries < CW_READ_TRIES; tries++) {
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
		     CW_READ_TRIES);
	return NULL;
}
