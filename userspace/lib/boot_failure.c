// SPDX-License-Identifier: GPL-2.0-or-later
/* boot-failure: the one key that is read even where the rest of a configuration is broken. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "alloc.h"
#include "boot_failure.h"
#include "replace.h"

#define SPACES	" \t\r\n\v\f"
#define MODE	0600

#define HEADER \
	"# What [camwall] of the last policy that \"camwall apply\" put in force said, for a boot\n" \
	"# at which the configuration is missing or damaged. Kept by camwall: change it there.\n"

/**
 * struct scan - what a file says of the key
 * @line: where, from 1; 0 where nowhere
 * @there: the file can be read
 */
struct scan {
	enum cw_boot_failure choice;
	int line;
	bool there;
};

const char *cw_boot_failure_name(enum cw_boot_failure choice)
{
	return choice == CW_BOOT_FAILURE_CLOSED ? "closed" : "open";
}

int cw_boot_failure_parse(const char *value, enum cw_boot_failure *choice)
{
	if (strcmp(value, "open") == 0)
		*choice = CW_BOOT_FAILURE_OPEN;
	else if (strcmp(value, "closed") == 0)
		*choice = CW_BOOT_FAILURE_CLOSED;
	else
		return -1;
	return 0;
}

/* "key = value", and anything behind a space; cuts @text. */
static bool understand(char *text, enum cw_boot_failure *choice)
{
	size_t length = strlen(CW_BOOT_FAILURE_KEY);

	text += strspn(text, SPACES);
	if (strncmp(text, CW_BOOT_FAILURE_KEY, length) != 0)
		return false;
	text += length;
	text += strspn(text, SPACES);
	if (*text++ != '=')
		return false;
	text += strspn(text, SPACES);
	text[strcspn(text, SPACES)] = '\0';
	return cw_boot_failure_parse(text, choice) == 0;
}

static void scan_stream(FILE *stream, struct scan *scan)
{
	enum cw_boot_failure choice;
	char *text = NULL;
	size_t size = 0;
	int line = 0;

	while (getline(&text, &size, stream) >= 0) {
		line++;
		if (!understand(text, &choice) || (scan->line && choice <= scan->choice))
			continue;
		scan->choice = choice;
		scan->line = line;
	}
	free(text);
}

static struct scan scan_file(const char *file)
{
	struct scan scan = { .choice = CW_BOOT_FAILURE_OPEN };
	FILE *stream = fopen(file, "re");

	if (!stream)
		return scan;
	scan.there = true;
	scan_stream(stream, &scan);
	fclose(stream);
	return scan;
}

char *cw_boot_failure_find(const char *config, const char *remembered,
			   enum cw_boot_failure *choice, bool *remembers)
{
	struct scan said = scan_file(config), kept = scan_file(remembered);

	if (remembers)
		*remembers = kept.there;
	*choice = said.line ? said.choice : kept.choice;
	if (said.line)
		return cw_asprintf("%s:%d", config, said.line);
	if (kept.line)
		return cw_asprintf("%s:%d, as of the last policy that was applied", remembered,
				   kept.line);
	return cw_asprintf("the default, as neither %s nor %s says otherwise", config, remembered);
}

int cw_boot_failure_remember(const char *config, const char *remembered, struct cw_error *err)
{
	const struct cw_replace_as as = { .mode = MODE, .uid = -1, .gid = -1 };
	struct scan said = scan_file(config), kept = scan_file(remembered);
	char *text;
	int ret;

	if (kept.line && kept.choice == said.choice)
		return 0;
	text = cw_asprintf(HEADER CW_BOOT_FAILURE_KEY " = %s\n", cw_boot_failure_name(said.choice));
	ret = cw_replace(remembered, text, &as);
	free(text);
	return ret ? cw_error_set(err, "%s: cannot be written: %s", remembered, strerror(errno)) : 0;
}
