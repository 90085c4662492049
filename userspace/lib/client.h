/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The kernel's side over generic netlink (libnl): read what is in force, put a policy in force. */
#ifndef CW_CLIENT_H
#define CW_CLIENT_H

#include <stdint.h>

#include "error.h"
#include "policy.h"

struct cw_client;

/**
 * struct cw_status - what the module holds, in figures
 * @link_count: network devices that camwall is bound to
 * @memory: octets of kernel memory that the configuration takes
 * @clock_behind: seconds that the clock is behind the moment at which the policy was written
 * @max_devices: bound of the inventory
 * @device_count: devices in the inventory
 * @device_evicted: devices that made room for others, since the namespace exists
 * @device_refused: frames of devices that found no place in it, since then
 * @event_seq: number of the last event, 0 where there was none
 */
struct cw_status {
	char version[32];
	uint32_t generation, group_count, prefix_count, link_count, exemption_count;
	uint32_t max_devices, device_count;
	uint64_t memory, device_evicted, device_refused, event_seq;
	enum camwall_conntrack_state conntrack_state;
	uint32_t clock_behind;
};

/** struct cw_link - a network device that camwall is bound to */
struct cw_link {
	uint32_t ifindex;
	char ifname[CAMWALL_INTERFACE_LEN + 1];
};

/**
 * cw_client_open() - connect to the module
 * @netns: a name under /run/netns to work in, or NULL for the caller's own; the calling
 *	   thread stays in that namespace
 * @err: where the module is not there says so, and that "modprobe camwall" loads it;
 *	 where the caller may not says that CAP_NET_ADMIN is needed
 *
 * Return: a client for cw_client_close(), or NULL with @err set.
 */
struct cw_client *cw_client_open(const char *netns, struct cw_error *err);
void cw_client_close(struct cw_client *client);

/**
 * cw_client_read() - all of the policy in force, with counters
 *
 * Tried again where a commit came in between, so that it is of one generation.
 *
 * Return: a policy for cw_policy_free(), or NULL with @err set.
 */
struct cw_policy *cw_client_read(struct cw_client *client, struct cw_error *err);

/** cw_client_status() - how the module fares; Return: 0, or -1 with @err set */
int cw_client_status(struct cw_client *client, struct cw_status *status,
		     struct cw_error *err);

/** cw_client_digest() - of the configuration in force; Return: 0, or -1 with @err set */
int cw_client_digest(struct cw_client *client, struct cw_digest *digest, struct cw_error *err);

/** cw_client_links() - the bound devices; @links is for free(); Return: 0, or -1 with @err set */
int cw_client_links(struct cw_client *client, struct cw_link **links, size_t *n,
		    struct cw_error *err);

/**
 * cw_client_commit() - put a policy in force, in one step
 * @policy: its @generation is the one that it is based on
 * @generation: set to the new one; may be NULL
 *
 * Return: 0; -1 with @err set, and then the kernel is as it was.
 */
int cw_client_commit(struct cw_client *client, const struct cw_policy *policy,
		     uint32_t *generation, struct cw_error *err);

/**
 * struct cw_lookup - what is known of a MAC address
 * @found: a prefix matches
 * @prefix: packed; its group id is 0 and means nothing
 * @group: filled where @found, without its allow list
 * @has_exemption: @exemption is filled, ended or not
 */
struct cw_lookup {
	uint64_t mac, prefix;
	bool found, has_exemption;
	struct cw_policy_group group;
	struct cw_policy_exemption exemption;
};

/**
 * cw_client_lookup() - what the kernel says of a MAC address
 * @lookup: with @mac set; the rest is filled, for cw_lookup_clear()
 *
 * Return: 0, or -1 with @err set.
 */
int cw_client_lookup(struct cw_client *client, struct cw_lookup *lookup, struct cw_error *err);

/** cw_lookup_clear() - free what an answer holds */
void cw_lookup_clear(struct cw_lookup *lookup);

#endif
