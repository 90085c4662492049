// SPDX-License-Identifier: GPL-2.0-or-later
/* The file of exemptions beside a configuration: changed by one writer at a time, in one step. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "alloc.h"
#include "exempt_file.h"
#include "timestamp.h"

#define NEW_MODE 0644

#define HEADER \
	"# Exemptions, kept by \"camwall exempt add\" and \"camwall exempt del\", and read by\n" \
	"# \"camwall apply\" as if they stood at the end of the configuration. Those that have\n" \
	"# ended stay here as history.\n"

/* The folder of a path; for free(). */
static char *folder(const char *path)
{
	const char *slash = strrchr(path, '/');

	if (!slash)
		return cw_strdup(".");
	return slash == path ? cw_strdup("/") : cw_strndup(path, slash - path);
}

char *cw_exempt_file_path(const char *config)
{
	const char *slash = strrchr(config, '/');

	return cw_asprintf("%.*s" CW_EXEMPT_FILE_NAME, slash ? (int)(slash + 1 - config) : 0, config);
}

int cw_exempt_file_lock(const char *path, int operation, struct cw_error *err)
{
	char *dir = folder(path);
	int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC), ret = fd < 0 ? -1 : 0;

	while (!ret && flock(fd, operation) < 0)
		ret = errno == EINTR ? 0 : -1;
	if (ret)
		cw_error_set(err, "%s: cannot be locked: %s", dir, strerror(errno));
	if (ret && fd >= 0)
		close(fd);
	free(dir);
	return ret ? -1 : fd;
}

static int read_text(struct cw_exempt_file *file, FILE *stream, struct cw_error *err)
{
	size_t size = 0;
	ssize_t length;

	if (fstat(fileno(stream), &file->stat) < 0)
		return cw_error_set(err, "%s: cannot be read: %s", file->path, strerror(errno));
	if (!S_ISREG(file->stat.st_mode))
		return cw_error_set(err, "%s: is no file: remove it", file->path);
	length = getdelim(&file->before, &size, '\0', stream);
	if (length < 0 && ferror(stream))
		return cw_error_set(err, "%s: cannot be read: %s", file->path, strerror(errno));
	if (length < 0)
		file->before[0] = '\0';
	else if (strlen(file->before) < (size_t)length)
		return cw_error_set(err, "%s: a zero byte: this is no text file, or it is damaged", file->path);
	file->existed = true;
	return 0;
}

static int read_file(struct cw_exempt_file *file, struct cw_error *err)
{
	FILE *stream = fopen(file->path, "re");
	int ret;

	if (!stream && errno == ENOENT)
		return 0;
	if (!stream)
		return cw_error_set(err, "%s: cannot be read: %s", file->path, strerror(errno));
	ret = read_text(file, stream, err);
	fclose(stream);
	return ret;
}

int cw_exempt_file_open(struct cw_exempt_file *file, const char *path, struct cw_error *err)
{
	char *real = realpath(path, NULL);
	int ret;

	memset(file, 0, sizeof(*file));
	file->path = cw_strdup(real ?: path);
	free(real);
	file->dir = cw_exempt_file_lock(file->path, LOCK_EX, err);
	ret = file->dir < 0 ? -1 : read_file(file, err);
	if (!ret)
		file->text = cw_strdup(file->existed ? file->before : HEADER);
	if (ret)
		cw_exempt_file_close(file);
	return ret;
}

/* Takes over @text. */
static void set_text(struct cw_exempt_file *file, char *text)
{
	free(file->text);
	file->text = text;
}

void cw_exempt_file_add(struct cw_exempt_file *file, const struct cw_policy_exemption *exemption)
{
	char mac[CW_MAC_STRLEN + 1], until[CW_TIMESTAMP_STRLEN + 1];
	size_t length = strlen(file->text);
	bool ends = !length || file->text[length - 1] == '\n';

	set_text(file, cw_asprintf("%s%s\n[exempt %s]\nuntil = %s\nreason = %s\napproved-by = %s\n",
				   file->text, ends ? "" : "\n", cw_mac_format(exemption->mac, mac),
				   cw_timestamp_format(exemption->until, until),
				   exemption->reason, exemption->approved_by));
}

void cw_exempt_file_end(struct cw_exempt_file *file, int line, uint64_t until)
{
	const char *start = file->text, *rest;
	char text[CW_TIMESTAMP_STRLEN + 1];

	for (; line > 1 && *start; line--)
		start += strcspn(start, "\n") + 1;
	rest = start + strcspn(start, "\n");
	set_text(file, cw_asprintf("%.*suntil = %s%s", (int)(start - file->text), file->text,
				   cw_timestamp_format(until, text), rest));
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

/* Owner and permissions of the file that is replaced. */
static int take_over(const struct cw_exempt_file *file, int fd)
{
	struct stat now;
	mode_t mask;

	if (!file->existed) {
		mask = umask(0);
		umask(mask);
		return fchmod(fd, NEW_MODE & ~mask);
	}
	if (fstat(fd, &now) < 0)
		return -1;
	if ((now.st_uid != file->stat.st_uid || now.st_gid != file->stat.st_gid) &&
	    fchown(fd, file->stat.st_uid, file->stat.st_gid) < 0)
		return -1;
	return fchmod(fd, file->stat.st_mode & 07777);
}

static int keep_times(const struct cw_exempt_file *file, int fd)
{
	const struct timespec times[] = { file->stat.st_atim, file->stat.st_mtim };

	return futimens(fd, times);
}

static int fill(const struct cw_exempt_file *file, int fd, const char *text, bool old)
{
	if (take_over(file, fd) < 0 || write_whole(fd, text) < 0)
		return -1;
	if (old && keep_times(file, fd) < 0)
		return -1;
	return fsync(fd);
}

/* A new file beside the old one, on the disk before it takes its name. */
static int replace(const struct cw_exempt_file *file, const char *text, bool old)
{
	char *temporary = cw_asprintf("%s.XXXXXX", file->path);
	int fd = mkostemp(temporary, O_CLOEXEC), ret = fd < 0 ? -1 : 0, error;

	if (!ret)
		ret = fill(file, fd, text, old);
	if (fd >= 0 && close(fd) < 0)
		ret = -1;
	if (!ret)
		ret = rename(temporary, file->path);
	error = errno;
	if (ret && fd >= 0)
		unlink(temporary);
	free(temporary);
	errno = error;
	return ret ?: fsync(file->dir);
}

int cw_exempt_file_write(struct cw_exempt_file *file, struct cw_error *err)
{
	if (replace(file, file->text, false) == 0)
		return 0;
	return cw_error_set(err, "%s: cannot be written, and is as it was: %s", file->path,
			    strerror(errno));
}

int cw_exempt_file_restore(struct cw_exempt_file *file, struct cw_error *err)
{
	int ret;

	if (file->existed)
		ret = replace(file, file->before, true);
	else
		ret = unlink(file->path) ?: fsync(file->dir);
	if (!ret)
		return 0;
	return cw_error_set(err, "%s: cannot be put back as it was: %s: take out what was added",
			    file->path, strerror(errno));
}

void cw_exempt_file_close(struct cw_exempt_file *file)
{
	if (file->dir >= 0)
		close(file->dir);
	free(file->path);
	free(file->before);
	free(file->text);
	memset(file, 0, sizeof(*file));
	file->dir = -1;
}
