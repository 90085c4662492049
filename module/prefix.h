/* SPDX-License-Identifier: GPL-2.0 */
/* The prefix table: from a MAC address to the group of its longest prefix. */
#ifndef _CW_PREFIX_H
#define _CW_PREFIX_H

#include <linux/compiler.h>
#include <linux/limits.h>
#include <linux/types.h>
#include <linux/unaligned.h>
#include <uapi/camwall.h>

/* A prefix is packed as in the UAPI: address 63..16, length 15..8, group id 7..0. */
#define CW_PREFIX_MAC(prefix)	((prefix) >> 16)
#define CW_PREFIX_LEN(prefix)	((u8)((prefix) >> 8))
#define CW_PREFIX_GROUP(prefix)	((u8)(prefix))

#define CW_SLOT_NESTED		0xff	/* a slot whose OUI has prefixes longer than 24 bits */
#define CW_PROBES_MAX		16	/* slots that a look-up reads, beside the first one */

/**
 * struct cw_bucket - the prefixes of one OUI that are longer than 24 bits
 * @hash: of the OUI
 * @first: index of the first in &cw_prefix_table.nested
 * @count: how many; 0 in an empty place
 * @lengths: bit (length - 25) is set for each length that occurs
 * @value: of the OUI's own /24: group id + 1, or 0 where it is not listed
 */
struct cw_bucket {
	u32 hash;
	u32 first;
	u32 count;
	u32 lengths:24;
	u32 value:8;
};

/**
 * struct cw_prefix_table - an immutable set of prefixes
 * @slots: level 1, open addressing: hash of the OUI 31..8, value 7..0 (group id + 1, or
 *	   CW_SLOT_NESTED); 0 is an empty slot. Some more lie before the first one
 * @places: slots from @slots on
 * @multiplier: makes the hash of an OUI
 * @inverse: makes an OUI of its hash
 * @buckets: level 2, a directory of the OUIs with longer prefixes, open addressing. Some
 *	     more places lie before the first one
 * @nested: level 2, all prefixes longer than 24 bits, packed, sorted
 * @bucket_places: places from @buckets on; 0 where no prefix is longer than 24 bits
 * @n_nested: in @nested
 * @count: prefixes in all
 *
 * The hash is one-to-one, and the place where an OUI is looked for grows with it. Where
 * that is taken, it goes further down, behind larger hashes and before smaller ones: so an
 * OUI that is not there is missed as soon as a smaller hash, or an empty slot, is met.
 */
struct cw_prefix_table {
	const u32 *slots;
	unsigned long places;
	u32 multiplier;
	u32 inverse;
	struct cw_bucket *buckets;
	u64 *nested;
	u32 bucket_places;
	u32 n_nested;
	u32 count;
};

/**
 * enum cw_prefix_error - why a set of prefixes is no table
 * @CW_PREFIX_OK: it is one
 * @CW_PREFIX_NOMEM: no memory
 * @CW_PREFIX_CONFLICT: the same prefix in two groups
 * @CW_PREFIX_CROWDED: no multiplier was found that spreads the OUIs
 */
enum cw_prefix_error {
	CW_PREFIX_OK,
	CW_PREFIX_NOMEM,
	CW_PREFIX_CONFLICT,
	CW_PREFIX_CROWDED,
};

/** cw_mac_u64() - six octets as a number below 2^48 */
static inline u64 cw_mac_u64(const u8 *mac)
{
	return (u64)get_unaligned_be32(mac) << 16 | get_unaligned_be16(mac + 4);
}

bool cw_prefix_valid(u64 prefix);
enum cw_prefix_error cw_prefix_table_init(struct cw_prefix_table *table,
					  const u64 *prefixes, u32 n,
					  u64 *conflict);
void cw_prefix_table_init_open(struct cw_prefix_table *table);
void cw_prefix_table_destroy(struct cw_prefix_table *table);
size_t cw_prefix_table_size(const struct cw_prefix_table *table);
u8 cw_prefix_nested_value(const struct cw_prefix_table *table, const u8 *mac);
bool cw_prefix_table_find(const struct cw_prefix_table *table, const u8 *mac,
			  u64 *prefix);
bool cw_prefix_table_next(const struct cw_prefix_table *table, u32 *pos,
			  u64 *prefix);

/* The multiplier ends in eight zero bits: what is behind the OUI falls out at the top. */
static __always_inline u32 cw_mac_hash(const struct cw_prefix_table *table,
				       const u8 *mac)
{
	return get_unaligned_le32(mac) * table->multiplier;
}

/* Where a hash's OUI is, if nothing is in its way. */
static __always_inline long cw_hash_home(u32 hash, unsigned long places)
{
	return (u64)hash * places >> 32;
}

/**
 * enum cw_prefix_glance - what the first look at the table says of a MAC address
 * @CW_PREFIX_MISS: no prefix matches
 * @CW_PREFIX_HIT: the OUI is there
 * @CW_PREFIX_UNCLEAR: cw_prefix_slot_value() has to find out
 */
enum cw_prefix_glance {
	CW_PREFIX_MISS,
	CW_PREFIX_HIT,
	CW_PREFIX_UNCLEAR,
};

/**
 * cw_prefix_glance() - the first look at the table
 * @table: the table; the caller keeps it from going, in the kernel by RCU
 * @mac: six octets
 * @value: set at CW_PREFIX_HIT: the group's id + 1, or CW_SLOT_NESTED where level 2 has to
 *	   be asked (cw_prefix_nested_value()); 0 in an empty table
 *
 * The whole way of most packets: four of five that are not listed end at the first slot.
 * Reads no more than two, writes nothing.
 *
 * Context: any.
 */
static __always_inline enum cw_prefix_glance
cw_prefix_glance(const struct cw_prefix_table *table, const u8 *mac, u8 *value)
{
	u32 hash = cw_mac_hash(table, mac);
	const u32 *slot = &table->slots[cw_hash_home(hash, table->places)];

	if (slot[0] < hash)
		return CW_PREFIX_MISS;
	if (slot[0] - hash <= U8_MAX) {
		*value = slot[0];
		return CW_PREFIX_HIT;
	}
	if (slot[-1] < hash)
		return CW_PREFIX_MISS;
	if (slot[-1] - hash <= U8_MAX) {
		*value = slot[-1];
		return CW_PREFIX_HIT;
	}
	return CW_PREFIX_UNCLEAR;
}

/**
 * cw_prefix_slot_value() - what level 1 says of a MAC address
 * @table: the table; the caller keeps it from going, in the kernel by RCU
 * @mac: six octets
 *
 * Context: any.
 * Return: the group's id + 1; 0 where no prefix matches; CW_SLOT_NESTED where level 2 has
 * to be asked (cw_prefix_nested_value()).
 */
static inline u8 cw_prefix_slot_value(const struct cw_prefix_table *table,
				      const u8 *mac)
{
	u32 hash = cw_mac_hash(table, mac);
	long i;

	for (i = cw_hash_home(hash, table->places); table->slots[i] >= hash; i--)
		if (table->slots[i] - hash <= U8_MAX)
			return table->slots[i];
	return 0;
}

/**
 * cw_prefix_value() - the group of a MAC address
 * @table: the table; the caller keeps it from going, in the kernel by RCU
 * @mac: six octets
 *
 * Context: any.
 * Return: the group's id + 1, or 0 where no prefix matches.
 */
static inline u8 cw_prefix_value(const struct cw_prefix_table *table, const u8 *mac)
{
	u8 value = cw_prefix_slot_value(table, mac);

	return value == CW_SLOT_NESTED ? cw_prefix_nested_value(table, mac) : value;
}

#endif
