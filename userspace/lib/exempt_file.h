/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The file of exemptions beside a configuration: changed by one writer at a time, in one step. */
#ifndef CW_EXEMPT_FILE_H
#define CW_EXEMPT_FILE_H

#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>

#include "error.h"
#include "policy.h"

#define CW_EXEMPT_FILE_NAME "exemptions.conf"

/**
 * struct cw_exempt_file - the file while it is changed
 * @path: where it stands, links followed
 * @dir: its folder, open and locked, or -1
 * @existed: it was there, and @before holds what stood in it, @stat what it was like
 * @text: what it is to hold
 */
struct cw_exempt_file {
	char *path;
	int dir;
	bool existed;
	struct stat stat;
	char *before, *text;
};

/** cw_exempt_file_path() - the file that stands beside a configuration; for free() */
char *cw_exempt_file_path(const char *config);

/**
 * cw_exempt_file_lock() - keep others from changing what stands in a folder, by an flock() of it
 * @path: of the file
 * @operation: LOCK_EX for who will change it, LOCK_SH for who reads it with the configuration;
 *	       waits for another one, a few seconds at most
 *
 * Return: a descriptor, for close(), which ends the lock; -1 with @err set, and errno EWOULDBLOCK
 * where another one has not let go.
 */
int cw_exempt_file_lock(const char *path, int operation, struct cw_error *err);

/**
 * cw_exempt_file_open() - lock the file against other writers, and read it
 * @path: it need not be there; its folder does
 *
 * Return: 0, and @file for cw_exempt_file_close(); -1 with @err set.
 */
int cw_exempt_file_open(struct cw_exempt_file *file, const char *path, struct cw_error *err);

/** cw_exempt_file_add() - add a section at the end of the text */
void cw_exempt_file_add(struct cw_exempt_file *file, const struct cw_policy_exemption *exemption);

/** cw_exempt_file_end() - replace an "until =" in the text; @line: where it stands, from 1 */
void cw_exempt_file_end(struct cw_exempt_file *file, int line, uint64_t until);

/**
 * cw_exempt_file_write() - put the text in the place of the file, which is whole at any moment
 *
 * Owner and permissions stay. What is written is on the disk when this returns.
 *
 * Return: 0, or -1 with @err set, and then the file is as it was.
 */
int cw_exempt_file_write(struct cw_exempt_file *file, struct cw_error *err);

/**
 * cw_exempt_file_restore() - make the file what it was when it was opened, its time included
 *
 * Return: 0, or -1 with @err set.
 */
int cw_exempt_file_restore(struct cw_exempt_file *file, struct cw_error *err);

/** cw_exempt_file_close() - end the lock, and free what is held */
void cw_exempt_file_close(struct cw_exempt_file *file);

#endif
