// SPDX-License-Identifier: GPL-2.0-or-later
/* The kernel's events: a socket that listens, what it has lost, and the module's going and coming. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include <linux/genetlink.h>
#include <linux/netlink.h>
#include <netlink/genl/ctrl.h>
#include <netlink/genl/family.h>
#include <netlink/genl/genl.h>

#include "alloc.h"
#include "client_private.h"
#include "netns.h"

/* The kernel doubles it, and counts some 1.2 KiB an event: more than an inventory of 4,096 may bring at once. */
#define RECEIVE_BUFFER	(4 * 1024 * 1024)

/**
 * struct cw_events - a listener
 * @sock: joined to the family's events and to what the kernel tells of families
 * @client: to ask for the number of the last event; NULL while the module is not there
 * @last: number of the last event that was handed out
 * @told: number up to which events are told of: handed out, lost, or of before it was opened
 * @overrun: the kernel has said that events were lost, and no gap has shown it yet
 * @netns: descriptor of the network namespace to subscribe in again, or -1: the caller's
 * @msg, @rest: what is not read yet of @buffer
 */
struct cw_events {
	struct nl_sock *sock;
	struct cw_client *client;
	uint64_t last, told;
	bool overrun;
	int netns;
	char *buffer;
	size_t size;
	struct nlmsghdr *msg;
	int rest;
};

static int open_failed(const char *what, int error, struct cw_error *err)
{
	return cw_error_set(err, "%s: %s", what, nl_geterror(error));
}

static int join(struct cw_events *events, int group, struct cw_error *err)
{
	int ret = nl_socket_add_membership(events->sock, group);

	if (ret == -NLE_PERM)
		return cw_error_set(err, "the kernel refused to tell events: CAP_NET_ADMIN is needed: run as root");
	return ret < 0 ? open_failed("joining the group of events", ret, err) : 0;
}

/* The module is there, or its family has just been registered. */
static int subscribe(struct cw_events *events, struct cw_error *err)
{
	struct cw_status status;
	int group;

	events->client = cw_client_open(NULL, err);
	if (!events->client)
		return -1;
	group = genl_ctrl_resolve_grp(events->client->genl.sock, CAMWALL_FAMILY_NAME,
				      CAMWALL_MCGRP_EVENTS);
	if (group == -NLE_OBJ_NOTFOUND)
		return cw_error_set(err, "the module tells no events: it is older than this tool, load the one that belongs to it");
	if (group < 0)
		return open_failed("the group of events", group, err);
	if (join(events, group, err) < 0 ||
	    cw_client_status(events->client, &status, err) < 0)
		return -1;
	events->last = 0;
	events->told = status.event_seq;
	events->overrun = false;
	return 0;
}

/* The module is back: in the namespace that was listened to, wherever the caller is by now. */
static int subscribe_again(struct cw_events *events)
{
	int here = -1, ret;

	if (events->netns >= 0) {
		here = cw_netns_switch(events->netns, NULL);
		if (here < 0)
			return -1;
	}
	ret = subscribe(events, NULL);
	if (here >= 0)
		cw_netns_return(here);
	return ret;
}

static void unsubscribe(struct cw_events *events)
{
	cw_client_close(events->client);
	events->client = NULL;
}

/* Without the right to a larger buffer than the system's bound, the bound has to do. */
static int set_buffer(struct nl_sock *sock, struct cw_error *err)
{
	int size = RECEIVE_BUFFER, fd = nl_socket_get_fd(sock);

	if (setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof(size)) == 0 ||
	    setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof(size)) == 0)
		return 0;
	return cw_error_set(err, "receive buffer of the events' socket: %s", strerror(errno));
}

/* Families come and go: the kernel tells that to a group of its own. */
static int watch_families(struct cw_events *events, struct cw_error *err)
{
	int group = genl_ctrl_resolve_grp(events->sock, "nlctrl", "notify");

	if (group < 0)
		return open_failed("the group of families", group, err);
	return join(events, group, err);
}

static int setup(struct cw_events *events, struct cw_error *err)
{
	int ret;

	events->sock = nl_socket_alloc();
	if (!events->sock)
		return cw_error_set(err, "no netlink socket: %s", strerror(ENOMEM));
	ret = genl_connect(events->sock);
	if (ret < 0)
		return open_failed("no netlink socket", ret, err);
	if (set_buffer(events->sock, err) < 0 || watch_families(events, err) < 0)
		return -1;
	return subscribe(events, err);
}

struct cw_events *cw_events_open(const char *netns, struct cw_error *err)
{
	struct cw_events *events;

	if (netns && cw_netns_enter(netns, err) < 0)
		return NULL;
	events = cw_calloc(1, sizeof(*events));
	events->netns = -1;
	if (setup(events, err) == 0)
		return events;
	cw_events_close(events);
	return NULL;
}

void cw_events_close(struct cw_events *events)
{
	if (!events)
		return;
	unsubscribe(events);
	nl_socket_free(events->sock);
	if (events->netns >= 0)
		close(events->netns);
	free(events->buffer);
	free(events);
}

void cw_events_stay_in(struct cw_events *events, int netns)
{
	events->netns = netns;
}

int cw_events_fd(const struct cw_events *events)
{
	return nl_socket_get_fd(events->sock);
}

static void make_room(struct cw_events *events, size_t length)
{
	if (length <= events->size)
		return;
	events->buffer = cw_reallocarray(events->buffer, length, 1);
	events->size = length;
}

/* Return: octets of the next datagram, 0 where none waits, -1 with @err set. */
static ssize_t receive(struct cw_events *events, struct cw_error *err)
{
	int fd = cw_events_fd(events);

	for (;;) {
		struct sockaddr_nl from = { 0 };
		socklen_t from_length = sizeof(from);
		ssize_t length;

		length = recv(fd, events->buffer, 0, MSG_PEEK | MSG_TRUNC | MSG_DONTWAIT);
		if (length >= 0) {
			make_room(events, length);
			length = recvfrom(fd, events->buffer, events->size, MSG_DONTWAIT,
					  (struct sockaddr *)&from, &from_length);
		}
		if (length < 0 && errno == ENOBUFS) {
			events->overrun = true;
			continue;
		}
		if (length < 0 && errno == EINTR)
			continue;
		if (length < 0 && errno == EAGAIN)
			return 0;
		if (length < 0)
			return cw_error_set(err, "reading events: %s", strerror(errno));
		/* Only the kernel is listened to. */
		if (!from.nl_pid && length > 0)
			return length;
	}
}

/* Return: the next message, or NULL where none waits, or @err is set, as @failed says. */
static struct nlmsghdr *next_message(struct cw_events *events, bool *failed,
				     struct cw_error *err)
{
	struct nlmsghdr *msg;
	ssize_t length;

	*failed = false;
	while (!nlmsg_ok(events->msg, events->rest)) {
		length = receive(events, err);
		*failed = length < 0;
		if (length <= 0) {
			events->rest = 0;
			return NULL;
		}
		events->msg = (struct nlmsghdr *)events->buffer;
		events->rest = (int)length;
	}
	msg = events->msg;
	events->msg = nlmsg_next(msg, &events->rest);
	return msg;
}

/*
 * Return: CTRL_CMD_NEWFAMILY or CTRL_CMD_DELFAMILY where that is told of camwall, otherwise 0.
 * That the family is there by which the handle was opened is no news.
 */
static int family_news(const struct cw_events *events, struct nlmsghdr *msg)
{
	struct nlattr *attrs[CTRL_ATTR_MAX + 1];
	uint8_t cmd;

	if (msg->nlmsg_type != GENL_ID_CTRL || !genlmsg_valid_hdr(msg, 0))
		return 0;
	cmd = genlmsg_hdr(msg)->cmd;
	if (cmd != CTRL_CMD_NEWFAMILY && cmd != CTRL_CMD_DELFAMILY)
		return 0;
	if (genlmsg_parse(msg, 0, attrs, CTRL_ATTR_MAX, NULL) < 0 ||
	    !attrs[CTRL_ATTR_FAMILY_NAME] ||
	    nla_strcmp(attrs[CTRL_ATTR_FAMILY_NAME], CAMWALL_FAMILY_NAME) != 0)
		return 0;
	if (cmd == CTRL_CMD_NEWFAMILY && events->client && attrs[CTRL_ATTR_FAMILY_ID] &&
	    nla_get_u16(attrs[CTRL_ATTR_FAMILY_ID]) == events->client->genl.family)
		return 0;
	return cmd;
}

static enum cw_events_result on_family(struct cw_events *events, int news)
{
	bool had = events->client;

	unsubscribe(events);
	if (news == CTRL_CMD_NEWFAMILY && subscribe_again(events) == 0)
		return CW_EVENTS_LOADED;
	/* It may have gone again in between: that will be told, too. */
	unsubscribe(events);
	return had ? CW_EVENTS_UNLOADED : CW_EVENTS_NONE;
}

/* An event is in order, or after a gap, or one of a namespace whose numbers begin anew. */
static void account(struct cw_events *events, struct cw_event *event)
{
	if (event->seq > events->told) {
		event->lost = event->seq - events->told - 1;
		events->told = event->seq;
	} else if (event->seq <= events->last) {
		event->lost = event->seq - 1;
		events->told = event->seq;
	}
	events->last = event->seq;
	if (event->lost)
		events->overrun = false;
}

/* Whether the module is there, without a request that would make the kernel load it. */
static bool family_present(struct nl_sock *sock)
{
	struct nl_cache *families = NULL;
	struct genl_family *family;

	if (genl_ctrl_alloc_cache(sock, &families) < 0)
		return false;
	family = genl_ctrl_search_by_name(families, CAMWALL_FAMILY_NAME);
	if (family)
		genl_family_put(family);
	nl_cache_free(families);
	return family;
}

/*
 * Nothing waits, and something was lost that no later event has shown: the module says up to
 * which number there were events. News of the module itself may be among what was lost.
 */
static enum cw_events_result silent_loss(struct cw_events *events, struct cw_event *event,
					 bool *again)
{
	struct cw_status status;
	char peek;

	*again = false;
	if (!events->client)
		return CW_EVENTS_NONE;
	if (cw_client_status(events->client, &status, NULL) < 0) {
		events->overrun = false;
		return on_family(events, family_present(events->client->genl.sock) ?
				 CTRL_CMD_NEWFAMILY : CTRL_CMD_DELFAMILY);
	}
	/* What has come since then is read first. */
	if (recv(cw_events_fd(events), &peek, sizeof(peek), MSG_PEEK | MSG_DONTWAIT) > 0) {
		*again = true;
		return CW_EVENTS_NONE;
	}
	events->overrun = false;
	if (status.event_seq <= events->told)
		return CW_EVENTS_NONE;
	event->lost = status.event_seq - events->told;
	events->told = status.event_seq;
	return CW_EVENTS_LOST;
}

static enum cw_events_result on_message(struct cw_events *events, struct nlmsghdr *msg,
					struct cw_event *event, struct cw_error *err)
{
	int news = family_news(events, msg), ret;

	if (news)
		return on_family(events, news);
	if (!events->client || msg->nlmsg_type != events->client->genl.family)
		return CW_EVENTS_NONE;
	ret = cw_parse_event(msg, event, err);
	if (ret <= 0)
		return ret < 0 ? CW_EVENTS_FAILED : CW_EVENTS_NONE;
	account(events, event);
	return CW_EVENTS_EVENT;
}

enum cw_events_result cw_events_next(struct cw_events *events, struct cw_event *event,
				     struct cw_error *err)
{
	enum cw_events_result result;
	struct nlmsghdr *msg;
	bool failed, again;

	memset(event, 0, sizeof(*event));
	for (;;) {
		msg = next_message(events, &failed, err);
		if (failed)
			return CW_EVENTS_FAILED;
		if (msg) {
			result = on_message(events, msg, event, err);
			if (result != CW_EVENTS_NONE)
				return result;
			continue;
		}
		if (!events->overrun)
			return CW_EVENTS_NONE;
		result = silent_loss(events, event, &again);
		if (!again)
			return result;
	}
}
