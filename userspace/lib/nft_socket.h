/* SPDX-License-Identifier: GPL-2.0-or-later */
/* nfnetlink (libmnl): dumps of nftables, and batches that are carried out whole or not at all. */
#ifndef CW_NFT_SOCKET_H
#define CW_NFT_SOCKET_H

#include <libmnl/libmnl.h>
#include <stdbool.h>
#include <stdint.h>

#include "error.h"

struct cw_nft {
	struct mnl_socket *socket;
	uint32_t seq;
	char *buffer;		/* of one message */
};

/**
 * enum cw_nft_result - what came of it
 *
 * CW_NFT_AGAIN: somebody else changed the ruleset in between: read again
 */
enum cw_nft_result {
	CW_NFT_FAILED = -1,	/* the error is set */
	CW_NFT_DONE,
	CW_NFT_AGAIN,
};

/**
 * cw_nft_open() - connect to nftables in the caller's network namespace
 *
 * Return: a handle for cw_nft_close(), or NULL with @err set.
 */
struct cw_nft *cw_nft_open(struct cw_error *err);
void cw_nft_close(struct cw_nft *nft);

/**
 * cw_nft_request() - begin a request of its own, in the handle's buffer
 * @type: NFT_MSG_...
 * @flags: NLM_F_DUMP or NLM_F_ACK
 */
struct nlmsghdr *cw_nft_request(struct cw_nft *nft, uint16_t type, int family, uint16_t flags);

/**
 * cw_nft_exchange() - send a request and read its answer
 * @reply: for each message; what it returns is not looked at. May be NULL
 */
enum cw_nft_result cw_nft_exchange(struct cw_nft *nft, const struct nlmsghdr *request, mnl_cb_t reply,
				   void *ctx, struct cw_error *err);

/** cw_nft_generation() - number of the ruleset that is in force */
enum cw_nft_result cw_nft_generation(struct cw_nft *nft, uint32_t *generation, struct cw_error *err);

/**
 * struct cw_nft_batch - changes that are carried out together
 * @n: how many messages
 */
struct cw_nft_batch {
	struct cw_nft *nft;
	char *data;
	size_t length, room;
	size_t n;
};

/**
 * cw_nft_batch_begin() - begin a batch
 * @generation: of the ruleset that it is based on; 0: whatever it is
 */
void cw_nft_batch_begin(struct cw_nft_batch *batch, struct cw_nft *nft, uint32_t generation);

/** cw_nft_batch_message() - begin a change, in the handle's buffer, for cw_nft_batch_add() */
struct nlmsghdr *cw_nft_batch_message(struct cw_nft_batch *batch, uint16_t type, int family,
				      uint16_t flags);
void cw_nft_batch_add(struct cw_nft_batch *batch, const struct nlmsghdr *message);

/** cw_nft_batch_send() - carry it out, and free it; where the kernel refuses, nothing has changed */
enum cw_nft_result cw_nft_batch_send(struct cw_nft_batch *batch, struct cw_error *err);

#endif
