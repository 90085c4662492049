/* SPDX-License-Identifier: GPL-2.0-or-later */
/* camwall's tables in nftables: made, kept in step with policy and inventory, taken away. */
#ifndef CW_NFT_SYNC_H
#define CW_NFT_SYNC_H

#include "client.h"
#include "nft_model.h"
#include "nft_socket.h"
#include "nft_want.h"

/**
 * struct cw_nft_report - what came of it
 * @made: a table was made that was not there
 * @changed: anything was changed
 * @repaired: sets, chains, counters or rules were made or taken away
 * @added, @deleted, @refreshed: elements of sets and maps
 * @notes: sentences for the administrator: what of vanished groups stays, which device is not there
 */
struct cw_nft_report {
	bool made, changed, repaired;
	size_t added, deleted, refreshed;
	char **notes;
	size_t n_notes;
};

void cw_nft_report_clear(struct cw_nft_report *report);

/**
 * cw_nft_sync() - make the tables what the policy and the inventory say
 * @client: where those are read
 * @netdevs: as in struct cw_nft_input; one that is not there now is left out, and noted
 * @make: make a table that is not there; else that is an error
 * @report: filled; for cw_nft_report_clear(), whatever is returned
 *
 * One batch for all tables. Where the ruleset is changed by others while this works, it reads
 * again, and gives up after a number of times.
 *
 * Return: 0, or -1 with @err set, and then nothing has changed.
 */
int cw_nft_sync(struct cw_nft *nft, struct cw_client *client, const char *const *netdevs, bool make,
		struct cw_nft_report *report, struct cw_error *err);

/**
 * cw_nft_device() - bring the addresses of one device into its group's sets, without looking further
 * @policy: the device's group is of it
 * @neighbours: may be NULL
 * @netdev: in the table netdev camwall, too
 *
 * Return: CW_NFT_AGAIN where the sets are not there: cw_nft_sync() makes them.
 */
enum cw_nft_result cw_nft_device(struct cw_nft *nft, const struct cw_policy *policy,
				 const struct cw_device *device,
				 const struct cw_neighbours *neighbours, bool netdev,
				 struct cw_error *err);

/** cw_nft_installed() - whether the kernel has the table inet camwall; Return: 1, 0, or -1 with @err set */
int cw_nft_installed(struct cw_nft *nft, struct cw_error *err);

/**
 * struct cw_nft_state - both tables as the kernel has them
 * @tables: inet and netdev
 */
struct cw_nft_state {
	struct cw_nft_table tables[2];
	uint32_t generation;
};

/** cw_nft_state_read() - read both; Return: 0, or -1 with @err set; for cw_nft_state_clear() in both cases */
int cw_nft_state_read(struct cw_nft *nft, struct cw_nft_state *state, struct cw_error *err);
void cw_nft_state_clear(struct cw_nft_state *state);

/**
 * cw_nft_foreign() - what of others is in camwall's tables, and what of theirs refers to camwall's
 * @lines: one sentence each; for cw_nft_lines_free()
 */
void cw_nft_foreign(const struct cw_nft_state *state, char ***lines, size_t *n);
void cw_nft_lines_free(char **lines, size_t n);

/**
 * cw_nft_remove() - delete both tables, if the ruleset is still the one of @state
 *
 * Return: CW_NFT_AGAIN where it is not: look again who uses them.
 */
enum cw_nft_result cw_nft_remove(struct cw_nft *nft, const struct cw_nft_state *state,
				 struct cw_error *err);

#endif
