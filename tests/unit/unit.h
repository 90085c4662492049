/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the unit tests share: cmocka, the tree's files, files for a moment, errors. */
#ifndef CW_UNIT_H
#define CW_UNIT_H

#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "error.h"

/* The source tree: above the test program, or, where that is built elsewhere, the current folder. */
static inline void unit_find_top(char *top, size_t size)
{
	ssize_t length = readlink("/proc/self/exe", top, size - 1);
	char probe[PATH_MAX + 32], *slash;

	assert_true(length > 0);
	top[length] = '\0';
	while ((slash = strrchr(top, '/'))) {
		*slash = '\0';
		snprintf(probe, sizeof(probe), "%s/tests/unit/data", top);
		if (!access(probe, R_OK))
			return;
	}
	strcpy(top, ".");
	if (access("tests/unit/data", R_OK))
		fail_msg("no tests/unit/data: run this in the top folder of camwall");
}

/* A file or folder of the source tree; the next call overwrites it. */
static inline const char *unit_path(const char *name)
{
	static char top[PATH_MAX], path[2 * PATH_MAX];

	if (!*top)
		unit_find_top(top, sizeof(top));
	snprintf(path, sizeof(path), "%s/%s", top, name);
	return path;
}

/* A new folder, for unit_remove(). */
static inline char *unit_folder(void)
{
	char *dir = strdup("/tmp/camwall-unit-XXXXXX");

	assert_non_null(dir);
	assert_non_null(mkdtemp(dir));
	return dir;
}

static inline void unit_write(const char *dir, const char *name, const void *text, size_t length)
{
	char path[PATH_MAX];
	FILE *stream;

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	stream = fopen(path, "w");
	assert_non_null(stream);
	assert_int_equal(fwrite(text, 1, length, stream), length);
	assert_int_equal(fclose(stream), 0);
}

/* Remove a folder of unit_folder() and the files in it that are named, up to NULL. */
static inline void unit_remove(char *dir, const char *const *names)
{
	char path[PATH_MAX];

	for (; *names; names++) {
		snprintf(path, sizeof(path), "%s/%s", dir, *names);
		unlink(path);
	}
	assert_int_equal(rmdir(dir), 0);
	free(dir);
}

/* The whole of a file, for free(). */
static inline char *unit_read(const char *path, size_t *length)
{
	FILE *stream = fopen(path, "r");
	char *text;
	long size;

	if (!stream)
		fail_msg("cannot open %s", path);
	assert_int_equal(fseek(stream, 0, SEEK_END), 0);
	size = ftell(stream);
	assert_true(size >= 0);
	rewind(stream);
	text = malloc((size_t)size + 1);
	assert_non_null(text);
	*length = fread(text, 1, (size_t)size, stream);
	assert_int_equal(*length, size);
	text[size] = '\0';
	fclose(stream);
	return text;
}

/* An error is there and says this; it is cleared. */
static inline void unit_expect(struct cw_error *err, const char *part)
{
	if (!err->message)
		fail_msg("no error, but one with \"%s\" was expected", part);
	if (!strstr(err->message, part))
		fail_msg("the error \"%s\" does not say \"%s\"", err->message, part);
	cw_error_clear(err);
}

static inline void unit_expect_none(const struct cw_error *err)
{
	if (err->message)
		fail_msg("unexpected error \"%s\"", err->message);
}

#endif
