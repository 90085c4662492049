/* SPDX-License-Identifier: GPL-2.0 */
/*
 * net/genetlink.h as of Linux 6.2, which brought struct genl_split_ops. Before
 * that, a family with split operations is a wrapper around a real family, whose
 * struct genl_ops are made from them when it is registered.
 */
#ifndef _CW_COMPAT_NET_GENETLINK_H
#define _CW_COMPAT_NET_GENETLINK_H

#include <linux/version.h>
#include_next <net/genetlink.h>

#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 2, 0)

#include <linux/slab.h>
#include <linux/string.h>

struct genl_split_ops {
	union {
		int (*doit)(struct sk_buff *skb, struct genl_info *info);
		struct {
			int (*start)(struct netlink_callback *cb);
			int (*dumpit)(struct sk_buff *skb,
				      struct netlink_callback *cb);
			int (*done)(struct netlink_callback *cb);
		};
	};
	const struct nla_policy *policy;
	unsigned int maxattr;
	u8 cmd;
	u8 internal_flags;
	u8 flags;
	u8 validate;
};

struct cw_genl_family {
	char name[GENL_NAMSIZ];
	unsigned int version;
	bool netnsok;
	bool parallel_ops;
	struct module *module;
	const struct genl_split_ops *split_ops;
	unsigned int n_split_ops;
	const struct genl_multicast_group *mcgrps;
	unsigned int n_mcgrps;
	struct genl_family real;
};

static inline void cw_genl_add_op(struct genl_ops *op,
				  const struct genl_split_ops *split)
{
	op->cmd = split->cmd;
	op->flags |= split->flags;
	op->validate |= split->validate;
	if (split->policy) {
		op->policy = split->policy;
		op->maxattr = split->maxattr;
	}
	if (split->flags & GENL_CMD_CAP_DUMP) {
		op->start = split->start;
		op->dumpit = split->dumpit;
		op->done = split->done;
	} else {
		op->doit = split->doit;
	}
}

static inline int cw_genl_register_family(struct cw_genl_family *family)
{
	struct genl_family *real = &family->real;
	struct genl_ops *ops;
	unsigned int i, n = 0;
	int err;

	ops = kcalloc(family->n_split_ops, sizeof(*ops), GFP_KERNEL);
	if (!ops)
		return -ENOMEM;
	for (i = 0; i < family->n_split_ops; i++) {
		/* "do" and "dump" of a command follow each other, and are one here. */
		if (!n || ops[n - 1].cmd != family->split_ops[i].cmd)
			n++;
		cw_genl_add_op(&ops[n - 1], &family->split_ops[i]);
	}
	strscpy(real->name, family->name, sizeof(real->name));
	real->version = family->version;
	real->netnsok = family->netnsok;
	real->parallel_ops = family->parallel_ops;
	real->module = family->module;
	real->ops = ops;
	real->n_ops = n;
	real->mcgrps = family->mcgrps;
	real->n_mcgrps = family->n_mcgrps;

	err = genl_register_family(real);
	if (err) {
		real->ops = NULL;
		kfree(ops);
	}
	return err;
}

static inline int cw_genl_unregister_family(struct cw_genl_family *family)
{
	int err = genl_unregister_family(&family->real);

	kfree(family->real.ops);
	return err;
}

#define genl_family cw_genl_family
#define genl_register_family(family) cw_genl_register_family(family)
#define genl_unregister_family(family) cw_genl_unregister_family(family)
#define genlmsg_put(skb, portid, seq, family, flags, cmd) \
	genlmsg_put(skb, portid, seq, &(family)->real, flags, cmd)
#define genlmsg_put_reply(skb, info, family, flags, cmd) \
	genlmsg_put_reply(skb, info, &(family)->real, flags, cmd)
#define genlmsg_multicast_netns(family, net, skb, portid, group, flags) \
	genlmsg_multicast_netns(&(family)->real, net, skb, portid, group, flags)
#define genl_has_listeners(family, net, group) \
	genl_has_listeners(&(family)->real, net, group)

#endif /* < 6.2 */

#endif
