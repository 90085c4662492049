// SPDX-License-Identifier: GPL-2.0-or-later
/* The completion for bash: one function that needs nothing but bash itself. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "completion.h"

static void print_options(const struct tool_option *option)
{
	for (; option && option->name; option++) {
		if (option->letter)
			printf(" -%c", option->letter);
		printf(" --%s", option->name);
	}
}

static bool takes_next(const struct tool_option *option)
{
	return option->argument && *option->argument != '[';
}

/* Tables share many options: each stands in the pattern once. */
static bool is_first(const struct tool_option *option)
{
	const struct tool_command *const *command;
	const struct tool_option *other;

	for (command = tool_commands; *command; command++)
		for (other = (*command)->options; other && other->name; other++)
			if (takes_next(other) && strcmp(other->name, option->name) == 0 &&
			    other->letter == option->letter)
				return other == option;
	return true;
}

static void print_taking(const struct tool_option *option)
{
	for (; option && option->name; option++) {
		if (!takes_next(option) || !is_first(option))
			continue;
		if (option->letter)
			printf(" | -%c", option->letter);
		printf(" | --%s", option->name);
	}
}

/* The options that take the next word, as a pattern of case. */
static void print_takes(void)
{
	const struct tool_command *const *command;

	fputs("_camwall_takes()\n{\n\tcase $1 in\n\t' '", stdout);
	print_taking(tool_global_options);
	for (command = tool_commands; *command; command++)
		print_taking((*command)->options);
	puts(") return 0 ;;\n\tesac\n\treturn 1\n}\n");
}

static void print_values(struct values values)
{
	size_t i;

	switch (values.kind) {
	case VALUE_FILE:
		fputs("files=1", stdout);
		break;
	case VALUE_DIR:
		fputs("folders=1", stdout);
		break;
	case VALUE_LIST:
		printf("words=$(\"$1\" completion values %s 2>/dev/null)", values.list);
		break;
	case VALUE_WORDS:
		fputs("words='", stdout);
		for (i = 0; values.words[i]; i++)
			printf("%s%s", i ? " " : "", values.words[i]);
		putchar('\'');
		break;
	case VALUE_ANY:
		fputs("return", stdout);
		break;
	}
}

/* What follows an option that takes an argument. */
static void print_arguments(const char *command, const struct tool_option *option)
{
	for (; option && option->name; option++) {
		if (!option->argument)
			continue;
		printf("\t'%s --%s'", command, option->name);
		/* Of one whose argument can be left out only --NAME=... has one. */
		if (option->letter)
			printf(" | '%s -%c'", command, option->letter);
		fputs(") ", stdout);
		print_values(option_values(option));
		puts(" ;;");
	}
}

static void print_command(const struct tool_command *command)
{
	char *words = command_words(command);

	printf("\t\t%s)\n\t\t\toptions+='", command->name);
	print_options(command->options);
	puts("'");
	if (*words)
		printf("\t\t\t[ -n \"$sub\" ] || words='%s'\n", words);
	if (argument_values(command).kind != VALUE_ANY) {
		fputs(*words ? "\t\t\t[ -z \"$sub\" ] || " : "\t\t\t", stdout);
		print_values(argument_values(command));
		putchar('\n');
	}
	puts("\t\t\t;;");
	free(words);
}

static void print_scan(void)
{
	puts("\tfor ((i = 1; i < COMP_CWORD; i++)); do\n"
	     "\t\tif _camwall_takes \"${COMP_WORDS[i]}\"; then\n"
	     "\t\t\ti=$((i + 1))\n"
	     "\t\t\t[ \"${COMP_WORDS[i]-}\" != = ] || i=$((i + 1))\n"
	     "\t\telif [[ ${COMP_WORDS[i]} != -* ]]; then\n"
	     "\t\t\tif [ -z \"$command\" ]; then\n"
	     "\t\t\t\tcommand=${COMP_WORDS[i]}\n"
	     "\t\t\telif [ -z \"$sub\" ]; then\n"
	     "\t\t\t\tsub=${COMP_WORDS[i]}\n"
	     "\t\t\tfi\n"
	     "\t\tfi\n"
	     "\tdone");
	/* "--format=h" comes as three words. */
	puts("\tif [ \"$cur\" = = ]; then\n"
	     "\t\tcur=''\n"
	     "\telif [ \"$prev\" = = ]; then\n"
	     "\t\tprev=${COMP_WORDS[COMP_CWORD - 2]}\n"
	     "\telif ! _camwall_takes \"$prev\"; then\n"
	     "\t\tprev=''\n"
	     "\tfi");
}

/* What the words so far leave open: a command, or what its table has. */
static void print_open(void)
{
	const struct tool_command *const *command;

	fputs("\t*' ')\n\t\toptions='", stdout);
	print_options(tool_global_options);
	fputs("'\n\t\tcase $command in\n\t\t'') words='", stdout);
	for (command = tool_commands; *command; command++)
		printf("%s%s", command == tool_commands ? "" : " ", (*command)->name);
	puts("' ;;");
	for (command = tool_commands; *command; command++)
		print_command(*command);
	puts("\t\tesac\n\t\t;;");
}

void completion_bash(void)
{
	const struct tool_command *const *command;

	puts("# SPDX-License-Identifier: GPL-2.0-or-later\n"
	     "# bash completion for camwall, made by \"camwall completion bash\".\n\n"
	     "# Does this option take the next word?");
	print_takes();
	puts("_camwall()\n{\n"
	     "\tlocal cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD - 1]}\n"
	     "\tlocal command='' sub='' options='' words='' files='' folders='' i\n\n"
	     "\tCOMPREPLY=()");
	print_scan();
	puts("\tcase \"$command $prev\" in");
	print_open();
	print_arguments("", tool_global_options);
	for (command = tool_commands; *command; command++) {
		print_arguments((*command)->name, tool_global_options);
		print_arguments((*command)->name, (*command)->options);
	}
	puts("\tesac\n"
	     "\t[[ $cur != -* ]] || words=$options files='' folders=''\n"
	     "\tmapfile -t COMPREPLY < <(compgen -W \"$words\" -- \"$cur\")\n"
	     "\t[ -z \"$files\" ] || mapfile -t -O ${#COMPREPLY[@]} COMPREPLY < <(compgen -f -- \"$cur\")\n"
	     "\t[ -z \"$folders\" ] || mapfile -t -O ${#COMPREPLY[@]} COMPREPLY < <(compgen -d -- \"$cur\")\n"
	     "\t[ -z \"$files$folders\" ] || compopt -o filenames 2>/dev/null\n"
	     "\treturn 0\n"
	     "}\n"
	     "complete -F _camwall camwall");
}
