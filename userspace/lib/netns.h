/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Network namespaces by the name that ip-netns(8) gives them. */
#ifndef CW_NETNS_H
#define CW_NETNS_H

#include "error.h"

/**
 * cw_netns_enter() - move the calling thread to a network namespace
 * @netns: a name under /run/netns
 * @err: says what to do
 *
 * Return: 0, or -1 with @err set.
 */
int cw_netns_enter(const char *netns, struct cw_error *err);

/**
 * cw_netns_open() - a network namespace as a descriptor
 * @netns: a name under /run/netns
 *
 * Return: the descriptor, for close(), or -1 with @err set.
 */
int cw_netns_open(const char *netns, struct cw_error *err);

/**
 * cw_netns_switch() - move the calling thread to a network namespace for a while
 * @fd: of cw_netns_open()
 *
 * Return: what cw_netns_return() takes, or -1 with @err set, and then the thread is where it was.
 */
int cw_netns_switch(int fd, struct cw_error *err);

/**
 * cw_netns_return() - move the calling thread back; without the right to, the process ends: it must
 *	not go on elsewhere
 */
void cw_netns_return(int here);

#endif
