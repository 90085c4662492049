// SPDX-License-Identifier: GPL-2.0-or-later
/* A file or pipe as a whole, in memory. */
#include <errno.h>
#include <stdlib.h>

#include "alloc.h"
#include "readfile.h"

#define FIRST_ROOM	16384

char *cw_read_stream(FILE *stream, size_t *length)
{
	size_t room = FIRST_ROOM, n = 0;
	char *text = cw_malloc(room);
	int error;

	errno = 0;
	while (!feof(stream) && !ferror(stream)) {
		n += fread(text + n, 1, room - n - 1, stream);
		if (n + 1 < room)
			continue;
		room *= 2;
		text = cw_reallocarray(text, room, 1);
	}
	if (ferror(stream)) {
		error = errno ?: EIO;
		free(text);
		errno = error;
		return NULL;
	}
	text[n] = '\0';
	*length = n;
	return text;
}
