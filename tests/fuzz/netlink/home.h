/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The policy that nobody has a right to change: put in force first, compared at the end. */
#ifndef HOME_H
#define HOME_H

#include "world.h"

void home_settle(const struct world *world);
bool home_stands(const struct world *world);

#endif
