// SPDX-License-Identifier: GPL-2.0-or-later
/* camwall registry: the IEEE registry at hand, its age, and who is in it. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "alloc.h"
#include "output.h"
#include "update.h"

#define MAC_BITS	48
#define MAX_SECONDS	3600

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
static struct update_options update;
static const char *const subcommands[] = { "info", "search", "update", NULL };
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

/* Return: whether options of update were given to another subcommand. */
static bool misplaced(void)
{
	return update.from || update.url || update.config || update.seconds || update.check || update.force;
}

static enum tool_status run_update(const struct tool *tool, int argc, char **argv)
{
	char *end;
	long seconds;

	if (argc)
		return tool_usage(&registry_command, "update takes no argument, not %s", argv[0]);
	if (update.from && update.url)
		return tool_usage(&registry_command, "--from and --url name two sources: give one");
	if (update.seconds) {
		seconds = strtol(update.seconds, &end, 10);
		if (*end || seconds < 1 || seconds > MAX_SECONDS)
			return tool_usage(&registry_command, "--timeout takes seconds, from 1 to %d, not %s",
					  MAX_SECONDS, update.seconds);
	}
	update.dir = registry_dir;
	return registry_update(tool, &update);
}

static enum tool_status look_into(const struct tool *tool, int argc, char **argv)
{
	struct cw_registry *registry;
	struct cw_error err = { 0 };
	enum tool_status status;

	if (misplaced())
		return tool_usage(&registry_command, "of the options %s takes only --registry", argv[0]);
	registry = cw_registry_load(registry_dir, &err);
	if (!registry)
		return tool_error(&err);
	status = strcmp(argv[0], "info") == 0 ? info(tool, registry, argc - 1, argv + 1) :
						search(tool, registry, argc - 1, argv + 1);
	cw_registry_free(registry);
	return status;
}

static enum tool_status registry_run(const struct tool *tool, int argc, char **argv)
{
	char buf[80];

	if (!argc)
		return tool_usage(&registry_command, "info, search, or update?");
	if (strcmp(argv[0], "update") == 0)
		return run_update(tool, argc - 1, argv + 1);
	if (strcmp(argv[0], "info") == 0 || strcmp(argv[0], "search") == 0)
		return look_into(tool, argc, argv);
	return tool_usage(&registry_command, "nothing is called %s%s", argv[0],
			  tool_suggestion(argv[0], subcommands, buf, sizeof(buf)));
}

static const struct tool_option registry_options[] = {
	{ 0, "registry", "DIR", "read, or update, the IEEE registry in DIR", NULL, &registry_dir },
	{ 0, "from", "DIR", "update: take the files from DIR, without any network", NULL, &update.from },
	{ 0, "url", "URL", "update: fetch the files from the folder URL, not from the IEEE", NULL, &update.url },
	{ 'c', "check", NULL, "update: only say whether there is a newer one", &update.check, NULL },
	{ 0, "force", NULL, "update: fetch all anew, and take what is much smaller, older, or dated ahead", &update.force, NULL },
	{ 0, "timeout", "SECONDS", "update: give up where nothing comes for so long (30)", NULL, &update.seconds },
	{ 'f', "file", "FILE", "update: the configuration that names registry-url", NULL, &update.config },
	{ 0 },
};

const struct tool_command registry_command = {
	.name = "registry",
	.arguments = "info | search WORD... | update [--from DIR|--url URL] [-c]",
	.summary = "look into the IEEE registry at hand, or bring it up to date",
	.help = "  info            folder, edition, age, and how many assignments there are\n"
		"  search WORD...  assignments whose organization has all of the WORDs in its\n"
		"                  name; a WORD can also be a MAC address or a prefix: then the\n"
		"                  assignments that it lies in, and those within it\n"
		"  update          fetch the IEEE's four files into\n"
		"                  " CW_REGISTRY_UPDATED_DIR ", in one step; where they\n"
		"                  cannot be right, what is in place stays. A download that broke\n"
		"                  off is gone on with. The next \"camwall apply\" uses them\n\n"
		"Where no folder is named, the newest of " CW_REGISTRY_UPDATED_DIR "\n"
		"and " CW_REGISTRY_DEFAULT_DIR " is read.\n",
	.options = registry_options,
	.run = registry_run,
};
