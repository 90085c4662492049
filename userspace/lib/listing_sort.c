// SPDX-License-Identifier: GPL-2.0-or-later
/* The inventory in an order that was asked for. */
#include <stdlib.h>
#include <string.h>

#include "listing.h"

/* One that has no name goes behind all that have one. */
static int by_text(const char *x, const char *y)
{
	if (!x || !*x || !y || !*y)
		return (!x || !*x) - (!y || !*y);
	return strcasecmp(x, y) ?: strcmp(x, y);
}

static int by_number(uint64_t x, uint64_t y)
{
	return x < y ? -1 : x > y;
}

static int by_mac(const struct cw_listed *x, const struct cw_listed *y)
{
	return by_number(x->device.mac, y->device.mac);
}

static int by_group(const struct cw_listed *x, const struct cw_listed *y)
{
	return by_text(x->device.group, y->device.group);
}

static int by_organization(const struct cw_listed *x, const struct cw_listed *y)
{
	return by_text(x->identity.organization, y->identity.organization);
}

static int by_hostname(const struct cw_listed *x, const struct cw_listed *y)
{
	return by_text(x->hostname, y->hostname);
}

static int by_address(const struct cw_listed *x, const struct cw_listed *y)
{
	if (!x->n_addresses || !y->n_addresses)
		return !x->n_addresses - !y->n_addresses;
	if (x->addresses->family != y->addresses->family)
		return x->addresses->family - y->addresses->family;
	return memcmp(x->addresses->address, y->addresses->address, sizeof(x->addresses->address));
}

static int by_place(const struct cw_listed *x, const struct cw_listed *y)
{
	return by_text(x->device.place.ifname, y->device.place.ifname) ?:
	       by_number(x->device.place.has_vlan ? x->device.place.vlan : 0,
			 y->device.place.has_vlan ? y->device.place.vlan : 0);
}

static int by_first_seen(const struct cw_listed *x, const struct cw_listed *y)
{
	return by_number(y->device.first_seen, x->device.first_seen);
}

/* By a clock that nobody sets. */
static int by_last_seen(const struct cw_listed *x, const struct cw_listed *y)
{
	return by_number(x->device.idle, y->device.idle);
}

static int by_packets(const struct cw_listed *x, const struct cw_listed *y)
{
	return by_number(y->device.from.packets + y->device.to.packets,
			 x->device.from.packets + x->device.to.packets);
}

static int by_bytes(const struct cw_listed *x, const struct cw_listed *y)
{
	return by_number(y->device.from.bytes + y->device.to.bytes,
			 x->device.from.bytes + x->device.to.bytes);
}

static int by_dropped(const struct cw_listed *x, const struct cw_listed *y)
{
	return by_number(y->device.from.dropped + y->device.to.dropped,
			 x->device.from.dropped + x->device.to.dropped);
}

const char *const cw_listing_keys[] = {
	"mac", "group", "organization", "hostname", "address", "interface", "first-seen",
	"last-seen", "packets", "bytes", "dropped", NULL
};

/* In the order of the names. */
static int (*const orders[])(const struct cw_listed *x, const struct cw_listed *y) = {
	by_mac, by_group, by_organization, by_hostname, by_address, by_place, by_first_seen,
	by_last_seen, by_packets, by_bytes, by_dropped,
};

_Static_assert(sizeof(orders) / sizeof(orders[0]) + 1 ==
	       sizeof(cw_listing_keys) / sizeof(cw_listing_keys[0]), "a name for each order");

struct order {
	int (*compare)(const struct cw_listed *x, const struct cw_listed *y);
	int sign;
};

static int compare(const void *a, const void *b, void *ctx)
{
	const struct order *order = ctx;

	return order->sign * order->compare(a, b) ?: by_mac(a, b);
}

int cw_listing_sort(struct cw_listing *listing, const char *key, bool reverse)
{
	struct order order = { .sign = reverse ? -1 : 1 };
	size_t i;

	for (i = 0; cw_listing_keys[i]; i++)
		if (strcmp(cw_listing_keys[i], key) == 0)
			order.compare = orders[i];
	if (!order.compare)
		return -1;
	if (listing->n)
		qsort_r(listing->devices, listing->n, sizeof(*listing->devices), compare, &order);
	return 0;
}
