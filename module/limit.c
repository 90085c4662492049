// SPDX-License-Identifier: GPL-2.0
/*
 * Token buckets, as the generic cell rate algorithm (ITU-T I.371, annex A) has them: of a
 * bucket only the moment is kept at which it would be full again, so that taking from it
 * is one compare-and-exchange. Time is in sixteenths of a nanosecond, so that the price of
 * a packet is not rounded by much at high rates: 36 years fit.
 */
#include <linux/compiler.h>
#include <linux/math64.h>
#include <linux/minmax.h>
#include <linux/time64.h>
#include <uapi/camwall.h>

#include "limit.h"

#define CW_TICKS_PER_NSEC 16
#define CW_TICKS_PER_SEC (1ULL * CW_TICKS_PER_NSEC * NSEC_PER_SEC)
#define CW_MAX_BURST_SECONDS 3600
#define CW_MAX_UNITS (1U << 26) /* of one frame: two years at one a second, so no time overflows */

/**
 * cw_limit_init() - work out what a limit's packets are judged by
 * @limit: with @rate, @burst and @bits set; freely chosen by the administrator
 *
 * Return: false where the rate is out of range, or the burst is 0 or more than an hour of it.
 */
bool cw_limit_init(struct cw_limit *limit)
{
	u64 rate = limit->rate, seconds, rest;

	if (!rate || rate > CAMWALL_MAX_RATE || !limit->burst)
		return false;
	seconds = div64_u64_rem(limit->burst, rate, &rest);
	if (seconds >= CW_MAX_BURST_SECONDS)
		return false;
	/* Nine digits are enough for the rest of a second, and do not overflow. */
	while (rest >= NSEC_PER_SEC) {
		rest /= 2;
		rate /= 2;
	}
	limit->tolerance = seconds * CW_TICKS_PER_SEC +
			   div64_u64(rest * CW_TICKS_PER_SEC, rate);
	return true;
}

/**
 * cw_limit_full() - whether a bucket is full
 * @bucket: the bucket
 * @now: monotonic time in nanoseconds
 *
 * Context: any.
 */
bool cw_limit_full(const struct cw_tokens *bucket, u64 now)
{
	return atomic64_read(&bucket->full) <= (s64)(now * CW_TICKS_PER_NSEC);
}

/*
 * Debts are kept as time: what was owed at another rate, or to a larger bucket, is an empty
 * bucket at this one, and no more.
 */
static void cw_limit_change(const struct cw_limit *limit, struct cw_tokens *bucket,
			    u64 now)
{
	s64 empty = now + limit->tolerance;

	WRITE_ONCE(bucket->rate, limit->rate);
	WRITE_ONCE(bucket->tolerance, limit->tolerance);
	if (atomic64_read(&bucket->full) > empty)
		atomic64_set(&bucket->full, empty);
}

/**
 * cw_limit_take() - take a frame's tokens from a bucket
 * @limit: the rate
 * @bucket: the bucket
 * @now: monotonic time in nanoseconds
 * @packets: frames, at least 1
 * @bytes: octets of them
 *
 * A batch passes where there are tokens for one frame of it, and takes those of all: so
 * one that is larger than the burst passes too, and is made up for afterwards.
 *
 * Context: any.
 * Return: whether it may pass; if not, nothing was taken.
 */
bool cw_limit_take(const struct cw_limit *limit, struct cw_tokens *bucket, u64 now,
		   u32 packets, u32 bytes)
{
	u64 units = limit->bits ? 8ULL * bytes : packets;
	u64 price = div64_u64(min_t(u64, units, CW_MAX_UNITS) * CW_TICKS_PER_SEC,
			      limit->rate);
	u64 need = min_t(u64, div64_u64(price, packets), limit->tolerance);
	s64 full, next;

	now *= CW_TICKS_PER_NSEC;
	if (unlikely(READ_ONCE(bucket->rate) != limit->rate ||
		     READ_ONCE(bucket->tolerance) != limit->tolerance))
		cw_limit_change(limit, bucket, now);
	full = atomic64_read(&bucket->full);
	do {
		if (full > (s64)now && (u64)full - now + need > limit->tolerance)
			return false;
		next = max_t(s64, full, now) + price;
	} while (!atomic64_try_cmpxchg(&bucket->full, &full, next));
	return true;
}
