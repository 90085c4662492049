// SPDX-License-Identifier: GPL-2.0-or-later
/* Text of others, made fit to be printed: nothing in it steers a terminal or hides what stands there. */
#include <string.h>

#include "text.h"
#include "utf8.h"

/* Marks, embeddings, overrides and isolates of the bidirectional algorithm. */
static bool turns_direction(uint32_t c)
{
	return c == 0x200e || c == 0x200f || (c >= 0x202a && c <= 0x202e) ||
	       (c >= 0x2066 && c <= 0x206f) || c == 0x61c;
}

static bool is_line(uint32_t c)
{
	return !cw_utf8_is_control(c) && !turns_direction(c) && c != 0x2028 && c != 0x2029;
}

static bool is_hostname(uint32_t c)
{
	return !cw_utf8_is_blank(c) && !turns_direction(c);
}

/* Never longer than @text; may be @text itself. */
static size_t clean(const char *text, size_t length, bool (*fits)(uint32_t c), char *out)
{
	size_t in = 0, n = 0;

	while (in < length) {
		uint32_t c;
		size_t octets = cw_utf8_decode(text + in, length - in, &c);

		if (!octets || !fits(c)) {
			out[n++] = '?';
			in += octets ? octets : 1;
			continue;
		}
		memmove(out + n, text + in, octets);
		n += octets;
		in += octets;
	}
	out[n] = '\0';
	return n;
}

char *cw_text_clean(char *text)
{
	clean(text, strlen(text), is_line, text);
	return text;
}

size_t cw_hostname_clean_to(const char *name, size_t length, char *out)
{
	return clean(name, length, is_hostname, out);
}
