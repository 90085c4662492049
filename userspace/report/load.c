// SPDX-License-Identifier: GPL-2.0-or-later
/* A report from histories: opens them, fixes the period, and takes the steps in their order. */
#include <libgen.h>
#include <stdlib.h>
#include <string.h>

#include "alloc.h"
#include "load.h"
#include "period.h"
#include "timestamp.h"

size_t load_group(struct report *report, const char *name)
{
	struct report_group *group;
	size_t i;

	for (i = 0; i < report->n_groups; i++)
		if (strcmp(report->groups[i].name, name) == 0)
			return i;
	report->groups = cw_array_room(report->groups, report->n_groups, sizeof(*group));
	group = &report->groups[report->n_groups++];
	memset(group, 0, sizeof(*group));
	group->name = cw_strdup(name);
	return i;
}

size_t load_vendor(struct report *report, const char *pack, const char *title, const char *group)
{
	const char *name = *pack ? pack : group;
	struct report_vendor *vendor;
	size_t i;

	for (i = 0; i < report->n_vendors; i++)
		if (strcmp(report->vendors[i].name, name) == 0)
			break;
	if (i == report->n_vendors) {
		report->vendors = cw_array_room(report->vendors, report->n_vendors, sizeof(*vendor));
		vendor = &report->vendors[report->n_vendors++];
		memset(vendor, 0, sizeof(*vendor));
		vendor->name = cw_strdup(name);
	}
	vendor = &report->vendors[i];
	/* A group that is called like a pack may have been met first, and has no title. */
	if (!vendor->title || (*pack && *title && strcmp(vendor->title, name) == 0)) {
		free(vendor->title);
		vendor->title = cw_strdup(*pack && *title ? title : name);
	}
	return i;
}

void load_add(struct report_traffic *traffic, const struct cw_policy_counters *counters)
{
	traffic->packets += counters->packets;
	traffic->octets += counters->bytes;
	traffic->dropped[CAMWALL_DROP_REASON_POLICY] += counters->dropped_policy;
	traffic->dropped[CAMWALL_DROP_REASON_NOT_ALLOWED] += counters->dropped_not_allowed;
	traffic->dropped[CAMWALL_DROP_REASON_LIMIT] += counters->dropped_limit;
	traffic->dropped[CAMWALL_DROP_REASON_MALFORMED] += counters->dropped_malformed;
}

uint64_t load_end(const struct report *report, size_t site)
{
	uint64_t last = report->sites[site].last;

	return last && last < report->until ? last + 1 : report->until;
}

uint64_t load_day(uint64_t moment)
{
	return moment - moment % PERIOD_DAY;
}

static char *site_name(const struct cw_history_info *info, const char *file)
{
	char *copy, *name;

	if (info->site && *info->site)
		return cw_strdup(info->site);
	if (info->host && *info->host)
		return cw_strdup(info->host);
	copy = cw_strdup(file);
	name = cw_strdup(basename(copy));
	free(copy);
	return name;
}

/* The same history twice would count all of it twice. */
static int refuse_twice(const struct report *report, const struct report_site *site, struct cw_error *err)
{
	size_t i;

	for (i = 0; i < report->n_sites; i++)
		if (strcmp(report->sites[i].id, site->id) == 0)
			return cw_error_set(err, "%s and %s are of one gateway (database %s): name one of them, the newer",
					    report->sites[i].file, site->file, site->id);
	return 0;
}

/* Sites that their owners call alike are told apart by their files. */
static void tell_apart(struct report *report)
{
	struct report_site *last = &report->sites[report->n_sites - 1];
	size_t i;

	for (i = 0; i + 1 < report->n_sites; i++) {
		char *name;

		if (strcmp(report->sites[i].name, last->name) != 0)
			continue;
		name = cw_asprintf("%s (%s)", last->name, last->file);
		free(last->name);
		last->name = name;
		return;
	}
}

static void add_site(struct report *report, const struct report_site *site)
{
	report->sites = cw_array_room(report->sites, report->n_sites, sizeof(*site));
	report->sites[report->n_sites++] = *site;
	tell_apart(report);
}

/* SQLite says what it found; what to do about it is said here. */
static void add_remedy(struct cw_error *err)
{
	static const struct {
		const char *part, *remedy;
	} remedies[] = {
		{ "malformed", "the file is damaged or cut off: name another one; to copy a history that is in use: sqlite3 FILE '.backup COPY'" },
		{ "not a database", "this is no history of camwall: name another file" },
		{ "unable to open", "the user who runs this has to be able to read the file, and to write to its folder, where SQLite keeps an index of what is not merged yet: run this as root, or copy the history to a folder of your own" },
		{ "readonly database", "SQLite keeps an index of what is not merged yet beside the file: copy the history to a folder that you may write to" },
	};
	char *message;
	size_t i;

	for (i = 0; err->message && i < sizeof(remedies) / sizeof(remedies[0]); i++) {
		if (!strstr(err->message, remedies[i].part))
			continue;
		message = cw_asprintf("%s: %s", err->message, remedies[i].remedy);
		free(err->message);
		err->message = message;
		return;
	}
}

static int open_site(struct load *load, const char *file, struct cw_error *err)
{
	struct cw_history_info info = { 0 };
	struct cw_history *history;
	struct report_site site;

	history = cw_history_open(file, CW_HISTORY_READ, err);
	if (!history)
		return -1;
	load->histories[load->report->n_sites] = history;
	if (cw_history_snapshot(history, err) || cw_history_info(history, &info, err))
		return -1;
	site = (struct report_site){
		.name = site_name(&info, file), .file = cw_strdup(file), .id = cw_strdup(info.id ?: ""),
		.first = info.first, .last = info.last,
	};
	if (refuse_twice(load->report, &site, err)) {
		free(site.name);
		free(site.file);
		free(site.id);
		return -1;
	}
	add_site(load->report, &site);
	return 0;
}

static int fix_period(struct report *report, const struct report_options *options, struct cw_error *err)
{
	char since[CW_TIMESTAMP_STRLEN + 1], until[CW_TIMESTAMP_STRLEN + 1];
	size_t i;

	report->generated = options->now;
	report->until = options->until && options->until < options->now ? options->until : options->now;
	report->since = options->since;
	for (i = 0; !options->since && i < report->n_sites; i++)
		if (report->sites[i].first && (!report->since || report->sites[i].first < report->since))
			report->since = report->sites[i].first;
	if (!report->since)
		report->since = report->until - 1;
	if (report->since >= report->until)
		return cw_error_set(err, "the period has no length: it would begin at %s and end at %s: give an earlier --since, or a later --until that is not in the future",
				    cw_timestamp_format(report->since, since),
				    cw_timestamp_format(report->until, until));
	return 0;
}

static int read_site(struct load *load, struct cw_error *err)
{
	if (load_policies(load, err) || load_exemptions(load, err) || load_devices(load, err) ||
	    load_days(load, err))
		return -1;
	return load_gaps(load, err);
}

static int read_all(struct load *load, const struct report_options *options, struct cw_error *err)
{
	struct report *report = load->report;
	size_t i;

	for (i = 0; i < options->n_files; i++)
		if (open_site(load, options->files[i], err))
			return -1;
	if (fix_period(report, options, err))
		return -1;
	period_years(report);
	for (load->site = 0; load->site < report->n_sites; load->site++)
		if (read_site(load, err))
			return -1;
	load_vendors(report);
	period_columns(report);
	load_columns(load);
	load_years(report);
	return 0;
}

struct report *report_load(const struct report_options *options, struct cw_error *err)
{
	struct load load = {
		.report = cw_calloc(1, sizeof(*load.report)),
		/* NOLINTNEXTLINE(bugprone-sizeof-expression): an array of pointers */
		.histories = cw_calloc(options->n_files, sizeof(*load.histories)),
	};
	struct report *report = load.report;
	size_t i;

	if (read_all(&load, options, err)) {
		add_remedy(err);
		report_free(report);
		report = NULL;
	}
	for (i = 0; i < options->n_files; i++) {
		if (!load.histories[i])
			continue;
		cw_history_snapshot_end(load.histories[i]);
		cw_history_close(load.histories[i]);
	}
	free(load.histories);
	free(load.seen);
	free(load.by_id);
	return report;
}
