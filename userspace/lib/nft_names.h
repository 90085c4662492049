/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a group's things are called in nftables: sets, chains, counters, defines. */
#ifndef CW_NFT_NAMES_H
#define CW_NFT_NAMES_H

#include <stdbool.h>

#include "error.h"
#include "policy.h"

#define CW_NFT_TABLE		"camwall"

/* Maps of both tables, by tag. */
#define CW_NFT_TAG_GROUP	"tag_group"	/* jumps to GROUP_rules */
#define CW_NFT_GROUP_VERDICT	"group_verdict"	/* drop for a group whose action is drop, else continue */
#define CW_NFT_TAG_FROM		"tag_from"	/* counter GROUP_from; only inet */
#define CW_NFT_TAG_TO		"tag_to"	/* goes to GROUP_count; only inet */

/* Octets that a name takes at most, the final zero included: a prefix, the group, a suffix. */
#define CW_NFT_NAME_SIZE	(16 + CAMWALL_GROUP_NAME_LEN + 16)

/** enum cw_nft_thing - what a group has in the table */
enum cw_nft_thing {
	CW_NFT_IP4,	/* GROUP_ip4, set of IPv4 addresses */
	CW_NFT_IP6,	/* GROUP_ip6, set of IPv6 addresses */
	CW_NFT_MAC,	/* GROUP_mac, set of MAC addresses */
	CW_NFT_FROM,	/* GROUP_from, counter of packets from its devices */
	CW_NFT_TO,	/* GROUP_to, counter of packets to them */
	CW_NFT_RULES,	/* GROUP_rules, chain for the administrator's rules */
	CW_NFT_COUNT,	/* GROUP_count, chain that counts for GROUP_to */
	CW_NFT_N_THINGS,
};

#define CW_NFT_N_SETS	(CW_NFT_MAC + 1)	/* of a group */

/**
 * cw_nft_name() - the name of a group's thing
 * @group: the group's name; what an identifier of nft cannot have becomes '_'
 *
 * Return: @name
 */
char *cw_nft_name(const char *group, enum cw_nft_thing thing, char name[static CW_NFT_NAME_SIZE]);

/**
 * cw_nft_define_name() - "CAMWALL_GROUP", in upper case, by the same rule
 *
 * Return: @name
 */
char *cw_nft_define_name(const char *group, char name[static CW_NFT_NAME_SIZE]);

/** cw_nft_name_of_set() - whether a set or map of that name can be camwall's */
bool cw_nft_name_of_set(const char *name);

/**
 * cw_nft_names_check() - whether all groups of a policy can be told apart in nftables
 * @err: names both groups that meet in one name, or the group whose define has another meaning
 *
 * Return: 0, or -1 with @err set.
 */
int cw_nft_names_check(const struct cw_policy *policy, struct cw_error *err);

#endif
