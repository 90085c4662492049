// SPDX-License-Identifier: GPL-2.0-or-later
/* Vendor packs: where they are, and how vendors/NAME.conf is read. */
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "alloc.h"
#include "built_tree.h"
#include "inifile.h"
#include "mac.h"
#include "pack.h"
#include "pack_private.h"

#define SUFFIX		".conf"
#define KEYS		"title, organization, prefix, exclude, basis, date, confidence and note"

static bool is_pack_name(const char *name, size_t length)
{
	for (size_t i = 0; i < length; i++) {
		if (!isalnum((unsigned char)name[i]) && name[i] != '-' && name[i] != '_')
			return false;
	}
	return length;
}

const char *const *cw_pack_dirs(void)
{
	static _Thread_local char built[PATH_MAX];
	static _Thread_local const char *dirs[4];
	size_t n = 0;

	dirs[0] = getenv("CAMWALL_VENDORS");
	if (dirs[0] && *dirs[0]) {
		dirs[1] = NULL;
		return dirs;
	}
	dirs[n++] = CAMWALL_SYSCONFDIR "/camwall/vendors";
	/* build/camwall takes the packs of its own tree, not those of an installed version. */
	dirs[n] = cw_built_tree_dir("vendors", built, sizeof(built));
	if (dirs[n])
		n++;
	dirs[n++] = CAMWALL_DATADIR "/vendors";
	dirs[n] = NULL;
	return dirs;
}

static int compare_names(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static size_t sort_names(char **names, size_t n)
{
	size_t kept = 0;

	if (n)
		qsort(names, n, sizeof(*names), compare_names);
	for (size_t i = 0; i < n; i++) {
		if (kept && !strcmp(names[kept - 1], names[i]))
			free(names[i]);
		else
			names[kept++] = names[i];
	}
	return kept;
}

static void list_dir(DIR *dir, char ***names, size_t *n)
{
	const struct dirent *entry;

	while ((entry = readdir(dir))) {
		size_t length = strlen(entry->d_name);

		if (length < strlen(SUFFIX))
			continue;
		length -= strlen(SUFFIX);
		if (strcmp(entry->d_name + length, SUFFIX) != 0 ||
		    !is_pack_name(entry->d_name, length))
			continue;
		*names = cw_array_room(*names, *n, sizeof(**names));
		(*names)[(*n)++] = cw_strndup(entry->d_name, length);
	}
}

int cw_pack_list(const char *const *dirs, char ***names, size_t *n,
		 struct cw_error *err)
{
	*names = NULL;
	*n = 0;
	for (; *dirs; dirs++) {
		DIR *dir = opendir(*dirs);

		if (!dir && errno == ENOENT)
			continue;
		if (!dir) {
			cw_error_at(err, *dirs, 0, "cannot be listed: %s", strerror(errno));
			*n = sort_names(*names, *n);
			return -1;
		}
		list_dir(dir, names, n);
		closedir(dir);
	}
	*n = sort_names(*names, *n);
	return 0;
}

/* "a, b, c", for free(); empty where there is none. */
static char *join_dirs(const char *const *dirs)
{
	char *text = cw_strdup("");

	for (; *dirs; dirs++) {
		char *longer = cw_asprintf("%s%s%s", text, *text ? ", " : "", *dirs);

		free(text);
		text = longer;
	}
	return text;
}

static void refuse_unknown(const char *const *dirs, const char *name, struct cw_error *err)
{
	char *places = join_dirs(dirs), **names;
	size_t n;
	char *known;

	if (cw_pack_list(dirs, &names, &n, NULL))
		n = 0;
	names = cw_array_room(names, n, sizeof(*names));
	names[n] = NULL;
	known = join_dirs((const char *const *)names);
	if (n)
		cw_error_set(err, "there is no vendor pack \"%s\" in %s: use one of %s, or write %s" SUFFIX,
			     name, places, known, name);
	else
		cw_error_set(err, "there is no vendor pack \"%s\", and no other one in %s: install camwall's packs, or name their folder in $CAMWALL_VENDORS",
			     name, places);
	for (size_t i = 0; i < n; i++)
		free(names[i]);
	free(names);
	free(known);
	free(places);
}

static int set_once(char **field, const char *value, const char *key, const char *file,
		    int line, struct cw_error *err)
{
	if (*field)
		return cw_error_at(err, file, line, "a second \"%s\": keep one of them", key);
	*field = cw_strdup(value);
	return 0;
}

/* A text that is longer than a line goes on in another line of the same key. */
static int append_text(char **field, const char *value)
{
	char *longer = *field ? cw_asprintf("%s %s", *field, value) : cw_strdup(value);

	free(*field);
	*field = longer;
	return 0;
}

static int add_prefix(uint64_t **prefixes, size_t *n, const char *value, const char *file,
		      int line, struct cw_error *err)
{
	struct cw_error why = { 0 };
	uint64_t prefix;

	if (cw_prefix_parse(value, &prefix, &why)) {
		cw_error_at(err, file, line, "%s", why.message);
		cw_error_clear(&why);
		return -1;
	}
	*prefixes = cw_array_room(*prefixes, *n, sizeof(**prefixes));
	(*prefixes)[(*n)++] = prefix;
	return 0;
}

static int add_organization(struct cw_pack *pack, const char *value, int line,
			    struct cw_error *err)
{
	char *folded = cw_organization_fold(value);

	if (!*folded || !strcmp(folded, "private") ||
	    !strcmp(folded, "ieeeregistrationauthority")) {
		free(folded);
		return cw_error_at(err, pack->file, line,
				   "\"%s\" is no organisation that a prefix could be taken from: write its whole name as the registry has it",
				   value);
	}
	for (size_t i = 0; i < pack->n_organizations; i++) {
		if (strcmp(pack->organizations[i], folded) != 0)
			continue;
		free(folded);
		return cw_error_at(err, pack->file, line,
				   "\"%s\" is the same organisation as \"%s\" (case, spaces and punctuation do not count): keep one of them",
				   value, pack->organization_titles[i]);
	}
	pack->organizations = cw_array_room(pack->organizations, pack->n_organizations,
					    sizeof(*pack->organizations));
	pack->organization_titles = cw_array_room(pack->organization_titles,
						  pack->n_organizations,
						  sizeof(*pack->organization_titles));
	pack->organizations[pack->n_organizations] = folded;
	pack->organization_titles[pack->n_organizations++] = cw_strdup(value);
	return 0;
}

static int set_date(struct cw_pack *pack, const char *value, int line, struct cw_error *err)
{
	struct tm day = { 0 }, same;
	const char *end = strptime(value, "%Y-%m-%d", &day);

	same = day;
	/* timegm() turns 30 February into another day. */
	if (!end || *end || strlen(value) != strlen("YYYY-MM-DD") ||
	    timegm(&same) == (time_t)-1 || same.tm_mday != day.tm_mday)
		return cw_error_at(err, pack->file, line,
				   "\"%s\" is no date: write it as YYYY-MM-DD", value);
	return set_once(&pack->date, value, "date", pack->file, line, err);
}

static int set_confidence(struct cw_pack *pack, const char *value, int line,
			  struct cw_error *err)
{
	if (strcmp(value, "high") != 0 && strcmp(value, "medium") != 0 &&
	    strcmp(value, "low") != 0)
		return cw_error_at(err, pack->file, line,
				   "\"%s\" is no confidence: write high, medium or low", value);
	return set_once(&pack->confidence, value, "confidence", pack->file, line, err);
}

/* cw_ini_key_fn */
static int take_key(void *ctx, const char *file, int line, const char *section,
		    const char *key, const char *value, struct cw_error *err)
{
	struct cw_pack *pack = ctx;

	if (!key && strcmp(section, "pack") != 0)
		return cw_error_at(err, file, line,
				   "unknown section [%s]: a vendor pack has one section, [pack]",
				   section);
	if (!key)
		return 0;
	if (!*value)
		return cw_error_at(err, file, line,
				   "\"%s\" has no value: write one, or take out the line", key);

	if (!strcmp(key, "title"))
		return set_once(&pack->title, value, key, file, line, err);
	if (!strcmp(key, "organization"))
		return add_organization(pack, value, line, err);
	if (!strcmp(key, "prefix"))
		return add_prefix(&pack->prefixes, &pack->n_prefixes, value, file, line, err);
	if (!strcmp(key, "exclude"))
		return add_prefix(&pack->exclude, &pack->n_exclude, value, file, line, err);
	if (!strcmp(key, "basis"))
		return append_text(&pack->basis, value);
	if (!strcmp(key, "date"))
		return set_date(pack, value, line, err);
	if (!strcmp(key, "confidence"))
		return set_confidence(pack, value, line, err);
	if (!strcmp(key, "note"))
		return append_text(&pack->note, value);
	return cw_error_at(err, file, line, "unknown key \"%s\": the keys of a vendor pack are %s",
			   key, KEYS);
}

static int compare_prefixes(const void *a, const void *b)
{
	uint64_t left = *(const uint64_t *)a, right = *(const uint64_t *)b;

	return (left > right) - (left < right);
}

size_t cw_pack_sort_prefixes(uint64_t *prefixes, size_t n)
{
	size_t kept = 0;

	if (n)
		qsort(prefixes, n, sizeof(*prefixes), compare_prefixes);
	for (size_t i = 0; i < n; i++) {
		if (!kept || prefixes[kept - 1] != prefixes[i])
			prefixes[kept++] = prefixes[i];
	}
	return kept;
}

static int check_whole(const struct cw_pack *pack, struct cw_error *err)
{
	const struct {
		const char *key, *value;
	} required[] = {
		{ "title", pack->title }, { "basis", pack->basis },
		{ "date", pack->date }, { "confidence", pack->confidence },
	};

	for (size_t i = 0; i < sizeof(required) / sizeof(required[0]); i++) {
		if (!required[i].value)
			return cw_error_at(err, pack->file, 0,
					   "the key \"%s\" is missing: add it to [pack]",
					   required[i].key);
	}
	if (!pack->n_organizations && !pack->n_prefixes)
		return cw_error_at(err, pack->file, 0,
				   "names neither an organization nor a prefix: add what the pack stands for");
	return 0;
}

/* An administrator who pins a prefix and excludes it has made a mistake in one of the two lines. */
static int check_exclusions(const struct cw_pack *pack, struct cw_error *err)
{
	char pinned[CW_PREFIX_STRLEN + 1], excluded[CW_PREFIX_STRLEN + 1];

	for (size_t i = 0; i < pack->n_prefixes; i++) {
		for (size_t j = 0; j < pack->n_exclude; j++) {
			if (!cw_prefix_inside(pack->prefixes[i], pack->exclude[j]))
				continue;
			return cw_error_at(err, pack->file, 0,
					   "\"prefix = %s\" contradicts \"exclude = %s\": keep one of them",
					   cw_prefix_format(pack->prefixes[i], pinned),
					   cw_prefix_format(pack->exclude[j], excluded));
		}
	}
	return 0;
}

static FILE *open_pack(const char *const *dirs, const char *name, char **path,
		       struct cw_error *err)
{
	for (; *dirs; dirs++) {
		FILE *stream;

		*path = cw_asprintf("%s/%s" SUFFIX, *dirs, name);
		stream = fopen(*path, "re");
		if (stream)
			return stream;
		if (errno != ENOENT) {
			cw_error_at(err, *path, 0, "cannot be opened: %s", strerror(errno));
			free(*path);
			return NULL;
		}
		free(*path);
	}
	return NULL;
}

struct cw_pack *cw_pack_load(const char *const *dirs, const char *name,
			     struct cw_error *err)
{
	struct cw_pack *pack;
	FILE *stream;
	char *path;
	int failed;

	if (!is_pack_name(name, strlen(name))) {
		cw_error_set(err, "\"%s\" is no name of a vendor pack: it has letters, digits, '-' and '_' only",
			     name);
		return NULL;
	}
	stream = open_pack(dirs, name, &path, err);
	if (!stream) {
		refuse_unknown(dirs, name, err);	/* the first error stands */
		return NULL;
	}

	pack = cw_calloc(1, sizeof(*pack));
	pack->name = cw_strdup(name);
	pack->file = path;
	failed = cw_ini_read(stream, path, take_key, pack, err) ||
		 check_whole(pack, err) || check_exclusions(pack, err);
	fclose(stream);
	if (failed) {
		cw_pack_free(pack);
		return NULL;
	}
	pack->n_prefixes = cw_pack_sort_prefixes(pack->prefixes, pack->n_prefixes);
	pack->n_exclude = cw_pack_sort_prefixes(pack->exclude, pack->n_exclude);
	return pack;
}

void cw_pack_free(struct cw_pack *pack)
{
	if (!pack)
		return;
	for (size_t i = 0; i < pack->n_organizations; i++) {
		free(pack->organizations[i]);
		free(pack->organization_titles[i]);
	}
	free(pack->organizations);
	free(pack->organization_titles);
	free(pack->prefixes);
	free(pack->exclude);
	free(pack->name);
	free(pack->file);
	free(pack->title);
	free(pack->basis);
	free(pack->date);
	free(pack->confidence);
	free(pack->note);
	free(pack);
}
