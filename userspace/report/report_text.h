/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Text of a report: what others named made harmless, figures and times made readable. */
#ifndef CW_REPORT_TEXT_H
#define CW_REPORT_TEXT_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#define REPORT_TEXT_LEN	48	/* octets that a figure, size, span or time takes at most */

/**
 * report_clean() - a text by others as valid UTF-8 that steers nothing
 * @text: any octets; NULL is an empty text
 *
 * Octets that are no UTF-8, control characters and those that change the direction of
 * writing (they can make a name look like another) become U+FFFD; tab and line breaks
 * become spaces.
 *
 * Return: a new string, for free().
 */
char *report_clean(const char *text);

/** report_html() - write a text to HTML, escaped for an element or a quoted attribute */
void report_html(FILE *out, const char *text);

/** report_htmlf() - the same of what is printed; markup goes to @out by fputs() */
__attribute__((format(printf, 2, 3)))
void report_htmlf(FILE *out, const char *fmt, ...);

/**
 * report_csv_cell() - write a cell of RFC 4180
 * @text: NULL is an empty cell
 *
 * A cell that a spreadsheet would take for a formula (it begins with = + - @, a tab, CR or
 * LF, or one of the full-width forms) gets an apostrophe in front, as OWASP advises. A cell
 * with a comma, quote or line break, or that begins or ends with a space, is quoted.
 */
void report_csv_cell(FILE *out, const char *text);

/** report_count() - "1,234,567"; Return: @buf */
char *report_count(uint64_t n, char buf[static REPORT_TEXT_LEN]);

/** report_octets() - "4.2 GiB"; Return: @buf */
char *report_octets(uint64_t n, char buf[static REPORT_TEXT_LEN]);

/** report_span() - "3 days 4 h", "12 min", "5 s": the two greatest units; Return: @buf */
char *report_span(uint64_t seconds, char buf[static REPORT_TEXT_LEN]);

/** report_moment() - "2026-11-25 16:20 UTC"; 0 is "never"; Return: @buf */
char *report_moment(uint64_t seconds, char buf[static REPORT_TEXT_LEN]);

/** report_short() - the same without "UTC", where the head of a column says it; Return: @buf */
char *report_short(uint64_t seconds, char buf[static REPORT_TEXT_LEN]);

/** report_date() - "2026-11-25"; Return: @buf */
char *report_date(uint64_t seconds, char buf[static REPORT_TEXT_LEN]);

/** report_plural() - "" for one, else "s" */
static inline const char *report_plural(uint64_t n)
{
	return n == 1 ? "" : "s";
}

#endif
