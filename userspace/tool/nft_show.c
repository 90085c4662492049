// SPDX-License-Identifier: GPL-2.0-or-later
/* camwall nft show: what camwall's tables hold, for people and as JSON. */
#include <arpa/inet.h>
#include <linux/netfilter.h>
#include <linux/netfilter/nf_tables.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mac.h"
#include "nft.h"
#include "nft_define.h"
#include "nft_sync.h"
#include "output.h"
#include "text.h"

#define MS	1000

static const struct cw_nft_set *set_of(const struct cw_nft_table *table, const char *group,
				       enum cw_nft_thing thing)
{
	char name[CW_NFT_NAME_SIZE];

	return cw_nft_set_find(table, cw_nft_name(group, thing, name));
}

static const struct cw_nft_object *counter_of(const struct cw_nft_table *table, const char *group,
					      enum cw_nft_thing thing)
{
	char name[CW_NFT_NAME_SIZE];

	return cw_nft_object_find(table, cw_nft_name(group, thing, name));
}

static size_t size_of(const struct cw_nft_table *table, const char *group, enum cw_nft_thing thing)
{
	const struct cw_nft_set *set = set_of(table, group, thing);

	return set ? set->n_elements : 0;
}

/* As the kernel has it, whoever put it there. */
static const char *verdict_of(const struct cw_nft_table *table, const struct cw_policy_group *group)
{
	const struct cw_nft_set *map = cw_nft_set_find(table, CW_NFT_GROUP_VERDICT);
	size_t i;

	for (i = 0; map && group->has_mark && i < map->n_elements; i++)
		if (memcmp(map->elements[i].key, &group->mark, sizeof(group->mark)) == 0)
			return map->elements[i].verdict == NF_DROP ? "drop" :
			       map->elements[i].verdict == NFT_CONTINUE ? "continue" : "other";
	return NULL;
}

static void address_text(enum cw_nft_kind kind, const unsigned char *key, char *text, size_t size)
{
	switch (kind) {
	case CW_NFT_KIND_IP4:
		inet_ntop(AF_INET, key, text, size);
		break;
	case CW_NFT_KIND_IP6:
		inet_ntop(AF_INET6, key, text, size);
		break;
	default:
		snprintf(text, size, "%02x:%02x:%02x:%02x:%02x:%02x", key[0], key[1], key[2], key[3],
			 key[4], key[5]);
	}
}

static json_t *set_json(const struct cw_nft_set *set)
{
	char text[INET6_ADDRSTRLEN];
	json_t *list = json_array();
	size_t i;

	for (i = 0; set && i < set->n_elements; i++) {
		const struct cw_nft_element *element = &set->elements[i];

		address_text(set->kind, element->key, text, sizeof(text));
		json_array_append_new(list, json_pack("{s:s, s:o}", "address", text, "expires",
						      element->timeout ?
						      json_real((double)element->expires / MS) : json_null()));
	}
	return list;
}

static json_t *counter_json(const struct cw_nft_object *object)
{
	if (!object)
		return json_null();
	return json_pack("{s:I, s:I}", "packets", (json_int_t)object->packets,
			 "bytes", (json_int_t)object->bytes);
}

static json_t *group_json(const struct cw_nft_table *table, const struct cw_policy_group *group)
{
	char rules[CW_NFT_NAME_SIZE];

	return json_pack("{s:s, s:o, s:o, s:s, s:o, s:o, s:o, s:o, s:o}", "group", group->name,
			 "mark", json_mark(group), "verdict", json_text(verdict_of(table, group)),
			 "chain", cw_nft_name(group->name, CW_NFT_RULES, rules),
			 "ip4", set_json(set_of(table, group->name, CW_NFT_IP4)),
			 "ip6", set_json(set_of(table, group->name, CW_NFT_IP6)),
			 "mac", set_json(set_of(table, group->name, CW_NFT_MAC)),
			 "from", counter_json(counter_of(table, group->name, CW_NFT_FROM)),
			 "to", counter_json(counter_of(table, group->name, CW_NFT_TO)));
}

static json_t *devices_json(const struct cw_nft_table *table)
{
	json_t *list = json_array();
	size_t i;

	for (i = 0; i < table->n_chains; i++)
		if (table->chains[i].ours && table->chains[i].device)
			json_array_append_new(list, json_text(table->chains[i].device));
	return list;
}

static json_t *table_json(const struct cw_nft_table *table, const struct cw_policy *policy)
{
	json_t *groups = json_array();
	size_t i;

	for (i = 0; i < policy->n_groups; i++)
		json_array_append_new(groups, group_json(table, &policy->groups[i]));
	return json_pack("{s:s, s:o, s:o}", "family", cw_nft_family_name(table->family),
			 "devices", devices_json(table), "groups", groups);
}

static enum tool_status show_json(const struct tool *tool, const struct cw_nft_state *state,
				  const struct cw_policy *policy, char **lines, size_t n)
{
	json_t *tables = json_array(), *foreign = json_array();
	char *path = cw_nft_define_path(tool->netns);
	json_t *file = json_text(path);
	size_t i;

	for (i = 0; i < 2; i++)
		if (state->tables[i].exists)
			json_array_append_new(tables, table_json(&state->tables[i], policy));
	for (i = 0; i < n; i++)
		json_array_append_new(foreign, json_text(lines[i]));
	free(path);
	return json_end(tool, json_pack("{s:o, s:o, s:o}", "tables", tables, "foreign", foreign,
					"file", file));
}

static void counter_cell(struct table *out, const struct cw_nft_object *object)
{
	if (object)
		table_cell(out, "%llu", (unsigned long long)object->packets);
	else
		table_cell(out, "-");
}

static void group_row(struct table *out, const struct cw_nft_table *table,
		      const struct cw_policy_group *group)
{
	table_cell(out, "%s", cw_nft_family_name(table->family));
	table_cell(out, "%s", group->name);
	if (group->has_mark)
		table_cell(out, "0x%08x", group->mark);
	else
		table_cell(out, "-");
	table_cell(out, "%s", verdict_of(table, group) ?: "-");
	table_cell(out, "%zu", size_of(table, group->name, CW_NFT_IP4));
	table_cell(out, "%zu", size_of(table, group->name, CW_NFT_IP6));
	table_cell(out, "%zu", size_of(table, group->name, CW_NFT_MAC));
	counter_cell(out, counter_of(table, group->name, CW_NFT_FROM));
	counter_cell(out, counter_of(table, group->name, CW_NFT_TO));
}

static enum tool_status show_table(const struct cw_nft_state *state, const struct cw_policy *policy,
				   char **lines, size_t n)
{
	static const char *const columns[] = {
		"TABLE", "GROUP", "MARK", "VERDICT", ">IPV4", ">IPV6", ">MAC", ">FROM", ">TO", NULL
	};
	struct table *out = table_new(columns);
	size_t i, j;

	for (i = 0; i < 2; i++)
		for (j = 0; state->tables[i].exists && j < policy->n_groups; j++)
			group_row(out, &state->tables[i], &policy->groups[j]);
	table_end(out);
	if (n)
		puts("\nnot camwall's:");
	for (i = 0; i < n; i++)
		printf("  %s\n", cw_text_clean(lines[i]));
	return TOOL_DONE;
}

static enum tool_status show(const struct tool *tool, const struct cw_nft_state *state,
			     const struct cw_policy *policy)
{
	struct cw_error err = { 0 };
	enum tool_status status;
	char **lines;
	size_t n;

	if (!state->tables[0].exists) {
		cw_error_set(&err, "table inet camwall is not there: \"camwall nft install\" makes it");
		return tool_error(&err);
	}
	cw_nft_foreign(state, &lines, &n);
	status = tool->json ? show_json(tool, state, policy, lines, n) :
			      show_table(state, policy, lines, n);
	cw_nft_lines_free(lines, n);
	return status;
}

enum tool_status nft_show(const struct tool *tool, const struct nft_options *options,
			  int argc, char **argv)
{
	struct cw_policy *policy = tool_read(tool);
	enum tool_status status = TOOL_FAILED;
	struct cw_nft_state state;
	struct cw_error err = { 0 };
	struct cw_nft *nft;

	if (!policy)
		return TOOL_FAILED;
	nft = cw_nft_open(&err);
	if (!nft || cw_nft_state_read(nft, &state, &err) < 0)
		tool_error(&err);
	else
		status = show(tool, &state, policy);
	if (nft)
		cw_nft_state_clear(&state);
	cw_nft_close(nft);
	cw_policy_free(policy);
	return status;
}
