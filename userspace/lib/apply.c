// SPDX-License-Identifier: GPL-2.0-or-later
/* A policy on its way to the kernel: what it would change there, and the commit of exactly that. */
#include <string.h>
#include <time.h>

#include "alloc.h"
#include "apply.h"

static void tell(struct cw_application *application, const char *text)
{
	application->changes = cw_array_room(application->changes, application->n_changes,
					     sizeof(*application->changes));
	application->changes[application->n_changes++].text = cw_strdup(text);
}

/*
 * When a policy was written is a change only where exemptions are in force by the one date
 * and not by the other. What comes from a pipe has no date: where the one in force is in what
 * the clock calls the future, that one stands, as nobody has said that it was wrong.
 */
static void compare_written(struct cw_application *application, const struct cw_policy *kernel,
			    struct cw_policy *policy, bool dateless)
{
	uint64_t now = time(NULL);
	bool was_behind = now < kernel->written, is_behind;

	if (dateless && kernel->written > now)
		policy->written = kernel->written;
	is_behind = now < policy->written;
	if (!kernel->n_exemptions || !policy->n_exemptions || was_behind == is_behind)
		return;
	tell(application, is_behind ?
	     "the clock is behind the configuration: no exemption is in force any more" :
	     "the clock is no longer behind the configuration: exemptions that have not ended are in force");
}

int cw_apply(struct cw_client *client, struct cw_policy *policy, bool dateless, bool check,
	     struct cw_application *application, struct cw_error *err)
{
	struct cw_policy *kernel = cw_client_read(client, err);

	memset(application, 0, sizeof(*application));
	if (!kernel)
		return -1;
	cw_policy_diff(kernel, policy, &application->changes, &application->n_changes);
	compare_written(application, kernel, policy, dateless);
	application->generation = kernel->generation;
	policy->generation = kernel->generation;
	cw_policy_free(kernel);
	if (check || !application->n_changes)
		return 0;
	return cw_client_commit(client, policy, &application->generation, err);
}

void cw_application_clear(struct cw_application *application)
{
	cw_policy_changes_free(application->changes, application->n_changes);
	memset(application, 0, sizeof(*application));
}
