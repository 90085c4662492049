// SPDX-License-Identifier: GPL-2.0-or-later
/* The HTML report as a page: one file, without scripts, that asks for no other. */
#include "html.h"

static const struct {
	const char *id, *title;
} contents[] = {
	{ "summary", "Summary" }, { "trend", "Over time" }, { "years", "Progress" }, { "devices", "Devices" },
	{ "policies", "Policies" }, { "blocked", "Blocked" }, { "exemptions", "Exemptions" },
	{ "gaps", "Gaps" }, { "far", "FAR 52.204-25" }, { "limits", "Limits" },
};

static void sites(struct html *html)
{
	const struct report *report = html->report;
	size_t i;

	for (i = 0; i < report->n_sites; i++)
		report_htmlf(html->out, "%s%s", i ? ", " : "", report->sites[i].name);
}

static void page_head(struct html *html)
{
	static const struct html_table *const stacked[] = { &html_device_table, NULL };

	fputs("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
	      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
	      "<meta name=\"generator\" content=\"camwall " CAMWALL_VERSION "\">\n"
	      "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
	      "<meta name=\"referrer\" content=\"no-referrer\">\n<title>", html->out);
	report_htmlf(html->out, "Cameras of restricted vendors: ");
	sites(html);
	fputs("</title>\n", html->out);
	html_style(html, stacked);
	fputs("</head>\n", html->out);
}

static void header(struct html *html)
{
	const struct report *report = html->report;
	char since[REPORT_TEXT_LEN], until[REPORT_TEXT_LEN];
	size_t i;

	fputs("<header>\n<h1>Cameras of restricted vendors on the network</h1>\n<p class=\"meta\">", html->out);
	sites(html);
	fputs("</p>\n<p class=\"meta\">", html->out);
	report_htmlf(html->out, "%s to %s", report_moment(report->since, since), report_moment(report->until, until));
	fputs("</p>\n<p class=\"meta note\">", html->out);
	report_htmlf(html->out, "Made on %s by camwall %s from the gateway's own history", report_moment(report->generated, since),
		     CAMWALL_VERSION);
	fputs("</p>\n<nav aria-label=\"Contents\"><ul>", html->out);
	for (i = 0; i < sizeof(contents) / sizeof(contents[0]); i++)
		fprintf(html->out, "<li><a href=\"#%s\">%s</a></li>", contents[i].id, contents[i].title);
	fputs("</ul></nav>\n</header>\n\n<main>\n", html->out);
}

void report_write_html(const struct report *report, FILE *out)
{
	struct html html = { .out = out, .report = report };

	page_head(&html);
	fputs("<body>\n<div class=\"page\">\n", out);
	header(&html);
	html_summary(&html);
	html_charts(&html);
	html_years(&html);
	html_devices(&html);
	html_policies(&html);
	html_blocked(&html);
	html_exemptions(&html);
	html_gaps(&html);
	html_far(&html);
	html_limits(&html);
	fputs("</main>\n</div>\n</body>\n</html>\n", out);
}
