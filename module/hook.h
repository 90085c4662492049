/* SPDX-License-Identifier: GPL-2.0 */
/* The way of a packet. */
#ifndef _CW_HOOK_H
#define _CW_HOOK_H

struct cw_link;
struct net;

int cw_hook_link(struct net *net, struct cw_link *link);
void cw_hook_unlink(struct net *net, struct cw_link *link);

#endif
