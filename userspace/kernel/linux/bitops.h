/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What module/prefix.c needs of linux/bitops.h, in user space. */
#ifndef CW_KERNEL_BITOPS_H
#define CW_KERNEL_BITOPS_H

#include <linux/types.h>

#define BIT(n) (1u << (n))

static inline int fls(u32 x)
{
	return x ? 32 - __builtin_clz(x) : 0;
}

#endif
