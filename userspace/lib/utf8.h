/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Characters of UTF-8: one at a time, and which of them print nothing. */
#ifndef CW_UTF8_H
#define CW_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** cw_utf8_decode() - the character at @text, where @room octets are; Return: its octets, 0 where it is no UTF-8 */
static inline size_t cw_utf8_decode(const char *text, size_t room, uint32_t *character)
{
	static const uint32_t smallest[] = { 0, 0, 0x80, 0x800, 0x10000 };
	unsigned char first = (unsigned char)*text;
	size_t length;
	uint32_t c;

	if (first < 0x80) {
		*character = first;
		return 1;
	}
	if (first < 0xc2 || first > 0xf4)
		return 0;

	length = first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
	if (length > room)
		return 0;
	c = first & (0x7fu >> length);
	for (size_t i = 1; i < length; i++) {
		unsigned char next = (unsigned char)text[i];

		if ((next & 0xc0) != 0x80)
			return 0;
		c = c << 6 | (next & 0x3f);
	}
	if (c < smallest[length] || c > 0x10ffff || (c >= 0xd800 && c <= 0xdfff))
		return 0;
	*character = c;
	return length;
}

static inline bool cw_utf8_is_control(uint32_t c)
{
	return c < 0x20 || (c >= 0x7f && c < 0xa0);
}

/* Spaces and what prints nothing; all are in the registry. */
static inline bool cw_utf8_is_blank(uint32_t c)
{
	return c == ' ' || cw_utf8_is_control(c) || c == 0xa0 || c == 0xad ||
	       (c >= 0x2000 && c <= 0x200f) || (c >= 0x2028 && c <= 0x202f) ||
	       (c >= 0x205f && c <= 0x2064) || c == 0x3000 || c == 0xfeff;
}

#endif
