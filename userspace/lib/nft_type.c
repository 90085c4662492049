// SPDX-License-Identifier: GPL-2.0-or-later
/* The kinds of sets in the numbers that nft gives its data types. */
#include <libnftnl/set.h>
#include <linux/netfilter/nf_tables.h>

#include "nft_type.h"

/* nft's enum datatypes: the kernel keeps the number, and makes nothing of it. */
#define TYPE_IPADDR	7
#define TYPE_IP6ADDR	8
#define TYPE_ETHERADDR	9
#define TYPE_MARK	19

/* With one of these a set can do, or says, something else. */
#define FLAGS_THAT_MATTER \
	(NFT_SET_ANONYMOUS | NFT_SET_CONSTANT | NFT_SET_INTERVAL | NFT_SET_MAP | NFT_SET_TIMEOUT | \
	 NFT_SET_OBJECT | NFT_SET_CONCAT)

static const struct {
	uint32_t type, flags;
} kinds[] = {
	[CW_NFT_KIND_IP4]	= { TYPE_IPADDR, NFT_SET_TIMEOUT },
	[CW_NFT_KIND_IP6]	= { TYPE_IP6ADDR, NFT_SET_TIMEOUT },
	[CW_NFT_KIND_MAC]	= { TYPE_ETHERADDR, NFT_SET_TIMEOUT },
	[CW_NFT_KIND_VERDICT]	= { TYPE_MARK, NFT_SET_MAP },
	[CW_NFT_KIND_COUNTER]	= { TYPE_MARK, NFT_SET_OBJECT },
};

enum cw_nft_kind cw_nft_kind_of(const struct nftnl_set *set)
{
	uint32_t flags = nftnl_set_get_u32(set, NFTNL_SET_FLAGS) & FLAGS_THAT_MATTER;
	unsigned int kind;

	for (kind = 0; kind < CW_NFT_KIND_OTHER; kind++)
		if (nftnl_set_get_u32(set, NFTNL_SET_KEY_TYPE) == kinds[kind].type &&
		    nftnl_set_get_u32(set, NFTNL_SET_KEY_LEN) == cw_nft_key_len(kind) &&
		    flags == kinds[kind].flags)
			break;
	if (kind == CW_NFT_KIND_VERDICT && nftnl_set_get_u32(set, NFTNL_SET_DATA_TYPE) != NFT_DATA_VERDICT)
		return CW_NFT_KIND_OTHER;
	if (kind == CW_NFT_KIND_COUNTER && nftnl_set_get_u32(set, NFTNL_SET_OBJ_TYPE) != NFT_OBJECT_COUNTER)
		return CW_NFT_KIND_OTHER;
	return kind;
}

void cw_nft_kind_set(struct nftnl_set *set, enum cw_nft_kind kind)
{
	nftnl_set_set_u32(set, NFTNL_SET_KEY_TYPE, kinds[kind].type);
	nftnl_set_set_u32(set, NFTNL_SET_KEY_LEN, cw_nft_key_len(kind));
	nftnl_set_set_u32(set, NFTNL_SET_FLAGS, kinds[kind].flags);
	if (kind == CW_NFT_KIND_VERDICT)
		nftnl_set_set_u32(set, NFTNL_SET_DATA_TYPE, NFT_DATA_VERDICT);
	if (kind == CW_NFT_KIND_COUNTER)
		nftnl_set_set_u32(set, NFTNL_SET_OBJ_TYPE, NFT_OBJECT_COUNTER);
}
