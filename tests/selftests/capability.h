/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Putting CAP_NET_ADMIN down, and taking it up again. */
#ifndef CAPABILITY_H
#define CAPABILITY_H

#include <err.h>
#include <stdbool.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <linux/capability.h>

/**
 * set_net_admin() - whether what this process does counts as an administrator's
 * @effective: it does
 * @forever: where it does not, it never will again
 */
static inline void set_net_admin(bool effective, bool forever)
{
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3];
	struct __user_cap_data_struct *of = &data[CAP_TO_INDEX(CAP_NET_ADMIN)];

	if (syscall(SYS_capget, &header, data))
		err(1, "capget");
	of->effective &= ~CAP_TO_MASK(CAP_NET_ADMIN);
	if (effective)
		of->effective |= CAP_TO_MASK(CAP_NET_ADMIN);
	else if (forever)
		of->permitted &= ~CAP_TO_MASK(CAP_NET_ADMIN);
	if (syscall(SYS_capset, &header, data))
		err(1, "capset");
}

#endif
