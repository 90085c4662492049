// SPDX-License-Identifier: GPL-2.0-or-later
/* The source tree of a tool that runs where it was built: it takes that tree's data. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "built_tree.h"

#define BUILT_TOOL	"/build/camwall"

const char *cw_built_tree_dir(const char *name, char *dir, size_t size)
{
	const size_t tail = strlen(BUILT_TOOL);
	ssize_t length = readlink("/proc/self/exe", dir, size - 1);

	if (length < (ssize_t)tail)
		return NULL;
	dir[length] = '\0';
	if (strcmp(dir + length - tail, BUILT_TOOL) != 0)
		return NULL;
	length -= tail;
	if ((size_t)snprintf(dir + length, size - length, "/%s", name) >= size - length)
		return NULL;
	return dir;
}
