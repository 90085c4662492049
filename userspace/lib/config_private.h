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
 * @mark_line, @action_line, @allow_line, @limit_line: of the first of these keys; 0 where it
 *	has none
 */
struct cw_config_group {
	int line, mark_line, action_line, allow_line, limit_line;
};

struct cw_config_reader;

/**
 * struct cw_config_key - a key that a section may have
 * @repeats: it may stand in its section more than once
 * @set: takes the value; Return: 0, or -1 with the reader's @err set
 */
struct cw_config_key {
	const char *name;
	bool repeats;
	int (*set)(struct cw_config_reader *reader, int line, const char *value);
};

#define CW_CONFIG_KEYS_MAX	16	/* of one section */

/* Behind each table of keys: one that is longer does not build. */
#define CW_CONFIG_KEYS_FIT(table) \
	_Static_assert(sizeof(table) / sizeof((table)[0]) - 1 <= CW_CONFIG_KEYS_MAX, \
		       "CW_CONFIG_KEYS_MAX is too small")

/**
 * struct cw_config_reader - a configuration while it is read
 * @groups: as many as @policy has, in the same order
 * @section_keys: keys that the current section may have; NULL before the first header
 * @seen: line of each of @section_keys in the current section; 0 where it has not come yet
 * @camwall_line, @history_line: line of [camwall], [history]; 0 where it has not come yet
 * @interfaces_line: line of the first "interfaces ="; 0 where there is none
 * @registry_dir: what "registry =" says, or NULL
 * @exemptions_only: this is the file of exemptions
 * @in_exemption: the current section is an exemption, the last of the report's
 * @clock_wrong: it shows a time before camwall was, so that nobody knows what has ended
 * @now: seconds since 1970; where the clock is behind the files, when they were written
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
	int seen[CW_CONFIG_KEYS_MAX];
	int camwall_line, history_line, interfaces_line;
	char *registry_dir;
	bool exemptions_only, in_exemption, clock_wrong;
	uint64_t now;
};

/** cw_config_warn() - tell the administrator something; takes over @sentence */
void cw_config_warn(struct cw_config_reader *reader, char *sentence);

/** cw_config_claim() - note that a group wants a prefix */
void cw_config_claim(struct cw_config_reader *reader, size_t group, uint64_t prefix,
		     enum cw_claim_rank rank, const char *vendor, int line);

/** cw_config_parse_number() - decimal or 0x: a leading zero is no octal number; 0, or -1 with @err set */
int cw_config_parse_number(struct cw_config_reader *reader, int line, const char *key,
			   const char *value, uint32_t *number);

/** cw_config_parse_duration() - as cw_duration_parse(); a number alone is seconds, and m is short for min */
int cw_config_parse_duration(const char *value, uint64_t *seconds);

extern const struct cw_config_key cw_config_camwall_keys[];
extern const struct cw_config_key cw_config_history_keys[];

/* Keys of a group that say what is done with its devices; as the @set of struct cw_config_key. */
int cw_config_set_action(struct cw_config_reader *reader, int line, const char *value);
int cw_config_set_allow(struct cw_config_reader *reader, int line, const char *value);
int cw_config_set_limit(struct cw_config_reader *reader, int line, const char *value);

/** cw_config_check_action() - whether a group's action goes with its other keys */
int cw_config_check_action(struct cw_config_reader *reader, size_t group);

extern const struct cw_config_key cw_config_exempt_keys[];

/** cw_config_begin_exempt() - begin a section [exempt MAC]; Return: 0, or -1 with @err set */
int cw_config_begin_exempt(struct cw_config_reader *reader, int line, const char *argument);

/** cw_config_end_section() - whether the section that ends here says all that it has to */
int cw_config_end_section(struct cw_config_reader *reader);

/**
 * cw_config_settle_exemptions() - from all exemptions of the files to those of the policy
 *
 * For each device that which ends last. Needs the policy's prefixes.
 *
 * Return: 0, or -1 with the reader's @err set.
 */
int cw_config_settle_exemptions(struct cw_config_reader *reader);

/**
 * cw_config_resolve() - from vendors and prefixes to the policy's prefixes
 *
 * Return: 0, or -1 with the reader's @err set.
 */
int cw_config_resolve(struct cw_config_reader *reader);

#endif
