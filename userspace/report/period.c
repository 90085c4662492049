// SPDX-License-Identifier: GPL-2.0-or-later
/* Begin and end of a report's period, and its division into days, weeks, months and years of UTC. */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "alloc.h"
#include "period.h"
#include "timestamp.h"

#define WEEK		7
#define DATE_LEN	10	/* "2026-11-25" */
#define LAST_MOMENT	253402300800	/* 10000-01-01T00:00:00Z */

/* A duration ends in its unit, a moment has a '-' behind its year. */
static int parse(const char *text, uint64_t now, uint64_t *moment, struct cw_error *err)
{
	uint64_t duration;

	if (strchr(text, '-') || strchr(text, 'T'))
		return cw_timestamp_parse(text, moment, err);
	if (cw_duration_parse(text, &duration, NULL))
		return cw_error_set(err, "\"%s\" is neither a date nor a duration: write 2026-01-01, 2026-01-01T00:00:00Z, or 30d for 30 days ago",
				    text);
	*moment = duration < now ? now - duration : 0;
	return 0;
}

int period_since(const char *text, uint64_t now, uint64_t *since, struct cw_error *err)
{
	return parse(text, now, since, err);
}

int period_until(const char *text, uint64_t now, uint64_t *until, struct cw_error *err)
{
	if (parse(text, now, until, err))
		return -1;
	if (strlen(text) == DATE_LEN && strchr(text, '-'))
		*until += PERIOD_DAY;
	return 0;
}

/** enum unit - what columns are */
enum unit { UNIT_DAY, UNIT_WEEK, UNIT_MONTH, UNIT_YEAR };

static struct tm broken(uint64_t moment)
{
	time_t seconds = moment;
	struct tm tm;

	gmtime_r(&seconds, &tm);
	return tm;
}

/* The begin of the unit that a moment lies in, or of the @n-th after it. */
static uint64_t begin(enum unit unit, uint64_t moment, int n)
{
	struct tm tm = broken(moment);
	time_t start;

	tm.tm_hour = 0;
	tm.tm_min = 0;
	tm.tm_sec = 0;
	switch (unit) {
	case UNIT_DAY:
		tm.tm_mday += n;
		break;
	case UNIT_WEEK:
		tm.tm_mday += n * WEEK - (tm.tm_wday + WEEK - 1) % WEEK;
		break;
	case UNIT_MONTH:
		tm.tm_mday = 1;
		tm.tm_mon += n;
		break;
	case UNIT_YEAR:
		tm.tm_mday = 1;
		tm.tm_mon = 0;
		tm.tm_year += n;
		break;
	}
	start = timegm(&tm);
	/* 1970 began on a Thursday: the week of its first days has no begin in unsigned time. */
	return start < 0 ? 0 : start;
}

static size_t count(enum unit unit, uint64_t since, uint64_t until)
{
	uint64_t moment = begin(unit, since, 0);
	size_t n = 0;

	while (moment < until && n <= REPORT_COLUMNS) {
		moment = begin(unit, moment, 1);
		n++;
	}
	return n;
}

static enum unit choose(uint64_t since, uint64_t until)
{
	enum unit unit;

	for (unit = UNIT_DAY; unit < UNIT_YEAR; unit++)
		if (count(unit, since, until) <= REPORT_COLUMNS)
			break;
	return unit;
}

static void label(struct report_column *column, enum unit unit)
{
	static const char *const formats[] = { "%Y-%m-%d", "%Y-%m-%d", "%Y-%m", "%Y" };
	struct tm tm = broken(column->since);

	strftime(column->label, sizeof(column->label), formats[unit], &tm);
}

void period_columns(struct report *report)
{
	static const char *const names[] = { "day", "week", "month", "year" };
	enum unit unit = choose(report->since, report->until);
	uint64_t moment;

	report->column_name = names[unit];
	for (moment = begin(unit, report->since, 0); moment < report->until && moment < LAST_MOMENT;
	     moment = begin(unit, moment, 1)) {
		struct report_column *column;

		report->columns = cw_array_room(report->columns, report->n_columns, sizeof(*column));
		column = &report->columns[report->n_columns++];
		memset(column, 0, sizeof(*column));
		column->since = moment;
		column->until = begin(unit, moment, 1);
		column->devices = cw_calloc(report->n_vendors, sizeof(*column->devices));
		column->octets = cw_calloc(report->n_groups, sizeof(*column->octets));
		label(column, unit);
	}
}

void period_years(struct report *report)
{
	uint64_t moment;

	for (moment = report->since; moment < report->until; moment = begin(UNIT_YEAR, moment, 1)) {
		struct report_year *year;
		uint64_t next = begin(UNIT_YEAR, moment, 1);

		report->years = cw_array_room(report->years, report->n_years, sizeof(*year));
		year = &report->years[report->n_years++];
		memset(year, 0, sizeof(*year));
		year->year = broken(moment).tm_year + 1900;
		year->since = moment;
		year->until = next < report->until ? next : report->until;
	}
}

size_t period_column_at(const struct report *report, uint64_t moment)
{
	size_t low = 0, high = report->n_columns;

	while (high - low > 1) {
		size_t middle = low + (high - low) / 2;

		if (report->columns[middle].since <= moment)
			low = middle;
		else
			high = middle;
	}
	return low;
}
