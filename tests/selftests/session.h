/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A generic netlink socket that can say anything to the module, wrong things too (libmnl). */
#ifndef SESSION_H
#define SESSION_H

#include <err.h>
#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <libmnl/libmnl.h>
#include <linux/genetlink.h>
#if __has_include("linux/camwall.h")
#include <linux/camwall.h>
#else
#include "camwall.h"
#endif

#define REQUEST_LEN	(64 * 1024)
#define ANSWER_LEN	(64 * 1024)

/**
 * struct session - a socket, the request that is being written, the answer to the last one
 * @request: what comes next; session_new() begins it
 * @reply: the last message of data, its type 0 where there was none
 * @message: text of the extended ack, empty where there was none
 * @has_offset: the extended ack pointed at an attribute
 * @interrupted: a dump was marked as inconsistent
 * @values: u64 of packed prefixes that a dump brought
 * @unaddressed: requests are written to the socket as to a file, without an address
 */
struct session {
	struct mnl_socket *socket;
	unsigned int seq;
	char buffer[REQUEST_LEN];
	struct nlmsghdr *request;
	union {
		struct nlmsghdr reply;
		char reply_buffer[ANSWER_LEN];
	};
	char message[256];
	bool has_offset;
	bool interrupted;
	size_t values;
	bool unaddressed;
};

static uint16_t family_id;

static inline struct session *session_open(void)
{
	struct session *s = calloc(1, sizeof(*s));
	int one = 1;

	if (!s)
		err(1, "calloc");
	s->socket = mnl_socket_open2(NETLINK_GENERIC, SOCK_CLOEXEC);
	if (!s->socket || mnl_socket_bind(s->socket, 0, MNL_SOCKET_AUTOPID) ||
	    mnl_socket_setsockopt(s->socket, NETLINK_EXT_ACK, &one, sizeof(one)) ||
	    mnl_socket_setsockopt(s->socket, NETLINK_CAP_ACK, &one, sizeof(one)))
		err(1, "generic netlink socket");
	return s;
}

static inline void session_close(struct session *s)
{
	mnl_socket_close(s->socket);
	free(s);
}

static inline struct nlmsghdr *session_start(struct session *s, uint16_t type, uint8_t command)
{
	struct genlmsghdr *genl;

	s->request = mnl_nlmsg_put_header(s->buffer);
	s->request->nlmsg_type = type;
	s->request->nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK;
	s->request->nlmsg_seq = ++s->seq;
	genl = mnl_nlmsg_put_extra_header(s->request, sizeof(*genl));
	genl->cmd = command;
	genl->version = CAMWALL_FAMILY_VERSION;
	return s->request;
}

static inline struct nlmsghdr *session_new(struct session *s, uint8_t command)
{
	return session_start(s, family_id, command);
}

static inline void session_read_ack(struct session *s, const struct nlmsghdr *nlh)
{
	size_t skip = sizeof(struct nlmsgerr);
	const struct nlmsgerr *ack = mnl_nlmsg_get_payload(nlh);
	const struct nlattr *attr;

	if (!(nlh->nlmsg_flags & NLM_F_ACK_TLVS))
		return;
	if (nlh->nlmsg_type == NLMSG_DONE)
		skip = sizeof(int);
	else if (!(nlh->nlmsg_flags & NLM_F_CAPPED))
		skip += ack->msg.nlmsg_len - sizeof(struct nlmsghdr);
	mnl_attr_for_each(attr, nlh, skip) {
		if (mnl_attr_get_type(attr) == NLMSGERR_ATTR_MSG)
			snprintf(s->message, sizeof(s->message), "%s", mnl_attr_get_str(attr));
		if (mnl_attr_get_type(attr) == NLMSGERR_ATTR_OFFS)
			s->has_offset = true;
	}
}

static inline void session_read_data(struct session *s, const struct nlmsghdr *nlh)
{
	const struct nlattr *attr;

	if (nlh->nlmsg_len > sizeof(s->reply_buffer))
		errx(1, "a reply of %u octets", nlh->nlmsg_len);
	memcpy(s->reply_buffer, nlh, nlh->nlmsg_len);
	mnl_attr_for_each(attr, nlh, sizeof(struct genlmsghdr))
		if (mnl_attr_get_type(attr) == CAMWALL_A_PREFIXES)
			s->values += mnl_attr_get_payload_len(attr) / sizeof(uint64_t);
}

/** session_take() - take what a read gave; Return: whether the answer is complete, and then its @error */
static inline bool session_take(struct session *s, const void *buffer, int left, int *error)
{
	const struct nlmsghdr *nlh;

	for (nlh = buffer; mnl_nlmsg_ok(nlh, left); nlh = mnl_nlmsg_next(nlh, &left)) {
		if (nlh->nlmsg_seq != s->seq)
			continue;
		s->interrupted |= !!(nlh->nlmsg_flags & NLM_F_DUMP_INTR);
		if (nlh->nlmsg_type == NLMSG_ERROR || nlh->nlmsg_type == NLMSG_DONE) {
			session_read_ack(s, nlh);
			*error = -*(const int *)mnl_nlmsg_get_payload(nlh);
			return true;
		}
		session_read_data(s, nlh);
	}
	return false;
}

/* One read of the socket; as session_take(). */
static inline bool session_read_some(struct session *s, int *error)
{
	static char buffer[ANSWER_LEN];
	ssize_t len = mnl_socket_recvfrom(s->socket, buffer, sizeof(buffer));

	if (len < 0)
		err(1, "receive");
	return session_take(s, buffer, len, error);
}

/* Forget the last answer. */
static inline void session_reset(struct session *s)
{
	s->reply.nlmsg_type = 0;
	s->message[0] = '\0';
	s->has_offset = false;
	s->interrupted = false;
	s->values = 0;
}

static inline void session_send(struct session *s)
{
	ssize_t sent;

	session_reset(s);
	if (s->unaddressed)
		sent = write(mnl_socket_get_fd(s->socket), s->request, s->request->nlmsg_len);
	else
		sent = mnl_socket_sendto(s->socket, s->request, s->request->nlmsg_len);
	if (sent < 0)
		err(1, "send");
}

/** session_ask() - send the request, read the whole answer; Return: 0 or a positive errno */
static inline int session_ask(struct session *s)
{
	int error = 0;

	session_send(s);
	while (!session_read_some(s, &error))
		;
	return error;
}

/** session_u32() - an attribute of the last reply, or UINT32_MAX */
static inline uint32_t session_u32(const struct session *s, uint16_t type)
{
	const struct nlattr *attr;

	if (s->reply.nlmsg_type)
		mnl_attr_for_each(attr, &s->reply, sizeof(struct genlmsghdr))
			if (mnl_attr_get_type(attr) == type)
				return mnl_attr_get_u32(attr);
	return UINT32_MAX;
}

/** session_find_family() - ask the kernel for camwall's number; Return: whether it is there */
static inline bool session_find_family(void)
{
	struct session *s = session_open();
	const struct nlattr *attr;

	session_start(s, GENL_ID_CTRL, CTRL_CMD_GETFAMILY);
	mnl_attr_put_strz(s->request, CTRL_ATTR_FAMILY_NAME, CAMWALL_FAMILY_NAME);
	if (!session_ask(s) && s->reply.nlmsg_type)
		mnl_attr_for_each(attr, &s->reply, sizeof(struct genlmsghdr))
			if (mnl_attr_get_type(attr) == CTRL_ATTR_FAMILY_ID)
				family_id = mnl_attr_get_u16(attr);
	session_close(s);
	return family_id != 0;
}

#endif
