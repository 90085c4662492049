/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The file of defines that an administrator's own nftables files include. */
#ifndef CW_NFT_DEFINE_H
#define CW_NFT_DEFINE_H

#include "error.h"
#include "policy.h"

/* Where it stands, unless $CAMWALL_RULESET names another place. */
#define CW_NFT_DEFINE_DIR	CAMWALL_SYSCONFDIR "/camwall/ruleset.d"
#define CW_NFT_DEFINE_NAME	"camwall.nft"

/**
 * cw_nft_define_text() - defines of a policy: the mask, and the tag of each group that has one
 * @netdevs: devices with chains of their own in the table netdev camwall, ended by NULL; NULL
 *	     for none
 * @err: where two groups meet in one name, names both
 *
 * Only define lines and comments, so that it can be included at the top and inside of a table.
 *
 * Return: the text, for free(), or NULL with @err set.
 */
char *cw_nft_define_text(const struct cw_policy *policy, const char *const *netdevs,
			 struct cw_error *err);

/**
 * cw_nft_define_path() - where the file of a network namespace stands
 * @netns: a name under /run/netns, which has a folder of its own there; NULL for the caller's
 *
 * Return: $CAMWALL_RULESET where that is set; for free().
 */
char *cw_nft_define_path(const char *netns);

/**
 * cw_nft_define_write() - put a file of defines in place, in one step, with its folder
 *
 * A file that says the same already is left alone.
 *
 * Return: 1 where it was written, 0 where it said so already, -1 with @err set.
 */
int cw_nft_define_write(const char *path, const char *text, struct cw_error *err);

/** cw_nft_define_remove() - take the file away; Return: 1, 0 where there is none, -1 with @err set */
int cw_nft_define_remove(const char *path, struct cw_error *err);

/**
 * cw_nft_define_netdevs() - the devices that a file of defines names
 * @netdevs: filled, ended by NULL, for cw_nft_netdevs_free(); an empty list where there is no file
 *
 * Return: 1, 0 where there is no file, -1 with @err set.
 */
int cw_nft_define_netdevs(const char *path, char ***netdevs, struct cw_error *err);
void cw_nft_netdevs_free(char **netdevs);

#endif
