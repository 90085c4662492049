// SPDX-License-Identifier: GPL-2.0-or-later
/* What can be asked of a report: sums, the greatest, names of things. */
#include <stdlib.h>
#include <string.h>

#include "alloc.h"
#include "report.h"

void report_device_clear(struct report_device *device)
{
	free(device->organization);
	free(device->prefix);
	free(device->evidence);
	free(device->hostname);
	free(device->ipv4);
	free(device->ipv6);
	free(device->ifname);
	free(device->port);
}

static void free_devices(struct report *report)
{
	size_t i;

	for (i = 0; i < report->n_devices; i++)
		report_device_clear(&report->devices[i]);
	free(report->devices);
}

static void free_policies(struct report *report)
{
	size_t i;

	for (i = 0; i < report->n_policies; i++) {
		struct report_policy *policy = &report->policies[i];

		free(policy->who);
		free(policy->file);
		free(policy->digest);
		free(policy->summary);
		free(policy->changes);
	}
	free(report->policies);
}

static void free_exemptions(struct report *report)
{
	size_t i;

	for (i = 0; i < report->n_exemptions; i++) {
		free(report->exemptions[i].reason);
		free(report->exemptions[i].approved_by);
	}
	free(report->exemptions);
}

static void free_columns(struct report *report)
{
	size_t i;

	for (i = 0; i < report->n_columns; i++) {
		free(report->columns[i].devices);
		free(report->columns[i].octets);
	}
	free(report->columns);
}

static void free_subjects(struct report *report)
{
	size_t i;

	for (i = 0; i < report->n_sites; i++) {
		free(report->sites[i].name);
		free(report->sites[i].file);
		free(report->sites[i].id);
	}
	free(report->sites);
	for (i = 0; i < report->n_vendors; i++) {
		free(report->vendors[i].name);
		free(report->vendors[i].title);
		free(report->vendors[i].policy);
	}
	free(report->vendors);
	for (i = 0; i < report->n_groups; i++) {
		free(report->groups[i].name);
		free(report->groups[i].action);
	}
	free(report->groups);
}

void report_free(struct report *report)
{
	size_t i;

	if (!report)
		return;
	free_subjects(report);
	for (i = 0; i < report->n_gaps; i++)
		free(report->gaps[i].reason);
	free(report->gaps);
	free(report->watches);
	free_devices(report);
	free_policies(report);
	free_exemptions(report);
	free_columns(report);
	free(report->days);
	free(report->years);
	free(report);
}

uint64_t report_dropped(const struct report_traffic *traffic)
{
	uint64_t sum = 0;
	size_t i;

	for (i = 0; i < REPORT_REASONS; i++)
		sum += traffic->dropped[i];
	return sum;
}

uint64_t report_device_packets(const struct report_device *device)
{
	return device->traffic[REPORT_FROM].packets + device->traffic[REPORT_TO].packets;
}

uint64_t report_device_dropped(const struct report_device *device)
{
	return report_dropped(&device->traffic[REPORT_FROM]) + report_dropped(&device->traffic[REPORT_TO]);
}

void report_total(const struct report *report, struct report_totals *totals)
{
	size_t i;

	memset(totals, 0, sizeof(*totals));
	for (i = 0; i < report->n_vendors; i++) {
		const struct report_vendor *vendor = &report->vendors[i];

		totals->vendors += vendor->devices > 0;
		totals->devices += vendor->devices;
		totals->new += vendor->new;
		totals->present += vendor->present;
	}
	/* Of groups, which have what devices without an entry in the inventory lost as well. */
	for (i = 0; i < report->n_groups; i++)
		totals->dropped += report_dropped(&report->groups[i].traffic[REPORT_FROM]) +
				   report_dropped(&report->groups[i].traffic[REPORT_TO]);
	for (i = 0; i < report->n_sites; i++) {
		totals->watched += report->sites[i].watched;
		totals->missed += report->sites[i].missed;
	}
}

/* qsort_r()'s argument: what to compare by. */
struct order {
	uint64_t (*get)(const struct report_device *device);
};

/* Equal ones by address, so that a report of the same history is the same to the octet. */
static int descending(const void *a, const void *b, void *data)
{
	const struct report_device *x = *(const struct report_device *const *)a;
	const struct report_device *y = *(const struct report_device *const *)b;
	const struct order *order = data;
	uint64_t of_x = order->get(x), of_y = order->get(y);

	if (of_x != of_y)
		return of_x > of_y ? -1 : 1;
	if (x->mac != y->mac)
		return x->mac < y->mac ? -1 : 1;
	return x->site < y->site ? -1 : x->site > y->site;
}

const struct report_device **report_top(const struct report *report,
					uint64_t (*get)(const struct report_device *device),
					size_t most, size_t *n)
{
	/* NOLINTNEXTLINE(bugprone-sizeof-expression): an array of pointers */
	const struct report_device **top = cw_calloc(report->n_devices, sizeof(*top));
	struct order order = { get };
	size_t i;

	for (*n = i = 0; i < report->n_devices; i++)
		if (get(&report->devices[i]))
			top[(*n)++] = &report->devices[i];
	/* NOLINTNEXTLINE(bugprone-sizeof-expression): an array of pointers */
	qsort_r(top, *n, sizeof(*top), descending, &order);
	if (*n > most)
		*n = most;
	return top;
}

const char *report_reason_name(unsigned int reason)
{
	static const char *const names[REPORT_REASONS] = { "policy", "not-allowed", "limit", "malformed" };

	return names[reason];
}

const char *report_reason_title(unsigned int reason)
{
	static const char *const titles[REPORT_REASONS] = {
		"because of the action", "not on the allow list", "above the limit", "malformed",
	};

	return titles[reason];
}

const char *report_end_name(enum report_end how)
{
	static const char *const names[] = {
		[REPORT_END_NOT] = "in-force", [REPORT_END_EXPIRED] = "expired",
		[REPORT_END_WITHDRAWN] = "withdrawn", [REPORT_END_CHANGED] = "changed",
		[REPORT_END_MODULE] = "module", [REPORT_END_UNKNOWN] = "unknown",
	};

	return names[how];
}

const char *report_end_title(enum report_end how)
{
	static const char *const titles[] = {
		[REPORT_END_NOT] = "still in force",
		[REPORT_END_EXPIRED] = "at its time, by itself",
		[REPORT_END_WITHDRAWN] = "taken back before its time",
		[REPORT_END_CHANGED] = "replaced by another one for this device",
		[REPORT_END_MODULE] = "with the kernel module, which was unloaded",
		[REPORT_END_UNKNOWN] = "not recorded",
	};

	return titles[how];
}

const char *report_gap_title(const struct report_gap *gap)
{
	static const struct {
		const char *reason, *title;
	} titles[] = {
		{ "stopped", "camwalld was stopped" },
		{ "killed", "camwalld ended without saying so" },
		{ "rebooted", "the gateway restarted, crashed or lost power" },
		{ "module", "the kernel module was not loaded: nothing was blocked either" },
		{ "clock", "the clock was set" },
		{ "disk", "the history could not be written (disk full or failing): counters are complete, but not when" },
		{ "unreachable", "the kernel did not answer" },
		{ "events-lost", "events came faster than they were recorded; what devices did was counted all the same" },
		{ "devices-unrecorded", "more new devices on one day than are recorded: those are counted here, and not listed" },
		{ "not begun", "observation had not begun" },
		{ "not written", "nothing is recorded since" },
	};
	size_t i;

	for (i = 0; i < sizeof(titles) / sizeof(titles[0]); i++)
		if (strcmp(titles[i].reason, gap->reason) == 0)
			return titles[i].title;
	return gap->reason;
}

const char *report_table_name(enum report_table table)
{
	static const char *const names[REPORT_TABLES] = {
		"devices", "policies", "exemptions", "blocked", "gaps", "traffic",
	};

	return names[table];
}
