/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How a report is read from histories, step by step. Not for others. */
#ifndef CW_REPORT_LOAD_H
#define CW_REPORT_LOAD_H

#include <stdlib.h>

#include "history.h"
#include "report.h"

/* qsort() does not take NULL, not even for no elements. */
#define LOAD_SORT(array, n, compare) \
	do { if (n) qsort(array, n, sizeof(*(array)), compare); } while (0)

/** struct load_seen - devices of a vendor in a group on a day at one site */
struct load_seen {
	uint64_t day, devices;
	size_t vendor, group;
};

/**
 * struct load - a report that is being read
 * @histories: open ones, one a site, each in a snapshot
 * @site: the one being read
 * @n_before: devices of the sites before it
 * @by_id, @n_ids: index of each of its devices, by its id in the history
 * @year: bit of the year of which traffic is read
 * @last_day: begin of the last 24 hours of the period that the site observed; @end: their end
 * @seen, @n_seen: devices of all sites by day; @n_seen_site: of earlier sites
 */
struct load {
	struct report *report;
	struct cw_history **histories;
	size_t site, n_before;
	size_t *by_id, n_ids;
	uint64_t year, last_day, end;
	struct load_seen *seen;
	size_t n_seen, n_seen_site;
};

/** load_group() - index of the group of that name, which is added where there is none yet */
size_t load_group(struct report *report, const char *name);

/** load_vendor() - the same for the vendor of a pack, or of a group where @pack is empty; @title may be empty */
size_t load_vendor(struct report *report, const char *pack, const char *title, const char *group);

/** load_add() - add what a history counted */
void load_add(struct report_traffic *traffic, const struct cw_policy_counters *counters);

/** load_end() - the last moment of the period that a site observed, and one more */
uint64_t load_end(const struct report *report, size_t site);

/** load_day() - the begin of the day (UTC) that a moment lies in */
uint64_t load_day(uint64_t moment);

/*
 * The steps. Each reads from the history of @load->site; 0, or -1 with @err set.
 */
int load_devices(struct load *load, struct cw_error *err);
int load_days(struct load *load, struct cw_error *err);
int load_policies(struct load *load, struct cw_error *err);
int load_exemptions(struct load *load, struct cw_error *err);
int load_gaps(struct load *load, struct cw_error *err);

/** load_vendors() - count devices of all sites by vendor, and sort vendors and devices */
void load_vendors(struct report *report);

/** load_columns() - fill the columns of charts from days and @load->seen */
void load_columns(struct load *load);

/** load_years() - fill the years from devices, days and gaps */
void load_years(struct report *report);

/** load_missed() - seconds of a time in the period in which a site watched nothing */
uint64_t load_missed(const struct report *report, size_t site, uint64_t since, uint64_t until);

/** load_year() - the bit of a moment's year in struct report_device; 0 outside of the period */
uint64_t load_year(const struct report *report, uint64_t moment);

/**
 * load_actions() - what a policy's text says each group does, a line a group; for free(); NULL where
 *	it cannot be read
 */
char *load_actions(const char *text);

#endif
