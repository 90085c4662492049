/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How the subcommands write: aligned tables, readable sizes and ages, JSON. */
#ifndef CW_OUTPUT_H
#define CW_OUTPUT_H

#include <jansson.h>
#include <stdint.h>
#include <stdio.h>
#include <time.h>

#include "json.h"
#include "tool.h"

#define TEXT_LEN	32	/* octets that a size, age or date takes at most */

struct table;

/**
 * table_new() - begin a table
 * @columns: headers, ended by NULL; one that begins with '>' is of a column of numbers,
 *	     which stand at its right
 */
struct table *table_new(const char *const *columns);

/** table_cell() - add a cell, row by row, from left to right */
__attribute__((format(printf, 2, 3)))
void table_cell(struct table *table, const char *fmt, ...);

/** table_end() - print a table to standard output, and free it */
void table_end(struct table *table);

/** table_end_to() - print a table, and free it */
void table_end_to(struct table *table, FILE *out);

/** size_text() - "4.2 MiB"; Return: @buf */
char *size_text(uint64_t octets, char buf[static TEXT_LEN]);

/** bits_text() - "4.2 Mbit/s"; Return: @buf */
char *bits_text(double bits_per_second, char buf[static TEXT_LEN]);

/** age_text() - "12 days", "4 years"; Return: @buf */
char *age_text(long days, char buf[static TEXT_LEN]);

/** date_text() - "2022-08-27", UTC; Return: @buf */
char *date_text(time_t time, char buf[static TEXT_LEN]);

/** json_end() - print a JSON value as the global options say, and free it; Return: TOOL_DONE */
enum tool_status json_end(const struct tool *tool, json_t *json);

/** json_end_to() - the same, to @out */
enum tool_status json_end_to(const struct tool *tool, json_t *json, FILE *out);

/** json_text() - cw_json_text() */
static inline json_t *json_text(const char *text)
{
	return cw_json_text(text);
}

/** json_mark() - the tag of a group, or null where it has none */
json_t *json_mark(const struct cw_policy_group *group);

/** exemption_state() - "in force", "ended" or "waiting for the clock"; @kernel: the policy in force */
const char *exemption_state(const struct cw_policy *kernel,
			    const struct cw_policy_exemption *exemption);

/** json_exemption() - an exemption that the kernel holds */
json_t *json_exemption(const struct cw_policy_exemption *exemption);

/** json_registry() - folder, edition and age of a registry, or null for NULL */
json_t *json_registry(const struct cw_registry *registry);

#endif
