/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Files of sections and keys (libinih), with the line of each key and no silent loss. */
#ifndef CW_INIFILE_H
#define CW_INIFILE_H

#include <stdio.h>

#include "error.h"

/**
 * typedef cw_ini_key_fn - called for each section and each key, in the file's order
 * @section: the section's header, what stands between '[' and ']', without spaces around it
 * @line: number of the line
 * @key: NULL at the section's header itself
 * @value: without spaces around it and without a comment at its end; NULL at a header
 * @err: to set, with cw_error_at(), before returning -1
 *
 * Return: 0 to go on, -1 to stop.
 */
typedef int cw_ini_key_fn(void *ctx, const char *file, int line, const char *section,
			  const char *key, const char *value, struct cw_error *err);

/**
 * cw_ini_read() - read a file of sections and keys
 * @stream: where from
 * @file: its name in messages
 *
 * '#' and ';' begin a comment at the start of a line; within a line ';' after a space
 * does, and '#' between spaces (so that "ticket #4711" is kept). A line that
 * holds a zero byte, is neither header, key nor comment, or a key before the first
 * header, is an error with its line.
 *
 * Return: 0, or -1 with @err set.
 */
int cw_ini_read(FILE *stream, const char *file, cw_ini_key_fn *fn, void *ctx,
		struct cw_error *err);

#endif
