/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the sources of camwall registry update share: the folders, where files come from, what came of it. */
#ifndef CW_UPDATE_H
#define CW_UPDATE_H

#include "registry.h"
#include "tool.h"

/**
 * struct store - the folder that is updated, and those beside it
 * @dir: the registry in place
 * @new_dir: where the next one comes together, "DIR.new"; what was left of a download stays in it
 * @old_dir: the one before, "DIR.old"
 * @lock: descriptor of the folder that all of them are in, which is locked
 */
struct store {
	char *dir, *new_dir, *old_dir;
	int lock;
};

/**
 * store_open() - lock the folder against another update, and make "DIR.new" ready
 * @store: for store_close(), also where -1 is returned
 *
 * Where this runs as root, and somebody else owns the folder around @dir (camwalld does), it
 * goes on as that user, who could otherwise turn its writes elsewhere by symbolic links.
 *
 * Return: 0, or -1 with @err set.
 */
int store_open(struct store *store, const char *dir, struct cw_error *err);

/** store_ask() - the same only to look at it: nothing is locked, or made; Return: 0, or -1 with @err set */
int store_ask(struct store *store, const char *dir, struct cw_error *err);
void store_close(struct store *store);

/**
 * store_swap() - put "DIR.new" in the place of DIR, in one step, and keep DIR as "DIR.old"
 *
 * Return: 0, or -1 with @err set
 */
int store_swap(struct store *store, struct cw_error *err);

/** store_discard() - remove "DIR.new" with all that is in it */
void store_discard(struct store *store);

/**
 * struct origin - where a file in place came from
 * @url, @etag, @modified: as its server said it; NULL where that is not known
 * @size: octets that it had; 0 where that is not known
 */
struct origin {
	char *url, *etag, *modified;
	uint64_t size;
};

void origin_clear(struct origin *origin);

/** origins_read() - those of a folder's files, in the order of cw_registry_files */
void origins_read(const char *dir, struct origin origins[static CW_REGISTRY_FILES]);

/** origins_write() - the same, on the disk when this returns; Return: 0, or -1 with @err set */
int origins_write(const char *dir, const struct origin origins[static CW_REGISTRY_FILES],
		  struct cw_error *err);

/**
 * struct fetched - what came of a file
 * @not_modified: the server has what is in place
 * @origin: to be kept with the file
 * @modified_time: seconds since 1970, -1 where the server has not said it
 * @size: octets
 * @resumed: of them those that an earlier attempt had brought
 */
struct fetched {
	bool not_modified;
	struct origin origin;
	int64_t modified_time;
	uint64_t size, resumed;
};

/**
 * fetch() - one file from a server, by the program camwall-fetch
 * @url: of the file
 * @path: where to; with @head only asked for
 * @at_hand: what is in place; of another address it does not count
 * @label: shown with the progress; NULL for none
 *
 * Return: 0 and @fetched for origin_clear() of its origin, or -1 with @err set.
 */
int fetch(const char *url, const char *path, const struct origin *at_hand, const char *label,
	  const char *seconds, bool head, struct fetched *fetched, struct cw_error *err);

/** copy_file() - copy a file with its time, on the disk when this returns; Return: its octets, or -1 with @err set */
int64_t copy_file(int from, const char *from_name, const char *to, struct cw_error *err);

/**
 * struct update_options - what the command line says
 * @dir: the folder to update; NULL for CW_REGISTRY_UPDATED_DIR
 * @from: a folder to take the files from; NULL for a server
 * @url: the folder of the four files on a server; NULL for what the configuration says
 * @config: the configuration; NULL for the default one
 * @seconds: without any progress after which an attempt is given up, as text; NULL for the default
 * @check: only say whether there is a newer one
 * @force: fetch all anew, and take also what is much smaller, or older, than what is in place, or
 *	   dated ahead
 */
struct update_options {
	const char *dir, *from, *url, *config, *seconds;
	bool check, force;
};

/** registry_update() - bring the registry up to date, and print what came of it */
enum tool_status registry_update(const struct tool *tool, const struct update_options *options);

#endif
