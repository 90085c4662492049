/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What module/prefix.c needs of linux/limits.h, in user space. */
#ifndef CW_KERNEL_LIMITS_H
#define CW_KERNEL_LIMITS_H

#include_next <linux/limits.h>

#define U8_MAX 0xffU

#endif
