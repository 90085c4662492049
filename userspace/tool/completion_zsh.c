// SPDX-License-Identifier: GPL-2.0-or-later
/* The completion for zsh: specifications of _arguments, with the descriptions of the table. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "completion.h"

/* Inside single quotes; with @special the characters of _arguments and _describe, too. */
static void print_quoted(const char *text, const char *special)
{
	for (; *text; text++) {
		if (*text == '\'')
			fputs("'\\''", stdout);
		else
			printf("%s%c", strchr(special, *text) ? "\\" : "", *text);
	}
}

static void print_values(struct values values)
{
	size_t i;

	switch (values.kind) {
	case VALUE_FILE:
		fputs("_files", stdout);
		break;
	case VALUE_DIR:
		fputs("_files -/", stdout);
		break;
	case VALUE_LIST:
		/* The space keeps _arguments from putting words of its own before it. */
		printf(" _camwall_values %s", values.list);
		break;
	case VALUE_WORDS:
		putchar('(');
		for (i = 0; values.words[i]; i++)
			printf("%s%s", i ? " " : "", values.words[i]);
		putchar(')');
		break;
	case VALUE_ANY:
		putchar(' ');
		break;
	}
}

static void print_spec(const struct tool_option *option, bool letter)
{
	const char *argument = option->argument;
	bool repeats = argument && strstr(argument, "...");
	bool optional = argument && *argument == '[';

	fputs("\t\t'", stdout);
	if (repeats)
		putchar('*');
	else if (option->letter)
		printf("(-%c --%s)", option->letter, option->name);
	if (letter)
		printf("-%c%s", option->letter, argument ? "+" : "");
	else
		printf("--%s%s", option->name, !argument ? "" : optional ? "=-" : "=");
	putchar('[');
	print_quoted(option->help, "[]:");
	putchar(']');
	if (argument) {
		printf("%s", optional ? "::" : ":");
		print_quoted(argument, "[]:");
		putchar(':');
		print_values(option_values(option));
	}
	puts("' \\");
}

static void print_specs(const struct tool_option *option)
{
	for (; option && option->name; option++) {
		if (option->letter)
			print_spec(option, true);
		print_spec(option, false);
	}
}

static void print_command(const struct tool_command *command)
{
	struct values values = argument_values(command);
	char *words = command_words(command);

	printf("\t%s)\n\t\t_arguments $global \\\n", command->name);
	print_specs(command->options);
	if (*words)
		printf("\t\t'1:subcommand:(%s)' \\\n", words);
	fputs("\t\t'*:argument:", stdout);
	print_values(values);
	puts("'\n\t\t;;");
	free(words);
}

void completion_zsh(void)
{
	const struct tool_command *const *command;

	puts("#compdef camwall\n"
	     "# SPDX-License-Identifier: GPL-2.0-or-later\n"
	     "# zsh completion for camwall, made by \"camwall completion zsh\".\n\n"
	     "_camwall_values()\n{\n"
	     "\tlocal -a names\n\n"
	     "\tnames=(${(f)\"$(camwall completion values $1 2>/dev/null)\"})\n"
	     "\tcompadd -- $names\n"
	     "}\n\n"
	     "_camwall()\n{\n"
	     "\tlocal context state state_descr line\n"
	     "\tlocal -a global commands\n"
	     "\ttypeset -A opt_args\n\n"
	     "\tglobal=( \\");
	print_specs(tool_global_options);
	puts("\t)\n\tcommands=( \\");
	for (command = tool_commands; *command; command++) {
		printf("\t\t'%s:", (*command)->name);
		print_quoted((*command)->summary, ":");
		puts("' \\");
	}
	puts("\t)\n"
	     "\t_arguments -C $global '1:command:->command' '*::argument:->argument' && return\n"
	     "\tif [[ $state = command ]]; then\n"
	     "\t\t_describe command commands\n"
	     "\t\treturn\n"
	     "\tfi\n"
	     "\tcase $words[1] in");
	for (command = tool_commands; *command; command++)
		print_command(*command);
	puts("\tesac\n"
	     "}\n\n"
	     "if [[ $funcstack[1] = _camwall ]]; then\n"
	     "\t_camwall \"$@\"\n"
	     "else\n"
	     "\tcompdef _camwall camwall\n"
	     "fi");
}
