// SPDX-License-Identifier: GPL-2.0
/* The generic netlink family: what readers are told of what is in force. */
#include <linux/if_ether.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <linux/timekeeping.h>
#include <net/genetlink.h>
#include <net/netlink.h>
#include <net/sock.h>

#include "config.h"
#include "conntrack.h"
#include "link.h"
#include "main.h"
#include "netlink-gen.h"
#include "put.h"

static int cw_put_settings(struct sk_buff *msg, const struct cw_config *config)
{
	unsigned int i;

	if (!config)
		return nla_put_u32(msg, CAMWALL_A_GENERATION, 0);
	if (nla_put_u32(msg, CAMWALL_A_GENERATION, config->generation) ||
	    nla_put_u32(msg, CAMWALL_A_MARK_MASK, config->mark_mask) ||
	    nla_put_u32(msg, CAMWALL_A_CONNTRACK, config->conntrack) ||
	    nla_put_u64_64bit(msg, CAMWALL_A_WRITTEN, config->exemptions.written,
			      CAMWALL_A_PAD) ||
	    nla_put_u32(msg, CAMWALL_A_MAX_DEVICES, config->max_devices) ||
	    nla_put_u32(msg, CAMWALL_A_IDLE, config->idle) ||
	    (config->digest_len &&
	     nla_put(msg, CAMWALL_A_DIGEST, config->digest_len, config->digest)))
		return -EMSGSIZE;
	for (i = 0; i < config->n_interfaces; i++)
		if (nla_put_string(msg, CAMWALL_A_INTERFACE,
				   config->interfaces[i]))
			return -EMSGSIZE;
	return 0;
}

static u32 cw_clock_behind(const struct cw_config *config)
{
	u64 now = ktime_get_real_seconds();

	if (!config || now >= config->exemptions.written)
		return 0;
	return min_t(u64, config->exemptions.written - now, U32_MAX);
}

static int cw_put_status(struct sk_buff *msg, const struct cw_net *cn,
			 const struct cw_config *config)
{
	if (nla_put_string(msg, CAMWALL_A_VERSION, CW_VERSION) ||
	    nla_put_u32(msg, CAMWALL_A_GENERATION,
			config ? config->generation : 0) ||
	    nla_put_u32(msg, CAMWALL_A_GROUP_COUNT,
			config ? config->n_groups : 0) ||
	    nla_put_u32(msg, CAMWALL_A_PREFIX_COUNT,
			config ? config->table.count : 0) ||
	    nla_put_u32(msg, CAMWALL_A_EXEMPTION_COUNT,
			config ? config->exemptions.count : 0) ||
	    nla_put_u32(msg, CAMWALL_A_MAX_DEVICES,
			config ? config->max_devices : CAMWALL_DEVICES_DEFAULT) ||
	    nla_put_u32(msg, CAMWALL_A_DEVICE_COUNT,
			READ_ONCE(cn->devices.count)) ||
	    nla_put_u64_64bit(msg, CAMWALL_A_DEVICE_EVICTED,
			      atomic64_read(&cn->devices.evicted), CAMWALL_A_PAD) ||
	    nla_put_u64_64bit(msg, CAMWALL_A_DEVICE_REFUSED,
			      atomic64_read(&cn->devices.refused), CAMWALL_A_PAD) ||
	    nla_put_u64_64bit(msg, CAMWALL_A_EVENT_SEQ,
			      atomic64_read(&cn->events.seq), CAMWALL_A_PAD) ||
	    nla_put_u32(msg, CAMWALL_A_CONNTRACK_STATE,
			cw_conntrack_state(cn->net, config)) ||
	    nla_put_u32(msg, CAMWALL_A_CLOCK_BEHIND, cw_clock_behind(config)) ||
	    nla_put_u32(msg, CAMWALL_A_LINK_COUNT, READ_ONCE(cn->n_links)) ||
	    nla_put_u64_64bit(msg, CAMWALL_A_MEMORY,
			      config ? cw_config_size(config) : 0,
			      CAMWALL_A_PAD))
		return -EMSGSIZE;
	return 0;
}

static int cw_put_lookup(struct sk_buff *msg, const struct cw_config *config,
			 const struct nlattr *mac)
{
	const struct cw_exemption *exemption;
	u64 prefix;
	u8 id;

	if (nla_put_u32(msg, CAMWALL_A_GENERATION,
			config ? config->generation : 0) ||
	    nla_put(msg, CAMWALL_A_MAC, ETH_ALEN, nla_data(mac)))
		return -EMSGSIZE;
	if (!config)
		return 0;
	exemption = cw_exemptions_find(&config->exemptions, nla_data(mac));
	if (exemption && cw_put_exemption(msg, &config->exemptions, exemption))
		return -EMSGSIZE;
	if (!cw_prefix_table_find(&config->table, nla_data(mac), &prefix))
		return 0;
	id = CW_PREFIX_GROUP(prefix);
	if (nla_put_u64_64bit(msg, CAMWALL_A_PREFIX, prefix, CAMWALL_A_PAD))
		return -EMSGSIZE;
	return cw_put_group(msg, &config->groups[id], id);
}

/* One message in answer to a "get" that is not a dump; the configuration cannot go meanwhile. */
static int cw_reply(struct genl_info *info)
{
	struct cw_net *cn = cw_net(genl_info_net(info));
	const struct cw_config *config;
	struct sk_buff *msg;
	int err = -EMSGSIZE;
	void *hdr;

	msg = genlmsg_new(GENLMSG_DEFAULT_SIZE, GFP_KERNEL);
	if (!msg) {
		GENL_SET_ERR_MSG(info, "out of memory");
		return -ENOMEM;
	}
	hdr = genlmsg_put_reply(msg, info, &camwall_nl_family, 0,
				info->genlhdr->cmd);
	if (!hdr)
		goto free;
	rcu_read_lock();
	config = rcu_dereference(cn->config);
	switch (info->genlhdr->cmd) {
	case CAMWALL_CMD_CONFIG_GET:
		err = cw_put_settings(msg, config);
		break;
	case CAMWALL_CMD_STATUS_GET:
		err = cw_put_status(msg, cn, config);
		break;
	case CAMWALL_CMD_LOOKUP:
		err = cw_put_lookup(msg, config, info->attrs[CAMWALL_A_MAC]);
		break;
	}
	rcu_read_unlock();
	if (err)
		goto free;
	genlmsg_end(msg, hdr);
	return genlmsg_reply(msg, info);

free:
	GENL_SET_ERR_MSG(info, "the answer does not fit a message");
	nlmsg_free(msg);
	return err;
}

int cw_config_get_doit(struct sk_buff *skb, struct genl_info *info)
{
	return cw_reply(info);
}

int cw_status_get_doit(struct sk_buff *skb, struct genl_info *info)
{
	return cw_reply(info);
}

int cw_lookup_doit(struct sk_buff *skb, struct genl_info *info)
{
	if (GENL_REQ_ATTR_CHECK(info, CAMWALL_A_MAC)) {
		GENL_SET_ERR_MSG(info, "mac is missing");
		return -EINVAL;
	}
	return cw_reply(info);
}

static void *cw_dump_put(struct sk_buff *skb, struct netlink_callback *cb, u8 cmd)
{
	void *hdr;

	hdr = genlmsg_put(skb, NETLINK_CB(cb->skb).portid, cb->nlh->nlmsg_seq,
			  &camwall_nl_family, NLM_F_MULTI, cmd);
	if (hdr)
		genl_dump_check_consistent(cb, hdr);
	return hdr;
}

static int cw_dump_group(struct sk_buff *skb, struct netlink_callback *cb,
			 const struct cw_config *config, u32 id)
{
	void *hdr = cw_dump_put(skb, cb, CAMWALL_CMD_GROUP_GET);

	if (!hdr)
		return -EMSGSIZE;
	if (nla_put_u32(skb, CAMWALL_A_GENERATION, config->generation) ||
	    cw_put_group(skb, &config->groups[id], id)) {
		genlmsg_cancel(skb, hdr);
		return -EMSGSIZE;
	}
	genlmsg_end(skb, hdr);
	return 0;
}

/* What is in force; sets what the dump's messages are compared by. RCU read lock held. */
static const struct cw_config *cw_dump_config(struct netlink_callback *cb)
{
	const struct cw_net *cn = cw_net(sock_net(cb->skb->sk));
	const struct cw_config *config = rcu_dereference(cn->config);

	/* 0 would mean "not checked". */
	cb->seq = config ? config->generation + 1 : 1;
	return config;
}

int cw_group_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb)
{
	const struct cw_config *config;
	u32 id;

	rcu_read_lock();
	config = cw_dump_config(cb);
	for (id = cb->args[0]; config && id < config->n_ids; id++) {
		if (!config->groups[id].name[0])
			continue;
		if (cw_dump_group(skb, cb, config, id))
			break;
	}
	cb->args[0] = id;
	rcu_read_unlock();
	return skb->len;
}

/* As many prefixes as fit into one attribute of one message. */
static bool cw_dump_prefixes(struct sk_buff *skb, struct netlink_callback *cb,
			     const struct cw_config *config, u32 *pos)
{
	void *hdr = cw_dump_put(skb, cb, CAMWALL_CMD_PREFIX_GET);
	struct nlattr *attr;
	u32 next = *pos;
	u64 prefix;

	if (!hdr)
		return false;
	if (nla_put_u32(skb, CAMWALL_A_GENERATION, config->generation))
		goto cancel;
	attr = nla_reserve(skb, CAMWALL_A_PREFIXES, 0);
	if (!attr)
		goto cancel;
	while (attr->nla_len <= U16_MAX - sizeof(prefix) &&
	       cw_prefix_table_next(&config->table, &next, &prefix)) {
		if (nla_append(skb, sizeof(prefix), &prefix))
			break;
		attr->nla_len += sizeof(prefix);
		*pos = next;
	}
	if (!nla_len(attr))
		goto cancel;
	genlmsg_end(skb, hdr);
	return true;

cancel:
	genlmsg_cancel(skb, hdr);
	return false;
}

int cw_prefix_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb)
{
	const struct cw_config *config;
	u32 pos = cb->args[0];

	rcu_read_lock();
	config = cw_dump_config(cb);
	if (config)
		while (cw_dump_prefixes(skb, cb, config, &pos))
			;
	cb->args[0] = pos;
	rcu_read_unlock();
	return skb->len;
}

static int cw_dump_allow(struct sk_buff *skb, struct netlink_callback *cb,
			 const struct cw_config *config, u32 id, u32 entry)
{
	void *hdr = cw_dump_put(skb, cb, CAMWALL_CMD_ALLOW_GET);

	if (!hdr)
		return -EMSGSIZE;
	if (nla_put_u32(skb, CAMWALL_A_GENERATION, config->generation) ||
	    cw_put_allow(skb, &config->groups[id].allow[entry], id)) {
		genlmsg_cancel(skb, hdr);
		return -EMSGSIZE;
	}
	genlmsg_end(skb, hdr);
	return 0;
}

int cw_allow_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb)
{
	u32 id = cb->args[0], entry = cb->args[1];
	const struct cw_config *config;

	rcu_read_lock();
	config = cw_dump_config(cb);
	for (; config && id < config->n_ids; id++, entry = 0)
		for (; entry < config->groups[id].n_allow; entry++)
			if (cw_dump_allow(skb, cb, config, id, entry))
				goto full;
full:
	cb->args[0] = id;
	cb->args[1] = entry;
	rcu_read_unlock();
	return skb->len;
}

static int cw_dump_exemption(struct sk_buff *skb, struct netlink_callback *cb,
			     const struct cw_config *config, u32 i)
{
	void *hdr = cw_dump_put(skb, cb, CAMWALL_CMD_EXEMPTION_GET);

	if (!hdr)
		return -EMSGSIZE;
	if (nla_put_u32(skb, CAMWALL_A_GENERATION, config->generation) ||
	    cw_put_exemption(skb, &config->exemptions,
			     &config->exemptions.list[i])) {
		genlmsg_cancel(skb, hdr);
		return -EMSGSIZE;
	}
	genlmsg_end(skb, hdr);
	return 0;
}

int cw_exemption_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb)
{
	const struct cw_config *config;
	u32 i = cb->args[0];

	rcu_read_lock();
	config = cw_dump_config(cb);
	for (; config && i < config->exemptions.count; i++)
		if (cw_dump_exemption(skb, cb, config, i))
			break;
	cb->args[0] = i;
	rcu_read_unlock();
	return skb->len;
}

static int cw_dump_link(struct sk_buff *skb, struct netlink_callback *cb,
			const struct cw_config *config, const struct cw_link *link)
{
	void *hdr = cw_dump_put(skb, cb, CAMWALL_CMD_LINK_GET);
	struct nlattr *nest;

	if (!hdr)
		return -EMSGSIZE;
	if (nla_put_u32(skb, CAMWALL_A_GENERATION, config->generation))
		goto cancel;
	nest = nla_nest_start(skb, CAMWALL_A_LINK);
	if (!nest ||
	    nla_put_u32(skb, CAMWALL_A_LINK_IFINDEX, link->dev->ifindex) ||
	    nla_put_string(skb, CAMWALL_A_LINK_IFNAME, link->dev->name))
		goto cancel;
	nla_nest_end(skb, nest);
	genlmsg_end(skb, hdr);
	return 0;

cancel:
	genlmsg_cancel(skb, hdr);
	return -EMSGSIZE;
}

int cw_link_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct cw_net *cn = cw_net(sock_net(cb->skb->sk));
	const struct cw_config *config;
	struct cw_link *link;
	long skip = cb->args[0];

	rtnl_lock();
	config = rtnl_dereference(cn->config);
	cb->seq = cn->links_seq + 1;
	list_for_each_entry(link, &cn->links, list) {
		if (skip-- > 0)
			continue;
		if (cw_dump_link(skb, cb, config, link))
			break;
		cb->args[0]++;
	}
	rtnl_unlock();
	return skb->len;
}
