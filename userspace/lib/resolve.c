// SPDX-License-Identifier: GPL-2.0-or-later
/* Vendor packs against the registry: the prefixes that a pack stands for. */
#include <stdlib.h>
#include <string.h>

#include "alloc.h"
#include "mac.h"
#include "pack.h"
#include "pack_private.h"

/** struct result - the prefixes so far */
struct result {
	const struct cw_pack *pack;
	uint64_t *prefixes;
	size_t n;
};

/* Take a prefix; where a part of it is excluded, what is left of either half. */
static void take(struct result *result, uint64_t prefix)
{
	const struct cw_pack *pack = result->pack;
	unsigned int len = cw_prefix_len(prefix);
	uint64_t mac = cw_prefix_mac(prefix);
	bool split = false;

	for (size_t i = 0; i < pack->n_exclude; i++) {
		if (cw_prefix_inside(prefix, pack->exclude[i]))
			return;
		split = split || cw_prefix_inside(pack->exclude[i], prefix);
	}
	if (split) {
		/* What is excluded is longer than this prefix, so there is a bit left to split at. */
		take(result, cw_prefix_pack(mac, len + 1, 0));
		take(result, cw_prefix_pack(mac | 1ULL << (47 - len), len + 1, 0));
		return;
	}
	result->prefixes = cw_array_room(result->prefixes, result->n, sizeof(*result->prefixes));
	result->prefixes[result->n++] = prefix;
}

static bool is_of_pack(const struct cw_pack *pack, const struct cw_assignment *assignment)
{
	if (assignment->subdivided || assignment->private)
		return false;
	for (size_t i = 0; i < pack->n_organizations; i++) {
		if (!strcmp(pack->organizations[i], assignment->folded))
			return true;
	}
	return false;
}

/*
 * What the registry says of exactly this prefix: 1, it is the pack's; 0, it is somebody
 * else's, subdivided or private; -1, nothing.
 */
static int exact_owner(const struct cw_pack *pack, const struct cw_registry *registry,
		       uint64_t prefix)
{
	int owner = -1;

	for (size_t i = cw_registry_seek(registry, prefix);
	     i < registry->n_assignments && registry->assignments[i].prefix == prefix; i++) {
		if (is_of_pack(pack, &registry->assignments[i]))
			return 1;
		owner = 0;
	}
	return owner;
}

/* Somebody has a part of it, so the IEEE has split it, even where the row that says so is missing. */
static bool has_parts(const struct cw_registry *registry, uint64_t prefix)
{
	unsigned int len = cw_prefix_len(prefix);
	size_t i = cw_registry_seek(registry, cw_prefix_pack(cw_prefix_mac(prefix), len + 1, 0));

	return i < registry->n_assignments &&
	       cw_prefix_inside(registry->assignments[i].prefix, prefix);
}

/*
 * May a pinned prefix stand beside this registry? An older registry that does not know it
 * yet says nothing against it: there the block around it is the IEEE's own or not assigned.
 * A block around it that belongs to another company as a whole, or to one that does not
 * want to be named, says that the prefix is not the vendor's (any more).
 */
static bool may_pin(const struct cw_pack *pack, const struct cw_registry *registry,
		    uint64_t prefix)
{
	int owner = exact_owner(pack, registry, prefix);

	if (owner >= 0)
		return owner;
	if (has_parts(registry, prefix))
		return false;

	for (unsigned int len = cw_prefix_len(prefix) - 1; len; len--) {
		uint64_t mac = cw_prefix_mac(prefix) >> (48 - len) << (48 - len);
		uint64_t around = cw_prefix_pack(mac, len, 0);
		size_t i;

		if (!registry->n_by_length[len])
			continue;
		owner = exact_owner(pack, registry, around);
		if (owner < 0)
			continue;
		i = cw_registry_seek(registry, around);
		return owner || registry->assignments[i].subdivided;
	}
	return true;
}

int cw_pack_resolve(const struct cw_pack *pack, const struct cw_registry *registry,
		    uint64_t **prefixes, size_t *n, struct cw_error *err)
{
	struct result result = { .pack = pack };

	for (size_t i = 0; registry && i < registry->n_assignments; i++) {
		if (is_of_pack(pack, &registry->assignments[i]))
			take(&result, registry->assignments[i].prefix);
	}
	for (size_t i = 0; i < pack->n_prefixes; i++) {
		if (!registry || may_pin(pack, registry, pack->prefixes[i]))
			take(&result, pack->prefixes[i]);
	}
	*n = cw_pack_sort_prefixes(result.prefixes, result.n);
	*prefixes = result.prefixes;
	return 0;
}
