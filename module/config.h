/* SPDX-License-Identifier: GPL-2.0 */
/* A configuration: all that the administrator decides, immutable once it is in force. */
#ifndef _CW_CONFIG_H
#define _CW_CONFIG_H

#include <linux/refcount.h>
#include <linux/workqueue.h>
#include <uapi/camwall.h>

#include "prefix.h"
#include "stats.h"

struct netlink_ext_ack;

/**
 * struct cw_group - devices that are treated alike
 * @stats: the counters of @state, on this CPU's way to them
 * @mark: the tag, within @mark_mask
 * @mark_mask: bits of the packet mark that are the tag's; 0 where the group has none
 * @action: what is done with its frames
 * @has_mark: @mark was given
 * @prefix_count: prefixes of the group
 * @name: empty where no group has this id
 * @state: what survives a commit
 */
struct cw_group {
	struct cw_stats __percpu *stats;
	u32 mark;
	u32 mark_mask;
	u8 action;
	bool has_mark;
	u32 prefix_count;
	char name[CAMWALL_GROUP_NAME_LEN + 1];
	struct cw_group_state *state;
};

/**
 * struct cw_config - a configuration
 * @table: the prefixes
 * @groups: by id; @n_ids of them, those that no group has are empty
 * @generation: its number
 * @mark_mask: the bits of the packet mark that belong to camwall
 * @n_ids: one more than the largest group id
 * @n_groups: groups
 * @n_interfaces: patterns in @interfaces
 * @interfaces: patterns of device names
 * @free_work: frees it after a grace period
 */
struct cw_config {
	struct cw_prefix_table table;
	struct cw_group *groups;
	u32 generation;
	u32 mark_mask;
	u16 n_ids;
	u16 n_groups;
	u16 n_interfaces;
	char (*interfaces)[CAMWALL_INTERFACE_LEN + 1];
	struct rcu_work free_work;
};

/**
 * struct cw_group_spec - a group as a writer describes it
 * @id: what its prefixes refer to
 * @name: zero-terminated
 * @action: what is done with its frames
 * @has_mark: @mark was given
 * @mark: the tag
 */
struct cw_group_spec {
	u32 id;
	const char *name;
	enum camwall_action action;
	bool has_mark;
	u32 mark;
};

struct cw_config *cw_config_alloc(void);
void cw_config_free(struct cw_config *config);
void cw_config_retire(struct cw_config *config);
int cw_config_add_interface(struct cw_config *config, const char *pattern,
			    struct netlink_ext_ack *extack);
int cw_config_add_group(struct cw_config *config,
			const struct cw_group_spec *spec,
			struct netlink_ext_ack *extack);
int cw_config_check_prefixes(const struct cw_config *config,
			     const u64 *prefixes, u32 n,
			     struct netlink_ext_ack *extack);
int cw_config_finish(struct cw_config *config, const u64 *prefixes, u32 n,
		     const struct cw_config *base,
		     struct netlink_ext_ack *extack);
bool cw_config_matches(const struct cw_config *config, const char *ifname);
size_t cw_config_size(const struct cw_config *config);

int cw_config_setup(void);
void cw_config_teardown(void);

#endif
