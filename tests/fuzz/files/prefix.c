// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The module's prefix table against a search that looks at each prefix. Of the input every
 * eight octets are a prefix; one with the top bit of its seventh set shares the OUI of the
 * one before, so that prefixes nest.
 */
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "mac.h"
#include "prefix.h"

#define RECORD		8
#define MAX_PREFIXES	512
#define MAC_MASK	0xffffffffffffULL
#define OUI_MASK	0xffffff000000ULL
#define LENGTHS		(CAMWALL_PREFIX_MAX_LEN - CAMWALL_PREFIX_MIN_LEN + 1)

static u64 host_bits(unsigned int length)
{
	return (1ULL << (48 - length)) - 1;
}

static u64 read_prefix(const uint8_t *record, u64 before)
{
	unsigned int length = CAMWALL_PREFIX_MIN_LEN + (record[6] & 0x7f) % LENGTHS;
	u64 mac = cw_mac_u64(record);

	if (record[6] & 0x80)
		mac = (cw_prefix_mac(before) & OUI_MASK) | (mac & ~OUI_MASK);
	return cw_prefix_pack(mac & ~host_bits(length), length, record[7] % (CAMWALL_MAX_GROUP_ID + 1));
}

static u32 read_prefixes(const uint8_t *data, size_t size, u64 *prefixes)
{
	u32 n = 0;

	for (; size >= RECORD && n < MAX_PREFIXES; data += RECORD, size -= RECORD) {
		prefixes[n] = read_prefix(data, n ? prefixes[n - 1] : 0);
		fuzz_expect(cw_prefix_valid(prefixes[n]), "%#llx is no prefix",
			    (unsigned long long)prefixes[n]);
		n++;
	}
	return n;
}

/* Return: whether one is in two groups; @distinct: how many there are. */
static bool conflict(const u64 *prefixes, u32 n, u32 *distinct)
{
	*distinct = 0;
	for (u32 i = 0; i < n; i++) {
		bool first = true;

		for (u32 j = 0; j < i; j++) {
			if (prefixes[i] >> 8 != prefixes[j] >> 8)
				continue;
			if (prefixes[i] != prefixes[j])
				return true;
			first = false;
		}
		*distinct += first;
	}
	return false;
}

static u64 longest(const u64 *prefixes, u32 n, u64 mac)
{
	u64 best = 0;

	for (u32 i = 0; i < n; i++)
		if (!((cw_prefix_mac(prefixes[i]) ^ mac) & ~host_bits(cw_prefix_len(prefixes[i]))) &&
		    (!best || cw_prefix_len(prefixes[i]) > cw_prefix_len(best)))
			best = prefixes[i];
	return best;
}

static void expect(const struct cw_prefix_table *table, u64 mac, u64 expected)
{
	u8 octets[6], glanced = 0, slot, value;
	u64 found = 0;

	for (int i = 0; i < 6; i++)
		octets[i] = mac >> (40 - 8 * i);
	value = cw_prefix_value(table, octets);
	fuzz_expect(value == (expected ? cw_prefix_group(expected) + 1 : 0),
		    "%#llx: value %u, expected prefix %#llx", (unsigned long long)mac, value,
		    (unsigned long long)expected);
	fuzz_expect(cw_prefix_table_find(table, octets, &found) == !!expected && found == expected,
		    "%#llx: found %#llx, expected %#llx", (unsigned long long)mac,
		    (unsigned long long)found, (unsigned long long)expected);
	slot = cw_prefix_slot_value(table, octets);
	switch (cw_prefix_glance(table, octets, &glanced)) {
	case CW_PREFIX_MISS:
		fuzz_expect(!slot, "%#llx: a miss at a glance", (unsigned long long)mac);
		break;
	case CW_PREFIX_HIT:
		fuzz_expect(slot == glanced, "%#llx: another value at a glance", (unsigned long long)mac);
		break;
	case CW_PREFIX_UNCLEAR:
		break;
	}
}

/* At the edges of each prefix, beside it, and inside. */
static void expect_all(const struct cw_prefix_table *table, const u64 *prefixes, u32 n)
{
	for (u32 i = 0; i < n; i++) {
		unsigned int length = cw_prefix_len(prefixes[i]);
		u64 first = cw_prefix_mac(prefixes[i]), last = first | host_bits(length);
		const u64 macs[] = {
			first, last, (first - 1) & MAC_MASK, (last + 1) & MAC_MASK,
			first ^ 1ULL << (48 - length), (first + last) / 2,
			first ^ 1ULL << 24, (first & OUI_MASK) | (prefixes[n - 1 - i] >> 16 & ~OUI_MASK),
		};

		for (size_t k = 0; k < sizeof(macs) / sizeof(macs[0]); k++)
			expect(table, macs[k], longest(prefixes, n, macs[k]));
	}
}

/* A walk gives each prefix once. */
static void expect_walk(const struct cw_prefix_table *table, const u64 *prefixes, u32 n, u32 distinct)
{
	u32 pos = 0, count = 0;
	u64 prefix;

	while (cw_prefix_table_next(table, &pos, &prefix)) {
		u32 i = 0;

		while (i < n && prefixes[i] != prefix)
			i++;
		fuzz_expect(i < n, "a walk meets %#llx", (unsigned long long)prefix);
		count++;
	}
	fuzz_expect(count == distinct && table->count == distinct, "%u prefixes, a walk meets %u of %u",
		    distinct, count, table->count);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	u64 prefixes[MAX_PREFIXES], input[MAX_PREFIXES], where = 0;
	u32 n = read_prefixes(data, size, prefixes), distinct;
	struct cw_prefix_table table;
	enum cw_prefix_error error;

	memcpy(input, prefixes, n * sizeof(*input));
	error = cw_prefix_table_init(&table, input, n, &where);
	if (conflict(prefixes, n, &distinct)) {
		fuzz_expect(error == CW_PREFIX_CONFLICT, "two groups, and error %d", error);
		fuzz_expect(longest(prefixes, n, cw_prefix_mac(where)), "a conflict about nothing");
	} else {
		fuzz_expect(error == CW_PREFIX_OK, "error %d", error);
		expect_all(&table, prefixes, n);
		expect_walk(&table, prefixes, n, distinct);
		expect(&table, 0x0123456789abULL, longest(prefixes, n, 0x0123456789abULL));
	}
	cw_prefix_table_destroy(&table);
	return 0;
}
