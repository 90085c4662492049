/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The rules that camwall makes in nftables, as expressions (libnftnl). */
#ifndef CW_NFT_RULE_H
#define CW_NFT_RULE_H

#include "nft_model.h"

/* What camwall's sets, chains, counters and rules carry as a comment: by it they are known. */
#define CW_NFT_COMMENT	"camwall"

/**
 * cw_nft_rule_map() - "meta mark and MASK != 0 meta mark and MASK vmap @MAP"; with @counter "counter
 *	name ... map @MAP"
 */
void cw_nft_rule_map(struct cw_nft_chain *chain, uint32_t mask, const char *map, bool counter);

/** cw_nft_rule_count() - "ip daddr @SET counter name COUNTER", or of IPv6 */
void cw_nft_rule_count(struct cw_nft_chain *chain, enum cw_nft_kind kind, const char *set,
		       const char *counter);

/** cw_nft_rule_describe() - fill @rule's text, comment, references and ours, from a rule of libnftnl */
void cw_nft_rule_describe(struct cw_nft_rule *rule, const struct nftnl_rule *from);

#endif
