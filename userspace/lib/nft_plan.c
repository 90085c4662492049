// SPDX-License-Identifier: GPL-2.0-or-later
/* What has to be done so that a table of nftables becomes what it should be: what is wanted. */
#include <stdlib.h>
#include <string.h>

#include "alloc.h"
#include "nft_plan_private.h"

/* Of the seconds that the inventory counts, and of the way here. */
#define SLACK_MS	2000

struct cw_nft_op *cw_nft_plan_add(struct cw_nft_plan *plan, enum cw_nft_op_type type, int family)
{
	struct cw_nft_op *op;

	plan->ops = cw_array_room(plan->ops, plan->n, sizeof(*plan->ops));
	op = &plan->ops[plan->n++];
	*op = (struct cw_nft_op){ .type = type, .family = family };
	return op;
}

void cw_nft_plan_clear(struct cw_nft_plan *plan)
{
	size_t i;

	for (i = 0; i < plan->n; i++)
		free(plan->ops[i].elements);
	for (i = 0; i < plan->n_kept; i++)
		free(plan->kept[i]);
	free(plan->ops);
	free(plan->kept);
	memset(plan, 0, sizeof(*plan));
}

/* As a list of the step that is the last one. */
static void add_element(struct cw_nft_op *op, const struct cw_nft_element *element)
{
	op->elements = cw_array_room(op->elements, op->n, sizeof(*op->elements));
	op->elements[op->n++] = *element;
}

static bool same_value(const struct cw_nft_element *have, const struct cw_nft_element *want)
{
	return have->verdict == want->verdict && strcmp(have->target, want->target) == 0;
}

/* Only in time: an element that is replaced at each look would be work for nothing. */
static bool is_due(const struct cw_nft_element *have, const struct cw_nft_element *want)
{
	uint64_t slack = want->timeout / 4 < SLACK_MS ? want->timeout / 4 : SLACK_MS;

	if (have->timeout != want->timeout)
		return true;
	if (!want->timeout)
		return false;
	if (have->expires > want->expires + SLACK_MS)
		return true;
	return have->expires < want->timeout / 2 && have->expires + slack < want->expires;
}

enum fate { FATE_STAYS, FATE_GOES, FATE_COMES, FATE_RENEWED, FATE_END };

/* Both sorted: the next key of either. */
static enum fate next(const struct cw_nft_set *have, const struct cw_nft_set *want, size_t *h, size_t *w,
		      const struct cw_nft_element **old, const struct cw_nft_element **new)
{
	size_t n_have = have ? have->n_elements : 0;
	int order;

	*old = *h < n_have ? &have->elements[*h] : NULL;
	*new = want && *w < want->n_elements ? &want->elements[*w] : NULL;
	if (!*old && !*new)
		return FATE_END;
	order = !*old ? 1 : !*new ? -1 : memcmp((*old)->key, (*new)->key, CW_NFT_KEY_MAX);
	*h += order <= 0;
	*w += order >= 0;
	if (order)
		return order < 0 ? FATE_GOES : FATE_COMES;
	return same_value(*old, *new) && !is_due(*old, *new) ? FATE_STAYS : FATE_RENEWED;
}

static void elements(struct cw_nft_plan *plan, int family, const struct cw_nft_set *have,
		     const struct cw_nft_set *want, bool delete)
{
	struct cw_nft_op gone = { .type = CW_NFT_DEL_ELEMENTS, .family = family, .set = have };
	struct cw_nft_op come = { .type = CW_NFT_ADD_ELEMENTS, .family = family, .set = want };
	const struct cw_nft_element *old, *new;
	size_t h = 0, w = 0;
	enum fate fate;

	while ((fate = next(have, want, &h, &w, &old, &new)) != FATE_END) {
		if (fate == FATE_RENEWED || (fate == FATE_GOES && delete))
			add_element(&gone, old);
		if (fate == FATE_RENEWED || fate == FATE_COMES)
			add_element(&come, new);
		plan->deleted += fate == FATE_GOES && delete;
		plan->added += fate == FATE_COMES;
		plan->refreshed += fate == FATE_RENEWED;
	}
	if (gone.n)
		*cw_nft_plan_add(plan, gone.type, family) = gone;
	if (come.n)
		*cw_nft_plan_add(plan, come.type, family) = come;
}

void cw_nft_plan_elements(struct cw_nft_plan *plan, int family, const struct cw_nft_set *have,
			  const struct cw_nft_set *want)
{
	elements(plan, family, have, want, false);
}

void cw_nft_plan_empty(struct cw_nft_plan *plan, int family, const struct cw_nft_set *set)
{
	elements(plan, family, set, NULL, true);
}

static int plan_sets(struct cw_nft_plan *plan, const struct cw_nft_table *have,
		     const struct cw_nft_table *want, struct cw_error *err)
{
	size_t i;

	for (i = 0; i < want->n_sets; i++) {
		const struct cw_nft_set *set = &want->sets[i], *old = cw_nft_set_find(have, set->name);

		if (old && old->kind != set->kind)
			return cw_error_set(err, "table %s camwall has a set %s that is not of the type that camwall needs there: rename it",
					    cw_nft_family_name(want->family), set->name);
		if (!old)
			cw_nft_plan_add(plan, CW_NFT_ADD_SET, want->family)->set = set;
	}
	return 0;
}

static int plan_objects(struct cw_nft_plan *plan, const struct cw_nft_table *have,
			const struct cw_nft_table *want, struct cw_error *err)
{
	size_t i;

	for (i = 0; i < want->n_objects; i++) {
		const struct cw_nft_object *object = &want->objects[i];
		const struct cw_nft_object *old = cw_nft_object_find(have, object->name);

		if (old && !old->counter)
			return cw_error_set(err, "table %s camwall has an object %s that is no counter, as camwall needs there: rename it",
					    cw_nft_family_name(want->family), object->name);
		if (!old)
			cw_nft_plan_add(plan, CW_NFT_ADD_OBJECT, want->family)->object = object;
	}
	return 0;
}

static bool same_hook(const struct cw_nft_chain *a, const struct cw_nft_chain *b)
{
	if (a->base != b->base)
		return false;
	if (!a->base)
		return true;
	return a->hook == b->hook && a->priority == b->priority &&
	       strcmp(a->device ?: "", b->device ?: "") == 0;
}

static size_t count_ours(const struct cw_nft_chain *chain)
{
	size_t i, n = 0;

	for (i = 0; i < chain->n_rules; i++)
		n += chain->rules[i].ours;
	return n;
}

/* Only of our rules: those that somebody put beside them are no business of ours. */
static bool same_rules(const struct cw_nft_chain *have, const struct cw_nft_chain *want)
{
	size_t i, w = 0;

	for (i = 0; i < have->n_rules; i++) {
		if (!have->rules[i].ours)
			continue;
		if (w == want->n_rules || strcmp(have->rules[i].text, want->rules[w].text) != 0)
			return false;
		w++;
	}
	return w == want->n_rules;
}

void cw_nft_plan_del_rules(struct cw_nft_plan *plan, int family, const struct cw_nft_chain *chain)
{
	size_t i;

	for (i = 0; i < chain->n_rules; i++) {
		struct cw_nft_op *op;

		if (!chain->rules[i].ours)
			continue;
		op = cw_nft_plan_add(plan, CW_NFT_DEL_RULE, family);
		op->chain = chain;
		op->rule = &chain->rules[i];
	}
}

static int plan_chain(struct cw_nft_plan *plan, const struct cw_nft_chain *old,
		      const struct cw_nft_chain *chain, int family, struct cw_error *err)
{
	if (old && !same_hook(old, chain)) {
		if (!old->ours || old->n_rules > count_ours(old))
			return cw_error_set(err, "table %s camwall has a chain %s that is not what camwall needs there: rename it",
					    cw_nft_family_name(family), chain->name);
		cw_nft_plan_del_rules(plan, family, old);
		cw_nft_plan_add(plan, CW_NFT_DEL_CHAIN, family)->chain = old;
		old = NULL;
	}
	if (!old)
		cw_nft_plan_add(plan, CW_NFT_ADD_CHAIN, family)->chain = chain;
	return 0;
}

static int plan_chains(struct cw_nft_plan *plan, const struct cw_nft_table *have,
		       const struct cw_nft_table *want, struct cw_error *err)
{
	size_t i;

	for (i = 0; i < want->n_chains; i++)
		if (plan_chain(plan, cw_nft_chain_find(have, want->chains[i].name), &want->chains[i],
			       want->family, err) < 0)
			return -1;
	return 0;
}

/* Behind the maps' elements, and before them, as what refers and what is referred to demand. */
static void plan_rules(struct cw_nft_plan *plan, const struct cw_nft_table *have,
		       const struct cw_nft_table *want)
{
	size_t i, j;

	for (i = 0; i < want->n_chains; i++) {
		const struct cw_nft_chain *chain = &want->chains[i];
		const struct cw_nft_chain *old = cw_nft_chain_find(have, chain->name);
		bool anew = !old || !same_hook(old, chain);

		if (!anew && same_rules(old, chain))
			continue;
		if (!anew)
			cw_nft_plan_del_rules(plan, want->family, old);
		for (j = 0; j < chain->n_rules; j++) {
			struct cw_nft_op *op = cw_nft_plan_add(plan, CW_NFT_ADD_RULE, want->family);

			op->chain = chain;
			op->rule = &chain->rules[j];
		}
	}
}

int cw_nft_plan_make(struct cw_nft_plan *plan, const struct cw_nft_table *have,
		     const struct cw_nft_table *want, struct cw_error *err)
{
	size_t i;

	if (!have->exists)
		cw_nft_plan_add(plan, CW_NFT_ADD_TABLE, want->family);
	if (plan_sets(plan, have, want, err) < 0 || plan_objects(plan, have, want, err) < 0 ||
	    plan_chains(plan, have, want, err) < 0)
		return -1;
	for (i = 0; i < want->n_sets; i++)
		elements(plan, want->family, cw_nft_set_find(have, want->sets[i].name), &want->sets[i],
			 true);
	plan_rules(plan, have, want);
	cw_nft_plan_leftovers(plan, have, want);
	return 0;
}
