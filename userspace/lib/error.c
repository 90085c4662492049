// SPDX-License-Identifier: GPL-2.0-or-later
/* An error as a person reads it: what is wrong, where, and what to do about it. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "alloc.h"
#include "error.h"

__attribute__((format(printf, 1, 0)))
static char *print(const char *fmt, va_list args)
{
	char *text = NULL;

	/* An error is no place to end the program in: the format itself is a message, too. */
	if (vasprintf(&text, fmt, args) < 0)
		text = cw_strdup(fmt);
	return text;
}

int cw_error_set(struct cw_error *err, const char *fmt, ...)
{
	va_list args;

	if (!err || err->message)
		return -1;

	va_start(args, fmt);
	err->message = print(fmt, args);
	va_end(args);
	return -1;
}

int cw_error_at(struct cw_error *err, const char *file, int line,
		const char *fmt, ...)
{
	va_list args;
	char *text;

	if (!err || err->message)
		return -1;

	va_start(args, fmt);
	text = print(fmt, args);
	va_end(args);

	if (line > 0)
		err->message = cw_asprintf("%s:%d: %s", file, line, text);
	else
		err->message = cw_asprintf("%s: %s", file, text);
	free(text);
	return -1;
}

void cw_error_clear(struct cw_error *err)
{
	if (!err)
		return;
	free(err->message);
	err->message = NULL;
}
