// SPDX-License-Identifier: GPL-2.0-or-later
/* camwall monitor: what happens to devices and to the policy, as it happens. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "event_text.h"
#include "events.h"
#include "json.h"
#include "names.h"
#include "output.h"
#include "timestamp.h"
#include "watch.h"

static const char *count_argument;
static struct names names;

/** struct monitor - @left: events until the end; @endless: there is none */
struct monitor {
	const struct tool *tool;
	struct cw_events *events;
	uint64_t left;
	bool endless;
};

/* What is no event of the module's: "lost", "module-unloaded" or "module-loaded". */
static void print_notice(const struct tool *tool, const char *name, const char *text, uint64_t lost)
{
	char now[CW_TIMESTAMP_STRLEN + 1];
	json_t *json;

	cw_timestamp_format(time(NULL), now);
	if (!tool->json) {
		printf("%s %s", now, name);
		if (lost)
			printf(" %" PRIu64, lost);
		printf(" %s\n", text);
		return;
	}
	json = json_pack("{s:s, s:n, s:s, s:I}", "event", name, "seq", "time", now,
			 "lost", (json_int_t)lost);
	json_end(tool, json);
}

static void print_event(const struct tool *tool, const struct cw_event *event)
{
	char *text;

	if (tool->json) {
		json_end(tool, cw_json_event(event, names.identities));
		return;
	}
	if (event->lost)
		print_notice(tool, "lost", "events before the next one", event->lost);
	text = cw_event_text(event, names.identities);
	puts(text);
	free(text);
}

/* Return: 0 to go on, 1 at the end, -1 where an error was printed. */
static int drain(struct monitor *monitor)
{
	for (;;) {
		struct cw_error err = { 0 };
		enum cw_events_result result;
		struct cw_event event;

		result = cw_events_next(monitor->events, &event, &err);
		switch (result) {
		case CW_EVENTS_EVENT:
			print_event(monitor->tool, &event);
			break;
		case CW_EVENTS_LOST:
			print_notice(monitor->tool, "lost", "events", event.lost);
			break;
		case CW_EVENTS_UNLOADED:
			print_notice(monitor->tool, "module-unloaded", "waiting for it to be loaded again", 0);
			break;
		case CW_EVENTS_LOADED:
			print_notice(monitor->tool, "module-loaded", "with an empty inventory and no policy", 0);
			break;
		case CW_EVENTS_NONE:
		case CW_EVENTS_FAILED:
			break;
		}
		cw_event_clear(&event);
		if (result == CW_EVENTS_NONE)
			return 0;
		if (result == CW_EVENTS_FAILED) {
			tool_error(&err);
			return -1;
		}
		if (watch_flush() < 0)
			return 1;
		if (result == CW_EVENTS_EVENT && !monitor->endless && !--monitor->left)
			return 1;
	}
}

static enum tool_status follow(struct monitor *monitor)
{
	enum wake wake;
	int ret = 0;

	do {
		wake = watch_wait(cw_events_fd(monitor->events), -1);
		if (wake == WAKE_INPUT)
			ret = drain(monitor);
	} while (wake == WAKE_INPUT && !ret);
	return wake == WAKE_FAILED || ret < 0 ? TOOL_FAILED : TOOL_DONE;
}

static enum tool_status read_count(struct monitor *monitor)
{
	char *end;

	monitor->endless = !count_argument;
	if (monitor->endless)
		return TOOL_DONE;
	monitor->left = strtoull(count_argument, &end, 10);
	if (!monitor->left || *end || *count_argument == '-')
		return tool_usage(&monitor_command, "--count takes a number of events, from 1 on, not %s",
				  count_argument);
	return TOOL_DONE;
}

static enum tool_status monitor_run(const struct tool *tool, int argc, char **argv)
{
	struct monitor monitor = { .tool = tool };
	enum tool_status status;
	struct cw_error err = { 0 };

	if (argc)
		return tool_usage(&monitor_command, "no argument is taken, not %s", argv[0]);
	status = read_count(&monitor);
	if (status != TOOL_DONE)
		return status;
	if (watch_begin() < 0)
		return TOOL_FAILED;
	monitor.events = cw_events_open(tool->netns, &err);
	if (!monitor.events)
		return tool_error(&err);
	names_load(&names, tool);
	status = follow(&monitor);
	names_clear(&names);
	cw_events_close(monitor.events);
	return status;
}

static const struct tool_option monitor_options[] = {
	{ 0, "count", "N", "end after N events", NULL, &count_argument },
	{ 'f', "file", "FILE", "the configuration that names the registry", NULL, &names.config },
	{ 0, "registry", "DIR", "read the IEEE registry from DIR", NULL, &names.registry_dir },
	{ 0 },
};

const struct tool_command monitor_command = {
	.name = "monitor",
	.arguments = "[--count N]",
	.summary = "show what happens, as it happens",
	.help = "Print a line for each event until it is interrupted: a device that is new, has\n"
		"moved, is gone, is back, or had a frame dropped (at most one such line a second\n"
		"for each device, which says how many there were), an exemption that has ended, a\n"
		"policy that was applied, an inventory that was emptied or has no room. With -j\n"
		"each is a JSON object on a line of its own.\n\n"
		"Where this program, or who reads what it prints, is too slow, events are lost,\n"
		"never packets, and how many is told. It goes on while the module is unloaded and\n"
		"loaded again.\n",
	.options = monitor_options,
	.run = monitor_run,
};
