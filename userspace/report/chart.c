// SPDX-License-Identifier: GPL-2.0-or-later
/* Columns over time, as SVG: positions across are percentages, so that text keeps its size at any width. */
#include <math.h>
#include <string.h>

#include "chart.h"
#include "report_text.h"

#define TOP		8	/* pixels above the highest column */
#define HEIGHT		180	/* of the plot */
#define BASE		(TOP + HEIGHT)
#define WHOLE_HEIGHT	(BASE + 30)
#define LABEL_Y		(BASE + 20)
#define COLUMN_PART	0.8	/* of its share of the width */
#define MAX_LABELS	5
#define MAX_STEPS	5
#define LEAST_GAP	0.3	/* per cent: a short gap is still seen */

double chart_scale(enum chart_unit unit, uint64_t max, double *step)
{
	static const double factors[] = { 1, 2, 5, 10 };
	const double tiny = 1 / 1e9;
	double size = 1, value = max ?: 1, rough;
	size_t i;

	/* The steps of octets are round ones of the unit that they are written in. */
	if (unit == CHART_OCTETS)
		while (value / size >= 1024)
			size *= 1024;
	rough = value / size / MAX_STEPS;
	size *= pow(10, floor(log10(rough)));
	rough = value / size / MAX_STEPS;
	for (i = 0; i < 3 && factors[i] < rough - tiny; i++)
		;
	*step = fmax(1, factors[i] * size);
	return fmax(*step, ceil(value / *step - tiny) * *step);
}

static char *value_text(enum chart_unit unit, uint64_t value, char buf[static REPORT_TEXT_LEN])
{
	return unit == CHART_OCTETS ? report_octets(value, buf) : report_count(value, buf);
}

static uint64_t column_sum(const struct chart *chart, size_t column)
{
	uint64_t sum = 0;
	size_t i;

	for (i = 0; i < chart->n_series; i++)
		sum += chart->series[i].values[column];
	return sum;
}

static uint64_t highest(const struct chart *chart)
{
	uint64_t max = 0;
	size_t i;

	for (i = 0; i < chart->n_columns; i++) {
		uint64_t sum = column_sum(chart, i);

		if (sum > max)
			max = sum;
	}
	return max;
}

static unsigned int colour_of(size_t series)
{
	return series < CHART_COLOURS ? series : CHART_COLOURS - 1;
}

static void key(FILE *out, char palette, size_t series, const char *name)
{
	fprintf(out, "<li><svg class=\"key\" width=\"12\" height=\"12\" aria-hidden=\"true\"><rect class=\"%c%u\" width=\"12\" height=\"12\" rx=\"2\"/></svg>",
		palette, colour_of(series));
	report_html(out, name);
	fputs("</li>", out);
}

static void legend(FILE *out, const struct chart *chart)
{
	size_t i;

	if (chart->n_series < 2)
		return;
	fputs("<ul class=\"legend\">", out);
	for (i = 0; i < chart->n_series; i++)
		key(out, chart->palette, i, chart->series[i].name);
	fputs("</ul>\n", out);
}

static double y_of(double value, double top)
{
	return BASE - value / top * HEIGHT;
}

static void axis(FILE *out, const struct chart *chart, double top, double step)
{
	char text[REPORT_TEXT_LEN];
	unsigned int i;

	fprintf(out, "<svg class=\"axis\" width=\"76\" height=\"%d\" aria-hidden=\"true\">", WHOLE_HEIGHT);
	for (i = 0; i * step <= top + step / 2; i++) {
		double value = i * step;

		fprintf(out, "<text x=\"68\" y=\"%.1f\" text-anchor=\"end\">", y_of(value, top) + 4);
		report_html(out, value_text(chart->unit, value, text));
		fputs("</text>", out);
	}
	fputs("</svg>", out);
}

static void grid(FILE *out, double top, double step)
{
	unsigned int i;

	for (i = 0; i * step <= top + step / 2; i++)
		fprintf(out, "<line class=\"%s\" x1=\"0\" x2=\"100%%\" y1=\"%.1f\" y2=\"%.1f\"/>",
			i > 0 ? "grid" : "base", y_of(i * step, top), y_of(i * step, top));
}

static void gaps(FILE *out, const struct chart *chart)
{
	size_t i;

	if (!chart->n_gaps)
		return;
	fprintf(out, "<defs><pattern id=\"%s-gap\" width=\"6\" height=\"6\" patternUnits=\"userSpaceOnUse\" patternTransform=\"rotate(45)\"><rect class=\"gap-line\" width=\"2\" height=\"6\"/></pattern></defs>",
		chart->id);
	for (i = 0; i < chart->n_gaps; i++) {
		double from = chart->gaps[i].from * 100;
		double width = fmax(LEAST_GAP, chart->gaps[i].to * 100 - from);

		fprintf(out, "<rect fill=\"url(#%s-gap)\" opacity=\"%.2f\" x=\"%.2f%%\" y=\"%d\" width=\"%.2f%%\" height=\"%d\"/>",
			chart->id, chart->gaps[i].weight, fmin(from, 100 - width), TOP, width, HEIGHT);
	}
}

/* What a pointer on the column shows. */
static void column_title(FILE *out, const struct chart *chart, size_t column)
{
	char text[REPORT_TEXT_LEN];
	size_t i;

	fputs("<title>", out);
	report_html(out, chart->labels[column]);
	for (i = 0; i < chart->n_series; i++) {
		uint64_t value = chart->series[i].values[column];

		if (!value)
			continue;
		putc('\n', out);
		report_htmlf(out, "%s: %s", chart->series[i].name, value_text(chart->unit, value, text));
	}
	fputs("</title>", out);
}

static void column(FILE *out, const struct chart *chart, size_t column, double top)
{
	double share = 100.0 / chart->n_columns, bottom = 0;
	size_t i;

	if (!column_sum(chart, column))
		return;
	fputs("<g>", out);
	column_title(out, chart, column);
	for (i = 0; i < chart->n_series; i++) {
		double value = chart->series[i].values[column];

		if (value <= 0)
			continue;
		fprintf(out, "<rect class=\"%c%u\" x=\"%.2f%%\" y=\"%.1f\" width=\"%.2f%%\" height=\"%.1f\"/>",
			chart->palette, colour_of(i), (column + (1 - COLUMN_PART) / 2) * share,
			y_of(bottom + value, top), share * COLUMN_PART, value / top * HEIGHT);
		bottom += value;
	}
	fputs("</g>", out);
}

/* At most MAX_LABELS of them, evenly, so that they do not touch. */
static void labels(FILE *out, const struct chart *chart)
{
	size_t n = chart->n_columns < MAX_LABELS ? chart->n_columns : MAX_LABELS, i;

	for (i = 0; i < n; i++) {
		size_t column = n > 1 ? i * (chart->n_columns - 1) / (n - 1) : 0;
		const char *anchor = n == 1 || (i && i < n - 1) ? "middle" : i ? "end" : "start";
		double x = (column + 0.5) / chart->n_columns * 100;

		if (n > 1 && i == 0)
			x = 0;
		else if (n > 1 && i == n - 1)
			x = 100;
		/* On a phone every second one goes. */
		fprintf(out, "<text%s x=\"%.2f%%\" y=\"%d\" text-anchor=\"%s\">", n == MAX_LABELS && i % 2 ? " class=\"spare\"" : "",
			x, LABEL_Y, anchor);
		report_html(out, chart->labels[column]);
		fputs("</text>", out);
	}
}

/* The name and the description, for those who hear the chart; some programs know only the label. */
static void plot(FILE *out, const char *class, size_t height, const char *title, const char *text)
{
	fprintf(out, "<svg class=\"%s\" width=\"100%%\" height=\"%zu\" role=\"img\" aria-label=\"", class, height);
	report_htmlf(out, "%s. %s", title, text);
	fputs("\"><title>", out);
	report_html(out, title);
	fputs("</title><desc>", out);
	report_html(out, text);
	fputs("</desc>", out);
}

static void none(FILE *out)
{
	fputs("<p class=\"none\">Nothing to draw: there was none in this period.</p>\n", out);
}

void chart_columns(FILE *out, const struct chart *chart)
{
	double top, step;
	size_t i;

	if (!chart->n_columns || !highest(chart)) {
		none(out);
		return;
	}
	top = chart_scale(chart->unit, highest(chart), &step);
	fputs("<div class=\"chart\">", out);
	axis(out, chart, top, step);
	plot(out, "plot", WHOLE_HEIGHT, chart->title, chart->text);
	grid(out, top, step);
	gaps(out, chart);
	for (i = 0; i < chart->n_columns; i++)
		column(out, chart, i, top);
	labels(out, chart);
	fputs("</svg></div>\n", out);
	legend(out, chart);
}

#define BAR_SHARE	40	/* pixels from a bar to the next */
#define BAR_TEXT_Y	14
#define BAR_Y		20
#define BAR_HEIGHT	10

static uint64_t bar_sum(const struct chart_bar *bar)
{
	return bar->parts[0] + bar->parts[1];
}

static void bar(FILE *out, enum chart_unit unit, const struct chart_bar *bar, size_t y, uint64_t max)
{
	char figure[REPORT_TEXT_LEN];
	double x = 0;
	size_t i;

	fprintf(out, "<text y=\"%zu\">", y + BAR_TEXT_Y);
	report_html(out, bar->name);
	if (bar->detail) {
		fputs("<tspan class=\"detail\" dx=\"8\">", out);
		report_html(out, bar->detail);
		fputs("</tspan>", out);
	}
	fprintf(out, "</text><text x=\"100%%\" y=\"%zu\" text-anchor=\"end\">", y + BAR_TEXT_Y);
	report_html(out, value_text(unit, bar_sum(bar), figure));
	fputs("</text>", out);
	for (i = 0; i < 2; i++) {
		double width = 100.0 * bar->parts[i] / max;

		if (!bar->parts[i])
			continue;
		fprintf(out, "<rect class=\"p%zu\" x=\"%.2f%%\" y=\"%zu\" width=\"%.2f%%\" height=\"%d\"/>", i, x,
			y + BAR_Y, width, BAR_HEIGHT);
		x += width;
	}
}

void chart_bars(FILE *out, const char *title, const char *text, enum chart_unit unit,
		const struct chart_bar *bars, size_t n, const char *const names[static 2])
{
	uint64_t max = 0;
	size_t i;

	for (i = 0; i < n; i++)
		if (bar_sum(&bars[i]) > max)
			max = bar_sum(&bars[i]);
	if (!max) {
		none(out);
		return;
	}
	plot(out, "plot bars", n * BAR_SHARE, title, text);
	for (i = 0; i < n; i++)
		bar(out, unit, &bars[i], i * BAR_SHARE, max);
	fputs("</svg>\n<ul class=\"legend\">", out);
	for (i = 0; i < 2; i++)
		key(out, 'p', i, names[i]);
	fputs("</ul>\n", out);
}
