/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the fuzzer can do, one step at a time; a sequence of steps can be kept in a file. */
#ifndef ACTION_H
#define ACTION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <linux/netlink.h>

/* Below the default size of a socket's send buffer. */
#define DATAGRAM_MAX	(160UL * 1024)

/* Stands for the family's number, which the kernel chooses, in messages that are kept. */
#define FAMILY_PLACEHOLDER	0xfffe

#define N_SOCKETS	24
#define N_NETNS		4

/* The network namespace whose policy nobody has a right to change. */
#define NETNS_HOME	0

enum action_kind {
	ACTION_NETNS,		/* give up a namespace and its sockets, make another */
	ACTION_OPEN,		/* open a socket in a namespace */
	ACTION_CLOSE,
	ACTION_JOIN,		/* join the multicast groups */
	ACTION_READ,		/* read some datagrams */
	ACTION_SEND,		/* send, and read the answers */
	ACTION_POST,		/* send, and leave the answers */
	ACTION_FRAME,		/* a camera sends an Ethernet frame */
	N_ACTIONS
};

/**
 * struct action - a step
 * @kind: what is done
 * @slot: of the socket; of the namespace for ACTION_NETNS and ACTION_FRAME
 * @number: namespace for ACTION_OPEN, datagrams for ACTION_READ
 * @powerless: done without CAP_NET_ADMIN
 * @len: octets in @bytes
 * @header: the first message, aligned
 * @bytes: what is sent
 */
struct action {
	enum action_kind kind;
	unsigned int slot;
	unsigned int number;
	bool powerless;
	size_t len;
	union {
		struct nlmsghdr header;
		uint8_t bytes[DATAGRAM_MAX];
	};
};

void action_write(const struct action *action, FILE *file);
bool action_read(struct action *action, FILE *file, const char *name, unsigned int *line);

#endif
