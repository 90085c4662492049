// SPDX-License-Identifier: GPL-2.0-or-later
/* Exemptions in the configuration and in the file beside it: which one counts, and what is refused. */
#include <fcntl.h>
#include <sys/stat.h>

#include "unit.h"

#include "config.h"

#define T0	CW_CONFIG_EPOCH
#define NOW	1800000000ULL	/* 2027-01-15T08:00:00Z */
#define HEAD	"[camwall]\ninterfaces = lan*\n[group a]\nprefix = 4419b6\n"
#define EXEMPT	"[exempt 44:19:b6:00:00:01]\n"
#define REST	"reason = r\napproved-by = a\n"
#define LATER	"until = 2027-06-01\n"
#define BEFORE	"until = 2027-01-01\n"

static struct cw_config_options options = { .now = NOW };

static struct cw_policy *load(const char *text, struct cw_config_report *report,
			      struct cw_error *err)
{
	FILE *stream = fmemopen((void *)text, strlen(text), "r");
	struct cw_policy *policy;

	assert_non_null(stream);
	policy = cw_config_load(stream, "t.conf", &options, report, err);
	fclose(stream);
	return policy;
}

static void expect_wrong(const char *text, const char *first, const char *second)
{
	struct cw_error err = { 0 };

	assert_null(load(text, NULL, &err));
	if (!strstr(err.message, second))
		fail_msg("the error \"%s\" does not say \"%s\"", err.message, second);
	unit_expect(&err, first);
}

/* The one exemption of a configuration ends then; 0 where there is none. */
static void expect_until(const char *text, uint64_t until)
{
	struct cw_error err = { 0 };
	struct cw_policy *policy = load(text, NULL, &err);

	unit_expect_none(&err);
	assert_int_equal(policy->n_exemptions, until != 0);
	if (until)
		assert_int_equal(policy->exemptions[0].until, until);
	cw_policy_free(policy);
}

static void what_is_read(void **state)
{
	struct cw_config_report report;
	struct cw_error err = { 0 };
	struct cw_policy *policy = load(HEAD
		"[exempt 4419.b600.0002]\nuntil = 2027-06-01\nreason = second\napproved-by = B\n"
		EXEMPT "reason = ticket #4711\nuntil = 2027-06-01T02:00:00+02:00\napproved-by = J. Doe\n"
		"[exempt 00:00:5e:00:53:01]\n" BEFORE REST, &report, &err);

	unit_expect_none(&err);
	assert_int_equal(policy->written, NOW);
	assert_int_equal(policy->n_exemptions, 3);
	assert_int_equal(policy->exemptions[0].mac, 0x00005e005301);
	assert_int_equal(policy->exemptions[1].mac, 0x4419b6000001);
	assert_int_equal(policy->exemptions[1].until, 1811808000);
	assert_string_equal(policy->exemptions[1].reason, "ticket #4711");
	assert_string_equal(policy->exemptions[1].approved_by, "J. Doe");
	assert_string_equal(policy->exemptions[2].reason, "second");
	assert_ptr_equal(cw_policy_exemption_find(policy, 0x4419b6000002), &policy->exemptions[2]);
	assert_null(cw_policy_exemption_find(policy, 0x4419b6000003));
	assert_int_equal(report.n_warnings, 0);
	assert_int_equal(report.n_exemptions, 3);
	assert_int_equal(report.exemptions[1].line, 9);
	assert_int_equal(report.exemptions[1].until_line, 11);
	assert_false(report.exemptions[1].ended);
	assert_true(report.exemptions[2].ended);
	cw_config_report_clear(&report);
	cw_policy_free(policy);
}

static void what_is_refused(void **state)
{
	char text[1024], longest[512];

	expect_wrong(HEAD "[exempt]\n" LATER REST, "t.conf:5: the exemption names no device", "[exempt MAC]");
	expect_wrong(HEAD "[exempt 44:19:b6]\n" LATER REST, "t.conf:5:", "44:19:b6");
	expect_wrong(HEAD "[exempt 01:00:5e:00:00:01]\n" LATER REST, "t.conf:5: 01:00:5e:00:00:01 is a multicast address", "");
	expect_wrong(HEAD "[exempt ff:ff:ff:ff:ff:ff]\n" LATER REST, "is a multicast address", "");
	expect_wrong(HEAD EXEMPT REST, "t.conf:5: the exemption has no until", "until = 2027-03-31T00:00:00Z");
	expect_wrong(HEAD EXEMPT LATER "approved-by = a\n", "t.conf:5: the exemption has no reason", "");
	expect_wrong(HEAD EXEMPT LATER "reason = r\n", "t.conf:5: the exemption has no approved-by", "");
	expect_wrong(HEAD EXEMPT LATER "[group b]\nprefix = 2857be\n", "t.conf:5: the exemption has no reason", "");
	expect_wrong(HEAD EXEMPT "until = next year\n", "t.conf:6: \"next year\" is no moment", "");
	expect_wrong(HEAD EXEMPT LATER LATER, "t.conf:7: \"until\" stands twice", "line 6");
	expect_wrong(HEAD EXEMPT "reason =\n", "t.conf:6: the reason is empty", "");
	expect_wrong(HEAD EXEMPT "reason = a\tb\n", "t.conf:6: the reason has a line end or another control character", "");
	expect_wrong(HEAD EXEMPT "approved-by = ; J. Doe\n", "t.conf:6: approved-by is empty", "");
	expect_wrong(HEAD EXEMPT "approved by = J. Doe\n", "t.conf:6:", "");
	expect_wrong(HEAD EXEMPT "approved = J. Doe\n", "t.conf:6: unknown key \"approved\"", "did you mean \"approved-by\"?");
	memset(longest, 'x', sizeof(longest));
	snprintf(text, sizeof(text), HEAD EXEMPT "reason = %.256s\n", longest);
	expect_wrong(text, "t.conf:6: the reason has 256 octets: shorten it to 255", "");
	snprintf(text, sizeof(text), HEAD EXEMPT LATER "reason = %.255s\napproved-by = %.127s\n", longest, longest);
	expect_until(text, 1811808000);
	snprintf(text, sizeof(text), HEAD EXEMPT "approved-by = %.128s\n", longest);
	expect_wrong(text, "t.conf:6: approved-by has 128 octets: shorten it to 127", "");
}

/* Of several that have ended, and one that has not, the one that ends last counts. */
static void history(void **state)
{
	expect_until(HEAD EXEMPT BEFORE REST, 1798761600);
	expect_until(HEAD EXEMPT LATER REST EXEMPT BEFORE REST, 1811808000);
	expect_until(HEAD EXEMPT BEFORE REST EXEMPT "until = 2026-05-01\n" REST EXEMPT LATER REST, 1811808000);
	expect_until(HEAD EXEMPT BEFORE REST EXEMPT "until = 2026-05-01\n" REST, 1798761600);
	/* What "camwall save" has printed, beside what it was printed from. */
	expect_until(HEAD EXEMPT LATER REST EXEMPT LATER REST, 1811808000);
	expect_wrong(HEAD EXEMPT LATER REST EXEMPT "until = 2027-07-01\n" REST,
		     "t.conf:9: 44:19:b6:00:00:01 has two exemptions that have not ended", "the other is t.conf:5");
	expect_wrong(HEAD EXEMPT LATER REST EXEMPT LATER "reason = other\napproved-by = a\n",
		     "has two exemptions that have not ended", "");
}

static void warning(void **state)
{
	struct cw_config_report report;
	struct cw_error err = { 0 };

	cw_policy_free(load(HEAD "[exempt 28:57:be:00:00:01]\n" LATER REST, &report, &err));
	unit_expect_none(&err);
	assert_int_equal(report.n_warnings, 1);
	assert_non_null(strstr(report.warnings[0], "t.conf:5: 28:57:be:00:00:01 is in no group"));
	cw_config_report_clear(&report);
}

static void in_force(void **state)
{
	struct cw_error err = { 0 };
	struct cw_policy *policy = load(HEAD EXEMPT LATER REST, NULL, &err);
	const struct cw_policy_exemption *exemption = &policy->exemptions[0];

	assert_true(cw_policy_in_force(policy, exemption, NOW));
	assert_false(cw_policy_in_force(policy, exemption, NOW - 1));
	assert_true(cw_policy_in_force(policy, exemption, exemption->until - 1));
	assert_false(cw_policy_in_force(policy, exemption, exemption->until));
	cw_policy_free(policy);
}

/** struct files - a configuration and the exemptions beside it */
struct files {
	char *dir;
	char config[PATH_MAX], exemptions[PATH_MAX];
};

static struct files files;

static void files_make(const char *exemptions)
{
	files.dir = unit_folder();

	snprintf(files.config, sizeof(files.config), "%s/camwall.conf", files.dir);
	snprintf(files.exemptions, sizeof(files.exemptions), "%s/exemptions.conf", files.dir);
	unit_write(files.dir, "camwall.conf", HEAD EXEMPT BEFORE REST, strlen(HEAD EXEMPT BEFORE REST));
	if (exemptions)
		unit_write(files.dir, "exemptions.conf", exemptions, strlen(exemptions));
	options.exemptions_file = files.exemptions;
}

static void files_remove(void)
{
	unit_remove(files.dir, (const char *const[]){ "camwall.conf", "exemptions.conf", NULL });
	options.exemptions_file = NULL;
	options.now = NOW;
}

static void set_time(const char *path, time_t seconds)
{
	const struct timespec times[] = { { .tv_sec = seconds }, { .tv_sec = seconds } };

	assert_int_equal(utimensat(AT_FDCWD, path, times, 0), 0);
}

static struct cw_policy *load_files(struct cw_config_report *report, struct cw_error *err)
{
	FILE *stream = fopen(files.config, "r");
	struct cw_policy *policy;

	assert_non_null(stream);
	policy = cw_config_load(stream, files.config, &options, report, err);
	fclose(stream);
	return policy;
}

static void file_beside(void **state)
{
	struct cw_config_report report;
	struct cw_error err = { 0 };
	struct cw_policy *policy;

	files_make(EXEMPT LATER REST);
	set_time(files.config, T0 + 1000);
	set_time(files.exemptions, T0 + 2000);
	policy = load_files(&report, &err);
	unit_expect_none(&err);
	assert_int_equal(policy->written, T0 + 2000);
	assert_int_equal(policy->n_exemptions, 1);
	assert_int_equal(policy->exemptions[0].until, 1811808000);
	assert_int_equal(report.n_exemptions, 2);
	assert_string_equal(report.exemptions[0].file, files.config);
	assert_string_equal(report.exemptions[1].file, files.exemptions);
	assert_int_equal(report.exemptions[1].line, 1);
	cw_policy_free(policy);
	cw_config_report_clear(&report);

	set_time(files.config, T0 + 3000);
	policy = load_files(NULL, &err);
	assert_int_equal(policy->written, T0 + 3000);
	cw_policy_free(policy);
	files_remove();

	files_make(NULL);
	policy = load_files(NULL, &err);
	unit_expect_none(&err);
	assert_int_equal(policy->exemptions[0].until, 1798761600);
	cw_policy_free(policy);
	files_remove();
}

/* With the clock of 1970 nothing has ended yet, but what had when the file was written. */
static void clock_behind(void **state)
{
	struct cw_error err = { 0 };
	struct cw_policy *policy;

	files_make(EXEMPT LATER REST);
	set_time(files.config, T0 + 1000);
	set_time(files.exemptions, NOW);
	options.now = 100;
	policy = load_files(NULL, &err);
	unit_expect_none(&err);
	assert_int_equal(policy->written, NOW);
	assert_false(cw_policy_in_force(policy, &policy->exemptions[0], options.now));
	cw_policy_free(policy);
	files_remove();
}

/* Files that were written with the clock of 1970: nothing is exempt, and nothing is refused. */
static void clock_wrong(void **state)
{
	struct cw_config_report report;
	struct cw_error err = { 0 };
	struct cw_policy *policy;

	files_make(EXEMPT LATER REST EXEMPT "until = 2027-05-01\n" REST);
	set_time(files.config, 1000);
	set_time(files.exemptions, 2000);
	assert_null(load_files(NULL, &err));
	unit_expect(&err, "two exemptions that have not ended");

	options.now = 3000;
	policy = load_files(&report, &err);
	unit_expect_none(&err);
	assert_int_equal(policy->written, T0);
	assert_int_equal(policy->n_exemptions, 1);
	assert_int_equal(policy->exemptions[0].until, 1811808000);
	assert_false(cw_policy_in_force(policy, &policy->exemptions[0], options.now));
	assert_true(report.n_warnings > 0);
	assert_non_null(strstr(report.warnings[0], "the one that ends last counts"));
	cw_policy_free(policy);
	cw_config_report_clear(&report);
	files_remove();
}

static void expect_wrong_file(const char *exemptions, const char *part)
{
	struct cw_error err = { 0 };

	files_make(exemptions);
	assert_null(load_files(NULL, &err));
	assert_non_null(strstr(err.message, files.exemptions));
	unit_expect(&err, part);
	files_remove();
}

static void wrong_file(void **state)
{
	expect_wrong_file("[group b]\nprefix = 2857be\n", ":1: [group b] does not belong in the file of exemptions");
	expect_wrong_file("[camwall]\n", ":1: [camwall] does not belong");
	expect_wrong_file("until = 2027-06-01\n", ":1: the key \"until\" stands before the first [section]");
	expect_wrong_file(EXEMPT LATER "reason = r\n", ":1: the exemption has no approved-by");
	expect_wrong_file(EXEMPT LATER REST EXEMPT "until = 2028-01-01\n" REST, ":5: 44:19:b6:00:00:01 has two");
}

/* In a folder of all anybody could put one beside root's. */
static void file_of_another(void **state)
{
	struct cw_error err = { 0 };

	files_make(EXEMPT LATER REST);
	if (geteuid() || chown(files.exemptions, 12345, 0) < 0) {
		files_remove();
		print_message("skip: only root can give a file away\n");
		skip();
	}
	assert_null(load_files(NULL, &err));
	unit_expect(&err, "belongs to another user (12345)");
	files_remove();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_read),
		cmocka_unit_test(what_is_refused),
		cmocka_unit_test(history),
		cmocka_unit_test(warning),
		cmocka_unit_test(in_force),
		cmocka_unit_test(file_beside),
		cmocka_unit_test(clock_behind),
		cmocka_unit_test(clock_wrong),
		cmocka_unit_test(wrong_file),
		cmocka_unit_test(file_of_another),
	};

	return cmocka_run_group_tests_name("exempt", tests, NULL, NULL);
}
