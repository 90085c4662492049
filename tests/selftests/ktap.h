/* SPDX-License-Identifier: GPL-2.0-or-later */
/* KTAP for a test program in C: a table of behaviours, one line of result for each. */
#ifndef KTAP_H
#define KTAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

#define KSFT_FAIL	1
#define KSFT_SKIP	4

/**
 * struct behaviour - one thing that has to be so
 * @name: what, as a sentence
 * @test: says whether it is so; where it is not, it has said why with ktap_note()
 */
struct behaviour {
	const char *name;
	bool (*test)(void);
};

#define ktap_note(fmt, ...) printf("# " fmt "\n", ##__VA_ARGS__)

/* What no test can go on after. */
#define ktap_bail_out(fmt, ...)						\
	do {								\
		printf("Bail out! " fmt "\n", ##__VA_ARGS__);		\
		exit(KSFT_FAIL);					\
	} while (0)

static inline void ktap_skip_all(const char *why)
{
	printf("TAP version 13\n1..0 # SKIP %s\n", why);
	exit(KSFT_SKIP);
}

/** ktap_run() - try them all; Return: the program's exit status */
static inline int ktap_run(const struct behaviour *behaviours, size_t n)
{
	size_t i, failed = 0;

	printf("TAP version 13\n1..%zu\n", n);
	for (i = 0; i < n; i++) {
		bool good = behaviours[i].test();

		printf("%s %zu %s\n", good ? "ok" : "not ok", i + 1, behaviours[i].name);
		fflush(stdout);
		failed += !good;
	}
	printf("# Totals: pass:%zu fail:%zu xfail:0 xpass:0 skip:0 error:0\n", n - failed, failed);
	return failed ? KSFT_FAIL : 0;
}

#endif
