// SPDX-License-Identifier: GPL-2.0-or-later
/* Tests of charts: their scale, and that each value is drawn where it belongs. */
#include "unit.h"

#include "chart.h"

static double top(enum chart_unit unit, uint64_t max, double expected_step)
{
	double step, top = chart_scale(unit, max, &step);

	assert_true(step == expected_step);
	assert_true(top >= max);
	return top;
}

static void scales_end_at_round_figures(void **state)
{
	assert_true(top(CHART_COUNT, 0, 1) == 1);
	assert_true(top(CHART_COUNT, 1, 1) == 1);
	assert_true(top(CHART_COUNT, 5, 1) == 5);
	assert_true(top(CHART_COUNT, 6, 2) == 6);
	assert_true(top(CHART_COUNT, 7, 2) == 8);
	assert_true(top(CHART_COUNT, 26, 10) == 30);
	assert_true(top(CHART_COUNT, 100, 20) == 100);
	assert_true(top(CHART_COUNT, 101, 50) == 150);
	assert_true(top(CHART_COUNT, 4096, 1000) == 5000);
	assert_true(top(CHART_OCTETS, 50 << 20, 10 << 20) == 50 << 20);
	assert_true(top(CHART_OCTETS, 180ULL << 30, 50.0 * (1 << 30)) == 200.0 * (1 << 30));
}

/* Of any greatest value: 1 to 5 steps, and the top holds it. */
static void scales_hold_every_value(void **state)
{
	uint64_t max;
	int unit;

	for (unit = CHART_COUNT; unit <= CHART_OCTETS; unit++) {
		for (max = 1; max < UINT64_MAX / 3; max = max * 3 / 2 + 1) {
			double step, top = chart_scale(unit, max, &step);

			assert_true(top >= max * (1 - 1 / 1e9));
			assert_true(step >= 1);
			assert_in_range(top / step + 0.5, 1, 6);
		}
	}
}

static char *draw(struct chart *chart)
{
	size_t length;
	char *text;
	FILE *out = open_memstream(&text, &length);

	assert_non_null(out);
	chart_columns(out, chart);
	fclose(out);
	return text;
}

static size_t count(const char *text, const char *part)
{
	size_t n = 0;

	while ((text = strstr(text, part))) {
		n++;
		text += strlen(part);
	}
	return n;
}

static void nothing_is_said_to_be_nothing(void **state)
{
	struct chart chart = { .id = "c", .title = "t", .text = "x", .palette = 's' };
	uint64_t zero = 0;
	const char *label = "2026";
	struct chart_series series = { "a", &zero };
	char *text = draw(&chart);

	assert_non_null(strstr(text, "Nothing to draw"));
	assert_null(strstr(text, "<svg"));
	free(text);
	chart.labels = &label;
	chart.series = &series;
	chart.n_columns = 1;
	chart.n_series = 1;
	text = draw(&chart);
	assert_non_null(strstr(text, "Nothing to draw"));
	free(text);
}

static void one_column_is_drawn(void **state)
{
	uint64_t value = 7;
	const char *label = "2026-11";
	struct chart_series series = { "a<b", &value };
	struct chart chart = { .id = "c", .title = "t", .text = "x", .palette = 's', .n_columns = 1,
			       .labels = &label, .series = &series, .n_series = 1 };
	char *text = draw(&chart);

	/* 7 of 8 of a height of 180, above a base at 188. */
	assert_non_null(strstr(text, "<rect class=\"s0\" x=\"10.00%\" y=\"30.5\" width=\"80.00%\" height=\"157.5\"/>"));
	assert_non_null(strstr(text, "<title>2026-11\na&lt;b: 7</title>"));
	assert_int_equal(count(text, ">2026-11</text>"), 1);
	/* A single series needs no legend. */
	assert_null(strstr(text, "legend"));
	free(text);
}

static void many_columns_are_stacked(void **state)
{
	enum { N = 62 };
	const char *labels[N];
	uint64_t a[N], b[N];
	struct chart_series series[] = { { "a", a }, { "b", b } };
	struct chart_span gap = { 0.5, 0.5, 1 };
	struct chart chart = { .id = "c", .title = "t", .text = "x", .palette = 'd', .n_columns = N, .labels = labels,
			       .series = series, .n_series = 2, .gaps = &gap, .n_gaps = 1 };
	char *text;
	size_t i;

	for (i = 0; i < N; i++) {
		labels[i] = i == 0 ? "first" : i == N - 1 ? "last" : "other";
		a[i] = i ? 50 : 0;
		b[i] = i % 2 ? 50 : 0;
	}
	text = draw(&chart);
	assert_int_equal(count(text, "<rect class=\"d0\" x"), N - 1);
	assert_int_equal(count(text, "<rect class=\"d1\" x"), N / 2);
	/* On the first, at half of the height. */
	assert_non_null(strstr(text, "<rect class=\"d1\" x=\"1.77%\" y=\"8.0\" width=\"1.29%\" height=\"90.0\"/>"));
	assert_int_equal(count(text, "</text>"), 6 + 5);
	assert_non_null(strstr(text, ">first</text>"));
	assert_non_null(strstr(text, ">last</text>"));
	/* However short, a gap is seen. */
	assert_non_null(strstr(text, "<rect fill=\"url(#c-gap)\" opacity=\"1.00\" x=\"50.00%\" y=\"8\" width=\"0.30%\""));
	free(text);
}

static void bars_are_in_proportion(void **state)
{
	static const char *const names[] = { "let pass", "blocked" };
	struct chart_bar bars[] = { { "a", "x", { 75, 25 } }, { "b<", NULL, { 50, 0 } } };
	size_t length;
	char *text;
	FILE *out = open_memstream(&text, &length);

	assert_non_null(out);
	chart_bars(out, "t", "x", CHART_COUNT, bars, 2, names);
	fclose(out);
	assert_non_null(strstr(text, "<rect class=\"p0\" x=\"0.00%\" y=\"20\" width=\"75.00%\""));
	assert_non_null(strstr(text, "<rect class=\"p1\" x=\"75.00%\" y=\"20\" width=\"25.00%\""));
	assert_non_null(strstr(text, "<rect class=\"p0\" x=\"0.00%\" y=\"60\" width=\"50.00%\""));
	assert_int_equal(count(text, "class=\"p1\" x"), 1);
	assert_non_null(strstr(text, ">b&lt;</text>"));
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(scales_end_at_round_figures),
		cmocka_unit_test(scales_hold_every_value),
		cmocka_unit_test(nothing_is_said_to_be_nothing),
		cmocka_unit_test(one_column_is_drawn),
		cmocka_unit_test(many_columns_are_stacked),
		cmocka_unit_test(bars_are_in_proportion),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
