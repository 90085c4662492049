/* SPDX-License-Identifier: GPL-2.0 */
/* Transactions: what a socket has staged, until it commits, aborts or closes. */
#ifndef _CW_TRANSACTION_H
#define _CW_TRANSACTION_H

#include <linux/list.h>
#include <linux/types.h>

#include "main.h"

struct netlink_ext_ack;

/**
 * struct cw_transaction - a staged configuration
 * @list: in &cw_net.staged
 * @portid: the socket that it belongs to
 * @generation: what it is based on
 * @config: what was added so far, but for the prefixes
 * @prefixes: packed
 * @n_prefixes: how many
 * @room: for how many there is memory
 */
struct cw_transaction {
	struct list_head list;
	u32 portid;
	u32 generation;
	struct cw_config *config;
	u64 *prefixes;
	u32 n_prefixes;
	u32 room;
};

struct cw_transaction *cw_transaction_get(struct cw_net *cn, u32 portid,
					  struct netlink_ext_ack *extack);
int cw_transaction_begin(struct cw_net *cn, u32 portid, u32 generation,
			 struct netlink_ext_ack *extack);
int cw_transaction_add_prefixes(struct cw_transaction *transaction,
				const u64 *prefixes, u32 n,
				struct netlink_ext_ack *extack);
int cw_transaction_commit(struct cw_net *cn, struct cw_transaction *transaction,
			  const struct cw_actor *actor, u32 *generation,
			  struct netlink_ext_ack *extack);
void cw_transaction_abort(struct cw_net *cn, struct cw_transaction *transaction);
void cw_transactions_close(struct cw_net *cn, u32 portid);

#endif
