// SPDX-License-Identifier: GPL-2.0-or-later
/* The file of exemptions beside a configuration: changed by one writer at a time, in one step. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <time.h>
#include <unistd.h>

#include "alloc.h"
#include "exempt_file.h"
#include "replace.h"
#include "timestamp.h"

#define NEW_MODE 0644
#define LOCK_SECONDS 5
#define LOCK_TRIES_PER_SECOND 20

#define HEADER \
	"# Exemptions, kept by \"camwall exempt add\" and \"camwall exempt del\", and read by\n" \
	"# \"camwall apply\" as if they stood at the end of the configuration. Those that have\n" \
	"# ended stay here as history.\n"

char *cw_exempt_file_path(const char *config)
{
	const char *slash = strrchr(config, '/');

	return cw_asprintf("%.*s" CW_EXEMPT_FILE_NAME, slash ? (int)(slash + 1 - config) : 0, config);
}

/* Anybody who may read a folder may lock it, so that nobody is waited for without end. */
static int lock(int fd, int operation)
{
	const struct timespec pause = { .tv_nsec = 1000000000L / LOCK_TRIES_PER_SECOND };
	int tries = LOCK_SECONDS * LOCK_TRIES_PER_SECOND;

	while (flock(fd, operation | LOCK_NB) < 0) {
		if (errno != EINTR && (errno != EWOULDBLOCK || !tries--))
			return -1;
		nanosleep(&pause, NULL);
	}
	return 0;
}

int cw_exempt_file_lock(const char *path, int operation, struct cw_error *err)
{
	char *dir = cw_folder(path);
	int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC), ret, error;

	ret = fd < 0 ? -1 : lock(fd, operation);
	error = errno;
	if (ret && error == EWOULDBLOCK)
		cw_error_set(err, "%s: another program has held its lock for %d seconds: \"lsof %s\" says which",
			     dir, LOCK_SECONDS, dir);
	else if (ret)
		cw_error_set(err, "%s: cannot be locked: %s", dir, strerror(error));
	if (ret && fd >= 0)
		close(fd);
	free(dir);
	errno = error;
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

/* Owner and permissions are those of the file that is replaced. */
static int replace(const struct cw_exempt_file *file, const char *text, bool old)
{
	const struct timespec times[] = { file->stat.st_atim, file->stat.st_mtim };
	struct cw_replace_as as = { .uid = -1, .gid = -1, .times = old ? times : NULL };
	mode_t mask;

	if (file->existed) {
		as.mode = file->stat.st_mode & 07777;
		as.uid = file->stat.st_uid;
		as.gid = file->stat.st_gid;
	} else {
		mask = umask(0);
		umask(mask);
		as.mode = NEW_MODE & ~mask;
	}
	return cw_replace(file->path, text, &as);
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
