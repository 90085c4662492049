// SPDX-License-Identifier: GPL-2.0-or-later
/* The section [history] of the configuration. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "alloc.h"
#include "config_private.h"
#include "history.h"
#include "history_settings.h"
#include "inifile.h"
#include "suggest.h"

#define DAY		86400LL
#define INTERVAL	60
#define INTERVAL_MAX	3600
#define RETENTION	(400 * DAY)	/* a year, and the time to report it */
#define RETENTION_MAX	(3660 * DAY)
#define SITE_LEN	128

/** struct place - where a key stands */
struct place {
	const char *file;
	int line;
	struct cw_error *err;
};

void cw_history_settings_default(struct cw_history_settings *settings)
{
	*settings = (struct cw_history_settings){
		.database = cw_strdup(CW_HISTORY_FILE),
		.interval = INTERVAL,
		.retention = RETENTION,
		.site = cw_strdup(""),
	};
}

static void replace(char **text, const char *value)
{
	free(*text);
	*text = cw_strdup(value);
}

static int set_path(const struct place *place, char **path, const char *key, const char *value)
{
	if (*value != '/')
		return cw_error_at(place->err, place->file, place->line,
				   "%s = %s is no path from the root on: write for instance %s = %s", key,
				   value, key, *key == 'd' ? CW_HISTORY_FILE : "/var/log/camwall/events.json");
	replace(path, value);
	return 0;
}

static int set_database(struct cw_history_settings *settings, const struct place *place,
			const char *value)
{
	return set_path(place, &settings->database, "database", value);
}

static int set_log_file(struct cw_history_settings *settings, const struct place *place,
			const char *value)
{
	return set_path(place, &settings->log_file, "log-file", value);
}

static int set_duration(const struct place *place, int64_t *seconds, const char *key,
			const char *value, int64_t least, int64_t most, const char *bounds)
{
	uint64_t parsed;

	if (cw_config_parse_duration(value, &parsed) < 0)
		return cw_error_at(place->err, place->file, place->line,
				   "%s = %s is no duration: write seconds, or for instance 5m, 8h or 400d",
				   key, value);
	if (parsed < (uint64_t)least || parsed > (uint64_t)most)
		return cw_error_at(place->err, place->file, place->line,
				   "%s = %s is not from %s: choose a time between them", key, value,
				   bounds);
	*seconds = parsed;
	return 0;
}

static int set_interval(struct cw_history_settings *settings, const struct place *place,
			const char *value)
{
	return set_duration(place, &settings->interval, "interval", value, 1, INTERVAL_MAX,
			    "1 second to 1 hour");
}

static int set_retention(struct cw_history_settings *settings, const struct place *place,
			 const char *value)
{
	return set_duration(place, &settings->retention, "retention", value, DAY, RETENTION_MAX,
			    "1 to 3660 days");
}

static int set_syslog(struct cw_history_settings *settings, const struct place *place,
		      const char *value)
{
	if (strcmp(value, "yes") != 0 && strcmp(value, "no") != 0)
		return cw_error_at(place->err, place->file, place->line,
				   "syslog = %s is neither yes nor no: write one of them", value);
	settings->syslog = strcmp(value, "yes") == 0;
	return 0;
}

static int set_site(struct cw_history_settings *settings, const struct place *place,
		    const char *value)
{
	struct cw_error why = { 0 };

	if (cw_config_text_check("the site", value, SITE_LEN, &why) < 0) {
		cw_error_at(place->err, place->file, place->line, "%s", why.message);
		cw_error_clear(&why);
		return -1;
	}
	replace(&settings->site, value);
	return 0;
}

static const struct {
	const char *name;
	int (*set)(struct cw_history_settings *settings, const struct place *place, const char *value);
} keys[] = {
	{ "database", set_database },
	{ "interval", set_interval },
	{ "retention", set_retention },
	{ "log-file", set_log_file },
	{ "syslog", set_syslog },
	{ "site", set_site },
};

#define N_KEYS	(sizeof(keys) / sizeof(keys[0]))

static int unknown_key(const struct place *place, const char *key)
{
	const char *names[N_KEYS + 1] = { 0 }, *nearest;
	size_t i;

	for (i = 0; i < N_KEYS; i++)
		names[i] = keys[i].name;
	nearest = cw_suggest(key, names);
	if (nearest)
		return cw_error_at(place->err, place->file, place->line,
				   "unknown key \"%s\" in [history]: did you mean \"%s\"?", key, nearest);
	return cw_error_at(place->err, place->file, place->line,
			   "unknown key \"%s\" in [history]: there are database, interval, retention, log-file, syslog, site",
			   key);
}

int cw_history_settings_set(struct cw_history_settings *settings, const char *file, int line,
			    const char *key, const char *value, struct cw_error *err)
{
	const struct place place = { file, line, err };
	size_t i;

	for (i = 0; i < N_KEYS; i++)
		if (strcmp(key, keys[i].name) == 0)
			return keys[i].set(settings, &place, value);
	return unknown_key(&place, key);
}

static int on_key(void *ctx, const char *file, int line, const char *section, const char *key,
		  const char *value, struct cw_error *err)
{
	if (!key || strcmp(section, "history") != 0)
		return 0;
	return cw_history_settings_set(ctx, file, line, key, value, err);
}

int cw_history_settings_read(const char *file, struct cw_history_settings *settings,
			     struct cw_error *err)
{
	FILE *stream = fopen(file, "re");
	int ret;

	if (!stream && errno == ENOENT)
		return 0;
	if (!stream)
		return cw_error_at(err, file, 0, "cannot be read: %s", strerror(errno));
	ret = cw_ini_read(stream, file, on_key, settings, err);
	fclose(stream);
	return ret;
}

void cw_history_settings_clear(struct cw_history_settings *settings)
{
	free(settings->database);
	free(settings->log_file);
	free(settings->site);
	memset(settings, 0, sizeof(*settings));
}

/* As the configuration's reader sees them: a value has to be right, and goes nowhere. */
static int check_key(struct cw_config_reader *reader, int line, const char *key, const char *value)
{
	struct cw_history_settings settings;
	int ret;

	cw_history_settings_default(&settings);
	ret = cw_history_settings_set(&settings, reader->file, line, key, value, reader->err);
	cw_history_settings_clear(&settings);
	return ret;
}

#define CHECK(name, key)								\
static int name(struct cw_config_reader *reader, int line, const char *value)		\
{											\
	return check_key(reader, line, key, value);					\
}

CHECK(check_database, "database")
CHECK(check_interval, "interval")
CHECK(check_retention, "retention")
CHECK(check_log_file, "log-file")
CHECK(check_syslog, "syslog")
CHECK(check_site, "site")

const struct cw_config_key cw_config_history_keys[] = {
	{ "database", false, check_database },
	{ "interval", false, check_interval },
	{ "retention", false, check_retention },
	{ "log-file", false, check_log_file },
	{ "syslog", false, check_syslog },
	{ "site", false, check_site },
	{ 0 },
};

CW_CONFIG_KEYS_FIT(cw_config_history_keys);
