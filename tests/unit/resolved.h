/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the tests of vendor packs share: a pack, and the prefixes that it stands for. */
#ifndef CW_UNIT_RESOLVED_H
#define CW_UNIT_RESOLVED_H

#include "unit.h"

#include "mac.h"
#include "pack.h"

#define EXTRACT	"tests/unit/data/registry"

/** struct made - a pack made of a text, and what it resolves to */
struct made {
	struct cw_pack *pack;
	uint64_t *prefixes;
	size_t n;
};

static inline struct made resolve(struct cw_pack *pack, const struct cw_registry *registry)
{
	struct cw_error err = { 0 };
	struct made made = { .pack = pack };

	assert_int_equal(cw_pack_resolve(pack, registry, &made.prefixes, &made.n, &err), 0);
	unit_expect_none(&err);
	for (size_t i = 1; i < made.n; i++)
		assert_true(made.prefixes[i - 1] < made.prefixes[i]);
	return made;
}

static inline void drop(struct made *made)
{
	cw_pack_free(made->pack);
	free(made->prefixes);
}

/* The prefixes as text, split by a space. */
static inline void expect_prefixes(struct made made, const char *expected)
{
	char text[2048] = "", one[CW_PREFIX_STRLEN + 1];

	for (size_t i = 0; i < made.n; i++) {
		assert_true(strlen(text) + sizeof(one) < sizeof(text));
		if (i)
			strcat(text, " ");
		strcat(text, cw_prefix_format(made.prefixes[i], one));
	}
	assert_string_equal(text, expected);
	drop(&made);
}

static inline bool has(const struct made *made, uint64_t mac, unsigned int len)
{
	for (size_t i = 0; i < made->n; i++) {
		if (made->prefixes[i] == cw_prefix_pack(mac, len, 0))
			return true;
	}
	return false;
}

#endif
