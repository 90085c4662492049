/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The kinds of sets in the numbers that nft gives its data types. */
#ifndef CW_NFT_TYPE_H
#define CW_NFT_TYPE_H

#include "nft_model.h"

struct nftnl_set;

/** cw_nft_kind_of() - what a set of the kernel holds */
enum cw_nft_kind cw_nft_kind_of(const struct nftnl_set *set);

/** cw_nft_kind_set() - make a set one of that kind: type, length, flags */
void cw_nft_kind_set(struct nftnl_set *set, enum cw_nft_kind kind);

/** cw_nft_kind_is_map() - whether its elements have a value */
static inline bool cw_nft_kind_is_map(enum cw_nft_kind kind)
{
	return kind == CW_NFT_KIND_VERDICT || kind == CW_NFT_KIND_COUNTER;
}

/** cw_nft_kind_host_order() - whether its keys are numbers of this machine, not of the network */
static inline bool cw_nft_kind_host_order(enum cw_nft_kind kind)
{
	return cw_nft_kind_is_map(kind);
}

#endif
