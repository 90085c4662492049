// SPDX-License-Identifier: GPL-2.0
/*
 * Links: which network devices camwall is bound to, as the configuration wants it
 * and as devices come and go.
 *
 * A frame has to be judged once. A bridge, bond, VRF or switch (DSA) that is named stands for
 * its ports, where all its frames pass, those between two ports included; a VLAN or macvlan
 * device whose lower device is bound already is left out.
 */
#include <linux/if_arp.h>
#include <linux/if_vlan.h>
#include <linux/netdevice.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <net/dsa.h>
#include <net/rtnetlink.h>

#include "config.h"
#include "conntrack.h"
#include "hook.h"
#include "link.h"

#define CW_AGAIN	HZ	/* between two tries to bind a device */

/* Devices are not followed any more: who would bind one now would not hear that it goes. RTNL */
static bool cw_links_closing;

/* What a link has while no configuration is meant for it: no address is listed. */
static const u32 cw_no_slot;
static const struct cw_config cw_no_config = {
	.table = { .slots = &cw_no_slot, .multiplier = 1 << 8 },
};

static bool cw_is_master(const struct net_device *dev)
{
	return netif_is_bridge_master(dev) || netif_is_lag_master(dev) ||
	       netif_is_ovs_master(dev) || netif_is_l3_master(dev) ||
	       netdev_uses_dsa(dev);
}

/* The conduit of a switch's port: what passes there has the switch's tag, and is no frame yet. */
static bool cw_conduit_named(const struct cw_config *config, struct net_device *dev)
{
	struct net_device *lower;
	struct list_head *iter;

	netdev_for_each_lower_dev(dev, lower, iter)
		if (netdev_uses_dsa(lower) && cw_config_matches(config, lower->name))
			return true;
	return false;
}

/* Whether a pattern names a device, or what it is a port of. */
static bool cw_named(const struct cw_config *config, struct net_device *dev)
{
	if (cw_conduit_named(config, dev))
		return true;
	for (; dev; dev = netdev_master_upper_dev_get(dev))
		if (cw_config_matches(config, dev->name))
			return true;
	return false;
}

static bool cw_is_ipvlan(const struct net_device *dev)
{
	return dev->rtnl_link_ops && !strcmp(dev->rtnl_link_ops->kind, "ipvlan");
}

/*
 * The device where the frames of a VLAN, macvlan or ipvlan device pass as they are, or NULL.
 * What a tunnel stands on sees other frames, those of the tunnel.
 */
static struct net_device *cw_lower(struct net_device *dev)
{
	struct net_device *lower;
	struct list_head *iter;

	if (!is_vlan_dev(dev) && !netif_is_macvlan(dev) && !cw_is_ipvlan(dev))
		return NULL;
	netdev_for_each_lower_dev(dev, lower, iter)
		return net_eq(dev_net(lower), dev_net(dev)) ? lower : NULL;
	return NULL;
}

static bool cw_wanted(const struct cw_config *config, struct net_device *dev)
{
	struct net_device *lower;

	if (dev->type != ARPHRD_ETHER || dev->addr_len != ETH_ALEN)
		return false;
	if (cw_is_master(dev) || !cw_named(config, dev))
		return false;
	for (lower = cw_lower(dev); lower; lower = cw_lower(lower))
		if (cw_named(config, lower))
			return false;
	return true;
}

static struct cw_link *cw_link_find(struct cw_net *cn,
				    const struct net_device *dev)
{
	struct cw_link *link;

	list_for_each_entry(link, &cn->links, list)
		if (link->dev == dev)
			return link;
	return NULL;
}

static int cw_link_add(struct cw_net *cn, struct net_device *dev)
{
	struct cw_link *link;
	int err;

	link = kzalloc(sizeof(*link), GFP_KERNEL_ACCOUNT);
	if (!link)
		return -ENOMEM;
	RCU_INIT_POINTER(link->config, &cw_no_config);
	link->devices = &cn->devices;
	link->dev = dev;
	link->wanted = true;
	err = cw_hook_link(cn->net, link);
	if (err) {
		kfree(link);
		return err;
	}
	list_add_tail(&link->list, &cn->links);
	cn->n_links++;
	cn->links_seq++;
	return 0;
}

static void cw_link_del(struct cw_net *cn, struct cw_link *link)
{
	cw_hook_unlink(cn->net, link);
	list_del(&link->list);
	cn->n_links--;
	cn->links_seq++;
	kfree_rcu(link, rcu);
}

static bool cw_link_active(const struct cw_link *link)
{
	return rcu_access_pointer(link->config) != &cw_no_config;
}

static void cw_links_drop(struct cw_net *cn, bool only_inactive)
{
	struct cw_link *link, *next;

	list_for_each_entry_safe(link, next, &cn->links, list)
		if (!link->wanted || (only_inactive && !cw_link_active(link)))
			cw_link_del(cn, link);
}

/* Bind what is wanted and not bound yet; note of each link whether it is wanted still. */
static int cw_links_prepare(struct cw_net *cn, const struct cw_config *config,
			    struct netlink_ext_ack *extack)
{
	struct net_device *dev;
	struct cw_link *link;
	int err, failed = 0;

	list_for_each_entry(link, &cn->links, list) {
		WRITE_ONCE(link->was_wanted, link->wanted);
		WRITE_ONCE(link->wanted, cw_wanted(config, link->dev));
	}
	for_each_netdev(cn->net, dev) {
		if (!cw_wanted(config, dev) || cw_link_find(cn, dev))
			continue;
		err = cw_link_add(cn, dev);
		if (err) {
			NL_SET_ERR_MSG(extack, "a network device could not be bound");
			failed = err;
		}
	}
	return failed;
}

/* Undo cw_links_prepare(). */
static void cw_links_rollback(struct cw_net *cn)
{
	struct cw_link *link;

	list_for_each_entry(link, &cn->links, list)
		WRITE_ONCE(link->wanted, true);
	cw_links_drop(cn, true);
}

static struct cw_config *cw_publish(struct cw_net *cn, struct cw_config *config)
{
	return rcu_replace_pointer(cn->config, config,
				   lockdep_rtnl_is_held() && lockdep_is_held(&cn->lock));
}

/* What packets are judged by from here on; those of links that are not wanted by nothing. */
static void cw_links_activate(struct cw_net *cn, const struct cw_config *config)
{
	struct cw_link *link;

	list_for_each_entry(link, &cn->links, list)
		rcu_assign_pointer(link->config,
				   link->wanted ? config : &cw_no_config);
}

/* Both policies, wherever one of them is asked. */
static void cw_links_join(struct cw_net *cn, const struct cw_config *joint)
{
	struct cw_link *link;

	list_for_each_entry(link, &cn->links, list)
		rcu_assign_pointer(link->config, joint);
}

/**
 * cw_links_switch() - put a configuration in force, and bind to the devices it wants
 * @cn: the namespace
 * @config: a finished configuration; the one before it is retired
 * @extack: gets the reason of a refusal
 *
 * A packet that crosses the gateway is judged twice, where it comes in and where it goes
 * out. So that none passes that both the old and the new policy forbid, for a grace period
 * both are asked: a packet that came in before meets the old one going out, and one that
 * comes in after meets the new one.
 *
 * A device that only one of them wants is judged by that one alone.
 *
 * Context: &cw_net.lock and RTNL held; may sleep.
 * Return: 0, or why a device could not be bound or memory was short; then nothing has
 * changed.
 */
int cw_links_switch(struct cw_net *cn, struct cw_config *config,
		    struct netlink_ext_ack *extack)
{
	struct cw_config *old = rtnl_dereference(cn->config), *joint = NULL;
	int err;

	err = cw_links_prepare(cn, config, extack);
	if (err)
		goto rollback;
	if (config->conntrack) {
		err = cw_conntrack_hook(cn, extack);
		if (err)
			goto rollback;
	}
	if (old && old->table.count && cn->n_links) {
		joint = cw_config_join(config, old);
		if (!joint) {
			NL_SET_ERR_MSG(extack, "out of memory");
			err = -ENOMEM;
			goto rollback;
		}
		cw_links_join(cn, joint);
		synchronize_net();
	}

	cw_publish(cn, config);
	cw_links_activate(cn, config);
	cw_links_drop(cn, false);
	if (!config->conntrack)
		cw_conntrack_unhook(cn);
	cw_config_retire(joint);
	cw_config_retire(old);
	return 0;

rollback:
	cw_links_rollback(cn);
	if (!old || !old->conntrack)
		cw_conntrack_unhook(cn);
	return err;
}

/*
 * A device came, was renamed, or got another master: what is wanted may be different.
 * Return: 0, or why a device that is wanted could not be bound; then that is tried again.
 */
static int cw_links_update(struct cw_net *cn)
{
	const struct cw_config *config = rtnl_dereference(cn->config);
	int err;

	if (!config || (!config->n_interfaces && !cn->n_links))
		return 0;
	err = cw_links_prepare(cn, config, NULL);
	cw_links_activate(cn, config);
	cw_links_drop(cn, false);
	if (!err)
		return 0;
	net_warn_ratelimited("camwall: a network device could not be bound (%d): trying again\n",
			     err);
	queue_delayed_work(cw_devices_wq, &cn->links_again, CW_AGAIN);
	return err;
}

static void cw_links_again(struct work_struct *work)
{
	struct cw_net *cn = container_of(to_delayed_work(work), struct cw_net, links_again);

	rtnl_lock();
	if (!cw_links_closing)
		cw_links_update(cn);
	rtnl_unlock();
}

/**
 * cw_links_init() - bound to no device yet
 * @cn: the namespace; for cw_links_clear(), then cw_links_clean()
 */
void cw_links_init(struct cw_net *cn)
{
	INIT_LIST_HEAD(&cn->links);
	INIT_DELAYED_WORK(&cn->links_again, cw_links_again);
}

/**
 * cw_links_clear() - unbind from every device of a namespace that goes away
 * @cn: the namespace
 *
 * Context: &cw_net.lock held; takes RTNL; may sleep.
 */
void cw_links_clear(struct cw_net *cn)
{
	struct cw_link *link, *next;

	rtnl_lock();
	list_for_each_entry_safe(link, next, &cn->links, list)
		cw_link_del(cn, link);
	cw_conntrack_unhook(cn);
	cw_config_retire(cw_publish(cn, NULL));
	rtnl_unlock();
}

/**
 * cw_links_clean() - the end of what cw_links_init() began
 * @cn: the namespace; was cleared
 *
 * Context: process, without RTNL; may sleep.
 */
void cw_links_clean(struct cw_net *cn)
{
	cancel_delayed_work_sync(&cn->links_again);
}

/*
 * A device that moves to another namespace leaves its VLANs and macvlans here, which it has
 * stood for. It is there only when this is over.
 */
static void cw_links_left(struct cw_net *cn, const struct net_device *dev)
{
	if (dev->reg_state == NETREG_REGISTERED && rtnl_dereference(cn->config))
		mod_delayed_work(cw_devices_wq, &cn->links_again, 0);
}

/*
 * A device whose frames should be judged and cannot be must not be there: who makes it,
 * names it or puts it under a master is refused. Not so who moves it here from another
 * namespace, where the core takes no refusal.
 */
static int cw_links_event(struct notifier_block *nb, unsigned long event,
			  void *ptr)
{
	struct net_device *dev = netdev_notifier_info_to_dev(ptr);
	struct cw_net *cn = cw_net(dev_net(dev));
	struct cw_link *link;

	switch (event) {
	case NETDEV_UNREGISTER:
		link = cw_link_find(cn, dev);
		if (link)
			cw_link_del(cn, link);
		cw_links_left(cn, dev);
		break;
	case NETDEV_REGISTER:
	case NETDEV_CHANGENAME:
	case NETDEV_CHANGEUPPER:
	case NETDEV_POST_TYPE_CHANGE:
		return notifier_from_errno(cw_links_update(cn));
	}
	return NOTIFY_DONE;
}

static struct notifier_block cw_links_notifier = {
	.notifier_call = cw_links_event,
};

/** cw_links_setup() - follow devices as they come and go; Return: 0 or an error */
int cw_links_setup(void)
{
	return register_netdevice_notifier(&cw_links_notifier);
}

/** cw_links_teardown() - stop following devices; unbinds from all of them */
void cw_links_teardown(void)
{
	rtnl_lock();
	cw_links_closing = true;
	rtnl_unlock();
	unregister_netdevice_notifier(&cw_links_notifier);
}
