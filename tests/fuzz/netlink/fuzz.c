// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * fuzz [OPTION...] [FILE...]: replay the steps of FILEs, then say to the module, in namespaces
 * of its own, what a seed gives: right things, nearly right things, and anything.
 *
 *   -s SEED      a number; the time where it is not given. The same seed, the same steps.
 *   -n MESSAGES  how many, after those of the FILEs; 0 where it is not given
 *   -r FILE      write the steps there, all that are taken, as they are taken
 *   -c           fail where an operation was never carried out
 *
 * Exit status 0, 1 where the module did what it must not, 2 where the program cannot go on.
 */
#include <err.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "home.h"
#include "valid.h"
#include "world.h"

#define N_LISTENERS	4	/* of the sockets, the last ones: they join, and hardly read */

static struct world world;
static struct action action;
static struct rng rng;
static FILE *record;
static uint64_t steps;

/* Written before it is done: the step that a kernel dies of is in the file. */
static void step(void)
{
	if (record) {
		action_write(&action, record);
		fflush(record);
	}
	steps++;
	world_do(&world, &action);
}

static bool good(const char *where)
{
	if (!world.wrong)
		return true;
	printf("# %s, step %llu: %s\n", where, (unsigned long long)steps, world.wrong);
	return false;
}

/* --- Files --- */

static bool replay(const char *name)
{
	FILE *file = fopen(name, "r");
	unsigned int line = 0;

	if (!file)
		err(2, "%s", name);
	world_renew(&world);
	while (!world.wrong && action_read(&action, file, name, &line))
		step();
	fclose(file);
	return good(name);
}

/* --- What to do next --- */

static struct fuzz_socket *some_socket(void)
{
	/* One socket for a while, so that transactions come to their end; then another. */
	static unsigned int slot, left;

	if (!left--) {
		slot = rng_below(&rng, N_SOCKETS - N_LISTENERS);
		left = rng_below(&rng, rng_one_in(&rng, 3) ? 2 : 16);
	}
	action.slot = slot;
	return &world.sockets[slot];
}

static const struct family_op *some_op(void)
{
	/* What can stage something has the most to it. */
	if (rng_one_in(&rng, 2))
		return &family_ops[rng_below(&rng, 3)];
	return &family_ops[rng_below(&rng, FAMILY_N_OPS)];
}

static void write_garbage(void)
{
	size_t i, len = rng_below(&rng, 128) + sizeof(struct nlmsghdr);

	for (i = 0; i < len; i++)
		action.bytes[i] = rng_next(&rng);
	action.header.nlmsg_len = rng_one_in(&rng, 4) ? rng_next(&rng) : len;
	action.header.nlmsg_type = FAMILY_PLACEHOLDER;
	action.header.nlmsg_flags |= NLM_F_REQUEST;
	action.len = len;
}

static void write_any(struct fuzz_socket *socket)
{
	unsigned int n;

	/* With anything else in between, the end of what the module takes is never found. */
	if (socket->staged.greed) {
		valid_request(&action, &rng, &world, socket);
		return;
	}
	switch (rng_below(&rng, 16)) {
	case 0:
		write_garbage();
		return;
	case 1:
	case 2:
		message_random(&action, &rng, some_op(),
			       rng_one_in(&rng, 4) ? NLM_F_DUMP : NLM_F_ACK);
		return;
	case 3:
	case 4:
	case 5:
		valid_request(&action, &rng, &world, socket);
		message_mutate(&action, &rng);
		return;
	case 6:
		for (n = rng_below(&rng, rng_one_in(&rng, 10) ? 200 : 12); n; n--)
			valid_request(&action, &rng, &world, socket);
		return;
	default:
		valid_request(&action, &rng, &world, socket);
	}
}

static void choose_request(void)
{
	struct fuzz_socket *socket = some_socket();

	action.kind = rng_one_in(&rng, 30) ? ACTION_POST : ACTION_SEND;
	action.powerless = rng_one_in(&rng, 50);
	if (socket->nl) {
		write_any(socket);
		return;
	}
	action.kind = ACTION_OPEN;
	/* Most in one namespace, so that they get in each other's way. */
	action.number = rng_one_in(&rng, 8) ? NETNS_HOME : 1;
	if (rng_one_in(&rng, 3))
		action.number = rng_between(&rng, 1, N_NETNS - 1);
}

/*
 * Many sockets begin a transaction in one namespace, more than it takes; Return: whether
 * that is still going on.
 */
static bool choose_for_crowd(void)
{
	static unsigned int left;

	if (!left) {
		if (!rng_one_in(&rng, 2000))
			return false;
		left = 2 * (N_SOCKETS - N_LISTENERS);
	}
	left--;
	action.slot = left / 2;
	action.kind = left % 2 ? ACTION_OPEN : ACTION_SEND;
	action.number = 1;
	if (action.kind == ACTION_SEND)
		valid_begin(&action, &rng, world.netns[1].generation);
	return true;
}

static void choose_for_listener(void)
{
	struct fuzz_socket *socket;

	action.slot = rng_between(&rng, N_SOCKETS - N_LISTENERS, N_SOCKETS - 1);
	socket = &world.sockets[action.slot];
	if (!socket->nl) {
		action.kind = ACTION_OPEN;
		action.number = rng_below(&rng, N_NETNS);
	} else if (!socket->joined) {
		action.kind = ACTION_JOIN;
	} else {
		action.kind = rng_one_in(&rng, 4) ? ACTION_CLOSE : ACTION_READ;
		action.number = rng_one_in(&rng, 4);
	}
}

static void choose(void)
{
	action.len = 0;
	action.number = 0;
	action.powerless = false;
	if (choose_for_crowd())
		return;
	if (rng_one_in(&rng, 6000)) {
		action.kind = ACTION_NETNS;
		action.slot = rng_below(&rng, N_NETNS);
		return;
	}
	action.slot = rng_below(&rng, N_SOCKETS);
	switch (rng_below(&rng, 400)) {
	case 0:
	case 1:
		action.kind = ACTION_CLOSE;
		return;
	case 2:
		action.kind = ACTION_JOIN;
		action.powerless = rng_one_in(&rng, 4);
		return;
	case 3:
	case 4:
	case 5:
		action.kind = ACTION_READ;
		action.number = rng_between(&rng, 1, 20);
		return;
	case 6:
		choose_for_listener();
		return;
	}
	if (rng_one_in(&rng, 20)) {
		action.kind = ACTION_FRAME;
		action.slot = rng_between(&rng, 1, N_NETNS - 1);
		valid_frame(&action, &rng);
		return;
	}
	choose_request();
}

static bool fuzz(uint64_t seed, uint64_t messages)
{
	uint64_t end = coverage_messages() + messages, told = coverage_messages();

	rng.state = seed;
	world_renew(&world);
	while (!world.wrong && coverage_messages() < end) {
		choose();
		step();
		if (coverage_messages() - told < 100000)
			continue;
		told = coverage_messages();
		printf("# %llu messages\n", (unsigned long long)told);
		fflush(stdout);
	}
	return good("seed");
}

static uint64_t parse_number(const char *text)
{
	char *end;
	uint64_t value = strtoull(text, &end, 0);

	if (!*text || *end)
		errx(2, "'%s' is not a number", text);
	return value;
}

int main(int argc, char **argv)
{
	uint64_t seed = time(NULL), messages = 0;
	bool complete = false, passed = true;
	int option;

	while ((option = getopt(argc, argv, "s:n:r:c")) != -1) {
		switch (option) {
		case 's':
			seed = parse_number(optarg);
			break;
		case 'n':
			messages = parse_number(optarg);
			break;
		case 'c':
			complete = true;
			break;
		case 'r':
			record = fopen(optarg, "w");
			if (!record)
				err(2, "%s", optarg);
			break;
		default:
			return 2;
		}
	}
	printf("# seed %llu\n", (unsigned long long)seed);
	fflush(stdout);
	world_open(&world);
	home_settle(&world);
	for (; optind < argc && passed; optind++)
		passed = replay(argv[optind]);
	passed = passed && fuzz(seed, messages) && home_stands(&world);
	world_close(&world);
	coverage_print(stdout);
	if (complete)
		passed = coverage_complete() && passed;
	return !passed;
}
