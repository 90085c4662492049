/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is known of devices beside the inventory, for the commands that show them. */
#ifndef CW_NAMES_H
#define CW_NAMES_H

#include "identity.h"
#include "listing.h"
#include "settings.h"
#include "tool.h"

/**
 * struct names - the sources of names
 * @config: the configuration that names registry and lease files
 * @registry_dir: beats that of the configuration; NULL for none
 * @leases: files, ended by NULL, instead of those of the configuration; empty: those
 * @settings, @identities: read once, by names_load()
 */
struct names {
	const char *config, *registry_dir;
	const char *const *leases;
	struct cw_settings settings;
	struct cw_identities *identities;
};

/** names_load() - read configuration, registry and packs; a source that cannot be read is a warning */
void names_load(struct names *names, const struct tool *tool);
void names_clear(struct names *names);

/**
 * struct view - the inventory as it is now, with all that is known
 * @listing: what it points to is of the other two, and of the names that it was made with
 */
struct view {
	struct cw_neighbours neighbours;
	struct cw_leases leases;
	struct cw_listing listing;
};

/**
 * view_read() - read inventory, neighbour tables and lease files
 * @view: for view_clear(), also where -1 is returned
 *
 * Return: 0, or -1 where an error was printed.
 */
int view_read(struct view *view, const struct names *names, const struct tool *tool,
	      struct cw_client *client);
void view_clear(struct view *view);

#endif
