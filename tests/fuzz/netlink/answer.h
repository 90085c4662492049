/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the kernel says: read, counted, and judged. */
#ifndef ANSWER_H
#define ANSWER_H

#include "world.h"

void find_family(struct world *world);
void read_answers(struct world *world, struct fuzz_socket *socket, unsigned int datagrams);

#endif
