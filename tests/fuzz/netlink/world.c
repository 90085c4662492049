// SPDX-License-Identifier: GPL-2.0-or-later
/* Carries out steps: makes and gives up namespaces and sockets, sends, reads the answers. */
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <libmnl/libmnl.h>
#include <linux/genetlink.h>

#include "answer.h"
#include "capability.h"
#include "veth.h"
#include "world.h"

/** world_enter() - go to a namespace of the world; what is opened belongs to it */
void world_enter(const struct world *world, unsigned int netns)
{
	if (setns(world->netns[netns].fd, CLONE_NEWNET))
		err(2, "setns");
}

/* --- Namespaces --- */

static void close_socket(struct fuzz_socket *socket)
{
	if (socket->nl)
		mnl_socket_close(socket->nl);
	memset(socket, 0, sizeof(*socket));
}

static void close_netns(struct world *world, unsigned int slot)
{
	struct fuzz_netns *netns = &world->netns[slot];
	unsigned int i;

	if (netns->fd < 0)
		return;
	for (i = 0; i < N_SOCKETS; i++)
		if (world->sockets[i].nl && world->sockets[i].netns == slot)
			close_socket(&world->sockets[i]);
	if (netns->packet >= 0)
		close(netns->packet);
	close(netns->fd);
	netns->fd = -1;
}

static void open_netns(struct world *world, unsigned int slot)
{
	struct fuzz_netns *netns = &world->netns[slot];

	if (unshare(CLONE_NEWNET))
		err(2, "unshare");
	netns->fd = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);
	if (netns->fd < 0)
		err(2, "/proc/self/ns/net");
	netns->packet = veth_create("cam0", "lan0");
	netns->generation = 0;
}

/** world_open() - find the family, and make all namespaces; what fails ends the program */
void world_open(struct world *world)
{
	unsigned int slot;

	memset(world, 0, sizeof(*world));
	find_family(world);
	for (slot = 0; slot < N_NETNS; slot++)
		open_netns(world, slot);
}

/** world_renew() - as it was at the beginning, but for the namespace NETNS_HOME */
void world_renew(struct world *world)
{
	unsigned int i;

	for (i = 0; i < N_SOCKETS; i++)
		close_socket(&world->sockets[i]);
	for (i = 0; i < N_NETNS; i++) {
		if (i == NETNS_HOME)
			continue;
		close_netns(world, i);
		open_netns(world, i);
	}
}

/** world_close() - give up everything; the program is in a namespace of its own afterwards */
void world_close(struct world *world)
{
	unsigned int i;

	for (i = 0; i < N_SOCKETS; i++)
		close_socket(&world->sockets[i]);
	if (unshare(CLONE_NEWNET))
		err(2, "unshare");
	for (i = 0; i < N_NETNS; i++)
		close_netns(world, i);
}

/* --- Sockets --- */

static void open_socket(struct world *world, struct fuzz_socket *socket, unsigned int netns)
{
	int one = 1;

	close_socket(socket);
	if (world->netns[netns].fd < 0)
		return;
	world_enter(world, netns);
	socket->nl = mnl_socket_open2(NETLINK_GENERIC, SOCK_CLOEXEC | SOCK_NONBLOCK);
	socket->netns = netns;
	if (!socket->nl || mnl_socket_bind(socket->nl, 0, MNL_SOCKET_AUTOPID) ||
	    mnl_socket_setsockopt(socket->nl, NETLINK_EXT_ACK, &one, sizeof(one)) ||
	    mnl_socket_setsockopt(socket->nl, NETLINK_CAP_ACK, &one, sizeof(one)))
		err(2, "generic netlink socket");
}

static void join(struct world *world, struct fuzz_socket *socket, bool powerless)
{
	int failed = mnl_socket_setsockopt(socket->nl, NETLINK_ADD_MEMBERSHIP, &world->group,
					   sizeof(world->group));

	if (powerless && !failed)
		world->wrong = "without CAP_NET_ADMIN a multicast group was joined";
	socket->joined |= !failed;
}

/* --- Requests --- */

static uint8_t find_op(const struct nlmsghdr *nlh)
{
	const struct genlmsghdr *genl = mnl_nlmsg_get_payload(nlh);
	unsigned int op;

	for (op = 0; op < FAMILY_N_OPS; op++)
		if (mnl_nlmsg_get_payload_len(nlh) >= sizeof(*genl) &&
		    family_ops[op].number == genl->cmd)
			return op;
	return COVERAGE_OTHER;
}

/* Numbers a message, and notes what it asks for. */
static void address(const struct world *world, struct fuzz_socket *socket,
		    struct nlmsghdr *nlh, bool powerless)
{
	struct request *request;

	nlh->nlmsg_seq = ++socket->seq;
	request = &socket->requests[socket->seq % N_REQUESTS];
	if (nlh->nlmsg_type == FAMILY_PLACEHOLDER)
		nlh->nlmsg_type = world->family;
	/* What is no request the kernel acknowledges, and passes on to nobody. */
	request->ours = nlh->nlmsg_type == world->family && nlh->nlmsg_flags & NLM_F_REQUEST;
	request->powerless = powerless;
	request->dump = (nlh->nlmsg_flags & NLM_F_DUMP) == NLM_F_DUMP;
	request->op = request->ours ? find_op(nlh) : COVERAGE_OTHER;
	coverage_sent(request);
}

/* As the kernel finds the messages in a datagram. */
static void address_all(const struct world *world, struct fuzz_socket *socket,
			struct action *action)
{
	struct nlmsghdr *nlh = &action->header;
	size_t left = action->len, step;

	while (left >= sizeof(*nlh) && nlh->nlmsg_len >= sizeof(*nlh) && nlh->nlmsg_len <= left) {
		address(world, socket, nlh, action->powerless);
		step = MNL_ALIGN(nlh->nlmsg_len);
		if (step >= left)
			return;
		left -= step;
		nlh = (struct nlmsghdr *)((char *)nlh + step);
	}
}

static void send_action(struct world *world, struct fuzz_socket *socket, struct action *action)
{
	const struct sockaddr_nl kernel = { .nl_family = AF_NETLINK };
	int fd = mnl_socket_get_fd(socket->nl);

	address_all(world, socket, action);
	if (action->powerless)
		set_net_admin(false, false);
	/* What the kernel does not even take, as too long a datagram, counts as unanswered. */
	sendto(fd, action->bytes, action->len, 0, (const struct sockaddr *)&kernel,
	       sizeof(kernel));
	if (action->powerless)
		set_net_admin(true, false);
}

static void send_frame(const struct fuzz_netns *netns, const struct action *action)
{
	if (netns->packet >= 0 && action->len)
		send(netns->packet, action->bytes, action->len, MSG_DONTWAIT);
}

/**
 * world_do() - carry out a step
 * @world: changed; its @wrong is set where the kernel did what it must not
 * @action: the step; its messages are numbered
 *
 * A step for a socket that is not there does nothing.
 */
void world_do(struct world *world, struct action *action)
{
	struct fuzz_socket *socket = &world->sockets[action->slot];

	switch (action->kind) {
	case ACTION_NETNS:
		if (action->slot == NETNS_HOME)
			return;
		close_netns(world, action->slot);
		open_netns(world, action->slot);
		return;
	case ACTION_FRAME:
		send_frame(&world->netns[action->slot], action);
		return;
	case ACTION_OPEN:
		open_socket(world, socket, action->number);
		return;
	default:
		break;
	}
	if (!socket->nl)
		return;
	/* Nobody has power over the home. */
	action->powerless |= socket->netns == NETNS_HOME;
	switch (action->kind) {
	case ACTION_CLOSE:
		close_socket(socket);
		break;
	case ACTION_JOIN:
		if (action->powerless)
			set_net_admin(false, false);
		join(world, socket, action->powerless);
		if (action->powerless)
			set_net_admin(true, false);
		break;
	case ACTION_READ:
		read_answers(world, socket, action->number);
		break;
	case ACTION_SEND:
		send_action(world, socket, action);
		read_answers(world, socket, ~0U);
		break;
	case ACTION_POST:
		send_action(world, socket, action);
		break;
	default:
		break;
	}
}
