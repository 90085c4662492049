// SPDX-License-Identifier: GPL-2.0
/*
 * The way of a packet. Most packets are not from a camera, so a miss reads the
 * configuration and one line of the prefix table, and writes nothing.
 */
#include <linux/etherdevice.h>
#include <linux/limits.h>
#include <linux/netfilter.h>
#include <linux/netfilter_netdev.h>
#include <linux/skbuff.h>

#include "config.h"
#include "hook.h"
#include "link.h"

/* A frame that carries no Ethernet header, as a tunnel may hand up, is nobody's. */
static bool cw_has_ethernet_header(const struct sk_buff *skb)
{
	return skb->mac_len >= ETH_HLEN && skb_mac_header_was_set(skb);
}

static noinline unsigned int cw_judge(const struct cw_config *config, u8 value,
				      struct sk_buff *skb)
{
	const struct cw_group *group = &config->groups[value - 1];
	bool drop = group->action == CAMWALL_ACTION_DROP;

	/* Of a GRO batch each segment was a frame. */
	cw_stats_count(group->stats, skb_shinfo(skb)->gso_segs ?: 1,
		       skb->len + skb->mac_len, drop);
	if (drop)
		return NF_DROP;
	skb->mark = (skb->mark & ~group->mark_mask) | group->mark;
	return NF_ACCEPT;
}

static unsigned int cw_hook_ingress(void *priv, struct sk_buff *skb,
				    const struct nf_hook_state *state)
{
	const struct cw_link *link = priv;
	const struct cw_config *config;
	u8 value;

	config = rcu_dereference(*READ_ONCE(link->config));
	if (unlikely(!config || !cw_has_ethernet_header(skb)))
		return NF_ACCEPT;
	value = cw_prefix_value(&config->table, eth_hdr(skb)->h_source);
	if (likely(!value))
		return NF_ACCEPT;
	return cw_judge(config, value, skb);
}

/**
 * cw_hook_init_ingress() - fill in a hook for the frames that a device receives
 * @ops: for nf_register_net_hook()
 * @dev: the device
 * @link: what the hook is given; has to stay a grace period longer than the hook
 */
void cw_hook_init_ingress(struct nf_hook_ops *ops, struct net_device *dev,
			  struct cw_link *link)
{
	ops->hook = cw_hook_ingress;
	ops->pf = NFPROTO_NETDEV;
	ops->hooknum = NF_NETDEV_INGRESS;
	/* Before any flowtable, which takes its packets away. */
	ops->priority = INT_MIN;
	ops->dev = dev;
	ops->priv = link;
}
