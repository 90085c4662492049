// SPDX-License-Identifier: GPL-2.0
/* KUnit: a configuration as it is built, refused with a reason, finished and replaced. */
#include <kunit/test.h>
#include <linux/module.h>

#include "../config.c"

/* A test's configuration and the reason of the last refusal. */
struct builder {
	struct cw_config *config;
	struct netlink_ext_ack extack;
};

static u64 pack(u64 mac, unsigned int len, unsigned int group)
{
	return mac << 16 | len << 8 | group;
}

static int config_init(struct kunit *test)
{
	struct builder *b = kunit_kzalloc(test, sizeof(*b), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, b);
	b->config = cw_config_alloc();
	KUNIT_ASSERT_NOT_NULL(test, b->config);
	test->priv = b;
	return 0;
}

static void config_exit(struct kunit *test)
{
	struct builder *b = test->priv;

	cw_config_free(b->config);
}

static int add_group(struct builder *b, u32 id, const char *name, enum camwall_action action)
{
	const struct cw_group_spec spec = {
		.id = id, .name = name, .action = action, .limit = { .rate = 10, .burst = 10 },
	};

	b->extack._msg = NULL;
	return cw_config_add_group(b->config, &spec, &b->extack);
}

static int add_interface(struct builder *b, const char *pattern)
{
	b->extack._msg = NULL;
	return cw_config_add_interface(b->config, pattern, &b->extack);
}

static int add_allow(struct builder *b, u32 group, const struct cw_allow *allow)
{
	b->extack._msg = NULL;
	return cw_config_add_allow(b->config, group, allow, &b->extack);
}

static int finish(struct builder *b, const u64 *prefixes, u32 n, const struct cw_config *base)
{
	b->extack._msg = NULL;
	return cw_config_finish(b->config, prefixes, n, base, &b->extack);
}

/* Refused with that error, and a text that says why. */
static void expect_refused(struct kunit *test, int got, int want)
{
	struct builder *b = test->priv;

	KUNIT_EXPECT_EQ(test, got, want);
	KUNIT_EXPECT_NOT_NULL(test, b->extack._msg);
}

static void group_names(struct kunit *test)
{
	static const char * const bad[] = {
		"", "1cameras", "-cameras", "cam eras", "cam.eras", "cam\xc3\xa9ras",
	};
	struct builder *b = test->priv;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(bad); i++)
		expect_refused(test, add_group(b, 0, bad[i], CAMWALL_ACTION_DROP), -EINVAL);
	KUNIT_EXPECT_EQ(test, add_group(b, 0, "a", CAMWALL_ACTION_DROP), 0);
	KUNIT_EXPECT_EQ(test, add_group(b, 1, "Cameras-2_b", CAMWALL_ACTION_DROP), 0);
	KUNIT_EXPECT_EQ(test, b->config->n_groups, 2);
}

static void groups_are_distinct(struct kunit *test)
{
	struct builder *b = test->priv;

	KUNIT_EXPECT_EQ(test, add_group(b, CAMWALL_MAX_GROUP_ID, "last", CAMWALL_ACTION_DROP), 0);
	expect_refused(test, add_group(b, 3, "last", CAMWALL_ACTION_DROP), -EEXIST);
	expect_refused(test, add_group(b, CAMWALL_MAX_GROUP_ID, "other", CAMWALL_ACTION_DROP),
		       -EEXIST);
	KUNIT_EXPECT_EQ(test, b->config->n_ids, CAMWALL_MAX_GROUP_ID + 1);
	KUNIT_EXPECT_EQ(test, b->config->n_groups, 1);
	KUNIT_EXPECT_EQ(test, b->config->groups[3].name[0], 0);
}

static void groups_with_marks_and_limits(struct kunit *test)
{
	struct builder *b = test->priv;
	struct cw_group_spec spec = { .name = "one", .has_mark = true };

	expect_refused(test, cw_config_add_group(b->config, &spec, &b->extack), -EINVAL);
	b->extack._msg = NULL;
	spec.mark = 0x10;
	KUNIT_EXPECT_EQ(test, cw_config_add_group(b->config, &spec, &b->extack), 0);
	b->config->mark_mask = 0xf;
	expect_refused(test, finish(b, NULL, 0, NULL), -EINVAL);
	spec.id = 1;
	spec.name = "two";
	spec.action = CAMWALL_ACTION_LIMIT;
	b->extack._msg = NULL;
	expect_refused(test, cw_config_add_group(b->config, &spec, &b->extack), -EINVAL);
}

static void interfaces(struct kunit *test)
{
	struct builder *b = test->priv;
	char pattern[CAMWALL_INTERFACE_LEN + 1];
	unsigned int i;

	expect_refused(test, add_interface(b, ""), -EINVAL);
	KUNIT_EXPECT_EQ(test, add_interface(b, "lan*"), 0);
	KUNIT_EXPECT_EQ(test, add_interface(b, "lan*"), 0);
	KUNIT_EXPECT_EQ(test, add_interface(b, "eth[0-2]"), 0);
	KUNIT_EXPECT_EQ(test, b->config->n_interfaces, 2);
	KUNIT_EXPECT_TRUE(test, cw_config_matches(b->config, "lan"));
	KUNIT_EXPECT_TRUE(test, cw_config_matches(b->config, "lan7"));
	KUNIT_EXPECT_TRUE(test, cw_config_matches(b->config, "eth2"));
	KUNIT_EXPECT_FALSE(test, cw_config_matches(b->config, "eth3"));
	KUNIT_EXPECT_FALSE(test, cw_config_matches(b->config, "wlan0"));
	for (i = 2; i < CAMWALL_MAX_INTERFACES; i++) {
		snprintf(pattern, sizeof(pattern), "p%u", i);
		KUNIT_EXPECT_EQ(test, add_interface(b, pattern), 0);
	}
	expect_refused(test, add_interface(b, "more"), -E2BIG);
}

static void allow_lists(struct kunit *test)
{
	struct cw_allow allow = { .family = AF_INET, .length = 24, .any_protocol = true };
	struct builder *b = test->priv;
	unsigned int i;

	expect_refused(test, add_allow(b, 0, &allow), -ENOENT);
	KUNIT_ASSERT_EQ(test, add_group(b, 0, "one", CAMWALL_ACTION_ISOLATE), 0);
	allow.length = 33;
	expect_refused(test, add_allow(b, 0, &allow), -EINVAL);
	allow.family = AF_INET6;
	allow.length = 129;
	expect_refused(test, add_allow(b, 0, &allow), -EINVAL);
	allow.length = 128;
	allow.has_ports = true;
	expect_refused(test, add_allow(b, 0, &allow), -EINVAL);
	allow.any_protocol = false;
	allow.protocol = IPPROTO_ICMP;
	expect_refused(test, add_allow(b, 0, &allow), -EINVAL);
	allow.protocol = IPPROTO_UDP;
	allow.port_min = 2;
	allow.port_max = 1;
	expect_refused(test, add_allow(b, 0, &allow), -EINVAL);
	allow.port_max = 2;
	for (i = 0; i < CAMWALL_MAX_ALLOW; i++)
		KUNIT_ASSERT_EQ(test, add_allow(b, 0, &allow), 0);
	expect_refused(test, add_allow(b, 0, &allow), -E2BIG);
	expect_refused(test, add_allow(b, 1, &allow), -ENOENT);
}

static void prefixes_are_checked(struct kunit *test)
{
	const u64 good = pack(0x4419b6000000ULL, 24, 2), unknown = pack(0x4419b6000000ULL, 24, 1);
	const u64 odd = pack(0x4419b6000001ULL, 24, 2);
	struct builder *b = test->priv;

	KUNIT_ASSERT_EQ(test, add_group(b, 2, "two", CAMWALL_ACTION_DROP), 0);
	KUNIT_EXPECT_EQ(test, cw_config_check_prefixes(b->config, &good, 1, &b->extack), 0);
	b->extack._msg = NULL;
	expect_refused(test, cw_config_check_prefixes(b->config, &unknown, 1, &b->extack), -ENOENT);
	b->extack._msg = NULL;
	expect_refused(test, cw_config_check_prefixes(b->config, &odd, 1, &b->extack), -EINVAL);
}

static void prefix_in_two_groups(struct kunit *test)
{
	const u64 prefixes[] = { pack(0x4419b6000000ULL, 24, 0), pack(0x4419b6000000ULL, 24, 1) };
	struct builder *b = test->priv;

	KUNIT_ASSERT_EQ(test, add_group(b, 0, "one", CAMWALL_ACTION_DROP), 0);
	KUNIT_ASSERT_EQ(test, add_group(b, 1, "two", CAMWALL_ACTION_DROP), 0);
	expect_refused(test, finish(b, prefixes, 2, NULL), -EEXIST);
}

/* By name, whatever the id; a group that is new begins with nothing. */
static void state_goes_with_the_name(struct kunit *test)
{
	const u64 prefix = pack(0x4419b6000000ULL, 24, 0);
	struct builder *b = test->priv, next = {};

	KUNIT_ASSERT_EQ(test, add_group(b, 0, "one", CAMWALL_ACTION_DROP), 0);
	KUNIT_ASSERT_EQ(test, finish(b, &prefix, 1, NULL), 0);
	KUNIT_EXPECT_EQ(test, b->config->groups[0].prefix_count, 1);
	next.config = cw_config_alloc();
	KUNIT_ASSERT_NOT_NULL(test, next.config);
	KUNIT_EXPECT_EQ(test, add_group(&next, 0, "new", CAMWALL_ACTION_DROP), 0);
	KUNIT_EXPECT_EQ(test, add_group(&next, 5, "one", CAMWALL_ACTION_OBSERVE), 0);
	KUNIT_EXPECT_EQ(test, finish(&next, NULL, 0, b->config), 0);
	KUNIT_EXPECT_PTR_EQ(test, next.config->groups[5].state, b->config->groups[0].state);
	KUNIT_EXPECT_PTR_NE(test, next.config->groups[0].state, b->config->groups[0].state);
	KUNIT_EXPECT_EQ(test, refcount_read(&b->config->groups[0].state->refs), 2);
	KUNIT_EXPECT_EQ(test, next.config->groups[5].prefix_count, 0);
	/* After a grace period, by a work item. */
	cw_config_retire(next.config);
	rcu_barrier();
	flush_workqueue(cw_free_wq);
	KUNIT_EXPECT_EQ(test, refcount_read(&b->config->groups[0].state->refs), 1);
}

/* A configuration that was refused half-way is freed as any other; KASAN and kmemleak watch. */
static void refused_is_freed(struct kunit *test)
{
	const u64 prefixes[] = { pack(0x4419b6000000ULL, 36, 0), pack(0x4419b6000000ULL, 36, 1) };
	struct cw_allow allow = { .family = AF_INET, .length = 8, .any_protocol = true };
	struct builder *b = test->priv;

	KUNIT_ASSERT_EQ(test, add_group(b, 0, "one", CAMWALL_ACTION_ISOLATE), 0);
	KUNIT_ASSERT_EQ(test, add_group(b, 1, "two", CAMWALL_ACTION_ISOLATE), 0);
	KUNIT_ASSERT_EQ(test, add_allow(b, 1, &allow), 0);
	KUNIT_ASSERT_EQ(test, add_interface(b, "lan*"), 0);
	expect_refused(test, finish(b, prefixes, 2, NULL), -EEXIST);
}

static void joint_refers_to_both(struct kunit *test)
{
	static const u8 camera[8] = { 0x44, 0x19, 0xb6 };
	const u64 prefix = pack(0x4419b6000000ULL, 24, 0);
	struct builder *b = test->priv;
	struct cw_config *joint;
	u8 value = 1;

	KUNIT_ASSERT_EQ(test, add_group(b, 0, "one", CAMWALL_ACTION_DROP), 0);
	KUNIT_ASSERT_EQ(test, finish(b, &prefix, 1, NULL), 0);
	joint = cw_config_join(b->config, b->config);
	KUNIT_ASSERT_NOT_NULL(test, joint);
	KUNIT_EXPECT_PTR_EQ(test, joint->next, b->config);
	KUNIT_EXPECT_NE(test, cw_prefix_glance(&joint->table, camera, &value), CW_PREFIX_MISS);
	KUNIT_EXPECT_EQ(test, cw_prefix_value(&joint->table, camera), 0);
	cw_config_free(joint);
	KUNIT_EXPECT_EQ(test, cw_prefix_value(&b->config->table, camera), 1);
}

static struct kunit_case config_cases[] = {
	KUNIT_CASE(group_names),
	KUNIT_CASE(groups_are_distinct),
	KUNIT_CASE(groups_with_marks_and_limits),
	KUNIT_CASE(interfaces),
	KUNIT_CASE(allow_lists),
	KUNIT_CASE(prefixes_are_checked),
	KUNIT_CASE(prefix_in_two_groups),
	KUNIT_CASE(state_goes_with_the_name),
	KUNIT_CASE(refused_is_freed),
	KUNIT_CASE(joint_refers_to_both),
	{}
};

static int config_suite_init(struct kunit_suite *suite)
{
	return cw_config_setup();
}

static void config_suite_exit(struct kunit_suite *suite)
{
	cw_config_teardown();
}

static struct kunit_suite config_suite = {
	.name = "camwall-config",
	.suite_init = config_suite_init,
	.suite_exit = config_suite_exit,
	.init = config_init,
	.exit = config_exit,
	.test_cases = config_cases,
};

kunit_test_suite(config_suite);

MODULE_DESCRIPTION("Tests of camwall's prefix table, configuration and token buckets");
MODULE_AUTHOR("The camwall developers");
MODULE_LICENSE("GPL");
