/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which answers each operation gave, and how often: so that it is seen how deep a run went. */
#ifndef COVERAGE_H
#define COVERAGE_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "family.h"

/* Requests that ask for no operation of the family. */
#define COVERAGE_OTHER	FAMILY_N_OPS

/**
 * struct request - what an answer belongs to
 * @op: index in family_ops, or COVERAGE_OTHER
 * @dump: it asked for a dump
 * @ours: it was for the family
 * @powerless: it was sent without CAP_NET_ADMIN
 */
struct request {
	uint8_t op;
	bool dump;
	bool ours;
	bool powerless;
};

void coverage_sent(const struct request *request);
void coverage_answer(const struct request *request, int error, const char *message);
void coverage_data(const struct request *request);
uint64_t coverage_messages(void);
uint64_t coverage_novelty(void);
void coverage_print(FILE *file);
bool coverage_complete(void);

#endif
