/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What module/prefix.c and module/limit.c need of linux/minmax.h, in user space. */
#ifndef CW_KERNEL_MINMAX_H
#define CW_KERNEL_MINMAX_H

#define min_t(type, a, b) ((type)(a) < (type)(b) ? (type)(a) : (type)(b))
#define max_t(type, a, b) ((type)(a) > (type)(b) ? (type)(a) : (type)(b))

#define swap(a, b) do { __typeof__(a) swap_a = (a); (a) = (b); (b) = swap_a; } while (0)

#endif
