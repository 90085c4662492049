/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the sources of the client share. */
#ifndef CW_CLIENT_PRIVATE_H
#define CW_CLIENT_PRIVATE_H

#include "client.h"
#include "genl.h"

struct cw_client {
	struct cw_genl genl;
};

#endif
