// SPDX-License-Identifier: GPL-2.0
/*
 * The prefix table: built once from a list of prefixes, then only read.
 *
 * Plain C, so that it also builds in user space (unit tests, fuzzing, camwall
 * lookup); the kernel headers it names stand under userspace/kernel for that.
 */
#include <linux/bitops.h>
#include <linux/log2.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/sort.h>
#include <linux/string.h>

#include "prefix.h"

#define CW_OUI_BITS	24
#define CW_OUI_GROUP	0x010000u	/* IEEE 802-2014, 8.2.2: I/G */
#define CW_OUI_LOCAL	0x020000u	/* IEEE 802-2014, 8.2.2: U/L */

static u32 cw_prefix_oui(u64 prefix)
{
	return prefix >> 40;
}

static u64 cw_prefix_make(u64 mac, unsigned int len, u8 value)
{
	return mac << 16 | len << 8 | (u8)(value - 1);
}

/**
 * cw_prefix_valid() - whether a packed prefix is one
 * @prefix: as it came from outside
 *
 * Return: false where its length is out of range, its group id is one that no group
 * can have, or bits are set beyond its length.
 */
bool cw_prefix_valid(u64 prefix)
{
	unsigned int len = CW_PREFIX_LEN(prefix);

	if (len < CAMWALL_PREFIX_MIN_LEN || len > CAMWALL_PREFIX_MAX_LEN)
		return false;
	if (CW_PREFIX_GROUP(prefix) > CAMWALL_MAX_GROUP_ID)
		return false;
	return !(CW_PREFIX_MAC(prefix) & ((1ULL << (48 - len)) - 1));
}

static int cw_prefix_cmp(const void *a, const void *b)
{
	u64 x = *(const u64 *)a, y = *(const u64 *)b;

	return x < y ? -1 : x > y;
}

/* Where an OUI is in an open-addressing array, or the empty place where it would be. */
static u32 *cw_slot(const struct cw_prefix_table *table, u32 oui)
{
	u32 i = (oui * CW_HASH_MULTIPLIER) >> table->shift;

	while (table->slots[i] && table->slots[i] >> 8 != oui)
		i = (i + 1) & table->mask;
	return &table->slots[i];
}

static struct cw_bucket *cw_bucket(const struct cw_prefix_table *table, u32 oui)
{
	u32 i = (oui * CW_HASH_MULTIPLIER) >> table->bucket_shift;

	while (table->buckets[i].count && table->buckets[i].oui != oui)
		i = (i + 1) & table->bucket_mask;
	return &table->buckets[i];
}

static enum cw_prefix_error cw_sort_nested(struct cw_prefix_table *table,
					   const u64 *prefixes, u32 n,
					   u32 n_nested, u64 *conflict)
{
	bool sorted = true;
	u32 i, k = 0;
	u64 *nested;

	if (!n_nested)
		return CW_PREFIX_OK;
	nested = kvmalloc_array(n_nested, sizeof(*nested), GFP_KERNEL_ACCOUNT);
	if (!nested)
		return CW_PREFIX_NOMEM;
	table->nested = nested;
	for (i = 0; i < n; i++) {
		if (CW_PREFIX_LEN(prefixes[i]) == CW_OUI_BITS)
			continue;
		sorted = sorted && (!k || nested[k - 1] <= prefixes[i]);
		nested[k++] = prefixes[i];
	}
	if (!sorted)
		sort(nested, k, sizeof(*nested), cw_prefix_cmp, NULL);

	n_nested = 0;
	for (i = 0; i < k; i++) {
		if (n_nested && nested[n_nested - 1] == nested[i])
			continue;
		if (n_nested && nested[n_nested - 1] >> 8 == nested[i] >> 8) {
			*conflict = nested[i];
			return CW_PREFIX_CONFLICT;
		}
		nested[n_nested++] = nested[i];
	}
	table->n_nested = n_nested;
	table->count += n_nested;
	return CW_PREFIX_OK;
}

static enum cw_prefix_error cw_alloc_places(struct cw_prefix_table *table,
					    u32 n_ouis)
{
	u32 i, n_buckets = 0, slots, places;

	for (i = 0; i < table->n_nested; i++)
		if (!i || cw_prefix_oui(table->nested[i - 1]) !=
			  cw_prefix_oui(table->nested[i]))
			n_buckets++;

	slots = roundup_pow_of_two(2 * (n_ouis + n_buckets) + 2);
	table->mask = slots - 1;
	table->shift = 32 - ilog2(slots);
	table->slots = kvcalloc(slots, sizeof(*table->slots), GFP_KERNEL_ACCOUNT);
	if (!table->slots)
		return CW_PREFIX_NOMEM;
	if (!n_buckets)
		return CW_PREFIX_OK;

	places = roundup_pow_of_two(2 * n_buckets);
	table->bucket_mask = places - 1;
	table->bucket_shift = 32 - ilog2(places);
	table->buckets = kvcalloc(places, sizeof(*table->buckets),
				  GFP_KERNEL_ACCOUNT);
	return table->buckets ? CW_PREFIX_OK : CW_PREFIX_NOMEM;
}

static enum cw_prefix_error cw_fill_slots(struct cw_prefix_table *table,
					  const u64 *prefixes, u32 n,
					  u64 *conflict)
{
	u32 i;

	for (i = 0; i < n; i++) {
		u32 oui = cw_prefix_oui(prefixes[i]);
		u32 entry = oui << 8 | (CW_PREFIX_GROUP(prefixes[i]) + 1);
		u32 *slot;

		table->reject &= ~oui;
		if (CW_PREFIX_LEN(prefixes[i]) != CW_OUI_BITS)
			continue;
		slot = cw_slot(table, oui);
		if (*slot && *slot != entry) {
			*conflict = prefixes[i];
			return CW_PREFIX_CONFLICT;
		}
		table->count += !*slot;
		*slot = entry;
	}
	return CW_PREFIX_OK;
}

static void cw_fill_buckets(struct cw_prefix_table *table)
{
	u32 i, first = 0;

	for (i = 0; i < table->n_nested; i++) {
		u32 oui = cw_prefix_oui(table->nested[i]);
		struct cw_bucket *bucket;
		u32 *slot;

		if (cw_prefix_oui(table->nested[first]) != oui)
			first = i;
		bucket = cw_bucket(table, oui);
		if (first == i) {
			slot = cw_slot(table, oui);
			bucket->oui = oui;
			bucket->first = i;
			bucket->value = (u8)*slot;
			*slot = oui << 8 | CW_SLOT_NESTED;
		}
		bucket->count++;
		bucket->lengths |= BIT(CW_PREFIX_LEN(table->nested[i]) -
				       CW_OUI_BITS - 1);
	}
}

/**
 * cw_prefix_table_init() - build a table
 * @table: where to; cw_prefix_table_destroy() frees what it holds, after an error too
 * @prefixes: packed, each passed cw_prefix_valid(), in any order (sorted ones are faster)
 * @n: how many, CAMWALL_MAX_PREFIXES at most; repeated equal ones count once
 * @conflict: set to the prefix concerned where the same one is in two groups
 *
 * Context: process; may sleep.
 */
enum cw_prefix_error cw_prefix_table_init(struct cw_prefix_table *table,
					  const u64 *prefixes, u32 n,
					  u64 *conflict)
{
	enum cw_prefix_error err;
	u32 i, n_nested = 0;

	memset(table, 0, sizeof(*table));
	table->reject = CW_OUI_GROUP | CW_OUI_LOCAL;
	for (i = 0; i < n; i++)
		n_nested += CW_PREFIX_LEN(prefixes[i]) != CW_OUI_BITS;

	err = cw_sort_nested(table, prefixes, n, n_nested, conflict);
	if (err)
		return err;
	cond_resched();
	err = cw_alloc_places(table, n - n_nested);
	if (err)
		return err;
	err = cw_fill_slots(table, prefixes, n, conflict);
	if (err)
		return err;
	cw_fill_buckets(table);
	return CW_PREFIX_OK;
}

/**
 * cw_prefix_table_destroy() - free what a table holds
 * @table: nobody reads it any more; one that is all zero is allowed
 */
void cw_prefix_table_destroy(struct cw_prefix_table *table)
{
	kvfree(table->slots);
	kvfree(table->buckets);
	kvfree(table->nested);
	memset(table, 0, sizeof(*table));
}

/**
 * cw_prefix_table_size() - octets of memory that a table takes, beside its own struct
 * @table: a built one
 */
size_t cw_prefix_table_size(const struct cw_prefix_table *table)
{
	size_t size = (table->mask + 1) * sizeof(*table->slots);

	if (table->buckets)
		size += (table->bucket_mask + 1) * sizeof(*table->buckets);
	return size + table->n_nested * sizeof(*table->nested);
}

static const u64 *cw_nested_search(const u64 *nested, u32 count, u64 key)
{
	while (count) {
		u32 half = count / 2;
		u64 at = nested[half] >> 8;

		if (at == key)
			return &nested[half];
		if (at < key) {
			nested += half + 1;
			count -= half + 1;
		} else {
			count = half;
		}
	}
	return NULL;
}

/* The longest prefix of an OUI's bucket that a MAC address falls in, or NULL. */
static const u64 *cw_nested_find(const struct cw_prefix_table *table,
				 const struct cw_bucket *bucket, u64 mac)
{
	u32 lengths = bucket->lengths;

	while (lengths) {
		unsigned int bit = fls(lengths) - 1;
		unsigned int len = bit + CW_OUI_BITS + 1;
		u64 key = (mac & ~0ULL << (48 - len)) << 8 | len;
		const u64 *found;

		found = cw_nested_search(table->nested + bucket->first,
					 bucket->count, key);
		if (found)
			return found;
		lengths &= ~BIT(bit);
	}
	return NULL;
}

/**
 * cw_prefix_nested_value() - the group of a MAC address whose OUI is subdivided
 * @table: the table
 * @mac: six octets; its OUI's slot says CW_SLOT_NESTED
 *
 * Context: any.
 * Return: the group's id + 1, or 0 where no prefix matches.
 */
u8 cw_prefix_nested_value(const struct cw_prefix_table *table, const u8 *mac)
{
	u64 address = cw_mac_u64(mac);
	const struct cw_bucket *bucket = cw_bucket(table, address >> 24);
	const u64 *found = cw_nested_find(table, bucket, address);

	return found ? CW_PREFIX_GROUP(*found) + 1 : bucket->value;
}

/**
 * cw_prefix_table_find() - the longest prefix that a MAC address falls in
 * @table: the table
 * @mac: six octets
 * @prefix: set, packed, where there is one
 *
 * For questions of people; packets ask cw_prefix_value().
 *
 * Context: any.
 */
bool cw_prefix_table_find(const struct cw_prefix_table *table, const u8 *mac,
			  u64 *prefix)
{
	u64 address = cw_mac_u64(mac);
	u32 oui = address >> 24;
	const u64 *found;
	u8 value;

	value = *cw_slot(table, oui);
	if (!value)
		return false;
	if (value == CW_SLOT_NESTED) {
		const struct cw_bucket *bucket = cw_bucket(table, oui);

		found = cw_nested_find(table, bucket, address);
		if (found) {
			*prefix = *found;
			return true;
		}
		value = bucket->value;
		if (!value)
			return false;
	}
	*prefix = cw_prefix_make((u64)oui << 24, CW_OUI_BITS, value);
	return true;
}

/**
 * cw_prefix_table_next() - walk over a table
 * @table: the table
 * @pos: 0 to begin with; where to go on, afterwards
 * @prefix: set to the next prefix, packed, in no particular order
 *
 * Context: any.
 * Return: false at the end.
 */
bool cw_prefix_table_next(const struct cw_prefix_table *table, u32 *pos,
			  u64 *prefix)
{
	u32 slots = table->mask + 1;
	u32 places = table->buckets ? table->bucket_mask + 1 : 0;

	for (; *pos < slots; (*pos)++) {
		u32 slot = table->slots[*pos];

		if (!slot || (u8)slot == CW_SLOT_NESTED)
			continue;
		*prefix = cw_prefix_make((u64)(slot >> 8) << 24, CW_OUI_BITS, slot);
		(*pos)++;
		return true;
	}
	for (; *pos - slots < places; (*pos)++) {
		const struct cw_bucket *bucket = &table->buckets[*pos - slots];

		if (!bucket->count || !bucket->value)
			continue;
		*prefix = cw_prefix_make((u64)bucket->oui << 24, CW_OUI_BITS,
					 bucket->value);
		(*pos)++;
		return true;
	}
	if (*pos - slots - places >= table->n_nested)
		return false;
	*prefix = table->nested[*pos - slots - places];
	(*pos)++;
	return true;
}
