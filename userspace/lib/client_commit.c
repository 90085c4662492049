// SPDX-License-Identifier: GPL-2.0-or-later
/* The kernel's side over generic netlink: putting a policy in force by a transaction. */
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <netlink/attr.h>
#include <netlink/genl/genl.h>

#include "client_private.h"

/* How the kernel begins its refusal where another writer was faster. */
#define GENERATION_CHANGED "generation changed"

#define CHUNK_OCTETS	(32UL * 1024)	/* of one message; an attribute ends at 64 KiB */

static size_t smaller(size_t a, size_t b)
{
	return a < b ? a : b;
}

static void put_u16(struct nl_msg *msg, int type, uint16_t value)
{
	cw_genl_put(msg, type, &value, sizeof(value));
}

static void put_u32(struct nl_msg *msg, int type, uint32_t value)
{
	cw_genl_put(msg, type, &value, sizeof(value));
}

static void put_u64(struct nl_msg *msg, int type, uint64_t value)
{
	cw_genl_put(msg, type, &value, sizeof(value));
}

static void put_string(struct nl_msg *msg, int type, const char *text)
{
	cw_genl_put(msg, type, text, strlen(text) + 1);
}

static int begin(struct cw_client *client, uint32_t generation, struct cw_error *err)
{
	struct nl_msg *msg;

	msg = cw_genl_request(&client->genl, CAMWALL_CMD_CONFIG_BEGIN, 0,
			      nla_total_size(sizeof(generation)));
	put_u32(msg, CAMWALL_A_GENERATION, generation);
	return cw_genl_exchange(&client->genl, msg, NULL, NULL, err);
}

/* libnl counts in int; what stands in one message is far below. */
static size_t attr_size(size_t payload) { return nla_total_size((int)payload); }

static size_t settings_size(const struct cw_policy *policy)
{
	size_t u32 = nla_total_size(sizeof(uint32_t));
	size_t interface = nla_total_size(CAMWALL_INTERFACE_LEN + 1);
	size_t u64 = nla_total_size(sizeof(uint64_t));
	size_t limit = attr_size(u32 + 2 * u64);
	size_t group = attr_size(3 * u32 + nla_total_size(CAMWALL_GROUP_NAME_LEN + 1) + limit);

	return 4 * u32 + u64 + policy->n_interfaces * interface + policy->n_groups * group;
}

static void put_limit(struct nl_msg *msg, const struct cw_policy_limit *limit)
{
	struct nlattr *nest = nla_nest_start(msg, CAMWALL_A_GROUP_LIMIT | NLA_F_NESTED);

	put_u64(msg, CAMWALL_A_LIMIT_RATE, limit->rate);
	put_u32(msg, CAMWALL_A_LIMIT_UNIT, limit->unit);
	put_u64(msg, CAMWALL_A_LIMIT_BURST, limit->burst);
	nla_nest_end(msg, nest);
}

static void put_group(struct nl_msg *msg, const struct cw_policy_group *group, uint32_t id)
{
	struct nlattr *nest = nla_nest_start(msg, CAMWALL_A_GROUP | NLA_F_NESTED);

	put_u32(msg, CAMWALL_A_GROUP_ID, id);
	put_string(msg, CAMWALL_A_GROUP_NAME, group->name);
	put_u32(msg, CAMWALL_A_GROUP_ACTION, group->action);
	if (group->has_mark)
		put_u32(msg, CAMWALL_A_GROUP_MARK, group->mark);
	if (group->limit.rate)
		put_limit(msg, &group->limit);
	nla_nest_end(msg, nest);
}

static int add_settings(struct cw_client *client, const struct cw_policy *policy,
			struct cw_error *err)
{
	struct nl_msg *msg;
	size_t i;

	msg = cw_genl_request(&client->genl, CAMWALL_CMD_CONFIG_ADD, 0, settings_size(policy));
	if (policy->mark_mask)
		put_u32(msg, CAMWALL_A_MARK_MASK, policy->mark_mask);
	put_u32(msg, CAMWALL_A_CONNTRACK, policy->conntrack);
	put_u64(msg, CAMWALL_A_WRITTEN, policy->written);
	put_u32(msg, CAMWALL_A_MAX_DEVICES, policy->max_devices);
	put_u32(msg, CAMWALL_A_IDLE, policy->idle);
	for (i = 0; i < policy->n_interfaces; i++)
		put_string(msg, CAMWALL_A_INTERFACE, policy->interfaces[i]);
	for (i = 0; i < policy->n_groups; i++)
		put_group(msg, &policy->groups[i], i);
	return cw_genl_exchange(&client->genl, msg, NULL, NULL, err);
}

static int add_prefixes(struct cw_client *client, const uint64_t *prefixes, size_t n,
			struct cw_error *err)
{
	struct nl_msg *msg;

	msg = cw_genl_request(&client->genl, CAMWALL_CMD_CONFIG_ADD, 0,
			      attr_size(n * sizeof(*prefixes)));
	cw_genl_put(msg, CAMWALL_A_PREFIXES, prefixes, n * sizeof(*prefixes));
	return cw_genl_exchange(&client->genl, msg, NULL, NULL, err);
}

#define ALLOW_SIZE \
	nla_total_size(3 * nla_total_size(sizeof(uint32_t)) + 2 * nla_total_size(sizeof(uint16_t)) + \
		       nla_total_size(sizeof(((struct cw_policy_allow *)NULL)->address)))

static void put_allow(struct nl_msg *msg, const struct cw_policy_allow *allow, uint32_t group)
{
	struct nlattr *nest = nla_nest_start(msg, CAMWALL_A_ALLOW | NLA_F_NESTED);

	put_u32(msg, CAMWALL_A_ALLOW_GROUP, group);
	cw_genl_put(msg, CAMWALL_A_ALLOW_ADDRESS, allow->address,
		    allow->family == AF_INET ? sizeof(struct in_addr) : sizeof(struct in6_addr));
	put_u32(msg, CAMWALL_A_ALLOW_LENGTH, allow->length);
	if (allow->protocol != CW_ANY_PROTOCOL)
		put_u32(msg, CAMWALL_A_ALLOW_PROTOCOL, allow->protocol);
	if (allow->has_ports) {
		put_u16(msg, CAMWALL_A_ALLOW_PORT_MIN, allow->port_min);
		put_u16(msg, CAMWALL_A_ALLOW_PORT_MAX, allow->port_max);
	}
	nla_nest_end(msg, nest);
}

/* One list fits a message: 256 entries of 80 octets. */
static int add_allow(struct cw_client *client, const struct cw_policy_group *group, uint32_t id,
		     struct cw_error *err)
{
	struct nl_msg *msg;
	size_t i;

	msg = cw_genl_request(&client->genl, CAMWALL_CMD_CONFIG_ADD, 0, group->n_allow * ALLOW_SIZE);
	for (i = 0; i < group->n_allow; i++)
		put_allow(msg, &group->allow[i], id);
	return cw_genl_exchange(&client->genl, msg, NULL, NULL, err);
}

#define EXEMPTION_SIZE \
	nla_total_size(nla_total_size(CW_MAC_OCTETS) + nla_total_size(sizeof(uint64_t)) + \
		       nla_total_size(CAMWALL_REASON_LEN + 1) + \
		       nla_total_size(CAMWALL_APPROVED_BY_LEN + 1))

static void put_exemption(struct nl_msg *msg, const struct cw_policy_exemption *exemption)
{
	struct nlattr *nest = nla_nest_start(msg, CAMWALL_A_EXEMPTION | NLA_F_NESTED);

	cw_put_mac(msg, CAMWALL_A_EXEMPTION_MAC, exemption->mac);
	put_u64(msg, CAMWALL_A_EXEMPTION_UNTIL, exemption->until);
	put_string(msg, CAMWALL_A_EXEMPTION_REASON, exemption->reason);
	put_string(msg, CAMWALL_A_EXEMPTION_APPROVED_BY, exemption->approved_by);
	nla_nest_end(msg, nest);
}

static int add_exemptions(struct cw_client *client, const struct cw_policy_exemption *exemptions,
			  size_t n, struct cw_error *err)
{
	struct nl_msg *msg;
	size_t i;

	msg = cw_genl_request(&client->genl, CAMWALL_CMD_CONFIG_ADD, 0, n * EXEMPTION_SIZE);
	for (i = 0; i < n; i++)
		put_exemption(msg, &exemptions[i]);
	return cw_genl_exchange(&client->genl, msg, NULL, NULL, err);
}

static int add_all(struct cw_client *client, const struct cw_policy *policy,
		   struct cw_error *err)
{
	size_t i, n;

	if (add_settings(client, policy, err))
		return -1;
	for (i = 0; i < policy->n_prefixes; i += n) {
		n = smaller(policy->n_prefixes - i, CHUNK_OCTETS / sizeof(*policy->prefixes));
		if (add_prefixes(client, &policy->prefixes[i], n, err))
			return -1;
	}
	for (i = 0; i < policy->n_groups; i++)
		if (policy->groups[i].n_allow && add_allow(client, &policy->groups[i], i, err))
			return -1;
	for (i = 0; i < policy->n_exemptions; i += n) {
		n = smaller(policy->n_exemptions - i, CHUNK_OCTETS / EXEMPTION_SIZE);
		if (add_exemptions(client, &policy->exemptions[i], n, err))
			return -1;
	}
	return 0;
}

static int on_commit(void *ctx, struct nlmsghdr *msg, struct nlattr **attrs,
		     struct cw_error *err)
{
	uint32_t *generation = ctx;

	if (attrs[CAMWALL_A_GENERATION])
		*generation = nla_get_u32(attrs[CAMWALL_A_GENERATION]);
	return 0;
}

static int commit(struct cw_client *client, const struct cw_policy *policy,
		  uint32_t *generation, struct cw_error *err)
{
	const struct cw_digest *digest = &policy->digest;
	struct nl_msg *msg;

	msg = cw_genl_request(&client->genl, CAMWALL_CMD_CONFIG_COMMIT, 0,
			      attr_size(digest->length));
	if (digest->length)
		cw_genl_put(msg, CAMWALL_A_DIGEST, digest->octets, digest->length);
	return cw_genl_exchange(&client->genl, msg, on_commit, generation, err);
}

/* A message that was refused has ended the transaction as a rule; then there is nothing to abort. */
static void abort_staged(struct cw_client *client)
{
	struct nl_msg *msg = cw_genl_request(&client->genl, CAMWALL_CMD_CONFIG_ABORT, 0, 0);

	cw_genl_exchange(&client->genl, msg, NULL, NULL, NULL);
}

static int transaction(struct cw_client *client, const struct cw_policy *policy,
		       uint32_t *generation, struct cw_error *err)
{
	if (begin(client, policy->generation, err))
		return -1;
	if (add_all(client, policy, err)) {
		abort_staged(client);
		return -1;
	}
	return commit(client, policy, generation, err);
}

int cw_client_commit(struct cw_client *client, const struct cw_policy *policy,
		     uint32_t *generation, struct cw_error *err)
{
	struct cw_error refusal = { 0 };
	uint32_t committed = 0;
	int ret;

	ret = transaction(client, policy, &committed, &refusal);
	if (ret && strstr(refusal.message, GENERATION_CHANGED))
		cw_error_set(err, GENERATION_CHANGED ": another camwall was faster, and generation %u, which this change is based on, is no longer in force; nothing was changed: run again",
			     policy->generation);
	else if (ret)
		cw_error_set(err, "%s; nothing was changed", refusal.message);
	else if (generation)
		*generation = committed;
	cw_error_clear(&refusal);
	return ret ? -1 : 0;
}
