// SPDX-License-Identifier: GPL-2.0-or-later
/* camwall's tables as the kernel has them: what of others is in them, and how they go. */
#include <netinet/in.h>
#include <linux/netfilter.h>
#include <stdlib.h>
#include <string.h>

#include "alloc.h"
#include "nft_kernel.h"
#include "nft_rule.h"
#include "nft_sync.h"

#define TRIES	20	/* while others change the ruleset */
#define N_TABLES	2

/** struct lines - sentences that are put together */
struct lines {
	char **lines;
	size_t n;
};

static void add_line(struct lines *lines, char *text)
{
	lines->lines = cw_array_room(lines->lines, lines->n, sizeof(*lines->lines));
	lines->lines[lines->n++] = text;
}

void cw_nft_lines_free(char **lines, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		free(lines[i]);
	free(lines);
}

static enum cw_nft_result read_once(struct cw_nft *nft, struct cw_nft_state *state, struct cw_error *err)
{
	uint32_t after;
	enum cw_nft_result result;

	memset(state, 0, sizeof(*state));
	state->tables[0].family = NFPROTO_INET;
	state->tables[1].family = NFPROTO_NETDEV;
	result = cw_nft_generation(nft, &state->generation, err) ?:
		 cw_nft_read(nft, &state->tables[0], true, err) ?:
		 cw_nft_read(nft, &state->tables[1], true, err) ?:
		 cw_nft_generation(nft, &after, err);
	if (!result && after != state->generation)
		result = CW_NFT_AGAIN;
	return result;
}

int cw_nft_state_read(struct cw_nft *nft, struct cw_nft_state *state, struct cw_error *err)
{
	enum cw_nft_result result;
	int tries = 0;

	while ((result = read_once(nft, state, err)) == CW_NFT_AGAIN && ++tries < TRIES)
		cw_nft_state_clear(state);
	if (result == CW_NFT_AGAIN)
		return cw_error_set(err, "others change the ruleset all the time: try again");
	return result ? -1 : 0;
}

void cw_nft_state_clear(struct cw_nft_state *state)
{
	size_t i;

	for (i = 0; i < N_TABLES; i++)
		cw_nft_table_clear(&state->tables[i]);
}

/* Something in the table that a rule refers to, and that is camwall's. */
static const char *our_ref(const struct cw_nft_table *table, const struct cw_nft_rule *rule)
{
	size_t i;

	for (i = 0; i < rule->n_refs; i++) {
		const char *name = rule->refs[i].name;
		const struct cw_nft_set *set = cw_nft_set_find(table, name);
		const struct cw_nft_chain *chain = cw_nft_chain_find(table, name);
		const struct cw_nft_object *object = cw_nft_object_find(table, name);

		if ((rule->refs[i].type == CW_NFT_REF_SET && set && set->ours) ||
		    (rule->refs[i].type == CW_NFT_REF_CHAIN && chain && chain->ours) ||
		    (rule->refs[i].type == CW_NFT_REF_OBJECT && object && object->ours))
			return name;
	}
	return NULL;
}

static void foreign_rule(struct lines *lines, const struct cw_nft_table *table,
			 const struct cw_nft_chain *chain, const struct cw_nft_rule *rule)
{
	const char *ref = our_ref(table, rule);

	add_line(lines, cw_asprintf("%s camwall: rule with handle %llu in chain %s%s%s%s%s%s",
				    cw_nft_family_name(table->family), (unsigned long long)rule->handle,
				    chain->name, ref ? ", which refers to " : "", ref ?: "",
				    rule->comment ? ", comment \"" : "", rule->comment ?: "",
				    rule->comment ? "\"" : ""));
}

static void foreign(struct lines *lines, const struct cw_nft_table *table)
{
	const char *family = cw_nft_family_name(table->family);
	size_t i, j;

	for (i = 0; i < table->n_chains; i++) {
		const struct cw_nft_chain *chain = &table->chains[i];

		if (!chain->ours)
			add_line(lines, cw_asprintf("%s camwall: chain %s", family, chain->name));
		for (j = 0; j < chain->n_rules; j++)
			if (!chain->rules[j].ours)
				foreign_rule(lines, table, chain, &chain->rules[j]);
	}
	for (i = 0; i < table->n_sets; i++)
		if (!table->sets[i].ours)
			add_line(lines, cw_asprintf("%s camwall: set %s", family, table->sets[i].name));
	for (i = 0; i < table->n_objects; i++)
		if (!table->objects[i].ours)
			add_line(lines, cw_asprintf("%s camwall: object %s", family, table->objects[i].name));
	for (i = 0; i < table->n_flowtables; i++)
		add_line(lines, cw_asprintf("%s camwall: flowtable %s", family, table->flowtables[i]));
}

void cw_nft_foreign(const struct cw_nft_state *state, char ***lines, size_t *n)
{
	struct lines found = { 0 };
	size_t i;

	for (i = 0; i < N_TABLES; i++)
		foreign(&found, &state->tables[i]);
	*lines = found.lines;
	*n = found.n;
}

enum cw_nft_result cw_nft_remove(struct cw_nft *nft, const struct cw_nft_state *state,
				 struct cw_error *err)
{
	struct cw_nft_plan plan = { 0 };
	enum cw_nft_result result;
	size_t i;

	for (i = 0; i < N_TABLES; i++)
		if (state->tables[i].exists)
			cw_nft_plan_add(&plan, CW_NFT_DEL_TABLE, state->tables[i].family);
	result = cw_nft_write(nft, &plan, state->generation, err);
	cw_nft_plan_clear(&plan);
	return result;
}
