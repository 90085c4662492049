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

#endif
