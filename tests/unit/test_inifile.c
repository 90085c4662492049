// SPDX-License-Identifier: GPL-2.0-or-later
/* Files of sections and keys: lines, comments, indentation, and what is refused. */
#include "unit.h"

#include "inifile.h"

/** struct record - what the reader has reported, one line each */
struct record {
	char text[4096];
	const char *stop_at;
};

static int take(void *ctx, const char *file, int line, const char *section,
		const char *key, const char *value, struct cw_error *err)
{
	struct record *record = ctx;
	size_t used = strlen(record->text);

	assert_string_equal(file, "x.conf");
	if (key)
		snprintf(record->text + used, sizeof(record->text) - used, "%d [%s] %s=<%s>\n",
			 line, section, key, value);
	else
		snprintf(record->text + used, sizeof(record->text) - used, "%d [%s]\n", line,
			 section);
	if (!key)
		assert_null(value);
	if (key && record->stop_at && !strcmp(key, record->stop_at))
		return cw_error_at(err, file, line, "stopped at %s", key);
	return 0;
}

static int read_bytes(const char *text, size_t length, struct record *record,
		      struct cw_error *err)
{
	FILE *stream = fmemopen((void *)text, length, "r");
	int result;

	assert_non_null(stream);
	record->text[0] = '\0';
	result = cw_ini_read(stream, "x.conf", take, record, err);
	fclose(stream);
	return result;
}

static void expect_record(const char *text, const char *expected)
{
	struct cw_error err = { 0 };
	struct record record = { 0 };

	read_bytes(text, strlen(text), &record, &err);
	unit_expect_none(&err);
	assert_string_equal(record.text, expected);
}

static void expect_refusal(const char *text, const char *message)
{
	struct cw_error err = { 0 };
	struct record record = { 0 };

	assert_int_equal(read_bytes(text, strlen(text), &record, &err), -1);
	unit_expect(&err, message);
}

static void lines_sections_and_keys(void **state)
{
	expect_record("\n[a]\nx = 1\ny=2\n\n[ b c ]\nx=3 # no end of line",
		      "2 [a]\n3 [a] x=<1>\n4 [a] y=<2>\n6 [b c]\n7 [b c] x=<3>\n");
	expect_record("[a]\n[b]\n[b]\n", "1 [a]\n2 [b]\n3 [b]\n");
	expect_record("# nothing\n", "");
	expect_record("\xef\xbb\xbf[a]\r\nx = 1\r\n", "1 [a]\n2 [a] x=<1>\n");
	expect_record("[a]\nx = a=b:c\nempty =\n", "1 [a]\n2 [a] x=<a=b:c>\n3 [a] empty=<>\n");
	expect_record("[exempt 44:19:b6:12:34:56]\nprefix = 28:57:be\n",
		      "1 [exempt 44:19:b6:12:34:56]\n2 [exempt 44:19:b6:12:34:56] prefix=<28:57:be>\n");
}

static void comments(void **state)
{
	expect_record("# c\n; c\n  # c\n\t; c\n#c\n[a] # c\n[b] ; c\n", "6 [a]\n7 [b]\n");
	expect_record("[a]\nx = ticket #4711\n", "1 [a]\n2 [a] x=<ticket #4711>\n");
	expect_record("[a]\nx = 1 # two\n", "1 [a]\n2 [a] x=<1>\n");
	expect_record("[a]\nx = 1\t#\ttwo\n", "1 [a]\n2 [a] x=<1>\n");
	expect_record("[a]\nx = 1 #\n", "1 [a]\n2 [a] x=<1>\n");
	expect_record("[a]\nx = 1 ;two\n", "1 [a]\n2 [a] x=<1>\n");
	expect_record("[a]\nx = a;b#c\n", "1 [a]\n2 [a] x=<a;b#c>\n");
	expect_record("[a]\nx = # none\n", "1 [a]\n2 [a] x=<>\n");
}

/* libinih takes an indented line for another value of the key above. */
static void indented_keys_are_keys(void **state)
{
	expect_record("[a]\n    x = 1\n    y = 2\n\tx = 3\n",
		      "1 [a]\n2 [a] x=<1>\n3 [a] y=<2>\n4 [a] x=<3>\n");
	expect_record("  [a]\n  x = 1\n  [b]\n  y = 2\n",
		      "1 [a]\n2 [a] x=<1>\n3 [b]\n4 [b] y=<2>\n");
	expect_refusal("[a]\nx = 1\n   2\n", "x.conf:3: \"2\" has no '='");
	expect_refusal("[a]\nprefix = 28:57:be\n   44:19:b6\n",
		       "repeat the key, as in \"key = 44:19:b6\"");
}

static void what_is_no_line_is_refused(void **state)
{
	expect_refusal("x = 1\n[a]\n", "x.conf:1: the key \"x\" stands before the first [section]");
	expect_refusal("[a]\n\nhello\n", "x.conf:3: \"hello\" is neither");
	expect_refusal("[a]\nx: 1\n", "x.conf:2: \"x: 1\" is neither");
	expect_refusal("[a]\n = 1\n", "x.conf:2: \"\" is no key");
	expect_refusal("[a]\na b = 1\n", "x.conf:2: \"a b\" is no key");
	expect_refusal("[a]\n28:57:be = 1\n", "x.conf:2: \"28:57:be\" is no key");
	expect_refusal("[a\nx = 1\n", "x.conf:1: the header \"[a\" has no end");
	expect_refusal("[a # b]\n", "x.conf:1: the header \"[a\" has no end");
	expect_refusal("[]\n", "x.conf:1: a header without a name");
	expect_refusal("[ ]\n", "x.conf:1: a header without a name");
	expect_refusal("[a] x = 1\n", "x.conf:1: \"x = 1\" stands behind a header");
}

static void no_byte_is_lost(void **state)
{
	static const char zero[] = "[a]\nx = 1\0 2\n";
	char text[1024], expected[1024], line[512];
	struct cw_error err = { 0 };
	struct record record = { 0 };

	assert_int_equal(read_bytes(zero, sizeof(zero) - 1, &record, &err), -1);
	unit_expect(&err, "x.conf:2: a zero byte");

	/* libinih holds 197 octets of a line; a value may be longer, as a reason is. */
	memset(line, 'v', sizeof(line));
	snprintf(text, sizeof(text), "[a]\nx=%.195s\nx = %.400s # c\ny=1\n", line, line);
	snprintf(expected, sizeof(expected), "1 [a]\n2 [a] x=<%.195s>\n3 [a] x=<%.400s>\n4 [a] y=<1>\n", line, line);
	expect_record(text, expected);
	snprintf(text, sizeof(text), "[a]\n%.196s=1\n", line);
	snprintf(expected, sizeof(expected), "1 [a]\n2 [a] %.196s=<1>\n", line);
	expect_record(text, expected);
	snprintf(text, sizeof(text), "[a]\n%.198s=1\n", line);
	expect_refusal(text, "x.conf:2: this key has 198 octets, 196 are allowed");

	/* A comment may be longer, and so may spaces. */
	snprintf(text, sizeof(text), "[a]\n# %.400s\nx = 1 # %.400s\n", line, line);
	expect_record(text, "1 [a]\n3 [a] x=<1>\n");
	/* libinih cuts the name of a section at 49 octets. */
	snprintf(text, sizeof(text), "[%.100s]\nx=1\n", line);
	snprintf(expected, sizeof(expected), "1 [%.100s]\n2 [%.100s] x=<1>\n", line, line);
	expect_record(text, expected);
}

static void the_first_error_stops(void **state)
{
	struct cw_error err = { 0 };
	struct record record = { .stop_at = "y" };
	const char *text = "[a]\nx = 1\ny = 2\n[b]\nz = 3\n[c\n";

	assert_int_equal(read_bytes(text, strlen(text), &record, &err), -1);
	assert_string_equal(err.message, "x.conf:3: stopped at y");
	assert_string_equal(record.text, "1 [a]\n2 [a] x=<1>\n3 [a] y=<2>\n");
	cw_error_clear(&err);
	assert_int_equal(read_bytes(text, strlen(text), &record, NULL), -1);
}

static void a_folder_is_no_file(void **state)
{
	struct cw_error err = { 0 };
	struct record record = { 0 };
	FILE *stream = fopen("/", "r");

	assert_non_null(stream);
	assert_int_equal(cw_ini_read(stream, "x.conf", take, &record, &err), -1);
	unit_expect(&err, "x.conf: cannot be read");
	fclose(stream);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lines_sections_and_keys),
		cmocka_unit_test(comments),
		cmocka_unit_test(indented_keys_are_keys),
		cmocka_unit_test(what_is_no_line_is_refused),
		cmocka_unit_test(no_byte_is_lost),
		cmocka_unit_test(the_first_error_stops),
		cmocka_unit_test(a_folder_is_no_file),
	};

	return cmocka_run_group_tests_name("inifile", tests, NULL, NULL);
}
