// SPDX-License-Identifier: GPL-2.0-or-later
/* Lets each allocation of what the family does fail: the old policy stands, or the new one, whole. */

/*
 * Runs in a namespace with a wire from cam0 to lan0, which the policy names, and a device
 * wan0, which only the new policy does. The old policy drops what the new one lets pass.
 */
#include <poll.h>

#include "faults.h"
#include "policy.h"
#include "wire.h"

#define CAMERA		(MAC_OTHER | 1)
#define PROBE_TYPE	0x88b5	/* for local experiments, IEEE 802 */
#define N_MANY		3000	/* enough that no array of them is one page */
/* Of the new policy: */
#define N_GROUPS	3
#define N_PREFIXES	(N_MANY + 3)
#define ANSWER_SECONDS	20

static struct session *session;
static uint32_t base;
static int tx, rx;

/* --- Two policies --- */

static void put_limit(struct session *s)
{
	struct nlattr *nest = mnl_attr_nest_start(s->request, CAMWALL_A_GROUP_LIMIT);

	mnl_attr_put_u64(s->request, CAMWALL_A_LIMIT_RATE, 1000);
	mnl_attr_put_u32(s->request, CAMWALL_A_LIMIT_UNIT, CAMWALL_LIMIT_UNIT_PACKETS);
	mnl_attr_put_u64(s->request, CAMWALL_A_LIMIT_BURST, 10);
	mnl_attr_nest_end(s->request, nest);
}

static void put_acting(struct session *s, uint32_t id, const char *name,
		       enum camwall_action action)
{
	struct nlattr *nest = mnl_attr_nest_start(s->request, CAMWALL_A_GROUP);

	mnl_attr_put_u32(s->request, CAMWALL_A_GROUP_ID, id);
	mnl_attr_put_strz(s->request, CAMWALL_A_GROUP_NAME, name);
	mnl_attr_put_u32(s->request, CAMWALL_A_GROUP_ACTION, action);
	if (action == CAMWALL_ACTION_LIMIT)
		put_limit(s);
	mnl_attr_nest_end(s->request, nest);
}

static void put_allow(struct session *s, uint32_t group, uint32_t address)
{
	struct nlattr *nest = mnl_attr_nest_start(s->request, CAMWALL_A_ALLOW);

	mnl_attr_put_u32(s->request, CAMWALL_A_ALLOW_GROUP, group);
	mnl_attr_put(s->request, CAMWALL_A_ALLOW_ADDRESS, sizeof(address), &address);
	mnl_attr_nest_end(s->request, nest);
}

static void put_exemption(struct session *s, uint64_t mac)
{
	struct nlattr *nest = mnl_attr_nest_start(s->request, CAMWALL_A_EXEMPTION);
	uint8_t octets[ETH_ALEN];

	wire_put_mac(octets, mac);
	mnl_attr_put(s->request, CAMWALL_A_EXEMPTION_MAC, sizeof(octets), octets);
	mnl_attr_put_u64(s->request, CAMWALL_A_EXEMPTION_UNTIL, 1ULL << 40);
	mnl_attr_put_strz(s->request, CAMWALL_A_EXEMPTION_REASON, "a trial");
	mnl_attr_put_strz(s->request, CAMWALL_A_EXEMPTION_APPROVED_BY, "somebody");
	mnl_attr_nest_end(s->request, nest);
}

static void put_old(struct session *s)
{
	mnl_attr_put_u32(s->request, CAMWALL_A_MAX_DEVICES, 128);
	mnl_attr_put_strz(s->request, CAMWALL_A_INTERFACE, "lan*");
	put_acting(s, 0, "cameras", CAMWALL_ACTION_DROP);
	put_prefix(s, packed(MAC_OTHER, 24, 0));
}

/* All that a configuration can have, so that all of it has to be allocated. */
static void put_new(struct session *s)
{
	mnl_attr_put_u32(s->request, CAMWALL_A_MAX_DEVICES, 64);
	mnl_attr_put_u32(s->request, CAMWALL_A_CONNTRACK, 1);
	mnl_attr_put_strz(s->request, CAMWALL_A_INTERFACE, "lan*");
	mnl_attr_put_strz(s->request, CAMWALL_A_INTERFACE, "wan*");
	put_acting(s, 0, "cameras", CAMWALL_ACTION_OBSERVE);
	put_acting(s, 1, "recorders", CAMWALL_ACTION_ISOLATE);
	put_acting(s, 2, "doorbells", CAMWALL_ACTION_LIMIT);
	put_allow(s, 1, htonl(0x0a000001));
	put_allow(s, 1, htonl(0x0a000002));
	put_exemption(s, MAC_BASE | 1);
	put_exemption(s, MAC_BASE | 2);
	put_prefix(s, packed(MAC_OTHER, 24, 0));
	put_prefix(s, packed(MAC_BASE, 24, 1));
	put_prefix(s, packed(MAC_BASE | 0x100000, 28, 2));
	put_many(s, 0, N_MANY);
}

static void stage(void (*put)(struct session *s))
{
	if (begin(session, generation()))
		errx(1, "config-begin: %s", session->message);
	if (!put)
		return;
	session_new(session, CAMWALL_CMD_CONFIG_ADD);
	put(session);
	if (session_ask(session))
		errx(1, "config-add: %s", session->message);
}

static void open_session(void)
{
	struct timeval limit = { .tv_sec = ANSWER_SECONDS };

	session = session_open();
	if (setsockopt(mnl_socket_get_fd(session->socket), SOL_SOCKET, SO_RCVTIMEO, &limit,
		       sizeof(limit)))
		err(1, "SO_RCVTIMEO");
}

static void close_session(void)
{
	session_close(session);
}

static void put_in_force(void (*put)(struct session *s))
{
	open_session();
	stage(put);
	if (commit(session))
		errx(1, "config-commit: %s", session->message);
	close_session();
	base = generation();
}

/* --- What is in force --- */

static void send_from(uint64_t mac)
{
	uint8_t frame[60] = { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff };

	wire_put_mac(frame + ETH_ALEN, mac);
	frame[12] = PROBE_TYPE >> 8;
	frame[13] = PROBE_TYPE & 0xff;
	errno = wire_send(tx, frame, sizeof(frame));
	if (errno)
		err(1, "send");
}

/* Whether a frame of the camera arrives, before one of whom no policy concerns. */
static bool camera_passes(void)
{
	struct pollfd poll_fd = { .fd = rx, .events = POLLIN };
	bool passes = false;
	uint8_t frame[60];

	send_from(CAMERA);
	send_from(WIRE_UNLISTED);
	for (;;) {
		if (poll(&poll_fd, 1, 1000 * ANSWER_SECONDS) != 1 ||
		    recv(rx, frame, sizeof(frame), 0) < 0)
			err(1, "not even a frame that is not listed arrives");
		if (wire_get_mac(frame + ETH_ALEN) == WIRE_UNLISTED)
			return passes;
		passes |= wire_get_mac(frame + ETH_ALEN) == CAMERA;
	}
}

static bool in_force(uint32_t number, uint32_t groups, uint32_t links, bool passes)
{
	return status(CAMWALL_A_GENERATION) == number && status(CAMWALL_A_GROUP_COUNT) == groups &&
	       status(CAMWALL_A_LINK_COUNT) == links && camera_passes() == passes;
}

static bool old_in_force(void) { return in_force(base, 1, 1, false); }
static bool new_in_force(uint32_t number) { return in_force(number, N_GROUPS, 2, true); }

static bool say_what_is_in_force(void)
{
	printf("in force is generation %u (the old one is %u), with %u groups and %u devices; the camera %s\n",
	       generation(), base, status(CAMWALL_A_GROUP_COUNT), status(CAMWALL_A_LINK_COUNT),
	       camera_passes() ? "passes" : "is dropped");
	return false;
}

/* The core of netlink refuses without a text; the module never does. */
static bool told_why(int error)
{
	if (error == EAGAIN) {
		printf("no answer within %d seconds\n", ANSWER_SECONDS);
		return false;
	}
	if (!getenv("FAULTS_MODULE_ONLY") || !error || session->message[0])
		return true;
	printf("refused without a reason\n");
	return false;
}

/* --- The operations --- */

/* A request, its whole answer; the socket itself may be what fails. */
static int ask(void)
{
	static char buffer[ANSWER_LEN];
	int error = 0;
	ssize_t len;

	session_reset(session);
	if (mnl_socket_sendto(session->socket, session->request, session->request->nlmsg_len) < 0)
		return errno;
	do {
		len = mnl_socket_recvfrom(session->socket, buffer, sizeof(buffer));
		if (len < 0)
			return errno;
	} while (!session_take(session, buffer, (int)len, &error));
	return error;
}

static void prepare_begin(void)
{
	open_session();
	session_new(session, CAMWALL_CMD_CONFIG_BEGIN);
	mnl_attr_put_u32(session->request, CAMWALL_A_GENERATION, base);
}

static void prepare_add(void)
{
	open_session();
	stage(NULL);
	session_new(session, CAMWALL_CMD_CONFIG_ADD);
	put_new(session);
}

static void prepare_commit(void)
{
	open_session();
	stage(put_new);
	session_new(session, CAMWALL_CMD_CONFIG_COMMIT);
}

static void prepare_abort(void)
{
	open_session();
	stage(put_new);
	session_new(session, CAMWALL_CMD_CONFIG_ABORT);
}

/* A question; @session->request is already of the right kind. */
static uint8_t question;

static void prepare_question(void)
{
	uint8_t octets[ETH_ALEN];

	open_session();
	session_new(session, question);
	wire_put_mac(octets, CAMERA);
	if (question == CAMWALL_CMD_LOOKUP || question == CAMWALL_CMD_DEVICE_GET)
		mnl_attr_put(session->request, CAMWALL_A_MAC, sizeof(octets), octets);
}

static void prepare_dump(void)
{
	open_session();
	session_new(session, question);
	session->request->nlmsg_flags |= NLM_F_DUMP;
}

static bool judge_old(int error)
{
	return told_why(error) && (old_in_force() || say_what_is_in_force());
}

static bool judge_answer(int error)
{
	return told_why(error) && (new_in_force(base) || say_what_is_in_force());
}

/* Where the answer itself got lost (ENOBUFS) it can be either. */
static bool judge_commit(int error)
{
	if (error != ENOBUFS)
		return error ? judge_old(error) : new_in_force(base + 1) || say_what_is_in_force();
	return old_in_force() || new_in_force(base + 1) || say_what_is_in_force();
}

/*
 * Where the module refused, nothing is staged any more. Where the message did not get as
 * far, what it should have added is missing, and that is seen at the commit. Where only the
 * answer got lost, it may be there.
 */
static bool judge_add(int error)
{
	if (error && error != ENOBUFS && told_why(error) &&
	    !commit_counts(session, N_GROUPS, N_PREFIXES)) {
		printf("refused, but staged\n");
		return false;
	}
	return judge_old(error);
}

static void clean_commit(void)
{
	close_session();
	if (generation() != base)
		put_in_force(put_old);
}

static const struct faulty changes[] = {
	{ "begin", prepare_begin, ask, judge_old, close_session },
	{ "add", prepare_add, ask, judge_add, close_session },
	{ "commit", prepare_commit, ask, judge_commit, clean_commit },
	{ "abort", prepare_abort, ask, judge_old, close_session },
};

static const struct {
	const char *name;
	uint8_t command;
	bool dump;
} questions[] = {
	{ "config-get", CAMWALL_CMD_CONFIG_GET, false },
	{ "status-get", CAMWALL_CMD_STATUS_GET, false },
	{ "lookup", CAMWALL_CMD_LOOKUP, false },
	{ "device-get", CAMWALL_CMD_DEVICE_GET, false },
	{ "group-dump", CAMWALL_CMD_GROUP_GET, true },
	{ "prefix-dump", CAMWALL_CMD_PREFIX_GET, true },
	{ "allow-dump", CAMWALL_CMD_ALLOW_GET, true },
	{ "exemption-dump", CAMWALL_CMD_EXEMPTION_GET, true },
	{ "link-dump", CAMWALL_CMD_LINK_GET, true },
	{ "device-dump", CAMWALL_CMD_DEVICE_GET, true },
	{ "device-flush", CAMWALL_CMD_DEVICE_FLUSH, false },
};

static bool try_changes(const struct faults *faults)
{
	bool good = true;
	size_t i;

	for (i = 0; i < sizeof(changes) / sizeof(changes[0]); i++)
		good = faults_try(faults, &changes[i]) && good;
	return good;
}

static bool try_questions(const struct faults *faults)
{
	bool good = true;
	size_t i;

	put_in_force(put_new);
	for (i = 0; i < sizeof(questions) / sizeof(questions[0]); i++) {
		const struct faulty faulty = {
			.name = questions[i].name, .run = ask, .judge = judge_answer,
			.prepare = questions[i].dump ? prepare_dump : prepare_question,
			.clean = close_session,
		};

		question = questions[i].command;
		good = faults_try(faults, &faulty) && good;
	}
	return good;
}

int main(int argc, char **argv)
{
	bool all_after = argc == 3 && !strcmp(argv[2], "onward");
	struct faults faults;

	if (argc < 2 || argc > 3 || (argc == 3 && !all_after))
		errx(2, "usage: faults changes|questions [onward]");
	if (!session_find_family())
		errx(1, "the module is not loaded");
	setvbuf(stdout, NULL, _IOLBF, 0);
	wire_stay();
	tx = wire_socket("cam0", 0);
	rx = wire_socket("lan0", PROBE_TYPE);
	faults_open(&faults, all_after);
	put_in_force(put_old);
	return !(strcmp(argv[1], "changes") ? try_questions(&faults) : try_changes(&faults));
}
