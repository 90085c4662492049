// SPDX-License-Identifier: GPL-2.0-or-later
/* What has to be done so that a table of nftables becomes what it should be: what is not wanted any more. */
#include <stdlib.h>
#include <string.h>

#include "alloc.h"
#include "nft_plan_private.h"

/* Takes over @text. */
static void keep(struct cw_nft_plan *plan, char *text)
{
	plan->kept = cw_array_room(plan->kept, plan->n_kept, sizeof(*plan->kept));
	plan->kept[plan->n_kept++] = text;
}

static size_t refs_of(const struct cw_nft_rule *rule, enum cw_nft_ref_type type, const char *name)
{
	size_t i, n = 0;

	for (i = 0; i < rule->n_refs; i++)
		n += rule->refs[i].type == type && strcmp(rule->refs[i].name, name) == 0;
	return n;
}

/* A rule of somebody else that refers to it. */
static const struct cw_nft_rule *foreign_ref(const struct cw_nft_table *have, enum cw_nft_ref_type type,
					     const char *name, const struct cw_nft_chain **in)
{
	size_t i, j;

	for (i = 0; i < have->n_chains; i++)
		for (j = 0; j < have->chains[i].n_rules; j++)
			if (!have->chains[i].rules[j].ours &&
			    refs_of(&have->chains[i].rules[j], type, name)) {
				*in = &have->chains[i];
				return &have->chains[i].rules[j];
			}
	return NULL;
}

/* How often the kernel counts us: our rules, and elements of our maps, who ever made those. */
static size_t our_uses(const struct cw_nft_table *have, const struct cw_nft_table *want,
		       enum cw_nft_ref_type type, const char *name)
{
	enum cw_nft_kind kind = type == CW_NFT_REF_CHAIN ? CW_NFT_KIND_VERDICT : CW_NFT_KIND_COUNTER;
	size_t i, j, n = 0;

	for (i = 0; i < have->n_chains; i++)
		for (j = 0; j < have->chains[i].n_rules; j++)
			if (have->chains[i].rules[j].ours)
				n += refs_of(&have->chains[i].rules[j], type, name);
	for (i = 0; i < have->n_sets; i++)
		if (have->sets[i].kind == kind && cw_nft_set_find(want, have->sets[i].name))
			for (j = 0; j < have->sets[i].n_elements; j++)
				n += strcmp(have->sets[i].elements[j].target, name) == 0;
	return n;
}

static char *who_uses(const struct cw_nft_table *have, enum cw_nft_ref_type type, const char *name)
{
	const struct cw_nft_chain *chain;
	const struct cw_nft_rule *rule = foreign_ref(have, type, name, &chain);

	if (rule)
		return cw_asprintf("the rule with handle %llu in chain %s refers to it",
				   (unsigned long long)rule->handle, chain->name);
	return cw_strdup("something that is not camwall's refers to it");
}

static void kept(struct cw_nft_plan *plan, const struct cw_nft_table *have, const char *what,
		 enum cw_nft_ref_type type, const char *name)
{
	char *who = who_uses(have, type, name);

	keep(plan, cw_asprintf("%s %s of a group that is gone stays, emptied, in table %s camwall: %s",
			       what, name, cw_nft_family_name(have->family), who));
	free(who);
}

static void leftover_chain(struct cw_nft_plan *plan, const struct cw_nft_table *have,
			   const struct cw_nft_table *want, const struct cw_nft_chain *chain)
{
	size_t i, ours = 0;

	for (i = 0; i < chain->n_rules; i++)
		ours += chain->rules[i].ours;
	cw_nft_plan_del_rules(plan, have->family, chain);
	if (chain->n_rules > ours)
		keep(plan, cw_asprintf("chain %s of a group that is gone stays in table %s camwall, where nothing jumps to it any more: it has rules that are not camwall's",
				       chain->name, cw_nft_family_name(have->family)));
	else if (chain->use > ours + our_uses(have, want, CW_NFT_REF_CHAIN, chain->name))
		kept(plan, have, "chain", CW_NFT_REF_CHAIN, chain->name);
	else
		cw_nft_plan_add(plan, CW_NFT_DEL_CHAIN, have->family)->chain = chain;
}

static void leftover_set(struct cw_nft_plan *plan, const struct cw_nft_table *have,
			 const struct cw_nft_set *set)
{
	const struct cw_nft_chain *chain;

	if (foreign_ref(have, CW_NFT_REF_SET, set->name, &chain)) {
		cw_nft_plan_empty(plan, have->family, set);
		kept(plan, have, "set", CW_NFT_REF_SET, set->name);
	} else {
		cw_nft_plan_add(plan, CW_NFT_DEL_SET, have->family)->set = set;
	}
}

static void leftover_object(struct cw_nft_plan *plan, const struct cw_nft_table *have,
			    const struct cw_nft_table *want, const struct cw_nft_object *object)
{
	if (object->use > our_uses(have, want, CW_NFT_REF_OBJECT, object->name))
		kept(plan, have, "counter", CW_NFT_REF_OBJECT, object->name);
	else
		cw_nft_plan_add(plan, CW_NFT_DEL_OBJECT, have->family)->object = object;
}

/* Chains first: their rules refer to the rest. */
void cw_nft_plan_leftovers(struct cw_nft_plan *plan, const struct cw_nft_table *have,
			   const struct cw_nft_table *want)
{
	size_t i;

	for (i = 0; i < have->n_chains; i++)
		if (have->chains[i].ours && !cw_nft_chain_find(want, have->chains[i].name))
			leftover_chain(plan, have, want, &have->chains[i]);
	for (i = 0; i < have->n_sets; i++)
		if (have->sets[i].ours && have->sets[i].kind != CW_NFT_KIND_OTHER &&
		    !cw_nft_set_find(want, have->sets[i].name))
			leftover_set(plan, have, &have->sets[i]);
	for (i = 0; i < have->n_objects; i++)
		if (have->objects[i].ours && !cw_nft_object_find(want, have->objects[i].name))
			leftover_object(plan, have, want, &have->objects[i]);
}
