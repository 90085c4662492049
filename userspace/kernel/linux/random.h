/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What module/prefix.c needs of linux/random.h, in user space. */
#ifndef CW_KERNEL_RANDOM_H
#define CW_KERNEL_RANDOM_H

#include <linux/types.h>
#include <sys/random.h>

/* Random as far as the system is willing: it spreads, it hides nothing. */
static inline u32 get_random_u32(void)
{
	u32 value = 0x5bd1e995;

	if (getrandom(&value, sizeof(value), GRND_NONBLOCK) < 0)
		value ^= (u32)(uintptr_t)&value;
	return value;
}

#endif
