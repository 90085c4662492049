/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What module/limit.c needs of linux/minmax.h, in user space. */
#ifndef CW_KERNEL_MINMAX_H
#define CW_KERNEL_MINMAX_H

#define min_t(type, a, b) ((type)(a) < (type)(b) ? (type)(a) : (type)(b))
#define max_t(type, a, b) ((type)(a) > (type)(b) ? (type)(a) : (type)(b))

#endif
