// SPDX-License-Identifier: GPL-2.0-or-later
/* The key boot-failure in a file that may be damaged in any way, against a search by a regular expression. */
#include <regex.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "boot_failure.h"
#include "fuzz.h"

#define SPACE	"[ \t\r\v\f]*"
#define LINE	"^" SPACE "boot-failure" SPACE "=" SPACE "(open|closed)([ \t\r\v\f].*)?$"

/** struct found - what is to be found, and the line, from 1; 0 where nothing is */
struct found {
	enum cw_boot_failure choice;
	int line;
};

/* A zero byte ends what counts of a line. */
static struct found search(const uint8_t *data, size_t size)
{
	struct found found = { .choice = CW_BOOT_FAILURE_OPEN };
	static regex_t pattern;
	static bool compiled;
	int line = 0;

	if (!compiled)
		fuzz_expect(regcomp(&pattern, LINE, REG_EXTENDED) == 0, "no regular expression");
	compiled = true;
	while (size) {
		const uint8_t *end = memchr(data, '\n', size);
		size_t length = end ? (size_t)(end - data) : size;
		char *text = fuzz_text(data, length);
		regmatch_t match[2];

		line++;
		if (regexec(&pattern, text, 2, match, 0) == 0) {
			bool closed = text[match[1].rm_so] == 'c';

			if (!found.line || (closed && found.choice == CW_BOOT_FAILURE_OPEN)) {
				found.choice = closed ? CW_BOOT_FAILURE_CLOSED : CW_BOOT_FAILURE_OPEN;
				found.line = line;
			}
		}
		free(text);
		length += !!end;
		data += length;
		size -= length;
	}
	return found;
}

static void expect_found(const char *config, const struct found *expected)
{
	enum cw_boot_failure choice;
	char *where, line[32];
	bool remembers = true;

	where = cw_boot_failure_find(config, "/nonexistent", &choice, &remembers);
	fuzz_expect(choice == expected->choice, "%s, but %s was expected (%s)",
		    cw_boot_failure_name(choice), cw_boot_failure_name(expected->choice), where);
	snprintf(line, sizeof(line), ":%d", expected->line);
	if (expected->line)
		fuzz_expect(strncmp(where, config, strlen(config)) == 0 &&
			    strcmp(where + strlen(config), line) == 0, "%s, not line %d", where,
			    expected->line);
	fuzz_expect(!remembers, "a file that is not there is remembered");
	free(where);
}

/* What is remembered counts once the configuration is gone. */
static void expect_remembered(const char *config, const char *remembered, enum cw_boot_failure expected)
{
	enum cw_boot_failure choice;
	struct cw_error err = { 0 };
	bool remembers = false;

	cw_boot_failure_remember(config, remembered, &err);
	fuzz_expect_none(&err);
	free(cw_boot_failure_find("/nonexistent", remembered, &choice, &remembers));
	fuzz_expect(remembers && choice == expected, "%s is remembered as %s",
		    cw_boot_failure_name(expected), cw_boot_failure_name(choice));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *config, *remembered;
	struct found found = search(data, size);

	config = config ?: fuzz_file("config");
	remembered = remembered ?: fuzz_file("boot-failure");
	fuzz_write(config, data, size);
	expect_found(config, &found);

	/* The input as the remembered file, then nothing. */
	fuzz_write(remembered, data, size);
	expect_remembered(config, remembered, found.choice);
	unlink(remembered);
	expect_remembered(config, remembered, found.choice);
	return 0;
}
