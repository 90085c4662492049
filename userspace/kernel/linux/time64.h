/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What module/limit.c needs of linux/time64.h, in user space. */
#ifndef CW_KERNEL_TIME64_H
#define CW_KERNEL_TIME64_H

#define NSEC_PER_SEC 1000000000L

#endif
