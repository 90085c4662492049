/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What module/prefix.c needs of linux/sched.h, in user space. */
#ifndef CW_KERNEL_SCHED_H
#define CW_KERNEL_SCHED_H

static inline void cond_resched(void)
{
}

#endif
