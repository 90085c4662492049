/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A pair of Ethernet devices: what is sent on one comes in at the other. */
#ifndef VETH_H
#define VETH_H

int veth_create(const char *near, const char *far);

#endif
