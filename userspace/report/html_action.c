// SPDX-License-Identifier: GPL-2.0-or-later
/* What was done about the devices: policies, packets blocked, exemptions; and the gaps. */
#include <stdlib.h>

#include "alloc.h"
#include "html.h"
#include "mac.h"

#define TOP	10
#define DIGEST_PART	12	/* hex digits that tell two files apart for the eye; CSV and JSON have all */

static const struct html_column policy_columns[] = {
	{ "In force (UTC)", "" }, { "Generation", "n" }, { "By", "w" }, { "What it did", "" },
	{ "What changed", "" }, { 0 },
};

static const struct html_table policy_table = {
	.id = "policy-table", .sites = true, .columns = policy_columns,
	.caption = "Each policy that was in force in the period, the one in force at its begin included",
};

static void policy_row(struct html *html, const struct report_policy *policy)
{
	char since[REPORT_TEXT_LEN], until[REPORT_TEXT_LEN];

	html_row(html, policy->site);
	html_cell(html);
	html_line(html, "moment", "since %s", report_short(policy->since, since));
	if (!policy->exact)
		html_line(html, "muted", "or before: found then");
	if (policy->until)
		html_line(html, "moment", "until %s", report_short(policy->until, until));
	else
		html_line(html, "", "still in force");
	html_cell_end(html);
	html_text_cell(html, "%u", policy->generation);
	html_cell(html);
	html_line(html, "", "%s", policy->who ?: "not recorded");
	if (policy->file)
		html_line(html, "mono", "%s", policy->file);
	if (policy->digest)
		html_line(html, "mono", "SHA-256 %.*s…", DIGEST_PART, policy->digest);
	html_cell_end(html);
	html_cell(html);
	html_lines(html, policy->summary ?: "not recorded");
	html_cell_end(html);
	html_cell(html);
	html_lines(html, policy->changes ?: "-");
	html_cell_end(html);
	html_row_end(html);
}

void html_policies(struct html *html)
{
	const struct report *report = html->report;
	size_t i;

	html_section(html, "policies", "Which policy held when");
	if (!report->n_policies) {
		html_paragraph(html, "none", "No policy was in force in the period, as far as it was observed.");
	} else {
		html_table(html, &policy_table);
		for (i = 0; i < report->n_policies; i++)
			policy_row(html, &report->policies[i]);
		html_table_end(html);
	}
	html_section_end(html);
}

static const struct html_column blocked_columns[] = {
	{ "Group", "" }, { "Direction", "" }, { "Because of the action", "n" }, { "Not on the allow list", "n" },
	{ "Above the limit", "n" }, { "Malformed", "n" }, { "All", "n" }, { 0 },
};

static const struct html_table blocked_table = {
	.id = "blocked-table", .caption = "Packets blocked in the period, by group of the policy and reason; those of devices that found no place in the inventory too",
	.columns = blocked_columns,
};

static void blocked_rows(struct html *html, const struct report_group *group)
{
	size_t direction, i;

	for (direction = REPORT_FROM; direction <= REPORT_TO; direction++) {
		const struct report_traffic *traffic = &group->traffic[direction];

		html_row(html, 0);
		html_text_cell(html, "%s", group->name);
		html_text_cell(html, direction == REPORT_FROM ? "from the devices" : "to the devices");
		for (i = 0; i < REPORT_REASONS; i++)
			html_count_cell(html, traffic->dropped[i]);
		html_count_cell(html, report_dropped(traffic));
		html_row_end(html);
	}
}

static const struct html_column top_columns[] = {
	{ "Device", "" }, { "Vendor", "" }, { "Host name", "" }, { "Packets blocked", "n" }, { "Of all its packets", "n" }, { 0 },
};

static const struct html_table top_table = {
	.id = "blocked-top", .sites = true, .columns = top_columns,
	.caption = "The devices of which most was blocked",
};

static void top_devices(struct html *html)
{
	const struct report *report = html->report;
	const struct report_device **top;
	size_t i, n;

	top = report_top(report, report_device_dropped, TOP, &n);
	if (n) {
		html_table(html, &top_table);
		for (i = 0; i < n; i++) {
			char mac[CW_MAC_STRLEN + 1];
			uint64_t packets = report_device_packets(top[i]), dropped = report_device_dropped(top[i]);

			html_row(html, top[i]->site);
			html_cell(html);
			html_line(html, "mono mac", "%s", cw_mac_format(top[i]->mac, mac));
			html_cell_end(html);
			html_text_cell(html, "%s", report->vendors[top[i]->vendor].title);
			html_text_cell(html, "%s", top[i]->hostname ?: "-");
			html_count_cell(html, dropped);
			html_text_cell(html, "%.0f %%", packets ? 100.0 * dropped / packets : 0);
			html_row_end(html);
		}
		html_table_end(html);
	}
	free(top);
}

void html_blocked(struct html *html)
{
	const struct report *report = html->report;
	size_t i;

	html_section(html, "blocked", "What was blocked");
	html_table(html, &blocked_table);
	for (i = 0; i < report->n_groups; i++)
		blocked_rows(html, &report->groups[i]);
	html_table_end(html);
	top_devices(html);
	html_paragraph(html, "note", "By day, site and reason: camwall report --format csv --table blocked.");
	html_section_end(html);
}

static const struct html_column exemption_columns[] = {
	{ "Device", "" }, { "From (UTC)", "" }, { "Until (UTC)", "" }, { "Reason", "" }, { "Approved by", "" }, { "How it ended", "" }, { 0 },
};

static const struct html_table exemption_table = {
	.id = "exemption-table", .sites = true, .columns = exemption_columns,
	.caption = "Each exemption that was in force in the period",
};

static void exemption_row(struct html *html, const struct report_exemption *exemption)
{
	char mac[CW_MAC_STRLEN + 1], text[REPORT_TEXT_LEN];

	html_row(html, exemption->site);
	html_cell(html);
	html_line(html, "mono mac", "%s", cw_mac_format(exemption->mac, mac));
	html_cell_end(html);
	html_text_cell(html, "%s", report_short(exemption->since, text));
	html_text_cell(html, "%s", report_short(exemption->until, text));
	html_text_cell(html, "%s", exemption->reason ?: "not recorded");
	html_text_cell(html, "%s", exemption->approved_by ?: "not recorded");
	html_cell(html);
	html_line(html, "", "%s", report_end_title(exemption->how));
	if (exemption->ended)
		html_line(html, "moment", "%s", report_short(exemption->ended, text));
	html_cell_end(html);
	html_row_end(html);
}

void html_exemptions(struct html *html)
{
	const struct report *report = html->report;
	size_t i;

	html_section(html, "exemptions", "Exemptions");
	if (!report->n_exemptions) {
		html_paragraph(html, "none", "No device was exempt in the period.");
	} else {
		html_table(html, &exemption_table);
		for (i = 0; i < report->n_exemptions; i++)
			exemption_row(html, &report->exemptions[i]);
		html_table_end(html);
	}
	html_section_end(html);
}

static const struct html_column gap_columns[] = {
	{ "From (UTC)", "" }, { "Until (UTC)", "" }, { "For", "n" }, { "Cause", "" }, { 0 },
};

static const struct html_table gap_table = {
	.id = "gap-table", .sites = true, .columns = gap_columns,
	.caption = "Times at which the gateway did not observe, or did not record all of it",
};

static const struct html_column site_columns[] = {
	{ "Site", "" }, { "Database", "" }, { "Observed first (UTC)", "" }, { "Observed last (UTC)", "" },
	{ "Observed in the period", "n" }, { "Not observed", "n" }, { 0 },
};

static const struct html_table site_table = {
	.id = "site-table", .caption = "The histories that this report is made from", .columns = site_columns,
};

static void sites(struct html *html)
{
	const struct report *report = html->report;
	char text[REPORT_TEXT_LEN];
	size_t i;

	html_table(html, &site_table);
	for (i = 0; i < report->n_sites; i++) {
		const struct report_site *site = &report->sites[i];

		html_row(html, i);
		html_text_cell(html, "%s", site->name);
		html_cell(html);
		html_line(html, "mono", "%s", site->file);
		html_cell_end(html);
		html_text_cell(html, "%s", report_short(site->first, text));
		html_text_cell(html, "%s", report_short(site->last, text));
		html_text_cell(html, "%s", report_span(site->watched, text));
		html_text_cell(html, "%s", site->missed ? report_span(site->missed, text) : "-");
		html_row_end(html);
	}
	html_table_end(html);
}

void html_gaps(struct html *html)
{
	const struct report *report = html->report;
	char text[REPORT_TEXT_LEN];
	size_t i;

	html_section(html, "gaps", "Gaps in observation");
	html_paragraph(html, "", "Of these times nothing is known, and nothing is estimated: a device may have come and gone. While only the recording stops, the kernel module goes on with its policy and its counters, so that what it counted meanwhile is in the first figures after the gap.");
	sites(html);
	if (!report->n_gaps) {
		html_paragraph(html, "none", "The period was observed without a gap.");
	} else {
		html_table(html, &gap_table);
		for (i = 0; i < report->n_gaps; i++) {
			const struct report_gap *gap = &report->gaps[i];

			html_row(html, gap->site);
			html_text_cell(html, "%s", report_short(gap->since, text));
			html_text_cell(html, "%s", report_short(gap->until, text));
			html_text_cell(html, "%s", !gap->blind ? "-" : gap->seconds < 0 ? "not known" :
				       report_span(gap->seconds, text));
			html_cell(html);
			html_line(html, "", "%s", report_gap_title(gap));
			if (gap->lost)
				html_line(html, "muted", gap->blind ? "%s events of the kernel meanwhile are lost" :
					  "%s of them", report_count(gap->lost, text));
			html_cell_end(html);
			html_row_end(html);
		}
		html_table_end(html);
	}
	html_section_end(html);
}
