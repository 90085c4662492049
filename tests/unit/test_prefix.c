// SPDX-License-Identifier: GPL-2.0-or-later
/* The module's prefix table against a naive oracle, over the whole registry and a million addresses. */
#include "unit.h"

#include "mac.h"
#include "prefix.h"
#include "registry.h"

#define SEED		20261123u
#define N_ADDRESSES	1000000
#define MAC_MASK	0xffffffffffffULL

/** struct set - prefixes in some order, and the table that was built of them */
struct set {
	u64 *prefixes;
	u32 n;
	struct cw_prefix_table table;
};

/* xorshift64*: the same sequence everywhere. */
static u64 random_state = SEED;

static u64 random_u64(void)
{
	random_state ^= random_state >> 12;
	random_state ^= random_state << 25;
	random_state ^= random_state >> 27;
	return random_state * 0x2545f4914f6cdd1dULL;
}

static u64 random_below(u64 n)
{
	return (random_u64() >> 16) % n;
}

static u64 host_bits(unsigned int len)
{
	return (1ULL << (48 - len)) - 1;
}

static u64 make_prefix(u64 mac, unsigned int len, unsigned int group)
{
	return cw_prefix_pack(mac & MAC_MASK & ~host_bits(len), len, group);
}

static void to_octets(u64 mac, u8 octets[6])
{
	for (int i = 0; i < 6; i++)
		octets[i] = (u8)(mac >> (40 - 8 * i));
}

static void shuffle(u64 *prefixes, u32 n)
{
	for (u32 i = n; i > 1; i--) {
		u32 j = (u32)random_below(i);
		u64 swap = prefixes[i - 1];

		prefixes[i - 1] = prefixes[j];
		prefixes[j] = swap;
	}
}

static int compare(const void *a, const void *b)
{
	u64 x = *(const u64 *)a, y = *(const u64 *)b;

	return (x > y) - (x < y);
}

/* A copy, as the table may work on its input. */
static enum cw_prefix_error build(struct cw_prefix_table *table, const u64 *prefixes, u32 n,
				  u64 *conflict)
{
	u64 *copy = malloc((n ? n : 1) * sizeof(*copy));
	enum cw_prefix_error result;

	assert_non_null(copy);
	if (n)
		memcpy(copy, prefixes, n * sizeof(*copy));
	for (u32 i = 0; i < n; i++)
		assert_true(cw_prefix_valid(copy[i]));
	result = cw_prefix_table_init(table, copy, n, conflict);
	free(copy);
	return result;
}

static void build_set(struct set *set)
{
	u64 conflict;

	shuffle(set->prefixes, set->n);
	assert_int_equal(build(&set->table, set->prefixes, set->n, &conflict), CW_PREFIX_OK);
}

static void drop(struct set *set)
{
	cw_prefix_table_destroy(&set->table);
	free(set->prefixes);
}

/* The oracle: every prefix is looked at, the longest that matches wins; 0 where none does. */
static u64 oracle(const u64 *prefixes, u32 n, u64 mac)
{
	u64 best = 0;

	for (u32 i = 0; i < n; i++) {
		unsigned int len = cw_prefix_len(prefixes[i]);

		if ((cw_prefix_mac(prefixes[i]) ^ mac) >> (48 - len) == 0 &&
		    (!best || len > cw_prefix_len(best)))
			best = prefixes[i];
	}
	return best;
}

/* The same over a sorted array, for the million: from the longest length down. */
static u64 sorted_oracle(const u64 *sorted, u32 n, u64 mac)
{
	for (unsigned int len = 48; len >= 24; len--) {
		u64 key = make_prefix(mac, len, 0);
		u32 first = 0, count = n;

		while (count) {
			u32 half = count / 2;

			if (sorted[first + half] < key) {
				first += half + 1;
				count -= half + 1;
			} else {
				count = half;
			}
		}
		if (first < n && sorted[first] >> 8 == key >> 8)
			return sorted[first];
	}
	return 0;
}

/* The first look may leave it open, but must not be wrong. */
static void expect_glance(const struct cw_prefix_table *table, const u8 *octets)
{
	u8 value = cw_prefix_slot_value(table, octets), glanced = 0;

	switch (cw_prefix_glance(table, octets, &glanced)) {
	case CW_PREFIX_MISS:
		assert_int_equal(value, 0);
		break;
	case CW_PREFIX_HIT:
		assert_int_equal(value, glanced);
		break;
	case CW_PREFIX_UNCLEAR:
		break;
	}
}

/* What the packet path and what people are told both have to be what the oracle says. */
static void expect(const struct cw_prefix_table *table, u64 mac, u64 expected)
{
	char text[CW_MAC_STRLEN + 1];
	u64 found = 0;
	u8 octets[6], value;

	to_octets(mac, octets);
	value = cw_prefix_value(table, octets);
	expect_glance(table, octets);
	if (value != (expected ? cw_prefix_group(expected) + 1 : 0))
		fail_msg("%s: value %u, expected prefix %#llx", cw_mac_format(mac, text), value,
			 (unsigned long long)expected);
	assert_int_equal(cw_prefix_table_find(table, octets, &found), expected != 0);
	if (found != expected)
		fail_msg("%s: found %#llx, expected %#llx", cw_mac_format(mac, text),
			 (unsigned long long)found, (unsigned long long)expected);
}

/* Inside a prefix, at its edges, or beside it by one bit or one address. */
static u64 address_near(u64 prefix)
{
	unsigned int len = cw_prefix_len(prefix);
	u64 mac = cw_prefix_mac(prefix) | (random_u64() & host_bits(len));

	switch (random_below(6)) {
	case 0:
		return cw_prefix_mac(prefix);
	case 1:
		return cw_prefix_mac(prefix) | host_bits(len);
	case 2:
		return (cw_prefix_mac(prefix) - 1) & MAC_MASK;
	case 3:
		return ((cw_prefix_mac(prefix) | host_bits(len)) + 1) & MAC_MASK;
	case 4:
		return mac ^ 1ULL << random_below(48);
	default:
		return mac;
	}
}

/* The whole registry; each assignment with a group of its own, modulo the ids there are. */
static struct set load_registry(void)
{
	struct cw_error err = { 0 };
	struct cw_registry *registry = cw_registry_load(NULL, &err);
	struct set set = { 0 };

	unit_expect_none(&err);
	set.prefixes = calloc(registry->n_assignments, sizeof(*set.prefixes));
	assert_non_null(set.prefixes);
	for (size_t i = 0; i < registry->n_assignments; i++) {
		u64 prefix = registry->assignments[i].prefix;

		if (set.n && set.prefixes[set.n - 1] >> 8 == prefix >> 8)
			continue;	/* a prefix with several owners */
		set.prefixes[set.n] = prefix | set.n % (CAMWALL_MAX_GROUP_ID + 1);
		set.n++;
	}
	cw_registry_free(registry);
	assert_true(set.n > 46000);
	return set;
}

static void the_registry_and_a_million_addresses(void **state)
{
	struct set set = load_registry();
	u64 *sorted = malloc(set.n * sizeof(*sorted));
	u32 hits = 0;

	assert_non_null(sorted);
	memcpy(sorted, set.prefixes, set.n * sizeof(*sorted));
	build_set(&set);
	assert_int_equal(set.table.count, set.n);

	for (u32 i = 0; i < N_ADDRESSES; i++) {
		u64 mac = i % 2 ? random_u64() & MAC_MASK :
				  address_near(sorted[random_below(set.n)]);
		u64 expected = sorted_oracle(sorted, set.n, mac);

		/* The quick oracle has a witness that is slower and simpler. */
		if (i % 1000 == 0)
			assert_int_equal(expected, oracle(sorted, set.n, mac));
		expect(&set.table, mac, expected);
		hits += expected != 0;
	}
	/* Neither "always" nor "never" would pass for an answer. */
	assert_true(hits > N_ADDRESSES / 4 && hits < N_ADDRESSES * 3 / 4);
	free(sorted);
	drop(&set);
}

static void expect_same_set(const struct cw_prefix_table *table, u64 *prefixes, u32 n)
{
	u64 *walked = malloc((n + 1) * sizeof(*walked)), prefix;
	u32 pos = 0, count = 0;

	assert_non_null(walked);
	while (cw_prefix_table_next(table, &pos, &prefix)) {
		assert_true(count < n);
		walked[count++] = prefix;
	}
	assert_false(cw_prefix_table_next(table, &pos, &prefix));
	assert_int_equal(count, n);
	assert_int_equal(table->count, n);

	qsort(walked, n, sizeof(*walked), compare);
	qsort(prefixes, n, sizeof(*prefixes), compare);
	for (u32 i = 0; i < n; i++)
		assert_int_equal(walked[i], prefixes[i]);
	free(walked);
}

static void a_walk_gives_the_input_back(void **state)
{
	struct set set = load_registry();

	build_set(&set);
	expect_same_set(&set.table, set.prefixes, set.n);
	assert_true(cw_prefix_table_size(&set.table) < set.n * 32ULL);
	drop(&set);
}

static u32 used_slots(const struct cw_prefix_table *table)
{
	u32 used = 0;

	for (long i = -CW_PROBES_MAX; i < (long)table->places; i++)
		used += table->slots[i] != 0;
	return used;
}

/* Or a probe for an address that is not there would get long. */
static void two_of_three_slots_stay_empty(void **state)
{
	for (u32 n = 1; n < 600; n++) {
		struct set set = { .prefixes = calloc(n, sizeof(u64)), .n = n };

		assert_non_null(set.prefixes);
		for (u32 i = 0; i < n; i++)
			set.prefixes[i] = make_prefix((u64)i * 7919 << 24, i % 3 ? 24 : 36, i % 254);
		build_set(&set);
		assert_int_equal(used_slots(&set.table), n);
		assert_true(set.table.places >= 3UL * n);
		drop(&set);
	}
}

/* Slots that a look-up reads beyond the first one. */
static unsigned int probes(const struct cw_prefix_table *table, u64 mac)
{
	u8 octets[6];
	u32 hash;
	long home, i;

	to_octets(mac, octets);
	hash = cw_mac_hash(table, octets);
	home = cw_hash_home(hash, table->places);
	for (i = home; table->slots[i] >= hash; i--)
		if (table->slots[i] - hash <= U8_MAX)
			break;
	return (unsigned int)(home - i);
}

/* Of all OUIs there are; none is far from its home, and nearly all misses end at once. */
static void no_look_up_is_long(void **state)
{
	struct set set = load_registry();
	u32 longest = 0, missed = 0, at_once = 0;
	u8 octets[6], value;

	build_set(&set);
	for (u64 oui = 0; oui <= 0xffffff; oui++) {
		unsigned int n = probes(&set.table, oui << 24);

		longest = n > longest ? n : longest;
		to_octets(oui << 24, octets);
		if (cw_prefix_slot_value(&set.table, octets))
			continue;
		missed++;
		at_once += cw_prefix_glance(&set.table, octets, &value) == CW_PREFIX_MISS;
	}
	printf("# longest %u, %u of %u misses at once\n", longest, at_once, missed);
	assert_true(longest < CW_PROBES_MAX);
	assert_true(at_once > missed / 10 * 9);
	drop(&set);
}

/* What somebody would send who knows the first multiplier: OUIs whose hashes are neighbours. */
static void chosen_neighbours_are_spread(void **state)
{
	enum { N = 60000 };
	struct set set = { .prefixes = calloc(N, sizeof(u64)), .n = N };
	const u32 multiplier = 0x9e3779;
	u32 inverse = multiplier;
	u32 longest = 0;

	assert_non_null(set.prefixes);
	for (unsigned int i = 0; i < 3; i++)
		inverse *= 2 - multiplier * inverse;
	assert_int_equal(inverse * multiplier, 1);
	for (u32 i = 0; i < N; i++) {
		u32 raw = i * inverse & 0xffffff;
		u64 oui = raw >> 16 | (raw & 0xff00) | (raw & 0xff) << 16;

		set.prefixes[i] = make_prefix(oui << 24, 24, i % 254);
	}
	build_set(&set);
	assert_int_not_equal(set.table.multiplier, multiplier << 8);
	expect_same_set(&set.table, set.prefixes, set.n);
	for (u32 i = 0; i < N; i++) {
		u64 mac = cw_prefix_mac(set.prefixes[i]);
		unsigned int n = probes(&set.table, mac);

		longest = n > longest ? n : longest;
		expect(&set.table, mac, set.prefixes[i]);
	}
	assert_true(longest < CW_PROBES_MAX);
	drop(&set);
}

/* One path through all lengths: an address that leaves it at a bit has the length up to there. */
static void every_length_nests(void **state)
{
	const u64 path = 0xb0b353a5c3f1;
	struct set set = { .prefixes = calloc(25, sizeof(u64)), .n = 25 };

	assert_non_null(set.prefixes);
	for (u32 i = 0; i < 25; i++)
		set.prefixes[i] = make_prefix(path, 24 + i, 200 - i);
	build_set(&set);

	expect(&set.table, path, make_prefix(path, 48, 200 - 24));
	for (unsigned int len = 24; len < 48; len++)
		expect(&set.table, path ^ 1ULL << (47 - len), make_prefix(path, len, 200 - (len - 24)));
	for (unsigned int bit = 24; bit < 48; bit++)
		expect(&set.table, path ^ 1ULL << bit, 0);
	expect_same_set(&set.table, set.prefixes, set.n);
	drop(&set);
}

/* A few neighbouring OUIs, all lengths, each prefix once; the oracle looks at all of them. */
static void random_sets_agree_with_the_oracle(void **state)
{
	for (u32 round = 0; round < 400; round++) {
		struct set set = { .prefixes = calloc(100, sizeof(u64)) };
		u64 base = random_u64() & MAC_MASK & ~0x3000000ULL;
		u32 wanted = (u32)random_below(100);

		assert_non_null(set.prefixes);
		while (wanted--) {
			unsigned int len = 24 + (unsigned int)random_below(25);
			u64 mac = base | random_below(4) << 24 | (random_u64() & 0xc0c0c1);
			u64 prefix = make_prefix(mac, len, (unsigned int)random_below(254));
			bool known = false;

			for (u32 i = 0; i < set.n; i++)
				known = known || set.prefixes[i] >> 8 == prefix >> 8;
			if (!known)
				set.prefixes[set.n++] = prefix;
		}
		build_set(&set);
		for (u32 i = 0; i < 300; i++) {
			u64 mac = !set.n || i % 3 == 0 ?
				  base | random_below(8) << 24 | (random_u64() & 0xc1c1c1) :
				  address_near(set.prefixes[random_below(set.n)]);

			expect(&set.table, mac, oracle(set.prefixes, set.n, mac));
		}
		expect_same_set(&set.table, set.prefixes, set.n);
		drop(&set);
	}
}

static void duplicates_count_once(void **state)
{
	u64 prefixes[] = {
		make_prefix(0x4419b6000000, 24, 3), make_prefix(0xb0b353600000, 28, 4),
		make_prefix(0x4419b6000000, 24, 3), make_prefix(0xb0b353600000, 28, 4),
		make_prefix(0xb0b353600000, 28, 4), make_prefix(0xb0b353000000, 24, 5),
		make_prefix(0xb0b353000000, 24, 5),
	};
	u64 once[] = { prefixes[0], prefixes[1], prefixes[5] };
	struct cw_prefix_table table;
	u64 conflict;

	assert_int_equal(build(&table, prefixes, 7, &conflict), CW_PREFIX_OK);
	expect(&table, 0x4419b6123456, once[0]);
	expect(&table, 0xb0b353612345, once[1]);
	expect(&table, 0xb0b353712345, once[2]);
	expect_same_set(&table, once, 3);
	cw_prefix_table_destroy(&table);
}

static void the_same_prefix_in_two_groups_is_a_conflict(void **state)
{
	for (unsigned int len = 24; len <= 48; len++) {
		u64 prefixes[40], conflict = 0;
		struct cw_prefix_table table;
		u32 n = 0;

		/* Around it what is no conflict: its neighbours, and other lengths of it. */
		for (unsigned int other = 24; other <= 48; other++)
			prefixes[n++] = make_prefix(0xb0b353000000, other, other);
		prefixes[n++] = make_prefix(0xb0b354000000, 24, 1);
		assert_int_equal(build(&table, prefixes, n, &conflict), CW_PREFIX_OK);
		cw_prefix_table_destroy(&table);

		prefixes[n++] = make_prefix(0xb0b353000000, len, 253);
		shuffle(prefixes, n);
		assert_int_equal(build(&table, prefixes, n, &conflict), CW_PREFIX_CONFLICT);
		assert_int_equal(conflict >> 8, make_prefix(0xb0b353000000, len, 0) >> 8);
		cw_prefix_table_destroy(&table);
	}
}

/* The group and the locally-administered bit are bits like others: the registry has both. */
static void local_and_group_addresses(void **state)
{
	static const u64 macs[] = { 0x4419b6000000, 0x020701000000, 0x011b19000000, 0x030000000000 };

	for (size_t i = 0; i < sizeof(macs) / sizeof(macs[0]); i++) {
		for (unsigned int len = 24; len <= 48; len += 12) {
			u64 prefix = make_prefix(macs[i], len, 0), conflict;
			struct cw_prefix_table table;

			assert_int_equal(build(&table, &prefix, 1, &conflict), CW_PREFIX_OK);
			for (u64 bits = 0; bits < 4; bits++) {
				u64 mac = (macs[i] & ~0x030000000000ULL) | bits << 40;

				expect(&table, mac, oracle(&prefix, 1, mac));
			}
			expect(&table, MAC_MASK, 0);
			cw_prefix_table_destroy(&table);
		}
	}
}

/* What packets see while a commit is under way. */
static void an_open_table_knows_nothing(void **state)
{
	struct cw_prefix_table table;
	u8 octets[6], value;

	cw_prefix_table_init_open(&table);
	for (u32 i = 0; i < 100000; i++) {
		u64 mac = (i < 2 ? 0 - (u64)i : random_u64()) & MAC_MASK;

		to_octets(mac, octets);
		assert_int_not_equal(cw_prefix_glance(&table, octets, &value), CW_PREFIX_MISS);
		assert_int_equal(cw_prefix_value(&table, octets), 0);
	}
}

static void an_empty_table_matches_nothing(void **state)
{
	struct cw_prefix_table table;
	u64 conflict, prefix;
	u32 pos = 0;

	assert_int_equal(build(&table, NULL, 0, &conflict), CW_PREFIX_OK);
	for (u32 i = 0; i < 1000; i++)
		expect(&table, random_u64() & MAC_MASK, 0);
	expect(&table, 0, 0);
	expect(&table, MAC_MASK, 0);
	assert_false(cw_prefix_table_next(&table, &pos, &prefix));
	assert_int_equal(table.count, 0);
	cw_prefix_table_destroy(&table);
	cw_prefix_table_destroy(&table);
}

/* OUI 00:00:00, group 0: all zero, and yet a prefix. */
static void the_zero_prefix_is_one(void **state)
{
	u64 prefixes[] = { make_prefix(0, 24, 0), make_prefix(0, 48, 1) }, conflict;
	struct cw_prefix_table table;

	assert_int_equal(build(&table, prefixes, 2, &conflict), CW_PREFIX_OK);
	expect(&table, 0, prefixes[1]);
	expect(&table, 1, prefixes[0]);
	expect(&table, 0x000001000000, 0);
	expect_same_set(&table, prefixes, 2);
	cw_prefix_table_destroy(&table);
}

static void the_largest_table(void **state)
{
	struct set set = { .prefixes = calloc(CAMWALL_MAX_PREFIXES, sizeof(u64)) };

	assert_non_null(set.prefixes);
	/* Half of them OUIs, half of them single addresses in every second one of these. */
	for (; set.n < CAMWALL_MAX_PREFIXES; set.n++) {
		u64 oui = (set.n / 2 * 7919ULL & 0xffffff) << 24;
		u64 mac = set.n % 2 ? (oui & ~0x1000000ULL) | set.n : oui;

		set.prefixes[set.n] = make_prefix(mac, set.n % 2 ? 48 : 24, set.n % 254);
	}
	build_set(&set);
	expect_same_set(&set.table, set.prefixes, set.n);
	for (u32 i = 0; i < 100000; i++) {
		u64 mac = address_near(set.prefixes[random_below(set.n)]);

		expect(&set.table, mac, sorted_oracle(set.prefixes, set.n, mac));
	}
	drop(&set);
}

static void what_is_a_prefix(void **state)
{
	assert_true(cw_prefix_valid(cw_prefix_pack(0x4419b6000000, 24, 0)));
	assert_true(cw_prefix_valid(cw_prefix_pack(0x4419b6123456, 48, 253)));
	assert_true(cw_prefix_valid(cw_prefix_pack(0xffffffffffff, 48, 0)));
	assert_false(cw_prefix_valid(cw_prefix_pack(0x440000000000, 23, 0)));
	assert_false(cw_prefix_valid(cw_prefix_pack(0x4419b6000000, 49, 0)));
	assert_false(cw_prefix_valid(cw_prefix_pack(0, 0, 0)));
	assert_false(cw_prefix_valid(cw_prefix_pack(0, 255, 0)));
	assert_false(cw_prefix_valid(cw_prefix_pack(0x4419b6000000, 24, 254)));
	assert_false(cw_prefix_valid(cw_prefix_pack(0x4419b6000000, 24, 255)));
	for (unsigned int len = 24; len < 48; len++) {
		assert_false(cw_prefix_valid(cw_prefix_pack(1ULL << (47 - len), len, 0)));
		assert_false(cw_prefix_valid(cw_prefix_pack(1, len, 0)));
		assert_true(cw_prefix_valid(cw_prefix_pack(1ULL << (48 - len), len, 0)));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_a_prefix),
		cmocka_unit_test(an_empty_table_matches_nothing),
		cmocka_unit_test(an_open_table_knows_nothing),
		cmocka_unit_test(the_zero_prefix_is_one),
		cmocka_unit_test(two_of_three_slots_stay_empty),
		cmocka_unit_test(every_length_nests),
		cmocka_unit_test(duplicates_count_once),
		cmocka_unit_test(the_same_prefix_in_two_groups_is_a_conflict),
		cmocka_unit_test(local_and_group_addresses),
		cmocka_unit_test(random_sets_agree_with_the_oracle),
		cmocka_unit_test(a_walk_gives_the_input_back),
		cmocka_unit_test(the_registry_and_a_million_addresses),
		cmocka_unit_test(no_look_up_is_long),
		cmocka_unit_test(chosen_neighbours_are_spread),
		cmocka_unit_test(the_largest_table),
	};

	printf("# seed %u\n", SEED);
	return cmocka_run_group_tests_name("prefix", tests, NULL, NULL);
}
