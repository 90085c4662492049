// SPDX-License-Identifier: GPL-2.0-or-later
/* libcamwall.so: what is in force: status, groups, and what is known of a MAC address. */
#include <stdlib.h>

#include "alloc.h"
#include "api.h"

struct camwall_status {
	struct cw_status status;
	char digest[CW_DIGEST_STRLEN + 1];
};

struct camwall_group {
	const struct cw_policy_group *group;
	size_t prefix_count;
};

struct camwall_groups {
	struct cw_policy *policy;
	struct camwall_group groups[];
};

struct camwall_match {
	struct cw_lookup lookup;
	char prefix[CW_PREFIX_STRLEN + 1];
};

/* --- Status ---------------------------------------------------------------------------- */

struct camwall_status *camwall_status_read(struct camwall *camwall, char **error)
{
	struct camwall_status *status = cw_calloc(1, sizeof(*status));
	struct cw_digest digest = { 0 };
	struct cw_error err = { 0 };

	if (cw_client_status(camwall->client, &status->status, &err) == 0 &&
	    cw_client_digest(camwall->client, &digest, &err) == 0)
		cw_digest_format(&digest, status->digest);
	if (api_error(&err, error) == 0)
		return status;
	free(status);
	return NULL;
}

void camwall_status_free(struct camwall_status *status)
{
	free(status);
}

const char *camwall_status_version(const struct camwall_status *status)
{
	return status->status.version;
}

const char *camwall_status_digest(const struct camwall_status *status)
{
	return *status->digest ? status->digest : NULL;
}

uint64_t camwall_status_figure(const struct camwall_status *status, enum camwall_figure figure)
{
	const struct cw_status *figures = &status->status;

	switch (figure) {
	case CAMWALL_GENERATION:
		return figures->generation;
	case CAMWALL_GROUP_COUNT:
		return figures->group_count;
	case CAMWALL_PREFIX_COUNT:
		return figures->prefix_count;
	case CAMWALL_EXEMPTION_COUNT:
		return figures->exemption_count;
	case CAMWALL_LINK_COUNT:
		return figures->link_count;
	case CAMWALL_DEVICE_COUNT:
		return figures->device_count;
	case CAMWALL_MAX_DEVICES:
		return figures->max_devices;
	case CAMWALL_DEVICE_REFUSED:
		return figures->device_refused;
	case CAMWALL_MEMORY:
		return figures->memory;
	case CAMWALL_CLOCK_BEHIND:
		return figures->clock_behind;
	}
	return 0;
}

/* --- Groups ---------------------------------------------------------------------------- */

struct camwall_groups *camwall_groups_read(struct camwall *camwall, char **error)
{
	struct camwall_groups *groups = NULL;
	struct cw_error err = { 0 };
	struct cw_policy *policy;
	size_t i;

	policy = cw_client_read(camwall->client, &err);
	if (policy) {
		groups = cw_calloc(1, sizeof(*groups) + policy->n_groups * sizeof(groups->groups[0]));
		groups->policy = policy;
		for (i = 0; i < policy->n_groups; i++) {
			groups->groups[i].group = &policy->groups[i];
			groups->groups[i].prefix_count = cw_policy_group_prefixes(policy, i);
		}
	}
	api_error(&err, error);
	return groups;
}

void camwall_groups_free(struct camwall_groups *groups)
{
	if (!groups)
		return;
	cw_policy_free(groups->policy);
	free(groups);
}

const struct camwall_group *camwall_groups_get(const struct camwall_groups *groups, size_t index)
{
	return index < groups->policy->n_groups ? &groups->groups[index] : NULL;
}

const char *camwall_group_name(const struct camwall_group *group)
{
	return group->group->name;
}

const char *camwall_group_action(const struct camwall_group *group)
{
	return cw_action_name(group->group->action);
}

uint32_t camwall_group_mark(const struct camwall_group *group)
{
	return group->group->has_mark ? group->group->mark : 0;
}

size_t camwall_group_prefix_count(const struct camwall_group *group)
{
	return group->prefix_count;
}

uint64_t camwall_group_counter(const struct camwall_group *group, enum camwall_counter counter)
{
	return api_counter(&group->group->from, &group->group->to, counter);
}

/* --- A MAC address --------------------------------------------------------------------- */

struct camwall_match *camwall_lookup(struct camwall *camwall, const char *mac, char **error)
{
	struct camwall_match *match = cw_calloc(1, sizeof(*match));
	struct cw_error err = { 0 };

	if (cw_mac_parse(mac, &match->lookup.mac, &err) == 0 &&
	    cw_client_lookup(camwall->client, &match->lookup, &err) == 0 && match->lookup.found)
		cw_prefix_format(match->lookup.prefix, match->prefix);
	if (api_error(&err, error) == 0)
		return match;
	camwall_match_free(match);
	return NULL;
}

void camwall_match_free(struct camwall_match *match)
{
	if (!match)
		return;
	cw_lookup_clear(&match->lookup);
	free(match);
}

const char *camwall_match_group(const struct camwall_match *match)
{
	return match->lookup.found ? match->lookup.group.name : NULL;
}

const char *camwall_match_prefix(const struct camwall_match *match)
{
	return match->lookup.found ? match->prefix : NULL;
}

const char *camwall_match_action(const struct camwall_match *match)
{
	return match->lookup.found ? cw_action_name(match->lookup.group.action) : NULL;
}

bool camwall_match_exempt(const struct camwall_match *match)
{
	return match->lookup.has_exemption && match->lookup.exemption.in_force;
}

uint64_t camwall_match_exempt_until(const struct camwall_match *match)
{
	return match->lookup.has_exemption ? match->lookup.exemption.until : 0;
}
