/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The period of a report: what --since and --until say, and its parts. */
#ifndef CW_REPORT_PERIOD_H
#define CW_REPORT_PERIOD_H

#include <stdint.h>

#include "error.h"
#include "report.h"

#define PERIOD_DAY	86400

/**
 * period_since() - read a begin
 * @text: a moment as in RFC 3339, "2026-01-01T00:00:00+02:00"; a date alone is its first
 *	  second, UTC; a duration ("30d", "12w") counts back from @now
 * @err: says what is wrong and what would be right
 *
 * Return: 0, or -1 with @err set.
 */
int period_since(const char *text, uint64_t now, uint64_t *since, struct cw_error *err);

/** period_until() - read an end, the same, save that a date alone is the end of its day: the day is in the period */
int period_until(const char *text, uint64_t now, uint64_t *until, struct cw_error *err);

/**
 * period_columns() - divide the period of a report
 *
 * Into days (UTC), weeks from Monday, months or years, the smallest of which there are at
 * most REPORT_COLUMNS. The first and last column may reach out of the period; sets
 * columns, n_columns and column_name, with figures that are 0 for each group.
 */
void period_columns(struct report *report);

/** period_years() - the calendar years of the period, with figures that are 0 */
void period_years(struct report *report);

/** period_column_at() - index of the column that a moment lies in; one outside is at the first or last */
size_t period_column_at(const struct report *report, uint64_t moment);

#endif
