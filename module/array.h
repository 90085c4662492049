/* SPDX-License-Identifier: GPL-2.0 */
/* Arrays that grow while a configuration is filled. */
#ifndef _CW_ARRAY_H
#define _CW_ARRAY_H

#include <linux/minmax.h>
#include <linux/slab.h>
#include <linux/string.h>

/**
 * cw_array_grow() - make room in an array
 * @array: the array, or NULL; freed by kvfree(), also where it was replaced
 * @used: elements in it, kept
 * @room: elements there is memory for; updated
 * @want: elements there has to be memory for
 * @size: octets of an element
 *
 * Context: process; may sleep.
 * Return: the array, @array itself where it is large enough; NULL where there is no
 * memory, and then @array is as it was.
 */
static inline void *cw_array_grow(void *array, u32 used, u32 *room, u32 want,
				  size_t size)
{
	u32 grown_room = max(want, 2 * *room);
	void *grown;

	if (array && want <= *room)
		return array;
	grown = kvmalloc_array(grown_room, size, GFP_KERNEL_ACCOUNT | __GFP_ZERO);
	if (!grown)
		return NULL;
	if (used)
		memcpy(grown, array, used * size);
	kvfree(array);
	*room = grown_room;
	return grown;
}

#endif
