// SPDX-License-Identifier: GPL-2.0-or-later
/* Steps as text: a word, numbers, and what is sent as hexadecimal octets; '#' begins a comment. */
#include <err.h>
#include <stdlib.h>
#include <string.h>

#include "action.h"

/**
 * struct action_form - how a step is written
 * @word: names it
 * @numbered: has a second number
 * @sends: has octets
 */
struct action_form {
	const char *word;
	bool numbered;
	bool sends;
};

static const struct action_form forms[N_ACTIONS] = {
	[ACTION_NETNS]	= { .word = "netns" },
	[ACTION_OPEN]	= { .word = "open", .numbered = true },
	[ACTION_CLOSE]	= { .word = "close" },
	[ACTION_JOIN]	= { .word = "join" },
	[ACTION_READ]	= { .word = "read", .numbered = true },
	[ACTION_SEND]	= { .word = "send", .sends = true },
	[ACTION_POST]	= { .word = "post", .sends = true },
	[ACTION_FRAME]	= { .word = "frame", .sends = true },
};

/** action_write() - append a step to a file */
void action_write(const struct action *action, FILE *file)
{
	const struct action_form *form = &forms[action->kind];
	size_t i;

	fprintf(file, "%s%s %u", action->powerless ? "powerless " : "", form->word, action->slot);
	if (form->numbered)
		fprintf(file, " %u", action->number);
	if (form->sends)
		fputc(' ', file);
	for (i = 0; form->sends && i < action->len; i++)
		fprintf(file, "%02x", action->bytes[i]);
	fputc('\n', file);
}

static bool parse_octets(struct action *action, const char *text)
{
	unsigned int octet;

	for (action->len = 0; *text; text += 2) {
		/* NOLINTNEXTLINE(cert-err34-c): two digits */
		if (action->len == DATAGRAM_MAX || sscanf(text, "%2x", &octet) != 1 || !text[1])
			return false;
		action->bytes[action->len++] = octet;
	}
	return true;
}

static bool parse_step(struct action *action, char *text)
{
	char *word = strtok(text, " "), *number;
	const struct action_form *form;

	action->powerless = word && !strcmp(word, "powerless");
	if (action->powerless)
		word = strtok(NULL, " ");
	for (form = forms; form < forms + N_ACTIONS; form++)
		if (word && !strcmp(word, form->word))
			break;
	number = strtok(NULL, " ");
	if (form == forms + N_ACTIONS || !number)
		return false;
	action->kind = form - forms;
	action->slot = strtoul(number, NULL, 10);
	action->number = 0;
	action->len = 0;
	if (form->numbered) {
		number = strtok(NULL, " ");
		if (!number)
			return false;
		action->number = strtoul(number, NULL, 10);
	}
	if (action->slot >= (action->kind == ACTION_NETNS || action->kind == ACTION_FRAME ?
			     N_NETNS : N_SOCKETS) ||
	    (action->kind == ACTION_OPEN && action->number >= N_NETNS))
		return false;
	word = form->sends ? strtok(NULL, " ") : NULL;
	/* Nothing can be sent as well. */
	return !word || parse_octets(action, word);
}

/**
 * action_read() - read the next step of a file
 * @action: set
 * @file: where from
 * @name: of the file, for errors, which end the program
 * @line: number of the line read last; 0 to begin with
 *
 * Return: false at the end.
 */
bool action_read(struct action *action, FILE *file, const char *name, unsigned int *line)
{
	char *text = NULL;
	size_t size = 0;

	while (getline(&text, &size, file) >= 0) {
		(*line)++;
		text[strcspn(text, "\r\n")] = '\0';
		if (!*text || *text == '#')
			continue;
		if (!parse_step(action, text))
			errx(2, "%s:%u: not a step", name, *line);
		free(text);
		return true;
	}
	free(text);
	return false;
}
