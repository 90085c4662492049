/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Examples of rules for nftables: the files under nftables/, filled in for a configuration. */
#ifndef CW_NFT_EXAMPLE_H
#define CW_NFT_EXAMPLE_H

#include <stdbool.h>
#include <stddef.h>

#include "error.h"
#include "policy.h"

/**
 * struct cw_nft_example - a file nftables/NAME.nft
 * @name: its name without .nft
 * @title: what it does, its second line
 * @text: the whole file; GROUP in it stands for a group's name in nftables, and CAMWALL_GROUP
 *	  for the define of its tag
 */
struct cw_nft_example {
	char *name, *title, *text;
};

/**
 * cw_nft_example_dir() - where the examples are
 *
 * $CAMWALL_NFTABLES where that is set; else nftables/ of the source tree where the program
 * runs as its build/camwall; else where they are installed.
 *
 * Return: the folder; the next call overwrites it.
 */
const char *cw_nft_example_dir(void);

/**
 * cw_nft_example_list() - read all examples of a folder, sorted by name
 * @examples: filled, for cw_nft_examples_free()
 * @n: how many
 *
 * Return: 0, or -1 with @err set, also where there is none.
 */
int cw_nft_example_list(const char *dir, struct cw_nft_example **examples, size_t *n,
			struct cw_error *err);
void cw_nft_examples_free(struct cw_nft_example *examples, size_t n);

/**
 * cw_nft_example_fill() - the rules of an example, for the groups of a policy
 * @group: whose; NULL for the first group that has a mark
 * @settings: "NAME=VALUE", each in the place of what the example defines NAME as
 * @n_settings: how many
 * @err: names what can be set, or the groups there are
 *
 * Return: the text, for free(), or NULL with @err set.
 */
char *cw_nft_example_fill(const struct cw_nft_example *example, const struct cw_policy *policy,
			  const char *group, char *const *settings, size_t n_settings,
			  struct cw_error *err);

#endif
