// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * load FILE [ROUNDS]: what "camwall apply FILE" does, with a clock between its steps; then
 * the same policy is put in force again until there have been ROUNDS, 1 where not given.
 *
 * For each round a line of JSON, in ms: "parse" is reading configuration, packs and
 * registry (of the first round), "begin" the opening of the transaction, "add" from the
 * first ADD to the last one's answer, "commit" the COMMIT with its answer. What the tool
 * does between two requests to build the next one is part of "add".
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <netlink/genl/genl.h>

#include "client.h"
#include "config.h"
#include "genl.h"

/* When the first request of each kind was sent, and the last one was answered. */
struct span {
	double first, last;
};

static struct span begin, add, commit;

static double now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1e3 + now.tv_nsec / 1e6;
}

static struct span *span_of(const struct nl_msg *msg)
{
	const struct genlmsghdr *header = genlmsg_hdr(nlmsg_hdr((struct nl_msg *)msg));

	switch (header->cmd) {
	case CAMWALL_CMD_CONFIG_BEGIN:
		return &begin;
	case CAMWALL_CMD_CONFIG_ADD:
		return &add;
	case CAMWALL_CMD_CONFIG_COMMIT:
		return &commit;
	default:
		return NULL;
	}
}

/* NOLINTBEGIN(bugprone-reserved-identifier,cert-dcl37-c,cert-dcl51-cpp): so the linker names them */
__typeof__(cw_genl_exchange) __real_cw_genl_exchange, __wrap_cw_genl_exchange;

/* The linker puts this between the library's client and its requests (--wrap). */
enum cw_genl_result __wrap_cw_genl_exchange(struct cw_genl *genl, struct nl_msg *msg,
					    cw_genl_reply_fn *reply, void *ctx,
					    struct cw_error *err)
/* NOLINTEND(bugprone-reserved-identifier,cert-dcl37-c,cert-dcl51-cpp) */
{
	struct span *span = span_of(msg);
	enum cw_genl_result ret;

	if (span && !span->first)
		span->first = now_ms();
	ret = __real_cw_genl_exchange(genl, msg, reply, ctx, err);
	if (span)
		span->last = now_ms();
	return ret;
}

static int fail(struct cw_error *err)
{
	fprintf(stderr, "load: %s\n", err->message);
	return 1;
}

static struct cw_policy *parse(const char *file, struct cw_error *err)
{
	struct cw_config_report report = { 0 };
	FILE *stream = fopen(file, "r");
	struct cw_policy *policy;

	if (!stream) {
		perror(file);
		exit(1);
	}
	policy = cw_config_load(stream, file, NULL, &report, err);
	cw_config_report_clear(&report);
	fclose(stream);
	return policy;
}

static int round_of(struct cw_client *client, struct cw_policy *policy, double parse_ms,
		    struct cw_error *err)
{
	begin = (struct span){ 0 };
	add = begin;
	commit = begin;
	if (cw_client_commit(client, policy, &policy->generation, err))
		return -1;
	printf("{\"prefixes\":%zu,\"parse\":%.3f,\"begin\":%.3f,\"add\":%.3f,\"commit\":%.3f,\"kernel\":%.3f}\n",
	       policy->n_prefixes, parse_ms, begin.last - begin.first, add.last - add.first,
	       commit.last - commit.first, commit.last - add.first);
	return 0;
}

int main(int argc, char **argv)
{
	int rounds = argc > 2 ? (int)strtol(argv[2], NULL, 10) : 1, ret = 0;
	struct cw_error err = { 0 };
	struct cw_client *client;
	struct cw_status status;
	struct cw_policy *policy;
	double start, parse_ms;

	if (argc < 2) {
		fputs("usage: load FILE [ROUNDS]\n", stderr);
		return 2;
	}
	start = now_ms();
	policy = parse(argv[1], &err);
	parse_ms = now_ms() - start;
	if (!policy)
		return fail(&err);
	client = cw_client_open(NULL, &err);
	if (!client || cw_client_status(client, &status, &err))
		return fail(&err);
	policy->generation = status.generation;
	while (rounds-- > 0 && !ret)
		ret = round_of(client, policy, parse_ms, &err);
	cw_client_close(client);
	cw_policy_free(policy);
	return ret ? fail(&err) : 0;
}
