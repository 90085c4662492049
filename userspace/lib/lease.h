/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What DHCP servers know of devices: host names and addresses, from their lease files. */
#ifndef CW_LEASE_H
#define CW_LEASE_H

#include <stddef.h>
#include <stdint.h>

#include "error.h"

#define CW_LEASE_NEVER	UINT64_MAX	/* a lease that does not expire */

/**
 * struct cw_lease - an address that a server has given to a device
 * @mac: whose it is
 * @family: AF_INET or AF_INET6
 * @address: in network order, 4 or 16 octets
 * @hostname: what the device calls itself, or the server calls it; printable UTF-8, at most
 *	      CW_HOSTNAME_LEN octets; NULL where there is none
 * @expires: seconds since 1970, or CW_LEASE_NEVER; a lease that is over is kept, for its name
 */
struct cw_lease {
	uint64_t mac;
	int family;
	unsigned char address[16];
	char *hostname;
	uint64_t expires;
};

#define CW_HOSTNAME_LEN	255

/** struct cw_leases - leases of any number of files, sorted by MAC address, the last to expire first */
struct cw_leases {
	struct cw_lease *leases;
	size_t n;
};

/**
 * cw_leases_read() - read a lease file, and add what it says
 * @leases: all zero at first; for cw_leases_clear()
 * @file: of dnsmasq, Kea (memfile, for IPv4 or IPv6) or ISC dhcpd (IPv4): which, it says itself
 * @err: names the file, the line, and what is wrong
 *
 * The servers write on while this reads: a line that cannot be understood is an error, and all
 * others are taken nonetheless. Leases that were released or declined are left out, and of
 * several for one address in a file the last holds. A lease by DUID alone is taken where the
 * DUID is made of a MAC address.
 *
 * Return: 0; -1 with @err set.
 */
int cw_leases_read(struct cw_leases *leases, const char *file, struct cw_error *err);

/** cw_leases_find() - the leases of a device; Return: the first of @n, or NULL where it has none */
const struct cw_lease *cw_leases_find(const struct cw_leases *leases, uint64_t mac, size_t *n);

/** cw_leases_clear() - free what they hold; they can be used again */
void cw_leases_clear(struct cw_leases *leases);

#endif
