/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What module/prefix.c needs of linux/slab.h, in user space. */
#ifndef CW_KERNEL_SLAB_H
#define CW_KERNEL_SLAB_H

#include <stdlib.h>

#define GFP_KERNEL_ACCOUNT 0

#define kmalloc_array(n, size, gfp) reallocarray(NULL, n, size)
#define kvcalloc(n, size, gfp) calloc(n, size)
#define kvfree(p) free((void *)(p))

#endif
