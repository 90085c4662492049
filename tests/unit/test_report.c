// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Tests of whole reports: against golden files, with hostile names, as valid HTML.
 *
 * CAMWALL_GOLDEN=write build/asan/unit/test_report writes the golden files anew.
 */
#include "report_unit.h"

#include "alloc.h"

#define VERSION_MARK	"VERSION"	/* stands in golden files for CAMWALL_VERSION */

static char *with_mark(const char *text)
{
	char *out = cw_malloc(strlen(text) * strlen(VERSION_MARK) + 1), *to = out;

	while (*text) {
		if (strncmp(text, CAMWALL_VERSION, strlen(CAMWALL_VERSION)) == 0) {
			to = mempcpy(to, VERSION_MARK, strlen(VERSION_MARK));
			text += strlen(CAMWALL_VERSION);
		} else {
			*to++ = *text++;
		}
	}
	*to = '\0';
	return out;
}

static void first_difference(const char *name, const char *is, const char *should)
{
	size_t i = 0, line = 1;

	for (; is[i] && is[i] == should[i]; i++)
		line += is[i] == '\n';
	fail_msg("%s, line %zu: \"%.60s\", and it should be \"%.60s\". If that was meant: CAMWALL_GOLDEN=write build/asan/unit/test_report",
		 name, line, is + i, should + i);
}

static void compare(const char *name, char *text)
{
	const char *wish = getenv("CAMWALL_GOLDEN");
	char path[256], *marked = with_mark(text), *golden;
	size_t length;

	snprintf(path, sizeof(path), "tests/unit/data/report/%s", name);
	if (wish && strcmp(wish, "write") == 0) {
		FILE *out = fopen(unit_path(path), "w");

		assert_non_null(out);
		assert_true(fputs(marked, out) >= 0);
		assert_int_equal(fclose(out), 0);
	}
	golden = unit_read(unit_path(path), &length);
	if (strcmp(golden, marked) != 0)
		first_difference(name, marked, golden);
	free(golden);
	free(marked);
	free(text);
}

static void reports_are_as_their_golden_files(void **state)
{
	struct report *report = load("town.db", NULL, NULL);
	enum report_table table;
	char name[64];

	compare("town.html", html(report));
	compare("town.json", json(report));
	for (table = 0; table < REPORT_TABLES; table++) {
		snprintf(name, sizeof(name), "town-%s.csv", report_table_name(table));
		compare(name, csv(report, table));
	}
	report_free(report);
	report = load_both();
	compare("merged.html", html(report));
	report_free(report);
}

/* What the hostile names of town.sql would do, were they not escaped. */
static void hostile_names_do_nothing(void **state)
{
	struct report *report = load("town.db", NULL, NULL);
	char *text = html(report);

	assert_null(strstr(text, "<script"));
	assert_non_null(strstr(text, "&lt;script&gt;alert(1)"));
	assert_null(strstr(text, "<b>"));
	assert_null(strstr(text, "\xe2\x80\xae"));
	free(text);
	text = csv(report, REPORT_DEVICES);
	assert_non_null(strstr(text, "\"'=HYPERLINK("));
	assert_null(strstr(text, ",=") ?: strstr(text, ",\"="));
	free(text);
	text = csv(report, REPORT_EXEMPTIONS);
	assert_null(strstr(text, ",@") ?: strstr(text, ",\"+"));
	assert_non_null(strstr(text, ",'@facilities <b>,"));
	free(text);
	report_free(report);
}

/* It asks for nothing: no script, style sheet, image, font or frame of elsewhere. */
static void html_needs_no_other_file(void **state)
{
	static const char *const forbidden[] = { "<script", "<link", "<img", "<iframe", "@import", "src=", "url(http", "url(//", NULL };
	struct report *report = load("town.db", NULL, NULL);
	char *text = html(report);
	size_t i;

	for (i = 0; forbidden[i]; i++)
		if (strstr(text, forbidden[i]))
			fail_msg("there is %s in it", forbidden[i]);
	free(text);
	report_free(report);
}

static void html_is_valid(void **state)
{
	struct report *report;
	char *text;

	if (system("command -v tidy >/dev/null")) {
		print_message("skip: no tidy here: apt install tidy\n");
		skip();
	}
	report = load_both();
	text = html(report);
	unit_write(folder, "page.html", text, strlen(text));
	/* 0: neither an error nor a warning, which it prints. */
	assert_int_equal(system("tidy -q -e page.html"), 0);
	free(text);
	report_free(report);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reports_are_as_their_golden_files),
		cmocka_unit_test(hostile_names_do_nothing),
		cmocka_unit_test(html_needs_no_other_file),
		cmocka_unit_test(html_is_valid),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
