/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A file that is replaced in one step, and is whole at any moment. */
#ifndef CW_REPLACE_H
#define CW_REPLACE_H

#include <sys/types.h>
#include <time.h>

/**
 * struct cw_replace_as - what the new file is to be like
 * @mode: its permissions
 * @uid, @gid: its owner; -1 where that is to be the caller
 * @times: of access and modification; NULL for now
 */
struct cw_replace_as {
	mode_t mode;
	uid_t uid;
	gid_t gid;
	const struct timespec *times;
};

/**
 * cw_replace() - put a text in the place of a file, which need not be there
 * @path: links are not followed: a link is replaced
 * @text: what it is to hold
 *
 * A new file beside the old one is on the disk before it takes its name, and so is the name
 * when this returns.
 *
 * Return: 0; -1 with errno set, and then the file is as it was.
 */
int cw_replace(const char *path, const char *text, const struct cw_replace_as *as);

/** cw_folder() - the folder that a path leads to a file in; for free() */
char *cw_folder(const char *path);

#endif
