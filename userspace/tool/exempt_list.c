// SPDX-License-Identifier: GPL-2.0-or-later
/* camwall exempt list: what the files say, what the kernel holds, what has ended. */
#include <stdio.h>
#include <string.h>

#include "exempt.h"
#include "output.h"
#include "timestamp.h"

/**
 * struct entry - a line of the list
 * @state: what has become of it
 * @file, @line: where it stands; NULL where only the kernel knows it
 */
struct entry {
	uint64_t mac, until;
	const char *reason, *approved_by, *state, *file;
	int line;
};

/**
 * struct listing - the list, line by line
 * @entries: JSON, or NULL where @table is printed
 */
struct listing {
	json_t *entries;
	struct table *table;
};

static bool is_held(const struct cw_policy *kernel, const struct cw_config_exemption *exemption)
{
	const struct cw_policy_exemption *held = cw_policy_exemption_find(kernel, exemption->mac);

	return held && held->until == exemption->until &&
	       strcmp(held->reason, exemption->reason) == 0 &&
	       strcmp(held->approved_by, exemption->approved_by) == 0;
}

static const char *state_in_file(const struct cw_policy *kernel,
				 const struct cw_config_exemption *exemption)
{
	if (exemption->ended)
		return "ended";
	if (!kernel || !is_held(kernel, exemption))
		return "not applied";
	return exemption_state(kernel, cw_policy_exemption_find(kernel, exemption->mac));
}

static json_t *entry_json(const struct entry *entry)
{
	char mac[CW_MAC_STRLEN + 1], until[CW_TIMESTAMP_STRLEN + 1];

	return json_pack("{s:s, s:s, s:o, s:o, s:b, s:s, s:o, s:o}",
			 "mac", cw_mac_format(entry->mac, mac),
			 "until", cw_timestamp_format(entry->until, until),
			 "reason", json_text(entry->reason),
			 "approved_by", json_text(entry->approved_by),
			 "in_force", strcmp(entry->state, "in force") == 0,
			 "state", entry->state, "file", json_text(entry->file),
			 "line", entry->file ? json_integer(entry->line) : json_null());
}

static void add_row(struct table *table, const struct entry *entry)
{
	char mac[CW_MAC_STRLEN + 1], until[CW_TIMESTAMP_STRLEN + 1];

	table_cell(table, "%s", cw_mac_format(entry->mac, mac));
	table_cell(table, "%s", entry->state);
	table_cell(table, "%s", cw_timestamp_format(entry->until, until));
	table_cell(table, "%s", entry->approved_by);
	table_cell(table, "%s", entry->reason);
	if (entry->file)
		table_cell(table, "%s:%d", entry->file, entry->line);
	else
		table_cell(table, "kernel only: the next apply takes it out");
}

static void add(struct listing *listing, const struct entry *entry)
{
	if (listing->entries)
		json_array_append_new(listing->entries, entry_json(entry));
	else
		add_row(listing->table, entry);
}

static void add_file(struct listing *listing, const struct cw_config_report *report,
		     const struct cw_policy *kernel)
{
	size_t i;

	for (i = 0; i < report->n_exemptions; i++) {
		const struct cw_config_exemption *exemption = &report->exemptions[i];
		const struct entry entry = {
			.mac = exemption->mac, .until = exemption->until,
			.reason = exemption->reason, .approved_by = exemption->approved_by,
			.state = state_in_file(kernel, exemption),
			.file = exemption->file, .line = exemption->line,
		};

		add(listing, &entry);
	}
}

static bool in_file(const struct cw_config_report *report, const struct cw_policy_exemption *held)
{
	size_t i;

	for (i = 0; i < report->n_exemptions; i++)
		if (report->exemptions[i].mac == held->mac &&
		    report->exemptions[i].until == held->until)
			return true;
	return false;
}

static void add_kernel(struct listing *listing, const struct cw_config_report *report,
		       const struct cw_policy *kernel)
{
	size_t i;

	for (i = 0; kernel && i < kernel->n_exemptions; i++) {
		const struct cw_policy_exemption *held = &kernel->exemptions[i];
		const struct entry entry = {
			.mac = held->mac, .until = held->until, .reason = held->reason,
			.approved_by = held->approved_by, .state = exemption_state(kernel, held),
		};

		if (!in_file(report, held))
			add(listing, &entry);
	}
}

static struct cw_policy *read_kernel(const struct tool *tool)
{
	struct cw_policy *kernel = NULL;
	struct cw_error err = { 0 };
	struct cw_client *client;

	client = cw_client_open(tool->netns, &err);
	if (client)
		kernel = cw_client_read(client, &err);
	if (!kernel)
		tool_warn(tool, "only what the files say: %s", err.message);
	cw_error_clear(&err);
	cw_client_close(client);
	return kernel;
}

enum tool_status exempt_list(const struct tool *tool, const char *config, const char *registry_dir)
{
	static const char *const columns[] = {
		"MAC", "STATE", "UNTIL", "APPROVED BY", "REASON", "WHERE", NULL
	};
	struct cw_policy *policy, *kernel = NULL;
	struct cw_config_report report = { 0 };
	enum tool_status status = TOOL_FAILED;
	struct listing listing = { 0 };

	policy = tool_config(tool, config, registry_dir, &report);
	if (policy) {
		kernel = read_kernel(tool);
		if (tool->json)
			listing.entries = json_array();
		else
			listing.table = table_new(columns);
		add_file(&listing, &report, kernel);
		add_kernel(&listing, &report, kernel);
		if (tool->json)
			json_end(tool, listing.entries);
		else
			table_end(listing.table);
		status = TOOL_DONE;
	}
	cw_policy_free(kernel);
	cw_policy_free(policy);
	cw_config_report_clear(&report);
	return status;
}
