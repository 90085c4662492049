// SPDX-License-Identifier: GPL-2.0
/* Transactions: what a socket has staged, until it commits, aborts or closes. */
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <linux/slab.h>

#include "array.h"
#include "config.h"
#include "event.h"
#include "expiry.h"
#include "inventory.h"
#include "link.h"
#include "transaction.h"

#define CW_MAX_STAGED 16	/* per namespace: what sockets can hold without committing */

static struct cw_transaction *cw_transaction_find(struct cw_net *cn, u32 portid)
{
	struct cw_transaction *transaction;

	list_for_each_entry(transaction, &cn->staged, list)
		if (transaction->portid == portid)
			return transaction;
	return NULL;
}

static const struct cw_config *cw_base(const struct cw_net *cn)
{
	return rcu_dereference_protected(cn->config,
					 lockdep_is_held(&cn->lock));
}

static int cw_check_generation(const struct cw_net *cn, u32 generation,
			       struct netlink_ext_ack *extack)
{
	const struct cw_config *base = cw_base(cn);

	if (generation == (base ? base->generation : 0))
		return 0;
	NL_SET_ERR_MSG(extack, "generation changed: somebody else has committed meanwhile, read again and retry");
	return -ESTALE;
}

/**
 * cw_transaction_get() - what a socket has staged
 * @cn: the namespace
 * @portid: the socket
 * @extack: gets the reason where there is nothing
 *
 * Context: &cw_net.lock held.
 * Return: the transaction, or NULL.
 */
struct cw_transaction *cw_transaction_get(struct cw_net *cn, u32 portid,
					  struct netlink_ext_ack *extack)
{
	struct cw_transaction *transaction = cw_transaction_find(cn, portid);

	if (!transaction)
		NL_SET_ERR_MSG(extack, "nothing is staged by this socket: config-begin comes first");
	return transaction;
}

/**
 * cw_transaction_begin() - stage an empty configuration
 * @cn: the namespace
 * @portid: the socket that it will belong to
 * @generation: of the configuration that it is based on
 * @extack: gets the reason of a refusal
 *
 * Context: &cw_net.lock held; may sleep.
 * Return: 0; -EBUSY, -ESTALE, -ENOMEM.
 */
int cw_transaction_begin(struct cw_net *cn, u32 portid, u32 generation,
			 struct netlink_ext_ack *extack)
{
	struct cw_transaction *transaction;
	int err;

	if (cw_transaction_find(cn, portid)) {
		NL_SET_ERR_MSG(extack, "this socket has a configuration staged already: commit or abort it first");
		return -EBUSY;
	}
	if (cn->n_staged == CW_MAX_STAGED) {
		NL_SET_ERR_MSG(extack, "too many configurations are staged in this network namespace");
		return -EBUSY;
	}
	err = cw_check_generation(cn, generation, extack);
	if (err)
		return err;

	transaction = kzalloc(sizeof(*transaction), GFP_KERNEL_ACCOUNT);
	if (!transaction)
		goto nomem;
	transaction->config = cw_config_alloc();
	if (!transaction->config)
		goto nomem;
	transaction->portid = portid;
	transaction->generation = generation;
	list_add(&transaction->list, &cn->staged);
	cn->n_staged++;
	return 0;

nomem:
	kfree(transaction);
	NL_SET_ERR_MSG(extack, "out of memory");
	return -ENOMEM;
}

/**
 * cw_transaction_add_prefixes() - add prefixes to what is staged
 * @transaction: has the groups that they refer to
 * @prefixes: packed
 * @n: how many
 * @extack: gets the reason of a refusal
 *
 * Context: &cw_net.lock held; may sleep.
 * Return: 0; -EINVAL, -ENOENT, -E2BIG, -ENOMEM.
 */
int cw_transaction_add_prefixes(struct cw_transaction *transaction,
				const u64 *prefixes, u32 n,
				struct netlink_ext_ack *extack)
{
	u64 *grown;
	int err;

	if (n > CAMWALL_MAX_PREFIXES - transaction->n_prefixes) {
		NL_SET_ERR_MSG(extack, "too many prefixes");
		return -E2BIG;
	}
	grown = cw_array_grow(transaction->prefixes, transaction->n_prefixes,
			      &transaction->room, transaction->n_prefixes + n,
			      sizeof(*grown));
	if (!grown) {
		NL_SET_ERR_MSG(extack, "out of memory");
		return -ENOMEM;
	}
	transaction->prefixes = grown;
	/* Netlink aligns to four octets only: check the copy. */
	memcpy(transaction->prefixes + transaction->n_prefixes, prefixes,
	       n * sizeof(*prefixes));
	err = cw_config_check_prefixes(transaction->config,
				       transaction->prefixes +
				       transaction->n_prefixes, n, extack);
	if (err)
		return err;
	transaction->n_prefixes += n;
	return 0;
}

/**
 * cw_transaction_abort() - forget what is staged
 * @cn: the namespace
 * @transaction: freed
 *
 * Context: &cw_net.lock held; may sleep.
 */
void cw_transaction_abort(struct cw_net *cn, struct cw_transaction *transaction)
{
	list_del(&transaction->list);
	cn->n_staged--;
	kvfree(transaction->prefixes);
	cw_config_free(transaction->config);
	kfree(transaction);
}

/**
 * cw_transaction_commit() - put what is staged in force
 * @cn: the namespace
 * @transaction: freed, whatever the outcome
 * @actor: whose
 * @generation: set to the new generation
 * @extack: gets the reason of a refusal
 *
 * All that can fail is done before anything changes.
 *
 * Context: &cw_net.lock held; takes RTNL; may sleep.
 * Return: 0; -ESTALE, -EINVAL, -EEXIST, -ENOMEM, or what binding to a device gave.
 */
int cw_transaction_commit(struct cw_net *cn, struct cw_transaction *transaction,
			  const struct cw_actor *actor, u32 *generation,
			  struct netlink_ext_ack *extack)
{
	struct cw_config *config = transaction->config;
	struct cw_device_table *devices = NULL;
	int err;

	err = cw_check_generation(cn, transaction->generation, extack);
	if (err)
		goto out;
	config->generation = transaction->generation + 1 ?: 1;
	err = cw_config_finish(config, transaction->prefixes,
			       transaction->n_prefixes, cw_base(cn), extack);
	if (err)
		goto out;
	err = cw_inventory_prepare(cn, config, &devices, extack);
	if (err)
		goto out;
	/* What ended until now, ended under the old one. */
	cw_expiry_check(cn);

	rtnl_lock();
	err = cw_links_switch(cn, config, extack);
	rtnl_unlock();
	if (err)
		goto out;
	*generation = config->generation;
	transaction->config = NULL;
	cw_event_config(cn, actor);
	cw_inventory_commit(cn, config, devices);
	devices = NULL;
	cw_expiry_begin(cn);
out:
	cw_device_table_free(devices);
	cw_transaction_abort(cn, transaction);
	return err;
}

/**
 * cw_transactions_close() - forget what a socket has staged
 * @cn: the namespace
 * @portid: the socket, which is closing; 0 for all sockets
 *
 * Context: process; may sleep.
 */
void cw_transactions_close(struct cw_net *cn, u32 portid)
{
	struct cw_transaction *transaction, *next;

	mutex_lock(&cn->lock);
	list_for_each_entry_safe(transaction, next, &cn->staged, list)
		if (!portid || transaction->portid == portid)
			cw_transaction_abort(cn, transaction);
	mutex_unlock(&cn->lock);
}
