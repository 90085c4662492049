// SPDX-License-Identifier: GPL-2.0-or-later
/* camwall registry update: bring the IEEE registry up to date, or leave it as it is. */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "alloc.h"
#include "output.h"
#include "settings.h"
#include "update.h"

#define IN_PLACE	"what is in place stays"
#define DAY		86400L

/* Where the IEEE publishes cw_registry_files. */
static const char *const ieee_urls[CW_REGISTRY_FILES] = {
	"https://standards-oui.ieee.org/oui/oui.csv",
	"https://standards-oui.ieee.org/oui28/mam.csv",
	"https://standards-oui.ieee.org/oui36/oui36.csv",
	"https://standards-oui.ieee.org/iab/iab.csv",
};

/**
 * struct update - an update on its way
 * @settings: of the configuration
 * @url: folder of the files on a server; NULL for ieee_urls
 * @from: descriptors of the files that are copied, where a folder was named; else -1
 * @origins: of the files in place
 * @fetched: what came of each file
 * @changed: there is one that is not in place, or with @options->check may be
 * @before: the registry in place, or the newest at hand; NULL where there is none
 * @after: the new one; NULL where nothing has changed
 */
struct update {
	const struct tool *tool;
	const struct update_options *options;
	struct cw_settings settings;
	const char *url;
	int from[CW_REGISTRY_FILES];
	struct store store;
	struct origin origins[CW_REGISTRY_FILES];
	struct fetched fetched[CW_REGISTRY_FILES];
	bool changed;
	struct cw_registry *before, *after;
};

static char *path_in(const char *dir, size_t file, const char *suffix)
{
	return cw_asprintf("%s/%s%s", dir, cw_registry_files[file], suffix);
}

static char *url_of(const struct update *update, size_t file)
{
	size_t length = update->url ? strlen(update->url) : 0;

	if (!length)
		return cw_strdup(ieee_urls[file]);
	return cw_asprintf("%s%s%s", update->url, update->url[length - 1] == '/' ? "" : "/",
			   cw_registry_files[file]);
}

/* --- From where ------------------------------------------------------------------------ */

static int read_settings(struct update *update, struct cw_error *err)
{
	if (cw_settings_read(update->options->config ?: TOOL_CONFIG_FILE, &update->settings, err) < 0)
		return -1;
	update->url = update->options->url ?: update->settings.registry_url;
	if (update->url && strncmp(update->url, "https://", 8) != 0 &&
	    strncmp(update->url, "http://", 7) != 0)
		return cw_error_set(err, "%s is no address to fetch a registry from: give that of a folder, for instance https://mirror.example/ieee/",
				    update->url);
	if (update->url && strncmp(update->url, "http:", 5) == 0 && !update->options->from)
		tool_warn(update->tool, "%s is not protected on its way: whoever can change it decides what is matched; https:// is better",
			  update->url);
	return 0;
}

/* Before privileges are given up: the folder may be root's alone. */
static int open_from(struct update *update, struct cw_error *err)
{
	for (size_t i = 0; i < CW_REGISTRY_FILES && update->options->from; i++) {
		char *path = path_in(update->options->from, i, "");

		update->from[i] = open(path, O_RDONLY | O_CLOEXEC);
		if (update->from[i] < 0)
			cw_error_set(err, "%s: %s: name a folder with the IEEE's oui.csv, mam.csv, oui36.csv and iab.csv",
				     path, strerror(errno));
		free(path);
		if (update->from[i] < 0)
			return -1;
	}
	return 0;
}

static int take_from(struct update *update, size_t file, struct cw_error *err)
{
	char *from = path_in(update->options->from, file, "");
	char *to = path_in(update->store.new_dir, file, "");
	int64_t size = copy_file(update->from[file], from, to, err);

	update->changed = true;
	update->fetched[file].modified_time = -1;
	update->fetched[file].size = size;
	free(from);
	free(to);
	return size < 0 ? -1 : 0;
}

static int keep_in_place(struct update *update, size_t file, struct cw_error *err)
{
	struct fetched *fetched = &update->fetched[file];
	char *from = path_in(update->store.dir, file, "");
	char *to = path_in(update->store.new_dir, file, "");
	int fd = open(from, O_RDONLY | O_CLOEXEC);
	int64_t size = -1;

	if (fd < 0)
		cw_error_at(err, from, 0, "cannot be read: %s", strerror(errno));
	else
		size = copy_file(fd, from, to, err);
	if (fd >= 0)
		close(fd);
	fetched->size = size;
	/* A server need not send again what it has sent. */
	if (!fetched->origin.etag && update->origins[file].etag)
		fetched->origin.etag = cw_strdup(update->origins[file].etag);
	if (!fetched->origin.modified && update->origins[file].modified)
		fetched->origin.modified = cw_strdup(update->origins[file].modified);
	free(from);
	free(to);
	return size < 0 ? -1 : 0;
}

static int take_whole(struct update *update, size_t file, const char *part, struct cw_error *err)
{
	char *to = path_in(update->store.new_dir, file, "");
	int ret = 0;

	update->changed = true;
	if (rename(part, to) < 0)
		ret = cw_error_set(err, "%s: cannot be written: %s", to, strerror(errno));
	free(to);
	return ret;
}

/* Is the file in place of the size that it came with? */
static bool is_as_it_came(const struct update *update, size_t file)
{
	char *path = path_in(update->store.dir, file, "");
	struct stat st;
	bool is;

	is = stat(path, &st) == 0 && access(path, R_OK) == 0 &&
	     (uint64_t)st.st_size == update->origins[file].size;
	free(path);
	return is;
}

/* Only that can be what the server has not changed. */
static const struct origin *at_hand(const struct update *update, size_t file)
{
	static const struct origin none;

	return is_as_it_came(update, file) && !update->options->force ? &update->origins[file] : &none;
}

static int take_url(struct update *update, size_t file, struct cw_error *err)
{
	bool show = isatty(STDERR_FILENO) && !update->tool->quiet;
	struct fetched *fetched = &update->fetched[file];
	char *part = path_in(update->store.new_dir, file, ".part");
	char *url = url_of(update, file);
	int ret;

	ret = fetch(url, part, at_hand(update, file), show ? cw_registry_files[file] : NULL,
		    update->options->seconds, false, fetched, err);
	if (!ret && fetched->not_modified) {
		unlink(part);
		ret = keep_in_place(update, file, err);
	} else if (!ret) {
		ret = take_whole(update, file, part, err);
	}
	free(part);
	free(url);
	return ret;
}

static int take_files(struct update *update, struct cw_error *err)
{
	int ret = 0;

	for (size_t i = 0; i < CW_REGISTRY_FILES && !ret; i++)
		ret = update->options->from ? take_from(update, i, err) : take_url(update, i, err);
	return ret;
}

/* --- Whether it can be right ----------------------------------------------------------- */

static int check_size(const struct update *update, size_t file, struct cw_error *err)
{
	size_t before = update->before->n_by_file[file], after = update->after->n_by_file[file];
	char *path = path_in(update->after->dir, file, "");

	/* A tenth of a handful is no fraction. */
	if (after * 10 < before * 9)
		cw_error_at(err, path, 0, "has %zu assignments, where that in %s has %zu: more than a tenth is lost, so it is cut off or something else; " IN_PLACE ": try again later, or, where it is right, with --force",
			    after, update->before->dir, before);
	free(path);
	return err->message ? -1 : 0;
}

static int check_dates(const struct update *update, const char *what, time_t before, time_t after,
		       struct cw_error *err)
{
	char texts[2][TEXT_LEN];

	if (after >= before)
		return 0;
	return cw_error_set(err, "%s that was to be put in place is of %s, and that in %s of %s; " IN_PLACE ": where the older one is wanted, give --force",
			    what, date_text(after, texts[0]), update->before->dir, date_text(before, texts[1]));
}

/*
 * The package's files are as old as the package; those of an update each have their own date, if
 * nobody has changed them since.
 */
static int check_age(const struct update *update, struct cw_error *err)
{
	const struct cw_registry *before = update->before, *after = update->after;

	if (strcmp(before->dir, update->store.dir) != 0)
		return check_dates(update, "the registry", before->edition, after->edition, err);
	for (size_t i = 0; i < CW_REGISTRY_FILES; i++)
		if ((is_as_it_came(update, i) || !update->origins[i].size) &&
		    check_dates(update, cw_registry_files[i], before->modified[i], after->modified[i], err) < 0)
			return -1;
	return 0;
}

/*
 * What is dated ahead would count as the newest until then. By force it is taken as of now.
 * Clocks differ, and the IEEE's day is another one.
 */
static int check_future(const struct update *update, struct cw_error *err)
{
	time_t now = time(NULL);
	char date[TEXT_LEN];
	int ret = 0;

	for (size_t i = 0; i < CW_REGISTRY_FILES && !ret; i++) {
		char *path = path_in(update->store.new_dir, i, "");
		struct stat st;

		if (stat(path, &st) < 0 || st.st_mtime <= now + DAY)
			; /* what is not there is an error of its own */
		else if (!update->options->force)
			ret = cw_error_at(err, path, 0, "is of %s, which is yet to come; " IN_PLACE ": set the clock of this machine, or the server's; with --force it is taken as of now",
					  date_text(st.st_mtime, date));
		else if (utimensat(AT_FDCWD, path, NULL, 0) < 0)
			ret = cw_error_at(err, path, 0, "cannot be dated: %s", strerror(errno));
		free(path);
	}
	return ret;
}

static int check(struct update *update, struct cw_error *err)
{
	struct cw_error reason = { 0 };

	if (check_future(update, err) < 0)
		return -1;
	update->after = cw_registry_load(update->store.new_dir, &reason);
	if (!update->after) {
		cw_error_set(err, "%s; " IN_PLACE, reason.message);
		cw_error_clear(&reason);
		return -1;
	}
	if (!update->before || update->options->force)
		return 0;
	for (size_t i = 0; i < CW_REGISTRY_FILES; i++)
		if (check_size(update, i, err) < 0)
			return -1;
	return check_age(update, err);
}

static bool same_octets(const char *dir, const char *other, size_t file)
{
	char *paths[2] = { path_in(dir, file, ""), path_in(other, file, "") };
	FILE *streams[2] = { fopen(paths[0], "re"), fopen(paths[1], "re") };
	bool same = streams[0] && streams[1];
	int c;

	while (same && (c = getc(streams[0])) != EOF)
		same = getc(streams[1]) == c;
	same = same && getc(streams[1]) == EOF;
	for (int i = 0; i < 2; i++) {
		if (streams[i])
			fclose(streams[i]);
		free(paths[i]);
	}
	return same;
}

/* What comes from a folder has nothing else that tells. */
static bool is_copy(const struct update *update)
{
	for (size_t i = 0; i < CW_REGISTRY_FILES; i++)
		if (!same_octets(update->store.dir, update->store.new_dir, i))
			return false;
	return true;
}

/* --- Putting it in place --------------------------------------------------------------- */

/* Of one that is damaged nothing counts as not modified: all of it is fetched again. */
static void load_before(struct update *update)
{
	update->before = cw_registry_load(update->store.dir, NULL);
	if (update->before)
		origins_read(update->store.dir, update->origins);
	else
		update->before = cw_registry_load(NULL, NULL);
}

static int write_origins(const struct update *update, struct cw_error *err)
{
	struct origin origins[CW_REGISTRY_FILES];

	for (size_t i = 0; i < CW_REGISTRY_FILES; i++) {
		origins[i] = update->fetched[i].origin;
		origins[i].size = update->fetched[i].size;
	}
	return origins_write(update->store.new_dir, origins, err);
}

static int bring(struct update *update, struct cw_error *err)
{
	if (take_files(update, err) < 0)
		return -1;
	if (update->options->from)
		update->changed = !is_copy(update);
	if (!update->changed) {
		store_discard(&update->store);
		return 0;
	}
	if (check(update, err) < 0 || write_origins(update, err) < 0)
		return -1;
	return store_swap(&update->store, err);
}

/* --- Only asking ----------------------------------------------------------------------- */

static bool is_newer(const struct update *update, size_t file, int64_t modified)
{
	char *path = path_in(update->before->dir, file, "");
	struct stat st;
	bool newer = stat(path, &st) < 0 || modified < 0 || modified > st.st_mtime;

	free(path);
	return newer;
}

static int ask(struct update *update, struct cw_error *err)
{
	for (size_t i = 0; i < CW_REGISTRY_FILES; i++) {
		struct fetched *fetched = &update->fetched[i];
		char *url = url_of(update, i);
		struct stat st;
		int ret = 0;

		if (update->options->from) {
			fetched->modified_time = fstat(update->from[i], &st) == 0 ? st.st_mtime : -1;
		} else {
			ret = fetch(url, "-", at_hand(update, i), NULL, update->options->seconds, true,
				    fetched, err);
		}
		free(url);
		if (ret < 0)
			return -1;
		update->changed |= !fetched->not_modified &&
				   (!update->before || is_newer(update, i, fetched->modified_time));
	}
	return 0;
}

/* Without a lock: nothing is written. */
static int ask_only(struct update *update, const char *dir, struct cw_error *err)
{
	if (store_ask(&update->store, dir, err) < 0)
		return -1;
	load_before(update);
	return ask(update, err);
}

/* --- What came of it ------------------------------------------------------------------- */

static const char *file_state(const struct update *update, size_t file)
{
	const struct fetched *fetched = &update->fetched[file];

	if (fetched->not_modified || !update->changed)
		return "not-modified";
	return update->options->check ? "newer" : update->options->from ? "copied" : "downloaded";
}

static json_t *files_json(const struct update *update)
{
	json_t *list = json_array();

	for (size_t i = 0; i < CW_REGISTRY_FILES; i++)
		json_array_append_new(list, json_pack("{s:s, s:s, s:o, s:I, s:I}",
						      "file", cw_registry_files[i],
						      "state", file_state(update, i),
						      "url", json_text(update->fetched[i].origin.url),
						      "size", (json_int_t)update->fetched[i].size,
						      "resumed", (json_int_t)update->fetched[i].resumed));
	return list;
}

static enum tool_status print_json(const struct update *update)
{
	const struct cw_registry *now = update->after ?: update->before;

	return json_end(update->tool,
			json_pack("{s:b, s:b, s:b, s:s, s:o, s:o, s:o, s:o}",
				  "checked_only", update->options->check,
				  "newer", update->changed,
				  "updated", update->changed && !update->options->check,
				  "dir", update->store.dir,
				  "edition", now ? json_integer(now->edition) : json_null(),
				  "assignment_count", now ? json_integer(now->n_assignments) : json_null(),
				  "assignment_count_before", update->before ?
				  json_integer(update->before->n_assignments) : json_null(),
				  "files", files_json(update)));
}

static void print_check(const struct update *update)
{
	char date[TEXT_LEN];

	if (!update->before)
		puts("there is no registry at hand: camwall registry update fetches one");
	else
		printf("%s than the one in %s, of %s\n", update->changed ? "there is a newer registry" :
		       "there is no newer registry", update->before->dir,
		       date_text(update->before->edition, date));
}

static void print_text(const struct update *update)
{
	const struct cw_registry *after = update->after, *before = update->before;
	char date[TEXT_LEN];

	if (!update->changed) {
		printf("not modified: the registry in %s, of %s, is the newest\n", update->store.dir,
		       before ? date_text(before->edition, date) : "an unknown date");
		return;
	}
	printf("registry %s: edition of %s, %zu assignments\n", update->store.dir,
	       date_text(after->edition, date), after->n_assignments);
	if (before)
		printf("%+" PRId64 " assignments against the edition of %s, which was in %s\n",
		       (int64_t)after->n_assignments - (int64_t)before->n_assignments,
		       date_text(before->edition, date), before->dir);
	puts("\"camwall apply\" puts it in force");
}

/* Whoever updates one registry and applies another would not notice. */
static void warn_elsewhere(const struct update *update)
{
	const char *named = update->settings.registry_dir, *newest;

	if (!update->changed || update->options->dir)
		return;
	if (named && strcmp(named, update->store.dir) != 0) {
		tool_warn(update->tool, "the configuration names another folder, \"registry = %s\": take that line out, or update that folder with --registry",
			  named);
		return;
	}
	newest = named ? NULL : cw_registry_newest(cw_registry_default_dirs);
	if (newest && strcmp(newest, update->store.dir) != 0)
		tool_warn(update->tool, "the registry in %s is newer, and is the one that is used", newest);
}

static void print(const struct update *update)
{
	if (update->tool->json)
		print_json(update);
	else if (update->options->check)
		print_check(update);
	else if (!update->tool->quiet)
		print_text(update);
	if (!update->options->check)
		warn_elsewhere(update);
}

static void update_clear(struct update *update)
{
	for (size_t i = 0; i < CW_REGISTRY_FILES; i++) {
		origin_clear(&update->origins[i]);
		origin_clear(&update->fetched[i].origin);
		if (update->from[i] >= 0)
			close(update->from[i]);
	}
	cw_registry_free(update->before);
	cw_registry_free(update->after);
	cw_settings_clear(&update->settings);
	store_close(&update->store);
}

static int carry_out(struct update *update, struct cw_error *err)
{
	const char *dir = update->options->dir ?: CW_REGISTRY_UPDATED_DIR;

	update->store.lock = -1;
	if (read_settings(update, err) < 0 || open_from(update, err) < 0)
		return -1;
	if (update->options->check)
		return ask_only(update, dir, err);
	if (store_open(&update->store, dir, err) < 0)
		return -1;
	load_before(update);
	return bring(update, err);
}

enum tool_status registry_update(const struct tool *tool, const struct update_options *options)
{
	struct update update = { .tool = tool, .options = options, .from = { -1, -1, -1, -1 } };
	enum tool_status status = TOOL_DONE;
	struct cw_error err = { 0 };

	if (carry_out(&update, &err) < 0)
		status = tool_error(&err);
	else
		print(&update);
	update_clear(&update);
	return status;
}
