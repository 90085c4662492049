// SPDX-License-Identifier: GPL-2.0-or-later
/* One of the registry's CSV files; the other three are right. Which one it is, its first row says. */
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "registry.h"

#define HEADER	"Registry,Assignment,Organization Name,Organization Address\r\n"

static const char *const kinds[CW_REGISTRY_FILES] = { "MA-L,", "MA-M,", "MA-S,", "IAB," };
static const char *const rows[CW_REGISTRY_FILES] = {
	HEADER "MA-L,4419B6,Acme,Street \r\n",
	HEADER "MA-M,B0B3531,\"Acme, Inc.\",Street \r\n",
	HEADER "MA-S,70B3D5123,IEEE Registration Authority,Street \r\n",
	HEADER "IAB,0050C2123,Private,Street \r\n",
};

static size_t kind_of(const uint8_t *data, size_t size)
{
	const uint8_t *row = memchr(data, '\n', size);
	size_t i;

	for (i = 0; row && i < CW_REGISTRY_FILES; i++)
		if ((size_t)(data + size - row - 1) >= strlen(kinds[i]) &&
		    memcmp(row + 1, kinds[i], strlen(kinds[i])) == 0)
			return i;
	return 0;
}

static void expect_row(const struct cw_registry *registry, size_t i)
{
	const struct cw_assignment *row = &registry->assignments[i], *found;
	char *folded = cw_organization_fold(row->organization);

	fuzz_expect(strcmp(folded, row->folded) == 0, "\"%s\" is folded to \"%s\", then to \"%s\"",
		    row->organization, row->folded, folded);
	fuzz_expect(!i || row[-1].prefix <= row->prefix, "rows in no order");
	found = cw_registry_find(registry, cw_prefix_mac(row->prefix));
	fuzz_expect(found && cw_prefix_len(found->prefix) >= cw_prefix_len(row->prefix),
		    "a row that is not found");
	free(folded);
}

static void expect_registry(const struct cw_registry *registry, size_t file)
{
	size_t i, sum = 0, read = 0;

	for (i = 0; i < registry->n_assignments; i++)
		expect_row(registry, i);
	for (i = 0; i < sizeof(registry->n_by_length) / sizeof(registry->n_by_length[0]); i++)
		sum += registry->n_by_length[i];
	for (i = 0; i < CW_REGISTRY_FILES; i++)
		read += registry->n_by_file[i];
	fuzz_expect(sum == registry->n_assignments && sum <= read && registry->n_by_file[file],
		    "%zu rows, %zu by length, %zu read", registry->n_assignments, sum, read);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *paths[CW_REGISTRY_FILES];
	static char *dir;
	size_t i, file = kind_of(data, size);
	struct cw_registry *registry;
	struct cw_error err = { 0 };

	for (i = 0; i < CW_REGISTRY_FILES; i++) {
		bool first = !paths[i];

		if (first)
			paths[i] = fuzz_file(cw_registry_files[i]);
		if (first && i != file)
			fuzz_write(paths[i], rows[i], strlen(rows[i]));
	}
	if (!dir)
		dir = strndup(paths[0], strrchr(paths[0], '/') - paths[0]);
	fuzz_write(paths[file], data, size);
	registry = cw_registry_load(dir, &err);
	if (registry) {
		fuzz_expect_none(&err);
		expect_registry(registry, file);
	} else {
		fuzz_expect_error(&err, paths[file], NULL);
	}
	cw_registry_free(registry);
	fuzz_write(paths[file], rows[file], strlen(rows[file]));
	return 0;
}
