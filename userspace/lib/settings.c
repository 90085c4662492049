// SPDX-License-Identifier: GPL-2.0-or-later
/* What a configuration says to programs that show and record, and the kernel never learns. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "alloc.h"
#include "inifile.h"
#include "settings.h"

static int on_key(void *ctx, const char *file, int line, const char *section, const char *key,
		  const char *value, struct cw_error *err)
{
	struct cw_settings *settings = ctx;

	if (!key || strcmp(section, "camwall") != 0)
		return 0;
	if (strcmp(key, "registry") == 0 && *value) {
		free(settings->registry_dir);
		settings->registry_dir = cw_strdup(value);
	} else if (strcmp(key, "leases") == 0) {
		settings->leases = cw_array_room(settings->leases, settings->n_leases,
						 sizeof(*settings->leases));
		settings->leases[settings->n_leases++] = cw_strdup(value);
	} else if (strcmp(key, "nftables") == 0) {
		settings->no_nftables = strcmp(value, "no") == 0;
	}
	return 0;
}

int cw_settings_read(const char *file, struct cw_settings *settings, struct cw_error *err)
{
	FILE *stream = fopen(file, "re");
	int ret;

	memset(settings, 0, sizeof(*settings));
	if (!stream && errno == ENOENT)
		return 0;
	if (!stream)
		return cw_error_at(err, file, 0, "cannot be read: %s", strerror(errno));
	ret = cw_ini_read(stream, file, on_key, settings, err);
	fclose(stream);
	return ret;
}

void cw_settings_clear(struct cw_settings *settings)
{
	size_t i;

	for (i = 0; i < settings->n_leases; i++)
		free(settings->leases[i]);
	free(settings->leases);
	free(settings->registry_dir);
	memset(settings, 0, sizeof(*settings));
}
