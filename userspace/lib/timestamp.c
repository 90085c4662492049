// SPDX-License-Identifier: GPL-2.0-or-later
/* Moments and durations as text: what an exemption's end is written as. */
#include <ctype.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "timestamp.h"

#define MINUTE	60
#define HOUR	(60 * MINUTE)
#define DAY	(24 * HOUR)
#define WEEK	(7 * DAY)
#define MONTH	(30 * DAY)
#define YEAR	(365 * DAY)

#define NS_PER_SECOND	1000000000

#define LAST_SECOND	253402300799	/* 9999-12-31T23:59:59Z */
#define EXAMPLE		"2027-03-31T00:00:00Z"

/* Exactly @n digits, and then one of @ends, which is passed over; '\0' ends the text. */
static bool take_digits(const char **text, int n, const char *ends, int *value)
{
	for (*value = 0; n; n--, (*text)++) {
		if (!isdigit((unsigned char)**text))
			return false;
		*value = *value * 10 + (**text - '0');
	}
	if (!ends)
		return true;
	if (!**text || !strchr(ends, **text))
		return !**text && !*ends;
	(*text)++;
	return true;
}

/* What timegm() would silently turn into another day or hour is no moment. */
static bool is_moment(struct tm tm, time_t *seconds)
{
	struct tm copy = tm;

	*seconds = timegm(&copy);
	return copy.tm_mday == tm.tm_mday && copy.tm_mon == tm.tm_mon &&
	       copy.tm_hour == tm.tm_hour && copy.tm_min == tm.tm_min &&
	       copy.tm_sec == tm.tm_sec;
}

static bool take_date(const char **text, struct tm *tm)
{
	if (!take_digits(text, 4, "-", &tm->tm_year) || !take_digits(text, 2, "-", &tm->tm_mon) ||
	    !take_digits(text, 2, NULL, &tm->tm_mday))
		return false;
	tm->tm_year -= 1900;
	tm->tm_mon--;
	return true;
}

static bool take_time(const char **text, struct tm *tm)
{
	return take_digits(text, 2, ":", &tm->tm_hour) && take_digits(text, 2, ":", &tm->tm_min) &&
	       take_digits(text, 2, NULL, &tm->tm_sec);
}

/* "Z" or "+02:00", to the end of the text. */
static bool take_offset(const char *text, int *offset)
{
	int sign = *text == '-' ? -1 : 1, hours, minutes;

	*offset = 0;
	if (*text == 'Z' || *text == 'z')
		return !text[1];
	if (*text != '+' && *text != '-')
		return false;
	text++;
	if (!take_digits(&text, 2, ":", &hours) || !take_digits(&text, 2, "", &minutes))
		return false;
	*offset = sign * (hours * HOUR + minutes * MINUTE);
	return hours < 24 && minutes < 60;
}

static int no_moment(const char *text, struct cw_error *err)
{
	return cw_error_set(err, "\"%s\" is no moment: write it as in " EXAMPLE ", or a date alone for its start, UTC",
			    text);
}

int cw_timestamp_parse(const char *text, uint64_t *seconds, struct cw_error *err)
{
	const char *rest = text;
	struct tm tm = { 0 };
	int offset = 0;
	time_t moment;

	if (!take_date(&rest, &tm))
		return no_moment(text, err);
	if (*rest) {
		if ((*rest != 'T' && *rest != 't') || !(rest++, take_time(&rest, &tm)))
			return no_moment(text, err);
		if (!*rest)
			return cw_error_set(err, "\"%s\" names no time zone: write a Z at its end for UTC, or an offset as in +02:00",
					    text);
		if (*rest == '.')
			return cw_error_set(err, "\"%s\" has a fraction of a second: write whole seconds, as in " EXAMPLE,
					    text);
		if (!take_offset(rest, &offset))
			return no_moment(text, err);
	}
	if (!is_moment(tm, &moment))
		return cw_error_set(err, "\"%s\" is no moment: there is no such day or time", text);
	moment -= offset;
	if (moment < 0 || moment > LAST_SECOND)
		return cw_error_set(err, "\"%s\" is not between 1970 and 9999", text);
	*seconds = moment;
	return 0;
}

char *cw_timestamp_format(uint64_t seconds, char buf[static CW_TIMESTAMP_STRLEN + 1])
{
	time_t moment = seconds > LAST_SECOND ? LAST_SECOND : seconds;
	struct tm tm;

	gmtime_r(&moment, &tm);
	strftime(buf, CW_TIMESTAMP_STRLEN + 1, "%Y-%m-%dT%H:%M:%SZ", &tm);
	return buf;
}

char *cw_timestamp_format_ns(uint64_t ns, char buf[static CW_TIMESTAMP_NS_STRLEN + 1])
{
	char seconds[CW_TIMESTAMP_STRLEN + 1];

	cw_timestamp_format(ns / NS_PER_SECOND, seconds);
	/* Without the Z, which goes behind the fraction. */
	snprintf(buf, CW_TIMESTAMP_NS_STRLEN + 1, "%.*s.%09uZ", CW_TIMESTAMP_STRLEN - 1, seconds,
		 (unsigned int)(ns % NS_PER_SECOND));
	return buf;
}

char *cw_age_format(uint64_t seconds, char buf[static CW_AGE_STRLEN + 1])
{
	static const struct {
		unsigned int from, seconds;
		const char *name;
	} units[] = {
		{ 2 * YEAR, YEAR, "years" }, { 2 * MONTH, MONTH, "months" }, { 2 * DAY, DAY, "days" },
		{ 2 * HOUR, HOUR, "h" }, { 2 * MINUTE, MINUTE, "min" }, { 0, 1, "s" },
	};
	size_t unit = 0;

	while (seconds < units[unit].from)
		unit++;
	snprintf(buf, CW_AGE_STRLEN + 1, "%" PRIu64 " %s", seconds / units[unit].seconds,
		 units[unit].name);
	return buf;
}

int cw_duration_parse(const char *text, uint64_t *seconds, struct cw_error *err)
{
	static const struct {
		const char *name;
		unsigned int seconds;
	} units[] = { { "s", 1 }, { "min", MINUTE }, { "h", HOUR }, { "d", DAY }, { "w", WEEK } };
	unsigned long long number;
	char *unit;
	size_t i;

	number = isdigit((unsigned char)*text) ? strtoull(text, &unit, 10) : 0;
	if (!number)
		return cw_error_set(err, "\"%s\" is no duration: write for instance 8h, 30d or 2w, or a date", text);
	for (i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
		if (strcmp(unit, units[i].name) != 0)
			continue;
		if (number > LAST_SECOND / units[i].seconds)
			return cw_error_set(err, "\"%s\" is too long: write a date", text);
		*seconds = number * units[i].seconds;
		return 0;
	}
	return cw_error_set(err, "\"%s\" is no duration: the unit is s, min, h, d or w, as in 8h or 30d", text);
}
