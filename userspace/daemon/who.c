// SPDX-License-Identifier: GPL-2.0-or-later
/* Who applied a policy: the user by name, who logged in as it, and the process. */
#include <fcntl.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "alloc.h"
#include "daemon.h"
#include "text.h"

#define PID_MASK	0x3fffff	/* libnl's port ids are a process's id, and a number above it */
#define COMMAND_MAX	512
#define NOBODY		UINT32_MAX	/* of a login id: a process that nobody logged in for */

static ssize_t read_proc(pid_t pid, const char *name, char *buf, size_t size)
{
	char path[64];
	ssize_t length;
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/%s", (int)pid, name);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -1;
	length = read(fd, buf, size - 1);
	close(fd);
	buf[length > 0 ? length : 0] = '\0';
	return length;
}

static char *user_name(uint32_t uid)
{
	const struct passwd *user = getpwuid(uid);

	return user ? cw_strdup(user->pw_name) : cw_asprintf("%u", uid);
}

/* A port id is only a number that its owner chose: the process has to be of the same user. */
static bool is_of(pid_t pid, uint32_t uid)
{
	char status[4096];
	const char *line;

	if (read_proc(pid, "status", status, sizeof(status)) <= 0)
		return false;
	line = strstr(status, "\nUid:");
	return line && strtoul(line + 5, NULL, 10) == uid;
}

static char *command_of(pid_t pid)
{
	char command[COMMAND_MAX];
	ssize_t length = read_proc(pid, "cmdline", command, sizeof(command)), i;

	if (length <= 0)
		return NULL;
	while (length && !command[length - 1])
		length--;
	for (i = 0; i < length; i++)
		if (!command[i])
			command[i] = ' ';
	return cw_text_clean(cw_strndup(command, length));
}

/* "root", or "root (logged in as jdoe)": sudo and su leave the login id as it was. */
static char *with_login(char *user, uint32_t uid, pid_t pid)
{
	char text[16], *login, *both;
	uint32_t id;

	if (read_proc(pid, "loginuid", text, sizeof(text)) <= 0)
		return user;
	id = strtoul(text, NULL, 10);
	if (id == NOBODY || id == uid)
		return user;
	login = user_name(id);
	both = cw_asprintf("%s (logged in as %s)", user, login);
	free(login);
	free(user);
	return both;
}

void who_applied(uint32_t uid, uint32_t portid, char **user, char **process)
{
	pid_t pid = portid & PID_MASK;

	*user = user_name(uid);
	*process = NULL;
	if (!pid || !is_of(pid, uid))
		return;
	*process = command_of(pid);
	*user = with_login(*user, uid, pid);
}
