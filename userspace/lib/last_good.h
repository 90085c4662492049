/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The last good policy: kept when one was put in force, for a boot at which there is no other. */
#ifndef CW_LAST_GOOD_H
#define CW_LAST_GOOD_H

#include "config.h"
#include "error.h"
#include "policy.h"

/*
 * Not in the folder of the history: that one belongs to the user of camwalld, and who may
 * write in a folder may replace what stands in it.
 */
#define CW_STATE_DIR		CAMWALL_STATEDIR
#define CW_LAST_GOOD_FILE	CW_STATE_DIR "/last-good.conf"
#define CW_BOOT_FAILURE_FILE	CW_STATE_DIR "/boot-failure"

/**
 * cw_last_good_keep() - keep a policy that is in force
 * @path: its folder is made, for root alone, where it is not there
 * @policy: with all prefixes, so that neither registry nor packs are needed to read it back
 * @with_registry: a registry has named some of them; noted, for cw_last_good_has_more()
 *
 * Replaced in one step, and on the disk when this returns. Its modification time is when the
 * policy was written, so that it means the same for exemptions. Where the file says all that
 * already, nothing is written.
 *
 * Return: 0, or -1 with @err set.
 */
int cw_last_good_keep(const char *path, const struct cw_policy *policy, bool with_registry,
		      struct cw_error *err);

/**
 * cw_last_good_load() - read it back
 * @report: as for cw_config_load()
 *
 * A file that is not whole, or that another user than root (or than the caller) may have
 * written, is refused.
 *
 * Return: a policy for cw_policy_free(), or NULL with @err set.
 */
struct cw_policy *cw_last_good_load(const char *path, struct cw_config_report *report,
				    struct cw_error *err);

/**
 * cw_last_good_has_more() - is there one that a registry has given more to?
 * @policy: made without a registry
 *
 * Return: whether there is one that can be used, was made with a registry, and has a prefix
 * that @policy has not, in whatever group.
 */
bool cw_last_good_has_more(const char *path, const struct cw_policy *policy);

#endif
