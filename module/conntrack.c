// SPDX-License-Identifier: GPL-2.0
/*
 * Tags in connection marks: what a MAC address said of one packet of a connection is
 * known of the others too, whose MAC address is not to be seen, as the answers that a
 * router gets from its upstream.
 *
 * Nothing here needs the module nf_conntrack, or makes a namespace track connections.
 */
#include <linux/netfilter.h>
#include <linux/netfilter_ipv4.h>
#include <net/netfilter/nf_conntrack.h>

#include "config.h"
#include "conntrack.h"
#include "main.h"

#if IS_ENABLED(CONFIG_NF_CONNTRACK) && IS_ENABLED(CONFIG_NF_CONNTRACK_MARK)

/**
 * cw_conntrack_save() - keep a packet's tag in its connection's mark
 * @skb: tagged
 * @mask: the bits that are the tag
 *
 * Context: softirq, or bottom halves disabled.
 */
void cw_conntrack_save(struct sk_buff *skb, u32 mask)
{
	enum ip_conntrack_info info;
	struct nf_conn *ct = nf_ct_get(skb, &info);
	u32 mark;

	if (!ct)
		return;
	mark = (READ_ONCE(ct->mark) & ~mask) | (skb->mark & mask);
	if (mark != READ_ONCE(ct->mark))
		WRITE_ONCE(ct->mark, mark);
}

static void cw_conntrack_restore(struct sk_buff *skb, u32 mask)
{
	enum ip_conntrack_info info;
	struct nf_conn *ct = nf_ct_get(skb, &info);

	if (ct)
		skb->mark |= READ_ONCE(ct->mark) & mask;
}

#else

void cw_conntrack_save(struct sk_buff *skb, u32 mask)
{
}

static void cw_conntrack_restore(struct sk_buff *skb, u32 mask)
{
}

#endif

static unsigned int cw_conntrack_packet(void *priv, struct sk_buff *skb,
					const struct nf_hook_state *state)
{
	const struct cw_net *cn = priv;
	const struct cw_config *config = rcu_dereference(cn->config);

	if (!config || !config->conntrack)
		return NF_ACCEPT;
	if (skb->mark & config->mark_mask)
		cw_conntrack_save(skb, config->mark_mask);
	else
		cw_conntrack_restore(skb, config->mark_mask);
	return NF_ACCEPT;
}

#define CW_CONNTRACK_HOOK(family, point) {			\
	.hook		= cw_conntrack_packet,			\
	.pf		= (family),				\
	.hooknum	= (point),				\
	.priority	= NF_IP_PRI_CONNTRACK + 1,		\
}

/* Right behind conntrack, so that every chain of nftables sees the tag. */
static const struct nf_hook_ops cw_conntrack_template[CW_N_CONNTRACK_HOOKS] = {
	CW_CONNTRACK_HOOK(NFPROTO_IPV4, NF_INET_PRE_ROUTING),
	CW_CONNTRACK_HOOK(NFPROTO_IPV4, NF_INET_LOCAL_OUT),
	CW_CONNTRACK_HOOK(NFPROTO_IPV6, NF_INET_PRE_ROUTING),
	CW_CONNTRACK_HOOK(NFPROTO_IPV6, NF_INET_LOCAL_OUT),
};

/**
 * cw_conntrack_hook() - begin to save and restore tags, as far as the configuration in force says
 * @cn: the namespace
 * @extack: gets the reason of a refusal
 *
 * Context: RTNL held; may sleep.
 * Return: 0 or an error.
 */
int cw_conntrack_hook(struct cw_net *cn, struct netlink_ext_ack *extack)
{
	unsigned int i;
	int err;

	if (cn->conntrack_hooked)
		return 0;
	memcpy(cn->conntrack, cw_conntrack_template, sizeof(cn->conntrack));
	for (i = 0; i < ARRAY_SIZE(cn->conntrack); i++)
		cn->conntrack[i].priv = cn;
	err = nf_register_net_hooks(cn->net, cn->conntrack,
				    ARRAY_SIZE(cn->conntrack));
	if (err) {
		NL_SET_ERR_MSG(extack, "the hooks for connection marks could not be registered");
		return err;
	}
	cn->conntrack_hooked = true;
	return 0;
}

/**
 * cw_conntrack_unhook() - stop to save and restore tags
 * @cn: the namespace
 *
 * Context: RTNL held; may sleep.
 */
void cw_conntrack_unhook(struct cw_net *cn)
{
	if (!cn->conntrack_hooked)
		return;
	nf_unregister_net_hooks(cn->net, cn->conntrack,
				ARRAY_SIZE(cn->conntrack));
	cn->conntrack_hooked = false;
}

/* Conntrack has no word for whether a namespace uses it; its hook's priority tells. */
static bool cw_conntrack_runs(const struct nf_hook_entries *entries)
{
	struct nf_hook_ops **ops;
	unsigned int i;

	if (!entries)
		return false;
	ops = nf_hook_entries_get_hook_ops(entries);
	for (i = 0; i < entries->num_hook_entries; i++)
		if (ops[i]->priority == NF_IP_PRI_CONNTRACK)
			return true;
	return false;
}

/**
 * cw_conntrack_state() - what has become of the wish to keep tags in connection marks
 * @net: the namespace
 * @config: what is in force there; may be NULL
 *
 * Context: RCU read lock held.
 */
enum camwall_conntrack_state cw_conntrack_state(struct net *net,
						const struct cw_config *config)
{
	if (!config || !config->conntrack)
		return CAMWALL_CONNTRACK_STATE_OFF;
	if (!IS_ENABLED(CONFIG_NF_CONNTRACK_MARK))
		return CAMWALL_CONNTRACK_STATE_INACTIVE;
	if (cw_conntrack_runs(rcu_dereference(net->nf.hooks_ipv4[NF_INET_PRE_ROUTING])) ||
	    cw_conntrack_runs(rcu_dereference(net->nf.hooks_ipv6[NF_INET_PRE_ROUTING])))
		return CAMWALL_CONNTRACK_STATE_ACTIVE;
	return CAMWALL_CONNTRACK_STATE_INACTIVE;
}
