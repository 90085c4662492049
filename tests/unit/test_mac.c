// SPDX-License-Identifier: GPL-2.0-or-later
/* MAC addresses and prefixes: every way to write them, and what is refused. */
#include "unit.h"

#include "mac.h"

static void mac_is_read_in_every_form(void **state)
{
	static const char *const forms[] = {
		"44:19:b6:12:34:56", "44-19-B6-12-34-56", "4419.b612.3456", "4419B6123456",
	};
	struct cw_error err = { 0 };

	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
		uint64_t mac = 0;

		assert_int_equal(cw_mac_parse(forms[i], &mac, &err), 0);
		unit_expect_none(&err);
		assert_int_equal(mac, 0x4419b6123456);
	}
}

static void mac_is_refused(void **state)
{
	static const struct {
		const char *text, *why;
	} cases[] = {
		{ "", "no hex digit" },
		{ "44:19:b6:12:34", "fewer than 12 hex digits" },
		{ "44:19:b6:12:34:56:78", "more than 12 hex digits" },
		{ "44:19:b6:12:34:5", "fewer than 12 hex digits" },
		{ "44:19:b6:12:34:56:", "a separator at its end" },
		{ ":44:19:b6:12:34:56", "split unevenly" },
		{ "44:19-b6:12:34:56", "two kinds of separators" },
		{ "441:9b:61:23:45:6", "split unevenly" },
		{ "4419:b612:3456", "split unevenly" },
		{ "44.19.b6.12.34.56", "split unevenly" },
		{ "44:19:b6:123456", "split unevenly" },
		{ "44:19:b6:12:34:5g", "no hex digit" },
		{ "44:19:b6:12:34:56 ", "no hex digit" },
		{ "44:19:b6:12:34:56/48", "no hex digit" },
		{ "0x4419b6123456", "no hex digit" },
	};
	struct cw_error err = { 0 };
	uint64_t mac;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_int_equal(cw_mac_parse(cases[i].text, &mac, &err), -1);
		unit_expect(&err, cases[i].why);
	}
	assert_int_equal(cw_mac_parse("x", &mac, NULL), -1);
	assert_int_equal(cw_mac_parse("28:57:be", &mac, &err), -1);
	unit_expect(&err, "write it as 44:19:b6:12:34:56");
}

static void prefix_is_read_in_every_form(void **state)
{
	static const struct {
		const char *text;
		uint64_t mac;
		unsigned int len;
	} cases[] = {
		{ "28:57:be", 0x2857be000000, 24 },
		{ "28-57-BE", 0x2857be000000, 24 },
		{ "2857BE", 0x2857be000000, 24 },
		{ "2857.be", 0x2857be000000, 24 },
		{ "28:57:be/24", 0x2857be000000, 24 },
		{ "28:57:be:00:00:00/24", 0x2857be000000, 24 },
		{ "28:57:be/25", 0x2857be000000, 25 },
		{ "b0:b3:53:10:00:00/28", 0xb0b353100000, 28 },
		{ "b0:b3:53:10/28", 0xb0b353100000, 28 },
		{ "b0b3531", 0xb0b353100000, 28 },
		{ "b0b3531/28", 0xb0b353100000, 28 },
		{ "b0b3.5310/28", 0xb0b353100000, 28 },
		{ "70b3d5123", 0x70b3d5123000, 36 },
		{ "70:b3:d5:12:30/36", 0x70b3d5123000, 36 },
		{ "70:b3:d5:12:30", 0x70b3d5123000, 40 },
		{ "44:19:b6:12:34:56", 0x4419b6123456, 48 },
		{ "44:19:b6:12:34:56/48", 0x4419b6123456, 48 },
		{ "44:19:b6:12:34:56/47", 0x4419b6123456, 47 },
		{ "000000", 0, 24 },
		{ "ff:ff:ff:ff:ff:ff", 0xffffffffffff, 48 },
	};
	struct cw_error err = { 0 };

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		uint64_t prefix = ~0ULL;

		cw_prefix_parse(cases[i].text, &prefix, &err);
		unit_expect_none(&err);
		assert_int_equal(prefix, cw_prefix_pack(cases[i].mac, cases[i].len, 0));
	}
}

static void prefix_is_refused(void **state)
{
	static const struct {
		const char *text, *why;
	} cases[] = {
		{ "", "no hex digit" },
		{ "/24", "no hex digit" },
		{ "28:57", "fewer than 6 hex digits" },
		{ "2857b", "fewer than 6 hex digits" },
		{ "28:57:be:00:00:00:00", "more than 12 hex digits" },
		{ "28:57:be/23", "from 24 to 48" },
		{ "28:57:be/49", "from 24 to 48" },
		{ "28:57:be/", "from 24 to 48" },
		{ "28:57:be/024", "from 24 to 48" },
		{ "28:57:be/+2", "from 24 to 48" },
		{ "28:57:be/24x", "from 24 to 48" },
		{ "28:57:be/24/24", "from 24 to 48" },
		{ "28:57:be:01/24", "28:57:be/24 was probably meant" },
		{ "b0:b3:53:18/28", "b0:b3:53:10/28 was probably meant" },
		{ "44:19:b6:12:34:57/47", "44:19:b6:12:34:56/47 was probably meant" },
		{ "b0:b3:53:1", "write b0:b3:53:10/28 or b0:b3:53:01/32" },
		{ "b0:b3:53:1/28", "write b0:b3:53:10/28 or b0:b3:53:01/32" },
		{ "70:b3:d5:12:3", "write 70:b3:d5:12:30/36 or 70:b3:d5:12:03/40" },
		{ "28:57:be ", "no hex digit" },
		{ "28:57:bé", "no hex digit" },
	};
	struct cw_error err = { 0 };
	uint64_t prefix;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_int_equal(cw_prefix_parse(cases[i].text, &prefix, &err), -1);
		unit_expect(&err, cases[i].why);
	}
}

static void prefix_is_written(void **state)
{
	static const struct {
		uint64_t mac;
		unsigned int len;
		const char *text;
	} cases[] = {
		{ 0x2857be000000, 24, "28:57:be/24" },
		{ 0xb0b353100000, 28, "b0:b3:53:10/28" },
		{ 0xb0b353100000, 32, "b0:b3:53:10/32" },
		{ 0x70b3d5123000, 36, "70:b3:d5:12:30/36" },
		{ 0x4419b6123456, 48, "44:19:b6:12:34:56/48" },
	};
	char buf[CW_PREFIX_STRLEN + 1];

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		uint64_t prefix = cw_prefix_pack(cases[i].mac, cases[i].len, 7);

		assert_string_equal(cw_prefix_format(prefix, buf), cases[i].text);
	}
	assert_string_equal(cw_mac_format(0x0019b6000a56, buf), "00:19:b6:00:0a:56");
}

/* Each length, with random bits: what is written is read back as the same. */
static void prefix_survives_writing_and_reading(void **state)
{
	struct cw_error err = { 0 };
	char buf[CW_PREFIX_STRLEN + 1];

	srandom(1);
	for (unsigned int i = 0; i < 25 * 200; i++) {
		unsigned int len = 24 + i % 25;
		uint64_t mac = ((uint64_t)random() << 31 | (uint64_t)random()) & 0xffffffffffff;
		uint64_t prefix = cw_prefix_pack(mac >> (48 - len) << (48 - len), len, 0), back = 0;

		assert_int_equal(cw_prefix_parse(cw_prefix_format(prefix, buf), &back, &err), 0);
		assert_int_equal(back, prefix);
		assert_true(strlen(buf) <= CW_PREFIX_STRLEN);
	}
}

static void error_keeps_the_first(void **state)
{
	struct cw_error err = { 0 };

	assert_int_equal(cw_error_at(&err, "a.conf", 7, "%s", "one"), -1);
	assert_int_equal(cw_error_set(&err, "two"), -1);
	assert_string_equal(err.message, "a.conf:7: one");
	cw_error_clear(&err);
	assert_null(err.message);

	cw_error_at(&err, "a.conf", 0, "no line");
	assert_string_equal(err.message, "a.conf: no line");
	cw_error_clear(&err);
	assert_int_equal(cw_error_set(NULL, "nowhere"), -1);
	assert_int_equal(cw_error_at(NULL, "a.conf", 1, "nowhere"), -1);
	cw_error_clear(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(mac_is_read_in_every_form),
		cmocka_unit_test(mac_is_refused),
		cmocka_unit_test(prefix_is_read_in_every_form),
		cmocka_unit_test(prefix_is_refused),
		cmocka_unit_test(prefix_is_written),
		cmocka_unit_test(prefix_survives_writing_and_reading),
		cmocka_unit_test(error_keeps_the_first),
	};

	return cmocka_run_group_tests_name("mac", tests, NULL, NULL);
}
