// SPDX-License-Identifier: GPL-2.0-or-later
/* Memory in user space: where it ends, the program ends with a message. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "alloc.h"

#define ARRAY_ROOM_MIN	8	/* a power of two */

static void *not_null(void *memory)
{
	if (memory)
		return memory;
	fputs("camwall: no memory left; nothing was changed in the kernel\n", stderr);
	exit(EXIT_FAILURE);
}

void *cw_malloc(size_t size)
{
	return not_null(malloc(size ? size : 1));
}

void *cw_calloc(size_t n, size_t size)
{
	return not_null(calloc(n ? n : 1, size ? size : 1));
}

void *cw_reallocarray(void *array, size_t n, size_t size)
{
	return not_null(reallocarray(array, n ? n : 1, size ? size : 1));
}

char *cw_strdup(const char *text)
{
	return not_null(strdup(text));
}

char *cw_strndup(const char *text, size_t n)
{
	return not_null(strndup(text, n));
}

char *cw_vasprintf(const char *fmt, va_list args)
{
	char *text = NULL;

	return not_null(vasprintf(&text, fmt, args) < 0 ? NULL : text);
}

char *cw_asprintf(const char *fmt, ...)
{
	va_list args;
	char *text;

	va_start(args, fmt);
	text = cw_vasprintf(fmt, args);
	va_end(args);
	return text;
}

void *cw_array_room(void *array, size_t n, size_t size)
{
	if (!n)
		return cw_reallocarray(array, ARRAY_ROOM_MIN, size);
	if (n < ARRAY_ROOM_MIN || (n & (n - 1)))
		return array;
	return cw_reallocarray(array, n * 2, size);
}
