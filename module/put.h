/* SPDX-License-Identifier: GPL-2.0 */
/* Attributes: what readers and listeners are told, piece by piece. */
#ifndef _CW_PUT_H
#define _CW_PUT_H

#include <linux/types.h>

struct cw_allow;
struct cw_device;
struct cw_exemption;
struct cw_exemptions;
struct cw_group;
struct cw_net;
struct sk_buff;

int cw_put_group(struct sk_buff *msg, const struct cw_group *group, u32 id);
int cw_put_allow(struct sk_buff *msg, const struct cw_allow *allow, u32 id);
int cw_put_exemption(struct sk_buff *msg, const struct cw_exemptions *exemptions,
		     const struct cw_exemption *exemption);
int cw_put_device(struct sk_buff *msg, struct cw_net *cn, const struct cw_device *device);
int cw_put_previous(struct sk_buff *msg, struct cw_net *cn, u64 place);

#endif
