// SPDX-License-Identifier: GPL-2.0-or-later
/* nfnetlink (libmnl): dumps of nftables, and batches that are carried out whole or not at all. */
#include <arpa/inet.h>
#include <errno.h>
#include <limits.h>
#include <linux/netfilter.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>

#include "alloc.h"
#include "nft_socket.h"

#define MESSAGE_MAX	(256UL * 1024)	/* an attribute of elements has 64 KiB at most */
#define RECEIVE_SIZE	(64UL * 1024)

struct cw_nft *cw_nft_open(struct cw_error *err)
{
	struct cw_nft *nft = cw_calloc(1, sizeof(*nft));
	const struct timeval patience = { .tv_sec = 10 };
	int on = 1;

	nft->socket = mnl_socket_open2(NETLINK_NETFILTER, SOCK_CLOEXEC);
	if (!nft->socket || mnl_socket_bind(nft->socket, 0, MNL_SOCKET_AUTOPID) < 0) {
		cw_error_set(err, "no socket of nfnetlink: %s%s", strerror(errno),
			     errno == EPROTONOSUPPORT ? ": this kernel has no nf_tables" : "");
		cw_nft_close(nft);
		return NULL;
	}
	/* What the kernel says about a refusal; one that cannot is told by its errno. */
	mnl_socket_setsockopt(nft->socket, NETLINK_EXT_ACK, &on, sizeof(on));
	setsockopt(mnl_socket_get_fd(nft->socket), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
	nft->buffer = cw_malloc(MESSAGE_MAX);
	nft->seq = 1;
	return nft;
}

void cw_nft_close(struct cw_nft *nft)
{
	if (!nft)
		return;
	if (nft->socket)
		mnl_socket_close(nft->socket);
	free(nft->buffer);
	free(nft);
}

static struct nlmsghdr *header(struct cw_nft *nft, uint16_t type, int family, uint16_t flags,
			       uint16_t res_id)
{
	struct nlmsghdr *message = mnl_nlmsg_put_header(nft->buffer);
	struct nfgenmsg *nfg;

	message->nlmsg_type = type;
	message->nlmsg_flags = NLM_F_REQUEST | flags;
	message->nlmsg_seq = nft->seq++;
	nfg = mnl_nlmsg_put_extra_header(message, sizeof(*nfg));
	nfg->nfgen_family = family;
	nfg->version = NFNETLINK_V0;
	nfg->res_id = htons(res_id);
	return message;
}

struct nlmsghdr *cw_nft_request(struct cw_nft *nft, uint16_t type, int family, uint16_t flags)
{
	return header(nft, NFNL_SUBSYS_NFTABLES << 8 | type, family, flags, 0);
}

static int set_sentence(const char *said, int error, struct cw_error *err)
{
	return cw_error_set(err, "nftables: %s%s", said ?: strerror(error),
			    error == EPERM ? ": CAP_NET_ADMIN is needed: run as root" :
			    error == EOPNOTSUPP && !said ? ": this kernel's nf_tables lacks something that camwall needs" : "");
}

/* EINTR: a change came in between the messages of a dump. ENOENT: what is dumped has just gone. */
static enum cw_nft_result judge(int error, struct cw_error *err)
{
	if (error == EINTR || error == ENOENT)
		return CW_NFT_AGAIN;
	set_sentence(NULL, error, err);
	return CW_NFT_FAILED;
}

/**
 * struct answer - what is read of an answer
 * @ended: to its end
 * @interrupted: a change came in between its messages
 * @error: errno of a refusal
 */
struct answer {
	uint32_t seq;
	mnl_cb_t reply;
	void *ctx;
	bool ended, interrupted;
	int error;
};

static void take(struct answer *answer, const struct nlmsghdr *message)
{
	/* Both begin with an errno; only a dump's end may come without. */
	const int *code = mnl_nlmsg_get_payload(message);

	if (message->nlmsg_seq != answer->seq)
		return;
	answer->interrupted |= message->nlmsg_flags & NLM_F_DUMP_INTR;
	if (message->nlmsg_type == NLMSG_ERROR || message->nlmsg_type == NLMSG_DONE) {
		answer->ended = true;
		if (mnl_nlmsg_get_payload_len(message) >= sizeof(*code) && *code < 0)
			answer->error = -*code;
	} else if (message->nlmsg_type >= NLMSG_MIN_TYPE && answer->reply) {
		answer->reply(message, answer->ctx);
	}
}

/* To its end, also where it is of no use any more: the next answer must not begin with the rest. */
enum cw_nft_result cw_nft_exchange(struct cw_nft *nft, const struct nlmsghdr *request, mnl_cb_t reply,
				   void *ctx, struct cw_error *err)
{
	struct answer answer = { .seq = request->nlmsg_seq, .reply = reply, .ctx = ctx };
	char data[RECEIVE_SIZE];

	if (mnl_socket_sendto(nft->socket, request, request->nlmsg_len) < 0)
		return judge(errno, err);
	while (!answer.ended) {
		const struct nlmsghdr *message = (const struct nlmsghdr *)data;
		ssize_t n = mnl_socket_recvfrom(nft->socket, data, sizeof(data));
		int left;

		if (n < 0)
			return judge(errno, err);
		for (left = (int)n; mnl_nlmsg_ok(message, left); message = mnl_nlmsg_next(message, &left))
			take(&answer, message);
	}
	if (answer.interrupted)
		return CW_NFT_AGAIN;
	return answer.error ? judge(answer.error, err) : CW_NFT_DONE;
}

static int on_generation(const struct nlmsghdr *message, void *ctx)
{
	const struct nlattr *attr;
	uint32_t *generation = ctx;

	mnl_attr_for_each(attr, message, sizeof(struct nfgenmsg))
		if (mnl_attr_get_type(attr) == NFTA_GEN_ID)
			*generation = ntohl(mnl_attr_get_u32(attr));
	return MNL_CB_OK;
}

enum cw_nft_result cw_nft_generation(struct cw_nft *nft, uint32_t *generation, struct cw_error *err)
{
	struct nlmsghdr *request = cw_nft_request(nft, NFT_MSG_GETGEN, AF_UNSPEC, NLM_F_ACK);

	*generation = 0;
	return cw_nft_exchange(nft, request, on_generation, generation, err);
}

static void batch_append(struct cw_nft_batch *batch, const struct nlmsghdr *message)
{
	size_t length = MNL_ALIGN(message->nlmsg_len);

	while (batch->length + length > batch->room) {
		batch->room = batch->room ? batch->room * 2 : RECEIVE_SIZE;
		batch->data = cw_reallocarray(batch->data, batch->room, 1);
	}
	memset(batch->data + batch->length, 0, length);
	memcpy(batch->data + batch->length, message, message->nlmsg_len);
	batch->length += length;
}

void cw_nft_batch_begin(struct cw_nft_batch *batch, struct cw_nft *nft, uint32_t generation)
{
	struct nlmsghdr *message;

	*batch = (struct cw_nft_batch){ .nft = nft };
	message = header(nft, NFNL_MSG_BATCH_BEGIN, AF_UNSPEC, 0, NFNL_SUBSYS_NFTABLES);
	if (generation)
		mnl_attr_put_u32(message, NFNL_BATCH_GENID, htonl(generation));
	batch_append(batch, message);
}

struct nlmsghdr *cw_nft_batch_message(struct cw_nft_batch *batch, uint16_t type, int family,
				      uint16_t flags)
{
	return cw_nft_request(batch->nft, type, family, flags);
}

void cw_nft_batch_add(struct cw_nft_batch *batch, const struct nlmsghdr *message)
{
	batch_append(batch, message);
	batch->n++;
}

/* Return: what the kernel says of a refusal, or NULL. */
static const char *sentence_of(const struct nlmsghdr *message, const struct nlmsgerr *refusal)
{
	const struct nlattr *attr;
	size_t offset = sizeof(*refusal);

	if (!(message->nlmsg_flags & NLM_F_ACK_TLVS))
		return NULL;
	if (!(message->nlmsg_flags & NLM_F_CAPPED))
		offset += mnl_nlmsg_get_payload_len(&refusal->msg);
	mnl_attr_for_each(attr, message, offset)
		if (mnl_attr_get_type(attr) == NLMSGERR_ATTR_MSG)
			return mnl_attr_get_str(attr);
	return NULL;
}

/* ERESTART: another generation is in force. ENOENT, EEXIST, EBUSY: what was read is not so any more. */
static enum cw_nft_result refused(const struct nlmsghdr *message, struct cw_error *err)
{
	const struct nlmsgerr *refusal = mnl_nlmsg_get_payload(message);

	if (!refusal->error)
		return CW_NFT_DONE;
	set_sentence(sentence_of(message, refusal), -refusal->error, err);
	switch (-refusal->error) {
	case ERESTART:
	case EAGAIN:
	case EINTR:
	case ENOENT:
	case EEXIST:
	case EBUSY:
		return CW_NFT_AGAIN;
	default:
		return CW_NFT_FAILED;
	}
}

/* The kernel has carried out, or refused, the batch before sendto() returns: what it says is there. */
static enum cw_nft_result read_refusals(struct cw_nft *nft, struct cw_error *err)
{
	enum cw_nft_result result = CW_NFT_DONE;
	char answer[RECEIVE_SIZE];
	ssize_t n;

	for (;;) {
		const struct nlmsghdr *message = (const struct nlmsghdr *)answer;
		int left;

		n = recv(mnl_socket_get_fd(nft->socket), answer, sizeof(answer), MSG_DONTWAIT);
		if (n < 0 && (errno == EAGAIN || errno == EINTR))
			return result;
		/* More refusals than there was room for. */
		if (n < 0) {
			cw_error_set(err, "nftables: %s", strerror(errno));
			return CW_NFT_FAILED;
		}
		for (left = (int)n; mnl_nlmsg_ok(message, left); message = mnl_nlmsg_next(message, &left))
			if (message->nlmsg_type == NLMSG_ERROR && result == CW_NFT_DONE)
				result = refused(message, err);
	}
}

static int send_all(const struct cw_nft_batch *batch)
{
	int room = batch->length < INT_MAX / 2 ? (int)(2 * batch->length) : INT_MAX;
	const struct sockaddr_nl kernel = { .nl_family = AF_NETLINK };
	int fd = mnl_socket_get_fd(batch->nft->socket);

	if (setsockopt(fd, SOL_SOCKET, SO_SNDBUFFORCE, &room, sizeof(room)) < 0)
		setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &room, sizeof(room));
	return sendto(fd, batch->data, batch->length, 0, (const struct sockaddr *)&kernel,
		      sizeof(kernel)) < 0 ? -1 : 0;
}

enum cw_nft_result cw_nft_batch_send(struct cw_nft_batch *batch, struct cw_error *err)
{
	enum cw_nft_result result;

	batch_append(batch, header(batch->nft, NFNL_MSG_BATCH_END, AF_UNSPEC, 0, NFNL_SUBSYS_NFTABLES));
	if (send_all(batch) < 0) {
		set_sentence(NULL, errno, err);
		result = CW_NFT_FAILED;
	} else {
		result = read_refusals(batch->nft, err);
	}
	free(batch->data);
	batch->data = NULL;
	return result;
}
