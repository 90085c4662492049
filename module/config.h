/* SPDX-License-Identifier: GPL-2.0 */
/* A configuration: all that the administrator decides, immutable once it is in force. */
#ifndef _CW_CONFIG_H
#define _CW_CONFIG_H

#include <linux/netfilter.h>
#include <linux/workqueue.h>
#include <uapi/camwall.h>

#include "exempt.h"
#include "limit.h"
#include "prefix.h"
#include "stats.h"

struct netlink_ext_ack;

/**
 * struct cw_allow - a peer that an isolated group may talk with
 * @address: in network order
 * @family: AF_INET or AF_INET6
 * @length: bits of @address that count
 * @any_protocol: @protocol means nothing
 * @protocol: the IP protocol
 * @has_ports: @port_min and @port_max mean something
 * @port_min: first port of the peer, host order
 * @port_max: last one
 */
struct cw_allow {
	union nf_inet_addr address;
	u8 family;
	u8 length;
	bool any_protocol;
	u8 protocol;
	bool has_ports;
	u16 port_min;
	u16 port_max;
};

/**
 * struct cw_group - devices that are treated alike
 * @stats: the counters of @state, by direction
 * @mark: the tag, within @mark_mask
 * @mark_mask: bits of the packet mark that are the tag's; 0 where the group has none
 * @action: what is done with its frames
 * @has_mark: @mark was given
 * @n_allow: entries in @allow
 * @room_allow: for how many there is memory
 * @allow: the allow list, in the order given
 * @limit: for the action limit
 * @state: what survives a commit
 * @prefix_count: prefixes of the group
 * @name: empty where no group has this id
 */
struct cw_group {
	struct cw_stats __percpu *stats[CW_N_DIRECTIONS];
	u32 mark;
	u32 mark_mask;
	u8 action;
	bool has_mark;
	u32 n_allow;
	u32 room_allow;
	struct cw_allow *allow;
	struct cw_limit limit;
	struct cw_group_state *state;
	u32 prefix_count;
	char name[CAMWALL_GROUP_NAME_LEN + 1];
};

/**
 * struct cw_config - a configuration
 * @table: the prefixes
 * @groups: by id; @n_ids of them, those that no group has are empty
 * @next: of a joint one (cw_config_join()) what is coming into force, else NULL
 * @previous: of a joint one what was in force before
 * @exemptions: devices whose group's action is not carried out
 * @conntrack: tags are kept in connection marks
 * @max_devices: devices in the inventory, at most
 * @idle: seconds without a frame after which a device counts as gone
 * @digest_len: octets of @digest
 * @digest: what the writer names its policy by
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
	const struct cw_config *next;
	const struct cw_config *previous;
	struct cw_exemptions exemptions;
	bool conntrack;
	u32 max_devices;
	u32 idle;
	u8 digest_len;
	u8 digest[CAMWALL_DIGEST_LEN];
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
 * @limit: for the action limit; rate 0 where none was given
 */
struct cw_group_spec {
	u32 id;
	const char *name;
	enum camwall_action action;
	bool has_mark;
	u32 mark;
	struct cw_limit limit;
};

struct cw_config *cw_config_alloc(void);
struct cw_config *cw_config_join(const struct cw_config *next,
				 const struct cw_config *previous);
void cw_config_free(struct cw_config *config);
void cw_config_retire(struct cw_config *config);
int cw_config_add_interface(struct cw_config *config, const char *pattern,
			    struct netlink_ext_ack *extack);
int cw_config_add_group(struct cw_config *config,
			const struct cw_group_spec *spec,
			struct netlink_ext_ack *extack);
int cw_config_add_allow(struct cw_config *config, u32 id,
			const struct cw_allow *allow,
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
