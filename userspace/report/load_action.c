// SPDX-License-Identifier: GPL-2.0-or-later
/* What each group of a policy does, in a line, from the text that "camwall save" prints. */
#include <stdlib.h>
#include <string.h>

#include "alloc.h"
#include "inifile.h"
#include "load.h"
#include "report_text.h"

#define GROUP	"group "

/**
 * struct actions - lines that are being written
 * @name, @action, @limit: of the group at hand; NULL for none
 * @allow, @prefixes: how many it has
 */
struct actions {
	char *lines, *name, *action, *limit;
	size_t allow, prefixes;
};

static void end_group(struct actions *actions)
{
	const char *action = actions->action ?: "observe";
	char *more = NULL, *lines;

	if (!actions->name)
		return;
	if (strcmp(action, "isolate") == 0)
		more = cw_asprintf(", %zu peer%s allowed", actions->allow, report_plural(actions->allow));
	else if (strcmp(action, "limit") == 0 && actions->limit)
		more = cw_asprintf(" to %s each", actions->limit);
	lines = cw_asprintf("%s%s%s: %s%s (%zu prefix%s)", actions->lines ?: "", actions->lines ? "\n" : "",
			    actions->name, action, more ?: "", actions->prefixes,
			    actions->prefixes == 1 ? "" : "es");
	free(more);
	free(actions->lines);
	actions->lines = lines;
	free(actions->name);
	free(actions->action);
	free(actions->limit);
	actions->name = NULL;
	actions->action = NULL;
	actions->limit = NULL;
	actions->allow = 0;
	actions->prefixes = 0;
}

static void set(char **to, const char *value)
{
	free(*to);
	*to = cw_strdup(value);
}

static int key(void *ctx, const char *file, int line, const char *section, const char *key,
	       const char *value, struct cw_error *err)
{
	struct actions *actions = ctx;

	if (!key) {
		end_group(actions);
		if (strncmp(section, GROUP, strlen(GROUP)) == 0)
			actions->name = cw_strdup(section + strlen(GROUP));
		return 0;
	}
	if (!actions->name)
		return 0;
	if (strcmp(key, "action") == 0)
		set(&actions->action, value);
	else if (strcmp(key, "limit") == 0)
		set(&actions->limit, value);
	else if (strcmp(key, "allow") == 0)
		actions->allow++;
	else if (strcmp(key, "prefix") == 0)
		actions->prefixes++;
	return 0;
}

char *load_actions(const char *text)
{
	struct actions actions = { 0 };
	struct cw_error err = { 0 };
	FILE *stream;

	if (!*text)
		return NULL;
	stream = fmemopen((char *)text, strlen(text), "r");
	if (!stream)
		return NULL;
	if (cw_ini_read(stream, "policy", key, &actions, &err)) {
		cw_error_clear(&err);
		free(actions.lines);
		actions.lines = NULL;
		free(actions.name);
		actions.name = NULL;
	}
	end_group(&actions);
	free(actions.action);
	free(actions.limit);
	fclose(stream);
	return actions.lines;
}
