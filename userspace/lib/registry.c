// SPDX-License-Identifier: GPL-2.0-or-later
/* The IEEE registry: its four CSV files, read by libcsv into one sorted array. */
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <csv.h>

#include "alloc.h"
#include "mac.h"
#include "organization.h"
#include "registry.h"

#define N_COLUMNS	4
#define CHUNK		(64UL * 1024)
#define ARENA_BLOCK	(1024UL * 1024)
#define SECONDS_PER_DAY	(24L * 60 * 60)
#define REMEDY		"download it again (camwall registry update), or install the package ieee-data again"
#define MISSING_REMEDY	"run \"camwall registry update\", install the package ieee-data, or name a folder with the IEEE's oui.csv, mam.csv, oui36.csv and iab.csv"

static const char *const columns[N_COLUMNS] = {
	"Registry", "Assignment", "Organization Name", "Organization Address",
};

const char *const cw_registry_files[CW_REGISTRY_FILES] = {
	"oui.csv", "mam.csv", "oui36.csv", "iab.csv",
};

const char *const cw_registry_default_dirs[] = {
	CW_REGISTRY_UPDATED_DIR, CW_REGISTRY_DEFAULT_DIR, NULL,
};

/** struct source - what is in a file of the registry: its "Registry" column, hex digits of a prefix */
struct source {
	const char *registry;
	size_t digits;
};

/* In the order of cw_registry_files. */
static const struct source sources[CW_REGISTRY_FILES] = {
	{ "MA-L", 6 }, { "MA-M", 7 }, { "MA-S", 9 }, { "IAB", 9 },
};

/** struct arena - memory for many short strings that live and die together */
struct arena {
	struct arena *older;
	size_t used, size;
	char data[];
};

/**
 * struct reader - where in a file we are
 * @line: of the octet that comes next
 * @row_line: in which the row began
 * @column: of the field that comes next
 * @n_rows: rows so far, the header among them
 * @row: the row so far
 * @failed: @err is set; the rest is not looked at
 */
struct reader {
	struct cw_registry *registry;
	const struct source *source;
	const char *path;
	struct cw_error *err;
	int line, row_line;
	size_t column, n_rows;
	struct cw_assignment row;
	bool failed;
};

static char *arena_alloc(struct cw_registry *registry, size_t size)
{
	struct arena *arena = registry->private_data;
	size_t room = size > ARENA_BLOCK ? size : ARENA_BLOCK;
	char *memory;

	if (!arena || arena->size - arena->used < size) {
		arena = cw_malloc(sizeof(*arena) + room);
		*arena = (struct arena){ .older = registry->private_data, .size = room };
		registry->private_data = arena;
	}
	memory = arena->data + arena->used;
	arena->used += size;
	return memory;
}

static void arena_free(struct arena *arena)
{
	while (arena) {
		struct arena *older = arena->older;

		free(arena);
		arena = older;
	}
}

__attribute__((format(printf, 2, 3)))
static void refuse(struct reader *r, const char *fmt, ...)
{
	char *text = NULL;
	va_list args;

	if (r->failed)
		return;
	r->failed = true;
	va_start(args, fmt);
	if (vasprintf(&text, fmt, args) < 0)
		text = NULL;
	va_end(args);
	cw_error_at(r->err, r->path, r->row_line, "%s: %s", text ? text : fmt, REMEDY);
	free(text);
}

static void read_header(struct reader *r, const char *field, size_t length)
{
	size_t c = r->column;

	if (c < N_COLUMNS && length == strlen(columns[c]) && !memcmp(field, columns[c], length))
		return;
	if (length && *field == '<')
		refuse(r, "this is a web page and not the IEEE's CSV file");
	else
		refuse(r, "the columns are not Registry, Assignment, Organization Name, Organization Address: this is not the IEEE's CSV file");
}

static void read_assignment(struct reader *r, const char *field, size_t length)
{
	char digits[16];
	uint64_t prefix;

	if (length != r->source->digits || strspn(field, "0123456789abcdefABCDEF") < length) {
		refuse(r, "\"%.*s\" is no assignment of %s, which has %zu hex digits",
		       length > 40 ? 40 : (int)length, field, r->source->registry,
		       r->source->digits);
		return;
	}
	memcpy(digits, field, length);
	digits[length] = '\0';
	if (cw_prefix_parse(digits, &prefix, r->err)) {
		r->failed = true;
		return;
	}
	r->row.prefix = prefix;
}

static void read_organization(struct reader *r, const char *field, size_t length)
{
	char *name = arena_alloc(r->registry, 2 * (length + 1));
	size_t clean = cw_organization_clean_to(field, length, name);
	char *folded = name + clean + 1;

	cw_organization_fold_to(name, clean, folded);
	r->row.organization = name;
	r->row.folded = folded;
	r->row.private = !strcmp(folded, "private");
	r->row.subdivided = !strcmp(folded, "ieeeregistrationauthority");
}

static void on_field(void *data, size_t length, void *ctx)
{
	struct reader *r = ctx;
	const char *field = data, *newline = field;

	if (r->failed)
		return;

	if (!r->n_rows) {
		read_header(r, field, length);
	} else if (r->column == 0) {
		if (length != strlen(r->source->registry) ||
		    memcmp(field, r->source->registry, length) != 0)
			refuse(r, "a row of the registry \"%.*s\", where only %s belongs",
			       length > 40 ? 40 : (int)length, field, r->source->registry);
	} else if (r->column == 1) {
		read_assignment(r, field, length);
	} else if (r->column == 2) {
		read_organization(r, field, length);
	}
	r->column++;

	/* A quoted field may have lines of its own. */
	while ((newline = memchr(newline, '\n', length - (size_t)(newline - field)))) {
		r->line++;
		newline++;
	}
}

static void add_row(struct reader *r)
{
	struct cw_registry *registry = r->registry;

	registry->assignments = cw_array_room(registry->assignments, registry->n_assignments,
					      sizeof(*registry->assignments));
	registry->assignments[registry->n_assignments++] = r->row;
}

/* Called at each '\r' and '\n' outside quotes, at an empty line too, and at the end. */
static void on_line_end(int c, void *ctx)
{
	struct reader *r = ctx;

	if (r->failed)
		return;
	if (r->column) {
		if (r->column != N_COLUMNS) {
			refuse(r, "a row with %zu columns instead of %d: the file is cut off or damaged",
			       r->column, N_COLUMNS);
			return;
		}
		if (r->n_rows++)
			add_row(r);
	}
	r->column = 0;
	if (c == '\n')
		r->line++;
	r->row_line = r->line;
}

static void read_rows(struct reader *r, struct csv_parser *parser, FILE *stream)
{
	char *chunk = cw_malloc(CHUNK), last = '\n';
	size_t n;

	while (!r->failed && (n = fread(chunk, 1, CHUNK, stream))) {
		last = chunk[n - 1];
		if (csv_parse(parser, chunk, n, on_field, on_line_end, r) != n)
			refuse(r, "a quote where none belongs: the file is cut off or damaged");
	}
	free(chunk);
	if (r->failed)
		return;

	if (ferror(stream)) {
		r->failed = true;
		cw_error_at(r->err, r->path, 0, "cannot be read: %s", strerror(errno));
	} else if (csv_fini(parser, on_field, on_line_end, r)) {
		refuse(r, "a quote that does not end: the file is cut off");
	} else if (last != '\n') {
		refuse(r, "the last row has no end: the file is cut off");
	} else if (r->n_rows < 2) {
		refuse(r, "no assignment in it: the file is cut off");
	}
}

static int open_dir(const char *dir, struct cw_error *err)
{
	int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0 && errno == ENOENT)
		cw_error_at(err, dir, 0, "is not there: " MISSING_REMEDY);
	else if (fd < 0)
		cw_error_at(err, dir, 0, "cannot be opened: %s", strerror(errno));
	return fd;
}

static char *source_path(const struct cw_registry *registry, size_t file)
{
	return cw_asprintf("%s/%s", registry->dir, cw_registry_files[file]);
}

static void note_time(struct cw_registry *registry, size_t file, time_t modified)
{
	registry->modified[file] = modified;
	if (modified > registry->edition)
		registry->edition = modified;
}

static FILE *open_source(struct cw_registry *registry, int dir, size_t file, struct cw_error *err)
{
	int fd = openat(dir, cw_registry_files[file], O_RDONLY | O_CLOEXEC);
	FILE *stream = fd < 0 ? NULL : fdopen(fd, "r");
	char *path = source_path(registry, file);
	struct stat status;

	if (!stream && errno == ENOENT)
		cw_error_at(err, path, 0, "is not there: " MISSING_REMEDY);
	else if (!stream)
		cw_error_at(err, path, 0, "cannot be opened: %s", strerror(errno));
	else if (!fstat(fd, &status))
		note_time(registry, file, status.st_mtime);
	if (!stream && fd >= 0)
		close(fd);
	free(path);
	return stream;
}

static int load_source(struct cw_registry *registry, FILE *stream, size_t file, struct cw_error *err)
{
	char *path = source_path(registry, file);
	struct reader r = {
		.registry = registry, .source = &sources[file], .path = path, .err = err,
		.line = 1, .row_line = 1,
	};
	struct csv_parser parser;

	/* A zero byte ends each field, so that strspn() may look at it. */
	csv_init(&parser, CSV_STRICT | CSV_STRICT_FINI | CSV_REPALL_NL | CSV_APPEND_NULL);
	read_rows(&r, &parser, stream);
	csv_free(&parser);
	free(path);
	if (!r.failed)
		registry->n_by_file[file] = r.n_rows - 1;	/* without the header */
	return r.failed ? -1 : 0;
}

/*
 * By prefix, then by name: of a prefix with several owners (08:00:30 has three) all stay,
 * and which of them comes first does not depend on the order of the file.
 */
static int compare_assignments(const void *left, const void *right)
{
	const struct cw_assignment *a = left, *b = right;
	int order;

	if (a->prefix != b->prefix)
		return a->prefix < b->prefix ? -1 : 1;
	order = strcmp(a->folded, b->folded);
	return order ? order : strcmp(a->organization, b->organization);
}

static void sort_assignments(struct cw_registry *registry)
{
	struct cw_assignment *rows = registry->assignments;
	size_t kept = 0;

	qsort(rows, registry->n_assignments, sizeof(*rows), compare_assignments);
	for (size_t i = 0; i < registry->n_assignments; i++) {
		if (kept && rows[kept - 1].prefix == rows[i].prefix &&
		    !strcmp(rows[kept - 1].folded, rows[i].folded))
			continue;
		rows[kept++] = rows[i];
		registry->n_by_length[cw_prefix_len(rows[i].prefix)]++;
	}
	registry->n_assignments = kept;
}

/* When the newest file of a folder was modified; -1 where one is missing. */
static time_t edition_of(const char *dir)
{
	time_t edition = -1;

	for (size_t i = 0; i < CW_REGISTRY_FILES; i++) {
		char *path = cw_asprintf("%s/%s", dir, cw_registry_files[i]);
		struct stat status;
		int ret = stat(path, &status);

		free(path);
		if (ret < 0)
			return -1;
		if (status.st_mtime > edition)
			edition = status.st_mtime;
	}
	return edition;
}

const char *cw_registry_newest(const char *const *dirs)
{
	const char *newest = NULL;
	time_t best = -1;

	for (; *dirs; dirs++) {
		time_t edition = edition_of(*dirs);

		if (edition > best) {
			best = edition;
			newest = *dirs;
		}
	}
	return newest;
}

/* All are opened before any is read: updates may take the folder away meanwhile. */
static int open_sources(struct cw_registry *registry, FILE *streams[static CW_REGISTRY_FILES],
			struct cw_error *err)
{
	int dir = open_dir(registry->dir, err), ret = 0;

	if (dir < 0)
		return -1;
	for (size_t i = 0; !ret && i < CW_REGISTRY_FILES; i++) {
		streams[i] = open_source(registry, dir, i, err);
		ret = streams[i] ? 0 : -1;
	}
	close(dir);
	return ret;
}

static int load_sources(struct cw_registry *registry, struct cw_error *err)
{
	FILE *streams[CW_REGISTRY_FILES] = { NULL };
	int ret = open_sources(registry, streams, err);

	for (size_t i = 0; !ret && i < CW_REGISTRY_FILES; i++)
		ret = load_source(registry, streams[i], i, err);
	for (size_t i = 0; i < CW_REGISTRY_FILES; i++)
		if (streams[i])
			fclose(streams[i]);
	return ret;
}

struct cw_registry *cw_registry_load(const char *dir, struct cw_error *err)
{
	struct cw_registry *registry = cw_calloc(1, sizeof(*registry));

	if (!dir)
		dir = cw_registry_newest(cw_registry_default_dirs) ?: CW_REGISTRY_DEFAULT_DIR;
	registry->dir = cw_strdup(dir);
	if (load_sources(registry, err) < 0) {
		cw_registry_free(registry);
		return NULL;
	}
	sort_assignments(registry);
	return registry;
}

void cw_registry_free(struct cw_registry *registry)
{
	if (!registry)
		return;
	arena_free(registry->private_data);
	free(registry->assignments);
	free(registry->dir);
	free(registry);
}

size_t cw_registry_seek(const struct cw_registry *registry, uint64_t prefix)
{
	size_t first = 0, n = registry->n_assignments;

	while (n) {
		size_t half = n / 2;

		if (registry->assignments[first + half].prefix < prefix) {
			first += half + 1;
			n -= half + 1;
		} else {
			n = half;
		}
	}
	return first;
}

const struct cw_assignment *cw_registry_find(const struct cw_registry *registry,
					     uint64_t mac)
{
	for (unsigned int len = 48; len; len--) {
		uint64_t prefix;
		size_t i;

		if (!registry->n_by_length[len])
			continue;
		prefix = cw_prefix_pack(mac >> (48 - len) << (48 - len), len, 0);
		i = cw_registry_seek(registry, prefix);
		if (i < registry->n_assignments && registry->assignments[i].prefix == prefix)
			return &registry->assignments[i];
	}
	return NULL;
}

long cw_registry_age_days(const struct cw_registry *registry, time_t now)
{
	return now > registry->edition ? (long)((now - registry->edition) / SECONDS_PER_DAY) : 0;
}
