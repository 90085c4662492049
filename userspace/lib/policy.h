/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A policy as the kernel holds it: resolved, checked, comparable. */
#ifndef CW_POLICY_H
#define CW_POLICY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "camwall.h"
#include "digest.h"
#include "error.h"
#include "mac.h"

/** struct cw_policy_counters - what was seen of one direction */
struct cw_policy_counters {
	uint64_t packets, bytes, dropped;
	uint64_t dropped_policy, dropped_not_allowed, dropped_limit, dropped_malformed;
};

/** struct cw_policy_limit - a token bucket for each device; @rate: 0 where there is none */
struct cw_policy_limit {
	uint64_t rate, burst;
	enum camwall_limit_unit unit;
};

#define CW_ANY_PROTOCOL	(-1)

/**
 * struct cw_policy_allow - a peer that the devices of an isolated group may talk with
 * @family: AF_INET or AF_INET6
 * @address: in network order; octets beyond the family's are zero
 * @length: bits of @address that count
 * @protocol: the IP protocol, or CW_ANY_PROTOCOL
 * @port_min, @port_max: the peer's ports; meaningful where @has_ports
 */
struct cw_policy_allow {
	int family;
	unsigned char address[16];
	unsigned int length;
	int protocol;
	bool has_ports;
	uint16_t port_min, port_max;
};

/**
 * struct cw_policy_exemption - a device whose group's action is not carried out for a time
 * @until: seconds since 1970 at which it ends
 * @in_force: read from the kernel; false in a policy that comes from a file
 */
struct cw_policy_exemption {
	uint64_t mac, until;
	char *reason, *approved_by;
	bool in_force;
};

/**
 * struct cw_policy_group - devices that are treated alike
 * @mark: the tag; meaningful where @has_mark
 * @limit: what the action limit carries out; it is kept with any action
 * @allow: what the action isolate lets pass, in the order given; kept with any action
 * @from, @to: read from the kernel; zero in a policy that comes from a file
 */
struct cw_policy_group {
	char name[CAMWALL_GROUP_NAME_LEN + 1];
	enum camwall_action action;
	bool has_mark;
	uint32_t mark;
	struct cw_policy_limit limit;
	struct cw_policy_allow *allow;
	size_t n_allow;
	struct cw_policy_counters from, to;
};

struct cw_prefix_table;

/**
 * struct cw_policy - all that a configuration says, and all that the kernel holds
 * @generation: the kernel's; 0 in a policy that comes from a file
 * @interfaces: patterns of device names, in the order given
 * @groups: the index is the group id that @prefixes carry
 * @prefixes: packed as in the UAPI, sorted, each once
 * @conntrack: tags are kept in connection marks
 * @written: seconds since 1970 when the policy was written: while the clock is before it no
 *	     exemption is in force
 * @max_devices: bound of the inventory
 * @idle: seconds without a frame after which a device counts as gone
 * @digest: of the file that it comes from, and of nothing else that was read with it; of no
 *	    length where another writer has given none
 * @exemptions: sorted by address, one of each
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
	bool conntrack;
	uint64_t written;
	uint32_t max_devices, idle;
	struct cw_digest digest;
	struct cw_policy_exemption *exemptions;
	size_t n_exemptions;
	struct cw_prefix_table *table;
};

/** cw_policy_new() - a policy that says nothing, with the kernel's defaults; for cw_policy_free() */
struct cw_policy *cw_policy_new(void);
void cw_policy_free(struct cw_policy *policy);

/** cw_policy_interface_add() - add a pattern of device names, of which a copy is kept */
void cw_policy_interface_add(struct cw_policy *policy, const char *pattern);

/** cw_policy_group_add() - add a group, all zero; Return: it, until the next one is added */
struct cw_policy_group *cw_policy_group_add(struct cw_policy *policy);

/** cw_policy_prefix_add() - add a prefix at the end: the caller keeps them sorted, each once */
void cw_policy_prefix_add(struct cw_policy *policy, uint64_t prefix);

/** cw_policy_allow_add() - add an entry to a group's allow list, of which a copy is kept */
void cw_policy_allow_add(struct cw_policy_group *group, const struct cw_policy_allow *allow);

/**
 * cw_policy_exemption_add() - add an exemption at the end: the caller keeps them sorted
 *
 * Return: it, until the next one is added, with copies of the strings.
 */
struct cw_policy_exemption *cw_policy_exemption_add(struct cw_policy *policy, uint64_t mac,
						    uint64_t until, const char *reason,
						    const char *approved_by);

/** cw_policy_exemption_find() - a device's exemption, ended or not; NULL where it has none */
const struct cw_policy_exemption *cw_policy_exemption_find(const struct cw_policy *policy,
							   uint64_t mac);

/** cw_policy_in_force() - whether the kernel would hold an exemption of a policy for in force at @now */
bool cw_policy_in_force(const struct cw_policy *policy,
			const struct cw_policy_exemption *exemption, uint64_t now);

/** cw_policy_group_prefixes() - how many prefixes the group with that index has */
size_t cw_policy_group_prefixes(const struct cw_policy *policy, size_t group);

/** cw_action_name() - "observe", "isolate", ... */
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
 * What cw_config_load() reads back as the same policy, but for @written, which is the
 * modification time of a file. Where another program than camwall has given an exemption
 * a reason that the grammar cannot say, as one with a line end, it is changed until it can;
 * in a pattern of device names '?' stands for what would split it or begin a comment.
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
 * @changes: in the order: settings, interfaces, groups, exemptions; for
 *	     cw_policy_changes_free()
 * @n: how many; 0 where both say the same
 *
 * When a policy was written, the digest of its file, and counters, are no difference.
 */
void cw_policy_diff(const struct cw_policy *from, const struct cw_policy *to,
		    struct cw_policy_change **changes, size_t *n);
void cw_policy_changes_free(struct cw_policy_change *changes, size_t n);

#endif
