/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the subcommands of camwall nft share. */
#ifndef CW_NFT_H
#define CW_NFT_H

#include "tool.h"

/**
 * struct nft_options - the options of camwall nft
 * @config: -f: a configuration to take in place of the kernel's; NULL for none
 * @registry_dir: --registry
 * @netdevs: --netdev, as often as it was given, ended by NULL
 * @force: --force
 * @group: --group: whose rules an example is to have; NULL for the first group's
 * @no_defines: --no-defines: an example without the defines
 */
struct nft_options {
	const char *config, *registry_dir;
	const char *netdevs[TOOL_REPEATS + 1];
	bool force;
	const char *group;
	bool no_defines;
};

/**
 * struct nft_subcommand - what follows "camwall nft"
 * @arguments: how many it takes at most
 * @file: it can work on a configuration that -f names
 */
struct nft_subcommand {
	const char *name;
	int arguments;
	bool file;
	enum tool_status (*run)(const struct tool *tool, const struct nft_options *options,
				int argc, char **argv);
};

/**
 * nft_policy() - the configuration that a subcommand is about
 *
 * Of the file that -f names, else what the kernel holds.
 *
 * Return: the policy, for cw_policy_free(), or NULL where an error was printed.
 */
struct cw_policy *nft_policy(const struct tool *tool, const struct nft_options *options);

/**
 * nft_refresh_defines() - write the file of defines anew, where there is one, of a policy that was put in force
 *
 * Where that fails there is a warning: the policy is in force all the same.
 */
void nft_refresh_defines(const struct tool *tool, const struct cw_policy *policy);

/* One for each subcommand: camwall nft install, ... */
enum tool_status nft_install(const struct tool *tool, const struct nft_options *options,
			     int argc, char **argv);
enum tool_status nft_sync(const struct tool *tool, const struct nft_options *options,
			  int argc, char **argv);
enum tool_status nft_show(const struct tool *tool, const struct nft_options *options,
			  int argc, char **argv);
enum tool_status nft_remove(const struct tool *tool, const struct nft_options *options,
			    int argc, char **argv);
enum tool_status nft_defines(const struct tool *tool, const struct nft_options *options,
			     int argc, char **argv);

/** nft_example() - camwall nft example */
enum tool_status nft_example(const struct tool *tool, const struct nft_options *of,
			     int argc, char **argv);

#endif
