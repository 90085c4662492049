/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Requests that are right, and lead on: through transactions, and to what is in force. */
#ifndef VALID_H
#define VALID_H

#include "message.h"
#include "world.h"

void valid_request(struct action *action, struct rng *rng, const struct world *world,
		   struct fuzz_socket *socket);
void valid_begin(struct action *action, struct rng *rng, uint32_t generation);
void valid_frame(struct action *action, struct rng *rng);

#endif
