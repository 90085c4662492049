// SPDX-License-Identifier: GPL-2.0-or-later
/* A policy as the kernel holds it: made, looked up in, written as text. */
#include <stdlib.h>
#include <string.h>

#include "alloc.h"
#include "policy.h"
#include "prefix.h"

#define LINE_COLUMNS	80
#define MAC_OCTETS	6

static const char *const action_names[] = {
	[CAMWALL_ACTION_OBSERVE] = "observe",
	[CAMWALL_ACTION_DROP] = "drop",
};

struct cw_policy *cw_policy_new(void)
{
	return cw_calloc(1, sizeof(struct cw_policy));
}

void cw_policy_free(struct cw_policy *policy)
{
	size_t i;

	if (!policy)
		return;
	for (i = 0; i < policy->n_interfaces; i++)
		free(policy->interfaces[i]);
	free(policy->interfaces);
	free(policy->groups);
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
			return i;
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

/* A key that may repeat, so that no line gets longer than a reader takes. */
static void print_interfaces(const struct cw_policy *policy, FILE *out)
{
	size_t i, column = 0;

	if (!policy->n_interfaces)
		fputs("interfaces =\n", out);
	for (i = 0; i < policy->n_interfaces; i++) {
		if (column && column + strlen(policy->interfaces[i]) >= LINE_COLUMNS) {
			fputc('\n', out);
			column = 0;
		}
		if (!column)
			column = fprintf(out, "interfaces =");
		column += fprintf(out, " %s", policy->interfaces[i]);
	}
	if (column)
		fputc('\n', out);
}

/* Prefixes of each group in one pass over all: where each group's begin in @order. */
static uint64_t *prefixes_by_group(const struct cw_policy *policy, size_t *first)
{
	uint64_t *order = cw_calloc(policy->n_prefixes, sizeof(*order));
	size_t *next = cw_calloc(policy->n_groups + 1, sizeof(*next));
	size_t i;

	memset(first, 0, (policy->n_groups + 1) * sizeof(*first));
	for (i = 0; i < policy->n_prefixes; i++)
		first[cw_prefix_group(policy->prefixes[i]) + 1]++;
	for (i = 0; i < policy->n_groups; i++)
		first[i + 1] += first[i];
	memcpy(next, first, (policy->n_groups + 1) * sizeof(*next));
	for (i = 0; i < policy->n_prefixes; i++)
		order[next[cw_prefix_group(policy->prefixes[i])]++] = policy->prefixes[i];
	free(next);
	return order;
}

static void print_group(const struct cw_policy_group *group, const uint64_t *prefixes,
			size_t n, FILE *out)
{
	char text[CW_PREFIX_STRLEN + 1];
	size_t i;

	fprintf(out, "\n[group %s]\naction = %s\n", group->name, cw_action_name(group->action));
	if (group->has_mark)
		fprintf(out, "mark = 0x%08x\n", group->mark);
	for (i = 0; i < n; i++)
		fprintf(out, "prefix = %s\n", cw_prefix_format(prefixes[i], text));
}

void cw_policy_print(const struct cw_policy *policy, FILE *out)
{
	size_t *first = cw_calloc(policy->n_groups + 1, sizeof(*first));
	uint64_t *order = prefixes_by_group(policy, first);
	size_t i;

	fputs("[camwall]\n", out);
	print_interfaces(policy, out);
	if (policy->mark_mask)
		fprintf(out, "mark-mask = 0x%08x\n", policy->mark_mask);
	for (i = 0; i < policy->n_groups; i++)
		print_group(&policy->groups[i], order + first[i], first[i + 1] - first[i], out);
	free(order);
	free(first);
}
