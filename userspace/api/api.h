/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the sources of libcamwall.so's public functions share: the objects, and the way of an error to its reader. */
#ifndef CW_API_H
#define CW_API_H

#include <arpa/inet.h>
#include <stdbool.h>

#include <camwall/camwall.h>

#include "client.h"
#include "error.h"
#include "events.h"
#include "identity.h"
#include "inventory.h"
#include "mac.h"

/**
 * struct camwall - a connection
 * @elsewhere: a network namespace was named
 */
struct camwall {
	struct cw_client *client;
	bool elsewhere;
};

/** struct camwall_device - with the texts that are asked of it */
struct camwall_device {
	struct cw_device device;
	char mac[CW_MAC_STRLEN + 1];
	char ipv4[INET_ADDRSTRLEN], ipv6[INET6_ADDRSTRLEN];
};

struct camwall_names {
	struct cw_identities *identities;
};

/** api_error() - hand an error to who has called; Return: -1, or 0 where there is none */
int api_error(struct cw_error *err, char **error);

/** api_counter() - one of the numbers of both directions */
uint64_t api_counter(const struct cw_policy_counters *from, const struct cw_policy_counters *to,
		     enum camwall_counter counter);

/** api_device_init() - fill in the texts of @device->device */
void api_device_init(struct camwall_device *device);

/**
 * api_netns_open() - a network namespace as a descriptor, and the calling thread in it
 * @here: set to what cw_netns_return() takes
 *
 * Return: the descriptor, or -1 with @err set, and then the thread is where it was.
 */
int api_netns_open(const char *netns, int *here, struct cw_error *err);

#endif
