/* SPDX-License-Identifier: GPL-2.0 */
/* Expiry: noticing that an exemption has ended. */
#ifndef _CW_EXPIRY_H
#define _CW_EXPIRY_H

#include <linux/types.h>
#include <linux/workqueue.h>

struct cw_net;

/**
 * struct cw_expiry - the exemptions of a network namespace that are watched
 * @work: looks again
 * @checked: when it last looked, in seconds since 1970; &cw_net.lock
 */
struct cw_expiry {
	struct delayed_work work;
	u64 checked;
};

void cw_expiry_init(struct cw_net *cn);
void cw_expiry_clean(struct cw_net *cn);
void cw_expiry_check(struct cw_net *cn);
void cw_expiry_begin(struct cw_net *cn);

#endif
