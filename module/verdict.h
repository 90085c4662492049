/* SPDX-License-Identifier: GPL-2.0 */
/* What a group's action says of a frame. */
#ifndef _CW_VERDICT_H
#define _CW_VERDICT_H

#include "stats.h"

struct cw_device;
struct cw_group;
struct sk_buff;

/**
 * struct cw_frame - a frame from or to a listed device
 * @skb: the frame
 * @mac: the device's address, six octets
 * @direction: which end it is
 * @packets: frames that it stands for: a GRO batch has several
 * @bytes: octets from the Ethernet header on
 */
struct cw_frame {
	const struct sk_buff *skb;
	const u8 *mac;
	enum cw_direction direction;
	u32 packets;
	u32 bytes;
};

enum cw_drop cw_verdict(const struct cw_group *group, struct cw_device *device,
			const struct cw_frame *frame);
enum cw_drop cw_forbids(const struct cw_group *group, const struct cw_frame *frame);

#endif
