/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The configuration file: from text, vendor packs and registry to a policy. */
#ifndef CW_CONFIG_H
#define CW_CONFIG_H

#include <stdio.h>

#include "error.h"
#include "policy.h"
#include "registry.h"

/*
 * No policy was written before camwall was, 2026-11-01T00:00:00Z: a file that says so was
 * written with a clock that was wrong, or came in an image that has no dates.
 */
#define CW_CONFIG_EPOCH	1793491200

/**
 * struct cw_config_options - what a caller may set for cw_config_load()
 * @registry_dir: beats the file's "registry ="; NULL: the file's, else the newest at hand
 * @pack_dirs: as for cw_pack_load(); NULL: cw_pack_dirs()
 * @exemptions_file: is read as if it stood at the end, where it is there; NULL for none
 * @now: seconds since 1970; 0 for the present time
 */
struct cw_config_options {
	const char *registry_dir;
	const char *const *pack_dirs;
	const char *exemptions_file;
	uint64_t now;
};

/**
 * struct cw_config_exemption - an [exempt] section
 * @file, @line: where its header stands
 * @until_line: line of its "until ="
 * @ended: it had, when the configuration was read; with a clock that is behind the
 *	   configuration: when that was written
 */
struct cw_config_exemption {
	char *file;
	int line, until_line;
	uint64_t mac, until;
	char *reason, *approved_by;
	bool ended;
};

/**
 * struct cw_config_report - what an administrator should be told of a configuration
 * @registry: the registry that was read, or NULL where nothing needed one
 * @registry_dir: the folder that the configuration, or the caller, names for it; NULL: the default
 * @registry_missing: vendors are named and nobody has named a folder, and there is no registry: only
 *		      the prefixes that packs pin are in the policy
 * @warnings: sentences
 * @exemptions: all of them, those that have ended included, in the order of the files
 * @dateless: the configuration came from a pipe, and its policy counts as written now
 */
struct cw_config_report {
	struct cw_registry *registry;
	char *registry_dir;
	bool registry_missing;
	char **warnings;
	size_t n_warnings;
	struct cw_config_exemption *exemptions;
	size_t n_exemptions;
	bool dateless;
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
 * names both. The policy counts as written when the newest of its files was
 * changed, and what comes from a pipe as written now, but not before CW_CONFIG_EPOCH. Its
 * digest is that of @stream's octets, not of the exemptions beside it.
 *
 * Return: the policy, for cw_policy_free(), or NULL with @err set.
 */
struct cw_policy *cw_config_load(FILE *stream, const char *file,
				 const struct cw_config_options *options,
				 struct cw_config_report *report,
				 struct cw_error *err);

/**
 * cw_config_text_check() - whether a text can be the value of a key
 * @what: what it is called in a message, "the reason"
 * @max: octets that it may have
 *
 * Return: 0; -1 with @err set where it is empty, too long, or has what a file cannot say.
 */
int cw_config_text_check(const char *what, const char *text, size_t max, struct cw_error *err);

#endif
