// SPDX-License-Identifier: GPL-2.0-or-later
/* What camwalld takes from the configuration, from options, and from registry and packs. */
#include <stdlib.h>

#include "daemon.h"

static int apply_options(const struct daemon_options *options,
			 struct cw_history_settings *settings, struct cw_error *err)
{
	const char *const *set;

	for (set = options->set; *set; set += 2)
		if (cw_history_settings_set(settings, "command line", 0, set[0], set[1], err) < 0)
			return -1;
	return 0;
}

int config_load(struct daemon *daemon, struct cw_error *err)
{
	const char *file = daemon->options.config;
	struct cw_history_settings settings;
	struct cw_settings tool_settings = { 0 };

	cw_history_settings_default(&settings);
	if (cw_history_settings_read(file, &settings, err) < 0 ||
	    apply_options(&daemon->options, &settings, err) < 0 ||
	    cw_settings_read(file, &tool_settings, err) < 0) {
		cw_history_settings_clear(&settings);
		cw_settings_clear(&tool_settings);
		return -1;
	}
	config_clear(daemon);
	daemon->settings = settings;
	daemon->tool_settings = tool_settings;
	daemon->identities = cw_identities_load(tool_settings.registry_dir, NULL);
	daemon->leases_said = false;
	return 0;
}

void config_clear(struct daemon *daemon)
{
	cw_history_settings_clear(&daemon->settings);
	cw_settings_clear(&daemon->tool_settings);
	cw_identities_free(daemon->identities);
	daemon->identities = NULL;
}
