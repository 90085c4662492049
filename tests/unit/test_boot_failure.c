// SPDX-License-Identifier: GPL-2.0-or-later
/* boot-failure: found in any wreck of a configuration, remembered, never guessed. */
#include "unit.h"

#include "boot_failure.h"
#include "config.h"

static char *dir, config[PATH_MAX], remembered[PATH_MAX];

static int setup(void **state)
{
	dir = unit_folder();
	snprintf(config, sizeof(config), "%s/camwall.conf", dir);
	snprintf(remembered, sizeof(remembered), "%s/boot-failure", dir);
	return 0;
}

static int teardown(void **state)
{
	unit_remove(dir, (const char *const[]){ "camwall.conf", "boot-failure", NULL });
	return 0;
}

static void write_config(const char *text)
{
	unit_write(dir, "camwall.conf", text, strlen(text));
}

static void expect(enum cw_boot_failure wanted, const char *where, bool wanted_remembers)
{
	enum cw_boot_failure choice;
	bool remembers;
	char *found;

	found = cw_boot_failure_find(config, remembered, &choice, &remembers);
	assert_int_equal(choice, wanted);
	assert_int_equal(remembers, wanted_remembers);
	if (!strstr(found, where))
		fail_msg("\"%s\" does not say \"%s\"", found, where);
	free(found);
}

static void remember(void)
{
	struct cw_error err = { 0 };

	assert_int_equal(cw_boot_failure_remember(config, remembered, &err), 0);
	unit_expect_none(&err);
}

static void values(void **state)
{
	enum cw_boot_failure choice = CW_BOOT_FAILURE_OPEN;

	assert_int_equal(cw_boot_failure_parse("closed", &choice), 0);
	assert_int_equal(choice, CW_BOOT_FAILURE_CLOSED);
	assert_int_equal(cw_boot_failure_parse("open", &choice), 0);
	assert_int_equal(choice, CW_BOOT_FAILURE_OPEN);
	assert_int_equal(cw_boot_failure_parse("Closed", &choice), -1);
	assert_int_equal(cw_boot_failure_parse("", &choice), -1);
	assert_string_equal(cw_boot_failure_name(CW_BOOT_FAILURE_CLOSED), "closed");
}

static void nothing_says_so(void **state)
{
	expect(CW_BOOT_FAILURE_OPEN, "the default", false);
	write_config("[camwall]\n# boot-failure = closed\n; boot-failure = closed\nboot-failures = closed\n"
		     "x boot-failure = closed\nboot-failure closed\nboot-failure = shut\n");
	expect(CW_BOOT_FAILURE_OPEN, "the default", false);
}

static void in_a_wreck(void **state)
{
	static const char text[] = "[camwal\n\x00\xff\n!!!\n  boot-failure\t=  closed ; no gap\n[group";

	unit_write(dir, "camwall.conf", text, sizeof(text) - 1);
	expect(CW_BOOT_FAILURE_CLOSED, "camwall.conf:4", false);
	write_config("boot-failure=closed");
	expect(CW_BOOT_FAILURE_CLOSED, "camwall.conf:1", false);
	write_config("[camwall]\r\nboot-failure = closed\r\n");
	expect(CW_BOOT_FAILURE_CLOSED, "camwall.conf:2", false);
}

static void closed_beats_open(void **state)
{
	write_config("boot-failure = open\nboot-failure = closed\nboot-failure = open\n");
	expect(CW_BOOT_FAILURE_CLOSED, "camwall.conf:2", false);
}

static void remembers(void **state)
{
	write_config("[camwall]\ninterfaces = lan*\nboot-failure = closed\n");
	remember();
	write_config("[camwall]\nboot-failure = shut\n");
	expect(CW_BOOT_FAILURE_CLOSED, "boot-failure:3, as of the last policy", true);
	unlink(config);
	expect(CW_BOOT_FAILURE_CLOSED, "boot-failure:3, as of the last policy", true);
	write_config("boot-failure = open\n");
	expect(CW_BOOT_FAILURE_OPEN, "camwall.conf:1", true);
	remember();
	unlink(config);
	expect(CW_BOOT_FAILURE_OPEN, "boot-failure:3, as of", true);
}

static void cannot_be_kept(void **state)
{
	struct cw_error err = { 0 };

	write_config("boot-failure = closed\n");
	assert_int_equal(cw_boot_failure_remember(config, "/nonexistent/boot-failure", &err), -1);
	unit_expect(&err, "/nonexistent/boot-failure: cannot be written");
}

/* What is right, and what only this reader understands. */
static int load(const char *text, struct cw_error *err)
{
	struct cw_config_report report;
	struct cw_policy *policy;
	FILE *stream;

	write_config(text);
	stream = fopen(config, "r");
	assert_non_null(stream);
	policy = cw_config_load(stream, config, NULL, &report, err);
	fclose(stream);
	cw_config_report_clear(&report);
	if (!policy)
		return -1;
	cw_policy_free(policy);
	return 0;
}

static void configuration(void **state)
{
	struct cw_error err = { 0 };

	assert_int_equal(load("[camwall]\ninterfaces = lan*\nboot-failure = closed\n", &err), 0);
	unit_expect_none(&err);
	assert_int_equal(load("[camwall]\ninterfaces = lan*\nboot-failure = shut\n", &err), -1);
	unit_expect(&err, "camwall.conf:3: boot-failure = shut is neither open nor closed: write one of them");
	assert_int_equal(load("[camwall]\ninterfaces = lan*\nboot-failure = open\nboot-failure = closed\n",
			      &err), -1);
	unit_expect(&err, "camwall.conf:4: \"boot-failure\" stands twice");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(values),
		cmocka_unit_test_setup_teardown(nothing_says_so, setup, teardown),
		cmocka_unit_test_setup_teardown(in_a_wreck, setup, teardown),
		cmocka_unit_test_setup_teardown(closed_beats_open, setup, teardown),
		cmocka_unit_test_setup_teardown(remembers, setup, teardown),
		cmocka_unit_test_setup_teardown(cannot_be_kept, setup, teardown),
		cmocka_unit_test_setup_teardown(configuration, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
