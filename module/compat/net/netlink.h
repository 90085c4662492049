/* SPDX-License-Identifier: GPL-2.0 */
/* net/netlink.h as of Linux 6.9, which brought NLA_POLICY_MAX_LEN. */
#ifndef _CW_COMPAT_NET_NETLINK_H
#define _CW_COMPAT_NET_NETLINK_H

#include_next <net/netlink.h>

#ifndef NLA_POLICY_MAX_LEN
#define NLA_POLICY_MAX_LEN(_len) { .type = NLA_BINARY, .len = (_len) }
#endif

#endif
