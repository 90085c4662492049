/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A report: what histories say of a period, as a value that each format is written from. */
#ifndef CW_REPORT_H
#define CW_REPORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "error.h"

#define REPORT_REASONS	4	/* of a drop, in the order of enum camwall_drop_reason */
#define REPORT_FROM	0	/* directions: what a device sent, ... */
#define REPORT_TO	1	/* ... and what was sent to it */
#define REPORT_COLUMNS	62	/* of a chart at most, save where the period has more years */

/**
 * struct report_traffic - what was counted
 * @packets, @octets: seen, those that were dropped included
 * @dropped: packets, by reason
 */
struct report_traffic {
	uint64_t packets, octets, dropped[REPORT_REASONS];
};

/**
 * struct report_site - a history, of one gateway
 * @name: what its configuration calls the site; else its host name, else the file's name
 * @file, @id: the database, and the id that it was given when it was created
 * @first, @last: first and last moment that it observed at all; 0 where there is none
 * @watched: seconds of the period that it observed
 * @missed: seconds of the period that it did not
 */
struct report_site {
	char *name, *file, *id;
	uint64_t first, last, watched, missed;
};

/**
 * struct report_vendor - whose devices they are, over all sites; a device at several sites counts once
 * @name: of the vendor pack; of the group where its devices were matched by no pack
 * @title: for people
 * @policy: what the policy does with its devices at the end of the period; NULL for nothing
 * @devices: that were seen in the period; @new: of them, those first seen in it
 * @present: of them, those seen in its last 24 hours
 * @traffic: of the period; a device at several sites counts at each
 */
struct report_vendor {
	char *name, *title, *policy;
	uint64_t devices, new, present;
	struct report_traffic traffic[2];
};

/**
 * struct report_group - a group of the policy, over all sites
 * @action: what the policy does at the end of the period, at the first site that has the
 *	    group; NULL where none has it
 * @traffic: of the period, of devices too that found no place in the inventory
 */
struct report_group {
	char *name, *action;
	struct report_traffic traffic[2];
};

/**
 * struct report_device - a device at one site
 * @site, @vendor, @group: indices
 * @first, @last: ever seen, unix seconds
 * @first_exact: it was seen to appear; else it was there when observation began or went on
 * @clock_exact: the gateway's clock was synchronised at both
 * @organization: that the prefix is assigned to; NULL where unknown
 * @prefix: by which it was matched, as text; NULL where unknown
 * @evidence: where that prefix stands: which pack of which date, which edition of the registry
 * @hostname, @ipv4, @ipv6, @ifname, @port: last ones recorded; NULL for none
 * @vlan: -1 for none
 * @new: first seen in the period
 * @present: seen in the last 24 hours of the period
 * @exempt: an exemption is in force at the end of the period
 * @years: in which years of the report it was seen: bit 0 the last one, bit 1 the one before
 * @traffic: of the period, by direction
 */
struct report_device {
	size_t site, vendor, group;
	uint64_t mac, first, last;
	bool first_exact, clock_exact;
	char *organization, *prefix, *evidence, *hostname, *ipv4, *ipv6, *ifname, *port;
	int vlan;
	bool new, present, exempt;
	uint64_t years;
	struct report_traffic traffic[2];
};

/**
 * struct report_policy - a configuration that was put in force
 * @since, @until: in force; @until 0: still
 * @exact: it was seen to come into force at @since; else it was found to be in force then
 * @who: user and program that did it; NULL where unknown
 * @file, @digest: what it was read from and its SHA-256; NULL where unknown
 * @summary: what each group does, a line each; NULL where unknown
 * @changes: differences to the one before, a line each; NULL where there is none
 */
struct report_policy {
	size_t site;
	uint64_t since, until;
	uint32_t generation;
	bool exact;
	char *who, *file, *digest, *summary, *changes;
};

/** enum report_end - how an exemption ended */
enum report_end {
	REPORT_END_NOT,		/* it had not at the end of the period */
	REPORT_END_EXPIRED,	/* at its own end */
	REPORT_END_WITHDRAWN,	/* by a policy before it */
	REPORT_END_CHANGED,	/* by a policy that grants the same device another */
	REPORT_END_MODULE,	/* with the kernel module */
	REPORT_END_UNKNOWN,
};

/** struct report_exemption - @until: as granted; @ended: when it did end, 0 where it has not */
struct report_exemption {
	size_t site;
	uint64_t mac, since, until, ended;
	enum report_end how;
	char *reason, *approved_by;
};

/**
 * struct report_gap - time without observation, or something else that was not recorded
 * @since, @until: the whole of it, which may reach out of the period
 * @seconds: how long, by a clock that nobody sets; -1 where unknown
 * @reason: as struct cw_history_gap has it, or "devices-unrecorded"
 * @blind: nothing was observed; else it went on being
 * @lost: events, or devices, that are not in the history for it
 */
struct report_gap {
	size_t site;
	uint64_t since, until, lost;
	int64_t seconds;
	bool blind;
	char *reason;
};

/** struct report_watch - a time in which a site watched, by the clock as it was then */
struct report_watch {
	size_t site;
	uint64_t since, until;
};

/** struct report_day - what a group did on a day (UTC) at a site; @devices: seen that day */
struct report_day {
	size_t site, group;
	uint64_t day, devices;
	struct report_traffic traffic[2];
};

/**
 * struct report_column - a part of the period, for charts: a day, week, month or year
 * @devices: the most of each vendor that were seen on one day
 * @octets: of each group
 * @dropped: packets, by reason
 */
struct report_column {
	uint64_t since, until;
	char label[16];
	uint64_t *devices, *octets;
	uint64_t packets, dropped[REPORT_REASONS];
};

/**
 * struct report_year - a calendar year (UTC), or the part of it that lies in the period
 * @devices: seen in it; @new: first seen in it
 * @gone: last seen in it, and not present at the end of the period
 * @missed: seconds without observation, of all sites
 */
struct report_year {
	unsigned int year;
	uint64_t since, until, devices, new, gone, dropped, missed;
};

/**
 * struct report - all of it
 * @since, @until: the period, [since, until)
 * @generated: when the report was made
 * @vendors, @groups: in the order in which they were met
 * @devices: by vendor, MAC address and site; @policies, @exemptions, @gaps: by site and time;
 * @days: by site, day and group
 * @columns: the period in at most REPORT_COLUMNS parts; @column_name: "day", "week", "month" or "year"
 */
struct report {
	uint64_t since, until, generated;
	struct report_site *sites;
	size_t n_sites;
	struct report_vendor *vendors;
	size_t n_vendors;
	struct report_group *groups;
	size_t n_groups;
	struct report_device *devices;
	size_t n_devices;
	struct report_policy *policies;
	size_t n_policies;
	struct report_exemption *exemptions;
	size_t n_exemptions;
	struct report_gap *gaps;
	size_t n_gaps;
	struct report_watch *watches;
	size_t n_watches;
	struct report_day *days;
	size_t n_days;
	struct report_column *columns;
	size_t n_columns;
	const char *column_name;
	struct report_year *years;
	size_t n_years;
};

/** struct report_totals - figures over all of a report */
struct report_totals {
	uint64_t vendors, devices, new, present, dropped, watched, missed;
};

/**
 * struct report_options - what to make a report of
 * @files: databases, one a site; @n_files: at least 1
 * @since, @until: the period; 0 for the begin of the histories, and for @now
 * @now: the present time
 */
struct report_options {
	const char *const *files;
	size_t n_files;
	uint64_t since, until, now;
};

/**
 * report_load() - read a report from histories
 * @err: names the file, what is wrong and what to do
 *
 * Databases are opened for reading alone, and each is read in one state of it, while
 * camwalld may go on writing. A period that reaches into the future ends now.
 *
 * Return: a report for report_free(), or NULL with @err set.
 */
struct report *report_load(const struct report_options *options, struct cw_error *err);

/** report_free() - free a report; NULL is allowed */
void report_free(struct report *report);

/** report_device_clear() - free what a device points to */
void report_device_clear(struct report_device *device);

/** report_total() - add up what a report lists */
void report_total(const struct report *report, struct report_totals *totals);

/** report_dropped() - dropped packets, for all reasons */
uint64_t report_dropped(const struct report_traffic *traffic);

/** report_device_packets() - packets of a device in both directions */
uint64_t report_device_packets(const struct report_device *device);

/** report_device_dropped() - dropped packets of a device in both directions */
uint64_t report_device_dropped(const struct report_device *device);

/**
 * report_top() - the devices with the most of something
 * @get: of what; those with none are left out
 * @most: so many at most; *@n: how many there are
 *
 * Return: an array, greatest first, for free().
 */
const struct report_device **report_top(const struct report *report,
					uint64_t (*get)(const struct report_device *device),
					size_t most, size_t *n);

/** report_reason_name() - "policy", "not-allowed", "limit" or "malformed" */
const char *report_reason_name(unsigned int reason);

/** report_reason_title() - the same for people */
const char *report_reason_title(unsigned int reason);

/** report_end_name() - "in-force", "expired", "withdrawn", "changed", "module" or "unknown" */
const char *report_end_name(enum report_end how);

/** report_end_title() - the same for people */
const char *report_end_title(enum report_end how);

/** report_gap_title() - why there is a gap, for people; Return: a string that is not to be freed */
const char *report_gap_title(const struct report_gap *gap);

/** enum report_table - what a CSV file holds */
enum report_table {
	REPORT_DEVICES,
	REPORT_POLICIES,
	REPORT_EXEMPTIONS,
	REPORT_BLOCKED,
	REPORT_GAPS,
	REPORT_TRAFFIC,
	REPORT_TABLES,
};

/** report_table_name() - "devices" and so on */
const char *report_table_name(enum report_table table);

/** report_write_html() - one file that needs no other; errors of writing are left in @out, for ferror() */
void report_write_html(const struct report *report, FILE *out);

/** report_write_csv() - one table, RFC 4180; errors as above */
void report_write_csv(const struct report *report, enum report_table table, FILE *out);

/** report_write_json() - all of it; @pretty: with line breaks; errors as above */
void report_write_json(const struct report *report, bool pretty, FILE *out);

#endif
