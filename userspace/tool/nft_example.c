// SPDX-License-Identifier: GPL-2.0-or-later
/* camwall nft example: ready-made rules for nftables, with the names of this configuration. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "alloc.h"
#include "nft.h"
#include "nft_define.h"
#include "nft_example.h"
#include "output.h"

/**
 * struct request - what is to be printed
 * @settings: NAME=VALUE, @n_settings of them
 */
struct request {
	const struct cw_nft_example *example;
	const struct nft_options *options;
	char **settings;
	size_t n_settings;
};

static enum tool_status list(const struct tool *tool, const struct cw_nft_example *examples,
			     size_t n)
{
	static const char *const columns[] = { "NAME", "WHAT", NULL };
	struct table *table = tool->json ? NULL : table_new(columns);
	json_t *json = tool->json ? json_array() : NULL;
	size_t i;

	for (i = 0; i < n; i++) {
		if (json) {
			json_array_append_new(json, json_pack("{s:o, s:o}",
							      "name", json_text(examples[i].name),
							      "title", json_text(examples[i].title)));
			continue;
		}
		table_cell(table, "%s", examples[i].name);
		table_cell(table, "%s", examples[i].title);
	}
	if (json)
		return json_end(tool, json);
	table_end(table);
	return TOOL_DONE;
}

static const struct cw_nft_example *find(const struct cw_nft_example *examples, size_t n,
					 const char *name)
{
	const char **names = cw_calloc(n + 1, sizeof(*names));
	struct cw_error err = { 0 };
	char buf[80];
	size_t i;

	for (i = 0; i < n && strcmp(examples[i].name, name) != 0; i++)
		names[i] = examples[i].name;
	if (i == n) {
		cw_error_set(&err, "there is no example %s%s; \"camwall nft example\" lists them", name,
			     tool_suggestion(name, names, buf, sizeof(buf)));
		tool_error(&err);
	}
	free(names);
	return i < n ? &examples[i] : NULL;
}

/* What the kernel holds, where it holds anything; NULL without an error. */
static struct cw_policy *in_force(const struct tool *tool)
{
	struct cw_client *client = cw_client_open(tool->netns, NULL);
	struct cw_policy *policy = client ? cw_client_read(client, NULL) : NULL;

	cw_client_close(client);
	if (policy && policy->n_groups)
		return policy;
	cw_policy_free(policy);
	return NULL;
}

/* Rules can be written before there is a policy, and where there is no module. */
static struct cw_policy *read_policy(const struct tool *tool, const struct nft_options *of)
{
	struct nft_options file = *of;
	struct cw_policy *policy;

	policy = of->config ? NULL : in_force(tool);
	if (policy)
		return policy;
	if (!file.config)
		file.config = TOOL_CONFIG_FILE;
	return nft_policy(tool, &file);
}

static void print(const struct tool *tool, const struct request *request, const char *defines,
		  const char *rules)
{
	if (tool->json) {
		json_end(tool, json_pack("{s:o, s:o, s:o, s:o}",
					 "name", json_text(request->example->name),
					 "title", json_text(request->example->title),
					 "defines", json_text(defines), "rules", json_text(rules)));
		return;
	}
	if (defines)
		printf("%s\n", defines);
	fputs(rules, stdout);
}

static enum tool_status print_filled(const struct tool *tool, const struct request *request,
				     const struct cw_policy *policy)
{
	char *defines = NULL, *rules;
	struct cw_error err = { 0 };

	rules = cw_nft_example_fill(request->example, policy, request->options->group,
				    request->settings, request->n_settings, &err);
	if (rules && !request->options->no_defines)
		defines = cw_nft_define_text(policy, NULL, &err);
	if (!err.message)
		print(tool, request, defines, rules);
	free(defines);
	free(rules);
	return err.message ? tool_error(&err) : TOOL_DONE;
}

static enum tool_status print_example(const struct tool *tool, const struct request *request)
{
	struct cw_policy *policy;
	enum tool_status status;

	policy = request->example ? read_policy(tool, request->options) : NULL;
	if (!policy)
		return TOOL_FAILED;
	status = print_filled(tool, request, policy);
	cw_policy_free(policy);
	return status;
}

enum tool_status nft_example(const struct tool *tool, const struct nft_options *of,
			     int argc, char **argv)
{
	struct request request = { .options = of, .settings = argv + 1, .n_settings = argc - 1 };
	struct cw_nft_example *examples;
	struct cw_error err = { 0 };
	enum tool_status status;
	size_t n;

	if (cw_nft_example_list(cw_nft_example_dir(), &examples, &n, &err) < 0) {
		status = tool_error(&err);
	} else if (!argc) {
		status = list(tool, examples, n);
	} else {
		request.example = find(examples, n, argv[0]);
		status = print_example(tool, &request);
	}
	cw_nft_examples_free(examples, n);
	return status;
}
