// SPDX-License-Identifier: GPL-2.0-or-later
/* Whose a MAC address is: by the IEEE registry and by the vendor packs, and which prefix tells it. */
#include <stdlib.h>
#include <string.h>

#include "alloc.h"
#include "identity.h"
#include "mac.h"
#include "pack_private.h"

/** struct name - an organisation that a pack names, folded */
struct name {
	const char *folded;
	const struct cw_pack *pack;
};

/** struct names - those of all packs, sorted */
struct names {
	struct name *names;
	size_t n;
};

static int compare_names(const void *a, const void *b)
{
	const struct name *x = a, *y = b;
	int ret = strcmp(x->folded, y->folded);

	return ret ?: strcmp(x->pack->name, y->pack->name);
}

static int compare_folded(const void *key, const void *element)
{
	return strcmp(key, ((const struct name *)element)->folded);
}

static struct names *collect_names(const struct cw_identities *identities)
{
	struct names *names = cw_calloc(1, sizeof(*names));
	size_t i, k;

	for (i = 0; i < identities->n_packs; i++) {
		const struct cw_pack *pack = identities->packs[i];

		for (k = 0; k < pack->n_organizations; k++) {
			names->names = cw_array_room(names->names, names->n, sizeof(*names->names));
			names->names[names->n++] = (struct name){ pack->organizations[k], pack };
		}
	}
	if (names->n)
		qsort(names->names, names->n, sizeof(*names->names), compare_names);
	return names;
}

static void load_packs(struct cw_identities *identities, const char *const *dirs)
{
	char **names = NULL;
	size_t i, n = 0;

	if (cw_pack_list(dirs, &names, &n, NULL) < 0)
		n = 0;
	/* NOLINTNEXTLINE(bugprone-sizeof-expression): an array of pointers */
	identities->packs = cw_calloc(n, sizeof(*identities->packs));
	for (i = 0; i < n; i++) {
		struct cw_pack *pack = cw_pack_load(dirs, names[i], NULL);

		if (pack)
			identities->packs[identities->n_packs++] = pack;
		free(names[i]);
	}
	free(names);
}

struct cw_identities *cw_identities_load(const char *registry_dir, const char *const *pack_dirs)
{
	struct cw_identities *identities = cw_calloc(1, sizeof(*identities));

	identities->registry = cw_registry_load(registry_dir, NULL);
	load_packs(identities, pack_dirs ?: cw_pack_dirs());
	identities->private_data = collect_names(identities);
	return identities;
}

void cw_identities_free(struct cw_identities *identities)
{
	struct names *names;
	size_t i;

	if (!identities)
		return;
	names = identities->private_data;
	free(names->names);
	free(names);
	for (i = 0; i < identities->n_packs; i++)
		cw_pack_free(identities->packs[i]);
	free(identities->packs);
	cw_registry_free(identities->registry);
	free(identities);
}

/* The longest of a sorted list that an address falls in; 0 where none does. */
static uint64_t covering(const uint64_t *prefixes, size_t n, uint64_t mac)
{
	uint64_t whole = cw_prefix_pack(mac, 48, 0), best = 0;
	size_t i;

	for (i = 0; i < n; i++)
		if (cw_prefix_inside(whole, prefixes[i]) &&
		    (!best || cw_prefix_len(prefixes[i]) > cw_prefix_len(best)))
			best = prefixes[i];
	return best;
}

static bool excludes(const struct cw_pack *pack, uint64_t mac)
{
	return covering(pack->exclude, pack->n_exclude, mac);
}

/* Whom nobody may be called by: a block of many, or an owner who has asked not to be named. */
static bool tells(const struct cw_assignment *assignment)
{
	return assignment && !assignment->subdivided && !assignment->private;
}

static const struct cw_pack *pack_of(const struct names *names, const struct cw_assignment *assignment,
				     uint64_t mac)
{
	const struct name *name;

	if (!names->n)
		return NULL;
	name = bsearch(assignment->folded, names->names, names->n, sizeof(*name), compare_folded);
	/* Of several packs that name it, the first. */
	while (name && name > names->names && strcmp(name[-1].folded, assignment->folded) == 0)
		name--;
	return name && !excludes(name->pack, mac) ? name->pack : NULL;
}

/* As cw_pack_resolve() has it: a pin holds where the registry has given the block to nobody as a whole. */
static void consider_pins(const struct cw_identities *identities, const struct cw_assignment *assignment,
			  uint64_t mac, struct cw_identity *identity)
{
	size_t i;

	if (assignment && !assignment->subdivided)
		return;
	for (i = 0; i < identities->n_packs; i++) {
		const struct cw_pack *pack = identities->packs[i];
		uint64_t pin = covering(pack->prefixes, pack->n_prefixes, mac);

		if (!pin || excludes(pack, mac) ||
		    (identity->pinned && cw_prefix_len(pin) <= cw_prefix_len(identity->prefix)))
			continue;
		identity->pack = pack;
		identity->prefix = pin;
		identity->pinned = true;
	}
}

struct cw_identity cw_identity_find(const struct cw_identities *identities, uint64_t mac)
{
	const struct cw_assignment *assignment = NULL;
	struct cw_identity identity = { 0 };

	if (!identities)
		return identity;
	if (identities->registry)
		assignment = cw_registry_find(identities->registry, mac);
	if (tells(assignment)) {
		identity.organization = assignment->organization;
		identity.prefix = assignment->prefix;
		identity.pack = pack_of(identities->private_data, assignment, mac);
	}
	consider_pins(identities, assignment, mac, &identity);
	return identity;
}
