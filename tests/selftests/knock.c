// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * knock WAY: try every operation of the family, and its multicast groups, as who may not (or,
 * for "allowed", as who may); exit status 0 where all answers are as they have to be.
 *
 *   refused   as who runs it: all is refused
 *   allowed   as who runs it: nothing is refused for want of a right
 *   dropped   CAP_NET_ADMIN is dropped when the sockets are open
 *   passed    a socket of an administrator's, passed to a process without rights
 *   entered   the same, and that process is root of a user namespace
 *   borrowed  a socket of a process without rights, passed to an administrator who writes to
 *             it as to a file
 *   addressed the same, but he names the kernel as the address: nothing is refused
 *   staged    what an administrator has staged, committed by who has got the socket
 *   table     the kernel's operations are those of the specification, each with its right
 */
#include <grp.h>
#include <sched.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include "capability.h"
#include "family.h"
#include "policy.h"

#define NOBODY	65534

static uint32_t group_ids[FAMILY_SIZE(family_groups)];
static unsigned int asked, wrong, with_message;

/* --- The family, as the kernel describes it --- */

static const struct nlattr *find_attr(const struct nlattr *nest, uint16_t type)
{
	const struct nlattr *attr;

	mnl_attr_for_each_nested(attr, nest)
		if (mnl_attr_get_type(attr) == type)
			return attr;
	return NULL;
}

static void note_group(const struct nlattr *entry)
{
	const struct nlattr *name = find_attr(entry, CTRL_ATTR_MCAST_GRP_NAME);
	const struct nlattr *id = find_attr(entry, CTRL_ATTR_MCAST_GRP_ID);
	size_t i;

	for (i = 0; name && id && i < FAMILY_SIZE(family_groups); i++) {
		if (strcmp(mnl_attr_get_str(name), family_groups[i]) != 0)
			continue;
		group_ids[i] = mnl_attr_get_u32(id);
		return;
	}
	ktap_note("a multicast group that the specification does not have");
	wrong++;
}

static bool check_op(const struct nlattr *entry)
{
	const struct nlattr *id = find_attr(entry, CTRL_ATTR_OP_ID);
	const struct nlattr *flags = find_attr(entry, CTRL_ATTR_OP_FLAGS);
	uint32_t has, number = id ? mnl_attr_get_u32(id) : 0;
	size_t i;

	has = flags ? mnl_attr_get_u32(flags) : 0;
	for (i = 0; i < FAMILY_N_OPS; i++)
		if (family_ops[i].number == number && !family_ops[i].tells)
			break;
	if (i < FAMILY_N_OPS && has & GENL_UNS_ADMIN_PERM &&
	    !!(has & GENL_CMD_CAP_DO) == family_ops[i].does &&
	    !!(has & GENL_CMD_CAP_DUMP) == family_ops[i].dumps)
		return true;
	ktap_note("operation %u has the flags %#x", number, has);
	return false;
}

static void check_ops(const struct nlattr *ops)
{
	size_t n = 0, want = 0, i;
	const struct nlattr *entry;

	mnl_attr_for_each_nested(entry, ops) {
		wrong += !check_op(entry);
		n++;
	}
	for (i = 0; i < FAMILY_N_OPS; i++)
		want += !family_ops[i].tells;
	if (n != want) {
		ktap_note("%zu operations, and %zu in the specification", n, want);
		wrong++;
	}
}

static void ask_family(bool check)
{
	struct session *s = session_open();
	const struct nlattr *attr, *entry;

	session_start(s, GENL_ID_CTRL, CTRL_CMD_GETFAMILY);
	mnl_attr_put_strz(s->request, CTRL_ATTR_FAMILY_NAME, CAMWALL_FAMILY_NAME);
	if (session_ask(s) || !s->reply.nlmsg_type)
		errx(1, "the module is not loaded");
	mnl_attr_for_each(attr, &s->reply, sizeof(struct genlmsghdr)) {
		if (mnl_attr_get_type(attr) == CTRL_ATTR_FAMILY_ID)
			family_id = mnl_attr_get_u16(attr);
		if (mnl_attr_get_type(attr) == CTRL_ATTR_MCAST_GROUPS)
			mnl_attr_for_each_nested(entry, attr)
				note_group(entry);
		if (mnl_attr_get_type(attr) == CTRL_ATTR_OPS && check)
			check_ops(attr);
	}
	session_close(s);
}

/* --- Trying --- */

static void judge(const char *what, const char *how, bool allowed, int error, const char *message)
{
	asked++;
	with_message += !!*message;
	if (allowed ? error != EPERM && error != EOPNOTSUPP : error == EPERM)
		return;
	ktap_note("%s, %s: %s", what, how, error ? strerror(error) : "no error");
	wrong++;
}

static void ask(struct session *s, const struct family_op *op, bool dump, bool allowed)
{
	int error;

	session_new(s, op->number);
	if (dump)
		s->request->nlmsg_flags |= NLM_F_DUMP;
	error = session_ask(s);
	/* Its second and later messages must not be taken for the next answer. */
	judge(op->name, dump ? "dump" : "do", allowed, error, s->message);
}

static void ask_all(struct session *s, bool allowed)
{
	size_t i;

	for (i = 0; i < FAMILY_N_OPS; i++) {
		if (family_ops[i].does)
			ask(s, &family_ops[i], false, allowed);
		if (family_ops[i].dumps)
			ask(s, &family_ops[i], true, allowed);
	}
}

/* Both ways to join: by option, and, which only low numbers can, by address. */
static void join_all(bool allowed)
{
	struct sockaddr_nl address = { .nl_family = AF_NETLINK };
	size_t i;
	int fd;

	for (i = 0; i < FAMILY_SIZE(family_groups); i++) {
		struct session *s = session_open();
		int failed = mnl_socket_setsockopt(s->socket, NETLINK_ADD_MEMBERSHIP,
						   &group_ids[i], sizeof(group_ids[i]));

		judge(family_groups[i], "join", allowed, failed ? errno : 0, "");
		session_close(s);
		if (group_ids[i] > 32)
			continue;
		address.nl_groups = 1U << (group_ids[i] - 1);
		fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_GENERIC);
		failed = bind(fd, (struct sockaddr *)&address, sizeof(address));
		judge(family_groups[i], "bind", allowed, failed ? errno : 0, "");
		close(fd);
	}
}

static void try_all(struct session *s, bool allowed)
{
	ask_all(s, allowed);
	join_all(allowed);
}

/* --- Handing over --- */

static void pass(int through, int fd)
{
	char control[CMSG_SPACE(sizeof(fd))] = {}, octet = 0;
	struct iovec iov = { &octet, 1 };
	struct msghdr msg = {
		.msg_iov = &iov, .msg_iovlen = 1,
		.msg_control = control, .msg_controllen = sizeof(control),
	};
	struct cmsghdr *cmsg = CMSG_FIRSTHDR(&msg);

	cmsg->cmsg_level = SOL_SOCKET;
	cmsg->cmsg_type = SCM_RIGHTS;
	cmsg->cmsg_len = CMSG_LEN(sizeof(fd));
	memcpy(CMSG_DATA(cmsg), &fd, sizeof(fd));
	if (sendmsg(through, &msg, 0) != 1)
		err(1, "sendmsg");
}

/* A session on a socket that another process has opened. */
static struct session *take(int through)
{
	char control[CMSG_SPACE(sizeof(int))], octet;
	struct session *s = calloc(1, sizeof(*s));
	struct iovec iov = { &octet, 1 };
	struct msghdr msg = {
		.msg_iov = &iov, .msg_iovlen = 1,
		.msg_control = control, .msg_controllen = sizeof(control),
	};
	int fd;

	if (!s || recvmsg(through, &msg, 0) != 1 || !CMSG_FIRSTHDR(&msg))
		err(1, "recvmsg");
	memcpy(&fd, CMSG_DATA(CMSG_FIRSTHDR(&msg)), sizeof(fd));
	s->socket = mnl_socket_fdopen(fd);
	if (!s->socket)
		err(1, "mnl_socket_fdopen");
	return s;
}

static void become_nobody(void)
{
	if (setgroups(0, NULL) || setgid(NOBODY) || setuid(NOBODY))
		err(1, "setuid");
}

static void become_root_of_user_namespace(void)
{
	become_nobody();
	if (unshare(CLONE_NEWUSER))
		err(1, "unshare");
}

/* What a child found, beside what this process has found. */
static void reap(pid_t child)
{
	int status;

	if (waitpid(child, &status, 0) != child || !WIFEXITED(status) || WEXITSTATUS(status))
		wrong++;
	else
		asked++;
}

static int report(void)
{
	ktap_note("%u requests, %u answers with a message, %u wrong", asked, with_message, wrong);
	return wrong || !asked;
}

static void receiver(int through, void (*become)(void), void (*try)(struct session *s))
{
	struct session *s = take(through);

	become();
	try(s);
	exit(report());
}

/* The socket of @s goes to a child that is somebody else. */
static void hand_over(struct session *s, void (*become)(void), void (*try)(struct session *s))
{
	pid_t child;
	int pair[2];

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair))
		err(1, "socketpair");
	fflush(stdout);
	child = fork();
	if (child < 0)
		err(1, "fork");
	if (!child)
		receiver(pair[1], become, try);
	pass(pair[0], mnl_socket_get_fd(s->socket));
	reap(child);
	close(pair[0]);
	close(pair[1]);
}

static void try_refused(struct session *s)
{
	try_all(s, false);
}

static void borrow(bool unaddressed)
{
	struct session *s;
	pid_t child;
	int pair[2];

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair))
		err(1, "socketpair");
	child = fork();
	if (child < 0)
		err(1, "fork");
	if (!child) {
		become_nobody();
		s = session_open();
		pass(pair[1], mnl_socket_get_fd(s->socket));
		pause();
	}
	s = take(pair[0]);
	s->unaddressed = unaddressed;
	ask_all(s, !unaddressed);
	kill(child, SIGKILL);
	waitpid(child, NULL, 0);
}

static void try_commit(struct session *s)
{
	judge("config-commit", "of another's", false, commit(s), "");
	judge("config-abort", "of another's", false, send_abort(s), "");
}

static void commit_staged(void)
{
	uint32_t base = put_base_in_force();
	struct session *s = session_open();

	if (!accepted(s, begin(s, base), "begin") || !accepted(s, add_other(s), "add"))
		wrong++;
	hand_over(s, become_nobody, try_commit);
	wrong += !base_in_force(base);
	/* It is there yet: who may can commit it. */
	if (!accepted(s, commit(s), "commit") || generation() != base + 1)
		wrong++;
}

int main(int argc, char **argv)
{
	const char *way = argc == 2 ? argv[1] : "";
	struct session *s;

	ask_family(!strcmp(way, "table"));
	s = session_open();
	if (!strcmp(way, "refused") || !strcmp(way, "allowed")) {
		try_all(s, !strcmp(way, "allowed"));
	} else if (!strcmp(way, "dropped")) {
		set_net_admin(false, true);
		try_all(s, false);
	} else if (!strcmp(way, "passed")) {
		hand_over(s, become_nobody, try_refused);
	} else if (!strcmp(way, "entered")) {
		hand_over(s, become_root_of_user_namespace, try_refused);
	} else if (!strcmp(way, "borrowed") || !strcmp(way, "addressed")) {
		borrow(!strcmp(way, "borrowed"));
	} else if (!strcmp(way, "staged")) {
		commit_staged();
	} else if (!strcmp(way, "table")) {
		asked++;
	} else {
		errx(1, "usage: knock WAY; the ways are at the head of knock.c");
	}
	return report();
}
