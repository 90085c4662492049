/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A file that has not come whole: what it is the beginning of. */
#ifndef CW_PARTIAL_H
#define CW_PARTIAL_H

#include "error.h"

/**
 * struct partial - what FILE.json says
 * @url: where FILE comes from
 * @validator: a strong ETag, or a date of modification: what If-Range: takes; NULL where the
 *	       server has sent neither, so that nothing can be gone on with
 */
struct partial {
	char *url, *validator;
};

/** partial_read() - what was left; all NULL where nothing was; for partial_clear() */
void partial_read(const char *file, struct partial *partial);

/** partial_write() - say what @file is the beginning of; Return: 0, or -1 with @err set */
int partial_write(const char *file, const struct partial *partial, struct cw_error *err);

/** partial_remove() - it has come whole */
void partial_remove(const char *file);
void partial_clear(struct partial *partial);

#endif
