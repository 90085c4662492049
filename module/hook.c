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
#include <linux/tcp.h>
#include <linux/udp.h>

#include "config.h"
#include "conntrack.h"
#include "drop.h"
#include "hook.h"
#include "link.h"
#include "seen.h"
#include "verdict.h"

/* Octets before the payload that a batch's segments share; 0 where its headers make no sense. */
static unsigned int cw_batch_header(const struct sk_buff *skb)
{
	const struct skb_shared_info *info = skb_shinfo(skb);
	const struct tcphdr *tcp;
	struct tcphdr buf;
	int offset;

	if (!skb_transport_header_was_set(skb))
		return 0;
	offset = skb_transport_offset(skb);
	if (offset < 0)
		return 0;
	if (info->gso_type & SKB_GSO_UDP_L4)
		return offset + sizeof(struct udphdr);
	if (!(info->gso_type & (SKB_GSO_TCPV4 | SKB_GSO_TCPV6)))
		return 0;
	tcp = skb_header_pointer(skb, offset, sizeof(buf), &buf);
	return tcp ? offset + __tcp_hdrlen(tcp) : 0;
}

/* Of an aggregate from a guest, which does not say how many, or cannot be trusted. */
static noinline u32 cw_segments(const struct sk_buff *skb)
{
	unsigned int header = cw_batch_header(skb);

	return DIV_ROUND_UP(skb->len - (header < skb->len ? header : 0),
			    skb_shinfo(skb)->gso_size);
}

/* Of a batch each segment is a frame. */
static u32 cw_frames(const struct sk_buff *skb)
{
	const struct skb_shared_info *info = skb_shinfo(skb);

	if (likely(!info->gso_size))
		return 1;
	if (info->gso_segs && !(info->gso_type & SKB_GSO_DODGY))
		return info->gso_segs;
	return cw_segments(skb);
}

/* At ingress the data begin behind the Ethernet header, at egress with it. */
static unsigned int cw_header_len(const struct sk_buff *skb, enum cw_direction direction)
{
	return direction == CW_FROM ? skb->mac_len : 0;
}

static const u8 *cw_mac(const struct sk_buff *skb, enum cw_direction direction)
{
	const struct ethhdr *header;

	header = (const void *)(skb->data - cw_header_len(skb, direction));
	return direction == CW_FROM ? header->h_source : header->h_dest;
}

static u32 cw_bytes(const struct sk_buff *skb, enum cw_direction direction)
{
	return skb->len + cw_header_len(skb, direction);
}

static void cw_frame_init(struct cw_frame *frame, const struct sk_buff *skb,
			  enum cw_direction direction)
{
	frame->skb = skb;
	frame->mac = cw_mac(skb, direction);
	frame->direction = direction;
	frame->packets = cw_frames(skb);
	frame->bytes = cw_bytes(skb, direction);
}

/* Apart from cw_judge(), which needs no stack without it. */
static noinline enum cw_drop cw_act(const struct cw_group *group,
				    struct cw_device *device,
				    const struct sk_buff *skb,
				    enum cw_direction direction)
{
	struct cw_frame frame;

	cw_frame_init(&frame, skb, direction);
	return cw_verdict(group, device, &frame);
}

/* Whether what the policy says of a device's group is carried out on the device. */
static bool cw_acts(const struct cw_config *config, const struct cw_group *group,
		    const u8 *mac)
{
	return group->action != CAMWALL_ACTION_OBSERVE &&
	       !cw_exempt(&config->exemptions, mac);
}

static void cw_tag(struct sk_buff *skb, const struct cw_group *group)
{
	skb->mark = (skb->mark & ~group->mark_mask) | group->mark;
}

static unsigned int cw_judge(const struct cw_link *link, const struct cw_config *config,
			     u8 value, struct sk_buff *skb, enum cw_direction direction)
{
	u32 packets = cw_frames(skb), bytes = cw_bytes(skb, direction);
	const struct cw_group *group = &config->groups[value - 1];
	enum cw_drop drop = CW_DROP_NONE;
	struct cw_device *device;

	device = cw_seen(link->devices, cw_mac(skb, direction), skb, direction);
	if (cw_acts(config, group, cw_mac(skb, direction)))
		drop = group->action == CAMWALL_ACTION_DROP ?
			       CW_DROP_POLICY : cw_act(group, device, skb, direction);
	cw_stats_count(group->stats[direction], packets, bytes, drop);
	if (device)
		cw_seen_count(link->devices, device, direction, packets, bytes, drop);
	if (drop != CW_DROP_NONE)
		return cw_drop(skb, drop);
	cw_tag(skb, group);
	if (direction == CW_TO && config->conntrack && group->mark_mask)
		cw_conntrack_save(skb, group->mark_mask);
	return NF_ACCEPT;
}

/* Whether the policy that is on its way out forbids a frame. */
static bool cw_forbidden_before(const struct cw_link *link,
				const struct cw_config *config,
				const struct sk_buff *skb,
				enum cw_direction direction)
{
	u8 value = cw_prefix_value(&config->table, cw_mac(skb, direction));
	const struct cw_group *group;
	struct cw_device *device;
	struct cw_frame frame;
	enum cw_drop drop;

	if (!value)
		return false;
	cw_frame_init(&frame, skb, direction);
	group = &config->groups[value - 1];
	if (!cw_acts(config, group, frame.mac))
		return false;
	drop = cw_forbids(group, &frame);
	if (drop == CW_DROP_NONE)
		return false;
	cw_stats_count(group->stats[direction], frame.packets, frame.bytes, drop);
	device = cw_device_find(link->devices, cw_mac_u64(frame.mac));
	if (device)
		cw_seen_count(link->devices, device, direction, frame.packets,
			      frame.bytes, drop);
	return true;
}

/* While a commit is under way: what either policy forbids is dropped. */
static noinline unsigned int cw_judge_joint(const struct cw_link *link,
					    const struct cw_config *joint,
					    struct sk_buff *skb,
					    enum cw_direction direction)
{
	u8 value = cw_prefix_value(&joint->next->table, cw_mac(skb, direction));

	if (READ_ONCE(link->was_wanted) &&
	    cw_forbidden_before(link, joint->previous, skb, direction))
		return cw_drop(skb, CW_DROP_POLICY);
	if (!value || !READ_ONCE(link->wanted))
		return NF_ACCEPT;
	return cw_judge(link, joint->next, value, skb, direction);
}

/* @value is what level 1 of the prefix table says. */
static noinline unsigned int cw_hit(const struct cw_link *link, struct sk_buff *skb,
				    const struct cw_config *config, u8 value,
				    enum cw_direction direction)
{
	if (unlikely(config->next))
		return cw_judge_joint(link, config, skb, direction);
	if (value == CW_SLOT_NESTED)
		value = cw_prefix_nested_value(&config->table, cw_mac(skb, direction));
	if (!value)
		return NF_ACCEPT;
	return cw_judge(link, config, value, skb, direction);
}

/*
 * Find and count the device of a frame that tells nothing new of it, as most frames do.
 * Calls nothing, so that who calls it need not save registers.
 *
 * Return: the device; NULL where it is not such a frame, and then nothing was done.
 */
static __always_inline struct cw_device *
cw_count_known(const struct cw_link *link, const struct sk_buff *skb,
	       const struct cw_group *group, enum cw_direction direction,
	       enum cw_drop drop)
{
	u32 bytes = cw_bytes(skb, direction);
	struct cw_device *device;

	if (skb_is_gso(skb))
		return NULL;
	device = cw_seen_before(link->devices, cw_mac(skb, direction), skb, direction);
	if (!device)
		return NULL;
	cw_stats_count(group->stats[direction], 1, bytes, drop);
	cw_seen_add(device, direction, 1, bytes, drop);
	return device;
}

/* A device of a group that is dropped, unless it is exempt. */
static noinline unsigned int cw_hit_drop(const struct cw_link *link, struct sk_buff *skb,
					 const struct cw_config *config, u8 value,
					 enum cw_direction direction)
{
	const struct cw_group *group = &config->groups[value - 1];
	struct cw_device *device;

	if (cw_exempt(&config->exemptions, cw_mac(skb, direction)))
		return cw_hit(link, skb, config, value, direction);
	device = cw_count_known(link, skb, group, direction, CW_DROP_POLICY);
	if (!device)
		return cw_hit(link, skb, config, value, direction);
	cw_seen_drop(link->devices, device, direction, CW_DROP_POLICY);
	return cw_drop(skb, CW_DROP_POLICY);
}

/*
 * @value is what level 1 of the prefix table says; that of a joint configuration says 0.
 * The whole way of most frames of cameras that are only observed.
 */
static __always_inline unsigned int cw_hit_either(const struct cw_link *link,
						  struct sk_buff *skb,
						  const struct cw_config *config,
						  u8 value, enum cw_direction direction)
{
	const struct cw_group *group;

	if (unlikely(!value || value == CW_SLOT_NESTED))
		return cw_hit(link, skb, config, value, direction);
	group = &config->groups[value - 1];
	if (group->action == CAMWALL_ACTION_DROP)
		return cw_hit_drop(link, skb, config, value, direction);
	if (group->action != CAMWALL_ACTION_OBSERVE ||
	    (direction == CW_TO && config->conntrack) ||
	    !cw_count_known(link, skb, group, direction, CW_DROP_NONE))
		return cw_hit(link, skb, config, value, direction);
	cw_tag(skb, group);
	return NF_ACCEPT;
}

static noinline unsigned int cw_hit_from(const struct cw_link *link, struct sk_buff *skb,
					 const struct cw_config *config, u8 value)
{
	return cw_hit_either(link, skb, config, value, CW_FROM);
}

static noinline unsigned int cw_hit_to(const struct cw_link *link, struct sk_buff *skb,
				       const struct cw_config *config, u8 value)
{
	return cw_hit_either(link, skb, config, value, CW_TO);
}

static noinline unsigned int cw_look_up(const struct cw_link *link, struct sk_buff *skb,
					const struct cw_config *config,
					enum cw_direction direction)
{
	u8 value = cw_prefix_slot_value(&config->table, cw_mac(skb, direction));

	if (!value && likely(!config->next))
		return NF_ACCEPT;
	return direction == CW_FROM ? cw_hit_from(link, skb, config, value) :
				      cw_hit_to(link, skb, config, value);
}

/* An Ethernet header that is not right before the data, or none, as a tunnel may hand up. */
static noinline unsigned int cw_look_up_odd(const struct cw_link *link,
					    struct sk_buff *skb)
{
	if (skb->mac_len < ETH_HLEN || !skb_mac_header_was_set(skb))
		return NF_ACCEPT;
	return cw_look_up(link, skb, rcu_dereference(link->config), CW_FROM);
}

static unsigned int cw_hook_ingress(void *priv, struct sk_buff *skb,
				    const struct nf_hook_state *state)
{
	const struct ethhdr *header = (const void *)(skb->data - ETH_HLEN);
	const struct cw_link *link = priv;
	const struct cw_config *config;
	u8 value;

	/* Where no header was set, its length can be this only with as much room before the
	 * data, so that the address can be read all the same.
	 */
	if (unlikely(skb->mac_len != ETH_HLEN))
		return cw_look_up_odd(link, skb);
	config = rcu_dereference(link->config);
	switch (cw_prefix_glance(&config->table, header->h_source, &value)) {
	case CW_PREFIX_HIT:
		return cw_hit_from(link, skb, config, value);
	case CW_PREFIX_UNCLEAR:
		return cw_look_up(link, skb, config, CW_FROM);
	case CW_PREFIX_MISS:
		break;
	}
	return NF_ACCEPT;
}

static unsigned int cw_hook_egress(void *priv, struct sk_buff *skb,
				   const struct nf_hook_state *state)
{
	const struct ethhdr *header = (const void *)skb->data;
	const struct cw_link *link = priv;
	const struct cw_config *config;
	u8 value;

	if (unlikely(skb_headlen(skb) < ETH_HLEN))
		return NF_ACCEPT;
	config = rcu_dereference(link->config);
	switch (cw_prefix_glance(&config->table, header->h_dest, &value)) {
	case CW_PREFIX_HIT:
		return cw_hit_to(link, skb, config, value);
	case CW_PREFIX_UNCLEAR:
		return cw_look_up(link, skb, config, CW_TO);
	case CW_PREFIX_MISS:
		break;
	}
	return NF_ACCEPT;
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
