/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The IEEE registry: which organisation a MAC prefix is assigned to. */
#ifndef CW_REGISTRY_H
#define CW_REGISTRY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

#include "error.h"

#define CW_REGISTRY_DEFAULT_DIR "/usr/share/ieee-data"		/* the package ieee-data */
#define CW_REGISTRY_UPDATED_DIR "/var/lib/camwall/registry"	/* camwall registry update */
/* As a sentence names both, and what it says to do where there is none in them. */
#define CW_REGISTRY_DEFAULT_DIRS CW_REGISTRY_UPDATED_DIR " or " CW_REGISTRY_DEFAULT_DIR
#define CW_REGISTRY_REMEDY \
	"run \"camwall registry update\", install the package ieee-data, or name a folder that holds the registry with \"registry =\""
#define CW_REGISTRY_FILES	4

/* The IEEE's names of its files, as many as there are. */
extern const char *const cw_registry_files[CW_REGISTRY_FILES];

/* Where a registry is looked for where nobody names a folder, ended by NULL: the newest counts. */
extern const char *const cw_registry_default_dirs[];

/**
 * struct cw_assignment - one row of the registry
 * @prefix: packed, group id 0; /24 (MA-L), /28 (MA-M) or /36 (MA-S, IAB)
 * @subdivided: the IEEE's own block, split among many tenants: never to be matched as a whole
 * @private: the assignee has asked not to be named
 * @organization: as it stands in the registry, UTF-8, printable, without spaces around it
 * @folded: @organization after cw_organization_fold()
 */
struct cw_assignment {
	uint64_t prefix;
	bool subdivided;
	bool private;
	const char *organization;
	const char *folded;
};

/**
 * struct cw_registry - the registry, sorted by prefix
 * @dir: the folder it was read from
 * @edition: when the newest of its files was last modified: the edition's date
 * @modified: when each of cw_registry_files was
 * @assignments: sorted by @prefix, equal rows once; a prefix that is assigned to several
 *		 organisations has a row for each, by folded name
 * @n_assignments: how many
 * @n_by_length: of them, assignments of each length (index: bits)
 * @n_by_file: rows that each of cw_registry_files has
 */
struct cw_registry {
	char *dir;
	time_t edition, modified[CW_REGISTRY_FILES];
	struct cw_assignment *assignments;
	size_t n_assignments;
	size_t n_by_length[49];
	size_t n_by_file[CW_REGISTRY_FILES];
	void *private_data;
};

/**
 * cw_registry_newest() - which folder has the newest edition
 * @dirs: folders, ended by NULL; one that lacks a file, or cannot be looked into, does not count
 *
 * Return: one of them, the first where several are of the same time; NULL where none counts.
 */
const char *cw_registry_newest(const char *const *dirs);

/**
 * cw_registry_load() - read oui.csv, mam.csv, oui36.csv and iab.csv of a folder
 * @dir: the folder; NULL for the newest of cw_registry_default_dirs
 * @err: names file, line, what is wrong and what to do
 *
 * oui.csv has to be there, of the others a missing one is an error as well: without
 * them a /28 of another company would be taken for the owner of its /24.
 * They are read from the folder as it is when this begins, and so are of one edition, even
 * where another one is put in its place meanwhile. A truncated file (no rows, an unterminated
 * quote, a row that is cut off, a row that is no assignment) is refused.
 *
 * Return: the registry, for cw_registry_free(), or NULL with @err set.
 */
struct cw_registry *cw_registry_load(const char *dir, struct cw_error *err);

void cw_registry_free(struct cw_registry *registry);

/** cw_registry_find() - the assignment that a MAC address falls in, the longest; or NULL */
const struct cw_assignment *cw_registry_find(const struct cw_registry *registry,
					     uint64_t mac);

/** cw_registry_seek() - index of the first assignment whose packed prefix is not below @prefix */
size_t cw_registry_seek(const struct cw_registry *registry, uint64_t prefix);

/** cw_registry_age_days() - days from the edition to @now, 0 where it lies ahead */
long cw_registry_age_days(const struct cw_registry *registry, time_t now);

/**
 * cw_organization_fold() - fold an organisation's name, so that spellings of it compare equal
 *
 * Case, spaces (non-breaking ones too) and punctuation go: "ZHEJIANG DAHUA
 * TECHNOLOGYCO.,LTD" and "Zhejiang Dahua Technology Co., Ltd." are one.
 *
 * Return: a new string for free(), never NULL (it ends the program where memory ends).
 */
char *cw_organization_fold(const char *name);

#endif
