/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What module/prefix.c needs of linux/sort.h, in user space. */
#ifndef CW_KERNEL_SORT_H
#define CW_KERNEL_SORT_H

#include <stdlib.h>

#define sort(base, n, size, cmp, swap) qsort(base, n, size, cmp)

#endif
