// SPDX-License-Identifier: GPL-2.0-or-later
/* Tables of a report as CSV (RFC 4180): one table a file, one row a thing, figures without separators. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "alloc.h"
#include "mac.h"
#include "report.h"
#include "report_text.h"
#include "timestamp.h"

/**
 * struct csv - a file that is being written
 * @column: of the next cell
 */
struct csv {
	FILE *out;
	const struct report *report;
	size_t column;
};

static void next(struct csv *csv)
{
	if (csv->column++)
		putc(',', csv->out);
}

static void text(struct csv *csv, const char *text)
{
	next(csv);
	report_csv_cell(csv->out, text);
}

/* Lines of a text in one cell: a line break in a cell is read by few. */
static void lines(struct csv *csv, const char *lines)
{
	char *joined, *to;

	if (!lines) {
		text(csv, NULL);
		return;
	}
	joined = cw_malloc(2 * strlen(lines) + 1);
	to = joined;
	for (; *lines; lines++) {
		if (*lines == '\n')
			*to++ = ';';
		*to++ = (char)(*lines == '\n' ? ' ' : *lines);
	}
	*to = '\0';
	text(csv, joined);
	free(joined);
}

static void figure(struct csv *csv, uint64_t n)
{
	next(csv);
	fprintf(csv->out, "%" PRIu64, n);
}

/* With a space for the T, as RFC 3339 allows: a spreadsheet then sees a date and time. The column's name says UTC. */
static void moment(struct csv *csv, uint64_t seconds)
{
	char text[CW_TIMESTAMP_STRLEN + 1];

	next(csv);
	if (seconds)
		fprintf(csv->out, "%.10s %.8s", cw_timestamp_format(seconds, text), text + 11);
}

static void day(struct csv *csv, uint64_t seconds)
{
	char text[REPORT_TEXT_LEN];

	next(csv);
	fputs(report_date(seconds, text), csv->out);
}

static void mac(struct csv *csv, uint64_t address)
{
	char buf[CW_MAC_STRLEN + 1];

	text(csv, cw_mac_format(address, buf));
}

static void yes_no(struct csv *csv, bool value)
{
	text(csv, value ? "yes" : "no");
}

static void end(struct csv *csv)
{
	fputs("\r\n", csv->out);
	csv->column = 0;
}

static void heads(struct csv *csv, const char *const *names)
{
	for (; *names; names++)
		text(csv, *names);
	end(csv);
}

static void site(struct csv *csv, size_t index)
{
	text(csv, csv->report->sites[index].name);
}

static void traffic(struct csv *csv, const struct report_traffic *traffic)
{
	figure(csv, traffic->packets);
	figure(csv, traffic->octets);
	figure(csv, report_dropped(traffic));
}

static void devices(struct csv *csv)
{
	static const char *const names[] = {
		"site", "group", "vendor", "organization", "mac", "hostname", "ipv4", "ipv6", "interface", "vlan",
		"port", "first_seen_utc", "first_seen_exact", "last_seen_utc", "clock_synchronized", "new", "present", "exempt", "prefix", "evidence",
		"packets_from", "octets_from", "dropped_from", "packets_to", "octets_to", "dropped_to", NULL,
	};
	const struct report *report = csv->report;
	size_t i;

	heads(csv, names);
	for (i = 0; i < report->n_devices; i++) {
		const struct report_device *device = &report->devices[i];

		site(csv, device->site);
		text(csv, report->groups[device->group].name);
		text(csv, report->vendors[device->vendor].title);
		text(csv, device->organization);
		mac(csv, device->mac);
		text(csv, device->hostname);
		text(csv, device->ipv4);
		text(csv, device->ipv6);
		text(csv, device->ifname);
		if (device->vlan >= 0)
			figure(csv, device->vlan);
		else
			text(csv, NULL);
		text(csv, device->port);
		moment(csv, device->first);
		yes_no(csv, device->first_exact);
		moment(csv, device->last);
		yes_no(csv, device->clock_exact);
		yes_no(csv, device->new);
		yes_no(csv, device->present);
		yes_no(csv, device->exempt);
		text(csv, device->prefix);
		text(csv, device->evidence);
		traffic(csv, &device->traffic[REPORT_FROM]);
		traffic(csv, &device->traffic[REPORT_TO]);
		end(csv);
	}
}

static void policies(struct csv *csv)
{
	static const char *const names[] = {
		"site", "since_utc", "since_exact", "until_utc", "generation", "who", "file", "sha256", "does", "changes", NULL,
	};
	size_t i;

	heads(csv, names);
	for (i = 0; i < csv->report->n_policies; i++) {
		const struct report_policy *policy = &csv->report->policies[i];

		site(csv, policy->site);
		moment(csv, policy->since);
		yes_no(csv, policy->exact);
		moment(csv, policy->until);
		figure(csv, policy->generation);
		text(csv, policy->who);
		text(csv, policy->file);
		text(csv, policy->digest);
		lines(csv, policy->summary);
		lines(csv, policy->changes);
		end(csv);
	}
}

static void exemptions(struct csv *csv)
{
	static const char *const names[] = {
		"site", "mac", "since_utc", "until_utc", "reason", "approved_by", "end", "ended_utc", NULL,
	};
	size_t i;

	heads(csv, names);
	for (i = 0; i < csv->report->n_exemptions; i++) {
		const struct report_exemption *exemption = &csv->report->exemptions[i];

		site(csv, exemption->site);
		mac(csv, exemption->mac);
		moment(csv, exemption->since);
		moment(csv, exemption->until);
		text(csv, exemption->reason);
		text(csv, exemption->approved_by);
		text(csv, report_end_name(exemption->how));
		moment(csv, exemption->ended);
		end(csv);
	}
}

static void day_begin(struct csv *csv, const struct report_day *row, size_t direction)
{
	day(csv, row->day);
	site(csv, row->site);
	text(csv, csv->report->groups[row->group].name);
	text(csv, direction == REPORT_FROM ? "from" : "to");
}

static void blocked(struct csv *csv)
{
	static const char *const names[] = {
		"day", "site", "group", "direction", "reason", "packets", NULL,
	};
	size_t i, direction, reason;

	heads(csv, names);
	for (i = 0; i < csv->report->n_days; i++) {
		const struct report_day *row = &csv->report->days[i];

		for (direction = REPORT_FROM; direction <= REPORT_TO; direction++) {
			for (reason = 0; reason < REPORT_REASONS; reason++) {
				if (!row->traffic[direction].dropped[reason])
					continue;
				day_begin(csv, row, direction);
				text(csv, report_reason_name(reason));
				figure(csv, row->traffic[direction].dropped[reason]);
				end(csv);
			}
		}
	}
}

static void days(struct csv *csv)
{
	static const char *const names[] = {
		"day", "site", "group", "direction", "devices", "packets", "octets", "dropped", NULL,
	};
	size_t i, direction;

	heads(csv, names);
	for (i = 0; i < csv->report->n_days; i++) {
		const struct report_day *row = &csv->report->days[i];

		for (direction = REPORT_FROM; direction <= REPORT_TO; direction++) {
			day_begin(csv, row, direction);
			figure(csv, row->devices);
			traffic(csv, &row->traffic[direction]);
			end(csv);
		}
	}
}

static void gaps(struct csv *csv)
{
	static const char *const names[] = { "site", "since_utc", "until_utc", "seconds", "reason", "observed", "lost", NULL };
	size_t i;

	heads(csv, names);
	for (i = 0; i < csv->report->n_gaps; i++) {
		const struct report_gap *gap = &csv->report->gaps[i];

		site(csv, gap->site);
		moment(csv, gap->since);
		moment(csv, gap->until);
		if (gap->seconds >= 0)
			figure(csv, gap->seconds);
		else
			text(csv, NULL);
		text(csv, gap->reason);
		yes_no(csv, !gap->blind);
		figure(csv, gap->lost);
		end(csv);
	}
}

void report_write_csv(const struct report *report, enum report_table table, FILE *out)
{
	static void (*const write[REPORT_TABLES])(struct csv *csv) = {
		[REPORT_DEVICES] = devices, [REPORT_POLICIES] = policies, [REPORT_EXEMPTIONS] = exemptions,
		[REPORT_BLOCKED] = blocked, [REPORT_GAPS] = gaps, [REPORT_TRAFFIC] = days,
	};
	struct csv csv = { .out = out, .report = report };

	write[table](&csv);
}
