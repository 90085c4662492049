/* SPDX-License-Identifier: GPL-2.0 */
/* How a frame is dropped. */
#ifndef _CW_DROP_H
#define _CW_DROP_H

#include "stats.h"

struct sk_buff;

unsigned int cw_drop(struct sk_buff *skb, enum cw_drop drop);

#endif
