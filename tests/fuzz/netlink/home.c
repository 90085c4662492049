// SPDX-License-Identifier: GPL-2.0-or-later
/* Puts a policy in force in the namespace NETNS_HOME, and sees later whether it still stands. */
#include <err.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <libmnl/libmnl.h>

#include "home.h"
#include "message.h"

/* All that is told of a policy; where frames come, counters would differ. */
static const uint8_t told_by[] = {
	CAMWALL_CMD_CONFIG_GET, CAMWALL_CMD_GROUP_GET, CAMWALL_CMD_PREFIX_GET,
	CAMWALL_CMD_ALLOW_GET, CAMWALL_CMD_EXEMPTION_GET, CAMWALL_CMD_LINK_GET,
};

/**
 * struct picture - what was told
 * @bytes: the attributes of the messages, one behind the other
 * @len: octets
 */
struct picture {
	uint8_t bytes[64 * 1024];
	size_t len;
};

static struct picture before;

static int add_to_picture(const struct nlmsghdr *nlh, void *data)
{
	struct picture *picture = data;
	size_t len = mnl_nlmsg_get_payload_len(nlh);

	if (picture->len + len > sizeof(picture->bytes))
		errx(2, "the policy is larger than its picture");
	memcpy(picture->bytes + picture->len, mnl_nlmsg_get_payload(nlh), len);
	picture->len += len;
	return MNL_CB_OK;
}

/* Sends the one message of a step and waits for the answer; what fails ends the program. */
static void ask(const struct world *world, struct mnl_socket *socket, struct action *action,
		struct picture *picture)
{
	char buffer[32 * 1024];
	ssize_t len;
	int more;

	action->header.nlmsg_type = world->family;
	action->header.nlmsg_seq = 1;
	if (mnl_socket_sendto(socket, action->bytes, action->len) < 0)
		err(2, "send");
	do {
		len = mnl_socket_recvfrom(socket, buffer, sizeof(buffer));
		if (len < 0)
			err(2, "receive");
		more = mnl_cb_run(buffer, len, 1, 0, picture ? add_to_picture : NULL, picture);
		if (more < 0)
			err(2, "the kernel refused a request");
	} while (more);
}

static void take_picture(const struct world *world, struct picture *picture)
{
	struct mnl_socket *socket;
	static struct action action;
	size_t i;

	world_enter(world, NETNS_HOME);
	socket = mnl_socket_open2(NETLINK_GENERIC, SOCK_CLOEXEC);
	if (!socket || mnl_socket_bind(socket, 0, MNL_SOCKET_AUTOPID))
		err(2, "generic netlink socket");
	picture->len = 0;
	for (i = 0; i < FAMILY_SIZE(told_by); i++) {
		uint16_t flags = told_by[i] == CAMWALL_CMD_CONFIG_GET ? NLM_F_ACK : NLM_F_DUMP;

		action.len = 0;
		message_end(&action, message_begin(&action, told_by[i], flags));
		ask(world, socket, &action, picture);
	}
	mnl_socket_close(socket);
}

static void fill(struct action *action, struct nlmsghdr *nlh)
{
	const uint64_t prefixes[] = {
		0x4419b6000000ULL << 16 | 24 << 8, 0x4419b7123000ULL << 16 | 36 << 8,
	};
	const uint8_t mac[] = { 0x44, 0x19, 0xb6, 0, 0, 1 }, address[] = { 192, 0, 2, 1 };
	struct nlattr *nest;

	message_put_text(action, nlh, CAMWALL_A_INTERFACE, "lan*");
	message_put_u32(action, nlh, CAMWALL_A_MARK_MASK, 0xff);
	nest = message_nest(action, nlh, CAMWALL_A_GROUP);
	message_put_u32(action, nlh, CAMWALL_A_GROUP_ID, 0);
	message_put_text(action, nlh, CAMWALL_A_GROUP_NAME, "home");
	message_put_u32(action, nlh, CAMWALL_A_GROUP_ACTION, CAMWALL_ACTION_ISOLATE);
	message_put_u32(action, nlh, CAMWALL_A_GROUP_MARK, 1);
	mnl_attr_nest_end(nlh, nest);
	message_put(action, nlh, CAMWALL_A_PREFIXES, sizeof(prefixes), prefixes);
	nest = message_nest(action, nlh, CAMWALL_A_ALLOW);
	message_put_u32(action, nlh, CAMWALL_A_ALLOW_GROUP, 0);
	message_put(action, nlh, CAMWALL_A_ALLOW_ADDRESS, sizeof(address), address);
	mnl_attr_nest_end(nlh, nest);
	nest = message_nest(action, nlh, CAMWALL_A_EXEMPTION);
	message_put(action, nlh, CAMWALL_A_EXEMPTION_MAC, sizeof(mac), mac);
	message_put_u64(action, nlh, CAMWALL_A_EXEMPTION_UNTIL, UINT64_MAX);
	mnl_attr_nest_end(nlh, nest);
}

/** home_settle() - put the policy in force, and keep a picture of it */
void home_settle(const struct world *world)
{
	static const uint8_t way[] = {
		CAMWALL_CMD_CONFIG_BEGIN, CAMWALL_CMD_CONFIG_ADD, CAMWALL_CMD_CONFIG_COMMIT,
	};
	struct mnl_socket *socket;
	static struct action action;
	size_t i;

	world_enter(world, NETNS_HOME);
	socket = mnl_socket_open2(NETLINK_GENERIC, SOCK_CLOEXEC);
	if (!socket || mnl_socket_bind(socket, 0, MNL_SOCKET_AUTOPID))
		err(2, "generic netlink socket");
	for (i = 0; i < FAMILY_SIZE(way); i++) {
		struct nlmsghdr *nlh;

		action.len = 0;
		nlh = message_begin(&action, way[i], NLM_F_ACK);
		if (way[i] == CAMWALL_CMD_CONFIG_BEGIN)
			message_put_u32(&action, nlh, CAMWALL_A_GENERATION, 0);
		if (way[i] == CAMWALL_CMD_CONFIG_ADD)
			fill(&action, nlh);
		message_end(&action, nlh);
		ask(world, socket, &action, NULL);
	}
	mnl_socket_close(socket);
	take_picture(world, &before);
}

/** home_stands() - whether the policy is, octet for octet, what it was; says where it is not */
bool home_stands(const struct world *world)
{
	static struct picture after;

	take_picture(world, &after);
	if (after.len == before.len && !memcmp(after.bytes, before.bytes, after.len))
		return true;
	printf("# the policy of a namespace was changed by who has no power over it\n");
	return false;
}
