// SPDX-License-Identifier: GPL-2.0-or-later
/* camwall completion: what shells need to complete command lines, from the table of commands itself. */
#include <ctype.h>
#include <dirent.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "alloc.h"
#include "client.h"
#include "completion.h"
#include "inventory.h"
#include "listing.h"
#include "pack.h"
#include "report.h"

/* --- What the table says --------------------------------------------------------------- */

/* Options whose argument the table only calls a name, by their names. */
static const struct {
	const char *option;
	struct values values;
} known[] = {
	{ "netns", { VALUE_LIST, NULL, "netns" } },
	{ "group", { VALUE_LIST, NULL, "groups" } },
	{ "netdev", { VALUE_LIST, NULL, "interfaces" } },
	{ "sort", { VALUE_WORDS, cw_listing_keys, NULL } },
	{ "format", { VALUE_WORDS, report_formats, NULL } },
};

static const char *const *table_names(void)
{
	static const char *names[REPORT_TABLES + 1];
	size_t i;

	for (i = 0; i < REPORT_TABLES; i++)
		names[i] = report_table_name(i);
	return names;
}

static bool begins(const char *text, const char *with)
{
	return strncmp(text, with, strlen(with)) == 0;
}

struct values option_values(const struct tool_option *option)
{
	size_t i;

	for (i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (strcmp(known[i].option, option->name) == 0)
			return known[i].values;
	if (strcmp(option->name, "table") == 0)
		return (struct values){ .kind = VALUE_WORDS, .words = table_names() };
	if (option->argument && begins(option->argument, "FILE"))
		return (struct values){ .kind = VALUE_FILE };
	if (option->argument && begins(option->argument, "DIR"))
		return (struct values){ .kind = VALUE_DIR };
	return (struct values){ .kind = VALUE_ANY };
}

/* "-f" or "[--from": whether the word behind it is its argument. */
static bool takes_argument(const struct tool_command *command, const char *token)
{
	const struct tool_option *option = command->options;
	size_t length = strcspn(token, "]");

	for (; option && option->name; option++)
		if ((length == 2 && token[1] == option->letter) ||
		    (length > 2 && strlen(option->name) == length - 2 &&
		     memcmp(option->name, token + 2, length - 2) == 0))
			return option->argument;
	return false;
}

/* The words of .arguments that are no option's: in capitals what stands for something. */
struct values argument_values(const struct tool_command *command)
{
	struct values values = { .kind = VALUE_ANY };
	char *text = cw_strdup(command->arguments), *rest = text, *token;
	bool of_option = false;

	while ((token = strsep(&rest, " |"))) {
		token += strspn(token, "[");
		if (of_option || *token == '-') {
			of_option = *token == '-' && takes_argument(command, token);
			continue;
		}
		if (begins(token, "FILE") || begins(token, "DATABASE"))
			values = (struct values){ .kind = VALUE_FILE };
		else if (begins(token, "MAC"))
			values = (struct values){ .kind = VALUE_LIST, .list = "devices" };
		else if (begins(token, "NAME") && strcmp(command->name, "vendors") == 0)
			values = (struct values){ .kind = VALUE_LIST, .list = "vendors" };
	}
	free(text);
	return values;
}

/* "[list] | add MAC ...": of each alternative the first word, where it is in small letters. */
char *command_words(const struct tool_command *command)
{
	char *text = cw_strdup(command->arguments), *rest = text, *part, *words = cw_strdup("");

	while ((part = strsep(&rest, "|"))) {
		size_t length;
		char *more;

		part += strspn(part, " [");
		length = strspn(part, "abcdefghijklmnopqrstuvwxyz-");
		if (!islower((unsigned char)*part) || (part[length] && !strchr(" ]", part[length])))
			continue;
		more = cw_asprintf("%s%s%.*s", words, *words ? " " : "", (int)length, part);
		free(words);
		words = more;
	}
	free(text);
	return words;
}

/* --- Values that only this machine knows ----------------------------------------------- */

static void list_groups(const struct tool *tool)
{
	struct cw_client *client = cw_client_open(tool->netns, NULL);
	struct cw_policy *policy = client ? cw_client_read(client, NULL) : NULL;
	size_t i;

	for (i = 0; policy && i < policy->n_groups; i++)
		puts(policy->groups[i].name);
	cw_policy_free(policy);
	cw_client_close(client);
}

static void list_devices(const struct tool *tool)
{
	struct cw_client *client = cw_client_open(tool->netns, NULL);
	struct cw_device *devices = NULL;
	char mac[CW_MAC_STRLEN + 1];
	size_t i, n = 0;

	if (client && cw_client_devices(client, &devices, &n, NULL, NULL) < 0)
		n = 0;
	for (i = 0; i < n; i++)
		puts(cw_mac_format(devices[i].mac, mac));
	free(devices);
	cw_client_close(client);
}

static void list_vendors(const struct tool *tool)
{
	char **names = NULL;
	size_t i, n = 0;

	if (cw_pack_list(cw_pack_dirs(), &names, &n, NULL) < 0)
		n = 0;
	for (i = 0; i < n; i++) {
		puts(names[i]);
		free(names[i]);
	}
	free(names);
}

static void list_netns(const struct tool *tool)
{
	DIR *dir = opendir("/run/netns");
	struct dirent *entry;

	while (dir && (entry = readdir(dir)))
		if (*entry->d_name != '.')
			puts(entry->d_name);
	if (dir)
		closedir(dir);
}

static void list_interfaces(const struct tool *tool)
{
	struct if_nameindex *devices = if_nameindex(), *device;

	for (device = devices; device && device->if_name; device++)
		puts(device->if_name);
	if_freenameindex(devices);
}

/** struct part - an argument of this command */
static const struct part {
	const char *name;
	void (*script)(void);
	void (*list)(const struct tool *tool);
} scripts[] = {
	{ "bash", completion_bash, NULL },
	{ "zsh", completion_zsh, NULL },
	{ "fish", completion_fish, NULL },
	{ 0 },
}, lists[] = {
	{ "groups", NULL, list_groups },
	{ "devices", NULL, list_devices },
	{ "vendors", NULL, list_vendors },
	{ "netns", NULL, list_netns },
	{ "interfaces", NULL, list_interfaces },
	{ 0 },
};

static const struct part *find(const struct part *parts, const char *name)
{
	for (; parts->name; parts++)
		if (strcmp(parts->name, name) == 0)
			return parts;
	return NULL;
}

static enum tool_status completion_run(const struct tool *tool, int argc, char **argv)
{
	bool values = argc && strcmp(argv[0], "values") == 0;
	const struct part *part;

	if (!argc)
		return tool_usage(&completion_command, "for which shell: bash, zsh or fish?");
	if (argc > 1 + values)
		return tool_usage(&completion_command, "one argument is taken, not also %s", argv[1 + values]);
	if (values && argc == 1)
		return tool_usage(&completion_command, "values of what: groups, devices, vendors, netns or interfaces?");
	part = values ? find(lists, argv[1]) : find(scripts, argv[0]);
	if (!part)
		return tool_usage(&completion_command, "nothing is known of %s", argv[values]);
	if (values)
		part->list(tool);
	else
		part->script();
	return TOOL_DONE;
}

const struct tool_command completion_command = {
	.name = "completion",
	.arguments = "bash | zsh | fish | values KIND",
	.summary = "print what a shell needs to complete command lines",
	.help = "Print the completion of camwall's commands and options for a shell, for instance\n"
		"  bash  source <(camwall completion bash)\n"
		"  zsh   camwall completion zsh >~/.zfunc/_camwall   (a folder of fpath)\n"
		"  fish  camwall completion fish >~/.config/fish/completions/camwall.fish\n"
		"Where camwall is installed from a package, all three are in place.\n\n"
		"values KIND is what they call for names that only this machine knows: groups,\n"
		"devices, vendors, netns, interfaces.\n",
	.run = completion_run,
};
