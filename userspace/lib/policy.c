// SPDX-License-Identifier: GPL-2.0-or-later
/* A policy as the kernel holds it: made, and looked up in. */
#include <stdlib.h>
#include <string.h>

#include "alloc.h"
#include "policy.h"
#include "prefix.h"

#define MAC_OCTETS	6

static const char *const action_names[] = {
	[CAMWALL_ACTION_OBSERVE] = "observe",
	[CAMWALL_ACTION_DROP] = "drop",
	[CAMWALL_ACTION_ISOLATE] = "isolate",
	[CAMWALL_ACTION_LIMIT] = "limit",
};

struct cw_policy *cw_policy_new(void)
{
	struct cw_policy *policy = cw_calloc(1, sizeof(*policy));

	policy->max_devices = CAMWALL_DEVICES_DEFAULT;
	policy->idle = CAMWALL_IDLE_DEFAULT;
	return policy;
}

void cw_policy_free(struct cw_policy *policy)
{
	size_t i;

	if (!policy)
		return;
	for (i = 0; i < policy->n_interfaces; i++)
		free(policy->interfaces[i]);
	free(policy->interfaces);
	for (i = 0; i < policy->n_groups; i++)
		free(policy->groups[i].allow);
	free(policy->groups);
	for (i = 0; i < policy->n_exemptions; i++) {
		free(policy->exemptions[i].reason);
		free(policy->exemptions[i].approved_by);
	}
	free(policy->exemptions);
	free(policy->prefixes);
	if (policy->table)
		cw_prefix_table_destroy(policy->table);
	free(policy->table);
	free(policy);
}

void cw_policy_interface_add(struct cw_policy *policy, const char *pattern)
{
	policy->interfaces = cw_array_room(policy->interfaces, policy->n_interfaces,
					   sizeof(*policy->interfaces));
	policy->interfaces[policy->n_interfaces++] = cw_strdup(pattern);
}

struct cw_policy_group *cw_policy_group_add(struct cw_policy *policy)
{
	struct cw_policy_group *group;

	policy->groups = cw_array_room(policy->groups, policy->n_groups, sizeof(*policy->groups));
	group = &policy->groups[policy->n_groups++];
	memset(group, 0, sizeof(*group));
	return group;
}

void cw_policy_prefix_add(struct cw_policy *policy, uint64_t prefix)
{
	policy->prefixes = cw_array_room(policy->prefixes, policy->n_prefixes,
					 sizeof(*policy->prefixes));
	policy->prefixes[policy->n_prefixes++] = prefix;
}

void cw_policy_allow_add(struct cw_policy_group *group, const struct cw_policy_allow *allow)
{
	group->allow = cw_array_room(group->allow, group->n_allow, sizeof(*group->allow));
	group->allow[group->n_allow++] = *allow;
}

struct cw_policy_exemption *cw_policy_exemption_add(struct cw_policy *policy, uint64_t mac,
						    uint64_t until, const char *reason,
						    const char *approved_by)
{
	struct cw_policy_exemption *exemption;

	policy->exemptions = cw_array_room(policy->exemptions, policy->n_exemptions,
					   sizeof(*policy->exemptions));
	exemption = &policy->exemptions[policy->n_exemptions++];
	*exemption = (struct cw_policy_exemption){
		.mac = mac,
		.until = until,
		.reason = cw_strdup(reason),
		.approved_by = cw_strdup(approved_by),
	};
	return exemption;
}

static int compare_mac(const void *key, const void *element)
{
	uint64_t mac = *(const uint64_t *)key;
	const struct cw_policy_exemption *exemption = element;

	return mac < exemption->mac ? -1 : mac > exemption->mac;
}

const struct cw_policy_exemption *cw_policy_exemption_find(const struct cw_policy *policy,
							   uint64_t mac)
{
	if (!policy->n_exemptions)
		return NULL;
	return bsearch(&mac, policy->exemptions, policy->n_exemptions,
		       sizeof(*policy->exemptions), compare_mac);
}

bool cw_policy_in_force(const struct cw_policy *policy,
			const struct cw_policy_exemption *exemption, uint64_t now)
{
	return now >= policy->written && now < exemption->until;
}

size_t cw_policy_group_prefixes(const struct cw_policy *policy, size_t group)
{
	size_t i, n = 0;

	for (i = 0; i < policy->n_prefixes; i++)
		n += cw_prefix_group(policy->prefixes[i]) == group;
	return n;
}

const char *cw_action_name(enum camwall_action action)
{
	if ((size_t)action < sizeof(action_names) / sizeof(action_names[0]))
		return action_names[action];
	return "unknown";
}

int cw_action_parse(const char *name, enum camwall_action *action)
{
	size_t i;

	for (i = 0; i < sizeof(action_names) / sizeof(action_names[0]); i++) {
		if (strcmp(name, action_names[i]) == 0) {
			*action = i;
			return 0;
		}
	}
	return -1;
}

int cw_policy_group_find(const struct cw_policy *policy, const char *name)
{
	size_t i;

	for (i = 0; i < policy->n_groups; i++)
		if (strcmp(policy->groups[i].name, name) == 0)
			return (int)i;
	return -1;
}

static int table_build(struct cw_policy *policy, struct cw_error *err)
{
	char text[CW_PREFIX_STRLEN + 1];
	enum cw_prefix_error ret;
	uint64_t conflict;

	policy->table = cw_calloc(1, sizeof(*policy->table));
	ret = cw_prefix_table_init(policy->table, policy->prefixes, policy->n_prefixes, &conflict);
	if (ret == CW_PREFIX_OK)
		return 0;
	cw_prefix_table_destroy(policy->table);
	free(policy->table);
	policy->table = NULL;
	if (ret == CW_PREFIX_CONFLICT)
		return cw_error_set(err, "the prefix %s is in two groups",
				    cw_prefix_format(conflict, text));
	return cw_error_set(err, "no memory for %zu prefixes", policy->n_prefixes);
}

int cw_policy_lookup(struct cw_policy *policy, uint64_t mac, uint64_t *prefix,
		     struct cw_error *err)
{
	u8 octets[MAC_OCTETS];
	int i;

	if (!policy->table && table_build(policy, err) < 0)
		return -1;
	for (i = 0; i < MAC_OCTETS; i++)
		octets[i] = mac >> 8 * (MAC_OCTETS - 1 - i);
	return cw_prefix_table_find(policy->table, octets, prefix);
}
