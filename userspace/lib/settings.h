/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a configuration says to programs that show and record, and the kernel never learns. */
#ifndef CW_SETTINGS_H
#define CW_SETTINGS_H

#include <stdbool.h>
#include <stddef.h>

#include "error.h"

/**
 * struct cw_settings - from the section [camwall]
 * @registry_dir: "registry ="; NULL where there is none
 * @leases: "leases =", in the order given
 * @no_nftables: "nftables = no"
 */
struct cw_settings {
	char *registry_dir;
	char **leases;
	size_t n_leases;
	bool no_nftables;
};

/**
 * cw_settings_read() - read only these keys of a configuration
 * @file: a file that is not there is one that says nothing
 * @settings: filled; for cw_settings_clear(), also where -1 is returned
 *
 * Other keys may be wrong: whether a configuration is right, cw_config_load() says.
 *
 * Return: 0, or -1 with @err set.
 */
int cw_settings_read(const char *file, struct cw_settings *settings, struct cw_error *err);
void cw_settings_clear(struct cw_settings *settings);

#endif
