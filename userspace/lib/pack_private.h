/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the reading and the resolving of vendor packs share. */
#ifndef CW_PACK_PRIVATE_H
#define CW_PACK_PRIVATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "mac.h"

/** cw_prefix_inside() - is @inner the same as @outer, or a part of it? */
static inline bool cw_prefix_inside(uint64_t inner, uint64_t outer)
{
	unsigned int len = cw_prefix_len(outer);

	return cw_prefix_len(inner) >= len &&
	       (cw_prefix_mac(inner) ^ cw_prefix_mac(outer)) >> (48 - len) == 0;
}

/** cw_pack_sort_prefixes() - sort, and keep each prefix once; Return: how many are left */
size_t cw_pack_sort_prefixes(uint64_t *prefixes, size_t n);

#endif
