/* SPDX-License-Identifier: ((GPL-2.0 WITH Linux-syscall-note) OR BSD-3-Clause) */
/* Do not edit directly, auto-generated from: */
/*	Documentation/netlink/specs/camwall.yaml */
/* YNL-GEN kernel header */
/* YNL-ARG --function-prefix cw */
/* To regenerate run: tools/net/ynl/ynl-regen.sh */

#ifndef _LINUX_CAMWALL_GEN_H
#define _LINUX_CAMWALL_GEN_H

#include <net/netlink.h>
#include <net/genetlink.h>

#include <uapi/camwall.h>

/* Common nested types */
extern const struct nla_policy camwall_allow_nl_policy[CAMWALL_A_ALLOW_PORT_MAX + 1];
extern const struct nla_policy camwall_counters_nl_policy[CAMWALL_A_COUNTERS_DROPPED_MALFORMED + 1];
extern const struct nla_policy camwall_exemption_nl_policy[CAMWALL_A_EXEMPTION_PAD + 1];
extern const struct nla_policy camwall_group_nl_policy[CAMWALL_A_GROUP_LIMIT + 1];
extern const struct nla_policy camwall_limit_nl_policy[CAMWALL_A_LIMIT_PAD + 1];

int cw_config_begin_doit(struct sk_buff *skb, struct genl_info *info);
int cw_config_add_doit(struct sk_buff *skb, struct genl_info *info);
int cw_config_commit_doit(struct sk_buff *skb, struct genl_info *info);
int cw_config_abort_doit(struct sk_buff *skb, struct genl_info *info);
int cw_config_get_doit(struct sk_buff *skb, struct genl_info *info);
int cw_status_get_doit(struct sk_buff *skb, struct genl_info *info);
int cw_group_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb);
int cw_prefix_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb);
int cw_allow_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb);
int cw_exemption_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb);
int cw_link_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb);
int cw_lookup_doit(struct sk_buff *skb, struct genl_info *info);
int cw_device_get_doit(struct sk_buff *skb, struct genl_info *info);
int cw_device_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb);
int cw_device_flush_doit(struct sk_buff *skb, struct genl_info *info);

enum {
	CAMWALL_NLGRP_EVENTS,
};

extern struct genl_family camwall_nl_family;

#endif /* _LINUX_CAMWALL_GEN_H */
