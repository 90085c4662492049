/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What module/prefix.c needs of linux/vmalloc.h, in user space. */
#ifndef CW_KERNEL_VMALLOC_H
#define CW_KERNEL_VMALLOC_H

#include <stdlib.h>

#define PAGE_SIZE 4096UL
#define array_size(n, size) ((n) * (size))
#define __vmalloc(size, gfp) malloc(size)

#endif
