// SPDX-License-Identifier: GPL-2.0-or-later
/* What camwall's tables of nftables should be, of a policy and of what was seen. */
#include <ctype.h>
#include <netinet/in.h>
#include <linux/netfilter.h>
#include <linux/netfilter/nf_tables.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "alloc.h"
#include "nft_rule.h"
#include "nft_want.h"

#define MS		1000
#define PRIORITY_RAW	(-300)	/* before conntrack: tags are only of packets from devices */
#define PRIORITY_RULES	(-10)	/* before the filter of others */

static void add_base(struct cw_nft_table *table, const char *name, uint32_t hook, int32_t priority,
		     const char *device)
{
	struct cw_nft_chain *chain = cw_nft_chain_add(table, name);

	chain->ours = true;
	chain->base = true;
	chain->hook = hook;
	chain->priority = priority;
	chain->device = device ? cw_strdup(device) : NULL;
}

static void add_map_rule(struct cw_nft_table *table, const struct cw_policy *policy,
			 const char *map, bool counter)
{
	if (policy->mark_mask)
		cw_nft_rule_map(&table->chains[table->n_chains - 1], policy->mark_mask, map, counter);
}

static void want_inet_chains(struct cw_nft_table *table, const struct cw_policy *policy)
{
	add_base(table, "camwall_from", NF_INET_PRE_ROUTING, PRIORITY_RAW, NULL);
	add_map_rule(table, policy, CW_NFT_TAG_FROM, true);
	add_base(table, "camwall_to", NF_INET_POST_ROUTING, 0, NULL);
	add_map_rule(table, policy, CW_NFT_TAG_TO, false);
	add_base(table, "camwall_input", NF_INET_LOCAL_IN, PRIORITY_RULES, NULL);
	add_map_rule(table, policy, CW_NFT_TAG_GROUP, false);
	add_base(table, "camwall_forward", NF_INET_FORWARD, PRIORITY_RULES, NULL);
	add_map_rule(table, policy, CW_NFT_TAG_GROUP, false);
}

/* One chain for each device: one that goes takes no other one with it. */
static void want_netdev_chains(struct cw_nft_table *table, const struct cw_nft_input *input)
{
	const char *const *netdev;
	char *name, *c;

	for (netdev = input->netdevs; netdev && *netdev; netdev++) {
		name = cw_asprintf("camwall_ingress_%s", *netdev);
		for (c = name; *c; c++)
			if (!isalnum((unsigned char)*c))
				*c = '_';
		add_base(table, name, NF_NETDEV_INGRESS, 0, *netdev);
		add_map_rule(table, input->policy, CW_NFT_TAG_GROUP, false);
		free(name);
	}
}

int cw_nft_netdev_check(const char *netdev, struct cw_error *err)
{
	const char *c;

	if (!*netdev || strlen(netdev) > CAMWALL_INTERFACE_LEN)
		return cw_error_set(err, "\"%s\" is no name of a device: \"ip link\" shows them", netdev);
	for (c = netdev; *c; c++)
		if (!isascii(*c) || (!isalnum((unsigned char)*c) && !strchr("-_.@:+", *c)))
			return cw_error_set(err, "\"%s\" cannot be written in a file of nftables: give the device another name",
					    netdev);
	return 0;
}

void cw_nft_want_sets(struct cw_nft_table *table, const char *group)
{
	char name[CW_NFT_NAME_SIZE];

	cw_nft_set_add(table, cw_nft_name(group, CW_NFT_IP4, name), CW_NFT_KIND_IP4)->ours = true;
	cw_nft_set_add(table, cw_nft_name(group, CW_NFT_IP6, name), CW_NFT_KIND_IP6)->ours = true;
	cw_nft_set_add(table, cw_nft_name(group, CW_NFT_MAC, name), CW_NFT_KIND_MAC)->ours = true;
}

static void want_counting(struct cw_nft_table *table, const struct cw_policy_group *group)
{
	char set[CW_NFT_NAME_SIZE], from[CW_NFT_NAME_SIZE], to[CW_NFT_NAME_SIZE], name[CW_NFT_NAME_SIZE];
	struct cw_nft_object *object;
	struct cw_nft_chain *chain;

	object = cw_nft_object_add(table, cw_nft_name(group->name, CW_NFT_FROM, from));
	object->ours = true;
	object->counter = true;
	object = cw_nft_object_add(table, cw_nft_name(group->name, CW_NFT_TO, to));
	object->ours = true;
	object->counter = true;
	chain = cw_nft_chain_add(table, cw_nft_name(group->name, CW_NFT_COUNT, name));
	chain->ours = true;
	cw_nft_rule_count(chain, CW_NFT_KIND_IP4, cw_nft_name(group->name, CW_NFT_IP4, set), to);
	cw_nft_rule_count(chain, CW_NFT_KIND_IP6, cw_nft_name(group->name, CW_NFT_IP6, set), to);
}

static void want_group(struct cw_nft_table *table, const struct cw_policy_group *group)
{
	char name[CW_NFT_NAME_SIZE];

	cw_nft_want_sets(table, group->name);
	cw_nft_chain_add(table, cw_nft_name(group->name, CW_NFT_RULES, name))->ours = true;
	if (table->family == NFPROTO_INET)
		want_counting(table, group);
}

/* Where two groups have one tag, rules cannot tell them apart: it stands for the first. */
static void want_map(struct cw_nft_table *table, const struct cw_policy *policy, const char *map,
		     enum cw_nft_kind kind, int32_t verdict, enum cw_nft_thing thing)
{
	struct cw_nft_set *set = cw_nft_set_add(table, map, kind);
	size_t i, j;

	set->ours = true;
	for (i = 0; i < policy->n_groups; i++) {
		const struct cw_policy_group *group = &policy->groups[i];
		struct cw_nft_element *element;

		for (j = 0; j < i && group->has_mark; j++)
			if (policy->groups[j].has_mark && policy->groups[j].mark == group->mark)
				break;
		if (!group->has_mark || j < i)
			continue;
		element = cw_nft_element_add(set, &group->mark);
		element->verdict = verdict;
		if (thing != CW_NFT_N_THINGS)
			cw_nft_name(group->name, thing, element->target);
		else
			element->verdict = group->action == CAMWALL_ACTION_DROP ? NF_DROP : NFT_CONTINUE;
	}
	cw_nft_set_sort(set);
}

static void want_maps(struct cw_nft_table *table, const struct cw_policy *policy)
{
	want_map(table, policy, CW_NFT_TAG_GROUP, CW_NFT_KIND_VERDICT, NFT_JUMP, CW_NFT_RULES);
	want_map(table, policy, CW_NFT_GROUP_VERDICT, CW_NFT_KIND_VERDICT, 0, CW_NFT_N_THINGS);
	if (table->family != NFPROTO_INET)
		return;
	want_map(table, policy, CW_NFT_TAG_FROM, CW_NFT_KIND_COUNTER, 0, CW_NFT_FROM);
	want_map(table, policy, CW_NFT_TAG_TO, CW_NFT_KIND_VERDICT, NFT_GOTO, CW_NFT_COUNT);
}

/* Of a whole table the sets stand first, in the order of the groups. */
static struct cw_nft_set *set_of(const struct cw_nft_table *table, const struct cw_policy *policy,
				 const char *group, enum cw_nft_thing thing)
{
	size_t at = (size_t)cw_policy_group_find(policy, group) * CW_NFT_N_SETS + thing;
	char name[CW_NFT_NAME_SIZE];

	cw_nft_name(group, thing, name);
	if (at < table->n_sets && strcmp(table->sets[at].name, name) == 0)
		return &table->sets[at];
	return cw_nft_set_find(table, name);
}

static void add_address(struct cw_nft_table *table, const struct cw_policy *policy,
			const struct cw_device *device, enum cw_nft_thing thing, const void *key)
{
	struct cw_nft_set *set = set_of(table, policy, device->group, thing);
	struct cw_nft_element *element;

	if (!set)
		return;
	element = cw_nft_element_add(set, key);
	if (!policy->idle)
		return;
	/* The inventory counts whole seconds: a device that has just sent may read as silent for one. */
	element->timeout = (policy->idle + UINT64_C(1)) * MS;
	element->expires = (policy->idle + UINT64_C(1) - device->idle) * MS;
}

void cw_nft_want_device(struct cw_nft_table *table, const struct cw_policy *policy,
			const struct cw_device *device, const struct cw_neighbours *neighbours)
{
	const struct cw_neighbour *neighbour;
	unsigned char mac[6];
	size_t i, n = 0;

	if (!*device->group || device->gone || (policy->idle && device->idle > policy->idle))
		return;
	for (i = 0; i < sizeof(mac); i++)
		mac[i] = device->mac >> (40 - 8 * i);
	add_address(table, policy, device, CW_NFT_MAC, mac);
	if (device->has_ipv4)
		add_address(table, policy, device, CW_NFT_IP4, &device->ipv4);
	if (device->has_ipv6)
		add_address(table, policy, device, CW_NFT_IP6, &device->ipv6);
	neighbour = neighbours ? cw_neighbours_find(neighbours, device->mac, &n) : NULL;
	for (i = 0; i < n; i++)
		add_address(table, policy, device, neighbour[i].family == AF_INET ? CW_NFT_IP4 : CW_NFT_IP6,
			    neighbour[i].address);
}

int cw_nft_want(struct cw_nft_table *table, const struct cw_nft_input *input,
		struct cw_error *err)
{
	const struct cw_policy *policy = input->policy;
	size_t i;

	if (cw_nft_names_check(policy, err) < 0)
		return -1;
	table->exists = true;
	for (i = 0; i < policy->n_groups; i++)
		want_group(table, &policy->groups[i]);
	want_maps(table, policy);
	if (table->family == NFPROTO_INET)
		want_inet_chains(table, policy);
	else
		want_netdev_chains(table, input);
	for (i = 0; i < input->n_devices; i++)
		cw_nft_want_device(table, policy, &input->devices[i], input->neighbours);
	for (i = 0; i < table->n_sets; i++)
		cw_nft_set_sort(&table->sets[i]);
	return 0;
}
