// SPDX-License-Identifier: GPL-2.0-or-later
/* A vendor pack, and what a registry makes of it. */
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "pack.h"
#include "prefix.h"

static char *folder_of(const char *path)
{
	return strndup(path, strrchr(path, '/') - path);
}

static bool excluded(const struct cw_pack *pack, uint64_t prefix)
{
	size_t i;

	for (i = 0; i < pack->n_exclude; i++)
		if (cw_prefix_len(pack->exclude[i]) <= cw_prefix_len(prefix) &&
		    !((pack->exclude[i] ^ prefix) >> 16 >> (48 - cw_prefix_len(pack->exclude[i]))))
			return true;
	return false;
}

static void resolve(const struct cw_pack *pack, const struct cw_registry *registry)
{
	struct cw_error err = { 0 };
	uint64_t *prefixes = NULL;
	size_t i, n = 0;

	if (cw_pack_resolve(pack, registry, &prefixes, &n, &err) < 0) {
		fuzz_expect_error(&err, pack->file, NULL);
		fuzz_expect(!prefixes, "prefixes of what was refused");
		return;
	}
	fuzz_expect_none(&err);
	for (i = 0; i < n; i++) {
		fuzz_expect(cw_prefix_valid(prefixes[i]) && (!i || prefixes[i - 1] < prefixes[i]),
			    "%#llx is no prefix, or in no order", (unsigned long long)prefixes[i]);
		fuzz_expect(!excluded(pack, prefixes[i]), "%#llx is excluded",
			    (unsigned long long)prefixes[i]);
	}
	free(prefixes);
}

static void expect_whole(const struct cw_pack *pack)
{
	fuzz_expect(pack->title && pack->basis && pack->date && pack->confidence,
		    "a pack that lacks a key");
	fuzz_expect(strlen(pack->date) == strlen("2026-11-26"), "a date like %s", pack->date);
	fuzz_expect(pack->n_organizations || pack->n_prefixes, "a pack that stands for nothing");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *dirs[2], *path;
	static struct cw_registry *registry;
	struct cw_error err = { 0 };
	struct cw_pack *pack;

	if (!path) {
		path = fuzz_file("input.conf");
		dirs[0] = folder_of(path);
		registry = cw_registry_load(fuzz_data("tests/unit/data/registry"), &err);
		fuzz_expect_none(&err);
	}
	fuzz_write(path, data, size);
	pack = cw_pack_load(dirs, "input", &err);
	if (!pack) {
		fuzz_expect_error(&err, path, NULL);
		return 0;
	}
	fuzz_expect_none(&err);
	fuzz_expect(!memchr(data, '\0', size), "a zero byte was passed over");
	expect_whole(pack);
	resolve(pack, NULL);
	resolve(pack, registry);
	cw_pack_free(pack);
	return 0;
}
