// SPDX-License-Identifier: GPL-2.0-or-later
/* camwall apply, camwall flush: make the kernel hold what a configuration says, or nothing. */
#include <errno.h>
#include <fnmatch.h>
#include <net/if.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "alloc.h"
#include "apply.h"
#include "boot_failure.h"
#include "boot_state.h"
#include "exempt_file.h"
#include "last_good.h"
#include "netns.h"
#include "nft.h"
#include "output.h"

#define STALE_DAYS	365

/**
 * struct application - a policy on its way to the kernel
 * @check: compare only
 * @report: of the configuration; NULL for an empty policy
 * @compared: @done holds what is different from the kernel
 * @not_compared: why it was not compared, with @check
 */
struct application {
	const struct tool *tool;
	bool check;
	struct cw_policy *policy;
	struct cw_config_report *report;
	bool compared;
	struct cw_error not_compared;
	struct cw_application done;
};

static bool check_only;
static const char *registry_dir;

static bool interface_present(const char *pattern, const struct if_nameindex *devices)
{
	for (; devices && devices->if_name; devices++)
		if (fnmatch(pattern, devices->if_name, FNM_NOESCAPE) == 0)
			return true;
	return false;
}

/* Takes over @sentence. */
static void warn(struct application *application, char *sentence)
{
	struct cw_config_report *report = application->report;

	tool_warn(application->tool, "%s", sentence);
	report->warnings = cw_array_room(report->warnings, report->n_warnings,
					 sizeof(*report->warnings));
	report->warnings[report->n_warnings++] = sentence;
}

static void warn_interfaces(struct application *application)
{
	const struct cw_policy *policy = application->policy;
	struct if_nameindex *devices = if_nameindex();
	size_t i;

	for (i = 0; devices && i < policy->n_interfaces; i++)
		if (!interface_present(policy->interfaces[i], devices))
			warn(application, cw_asprintf("interface %s matches no device that is present; one that appears later is bound then",
						      policy->interfaces[i]));
	if_freenameindex(devices);
}

static void warn_registry(struct application *application)
{
	const struct cw_registry *registry = application->report->registry;
	char date[TEXT_LEN], age[TEXT_LEN];
	long days;

	if (!registry)
		return;
	days = cw_registry_age_days(registry, time(NULL));
	if (days > STALE_DAYS)
		warn(application, cw_asprintf("the registry in %s is of %s, %s old, and what was assigned since then is not matched: run \"camwall registry update\", or name a newer folder with \"registry =\"",
					      registry->dir, date_text(registry->edition, date),
					      age_text(days, age)));
}

static int compare_and_commit(struct application *application, struct cw_error *err)
{
	bool dateless = application->report && application->report->dateless;
	struct cw_client *client = cw_client_open(NULL, err);
	int ret;

	if (!client)
		return -1;
	ret = cw_apply(client, application->policy, dateless, application->check,
		       &application->done, err);
	application->compared = !ret;
	cw_client_close(client);
	return ret;
}

static void print_registry(const struct cw_registry *registry)
{
	char date[TEXT_LEN], age[TEXT_LEN];

	printf("registry %s: edition of %s, %s old\n", registry->dir,
	       date_text(registry->edition, date),
	       age_text(cw_registry_age_days(registry, time(NULL)), age));
}

static void print_summary(const struct application *application)
{
	const struct cw_policy *policy = application->policy;

	printf("%zu group%s, %zu prefix%s", policy->n_groups, policy->n_groups == 1 ? "" : "s",
	       policy->n_prefixes, policy->n_prefixes == 1 ? "" : "es");
	if (application->compared)
		printf(", generation %u%s", application->done.generation,
		       application->check ? " in force" : "");
	putchar('\n');
}

static void print_text(const struct application *application)
{
	size_t i;

	if (application->check && !application->compared)
		printf("the configuration is right; not compared with the kernel: %s\n",
		       application->not_compared.message);
	else if (application->check && application->done.n_changes)
		puts("the configuration is right; it would change:");
	else if (!application->done.n_changes)
		printf("nothing %s\n", application->check ? "would change" : "changed");
	for (i = 0; i < application->done.n_changes; i++)
		printf("%s%s\n", application->check ? "  " : "", application->done.changes[i].text);
	print_summary(application);
	if (application->report && application->report->registry)
		print_registry(application->report->registry);
}

static void print_json(const struct application *application)
{
	const struct cw_config_report *report = application->report;
	json_t *changes = json_array(), *warnings = json_array();
	size_t i;

	for (i = 0; i < application->done.n_changes; i++)
		json_array_append_new(changes, json_text(application->done.changes[i].text));
	for (i = 0; report && i < report->n_warnings; i++)
		json_array_append_new(warnings, json_text(report->warnings[i]));
	json_end(application->tool,
		 json_pack("{s:b, s:b, s:o, s:I, s:I, s:o, s:o, s:o}",
			   "checked_only", application->check,
			   "compared", application->compared,
			   "changes", changes,
			   "group_count", (json_int_t)application->policy->n_groups,
			   "prefix_count", (json_int_t)application->policy->n_prefixes,
			   "generation", application->compared ?
			   json_integer(application->done.generation) : json_null(),
			   "registry", json_registry(report ? report->registry : NULL),
			   "warnings", warnings));
}

void tool_settle(const struct tool *tool)
{
	struct cw_error err = { 0 };

	if (cw_boot_state_settle(&err) < 0)
		tool_warn(tool, "%s", err.message);
	cw_error_clear(&err);
}

static int carry_out(struct application *application, struct cw_error *err)
{
	int ret;

	ret = compare_and_commit(application, application->check ? &application->not_compared : err);
	if (ret && !application->check) {
		cw_application_clear(&application->done);
		return -1;
	}
	if (!application->check)
		tool_settle(application->tool);
	if (application->tool->json)
		print_json(application);
	else if (!application->tool->quiet)
		print_text(application);
	cw_application_clear(&application->done);
	cw_error_clear(&application->not_compared);
	return 0;
}

int tool_put_in_force(const struct tool *tool, struct cw_policy *policy,
		      struct cw_config_report *report, struct cw_error *err)
{
	struct application application = { .tool = tool, .policy = policy, .report = report };

	warn_registry(&application);
	return carry_out(&application, err);
}

void tool_keep(const struct tool *tool, const struct cw_policy *policy,
	       const struct cw_config_report *report)
{
	struct cw_error err = { 0 };

	if (cw_last_good_keep(CW_LAST_GOOD_FILE, policy, report->registry, &err) == 0 &&
	    cw_boot_failure_remember(TOOL_CONFIG_FILE, CW_BOOT_FAILURE_FILE, &err) == 0)
		return;
	tool_warn(tool, "the policy is in force, but not kept for a boot at which the configuration is broken: %s",
		  err.message);
	cw_error_clear(&err);
}

static enum tool_status enter_netns(const struct tool *tool)
{
	struct cw_error err = { 0 };

	if (tool->netns && cw_netns_enter(tool->netns, &err) < 0)
		return tool_error(&err);
	return TOOL_DONE;
}

enum tool_status tool_apply(const struct tool *tool, const char *file, const char *registry,
			    bool check)
{
	struct cw_config_report report = { 0 };
	struct application application = { .tool = tool, .check = check, .report = &report };
	enum tool_status status = TOOL_FAILED;
	struct cw_error err = { 0 };

	application.policy = tool_config(tool, file, registry, &report);
	if (application.policy && enter_netns(tool) == TOOL_DONE) {
		warn_registry(&application);
		warn_interfaces(&application);
		status = carry_out(&application, &err) < 0 ? tool_error(&err) : TOOL_DONE;
		if (status == TOOL_DONE && !check)
			nft_refresh_defines(tool, application.policy);
	}
	if (status == TOOL_DONE && !check && !tool->netns && strcmp(file, TOOL_CONFIG_FILE) == 0)
		tool_keep(tool, application.policy, &report);
	cw_policy_free(application.policy);
	cw_config_report_clear(&report);
	return status;
}

/* Nobody adds an exemption between the reading of the file and the commit. */
static int lock_exemptions(const struct tool *tool, const char *file)
{
	struct cw_error err = { 0 };
	int lock = -1;

	if (!check_only && strcmp(file, "-") != 0)
		lock = cw_exempt_file_lock(file, LOCK_SH, &err);
	if (lock < 0 && err.message && errno == EWOULDBLOCK)
		tool_warn(tool, "%s; an exemption that is added right now may be left out", err.message);
	cw_error_clear(&err);
	return lock;
}

static enum tool_status apply_run(const struct tool *tool, int argc, char **argv)
{
	const char *file = argc ? argv[0] : TOOL_CONFIG_FILE;
	enum tool_status status;
	int lock;

	if (argc > 1)
		return tool_usage(&apply_command, "one file at most, not also %s", argv[1]);
	lock = lock_exemptions(tool, file);
	status = tool_apply(tool, file, registry_dir, check_only);
	if (lock >= 0)
		close(lock);
	return status;
}

static enum tool_status flush_run(const struct tool *tool, int argc, char **argv)
{
	struct application application = { .tool = tool };
	struct cw_error err = { 0 };
	enum tool_status status;

	if (argc)
		return tool_usage(&flush_command, "no argument is taken, not %s", argv[0]);
	if (enter_netns(tool) != TOOL_DONE)
		return TOOL_FAILED;
	application.policy = cw_policy_new();
	status = carry_out(&application, &err) < 0 ? tool_error(&err) : TOOL_DONE;
	cw_policy_free(application.policy);
	return status;
}

static const struct tool_option apply_options[] = {
	{ 'c', "check", NULL, "check only: change nothing", &check_only, NULL },
	{ 0, "registry", "DIR", "read the IEEE registry from DIR", NULL, &registry_dir },
	{ 0 },
};

const struct tool_command apply_command = {
	.name = "apply",
	.arguments = "[-c] [FILE|-]",
	.summary = "make the kernel hold what a configuration says",
	.help = "Read FILE (" TOOL_CONFIG_FILE " where none is given, standard\n"
		"input for -), make the kernel hold exactly what it says, in one step, and\n"
		"print what changed. Where anything is wrong, nothing changes. The file\n"
		"exemptions.conf beside FILE (camwall exempt) is read with it.\n\n"
		"What " TOOL_CONFIG_FILE " has put in force is kept as the last\n"
		"good policy, for a boot at which that file is broken (camwall boot).\n\n"
		"With -c nothing is written: the configuration is checked, and, where the\n"
		"module is there, what it would change is printed.\n",
	.options = apply_options,
	.run = apply_run,
};

const struct tool_command flush_command = {
	.name = "flush",
	.arguments = "",
	.summary = "make the kernel hold nothing: all traffic passes untouched",
	.help = "Take all groups, prefixes and interfaces out of the kernel, in one step, and\n"
		"print what was there. The module stays loaded, and no packet is touched. What\n"
		"camwall boot has closed is open again.\n",
	.run = flush_run,
};
