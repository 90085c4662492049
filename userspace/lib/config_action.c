// SPDX-License-Identifier: GPL-2.0-or-later
/* The configuration file: what is done with the devices of a group. */
#include <stdlib.h>
#include <string.h>

#include "alloc.h"
#include "config_private.h"
#include "peer.h"
#include "rate.h"
#include "suggest.h"

static struct cw_policy_group *group_now(const struct cw_config_reader *reader)
{
	return &reader->policy->groups[reader->policy->n_groups - 1];
}

static struct cw_config_group *lines_now(const struct cw_config_reader *reader)
{
	return &reader->groups[reader->policy->n_groups - 1];
}

/* Takes over and clears @err. */
static int refuse(struct cw_config_reader *reader, int line, struct cw_error *err)
{
	cw_error_at(reader->err, reader->file, line, "%s", err->message);
	cw_error_clear(err);
	return -1;
}

int cw_config_set_action(struct cw_config_reader *reader, int line, const char *value)
{
	static const char *const known[] = { "observe", "isolate", "limit", "drop", NULL };
	const char *nearest;

	lines_now(reader)->action_line = line;
	if (cw_action_parse(value, &group_now(reader)->action) == 0)
		return 0;
	nearest = cw_suggest(value, known);
	if (nearest)
		return cw_error_at(reader->err, reader->file, line,
				   "there is no action \"%s\": did you mean %s?", value, nearest);
	return cw_error_at(reader->err, reader->file, line,
			   "there is no action \"%s\": write observe, isolate, limit or drop", value);
}

static bool is_listed(const struct cw_policy_group *group, const struct cw_policy_allow *allow)
{
	size_t i;

	for (i = 0; i < group->n_allow; i++)
		if (cw_peer_same(&group->allow[i], allow))
			return true;
	return false;
}

int cw_config_set_allow(struct cw_config_reader *reader, int line, const char *value)
{
	struct cw_policy_group *group = group_now(reader);
	struct cw_policy_allow allow;
	struct cw_error err = { 0 };

	if (cw_peer_parse(value, &allow, &err) < 0)
		return refuse(reader, line, &err);
	if (!lines_now(reader)->allow_line)
		lines_now(reader)->allow_line = line;
	if (is_listed(group, &allow)) {
		cw_config_warn(reader, cw_asprintf("%s:%d: group %s allows %s twice", reader->file,
						   line, group->name, value));
		return 0;
	}
	if (group->n_allow == CAMWALL_MAX_ALLOW)
		return cw_error_at(reader->err, reader->file, line,
				   "more than %d entries in the allow list of group %s: name several addresses by a prefix, as in 192.168.10.0/28",
				   CAMWALL_MAX_ALLOW, group->name);
	cw_policy_allow_add(group, &allow);
	return 0;
}

int cw_config_set_limit(struct cw_config_reader *reader, int line, const char *value)
{
	struct cw_error err = { 0 };

	lines_now(reader)->limit_line = line;
	if (cw_rate_parse(value, &group_now(reader)->limit, &err) < 0)
		return refuse(reader, line, &err);
	return 0;
}

/*
 * A key that the action does not look at: where the action is not written, it was
 * forgotten; where it is, somebody may have switched it for a while.
 */
static int check_idle_key(struct cw_config_reader *reader, size_t group, const char *key,
			  const char *action, int line)
{
	const struct cw_policy_group *this = &reader->policy->groups[group];

	if (!line || strcmp(cw_action_name(this->action), action) == 0)
		return 0;
	if (!reader->groups[group].action_line)
		return cw_error_at(reader->err, reader->file, line,
				   "group %s has \"%s\", but no action, and the default, observe, lets everything pass: write action = %s, or take \"%s\" out",
				   this->name, key, action, key);
	cw_config_warn(reader, cw_asprintf("%s:%d: \"%s\" has no effect in group %s, whose action is %s: it is for action = %s",
					   reader->file, line, key, this->name,
					   cw_action_name(this->action), action));
	return 0;
}

int cw_config_check_action(struct cw_config_reader *reader, size_t group)
{
	const struct cw_policy_group *this = &reader->policy->groups[group];
	const struct cw_config_group *lines = &reader->groups[group];

	if (check_idle_key(reader, group, "allow", "isolate", lines->allow_line) < 0 ||
	    check_idle_key(reader, group, "limit", "limit", lines->limit_line) < 0)
		return -1;
	if (this->action == CAMWALL_ACTION_LIMIT && !lines->limit_line)
		return cw_error_at(reader->err, reader->file, lines->action_line,
				   "group %s has no limit: write for instance limit = 200 packets/s",
				   this->name);
	if (this->action == CAMWALL_ACTION_ISOLATE && !lines->allow_line)
		cw_config_warn(reader, cw_asprintf("%s:%d: group %s is isolated and its allow list is empty: nothing but ARP, IPv6 neighbour discovery and DHCP passes; name its recorder with \"allow =\"",
						   reader->file, lines->action_line, this->name));
	return 0;
}
