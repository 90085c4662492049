// SPDX-License-Identifier: GPL-2.0
/* The generic netlink family: transactions in, and what is in force out. */
#include <linux/netlink.h>
#include <linux/notifier.h>
#include <linux/rtnetlink.h>
#include <net/genetlink.h>
#include <net/netlink.h>
#include <net/sock.h>

#include "config.h"
#include "link.h"
#include "main.h"
#include "netlink-gen.h"
#include "netlink.h"
#include "transaction.h"

int cw_config_begin_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct cw_net *cn = cw_net(genl_info_net(info));
	int err;

	if (GENL_REQ_ATTR_CHECK(info, CAMWALL_A_GENERATION)) {
		GENL_SET_ERR_MSG(info, "generation is missing: that of the configuration this one is based on");
		return -EINVAL;
	}
	mutex_lock(&cn->lock);
	err = cw_transaction_begin(cn, info->snd_portid,
				   nla_get_u32(info->attrs[CAMWALL_A_GENERATION]),
				   info->extack);
	mutex_unlock(&cn->lock);
	return err;
}

static int cw_add_interface(struct cw_config *config, const struct nlattr *attr,
			    struct genl_info *info)
{
	char pattern[CAMWALL_INTERFACE_LEN + 1];

	/* The policy has checked the length. */
	nla_strscpy(pattern, attr, sizeof(pattern));
	return cw_config_add_interface(config, pattern, info->extack);
}

static int cw_add_group(struct cw_config *config, const struct nlattr *attr,
			struct genl_info *info)
{
	struct nlattr *tb[CAMWALL_A_GROUP_MAX + 1];
	struct cw_group_spec spec = {};
	int err;

	err = nla_parse_nested(tb, CAMWALL_A_GROUP_FROM, attr,
			       camwall_group_nl_policy, info->extack);
	if (err)
		return err;
	if (NL_REQ_ATTR_CHECK(info->extack, attr, tb, CAMWALL_A_GROUP_ID) ||
	    NL_REQ_ATTR_CHECK(info->extack, attr, tb, CAMWALL_A_GROUP_NAME) ||
	    NL_REQ_ATTR_CHECK(info->extack, attr, tb, CAMWALL_A_GROUP_ACTION)) {
		GENL_SET_ERR_MSG(info, "a group needs an id, a name and an action");
		return -EINVAL;
	}
	spec.id = nla_get_u32(tb[CAMWALL_A_GROUP_ID]);
	spec.name = nla_data(tb[CAMWALL_A_GROUP_NAME]);
	spec.action = nla_get_u32(tb[CAMWALL_A_GROUP_ACTION]);
	if (tb[CAMWALL_A_GROUP_MARK]) {
		spec.has_mark = true;
		spec.mark = nla_get_u32(tb[CAMWALL_A_GROUP_MARK]);
	}
	return cw_config_add_group(config, &spec, info->extack);
}

static int cw_add_prefixes(struct cw_transaction *transaction,
			   const struct nlattr *attr, struct genl_info *info)
{
	if (nla_len(attr) % sizeof(u64)) {
		GENL_SET_ERR_MSG(info, "prefixes is not a whole number of u64");
		return -EINVAL;
	}
	return cw_transaction_add_prefixes(transaction, nla_data(attr),
					   nla_len(attr) / sizeof(u64),
					   info->extack);
}

/* Settings and groups first: the prefixes of a message may refer to its groups. */
static int cw_config_add(struct cw_transaction *transaction,
			 struct genl_info *info, bool prefixes)
{
	struct nlattr *attr;
	int rem, err = 0;

	nlmsg_for_each_attr(attr, info->nlhdr, GENL_HDRLEN, rem) {
		switch (nla_type(attr)) {
		case CAMWALL_A_MARK_MASK:
			transaction->config->mark_mask = nla_get_u32(attr);
			break;
		case CAMWALL_A_INTERFACE:
			if (!prefixes)
				err = cw_add_interface(transaction->config,
						       attr, info);
			break;
		case CAMWALL_A_GROUP:
			if (!prefixes)
				err = cw_add_group(transaction->config, attr,
						   info);
			break;
		case CAMWALL_A_PREFIXES:
			if (prefixes)
				err = cw_add_prefixes(transaction, attr, info);
			break;
		}
		if (err) {
			if (!info->extack->bad_attr)
				NL_SET_BAD_ATTR(info->extack, attr);
			return err;
		}
	}
	return 0;
}

int cw_config_add_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct cw_net *cn = cw_net(genl_info_net(info));
	struct cw_transaction *transaction;
	int err = -ENOENT;

	mutex_lock(&cn->lock);
	transaction = cw_transaction_get(cn, info->snd_portid, info->extack);
	if (!transaction)
		goto unlock;
	err = cw_config_add(transaction, info, false);
	if (!err)
		err = cw_config_add(transaction, info, true);
	if (err)
		cw_transaction_abort(cn, transaction);
unlock:
	mutex_unlock(&cn->lock);
	return err;
}

static int cw_check_count(const struct genl_info *info, int type, u32 count)
{
	struct nlattr *attr = info->attrs[type];

	if (!attr || nla_get_u32(attr) == count)
		return 0;
	NL_SET_ERR_MSG_ATTR(info->extack, attr,
			    "not as many are staged: a message was lost or refused");
	return -EINVAL;
}

static int cw_reply_generation(struct genl_info *info, u32 generation,
			       struct sk_buff *msg)
{
	void *hdr;

	hdr = genlmsg_put_reply(msg, info, &camwall_nl_family, 0,
				CAMWALL_CMD_CONFIG_COMMIT);
	if (WARN_ON_ONCE(!hdr ||
			 nla_put_u32(msg, CAMWALL_A_GENERATION, generation))) {
		nlmsg_free(msg);
		return 0;
	}
	genlmsg_end(msg, hdr);
	return genlmsg_reply(msg, info);
}

int cw_config_commit_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct cw_net *cn = cw_net(genl_info_net(info));
	struct cw_transaction *transaction;
	struct sk_buff *msg;
	int err = -ENOENT;
	u32 generation;

	/* First what can fail, so that a commit that happened is never reported as refused. */
	msg = genlmsg_new(GENLMSG_DEFAULT_SIZE, GFP_KERNEL);
	if (!msg) {
		GENL_SET_ERR_MSG(info, "out of memory");
		return -ENOMEM;
	}
	mutex_lock(&cn->lock);
	transaction = cw_transaction_get(cn, info->snd_portid, info->extack);
	if (!transaction)
		goto unlock;
	err = cw_check_count(info, CAMWALL_A_GROUP_COUNT,
			     transaction->config->n_groups);
	if (!err)
		err = cw_check_count(info, CAMWALL_A_PREFIX_COUNT,
				     transaction->n_prefixes);
	if (err)
		cw_transaction_abort(cn, transaction);
	else
		err = cw_transaction_commit(cn, transaction, &generation,
					    info->extack);
unlock:
	mutex_unlock(&cn->lock);
	if (err) {
		nlmsg_free(msg);
		return err;
	}
	/* A full receive queue of the writer does not undo the commit. */
	cw_reply_generation(info, generation, msg);
	return 0;
}

int cw_config_abort_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct cw_net *cn = cw_net(genl_info_net(info));
	struct cw_transaction *transaction;

	mutex_lock(&cn->lock);
	transaction = cw_transaction_get(cn, info->snd_portid, info->extack);
	if (transaction)
		cw_transaction_abort(cn, transaction);
	mutex_unlock(&cn->lock);
	return transaction ? 0 : -ENOENT;
}

static int cw_put_counters(struct sk_buff *msg, int type,
			   const struct cw_stats __percpu *stats)
{
	struct cw_counters sum;
	struct nlattr *nest;

	cw_stats_sum(stats, &sum);
	nest = nla_nest_start(msg, type);
	if (!nest ||
	    nla_put_u64_64bit(msg, CAMWALL_A_COUNTERS_PACKETS, sum.packets,
			      CAMWALL_A_COUNTERS_PAD) ||
	    nla_put_u64_64bit(msg, CAMWALL_A_COUNTERS_BYTES, sum.bytes,
			      CAMWALL_A_COUNTERS_PAD) ||
	    nla_put_u64_64bit(msg, CAMWALL_A_COUNTERS_DROPPED, sum.dropped,
			      CAMWALL_A_COUNTERS_PAD))
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
	    cw_put_counters(msg, CAMWALL_A_GROUP_FROM, group->stats))
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
	    nla_put_u32(msg, CAMWALL_A_MARK_MASK, config->mark_mask))
		return -EMSGSIZE;
	for (i = 0; i < config->n_interfaces; i++)
		if (nla_put_string(msg, CAMWALL_A_INTERFACE,
				   config->interfaces[i]))
			return -EMSGSIZE;
	return 0;
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
	u64 prefix;
	u8 id;

	if (nla_put_u32(msg, CAMWALL_A_GENERATION,
			config ? config->generation : 0) ||
	    nla_put(msg, CAMWALL_A_MAC, ETH_ALEN, nla_data(mac)))
		return -EMSGSIZE;
	if (!config ||
	    !cw_prefix_table_find(&config->table, nla_data(mac), &prefix))
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

static int cw_netlink_event(struct notifier_block *nb, unsigned long event,
			    void *ptr)
{
	const struct netlink_notify *notify = ptr;

	if (event == NETLINK_URELEASE && notify->protocol == NETLINK_GENERIC)
		cw_transactions_close(cw_net(notify->net), notify->portid);
	return NOTIFY_DONE;
}

static struct notifier_block cw_netlink_notifier = {
	.notifier_call = cw_netlink_event,
};

/** cw_netlink_setup() - open the family; Return: 0 or an error */
int cw_netlink_setup(void)
{
	int err;

	err = netlink_register_notifier(&cw_netlink_notifier);
	if (err)
		return err;
	err = genl_register_family(&camwall_nl_family);
	if (err)
		netlink_unregister_notifier(&cw_netlink_notifier);
	return err;
}

/** cw_netlink_teardown() - close the family; no request runs afterwards */
void cw_netlink_teardown(void)
{
	genl_unregister_family(&camwall_nl_family);
	netlink_unregister_notifier(&cw_netlink_notifier);
}
