/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The kernel's inventory: the devices that were seen, where, since when, and what they sent. */
#ifndef CW_INVENTORY_H
#define CW_INVENTORY_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "client.h"
#include "error.h"
#include "policy.h"

/**
 * struct cw_place - where a device was seen
 * @ifindex: index of the network device; 0 where it is not known
 * @ifname: its name; empty where that network device has left the namespace
 * @has_vlan: frames were tagged; neither untagged nor priority-tagged
 * @vlan: VLAN id; meaningful where @has_vlan
 * @vlan_protocol: 0x8100 (802.1Q) or 0x88a8 (802.1ad); meaningful where @has_vlan
 */
struct cw_place {
	uint32_t ifindex;
	char ifname[CAMWALL_INTERFACE_LEN + 1];
	bool has_vlan;
	uint16_t vlan, vlan_protocol;
};

/**
 * struct cw_device - an entry of the inventory
 * @mac: the address, below 2^48
 * @group: name of its group; empty where the address is not listed any more, which only a
 *	   device in an event can be
 * @group_id: the group's id in the kernel; meaningful where @group is not empty
 * @exempt: an exemption is in force now
 * @first_seen, @last_seen: seconds since 1970, by the clock as it is now: they move with its
 *	   corrections, and the same entry can differ by a second from one reading to the next
 * @idle: seconds since @last_seen, by a clock that nobody sets
 * @gone: it was not seen for as long as the configuration's idle time; the entry stays until
 *	   another one needs the room
 * @displaced: only in an event: the entry had to make room before the device was gone
 * @place: where it was seen last
 * @ipv4, @ipv6: the last source addresses seen, meaningful where @has_ipv4, @has_ipv6
 * @from, @to: since @first_seen
 */
struct cw_device {
	uint64_t mac;
	char group[CAMWALL_GROUP_NAME_LEN + 1];
	uint32_t group_id;
	bool exempt, gone, displaced, has_ipv4, has_ipv6;
	uint64_t first_seen, last_seen;
	uint32_t idle;
	struct cw_place place;
	struct in_addr ipv4;
	struct in6_addr ipv6;
	struct cw_policy_counters from, to;
};

/**
 * cw_client_devices() - all of the inventory
 * @devices: sorted by address, one of each; for free()
 * @n: how many
 * @generation: of the configuration that the groups are of; may be NULL. 0 where there is
 *		no device
 *
 * Tried again where a commit came in between.
 *
 * Return: 0, or -1 with @err set.
 */
int cw_client_devices(struct cw_client *client, struct cw_device **devices, size_t *n,
		      uint32_t *generation, struct cw_error *err);

/**
 * cw_client_device() - one entry of the inventory
 *
 * Return: 1 and @device filled, 0 where that address has no entry, -1 with @err set.
 */
int cw_client_device(struct cw_client *client, uint64_t mac, struct cw_device *device,
		     struct cw_error *err);

/** cw_client_devices_flush() - empty the inventory; Return: 0, or -1 with @err set */
int cw_client_devices_flush(struct cw_client *client, struct cw_error *err);

#endif
