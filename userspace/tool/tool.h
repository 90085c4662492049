/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the subcommands of camwall share: options, messages, exit statuses. */
#ifndef CW_TOOL_H
#define CW_TOOL_H

#include <stdbool.h>
#include <stddef.h>
#include <time.h>

#include "client.h"
#include "config.h"
#include "error.h"
#include "registry.h"

#define TOOL_REPEATS		CAMWALL_MAX_GROUPS	/* of one option */
#define TOOL_CONFIG_FILE	CAMWALL_SYSCONFDIR "/camwall/camwall.conf"

/** enum tool_status - exit status of the program */
enum tool_status {
	TOOL_DONE,
	TOOL_FAILED,
	TOOL_USAGE,
};

/**
 * struct tool - what the global options say
 * @json: print JSON
 * @pretty: with line breaks
 * @quiet: nothing but errors, and what a reading command was asked for
 * @netns: network namespace to work in; NULL for the caller's own
 */
struct tool {
	bool json, pretty, quiet, help, version;
	const char *netns;
};

/**
 * struct tool_option - an option; a table of them ends with one that is all zero
 * @letter: 'x' for -x; 0 where there is none
 * @name: "xyz" for --xyz
 * @argument: what its argument is called; NULL where it takes none; "[NAME]" where it may be
 *	      left out, and "NAME..." where the option may repeat
 * @help: one line
 * @flag: set to true, where it takes no argument
 * @value: set to the argument, "" where that was left out; of an option that may repeat, an
 *	   array of TOOL_REPEATS + 1 of them, filled from its beginning
 */
struct tool_option {
	char letter;
	const char *name, *argument, *help;
	bool *flag;
	const char **value;
};

/**
 * struct tool_command - a subcommand
 * @arguments: as shown behind its name; subcommands stand first in alternatives that are split
 *	       by '|', in small letters, and what stands for something in capitals: completions
 *	       are made from it
 * @summary: one line
 * @help: paragraphs for its own --help, each line ended by '\n'
 * @options: its own ones; NULL for none
 * @run: does it; @argv holds the arguments without name and options
 */
struct tool_command {
	const char *name, *arguments, *summary, *help;
	const struct tool_option *options;
	enum tool_status (*run)(const struct tool *tool, int argc, char **argv);
};

extern const struct tool_command apply_command, flush_command, show_command, save_command,
	status_command, stats_command, devices_command, monitor_command, metrics_command,
	exempt_command, lookup_command, vendors_command, registry_command, report_command,
	nft_command, boot_command, completion_command;

/* All of them, ended by NULL, and the options that they share: for completions. */
extern const struct tool_command *const tool_commands[];
extern const struct tool_option tool_global_options[];

/* What camwall report --format takes, ended by NULL. */
extern const char *const report_formats[];

/* Nobody reads standard output any more, and that is no failure of a command that never ends by itself. */
extern bool tool_reader_gone;

/**
 * tool_options_parse() - read the options of a command line
 * @tables: tables of options, ended by NULL
 * @before: who speaks in a message, e.g. "camwall apply"
 * @argv: [0] is not read; options are moved before arguments
 * @stop: at the first argument
 *
 * Return: index of the first argument, or -1 where an error was printed.
 */
int tool_options_parse(const struct tool_option *const *tables, const char *before,
		       int argc, char **argv, bool stop);

/** tool_options_print() - the lines of a --help */
void tool_options_print(const struct tool_option *table);

/** tool_error() - print an error and clear it; Return: TOOL_FAILED */
enum tool_status tool_error(struct cw_error *err);

/** tool_usage() - print what is wrong with a command line; Return: TOOL_USAGE */
__attribute__((format(printf, 2, 3)))
enum tool_status tool_usage(const struct tool_command *command, const char *fmt, ...);

/** tool_warn() - print a warning, save with --quiet */
__attribute__((format(printf, 2, 3)))
void tool_warn(const struct tool *tool, const char *fmt, ...);

/** tool_client() - connect to the module; where that fails, print why and return NULL */
struct cw_client *tool_client(const struct tool *tool);

/** tool_read() - connect, and read all that is in force; where that fails, print why and return NULL */
struct cw_policy *tool_read(const struct tool *tool);

/**
 * tool_config() - read a configuration, "-" for standard input, and print its warnings
 *
 * With a file the exemptions beside it are read; with standard input there are none.
 *
 * @report: for cw_config_report_clear(), also where NULL is returned
 *
 * Return: the policy, for cw_policy_free(), or NULL where an error was printed.
 */
struct cw_policy *tool_config(const struct tool *tool, const char *file,
			      const char *registry_dir, struct cw_config_report *report);

/** tool_config_read() - the same, but an error is the caller's, in @err */
struct cw_policy *tool_config_read(const struct tool *tool, const char *file,
				   const char *registry_dir, struct cw_config_report *report,
				   struct cw_error *err);

/**
 * tool_put_in_force() - make the kernel hold a policy, and print what changed
 * @report: of its configuration
 *
 * Return: 0; -1 with @err set, and then the kernel is as it was.
 */
int tool_put_in_force(const struct tool *tool, struct cw_policy *policy,
		      struct cw_config_report *report, struct cw_error *err);

/**
 * tool_settle() - open what "camwall boot" has closed, and forget what it noted; warns where that fails
 */
void tool_settle(const struct tool *tool);

/**
 * tool_keep() - keep the policy of TOOL_CONFIG_FILE, which is in force, as the last good one; warns
 *	where that fails
 */
void tool_keep(const struct tool *tool, const struct cw_policy *policy,
	       const struct cw_config_report *report);

/**
 * tool_apply() - make the kernel hold what a configuration says, and print what changed
 * @file: "-" for standard input
 * @check: only say what would change
 */
enum tool_status tool_apply(const struct tool *tool, const char *file, const char *registry_dir,
			    bool check);

/** tool_suggestion() - " (did you mean ...?)", or ""; @buf is for the text */
const char *tool_suggestion(const char *word, const char *const *known, char *buf, size_t size);

#endif
