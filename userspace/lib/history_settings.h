/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The section [history] of the configuration: what camwalld keeps, where, and for how long. */
#ifndef CW_HISTORY_SETTINGS_H
#define CW_HISTORY_SETTINGS_H

#include <stdbool.h>
#include <stdint.h>

#include "error.h"

/**
 * struct cw_history_settings - its keys
 * @database: "database ="
 * @interval: "interval =", seconds between two samples
 * @retention: "retention =", seconds
 * @log_file: "log-file =", for events as JSON lines; NULL where there is none
 * @syslog: "syslog ="
 * @site: "site ="; empty where there is none
 */
struct cw_history_settings {
	char *database, *log_file, *site;
	int64_t interval, retention;
	bool syslog;
};

/** cw_history_settings_default() - as without the section; for cw_history_settings_clear() */
void cw_history_settings_default(struct cw_history_settings *settings);

/**
 * cw_history_settings_read() - read the section of a configuration
 * @file: a file that is not there is one that says nothing
 * @settings: changed where the section has a key
 * @err: names file, line and what to do; an unknown key is an error
 *
 * Other sections may be wrong: whether a configuration is right, cw_config_load() says.
 *
 * Return: 0, or -1 with @err set.
 */
int cw_history_settings_read(const char *file, struct cw_history_settings *settings,
			     struct cw_error *err);

/**
 * cw_history_settings_set() - set one key
 * @file, @line: where it stands, for @err; line 0 of an option of a command line
 *
 * Return: 0, or -1 with @err set.
 */
int cw_history_settings_set(struct cw_history_settings *settings, const char *file, int line,
			    const char *key, const char *value, struct cw_error *err);

void cw_history_settings_clear(struct cw_history_settings *settings);

#endif
