/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What camwall's tables of nftables should be, of a policy and of what was seen. */
#ifndef CW_NFT_WANT_H
#define CW_NFT_WANT_H

#include "inventory.h"
#include "neighbour.h"
#include "nft_model.h"
#include "policy.h"

/**
 * struct cw_nft_input - what the tables are made of
 * @neighbours: further addresses of devices; may be NULL
 * @netdevs: devices whose ingress the table netdev camwall hooks into, ended by NULL; NULL for
 *	     none
 */
struct cw_nft_input {
	const struct cw_policy *policy;
	const struct cw_device *devices;
	size_t n_devices;
	const struct cw_neighbours *neighbours;
	const char *const *netdevs;
};

/**
 * cw_nft_want() - what a table should be
 * @table: with its family set; filled, for cw_nft_table_clear()
 * @err: where two groups meet in one name
 *
 * A device that is not gone is in its group's sets, for as long as the policy's idle time, and a
 * second, less the time since it was seen.
 *
 * Return: 0, or -1 with @err set.
 */
int cw_nft_want(struct cw_nft_table *table, const struct cw_nft_input *input,
		struct cw_error *err);

/**
 * cw_nft_want_device() - add a device's addresses to the sets of its group
 * @table: with those sets; they are to be sorted afterwards
 */
void cw_nft_want_device(struct cw_nft_table *table, const struct cw_policy *policy,
			const struct cw_device *device, const struct cw_neighbours *neighbours);

/** cw_nft_want_sets() - add the three sets of a group, without elements */
void cw_nft_want_sets(struct cw_nft_table *table, const char *group);

/** cw_nft_netdev_check() - whether a device can be named in nftables' files; Return: 0, or -1 with @err set */
int cw_nft_netdev_check(const char *netdev, struct cw_error *err);

#endif
