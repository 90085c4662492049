// SPDX-License-Identifier: GPL-2.0
/*
 * The prefix table: built once from a list of prefixes, then only read.
 *
 * Plain C, so that it also builds in user space (unit tests, fuzzing, camwall
 * lookup); the kernel headers it names stand under userspace/kernel for that.
 */
#include <linux/bitops.h>
#include <linux/minmax.h>
#include <linux/random.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/sort.h>
#include <linux/string.h>
#include <linux/vmalloc.h>

#include "prefix.h"

#define CW_OUI_BITS	24
#define CW_OUI_MASK	0xffffffu
#define CW_MULTIPLIER	0x9e3779u	/* 2^24 by the golden ratio (Knuth, volume 3, 6.4) */
#define CW_PLACES_PER_OUI	3	/* so that two of three slots are empty */
#define CW_BUILDS_MAX	16	/* attempts with other multipliers */
#define CW_BREATH	4096	/* prefixes between two chances for others to run */

static u32 cw_prefix_oui(u64 prefix)
{
	return prefix >> 40;
}

/* An OUI's octets in the other order, the one that cw_mac_hash() sees them in. */
static u32 cw_oui_swap(u32 oui)
{
	return oui >> 16 | (oui & 0xff00) | (oui & 0xff) << 16;
}

/* The first address of the OUI that a hash was made of; the low octet means nothing. */
static u64 cw_hash_mac(const struct cw_prefix_table *table, u32 hash)
{
	u32 oui = cw_oui_swap((hash >> 8) * table->inverse & CW_OUI_MASK);

	return (u64)oui << CW_OUI_BITS;
}

static void cw_breathe(u32 i)
{
	if (i % CW_BREATH == 0)
		cond_resched();
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

/* Sorting is the longest step where a writer leaves it to the kernel. */
static int cw_prefix_cmp(const void *a, const void *b, const void *priv)
{
	u64 x = *(const u64 *)a, y = *(const u64 *)b;
	u32 *compared = (u32 *)priv;

	cw_breathe((*compared)++);
	return x < y ? -1 : x > y;
}

/*
 * An array that is only as large as it has to be: kvmalloc() would round it up to a power
 * of two. The slots are worth that, as they then lie in few large pages.
 */
static void *cw_array_alloc(u32 n, size_t size)
{
	if (n * size <= PAGE_SIZE)
		return kmalloc_array(n, size, GFP_KERNEL_ACCOUNT);
	return __vmalloc(array_size(n, size), GFP_KERNEL_ACCOUNT);
}

static enum cw_prefix_error cw_sort_nested(struct cw_prefix_table *table,
					   const u64 *prefixes, u32 n,
					   u32 n_nested, u64 *conflict)
{
	u32 i, k = 0, compared = 0;
	bool sorted = true;
	u64 *nested;

	if (!n_nested)
		return CW_PREFIX_OK;
	nested = cw_array_alloc(n_nested, sizeof(*nested));
	if (!nested)
		return CW_PREFIX_NOMEM;
	table->nested = nested;
	for (i = 0; i < n; i++) {
		cw_breathe(i);
		if (CW_PREFIX_LEN(prefixes[i]) == CW_OUI_BITS)
			continue;
		sorted = sorted && (!k || nested[k - 1] <= prefixes[i]);
		nested[k++] = prefixes[i];
	}
	if (!sorted)
		sort_r(nested, k, sizeof(*nested), cw_prefix_cmp, NULL, &compared);

	n_nested = 0;
	for (i = 0; i < k; i++) {
		cw_breathe(i);
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

/* OUIs that have prefixes longer than 24 bits. */
static u32 cw_count_buckets(const struct cw_prefix_table *table)
{
	u32 i, n = 0;

	for (i = 0; i < table->n_nested; i++)
		if (!i || cw_prefix_oui(table->nested[i - 1]) !=
			  cw_prefix_oui(table->nested[i]))
			n++;
	return n;
}

/* What lies before the first place is for what is pushed down from there. */
static enum cw_prefix_error cw_alloc_places(struct cw_prefix_table *table,
					    u32 n_ouis)
{
	u32 n_buckets = cw_count_buckets(table);
	struct cw_bucket *buckets;
	u32 *slots;

	table->places = CW_PLACES_PER_OUI * (n_ouis + n_buckets) + 1;
	slots = kvcalloc(CW_PROBES_MAX + table->places, sizeof(*slots),
			 GFP_KERNEL_ACCOUNT);
	if (!slots)
		return CW_PREFIX_NOMEM;
	table->slots = slots + CW_PROBES_MAX;
	if (!n_buckets)
		return CW_PREFIX_OK;

	table->bucket_places = CW_PLACES_PER_OUI * n_buckets;
	buckets = kvcalloc(CW_PROBES_MAX + table->bucket_places, sizeof(*buckets),
			   GFP_KERNEL_ACCOUNT);
	if (!buckets)
		return CW_PREFIX_NOMEM;
	table->buckets = buckets + CW_PROBES_MAX;
	return CW_PREFIX_OK;
}

/* The slots while they are being filled. */
static u32 *cw_slots(const struct cw_prefix_table *table)
{
	return (u32 *)table->slots;
}

static void cw_table_choose(struct cw_prefix_table *table, u32 multiplier)
{
	unsigned int i;

	multiplier |= 1;
	table->multiplier = multiplier << 8;
	/* Newton's method: each step doubles the bits that are right, of which an odd
	 * number has three to begin with.
	 */
	table->inverse = multiplier;
	for (i = 0; i < 3; i++)
		table->inverse *= 2 - multiplier * table->inverse;
	memset(cw_slots(table) - CW_PROBES_MAX, 0,
	       (CW_PROBES_MAX + table->places) * sizeof(*table->slots));
	if (table->buckets)
		memset(table->buckets - CW_PROBES_MAX, 0,
		       (CW_PROBES_MAX + table->bucket_places) *
		       sizeof(*table->buckets));
}

/* Whether an OUI is too far from its home for a look-up to find it. */
static bool cw_slot_lost(const struct cw_prefix_table *table, long i)
{
	long home = cw_hash_home(table->slots[i] & ~U8_MAX, table->places);

	return home - i >= CW_PROBES_MAX;
}

/*
 * Where an OUI is, or a slot that was made free for it and has its hash and the value 0.
 * Return: NULL where too many OUIs meet.
 */
static u32 *cw_slot_insert(const struct cw_prefix_table *table, u32 oui)
{
	u32 hash = cw_oui_swap(oui) * table->multiplier, carried = hash;
	long i = cw_hash_home(hash, table->places), found;
	u32 *slots = cw_slots(table);

	while (slots[i] > (hash | U8_MAX))
		i--;
	found = i;
	if (slots[i] && slots[i] >= hash)
		return &slots[found];
	/* The smaller ones of the run move one down. */
	do {
		swap(slots[i], carried);
		if (cw_slot_lost(table, i))
			return NULL;
		i--;
	} while (carried);
	return &slots[found];
}

static enum cw_prefix_error cw_fill_slots(struct cw_prefix_table *table,
					  const u64 *prefixes, u32 n,
					  u64 *conflict)
{
	u32 i;

	for (i = 0; i < n; i++) {
		u8 value = CW_PREFIX_GROUP(prefixes[i]) + 1;
		u32 *slot;

		cw_breathe(i);
		if (CW_PREFIX_LEN(prefixes[i]) != CW_OUI_BITS)
			continue;
		slot = cw_slot_insert(table, cw_prefix_oui(prefixes[i]));
		if (!slot)
			return CW_PREFIX_CROWDED;
		if (!(u8)*slot) {
			*slot |= value;
			table->count++;
		} else if ((u8)*slot != value) {
			*conflict = prefixes[i];
			return CW_PREFIX_CONFLICT;
		}
	}
	return CW_PREFIX_OK;
}

/* An empty place for the bucket of an OUI, or NULL where too many OUIs meet. */
static struct cw_bucket *cw_bucket_insert(const struct cw_prefix_table *table, u32 hash)
{
	long home = cw_hash_home(hash, table->bucket_places), i = home;

	while (table->buckets[i].count)
		if (home - --i >= CW_PROBES_MAX)
			return NULL;
	table->buckets[i].hash = hash;
	return &table->buckets[i];
}

static enum cw_prefix_error cw_fill_buckets(struct cw_prefix_table *table)
{
	struct cw_bucket *bucket = NULL;
	u32 i, last = 0;

	for (i = 0; i < table->n_nested; i++) {
		u32 oui = cw_prefix_oui(table->nested[i]);

		cw_breathe(i);
		if (!bucket || oui != last) {
			u32 *slot = cw_slot_insert(table, oui);

			if (!slot)
				return CW_PREFIX_CROWDED;
			bucket = cw_bucket_insert(table, *slot & ~U8_MAX);
			if (!bucket)
				return CW_PREFIX_CROWDED;
			bucket->first = i;
			bucket->value = (u8)*slot;
			*slot |= CW_SLOT_NESTED;
			last = oui;
		}
		bucket->count++;
		bucket->lengths |= BIT(CW_PREFIX_LEN(table->nested[i]) -
				       CW_OUI_BITS - 1);
	}
	return CW_PREFIX_OK;
}

static enum cw_prefix_error cw_fill(struct cw_prefix_table *table,
				    const u64 *prefixes, u32 n, u64 *conflict)
{
	enum cw_prefix_error err;

	table->count = table->n_nested;
	err = cw_fill_slots(table, prefixes, n, conflict);
	return err ?: cw_fill_buckets(table);
}

/**
 * cw_prefix_table_init() - build a table
 * @table: where to; cw_prefix_table_destroy() frees what it holds, after an error too
 * @prefixes: packed, each passed cw_prefix_valid(), in any order (sorted ones are faster)
 * @n: how many, CAMWALL_MAX_PREFIXES at most; repeated equal ones count once
 * @conflict: set to the prefix concerned where the same one is in two groups
 *
 * No look-up reads more than CW_PROBES_MAX slots beyond its first: where the OUIs crowd
 * together, as they do if somebody has chosen them so, another multiplier is drawn.
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
	for (i = 0; i < n; i++)
		n_nested += CW_PREFIX_LEN(prefixes[i]) != CW_OUI_BITS;

	err = cw_sort_nested(table, prefixes, n, n_nested, conflict);
	if (err)
		return err;
	err = cw_alloc_places(table, n - n_nested);
	if (err)
		return err;
	for (i = 0; i < CW_BUILDS_MAX; i++) {
		cw_table_choose(table, i ? get_random_u32() : CW_MULTIPLIER);
		err = cw_fill(table, prefixes, n, conflict);
		if (err != CW_PREFIX_CROWDED)
			break;
	}
	return err;
}

/**
 * cw_prefix_table_init_open() - a table of which nothing is known
 * @table: where to; holds nothing that has to be freed
 *
 * cw_prefix_glance() never says CW_PREFIX_MISS, and cw_prefix_value() finds no address.
 */
void cw_prefix_table_init_open(struct cw_prefix_table *table)
{
	static const u32 slots[] = { 0, ~U8_MAX, ~U8_MAX };

	memset(table, 0, sizeof(*table));
	table->slots = &slots[2];
	table->places = 1;
}

/**
 * cw_prefix_table_destroy() - free what a table holds
 * @table: nobody reads it any more; one that is all zero is allowed
 */
void cw_prefix_table_destroy(struct cw_prefix_table *table)
{
	if (table->slots)
		kvfree(table->slots - CW_PROBES_MAX);
	if (table->buckets)
		kvfree(table->buckets - CW_PROBES_MAX);
	kvfree(table->nested);
	memset(table, 0, sizeof(*table));
}

/**
 * cw_prefix_table_size() - octets of memory that a table takes, beside its own struct
 * @table: a built one
 */
size_t cw_prefix_table_size(const struct cw_prefix_table *table)
{
	size_t size = (CW_PROBES_MAX + table->places) * sizeof(*table->slots);

	if (table->buckets)
		size += (CW_PROBES_MAX + table->bucket_places) *
			sizeof(*table->buckets);
	return size + table->n_nested * sizeof(*table->nested);
}

/* The bucket of an OUI whose slot says that it has one. */
static const struct cw_bucket *cw_bucket_find(const struct cw_prefix_table *table,
					      u32 hash)
{
	long i = cw_hash_home(hash, table->bucket_places);

	while (table->buckets[i].hash != hash || !table->buckets[i].count)
		i--;
	return &table->buckets[i];
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
	const struct cw_bucket *bucket = cw_bucket_find(table, cw_mac_hash(table, mac));
	const u64 *found = cw_nested_find(table, bucket, cw_mac_u64(mac));

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
	u8 value = cw_prefix_slot_value(table, mac);
	u64 address = cw_mac_u64(mac);

	if (value == CW_SLOT_NESTED) {
		const struct cw_bucket *bucket;
		const u64 *found;

		bucket = cw_bucket_find(table, cw_mac_hash(table, mac));
		found = cw_nested_find(table, bucket, address);
		if (found) {
			*prefix = *found;
			return true;
		}
		value = bucket->value;
	}
	if (!value)
		return false;
	*prefix = cw_prefix_make(address & ~0xffffffULL, CW_OUI_BITS, value);
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
	u32 n_slots = CW_PROBES_MAX + table->places, n_buckets = 0;
	const u32 *slots = table->slots - CW_PROBES_MAX;

	for (; *pos < n_slots; (*pos)++) {
		u32 slot = slots[*pos];

		if (!slot || (u8)slot == CW_SLOT_NESTED)
			continue;
		*prefix = cw_prefix_make(cw_hash_mac(table, slot), CW_OUI_BITS, slot);
		(*pos)++;
		return true;
	}
	if (table->buckets)
		n_buckets = CW_PROBES_MAX + table->bucket_places;
	for (; *pos - n_slots < n_buckets; (*pos)++) {
		const struct cw_bucket *bucket;

		bucket = &table->buckets[(long)(*pos - n_slots) - CW_PROBES_MAX];
		if (!bucket->value)
			continue;
		*prefix = cw_prefix_make(cw_hash_mac(table, bucket->hash),
					 CW_OUI_BITS, bucket->value);
		(*pos)++;
		return true;
	}
	if (*pos - n_slots - n_buckets >= table->n_nested)
		return false;
	*prefix = table->nested[*pos - n_slots - n_buckets];
	(*pos)++;
	return true;
}
