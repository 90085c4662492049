// SPDX-License-Identifier: GPL-2.0-or-later
/* What a group's things are called in nftables: sets, chains, counters, defines. */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "nft_names.h"

static const char *const suffixes[CW_NFT_N_THINGS] = {
	[CW_NFT_IP4]	= "ip4",
	[CW_NFT_IP6]	= "ip6",
	[CW_NFT_MAC]	= "mac",
	[CW_NFT_FROM]	= "from",
	[CW_NFT_TO]	= "to",
	[CW_NFT_RULES]	= "rules",
	[CW_NFT_COUNT]	= "count",
};

/* Defines that are no group's (nft_define.c), without their prefix. */
static const char *const taken[] = { "MASK", "NETDEV" };

static void fold(char *name)
{
	for (; *name; name++)
		if (!isascii(*name) || !isalnum((unsigned char)*name))
			*name = '_';
}

char *cw_nft_name(const char *group, enum cw_nft_thing thing, char name[static CW_NFT_NAME_SIZE])
{
	snprintf(name, CW_NFT_NAME_SIZE, "%s_%s", group, suffixes[thing]);
	fold(name);
	return name;
}

char *cw_nft_define_name(const char *group, char name[static CW_NFT_NAME_SIZE])
{
	char *c;

	snprintf(name, CW_NFT_NAME_SIZE, "CAMWALL_%s", group);
	fold(name);
	for (c = name; *c; c++)
		*c = (char)toupper((unsigned char)*c);
	return name;
}

bool cw_nft_name_of_set(const char *name)
{
	static const char *const maps[] = {
		CW_NFT_TAG_GROUP, CW_NFT_GROUP_VERDICT, CW_NFT_TAG_FROM, CW_NFT_TAG_TO,
	};
	const char *suffix = strrchr(name, '_');
	size_t i;

	for (i = 0; i < sizeof(maps) / sizeof(maps[0]); i++)
		if (strcmp(name, maps[i]) == 0)
			return true;
	for (i = 0; suffix && i < CW_NFT_N_SETS; i++)
		if (strcmp(suffix + 1, suffixes[i]) == 0)
			return true;
	return false;
}

static int check_taken(const struct cw_policy_group *group, const char *define,
		       struct cw_error *err)
{
	size_t i;

	for (i = 0; i < sizeof(taken) / sizeof(taken[0]); i++)
		if (strcmp(define + strlen("CAMWALL_"), taken[i]) == 0)
			return cw_error_set(err, "group %s: its define in nftables would be %s, which says something else: rename the group",
					    group->name, define);
	return 0;
}

/* Upper case meets wherever names meet, so that the define alone has to be compared. */
int cw_nft_names_check(const struct cw_policy *policy, struct cw_error *err)
{
	char define[CW_NFT_NAME_SIZE], other[CW_NFT_NAME_SIZE];
	size_t i, j;

	for (i = 0; i < policy->n_groups; i++) {
		cw_nft_define_name(policy->groups[i].name, define);
		if (check_taken(&policy->groups[i], define, err) < 0)
			return -1;
		for (j = 0; j < i; j++)
			if (strcmp(define, cw_nft_define_name(policy->groups[j].name, other)) == 0)
				return cw_error_set(err, "the groups %s and %s have the same name in nftables, %s: rename one of them",
						    policy->groups[j].name, policy->groups[i].name, define);
	}
	return 0;
}
