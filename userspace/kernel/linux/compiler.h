/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What module/limit.c and module/prefix.h need of linux/compiler.h, in user space. */
#ifndef CW_KERNEL_COMPILER_H
#define CW_KERNEL_COMPILER_H

#ifndef __always_inline
#define __always_inline inline __attribute__((__always_inline__))
#endif
#define unlikely(x) __builtin_expect(!!(x), 0)
#define READ_ONCE(x) __atomic_load_n(&(x), __ATOMIC_RELAXED)
#define WRITE_ONCE(x, v) __atomic_store_n(&(x), v, __ATOMIC_RELAXED)

#endif
