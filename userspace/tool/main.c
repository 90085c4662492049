// SPDX-License-Identifier: GPL-2.0-or-later
/* camwall, the control tool: global options, and the way to a subcommand. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "tool.h"

bool tool_reader_gone;

static struct tool tool;

const struct tool_option tool_global_options[] = {
	{ 'j', "json", NULL, "print JSON", &tool.json, NULL },
	{ 'p', "pretty", NULL, "print JSON with line breaks", &tool.pretty, NULL },
	{ 0, "netns", "NAME", "work in the network namespace NAME", NULL, &tool.netns },
	{ 'q', "quiet", NULL, "print neither changes nor warnings", &tool.quiet, NULL },
	{ 'V', "version", NULL, "print the version of the tool", &tool.version, NULL },
	{ 'h', "help", NULL, "print this help", &tool.help, NULL },
	{ 0 },
};

const struct tool_command *const tool_commands[] = {
	&apply_command, &show_command, &save_command, &flush_command, &status_command,
	&stats_command, &devices_command, &monitor_command, &metrics_command, &exempt_command, &lookup_command, &vendors_command, &registry_command,
	&report_command, &nft_command, &boot_command, &completion_command, NULL
};

#define N_COMMANDS (sizeof(tool_commands) / sizeof(tool_commands[0]) - 1)

static enum tool_status help(void)
{
	size_t i;

	puts("Usage: camwall [OPTIONS] COMMAND [ARGUMENTS]\n\n"
	     "Make the kernel know, tag and, where told so, drop what cameras of\n"
	     "restricted vendors send.\n\n"
	     "Commands (each has a --help of its own):");
	for (i = 0; i < N_COMMANDS; i++)
		printf("  %-10s %s\n", tool_commands[i]->name, tool_commands[i]->summary);
	puts("\nOptions, before or after the command:");
	tool_options_print(tool_global_options);
	puts("\nExit status: 0 done, 1 refused or failed, 2 usage.");
	return TOOL_DONE;
}

static enum tool_status command_help(const struct tool_command *command)
{
	printf("Usage: camwall %s%s%s\n\n%s", command->name, *command->arguments ? " " : "",
	       command->arguments, command->help);
	if (command->options) {
		puts("\nOptions:");
		tool_options_print(command->options);
	}
	puts("\nGlobal options:");
	tool_options_print(tool_global_options);
	return TOOL_DONE;
}

static enum tool_status version(void)
{
	puts("camwall " CAMWALL_VERSION);
	return TOOL_DONE;
}

static enum tool_status unknown_command(const char *name)
{
	const char *names[N_COMMANDS + 1] = { 0 };
	char buf[80];
	size_t i;

	for (i = 0; i < N_COMMANDS; i++)
		names[i] = tool_commands[i]->name;
	fprintf(stderr, "camwall: unknown command %s%s\nTry \"camwall --help\".\n", name,
		tool_suggestion(name, names, buf, sizeof(buf)));
	return TOOL_USAGE;
}

static const struct tool_command *find_command(const char *name)
{
	size_t i;

	for (i = 0; i < N_COMMANDS; i++)
		if (strcmp(tool_commands[i]->name, name) == 0)
			return tool_commands[i];
	return NULL;
}

static enum tool_status run_command(const struct tool_command *command, int argc, char **argv)
{
	const struct tool_option *tables[] = { tool_global_options, command->options, NULL };
	char before[32];
	int first;

	snprintf(before, sizeof(before), "camwall %s", command->name);
	first = tool_options_parse(tables, before, argc, argv, false);
	if (first < 0)
		return TOOL_USAGE;
	if (tool.help)
		return command_help(command);
	if (tool.version)
		return version();
	tool.json |= tool.pretty;
	return command->run(&tool, argc - first, argv + first);
}

static enum tool_status run(int argc, char **argv)
{
	const struct tool_option *const tables[] = { tool_global_options, NULL };
	const struct tool_command *command;
	int first;

	first = tool_options_parse(tables, "camwall", argc, argv, true);
	if (first < 0)
		return TOOL_USAGE;
	if (tool.help)
		return help();
	if (tool.version)
		return version();
	if (first == argc) {
		fputs("camwall: which command?\nTry \"camwall --help\".\n", stderr);
		return TOOL_USAGE;
	}
	command = find_command(argv[first]);
	if (!command)
		return unknown_command(argv[first]);
	return run_command(command, argc - first, argv + first);
}

int main(int argc, char **argv)
{
	enum tool_status status = run(argc, argv);

	/* What did not reach its reader was not done. */
	if (tool_reader_gone)
		_exit(status);
	if (fflush(stdout) || ferror(stdout)) {
		perror("camwall: standard output");
		return TOOL_FAILED;
	}
	return status;
}
