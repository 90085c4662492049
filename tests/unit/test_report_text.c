// SPDX-License-Identifier: GPL-2.0-or-later
/* Tests of how a report writes what others have named, and figures. */
#include "unit.h"

#include "report_text.h"

#define BAD	"\xef\xbf\xbd"

static char *buffer;
static size_t buffer_length;

static FILE *begin(void)
{
	FILE *out = open_memstream(&buffer, &buffer_length);

	assert_non_null(out);
	return out;
}

static void expect(FILE *out, const char *text)
{
	assert_int_equal(fclose(out), 0);
	assert_string_equal(buffer, text);
	free(buffer);
}

static void expect_html(const char *text, const char *html)
{
	FILE *out = begin();

	report_html(out, text);
	expect(out, html);
}

static void expect_cell(const char *text, const char *cell)
{
	FILE *out = begin();

	report_csv_cell(out, text);
	expect(out, cell);
}

static void expect_clean(const char *text, const char *clean)
{
	char *made = report_clean(text);

	assert_string_equal(made, clean);
	free(made);
}

static void html_is_escaped(void **state)
{
	FILE *out;

	expect_html("<script>alert(\"1\" & '2')</script>",
		    "&lt;script&gt;alert(&quot;1&quot; &amp; &#39;2&#39;)&lt;/script&gt;");
	expect_html("&amp;", "&amp;amp;");
	expect_html("Z\xc3\xbcrich", "Z\xc3\xbcrich");
	expect_html(NULL, "");
	out = begin();
	report_htmlf(out, "%s is %d", "<b>", 7);
	expect(out, "&lt;b&gt; is 7");
}

static void octets_that_are_no_utf8_are_replaced(void **state)
{
	expect_clean("a\xff" "b", "a" BAD "b");
	expect_clean("a\xc3", "a" BAD);				/* cut off */
	expect_clean("\xc0\xaf", BAD BAD);			/* overlong '/' */
	expect_clean("\xe0\x80\xaf", BAD BAD BAD);
	expect_clean("\xed\xa0\x80", BAD BAD BAD);		/* a surrogate */
	expect_clean("\xf4\x90\x80\x80", BAD BAD BAD BAD);	/* above U+10FFFF */
	expect_clean("\xf0\x9f\x93\xb7 \xe6\x91\x84", "\xf0\x9f\x93\xb7 \xe6\x91\x84");
}

static void characters_that_steer_are_replaced(void **state)
{
	expect_clean("a\x1b[31mb", "a" BAD "[31mb");
	expect_clean("a\x7f", "a" BAD);
	expect_clean("cam\xe2\x80\xaegnp.exe", "cam" BAD "gnp.exe");	/* right-to-left override */
	expect_clean("\xe2\x81\xa6x", BAD "x");				/* isolate */
	expect_clean("a\tb\r\nc", "a b  c");
}

static void csv_cells_are_quoted(void **state)
{
	expect_cell("plain", "plain");
	expect_cell("", "");
	expect_cell(NULL, "");
	expect_cell("a,b", "\"a,b\"");
	expect_cell("say \"no\"", "\"say \"\"no\"\"\"");
	expect_cell(" a", "\" a\"");
}

static void csv_cells_are_no_formula(void **state)
{
	expect_cell("=1+1", "'=1+1");
	expect_cell("+44", "'+44");
	expect_cell("-1", "'-1");
	expect_cell("@SUM(A1)", "'@SUM(A1)");
	expect_cell("\t=1", "\"' =1\"");
	expect_cell("\r=1", "\"' =1\"");
	expect_cell("\n=1", "\"' =1\"");
	expect_cell(" =1", "\"' =1\"");
	expect_cell("\xef\xbc\x9d" "1", "'\xef\xbc\x9d" "1");	/* a full-width = */
	expect_cell("=HYPERLINK(\"http://203.0.113.80/\",\"x\")",
		    "\"'=HYPERLINK(\"\"http://203.0.113.80/\"\",\"\"x\"\")\"");
	expect_cell("a=1", "a=1");
	expect_cell("2026-11-25", "2026-11-25");
}

static void figures_are_readable(void **state)
{
	char text[REPORT_TEXT_LEN];

	assert_string_equal(report_count(0, text), "0");
	assert_string_equal(report_count(999, text), "999");
	assert_string_equal(report_count(1000, text), "1,000");
	assert_string_equal(report_count(1234567, text), "1,234,567");
	assert_string_equal(report_count(UINT64_MAX, text), "18,446,744,073,709,551,615");
	assert_string_equal(report_octets(1023, text), "1023 B");
	assert_string_equal(report_octets(1024, text), "1.0 KiB");
	assert_string_equal(report_octets(1048575, text), "1.0 MiB");
	assert_string_equal(report_octets(UINT64_MAX, text), "16.0 EiB");
	assert_string_equal(report_span(0, text), "0 s");
	assert_string_equal(report_span(3599, text), "59 min");
	assert_string_equal(report_span(86400, text), "1 day");
	assert_string_equal(report_span(2 * 86400 + 3600, text), "2 days 1 h");
	assert_string_equal(report_moment(1795623600, text), "2026-11-25 16:20 UTC");
	assert_string_equal(report_moment(0, text), "never");
	assert_string_equal(report_date(1795623600, text), "2026-11-25");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(html_is_escaped),
		cmocka_unit_test(octets_that_are_no_utf8_are_replaced),
		cmocka_unit_test(characters_that_steer_are_replaced),
		cmocka_unit_test(csv_cells_are_quoted),
		cmocka_unit_test(csv_cells_are_no_formula),
		cmocka_unit_test(figures_are_readable),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
