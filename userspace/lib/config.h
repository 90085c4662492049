/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The configuration file: from text, vendor packs and registry to a policy. */
#ifndef CW_CONFIG_H
#define CW_CONFIG_H

#include <stdio.h>

#include "error.h"
#include "policy.h"
#include "registry.h"

/**
 * struct cw_config_options - what a caller may set for cw_config_load()
 * @registry_dir: beats the file's "registry ="; NULL: the file's, else the default folder
 * @pack_dirs: as for cw_pack_load(); NULL: cw_pack_dirs()
 */
struct cw_config_options {
	const char *registry_dir;
	const char *const *pack_dirs;
};

/**
 * struct cw_config_report - what an administrator should be told of a configuration
 * @registry: the registry that was read, or NULL where nothing needed one
 * @registry_dir: the folder that the configuration, or the caller, names for it; NULL: the default
 * @warnings: sentences
 */
struct cw_config_report {
	struct cw_registry *registry;
	char *registry_dir;
	char **warnings;
	size_t n_warnings;
};

/** cw_config_report_clear() - free what a report holds; it can be used again */
void cw_config_report_clear(struct cw_config_report *report);

/**
 * cw_config_load() - read a configuration and resolve it
 * @stream: the configuration
 * @file: its name in messages, "-" for standard input
 * @options: may be NULL
 * @report: filled also where the configuration is refused; may be NULL
 * @err: names file, line, what is wrong and what to do
 *
 * Groups get their ids in the order of the file. Precedence: the longest prefix; a prefix of
 * the file beats the same prefix of a pack; the same prefix in two groups is an error that
 * names both.
 *
 * Return: the policy, for cw_policy_free(), or NULL with @err set.
 */
struct cw_policy *cw_config_load(FILE *stream, const char *file,
				 const struct cw_config_options *options,
				 struct cw_config_report *report,
				 struct cw_error *err);

#endif
