// SPDX-License-Identifier: GPL-2.0-or-later
/* camwall exempt add, del: the exemption of a device, in the file and in force in one step. */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "exempt.h"
#include "exempt_file.h"
#include "suggest.h"
#include "timestamp.h"

/**
 * struct change - an exemption that is added or ended
 * @exemption: what is to be added; of one that is ended only the address
 * @config: the configuration, @file: the exemptions beside it
 * @report: of the configuration as it was before
 * @duration: until when from now on; 0 where a date was given
 * @now: seconds since 1970, when nobody else can change the file any more
 */
struct change {
	const struct tool *tool;
	struct cw_policy_exemption exemption;
	const char *config;
	struct cw_exempt_file file;
	struct cw_config_report report;
	uint64_t duration, now;
};

static const char *config_file, *registry_dir, *until, *reason, *approved_by;
static bool no_apply;

/* A date, or from now on. */
static int parse_until(struct change *change, struct cw_error *err)
{
	if (strchr(until, '-'))
		return cw_timestamp_parse(until, &change->exemption.until, err);
	return cw_duration_parse(until, &change->duration, err);
}

static int parse_texts(struct change *change, struct cw_error *err)
{
	change->exemption.reason = (char *)reason;
	change->exemption.approved_by = (char *)approved_by;
	return cw_config_text_check("--reason", reason, CAMWALL_REASON_LEN, err) ?:
	       cw_config_text_check("--approved-by", approved_by, CAMWALL_APPROVED_BY_LEN, err);
}

/* As it is now, while nobody else changes it. What it warns of is said when it is applied. */
static int read_config(struct change *change)
{
	struct tool silent = *change->tool;
	struct cw_error err = { 0 };
	struct cw_policy *policy;
	int ret = 0;

	silent.quiet = true;
	policy = tool_config(&silent, change->config, registry_dir, &change->report);

	if (!policy)
		return -1;
	if (policy->written > change->now && change->duration)
		ret = cw_error_set(&err, "the clock is behind the configuration, so that nobody knows when %s from now is: set it, or give --until as a date",
				   until);
	if (ret)
		tool_error(&err);
	cw_policy_free(policy);
	return ret;
}

/*
 * What has not ended for the device ends now, and stays as history. Only the file of
 * exemptions is ours to change.
 *
 * Return: how many; -1 where one stands in the configuration.
 */
static int end_others(struct change *change)
{
	char *beside = cw_exempt_file_path(change->config);
	struct cw_error err = { 0 };
	int ended = 0;
	size_t i;

	for (i = 0; i < change->report.n_exemptions && ended >= 0; i++) {
		const struct cw_config_exemption *other = &change->report.exemptions[i];

		if (other->mac != change->exemption.mac || other->ended)
			continue;
		if (strcmp(other->file, beside) != 0) {
			cw_error_set(&err, "%s:%d: this device's exemption stands in the configuration itself: end it there (until = a time that has passed), and run \"camwall apply\"; nothing was changed",
				     other->file, other->line);
			tool_error(&err);
			ended = -1;
			break;
		}
		cw_exempt_file_end(&change->file, other->until_line, change->now);
		ended++;
	}
	free(beside);
	return ended;
}

static enum tool_status put_back(struct change *change)
{
	struct cw_error err = { 0 };

	if (cw_exempt_file_restore(&change->file, &err) < 0)
		return tool_error(&err);
	cw_error_set(&err, "%s is as it was", change->file.path);
	return tool_error(&err);
}

/* Without --no-apply both are done, file and kernel, or neither. */
static enum tool_status write_and_apply(struct change *change)
{
	struct cw_config_report report = { 0 };
	enum tool_status status = TOOL_DONE;
	struct cw_error err = { 0 };
	struct cw_policy *policy;

	if (cw_exempt_file_write(&change->file, &err) < 0)
		return tool_error(&err);
	if (!no_apply) {
		status = tool_apply(change->tool, change->config, registry_dir, false);
		return status == TOOL_DONE ? status : put_back(change);
	}
	policy = tool_config(change->tool, change->config, registry_dir, &report);
	if (!policy)
		status = put_back(change);
	else if (!change->tool->quiet)
		printf("written to %s; the next \"camwall apply\" puts it in force\n", change->file.path);
	cw_policy_free(policy);
	cw_config_report_clear(&report);
	return status;
}

static void warn_clock(const struct tool *tool)
{
	struct cw_client *client = no_apply ? NULL : cw_client_open(NULL, NULL);
	struct cw_status status;

	if (client && cw_client_status(client, &status, NULL) == 0 && status.clock_behind)
		tool_warn(tool, "the clock is %u s behind the moment the policy was written: no exemption is in force until it is set (NTP)",
			  status.clock_behind);
	cw_client_close(client);
}

static enum tool_status add(struct change *change)
{
	enum tool_status status;

	if (end_others(change) < 0)
		return TOOL_FAILED;
	if (change->duration)
		change->exemption.until = change->now + change->duration;
	cw_exempt_file_add(&change->file, &change->exemption);
	status = write_and_apply(change);
	if (status == TOOL_DONE)
		warn_clock(change->tool);
	return status;
}

static enum tool_status del(struct change *change)
{
	struct cw_error err = { 0 };
	char mac[CW_MAC_STRLEN + 1];
	int ended = end_others(change);

	if (ended < 0)
		return TOOL_FAILED;
	if (!ended) {
		cw_error_set(&err, "%s has no exemption that has not ended: \"camwall exempt list\" shows all",
			     cw_mac_format(change->exemption.mac, mac));
		return tool_error(&err);
	}
	return write_and_apply(change);
}

/* From the first reading to the commit nobody else changes the file. */
static enum tool_status carry_out(struct change *change, enum tool_status (*run)(struct change *))
{
	char *path = cw_exempt_file_path(change->config);
	enum tool_status status = TOOL_FAILED;
	struct cw_error err = { 0 };

	if (cw_exempt_file_open(&change->file, path, &err) < 0) {
		tool_error(&err);
	} else {
		change->now = time(NULL);
		if (read_config(change) == 0)
			status = run(change);
		cw_exempt_file_close(&change->file);
	}
	cw_config_report_clear(&change->report);
	free(path);
	return status;
}

static enum tool_status usage_error(struct cw_error *err)
{
	enum tool_status status = tool_usage(&exempt_command, "%s", err->message);

	cw_error_clear(err);
	return status;
}

static enum tool_status run_add(struct change *change)
{
	struct cw_error err = { 0 };

	if (!until || !reason || !approved_by)
		return tool_usage(&exempt_command, "an exemption needs --until, --reason and --approved-by");
	if (parse_until(change, &err) < 0 || parse_texts(change, &err) < 0)
		return usage_error(&err);
	if (!change->duration && change->exemption.until <= (uint64_t)time(NULL))
		return tool_usage(&exempt_command, "--until %s has passed already", until);
	return carry_out(change, add);
}

static enum tool_status run_del(struct change *change)
{
	if (until || reason || approved_by)
		return tool_usage(&exempt_command, "--until, --reason and --approved-by are for add");
	return carry_out(change, del);
}

static enum tool_status change_run(const struct tool *tool, const char *what, int argc, char **argv)
{
	struct change change = { .tool = tool, .config = config_file, .file.dir = -1 };
	struct cw_error err = { 0 };

	if (argc != 1)
		return tool_usage(&exempt_command, "%s takes one MAC address", what);
	if (strcmp(config_file, "-") == 0)
		return tool_usage(&exempt_command, "standard input is no file that the exemption could be kept beside");
	if (cw_mac_parse(argv[0], &change.exemption.mac, &err) < 0)
		return usage_error(&err);
	return strcmp(what, "add") == 0 ? run_add(&change) : run_del(&change);
}

static enum tool_status exempt_run(const struct tool *tool, int argc, char **argv)
{
	static const char *const known[] = { "add", "del", "list", NULL };
	const char *what = argc ? argv[0] : "list";
	char buf[80];

	if (!config_file)
		config_file = TOOL_CONFIG_FILE;
	if (strcmp(what, "add") == 0 || strcmp(what, "del") == 0)
		return change_run(tool, what, argc - 1, argv + 1);
	if (strcmp(what, "list") != 0)
		return tool_usage(&exempt_command, "there are add, del and list, not %s%s", what,
				  tool_suggestion(what, known, buf, sizeof(buf)));
	if (argc > 1)
		return tool_usage(&exempt_command, "list takes no argument, not %s", argv[1]);
	return exempt_list(tool, config_file, registry_dir);
}

static const struct tool_option exempt_options[] = {
	{ 0, "until", "WHEN", "2027-03-31T00:00:00Z, 2027-03-31, or from now on 8h, 30d", NULL, &until },
	{ 0, "reason", "TEXT", "why", NULL, &reason },
	{ 0, "approved-by", "NAME", "who decided it", NULL, &approved_by },
	{ 'f', "file", "FILE", "the configuration, in place of " TOOL_CONFIG_FILE, NULL, &config_file },
	{ 0, "registry", "DIR", "read the IEEE registry from DIR", NULL, &registry_dir },
	{ 0, "no-apply", NULL, "write the file only, for the next apply", &no_apply, NULL },
	{ 0 },
};

const struct tool_command exempt_command = {
	.name = "exempt",
	.arguments = "[list] | add MAC --until WHEN --reason TEXT --approved-by NAME | del MAC",
	.summary = "exempt a device from what is done with its group, for a time",
	.help = "Exempt a device for a time, end its exemption now, or list all exemptions, those\n"
		"that have ended included.\n\n"
		"What is added or ended is written to " CW_EXEMPT_FILE_NAME ", beside the configuration,\n"
		"and the whole configuration is applied. Where that is refused, or there is no\n"
		"module, the file is put back as it was, and nothing has changed; --no-apply writes\n"
		"the file alone. A device that is exempt already gets the new exemption in the\n"
		"place of the old one, which stays in the file as history.\n",
	.options = exempt_options,
	.run = exempt_run,
};
