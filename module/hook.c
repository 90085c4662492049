// SPDX-License-Identifier: GPL-2.0
/*
 * The way of a packet. Most packets are not from or to a camera, so a miss reads the
 * configuration and one line of the prefix table, and writes nothing.
 */
#include <linux/etherdevice.h>
#include <linux/limits.h>
#include <linux/netfilter.h>
#include <linux/netfilter_netdev.h>
#include <linux/skbuff.h>

#include "config.h"
#include "conntrack.h"
#include "drop.h"
#include "hook.h"
#include "link.h"
#include "verdict.h"

/* Of a batch each segment is a frame. An aggregate from a guest does not say how many. */
static u32 cw_frames(const struct sk_buff *skb)
{
	const struct skb_shared_info *info = skb_shinfo(skb);

	if (likely(!info->gso_size))
		return 1;
	if (info->gso_segs && !(info->gso_type & SKB_GSO_DODGY))
		return info->gso_segs;
	return DIV_ROUND_UP(skb->len, info->gso_size);
}

static void cw_count(const struct cw_group *group, const struct cw_frame *frame,
		     enum cw_drop drop)
{
	cw_stats_count(group->stats[frame->direction], frame->packets,
		       frame->bytes, drop);
}

/* Whether the policy before this one, which is still on its way out, forbids a frame. */
static bool cw_forbidden_before(const struct cw_config *config,
				const struct cw_frame *frame)
{
	u8 value = cw_prefix_value(&config->table, frame->mac);
	const struct cw_group *group;
	enum cw_drop drop;

	if (!value)
		return false;
	group = &config->groups[value - 1];
	drop = cw_forbids(config, group, frame);
	if (drop == CW_DROP_NONE)
		return false;
	cw_count(group, frame, drop);
	return true;
}

static noinline unsigned int cw_judge(const struct cw_link *link,
				      const struct cw_config *config, u8 value,
				      struct sk_buff *skb, const u8 *mac,
				      enum cw_direction direction)
{
	const struct cw_frame frame = {
		.skb		= skb,
		.mac		= mac,
		.direction	= direction,
		.packets	= cw_frames(skb),
		.bytes		= skb->len - skb_mac_offset(skb),
	};
	const struct cw_group *group;
	enum cw_drop drop;

	if (unlikely(config->previous)) {
		if (READ_ONCE(link->was_wanted) &&
		    cw_forbidden_before(config->previous, &frame))
			return cw_drop(skb, CW_DROP_POLICY);
		if (!value || !READ_ONCE(link->wanted))
			return NF_ACCEPT;
	}
	group = &config->groups[value - 1];
	drop = cw_verdict(config, group, link->devices, &frame);
	cw_count(group, &frame, drop);
	if (drop != CW_DROP_NONE)
		return cw_drop(skb, drop);
	skb->mark = (skb->mark & ~group->mark_mask) | group->mark;
	if (config->conntrack && direction == CW_TO && group->mark_mask)
		cw_conntrack_save(skb, group->mark_mask);
	return NF_ACCEPT;
}

static __always_inline unsigned int cw_look_up(const struct cw_link *link,
					       struct sk_buff *skb, const u8 *mac,
					       enum cw_direction direction,
					       const struct cw_config *config)
{
	u8 value = cw_prefix_value(&config->table, mac);

	if (likely(!value && !config->previous))
		return NF_ACCEPT;
	return cw_judge(link, config, value, skb, mac, direction);
}

static unsigned int cw_hook_ingress(void *priv, struct sk_buff *skb,
				    const struct nf_hook_state *state)
{
	const struct cw_link *link = priv;
	const struct cw_config *config;

	config = rcu_dereference(*READ_ONCE(link->config));
	/* A frame that carries no Ethernet header, as a tunnel may hand up, is nobody's. */
	if (unlikely(!config || skb->mac_len < ETH_HLEN ||
		     !skb_mac_header_was_set(skb)))
		return NF_ACCEPT;
	return cw_look_up(link, skb, eth_hdr(skb)->h_source, CW_FROM, config);
}

static unsigned int cw_hook_egress(void *priv, struct sk_buff *skb,
				   const struct nf_hook_state *state)
{
	const struct cw_link *link = priv;
	const struct cw_config *config;

	config = rcu_dereference(*READ_ONCE(link->config));
	if (unlikely(!config || skb_headlen(skb) < ETH_HLEN))
		return NF_ACCEPT;
	/* __dev_queue_xmit() has set the MAC header to where the data begin. */
	return cw_look_up(link, skb, eth_hdr(skb)->h_dest, CW_TO, config);
}

static void cw_hook_init(struct nf_hook_ops *ops, nf_hookfn *hook,
			 unsigned int hooknum, int priority, struct cw_link *link)
{
	ops->hook = hook;
	ops->pf = NFPROTO_NETDEV;
	ops->hooknum = hooknum;
	ops->priority = priority;
	ops->dev = link->dev;
	ops->priv = link;
}

/**
 * cw_hook_link() - begin to judge the frames of a device
 * @net: its namespace
 * @link: the device; has to stay a grace period longer than its hooks
 *
 * Context: process; may sleep.
 * Return: 0 or an error.
 */
int cw_hook_link(struct net *net, struct cw_link *link)
{
	int err;

	/* Before any flowtable, which takes its packets away, and behind whatever changes a
	 * frame that goes out.
	 */
	cw_hook_init(&link->ingress, cw_hook_ingress, NF_NETDEV_INGRESS, INT_MIN, link);
	cw_hook_init(&link->egress, cw_hook_egress, NF_NETDEV_EGRESS, INT_MAX, link);
	err = nf_register_net_hook(net, &link->ingress);
	if (err)
		return err;
	err = nf_register_net_hook(net, &link->egress);
	if (err)
		nf_unregister_net_hook(net, &link->ingress);
	return err;
}

/**
 * cw_hook_unlink() - stop to judge the frames of a device
 * @net: its namespace
 * @link: the device
 *
 * Context: process; may sleep.
 */
void cw_hook_unlink(struct net *net, struct cw_link *link)
{
	nf_unregister_net_hook(net, &link->egress);
	nf_unregister_net_hook(net, &link->ingress);
}
