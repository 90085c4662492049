/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Charts as inline SVG: columns over time, and bars. */
#ifndef CW_REPORT_CHART_H
#define CW_REPORT_CHART_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#define CHART_COLOURS	8	/* of a palette of the style sheet; series beyond share the last one */

/** enum chart_unit - how values are written */
enum chart_unit {
	CHART_COUNT,
	CHART_OCTETS,
};

/**
 * struct chart_series - a part of each column
 * @values: one for each column
 */
struct chart_series {
	const char *name;
	const uint64_t *values;
};

/**
 * struct chart_span - a stretch of the time that a chart shows
 * @from, @to: as parts of the whole width, 0 to 1
 * @weight: how much of what is drawn it concerns, above 0 to 1
 */
struct chart_span {
	double from, to, weight;
};

/**
 * struct chart - columns over time, parts stacked on one another
 * @id: begins the ids of its elements; unique in the page
 * @title, @text: for those who cannot see it: what it shows, and what there is to see
 * @labels: of the columns, @n_columns of them; the first and last are always written
 * @gaps: times without observation, hatched
 * @palette: 's' for subjects, 'd' for reasons of a drop: which colours of the style sheet
 */
struct chart {
	const char *id, *title, *text;
	enum chart_unit unit;
	size_t n_columns;
	const char *const *labels;
	const struct chart_series *series;
	size_t n_series;
	const struct chart_span *gaps;
	size_t n_gaps;
	char palette;
};

/**
 * struct chart_bar - a bar, with its name above it
 * @name, @detail: of whom; @detail may be NULL
 * @parts: two values, one behind the other: seen and let pass, dropped
 */
struct chart_bar {
	const char *name, *detail;
	uint64_t parts[2];
};

/**
 * chart_scale() - the top of an axis and its steps
 * @max: greatest value; 0 is allowed
 * @step: distance of two grid lines, at least 1
 *
 * Return: the top, a whole number of steps (2 to 5), not below @max, at least 1.
 */
double chart_scale(enum chart_unit unit, uint64_t max, double *step);

/** chart_columns() - write a chart; without a column or a value it says so */
void chart_columns(FILE *out, const struct chart *chart);

/** chart_bars() - write bars; @names: what the two parts are called */
void chart_bars(FILE *out, const char *title, const char *text, enum chart_unit unit,
		const struct chart_bar *bars, size_t n, const char *const names[static 2]);

#endif
