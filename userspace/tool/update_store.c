// SPDX-License-Identifier: GPL-2.0-or-later
/* The folders of an updated registry: put together beside the one in place, and swapped with it. */
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <linux/fs.h>

#include <jansson.h>

#include "alloc.h"
#include "update.h"

#define ORIGINS_FILE	"sources.json"

static char *parent_of(const char *dir)
{
	const char *slash = strrchr(dir, '/');

	if (!slash)
		return cw_strdup(".");
	return slash == dir ? cw_strdup("/") : cw_strndup(dir, slash - dir);
}

static void remove_file(const char *dir, const char *name, const char *suffix)
{
	char *path = cw_asprintf("%s/%s%s", dir, name, suffix);

	unlink(path);
	free(path);
}

static void remove_whole(const char *dir)
{
	for (size_t i = 0; i < CW_REGISTRY_FILES; i++)
		remove_file(dir, cw_registry_files[i], "");
	remove_file(dir, ORIGINS_FILE, "");
}

static void remove_all(const char *dir)
{
	remove_whole(dir);
	for (size_t i = 0; i < CW_REGISTRY_FILES; i++) {
		remove_file(dir, cw_registry_files[i], ".part");
		remove_file(dir, cw_registry_files[i], ".part.json");
	}
	rmdir(dir);
}

/* For good: nothing that follows needs more. */
static int become_owner(int dir, const char *name, struct cw_error *err)
{
	struct stat st;

	if (fstat(dir, &st) < 0)
		return cw_error_set(err, "%s: %s", name, strerror(errno));
	if (geteuid() || !st.st_uid)
		return 0;
	if (setgroups(0, NULL) < 0 || setresgid(st.st_gid, st.st_gid, st.st_gid) < 0 ||
	    setresuid(st.st_uid, st.st_uid, st.st_uid) < 0)
		return cw_error_set(err, "cannot go on as the owner of %s: %s", name, strerror(errno));
	return 0;
}

static int lock_parent(struct store *store, const char *parent, struct cw_error *err)
{
	if (mkdir(parent, 0755) < 0 && errno != EEXIST)
		return cw_error_set(err, "%s: cannot be made: %s: name another folder with --registry",
				    parent, strerror(errno));
	store->lock = open(parent, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (store->lock < 0)
		return cw_error_set(err, "%s: cannot be opened: %s", parent, strerror(errno));
	if (flock(store->lock, LOCK_EX | LOCK_NB) == 0)
		return become_owner(store->lock, parent, err);
	if (errno != EWOULDBLOCK)
		return cw_error_set(err, "%s: cannot be locked: %s", parent, strerror(errno));
	return cw_error_set(err, "another update of %s is at work: wait for it", store->dir);
}

static int make_new_dir(struct store *store, struct cw_error *err)
{
	struct stat st;

	if (mkdir(store->new_dir, 0755) < 0 && errno != EEXIST)
		return cw_error_set(err, "%s: cannot be made: %s%s", store->new_dir, strerror(errno),
				    errno == EACCES || errno == EPERM ? ": run as root" : "");
	if (lstat(store->new_dir, &st) < 0 || !S_ISDIR(st.st_mode) || access(store->new_dir, W_OK) < 0)
		return cw_error_set(err, "%s is no folder that can be written to: remove it", store->new_dir);
	/* Of an update that was stopped just before it was done: only downloads are gone on with. */
	remove_whole(store->new_dir);
	return 0;
}

static bool same_folder(const char *a, const char *b)
{
	struct stat x, y;

	return stat(a, &x) == 0 && stat(b, &y) == 0 && x.st_dev == y.st_dev && x.st_ino == y.st_ino;
}

int store_open(struct store *store, const char *dir, struct cw_error *err)
{
	size_t length = strlen(dir);
	char *parent;
	int ret;

	while (length > 1 && dir[length - 1] == '/')
		length--;
	store->dir = cw_strndup(dir, length);
	store->new_dir = cw_asprintf("%s.new", store->dir);
	store->old_dir = cw_asprintf("%s.old", store->dir);
	store->lock = -1;
	if (same_folder(dir, CW_REGISTRY_DEFAULT_DIR))
		return cw_error_set(err, CW_REGISTRY_DEFAULT_DIR " is the package's: leave --registry out, and " CW_REGISTRY_UPDATED_DIR " is updated");
	parent = parent_of(store->dir);
	ret = lock_parent(store, parent, err) ?: make_new_dir(store, err);
	free(parent);
	return ret;
}

int store_ask(struct store *store, const char *dir, struct cw_error *err)
{
	char *parent = parent_of(dir);
	int fd = open(parent, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int ret = fd < 0 ? 0 : become_owner(fd, parent, err);

	store->dir = cw_strdup(dir);
	store->lock = -1;
	if (fd >= 0)
		close(fd);
	free(parent);
	return ret;
}

void store_close(struct store *store)
{
	if (store->lock >= 0)
		close(store->lock);
	free(store->dir);
	free(store->new_dir);
	free(store->old_dir);
}

static int sync_dir(const char *dir, struct cw_error *err)
{
	int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC), ret;

	ret = fd < 0 ? -1 : fsync(fd);
	if (ret < 0)
		cw_error_set(err, "%s: cannot be written: %s", dir, strerror(errno));
	if (fd >= 0)
		close(fd);
	return ret;
}

/* Not every C library has renameat2(). */
static int rename_with(const char *from, const char *to, unsigned int flags)
{
	return (int)syscall(SYS_renameat2, AT_FDCWD, from, AT_FDCWD, to, flags);
}

/* The first one has nothing to change places with. */
static int exchange(struct store *store, bool *first, struct cw_error *err)
{
	unsigned int flags = RENAME_EXCHANGE;

	*first = access(store->dir, F_OK) < 0 && errno == ENOENT;
	if (*first)
		flags = RENAME_NOREPLACE;
	if (rename_with(store->new_dir, store->dir, flags) == 0)
		return 0;
	if (*first && errno == EINVAL && rename(store->new_dir, store->dir) == 0)
		return 0;
	if (errno == EINVAL || errno == ENOSYS || errno == EXDEV)
		return cw_error_set(err, "%s: this file system cannot let two folders change places: name a folder on another one with --registry, and in the configuration with \"registry =\"",
				    store->dir);
	return cw_error_set(err, "%s: cannot be replaced: %s", store->dir, strerror(errno));
}

int store_swap(struct store *store, struct cw_error *err)
{
	bool first;

	if (sync_dir(store->new_dir, err) < 0 || exchange(store, &first, err) < 0)
		return -1;
	if (!first) {
		remove_all(store->old_dir);
		/* Where something of somebody's keeps it there, the one before is not kept. */
		if (rename(store->new_dir, store->old_dir) < 0)
			remove_all(store->new_dir);
	}
	if (fsync(store->lock) < 0)
		return cw_error_set(err, "%s: cannot be written: %s", store->dir, strerror(errno));
	return 0;
}

void store_discard(struct store *store)
{
	remove_all(store->new_dir);
}

/* --- Where the files came from --------------------------------------------------------- */

static char *text_of(const json_t *json, const char *key)
{
	const char *text = json_string_value(json_object_get(json, key));

	return text ? cw_strdup(text) : NULL;
}

void origin_clear(struct origin *origin)
{
	free(origin->url);
	free(origin->etag);
	free(origin->modified);
	memset(origin, 0, sizeof(*origin));
}

void origins_read(const char *dir, struct origin origins[static CW_REGISTRY_FILES])
{
	char *path = cw_asprintf("%s/" ORIGINS_FILE, dir);
	json_t *json = json_load_file(path, 0, NULL);

	for (size_t i = 0; i < CW_REGISTRY_FILES; i++) {
		const json_t *file = json_object_get(json, cw_registry_files[i]);

		origins[i].url = text_of(file, "url");
		origins[i].etag = text_of(file, "etag");
		origins[i].modified = text_of(file, "modified");
		origins[i].size = json_integer_value(json_object_get(file, "size"));
	}
	json_decref(json);
	free(path);
}

int origins_write(const char *dir, const struct origin origins[static CW_REGISTRY_FILES],
		  struct cw_error *err)
{
	char *path = cw_asprintf("%s/" ORIGINS_FILE, dir);
	json_t *json = json_object();
	FILE *stream;
	int ret = 0;

	for (size_t i = 0; i < CW_REGISTRY_FILES; i++)
		json_object_set_new(json, cw_registry_files[i],
				    json_pack("{s:s?, s:s?, s:s?, s:I}", "url", origins[i].url,
					      "etag", origins[i].etag, "modified", origins[i].modified,
					      "size", (json_int_t)origins[i].size));
	stream = fopen(path, "we");
	if (!stream || json_dumpf(json, stream, JSON_INDENT(2)) < 0 || fputc('\n', stream) < 0 ||
	    fflush(stream) || fsync(fileno(stream)) < 0)
		ret = cw_error_at(err, path, 0, "cannot be written: %s", strerror(errno));
	if (stream)
		fclose(stream);
	json_decref(json);
	free(path);
	return ret;
}
