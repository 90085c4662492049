/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whose a MAC address is: by the IEEE registry and by the vendor packs, and which prefix tells it. */
#ifndef CW_IDENTITY_H
#define CW_IDENTITY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "pack.h"
#include "registry.h"

/**
 * struct cw_identity - whose a MAC address is
 * @organization: whom the registry has assigned it to; NULL where nobody is known
 * @pack: the vendor pack that names that organisation, or that pins the prefix; NULL for none
 * @prefix: the evidence, packed with group id 0: the assignment, or where @pinned the pack's
 *	    prefix; 0 where nothing is known
 * @pinned: the pack's prefix tells it, and the registry tells less
 */
struct cw_identity {
	const char *organization;
	const struct cw_pack *pack;
	uint64_t prefix;
	bool pinned;
};

/**
 * struct cw_identities - registry and packs
 * @registry: NULL where there is none: then only pinned prefixes tell
 * @packs: sorted by name
 */
struct cw_identities {
	struct cw_registry *registry;
	struct cw_pack **packs;
	size_t n_packs;
	void *private_data;
};

/**
 * cw_identities_load() - read the registry and all packs
 * @registry_dir: as for cw_registry_load()
 * @pack_dirs: as for cw_pack_load(); NULL: cw_pack_dirs()
 *
 * It is for names only, so that a registry or pack that cannot be read is left out.
 *
 * Return: them, for cw_identities_free().
 */
struct cw_identities *cw_identities_load(const char *registry_dir, const char *const *pack_dirs);
void cw_identities_free(struct cw_identities *identities);

/** cw_identity_find() - whose a MAC address is; what it points to is @identities'; NULL for them: nobody's */
struct cw_identity cw_identity_find(const struct cw_identities *identities, uint64_t mac);

#endif
