/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The history's database inside: the handle, statements with their values, migrations. */
#ifndef CW_HISTORY_PRIVATE_H
#define CW_HISTORY_PRIVATE_H

#include <sqlite3.h>

#include "history.h"

#define CW_HISTORY_APPLICATION	0x43775748	/* in the file's header, as file(1) shows it */

/* cw_history_migrations[i] brings a database from version i to version i + 1. */
extern const char *const cw_history_migrations[];
extern const int cw_history_version;

/** struct cw_statement - a prepared statement; @sql: the literal that it was made from */
struct cw_statement {
	const char *sql;
	sqlite3_stmt *stmt;
};

/**
 * struct cw_history - an open history
 * @lock: descriptor of the writer's lock; -1 for a reader
 * @statements: prepared so far
 * @info_id, @info_site, @info_host: what cw_history_info() has last handed out
 * @writer: what a writer keeps in mind; NULL for a reader
 */
struct cw_history {
	sqlite3 *db;
	char *path;
	int lock;
	struct cw_statement *statements;
	size_t n_statements;
	char *info_id, *info_site, *info_host;
	struct cw_history_writer *writer;
};

/* Readers index by the ids of devices and groups: as many as a flood makes in decades. */
#define CW_HISTORY_ID_MAX	(1 << 24)

/** struct cw_value - a value for a statement's parameter */
struct cw_value {
	enum { CW_VALUE_END, CW_VALUE_NULL, CW_VALUE_INT, CW_VALUE_TEXT, CW_VALUE_BLOB } type;
	int64_t number;
	const void *data;
	size_t length;
};

#define CW_NONE		((struct cw_value){ .type = CW_VALUE_NULL })
#define CW_INT(value)	((struct cw_value){ .type = CW_VALUE_INT, .number = (int64_t)(value) })
#define CW_ID(value)	cw_id_value(value)	/* 0 is NULL */
#define CW_TEXT(value)	cw_text_value(value)	/* NULL is NULL */
#define CW_BLOB(value, size)	cw_blob_value(value, size)	/* of no octets is NULL */
#define CW_VALUES(...)	((const struct cw_value[]){ __VA_ARGS__, { .type = CW_VALUE_END } })
#define CW_NO_VALUES	((const struct cw_value[]){ { .type = CW_VALUE_END } })

/** cw_history_row_id() - the id in a column of a file that anybody may have made; Return: it, or -1 with @err set */
int64_t cw_history_row_id(const struct cw_history *history, sqlite3_stmt *stmt, int column,
			  struct cw_error *err);

static inline struct cw_value cw_id_value(int64_t id)
{
	return id ? CW_INT(id) : CW_NONE;
}

static inline struct cw_value cw_text_value(const char *text)
{
	return text ? (struct cw_value){ .type = CW_VALUE_TEXT, .data = text } : CW_NONE;
}

static inline struct cw_value cw_blob_value(const void *data, size_t length)
{
	return length ? (struct cw_value){ .type = CW_VALUE_BLOB, .data = data, .length = length } : CW_NONE;
}

/** cw_history_error() - set @err to what SQLite has to say; Return: -1 */
int cw_history_error(struct cw_history *history, struct cw_error *err);

/**
 * cw_sql_query() - a statement with its values, before its first row
 * @sql: a literal, or another string that lives as long as the handle: the statement is kept
 *	 under its address
 * @values: CW_VALUES(...), or CW_NO_VALUES: strings and octets have to live until the statement is done
 *
 * Return: a statement for cw_sql_step(); NULL with @err set.
 */
sqlite3_stmt *cw_sql_query(struct cw_history *history, const char *sql,
			   const struct cw_value *values, struct cw_error *err);

/** cw_sql_step() - the next row; Return: 1, or 0 behind the last one, or -1 with @err set */
int cw_sql_step(struct cw_history *history, sqlite3_stmt *stmt, struct cw_error *err);

/** cw_sql_exec() - carry out a statement of which no row is wanted; Return: 0, or -1 with @err set */
int cw_sql_exec(struct cw_history *history, const char *sql, const struct cw_value *values,
		struct cw_error *err);

/** cw_sql_simple() - carry out statements without values; Return: 0, or -1 with @err set */
int cw_sql_simple(struct cw_history *history, const char *sql, struct cw_error *err);

/** cw_sql_int() - the first number of the first row; Return: 1, 0 where there is none, or -1 */
int cw_sql_int(struct cw_history *history, const char *sql, const struct cw_value *values,
	       int64_t *number, struct cw_error *err);

/** cw_sql_text() - a column as text, "" where it is NULL; valid until the next step */
const char *cw_sql_text(sqlite3_stmt *stmt, int column);

/** cw_history_meta() - a number in the table meta, 0 where it is not there; Return: 0, or -1 with @err set */
int cw_history_meta(struct cw_history *history, const char *key, int64_t *number,
		    struct cw_error *err);

/** cw_history_place_row() - ifname, vlan, vlan_protocol and port, from a column on */
void cw_history_place_row(sqlite3_stmt *stmt, int first, struct cw_place *place,
			  const char **port);

/**
 * cw_history_migrate() - bring a database to a schema
 * @migrations, @version: as cw_history_migrations and cw_history_version
 *
 * All steps or none.
 *
 * Return: 0, or -1 with @err set, where it is newer than @version or no history.
 */
int cw_history_migrate(struct cw_history *history, const char *const *migrations, int version,
		       struct cw_error *err);

#endif
