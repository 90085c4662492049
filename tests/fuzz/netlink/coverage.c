// SPDX-License-Identifier: GPL-2.0-or-later
/* Counts requests and answers, by operation, by error and by the text of the extended ack. */
#include <err.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "coverage.h"

#define N_ERRORS	134	/* beyond the largest errno */
#define N_TEXTS		256

struct row {
	uint64_t sent;
	uint64_t data;
	uint64_t answers[N_ERRORS];
};

struct text {
	char *message;
	uint64_t count;
};

static struct row rows[FAMILY_N_OPS + 1][2];
static struct text texts[N_TEXTS];
static uint64_t messages, novelty;

static struct row *row_of(const struct request *request)
{
	return &rows[request->op][request->dump];
}

/** coverage_sent() - a request goes out */
void coverage_sent(const struct request *request)
{
	row_of(request)->sent++;
	messages++;
}

/** coverage_data() - a message of data came */
void coverage_data(const struct request *request)
{
	if (!row_of(request)->data++)
		novelty++;
}

static void count_text(const char *message)
{
	unsigned int i;

	for (i = 0; i < N_TEXTS && texts[i].message; i++) {
		if (!strcmp(texts[i].message, message)) {
			texts[i].count++;
			return;
		}
	}
	if (i == N_TEXTS)
		errx(2, "more than %d different texts: raise N_TEXTS", N_TEXTS);
	texts[i].message = strdup(message);
	if (!texts[i].message)
		err(2, "strdup");
	texts[i].count = 1;
	novelty++;
}

/**
 * coverage_answer() - a request was answered
 * @request: which
 * @error: 0 or an errno
 * @message: text of the extended ack, or empty
 */
void coverage_answer(const struct request *request, int error, const char *message)
{
	if (error < 0 || error >= N_ERRORS)
		errx(2, "the kernel answered with the error %d", error);
	if (!row_of(request)->answers[error]++)
		novelty++;
	if (*message)
		count_text(message);
}

/** coverage_messages() - requests sent until now */
uint64_t coverage_messages(void)
{
	return messages;
}

/** coverage_novelty() - different answers seen until now */
uint64_t coverage_novelty(void)
{
	return novelty;
}

static void print_row(FILE *file, const char *name, bool dump, const struct row *row)
{
	uint64_t answered = 0;
	int error;

	if (!row->sent)
		return;
	fprintf(file, "# %-14s %-4s %8llu sent, %8llu data:", name, dump ? "dump" : "do",
		(unsigned long long)row->sent, (unsigned long long)row->data);
	for (error = 0; error < N_ERRORS; error++) {
		answered += row->answers[error];
		if (row->answers[error])
			fprintf(file, " %s %llu", error ? strerrorname_np(error) : "ok",
				(unsigned long long)row->answers[error]);
	}
	if (answered < row->sent)
		fprintf(file, " unanswered %llu", (unsigned long long)(row->sent - answered));
	fputc('\n', file);
}

/** coverage_print() - write it all, as comments of KTAP */
void coverage_print(FILE *file)
{
	unsigned int op, dump, i;

	fprintf(file, "# %llu messages, %llu different answers\n",
		(unsigned long long)messages, (unsigned long long)novelty);
	for (op = 0; op <= FAMILY_N_OPS; op++)
		for (dump = 0; dump < 2; dump++)
			print_row(file, op < FAMILY_N_OPS ? family_ops[op].name : "(none)", dump,
				  &rows[op][dump]);
	for (i = 0; i < N_TEXTS && texts[i].message; i++)
		fprintf(file, "# said %8llu times: %s\n", (unsigned long long)texts[i].count,
			texts[i].message);
}

static bool reached(unsigned int op, bool dump)
{
	if (rows[op][dump].answers[0])
		return true;
	printf("# never answered: %s, %s\n", family_ops[op].name, dump ? "dump" : "do");
	return false;
}

/** coverage_complete() - whether each operation was carried out once; says which was not */
bool coverage_complete(void)
{
	bool complete = true;
	unsigned int op;

	for (op = 0; op < FAMILY_N_OPS; op++) {
		if (family_ops[op].does)
			complete = reached(op, false) && complete;
		if (family_ops[op].dumps)
			complete = reached(op, true) && complete;
	}
	return complete;
}
