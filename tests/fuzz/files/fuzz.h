/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the harnesses of libFuzzer share: input as a stream or a file, and what has to be so. */
#ifndef CW_FUZZ_H
#define CW_FUZZ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "config.h"
#include "error.h"

/* A time for all inputs, so that a reproducer means the same tomorrow: 2026-11-26T00:00:00Z. */
#define FUZZ_NOW	1795651200

/**
 * LLVMFuzzerTestOneInput() - one input, which the harness neither keeps nor changes
 *
 * Return: 0; what is wrong ends the program.
 */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/** fuzz_expect() - end the program, as a finding, where something is not so */
#define fuzz_expect(so, ...)						\
	do {								\
		if (!(so))						\
			fuzz_fail(__FILE__, __LINE__, __VA_ARGS__);	\
	} while (0)

/** fuzz_fail() - say what is wrong, and end the program as libFuzzer wants it */
__attribute__((noreturn, format(printf, 3, 4)))
void fuzz_fail(const char *file, int line, const char *fmt, ...);

/** fuzz_stream() - the input as a stream, for fclose() */
FILE *fuzz_stream(const uint8_t *data, size_t size);

/**
 * fuzz_file() - the path of a file of this program's own, under $TMPDIR
 *
 * Return: it, valid for as long as the program runs.
 */
const char *fuzz_file(const char *name);

/** fuzz_write() - the input as that file, of the time FUZZ_NOW, in memory where $TMPDIR is */
void fuzz_write(const char *path, const void *data, size_t size);

/** fuzz_text() - the input up to its first zero byte, as a string for free() */
char *fuzz_text(const uint8_t *data, size_t size);

/** fuzz_data() - a folder of tests/unit/data; programs are run in the top folder of the tree */
const char *fuzz_data(const char *name);

/** fuzz_expect_error() - there is an error, and it begins with one of these names; it is cleared */
void fuzz_expect_error(struct cw_error *err, const char *file, const char *other);

/** fuzz_expect_none() - there is no error */
void fuzz_expect_none(const struct cw_error *err);

/** fuzz_print() - a policy as "camwall save" prints it, for free() */
char *fuzz_print(const struct cw_policy *policy);

/** fuzz_expect_same() - two policies say the same */
void fuzz_expect_same(const struct cw_policy *a, const struct cw_policy *b);

/**
 * fuzz_expect_sound() - a policy is one that the kernel would take
 *
 * Its prefixes are valid and sorted, each once, of groups that there are, and the prefix table
 * finds them; what is printed of it is read back as the same policy, and prints the same.
 */
void fuzz_expect_sound(struct cw_policy *policy);

#endif
