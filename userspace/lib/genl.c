// SPDX-License-Identifier: GPL-2.0-or-later
/* One request and its replies on a generic netlink socket (libnl). */
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <linux/netlink.h>
#include <netlink/attr.h>
#include <netlink/genl/ctrl.h>
#include <netlink/genl/genl.h>

#include "alloc.h"
#include "genl.h"

/* A bulk message of prefixes, with what the kernel counts on top of it, has to fit. */
#define SOCKET_BUFFER	(256 * 1024)

/**
 * struct exchange - a request on its way
 * @error: errno that the kernel has answered
 * @message: the kernel's sentence to it, or NULL
 * @done: the answer is complete
 * @broken: a reply could not be read; the rest of the answer is drained
 */
struct exchange {
	cw_genl_reply_fn *reply;
	void *ctx;
	struct cw_error *err;
	int error;
	char *message;
	bool done;
	bool broken;
};

static const char *const operation_names[] = {
	[CAMWALL_CMD_CONFIG_BEGIN] = "config-begin",
	[CAMWALL_CMD_CONFIG_ADD] = "config-add",
	[CAMWALL_CMD_CONFIG_COMMIT] = "config-commit",
	[CAMWALL_CMD_CONFIG_ABORT] = "config-abort",
	[CAMWALL_CMD_CONFIG_GET] = "config-get",
	[CAMWALL_CMD_STATUS_GET] = "status-get",
	[CAMWALL_CMD_GROUP_GET] = "group-get",
	[CAMWALL_CMD_PREFIX_GET] = "prefix-get",
	[CAMWALL_CMD_ALLOW_GET] = "allow-get",
	[CAMWALL_CMD_EXEMPTION_GET] = "exemption-get",
	[CAMWALL_CMD_LINK_GET] = "link-get",
	[CAMWALL_CMD_LOOKUP] = "lookup",
	[CAMWALL_CMD_DEVICE_GET] = "device-get",
	[CAMWALL_CMD_DEVICE_FLUSH] = "device-flush",
};

struct nla_policy cw_genl_policy[CAMWALL_A_MAX + 1] = {
	[CAMWALL_A_GENERATION] = { .type = NLA_U32 },
	[CAMWALL_A_MARK_MASK] = { .type = NLA_U32 },
	[CAMWALL_A_INTERFACE] = { .type = NLA_STRING, .maxlen = CAMWALL_INTERFACE_LEN + 1 },
	[CAMWALL_A_GROUP] = { .type = NLA_NESTED },
	[CAMWALL_A_PREFIX] = { .type = NLA_U64 },
	[CAMWALL_A_LINK] = { .type = NLA_NESTED },
	[CAMWALL_A_GROUP_COUNT] = { .type = NLA_U32 },
	[CAMWALL_A_PREFIX_COUNT] = { .type = NLA_U32 },
	[CAMWALL_A_LINK_COUNT] = { .type = NLA_U32 },
	[CAMWALL_A_MEMORY] = { .type = NLA_U64 },
	[CAMWALL_A_VERSION] = { .type = NLA_STRING },
	[CAMWALL_A_CONNTRACK] = { .type = NLA_U32 },
	[CAMWALL_A_WRITTEN] = { .type = NLA_U64 },
	[CAMWALL_A_ALLOW] = { .type = NLA_NESTED },
	[CAMWALL_A_EXEMPTION] = { .type = NLA_NESTED },
	[CAMWALL_A_CONNTRACK_STATE] = { .type = NLA_U32 },
	[CAMWALL_A_CLOCK_BEHIND] = { .type = NLA_U32 },
	[CAMWALL_A_EXEMPTION_COUNT] = { .type = NLA_U32 },
	[CAMWALL_A_MAX_DEVICES] = { .type = NLA_U32 },
	[CAMWALL_A_IDLE] = { .type = NLA_U32 },
	[CAMWALL_A_DEVICE] = { .type = NLA_NESTED },
	[CAMWALL_A_DEVICE_COUNT] = { .type = NLA_U32 },
	[CAMWALL_A_DEVICE_EVICTED] = { .type = NLA_U64 },
	[CAMWALL_A_DEVICE_REFUSED] = { .type = NLA_U64 },
	[CAMWALL_A_EVENT_SEQ] = { .type = NLA_U64 },
	[CAMWALL_A_EVENT] = { .type = NLA_U32 },
	[CAMWALL_A_TIME] = { .type = NLA_U64 },
	[CAMWALL_A_PREVIOUS] = { .type = NLA_NESTED },
	[CAMWALL_A_DROP_REASON] = { .type = NLA_U32 },
	[CAMWALL_A_DIRECTION] = { .type = NLA_U32 },
	[CAMWALL_A_SUPPRESSED] = { .type = NLA_U64 },
	[CAMWALL_A_REFUSED] = { .type = NLA_U64 },
	[CAMWALL_A_PORTID] = { .type = NLA_U32 },
	[CAMWALL_A_UID] = { .type = NLA_U32 },
};

/* libnl 3.7 reports a refusal's number only: the sentence stands in the attributes behind it. */
static char *extack_message(struct nlmsghdr *msg, size_t payload)
{
	struct nlattr *attrs[NLMSGERR_ATTR_MAX + 1];

	if (!(msg->nlmsg_flags & NLM_F_ACK_TLVS))
		return NULL;
	if (nlmsg_parse(msg, (int)payload, attrs, NLMSGERR_ATTR_MAX, NULL) < 0)
		return NULL;
	if (!attrs[NLMSGERR_ATTR_MSG])
		return NULL;
	return cw_strndup(nla_data(attrs[NLMSGERR_ATTR_MSG]),
			  nla_len(attrs[NLMSGERR_ATTR_MSG]));
}

static void refused(struct exchange *exchange, int error, char *message)
{
	exchange->done = true;
	exchange->error = error;
	free(exchange->message);
	exchange->message = message;
}

static int on_error(struct sockaddr_nl *nla, struct nlmsgerr *error, void *arg)
{
	struct nlmsghdr *msg = (struct nlmsghdr *)error - 1;
	size_t payload = sizeof(*error);

	/* Without NETLINK_CAP_ACK the request stands between the number and the attributes. */
	if (!(msg->nlmsg_flags & NLM_F_CAPPED) && error->error)
		payload += error->msg.nlmsg_len - sizeof(error->msg);
	refused(arg, -error->error, extack_message(msg, payload));
	return NL_STOP;
}

static int on_ack(struct nl_msg *msg, void *arg)
{
	struct exchange *exchange = arg;

	exchange->done = true;
	return NL_STOP;
}

/* A dump that fails after it has begun says so in its last message. */
static int on_finish(struct nl_msg *msg, void *arg)
{
	struct exchange *exchange = arg;
	struct nlmsghdr *hdr = nlmsg_hdr(msg);
	int error = 0;

	exchange->done = true;
	if (nlmsg_datalen(hdr) >= (int)sizeof(error))
		memcpy(&error, nlmsg_data(hdr), sizeof(error));
	if (error < 0)
		refused(exchange, -error, extack_message(hdr, sizeof(error)));
	return NL_STOP;
}

static int on_valid(struct nl_msg *msg, void *arg)
{
	struct exchange *exchange = arg;
	struct nlattr *attrs[CAMWALL_A_MAX + 1];

	if (exchange->broken || !exchange->reply)
		return NL_OK;
	if (genlmsg_parse(nlmsg_hdr(msg), 0, attrs, CAMWALL_A_MAX, cw_genl_policy) < 0)
		exchange->broken = cw_error_set(exchange->err, "the module's answer cannot be read: module and tool are not of the same version");
	else if (exchange->reply(exchange->ctx, nlmsg_hdr(msg), attrs, exchange->err) < 0)
		exchange->broken = true;
	return NL_OK;
}

static int explain(const struct exchange *exchange, uint8_t cmd)
{
	if (exchange->error == EPERM)
		return cw_error_set(exchange->err, "the kernel refused %s: CAP_NET_ADMIN is needed: run as root",
				    operation_names[cmd]);
	return cw_error_set(exchange->err, "the kernel refused %s: %s", operation_names[cmd],
			    exchange->message ?: strerror(exchange->error));
}

static struct nl_cb *exchange_callbacks(struct exchange *exchange)
{
	struct nl_cb *cb = nl_cb_alloc(NL_CB_DEFAULT);

	if (!cb)
		return NULL;
	nl_cb_err(cb, NL_CB_CUSTOM, on_error, exchange);
	nl_cb_set(cb, NL_CB_ACK, NL_CB_CUSTOM, on_ack, exchange);
	nl_cb_set(cb, NL_CB_FINISH, NL_CB_CUSTOM, on_finish, exchange);
	nl_cb_set(cb, NL_CB_VALID, NL_CB_CUSTOM, on_valid, exchange);
	return cb;
}

static int send_and_receive(struct cw_genl *genl, struct nl_msg *msg,
			    struct exchange *exchange)
{
	struct nl_cb *cb = exchange_callbacks(exchange);
	bool interrupted = false;
	int ret;

	if (!cb)
		return -NLE_NOMEM;
	ret = nl_send_auto(genl->sock, msg);
	while (ret >= 0 && !exchange->done) {
		ret = nl_recvmsgs(genl->sock, cb);
		if (ret == -NLE_DUMP_INTR) {
			interrupted = true;
			ret = 0;
		}
	}
	nl_cb_put(cb);
	if (exchange->error)
		return 0;
	return interrupted && ret >= 0 ? -NLE_DUMP_INTR : ret;
}

enum cw_genl_result cw_genl_exchange(struct cw_genl *genl, struct nl_msg *msg,
				     cw_genl_reply_fn *reply, void *ctx,
				     struct cw_error *err)
{
	struct exchange exchange = { .reply = reply, .ctx = ctx, .err = err };
	struct genlmsghdr *hdr = nlmsg_data(nlmsg_hdr(msg));
	uint8_t cmd = hdr->cmd;
	int ret;

	ret = send_and_receive(genl, msg, &exchange);
	nlmsg_free(msg);
	genl->error = exchange.error;
	if (exchange.error)
		explain(&exchange, cmd);
	free(exchange.message);
	if (exchange.error)
		return CW_GENL_FAILED;
	if (ret == -NLE_DUMP_INTR)
		return CW_GENL_INTERRUPTED;
	if (ret < 0) {
		cw_error_set(err, "netlink, %s: %s", operation_names[cmd], nl_geterror(ret));
		return CW_GENL_FAILED;
	}
	return exchange.broken ? CW_GENL_FAILED : CW_GENL_OK;
}

struct nl_msg *cw_genl_request(const struct cw_genl *genl, uint8_t cmd, int flags,
			       size_t size)
{
	struct nl_msg *msg = nlmsg_alloc_size(nlmsg_total_size(GENL_HDRLEN) + size);

	if (msg && genlmsg_put(msg, NL_AUTO_PORT, NL_AUTO_SEQ, genl->family, 0, flags,
			       cmd, CAMWALL_FAMILY_VERSION))
		return msg;
	fputs("camwall: no memory left; nothing was changed in the kernel\n", stderr);
	exit(EXIT_FAILURE);
}

void cw_genl_put(struct nl_msg *msg, int type, const void *data, size_t len)
{
	if (nla_put(msg, type, (int)len, data) < 0)
		abort();
}

static int socket_setup(struct cw_genl *genl, struct cw_error *err)
{
	int on = 1, ret;

	ret = genl_connect(genl->sock);
	if (ret < 0)
		return cw_error_set(err, "no netlink socket: %s", nl_geterror(ret));
	ret = nl_socket_set_buffer_size(genl->sock, SOCKET_BUFFER, SOCKET_BUFFER);
	if (ret < 0)
		return cw_error_set(err, "netlink socket buffers: %s", nl_geterror(ret));
	nl_socket_enable_msg_peek(genl->sock);
	/* Refused only by kernels older than any that has the module. */
	setsockopt(nl_socket_get_fd(genl->sock), SOL_NETLINK, NETLINK_EXT_ACK, &on, sizeof(on));
	setsockopt(nl_socket_get_fd(genl->sock), SOL_NETLINK, NETLINK_CAP_ACK, &on, sizeof(on));
	return 0;
}

int cw_genl_open(struct cw_genl *genl, struct cw_error *err)
{
	memset(genl, 0, sizeof(*genl));
	genl->sock = nl_socket_alloc();
	if (!genl->sock)
		return cw_error_set(err, "no netlink socket: %s", strerror(ENOMEM));
	if (socket_setup(genl, err) < 0)
		return -1;
	genl->family = genl_ctrl_resolve(genl->sock, CAMWALL_FAMILY_NAME);
	if (genl->family == -NLE_OBJ_NOTFOUND)
		return cw_error_set(err, "the module is not loaded: modprobe camwall");
	if (genl->family < 0)
		return cw_error_set(err, "the module cannot be reached: %s", nl_geterror(genl->family));
	return 0;
}

void cw_genl_close(struct cw_genl *genl)
{
	nl_socket_free(genl->sock);
	genl->sock = NULL;
}
