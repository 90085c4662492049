/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What has to be done so that a table of nftables becomes what it should be: the least that does it. */
#ifndef CW_NFT_PLAN_H
#define CW_NFT_PLAN_H

#include "error.h"
#include "nft_model.h"

/** enum cw_nft_op_type - one step; they are carried out in order, and all at once */
enum cw_nft_op_type {
	CW_NFT_ADD_TABLE,
	CW_NFT_ADD_SET,
	CW_NFT_ADD_OBJECT,
	CW_NFT_ADD_CHAIN,
	CW_NFT_ADD_ELEMENTS,
	CW_NFT_ADD_RULE,
	CW_NFT_DEL_ELEMENTS,
	CW_NFT_DEL_RULE,	/* from here on something goes that others may have to do with */
	CW_NFT_DEL_CHAIN,
	CW_NFT_DEL_SET,
	CW_NFT_DEL_OBJECT,
	CW_NFT_DEL_TABLE,
};

/**
 * struct cw_nft_op - a step
 * @set, @chain, @object, @rule: what it is done with; the tables that the plan was made of have
 *				 to stay as long as the plan
 * @elements, @n: of the set, for ..._ELEMENTS
 */
struct cw_nft_op {
	enum cw_nft_op_type type;
	int family;
	const struct cw_nft_set *set;
	const struct cw_nft_chain *chain;
	const struct cw_nft_object *object;
	const struct cw_nft_rule *rule;
	struct cw_nft_element *elements;
	size_t n;
};

/**
 * struct cw_nft_plan - the steps
 * @added, @deleted, @refreshed: elements
 * @kept: sentences: what of groups that are gone stays, because somebody's rule refers to it
 */
struct cw_nft_plan {
	struct cw_nft_op *ops;
	size_t n;
	size_t added, deleted, refreshed;
	char **kept;
	size_t n_kept;
};

/**
 * cw_nft_plan_make() - compare what is there with what is wanted, and add the steps in between
 * @plan: all zero, or with the steps of another table; for cw_nft_plan_clear()
 * @have: a table that does not exist is made
 * @err: where a thing of somebody else is in the place of one that is wanted, names it
 *
 * What is somebody else's is not touched. What is camwall's and is not wanted any more goes,
 * unless a rule of somebody else refers to it: then it stays, emptied, and @plan->kept says so.
 * An element is refreshed, deleted and added in one step, when less than half of its timeout
 * is left, or when it would outlive its device.
 *
 * Return: 0, or -1 with @err set.
 */
int cw_nft_plan_make(struct cw_nft_plan *plan, const struct cw_nft_table *have,
		     const struct cw_nft_table *want, struct cw_error *err);

/** cw_nft_plan_elements() - only add or refresh the elements of one set, whatever else it holds */
void cw_nft_plan_elements(struct cw_nft_plan *plan, int family, const struct cw_nft_set *have,
			  const struct cw_nft_set *want);

/** cw_nft_plan_add() - add a step; Return: it, until the next one is added */
struct cw_nft_op *cw_nft_plan_add(struct cw_nft_plan *plan, enum cw_nft_op_type type, int family);
void cw_nft_plan_clear(struct cw_nft_plan *plan);

#endif
