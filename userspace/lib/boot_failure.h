/* SPDX-License-Identifier: GPL-2.0-or-later */
/* boot-failure: what an administrator wants of a gateway that can put no policy in force. */
#ifndef CW_BOOT_FAILURE_H
#define CW_BOOT_FAILURE_H

#include <stdbool.h>

#include "error.h"

#define CW_BOOT_FAILURE_KEY	"boot-failure"

/**
 * enum cw_boot_failure - whether such a gateway forwards
 * @CW_BOOT_FAILURE_OPEN: as if there were no camwall; the default
 * @CW_BOOT_FAILURE_CLOSED: nothing
 */
enum cw_boot_failure {
	CW_BOOT_FAILURE_OPEN,
	CW_BOOT_FAILURE_CLOSED,
};

/** cw_boot_failure_name() - "open" or "closed" */
const char *cw_boot_failure_name(enum cw_boot_failure choice);

/** cw_boot_failure_parse() - from "open" or "closed"; Return: 0, or -1 */
int cw_boot_failure_parse(const char *value, enum cw_boot_failure *choice);

/**
 * cw_boot_failure_find() - the choice, as far as anything says what it is
 * @config: the configuration, which may be damaged in any way, or not be there
 * @remembered: a file of cw_boot_failure_remember()
 * @choice: set
 * @remembers: @remembered is there, so that a policy was applied once; may be NULL
 *
 * A line that has the key and one of its values is believed wherever it stands, and "closed"
 * beats "open". Where the configuration has none, what is remembered counts.
 *
 * Return: where it stands, as "FILE:LINE", or that nothing says so; for free().
 */
char *cw_boot_failure_find(const char *config, const char *remembered,
			   enum cw_boot_failure *choice, bool *remembers);

/**
 * cw_boot_failure_remember() - keep the choice of a configuration that is right
 *
 * Nothing is written where the file says so already.
 *
 * Return: 0, or -1 with @err set.
 */
int cw_boot_failure_remember(const char *config, const char *remembered, struct cw_error *err);

#endif
