// SPDX-License-Identifier: GPL-2.0-or-later
/* Figures, sizes, spans and times of a report, as people read them. */
#include <inttypes.h>
#include <string.h>
#include <time.h>

#include "report_text.h"

#define KIB		1024.0
#define MINUTE		60
#define HOUR		3600
#define DAY		86400
#define LAST_SECOND	253402300799	/* 9999-12-31T23:59:59Z */

char *report_count(uint64_t n, char buf[static REPORT_TEXT_LEN])
{
	char digits[24];
	int length, i, k = 0;

	length = snprintf(digits, sizeof(digits), "%" PRIu64, n);
	for (i = 0; i < length; i++) {
		if (i && (length - i) % 3 == 0)
			buf[k++] = ',';
		buf[k++] = digits[i];
	}
	buf[k] = '\0';
	return buf;
}

char *report_octets(uint64_t n, char buf[static REPORT_TEXT_LEN])
{
	static const char *const units[] = { "KiB", "MiB", "GiB", "TiB", "PiB", "EiB" };
	double value = n / KIB;
	size_t unit = 0;

	if (n < KIB) {
		snprintf(buf, REPORT_TEXT_LEN, "%" PRIu64 " B", n);
		return buf;
	}
	/* 1023.95 would be written "1024.0". */
	while (value >= KIB - 0.05 && unit < sizeof(units) / sizeof(units[0]) - 1) {
		value /= KIB;
		unit++;
	}
	snprintf(buf, REPORT_TEXT_LEN, "%.1f %s", value, units[unit]);
	return buf;
}

char *report_span(uint64_t seconds, char buf[static REPORT_TEXT_LEN])
{
	uint64_t days = seconds / DAY, hours = seconds % DAY / HOUR;
	uint64_t minutes = seconds % HOUR / MINUTE;

	if (days && hours)
		snprintf(buf, REPORT_TEXT_LEN, "%" PRIu64 " day%s %" PRIu64 " h", days,
			 report_plural(days), hours);
	else if (days)
		snprintf(buf, REPORT_TEXT_LEN, "%" PRIu64 " day%s", days, report_plural(days));
	else if (hours && minutes)
		snprintf(buf, REPORT_TEXT_LEN, "%" PRIu64 " h %" PRIu64 " min", hours, minutes);
	else if (hours)
		snprintf(buf, REPORT_TEXT_LEN, "%" PRIu64 " h", hours);
	else if (minutes)
		snprintf(buf, REPORT_TEXT_LEN, "%" PRIu64 " min", minutes);
	else
		snprintf(buf, REPORT_TEXT_LEN, "%" PRIu64 " s", seconds);
	return buf;
}

static char *format(uint64_t seconds, const char *fmt, char *buf)
{
	time_t moment = seconds > LAST_SECOND ? LAST_SECOND : seconds;
	struct tm tm;

	gmtime_r(&moment, &tm);
	strftime(buf, REPORT_TEXT_LEN, fmt, &tm);
	return buf;
}

char *report_moment(uint64_t seconds, char buf[static REPORT_TEXT_LEN])
{
	if (!seconds)
		return strcpy(buf, "never");
	return format(seconds, "%Y-%m-%d %H:%M UTC", buf);
}

char *report_short(uint64_t seconds, char buf[static REPORT_TEXT_LEN])
{
	if (!seconds)
		return strcpy(buf, "never");
	return format(seconds, "%Y-%m-%d %H:%M", buf);
}

char *report_date(uint64_t seconds, char buf[static REPORT_TEXT_LEN])
{
	return format(seconds, "%Y-%m-%d", buf);
}
