/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The inventory with all that is known besides: whose a device is, its names, addresses, bridge port. */
#ifndef CW_LISTING_H
#define CW_LISTING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "error.h"
#include "identity.h"
#include "inventory.h"
#include "lease.h"
#include "neighbour.h"

/* Who knows of an address; of one address several may. */
#define CW_FROM_TRAFFIC		1	/* the module has seen it as a source */
#define CW_FROM_NEIGHBOUR	2	/* the kernel has resolved it */
#define CW_FROM_LEASE		4	/* a DHCP server has given it out, and it has not expired */

/** struct cw_address - an address of a device; @family: AF_INET or AF_INET6; @sources: CW_FROM_... */
struct cw_address {
	int family;
	unsigned char address[16];
	unsigned int sources;
};

/**
 * struct cw_listed - a device
 * @hostname: as the lease that expires last has it; NULL for none
 * @fdb: the bridge port that it is behind; NULL where no bridge knows it
 * @addresses: first what the module has seen, IPv4 before IPv6
 */
struct cw_listed {
	struct cw_device device;
	struct cw_identity identity;
	const char *hostname;
	const struct cw_fdb_entry *fdb;
	struct cw_address *addresses;
	size_t n_addresses;
};

struct cw_listing {
	struct cw_listed *devices;
	size_t n;
};

/**
 * cw_listing_make() - put together what is known
 * @devices: of the inventory, of which copies are kept
 * @identities, @neighbours, @leases: any of them may be NULL, and has to stay as long as the
 *				      listing does
 * @now: seconds since 1970: which leases have expired
 *
 * Return: the listing, in the order of @devices, for cw_listing_clear().
 */
struct cw_listing cw_listing_make(const struct cw_device *devices, size_t n,
				  const struct cw_identities *identities,
				  const struct cw_neighbours *neighbours,
				  const struct cw_leases *leases, uint64_t now);
void cw_listing_clear(struct cw_listing *listing);

/** cw_listing_keys - names of the keys that cw_listing_sort() knows, ended by NULL */
extern const char *const cw_listing_keys[];

/**
 * cw_listing_sort() - sort by a key, and devices that are alike in it by MAC address
 * @key: one of cw_listing_keys. Names and addresses go from small to large, devices that have
 *	 none last; times and counters from the newest and largest on.
 * @reverse: the other way round
 *
 * Return: 0, or -1 where there is no such key.
 */
int cw_listing_sort(struct cw_listing *listing, const char *key, bool reverse);

/** cw_listing_filter() - keep only devices of the groups named; none named: all */
void cw_listing_filter(struct cw_listing *listing, const char *const *groups, size_t n);

#endif
