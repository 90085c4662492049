/* SPDX-License-Identifier: GPL-2.0 */
/* Token buckets. */
#ifndef _CW_LIMIT_H
#define _CW_LIMIT_H

#include <linux/atomic.h>
#include <linux/types.h>

/**
 * struct cw_limit - the rate of a group whose action is limit
 * @rate: units in a second
 * @burst: units that may pass at once
 * @bits: a unit is a bit, not a frame
 * @tolerance: what @burst units take at @rate, in sixteenths of a nanosecond
 */
struct cw_limit {
	u64 rate;
	u64 burst;
	bool bits;
	u64 tolerance;
};

/**
 * struct cw_tokens - a token bucket; one that is all zero is full
 * @full: when it would be full again, in sixteenths of a nanosecond of monotonic time
 * @rate: &cw_limit.rate that @full was worked out with
 * @tolerance: &cw_limit.tolerance of then
 */
struct cw_tokens {
	atomic64_t full;
	u64 rate;
	u64 tolerance;
};

bool cw_limit_init(struct cw_limit *limit);
bool cw_limit_full(const struct cw_tokens *bucket, u64 now);
bool cw_limit_take(const struct cw_limit *limit, struct cw_tokens *bucket, u64 now,
		   u32 packets, u32 bytes);

#endif
