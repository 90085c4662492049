// SPDX-License-Identifier: GPL-2.0
/* KUnit: exemptions, sorted, found, and in force for their time only. */
#include <kunit/test.h>
#include <linux/etherdevice.h>

#include "../exempt.c"

static int add(struct cw_exemptions *exemptions, u64 mac, u64 until)
{
	const struct cw_exemption exemption = {
		.mac = mac, .until = until, .reason = "why", .approved_by = "",
	};
	struct netlink_ext_ack extack = {};

	return cw_exemptions_add(exemptions, &exemption, &extack);
}

static bool exempt(const struct cw_exemptions *exemptions, u64 mac)
{
	u8 octets[ETH_ALEN];

	u64_to_ether_addr(mac, octets);
	return cw_exempt(exemptions, octets);
}

static void found_whatever_the_order(struct kunit *test)
{
	u64 later = ktime_get_real_seconds() + 3600;
	struct netlink_ext_ack extack = {};
	struct cw_exemptions exemptions = {};
	u32 i;

	for (i = 0; i < 1000; i++)
		KUNIT_ASSERT_EQ(test, add(&exemptions, i * 7919 % 1000 * 2, later), 0);
	KUNIT_EXPECT_EQ(test, cw_exemptions_seal(&exemptions, &extack), 0);
	for (i = 0; i < 2000; i++)
		KUNIT_ASSERT_EQ(test, exempt(&exemptions, i), i % 2 == 0);
	KUNIT_EXPECT_GE(test, cw_exemptions_size(&exemptions),
			1000 * (sizeof(*exemptions.list) + 5));
	cw_exemptions_destroy(&exemptions);
}

static void two_of_a_device(struct kunit *test)
{
	struct netlink_ext_ack extack = {};
	struct cw_exemptions exemptions = {};

	KUNIT_EXPECT_EQ(test, add(&exemptions, 5, 1), 0);
	KUNIT_EXPECT_EQ(test, add(&exemptions, 7, 1), 0);
	KUNIT_EXPECT_EQ(test, add(&exemptions, 5, 2), 0);
	KUNIT_EXPECT_EQ(test, cw_exemptions_seal(&exemptions, &extack), -EEXIST);
	KUNIT_EXPECT_NOT_NULL(test, extack._msg);
	cw_exemptions_destroy(&exemptions);
}

static void time_is_asked(struct kunit *test)
{
	u64 now = ktime_get_real_seconds();
	struct netlink_ext_ack extack = {};
	struct cw_exemptions exemptions = {};

	KUNIT_EXPECT_EQ(test, add(&exemptions, 1, now), 0);
	KUNIT_EXPECT_EQ(test, add(&exemptions, 2, now + 3600), 0);
	KUNIT_EXPECT_EQ(test, cw_exemptions_seal(&exemptions, &extack), 0);
	KUNIT_EXPECT_FALSE(test, exempt(&exemptions, 1));
	KUNIT_EXPECT_TRUE(test, exempt(&exemptions, 2));
	/* A clock before the policy was written is wrong. */
	exemptions.written = now + 1800;
	KUNIT_EXPECT_FALSE(test, exempt(&exemptions, 2));
	cw_exemptions_destroy(&exemptions);
}

static void no_more_than_allowed(struct kunit *test)
{
	struct cw_exemptions exemptions = {};
	u32 i;

	for (i = 0; i < CAMWALL_MAX_EXEMPTIONS; i++)
		KUNIT_ASSERT_EQ(test, add(&exemptions, i, 1), 0);
	KUNIT_EXPECT_EQ(test, add(&exemptions, i, 1), -E2BIG);
	cw_exemptions_destroy(&exemptions);
}

static struct kunit_case exempt_cases[] = {
	KUNIT_CASE(found_whatever_the_order),
	KUNIT_CASE(two_of_a_device),
	KUNIT_CASE(time_is_asked),
	KUNIT_CASE(no_more_than_allowed),
	{}
};

static struct kunit_suite exempt_suite = {
	.name = "camwall-exempt",
	.test_cases = exempt_cases,
};

kunit_test_suite(exempt_suite);
