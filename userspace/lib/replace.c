// SPDX-License-Identifier: GPL-2.0-or-later
/* A file that is replaced in one step, and is whole at any moment. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "alloc.h"
#include "replace.h"

char *cw_folder(const char *path)
{
	const char *slash = strrchr(path, '/');

	if (!slash)
		return cw_strdup(".");
	return slash == path ? cw_strdup("/") : cw_strndup(path, slash - path);
}

static int write_whole(int fd, const char *text)
{
	size_t left = strlen(text);

	while (left) {
		ssize_t n = write(fd, text, left);

		if (n < 0 && errno != EINTR)
			return -1;
		if (n > 0) {
			text += n;
			left -= n;
		}
	}
	return 0;
}

static int take_owner(int fd, const struct cw_replace_as *as)
{
	struct stat now;

	if (fstat(fd, &now) < 0)
		return -1;
	if ((as->uid == (uid_t)-1 || as->uid == now.st_uid) &&
	    (as->gid == (gid_t)-1 || as->gid == now.st_gid))
		return 0;
	return fchown(fd, as->uid, as->gid);
}

static int fill(int fd, const char *text, const struct cw_replace_as *as)
{
	if (take_owner(fd, as) < 0 || fchmod(fd, as->mode) < 0 || write_whole(fd, text) < 0)
		return -1;
	if (as->times && futimens(fd, as->times) < 0)
		return -1;
	return fsync(fd);
}

/* The name is on the disk when the folder is. */
static int sync_folder(const char *path)
{
	char *dir = cw_folder(path);
	int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC), ret = fd < 0 ? -1 : fsync(fd);
	int error = errno;

	if (fd >= 0)
		close(fd);
	free(dir);
	errno = error;
	return ret;
}

int cw_replace(const char *path, const char *text, const struct cw_replace_as *as)
{
	char *temporary = cw_asprintf("%s.XXXXXX", path);
	int fd = mkostemp(temporary, O_CLOEXEC), ret = fd < 0 ? -1 : 0, error;

	if (!ret)
		ret = fill(fd, text, as);
	if (fd >= 0 && close(fd) < 0)
		ret = -1;
	if (!ret)
		ret = rename(temporary, path);
	error = errno;
	if (ret && fd >= 0)
		unlink(temporary);
	free(temporary);
	errno = error;
	return ret ?: sync_folder(path);
}
