/* SPDX-License-Identifier: GPL-2.0-or-later */
/* nftables listened to: who else changes camwall's tables. */
#ifndef CW_NFT_WATCH_H
#define CW_NFT_WATCH_H

#include <stdbool.h>
#include <stdint.h>

#include "error.h"

struct cw_nft_watch;

/**
 * struct cw_nft_change - what one transaction of somebody else did with camwall's tables
 * @table_gone: one of the tables was deleted
 * @elements_gone: elements of sets that can be camwall's were deleted
 * @lost: the kernel had more to tell than there was room for: it may have been anything
 * @pid, @process: who it was, as the kernel has it; 0 and empty where it does not say
 */
struct cw_nft_change {
	bool table_gone, elements_gone, lost;
	uint32_t pid;
	char process[64];
};

/** enum cw_nft_watch_result - what cw_nft_watch_next() has found */
enum cw_nft_watch_result {
	CW_NFT_WATCH_FAILED = -1,	/* the error is set; the handle is of no use any more */
	CW_NFT_WATCH_NONE,		/* nothing waits: poll the descriptor */
	CW_NFT_WATCH_CHANGE,
};

/**
 * cw_nft_watch_open() - listen to nftables in the caller's network namespace
 * @own: netlink port whose changes are no news
 *
 * Return: a handle for cw_nft_watch_close(), or NULL with @err set.
 */
struct cw_nft_watch *cw_nft_watch_open(uint32_t own, struct cw_error *err);
void cw_nft_watch_close(struct cw_nft_watch *watch);

/** cw_nft_watch_fd() - the descriptor to poll for input; it never blocks */
int cw_nft_watch_fd(const struct cw_nft_watch *watch);

/** cw_nft_watch_next() - the next change; call it until it returns CW_NFT_WATCH_NONE */
enum cw_nft_watch_result cw_nft_watch_next(struct cw_nft_watch *watch, struct cw_nft_change *change,
					   struct cw_error *err);

#endif
