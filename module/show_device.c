// SPDX-License-Identifier: GPL-2.0
/* The generic netlink family: the inventory, and emptying it. */
#include <linux/if_ether.h>
#include <net/genetlink.h>
#include <net/sock.h>

#include "config.h"
#include "device.h"
#include "event.h"
#include "inventory.h"
#include "main.h"
#include "netlink-gen.h"
#include "put.h"

static u32 cw_generation(const struct cw_config *config)
{
	return config ? config->generation : 0;
}

/* -ENOENT, or -EMSGSIZE. */
static int cw_put_entry(struct sk_buff *msg, struct cw_net *cn, const u8 *mac)
{
	const struct cw_device *device = cw_device_find(&cn->devices, cw_mac_u64(mac));

	if (!device)
		return -ENOENT;
	if (nla_put_u32(msg, CAMWALL_A_GENERATION,
			cw_generation(rcu_dereference(cn->config))))
		return -EMSGSIZE;
	return cw_put_device(msg, cn, device);
}

int cw_device_get_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct cw_net *cn = cw_net(genl_info_net(info));
	struct sk_buff *msg;
	int err = -EMSGSIZE;
	void *hdr;

	if (GENL_REQ_ATTR_CHECK(info, CAMWALL_A_MAC)) {
		GENL_SET_ERR_MSG(info, "mac is missing");
		return -EINVAL;
	}
	msg = genlmsg_new(GENLMSG_DEFAULT_SIZE, GFP_KERNEL);
	if (!msg) {
		GENL_SET_ERR_MSG(info, "out of memory");
		return -ENOMEM;
	}
	hdr = genlmsg_put_reply(msg, info, &camwall_nl_family, 0, CAMWALL_CMD_DEVICE_GET);
	if (hdr) {
		rcu_read_lock();
		err = cw_put_entry(msg, cn, nla_data(info->attrs[CAMWALL_A_MAC]));
		rcu_read_unlock();
	}
	if (err) {
		GENL_SET_ERR_MSG(info, "this device is not in the inventory");
		nlmsg_free(msg);
		return err;
	}
	genlmsg_end(msg, hdr);
	return genlmsg_reply(msg, info);
}

static int cw_dump_device(struct sk_buff *skb, struct netlink_callback *cb, struct cw_net *cn,
			  u32 generation, const struct cw_device *device)
{
	void *hdr;

	hdr = genlmsg_put(skb, NETLINK_CB(cb->skb).portid, cb->nlh->nlmsg_seq,
			  &camwall_nl_family, NLM_F_MULTI, CAMWALL_CMD_DEVICE_GET);
	if (!hdr)
		return -EMSGSIZE;
	genl_dump_check_consistent(cb, hdr);
	if (nla_put_u32(skb, CAMWALL_A_GENERATION, generation) ||
	    cw_put_device(skb, cn, device)) {
		genlmsg_cancel(skb, hdr);
		return -EMSGSIZE;
	}
	genlmsg_end(skb, hdr);
	return 0;
}

/*
 * A list of the table as a whole, so that none of it is told twice or left out, whoever
 * comes and goes between two messages. Only one that a message of its own does not hold is
 * told in parts: @skip of it were told.
 */
static bool cw_dump_list(struct sk_buff *skb, struct netlink_callback *cb, struct cw_net *cn,
			 u32 generation, struct cw_device_table *table, u32 list, long *skip)
{
	unsigned int start = skb->len;
	struct cw_device *device;
	long n = 0;

	hlist_for_each_entry_rcu(device, &table->heads[list], node[table->which]) {
		if (n++ < *skip)
			continue;
		if (!cw_dump_device(skb, cb, cn, generation, device))
			continue;
		if (start)
			nlmsg_trim(skb, skb->data + start);
		else
			*skip = n - 1;
		return false;
	}
	*skip = 0;
	return true;
}

int cw_device_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct cw_net *cn = cw_net(sock_net(cb->skb->sk));
	struct cw_device_table *table;
	u32 list, generation;

	rcu_read_lock();
	table = rcu_dereference(cn->devices.table);
	generation = cw_generation(rcu_dereference(cn->config));
	/*
	 * A list has another number in another table, which comes some time after its
	 * configuration. 0 would mean "not checked".
	 */
	cb->seq = generation + 1 + (table ? table->seq : 0);
	for (list = cb->args[0]; table && list < table->n; list++)
		if (!cw_dump_list(skb, cb, cn, generation, table, list, &cb->args[1]))
			break;
	cb->args[0] = list;
	rcu_read_unlock();
	return skb->len;
}

int cw_device_flush_doit(struct sk_buff *skb, struct genl_info *info)
{
	const struct cw_actor actor = {
		.portid = info->snd_portid, .uid = NETLINK_CB(skb).creds.uid,
	};

	cw_inventory_flush(cw_net(genl_info_net(info)), &actor);
	return 0;
}
