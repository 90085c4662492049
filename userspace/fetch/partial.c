// SPDX-License-Identifier: GPL-2.0-or-later
/* A file that has not come whole: what it is the beginning of. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <jansson.h>

#include "alloc.h"
#include "partial.h"

static char *beside(const char *file)
{
	return cw_asprintf("%s.json", file);
}

static char *text_of(const json_t *json, const char *key)
{
	const char *text = json_string_value(json_object_get(json, key));

	return text ? cw_strdup(text) : NULL;
}

void partial_read(const char *file, struct partial *partial)
{
	char *path = beside(file);
	json_t *json = json_load_file(path, 0, NULL);

	partial->url = text_of(json, "url");
	partial->validator = text_of(json, "validator");
	json_decref(json);
	free(path);
}

int partial_write(const char *file, const struct partial *partial, struct cw_error *err)
{
	json_t *json = json_pack("{s:s, s:s?}", "url", partial->url, "validator", partial->validator);
	char *path = beside(file);
	int ret = json ? json_dump_file(json, path, JSON_INDENT(2)) : -1;

	if (ret < 0)
		cw_error_at(err, path, 0, "cannot be written: %s", json ? strerror(errno) : "no UTF-8");
	json_decref(json);
	free(path);
	return ret;
}

void partial_remove(const char *file)
{
	char *path = beside(file);

	unlink(path);
	free(path);
}

void partial_clear(struct partial *partial)
{
	free(partial->url);
	free(partial->validator);
	memset(partial, 0, sizeof(*partial));
}
