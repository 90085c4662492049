// SPDX-License-Identifier: GPL-2.0-or-later
/* Days, the columns of charts, and years. */
#include <stdlib.h>
#include <string.h>

#include "alloc.h"
#include "load.h"
#include "period.h"

static struct report_day *add_row(struct load *load, uint64_t day, size_t group)
{
	struct report *report = load->report;
	struct report_day *row;

	report->days = cw_array_room(report->days, report->n_days, sizeof(*row));
	row = &report->days[report->n_days++];
	memset(row, 0, sizeof(*row));
	row->site = load->site;
	row->day = day;
	row->group = group;
	return row;
}

static int add_traffic(void *ctx, const struct cw_history_traffic *traffic)
{
	struct load *load = ctx;
	struct report_day *row;

	row = add_row(load, traffic->start, load_group(load->report, traffic->group));
	load_add(&row->traffic[REPORT_FROM], &traffic->from);
	load_add(&row->traffic[REPORT_TO], &traffic->to);
	return 0;
}

static int compare_days(const void *a, const void *b)
{
	const struct report_day *x = a, *y = b;

	if (x->site != y->site)
		return x->site < y->site ? -1 : 1;
	if (x->day != y->day)
		return x->day < y->day ? -1 : 1;
	return x->group < y->group ? -1 : x->group > y->group;
}

static void add_up(struct report_day *to, const struct report_day *from)
{
	size_t direction, reason;

	to->devices += from->devices;
	for (direction = REPORT_FROM; direction <= REPORT_TO; direction++) {
		to->traffic[direction].packets += from->traffic[direction].packets;
		to->traffic[direction].octets += from->traffic[direction].octets;
		for (reason = 0; reason < REPORT_REASONS; reason++)
			to->traffic[direction].dropped[reason] += from->traffic[direction].dropped[reason];
	}
}

/* Rows of traffic and rows of devices become one a day and group. */
static void merge(struct report *report)
{
	size_t i, n = 0;

	LOAD_SORT(report->days, report->n_days, compare_days);
	for (i = 0; i < report->n_days; i++) {
		if (n && compare_days(&report->days[n - 1], &report->days[i]) == 0)
			add_up(&report->days[n - 1], &report->days[i]);
		else
			report->days[n++] = report->days[i];
	}
	report->n_days = n;
}

static void sum_group(struct report *report, const struct report_day *day)
{
	struct report_day sum = { .traffic = { report->groups[day->group].traffic[REPORT_FROM],
					       report->groups[day->group].traffic[REPORT_TO] } };

	add_up(&sum, day);
	memcpy(report->groups[day->group].traffic, sum.traffic, sizeof(sum.traffic));
}

int load_days(struct load *load, struct cw_error *err)
{
	struct report *report = load->report;
	size_t i;

	if (cw_history_traffic(load->histories[load->site], CW_HISTORY_OF_GROUPS, CW_HISTORY_DAYS,
			       load_day(report->since), report->until, add_traffic, load, err))
		return -1;
	for (i = load->n_seen_site; i < load->n_seen; i++)
		add_row(load, load->seen[i].day, load->seen[i].group)->devices = load->seen[i].devices;
	load->n_seen_site = load->n_seen;
	return 0;
}

static int compare_seen(const void *a, const void *b)
{
	const struct load_seen *x = a, *y = b;

	if (x->vendor != y->vendor)
		return x->vendor < y->vendor ? -1 : 1;
	return x->day < y->day ? -1 : x->day > y->day;
}

static void fill_devices(struct load *load)
{
	struct report *report = load->report;
	size_t i, next;

	LOAD_SORT(load->seen, load->n_seen, compare_seen);
	for (i = 0; i < load->n_seen; i = next) {
		size_t vendor = load->seen[i].vendor;
		uint64_t devices = 0, *most;

		/* All groups and sites of that day. */
		for (next = i; next < load->n_seen && !compare_seen(&load->seen[i], &load->seen[next]); next++)
			devices += load->seen[next].devices;
		most = &report->columns[period_column_at(report, load->seen[i].day)].devices[vendor];
		if (devices > *most)
			*most = devices;
	}
}

void load_columns(struct load *load)
{
	struct report *report = load->report;
	size_t i, direction, reason;

	merge(report);
	for (i = 0; i < report->n_days; i++) {
		const struct report_day *day = &report->days[i];
		struct report_column *column = &report->columns[period_column_at(report, day->day)];

		sum_group(report, day);
		for (direction = REPORT_FROM; direction <= REPORT_TO; direction++) {
			column->octets[day->group] += day->traffic[direction].octets;
			column->packets += day->traffic[direction].packets;
			for (reason = 0; reason < REPORT_REASONS; reason++)
				column->dropped[reason] += day->traffic[direction].dropped[reason];
		}
	}
	fill_devices(load);
}

static bool within(const struct report_year *year, uint64_t moment)
{
	return moment >= year->since && moment < year->until;
}

uint64_t load_year(const struct report *report, uint64_t moment)
{
	size_t i;

	for (i = 0; i < report->n_years && i < 64; i++)
		if (within(&report->years[report->n_years - 1 - i], moment))
			return 1ULL << i;
	return 0;
}

/* Devices stand by vendor and address: the same one at several sites is one behind the other. */
static void count_device(struct report *report, size_t from, size_t to)
{
	uint64_t first = UINT64_MAX, last = 0, years = 0, bit;
	bool present = false;
	size_t i;

	for (i = from; i < to; i++) {
		const struct report_device *device = &report->devices[i];

		first = device->first < first ? device->first : first;
		last = device->last > last ? device->last : last;
		present |= device->present;
		years |= device->years;
	}
	for (i = 0, bit = 1; i < report->n_years && bit; i++, bit <<= 1) {
		struct report_year *year = &report->years[report->n_years - 1 - i];

		year->devices += (years & bit) != 0;
		year->new += within(year, first);
		year->gone += !present && within(year, last);
	}
}

static void sum_year(const struct report *report, struct report_year *year)
{
	size_t i;

	for (i = 0; i < report->n_sites; i++)
		year->missed += load_missed(report, i, year->since, year->until);
	for (i = 0; i < report->n_days; i++) {
		const struct report_day *day = &report->days[i];

		if (day->day >= load_day(year->since) && day->day < year->until)
			year->dropped += report_dropped(&day->traffic[REPORT_FROM]) +
					 report_dropped(&day->traffic[REPORT_TO]);
	}
}

void load_years(struct report *report)
{
	size_t i, next;

	for (i = 0; i < report->n_devices; i = next) {
		for (next = i + 1; next < report->n_devices; next++)
			if (report->devices[next].mac != report->devices[i].mac)
				break;
		count_device(report, i, next);
	}
	for (i = 0; i < report->n_years; i++)
		sum_year(report, &report->years[i]);
}
