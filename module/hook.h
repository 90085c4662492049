/* SPDX-License-Identifier: GPL-2.0 */
/* The way of a packet. */
#ifndef _CW_HOOK_H
#define _CW_HOOK_H

struct cw_link;
struct net_device;
struct nf_hook_ops;

void cw_hook_init_ingress(struct nf_hook_ops *ops, struct net_device *dev,
			  struct cw_link *link);

#endif
