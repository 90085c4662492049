/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Between the value of a table and the kernel: read it, carry out a plan (libnftnl). */
#ifndef CW_NFT_KERNEL_H
#define CW_NFT_KERNEL_H

#include "nft_plan.h"
#include "nft_socket.h"

/** cw_nft_exists() - whether the kernel has camwall's table of a family: only @table's exists is filled */
enum cw_nft_result cw_nft_exists(struct cw_nft *nft, struct cw_nft_table *table, struct cw_error *err);

/**
 * cw_nft_read() - what the kernel has of camwall's table of a family
 * @table: with its family set; filled, for cw_nft_table_clear(), whatever is returned
 * @elements: of sets, too
 */
enum cw_nft_result cw_nft_read(struct cw_nft *nft, struct cw_nft_table *table, bool elements,
			       struct cw_error *err);

/** cw_nft_write() - carry out a plan, in one batch, if the ruleset is still of @generation (0: whatever it is) */
enum cw_nft_result cw_nft_write(struct cw_nft *nft, const struct cw_nft_plan *plan, uint32_t generation,
				struct cw_error *err);

#endif
