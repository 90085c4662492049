// SPDX-License-Identifier: GPL-2.0-or-later
/* Host names, reasons and names of organisations are written by others: escaped here, and nowhere else. */
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "alloc.h"
#include "report_text.h"

#define REPLACEMENT	"\xef\xbf\xbd"		/* U+FFFD */
#define MAX_POINT	0x10ffff

/*
 * Octets of the character at @text and its code point, or 0 where it is no UTF-8 (overlong forms and
 * surrogates too).
 */
static size_t decode(const unsigned char *text, uint32_t *point)
{
	static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	size_t n, i;

	if (*text < 0x80) {
		*point = *text;
		return 1;
	}
	n = *text >= 0xf0 && *text < 0xf8 ? 4 : *text >= 0xe0 && *text < 0xf0 ? 3 :
	    *text >= 0xc0 && *text < 0xe0 ? 2 : 0;
	if (!n)
		return 0;
	*point = *text & (0x7f >> n);
	for (i = 1; i < n; i++) {
		if ((text[i] & 0xc0) != 0x80)
			return 0;
		*point = *point << 6 | (text[i] & 0x3f);
	}
	if (*point < least[n] || *point > MAX_POINT || (*point >= 0xd800 && *point < 0xe000))
		return 0;
	return n;
}

/* Control characters, and those that embed, override or isolate a direction of writing. */
static bool steers(uint32_t point)
{
	return point < 0x20 || (point >= 0x7f && point < 0xa0) || point == 0x061c ||
	       point == 0x200e || point == 0x200f || (point >= 0x2028 && point <= 0x202e) ||
	       (point >= 0x2066 && point <= 0x2069) || point == 0xfeff ||
	       (point & 0xfffe) == 0xfffe;
}

static bool is_blank(uint32_t point)
{
	return point == '\t' || point == '\n' || point == '\r';
}

char *report_clean(const char *text)
{
	const unsigned char *in = (const unsigned char *)(text ?: "");
	char *clean = cw_malloc(strlen((const char *)in) * strlen(REPLACEMENT) + 1), *to = clean;
	uint32_t point;

	while (*in) {
		size_t n = decode(in, &point);

		if (n && is_blank(point))
			*to++ = ' ';
		else if (n && !steers(point))
			to = mempcpy(to, in, n);
		else
			to = mempcpy(to, REPLACEMENT, strlen(REPLACEMENT));
		in += n ?: 1;
	}
	*to = '\0';
	return clean;
}

static const char *entity(char c)
{
	switch (c) {
	case '&': return "&amp;";
	case '<': return "&lt;";
	case '>': return "&gt;";
	case '"': return "&quot;";
	case '\'': return "&#39;";
	default: return NULL;
	}
}

void report_html(FILE *out, const char *text)
{
	char *clean = report_clean(text), *c;

	for (c = clean; *c; c++) {
		const char *escaped = entity(*c);

		if (escaped)
			fputs(escaped, out);
		else
			putc(*c, out);
	}
	free(clean);
}

void report_htmlf(FILE *out, const char *fmt, ...)
{
	char *text = NULL;
	va_list args;

	va_start(args, fmt);
	if (vasprintf(&text, fmt, args) >= 0) {
		report_html(out, text);
		free(text);
	}
	va_end(args);
}

/* Also after spaces: some spreadsheets take these off first. */
static bool is_formula(const char *text)
{
	static const char *const wide[] = { "\xef\xbc\x9d", "\xef\xbc\x8b", "\xef\xbc\x8d", "\xef\xbc\xa0" };
	size_t i;

	if (*text == '\t' || *text == '\r' || *text == '\n')
		return true;
	text += strspn(text, " ");
	if (*text && strchr("=+-@", *text))
		return true;
	for (i = 0; i < sizeof(wide) / sizeof(wide[0]); i++)
		if (strncmp(text, wide[i], strlen(wide[i])) == 0)
			return true;
	return false;
}

static bool needs_quotes(const char *text)
{
	size_t length = strlen(text);

	return strpbrk(text, ",\"\r\n") || (length && (*text == ' ' || text[length - 1] == ' '));
}

void report_csv_cell(FILE *out, const char *text)
{
	bool formula = is_formula(text ?: "");
	char *clean = report_clean(text), *c;
	bool quote = needs_quotes(clean);

	if (quote)
		putc('"', out);
	if (formula)
		putc('\'', out);
	for (c = clean; *c; c++) {
		if (*c == '"')
			putc('"', out);
		putc(*c, out);
	}
	if (quote)
		putc('"', out);
	free(clean);
}
