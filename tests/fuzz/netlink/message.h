/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Writing messages into a step: a datagram can hold several. */
#ifndef MESSAGE_H
#define MESSAGE_H

#include "action.h"
#include "family.h"
#include "rng.h"

#define N_ATTRS	512	/* of a message that are found */

struct nlmsghdr *message_begin(struct action *action, uint8_t command, uint16_t flags);
void message_end(struct action *action, const struct nlmsghdr *nlh);
bool message_put(const struct action *action, struct nlmsghdr *nlh, uint16_t type,
		 size_t len, const void *data);
bool message_put_u32(const struct action *action, struct nlmsghdr *nlh, uint16_t type,
		     uint32_t value);
bool message_put_u64(const struct action *action, struct nlmsghdr *nlh, uint16_t type,
		     uint64_t value);
bool message_put_text(const struct action *action, struct nlmsghdr *nlh, uint16_t type,
		      const char *text);
struct nlattr *message_nest(const struct action *action, struct nlmsghdr *nlh, uint16_t type);
void message_random(struct action *action, struct rng *rng, const struct family_op *op,
		    uint16_t flags);
void message_mutate(struct action *action, struct rng *rng);

#endif
