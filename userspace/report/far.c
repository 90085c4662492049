// SPDX-License-Identifier: GPL-2.0-or-later
/* Devices by organisation, and business days. */
#include <stdlib.h>
#include <string.h>

#include "alloc.h"
#include "far.h"

#define DAY	86400

static int compare_text(const char *a, const char *b)
{
	return strcmp(a ?: "", b ?: "");
}

static int compare(const void *a, const void *b)
{
	const struct report_device *x = *(const struct report_device *const *)a;
	const struct report_device *y = *(const struct report_device *const *)b;
	int order;

	if (x->group != y->group)
		return x->group < y->group ? -1 : 1;
	order = compare_text(x->organization, y->organization);
	if (order)
		return order;
	return x->mac < y->mac ? -1 : x->mac > y->mac;
}

struct far_item *far_items(const struct report *report, size_t *n)
{
	/* NOLINTNEXTLINE(bugprone-sizeof-expression): an array of pointers */
	const struct report_device **devices = cw_calloc(report->n_devices, sizeof(*devices));
	struct far_item *items = NULL, *item = NULL;
	size_t i;

	for (i = 0; i < report->n_devices; i++)
		devices[i] = &report->devices[i];
	/* NOLINTNEXTLINE(bugprone-sizeof-expression): an array of pointers */
	qsort(devices, report->n_devices, sizeof(*devices), compare);
	*n = 0;
	for (i = 0; i < report->n_devices; i++) {
		const struct report_device *device = devices[i];

		if (!i || device->group != devices[i - 1]->group ||
		    compare_text(device->organization, devices[i - 1]->organization) != 0) {
			items = cw_array_room(items, *n, sizeof(*items));
			item = &items[(*n)++];
			memset(item, 0, sizeof(*item));
			item->vendor = &report->vendors[device->vendor];
			item->group = &report->groups[device->group];
			item->organization = device->organization;
			item->first = device->first;
		}
		/* The same device at two sites is one item. */
		if (!item->devices || device->mac != devices[i - 1]->mac)
			item->devices++;
		if (device->first < item->first)
			item->first = device->first;
		item->dropped += report_device_dropped(device);
	}
	free(devices);
	return items;
}

uint64_t far_business_day(uint64_t moment, unsigned int n)
{
	uint64_t day = moment / DAY;

	while (n) {
		/* 1970-01-01 was a Thursday: 0 is Monday. */
		unsigned int weekday = (++day + 3) % 7;

		if (weekday < 5)
			n--;
	}
	return day * DAY;
}
