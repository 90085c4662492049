// SPDX-License-Identifier: GPL-2.0-or-later
/* A plan for tables of nftables, as one batch of messages. */
#include <libnftnl/chain.h>
#include <libnftnl/object.h>
#include <libnftnl/rule.h>
#include <libnftnl/set.h>
#include <libnftnl/table.h>
#include <libnftnl/udata.h>
#include <linux/netfilter.h>
#include <linux/netfilter/nf_tables.h>
#include <stdlib.h>

#include "nft_kernel.h"
#include "nft_rule.h"
#include "nft_type.h"

/* nft's enum byteorder, in a set's user data. */
#define BYTEORDER_HOST	1
#define BYTEORDER_BIG	2

#define ELEMENTS_PER_MESSAGE	256	/* far below the 64 KiB that an attribute can have */

static void *not_null(void *allocated)
{
	if (!allocated)
		abort();
	return allocated;
}

static struct nftnl_udata_buf *comment(uint8_t type)
{
	struct nftnl_udata_buf *udata = not_null(nftnl_udata_buf_alloc(NFT_USERDATA_MAXLEN));

	if (!nftnl_udata_put_strz(udata, type, CW_NFT_COMMENT))
		abort();
	return udata;
}

static void write_table(struct cw_nft_batch *batch, int family, bool delete)
{
	struct nftnl_udata_buf *udata = comment(NFTNL_UDATA_TABLE_COMMENT);
	struct nftnl_table *table = not_null(nftnl_table_alloc());
	struct nlmsghdr *message;

	nftnl_table_set_str(table, NFTNL_TABLE_NAME, CW_NFT_TABLE);
	if (!delete)
		nftnl_table_set_data(table, NFTNL_TABLE_USERDATA, nftnl_udata_buf_data(udata),
				     nftnl_udata_buf_len(udata));
	message = cw_nft_batch_message(batch, delete ? NFT_MSG_DELTABLE : NFT_MSG_NEWTABLE, family,
				       delete ? 0 : NLM_F_CREATE);
	nftnl_table_nlmsg_build_payload(message, table);
	cw_nft_batch_add(batch, message);
	nftnl_table_free(table);
	nftnl_udata_buf_free(udata);
}

static struct nftnl_set *set_named(const char *name)
{
	struct nftnl_set *set = not_null(nftnl_set_alloc());

	nftnl_set_set_str(set, NFTNL_SET_TABLE, CW_NFT_TABLE);
	nftnl_set_set_str(set, NFTNL_SET_NAME, name);
	return set;
}

static void write_set(struct cw_nft_batch *batch, const struct cw_nft_op *op, bool delete)
{
	struct nftnl_udata_buf *udata = comment(NFTNL_UDATA_SET_COMMENT);
	struct nftnl_set *set = set_named(op->set->name);
	struct nlmsghdr *message;

	if (!delete) {
		if (!nftnl_udata_put_u32(udata, NFTNL_UDATA_SET_KEYBYTEORDER,
					 cw_nft_kind_host_order(op->set->kind) ? BYTEORDER_HOST : BYTEORDER_BIG))
			abort();
		cw_nft_kind_set(set, op->set->kind);
		nftnl_set_set_u32(set, NFTNL_SET_ID, batch->n + 1);
		nftnl_set_set_data(set, NFTNL_SET_USERDATA, nftnl_udata_buf_data(udata),
				   nftnl_udata_buf_len(udata));
	}
	message = cw_nft_batch_message(batch, delete ? NFT_MSG_DELSET : NFT_MSG_NEWSET, op->family,
				       delete ? 0 : NLM_F_CREATE | NLM_F_EXCL);
	nftnl_set_nlmsg_build_payload(message, set);
	cw_nft_batch_add(batch, message);
	nftnl_set_free(set);
	nftnl_udata_buf_free(udata);
}

static void write_object(struct cw_nft_batch *batch, const struct cw_nft_op *op, bool delete)
{
	struct nftnl_udata_buf *udata = comment(NFTNL_UDATA_OBJ_COMMENT);
	struct nftnl_obj *object = not_null(nftnl_obj_alloc());
	struct nlmsghdr *message;

	nftnl_obj_set_str(object, NFTNL_OBJ_TABLE, CW_NFT_TABLE);
	nftnl_obj_set_str(object, NFTNL_OBJ_NAME, op->object->name);
	nftnl_obj_set_u32(object, NFTNL_OBJ_TYPE, NFT_OBJECT_COUNTER);
	if (!delete) {
		nftnl_obj_set_u64(object, NFTNL_OBJ_CTR_PKTS, 0);
		nftnl_obj_set_u64(object, NFTNL_OBJ_CTR_BYTES, 0);
		nftnl_obj_set_data(object, NFTNL_OBJ_USERDATA, nftnl_udata_buf_data(udata),
				   nftnl_udata_buf_len(udata));
	}
	message = cw_nft_batch_message(batch, delete ? NFT_MSG_DELOBJ : NFT_MSG_NEWOBJ, op->family,
				       delete ? 0 : NLM_F_CREATE | NLM_F_EXCL);
	nftnl_obj_nlmsg_build_payload(message, object);
	cw_nft_batch_add(batch, message);
	nftnl_obj_free(object);
	nftnl_udata_buf_free(udata);
}

static void fill_chain(struct nftnl_chain *chain, const struct cw_nft_chain *from)
{
	struct nftnl_udata_buf *udata = comment(NFTNL_UDATA_CHAIN_COMMENT);

	nftnl_chain_set_data(chain, NFTNL_CHAIN_USERDATA, nftnl_udata_buf_data(udata),
			     nftnl_udata_buf_len(udata));
	nftnl_udata_buf_free(udata);
	if (!from->base)
		return;
	nftnl_chain_set_str(chain, NFTNL_CHAIN_TYPE, "filter");
	nftnl_chain_set_u32(chain, NFTNL_CHAIN_HOOKNUM, from->hook);
	nftnl_chain_set_s32(chain, NFTNL_CHAIN_PRIO, from->priority);
	nftnl_chain_set_u32(chain, NFTNL_CHAIN_POLICY, NF_ACCEPT);
	if (from->device)
		nftnl_chain_set_str(chain, NFTNL_CHAIN_DEV, from->device);
}

static void write_chain(struct cw_nft_batch *batch, const struct cw_nft_op *op, bool delete)
{
	struct nftnl_chain *chain = not_null(nftnl_chain_alloc());
	struct nlmsghdr *message;

	nftnl_chain_set_str(chain, NFTNL_CHAIN_TABLE, CW_NFT_TABLE);
	nftnl_chain_set_str(chain, NFTNL_CHAIN_NAME, op->chain->name);
	if (!delete)
		fill_chain(chain, op->chain);
	message = cw_nft_batch_message(batch, delete ? NFT_MSG_DELCHAIN : NFT_MSG_NEWCHAIN, op->family,
				       delete ? 0 : NLM_F_CREATE | NLM_F_EXCL);
	nftnl_chain_nlmsg_build_payload(message, chain);
	cw_nft_batch_add(batch, message);
	nftnl_chain_free(chain);
}

static void add_rule(struct cw_nft_batch *batch, const struct cw_nft_op *op)
{
	struct nlmsghdr *message;

	message = cw_nft_batch_message(batch, NFT_MSG_NEWRULE, op->family, NLM_F_CREATE | NLM_F_APPEND);
	nftnl_rule_nlmsg_build_payload(message, op->rule->rule);
	cw_nft_batch_add(batch, message);
}

static void del_rule(struct cw_nft_batch *batch, const struct cw_nft_op *op)
{
	struct nftnl_rule *rule = not_null(nftnl_rule_alloc());
	struct nlmsghdr *message;

	nftnl_rule_set_str(rule, NFTNL_RULE_TABLE, CW_NFT_TABLE);
	nftnl_rule_set_str(rule, NFTNL_RULE_CHAIN, op->chain->name);
	nftnl_rule_set_u64(rule, NFTNL_RULE_HANDLE, op->rule->handle);
	message = cw_nft_batch_message(batch, NFT_MSG_DELRULE, op->family, 0);
	nftnl_rule_nlmsg_build_payload(message, rule);
	cw_nft_batch_add(batch, message);
	nftnl_rule_free(rule);
}

static void add_element(struct nftnl_set *set, enum cw_nft_kind kind, const struct cw_nft_element *from,
			bool delete)
{
	struct nftnl_set_elem *element = not_null(nftnl_set_elem_alloc());

	nftnl_set_elem_set(element, NFTNL_SET_ELEM_KEY, from->key, cw_nft_key_len(kind));
	if (!delete && from->timeout) {
		nftnl_set_elem_set_u64(element, NFTNL_SET_ELEM_TIMEOUT, from->timeout);
		nftnl_set_elem_set_u64(element, NFTNL_SET_ELEM_EXPIRATION, from->expires);
	}
	if (!delete && kind == CW_NFT_KIND_VERDICT) {
		nftnl_set_elem_set_u32(element, NFTNL_SET_ELEM_VERDICT, from->verdict);
		if (*from->target)
			nftnl_set_elem_set_str(element, NFTNL_SET_ELEM_CHAIN, from->target);
	}
	if (!delete && kind == CW_NFT_KIND_COUNTER)
		nftnl_set_elem_set_str(element, NFTNL_SET_ELEM_OBJREF, from->target);
	nftnl_set_elem_add(set, element);
}

static void write_elements(struct cw_nft_batch *batch, const struct cw_nft_op *op, bool delete)
{
	size_t i, at;

	for (at = 0; at < op->n; at += ELEMENTS_PER_MESSAGE) {
		struct nftnl_set *set = set_named(op->set->name);
		struct nlmsghdr *message;

		for (i = at; i < op->n && i < at + ELEMENTS_PER_MESSAGE; i++)
			add_element(set, op->set->kind, &op->elements[i], delete);
		message = cw_nft_batch_message(batch, delete ? NFT_MSG_DELSETELEM : NFT_MSG_NEWSETELEM,
					       op->family, delete ? 0 : NLM_F_CREATE);
		nftnl_set_elems_nlmsg_build_payload(message, set);
		cw_nft_batch_add(batch, message);
		nftnl_set_free(set);
	}
}

static void write_op(struct cw_nft_batch *batch, const struct cw_nft_op *op)
{
	switch (op->type) {
	case CW_NFT_ADD_TABLE:
	case CW_NFT_DEL_TABLE:
		return write_table(batch, op->family, op->type == CW_NFT_DEL_TABLE);
	case CW_NFT_ADD_SET:
	case CW_NFT_DEL_SET:
		return write_set(batch, op, op->type == CW_NFT_DEL_SET);
	case CW_NFT_ADD_OBJECT:
	case CW_NFT_DEL_OBJECT:
		return write_object(batch, op, op->type == CW_NFT_DEL_OBJECT);
	case CW_NFT_ADD_CHAIN:
	case CW_NFT_DEL_CHAIN:
		return write_chain(batch, op, op->type == CW_NFT_DEL_CHAIN);
	case CW_NFT_ADD_ELEMENTS:
	case CW_NFT_DEL_ELEMENTS:
		return write_elements(batch, op, op->type == CW_NFT_DEL_ELEMENTS);
	case CW_NFT_ADD_RULE:
		return add_rule(batch, op);
	case CW_NFT_DEL_RULE:
		return del_rule(batch, op);
	}
}

enum cw_nft_result cw_nft_write(struct cw_nft *nft, const struct cw_nft_plan *plan, uint32_t generation,
				struct cw_error *err)
{
	struct cw_nft_batch batch;
	size_t i;

	if (!plan->n)
		return CW_NFT_DONE;
	cw_nft_batch_begin(&batch, nft, generation);
	for (i = 0; i < plan->n; i++)
		write_op(&batch, &plan->ops[i]);
	return cw_nft_batch_send(&batch, err);
}
