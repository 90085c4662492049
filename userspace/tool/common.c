// SPDX-License-Identifier: GPL-2.0-or-later
/* What several subcommands do alike: messages, the module, a configuration. */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "alloc.h"
#include "exempt_file.h"
#include "suggest.h"
#include "text.h"
#include "tool.h"

enum tool_status tool_error(struct cw_error *err)
{
	fflush(stdout);
	/* It may quote what others have written. */
	fprintf(stderr, "camwall: %s\n", cw_text_clean(err->message));
	cw_error_clear(err);
	return TOOL_FAILED;
}

enum tool_status tool_usage(const struct tool_command *command, const char *fmt, ...)
{
	va_list args;

	fprintf(stderr, "camwall %s: ", command->name);
	va_start(args, fmt);
	vfprintf(stderr, fmt, args);
	va_end(args);
	fprintf(stderr, "\nTry \"camwall %s --help\".\n", command->name);
	return TOOL_USAGE;
}

void tool_warn(const struct tool *tool, const char *fmt, ...)
{
	va_list args;
	char *text;

	if (tool->quiet)
		return;
	fflush(stdout);
	va_start(args, fmt);
	text = cw_vasprintf(fmt, args);
	va_end(args);
	fprintf(stderr, "camwall: warning: %s\n", cw_text_clean(text));
	free(text);
}

struct cw_client *tool_client(const struct tool *tool)
{
	struct cw_error err = { 0 };
	struct cw_client *client;

	client = cw_client_open(tool->netns, &err);
	if (!client)
		tool_error(&err);
	return client;
}

struct cw_policy *tool_read(const struct tool *tool)
{
	struct cw_client *client = tool_client(tool);
	struct cw_error err = { 0 };
	struct cw_policy *policy;

	if (!client)
		return NULL;
	policy = cw_client_read(client, &err);
	if (!policy)
		tool_error(&err);
	cw_client_close(client);
	return policy;
}

static FILE *open_config(const char *file, struct cw_error *err)
{
	FILE *stream;

	if (strcmp(file, "-") == 0)
		return stdin;
	stream = fopen(file, "re");
	if (!stream)
		cw_error_set(err, "%s: %s%s", file, strerror(errno), errno == ENOENT ?
			     ": write one (" CAMWALL_DATADIR "/camwall.conf.example is a beginning), or name another file" : "");
	return stream;
}

struct cw_policy *tool_config_read(const struct tool *tool, const char *file,
				   const char *registry_dir, struct cw_config_report *report,
				   struct cw_error *err)
{
	struct cw_config_options options = { .registry_dir = registry_dir };
	char *exemptions = NULL;
	struct cw_policy *policy;
	FILE *stream;
	size_t i;

	memset(report, 0, sizeof(*report));
	stream = open_config(file, err);
	if (!stream)
		return NULL;
	if (stream != stdin)
		exemptions = cw_exempt_file_path(file);
	options.exemptions_file = exemptions;
	policy = cw_config_load(stream, file, &options, report, err);
	free(exemptions);
	if (stream != stdin)
		fclose(stream);
	for (i = 0; i < report->n_warnings; i++)
		tool_warn(tool, "%s", report->warnings[i]);
	return policy;
}

struct cw_policy *tool_config(const struct tool *tool, const char *file,
			      const char *registry_dir, struct cw_config_report *report)
{
	struct cw_error err = { 0 };
	struct cw_policy *policy;

	policy = tool_config_read(tool, file, registry_dir, report, &err);
	if (!policy)
		tool_error(&err);
	return policy;
}

const char *tool_suggestion(const char *word, const char *const *known, char *buf, size_t size)
{
	const char *nearest = cw_suggest(word, known);

	if (!nearest)
		return "";
	snprintf(buf, size, ": did you mean %s?", nearest);
	return buf;
}
