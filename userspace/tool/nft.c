// SPDX-License-Identifier: GPL-2.0-or-later
/* camwall nft: tags, names and device sets in nftables, for the administrator's own rules. */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "nft.h"
#include "nft_define.h"

static struct nft_options options;

static const struct nft_subcommand subcommands[] = {
	{ "install", 0, false, nft_install },
	{ "sync", 0, false, nft_sync },
	{ "show", 0, false, nft_show },
	{ "remove", 0, false, nft_remove },
	{ "defines", 0, true, nft_defines },
	{ "example", INT_MAX, true, nft_example },
};

#define N_SUBCOMMANDS (sizeof(subcommands) / sizeof(subcommands[0]))

static struct cw_policy *policy_of_file(const struct tool *tool, const struct nft_options *of)
{
	struct cw_config_report report = { 0 };
	struct cw_policy *policy;

	policy = tool_config(tool, of->config, of->registry_dir, &report);
	cw_config_report_clear(&report);
	return policy;
}

struct cw_policy *nft_policy(const struct tool *tool, const struct nft_options *of)
{
	return of->config ? policy_of_file(tool, of) : tool_read(tool);
}

enum tool_status nft_defines(const struct tool *tool, const struct nft_options *of,
			     int argc, char **argv)
{
	struct cw_policy *policy = nft_policy(tool, of);
	struct cw_error err = { 0 };
	char *text;

	if (!policy)
		return TOOL_FAILED;
	text = cw_nft_define_text(policy, NULL, &err);
	cw_policy_free(policy);
	if (!text)
		return tool_error(&err);
	fputs(text, stdout);
	free(text);
	return TOOL_DONE;
}

void nft_refresh_defines(const struct tool *tool, const struct cw_policy *policy)
{
	char *path = cw_nft_define_path(tool->netns), *text = NULL, **netdevs;
	struct cw_error err = { 0 };
	int ret = cw_nft_define_netdevs(path, &netdevs, &err);

	if (ret > 0) {
		text = cw_nft_define_text(policy, (const char *const *)netdevs, &err);
		ret = text ? cw_nft_define_write(path, text, &err) : -1;
	}
	if (ret < 0)
		tool_warn(tool, "the defines for nftables stay as they were: %s", err.message);
	cw_error_clear(&err);
	cw_nft_netdevs_free(netdevs);
	free(text);
	free(path);
}

static const struct nft_subcommand *find(const char *name)
{
	size_t i;

	for (i = 0; i < N_SUBCOMMANDS; i++)
		if (strcmp(subcommands[i].name, name) == 0)
			return &subcommands[i];
	return NULL;
}

static enum tool_status unknown(const char *name)
{
	const char *names[N_SUBCOMMANDS + 1] = { 0 };
	char buf[80];
	size_t i;

	for (i = 0; i < N_SUBCOMMANDS; i++)
		names[i] = subcommands[i].name;
	return tool_usage(&nft_command, "unknown subcommand %s%s", name,
			  tool_suggestion(name, names, buf, sizeof(buf)));
}

static enum tool_status nft_run(const struct tool *tool, int argc, char **argv)
{
	const struct nft_subcommand *subcommand = argc ? find(argv[0]) : NULL;

	if (!argc)
		return tool_usage(&nft_command, "what is to be done?");
	if (!subcommand)
		return unknown(argv[0]);
	if (argc - 1 > subcommand->arguments)
		return tool_usage(&nft_command, "%s takes %s, not %s", subcommand->name,
				  subcommand->arguments ? "one argument" : "no argument",
				  argv[1 + subcommand->arguments]);
	if (options.config && !subcommand->file)
		return tool_usage(&nft_command, "%s works on what the kernel holds: leave --file out",
				  subcommand->name);
	if ((options.group || options.no_defines) && subcommand->run != nft_example)
		return tool_usage(&nft_command, "--group and --no-defines are for example");
	return subcommand->run(tool, &options, argc - 1, argv + 1);
}

static const struct tool_option nft_options[] = {
	{ 0, "netdev", "DEV...", "install: hook into the ingress of DEV, too (table netdev camwall); may repeat", NULL, options.netdevs },
	{ 0, "force", NULL, "remove: with what others have put into the tables", &options.force, NULL },
	{ 'f', "file", "FILE", "defines, example: of this configuration, not of the kernel's", NULL, &options.config },
	{ 'g', "group", "GROUP", "example: for this group, in place of the first that has a mark", NULL, &options.group },
	{ 0, "no-defines", NULL, "example: without the defines, for a file behind those of ruleset.d", &options.no_defines, NULL },
	{ 0, "registry", "DIR", "with --file: read the IEEE registry from DIR", NULL, &options.registry_dir },
	{ 0 },
};

const struct tool_command nft_command = {
	.name = "nft",
	.arguments = "install | sync | show | remove | defines | example [NAME [SETTING=VALUE...]]",
	.summary = "tags, names and device sets for rules of nftables",
	.help = "Give rules of nftables what camwall knows, in a table of its own, inet camwall.\n\n"
		"install  makes the table, and writes " CW_NFT_DEFINE_DIR "/" CW_NFT_DEFINE_NAME ",\n"
		"         the file of defines that your own rules include\n"
		"sync     brings both into step with the policy and the inventory; camwalld does\n"
		"         that by itself\n"
		"show     prints what is in the table\n"
		"remove   deletes table and file; refused while there is something of yours in it\n"
		"defines  prints the defines\n"
		"example  lists ready-made rules; with a NAME it prints these, and the defines that\n"
		"         they need before them, for nft -f; what they define themselves, as the\n"
		"         address of the recorder, is set by SETTING=VALUE\n\n"
		"Each group has the sets GROUP_ip4, GROUP_ip6 and GROUP_mac of its devices' addresses,\n"
		"the counters GROUP_from and GROUP_to, and the chain GROUP_rules, which is empty and\n"
		"yours: packets with its tag go through it, in the hooks input and forward. The map\n"
		"tag_group leads from a tag to that chain; the map group_verdict says drop for a group\n"
		"whose action is drop, and continue for the others. Nothing of all that changes what\n"
		"happens to a packet, until you add a rule.\n",
	.options = nft_options,
	.run = nft_run,
};
