/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The namespaces and sockets that steps act on, and what the kernel answered. */
#ifndef WORLD_H
#define WORLD_H

#include "action.h"
#include "coverage.h"

#define N_REQUESTS	1024	/* remembered, for each socket */

/**
 * struct staged - what a socket is thought to have staged
 * @begun: a transaction
 * @groups: how many
 * @ids: a bit for each group's id
 * @prefixes: how many
 * @adds: messages
 * @greed: what is added, and nothing else, until the module refuses more; or GREED_NONE
 */
struct staged {
	bool begun;
	unsigned int groups;
	uint64_t ids[4];
	unsigned int prefixes;
	unsigned int adds;
	enum { GREED_NONE, GREED_ALLOW, GREED_EXEMPTION, GREED_INTERFACE, GREED_PREFIX } greed;
};

/**
 * struct fuzz_socket - a slot for a socket
 * @nl: NULL where the slot is free
 * @netns: slot of its namespace
 * @joined: it is in the multicast groups
 * @seq: of the last request
 * @requests: by the low bits of their sequence numbers
 * @staged: for who writes the next request
 */
struct fuzz_socket {
	struct mnl_socket *nl;
	unsigned int netns;
	bool joined;
	uint32_t seq;
	struct request requests[N_REQUESTS];
	struct staged staged;
};

/**
 * struct fuzz_netns - a slot for a network namespace
 * @fd: -1 where the slot is free
 * @packet: a packet socket; what is written to it comes in at a device that camwall may be bound to
 * @generation: of its policy, as the last commit said
 */
struct fuzz_netns {
	int fd;
	int packet;
	uint32_t generation;
};

/**
 * struct world - all of it
 * @family: its number
 * @group: number of its multicast group
 * @sockets: the slots
 * @netns: the slots
 * @wrong: what the kernel did that it must never do, or NULL
 */
struct world {
	uint16_t family;
	uint32_t group;
	struct fuzz_socket sockets[N_SOCKETS];
	struct fuzz_netns netns[N_NETNS];
	const char *wrong;
};

void world_open(struct world *world);
void world_close(struct world *world);
void world_renew(struct world *world);
void world_do(struct world *world, struct action *action);
void world_enter(const struct world *world, unsigned int netns);

#endif
