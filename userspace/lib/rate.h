/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Limits as text: "200 packets/s burst 400", "4 mbit/s". */
#ifndef CW_RATE_H
#define CW_RATE_H

#include "error.h"
#include "policy.h"

/* "100000000000 packets/s burst 18446744073709551615 packets" */
#define CW_RATE_STRLEN	79

/**
 * cw_rate_parse() - read a limit
 * @text: "N packets/s [burst N [packets]]" or "N bit/s [burst N bit]", also with kbit, mbit
 *	  and gbit, which are decimal
 * @limit: without a burst it gets what a second gives, but at least 32 packets or 64 KiB,
 *	   so that a batch of the receive path fits
 * @err: says what is wrong and what would be right
 *
 * Return: 0, or -1 with @err set.
 */
int cw_rate_parse(const char *text, struct cw_policy_limit *limit, struct cw_error *err);

/** cw_rate_format() - write what cw_rate_parse() reads back as the same; Return: @buf */
char *cw_rate_format(const struct cw_policy_limit *limit, char buf[static CW_RATE_STRLEN + 1]);

#endif
