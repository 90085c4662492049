// SPDX-License-Identifier: GPL-2.0-or-later
/* A report as one JSON object; its keys are in Documentation/report.md, and stay. */
#include <inttypes.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "far.h"
#include "mac.h"
#include "report.h"
#include "report_text.h"
#include "timestamp.h"

static json_t *text(const char *text)
{
	char *clean;
	json_t *json;

	if (!text)
		return json_null();
	clean = report_clean(text);
	json = json_string(clean);
	free(clean);
	return json;
}

static json_t *moment(uint64_t seconds)
{
	char text[CW_TIMESTAMP_STRLEN + 1];

	return seconds ? json_string(cw_timestamp_format(seconds, text)) : json_null();
}

static json_t *day(uint64_t seconds)
{
	char text[REPORT_TEXT_LEN];

	return json_string(report_date(seconds, text));
}

static json_t *mac(uint64_t address)
{
	char text[CW_MAC_STRLEN + 1];

	return json_string(cw_mac_format(address, text));
}

/* Lines of a text as a list. */
static json_t *lines(const char *lines)
{
	json_t *list = json_array();

	while (lines && *lines) {
		size_t length = strcspn(lines, "\n");
		char *line = strndup(lines, length);

		json_array_append_new(list, text(line ?: ""));
		free(line);
		lines += length + (lines[length] == '\n');
	}
	return list;
}

static json_t *dropped(const struct report_traffic *traffic)
{
	json_t *json = json_object();
	unsigned int i;

	for (i = 0; i < REPORT_REASONS; i++)
		json_object_set_new(json, report_reason_name(i), json_integer(traffic->dropped[i]));
	return json;
}

static json_t *one_way(const struct report_traffic *traffic)
{
	return json_pack("{s:I, s:I, s:I, s:o}", "packets", (json_int_t)traffic->packets, "octets",
			 (json_int_t)traffic->octets, "dropped", (json_int_t)report_dropped(traffic),
			 "dropped_by_reason", dropped(traffic));
}

static void set_traffic(json_t *json, const struct report_traffic traffic[static 2])
{
	json_object_set_new(json, "from", one_way(&traffic[REPORT_FROM]));
	json_object_set_new(json, "to", one_way(&traffic[REPORT_TO]));
}

static json_t *summary(const struct report *report)
{
	struct report_totals totals;

	report_total(report, &totals);
	return json_pack("{s:I, s:I, s:I, s:I, s:I, s:I}", "devices", (json_int_t)totals.devices, "new",
			 (json_int_t)totals.new, "present", (json_int_t)totals.present, "dropped",
			 (json_int_t)totals.dropped, "watched_seconds", (json_int_t)totals.watched,
			 "missed_seconds", (json_int_t)totals.missed);
}

static json_t *sites(const struct report *report)
{
	json_t *list = json_array();
	size_t i;

	for (i = 0; i < report->n_sites; i++) {
		const struct report_site *site = &report->sites[i];

		json_array_append_new(list, json_pack("{s:o, s:o, s:o, s:o, s:o, s:I, s:I}", "name", text(site->name),
						      "database", text(site->file), "id", text(site->id), "first", moment(site->first),
						      "last", moment(site->last), "watched_seconds",
						      (json_int_t)site->watched, "missed_seconds",
						      (json_int_t)site->missed));
	}
	return list;
}

static json_t *vendors(const struct report *report)
{
	json_t *list = json_array();
	size_t i;

	for (i = 0; i < report->n_vendors; i++) {
		const struct report_vendor *vendor = &report->vendors[i];
		json_t *json;

		json = json_pack("{s:o, s:o, s:o, s:I, s:I, s:I}", "name", text(vendor->name), "title",
				 text(vendor->title), "policy", vendor->policy ? lines(vendor->policy) : json_null(),
				 "devices", (json_int_t)vendor->devices, "new", (json_int_t)vendor->new,
				 "present", (json_int_t)vendor->present);
		set_traffic(json, vendor->traffic);
		json_array_append_new(list, json);
	}
	return list;
}

static json_t *groups(const struct report *report)
{
	json_t *list = json_array();
	size_t i;

	for (i = 0; i < report->n_groups; i++) {
		const struct report_group *group = &report->groups[i];
		json_t *json;

		json = json_pack("{s:o, s:o}", "group", text(group->name), "action", text(group->action));
		set_traffic(json, group->traffic);
		json_array_append_new(list, json);
	}
	return list;
}

static json_t *device(const struct report *report, const struct report_device *device)
{
	const struct report_vendor *vendor = &report->vendors[device->vendor];
	json_t *json = json_object();

	json_object_set_new(json, "site", text(report->sites[device->site].name));
	json_object_set_new(json, "mac", mac(device->mac));
	json_object_set_new(json, "group", text(report->groups[device->group].name));
	json_object_set_new(json, "vendor", text(vendor->title));
	json_object_set_new(json, "pack", text(vendor->name));
	json_object_set_new(json, "organization", text(device->organization));
	json_object_set_new(json, "prefix", text(device->prefix));
	json_object_set_new(json, "evidence", text(device->evidence));
	json_object_set_new(json, "hostname", text(device->hostname));
	json_object_set_new(json, "ipv4", text(device->ipv4));
	json_object_set_new(json, "ipv6", text(device->ipv6));
	json_object_set_new(json, "interface", text(device->ifname));
	json_object_set_new(json, "vlan", device->vlan >= 0 ? json_integer(device->vlan) : json_null());
	json_object_set_new(json, "port", text(device->port));
	json_object_set_new(json, "first_seen", moment(device->first));
	json_object_set_new(json, "first_seen_exact", json_boolean(device->first_exact));
	json_object_set_new(json, "last_seen", moment(device->last));
	json_object_set_new(json, "clock_synchronized", json_boolean(device->clock_exact));
	json_object_set_new(json, "new", json_boolean(device->new));
	json_object_set_new(json, "present", json_boolean(device->present));
	json_object_set_new(json, "exempt", json_boolean(device->exempt));
	set_traffic(json, device->traffic);
	return json;
}

static json_t *devices(const struct report *report)
{
	json_t *list = json_array();
	size_t i;

	for (i = 0; i < report->n_devices; i++)
		json_array_append_new(list, device(report, &report->devices[i]));
	return list;
}

static json_t *policies(const struct report *report)
{
	json_t *list = json_array();
	size_t i;

	for (i = 0; i < report->n_policies; i++) {
		const struct report_policy *policy = &report->policies[i];

		json_array_append_new(list, json_pack("{s:o, s:o, s:b, s:o, s:I, s:o, s:o, s:o, s:o, s:o}", "site",
						      text(report->sites[policy->site].name), "since",
						      moment(policy->since), "since_exact", policy->exact, "until", moment(policy->until),
						      "generation", (json_int_t)policy->generation, "who",
						      text(policy->who), "file", text(policy->file), "sha256",
						      text(policy->digest), "does",
						      policy->summary ? lines(policy->summary) : json_null(),
						      "changes", lines(policy->changes)));
	}
	return list;
}

static json_t *exemptions(const struct report *report)
{
	json_t *list = json_array();
	size_t i;

	for (i = 0; i < report->n_exemptions; i++) {
		const struct report_exemption *exemption = &report->exemptions[i];

		json_array_append_new(list, json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:s, s:o}", "site",
						      text(report->sites[exemption->site].name), "mac",
						      mac(exemption->mac), "since", moment(exemption->since),
						      "until", moment(exemption->until), "reason",
						      text(exemption->reason), "approved_by",
						      text(exemption->approved_by), "end",
						      report_end_name(exemption->how), "ended",
						      moment(exemption->ended)));
	}
	return list;
}

static json_t *gaps(const struct report *report)
{
	json_t *list = json_array();
	size_t i;

	for (i = 0; i < report->n_gaps; i++) {
		const struct report_gap *gap = &report->gaps[i];

		json_array_append_new(list, json_pack("{s:o, s:o, s:o, s:o, s:o, s:b, s:I}", "site",
						      text(report->sites[gap->site].name), "since",
						      moment(gap->since), "until", moment(gap->until), "seconds",
						      gap->seconds < 0 ? json_null() : json_integer(gap->seconds),
						      "reason", text(gap->reason), "observed", !gap->blind, "lost",
						      (json_int_t)gap->lost));
	}
	return list;
}

static json_t *days(const struct report *report)
{
	json_t *list = json_array();
	size_t i;

	for (i = 0; i < report->n_days; i++) {
		const struct report_day *row = &report->days[i];
		json_t *json;

		json = json_pack("{s:o, s:o, s:o, s:I}", "day", day(row->day), "site",
				 text(report->sites[row->site].name), "group",
				 text(report->groups[row->group].name), "devices", (json_int_t)row->devices);
		set_traffic(json, row->traffic);
		json_array_append_new(list, json);
	}
	return list;
}

static json_t *years(const struct report *report)
{
	json_t *list = json_array();
	size_t i;

	for (i = 0; i < report->n_years; i++) {
		const struct report_year *year = &report->years[i];

		json_array_append_new(list, json_pack("{s:i, s:o, s:o, s:I, s:I, s:I, s:I, s:I}", "year", (int)year->year,
						      "since", moment(year->since), "until", moment(year->until),
						      "devices", (json_int_t)year->devices, "new",
						      (json_int_t)year->new, "gone", (json_int_t)year->gone,
						      "dropped", (json_int_t)year->dropped, "missed_seconds",
						      (json_int_t)year->missed));
	}
	return list;
}

/* What a gateway cannot know is null: for whoever reports to fill in. */
static json_t *far(const struct report *report)
{
	json_t *list = json_array();
	struct far_item *items;
	size_t i, n;

	items = far_items(report, &n);
	for (i = 0; i < n; i++)
		json_array_append_new(list, json_pack("{s:o, s:n, s:n, s:I, s:o, s:o, s:o, s:I}", "brand",
						      text(items[i].organization ?: items[i].vendor->title),
						      "model_number", "item_description", "devices",
						      (json_int_t)items[i].devices, "first_identified",
						      moment(items[i].first), "next_business_day",
						      day(far_business_day(items[i].first, 1)), "policy",
						      text(items[i].group->action), "dropped",
						      (json_int_t)items[i].dropped));
	free(items);
	return json_pack("{s:s, s:n, s:n, s:n, s:n, s:n, s:o, s:n, s:n, s:n, s:n}", "clause", "FAR 52.204-25(d)(2)",
			 "contract_number", "order_numbers", "supplier_name", "supplier_unique_entity_identifier",
			 "supplier_cage_code", "items", list, "mitigation_recommended", "further_mitigation",
			 "efforts_to_prevent_use", "additional_efforts");
}

void report_write_json(const struct report *report, bool pretty, FILE *out)
{
	json_t *json = json_object();

	json_object_set_new(json, "since", moment(report->since));
	json_object_set_new(json, "until", moment(report->until));
	json_object_set_new(json, "generated", moment(report->generated));
	json_object_set_new(json, "version", json_string(CAMWALL_VERSION));
	json_object_set_new(json, "summary", summary(report));
	json_object_set_new(json, "sites", sites(report));
	json_object_set_new(json, "vendors", vendors(report));
	json_object_set_new(json, "groups", groups(report));
	json_object_set_new(json, "years", years(report));
	json_object_set_new(json, "devices", devices(report));
	json_object_set_new(json, "policies", policies(report));
	json_object_set_new(json, "exemptions", exemptions(report));
	json_object_set_new(json, "gaps", gaps(report));
	json_object_set_new(json, "traffic", days(report));
	json_object_set_new(json, "far", far(report));
	json_dumpf(json, out, pretty ? JSON_INDENT(2) : JSON_COMPACT);
	putc('\n', out);
	json_decref(json);
}
