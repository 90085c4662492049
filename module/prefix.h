/* SPDX-License-Identifier: GPL-2.0 */
/* The prefix table: from a MAC address to the group of its longest prefix. */
#ifndef _CW_PREFIX_H
#define _CW_PREFIX_H

#include <linux/types.h>
#include <linux/unaligned.h>
#include <uapi/camwall.h>

/* A prefix is packed as in the UAPI: address 63..16, length 15..8, group id 7..0. */
#define CW_PREFIX_MAC(prefix)	((prefix) >> 16)
#define CW_PREFIX_LEN(prefix)	((u8)((prefix) >> 8))
#define CW_PREFIX_GROUP(prefix)	((u8)(prefix))

#define CW_SLOT_NESTED		0xff	/* a slot whose OUI has prefixes longer than 24 bits */
#define CW_HASH_MULTIPLIER	0x9e3779b1u

/**
 * struct cw_bucket - the prefixes of one OUI that are longer than 24 bits
 * @oui: which
 * @first: index of the first in &cw_prefix_table.nested
 * @count: how many; 0 in an empty place of the directory
 * @lengths: bit (length - 25) is set for each length that occurs
 * @value: of the OUI's own /24: group id + 1, or 0 where it is not listed
 */
struct cw_bucket {
	u32 oui;
	u32 first;
	u32 count;
	u32 lengths:24;
	u32 value:8;
};

/**
 * struct cw_prefix_table - an immutable set of prefixes
 * @slots: level 1, open addressing on the OUI: OUI 31..8, value 7..0 (group id + 1,
 *	   or CW_SLOT_NESTED); 0 is an empty slot
 * @mask: slots less one
 * @shift: 32 less the binary logarithm of the slots
 * @reject: the group and the locally-administered bit of an OUI, as far as no prefix has them
 * @bucket_mask: places in @buckets less one
 * @bucket_shift: 32 less the binary logarithm of the places in @buckets
 * @n_nested: prefixes in @nested
 * @count: prefixes in all
 * @buckets: level 2, a directory by OUI, open addressing; NULL where no prefix is longer than 24
 * @nested: level 2, all prefixes longer than 24 bits, packed, sorted
 */
struct cw_prefix_table {
	u32 *slots;
	u32 mask;
	u32 shift;
	u32 reject;
	u32 bucket_mask;
	u32 bucket_shift;
	u32 n_nested;
	u32 count;
	struct cw_bucket *buckets;
	u64 *nested;
};

/**
 * enum cw_prefix_error - why a set of prefixes is no table
 * @CW_PREFIX_OK: it is one
 * @CW_PREFIX_NOMEM: no memory
 * @CW_PREFIX_CONFLICT: the same prefix in two groups
 */
enum cw_prefix_error {
	CW_PREFIX_OK,
	CW_PREFIX_NOMEM,
	CW_PREFIX_CONFLICT,
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
void cw_prefix_table_destroy(struct cw_prefix_table *table);
size_t cw_prefix_table_size(const struct cw_prefix_table *table);
u8 cw_prefix_nested_value(const struct cw_prefix_table *table, const u8 *mac);
bool cw_prefix_table_find(const struct cw_prefix_table *table, const u8 *mac,
			  u64 *prefix);
bool cw_prefix_table_next(const struct cw_prefix_table *table, u32 *pos,
			  u64 *prefix);

/**
 * cw_prefix_value() - the group of a MAC address
 * @table: the table; the caller keeps it from going, in the kernel by RCU
 * @mac: six octets
 *
 * Context: any. Reads one cache line of @table for most addresses; writes nothing.
 * Return: the group's id + 1, or 0 where no prefix matches.
 */
static inline u8 cw_prefix_value(const struct cw_prefix_table *table, const u8 *mac)
{
	u32 oui = get_unaligned_be32(mac) >> 8;
	u32 i, slot;

	if (oui & table->reject)
		return 0;

	for (i = (oui * CW_HASH_MULTIPLIER) >> table->shift;
	     (slot = table->slots[i]); i = (i + 1) & table->mask) {
		if (slot >> 8 != oui)
			continue;
		if ((u8)slot != CW_SLOT_NESTED)
			return (u8)slot;
		return cw_prefix_nested_value(table, mac);
	}
	return 0;
}

#endif
