/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Vendor packs: whose prefixes a group takes, on which basis, as of when. */
#ifndef CW_PACK_H
#define CW_PACK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "error.h"
#include "registry.h"

/**
 * struct cw_pack - vendors/NAME.conf
 * @name: what a configuration's "vendor =" says; the file's name without .conf
 * @file: the file it was read from
 * @title: the vendor, for people
 * @basis: which rules name it
 * @date: when the pack was written, YYYY-MM-DD
 * @confidence: "high", "medium" or "low": how sure a match means this vendor's camera
 * @note: what an administrator should know before using it, or NULL; of this and of
 *	  @basis several lines are joined by a space
 * @organizations: whole names, folded; matched against whole folded names of the registry
 * @organization_titles: the same names as the pack writes them
 * @prefixes: pinned prefixes, packed with group id 0, sorted
 * @exclude: prefixes that are never taken, sorted; one also takes out what lies inside it
 */
struct cw_pack {
	char *name, *file, *title, *basis, *date, *confidence, *note;
	char **organizations, **organization_titles;
	size_t n_organizations;
	uint64_t *prefixes;
	size_t n_prefixes;
	uint64_t *exclude;
	size_t n_exclude;
};

/**
 * cw_pack_load() - read a pack by name
 * @dirs: folders to look in, in this order, ended by NULL
 * @name: the pack's name
 * @err: names file, line, what is wrong and what to do; for an unknown name it lists
 *	 the names there are
 *
 * Return: the pack, for cw_pack_free(), or NULL with @err set.
 */
struct cw_pack *cw_pack_load(const char *const *dirs, const char *name,
			     struct cw_error *err);

void cw_pack_free(struct cw_pack *pack);

/**
 * cw_pack_dirs() - where packs are looked for
 *
 * $CAMWALL_VENDORS where that is set; else /etc/camwall/vendors, vendors/ of the source
 * tree where the program runs as its build/camwall, and the installed ones.
 *
 * Return: folders, ended by NULL; the thread's next call overwrites them.
 */
const char *const *cw_pack_dirs(void);

/**
 * cw_pack_list() - names of all packs in @dirs, sorted, each once
 * @names: an array of strings, for free() of each and of the array
 * @n: how many
 *
 * Return: 0, or -1 with @err set.
 */
int cw_pack_list(const char *const *dirs, char ***names, size_t *n,
		 struct cw_error *err);

/**
 * cw_pack_resolve() - the prefixes that a pack stands for
 * @registry: may be NULL: then only the pinned ones
 * @prefixes: packed with group id 0, sorted, each once; for free()
 * @n: how many
 *
 * The assignments of its organisations, and the pinned prefixes, save what is excluded.
 * Never a subdivided or private block, and never a pinned prefix that the registry by
 * now assigns to somebody whom the pack does not name.
 *
 * Return: 0, or -1 with @err set.
 */
int cw_pack_resolve(const struct cw_pack *pack, const struct cw_registry *registry,
		    uint64_t **prefixes, size_t *n, struct cw_error *err);

#endif
