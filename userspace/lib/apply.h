/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A policy on its way to the kernel: what it would change there, and the commit of exactly that. */
#ifndef CW_APPLY_H
#define CW_APPLY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "client.h"
#include "policy.h"

/**
 * struct cw_application - what a policy changes
 * @changes: for cw_application_clear(); none where the kernel holds the same already
 * @generation: in force at the end
 */
struct cw_application {
	struct cw_policy_change *changes;
	size_t n_changes;
	uint32_t generation;
};

/**
 * cw_apply() - compare a policy with the kernel's, and commit it where they differ
 * @policy: its generation becomes the one that it was compared with, so that a commit of
 *	    somebody else in between is an error
 * @dateless: it came from a pipe (struct cw_config_report)
 * @check: compare only
 * @application: filled; for cw_application_clear(), also where -1 is returned
 *
 * Return: 0; -1 with @err set, and then the kernel is as it was.
 */
int cw_apply(struct cw_client *client, struct cw_policy *policy, bool dateless, bool check,
	     struct cw_application *application, struct cw_error *err);

/** cw_application_clear() - free what it holds; it can be used again */
void cw_application_clear(struct cw_application *application);

#endif
