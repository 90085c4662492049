// SPDX-License-Identifier: GPL-2.0-or-later
/* What a reader with one minute needs: how many devices, of whom, which are new, what was done. */
#include <string.h>

#include "html.h"

static void card(struct html *html, const char *name, const char *figure, const char *detail)
{
	fputs("<li><span class=\"name\">", html->out);
	report_html(html->out, name);
	fputs("</span><span class=\"figure\">", html->out);
	report_html(html->out, figure);
	fputs("</span><span class=\"detail\">", html->out);
	report_html(html->out, detail);
	fputs("</span></li>\n", html->out);
}

static void share_card(struct html *html, const struct report_totals *totals)
{
	uint64_t whole = totals->watched + totals->missed;
	char figure[REPORT_TEXT_LEN], missed[REPORT_TEXT_LEN], detail[2 * REPORT_TEXT_LEN];
	/* Rounded down: what is not whole is never written as whole. */
	uint64_t share = whole ? totals->watched * 1000 / whole : 0;

	snprintf(figure, sizeof(figure), "%u.%u %%", (unsigned int)(share / 10), (unsigned int)(share % 10));
	if (!totals->missed && whole)
		snprintf(detail, sizeof(detail), "without a gap");
	else
		snprintf(detail, sizeof(detail), "not observed: %s", report_span(totals->missed, missed));
	card(html, "Time observed", figure, detail);
}

static void cards(struct html *html, const struct report_totals *totals)
{
	char figure[REPORT_TEXT_LEN], detail[2 * REPORT_TEXT_LEN], count[REPORT_TEXT_LEN];

	fputs("<ul class=\"cards\">\n", html->out);
	snprintf(detail, sizeof(detail), "of %s vendor%s", report_count(totals->vendors, count),
		 report_plural(totals->vendors));
	card(html, "Devices found", report_count(totals->devices, figure), detail);
	card(html, "New in the period", report_count(totals->new, figure), "first seen in it");
	card(html, "Still there", report_count(totals->present, figure), "seen in its last 24 hours");
	card(html, "Packets blocked", report_count(totals->dropped, figure), "from them and to them");
	share_card(html, totals);
	fputs("</ul>\n", html->out);
}

static void vendors(struct html *html)
{
	const struct report *report = html->report;
	bool first = true;
	size_t i;

	for (i = 0; i < report->n_vendors; i++) {
		const struct report_vendor *vendor = &report->vendors[i];
		char count[REPORT_TEXT_LEN];

		if (!vendor->devices)
			continue;
		report_htmlf(html->out, "%s%s of %s", first ? ": " : ", ", report_count(vendor->devices, count),
			     vendor->title);
		first = false;
	}
}

static void lead(struct html *html, const struct report_totals *totals)
{
	char count[REPORT_TEXT_LEN];

	fputs("<p class=\"lead\">", html->out);
	if (!totals->watched) {
		fputs("Nothing was observed in this period, so this report says nothing about it.</p>\n", html->out);
		return;
	}
	if (!totals->devices) {
		fputs("No device with a MAC prefix of the policy was seen. That is no proof that there is none: "
		      "see <a href=\"#limits\">the limits of the method</a>.</p>\n", html->out);
		return;
	}
	report_htmlf(html->out, "%s device%s with a MAC prefix of the policy %s seen",
		     report_count(totals->devices, count), report_plural(totals->devices),
		     totals->devices == 1 ? "was" : "were");
	vendors(html);
	report_htmlf(html->out, ". %s of them %s new. ", totals->new ? report_count(totals->new, count) : "None",
		     totals->new == 1 || !totals->new ? "is" : "are");
	if (totals->dropped)
		report_htmlf(html->out, "The gateway blocked %s packet%s.", report_count(totals->dropped, count),
			     report_plural(totals->dropped));
	else
		fputs("The gateway blocked nothing.", html->out);
	fputs("</p>\n", html->out);
}

/* What was there when observation began looks new, and may not be. */
static bool begins_within(const struct report *report)
{
	size_t i;

	for (i = 0; i < report->n_sites; i++)
		if (report->sites[i].first >= report->since)
			return true;
	return false;
}

static void warnings(struct html *html, const struct report_totals *totals)
{
	char span[REPORT_TEXT_LEN];

	if (totals->new && begins_within(html->report))
		html_paragraph(html, "note", "Observation began within this period: devices that were there already count as new.");

	if (totals->watched && totals->missed)
		html_paragraph(html, "warn", "%s did not observe for %s of the period. What happened then is not in this report; the gaps are listed in it.",
			       html->report->n_sites > 1 ? "The gateways, their gaps added up," : "The gateway",
			       report_span(totals->missed, span));
}

static const struct html_column columns[] = {
	{ "Vendor", "" }, { "Devices", "n" }, { "New", "n" }, { "Still there", "n" }, { "Traffic", "n" },
	{ "Packets blocked", "n" }, { "What the policy does", "" }, { 0 },
};

static const struct html_table table = {
	.id = "vendors", .caption = "By vendor, all sites together", .columns = columns,
};

static void vendor_row(struct html *html, const struct report_vendor *vendor)
{
	char text[REPORT_TEXT_LEN];

	html_row(html, 0);
	html_cell(html);
	html_line(html, "strong", "%s", vendor->title);
	html_cell_end(html);
	html_count_cell(html, vendor->devices);
	html_count_cell(html, vendor->new);
	html_count_cell(html, vendor->present);
	html_text_cell(html, "%s", report_octets(vendor->traffic[0].octets + vendor->traffic[1].octets, text));
	html_count_cell(html, report_dropped(&vendor->traffic[0]) + report_dropped(&vendor->traffic[1]));
	html_cell(html);
	html_lines(html, vendor->policy ?: "nothing at the end of the period");
	html_cell_end(html);
	html_row_end(html);
}

static size_t in_force(const struct report *report, size_t *ended)
{
	size_t i, n = 0;

	for (i = *ended = 0; i < report->n_exemptions; i++) {
		if (report->exemptions[i].how == REPORT_END_NOT)
			n++;
		else
			(*ended)++;
	}
	return n;
}

/* The policy that was in force when the period began is not a change in it. */
static size_t changes(const struct report *report)
{
	size_t i, n = 0;

	for (i = 0; i < report->n_policies; i++)
		n += report->policies[i].exact && report->policies[i].since >= report->since;
	return n;
}

static void done(struct html *html)
{
	const struct report *report = html->report;
	size_t n = changes(report), ended, exempt = in_force(report, &ended);

	fputs("<h3>What was done</h3>\n<ul>\n<li>", html->out);
	report_htmlf(html->out, "The policy was changed %zu time%s in the period", n, report_plural(n));
	fputs(" (<a href=\"#policies\">which policy held when</a>).</li>\n<li>", html->out);
	report_htmlf(html->out, "%zu exemption%s %s in force at its end, %zu ended in it", exempt,
		     report_plural(exempt), exempt == 1 ? "was" : "were", ended);
	fputs(" (<a href=\"#exemptions\">why, and approved by whom</a>).</li>\n</ul>\n", html->out);
}

void html_summary(struct html *html)
{
	struct report_totals totals;
	size_t i;

	report_total(html->report, &totals);
	html_section(html, "summary", "Summary");
	lead(html, &totals);
	cards(html, &totals);
	warnings(html, &totals);
	if (html->report->n_vendors) {
		html_table(html, &table);
		for (i = 0; i < html->report->n_vendors; i++)
			vendor_row(html, &html->report->vendors[i]);
		html_table_end(html);
	}
	done(html);
	html_section_end(html);
}
