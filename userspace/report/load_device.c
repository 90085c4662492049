// SPDX-License-Identifier: GPL-2.0-or-later
/* Devices of a period: what each is, where, why, and what it sent; and how many each vendor has. */
#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

#include "alloc.h"
#include "load.h"
#include "mac.h"
#include "period.h"
#include "report_text.h"

static char *text_or_null(const char *text)
{
	return text && *text ? cw_strdup(text) : NULL;
}

static char *prefix_text(const struct cw_history_evidence *evidence)
{
	char text[CW_PREFIX_STRLEN + 1];

	return evidence->prefix ? cw_strdup(cw_prefix_format(evidence->prefix, text)) : NULL;
}

/* "vendor pack hikvision of 2026-11-23; IEEE registry, edition of 2026-06-12". */
static char *evidence_text(const struct cw_history_evidence *evidence)
{
	char edition[REPORT_TEXT_LEN];
	char *pack, *text;

	if (!evidence->prefix)
		return NULL;
	if (*evidence->pack)
		pack = cw_asprintf("vendor pack %s of %s", evidence->pack,
				   *evidence->pack_date ? evidence->pack_date : "an unknown date");
	else
		pack = cw_strdup("named in the configuration itself");
	if (!evidence->registry_edition || !*evidence->organization)
		return pack;
	text = cw_asprintf("%s; IEEE registry, edition of %s", pack,
			   report_date(evidence->registry_edition, edition));
	free(pack);
	return text;
}

static bool is_exempt(const struct report *report, size_t site, uint64_t mac)
{
	size_t i;

	for (i = 0; i < report->n_exemptions; i++) {
		const struct report_exemption *exemption = &report->exemptions[i];

		if (exemption->site == site && exemption->mac == mac && exemption->how == REPORT_END_NOT)
			return true;
	}
	return false;
}

static void set_addresses(struct report_device *device, const struct cw_history_device *row)
{
	char text[INET6_ADDRSTRLEN];

	if (row->has_ipv4)
		device->ipv4 = text_or_null(inet_ntop(AF_INET, &row->ipv4, text, sizeof(text)));
	if (row->has_ipv6)
		device->ipv6 = text_or_null(inet_ntop(AF_INET6, &row->ipv6, text, sizeof(text)));
}

/* Ids are small numbers: a table finds the device of a row at once. */
static void set_index(struct load *load, int64_t id)
{
	size_t n = load->n_ids, wanted = id + 1;

	if (wanted > n) {
		n = wanted > 2 * n ? wanted : 2 * n;
		load->by_id = cw_reallocarray(load->by_id, n, sizeof(*load->by_id));
		for (; load->n_ids < n; load->n_ids++)
			load->by_id[load->n_ids] = SIZE_MAX;
	}
	load->by_id[id] = load->report->n_devices - 1;
}

static int add_device(void *ctx, const struct cw_history_device *row)
{
	struct load *load = ctx;
	struct report *report = load->report;
	struct report_device *device;

	report->devices = cw_array_room(report->devices, report->n_devices, sizeof(*device));
	device = &report->devices[report->n_devices++];
	memset(device, 0, sizeof(*device));
	device->site = load->site;
	device->group = load_group(report, row->group);
	device->vendor = load_vendor(report, row->evidence.pack, row->evidence.pack_title, row->group);
	device->mac = row->mac;
	device->first = row->first_seen;
	device->last = row->last_seen;
	device->first_exact = strcmp(row->first_seen_source, "event") == 0;
	device->clock_exact = row->first_seen_synchronized && row->last_seen_synchronized;
	device->organization = text_or_null(row->evidence.organization);
	device->prefix = prefix_text(&row->evidence);
	device->evidence = evidence_text(&row->evidence);
	device->hostname = text_or_null(row->host_name);
	set_addresses(device, row);
	device->ifname = text_or_null(row->place.ifname);
	device->port = text_or_null(row->port);
	device->vlan = row->place.has_vlan ? row->place.vlan : -1;
	device->new = device->first >= report->since;
	device->exempt = is_exempt(report, load->site, row->mac);
	device->years = load_year(report, device->first) | load_year(report, device->last);
	device->present = device->last >= load->last_day && device->last < load->end;
	set_index(load, row->id);
	return 0;
}

static struct report_device *device_of(struct load *load, int64_t id)
{
	if (id < 0 || (size_t)id >= load->n_ids || load->by_id[id] == SIZE_MAX)
		return NULL;
	return &load->report->devices[load->by_id[id]];
}

static int add_traffic(void *ctx, const struct cw_history_traffic *row)
{
	struct report_device *device = device_of(ctx, row->device);

	if (!device)
		return 0;
	load_add(&device->traffic[REPORT_FROM], &row->from);
	load_add(&device->traffic[REPORT_TO], &row->to);
	return 0;
}

static int add_year(void *ctx, const struct cw_history_traffic *row)
{
	struct load *load = ctx;
	struct report_device *device = device_of(load, row->device);

	if (device && (row->from.packets || row->to.packets))
		device->years |= load->year;
	return 0;
}

/* Of one that was last seen behind the period, its traffic says whether it was there at the end. */
static int set_present(void *ctx, const struct cw_history_traffic *row)
{
	struct load *load = ctx;
	struct report_device *device = device_of(load, row->device);

	if (device && device->last >= load->end)
		device->present |= row->from.packets || row->to.packets;
	return 0;
}

static int add_seen(void *ctx, const struct cw_history_presence *row)
{
	struct load *load = ctx;

	load->seen = cw_array_room(load->seen, load->n_seen, sizeof(*load->seen));
	load->seen[load->n_seen++] = (struct load_seen){
		.day = row->start, .devices = row->devices, .group = load_group(load->report, row->group),
		.vendor = load_vendor(load->report, row->pack, "", row->group),
	};
	return 0;
}

static int read_total(struct load *load, uint64_t since, uint64_t until, cw_history_traffic_fn *fn,
		      struct cw_error *err)
{
	return cw_history_traffic(load->histories[load->site], CW_HISTORY_OF_DEVICES, CW_HISTORY_TOTAL, since, until,
				  fn, load, err);
}

/* Each from roll-ups of its own: the days of thousands of devices are a million rows. */
static int read_traffic(struct load *load, struct cw_error *err)
{
	const struct report *report = load->report;
	size_t i;

	if (read_total(load, report->since, report->until, add_traffic, err))
		return -1;
	for (i = 0; report->n_years > 1 && i < report->n_years; i++) {
		load->year = load_year(report, report->years[i].since);
		if (read_total(load, report->years[i].since, report->years[i].until, add_year, err))
			return -1;
	}
	for (i = load->n_before; i < report->n_devices; i++)
		if (report->devices[i].last >= load->end)
			return read_total(load, load->last_day, load->end, set_present, err);
	return 0;
}

static bool was_seen(const struct report *report, const struct report_device *device)
{
	return report_device_packets(device) || (device->first >= report->since && device->first < report->until) ||
	       (device->last >= report->since && device->last < report->until);
}

/* One that was there before the period and after it need not have been in it. */
static void drop_unseen(struct load *load)
{
	struct report *report = load->report;
	size_t i, n = load->n_before;

	for (i = load->n_before; i < report->n_devices; i++) {
		if (was_seen(report, &report->devices[i]))
			report->devices[n++] = report->devices[i];
		else
			report_device_clear(&report->devices[i]);
	}
	report->n_devices = n;
}

int load_devices(struct load *load, struct cw_error *err)
{
	struct cw_history *history = load->histories[load->site];
	uint64_t since = load->report->since, until = load->report->until;

	load->n_before = load->report->n_devices;
	load->n_ids = 0;
	load->end = load_end(load->report, load->site);
	load->last_day = load->end > since + PERIOD_DAY ? load->end - PERIOD_DAY : since;
	if (cw_history_devices(history, since, until, add_device, load, err) ||
	    cw_history_presence(history, load_day(since), until, add_seen, load, err) || read_traffic(load, err))
		return -1;
	drop_unseen(load);
	return 0;
}

static int by_vendor(const void *a, const void *b)
{
	const struct report_device *x = a, *y = b;

	if (x->vendor != y->vendor)
		return x->vendor < y->vendor ? -1 : 1;
	if (x->mac != y->mac)
		return x->mac < y->mac ? -1 : 1;
	return x->site < y->site ? -1 : x->site > y->site;
}

static void count(struct report *report)
{
	size_t i, next;

	for (i = 0; i < report->n_devices; i = next) {
		struct report_vendor *vendor = &report->vendors[report->devices[i].vendor];
		bool new = true, present = false;

		/* The same device at all of its sites. */
		for (next = i; next < report->n_devices && report->devices[next].mac == report->devices[i].mac &&
		     report->devices[next].vendor == report->devices[i].vendor; next++) {
			new &= report->devices[next].new;
			present |= report->devices[next].present;
		}
		vendor->devices++;
		vendor->new += new;
		vendor->present += present;
	}
}

static void sum(struct report *report)
{
	size_t i, direction, reason;

	for (i = 0; i < report->n_devices; i++) {
		const struct report_device *device = &report->devices[i];

		for (direction = REPORT_FROM; direction <= REPORT_TO; direction++) {
			struct report_traffic *to = &report->vendors[device->vendor].traffic[direction];
			const struct report_traffic *from = &device->traffic[direction];

			to->packets += from->packets;
			to->octets += from->octets;
			for (reason = 0; reason < REPORT_REASONS; reason++)
				to->dropped[reason] += from->dropped[reason];
		}
	}
}

/* What the groups of a vendor's devices do; a group's name is told where there are several. */
static void set_policy(struct report *report, size_t index)
{
	struct report_vendor *vendor = &report->vendors[index];
	bool *has = cw_calloc(report->n_groups, sizeof(*has));
	size_t i, n = 0;

	for (i = 0; i < report->n_devices; i++)
		if (report->devices[i].vendor == index)
			has[report->devices[i].group] = true;
	for (i = 0; i < report->n_groups; i++)
		n += has[i] && report->groups[i].action;
	for (i = 0; i < report->n_groups; i++) {
		char *text;

		if (!has[i] || !report->groups[i].action)
			continue;
		if (n == 1)
			text = cw_strdup(report->groups[i].action);
		else
			text = cw_asprintf("%s%s%s: %s", vendor->policy ?: "", vendor->policy ? "\n" : "",
					   report->groups[i].name, report->groups[i].action);
		free(vendor->policy);
		vendor->policy = text;
	}
	free(has);
}

void load_vendors(struct report *report)
{
	size_t i;

	LOAD_SORT(report->devices, report->n_devices, by_vendor);
	count(report);
	sum(report);
	for (i = 0; i < report->n_vendors; i++)
		set_policy(report, i);
}
