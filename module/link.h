/* SPDX-License-Identifier: GPL-2.0 */
/* Links: the network devices that camwall is bound to. */
#ifndef _CW_LINK_H
#define _CW_LINK_H

#include <linux/list.h>
#include <linux/netdevice.h>
#include <linux/netfilter.h>
#include <linux/rcupdate.h>

#include "main.h"

struct cw_config;
struct cw_devices;
struct netlink_ext_ack;

/**
 * struct cw_link - a network device that camwall is bound to
 * @config: what its packets are judged by: the namespace's configuration, for the time of
 *	    a commit a joint one, and cw_no_config before the commit that binds it and after
 *	    the one that unbinds it; written under RTNL
 * @devices: the namespace's
 * @was_wanted: by the configuration that is being switched from; RTNL
 * @dev: the device; it cannot go while this is in the list (NETDEV_UNREGISTER)
 * @list: in &cw_net.links; RTNL
 * @wanted: by the configuration that is being switched to; RTNL
 * @ingress: the hook for frames that it receives
 * @egress: the hook for frames that it sends
 * @rcu: frees it after a grace period
 */
struct cw_link {
	const struct cw_config __rcu *config;
	struct cw_devices *devices;
	bool wanted;
	bool was_wanted;
	struct net_device *dev;
	struct list_head list;
	struct nf_hook_ops ingress;
	struct nf_hook_ops egress;
	struct rcu_head rcu;
};

int cw_links_switch(struct cw_net *cn, struct cw_config *config,
		    struct netlink_ext_ack *extack);
void cw_links_init(struct cw_net *cn);
void cw_links_clear(struct cw_net *cn);
void cw_links_clean(struct cw_net *cn);
int cw_links_setup(void);
void cw_links_teardown(void);

#endif
