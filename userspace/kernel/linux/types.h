/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What module/prefix.c and module/limit.c need of linux/types.h, in user space. */
#ifndef CW_KERNEL_TYPES_H
#define CW_KERNEL_TYPES_H

#include_next <linux/types.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef uint8_t u8;
typedef uint16_t u16;
typedef uint32_t u32;
typedef uint64_t u64;
typedef int64_t s64;

#endif
