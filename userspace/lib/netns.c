// SPDX-License-Identifier: GPL-2.0-or-later
/* Network namespaces by the name that ip-netns(8) gives them. */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "alloc.h"
#include "netns.h"

#define NETNS_DIR	"/run/netns"
#define THREAD_NETNS	"/proc/thread-self/ns/net"

int cw_netns_open(const char *netns, struct cw_error *err)
{
	char *path;
	int fd;

	if (!*netns || *netns == '.' || strchr(netns, '/'))
		return cw_error_set(err, "'%s' is no name of a network namespace: \"ip netns list\" shows them",
				    netns);
	path = cw_asprintf("%s/%s", NETNS_DIR, netns);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0 && errno == ENOENT)
		cw_error_set(err, "there is no network namespace '%s': \"ip netns list\" shows them",
			     netns);
	else if (fd < 0)
		cw_error_set(err, "%s: %s", path, strerror(errno));
	free(path);
	return fd;
}

int cw_netns_enter(const char *netns, struct cw_error *err)
{
	int fd, ret;

	fd = cw_netns_open(netns, err);
	if (fd < 0)
		return -1;
	ret = setns(fd, CLONE_NEWNET);
	if (ret < 0)
		cw_error_set(err, "cannot enter the network namespace '%s': %s%s", netns,
			     strerror(errno), errno == EPERM ? ": run as root" : "");
	close(fd);
	return ret;
}

int cw_netns_switch(int fd, struct cw_error *err)
{
	int here = open(THREAD_NETNS, O_RDONLY | O_CLOEXEC);

	if (here < 0)
		return cw_error_set(err, THREAD_NETNS ": %s: is /proc mounted?", strerror(errno));
	if (setns(fd, CLONE_NEWNET) == 0)
		return here;
	cw_error_set(err, "cannot enter the network namespace: %s%s", strerror(errno),
		     errno == EPERM ? ": run as root" : "");
	close(here);
	return -1;
}

void cw_netns_return(int here)
{
	if (setns(here, CLONE_NEWNET) < 0)
		abort();
	close(here);
}
