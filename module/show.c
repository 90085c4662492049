// SPDX-License-Identifier: GPL-2.0
/* The generic netlink family: what readers are told of what is in force. */
#include <linux/etherdevice.h>
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

static int cw_put_counters(struct sk_buff *msg, int type,
			   const struct cw_stats __percpu *stats)
{
	static const int types[CW_N_DROPS] = {
		[CW_DROP_POLICY]	= CAMWALL_A_COUNTERS_DROPPED_POLICY,
		[CW_DROP_NOT_ALLOWED]	= CAMWALL_A_COUNTERS_DROPPED_NOT_ALLOWED,
		[CW_DROP_LIMIT]		= CAMWALL_A_COUNTERS_DROPPED_LIMIT,
		[CW_DROP_MALFORMED]	= CAMWALL_A_COUNTERS_DROPPED_MALFORMED,
	};
	struct cw_counters sum;
	struct nlattr *nest;
	u64 dropped = 0;
	unsigned int i;

	cw_stats_sum(stats, &sum);
	nest = nla_nest_start(msg, type);
	if (!nest)
		return -EMSGSIZE;
	for (i = CW_DROP_NONE + 1; i < CW_N_DROPS; i++) {
		dropped += sum.packets[i];
		if (nla_put_u64_64bit(msg, types[i], sum.packets[i],
				      CAMWALL_A_COUNTERS_PAD))
			return -EMSGSIZE;
	}
	if (nla_put_u64_64bit(msg, CAMWALL_A_COUNTERS_PACKETS,
			      sum.packets[CW_DROP_NONE] + dropped,
			      CAMWALL_A_COUNTERS_PAD) ||
	    nla_put_u64_64bit(msg, CAMWALL_A_COUNTERS_BYTES, sum.bytes,
			      CAMWALL_A_COUNTERS_PAD) ||
	    nla_put_u64_64bit(msg, CAMWALL_A_COUNTERS_DROPPED, dropped,
			      CAMWALL_A_COUNTERS_PAD))
		return -EMSGSIZE;
	nla_nest_end(msg, nest);
	return 0;
}

static int cw_put_limit(struct sk_buff *msg, const struct cw_limit *limit)
{
	struct nlattr *nest;

	if (!limit->rate)
		return 0;
	nest = nla_nest_start(msg, CAMWALL_A_GROUP_LIMIT);
	if (!nest ||
	    nla_put_u64_64bit(msg, CAMWALL_A_LIMIT_RATE, limit->rate,
			      CAMWALL_A_LIMIT_PAD) ||
	    nla_put_u32(msg, CAMWALL_A_LIMIT_UNIT,
			limit->bits ? CAMWALL_LIMIT_UNIT_BITS :
				      CAMWALL_LIMIT_UNIT_PACKETS) ||
	    nla_put_u64_64bit(msg, CAMWALL_A_LIMIT_BURST, limit->burst,
			      CAMWALL_A_LIMIT_PAD))
		return -EMSGSIZE;
	nla_nest_end(msg, nest);
	return 0;
}

static int cw_put_group(struct sk_buff *msg, const struct cw_group *group, u32 id)
{
	struct nlattr *nest = nla_nest_start(msg, CAMWALL_A_GROUP);

	if (!nest || nla_put_u32(msg, CAMWALL_A_GROUP_ID, id) ||
	    nla_put_string(msg, CAMWALL_A_GROUP_NAME, group->name) ||
	    nla_put_u32(msg, CAMWALL_A_GROUP_ACTION, group->action) ||
	    (group->has_mark &&
	     nla_put_u32(msg, CAMWALL_A_GROUP_MARK, group->mark)) ||
	    nla_put_u32(msg, CAMWALL_A_GROUP_PREFIX_COUNT, group->prefix_count) ||
	    cw_put_limit(msg, &group->limit) ||
	    cw_put_counters(msg, CAMWALL_A_GROUP_FROM, group->stats[CW_FROM]) ||
	    cw_put_counters(msg, CAMWALL_A_GROUP_TO, group->stats[CW_TO]))
		return -EMSGSIZE;
	nla_nest_end(msg, nest);
	return 0;
}

static int cw_put_allow(struct sk_buff *msg, const struct cw_allow *allow, u32 id)
{
	struct nlattr *nest = nla_nest_start(msg, CAMWALL_A_ALLOW);

	if (!nest || nla_put_u32(msg, CAMWALL_A_ALLOW_GROUP, id) ||
	    nla_put(msg, CAMWALL_A_ALLOW_ADDRESS,
		    allow->family == AF_INET ? sizeof(struct in_addr) :
					       sizeof(struct in6_addr),
		    &allow->address) ||
	    nla_put_u32(msg, CAMWALL_A_ALLOW_LENGTH, allow->length) ||
	    (!allow->any_protocol &&
	     nla_put_u32(msg, CAMWALL_A_ALLOW_PROTOCOL, allow->protocol)) ||
	    (allow->has_ports &&
	     (nla_put_u16(msg, CAMWALL_A_ALLOW_PORT_MIN, allow->port_min) ||
	      nla_put_u16(msg, CAMWALL_A_ALLOW_PORT_MAX, allow->port_max))))
		return -EMSGSIZE;
	nla_nest_end(msg, nest);
	return 0;
}

static int cw_put_exemption(struct sk_buff *msg,
			    const struct cw_exemptions *exemptions,
			    const struct cw_exemption *exemption)
{
	struct nlattr *nest = nla_nest_start(msg, CAMWALL_A_EXEMPTION);
	u8 mac[ETH_ALEN];

	u64_to_ether_addr(exemption->mac, mac);
	if (!nest ||
	    nla_put(msg, CAMWALL_A_EXEMPTION_MAC, ETH_ALEN, mac) ||
	    nla_put_u64_64bit(msg, CAMWALL_A_EXEMPTION_UNTIL, exemption->until,
			      CAMWALL_A_EXEMPTION_PAD) ||
	    nla_put_string(msg, CAMWALL_A_EXEMPTION_REASON, exemption->reason) ||
	    nla_put_string(msg, CAMWALL_A_EXEMPTION_APPROVED_BY,
			   exemption->approved_by) ||
	    nla_put_u32(msg, CAMWALL_A_EXEMPTION_IN_FORCE,
			cw_exemption_in_force(exemptions, exemption)))
		return -EMSGSIZE;
	nla_nest_end(msg, nest);
	return 0;
}

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
	    nla_put_u32(msg, CAMWALL_A_DEVICE_COUNT, 0) ||
	    nla_put_u64_64bit(msg, CAMWALL_A_DEVICE_EVICTED, 0, CAMWALL_A_PAD) ||
	    nla_put_u64_64bit(msg, CAMWALL_A_DEVICE_REFUSED, 0, CAMWALL_A_PAD) ||
	    nla_put_u64_64bit(msg, CAMWALL_A_EVENT_SEQ, 0, CAMWALL_A_PAD) ||
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
