// SPDX-License-Identifier: GPL-2.0
/* Loading and unloading, and what each network namespace gets. */
#include <linux/module.h>
#include <net/netns/generic.h>

#include "config.h"
#include "inventory.h"
#include "link.h"
#include "main.h"
#include "netlink.h"
#include "netlink-gen.h"
#include "transaction.h"

static unsigned int cw_net_id __read_mostly;

/**
 * cw_net() - what camwall keeps for a network namespace
 * @net: the namespace
 *
 * Context: any.
 */
struct cw_net *cw_net(struct net *net)
{
	return net_generic(net, cw_net_id);
}

static int __net_init cw_net_init(struct net *net)
{
	struct cw_net *cn = cw_net(net);

	cn->net = net;
	mutex_init(&cn->lock);
	INIT_LIST_HEAD(&cn->staged);
	cw_links_init(cn);
	cw_inventory_init(cn);
	cw_events_init(&cn->events);
	cw_expiry_init(cn);
	return 0;
}

/* Between this and cw_net_exit() the core waits for a grace period. */
static void __net_exit cw_net_pre_exit(struct net *net)
{
	struct cw_net *cn = cw_net(net);

	cw_transactions_close(cn, 0);
	/* Who looks whether exemptions have ended holds this alone. */
	mutex_lock(&cn->lock);
	cw_links_clear(cn);
	mutex_unlock(&cn->lock);
}

static void __net_exit cw_net_exit(struct net *net)
{
	cw_links_clean(cw_net(net));
	cw_expiry_clean(cw_net(net));
	cw_inventory_clean(cw_net(net));
}

static struct pernet_operations cw_net_ops = {
	.init		= cw_net_init,
	.pre_exit	= cw_net_pre_exit,
	.exit		= cw_net_exit,
	.id		= &cw_net_id,
	.size		= sizeof(struct cw_net),
};

static int __init cw_init(void)
{
	int err;

	err = cw_config_setup();
	if (err)
		return err;
	err = cw_devices_setup();
	if (err)
		goto config;
	err = register_pernet_subsys(&cw_net_ops);
	if (err)
		goto devices;
	err = cw_links_setup();
	if (err)
		goto pernet;
	err = cw_netlink_setup();
	if (err)
		goto links;
	return 0;

links:
	cw_links_teardown();
pernet:
	unregister_pernet_subsys(&cw_net_ops);
devices:
	cw_devices_teardown();
config:
	cw_config_teardown();
	return err;
}

static void __exit cw_exit(void)
{
	cw_netlink_teardown();
	cw_links_teardown();
	unregister_pernet_subsys(&cw_net_ops);
	cw_devices_teardown();
	cw_config_teardown();
}

module_init(cw_init);
module_exit(cw_exit);

MODULE_ALIAS_GENL_FAMILY(CAMWALL_FAMILY_NAME);
MODULE_DESCRIPTION("Tags and drops frames of restricted vendors' devices");
MODULE_AUTHOR("The camwall developers");
MODULE_VERSION(CW_VERSION);
MODULE_LICENSE("GPL");
