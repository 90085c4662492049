// SPDX-License-Identifier: GPL-2.0-or-later
/* camwall lookup: what is known of a MAC address, and what is done with it. */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "alloc.h"
#include "output.h"
#include "text.h"
#include "timestamp.h"

static const char *file, *registry_dir;

static int ask_kernel(const struct tool *tool, struct cw_lookup *answers, int n)
{
	struct cw_client *client = tool_client(tool);
	struct cw_error err = { 0 };
	int i, ret = 0;

	if (!client) {
		tool_warn(tool, "\"camwall lookup -f FILE\" needs no module: it looks up in a configuration");
		return -1;
	}
	for (i = 0; i < n && ret >= 0; i++)
		ret = cw_client_lookup(client, &answers[i], &err);
	cw_client_close(client);
	if (ret < 0)
		tool_error(&err);
	return ret;
}

static void find_exemption(const struct cw_policy *policy, struct cw_lookup *answer)
{
	const struct cw_policy_exemption *exemption = cw_policy_exemption_find(policy, answer->mac);

	if (!exemption)
		return;
	answer->has_exemption = true;
	answer->exemption = *exemption;
	answer->exemption.reason = cw_strdup(exemption->reason);
	answer->exemption.approved_by = cw_strdup(exemption->approved_by);
	answer->exemption.in_force = cw_policy_in_force(policy, exemption, time(NULL));
}

static int ask_policy(struct cw_policy *policy, struct cw_lookup *answers, int n)
{
	struct cw_error err = { 0 };
	int i, ret = 0;

	for (i = 0; i < n && ret >= 0; i++) {
		ret = cw_policy_lookup(policy, answers[i].mac, &answers[i].prefix, &err);
		answers[i].found = ret > 0;
		if (ret > 0)
			answers[i].group = policy->groups[cw_prefix_group(answers[i].prefix)];
		find_exemption(policy, &answers[i]);
	}
	if (ret < 0)
		tool_error(&err);
	return ret;
}

static int ask_file(const struct tool *tool, struct cw_lookup *answers, int n,
		    struct cw_config_report *report)
{
	struct cw_policy *policy = tool_config(tool, file, registry_dir, report);
	int ret;

	if (!policy)
		return -1;
	ret = ask_policy(policy, answers, n);
	cw_policy_free(policy);
	return ret;
}

static const char *organization(const struct cw_registry *registry, uint64_t mac)
{
	const struct cw_assignment *assignment;

	assignment = registry ? cw_registry_find(registry, mac) : NULL;
	return assignment ? assignment->organization : NULL;
}

static enum tool_status answers_json(const struct tool *tool, const struct cw_lookup *answers, int n,
				     const struct cw_registry *registry)
{
	char mac[CW_MAC_STRLEN + 1], prefix[CW_PREFIX_STRLEN + 1];
	json_t *list = json_array();
	int i;

	for (i = 0; i < n; i++) {
		const struct cw_lookup *answer = &answers[i];
		const char *action = cw_action_name(answer->group.action);

		cw_prefix_format(answer->prefix, prefix);
		json_array_append_new(list, json_pack("{s:s, s:o, s:o, s:o, s:o, s:b}",
						      "mac", cw_mac_format(answer->mac, mac),
						      "prefix", json_text(answer->found ? prefix : NULL),
						      "group", json_text(answer->found ? answer->group.name : NULL),
						      "action", json_text(answer->found ? action : NULL),
						      "organization", json_text(organization(registry, answer->mac)),
						      "exempt", answer->exemption.in_force));
	}
	return json_end(tool, list);
}

/* Below the table: until when, why, and by whom. */
static void print_exemption(const struct cw_lookup *answer)
{
	char mac[CW_MAC_STRLEN + 1], until[CW_TIMESTAMP_STRLEN + 1];
	const struct cw_policy_exemption *exemption = &answer->exemption;
	const char *state = exemption->in_force ? "is exempt" :
			    exemption->until <= (uint64_t)time(NULL) ? "was exempt" :
			    "is not exempt while the clock is behind (camwall status), and then";

	if (answer->has_exemption)
		printf("%s %s until %s: %s (approved by %s)\n", cw_mac_format(answer->mac, mac), state,
		       cw_timestamp_format(exemption->until, until), cw_text_clean(exemption->reason),
		       cw_text_clean(exemption->approved_by));
}

static void print_answers(const struct cw_lookup *answers, int n, const struct cw_registry *registry)
{
	static const char *const columns[] = {
		"MAC", "PREFIX", "GROUP", "ACTION", "ORGANIZATION", NULL
	};
	char mac[CW_MAC_STRLEN + 1], prefix[CW_PREFIX_STRLEN + 1];
	struct table *table = table_new(columns);
	int i;

	for (i = 0; i < n; i++) {
		const struct cw_lookup *answer = &answers[i];

		table_cell(table, "%s", cw_mac_format(answer->mac, mac));
		table_cell(table, "%s", answer->found ? cw_prefix_format(answer->prefix, prefix) : "-");
		table_cell(table, "%s", answer->found ? answer->group.name : "-");
		table_cell(table, "%s", answer->found ? cw_action_name(answer->group.action) : "-");
		table_cell(table, "%s", organization(registry, answer->mac) ?: "-");
	}
	table_end(table);
	for (i = 0; i < n; i++)
		print_exemption(&answers[i]);
}

static int ask(const struct tool *tool, struct cw_lookup *answers, int n,
	       struct cw_config_report *report)
{
	int ret;

	ret = file ? ask_file(tool, answers, n, report) : ask_kernel(tool, answers, n);
	if (ret < 0)
		return -1;
	/* Without a registry the answer only lacks the name. */
	if (!report->registry)
		report->registry = cw_registry_load(report->registry_dir ?: registry_dir, NULL);
	if (tool->json)
		answers_json(tool, answers, n, report->registry);
	else
		print_answers(answers, n, report->registry);
	return 0;
}

static enum tool_status lookup_run(const struct tool *tool, int argc, char **argv)
{
	struct cw_lookup *answers = cw_calloc(argc, sizeof(*answers));
	struct cw_config_report report = { 0 };
	enum tool_status status = TOOL_DONE;
	struct cw_error err = { 0 };
	int i;

	if (!argc)
		status = tool_usage(&lookup_command, "which MAC address?");
	for (i = 0; i < argc && status == TOOL_DONE; i++)
		if (cw_mac_parse(argv[i], &answers[i].mac, &err) < 0)
			status = tool_usage(&lookup_command, "%s", err.message);
	if (status == TOOL_DONE && ask(tool, answers, argc, &report) < 0)
		status = TOOL_FAILED;
	cw_config_report_clear(&report);
	cw_error_clear(&err);
	for (i = 0; i < argc; i++)
		cw_lookup_clear(&answers[i]);
	free(answers);
	return status;
}

static const struct tool_option lookup_options[] = {
	{ 'f', "file", "FILE", "look up in a configuration (- for standard input)", NULL, &file },
	{ 0, "registry", "DIR", "read the IEEE registry from DIR", NULL, &registry_dir },
	{ 0 },
};

const struct tool_command lookup_command = {
	.name = "lookup",
	.arguments = "MAC... [-f FILE] [--registry DIR]",
	.summary = "show what is known of a MAC address, and what is done with it",
	.help = "Show for each MAC address the prefix that matches it, the group, what is done\n"
		"with its frames, the organization that the IEEE has assigned it to, and its\n"
		"exemption: from the kernel, or with -f from a configuration, without any module.\n",
	.options = lookup_options,
	.run = lookup_run,
};
