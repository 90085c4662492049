// SPDX-License-Identifier: GPL-2.0-or-later
/* MAC addresses and prefixes as text, and as the packed 64 bits of the UAPI. */
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "camwall.h"
#include "mac.h"

#define MAC_DIGITS	12
#define MAC_FORMS	"44:19:b6:12:34:56, 44-19-b6-12-34-56, 4419.b612.3456 or 4419b6123456"
#define PREFIX_FORMS	"28:57:be, 28-57-be, 2857be or b0:b3:53:10/28"

/**
 * struct digits - the hex digits of an address as it was written
 * @value: their value, the first digit the most significant of @n
 * @n: how many
 * @last: digits behind the last separator; @n where there is none
 * @per_group: digits between two separators; 0 where there is none
 */
struct digits {
	uint64_t value;
	unsigned int n;
	unsigned int last;
	unsigned int per_group;
};

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

/* The digits up to @end; NULL, or why they are none of an address. */
static const char *read_digits(const char *text, const char *end, struct digits *d)
{
	char separator = 0;

	*d = (struct digits){ 0 };
	for (; text < end; text++) {
		int digit = hex_digit(*text);

		if (digit >= 0) {
			if (++d->n > MAC_DIGITS)
				return "more than 12 hex digits";
			d->value = d->value << 4 | (unsigned int)digit;
			d->last++;
			continue;
		}
		if (!strchr(":-.", *text))
			return "a character that is no hex digit";
		if (separator && separator != *text)
			return "two kinds of separators";
		separator = *text;
		d->per_group = separator == '.' ? 4 : 2;
		if (d->last != d->per_group)
			return "digits that are split unevenly";
		d->last = 0;
	}
	if (!d->n)
		return "no hex digit";
	if (!d->last)
		return "a separator at its end";
	if (d->per_group && d->last > d->per_group)
		return "digits that are split unevenly";
	return NULL;
}

int cw_mac_parse(const char *text, uint64_t *mac, struct cw_error *err)
{
	struct digits d;
	const char *why = read_digits(text, text + strlen(text), &d);

	if (!why && d.n < MAC_DIGITS)
		why = "fewer than 12 hex digits";
	if (why)
		return cw_error_set(err, "\"%s\" is no MAC address, it has %s: write it as %s",
				    text, why, MAC_FORMS);
	*mac = d.value;
	return 0;
}

/* The length behind the '/'; -1 where there is none that is right. */
static int read_length(const char *text)
{
	int length = 0;

	if (strlen(text) != 2)
		return -1;
	for (; *text; text++) {
		if (*text < '0' || *text > '9')
			return -1;
		length = length * 10 + *text - '0';
	}
	if (length < CAMWALL_PREFIX_MIN_LEN || length > CAMWALL_PREFIX_MAX_LEN)
		return -1;
	return length;
}

static uint64_t mask(unsigned int length)
{
	return ~0ULL << (CAMWALL_PREFIX_MAX_LEN - length) & ((1ULL << 48) - 1);
}

/* 28:57:be:1 may mean 28:57:be:10/28 and 28:57:be:01/32 alike. */
static int refuse_half_octet(const char *text, uint64_t mac, unsigned int digits,
			     struct cw_error *err)
{
	char whole[CW_PREFIX_STRLEN + 1], zero[CW_PREFIX_STRLEN + 1];
	uint64_t low = mac >> 4 & mask(digits * 4 + 4);

	/* Only the last digit moves down, the octets before it stay. */
	low = (mac & mask(digits * 4 - 4)) | (low & ~mask(digits * 4));
	cw_prefix_format(cw_prefix_pack(mac, digits * 4, 0), whole);
	cw_prefix_format(cw_prefix_pack(low, digits * 4 + 4, 0), zero);
	return cw_error_set(err, "prefix \"%s\" ends in half an octet: write %s or %s",
			    text, whole, zero);
}

int cw_prefix_parse(const char *text, uint64_t *prefix, struct cw_error *err)
{
	const char *slash = strchr(text, '/');
	struct digits d;
	const char *why = read_digits(text, slash ? slash : text + strlen(text), &d);
	uint64_t mac;
	int length;

	if (!why && d.n * 4 < CAMWALL_PREFIX_MIN_LEN)
		why = "fewer than 6 hex digits";
	if (why)
		return cw_error_set(err, "\"%s\" is no prefix, it has %s: write it as %s",
				    text, why, PREFIX_FORMS);

	mac = d.value << (48 - d.n * 4);
	if (d.per_group && d.last % 2)
		return refuse_half_octet(text, mac, d.n, err);

	length = slash ? read_length(slash + 1) : (int)d.n * 4;
	if (length < 0)
		return cw_error_set(err, "prefix \"%s\" has no length that is right: write a number of bits from %d to %d behind the '/'",
				    text, CAMWALL_PREFIX_MIN_LEN, CAMWALL_PREFIX_MAX_LEN);

	*prefix = cw_prefix_pack(mac & mask((unsigned int)length), (unsigned int)length, 0);
	if (mac & ~mask((unsigned int)length)) {
		char meant[CW_PREFIX_STRLEN + 1];

		return cw_error_set(err, "prefix \"%s\" has bits set beyond its length of %d: %s was probably meant",
				    text, length, cw_prefix_format(*prefix, meant));
	}
	return 0;
}

static char *format_octets(uint64_t mac, unsigned int octets, char *buf)
{
	char *end = buf;

	for (unsigned int i = 0; i < octets; i++)
		end += sprintf(end, i ? ":%02x" : "%02x", (unsigned int)(mac >> (40 - 8 * i) & 0xff));
	return end;
}

char *cw_mac_format(uint64_t mac, char buf[static CW_MAC_STRLEN + 1])
{
	format_octets(mac, 6, buf);
	return buf;
}

char *cw_prefix_format(uint64_t prefix, char buf[static CW_PREFIX_STRLEN + 1])
{
	unsigned int length = cw_prefix_len(prefix);
	char *end = format_octets(cw_prefix_mac(prefix), (length + 7) / 8, buf);

	sprintf(end, "/%u", length);
	return buf;
}
