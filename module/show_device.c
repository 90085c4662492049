// SPDX-License-Identifier: GPL-2.0
/* What readers are told of the inventory. */
#include <linux/if_ether.h>
#include <net/genetlink.h>

#include "netlink-gen.h"

int cw_device_get_doit(struct sk_buff *skb, struct genl_info *info)
{
	if (GENL_REQ_ATTR_CHECK(info, CAMWALL_A_MAC)) {
		GENL_SET_ERR_MSG(info, "mac is missing");
		return -EINVAL;
	}
	GENL_SET_ERR_MSG(info, "this device is not in the inventory");
	return -ENOENT;
}

int cw_device_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb)
{
	return skb->len;
}

int cw_device_flush_doit(struct sk_buff *skb, struct genl_info *info)
{
	return 0;
}
