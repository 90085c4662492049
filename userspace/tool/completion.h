/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the completions of the shells share: what can follow an option or a command, from the command table. */
#ifndef CW_COMPLETION_H
#define CW_COMPLETION_H

#include "tool.h"

/** enum value_kind - what an argument can be */
enum value_kind {
	VALUE_ANY,	/* nothing is known */
	VALUE_FILE,
	VALUE_DIR,
	VALUE_WORDS,	/* one of a few words */
	VALUE_LIST,	/* what "camwall completion values NAME" prints */
};

/** struct values - @words: ended by NULL, of VALUE_WORDS; @list: the NAME of VALUE_LIST */
struct values {
	enum value_kind kind;
	const char *const *words;
	const char *list;
};

/** option_values() - what the argument of an option can be */
struct values option_values(const struct tool_option *option);

/** argument_values() - what an argument of a command can be, beside a subcommand */
struct values argument_values(const struct tool_command *command);

/**
 * command_words() - the subcommands of a command, as its .arguments name them
 *
 * Return: a string of words with spaces between, for free(); empty where there are none.
 */
char *command_words(const struct tool_command *command);

/* The scripts, to standard output. */
void completion_bash(void);
void completion_zsh(void);
void completion_fish(void);

#endif
