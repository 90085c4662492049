// SPDX-License-Identifier: GPL-2.0-or-later
/* camwall stats: what was seen of each group, in each direction, and what was dropped, and why. */
#include <inttypes.h>
#include <stdio.h>

#include "output.h"

static json_t *counters_json(const struct cw_policy_counters *counters)
{
	return json_pack("{s:I, s:I, s:I, s:I, s:I, s:I, s:I}",
			 "packets", (json_int_t)counters->packets,
			 "bytes", (json_int_t)counters->bytes,
			 "dropped", (json_int_t)counters->dropped,
			 "dropped_policy", (json_int_t)counters->dropped_policy,
			 "dropped_not_allowed", (json_int_t)counters->dropped_not_allowed,
			 "dropped_limit", (json_int_t)counters->dropped_limit,
			 "dropped_malformed", (json_int_t)counters->dropped_malformed);
}

/* Beside "from" its first three keys stand by themselves, as they did before there was a "to". */
static enum tool_status stats_json(const struct tool *tool, const struct cw_policy *policy)
{
	json_t *stats = json_array();
	size_t i;

	for (i = 0; i < policy->n_groups; i++) {
		const struct cw_policy_group *group = &policy->groups[i];

		json_array_append_new(stats, json_pack("{s:o, s:s, s:I, s:I, s:I, s:o, s:o}",
						       "group", json_text(group->name),
						       "action", cw_action_name(group->action),
						       "packets", (json_int_t)group->from.packets,
						       "bytes", (json_int_t)group->from.bytes,
						       "dropped", (json_int_t)group->from.dropped,
						       "from", counters_json(&group->from),
						       "to", counters_json(&group->to)));
	}
	return json_end(tool, stats);
}

static void print_counters(struct table *table, const struct cw_policy_group *group,
			   const char *direction, const struct cw_policy_counters *counters)
{
	char size[TEXT_LEN];

	table_cell(table, "%s", group->name);
	table_cell(table, "%s", cw_action_name(group->action));
	table_cell(table, "%s", direction);
	table_cell(table, "%" PRIu64, counters->packets);
	table_cell(table, "%s", size_text(counters->bytes, size));
	table_cell(table, "%" PRIu64, counters->dropped);
	table_cell(table, "%" PRIu64, counters->dropped_policy);
	table_cell(table, "%" PRIu64, counters->dropped_not_allowed);
	table_cell(table, "%" PRIu64, counters->dropped_limit);
	table_cell(table, "%" PRIu64, counters->dropped_malformed);
}

static void print_stats(const struct cw_policy *policy)
{
	static const char *const columns[] = {
		"GROUP", "ACTION", "DIRECTION", ">PACKETS", ">BYTES", ">DROPPED", ">POLICY",
		">NOT ALLOWED", ">LIMIT", ">MALFORMED", NULL
	};
	struct table *table = table_new(columns);
	size_t i;

	for (i = 0; i < policy->n_groups; i++) {
		print_counters(table, &policy->groups[i], "from", &policy->groups[i].from);
		print_counters(table, &policy->groups[i], "to", &policy->groups[i].to);
	}
	table_end(table);
}

static enum tool_status stats_run(const struct tool *tool, int argc, char **argv)
{
	struct cw_policy *policy;

	if (argc)
		return tool_usage(&stats_command, "no argument is taken, not %s", argv[0]);
	policy = tool_read(tool);
	if (!policy)
		return TOOL_FAILED;
	if (tool->json)
		stats_json(tool, policy);
	else
		print_stats(policy);
	cw_policy_free(policy);
	return TOOL_DONE;
}

const struct tool_command stats_command = {
	.name = "stats",
	.arguments = "",
	.summary = "show what was seen of each group, and what was dropped",
	.help = "Show packets and bytes that came from the devices of each group, and that went\n"
		"to them, since the group exists; how many of the packets were dropped, and of\n"
		"those how many because the action is drop (policy), because the allow list does\n"
		"not name the peer, because they were above the limit, and because their headers\n"
		"cannot be true (malformed).\n",
	.run = stats_run,
};
