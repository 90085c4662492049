// SPDX-License-Identifier: GPL-2.0-or-later
/* The completion for fish: a line for each command and option, with the descriptions of the table. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "completion.h"

static void print_quoted(const char *text)
{
	putchar('\'');
	for (; *text; text++)
		printf("%s%c", strchr("'\\", *text) ? "\\" : "", *text);
	putchar('\'');
}

static void print_values(struct values values)
{
	size_t i;

	switch (values.kind) {
	case VALUE_FILE:
		fputs(" -F", stdout);
		break;
	case VALUE_DIR:
		fputs(" -f -a '(__fish_complete_directories)'", stdout);
		break;
	case VALUE_LIST:
		printf(" -f -a '(camwall completion values %s 2>/dev/null)'", values.list);
		break;
	case VALUE_WORDS:
		fputs(" -f -a '", stdout);
		for (i = 0; values.words[i]; i++)
			printf("%s%s", i ? " " : "", values.words[i]);
		putchar('\'');
		break;
	case VALUE_ANY:
		fputs(" -f", stdout);
		break;
	}
}

/* @command: NULL for the options that all have. */
static void print_options(const char *command, const struct tool_option *option)
{
	for (; option && option->name; option++) {
		fputs("complete -c camwall", stdout);
		if (command)
			printf(" -n '__camwall_is %s'", command);
		if (option->letter)
			printf(" -s %c", option->letter);
		printf(" -l %s", option->name);
		/* One whose argument can be left out: fish knows only --NAME=... of it. */
		if (option->argument && *option->argument != '[') {
			fputs(" -r", stdout);
			print_values(option_values(option));
		}
		fputs(" -d ", stdout);
		print_quoted(option->help);
		putchar('\n');
	}
}

static void print_command(const struct tool_command *command)
{
	struct values values = argument_values(command);
	char *words = command_words(command);

	printf("complete -c camwall -n 'not __camwall_word 1 >/dev/null' -a %s -d ", command->name);
	print_quoted(command->summary);
	putchar('\n');
	if (*words)
		printf("complete -c camwall -n '__camwall_is %s; and not __camwall_word 2 >/dev/null' -a '%s'\n",
		       command->name, words);
	if (values.kind != VALUE_ANY) {
		printf("complete -c camwall -n '__camwall_is %s%s'", command->name,
		       *words ? "; and __camwall_word 2 >/dev/null" : "");
		print_values(values);
		putchar('\n');
	}
	print_options(command->name, command->options);
	free(words);
}

static void print_taking(const struct tool_option *option)
{
	for (; option && option->name; option++) {
		if (!option->argument || *option->argument == '[')
			continue;
		if (option->letter)
			printf(" -%c", option->letter);
		printf(" --%s", option->name);
	}
}

void completion_fish(void)
{
	const struct tool_command *const *command;

	puts("# SPDX-License-Identifier: GPL-2.0-or-later\n"
	     "# fish completion for camwall, made by \"camwall completion fish\".\n\n"
	     "# The word number $argv[1] of the command line that is no option and no option's.\n"
	     "function __camwall_word\n"
	     "    set -l words (commandline -opc)\n"
	     "    set -l n 0\n"
	     "    set -l skip 0\n"
	     "    for word in $words[2..-1]\n"
	     "        if test $skip = 1\n"
	     "            set skip 0\n"
	     "            continue\n"
	     "        end\n"
	     "        switch $word");
	fputs("            case", stdout);
	print_taking(tool_global_options);
	for (command = tool_commands; *command; command++)
		print_taking((*command)->options);
	puts("\n                set skip 1\n"
	     "            case '-*'\n"
	     "            case '*'\n"
	     "                set n (math $n + 1)\n"
	     "                if test $n = $argv[1]\n"
	     "                    echo $word\n"
	     "                    return 0\n"
	     "                end\n"
	     "        end\n"
	     "    end\n"
	     "    return 1\n"
	     "end\n\n"
	     "function __camwall_is\n"
	     "    test \"$(__camwall_word 1)\" = $argv[1]\n"
	     "end\n\n"
	     "complete -c camwall -f");
	print_options(NULL, tool_global_options);
	for (command = tool_commands; *command; command++)
		print_command(*command);
}
