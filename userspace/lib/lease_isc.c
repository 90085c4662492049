// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * ISC dhcpd's lease file: declarations "lease ADDRESS { statement; ... }" among others. It is
 * a journal: what a later declaration says of an address holds.
 */
#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "lease_private.h"
#include "mac.h"

#define MAX_WORDS	8	/* of a statement; what comes behind is of none that is read */

/** enum token - what stands next in the file */
enum token { END, OPEN, CLOSE, SEMICOLON, WORD, CUT };

static void skip_blanks(struct cw_lease_reader *reader)
{
	for (; reader->next < reader->end; reader->next++) {
		if (*reader->next == '#') {
			char *newline = memchr(reader->next, '\n', reader->end - reader->next);

			reader->next = newline ?: reader->end;
			if (!newline)
				return;
		}
		if (*reader->next == '\n')
			reader->line++;
		else if (!isspace((unsigned char)*reader->next))
			return;
	}
}

static int octal(const char *text)
{
	int value = 0, i;

	for (i = 0; i < 3; i++) {
		if (text[i] < '0' || text[i] > '7')
			return -1;
		value = value * 8 + text[i] - '0';
	}
	return value;
}

/** struct word - a part of the file; what it stands in is not ended by a zero yet */
struct word {
	char *text;
	size_t length;
};

/* A text in quotes, in place: \" and \\ stand for the second character, \ooo for an octet. */
static enum token take_text(struct cw_lease_reader *reader, struct word *word)
{
	char *from = reader->next + 1, *to = from;

	word->text = to;
	/* No text goes on in the next line: it was cut off, and there a statement begins. */
	for (; from < reader->end && *from != '"' && *from != '\n'; from++) {
		int octet = -1;

		if (*from == '\\' && from + 1 < reader->end && from[1] != '\n') {
			octet = reader->end - from > 3 ? octal(from + 1) : -1;
			from += octet < 0 ? 1 : 3;
		}
		/* A zero would end the name; what is above 255 is no octet. */
		*to++ = (char)(octet < 0 ? *from : octet > 0 && octet <= 0xff ? octet : '?');
	}
	word->length = to - word->text;
	reader->next = from;
	if (from == reader->end || *from != '"')
		return CUT;
	reader->next++;
	return WORD;
}

static bool ends_word(char c)
{
	return isspace((unsigned char)c) || strchr("{};\"#", c);
}

static enum token next_token(struct cw_lease_reader *reader, struct word *word)
{
	skip_blanks(reader);
	if (reader->next == reader->end)
		return END;
	switch (*reader->next) {
	case '{':
		reader->next++;
		return OPEN;
	case '}':
		reader->next++;
		return CLOSE;
	case ';':
		reader->next++;
		return SEMICOLON;
	case '"':
		return take_text(reader, word);
	}
	word->text = reader->next;
	while (reader->next < reader->end && !ends_word(*reader->next))
		reader->next++;
	word->length = reader->next - word->text;
	return WORD;
}

/** struct statement - words up to what ends them; @line: of the first */
struct statement {
	char *words[MAX_WORDS];
	int n;
	enum token end;
	int line;
};

/* Words are ended by a zero only when all that stands behind them was read. */
static void read_statement(struct cw_lease_reader *reader, struct statement *statement)
{
	struct word words[MAX_WORDS], word;
	int i;

	memset(statement, 0, sizeof(*statement));
	while ((statement->end = next_token(reader, &word)) == WORD) {
		if (!statement->n)
			statement->line = reader->line;
		if (statement->n < MAX_WORDS)
			words[statement->n++] = word;
	}
	for (i = 0; i < statement->n; i++) {
		statement->words[i] = words[i].text;
		words[i].text[words[i].length] = '\0';
	}
}

static bool is(const struct statement *statement, const char *first, const char *second)
{
	return statement->n && strcmp(statement->words[0], first) == 0 &&
	       (!second || (statement->n > 1 && strcmp(statement->words[1], second) == 0));
}

/* "4 2026/11/19 22:00:00", in UTC, "epoch 1795000000" or "never" */
static bool read_date(const struct statement *statement, uint64_t *seconds)
{
	struct tm tm = { 0 };
	char rest;

	if (statement->n == 2 && strcmp(statement->words[1], "never") == 0) {
		*seconds = CW_LEASE_NEVER;
		return true;
	}
	if (statement->n == 3 && strcmp(statement->words[1], "epoch") == 0)
		return cw_lease_number(statement->words[2], seconds);
	if (statement->n != 4 ||
	    /* NOLINTNEXTLINE(cert-err34-c): no more digits than fit */
	    sscanf(statement->words[2], "%4d/%2d/%2d%c", &tm.tm_year, &tm.tm_mon, &tm.tm_mday, &rest) != 3 ||
	    /* NOLINTNEXTLINE(cert-err34-c): the same */
	    sscanf(statement->words[3], "%2d:%2d:%2d%c", &tm.tm_hour, &tm.tm_min, &tm.tm_sec, &rest) != 3)
		return false;
	if (tm.tm_year < 1970 || tm.tm_mon < 1 || tm.tm_mon > 12 || tm.tm_mday < 1 ||
	    tm.tm_mday > 31 || tm.tm_hour < 0 || tm.tm_min < 0 || tm.tm_sec < 0)
		return false;
	tm.tm_year -= 1900;
	tm.tm_mon--;
	*seconds = timegm(&tm);
	return true;
}

static void take_statement(struct cw_lease_reader *reader, struct cw_lease_record *record,
			   const struct statement *statement)
{
	if (is(statement, "hardware", "ethernet") && statement->n == 3)
		record->has_mac = cw_mac_parse(statement->words[2], &record->lease.mac, NULL) == 0;
	else if (is(statement, "binding", "state") && statement->n == 3)
		record->active = strcmp(statement->words[2], "active") == 0;
	else if (is(statement, "client-hostname", NULL) && statement->n == 2)
		cw_lease_set_hostname(record, statement->words[1]);
	else if (is(statement, "ends", NULL) && !read_date(statement, &record->lease.expires))
		cw_lease_damage(reader, "no date: weekday, year/month/day and hour:minute:second are expected behind \"ends\"");
}

/* Behind the '{' of a declaration that is not read: up to its '}'. */
static bool skip_block(struct cw_lease_reader *reader)
{
	struct statement statement;
	int depth = 1;

	while (depth) {
		read_statement(reader, &statement);
		if (statement.end == END || statement.end == CUT)
			return false;
		depth += (statement.end == OPEN) - (statement.end == CLOSE);
	}
	return true;
}

/* Behind the '{' of a lease. */
static bool read_lease(struct cw_lease_reader *reader, struct cw_lease_record *record)
{
	struct statement statement;

	record->active = true;
	record->lease.expires = CW_LEASE_NEVER;
	for (;;) {
		read_statement(reader, &statement);
		if (statement.end == CLOSE)
			return true;
		if (statement.end == END || statement.end == CUT)
			return false;
		if (statement.end == SEMICOLON)
			take_statement(reader, record, &statement);
		else if (!skip_block(reader))
			return false;
	}
}

static void cut_off(struct cw_lease_reader *reader, int line)
{
	int now = reader->line;

	reader->line = line;
	cw_lease_damage(reader, "the lease that begins here has no end: the file is cut off");
	reader->line = now;
}

static void take_lease(struct cw_lease_reader *reader, const struct statement *head)
{
	struct cw_lease_record *record = cw_lease_add(reader);
	bool whole = head->n == 2 && cw_lease_set_address(record, head->words[1]);

	if (!whole)
		cw_lease_damage(reader, "no lease of ISC dhcpd: an IP address is expected behind \"lease\"");
	if (read_lease(reader, record) && whole)
		return;
	if (whole)
		cut_off(reader, head->line);
	cw_lease_drop(reader);
}

/* Counting lines and strings alike would stop at one. A file system may end a file with many. */
static void replace_zeros(struct cw_lease_reader *reader)
{
	char *zero = memchr(reader->text, '\0', reader->end - reader->text);

	if (!zero)
		return;
	reader->line = 0;
	cw_lease_damage(reader, "a zero byte: this is no text file, or it is damaged");
	for (; zero; zero = memchr(zero, '\0', reader->end - zero))
		*zero++ = '?';
}

void cw_lease_parse_isc(struct cw_lease_reader *reader)
{
	struct statement statement;

	replace_zeros(reader);
	reader->line = 1;
	for (;;) {
		read_statement(reader, &statement);
		if (statement.end == CUT)
			cw_lease_damage(reader, "a text without its closing quote");
		else if (statement.end == CLOSE)
			cw_lease_damage(reader, "a '}' without its '{'");
		else if (statement.end == OPEN && is(&statement, "lease", NULL))
			take_lease(reader, &statement);
		else if (statement.end == OPEN)
			skip_block(reader);
		if (statement.end == END)
			return;
	}
}
