// SPDX-License-Identifier: GPL-2.0
/* KUnit: the prefix table, in the kernel, its hash and its walls included. */
#include <kunit/test.h>
#include <linux/etherdevice.h>
#include <linux/prandom.h>

#include "../prefix.c"

#define N_PREFIXES	600
#define N_QUERIES	20000
#define SEED		20261125

static u64 pack(u64 mac, unsigned int len, unsigned int group)
{
	return (mac & ~((1ULL << (48 - len)) - 1)) << 16 | len << 8 | group;
}

static u8 value_of(const struct cw_prefix_table *table, u64 mac)
{
	u8 octets[8] = { 0 };

	u64_to_ether_addr(mac, octets);
	return cw_prefix_value(table, octets);
}

static void free_table(void *table)
{
	cw_prefix_table_destroy(table);
}

/* A table that is freed with the test. */
static struct cw_prefix_table *build(struct kunit *test, const u64 *prefixes, u32 n,
				     enum cw_prefix_error want)
{
	struct cw_prefix_table *table;
	u64 conflict = 0;

	table = kunit_kzalloc(test, sizeof(*table), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, table);
	KUNIT_ASSERT_EQ(test, cw_prefix_table_init(table, prefixes, n, &conflict), want);
	KUNIT_ASSERT_EQ(test, kunit_add_action_or_reset(test, free_table, table), 0);
	return table;
}

static void prefix_valid(struct kunit *test)
{
	KUNIT_EXPECT_TRUE(test, cw_prefix_valid(pack(0x4419b6000000ULL, 24, 0)));
	KUNIT_EXPECT_TRUE(test, cw_prefix_valid(pack(0x4419b6000001ULL, 48, 253)));
	KUNIT_EXPECT_FALSE(test, cw_prefix_valid(pack(0x4419b6000000ULL, 23, 0)));
	KUNIT_EXPECT_FALSE(test, cw_prefix_valid(0x4419b6000000ULL << 16 | 49 << 8));
	KUNIT_EXPECT_FALSE(test, cw_prefix_valid(pack(0x4419b6000000ULL, 24, 254)));
	KUNIT_EXPECT_FALSE(test, cw_prefix_valid(0x4419b6000010ULL << 16 | 24 << 8));
}

/* One-to-one, and undone by cw_hash_mac(): of every 251st OUI. */
static void hash_is_undone(struct kunit *test)
{
	const u64 prefix = pack(0x4419b6000000ULL, 24, 0);
	struct cw_prefix_table *table = build(test, &prefix, 1, CW_PREFIX_OK);
	u8 octets[8] = { 0 };
	u64 mac;
	u32 oui;

	for (oui = 0; oui <= CW_OUI_MASK; oui += 251) {
		mac = (u64)oui << 24;
		u64_to_ether_addr(mac, octets);
		KUNIT_ASSERT_EQ(test, cw_hash_mac(table, cw_mac_hash(table, octets)), mac);
	}
}

static void empty_misses(struct kunit *test)
{
	struct cw_prefix_table *table = build(test, NULL, 0, CW_PREFIX_OK);
	u8 octets[8] = { 0 }, value = 0;
	u32 oui, pos = 0;
	u64 prefix;

	for (oui = 0; oui <= CW_OUI_MASK; oui += 4093) {
		u64_to_ether_addr((u64)oui << 24, octets);
		KUNIT_ASSERT_EQ(test, cw_prefix_value(table, octets), 0);
		if (cw_prefix_glance(table, octets, &value) == CW_PREFIX_HIT)
			KUNIT_ASSERT_EQ(test, value, 0);
	}
	KUNIT_EXPECT_FALSE(test, cw_prefix_table_next(table, &pos, &prefix));
}

/* What packets meet while a commit is under way: all have to ask, and nobody is listed. */
static void open_never_misses(struct kunit *test)
{
	struct cw_prefix_table table;
	u8 octets[8] = { 0 }, value = 0;
	u32 oui;

	cw_prefix_table_init_open(&table);
	for (oui = 0; oui <= CW_OUI_MASK; oui += 1021) {
		u64_to_ether_addr((u64)oui << 24, octets);
		KUNIT_ASSERT_NE(test, cw_prefix_glance(&table, octets, &value), CW_PREFIX_MISS);
		KUNIT_ASSERT_EQ(test, cw_prefix_value(&table, octets), 0);
	}
}

static void twice_counts_once(struct kunit *test)
{
	const u64 prefixes[] = {
		pack(0x4419b6000000ULL, 24, 1), pack(0x4419b6000000ULL, 36, 2),
		pack(0x4419b6000000ULL, 24, 1), pack(0x4419b6000000ULL, 36, 2),
	};

	KUNIT_EXPECT_EQ(test, build(test, prefixes, 4, CW_PREFIX_OK)->count, 2);
}

static void conflict_is_named(struct kunit *test)
{
	static const unsigned int lengths[] = { 24, 25, 28, 36, 48 };
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(lengths); i++) {
		const u64 prefixes[] = {
			pack(0x4419b6000000ULL, lengths[i], 1),
			pack(0x4419b6000000ULL, lengths[i], 2),
		};
		struct cw_prefix_table table;
		u64 conflict = 0;

		KUNIT_EXPECT_EQ(test, cw_prefix_table_init(&table, prefixes, 2, &conflict),
				CW_PREFIX_CONFLICT);
		KUNIT_EXPECT_EQ(test, conflict >> 8, prefixes[0] >> 8);
		cw_prefix_table_destroy(&table);
	}
}

static u8 oracle(const u64 *prefixes, u32 n, u64 mac)
{
	unsigned int len, best = 0;
	u8 value = 0;
	u32 i;

	for (i = 0; i < n; i++) {
		len = CW_PREFIX_LEN(prefixes[i]);
		if (len <= best || (mac ^ CW_PREFIX_MAC(prefixes[i])) >> (48 - len))
			continue;
		best = len;
		value = CW_PREFIX_GROUP(prefixes[i]) + 1;
	}
	return value;
}

/* Few OUIs with prefixes of all lengths, so that they are within each other. */
static void random_prefixes(struct rnd_state *rnd, u64 *prefixes)
{
	u64 mac;
	u32 i;

	for (i = 0; i < N_PREFIXES; i++) {
		mac = (u64)prandom_u32_state(rnd) << 16 | (prandom_u32_state(rnd) & 0xffff);
		mac = (mac & 0x0f000fffffffULL) | 0x440000000000ULL;
		/* The group follows from the prefix: no two are in conflict. */
		prefixes[i] = pack(mac, 24 + prandom_u32_state(rnd) % 25, 0);
		prefixes[i] |= hash_64(prefixes[i], 7);
	}
}

static void longest_prefix_wins(struct kunit *test)
{
	struct cw_prefix_table *table;
	struct rnd_state rnd;
	u64 *prefixes, mac;
	u32 i;

	prandom_seed_state(&rnd, SEED);
	prefixes = kunit_kmalloc_array(test, N_PREFIXES, sizeof(*prefixes), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, prefixes);
	random_prefixes(&rnd, prefixes);
	table = build(test, prefixes, N_PREFIXES, CW_PREFIX_OK);
	for (i = 0; i < N_QUERIES; i++) {
		/* Near a prefix: its own bits, and below or above them. */
		mac = CW_PREFIX_MAC(prefixes[prandom_u32_state(&rnd) % N_PREFIXES]);
		mac += prandom_u32_state(&rnd) >> (prandom_u32_state(&rnd) % 32);
		mac -= i % 2;
		mac &= ~0ULL >> 16;
		KUNIT_ASSERT_EQ_MSG(test, value_of(table, mac),
				    oracle(prefixes, N_PREFIXES, mac), "%012llx", mac);
	}
}

static void walk_meets_each_once(struct kunit *test)
{
	struct cw_prefix_table *table;
	u32 pos = 0, count = 0, i;
	struct rnd_state rnd;
	u64 *prefixes, prefix;

	prandom_seed_state(&rnd, SEED + 1);
	prefixes = kunit_kmalloc_array(test, N_PREFIXES, sizeof(*prefixes), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, prefixes);
	random_prefixes(&rnd, prefixes);
	table = build(test, prefixes, N_PREFIXES, CW_PREFIX_OK);
	while (cw_prefix_table_next(table, &pos, &prefix)) {
		for (i = 0; i < N_PREFIXES && prefixes[i] != prefix; i++)
			;
		KUNIT_ASSERT_LT(test, i, N_PREFIXES);
		count++;
	}
	KUNIT_EXPECT_EQ(test, count, table->count);
}

/* OUIs whose hashes are neighbours: all have the same place. Another multiplier spreads them. */
static void chosen_ouis_do_not_crowd(struct kunit *test)
{
	struct cw_prefix_table *plain = build(test, NULL, 0, CW_PREFIX_OK), *table;
	u64 *prefixes;
	u32 i;

	prefixes = kunit_kmalloc_array(test, N_PREFIXES, sizeof(*prefixes), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, prefixes);
	KUNIT_ASSERT_EQ(test, plain->multiplier, CW_MULTIPLIER << 8);
	for (i = 0; i < N_PREFIXES; i++)
		prefixes[i] = pack(cw_hash_mac(plain, (0x800000 + i) << 8), i % 2 ? 24 : 36, 3);
	table = build(test, prefixes, N_PREFIXES, CW_PREFIX_OK);
	KUNIT_EXPECT_NE(test, table->multiplier, CW_MULTIPLIER << 8);
	KUNIT_EXPECT_EQ(test, table->count, N_PREFIXES);
	for (i = 0; i < N_PREFIXES; i++)
		KUNIT_ASSERT_EQ(test, value_of(table, CW_PREFIX_MAC(prefixes[i])), 4);
	for (i = 0; i < table->places + CW_PROBES_MAX; i++)
		if (table->slots[(long)i - CW_PROBES_MAX])
			KUNIT_ASSERT_FALSE(test, cw_slot_lost(table, (long)i - CW_PROBES_MAX));
}

/* At both ends of all addresses: KASAN would see a read beyond the slots. */
static void ends_are_inside(struct kunit *test)
{
	const u64 prefixes[] = { pack(0, 24, 1), pack(0xffffff000000ULL, 24, 2),
				 pack(0xfffffffffff0ULL, 44, 3) };
	struct cw_prefix_table *table = build(test, prefixes, 3, CW_PREFIX_OK);

	KUNIT_EXPECT_EQ(test, value_of(table, 0), 2);
	KUNIT_EXPECT_EQ(test, value_of(table, 0xffffff), 2);
	KUNIT_EXPECT_EQ(test, value_of(table, 0x1000000), 0);
	KUNIT_EXPECT_EQ(test, value_of(table, 0xfffffeffffffULL), 0);
	KUNIT_EXPECT_EQ(test, value_of(table, 0xffffff000000ULL), 3);
	KUNIT_EXPECT_EQ(test, value_of(table, 0xffffffffffffULL), 4);
}

static struct kunit_case prefix_cases[] = {
	KUNIT_CASE(prefix_valid),
	KUNIT_CASE(hash_is_undone),
	KUNIT_CASE(empty_misses),
	KUNIT_CASE(open_never_misses),
	KUNIT_CASE(twice_counts_once),
	KUNIT_CASE(conflict_is_named),
	KUNIT_CASE(longest_prefix_wins),
	KUNIT_CASE(walk_meets_each_once),
	KUNIT_CASE(chosen_ouis_do_not_crowd),
	KUNIT_CASE(ends_are_inside),
	{}
};

static struct kunit_suite prefix_suite = {
	.name = "camwall-prefix",
	.test_cases = prefix_cases,
};

kunit_test_suite(prefix_suite);
