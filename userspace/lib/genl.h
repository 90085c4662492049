/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One request and its replies on a generic netlink socket; the kernel's sentence where it refuses. */
#ifndef CW_GENL_H
#define CW_GENL_H

#include <stdint.h>
#include <netlink/attr.h>
#include <netlink/msg.h>
#include <netlink/netlink.h>

#include "camwall.h"
#include "error.h"

/**
 * struct cw_genl - a socket of the camwall family
 * @sock: the socket
 * @family: the family's number
 * @error: errno of the last refusal; 0 where the last request was accepted
 */
struct cw_genl {
	struct nl_sock *sock;
	int family;
	int error;
};

/* What the family's top-level attributes look like, in answers and in events. */
extern struct nla_policy cw_genl_policy[];

/**
 * typedef cw_genl_reply_fn - called for each message of an answer
 * @msg: the message, for attributes that occur more than once
 * @attrs: its attributes by type, CAMWALL_A_MAX at most
 *
 * Return: 0, or -1 with @err set.
 */
typedef int cw_genl_reply_fn(void *ctx, struct nlmsghdr *msg, struct nlattr **attrs,
			     struct cw_error *err);

/** enum cw_genl_result - what came of a request */
enum cw_genl_result {
	CW_GENL_FAILED = -1,	/* the error is set */
	CW_GENL_OK,
	CW_GENL_INTERRUPTED,	/* a commit came in between the messages of a dump */
};

/**
 * cw_genl_open() - connect, and resolve the family, which makes the kernel load the module
 *
 * Return: 0, or -1 with @err set.
 */
int cw_genl_open(struct cw_genl *genl, struct cw_error *err);

/** cw_genl_close() - what this socket has staged in the kernel goes with it */
void cw_genl_close(struct cw_genl *genl);

/**
 * cw_genl_request() - begin a request
 * @cmd: an operation, CAMWALL_CMD_...
 * @flags: NLM_F_DUMP or 0
 * @size: octets of attributes that will be added, at most
 *
 * Return: a message for cw_genl_exchange(); it ends the program where memory ends.
 */
struct nl_msg *cw_genl_request(const struct cw_genl *genl, uint8_t cmd, int flags,
			       size_t size);

/**
 * cw_genl_put() - add an attribute to a request
 *
 * It ends the program where cw_genl_request() was given too small a size: a request that
 * lacks a part must not be sent.
 */
void cw_genl_put(struct nl_msg *msg, int type, const void *data, size_t len);

/**
 * cw_genl_exchange() - send a request and read the answer to its end
 * @msg: is freed
 * @reply: called for each message of the answer; NULL where it has none
 * @ctx: for @reply
 */
enum cw_genl_result cw_genl_exchange(struct cw_genl *genl, struct nl_msg *msg,
				     cw_genl_reply_fn *reply, void *ctx,
				     struct cw_error *err);

#endif
