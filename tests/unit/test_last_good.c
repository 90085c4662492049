// SPDX-License-Identifier: GPL-2.0-or-later
/* The last good policy: kept whole, read back as the same, refused where it may be anything else. */
#include <sys/stat.h>

#include "unit.h"

#include "last_good.h"

#define WRITTEN	1806451200

static char *dir, path[PATH_MAX], folder[PATH_MAX - 32];

static int setup(void **state)
{
	dir = unit_folder();
	snprintf(folder, sizeof(folder), "%s/state", dir);
	snprintf(path, sizeof(path), "%s/last-good.conf", folder);
	return 0;
}

static int teardown(void **state)
{
	unlink(path);
	rmdir(folder);
	unit_remove(dir, (const char *const[]){ "other.conf", NULL });
	return 0;
}

static struct cw_policy *sample(enum camwall_action action)
{
	struct cw_policy *policy = cw_policy_new();
	struct cw_policy_group *group;

	cw_policy_interface_add(policy, "lan*");
	policy->mark_mask = 0xff000000;
	policy->written = WRITTEN;
	group = cw_policy_group_add(policy);
	strcpy(group->name, "cameras");
	group->action = action;
	cw_policy_prefix_add(policy, cw_prefix_pack(0x4419b6000000, 24, 0));
	cw_policy_exemption_add(policy, 0x4419b6000002, WRITTEN + 86400 * 365, "ticket #4711; urgent", "J. Doe");
	return policy;
}

static void keep(const struct cw_policy *policy)
{
	struct cw_error err = { 0 };

	assert_int_equal(cw_last_good_keep(path, policy, false, &err), 0);
	unit_expect_none(&err);
}

static void expect_refused(const char *why)
{
	struct cw_config_report report;
	struct cw_error err = { 0 };

	assert_null(cw_last_good_load(path, &report, &err));
	unit_expect(&err, why);
	cw_config_report_clear(&report);
}

static void expect_same(const struct cw_policy *policy)
{
	struct cw_policy_change *changes;
	struct cw_config_report report;
	struct cw_error err = { 0 };
	struct cw_policy *back;
	size_t n;

	back = cw_last_good_load(path, &report, &err);
	unit_expect_none(&err);
	assert_non_null(back);
	cw_policy_diff(policy, back, &changes, &n);
	assert_int_equal(n, 0);
	assert_int_equal(back->written, policy->written);
	cw_policy_changes_free(changes, n);
	cw_policy_free(back);
	cw_config_report_clear(&report);
}

static void round_trip(void **state)
{
	struct cw_policy *policy = sample(CAMWALL_ACTION_DROP);
	struct stat st;

	keep(policy);
	expect_same(policy);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0600);
	assert_int_equal(st.st_mtime, WRITTEN);
	assert_int_equal(stat(folder, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0700);
	cw_policy_free(policy);
}

static ino_t inode(void)
{
	struct stat st;

	assert_int_equal(stat(path, &st), 0);
	return st.st_ino;
}

static void written_where_it_changed(void **state)
{
	struct cw_policy *policy = sample(CAMWALL_ACTION_DROP);
	ino_t before;

	keep(policy);
	before = inode();
	keep(policy);
	assert_int_equal(inode(), before);
	policy->groups[0].action = CAMWALL_ACTION_OBSERVE;
	keep(policy);
	expect_same(policy);
	policy->written++;
	keep(policy);
	expect_same(policy);
	cw_policy_free(policy);
}

static void not_there(void **state)
{
	expect_refused("is not there, as no policy was applied yet");
}

/* Cut anywhere it is refused, where what is left would be a policy too. */
static void cut(void **state)
{
	struct cw_policy *policy = sample(CAMWALL_ACTION_DROP);
	struct stat st;

	keep(policy);
	cw_policy_free(policy);
	assert_int_equal(stat(path, &st), 0);
	while (st.st_size--) {
		assert_int_equal(truncate(path, st.st_size), 0);
		expect_refused("is not whole");
	}
}

static void writable_by_others(void **state)
{
	struct cw_policy *policy = sample(CAMWALL_ACTION_DROP);
	char other[PATH_MAX];

	keep(policy);
	cw_policy_free(policy);
	assert_int_equal(chmod(path, 0620), 0);
	expect_refused("no file that root alone can write");
	assert_int_equal(chmod(path, 0600), 0);
	snprintf(other, sizeof(other), "%s/other.conf", dir);
	assert_int_equal(rename(path, other), 0);
	assert_int_equal(symlink(other, path), 0);
	expect_refused("symbolic link");
}

static void keep_with_registry(const struct cw_policy *policy)
{
	struct cw_error err = { 0 };

	assert_int_equal(cw_last_good_keep(path, policy, true, &err), 0);
	unit_expect_none(&err);
}

/* That there was a registry is noted, and no part of the policy; and no file is believed that cannot be used. */
static void with_registry(void **state)
{
	struct cw_policy *policy = sample(CAMWALL_ACTION_DROP);
	struct cw_policy *less = sample(CAMWALL_ACTION_OBSERVE);

	cw_policy_prefix_add(policy, cw_prefix_pack(0x4419b7000000, 24, 0));
	assert_false(cw_last_good_has_more(path, less));
	keep(policy);
	assert_false(cw_last_good_has_more(path, less));
	keep_with_registry(policy);
	expect_same(policy);
	assert_true(cw_last_good_has_more(path, less));
	assert_false(cw_last_good_has_more(path, policy));
	assert_int_equal(chmod(path, 0620), 0);
	assert_false(cw_last_good_has_more(path, less));

	strcpy(policy->groups[0].name, "no name");
	keep_with_registry(policy);
	assert_false(cw_last_good_has_more(path, less));
	keep_with_registry(less);
	assert_false(cw_last_good_has_more(path, less));
	cw_policy_free(policy);
	cw_policy_free(less);
}

static void cannot_be_kept(void **state)
{
	struct cw_policy *policy = sample(CAMWALL_ACTION_DROP);
	struct cw_error err = { 0 };

	assert_int_equal(cw_last_good_keep("/nonexistent/state/last-good.conf", policy, false, &err), -1);
	unit_expect(&err, "/nonexistent/state: cannot be made");
	cw_policy_free(policy);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(round_trip, setup, teardown),
		cmocka_unit_test_setup_teardown(written_where_it_changed, setup, teardown),
		cmocka_unit_test_setup_teardown(not_there, setup, teardown),
		cmocka_unit_test_setup_teardown(cut, setup, teardown),
		cmocka_unit_test_setup_teardown(writable_by_others, setup, teardown),
		cmocka_unit_test_setup_teardown(with_registry, setup, teardown),
		cmocka_unit_test_setup_teardown(cannot_be_kept, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
