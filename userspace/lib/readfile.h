/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A file or pipe as a whole, in memory. */
#ifndef CW_READFILE_H
#define CW_READFILE_H

#include <stdio.h>

/**
 * cw_read_stream() - read up to the end
 * @length: octets that were read
 *
 * Return: them, with a terminating zero that is not counted, for free(); NULL with errno set.
 */
char *cw_read_stream(FILE *stream, size_t *length);

#endif
