/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A configuration while it is read: what config.c has found, and config_resolve.c turns into prefixes. */
#ifndef CW_CONFIG_PRIVATE_H
#define CW_CONFIG_PRIVATE_H

#include "config.h"

#define CW_VENDOR_ALL	"*"	/* the whole registry, as a vendor */

/** enum cw_claim_rank - which claim to the same prefix wins: the lowest */
enum cw_claim_rank {
	CW_CLAIM_FILE,		/* "prefix =" */
	CW_CLAIM_PACK,		/* "vendor = NAME" */
	CW_CLAIM_ALL,		/* "vendor = *" */
};

/**
 * struct cw_claim - a prefix that a group wants
 * @prefix: packed, with the group's id
 * @vendor: the pack that it comes from; NULL for the file itself
 * @line: of the key
 */
struct cw_claim {
	uint64_t prefix;
	enum cw_claim_rank rank;
	const char *vendor;
	int line;
};

/** struct cw_config_vendor - one "vendor =" */
struct cw_config_vendor {
	char *name;
	size_t group;
	int line;
};

/**
 * struct cw_config_group - where a group stands in the file
 * @line: of its header
 * @mark_line: of its mark; 0 where it has none
 */
struct cw_config_group {
	int line, mark_line;
};

/**
 * struct cw_config_reader - a configuration while it is read
 * @groups: as many as @policy has, in the same order
 * @section_keys: keys that the current section may have; NULL before the first header
 * @seen: line of each of @section_keys in the current section; 0 where it has not come yet
 * @camwall_line: line of [camwall]; 0 where it has not come yet
 * @interfaces_line: line of the first "interfaces ="; 0 where there is none
 * @registry_dir: what "registry =" says, or NULL
 */
struct cw_config_reader {
	const char *file;
	const struct cw_config_options *options;
	struct cw_config_report *report;
	struct cw_error *err;
	struct cw_policy *policy;
	struct cw_config_group *groups;
	struct cw_config_vendor *vendors;
	size_t n_vendors;
	struct cw_claim *claims;
	size_t n_claims;
	const struct cw_config_key *section_keys;
	int seen[4];
	int camwall_line, interfaces_line;
	char *registry_dir;
};

/** cw_config_warn() - tell the administrator something; takes over @sentence */
void cw_config_warn(struct cw_config_reader *reader, char *sentence);

/** cw_config_claim() - note that a group wants a prefix */
void cw_config_claim(struct cw_config_reader *reader, size_t group, uint64_t prefix,
		     enum cw_claim_rank rank, const char *vendor, int line);

/**
 * cw_config_resolve() - from vendors and prefixes to the policy's prefixes
 *
 * Return: 0, or -1 with the reader's @err set.
 */
int cw_config_resolve(struct cw_config_reader *reader);

#endif
