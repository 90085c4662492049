// SPDX-License-Identifier: GPL-2.0-or-later
/* Reads what the kernel says, and keeps what the next requests depend on. */
#include <err.h>
#include <errno.h>
#include <string.h>

#include <libmnl/libmnl.h>
#include <linux/genetlink.h>

#include "answer.h"

#define ANSWER_LEN	(64 * 1024)

static union {
	struct nlmsghdr header;
	char bytes[ANSWER_LEN];
} answer;

/* --- The family's numbers --- */

static int find_group(const struct nlattr *entry, void *data)
{
	struct world *world = data;
	const struct nlattr *attr;

	mnl_attr_for_each_nested(attr, entry)
		if (mnl_attr_get_type(attr) == CTRL_ATTR_MCAST_GRP_ID)
			world->group = mnl_attr_get_u32(attr);
	return MNL_CB_OK;
}

static int find_attribute(const struct nlattr *attr, void *data)
{
	struct world *world = data;

	if (mnl_attr_get_type(attr) == CTRL_ATTR_FAMILY_ID)
		world->family = mnl_attr_get_u16(attr);
	if (mnl_attr_get_type(attr) == CTRL_ATTR_MCAST_GROUPS)
		return mnl_attr_parse_nested(attr, find_group, data);
	return MNL_CB_OK;
}

static int find_reply(const struct nlmsghdr *nlh, void *data)
{
	return mnl_attr_parse(nlh, sizeof(struct genlmsghdr), find_attribute, data);
}

/** find_family() - ask for the family's numbers, and its group's; without them the program ends */
void find_family(struct world *world)
{
	struct mnl_socket *socket = mnl_socket_open2(NETLINK_GENERIC, SOCK_CLOEXEC);
	struct nlmsghdr *nlh = mnl_nlmsg_put_header(answer.bytes);
	struct genlmsghdr *genl;
	ssize_t len;

	if (!socket || mnl_socket_bind(socket, 0, MNL_SOCKET_AUTOPID))
		err(2, "generic netlink socket");
	nlh->nlmsg_type = GENL_ID_CTRL;
	nlh->nlmsg_flags = NLM_F_REQUEST;
	genl = mnl_nlmsg_put_extra_header(nlh, sizeof(*genl));
	genl->cmd = CTRL_CMD_GETFAMILY;
	genl->version = 1;
	mnl_attr_put_strz(nlh, CTRL_ATTR_FAMILY_NAME, CAMWALL_FAMILY_NAME);
	if (mnl_socket_sendto(socket, nlh, nlh->nlmsg_len) < 0)
		err(2, "send");
	len = mnl_socket_recvfrom(socket, answer.bytes, sizeof(answer.bytes));
	if (len < 0 || mnl_cb_run(answer.bytes, len, 0, 0, find_reply, world) < 0)
		err(2, "the family camwall");
	mnl_socket_close(socket);
	if (!world->family || !world->group)
		errx(2, "the family camwall has no number, or no multicast group");
}

/* --- Answers --- */

static const char *ack_text(const struct nlmsghdr *nlh)
{
	const struct nlmsgerr *ack = mnl_nlmsg_get_payload(nlh);
	size_t skip = sizeof(*ack);
	const struct nlattr *attr;

	if (!(nlh->nlmsg_flags & NLM_F_ACK_TLVS))
		return "";
	if (nlh->nlmsg_type == NLMSG_DONE)
		skip = sizeof(int);
	else if (!(nlh->nlmsg_flags & NLM_F_CAPPED))
		skip += MNL_ALIGN(ack->msg.nlmsg_len) - sizeof(struct nlmsghdr);
	mnl_attr_for_each(attr, nlh, skip)
		if (mnl_attr_get_type(attr) == NLMSGERR_ATTR_MSG)
			return mnl_attr_get_str(attr);
	return "";
}

/* What the socket has staged now, if the answer is believed. */
static void note_outcome(struct fuzz_socket *socket, const struct request *request, int error)
{
	struct staged *staged = &socket->staged;

	if (request->op == COVERAGE_OTHER || request->powerless || request->dump)
		return;
	switch (family_ops[request->op].number) {
	case CAMWALL_CMD_CONFIG_BEGIN:
		if (!error)
			memset(staged, 0, sizeof(*staged));
		if (!error || error == EBUSY)
			staged->begun = true;
		break;
	case CAMWALL_CMD_CONFIG_ADD:
		/* Who is told that nothing is staged knows it; other errors may leave it staged. */
		if (error == ENOENT)
			staged->begun = false;
		break;
	case CAMWALL_CMD_CONFIG_COMMIT:
	case CAMWALL_CMD_CONFIG_ABORT:
		staged->begun = false;
		break;
	}
}

static void judge(struct world *world, struct fuzz_socket *socket,
		  const struct request *request, int error, const char *message)
{
	coverage_answer(request, error, message);
	if (request->ours && request->powerless && !error)
		world->wrong = "without CAP_NET_ADMIN a request was carried out";
	note_outcome(socket, request, error);
}

static void note_data(struct world *world, struct fuzz_socket *socket,
		      const struct request *request, const struct nlmsghdr *nlh)
{
	const struct nlattr *attr;

	coverage_data(request);
	if (request->ours && request->powerless)
		world->wrong = "without CAP_NET_ADMIN something was told";
	if (!request->ours)
		return;
	/* Only the writer needs it: a commit's answer, and what the readings say. */
	mnl_attr_for_each(attr, nlh, sizeof(struct genlmsghdr))
		if (mnl_attr_get_type(attr) == CAMWALL_A_GENERATION &&
		    mnl_attr_get_payload_len(attr) == sizeof(uint32_t))
			world->netns[socket->netns].generation = mnl_attr_get_u32(attr);
}

static void take_message(struct world *world, struct fuzz_socket *socket,
			 const struct nlmsghdr *nlh)
{
	const struct request *request = &socket->requests[nlh->nlmsg_seq % N_REQUESTS];
	const int *error = mnl_nlmsg_get_payload(nlh);

	/* Events have no number, and come to who has joined. */
	if (!nlh->nlmsg_seq) {
		if (!socket->joined)
			world->wrong = "an event came to a socket that has not joined";
		return;
	}
	if (socket->seq - nlh->nlmsg_seq >= N_REQUESTS)
		return;
	if (nlh->nlmsg_type == NLMSG_ERROR || nlh->nlmsg_type == NLMSG_DONE)
		judge(world, socket, request, -*error, ack_text(nlh));
	else
		note_data(world, socket, request, nlh);
}

/**
 * read_answers() - read what there is
 * @world: its @wrong is set where an answer must not be
 * @socket: where from
 * @datagrams: how many, at most
 */
void read_answers(struct world *world, struct fuzz_socket *socket, unsigned int datagrams)
{
	const struct nlmsghdr *nlh;
	ssize_t len;
	int left;

	while (datagrams--) {
		len = mnl_socket_recvfrom(socket->nl, answer.bytes, sizeof(answer.bytes));
		/* Where messages were lost, others follow. */
		if (len < 0 && errno == ENOBUFS)
			continue;
		if (len < 0 && errno != EAGAIN)
			err(2, "receive");
		if (len <= 0)
			return;
		left = (int)len;
		for (nlh = &answer.header; mnl_nlmsg_ok(nlh, left);
		     nlh = mnl_nlmsg_next(nlh, &left))
			take_message(world, socket, nlh);
	}
}
