/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the two halves of a plan share: what is wanted, and what is not wanted any more. */
#ifndef CW_NFT_PLAN_PRIVATE_H
#define CW_NFT_PLAN_PRIVATE_H

#include "nft_plan.h"

/** cw_nft_plan_del_rules() - delete camwall's own rules of a chain */
void cw_nft_plan_del_rules(struct cw_nft_plan *plan, int family, const struct cw_nft_chain *chain);

/** cw_nft_plan_empty() - delete all elements of a set */
void cw_nft_plan_empty(struct cw_nft_plan *plan, int family, const struct cw_nft_set *set);

/** cw_nft_plan_leftovers() - take away what is camwall's and is not wanted, as far as nobody else uses it */
void cw_nft_plan_leftovers(struct cw_nft_plan *plan, const struct cw_nft_table *have,
			   const struct cw_nft_table *want);

#endif
