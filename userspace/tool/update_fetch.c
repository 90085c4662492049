// SPDX-License-Identifier: GPL-2.0-or-later
/* A registry's file from a server, by the program camwall-fetch, or from a folder. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <jansson.h>

#include "alloc.h"
#include "update.h"

#define PROGRAM		"camwall-fetch"
#define CHUNK		(64UL * 1024)
#define MAX_ARGUMENTS	12

/* Beside this program, as in a build folder, or where it is installed; for free(). */
static char *find_program(void)
{
	char self[PATH_MAX], *slash, *path;
	ssize_t length = readlink("/proc/self/exe", self, sizeof(self) - 1);

	if (length > 0) {
		self[length] = '\0';
		slash = strrchr(self, '/');
		path = cw_asprintf("%.*s/" PROGRAM, (int)(slash - self), self);
		if (access(path, X_OK) == 0)
			return path;
		free(path);
	}
	return cw_strdup(CAMWALL_LIBEXECDIR "/" PROGRAM);
}

static void add(const char **argv, size_t *n, const char *option, const char *value)
{
	if (!value)
		return;
	argv[(*n)++] = option;
	argv[(*n)++] = value;
}

/* Return: its process, what it prints in @out; -1 with @err set. */
static pid_t start(const char *const *argv, int *out, struct cw_error *err)
{
	posix_spawn_file_actions_t actions;
	int pipe_fds[2], ret;
	pid_t pid;

	if (pipe2(pipe_fds, O_CLOEXEC) < 0)
		return cw_error_set(err, "a pipe: %s", strerror(errno));
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_adddup2(&actions, pipe_fds[1], STDOUT_FILENO);
	ret = posix_spawn(&pid, argv[0], &actions, NULL, (char *const *)argv, environ);
	posix_spawn_file_actions_destroy(&actions);
	close(pipe_fds[1]);
	*out = pipe_fds[0];
	if (!ret)
		return pid;
	close(pipe_fds[0]);
	return cw_error_set(err, "%s: %s: it is what downloads; without it \"camwall registry update --from DIR\" takes the files from a folder",
			    argv[0], strerror(ret));
}

static json_t *read_answer(pid_t pid, int out)
{
	json_t *json = json_loadfd(out, JSON_DISABLE_EOF_CHECK, NULL);

	close(out);
	while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
		;
	return json;
}

static char *text_of(const json_t *json, const char *key)
{
	const char *text = json_string_value(json_object_get(json, key));

	return text ? cw_strdup(text) : NULL;
}

static int take_answer(const json_t *json, const char *url, struct fetched *fetched,
		       struct cw_error *err)
{
	const char *error = json_string_value(json_object_get(json, "error"));

	if (!json)
		return cw_error_set(err, "%s: the download was stopped: try again; what has come is gone on with", url);
	if (error)
		return cw_error_set(err, "%s", error);
	fetched->not_modified = json_is_true(json_object_get(json, "not_modified"));
	fetched->origin.url = cw_strdup(url);
	fetched->origin.etag = text_of(json, "etag");
	fetched->origin.modified = text_of(json, "modified");
	fetched->modified_time = json_integer_value(json_object_get(json, "modified_time"));
	fetched->size = json_integer_value(json_object_get(json, "size"));
	fetched->resumed = json_integer_value(json_object_get(json, "resumed"));
	return 0;
}

int fetch(const char *url, const char *path, const struct origin *at_hand, const char *label,
	  const char *seconds, bool head, struct fetched *fetched, struct cw_error *err)
{
	const char *argv[MAX_ARGUMENTS + 4] = { 0 };
	char *program = find_program();
	size_t n = 0;
	json_t *json;
	pid_t pid;
	int out = -1, ret;

	memset(fetched, 0, sizeof(*fetched));
	argv[n++] = program;
	if (head)
		argv[n++] = "--head";
	if (at_hand->url && strcmp(at_hand->url, url) == 0) {
		add(argv, &n, "--etag", at_hand->etag);
		add(argv, &n, "--modified", at_hand->modified);
	}
	add(argv, &n, "--label", label);
	add(argv, &n, "--seconds", seconds);
	argv[n++] = "--";
	argv[n++] = url;
	argv[n++] = path;
	pid = start(argv, &out, err);
	free(program);
	if (pid < 0)
		return -1;
	json = read_answer(pid, out);
	ret = take_answer(json, url, fetched, err);
	json_decref(json);
	return ret;
}

static int copy_octets(int from, int to)
{
	char *chunk = cw_malloc(CHUNK);
	ssize_t n, written = 0;

	while ((n = read(from, chunk, CHUNK)) > 0) {
		for (ssize_t done = 0; done < n; done += written) {
			written = write(to, chunk + done, n - done);
			if (written <= 0)
				break;
		}
		if (written <= 0)
			break;
	}
	free(chunk);
	return n < 0 || written < 0 ? -1 : 0;
}

int64_t copy_file(int from, const char *from_name, const char *to, struct cw_error *err)
{
	int fd = open(to, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0644);
	struct stat st;
	int ret = -1;

	if (fd >= 0 && fstat(from, &st) == 0) {
		struct timespec times[2] = { { .tv_nsec = UTIME_OMIT }, st.st_mtim };

		ret = copy_octets(from, fd) ?: futimens(fd, times) ?: fsync(fd);
	}
	if (ret < 0)
		cw_error_set(err, "%s cannot be copied to %s: %s", from_name, to, strerror(errno));
	if (fd >= 0)
		close(fd);
	return ret < 0 ? -1 : st.st_size;
}
