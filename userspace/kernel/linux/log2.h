/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What module/prefix.c needs of linux/log2.h, in user space. */
#ifndef CW_KERNEL_LOG2_H
#define CW_KERNEL_LOG2_H

#include <linux/bitops.h>

static inline u32 ilog2(u32 x)
{
	return (u32)fls(x) - 1;
}

static inline u32 roundup_pow_of_two(u32 x)
{
	return 1u << fls(x - 1);
}

#endif
