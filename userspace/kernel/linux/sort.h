/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What module/prefix.c needs of linux/sort.h, in user space. */
#ifndef CW_KERNEL_SORT_H
#define CW_KERNEL_SORT_H

#include <stdlib.h>

typedef int (*cmp_r_func_t)(const void *a, const void *b, const void *priv);

/** struct sort_r_call - what sort_r() was given, for qsort_r() to hand on */
struct sort_r_call {
	cmp_r_func_t cmp;
	const void *priv;
};

static inline int sort_r_cmp(const void *a, const void *b, void *arg)
{
	const struct sort_r_call *call = arg;

	return call->cmp(a, b, call->priv);
}

#define sort_r(base, n, size, cmp, swap, priv) \
	qsort_r(base, n, size, sort_r_cmp, &(struct sort_r_call){ cmp, priv })

#endif
