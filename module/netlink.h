/* SPDX-License-Identifier: GPL-2.0 */
/* The generic netlink family. */
#ifndef _CW_NETLINK_H
#define _CW_NETLINK_H

int cw_netlink_setup(void);
void cw_netlink_teardown(void);

#endif
