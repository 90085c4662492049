// SPDX-License-Identifier: GPL-2.0
/*
 * The least that a netfilter hook can do, to measure others against: NF_ACCEPT for every
 * packet that comes in on, or goes out of, some devices. And for frames that shall end right
 * behind the classifiers, a last hook that drops all that comes in on some others. From when
 * the module is loaded until it is unloaded.
 */
#include <linux/limits.h>
#include <linux/module.h>
#include <linux/netdevice.h>
#include <linux/netfilter.h>
#include <linux/netfilter_netdev.h>

#define MAX_DEVICES 16

static char *devices[MAX_DEVICES];
static int n_devices;
module_param_array(devices, charp, &n_devices, 0444);
MODULE_PARM_DESC(devices, "names of network devices of the first network namespace");

static bool egress;
module_param(egress, bool, 0444);
MODULE_PARM_DESC(egress, "hook what goes out of them, instead of what comes in");

static char *sinks[MAX_DEVICES];
static int n_sinks;
module_param_array(sinks, charp, &n_sinks, 0444);
MODULE_PARM_DESC(sinks, "names of network devices on which all that comes in is dropped");

static struct nf_hook_ops ops[2 * MAX_DEVICES];
static int n_ops;

static unsigned int empty_hook(void *priv, struct sk_buff *skb,
			       const struct nf_hook_state *state)
{
	return NF_ACCEPT;
}

static unsigned int sink_hook(void *priv, struct sk_buff *skb,
			      const struct nf_hook_state *state)
{
	return NF_DROP;
}

static int hook(const char *name, nf_hookfn *function, unsigned int hooknum, int priority)
{
	struct nf_hook_ops *op = &ops[n_ops];
	int err;

	op->hook = function;
	op->pf = NFPROTO_NETDEV;
	op->hooknum = hooknum;
	op->priority = priority;
	op->dev = dev_get_by_name(&init_net, name);
	if (!op->dev)
		return -ENODEV;
	err = nf_register_net_hook(&init_net, op);
	if (err)
		dev_put(op->dev);
	else
		n_ops++;
	return err;
}

static void unhook_all(void)
{
	while (n_ops-- > 0) {
		nf_unregister_net_hook(&init_net, &ops[n_ops]);
		dev_put(ops[n_ops].dev);
	}
}

static int __init empty_hook_init(void)
{
	int hooknum = egress ? NF_NETDEV_EGRESS : NF_NETDEV_INGRESS;
	int i, err = 0;

	for (i = 0; i < n_devices && !err; i++)
		err = hook(devices[i], empty_hook, hooknum, 0);
	for (i = 0; i < n_sinks && !err; i++)
		err = hook(sinks[i], sink_hook, NF_NETDEV_INGRESS, INT_MAX);
	if (err)
		unhook_all();
	return err;
}

static void __exit empty_hook_exit(void)
{
	unhook_all();
}

module_init(empty_hook_init);
module_exit(empty_hook_exit);
MODULE_DESCRIPTION("An empty netfilter hook, for benchmarks");
MODULE_LICENSE("GPL");
