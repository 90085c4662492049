// SPDX-License-Identifier: GPL-2.0-or-later
/* libcamwall.so: the connection to the module, and the way of an error to its reader. */
#include <stdlib.h>
#include <unistd.h>

#include "alloc.h"
#include "api.h"
#include "netns.h"

const char *camwall_version(void)
{
	return CAMWALL_VERSION;
}

int api_error(struct cw_error *err, char **error)
{
	bool failed = err->message;

	if (error)
		*error = err->message;
	else
		free(err->message);
	err->message = NULL;
	return failed ? -1 : 0;
}

uint64_t api_counter(const struct cw_policy_counters *from, const struct cw_policy_counters *to,
		     enum camwall_counter counter)
{
	switch (counter) {
	case CAMWALL_FROM_PACKETS:
		return from->packets;
	case CAMWALL_FROM_BYTES:
		return from->bytes;
	case CAMWALL_FROM_DROPPED:
		return from->dropped;
	case CAMWALL_TO_PACKETS:
		return to->packets;
	case CAMWALL_TO_BYTES:
		return to->bytes;
	case CAMWALL_TO_DROPPED:
		return to->dropped;
	}
	return 0;
}

int api_netns_open(const char *netns, int *here, struct cw_error *err)
{
	int fd = cw_netns_open(netns, err);

	if (fd < 0)
		return -1;
	*here = cw_netns_switch(fd, err);
	if (*here >= 0)
		return fd;
	close(fd);
	return -1;
}

static struct cw_client *open_client(const char *netns, struct cw_error *err)
{
	struct cw_client *client;
	int fd, here;

	if (!netns)
		return cw_client_open(NULL, err);
	fd = api_netns_open(netns, &here, err);
	if (fd < 0)
		return NULL;
	/* The socket stays in the namespace where it was made. */
	client = cw_client_open(NULL, err);
	cw_netns_return(here);
	close(fd);
	return client;
}

struct camwall *camwall_open(const char *netns, char **error)
{
	struct cw_error err = { 0 };
	struct cw_client *client = open_client(netns, &err);
	struct camwall *camwall = NULL;

	if (client) {
		camwall = cw_calloc(1, sizeof(*camwall));
		camwall->client = client;
		camwall->elsewhere = netns;
	}
	api_error(&err, error);
	return camwall;
}

void camwall_close(struct camwall *camwall)
{
	if (!camwall)
		return;
	cw_client_close(camwall->client);
	free(camwall);
}
