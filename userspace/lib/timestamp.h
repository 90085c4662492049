/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Moments and durations as text: what an exemption's end is written as. */
#ifndef CW_TIMESTAMP_H
#define CW_TIMESTAMP_H

#include <stdint.h>

#include "error.h"

#define CW_TIMESTAMP_STRLEN	20	/* "2027-03-31T00:00:00Z" */

/**
 * cw_timestamp_parse() - read a moment
 * @text: as in RFC 3339, "2027-03-31T00:00:00Z" or "2027-03-31T02:00:00+02:00", without a
 *	  fraction of a second; a date alone is its start, in UTC
 * @seconds: since 1970-01-01T00:00:00Z
 * @err: says what is wrong and what would be right
 *
 * Return: 0, or -1 with @err set.
 */
int cw_timestamp_parse(const char *text, uint64_t *seconds, struct cw_error *err);

/**
 * cw_timestamp_format() - write a moment as "2027-03-31T00:00:00Z"
 *
 * Of a moment after the year 9999 the last second of that year is written.
 *
 * Return: @buf
 */
char *cw_timestamp_format(uint64_t seconds, char buf[static CW_TIMESTAMP_STRLEN + 1]);

#define CW_TIMESTAMP_NS_STRLEN	30	/* "2027-03-31T00:00:00.123456789Z" */

/** cw_timestamp_format_ns() - the same of nanoseconds since 1970, with all of them; Return: @buf */
char *cw_timestamp_format_ns(uint64_t ns, char buf[static CW_TIMESTAMP_NS_STRLEN + 1]);

#define CW_AGE_STRLEN	27

/**
 * cw_age_format() - a time span for people: "12 s", "5 min", "3 h", "2 days", "4 months"; always of
 *	two units at least, but for seconds
 *
 * Return: @buf
 */
char *cw_age_format(uint64_t seconds, char buf[static CW_AGE_STRLEN + 1]);

/**
 * cw_duration_parse() - read a duration
 * @text: a whole number and s, min, h, d or w, as in "8h" or "30d"
 *
 * Return: 0, or -1 with @err set.
 */
int cw_duration_parse(const char *text, uint64_t *seconds, struct cw_error *err);

#endif
