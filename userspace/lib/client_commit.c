// SPDX-License-Identifier: GPL-2.0-or-later
/* The kernel's side over generic netlink: putting a policy in force by a transaction. */
#include <string.h>
#include <netlink/attr.h>
#include <netlink/genl/genl.h>

#include "client_private.h"

/* How the kernel begins its refusal where another writer was faster. */
#define GENERATION_CHANGED "generation changed"

#define CHUNK_OCTETS	(32 * 1024)	/* of prefixes in one message; an attribute ends at 64 KiB */
#define CHUNK		(CHUNK_OCTETS / sizeof(uint64_t))

static void put_u32(struct nl_msg *msg, int type, uint32_t value)
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

static size_t settings_size(const struct cw_policy *policy)
{
	size_t u32 = nla_total_size(sizeof(uint32_t));
	size_t interface = nla_total_size(CAMWALL_INTERFACE_LEN + 1);
	size_t group = nla_total_size(3 * u32 + nla_total_size(CAMWALL_GROUP_NAME_LEN + 1));

	return u32 + policy->n_interfaces * interface + policy->n_groups * group;
}

static void put_group(struct nl_msg *msg, const struct cw_policy_group *group, uint32_t id)
{
	struct nlattr *nest = nla_nest_start(msg, CAMWALL_A_GROUP | NLA_F_NESTED);

	put_u32(msg, CAMWALL_A_GROUP_ID, id);
	put_string(msg, CAMWALL_A_GROUP_NAME, group->name);
	put_u32(msg, CAMWALL_A_GROUP_ACTION, group->action);
	if (group->has_mark)
		put_u32(msg, CAMWALL_A_GROUP_MARK, group->mark);
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
			      nla_total_size(n * sizeof(*prefixes)));
	cw_genl_put(msg, CAMWALL_A_PREFIXES, prefixes, n * sizeof(*prefixes));
	return cw_genl_exchange(&client->genl, msg, NULL, NULL, err);
}

static int add_all(struct cw_client *client, const struct cw_policy *policy,
		   struct cw_error *err)
{
	size_t i, n;

	if (add_settings(client, policy, err))
		return -1;
	for (i = 0; i < policy->n_prefixes; i += n) {
		n = policy->n_prefixes - i < CHUNK ? policy->n_prefixes - i : CHUNK;
		if (add_prefixes(client, &policy->prefixes[i], n, err))
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

static int commit(struct cw_client *client, uint32_t *generation, struct cw_error *err)
{
	struct nl_msg *msg = cw_genl_request(&client->genl, CAMWALL_CMD_CONFIG_COMMIT, 0, 0);

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
	return commit(client, generation, err);
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
