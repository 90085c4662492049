// SPDX-License-Identifier: GPL-2.0-or-later
/* camwall registry: the IEEE registry at hand, its age, and who is in it. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "alloc.h"
#include "output.h"

#define MAC_BITS	48

/** enum kind - the registries that the IEEE keeps */
enum kind {
	KIND_MA_L,
	KIND_MA_M,
	KIND_MA_S,
	KIND_IAB,
	KINDS,
};

/**
 * struct word - something to search for
 * @folded: part of an organization's name, folded
 * @prefix: packed; 0 where the word is no address
 */
struct word {
	char *folded;
	uint64_t prefix;
};

static const char *registry_dir;
static const char *const kind_names[KINDS] = { "MA-L", "MA-M", "MA-S", "IAB" };

/* MA-S and IAB are of one length; an IAB is known by the block that it lies in. */
static enum kind assignment_kind(const struct cw_assignment *assignment)
{
	uint64_t oui = cw_prefix_mac(assignment->prefix) >> 24;

	switch (cw_prefix_len(assignment->prefix)) {
	case 24:
		return KIND_MA_L;
	case 28:
		return KIND_MA_M;
	default:
		return oui == 0x0050c2 || oui == 0x40d855 ? KIND_IAB : KIND_MA_S;
	}
}

static enum tool_status info_json(const struct tool *tool, const struct cw_registry *registry,
				  const size_t counts[KINDS])
{
	json_t *json = json_registry(registry), *by_registry = json_object();
	int kind;

	for (kind = 0; kind < KINDS; kind++)
		json_object_set_new(by_registry, kind_names[kind], json_integer(counts[kind]));
	json_object_set_new(json, "assignment_count", json_integer(registry->n_assignments));
	json_object_set_new(json, "by_registry", by_registry);
	return json_end(tool, json);
}

static void print_info(const struct cw_registry *registry, const size_t counts[KINDS])
{
	char date[TEXT_LEN], age[TEXT_LEN];
	int kind;

	printf("folder       %s\n", registry->dir);
	printf("edition      %s, %s old\n", date_text(registry->edition, date),
	       age_text(cw_registry_age_days(registry, time(NULL)), age));
	printf("assignments  %zu\n", registry->n_assignments);
	for (kind = 0; kind < KINDS; kind++)
		printf("  %-10s %zu\n", kind_names[kind], counts[kind]);
}

static enum tool_status info(const struct tool *tool, const struct cw_registry *registry,
			     int argc, char **argv)
{
	size_t counts[KINDS] = { 0 }, i;

	if (argc)
		return tool_usage(&registry_command, "info takes no argument, not %s", argv[0]);
	for (i = 0; i < registry->n_assignments; i++)
		counts[assignment_kind(&registry->assignments[i])]++;
	if (tool->json)
		return info_json(tool, registry, counts);
	print_info(registry, counts);
	return TOOL_DONE;
}

/* "facade" is six hex digits and a word: an address has a decimal digit in it, or a separator. */
static uint64_t word_prefix(const char *text)
{
	uint64_t prefix;

	if (!strpbrk(text, "0123456789:-.") || cw_prefix_parse(text, &prefix, NULL) < 0)
		return 0;
	return prefix;
}

static uint64_t mask(unsigned int len)
{
	return ~0ULL << (MAC_BITS - len);
}

/* One of them lies within the other. */
static bool overlap(uint64_t a, uint64_t b)
{
	unsigned int shorter = cw_prefix_len(a) < cw_prefix_len(b) ?
			       cw_prefix_len(a) : cw_prefix_len(b);

	return !((cw_prefix_mac(a) ^ cw_prefix_mac(b)) & mask(shorter));
}

static bool matches(const struct cw_assignment *assignment, const struct word *words, int n)
{
	int i;

	for (i = 0; i < n; i++) {
		if (words[i].prefix && overlap(assignment->prefix, words[i].prefix))
			continue;
		if (*words[i].folded && strstr(assignment->folded, words[i].folded))
			continue;
		return false;
	}
	return true;
}

static json_t *assignment_json(const struct cw_assignment *assignment)
{
	char text[CW_PREFIX_STRLEN + 1];

	return json_pack("{s:s, s:s, s:o, s:b, s:b}",
			 "prefix", cw_prefix_format(assignment->prefix, text),
			 "registry", kind_names[assignment_kind(assignment)],
			 "organization", json_text(assignment->organization),
			 "subdivided", assignment->subdivided, "private", assignment->private);
}

static void assignment_row(struct table *table, const struct cw_assignment *assignment)
{
	char text[CW_PREFIX_STRLEN + 1];

	table_cell(table, "%s", cw_prefix_format(assignment->prefix, text));
	table_cell(table, "%s", kind_names[assignment_kind(assignment)]);
	table_cell(table, "%s%s", assignment->organization,
		   assignment->subdivided ? " (split among many)" : "");
}

static enum tool_status search_json(const struct tool *tool, const struct cw_registry *registry,
				    const struct word *words, int n)
{
	json_t *list = json_array();
	size_t i;

	for (i = 0; i < registry->n_assignments; i++)
		if (matches(&registry->assignments[i], words, n))
			json_array_append_new(list, assignment_json(&registry->assignments[i]));
	return json_end(tool, list);
}

static enum tool_status search_table(const struct cw_registry *registry,
				     const struct word *words, int n)
{
	static const char *const columns[] = { "PREFIX", "REGISTRY", "ORGANIZATION", NULL };
	struct table *table = table_new(columns);
	size_t i;

	for (i = 0; i < registry->n_assignments; i++)
		if (matches(&registry->assignments[i], words, n))
			assignment_row(table, &registry->assignments[i]);
	table_end(table);
	return TOOL_DONE;
}

static enum tool_status search(const struct tool *tool, const struct cw_registry *registry,
			       int argc, char **argv)
{
	struct word *words = cw_calloc(argc, sizeof(*words));
	enum tool_status status;
	int i;

	for (i = 0; i < argc; i++) {
		words[i].folded = cw_organization_fold(argv[i]);
		words[i].prefix = word_prefix(argv[i]);
	}
	if (!argc)
		status = tool_usage(&registry_command, "search for what?");
	else if (tool->json)
		status = search_json(tool, registry, words, argc);
	else
		status = search_table(registry, words, argc);
	for (i = 0; i < argc; i++)
		free(words[i].folded);
	free(words);
	return status;
}

static enum tool_status registry_run(const struct tool *tool, int argc, char **argv)
{
	static const char *const names[] = { "info", "search", NULL };
	struct cw_registry *registry;
	struct cw_error err = { 0 };
	enum tool_status status;
	char buf[80];

	if (!argc)
		return tool_usage(&registry_command, "info, or search?");
	if (strcmp(argv[0], names[0]) != 0 && strcmp(argv[0], names[1]) != 0)
		return tool_usage(&registry_command, "nothing is called %s%s", argv[0],
				  tool_suggestion(argv[0], names, buf, sizeof(buf)));
	registry = cw_registry_load(registry_dir, &err);
	if (!registry)
		return tool_error(&err);
	status = strcmp(argv[0], names[0]) == 0 ? info(tool, registry, argc - 1, argv + 1) :
						  search(tool, registry, argc - 1, argv + 1);
	cw_registry_free(registry);
	return status;
}

static const struct tool_option registry_options[] = {
	{ 0, "registry", "DIR", "read the IEEE registry from DIR", NULL, &registry_dir },
	{ 0 },
};

const struct tool_command registry_command = {
	.name = "registry",
	.arguments = "info | search WORD...",
	.summary = "look into the IEEE registry at hand",
	.help = "  info            folder, edition, age, and how many assignments there are\n"
		"  search WORD...  assignments whose organization has all of the WORDs in its\n"
		"                  name; a WORD can also be a MAC address or a prefix: then the\n"
		"                  assignments that it lies in, and those within it\n",
	.options = registry_options,
	.run = registry_run,
};
