/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A gateway that forwards nothing, by nftables, because no policy could be put in force. */
#ifndef CW_CLOSED_H
#define CW_CLOSED_H

#include "error.h"

#define CW_CLOSED_TABLE "camwall_closed"

/**
 * cw_closed_set() - forward nothing any more, neither routed nor bridged
 *
 * By a chain in each of the tables "inet camwall_closed" and "bridge camwall_closed", before
 * all others, whose policy is to drop: it needs neither the module nor the names of devices,
 * and holds for those that come later. What the machine itself sends and receives passes. In
 * the caller's network namespace, each of the two in one batch.
 *
 * Return: 0, also where it was so already; where one of the two could not be made 1, and where
 * neither could -1, with @err set to what still passes.
 */
int cw_closed_set(struct cw_error *err);

/**
 * cw_closed_clear() - take the tables away, where they are there
 *
 * Return: 0, also where this kernel is without nftables; -1 with @err set.
 */
int cw_closed_clear(struct cw_error *err);

#endif
