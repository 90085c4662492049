// SPDX-License-Identifier: GPL-2.0-or-later
/* The history's database (SQLite): open, bring to the newest schema, run statements. */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "alloc.h"
#include "history_writer.h"

#define BUSY_MS		10000	/* a checkpoint or a migration under way */
#define FILE_MODE	0640	/* an inventory is not for everybody */

int cw_history_error(struct cw_history *history, struct cw_error *err)
{
	return cw_error_set(err, "%s: %s", history->path, sqlite3_errmsg(history->db));
}

static sqlite3_stmt *statement(struct cw_history *history, const char *sql, struct cw_error *err)
{
	struct cw_statement *new;
	size_t i;

	for (i = 0; i < history->n_statements; i++)
		if (history->statements[i].sql == sql)
			return history->statements[i].stmt;
	history->statements = cw_array_room(history->statements, history->n_statements,
					    sizeof(*history->statements));
	new = &history->statements[history->n_statements];
	if (sqlite3_prepare_v3(history->db, sql, -1, SQLITE_PREPARE_PERSISTENT, &new->stmt, NULL)) {
		cw_history_error(history, err);
		return NULL;
	}
	new->sql = sql;
	history->n_statements++;
	return new->stmt;
}

static int bind_value(sqlite3_stmt *stmt, int parameter, const struct cw_value *value)
{
	switch (value->type) {
	case CW_VALUE_INT:
		return sqlite3_bind_int64(stmt, parameter, value->number);
	case CW_VALUE_TEXT:
		return sqlite3_bind_text(stmt, parameter, value->data, -1, SQLITE_STATIC);
	case CW_VALUE_BLOB:
		return sqlite3_bind_blob(stmt, parameter, value->data, (int)value->length,
					 SQLITE_STATIC);
	default:
		return sqlite3_bind_null(stmt, parameter);
	}
}

sqlite3_stmt *cw_sql_query(struct cw_history *history, const char *sql,
			   const struct cw_value *values, struct cw_error *err)
{
	sqlite3_stmt *stmt = statement(history, sql, err);
	int parameter;

	if (!stmt)
		return NULL;
	sqlite3_reset(stmt);
	for (parameter = 1; values->type != CW_VALUE_END; values++, parameter++) {
		if (bind_value(stmt, parameter, values) != SQLITE_OK) {
			cw_history_error(history, err);
			return NULL;
		}
	}
	return stmt;
}

int cw_sql_step(struct cw_history *history, sqlite3_stmt *stmt, struct cw_error *err)
{
	int ret = sqlite3_step(stmt);

	if (ret == SQLITE_ROW)
		return 1;
	if (ret != SQLITE_DONE)
		cw_history_error(history, err);
	sqlite3_reset(stmt);
	return ret == SQLITE_DONE ? 0 : -1;
}

int64_t cw_history_row_id(const struct cw_history *history, sqlite3_stmt *stmt, int column,
			  struct cw_error *err)
{
	int64_t id = sqlite3_column_int64(stmt, column);

	if (id > 0 && id <= CW_HISTORY_ID_MAX)
		return id;
	return cw_error_set(err, "%s: database disk image is malformed: a row has the number %" PRId64,
			    history->path, id);
}

int cw_sql_exec(struct cw_history *history, const char *sql, const struct cw_value *values,
		struct cw_error *err)
{
	sqlite3_stmt *stmt = cw_sql_query(history, sql, values, err);
	int ret = stmt ? cw_sql_step(history, stmt, err) : -1;

	if (ret > 0)
		sqlite3_reset(stmt);
	return ret < 0 ? -1 : 0;
}

int cw_sql_int(struct cw_history *history, const char *sql, const struct cw_value *values,
	       int64_t *number, struct cw_error *err)
{
	sqlite3_stmt *stmt = cw_sql_query(history, sql, values, err);
	int ret = stmt ? cw_sql_step(history, stmt, err) : -1;

	if (ret <= 0)
		return ret;
	ret = sqlite3_column_type(stmt, 0) != SQLITE_NULL;
	*number = sqlite3_column_int64(stmt, 0);
	sqlite3_reset(stmt);
	return ret;
}

const char *cw_sql_text(sqlite3_stmt *stmt, int column)
{
	return (const char *)sqlite3_column_text(stmt, column) ?: "";
}

int cw_sql_simple(struct cw_history *history, const char *sql, struct cw_error *err)
{
	return sqlite3_exec(history->db, sql, NULL, NULL, NULL) == SQLITE_OK ?
	       0 : cw_history_error(history, err);
}

static int pragma(struct cw_history *history, const char *sql, int64_t *number,
		  struct cw_error *err)
{
	sqlite3_stmt *stmt;
	int ret = sqlite3_prepare_v2(history->db, sql, -1, &stmt, NULL);

	if (ret == SQLITE_OK)
		ret = sqlite3_step(stmt);
	if (ret == SQLITE_ROW)
		*number = sqlite3_column_int64(stmt, 0);
	sqlite3_finalize(stmt);
	return ret == SQLITE_ROW ? 0 : cw_history_error(history, err);
}

/* Of which version a database is, 0 where it is new. */
static int find_version(struct cw_history *history, int newest, int64_t *version,
			struct cw_error *err)
{
	int64_t application, tables;

	if (pragma(history, "PRAGMA user_version", version, err) < 0 ||
	    pragma(history, "PRAGMA application_id", &application, err) < 0 ||
	    pragma(history, "SELECT count(*) FROM sqlite_schema", &tables, err) < 0)
		return -1;
	if (tables && application != CW_HISTORY_APPLICATION)
		return cw_error_set(err, "%s: this is a database, but no history of camwall: name another file",
				    history->path);
	if (*version > newest)
		return cw_error_set(err, "%s: this history is of schema %d, written by a newer camwall than this one, which knows schema %d: install the newer one again, or name another file",
				    history->path, (int)*version, newest);
	return 0;
}

static int migrate_step(struct cw_history *history, const char *sql, int version,
			struct cw_error *err)
{
	char *stamp;
	int ret;

	if (cw_sql_simple(history, sql, err) < 0)
		return -1;
	stamp = cw_asprintf("PRAGMA application_id = %d; PRAGMA user_version = %d",
			    CW_HISTORY_APPLICATION, version);
	ret = cw_sql_simple(history, stamp, err);
	free(stamp);
	return ret;
}

int cw_history_migrate(struct cw_history *history, const char *const *migrations, int version,
		       struct cw_error *err)
{
	int64_t from;
	int ret;

	if (cw_sql_simple(history, "BEGIN IMMEDIATE", err) < 0)
		return -1;
	ret = find_version(history, version, &from, err);
	for (; !ret && from < version; from++)
		ret = migrate_step(history, migrations[from], (int)from + 1, err);
	if (!ret)
		ret = cw_sql_simple(history, "COMMIT", err);
	if (ret)
		sqlite3_exec(history->db, "ROLLBACK", NULL, NULL, NULL);
	return ret;
}

static int check_version(struct cw_history *history, struct cw_error *err)
{
	int64_t version;

	if (find_version(history, cw_history_version, &version, err) < 0)
		return -1;
	if (version < cw_history_version)
		return cw_error_set(err, "%s: this history is of schema %d, older than schema %d: start camwalld, which brings it up to date",
				    history->path, (int)version, cw_history_version);
	return 0;
}

/*
 * Two daemons would count the same traffic twice. The lock is a file of its own: a descriptor
 * of the database that is closed would take SQLite's locks with it.
 */
static int lock_writer(struct cw_history *history, struct cw_error *err)
{
	char *path = cw_asprintf("%s.lock", history->path);
	int ret = 0;

	history->lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC, FILE_MODE);
	if (history->lock < 0)
		ret = cw_error_set(err, "%s: %s", path, strerror(errno));
	else if (flock(history->lock, LOCK_EX | LOCK_NB) < 0)
		ret = errno == EWOULDBLOCK ?
			cw_error_set(err, "%s: another camwalld writes this history: end it first, or name another file",
				     history->path) :
			cw_error_set(err, "%s: %s", path, strerror(errno));
	free(path);
	return ret;
}

/* SQLite would make it readable for all. */
static int create(struct cw_history *history, struct cw_error *err)
{
	int fd = open(history->path, O_RDWR | O_CREAT | O_CLOEXEC, FILE_MODE);

	if (fd < 0)
		return cw_error_set(err, "%s: %s", history->path, strerror(errno));
	close(fd);
	return 0;
}

/*
 * FULL: each transaction is on the disk when it is said to be, so that a power loss takes no
 * more than the interval that was not written yet; NORMAL would leave it to the next
 * checkpoint. There is one transaction an interval, so it costs next to nothing.
 */
static int set_up_writer(struct cw_history *history, struct cw_error *err)
{
	if (cw_sql_simple(history, "PRAGMA auto_vacuum = INCREMENTAL; PRAGMA journal_mode = WAL;"
		   "PRAGMA synchronous = FULL; PRAGMA foreign_keys = OFF;"
		   "PRAGMA journal_size_limit = 16777216", err) < 0)
		return -1;
	return cw_history_migrate(history, cw_history_migrations, cw_history_version, err);
}

/* "file:" with what a URI cannot hold as it is written as %XX; for free(). */
static char *immutable_uri(const char *path)
{
	char *uri = cw_malloc(3 * strlen(path) + sizeof("file:?immutable=1")), *end = uri;

	for (end = stpcpy(end, "file:"); *path; path++)
		end += strchr("%?#", *path) ? sprintf(end, "%%%02X", *path) : sprintf(end, "%c", *path);
	strcpy(end, "?immutable=1");
	return uri;
}

/*
 * SQLite reads a database in WAL mode with files beside it, which it makes where they are not
 * there. In a folder that cannot be written to, as on a DVD or in an archive, nobody else can
 * be writing where there is no log either: then it may be taken for a file that stays as it is.
 */
static bool is_archived(const char *path)
{
	char *folder = cw_strdup(path), *log = cw_asprintf("%s-wal", path);
	bool archived = access(log, F_OK) < 0 && errno == ENOENT && access(dirname(folder), W_OK) < 0;

	free(folder);
	free(log);
	return archived;
}

static int open_reader(struct cw_history *history)
{
	char *uri = is_archived(history->path) ? immutable_uri(history->path) : NULL;
	int ret = sqlite3_open_v2(uri ?: history->path, &history->db,
				  SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX | (uri ? SQLITE_OPEN_URI : 0),
				  NULL);

	free(uri);
	return ret;
}

static int open_writer(struct cw_history *history)
{
	return sqlite3_open_v2(history->path, &history->db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX,
			       NULL);
}

static int open_database(struct cw_history *history, enum cw_history_mode mode,
			 struct cw_error *err)
{
	bool write = mode == CW_HISTORY_WRITE;
	struct stat st;

	if (!write && stat(history->path, &st) < 0)
		return cw_error_set(err, "%s: %s%s", history->path, strerror(errno),
				    errno == ENOENT ? ": camwalld writes it, once it runs" : "");
	if (write && (lock_writer(history, err) < 0 || create(history, err) < 0))
		return -1;
	if ((write ? open_writer(history) : open_reader(history)) != SQLITE_OK)
		return cw_history_error(history, err);
	if (write)
		history->writer = cw_writer_new();
	sqlite3_busy_timeout(history->db, BUSY_MS);
	/* A report reads all of a year: not by a call for each page. */
	if (!write)
		sqlite3_exec(history->db, "PRAGMA mmap_size = 1073741824", NULL, NULL, NULL);
	/* The file may be another user's, or another machine's: what it defines is not to run here. */
	sqlite3_db_config(history->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	sqlite3_db_config(history->db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
	sqlite3_extended_result_codes(history->db, 1);
	return write ? set_up_writer(history, err) : check_version(history, err);
}

struct cw_history *cw_history_open(const char *path, enum cw_history_mode mode,
				   struct cw_error *err)
{
	struct cw_history *history = cw_calloc(1, sizeof(*history));

	history->lock = -1;
	history->path = cw_strdup(path);
	if (open_database(history, mode, err) == 0)
		return history;
	cw_history_close(history);
	return NULL;
}

void cw_history_close(struct cw_history *history)
{
	size_t i;

	if (!history)
		return;
	for (i = 0; i < history->n_statements; i++)
		sqlite3_finalize(history->statements[i].stmt);
	free(history->statements);
	sqlite3_close(history->db);
	if (history->lock >= 0)
		close(history->lock);
	cw_writer_free(history->writer);
	free(history->info_id);
	free(history->info_site);
	free(history->info_host);
	free(history->path);
	free(history);
}

int cw_history_snapshot(struct cw_history *history, struct cw_error *err)
{
	/* The snapshot is taken by the first reading in a transaction, not by its beginning. */
	if (cw_sql_simple(history, "BEGIN", err) < 0)
		return -1;
	return cw_sql_simple(history, "SELECT count(*) FROM meta", err);
}

void cw_history_snapshot_end(struct cw_history *history)
{
	sqlite3_exec(history->db, "COMMIT", NULL, NULL, NULL);
}
