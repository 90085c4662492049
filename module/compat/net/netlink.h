/* SPDX-License-Identifier: GPL-2.0 */
/*
 * net/netlink.h as of Linux 6.9, which brought NLA_POLICY_MAX_LEN. Before 6.7 a policy's
 * range was not const.
 */
#ifndef _CW_COMPAT_NET_NETLINK_H
#define _CW_COMPAT_NET_NETLINK_H

#include <linux/version.h>
#include_next <net/netlink.h>

#ifndef NLA_POLICY_MAX_LEN
#define NLA_POLICY_MAX_LEN(_len) { .type = NLA_BINARY, .len = (_len) }
#endif

#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 7, 0)
#undef NLA_POLICY_FULL_RANGE
#define NLA_POLICY_FULL_RANGE(tp, _range) {				\
	.type = NLA_ENSURE_UINT_OR_BINARY_TYPE(tp),			\
	.validation_type = NLA_VALIDATE_RANGE_PTR,			\
	.range = (struct netlink_range_validation *)(_range),		\
}
#endif

#endif
