// SPDX-License-Identifier: GPL-2.0-or-later
/* What the kernel's own tables know of MAC addresses: neighbours and the bridges' FDB (libnl-route). */
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <linux/neighbour.h>
#include <linux/rtnetlink.h>
#include <netlink/addr.h>
#include <netlink/msg.h>
#include <netlink/netlink.h>
#include <netlink/route/neighbour.h>

#include "alloc.h"
#include "neighbour.h"

#define MAC_OCTETS	6
#define UNUSABLE	(NUD_INCOMPLETE | NUD_FAILED | NUD_NOARP)

static bool mac_of(struct rtnl_neigh *entry, uint64_t *mac)
{
	struct nl_addr *address = rtnl_neigh_get_lladdr(entry);
	const unsigned char *octets;
	int i;

	if (!address || nl_addr_get_len(address) != MAC_OCTETS)
		return false;
	octets = nl_addr_get_binary_addr(address);
	*mac = 0;
	for (i = 0; i < MAC_OCTETS; i++)
		*mac = *mac << 8 | octets[i];
	return true;
}

static void take_neighbour(struct cw_neighbours *neighbours, struct rtnl_neigh *entry, uint64_t mac)
{
	struct nl_addr *address = rtnl_neigh_get_dst(entry);
	struct cw_neighbour *new;

	if (!address || nl_addr_get_len(address) > sizeof(new->address) ||
	    rtnl_neigh_get_state(entry) & UNUSABLE)
		return;
	neighbours->neighbours = cw_array_room(neighbours->neighbours, neighbours->n_neighbours,
					       sizeof(*new));
	new = &neighbours->neighbours[neighbours->n_neighbours++];
	memset(new, 0, sizeof(*new));
	new->mac = mac;
	new->family = rtnl_neigh_get_family(entry);
	new->ifindex = rtnl_neigh_get_ifindex(entry);
	memcpy(new->address, nl_addr_get_binary_addr(address), nl_addr_get_len(address));
}

/* Without a master it is an address that a device itself listens to. */
static void take_fdb(struct cw_neighbours *neighbours, struct rtnl_neigh *entry, uint64_t mac)
{
	int master = rtnl_neigh_get_master(entry), vlan = rtnl_neigh_get_vlan(entry);
	struct cw_fdb_entry *new;

	if (master <= 0 || rtnl_neigh_get_state(entry) & NUD_PERMANENT)
		return;
	neighbours->fdb = cw_array_room(neighbours->fdb, neighbours->n_fdb, sizeof(*new));
	new = &neighbours->fdb[neighbours->n_fdb++];
	memset(new, 0, sizeof(*new));
	new->mac = mac;
	new->port = rtnl_neigh_get_ifindex(entry);
	new->bridge = master;
	new->vlan = vlan > 0 ? vlan : 0;
}

static int on_entry(struct nl_msg *msg, void *arg)
{
	struct cw_neighbours *neighbours = arg;
	struct rtnl_neigh *entry = NULL;
	uint64_t mac;

	if (rtnl_neigh_parse(nlmsg_hdr(msg), &entry) < 0)
		return NL_OK;
	if (mac_of(entry, &mac)) {
		int family = rtnl_neigh_get_family(entry);

		if (family == AF_BRIDGE)
			take_fdb(neighbours, entry, mac);
		else if (family == AF_INET || family == AF_INET6)
			take_neighbour(neighbours, entry, mac);
	}
	rtnl_neigh_put(entry);
	return NL_OK;
}

/* What changes while it is read may be missed: it is what was there a moment ago. */
static int dump(struct nl_sock *sock, int family, struct cw_error *err)
{
	struct ndmsg request = { .ndm_family = family };
	int ret;

	ret = nl_send_simple(sock, RTM_GETNEIGH, NLM_F_DUMP, &request, sizeof(request));
	if (ret >= 0)
		ret = nl_recvmsgs_default(sock);
	/* A kernel without bridges has no FDB. */
	if (ret >= 0 || ret == -NLE_DUMP_INTR || ret == -NLE_OPNOTSUPP)
		return 0;
	return cw_error_set(err, "reading the neighbour tables: %s", nl_geterror(ret));
}

static int read_tables(struct nl_sock *sock, struct cw_neighbours *neighbours, struct cw_error *err)
{
	int ret = nl_connect(sock, NETLINK_ROUTE);

	if (ret < 0)
		return cw_error_set(err, "no netlink socket: %s", nl_geterror(ret));
	nl_socket_enable_msg_peek(sock);
	nl_socket_modify_cb(sock, NL_CB_VALID, NL_CB_CUSTOM, on_entry, neighbours);
	return dump(sock, AF_INET, err) ?: dump(sock, AF_INET6, err) ?: dump(sock, AF_BRIDGE, err);
}

static int compare_neighbours(const void *a, const void *b)
{
	const struct cw_neighbour *x = a, *y = b;

	if (x->mac != y->mac)
		return x->mac < y->mac ? -1 : 1;
	if (x->family != y->family)
		return x->family - y->family;
	return memcmp(x->address, y->address, sizeof(x->address));
}

static int compare_fdb(const void *a, const void *b)
{
	const struct cw_fdb_entry *x = a, *y = b;

	if (x->mac != y->mac)
		return x->mac < y->mac ? -1 : 1;
	if (x->port != y->port)
		return x->port < y->port ? -1 : 1;
	return x->vlan - y->vlan;
}

/* Entries of one port stand beside each other as a rule: a name is asked for once. */
static void name_ports(struct cw_neighbours *neighbours)
{
	const struct cw_fdb_entry *last = NULL;
	size_t i;

	for (i = 0; i < neighbours->n_fdb; i++) {
		struct cw_fdb_entry *entry = &neighbours->fdb[i];

		if (last && last->port == entry->port && last->bridge == entry->bridge) {
			memcpy(entry->port_name, last->port_name, sizeof(entry->port_name));
			memcpy(entry->bridge_name, last->bridge_name, sizeof(entry->bridge_name));
		} else {
			if_indextoname(entry->port, entry->port_name);
			if_indextoname(entry->bridge, entry->bridge_name);
		}
		last = entry;
	}
}

int cw_neighbours_read(struct cw_neighbours *neighbours, struct cw_error *err)
{
	struct nl_sock *sock = nl_socket_alloc();
	int ret;

	memset(neighbours, 0, sizeof(*neighbours));
	if (!sock)
		return cw_error_set(err, "no netlink socket: no memory left");
	ret = read_tables(sock, neighbours, err);
	nl_socket_free(sock);
	name_ports(neighbours);
	if (neighbours->n_neighbours)
		qsort(neighbours->neighbours, neighbours->n_neighbours,
		      sizeof(*neighbours->neighbours), compare_neighbours);
	if (neighbours->n_fdb)
		qsort(neighbours->fdb, neighbours->n_fdb, sizeof(*neighbours->fdb), compare_fdb);
	return ret;
}

void cw_neighbours_clear(struct cw_neighbours *neighbours)
{
	free(neighbours->neighbours);
	free(neighbours->fdb);
	memset(neighbours, 0, sizeof(*neighbours));
}

const struct cw_neighbour *cw_neighbours_find(const struct cw_neighbours *neighbours, uint64_t mac,
					      size_t *n)
{
	size_t low = 0, high = neighbours->n_neighbours, end;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (neighbours->neighbours[middle].mac < mac)
			low = middle + 1;
		else
			high = middle;
	}
	for (end = low; end < neighbours->n_neighbours && neighbours->neighbours[end].mac == mac; end++)
		;
	*n = end - low;
	return *n ? &neighbours->neighbours[low] : NULL;
}

/* Whether an entry is of the port itself, or at least of the same VLAN. */
static int fit(const struct cw_fdb_entry *entry, const struct cw_place *place)
{
	return 2 * (entry->port == place->ifindex || entry->bridge == place->ifindex) +
	       (place->has_vlan && entry->vlan == place->vlan);
}

const struct cw_fdb_entry *cw_fdb_find(const struct cw_neighbours *neighbours, uint64_t mac,
				       const struct cw_place *place)
{
	const struct cw_fdb_entry *best = NULL, *entry;
	size_t low = 0, high = neighbours->n_fdb;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (neighbours->fdb[middle].mac < mac)
			low = middle + 1;
		else
			high = middle;
	}
	for (; low < neighbours->n_fdb && neighbours->fdb[low].mac == mac; low++) {
		entry = &neighbours->fdb[low];
		if (!best || fit(entry, place) > fit(best, place))
			best = entry;
	}
	return best;
}
