// SPDX-License-Identifier: GPL-2.0-or-later
/* A gateway that forwards nothing: a chain of nftables for each family, by libmnl and libnftnl. */
#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <string.h>
#include <sys/socket.h>

#include <libmnl/libmnl.h>
#include <libnftnl/chain.h>
#include <libnftnl/common.h>
#include <libnftnl/table.h>
#include <linux/netfilter.h>
#include <linux/netfilter_bridge.h>
#include <linux/netfilter/nf_tables.h>

#include "alloc.h"
#include "closed.h"

#define CHAIN		"forward"
#define BATCH_OCTETS	4096	/* a tenth of it is used */

/** struct place - where frames are forwarded, and what they are called there */
struct place {
	uint16_t family;
	uint32_t hook;
	const char *what;
};

static const struct place places[] = {
	{ NFPROTO_INET, NF_INET_FORWARD, "routed packets" },
	{ NFPROTO_BRIDGE, NF_BR_FORWARD, "bridged frames" },
};

#define N_PLACES (sizeof(places) / sizeof(places[0]))

/**
 * struct batch - messages that are carried out together, or not at all
 * @octets: of them; @first is for their alignment
 * @seq: of the next message
 */
struct batch {
	union {
		struct nlmsghdr first;
		char octets[BATCH_OCTETS];
	};
	struct mnl_nlmsg_batch *messages;
	uint32_t seq;
};

static char *room(struct batch *batch)
{
	return mnl_nlmsg_batch_current(batch->messages);
}

static void batch_begin(struct batch *batch)
{
	batch->seq = 1;
	batch->messages = mnl_nlmsg_batch_start(batch->octets, sizeof(batch->octets));
	nftnl_batch_begin(room(batch), batch->seq++);
	mnl_nlmsg_batch_next(batch->messages);
}

static void put_table(struct batch *batch, const struct place *place, uint16_t type)
{
	struct nftnl_table *table = nftnl_table_alloc();
	struct nlmsghdr *header;

	header = nftnl_nlmsg_build_hdr(room(batch), type, place->family,
				       type == NFT_MSG_NEWTABLE ? NLM_F_CREATE : 0, batch->seq++);
	nftnl_table_set_u32(table, NFTNL_TABLE_FAMILY, place->family);
	nftnl_table_set_str(table, NFTNL_TABLE_NAME, CW_CLOSED_TABLE);
	nftnl_table_nlmsg_build_payload(header, table);
	nftnl_table_free(table);
	mnl_nlmsg_batch_next(batch->messages);
}

static void put_chain(struct batch *batch, const struct place *place)
{
	struct nftnl_chain *chain = nftnl_chain_alloc();
	struct nlmsghdr *header;

	header = nftnl_nlmsg_build_hdr(room(batch), NFT_MSG_NEWCHAIN, place->family, NLM_F_CREATE,
				       batch->seq++);
	nftnl_chain_set_str(chain, NFTNL_CHAIN_TABLE, CW_CLOSED_TABLE);
	nftnl_chain_set_str(chain, NFTNL_CHAIN_NAME, CHAIN);
	nftnl_chain_set_str(chain, NFTNL_CHAIN_TYPE, "filter");
	nftnl_chain_set_u32(chain, NFTNL_CHAIN_HOOKNUM, place->hook);
	nftnl_chain_set_s32(chain, NFTNL_CHAIN_PRIO, INT_MIN);
	nftnl_chain_set_u32(chain, NFTNL_CHAIN_POLICY, NF_DROP);
	nftnl_chain_nlmsg_build_payload(header, chain);
	nftnl_chain_free(chain);
	mnl_nlmsg_batch_next(batch->messages);
}

/*
 * The kernel has carried out, or refused, a batch before the call that sends it returns, and
 * answers only to say what it refused.
 */
static int refusal(struct mnl_socket *socket)
{
	union {
		struct nlmsghdr first;
		char octets[BATCH_OCTETS];
	} answer;
	const struct nlmsgerr *error;
	ssize_t n;

	n = mnl_socket_recvfrom(socket, &answer, sizeof(answer));
	if (n < 0)
		return errno == EAGAIN ? 0 : -1;
	if (n < (ssize_t)NLMSG_LENGTH(sizeof(*error)) || answer.first.nlmsg_type != NLMSG_ERROR)
		return 0;
	error = mnl_nlmsg_get_payload(&answer.first);
	errno = -error->error;
	return error->error ? -1 : 0;
}

static int batch_send(struct batch *batch)
{
	struct mnl_socket *socket = mnl_socket_open2(NETLINK_NETFILTER, SOCK_CLOEXEC | SOCK_NONBLOCK);
	int ret = socket ? 0 : -1, error;

	nftnl_batch_end(room(batch), batch->seq++);
	mnl_nlmsg_batch_next(batch->messages);
	if (!ret)
		ret = mnl_socket_bind(socket, 0, MNL_SOCKET_AUTOPID);
	if (!ret && mnl_socket_sendto(socket, mnl_nlmsg_batch_head(batch->messages),
				      mnl_nlmsg_batch_size(batch->messages)) < 0)
		ret = -1;
	if (!ret)
		ret = refusal(socket);
	error = errno;
	mnl_nlmsg_batch_stop(batch->messages);
	if (socket)
		mnl_socket_close(socket);
	errno = error;
	return ret;
}

static int set(const struct place *place)
{
	struct batch batch;

	batch_begin(&batch);
	put_table(&batch, place, NFT_MSG_NEWTABLE);
	put_chain(&batch, place);
	return batch_send(&batch);
}

/* A table that is not there cannot be deleted, so that it is made first. */
static int clear(const struct place *place)
{
	struct batch batch;

	batch_begin(&batch);
	put_table(&batch, place, NFT_MSG_NEWTABLE);
	put_table(&batch, place, NFT_MSG_DELTABLE);
	return batch_send(&batch);
}

int cw_closed_set(struct cw_error *err)
{
	size_t i, missing = 0;

	for (i = 0; i < N_PLACES; i++) {
		if (set(&places[i]) == 0)
			continue;
		missing++;
		cw_error_set(err, "nftables cannot drop %s: %s", places[i].what, strerror(errno));
	}
	return missing == N_PLACES ? -1 : missing > 0;
}

/* What is not there has no tables. */
static bool is_without(int error)
{
	return error == EOPNOTSUPP || error == EAFNOSUPPORT || error == EPROTONOSUPPORT;
}

int cw_closed_clear(struct cw_error *err)
{
	int ret = 0;
	size_t i;

	for (i = 0; i < N_PLACES; i++)
		if (clear(&places[i]) < 0 && !is_without(errno))
			ret = cw_error_set(err, "nftables still drops %s: %s: nft delete table %s "
					   CW_CLOSED_TABLE, places[i].what, strerror(errno),
					   places[i].family == NFPROTO_INET ? "inet" : "bridge");
	return ret;
}
