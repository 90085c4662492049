/* SPDX-License-Identifier: GPL-2.0 */
/* What camwall keeps for each network namespace. */
#ifndef _CW_MAIN_H
#define _CW_MAIN_H

#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/netfilter.h>
#include <net/net_namespace.h>

#include "device.h"
#include "event.h"
#include "expiry.h"

#define CW_N_CONNTRACK_HOOKS 4

struct cw_config;

/**
 * struct cw_net - a network namespace's policy and what is on the way to become it
 * @net: the namespace
 * @config: what is in force, or NULL; written under @lock and RTNL
 * @links: the bound devices (struct cw_link); RTNL
 * @n_links: how many; RTNL
 * @links_seq: goes up with each change of @links; RTNL
 * @links_again: binds what could not be bound when it came
 * @lock: held by whoever stages or commits; taken before RTNL
 * @staged: transactions (struct cw_transaction) that are not committed yet; @lock
 * @n_staged: how many; @lock
 * @devices: the inventory
 * @events: what listeners are told
 * @expiry: notices that exemptions end
 * @conntrack_hooked: @conntrack are registered; RTNL
 * @conntrack: the hooks of conntrack.c
 */
struct cw_net {
	struct net *net;
	struct cw_config __rcu *config;
	struct list_head links;
	u32 n_links;
	u32 links_seq;
	struct delayed_work links_again;
	struct mutex lock;	/* staged; and config, together with RTNL */
	struct list_head staged;
	unsigned int n_staged;
	struct cw_devices devices;
	struct cw_events events;
	struct cw_expiry expiry;
	bool conntrack_hooked;
	struct nf_hook_ops conntrack[CW_N_CONNTRACK_HOOKS];
};

struct cw_net *cw_net(struct net *net);

#endif
