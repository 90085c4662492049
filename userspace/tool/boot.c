// SPDX-License-Identifier: GPL-2.0-or-later
/* camwall boot: a policy in force before the network is up, whatever has become of the configuration. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <syslog.h>
#include <unistd.h>

#include "alloc.h"
#include "boot_failure.h"
#include "boot_state.h"
#include "closed.h"
#include "exempt_file.h"
#include "last_good.h"
#include "output.h"

#define REPAIR	"repair it, \"camwall apply -c\" says what is wrong, and then \"systemctl restart camwall\""

/* The journal takes the level from the line's beginning (sd-daemon(3)). */
__attribute__((format(printf, 2, 3)))
static void say(int level, const char *fmt, ...)
{
	va_list args;

	fflush(stdout);
	if (getenv("JOURNAL_STREAM"))
		fprintf(stderr, "<%d>", level);
	fputs("camwall: ", stderr);
	va_start(args, fmt);
	vfprintf(stderr, fmt, args);
	va_end(args);
	fputc('\n', stderr);
}

/* Not as it should be: said, and noted for "camwall status". */
static enum tool_status note(enum cw_boot_outcome outcome, uint32_t generation, const char *reason)
{
	struct cw_boot_state state = {
		.outcome = outcome, .generation = generation, .reason = (char *)reason,
	};
	struct cw_error err = { 0 };

	if (cw_boot_state_write(&state, &err) < 0) {
		say(LOG_WARNING, "%s", err.message);
		cw_error_clear(&err);
	}
	return TOOL_FAILED;
}

/* What has become less without anybody's wish is no policy to boot with. */
static int check_registry(const struct cw_policy *policy, const struct cw_config_report *report,
			  struct cw_error *err)
{
	if (!report->registry_missing || !cw_last_good_has_more(CW_LAST_GOOD_FILE, policy))
		return 0;
	return cw_error_set(err, "%s: no IEEE registry in " CW_REGISTRY_DEFAULT_DIRS ", and the last good policy was made with one and has prefixes that are missing here: " CW_REGISTRY_REMEDY "; \"camwall apply\" does without",
			    TOOL_CONFIG_FILE);
}

static int put_configuration(const struct tool *tool, struct cw_error *err)
{
	struct cw_config_report report;
	struct cw_policy *policy;
	int ret = -1;

	policy = tool_config_read(tool, TOOL_CONFIG_FILE, NULL, &report, err);
	if (policy && check_registry(policy, &report, err) == 0)
		ret = tool_put_in_force(tool, policy, &report, err);
	if (!ret)
		tool_keep(tool, policy, &report);
	cw_policy_free(policy);
	cw_config_report_clear(&report);
	return ret;
}

static int put_last_good(const struct tool *tool, struct cw_error *err)
{
	struct cw_config_report report;
	struct cw_policy *policy;
	int ret = -1;

	policy = cw_last_good_load(CW_LAST_GOOD_FILE, &report, err);
	if (policy)
		ret = tool_put_in_force(tool, policy, &report, err);
	cw_policy_free(policy);
	cw_config_report_clear(&report);
	return ret;
}

/* What is in force now; all zero where nothing is, or nobody can tell. */
static struct cw_status in_force(void)
{
	struct cw_client *client = cw_client_open(NULL, NULL);
	struct cw_status status = { 0 };

	if (client && cw_client_status(client, &status, NULL) < 0)
		memset(&status, 0, sizeof(status));
	if (client)
		cw_client_close(client);
	return status;
}

static void say_clock(void)
{
	struct cw_status status = in_force();

	if (status.clock_behind && status.exemption_count)
		say(LOG_WARNING, "the clock is %u s behind the policy: no exemption is in force until it is set (NTP)",
		    status.clock_behind);
}

/* Nothing was ever configured on this machine, which is no failure. */
static bool is_new(void)
{
	enum cw_boot_failure choice;
	bool remembers;
	char *where;

	where = cw_boot_failure_find(TOOL_CONFIG_FILE, CW_BOOT_FAILURE_FILE, &choice, &remembers);
	free(where);
	return !remembers && access(TOOL_CONFIG_FILE, F_OK) < 0 && access(CW_LAST_GOOD_FILE, F_OK) < 0;
}

/* Noted before it is done: what nobody knows to be closed, nobody would open again. */
static enum cw_boot_outcome close_gateway(const char *reason)
{
	struct cw_error err = { 0 };
	int ret;

	note(CW_BOOT_CLOSED, 0, reason);
	ret = cw_closed_set(&err);
	if (!ret)
		return CW_BOOT_CLOSED;
	say(LOG_CRIT, "the gateway %s: %s", ret > 0 ? "is closed only in part" : "cannot be closed",
	    err.message);
	cw_error_clear(&err);
	return ret > 0 ? CW_BOOT_PARTLY_CLOSED : CW_BOOT_OPEN;
}

static const char *what_passes(enum cw_boot_outcome outcome)
{
	switch (outcome) {
	case CW_BOOT_CLOSED:
		return "nothing is forwarded";
	case CW_BOOT_PARTLY_CLOSED:
		return "a part of the traffic passes";
	default:
		return "everything passes";
	}
}

/* No policy can be put in force: what happens then is the administrator's choice. */
static enum tool_status fail(const struct tool *tool, const char *reason)
{
	enum cw_boot_failure choice;
	enum cw_boot_outcome outcome = CW_BOOT_OPEN;
	char *where;

	where = cw_boot_failure_find(TOOL_CONFIG_FILE, CW_BOOT_FAILURE_FILE, &choice, NULL);
	if (choice == CW_BOOT_FAILURE_OPEN)
		tool_settle(tool);
	else
		outcome = close_gateway(reason);
	say(LOG_ERR, "no policy is in force, and %s (" CW_BOOT_FAILURE_KEY " = %s: %s): " REPAIR,
	    what_passes(outcome), cw_boot_failure_name(choice), where);
	free(where);
	return note(outcome, 0, reason);
}

/* The configuration is not in force, and @reason says why. */
static enum tool_status fall_back(const struct tool *tool, const char *reason)
{
	struct cw_status status = in_force();
	struct cw_error err = { 0 };
	enum tool_status ret;

	say(LOG_ERR, "the configuration cannot be put in force: %s", reason);
	if (status.group_count) {
		say(LOG_ERR, "what was in force stays so, generation %u: " REPAIR, status.generation);
		/* Whoever has put it there since may not have opened what was closed before. */
		tool_settle(tool);
		return note(CW_BOOT_KEPT, status.generation, reason);
	}
	if (put_last_good(tool, &err) == 0) {
		say(LOG_ERR, "the last good policy (" CW_LAST_GOOD_FILE ") is in force instead: " REPAIR);
		say_clock();
		return note(CW_BOOT_LAST_GOOD, in_force().generation, reason);
	}
	say(LOG_ERR, "nor can the last good policy: %s", err.message);
	ret = fail(tool, reason);
	cw_error_clear(&err);
	return ret;
}

static enum tool_status boot(const struct tool *tool)
{
	struct cw_error err = { 0 };
	enum tool_status status;

	if (is_new()) {
		say(LOG_NOTICE, "nothing is configured, and everything passes: write " TOOL_CONFIG_FILE
		    " (" CAMWALL_DATADIR "/camwall.conf.example is a beginning), and \"systemctl restart camwall\"");
		return TOOL_DONE;
	}
	if (put_configuration(tool, &err) == 0) {
		say_clock();
		return TOOL_DONE;
	}
	status = fall_back(tool, err.message);
	cw_error_clear(&err);
	return status;
}

static enum tool_status boot_run(const struct tool *tool, int argc, char **argv)
{
	enum tool_status status;
	int lock;

	if (argc)
		return tool_usage(&boot_command, "no argument is taken, not %s", argv[0]);
	if (tool->netns)
		return tool_usage(&boot_command, "it is for the machine, not for a network namespace: \"camwall --netns %s apply\"",
				  tool->netns);
	lock = cw_exempt_file_lock(TOOL_CONFIG_FILE, LOCK_SH, NULL);
	status = boot(tool);
	if (lock >= 0)
		close(lock);
	return status;
}

const struct tool_command boot_command = {
	.name = "boot",
	.arguments = "",
	.summary = "put a policy in force when the machine starts",
	.help = "What camwall.service runs before the network is up. As \"camwall apply\", but where\n"
		TOOL_CONFIG_FILE " cannot be put in force, a policy that is in\n"
		"force stays so, and where there is none the last good one is put in force, which\n"
		"each \"camwall apply\" of that file keeps in " CW_STATE_DIR ".\n"
		"Where that cannot be either, or the module is missing, \"boot-failure\" of the\n"
		"configuration says whether everything passes (open) or nothing is forwarded\n"
		"(closed), until \"camwall apply\" or this succeeds.\n\n"
		"The exit status is 0 only where the configuration is in force, or there never was\n"
		"one. \"camwall status\" says what is in force instead, and why.\n",
	.run = boot_run,
};
