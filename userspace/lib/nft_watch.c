// SPDX-License-Identifier: GPL-2.0-or-later
/* nftables listened to: who else changes camwall's tables. */
#include <arpa/inet.h>
#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/netfilter.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "alloc.h"
#include "nft_names.h"
#include "nft_watch.h"
#include "text.h"

#define RECEIVE_SIZE	(64 * 1024)
#define RECEIVE_ROOM	(4 * 1024 * 1024)	/* a set of many elements that is loaded or flushed */

/* The first attribute of whatever is in a table names the table. */
#define TABLE_ATTR	1

/**
 * struct cw_nft_watch - the listener
 * @data, @left, @at: a datagram that was not gone through to its end
 * @seen: of the transaction that is being told
 * @ours: it touches camwall's tables
 */
struct cw_nft_watch {
	struct mnl_socket *socket;
	uint32_t own;
	char data[RECEIVE_SIZE];
	int left;
	const struct nlmsghdr *at;
	struct cw_nft_change seen;
	bool ours;
};

struct cw_nft_watch *cw_nft_watch_open(uint32_t own, struct cw_error *err)
{
	struct cw_nft_watch *watch = cw_calloc(1, sizeof(*watch));
	int room = RECEIVE_ROOM, group = NFNLGRP_NFTABLES;

	watch->own = own;
	watch->socket = mnl_socket_open2(NETLINK_NETFILTER, SOCK_CLOEXEC | SOCK_NONBLOCK);
	if (!watch->socket || mnl_socket_bind(watch->socket, 0, MNL_SOCKET_AUTOPID) < 0 ||
	    mnl_socket_setsockopt(watch->socket, NETLINK_ADD_MEMBERSHIP, &group, sizeof(group)) < 0) {
		cw_error_set(err, "nftables cannot be listened to: %s", strerror(errno));
		cw_nft_watch_close(watch);
		return NULL;
	}
	if (setsockopt(cw_nft_watch_fd(watch), SOL_SOCKET, SO_RCVBUFFORCE, &room, sizeof(room)) < 0)
		setsockopt(cw_nft_watch_fd(watch), SOL_SOCKET, SO_RCVBUF, &room, sizeof(room));
	return watch;
}

void cw_nft_watch_close(struct cw_nft_watch *watch)
{
	if (!watch)
		return;
	if (watch->socket)
		mnl_socket_close(watch->socket);
	free(watch);
}

int cw_nft_watch_fd(const struct cw_nft_watch *watch)
{
	return mnl_socket_get_fd(watch->socket);
}

static const char *text_attr(const struct nlmsghdr *message, uint16_t type)
{
	const struct nlattr *attr;

	mnl_attr_for_each(attr, message, sizeof(struct nfgenmsg))
		if (mnl_attr_get_type(attr) == type && mnl_attr_validate(attr, MNL_TYPE_NUL_STRING) >= 0)
			return mnl_attr_get_str(attr);
	return "";
}

static bool is_camwalls(const struct nlmsghdr *message)
{
	const struct nfgenmsg *nfg = mnl_nlmsg_get_payload(message);

	return (nfg->nfgen_family == NFPROTO_INET || nfg->nfgen_family == NFPROTO_NETDEV) &&
	       strcmp(text_attr(message, TABLE_ATTR), CW_NFT_TABLE) == 0;
}

/* What is added does no harm; sets of their own others may fill and empty many times a second. */
static void note_message(struct cw_nft_watch *watch, const struct nlmsghdr *message)
{
	if (!is_camwalls(message))
		return;
	switch (NFNL_MSG_TYPE(message->nlmsg_type)) {
	case NFT_MSG_NEWRULE:
	case NFT_MSG_NEWSETELEM:
		return;
	case NFT_MSG_DELTABLE:
		watch->seen.table_gone = true;
		break;
	case NFT_MSG_DELSETELEM:
		if (!cw_nft_name_of_set(text_attr(message, NFTA_SET_ELEM_LIST_SET)))
			return;
		watch->seen.elements_gone = true;
		break;
	}
	watch->ours = true;
}

static void note_process(struct cw_nft_change *change, const struct nlmsghdr *message)
{
	const struct nlattr *attr;

	mnl_attr_for_each(attr, message, sizeof(struct nfgenmsg)) {
		if (mnl_attr_get_type(attr) == NFTA_GEN_PROC_PID)
			change->pid = ntohl(mnl_attr_get_u32(attr));
		if (mnl_attr_get_type(attr) == NFTA_GEN_PROC_NAME)
			snprintf(change->process, sizeof(change->process), "%.*s",
				 (int)mnl_attr_get_payload_len(attr), mnl_attr_get_str(attr));
	}
	cw_text_clean(change->process);
}

/* Return: whether a transaction of somebody else that touches camwall's tables has ended. */
static bool take(struct cw_nft_watch *watch, const struct nlmsghdr *message, struct cw_nft_change *change)
{
	bool news;

	if (NFNL_SUBSYS_ID(message->nlmsg_type) != NFNL_SUBSYS_NFTABLES ||
	    mnl_nlmsg_get_payload_len(message) < sizeof(struct nfgenmsg))
		return false;
	if (NFNL_MSG_TYPE(message->nlmsg_type) != NFT_MSG_NEWGEN) {
		note_message(watch, message);
		return false;
	}
	news = watch->ours && message->nlmsg_pid != watch->own;
	note_process(&watch->seen, message);
	*change = watch->seen;
	memset(&watch->seen, 0, sizeof(watch->seen));
	watch->ours = false;
	return news;
}

enum cw_nft_watch_result cw_nft_watch_next(struct cw_nft_watch *watch, struct cw_nft_change *change,
					   struct cw_error *err)
{
	for (;;) {
		ssize_t n;

		while (watch->left > 0 && mnl_nlmsg_ok(watch->at, watch->left)) {
			const struct nlmsghdr *message = watch->at;

			watch->at = mnl_nlmsg_next(message, &watch->left);
			if (take(watch, message, change))
				return CW_NFT_WATCH_CHANGE;
		}
		n = recv(cw_nft_watch_fd(watch), watch->data, sizeof(watch->data), 0);
		watch->at = (const struct nlmsghdr *)watch->data;
		watch->left = n > 0 ? (int)n : 0;
		if (n >= 0 || errno == EINTR)
			continue;
		if (errno == EAGAIN)
			return CW_NFT_WATCH_NONE;
		if (errno == ENOBUFS) {
			*change = (struct cw_nft_change){ .lost = true };
			return CW_NFT_WATCH_CHANGE;
		}
		cw_error_set(err, "listening to nftables: %s", strerror(errno));
		return CW_NFT_WATCH_FAILED;
	}
}
