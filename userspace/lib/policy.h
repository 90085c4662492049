/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A policy as the kernel holds it: resolved, checked, comparable. */
#ifndef CW_POLICY_H
#define CW_POLICY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "camwall.h"
#include "error.h"
#include "mac.h"

/** struct cw_policy_counters - what was seen of one direction */
struct cw_policy_counters {
	uint64_t packets, bytes, dropped;
};

/**
 * struct cw_policy_group - devices that are treated alike
 * @mark: the tag; meaningful where @has_mark
 * @from: read from the kernel; zero in a policy that comes from a file
 */
struct cw_policy_group {
	char name[CAMWALL_GROUP_NAME_LEN + 1];
	enum camwall_action action;
	bool has_mark;
	uint32_t mark;
	struct cw_policy_counters from;
};

struct cw_prefix_table;

/**
 * struct cw_policy - all that a configuration says, and all that the kernel holds
 * @generation: the kernel's; 0 in a policy that comes from a file
 * @interfaces: patterns of device names, in the order given
 * @groups: the index is the group id that @prefixes carry
 * @prefixes: packed as in the UAPI, sorted, each once
 * @table: made by the first cw_policy_lookup()
 */
struct cw_policy {
	uint32_t generation;
	uint32_t mark_mask;
	char **interfaces;
	size_t n_interfaces;
	struct cw_policy_group *groups;
	size_t n_groups;
	uint64_t *prefixes;
	size_t n_prefixes;
	struct cw_prefix_table *table;
};

struct cw_policy *cw_policy_new(void);
void cw_policy_free(struct cw_policy *policy);

/** cw_policy_interface_add() - add a pattern of device names, of which a copy is kept */
void cw_policy_interface_add(struct cw_policy *policy, const char *pattern);

/** cw_policy_group_add() - add a group, all zero; Return: it, until the next one is added */
struct cw_policy_group *cw_policy_group_add(struct cw_policy *policy);

/** cw_policy_prefix_add() - add a prefix at the end: the caller keeps them sorted, each once */
void cw_policy_prefix_add(struct cw_policy *policy, uint64_t prefix);

/** cw_policy_group_prefixes() - how many prefixes the group with that index has */
size_t cw_policy_group_prefixes(const struct cw_policy *policy, size_t group);

/** cw_action_name() - "observe", "drop", ... */
const char *cw_action_name(enum camwall_action action);

/** cw_action_parse() - the action of that name; Return: 0, or -1 where there is none */
int cw_action_parse(const char *name, enum camwall_action *action);

/** cw_policy_group_find() - index of the group of that name, or -1 */
int cw_policy_group_find(const struct cw_policy *policy, const char *name);

/**
 * cw_policy_lookup() - the longest prefix that a MAC address falls in
 *
 * By the module's own prefix table (module/prefix.c), which the first call builds: after it,
 * no prefix can be added.
 *
 * Return: 1 and @prefix (packed, with the group's id), 0 where none matches, -1 with @err set.
 */
int cw_policy_lookup(struct cw_policy *policy, uint64_t mac, uint64_t *prefix,
		     struct cw_error *err);

/**
 * cw_policy_print() - write a policy in the grammar of the configuration file
 *
 * What cw_config_load() reads back as the same policy.
 */
void cw_policy_print(const struct cw_policy *policy, FILE *out);

/**
 * struct cw_policy_change - what is different between two policies, by name
 * @text: one line, e.g. "group dahua: action observe -> drop", "group hikvision: 3 prefixes added, 1 gone",
 *	  "interface lan* added"
 */
struct cw_policy_change {
	char *text;
};

/**
 * cw_policy_diff() - what a change from one policy to another amounts to
 * @changes: in the order: settings, interfaces, groups; for cw_policy_changes_free()
 * @n: how many; 0 where both say the same
 */
void cw_policy_diff(const struct cw_policy *from, const struct cw_policy *to,
		    struct cw_policy_change **changes, size_t *n);
void cw_policy_changes_free(struct cw_policy_change *changes, size_t n);

#endif
