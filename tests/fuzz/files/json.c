// SPDX-License-Identifier: GPL-2.0-or-later
/* JSON that programs leave for their next run: the sources of a registry, a download that was cut off. */
#include <stdlib.h>
#include <string.h>

#include "../../../userspace/fetch/partial.h"
#include "../../../userspace/tool/update.h"
#include "fuzz.h"

#define ORIGINS_FILE	"sources.json"

static bool same(const char *a, const char *b)
{
	return a && b ? strcmp(a, b) == 0 : a == b;
}

static void try_origins(const char *dir)
{
	struct origin before[CW_REGISTRY_FILES], after[CW_REGISTRY_FILES];
	struct cw_error err = { 0 };
	size_t i;

	origins_read(dir, before);
	fuzz_expect(origins_write(dir, before, &err) == 0, "%s", err.message);
	origins_read(dir, after);
	for (i = 0; i < CW_REGISTRY_FILES; i++) {
		fuzz_expect(same(before[i].url, after[i].url) && same(before[i].etag, after[i].etag) &&
			    same(before[i].modified, after[i].modified),
			    "%s: written and read, it is another one", cw_registry_files[i]);
		origin_clear(&before[i]);
		origin_clear(&after[i]);
	}
}

static void try_partial(const char *file)
{
	struct partial before, after;
	struct cw_error err = { 0 };

	partial_read(file, &before);
	if (before.url) {
		fuzz_expect(partial_write(file, &before, &err) == 0, "%s", err.message);
		partial_read(file, &after);
		fuzz_expect(same(before.url, after.url) && same(before.validator, after.validator),
			    "written and read, it is another one");
		partial_clear(&after);
	}
	partial_clear(&before);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *origins, *partial;
	static char *dir, *file;

	if (!origins) {
		origins = fuzz_file(ORIGINS_FILE);
		partial = fuzz_file("oui.csv.json");
		dir = strndup(origins, strrchr(origins, '/') - origins);
		file = strndup(partial, strlen(partial) - strlen(".json"));
	}
	fuzz_write(origins, data, size);
	try_origins(dir);
	fuzz_write(partial, data, size);
	try_partial(file);
	return 0;
}
