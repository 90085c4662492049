/* SPDX-License-Identifier: GPL-2.0 */
/* Tags in connection marks. */
#ifndef _CW_CONNTRACK_H
#define _CW_CONNTRACK_H

#include <linux/types.h>
#include <uapi/camwall.h>

struct cw_config;
struct cw_net;
struct net;
struct netlink_ext_ack;
struct sk_buff;

void cw_conntrack_save(struct sk_buff *skb, u32 mask);
int cw_conntrack_hook(struct cw_net *cn, struct netlink_ext_ack *extack);
void cw_conntrack_unhook(struct cw_net *cn);
enum camwall_conntrack_state cw_conntrack_state(struct net *net,
						const struct cw_config *config);

#endif
