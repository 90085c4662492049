// SPDX-License-Identifier: GPL-2.0
/* The generic netlink family: what writers say. What readers are told is in show.c. */
#include <linux/netlink.h>
#include <linux/notifier.h>
#include <linux/rtnetlink.h>
#include <net/genetlink.h>
#include <net/netlink.h>
#include <net/sock.h>

#include "config.h"
#include "event.h"
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

static int cw_get_limit(struct cw_limit *limit, const struct nlattr *attr,
			struct genl_info *info)
{
	struct nlattr *tb[CAMWALL_A_LIMIT_PAD + 1];
	int err;

	err = nla_parse_nested(tb, CAMWALL_A_LIMIT_PAD, attr,
			       camwall_limit_nl_policy, info->extack);
	if (err)
		return err;
	if (NL_REQ_ATTR_CHECK(info->extack, attr, tb, CAMWALL_A_LIMIT_RATE) ||
	    NL_REQ_ATTR_CHECK(info->extack, attr, tb, CAMWALL_A_LIMIT_UNIT) ||
	    NL_REQ_ATTR_CHECK(info->extack, attr, tb, CAMWALL_A_LIMIT_BURST)) {
		GENL_SET_ERR_MSG(info, "a limit needs a rate, a unit and a burst");
		return -EINVAL;
	}
	limit->rate = nla_get_u64(tb[CAMWALL_A_LIMIT_RATE]);
	limit->bits = nla_get_u32(tb[CAMWALL_A_LIMIT_UNIT]) ==
		      CAMWALL_LIMIT_UNIT_BITS;
	limit->burst = nla_get_u64(tb[CAMWALL_A_LIMIT_BURST]);
	return 0;
}

static int cw_add_group(struct cw_config *config, const struct nlattr *attr,
			struct genl_info *info)
{
	struct nlattr *tb[CAMWALL_A_GROUP_LIMIT + 1];
	struct cw_group_spec spec = {};
	int err;

	err = nla_parse_nested(tb, CAMWALL_A_GROUP_LIMIT, attr,
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
	if (tb[CAMWALL_A_GROUP_LIMIT]) {
		err = cw_get_limit(&spec.limit, tb[CAMWALL_A_GROUP_LIMIT], info);
		if (err)
			return err;
	}
	return cw_config_add_group(config, &spec, info->extack);
}

static int cw_add_allow(struct cw_config *config, const struct nlattr *attr,
			struct genl_info *info)
{
	struct nlattr *tb[CAMWALL_A_ALLOW_PORT_MAX + 1];
	struct cw_allow allow = { .any_protocol = true };
	unsigned int octets;
	int err;

	err = nla_parse_nested(tb, CAMWALL_A_ALLOW_PORT_MAX, attr,
			       camwall_allow_nl_policy, info->extack);
	if (err)
		return err;
	if (NL_REQ_ATTR_CHECK(info->extack, attr, tb, CAMWALL_A_ALLOW_GROUP) ||
	    NL_REQ_ATTR_CHECK(info->extack, attr, tb, CAMWALL_A_ALLOW_ADDRESS)) {
		GENL_SET_ERR_MSG(info, "an allow entry needs a group and an address");
		return -EINVAL;
	}
	octets = nla_len(tb[CAMWALL_A_ALLOW_ADDRESS]);
	if (octets != sizeof(struct in_addr) && octets != sizeof(struct in6_addr)) {
		GENL_SET_ERR_MSG(info, "an address has 4 octets (IPv4) or 16 (IPv6)");
		return -EINVAL;
	}
	memcpy(&allow.address, nla_data(tb[CAMWALL_A_ALLOW_ADDRESS]), octets);
	allow.family = octets == sizeof(struct in_addr) ? AF_INET : AF_INET6;
	allow.length = tb[CAMWALL_A_ALLOW_LENGTH] ?
			       nla_get_u32(tb[CAMWALL_A_ALLOW_LENGTH]) : octets * 8;
	if (tb[CAMWALL_A_ALLOW_PROTOCOL]) {
		allow.any_protocol = false;
		allow.protocol = nla_get_u32(tb[CAMWALL_A_ALLOW_PROTOCOL]);
	}
	if (tb[CAMWALL_A_ALLOW_PORT_MIN]) {
		allow.has_ports = true;
		allow.port_min = nla_get_u16(tb[CAMWALL_A_ALLOW_PORT_MIN]);
		allow.port_max = allow.port_min;
	}
	if (tb[CAMWALL_A_ALLOW_PORT_MAX]) {
		if (!allow.has_ports) {
			GENL_SET_ERR_MSG(info, "port-max without port-min");
			return -EINVAL;
		}
		allow.port_max = nla_get_u16(tb[CAMWALL_A_ALLOW_PORT_MAX]);
	}
	return cw_config_add_allow(config, nla_get_u32(tb[CAMWALL_A_ALLOW_GROUP]),
				   &allow, info->extack);
}

static int cw_add_exemption(struct cw_config *config, const struct nlattr *attr,
			    struct genl_info *info)
{
	struct nlattr *tb[CAMWALL_A_EXEMPTION_PAD + 1];
	struct cw_exemption exemption = { .reason = "", .approved_by = "" };
	int err;

	err = nla_parse_nested(tb, CAMWALL_A_EXEMPTION_PAD, attr,
			       camwall_exemption_nl_policy, info->extack);
	if (err)
		return err;
	if (NL_REQ_ATTR_CHECK(info->extack, attr, tb, CAMWALL_A_EXEMPTION_MAC) ||
	    NL_REQ_ATTR_CHECK(info->extack, attr, tb, CAMWALL_A_EXEMPTION_UNTIL)) {
		GENL_SET_ERR_MSG(info, "an exemption needs mac and until");
		return -EINVAL;
	}
	exemption.mac = cw_mac_u64(nla_data(tb[CAMWALL_A_EXEMPTION_MAC]));
	exemption.until = nla_get_u64(tb[CAMWALL_A_EXEMPTION_UNTIL]);
	if (tb[CAMWALL_A_EXEMPTION_REASON])
		exemption.reason = nla_data(tb[CAMWALL_A_EXEMPTION_REASON]);
	if (tb[CAMWALL_A_EXEMPTION_APPROVED_BY])
		exemption.approved_by = nla_data(tb[CAMWALL_A_EXEMPTION_APPROVED_BY]);
	return cw_exemptions_add(&config->exemptions, &exemption, info->extack);
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

static int cw_add_setting(struct cw_transaction *transaction,
			  const struct nlattr *attr, struct genl_info *info)
{
	struct cw_config *config = transaction->config;

	switch (nla_type(attr)) {
	case CAMWALL_A_MARK_MASK:
		config->mark_mask = nla_get_u32(attr);
		return 0;
	case CAMWALL_A_CONNTRACK:
		config->conntrack = nla_get_u32(attr);
		return 0;
	case CAMWALL_A_WRITTEN:
		config->exemptions.written = nla_get_u64(attr);
		return 0;
	case CAMWALL_A_MAX_DEVICES:
		config->max_devices = nla_get_u32(attr);
		return 0;
	case CAMWALL_A_IDLE:
		config->idle = nla_get_u32(attr);
		return 0;
	case CAMWALL_A_INTERFACE:
		return cw_add_interface(config, attr, info);
	case CAMWALL_A_GROUP:
		return cw_add_group(config, attr, info);
	case CAMWALL_A_EXEMPTION:
		return cw_add_exemption(config, attr, info);
	}
	return 0;
}

/* What refers to a group. */
static int cw_add_member(struct cw_transaction *transaction,
			 const struct nlattr *attr, struct genl_info *info)
{
	switch (nla_type(attr)) {
	case CAMWALL_A_PREFIXES:
		return cw_add_prefixes(transaction, attr, info);
	case CAMWALL_A_ALLOW:
		return cw_add_allow(transaction->config, attr, info);
	}
	return 0;
}

static int cw_config_add(struct cw_transaction *transaction,
			 struct genl_info *info,
			 int (*add)(struct cw_transaction *transaction,
				    const struct nlattr *attr,
				    struct genl_info *info))
{
	struct nlattr *attr;
	int rem, err;

	nlmsg_for_each_attr(attr, info->nlhdr, GENL_HDRLEN, rem) {
		err = add(transaction, attr, info);
		if (!err)
			continue;
		if (!info->extack->bad_attr)
			NL_SET_BAD_ATTR(info->extack, attr);
		return err;
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
	/* Groups first, in whatever order the message has them. */
	err = cw_config_add(transaction, info, cw_add_setting);
	if (!err)
		err = cw_config_add(transaction, info, cw_add_member);
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

static void cw_take_digest(struct cw_config *config, const struct nlattr *attr)
{
	if (!attr)
		return;
	/* The policy has checked the length. */
	config->digest_len = nla_len(attr);
	memcpy(config->digest, nla_data(attr), config->digest_len);
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
	const struct cw_actor actor = {
		.portid = info->snd_portid, .uid = NETLINK_CB(skb).creds.uid,
	};
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
	cw_take_digest(transaction->config, info->attrs[CAMWALL_A_DIGEST]);
	err = cw_check_count(info, CAMWALL_A_GROUP_COUNT,
			     transaction->config->n_groups);
	if (!err)
		err = cw_check_count(info, CAMWALL_A_PREFIX_COUNT,
				     transaction->n_prefixes);
	if (err)
		cw_transaction_abort(cn, transaction);
	else
		err = cw_transaction_commit(cn, transaction, &actor, &generation,
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

/* The generator knows no flags of multicast groups: this stands in for its table. */
static const struct genl_multicast_group cw_multicast_groups[] = {
	[CAMWALL_NLGRP_EVENTS] = {
		.name	= CAMWALL_MCGRP_EVENTS,
		.flags	= GENL_MCAST_CAP_NET_ADMIN,
	},
};

/** cw_netlink_setup() - open the family; Return: 0 or an error */
int cw_netlink_setup(void)
{
	int err;

	err = netlink_register_notifier(&cw_netlink_notifier);
	if (err)
		return err;
	camwall_nl_family.mcgrps = cw_multicast_groups;
	err = genl_register_family(&camwall_nl_family);
	if (err) {
		netlink_unregister_notifier(&cw_netlink_notifier);
		return err;
	}
	cw_events_open();
	return 0;
}

/** cw_netlink_teardown() - close the family; no request runs afterwards */
void cw_netlink_teardown(void)
{
	cw_events_close();
	genl_unregister_family(&camwall_nl_family);
	netlink_unregister_notifier(&cw_netlink_notifier);
}
