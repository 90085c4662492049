/* SPDX-License-Identifier: GPL-2.0-or-later */
/* MAC addresses and prefixes as text, and as the packed 64 bits of the UAPI. */
#ifndef CW_MAC_H
#define CW_MAC_H

#include <stdbool.h>
#include <stdint.h>

#include "error.h"

#define CW_MAC_STRLEN		17	/* "44:19:b6:12:34:56" */
#define CW_PREFIX_STRLEN	20	/* the same with "/48" */

/*
 * A prefix is packed as the UAPI has it: bits 63 to 16 the address, 15 to 8 the
 * length, 7 to 0 the id of the group. A MAC address alone is a uint64_t below 2^48.
 */
static inline uint64_t cw_prefix_pack(uint64_t mac, unsigned int len,
				      unsigned int group)
{
	return mac << 16 | (uint64_t)len << 8 | group;
}

static inline uint64_t cw_prefix_mac(uint64_t prefix) { return prefix >> 16; }
static inline unsigned int cw_prefix_len(uint64_t prefix) { return prefix >> 8 & 0xff; }
static inline unsigned int cw_prefix_group(uint64_t prefix) { return prefix & 0xff; }

/**
 * cw_mac_parse() - read a whole MAC address
 * @text: 12 hex digits in pairs, split by ':' or '-', in fours split by '.', or not split
 * @mac: the address, below 2^48
 * @err: says what is wrong and what would be right
 *
 * Return: 0, or -1 with @err set.
 */
int cw_mac_parse(const char *text, uint64_t *mac, struct cw_error *err);

/**
 * cw_prefix_parse() - read a prefix
 * @text: 6 to 12 hex digits, split as for cw_mac_parse() or not, with "/LEN" (24 to 48)
 *	  or without; without, every digit counts (28:57:be is a /24, 70b3d5123 a /36)
 * @prefix: packed, with group id 0
 * @err: says what is wrong and what would be right; bits set beyond the length are
 *	 an error that names the prefix that was probably meant
 *
 * Return: 0, or -1 with @err set.
 */
int cw_prefix_parse(const char *text, uint64_t *prefix, struct cw_error *err);

/** cw_mac_format() - write "44:19:b6:12:34:56"; Return: @buf */
char *cw_mac_format(uint64_t mac, char buf[static CW_MAC_STRLEN + 1]);

/**
 * cw_prefix_format() - write a prefix with the octets that it covers and its length
 *
 * "28:57:be/24", "b0:b3:53:10/28", "70:b3:d5:12:30/36", "44:19:b6:12:34:56/48":
 * what cw_prefix_parse() reads back as the same prefix.
 *
 * Return: @buf
 */
char *cw_prefix_format(uint64_t prefix, char buf[static CW_PREFIX_STRLEN + 1]);

#endif
