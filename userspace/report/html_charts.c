// SPDX-License-Identifier: GPL-2.0-or-later
/* The charts of the HTML report, each with its figures as a table, and progress year by year. */
#include <stdlib.h>
#include <string.h>

#include "alloc.h"
#include "chart.h"
#include "html.h"
#include "mac.h"

#define TALKERS	10

static void figure(struct html *html, const char *title)
{
	fputs("<figure>\n<figcaption>", html->out);
	report_html(html->out, title);
	fputs("</figcaption>\n", html->out);
}

/* Part of the charts' width, whose columns may reach out of the period. */
static double part(const struct report *report, uint64_t moment)
{
	uint64_t since = report->columns[0].since, until = report->columns[report->n_columns - 1].until;

	if (moment <= since)
		return 0;
	return moment >= until ? 1 : (double)(moment - since) / (until - since);
}

static struct chart_span *spans(const struct report *report, size_t *n)
{
	struct chart_span *spans = cw_calloc(report->n_gaps, sizeof(*spans));
	size_t i;

	for (*n = i = 0; report->n_columns && i < report->n_gaps; i++) {
		const struct report_gap *gap = &report->gaps[i];

		if (!gap->blind || gap->until <= gap->since)
			continue;
		spans[*n].from = part(report, gap->since);
		spans[*n].to = part(report, gap->until);
		spans[(*n)++].weight = 1.0 / report->n_sites;
	}
	return spans;
}

static const char **labels(const struct report *report)
{
	const char **labels = cw_calloc(report->n_columns, sizeof(*labels));
	size_t i;

	for (i = 0; i < report->n_columns; i++)
		labels[i] = report->columns[i].label;
	return labels;
}

/* A gap at any site is drawn, the lighter the more sites there are: what the others saw is not all there was. */
static void draw(struct html *html, struct chart *chart)
{
	const char **names = labels(html->report);
	struct chart_span *gaps;

	gaps = spans(html->report, &chart->n_gaps);
	chart->n_columns = html->report->n_columns;
	chart->labels = names;
	chart->gaps = gaps;
	chart_columns(html->out, chart);
	free(names);
	free(gaps);
}

static uint64_t devices_of(const struct report_column *column, size_t i) { return column->devices[i]; }
static uint64_t octets_of(const struct report_column *column, size_t i) { return column->octets[i]; }

static uint64_t *values_of(const struct report *report, size_t part,
			   uint64_t (*get)(const struct report_column *column, size_t i))
{
	uint64_t *values = cw_calloc(report->n_columns, sizeof(*values));
	size_t i;

	for (i = 0; i < report->n_columns; i++)
		values[i] = get(&report->columns[i], part);
	return values;
}

static const char *vendor_name(const struct report *report, size_t i) { return report->vendors[i].title; }
static const char *group_name(const struct report *report, size_t i) { return report->groups[i].name; }

/* A chart whose parts are @n vendors or groups. */
static void draw_parts(struct html *html, struct chart *chart, size_t n,
		       const char *(*name)(const struct report *report, size_t i),
		       uint64_t (*get)(const struct report_column *column, size_t i))
{
	const struct report *report = html->report;
	struct chart_series *series = cw_calloc(n, sizeof(*series));
	size_t i;

	for (i = 0; i < n; i++) {
		series[i].name = name(report, i);
		series[i].values = values_of(report, i, get);
	}
	chart->series = series;
	chart->n_series = n;
	draw(html, chart);
	for (i = 0; i < n; i++)
		free((uint64_t *)series[i].values);
	free(series);
}

static void devices_figure(struct html *html)
{
	const struct report *report = html->report;
	struct chart chart = { .id = "chart-devices", .unit = CHART_COUNT, .palette = 's' };
	char *text = cw_asprintf("The most devices seen on one day of each %s from %s to %s, by vendor. The figures are in the table below.",
				 report->column_name, report->n_columns ? report->columns[0].label : "-",
				 report->n_columns ? report->columns[report->n_columns - 1].label : "-");
	bool days = strcmp(report->column_name, "day") == 0;
	char *title = days ? cw_strdup("Devices by vendor, seen on each day") :
			     cw_asprintf("Devices by vendor: the most seen on one day of each %s", report->column_name);

	chart.title = title;
	chart.text = text;
	figure(html, title);
	draw_parts(html, &chart, report->n_vendors, vendor_name, devices_of);
	if (report->n_gaps)
		html_paragraph(html, "note", "Hatched: times without observation%s.",
			       report->n_sites > 1 ? ", the darker the more sites" : "");
	fputs("</figure>\n", html->out);
	free(title);
	free(text);
}

static void traffic_figure(struct html *html)
{
	struct chart chart = { .id = "chart-traffic", .unit = CHART_OCTETS, .palette = 's' };
	char *title = cw_asprintf("Traffic from and to these devices, in each %s", html->report->column_name);

	chart.title = title;
	chart.text = "Octets in each part of the period, by group of the policy, those that were blocked included. The figures are in the table below.";
	figure(html, title);
	draw_parts(html, &chart, html->report->n_groups, group_name, octets_of);
	fputs("</figure>\n", html->out);
	free(title);
}

static void drops_figure(struct html *html)
{
	const struct report *report = html->report;
	struct chart_series series[REPORT_REASONS];
	struct chart chart = { .id = "chart-drops", .unit = CHART_COUNT, .series = series, .n_series = REPORT_REASONS,
			       .palette = 'd' };
	char *title = cw_asprintf("Packets blocked, in each %s", report->column_name);
	size_t i, k;

	for (i = 0; i < REPORT_REASONS; i++) {
		uint64_t *values = cw_calloc(report->n_columns, sizeof(*values));

		for (k = 0; k < report->n_columns; k++)
			values[k] = report->columns[k].dropped[i];
		series[i].name = report_reason_title(i);
		series[i].values = values;
	}
	chart.title = title;
	chart.text = "Packets that the gateway dropped in each part of the period, by reason. The figures are in the table below.";
	figure(html, title);
	draw(html, &chart);
	fputs("</figure>\n", html->out);
	for (i = 0; i < REPORT_REASONS; i++)
		free((uint64_t *)series[i].values);
	free(title);
}

static const struct html_column figure_columns[] = {
	{ "From", "" }, { "Devices", "n" }, { "Traffic", "n" }, { "Packets", "n" }, { "Packets blocked", "n" }, { 0 },
};

static const struct html_table figure_table = {
	.id = "figures", .caption = "The figures of these charts, all vendors and sites together",
	.columns = figure_columns,
};

static void figures_table(struct html *html)
{
	const struct report *report = html->report;
	char text[REPORT_TEXT_LEN];
	size_t i, k;

	if (!report->n_columns)
		return;
	fputs("<details><summary>The figures as a table</summary>\n", html->out);
	html_table(html, &figure_table);
	for (i = 0; i < report->n_columns; i++) {
		const struct report_column *column = &report->columns[i];
		uint64_t devices = 0, octets = 0, dropped = 0;

		for (k = 0; k < report->n_vendors; k++)
			devices += column->devices[k];
		for (k = 0; k < report->n_groups; k++)
			octets += column->octets[k];
		for (k = 0; k < REPORT_REASONS; k++)
			dropped += column->dropped[k];
		html_row(html, 0);
		html_text_cell(html, "%s", column->label);
		html_count_cell(html, devices);
		html_text_cell(html, "%s", report_octets(octets, text));
		html_count_cell(html, column->packets);
		html_count_cell(html, dropped);
		html_row_end(html);
	}
	html_table_end(html);
	fputs("</details>\n", html->out);
}

static void talker_bar(const struct report *report, const struct report_device *device, struct chart_bar *bar)
{
	char mac[CW_MAC_STRLEN + 1];

	cw_mac_format(device->mac, mac);
	bar->name = cw_strdup(report->vendors[device->vendor].title);
	bar->detail = report->n_sites > 1 ? cw_asprintf("%s, %s", mac, report->sites[device->site].name) :
					    cw_strdup(mac);
	bar->parts[0] = device->traffic[REPORT_FROM].packets + device->traffic[REPORT_TO].packets;
	bar->parts[1] = report_device_dropped(device);
	bar->parts[0] -= bar->parts[1] < bar->parts[0] ? bar->parts[1] : bar->parts[0];
}

static void talkers_figure(struct html *html)
{
	static const char *const names[] = { "let pass", "blocked" };
	const struct report *report = html->report;
	const struct report_device **top;
	struct chart_bar *bars;
	size_t i, n;

	top = report_top(report, report_device_packets, TALKERS, &n);
	bars = cw_calloc(n, sizeof(*bars));
	for (i = 0; i < n; i++)
		talker_bar(report, top[i], &bars[i]);
	figure(html, "Top talkers: the devices with the most packets, from and to them");
	chart_bars(html->out, "Top talkers",
		   "Packets of the period for each of the devices that have the most, split into those let pass and those blocked. The figures are in the table of devices.",
		   CHART_COUNT, bars, n, names);
	fputs("</figure>\n", html->out);
	for (i = 0; i < n; i++) {
		free((char *)bars[i].name);
		free((char *)bars[i].detail);
	}
	free(bars);
	free(top);
}

void html_charts(struct html *html)
{
	html_section(html, "trend", "Over time");
	devices_figure(html);
	traffic_figure(html);
	drops_figure(html);
	figures_table(html);
	talkers_figure(html);
	html_section_end(html);
}

static const struct html_column year_columns[] = {
	{ "Year", "" }, { "Part of it in this report", "" }, { "Devices seen", "n" }, { "New", "n" },
	{ "Last seen in it", "n" }, { "Packets blocked", "n" }, { "Not observed", "n" }, { 0 },
};

static const struct html_table year_table = {
	.id = "years-table", .caption = "Calendar years, all sites together", .columns = year_columns,
};

void html_years(struct html *html)
{
	const struct report *report = html->report;
	char since[REPORT_TEXT_LEN], until[REPORT_TEXT_LEN];
	size_t i;

	html_section(html, "years", "Progress year by year");
	html_paragraph(html, "", "Progress is fewer devices seen, and more that were last seen in a year, which is to say that they have not come back by the end of the period. That a device is gone from the network does not say where it went.");
	html_table(html, &year_table);
	for (i = 0; i < report->n_years; i++) {
		const struct report_year *year = &report->years[i];

		html_row(html, 0);
		html_text_cell(html, "%u", year->year);
		html_text_cell(html, "%s to %s", report_date(year->since, since), report_date(year->until - 1, until));
		html_count_cell(html, year->devices);
		html_count_cell(html, year->new);
		html_count_cell(html, year->gone);
		html_count_cell(html, year->dropped);
		html_text_cell(html, "%s", year->missed ? report_span(year->missed, since) : "-");
		html_row_end(html);
	}
	html_table_end(html);
	html_section_end(html);
}
