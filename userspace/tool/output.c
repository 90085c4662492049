// SPDX-License-Identifier: GPL-2.0-or-later
/* How the subcommands write: aligned tables, readable sizes and ages, JSON. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "alloc.h"
#include "output.h"
#include "text.h"
#include "timestamp.h"

#define GAP		2	/* columns between two cells */
#define DAYS_A_MONTH	30L
#define DAYS_A_YEAR	365

struct table {
	const char *const *columns;
	size_t n_columns;
	char **cells;
	size_t n_cells;
};

struct table *table_new(const char *const *columns)
{
	struct table *table = cw_calloc(1, sizeof(*table));

	table->columns = columns;
	while (columns[table->n_columns])
		table->n_columns++;
	return table;
}

void table_cell(struct table *table, const char *fmt, ...)
{
	char *text = NULL;
	va_list args;
	int length;

	va_start(args, fmt);
	length = vasprintf(&text, fmt, args);
	va_end(args);
	if (length < 0)
		text = cw_strdup("");
	/* Names come from files of others: none of them steers a terminal. */
	cw_text_clean(text);
	table->cells = cw_array_room(table->cells, table->n_cells, sizeof(*table->cells));
	table->cells[table->n_cells++] = text;
}

/* Characters, not octets: a continuation octet of UTF-8 takes no column. */
static int width(const char *text)
{
	int n = 0;

	for (; *text; text++)
		n += ((unsigned char)*text & 0xc0) != 0x80;
	return n;
}

static const char *header(const struct table *table, size_t column)
{
	return table->columns[column] + (table->columns[column][0] == '>');
}

static int column_width(const struct table *table, size_t column)
{
	int widest = width(header(table, column));
	size_t i;

	for (i = column; i < table->n_cells; i += table->n_columns)
		if (width(table->cells[i]) > widest)
			widest = width(table->cells[i]);
	return widest;
}

static void print_cell(const struct table *table, size_t column, const char *text, int columns,
		       FILE *out)
{
	int padding = columns - width(text);
	bool last = column + 1 == table->n_columns;

	if (table->columns[column][0] == '>')
		fprintf(out, "%*s%s", padding, "", text);
	else
		fprintf(out, "%s%*s", text, last ? 0 : padding, "");
	fprintf(out, "%*s", last ? 0 : GAP, "");
	if (last)
		fputc('\n', out);
}

void table_end(struct table *table)
{
	table_end_to(table, stdout);
}

void table_end_to(struct table *table, FILE *out)
{
	int *widths = cw_calloc(table->n_columns, sizeof(*widths));
	size_t i;

	for (i = 0; i < table->n_columns; i++)
		widths[i] = column_width(table, i);
	for (i = 0; i < table->n_columns; i++)
		print_cell(table, i, header(table, i), widths[i], out);
	for (i = 0; i < table->n_cells; i++) {
		print_cell(table, i % table->n_columns, table->cells[i],
			   widths[i % table->n_columns], out);
		free(table->cells[i]);
	}
	free(table->cells);
	free(table);
	free(widths);
}

char *size_text(uint64_t octets, char buf[static TEXT_LEN])
{
	static const char *const units[] = { "B", "KiB", "MiB", "GiB", "TiB", "PiB" };
	double size = octets;
	size_t unit = 0;

	while (size >= 1024 && unit + 1 < sizeof(units) / sizeof(units[0])) {
		size /= 1024;
		unit++;
	}
	snprintf(buf, TEXT_LEN, unit ? "%.1f %s" : "%.0f %s", size, units[unit]);
	return buf;
}

char *bits_text(double bits_per_second, char buf[static TEXT_LEN])
{
	static const char *const units[] = { "bit/s", "kbit/s", "Mbit/s", "Gbit/s", "Tbit/s" };
	size_t unit = 0;

	while (bits_per_second >= 1000 && unit + 1 < sizeof(units) / sizeof(units[0])) {
		bits_per_second /= 1000;
		unit++;
	}
	snprintf(buf, TEXT_LEN, unit ? "%.1f %s" : "%.0f %s", bits_per_second, units[unit]);
	return buf;
}

static char *count_text(long n, const char *unit, char buf[static TEXT_LEN])
{
	snprintf(buf, TEXT_LEN, "%ld %s%s", n, unit, n == 1 ? "" : "s");
	return buf;
}

char *age_text(long days, char buf[static TEXT_LEN])
{
	if (days >= DAYS_A_YEAR)
		return count_text(days / DAYS_A_YEAR, "year", buf);
	if (days >= 2 * DAYS_A_MONTH)
		return count_text(days / DAYS_A_MONTH, "month", buf);
	return count_text(days, "day", buf);
}

char *date_text(time_t time, char buf[static TEXT_LEN])
{
	struct tm tm;

	if (!gmtime_r(&time, &tm) || !strftime(buf, TEXT_LEN, "%Y-%m-%d", &tm))
		strcpy(buf, "unknown");
	return buf;
}

enum tool_status json_end(const struct tool *tool, json_t *json)
{
	return json_end_to(tool, json, stdout);
}

enum tool_status json_end_to(const struct tool *tool, json_t *json, FILE *out)
{
	json_dumpf(json, out, JSON_PRESERVE_ORDER | (tool->pretty ? JSON_INDENT(2) : JSON_COMPACT));
	fputc('\n', out);
	json_decref(json);
	return TOOL_DONE;
}

json_t *json_mark(const struct cw_policy_group *group)
{
	return group->has_mark ? json_integer(group->mark) : json_null();
}

const char *exemption_state(const struct cw_policy *kernel,
			    const struct cw_policy_exemption *exemption)
{
	uint64_t now = time(NULL);

	if (exemption->in_force)
		return "in force";
	if (exemption->until <= now || exemption->until <= kernel->written)
		return "ended";
	return "waiting for the clock";
}

json_t *json_exemption(const struct cw_policy_exemption *exemption)
{
	char mac[CW_MAC_STRLEN + 1], until[CW_TIMESTAMP_STRLEN + 1];

	return json_pack("{s:s, s:s, s:o, s:o, s:b}", "mac", cw_mac_format(exemption->mac, mac),
			 "until", cw_timestamp_format(exemption->until, until),
			 "reason", json_text(exemption->reason),
			 "approved_by", json_text(exemption->approved_by),
			 "in_force", exemption->in_force);
}

json_t *json_registry(const struct cw_registry *registry)
{
	char edition[TEXT_LEN];

	if (!registry)
		return json_null();
	return json_pack("{s:o, s:s, s:I}", "dir", json_text(registry->dir),
			 "edition", date_text(registry->edition, edition),
			 "age_days", (json_int_t)cw_registry_age_days(registry, time(NULL)));
}
