// SPDX-License-Identifier: GPL-2.0-or-later
/* camwall show, camwall save: what the kernel holds, for people and as a configuration. */
#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "alloc.h"
#include "output.h"
#include "peer.h"
#include "rate.h"
#include "timestamp.h"

/**
 * struct view - something that can be shown
 * @run: prints it, and says how that went
 */
struct view {
	const char *name;
	enum tool_status (*run)(const struct tool *tool, const struct cw_policy *policy);
};

/* Prefixes of each group, for free(). */
static size_t *count_prefixes(const struct cw_policy *policy)
{
	size_t *counts = cw_calloc(policy->n_groups, sizeof(*counts));
	size_t i;

	for (i = 0; i < policy->n_prefixes; i++)
		counts[cw_prefix_group(policy->prefixes[i])]++;
	return counts;
}

static json_t *limit_json(const struct cw_policy_limit *limit)
{
	bool bits = limit->unit == CAMWALL_LIMIT_UNIT_BITS;

	if (!limit->rate)
		return json_null();
	return json_pack("{s:I, s:s, s:I}", "rate", (json_int_t)limit->rate,
			 "unit", bits ? "bits" : "packets", "burst", (json_int_t)limit->burst);
}

/* As in the configuration. */
static json_t *allow_json(const struct cw_policy_group *group)
{
	char text[CW_PEER_STRLEN + 1];
	json_t *list = json_array();
	size_t i;

	for (i = 0; i < group->n_allow; i++)
		json_array_append_new(list, json_string(cw_peer_format(&group->allow[i], text)));
	return list;
}

static json_t *groups_json(const struct cw_policy *policy)
{
	size_t *counts = count_prefixes(policy), i;
	json_t *groups = json_array();

	for (i = 0; i < policy->n_groups; i++) {
		const struct cw_policy_group *group = &policy->groups[i];

		json_array_append_new(groups, json_pack("{s:o, s:s, s:o, s:I, s:o, s:o}",
							"name", json_text(group->name),
							"action", cw_action_name(group->action),
							"mark", json_mark(group),
							"prefix_count", (json_int_t)counts[i],
							"limit", limit_json(&group->limit),
							"allow", allow_json(group)));
	}
	free(counts);
	return groups;
}

/* Below the table: what an action needs beside its name. */
static void print_verdict(const struct cw_policy_group *group)
{
	char peer[CW_PEER_STRLEN + 1], rate[CW_RATE_STRLEN + 1];
	size_t i;

	if (group->limit.rate || group->n_allow)
		printf("\n%s:\n", group->name);
	if (group->limit.rate)
		printf("  limit %s\n", cw_rate_format(&group->limit, rate));
	for (i = 0; i < group->n_allow; i++)
		printf("  allow %s\n", cw_peer_format(&group->allow[i], peer));
}

static void print_groups(const struct cw_policy *policy)
{
	static const char *const columns[] = { "GROUP", "ACTION", "MARK", ">PREFIXES", NULL };
	struct table *table = table_new(columns);
	size_t *counts = count_prefixes(policy), i;

	for (i = 0; i < policy->n_groups; i++) {
		const struct cw_policy_group *group = &policy->groups[i];

		table_cell(table, "%s", group->name);
		table_cell(table, "%s", cw_action_name(group->action));
		if (group->has_mark)
			table_cell(table, "0x%08x", group->mark);
		else
			table_cell(table, "-");
		table_cell(table, "%zu", counts[i]);
	}
	table_end(table);
	free(counts);
	for (i = 0; i < policy->n_groups; i++)
		print_verdict(&policy->groups[i]);
}

static enum tool_status show_groups(const struct tool *tool, const struct cw_policy *policy)
{
	if (tool->json)
		return json_end(tool, groups_json(policy));
	print_groups(policy);
	return TOOL_DONE;
}

static json_t *json_exemptions(const struct cw_policy *policy)
{
	json_t *exemptions = json_array();
	size_t i;

	for (i = 0; i < policy->n_exemptions; i++)
		json_array_append_new(exemptions, json_exemption(&policy->exemptions[i]));
	return exemptions;
}

static enum tool_status config_json(const struct tool *tool, const struct cw_policy *policy)
{
	char written[CW_TIMESTAMP_STRLEN + 1], digest[CW_DIGEST_STRLEN + 1];
	json_t *interfaces = json_array();
	size_t i;

	cw_digest_format(&policy->digest, digest);

	for (i = 0; i < policy->n_interfaces; i++)
		json_array_append_new(interfaces, json_text(policy->interfaces[i]));
	return json_end(tool, json_pack("{s:I, s:o, s:I, s:b, s:I, s:I, s:o, s:o, s:o, s:o}",
					"generation", (json_int_t)policy->generation,
					"interfaces", interfaces,
					"mark_mask", (json_int_t)policy->mark_mask,
					"conntrack", policy->conntrack,
					"max_devices", (json_int_t)policy->max_devices,
					"idle", (json_int_t)policy->idle,
					"written", policy->written ?
					json_string(cw_timestamp_format(policy->written, written)) : json_null(),
					"digest", json_text(*digest ? digest : NULL),
					"groups", groups_json(policy),
					"exemptions", json_exemptions(policy)));
}

static void print_exemptions(const struct cw_policy *policy)
{
	static const char *const columns[] = {
		"EXEMPT", "STATE", "UNTIL", "APPROVED BY", "REASON", NULL
	};
	struct table *table = table_new(columns);
	char mac[CW_MAC_STRLEN + 1], until[CW_TIMESTAMP_STRLEN + 1];
	size_t i;

	for (i = 0; i < policy->n_exemptions; i++) {
		const struct cw_policy_exemption *exemption = &policy->exemptions[i];

		table_cell(table, "%s", cw_mac_format(exemption->mac, mac));
		table_cell(table, "%s", exemption_state(policy, exemption));
		table_cell(table, "%s", cw_timestamp_format(exemption->until, until));
		table_cell(table, "%s", exemption->approved_by);
		table_cell(table, "%s", exemption->reason);
	}
	table_end(table);
}

static enum tool_status show_exemptions(const struct tool *tool, const struct cw_policy *policy)
{
	if (tool->json)
		return json_end(tool, json_exemptions(policy));
	print_exemptions(policy);
	return TOOL_DONE;
}

static void print_below(void (*print)(const struct cw_policy *policy), const struct cw_policy *policy)
{
	putchar('\n');
	print(policy);
}

static enum tool_status show_config(const struct tool *tool, const struct cw_policy *policy)
{
	char written[CW_TIMESTAMP_STRLEN + 1], digest[CW_DIGEST_STRLEN + 1];
	size_t i;

	if (tool->json)
		return config_json(tool, policy);
	printf("generation  %u\n", policy->generation);
	printf("interfaces ");
	for (i = 0; i < policy->n_interfaces; i++)
		printf(" %s", policy->interfaces[i]);
	puts(policy->n_interfaces ? "" : " none");
	if (policy->mark_mask)
		printf("mark-mask   0x%08x\n", policy->mark_mask);
	else
		puts("mark-mask   none");
	printf("conntrack   %s\n", policy->conntrack ? "yes" : "no");
	printf("max-devices %u\n", policy->max_devices);
	printf("idle        %u s\n", policy->idle);
	if (policy->written)
		printf("written     %s\n", cw_timestamp_format(policy->written, written));
	if (policy->digest.length)
		printf("digest      %s\n", cw_digest_format(&policy->digest, digest));
	if (!policy->n_groups)
		puts("no groups");
	else
		print_below(print_groups, policy);
	if (policy->n_exemptions)
		print_below(print_exemptions, policy);
	return TOOL_DONE;
}

static enum tool_status prefixes_json(const struct tool *tool, const struct cw_policy *policy)
{
	json_t *prefixes = json_array();
	char text[CW_PREFIX_STRLEN + 1];
	size_t i;

	for (i = 0; i < policy->n_prefixes; i++) {
		uint64_t prefix = policy->prefixes[i];

		json_array_append_new(prefixes, json_pack("{s:s, s:s}",
							  "prefix", cw_prefix_format(prefix, text),
							  "group", policy->groups[cw_prefix_group(prefix)].name));
	}
	return json_end(tool, prefixes);
}

static enum tool_status show_prefixes(const struct tool *tool, const struct cw_policy *policy)
{
	char text[CW_PREFIX_STRLEN + 1];
	size_t i;

	if (tool->json)
		return prefixes_json(tool, policy);
	printf("%-*s  GROUP\n", CW_PREFIX_STRLEN, "PREFIX");
	for (i = 0; i < policy->n_prefixes; i++)
		printf("%-*s  %s\n", CW_PREFIX_STRLEN, cw_prefix_format(policy->prefixes[i], text),
		       policy->groups[cw_prefix_group(policy->prefixes[i])].name);
	return TOOL_DONE;
}

/* NULL for a port of a bridge, bond or VRF that a pattern names. */
static const char *pattern_of(const struct cw_policy *policy, const char *ifname)
{
	size_t i;

	for (i = 0; i < policy->n_interfaces; i++)
		if (fnmatch(policy->interfaces[i], ifname, FNM_NOESCAPE) == 0)
			return policy->interfaces[i];
	return NULL;
}

static bool same(const char *a, const char *b)
{
	return a && b ? strcmp(a, b) == 0 : a == b;
}

static json_t *devices_json(const struct cw_policy *policy, const char *pattern,
			    const struct cw_link *links, size_t n)
{
	json_t *devices = json_array();
	size_t i;

	for (i = 0; i < n; i++)
		if (same(pattern_of(policy, links[i].ifname), pattern))
			json_array_append_new(devices, json_pack("{s:s, s:I}",
								 "ifname", links[i].ifname,
								 "ifindex", (json_int_t)links[i].ifindex));
	return devices;
}

static json_t *interface_json(const struct cw_policy *policy, const char *pattern,
			      const struct cw_link *links, size_t n)
{
	return json_pack("{s:o, s:o}", "pattern", json_text(pattern),
			 "devices", devices_json(policy, pattern, links, n));
}

static enum tool_status interfaces_json(const struct tool *tool, const struct cw_policy *policy,
					const struct cw_link *links, size_t n)
{
	json_t *interfaces = json_array(), *others;
	size_t i;

	for (i = 0; i < policy->n_interfaces; i++)
		json_array_append_new(interfaces,
				      interface_json(policy, policy->interfaces[i], links, n));
	others = interface_json(policy, NULL, links, n);
	if (json_array_size(json_object_get(others, "devices")))
		json_array_append(interfaces, others);
	json_decref(others);
	return json_end(tool, interfaces);
}

/* Return: how many devices a pattern has, NULL standing for those that no pattern names. */
static size_t print_devices(struct table *table, const struct cw_policy *policy,
			    const char *pattern, const struct cw_link *links, size_t n)
{
	size_t i, bound = 0;

	for (i = 0; i < n; i++) {
		if (!same(pattern_of(policy, links[i].ifname), pattern))
			continue;
		table_cell(table, "%s", pattern ?: "(its master)");
		table_cell(table, "%s", links[i].ifname);
		table_cell(table, "%u", links[i].ifindex);
		bound++;
	}
	return bound;
}

static void print_interfaces(const struct cw_policy *policy, const struct cw_link *links, size_t n)
{
	static const char *const columns[] = { "PATTERN", "DEVICE", ">IFINDEX", NULL };
	struct table *table = table_new(columns);
	size_t i;

	for (i = 0; i < policy->n_interfaces; i++) {
		if (print_devices(table, policy, policy->interfaces[i], links, n))
			continue;
		table_cell(table, "%s", policy->interfaces[i]);
		table_cell(table, "-");
		table_cell(table, "-");
	}
	print_devices(table, policy, NULL, links, n);
	table_end(table);
}

static enum tool_status show_interfaces(const struct tool *tool, const struct cw_policy *policy)
{
	enum tool_status status = TOOL_DONE;
	struct cw_error err = { 0 };
	struct cw_link *links = NULL;
	struct cw_client *client;
	size_t n = 0;

	/* tool_read() has entered the network namespace. */
	client = cw_client_open(NULL, &err);
	if (!client || cw_client_links(client, &links, &n, &err) < 0)
		status = tool_error(&err);
	else if (tool->json)
		status = interfaces_json(tool, policy, links, n);
	else
		print_interfaces(policy, links, n);
	free(links);
	cw_client_close(client);
	return status;
}

static const struct view views[] = {
	{ "config", show_config },
	{ "groups", show_groups },
	{ "prefixes", show_prefixes },
	{ "exemptions", show_exemptions },
	{ "interfaces", show_interfaces },
};

#define N_VIEWS (sizeof(views) / sizeof(views[0]))

static enum tool_status unknown_view(const char *name)
{
	const char *names[N_VIEWS + 1] = { 0 };
	char buf[80];
	size_t i;

	for (i = 0; i < N_VIEWS; i++)
		names[i] = views[i].name;
	return tool_usage(&show_command, "nothing is called %s%s", name,
			  tool_suggestion(name, names, buf, sizeof(buf)));
}

static enum tool_status show_view(const struct tool *tool, const struct view *view)
{
	struct cw_policy *policy = tool_read(tool);
	enum tool_status status;

	if (!policy)
		return TOOL_FAILED;
	status = view->run(tool, policy);
	cw_policy_free(policy);
	return status;
}

static enum tool_status show_run(const struct tool *tool, int argc, char **argv)
{
	const char *name = argc ? argv[0] : views[0].name;
	size_t i;

	if (argc > 1)
		return tool_usage(&show_command, "one at a time, not also %s", argv[1]);
	for (i = 0; i < N_VIEWS; i++)
		if (strcmp(views[i].name, name) == 0)
			return show_view(tool, &views[i]);
	return unknown_view(name);
}

static enum tool_status save_run(const struct tool *tool, int argc, char **argv)
{
	struct cw_policy *policy;

	if (argc)
		return tool_usage(&save_command, "no argument is taken, not %s", argv[0]);
	policy = tool_read(tool);
	if (!policy)
		return TOOL_FAILED;
	printf("# what the kernel held, generation %u (groups: %zu, prefixes: %zu)\n",
	       policy->generation, policy->n_groups, policy->n_prefixes);
	cw_policy_print(policy, stdout);
	cw_policy_free(policy);
	return TOOL_DONE;
}

const struct tool_command show_command = {
	.name = "show",
	.arguments = "[config|groups|prefixes|exemptions|interfaces]",
	.summary = "show what the kernel holds",
	.help = "Show what the kernel holds:\n\n"
		"  config      all but the prefixes (the default)\n"
		"  groups      the groups, with the number of their prefixes, and what is let pass\n"
		"  prefixes    all prefixes, one a line\n"
		"  exemptions  the devices that are exempt, and those that were\n"
		"  interfaces  patterns of device names, and the devices that are bound; one\n"
		"              that no pattern names is a port of a bridge, bond or VRF that is\n"
		"              named\n",
	.run = show_run,
};

const struct tool_command save_command = {
	.name = "save",
	.arguments = "",
	.summary = "print what the kernel holds as a configuration",
	.help = "Print what the kernel holds in the grammar of the configuration file. Vendors\n"
		"are resolved, so that each prefix stands there by itself; to apply what was\n"
		"saved changes nothing.\n",
	.run = save_run,
};
