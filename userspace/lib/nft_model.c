// SPDX-License-Identifier: GPL-2.0-or-later
/* A table of nftables as a value: what is wanted, and what the kernel has, are of the same form. */
#include <libnftnl/rule.h>
#include <linux/netfilter.h>
#include <stdlib.h>
#include <string.h>

#include "alloc.h"
#include "nft_model.h"

size_t cw_nft_key_len(enum cw_nft_kind kind)
{
	switch (kind) {
	case CW_NFT_KIND_IP6:
		return 16;
	case CW_NFT_KIND_MAC:
		return 6;
	case CW_NFT_KIND_IP4:
	case CW_NFT_KIND_VERDICT:
	case CW_NFT_KIND_COUNTER:
		return 4;
	case CW_NFT_KIND_OTHER:
		break;
	}
	return 0;
}

const char *cw_nft_family_name(int family)
{
	return family == NFPROTO_NETDEV ? "netdev" : "inet";
}

struct cw_nft_set *cw_nft_set_add(struct cw_nft_table *table, const char *name,
				  enum cw_nft_kind kind)
{
	struct cw_nft_set *set;

	table->sets = cw_array_room(table->sets, table->n_sets, sizeof(*table->sets));
	set = &table->sets[table->n_sets++];
	*set = (struct cw_nft_set){ .name = cw_strdup(name), .kind = kind };
	return set;
}

struct cw_nft_chain *cw_nft_chain_add(struct cw_nft_table *table, const char *name)
{
	struct cw_nft_chain *chain;

	table->chains = cw_array_room(table->chains, table->n_chains, sizeof(*table->chains));
	chain = &table->chains[table->n_chains++];
	*chain = (struct cw_nft_chain){ .name = cw_strdup(name) };
	return chain;
}

struct cw_nft_object *cw_nft_object_add(struct cw_nft_table *table, const char *name)
{
	struct cw_nft_object *object;

	table->objects = cw_array_room(table->objects, table->n_objects, sizeof(*table->objects));
	object = &table->objects[table->n_objects++];
	*object = (struct cw_nft_object){ .name = cw_strdup(name) };
	return object;
}

struct cw_nft_rule *cw_nft_rule_add(struct cw_nft_chain *chain)
{
	struct cw_nft_rule *rule;

	chain->rules = cw_array_room(chain->rules, chain->n_rules, sizeof(*chain->rules));
	rule = &chain->rules[chain->n_rules++];
	memset(rule, 0, sizeof(*rule));
	return rule;
}

void cw_nft_ref_add(struct cw_nft_rule *rule, enum cw_nft_ref_type type, const char *name)
{
	rule->refs = cw_array_room(rule->refs, rule->n_refs, sizeof(*rule->refs));
	rule->refs[rule->n_refs++] = (struct cw_nft_ref){ .type = type, .name = cw_strdup(name) };
}

struct cw_nft_element *cw_nft_element_add(struct cw_nft_set *set, const void *key)
{
	struct cw_nft_element *element;

	set->elements = cw_array_room(set->elements, set->n_elements, sizeof(*set->elements));
	element = &set->elements[set->n_elements++];
	memset(element, 0, sizeof(*element));
	memcpy(element->key, key, cw_nft_key_len(set->kind));
	return element;
}

/* What stays for ever stays longest. */
static uint64_t left(const struct cw_nft_element *element)
{
	return element->timeout ? element->expires : UINT64_MAX;
}

static int compare(const void *a, const void *b)
{
	const struct cw_nft_element *x = a, *y = b;

	return memcmp(x->key, y->key, sizeof(x->key)) ?:
	       (left(x) < left(y)) - (left(x) > left(y));
}

void cw_nft_set_sort(struct cw_nft_set *set)
{
	size_t i, n = 0;

	if (!set->n_elements)
		return;
	qsort(set->elements, set->n_elements, sizeof(*set->elements), compare);
	for (i = 1; i < set->n_elements; i++)
		if (memcmp(set->elements[i].key, set->elements[n].key, CW_NFT_KEY_MAX) != 0)
			set->elements[++n] = set->elements[i];
	set->n_elements = n + 1;
}

struct cw_nft_set *cw_nft_set_find(const struct cw_nft_table *table, const char *name)
{
	size_t i;

	for (i = 0; i < table->n_sets; i++)
		if (strcmp(table->sets[i].name, name) == 0)
			return &table->sets[i];
	return NULL;
}

struct cw_nft_chain *cw_nft_chain_find(const struct cw_nft_table *table, const char *name)
{
	size_t i;

	for (i = 0; i < table->n_chains; i++)
		if (strcmp(table->chains[i].name, name) == 0)
			return &table->chains[i];
	return NULL;
}

struct cw_nft_object *cw_nft_object_find(const struct cw_nft_table *table, const char *name)
{
	size_t i;

	for (i = 0; i < table->n_objects; i++)
		if (strcmp(table->objects[i].name, name) == 0)
			return &table->objects[i];
	return NULL;
}

static void clear_rule(struct cw_nft_rule *rule)
{
	size_t i;

	for (i = 0; i < rule->n_refs; i++)
		free(rule->refs[i].name);
	free(rule->refs);
	free(rule->text);
	free(rule->comment);
	if (rule->rule)
		nftnl_rule_free(rule->rule);
}

static void clear_chain(struct cw_nft_chain *chain)
{
	size_t i;

	for (i = 0; i < chain->n_rules; i++)
		clear_rule(&chain->rules[i]);
	free(chain->rules);
	free(chain->device);
	free(chain->name);
}

void cw_nft_table_clear(struct cw_nft_table *table)
{
	int family = table->family;
	size_t i;

	for (i = 0; i < table->n_sets; i++) {
		free(table->sets[i].elements);
		free(table->sets[i].name);
	}
	for (i = 0; i < table->n_chains; i++)
		clear_chain(&table->chains[i]);
	for (i = 0; i < table->n_objects; i++)
		free(table->objects[i].name);
	for (i = 0; i < table->n_flowtables; i++)
		free(table->flowtables[i]);
	free(table->sets);
	free(table->chains);
	free(table->objects);
	free(table->flowtables);
	*table = (struct cw_nft_table){ .family = family };
}
