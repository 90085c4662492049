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

static inline int cw_genl_register_family(struct cw_genl_family *family)
{
	struct genl_family *real = &family->real;
	struct genl_ops *ops;
	unsigned int i;
	int err;

	ops = kcalloc(family->n_split_ops, sizeof(*ops), GFP_KERNEL);
	if (!ops)
		return -ENOMEM;
	for (i = 0; i < family->n_split_ops; i++) {
		const struct genl_split_ops *split = &family->split_ops[i];

		ops[i].cmd = split->cmd;
		ops[i].flags = split->flags;
		ops[i].validate = split->validate;
		ops[i].policy = split->policy;
		ops[i].maxattr = split->maxattr;
		if (split->flags & GENL_CMD_CAP_DUMP) {
			ops[i].start = split->start;
			ops[i].dumpit = split->dumpit;
			ops[i].done = split->done;
		} else {
			ops[i].doit = split->doit;
		}
	}
	strscpy(real->name, family->name, sizeof(real->name));
	real->version = family->version;
	real->netnsok = family->netnsok;
	real->parallel_ops = family->parallel_ops;
	real->module = family->module;
	real->ops = ops;
	real->n_ops = family->n_split_ops;
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

#endif /* < 6.2 */

#endif
