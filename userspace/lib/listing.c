// SPDX-License-Identifier: GPL-2.0-or-later
/* The inventory with all that is known besides, put together. */
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "alloc.h"
#include "listing.h"

static size_t octets_of(int family)
{
	return family == AF_INET ? sizeof(struct in_addr) : sizeof(struct in6_addr);
}

static void add_address(struct cw_listed *listed, int family, const void *address,
			unsigned int source)
{
	struct cw_address *known;
	size_t i;

	for (i = 0; i < listed->n_addresses; i++) {
		known = &listed->addresses[i];
		if (known->family != family || memcmp(known->address, address, octets_of(family)) != 0)
			continue;
		known->sources |= source;
		return;
	}
	listed->addresses = cw_array_room(listed->addresses, listed->n_addresses, sizeof(*known));
	known = &listed->addresses[listed->n_addresses++];
	memset(known, 0, sizeof(*known));
	known->family = family;
	known->sources = source;
	memcpy(known->address, address, octets_of(family));
}

static void add_neighbours(struct cw_listed *listed, const struct cw_neighbours *neighbours)
{
	const struct cw_neighbour *neighbour;
	size_t i, n;

	neighbour = cw_neighbours_find(neighbours, listed->device.mac, &n);
	for (i = 0; i < n; i++)
		add_address(listed, neighbour[i].family, neighbour[i].address, CW_FROM_NEIGHBOUR);
	listed->fdb = cw_fdb_find(neighbours, listed->device.mac, &listed->device.place);
}

/* A name outlives its lease; an address does not: it may be another's by now. */
static void add_leases(struct cw_listed *listed, const struct cw_leases *leases, uint64_t now)
{
	const struct cw_lease *lease;
	size_t i, n;

	lease = cw_leases_find(leases, listed->device.mac, &n);
	for (i = 0; i < n; i++) {
		if (!listed->hostname)
			listed->hostname = lease[i].hostname;
		if (lease[i].expires > now)
			add_address(listed, lease[i].family, lease[i].address, CW_FROM_LEASE);
	}
}

struct cw_listing cw_listing_make(const struct cw_device *devices, size_t n,
				  const struct cw_identities *identities,
				  const struct cw_neighbours *neighbours,
				  const struct cw_leases *leases, uint64_t now)
{
	struct cw_listing listing = { .devices = cw_calloc(n, sizeof(*listing.devices)), .n = n };
	size_t i;

	for (i = 0; i < n; i++) {
		struct cw_listed *listed = &listing.devices[i];

		listed->device = devices[i];
		listed->identity = cw_identity_find(identities, devices[i].mac);
		if (devices[i].has_ipv4)
			add_address(listed, AF_INET, &devices[i].ipv4, CW_FROM_TRAFFIC);
		if (devices[i].has_ipv6)
			add_address(listed, AF_INET6, &devices[i].ipv6, CW_FROM_TRAFFIC);
		if (neighbours)
			add_neighbours(listed, neighbours);
		if (leases)
			add_leases(listed, leases, now);
	}
	return listing;
}

void cw_listing_clear(struct cw_listing *listing)
{
	size_t i;

	for (i = 0; i < listing->n; i++)
		free(listing->devices[i].addresses);
	free(listing->devices);
	memset(listing, 0, sizeof(*listing));
}

void cw_listing_filter(struct cw_listing *listing, const char *const *groups, size_t n)
{
	size_t i, k, kept = 0;

	if (!n)
		return;
	for (i = 0; i < listing->n; i++) {
		for (k = 0; k < n; k++)
			if (strcmp(listing->devices[i].device.group, groups[k]) == 0)
				break;
		if (k < n)
			listing->devices[kept++] = listing->devices[i];
		else
			free(listing->devices[i].addresses);
	}
	listing->n = kept;
}
