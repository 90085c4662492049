// SPDX-License-Identifier: GPL-2.0-or-later
/* Names of organisations as the registry has them: cleaned for people, folded for comparison. */
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "alloc.h"
#include "organization.h"
#include "registry.h"
#include "utf8.h"

static size_t encode(uint32_t c, char *out)
{
	if (c < 0x80) {
		out[0] = (char)c;
		return 1;
	}
	if (c < 0x800) {
		out[0] = (char)(0xc0 | c >> 6);
		out[1] = (char)(0x80 | (c & 0x3f));
		return 2;
	}
	if (c < 0x10000) {
		out[0] = (char)(0xe0 | c >> 12);
		out[1] = (char)(0x80 | (c >> 6 & 0x3f));
		out[2] = (char)(0x80 | (c & 0x3f));
		return 3;
	}
	out[0] = (char)(0xf0 | c >> 18);
	out[1] = (char)(0x80 | (c >> 12 & 0x3f));
	out[2] = (char)(0x80 | (c >> 6 & 0x3f));
	out[3] = (char)(0x80 | (c & 0x3f));
	return 4;
}

static bool is_between(uint32_t c, uint32_t first, uint32_t last)
{
	return c >= first && c <= last;
}

/* Latin-1, general, CJK and full-width punctuation. */
static bool is_wide_punctuation(uint32_t c)
{
	if (is_between(c, 0xa1, 0xbf))
		return c != 0xaa && c != 0xb5 && c != 0xba;	/* these three are letters */
	return is_between(c, 0x2010, 0x205e) || is_between(c, 0x3001, 0x303f) ||
	       is_between(c, 0xff01, 0xff0f) || is_between(c, 0xff1a, 0xff20) ||
	       is_between(c, 0xff3b, 0xff40) || is_between(c, 0xff5b, 0xff65);
}

static uint32_t lower_latin_extended(uint32_t c)
{
	if (c == 0x130 || c == 0x131)	/* the Turkish I with and i without a dot */
		return 'i';
	if (c == 0x178)
		return 0xff;
	if (is_between(c, 0x139, 0x148) || is_between(c, 0x179, 0x17e))
		return c + (c & 1);
	if (c == 0x138 || c == 0x149 || c == 0x17f)
		return c;
	return c | 1;
}

/*
 * Not towlower(): that depends on the locale, and the same registry has to give the same
 * prefixes everywhere.
 */
static uint32_t lower_wide(uint32_t c)
{
	if (is_between(c, 0xff10, 0xff19))	/* full-width digits and letters */
		return c - 0xff10 + '0';
	if (is_between(c, 0xff21, 0xff3a))
		return c - 0xff21 + 'a';
	if (is_between(c, 0xff41, 0xff5a))
		return c - 0xff41 + 'a';
	if (is_between(c, 0xc0, 0xde) && c != 0xd7)
		return c + 0x20;
	if (is_between(c, 0x100, 0x17f))
		return lower_latin_extended(c);
	if (is_between(c, 0x391, 0x3a9) || is_between(c, 0x410, 0x42f))
		return c + 0x20;
	if (is_between(c, 0x400, 0x40f))
		return c + 0x50;
	return c;
}

/* The folded form of a character; 0 where it goes. */
static uint32_t fold(uint32_t c)
{
	if (c >= 0x80)
		return cw_utf8_is_blank(c) || is_wide_punctuation(c) ? 0 : lower_wide(c);
	if (is_between(c, 'A', 'Z'))
		return c + 'a' - 'A';
	return is_between(c, 'a', 'z') || is_between(c, '0', '9') ? c : 0;
}

size_t cw_organization_fold_to(const char *name, size_t length, char *out)
{
	size_t in = 0, n = 0;

	while (in < length) {
		uint32_t c;
		size_t octets = cw_utf8_decode(name + in, length - in, &c);

		if (!octets) {
			out[n++] = name[in++];
			continue;
		}
		in += octets;
		c = fold(c);
		if (c)
			n += encode(c, out + n);
	}
	out[n] = '\0';
	return n;
}

char *cw_organization_fold(const char *name)
{
	size_t length = strlen(name);
	char *folded = cw_malloc(length + 1);

	cw_organization_fold_to(name, length, folded);
	return folded;
}

size_t cw_organization_clean_to(const char *name, size_t length, char *out)
{
	size_t in = 0, n = 0, end = 0;

	while (in < length) {
		uint32_t c;
		size_t octets = cw_utf8_decode(name + in, length - in, &c);
		const char *from = name + in;

		in += octets ? octets : 1;
		if (!octets) {
			out[n++] = '?';
		} else if (cw_utf8_is_blank(c) && !n) {
			continue;
		} else if (cw_utf8_is_control(c)) {
			out[n++] = ' ';
			continue;
		} else {
			memmove(out + n, from, octets);
			n += octets;
		}
		if (!octets || !cw_utf8_is_blank(c))
			end = n;
	}
	out[end] = '\0';
	return end;
}
