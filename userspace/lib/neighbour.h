/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the kernel's own tables know of MAC addresses: neighbours (ARP, ND) and the bridges' FDB. */
#ifndef CW_NEIGHBOUR_H
#define CW_NEIGHBOUR_H

#include <net/if.h>
#include <stddef.h>
#include <stdint.h>

#include "error.h"
#include "inventory.h"

/**
 * struct cw_neighbour - an address that a MAC address was resolved for
 * @family: AF_INET or AF_INET6
 * @address: in network order, 4 or 16 octets
 * @ifindex: of the network device
 */
struct cw_neighbour {
	uint64_t mac;
	int family;
	unsigned char address[16];
	uint32_t ifindex;
};

/**
 * struct cw_fdb_entry - a bridge port that a MAC address was learned at
 * @vlan: VLAN id in the bridge; 0 where it does not tell VLANs apart
 */
struct cw_fdb_entry {
	uint64_t mac;
	uint32_t port, bridge;
	uint16_t vlan;
	char port_name[IF_NAMESIZE], bridge_name[IF_NAMESIZE];
};

/** struct cw_neighbours - both tables, each sorted by MAC address */
struct cw_neighbours {
	struct cw_neighbour *neighbours;
	size_t n_neighbours;
	struct cw_fdb_entry *fdb;
	size_t n_fdb;
};

/**
 * cw_neighbours_read() - read the tables of the calling thread's network namespace
 * @neighbours: filled; for cw_neighbours_clear(), also where -1 is returned
 *
 * Entries that did not resolve, and the bridges' own addresses, are left out.
 *
 * Return: 0, or -1 with @err set.
 */
int cw_neighbours_read(struct cw_neighbours *neighbours, struct cw_error *err);
void cw_neighbours_clear(struct cw_neighbours *neighbours);

/** cw_neighbours_find() - a device's addresses; Return: the first of @n, or NULL */
const struct cw_neighbour *cw_neighbours_find(const struct cw_neighbours *neighbours, uint64_t mac,
					      size_t *n);

/**
 * cw_fdb_find() - the bridge port that a device is behind
 * @place: where the module has seen it: of several entries the one that fits is chosen
 *
 * Return: the entry, or NULL where no bridge knows the address.
 */
const struct cw_fdb_entry *cw_fdb_find(const struct cw_neighbours *neighbours, uint64_t mac,
				       const struct cw_place *place);

#endif
