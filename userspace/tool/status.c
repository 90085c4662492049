// SPDX-License-Identifier: GPL-2.0-or-later
/* camwall status, camwall stats: how the module fares, and what it has seen. */
#include <inttypes.h>
#include <stdio.h>

#include "output.h"

static const char *registry_dir;

static enum tool_status status_json(const struct tool *tool, const struct cw_status *status,
				    const struct cw_registry *registry)
{
	return json_end(tool, json_pack("{s:o, s:I, s:I, s:I, s:I, s:I, s:o}",
					"version", json_text(status->version),
					"generation", (json_int_t)status->generation,
					"group_count", (json_int_t)status->group_count,
					"prefix_count", (json_int_t)status->prefix_count,
					"device_count", (json_int_t)status->link_count,
					"memory", (json_int_t)status->memory,
					"registry", json_registry(registry)));
}

static void print_registry(const struct cw_registry *registry)
{
	char date[TEXT_LEN], age[TEXT_LEN];

	if (!registry) {
		printf("registry    none in %s\n", registry_dir ?: CW_REGISTRY_DEFAULT_DIR);
		return;
	}
	printf("registry    of %s, %s old (%s)\n", date_text(registry->edition, date),
	       age_text(cw_registry_age_days(registry, time(NULL)), age), registry->dir);
}

static void print_status(const struct cw_status *status, const struct cw_registry *registry)
{
	char size[TEXT_LEN];

	printf("module      %s\n", status->version);
	printf("generation  %u%s\n", status->generation,
	       status->generation ? "" : " (nothing was applied yet: camwall apply)");
	printf("groups      %u\n", status->group_count);
	printf("prefixes    %u\n", status->prefix_count);
	printf("devices     %u bound\n", status->link_count);
	printf("memory      %s\n", size_text(status->memory, size));
	print_registry(registry);
}

static enum tool_status status_run(const struct tool *tool, int argc, char **argv)
{
	struct cw_registry *registry;
	struct cw_error err = { 0 };
	struct cw_client *client;
	struct cw_status status;
	int ret;

	if (argc)
		return tool_usage(&status_command, "no argument is taken, not %s", argv[0]);
	client = tool_client(tool);
	if (!client)
		return TOOL_FAILED;
	ret = cw_client_status(client, &status, &err);
	cw_client_close(client);
	if (ret < 0)
		return tool_error(&err);
	registry = cw_registry_load(registry_dir, NULL);
	if (tool->json)
		status_json(tool, &status, registry);
	else
		print_status(&status, registry);
	cw_registry_free(registry);
	return TOOL_DONE;
}

static enum tool_status stats_json(const struct tool *tool, const struct cw_policy *policy)
{
	json_t *stats = json_array();
	size_t i;

	for (i = 0; i < policy->n_groups; i++) {
		const struct cw_policy_group *group = &policy->groups[i];

		json_array_append_new(stats, json_pack("{s:o, s:s, s:I, s:I, s:I}",
						       "group", json_text(group->name),
						       "action", cw_action_name(group->action),
						       "packets", (json_int_t)group->from.packets,
						       "bytes", (json_int_t)group->from.bytes,
						       "dropped", (json_int_t)group->from.dropped));
	}
	return json_end(tool, stats);
}

static void print_stats(const struct cw_policy *policy)
{
	static const char *const columns[] = {
		"GROUP", "ACTION", ">PACKETS", ">BYTES", ">DROPPED", NULL
	};
	struct table *table = table_new(columns);
	char size[TEXT_LEN];
	size_t i;

	for (i = 0; i < policy->n_groups; i++) {
		const struct cw_policy_group *group = &policy->groups[i];

		table_cell(table, "%s", group->name);
		table_cell(table, "%s", cw_action_name(group->action));
		table_cell(table, "%" PRIu64, group->from.packets);
		table_cell(table, "%s", size_text(group->from.bytes, size));
		table_cell(table, "%" PRIu64, group->from.dropped);
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

static const struct tool_option status_options[] = {
	{ 0, "registry", "DIR", "look at the IEEE registry in DIR", NULL, &registry_dir },
	{ 0 },
};

const struct tool_command status_command = {
	.name = "status",
	.arguments = "",
	.summary = "show how the module fares",
	.help = "Show the module's version, the generation in force, how many groups and\n"
		"prefixes it has, the devices that are bound, the memory it takes, and the\n"
		"age of the IEEE registry.\n",
	.options = status_options,
	.run = status_run,
};

const struct tool_command stats_command = {
	.name = "stats",
	.arguments = "",
	.summary = "show what was seen of each group",
	.help = "Show packets and bytes that came from the devices of each group, and how many\n"
		"of the packets were dropped, since the group exists.\n",
	.run = stats_run,
};
