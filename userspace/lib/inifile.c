// SPDX-License-Identifier: GPL-2.0-or-later
/* Files of sections and keys: libinih splits them, this reader knows the line and loses nothing. */
#include <ctype.h>
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include <ini.h>

#include "alloc.h"
#include "inifile.h"

#define UTF8_BOM "\xef\xbb\xbf"
#define SPACES	 " \t\r\n\v\f"

/**
 * struct reader - where in the file we are
 * @section: of the last header; NULL before the first
 * @line: number of the line that libinih works on
 * @text: buffer of getline()
 * @value: of the key in @line, in @text; libinih cuts a line at 197 octets
 * @failed: @err is set; nothing more is read
 */
struct reader {
	FILE *stream;
	const char *file;
	cw_ini_key_fn *fn;
	void *ctx;
	struct cw_error *err;
	char *section;
	int line;
	char *text;
	size_t text_size;
	const char *value;
	bool failed;
};

static bool is_space(char c)
{
	return isspace((unsigned char)c);
}

static char *strip(char *text)
{
	char *end;

	while (is_space(*text))
		text++;
	end = text + strlen(text);
	while (end > text && is_space(end[-1]))
		end--;
	*end = '\0';
	return text;
}

static void cut_comment(char *text)
{
	for (char *c = text; *c; c++) {
		bool first = c == text;

		if (!first && !is_space(c[-1]))
			continue;
		if (*c == ';' || (*c == '#' && (first || !c[1] || is_space(c[1])))) {
			*c = '\0';
			return;
		}
	}
}

static bool is_key(const char *text, size_t length)
{
	for (size_t i = 0; i < length; i++) {
		if (!isalnum((unsigned char)text[i]) && text[i] != '-' && text[i] != '_')
			return false;
	}
	return length;
}

static int read_header(struct reader *r, char *text)
{
	char *end = strchr(text, ']'), *name;

	if (!end)
		return cw_error_at(r->err, r->file, r->line,
				   "the header \"%s\" has no end: write a ']' behind it", text);
	if (end[1])
		return cw_error_at(r->err, r->file, r->line,
				   "\"%s\" stands behind a header: begin a new line for it",
				   strip(end + 1));

	*end = '\0';
	name = strip(text + 1);
	free(r->section);
	r->section = cw_strdup(name);
	if (!*name)
		return cw_error_at(r->err, r->file, r->line,
				   "a header without a name: write it between '[' and ']'");
	return r->fn(r->ctx, r->file, r->line, r->section, NULL, NULL, r->err);
}

/* What libinih would take, but an administrator would not mean. */
static int check_key_line(struct reader *r, const char *text, bool indented)
{
	const char *equals = strchr(text, '=');
	size_t length;

	if (!equals && indented)
		return cw_error_at(r->err, r->file, r->line,
				   "\"%s\" has no '=', and a value does not go on in the next line: repeat the key, as in \"key = %s\"",
				   text, text);
	if (!equals)
		return cw_error_at(r->err, r->file, r->line,
				   "\"%s\" is neither a [section], nor key = value, nor a comment: write one of these, or put a '#' before it",
				   text);

	length = (size_t)(equals - text);
	while (length && is_space(text[length - 1]))
		length--;
	if (!is_key(text, length))
		return cw_error_at(r->err, r->file, r->line,
				   "\"%.*s\" is no key: write key = value, with a key of letters, digits, '-' and '_'",
				   (int)length, text);
	if (!r->section)
		return cw_error_at(r->err, r->file, r->line,
				   "the key \"%.*s\" stands before the first [section]: put it below one",
				   (int)length, text);
	return 0;
}

/* One line, checked, and left in @out for libinih; empty where there is nothing for it to do. */
static int read_line(struct reader *r, size_t length, char *out, size_t room)
{
	char *text = r->text;
	bool indented;

	*out = '\0';
	if (strlen(text) < length)
		return cw_error_at(r->err, r->file, r->line,
				   "a zero byte: this is no text file, or it is damaged");

	if (r->line == 1 && !strncmp(text, UTF8_BOM, strlen(UTF8_BOM)))
		text += strlen(UTF8_BOM);
	indented = is_space(*text);
	/*
	 * Without the space before it, libinih never takes an indented "key = value" for
	 * another value of the key above.
	 */
	text = strip(text);
	if (*text == '#')
		return 0;
	cut_comment(text);
	text = strip(text);
	if (!*text)
		return 0;

	if (*text == '[')
		return read_header(r, text);
	if (check_key_line(r, text, indented))
		return -1;
	r->value = strchr(text, '=') + 1;
	r->value += strspn(r->value, SPACES);
	/* libinih counts a line end and a terminating zero. */
	length = (size_t)(strchr(text, '=') + 1 - text);
	if (length + 3 > room)
		return cw_error_at(r->err, r->file, r->line,
				   "this key has %zu octets, %zu are allowed: no key is that long",
				   length - 1, room - 4);
	memcpy(out, text, length);
	out[length] = '\0';
	return 0;
}

/* ini_reader: as fgets(), NULL at the end. */
static char *next_line(char *out, int room, void *ctx)
{
	struct reader *r = ctx;
	ssize_t length;

	if (r->failed)
		return NULL;

	errno = 0;
	length = getline(&r->text, &r->text_size, r->stream);
	if (length < 0) {
		if (ferror(r->stream) || errno) {
			cw_error_at(r->err, r->file, 0, "cannot be read: %s", strerror(errno));
			r->failed = true;
		}
		return NULL;
	}
	r->line++;
	if (read_line(r, (size_t)length, out, (size_t)room)) {
		r->failed = true;
		return NULL;
	}
	return out;
}

/*
 * ini_handler: nonzero to go on. Section and value are the reader's: libinih cuts the one
 * at 49 octets, and the line that the other stands in.
 */
static int take_key(void *ctx, const char *section, const char *key, const char *value)
{
	struct reader *r = ctx;

	if (r->failed)
		return 0;
	if (!key)	/* a header, in builds that report them */
		return 1;
	if (r->fn(r->ctx, r->file, r->line, r->section, key, r->value, r->err))
		r->failed = true;
	return !r->failed;
}

int cw_ini_read(FILE *stream, const char *file, cw_ini_key_fn *fn, void *ctx,
		struct cw_error *err)
{
	struct reader r = {
		.stream = stream, .file = file, .fn = fn, .ctx = ctx, .err = err,
	};
	int line = ini_parse_stream(next_line, &r, take_key, &r);

	if (line && !r.failed) {
		cw_error_at(err, file, line < 0 ? 0 : line,
			    "not understood: write a [section], key = value or a comment");
		r.failed = true;
	}
	free(r.text);
	free(r.section);
	return r.failed ? -1 : 0;
}
