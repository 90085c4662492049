// SPDX-License-Identifier: GPL-2.0-or-later
/* What is known of devices beside the inventory, for the commands that show them. */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "inventory.h"
#include "names.h"

static void warn(const struct tool *tool, struct cw_error *err)
{
	tool_warn(tool, "%s", err->message);
	cw_error_clear(err);
}

void names_load(struct names *names, const struct tool *tool)
{
	const char *config = names->config ?: TOOL_CONFIG_FILE;
	struct cw_error err = { 0 };

	if (cw_settings_read(config, &names->settings, &err) < 0)
		warn(tool, &err);
	names->identities = cw_identities_load(names->registry_dir ?: names->settings.registry_dir, NULL);
}

void names_clear(struct names *names)
{
	cw_identities_free(names->identities);
	cw_settings_clear(&names->settings);
}

static void read_lease_file(struct cw_leases *leases, const char *file, const struct tool *tool)
{
	struct cw_error err = { 0 };

	if (cw_leases_read(leases, file, &err) < 0)
		warn(tool, &err);
}

static void read_leases(struct cw_leases *leases, const struct names *names, const struct tool *tool)
{
	const char *const *file;
	size_t i;

	for (file = names->leases; file && *file; file++)
		read_lease_file(leases, *file, tool);
	if (names->leases && *names->leases)
		return;
	for (i = 0; i < names->settings.n_leases; i++)
		read_lease_file(leases, names->settings.leases[i], tool);
}

int view_read(struct view *view, const struct names *names, const struct tool *tool,
	      struct cw_client *client)
{
	struct cw_device *devices = NULL;
	struct cw_error err = { 0 };
	size_t n = 0;

	memset(view, 0, sizeof(*view));
	if (cw_client_devices(client, &devices, &n, NULL, &err) < 0) {
		tool_error(&err);
		return -1;
	}
	if (cw_neighbours_read(&view->neighbours, &err) < 0)
		warn(tool, &err);
	read_leases(&view->leases, names, tool);
	view->listing = cw_listing_make(devices, n, names->identities, &view->neighbours,
					&view->leases, time(NULL));
	free(devices);
	return 0;
}

void view_clear(struct view *view)
{
	cw_listing_clear(&view->listing);
	cw_leases_clear(&view->leases);
	cw_neighbours_clear(&view->neighbours);
}
