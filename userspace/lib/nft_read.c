// SPDX-License-Identifier: GPL-2.0-or-later
/* What the kernel has of camwall's tables of nftables. */
#include <libnftnl/chain.h>
#include <libnftnl/flowtable.h>
#include <libnftnl/object.h>
#include <libnftnl/rule.h>
#include <libnftnl/set.h>
#include <libnftnl/table.h>
#include <libnftnl/udata.h>
#include <linux/netfilter.h>
#include <linux/netfilter/nf_tables.h>
#include <stdlib.h>
#include <string.h>

#include "alloc.h"
#include "nft_kernel.h"
#include "nft_rule.h"
#include "nft_type.h"

/* What a set's elements are filled into. */
struct filling {
	struct cw_nft_set *set;
	size_t key_len;
};

static int find_comment(const struct nftnl_udata *attr, void *ctx)
{
	uint8_t *type = ctx;

	if (nftnl_udata_type(attr) == *type && nftnl_udata_len(attr) == sizeof(CW_NFT_COMMENT) &&
	    memcmp(nftnl_udata_get(attr), CW_NFT_COMMENT, sizeof(CW_NFT_COMMENT)) == 0)
		*type = UINT8_MAX;
	return 0;
}

/* Whether user data has camwall's comment; @type: how that is marked there. */
static bool is_ours(const void *data, uint32_t len, uint8_t type)
{
	if (data)
		nftnl_udata_parse(data, len, find_comment, &type);
	return type == UINT8_MAX;
}

static bool is_camwall(const char *table)
{
	return table && strcmp(table, CW_NFT_TABLE) == 0;
}

static int on_table(const struct nlmsghdr *message, void *ctx)
{
	struct nftnl_table *from = nftnl_table_alloc();
	struct cw_nft_table *table = ctx;

	if (from && nftnl_table_nlmsg_parse(message, from) == 0 &&
	    is_camwall(nftnl_table_get_str(from, NFTNL_TABLE_NAME)))
		table->exists = true;
	nftnl_table_free(from);
	return MNL_CB_OK;
}

static int on_set(const struct nlmsghdr *message, void *ctx)
{
	struct nftnl_set *from = nftnl_set_alloc();
	struct cw_nft_table *table = ctx;

	if (from && nftnl_set_nlmsg_parse(message, from) == 0 &&
	    is_camwall(nftnl_set_get_str(from, NFTNL_SET_TABLE)) &&
	    !(nftnl_set_get_u32(from, NFTNL_SET_FLAGS) & NFT_SET_ANONYMOUS)) {
		struct cw_nft_set *set = cw_nft_set_add(table, nftnl_set_get_str(from, NFTNL_SET_NAME),
							cw_nft_kind_of(from));
		const void *udata;
		uint32_t len = 0;

		udata = nftnl_set_get_data(from, NFTNL_SET_USERDATA, &len);
		set->ours = is_ours(udata, len, NFTNL_UDATA_SET_COMMENT);
	}
	nftnl_set_free(from);
	return MNL_CB_OK;
}

static int on_chain(const struct nlmsghdr *message, void *ctx)
{
	struct nftnl_chain *from = nftnl_chain_alloc();
	struct cw_nft_table *table = ctx;

	if (from && nftnl_chain_nlmsg_parse(message, from) == 0 &&
	    is_camwall(nftnl_chain_get_str(from, NFTNL_CHAIN_TABLE))) {
		struct cw_nft_chain *chain = cw_nft_chain_add(table, nftnl_chain_get_str(from, NFTNL_CHAIN_NAME));
		const char *device = nftnl_chain_get_str(from, NFTNL_CHAIN_DEV);
		const char *const *devices = nftnl_chain_is_set(from, NFTNL_CHAIN_DEVICES) ?
			nftnl_chain_get_array(from, NFTNL_CHAIN_DEVICES) : NULL;
		const void *udata;
		uint32_t len = 0;

		udata = nftnl_chain_get_data(from, NFTNL_CHAIN_USERDATA, &len);
		chain->ours = is_ours(udata, len, NFTNL_UDATA_CHAIN_COMMENT);
		chain->base = nftnl_chain_is_set(from, NFTNL_CHAIN_HOOKNUM);
		chain->hook = nftnl_chain_get_u32(from, NFTNL_CHAIN_HOOKNUM);
		chain->priority = nftnl_chain_get_s32(from, NFTNL_CHAIN_PRIO);
		chain->use = nftnl_chain_get_u32(from, NFTNL_CHAIN_USE);
		if (!device && devices)
			device = devices[0];
		chain->device = device ? cw_strdup(device) : NULL;
	}
	nftnl_chain_free(from);
	return MNL_CB_OK;
}

static int on_object(const struct nlmsghdr *message, void *ctx)
{
	struct nftnl_obj *from = nftnl_obj_alloc();
	struct cw_nft_table *table = ctx;

	if (from && nftnl_obj_nlmsg_parse(message, from) == 0 &&
	    is_camwall(nftnl_obj_get_str(from, NFTNL_OBJ_TABLE))) {
		struct cw_nft_object *object = cw_nft_object_add(table, nftnl_obj_get_str(from, NFTNL_OBJ_NAME));
		const void *udata;
		uint32_t len = 0;

		udata = nftnl_obj_get_data(from, NFTNL_OBJ_USERDATA, &len);
		object->ours = is_ours(udata, len, NFTNL_UDATA_OBJ_COMMENT);
		object->counter = nftnl_obj_get_u32(from, NFTNL_OBJ_TYPE) == NFT_OBJECT_COUNTER;
		object->use = nftnl_obj_get_u32(from, NFTNL_OBJ_USE);
		if (object->counter) {
			object->packets = nftnl_obj_get_u64(from, NFTNL_OBJ_CTR_PKTS);
			object->bytes = nftnl_obj_get_u64(from, NFTNL_OBJ_CTR_BYTES);
		}
	}
	nftnl_obj_free(from);
	return MNL_CB_OK;
}

static int on_rule(const struct nlmsghdr *message, void *ctx)
{
	struct nftnl_rule *from = nftnl_rule_alloc();
	struct cw_nft_table *table = ctx;
	struct cw_nft_chain *chain = NULL;

	if (from && nftnl_rule_nlmsg_parse(message, from) == 0 &&
	    is_camwall(nftnl_rule_get_str(from, NFTNL_RULE_TABLE)))
		chain = cw_nft_chain_find(table, nftnl_rule_get_str(from, NFTNL_RULE_CHAIN));
	if (chain) {
		struct cw_nft_rule *rule = cw_nft_rule_add(chain);

		rule->handle = nftnl_rule_get_u64(from, NFTNL_RULE_HANDLE);
		cw_nft_rule_describe(rule, from);
	}
	if (from)
		nftnl_rule_free(from);
	return MNL_CB_OK;
}

static int on_flowtable(const struct nlmsghdr *message, void *ctx)
{
	struct nftnl_flowtable *from = nftnl_flowtable_alloc();
	struct cw_nft_table *table = ctx;

	if (from && nftnl_flowtable_nlmsg_parse(message, from) == 0 &&
	    is_camwall(nftnl_flowtable_get_str(from, NFTNL_FLOWTABLE_TABLE))) {
		table->flowtables = cw_array_room(table->flowtables, table->n_flowtables,
						  sizeof(*table->flowtables));
		table->flowtables[table->n_flowtables++] =
			cw_strdup(nftnl_flowtable_get_str(from, NFTNL_FLOWTABLE_NAME));
	}
	nftnl_flowtable_free(from);
	return MNL_CB_OK;
}

static int on_element(struct nftnl_set_elem *from, void *ctx)
{
	const struct filling *filling = ctx;
	struct cw_nft_element *element;
	const char *target = NULL;
	const void *key;
	uint32_t len;

	key = nftnl_set_elem_get(from, NFTNL_SET_ELEM_KEY, &len);
	if (!key || len != filling->key_len)
		return 0;
	element = cw_nft_element_add(filling->set, key);
	if (nftnl_set_elem_is_set(from, NFTNL_SET_ELEM_TIMEOUT))
		element->timeout = nftnl_set_elem_get_u64(from, NFTNL_SET_ELEM_TIMEOUT);
	if (nftnl_set_elem_is_set(from, NFTNL_SET_ELEM_EXPIRATION))
		element->expires = nftnl_set_elem_get_u64(from, NFTNL_SET_ELEM_EXPIRATION);
	if (nftnl_set_elem_is_set(from, NFTNL_SET_ELEM_VERDICT))
		element->verdict = nftnl_set_elem_get_u32(from, NFTNL_SET_ELEM_VERDICT);
	if (nftnl_set_elem_is_set(from, NFTNL_SET_ELEM_CHAIN))
		target = nftnl_set_elem_get_str(from, NFTNL_SET_ELEM_CHAIN);
	else if (nftnl_set_elem_is_set(from, NFTNL_SET_ELEM_OBJREF))
		target = nftnl_set_elem_get_str(from, NFTNL_SET_ELEM_OBJREF);
	if (target)
		strncpy(element->target, target, sizeof(element->target) - 1);
	return 0;
}

static int on_elements(const struct nlmsghdr *message, void *ctx)
{
	struct nftnl_set *from = nftnl_set_alloc();

	if (from && nftnl_set_elems_nlmsg_parse(message, from) == 0)
		nftnl_set_elem_foreach(from, on_element, ctx);
	nftnl_set_free(from);
	return MNL_CB_OK;
}

/* All of a family; where the kernel can, only of this table. */
static enum cw_nft_result dump(struct cw_nft *nft, struct cw_nft_table *table, uint16_t type,
			       int table_attr, mnl_cb_t reply, struct cw_error *err)
{
	struct nlmsghdr *request = cw_nft_request(nft, type, table->family, NLM_F_DUMP);

	if (table_attr)
		mnl_attr_put_strz(request, table_attr, CW_NFT_TABLE);
	return cw_nft_exchange(nft, request, reply, table, err);
}

static enum cw_nft_result read_elements(struct cw_nft *nft, const struct cw_nft_table *table,
					struct cw_nft_set *set, struct cw_error *err)
{
	struct filling filling = { .set = set, .key_len = cw_nft_key_len(set->kind) };
	enum cw_nft_result result;
	struct nlmsghdr *request;

	if (set->kind == CW_NFT_KIND_OTHER)
		return CW_NFT_DONE;
	request = cw_nft_request(nft, NFT_MSG_GETSETELEM, table->family, NLM_F_DUMP);
	mnl_attr_put_strz(request, NFTA_SET_ELEM_LIST_TABLE, CW_NFT_TABLE);
	mnl_attr_put_strz(request, NFTA_SET_ELEM_LIST_SET, set->name);
	result = cw_nft_exchange(nft, request, on_elements, &filling, err);
	cw_nft_set_sort(set);
	return result;
}

static enum cw_nft_result read_parts(struct cw_nft *nft, struct cw_nft_table *table,
				     struct cw_error *err)
{
	return dump(nft, table, NFT_MSG_GETSET, NFTA_SET_TABLE, on_set, err) ?:
	       dump(nft, table, NFT_MSG_GETOBJ, NFTA_OBJ_TABLE, on_object, err) ?:
	       dump(nft, table, NFT_MSG_GETCHAIN, 0, on_chain, err) ?:
	       dump(nft, table, NFT_MSG_GETRULE, NFTA_RULE_TABLE, on_rule, err) ?:
	       dump(nft, table, NFT_MSG_GETFLOWTABLE, NFTA_FLOWTABLE_TABLE, on_flowtable, err);
}

enum cw_nft_result cw_nft_exists(struct cw_nft *nft, struct cw_nft_table *table, struct cw_error *err)
{
	return dump(nft, table, NFT_MSG_GETTABLE, 0, on_table, err);
}

enum cw_nft_result cw_nft_read(struct cw_nft *nft, struct cw_nft_table *table, bool elements,
			       struct cw_error *err)
{
	enum cw_nft_result result;
	size_t i;

	result = cw_nft_exists(nft, table, err);
	if (result || !table->exists)
		return result;
	result = read_parts(nft, table, err);
	for (i = 0; !result && elements && i < table->n_sets; i++)
		result = read_elements(nft, table, &table->sets[i], err);
	return result;
}
