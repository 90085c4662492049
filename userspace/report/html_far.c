// SPDX-License-Identifier: GPL-2.0-or-later
/* The fields of a report under FAR 52.204-25(d), filled in as far as a gateway can know. */
#include <stdlib.h>
#include <string.h>

#include "far.h"
#include "html.h"

static void field(struct html *html, const char *name)
{
	fputs("<tr><th scope=\"row\">", html->out);
	report_html(html->out, name);
	fputs("</th><td>", html->out);
	html_blank(html);
	fputs("</td></tr>\n", html->out);
}

static void contract(struct html *html)
{
	static const char *const names[] = {
		"Contract number", "Order number(s), if applicable", "Supplier name",
		"Supplier unique entity identifier, if known", "Supplier CAGE code, if known",
		"Date of identification or notification", "Reported to, and when",
	};
	size_t i;

	fputs("<table class=\"form\">\n", html->out);
	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		field(html, names[i]);
	fputs("</table>\n", html->out);
}

static const struct html_column columns[] = {
	{ "Brand", "" }, { "Model number (OEM number, manufacturer part number or wholesaler number)", "" },
	{ "Item description", "" }, { "First identified (UTC)", "" }, { "Mitigation undertaken", "" }, { 0 },
};

static const struct html_table table = {
	.id = "far-table", .columns = columns,
	.caption = "Equipment, by the organisation that its MAC addresses are assigned to",
};

static void item_row(struct html *html, const struct far_item *item)
{
	char first[REPORT_TEXT_LEN], due[REPORT_TEXT_LEN], count[REPORT_TEXT_LEN];

	html_row(html, 0);
	html_cell(html);
	html_line(html, "strong", "%s", item->organization ?: item->vendor->title);
	html_line(html, "muted", "The brand on the case may be another:");
	html_blank(html);
	html_cell_end(html);
	html_cell(html);
	html_blank(html);
	html_cell_end(html);
	html_cell(html);
	html_line(html, "", "%s network device%s, listed under Devices found", report_count(item->devices, count),
		  report_plural(item->devices));
	html_line(html, "muted", "Kind (camera, recorder, door station, ...):");
	html_blank(html);
	html_cell_end(html);
	html_cell(html);
	html_line(html, "", "%s", report_short(item->first, first));
	html_line(html, "muted", "next business day: %s", report_date(far_business_day(item->first, 1), due));
	html_cell_end(html);
	html_cell(html);
	html_line(html, "", "Policy: %s", item->group->action ?: "nothing at the end of the period");
	html_line(html, "", "%s packet%s from and to them blocked in the period", report_count(item->dropped, count),
		  report_plural(item->dropped));
	html_cell_end(html);
	html_row_end(html);
}

static void follow_up(struct html *html)
{
	fputs("<h3>Within 10 business days of that report: paragraph (d)(2)(ii)</h3>\n<table class=\"form\">\n", html->out);
	field(html, "Further information about mitigation undertaken or recommended");
	field(html, "Efforts undertaken to prevent use or submission of covered equipment or services");
	field(html, "Additional efforts to prevent it in future");
	fputs("</table>\n", html->out);
	html_paragraph(html, "note", "What the gateway did is above, under Which policy held when, What was blocked and Exemptions.");
}

void html_far(struct html *html)
{
	struct far_item *items;
	size_t i, n;

	html_section(html, "far", "For a report under FAR 52.204-25(d)");
	fputs("<p>A contractor of the United States Government who identifies covered telecommunications or video "
	      "surveillance equipment reports under paragraph (d) of "
	      "<a href=\"https://www.acquisition.gov/far/52.204-25\">FAR 52.204-25</a> (48 CFR 52.204-25, Nov 2021). "
	      "What this gateway knows is filled in; the rest is left blank. Whether a device is covered equipment, a "
	      "substantial or essential component, or critical technology, is for the contractor to decide: a MAC prefix "
	      "alone does not say so. A contract may have the clause 52.240-91 of the FAR overhaul in its place, with "
	      "another term and one report: see the contract.</p>\n"
	      "<h3>Within one business day of identification: paragraph (d)(2)(i)</h3>\n", html->out);
	contract(html);
	items = far_items(html->report, &n);
	if (n) {
		html_table(html, &table);
		for (i = 0; i < n; i++)
			item_row(html, &items[i]);
		html_table_end(html);
		html_paragraph(html, "note", "First identified: when the gateway first saw a device of that organisation. Business days are counted in UTC without Saturdays and Sundays; federal holidays are not taken out.");
		fputs("<table class=\"form\">\n", html->out);
		field(html, "Mitigation recommended");
		fputs("</table>\n", html->out);
	} else {
		html_paragraph(html, "none", "No equipment was identified in the period.");
	}
	free(items);
	follow_up(html);
	html_section_end(html);
}
