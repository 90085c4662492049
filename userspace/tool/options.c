// SPDX-License-Identifier: GPL-2.0-or-later
/* Options of a command line, read and listed by tables. */
#include <ctype.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "alloc.h"
#include "tool.h"

#define HELP_COLUMN	24
#define LONG_BASE	256	/* getopt's values of options, above any letter */

/**
 * struct parser - tables of options as getopt_long() wants them
 * @known: the options, in the order of @longs
 * @names: "--name" of each, ended by NULL
 */
struct parser {
	const struct tool_option **known;
	struct option *longs;
	char *letters;
	const char **names;
	size_t n;
};

static void parser_add(struct parser *parser, const struct tool_option *option)
{
	size_t n = parser->n++;

	parser->known[n] = option;
	parser->names[n] = cw_asprintf("--%s", option->name);
	parser->longs[n].name = option->name;
	parser->longs[n].has_arg = !option->argument ? no_argument :
				   *option->argument == '[' ? optional_argument : required_argument;
	parser->longs[n].val = LONG_BASE + n;
	if (option->letter)
		strncat(parser->letters, &option->letter, 1);
	if (option->letter && option->argument)
		strcat(parser->letters, ":");
}

static void parser_init(struct parser *parser, const struct tool_option *const *tables,
			bool stop)
{
	const struct tool_option *const *table, *option;
	size_t n = 0;

	for (table = tables; *table; table++)
		for (option = *table; option->name; option++)
			n++;
	memset(parser, 0, sizeof(*parser));
	/* NOLINTNEXTLINE(bugprone-sizeof-expression): an array of pointers */
	parser->known = cw_calloc(n, sizeof(*parser->known));
	parser->names = cw_calloc(n + 1, sizeof(*parser->names));
	parser->longs = cw_calloc(n + 1, sizeof(*parser->longs));
	parser->letters = cw_calloc(n + 2, 2);
	strcpy(parser->letters, stop ? "+:" : ":");
	for (table = tables; *table; table++)
		for (option = *table; option->name; option++)
			parser_add(parser, option);
}

static void parser_clear(struct parser *parser)
{
	size_t i;

	for (i = 0; i < parser->n; i++)
		free((char *)parser->names[i]);
	free(parser->names);
	free(parser->known);
	free(parser->longs);
	free(parser->letters);
}

static const struct tool_option *parser_find(const struct parser *parser, int value)
{
	size_t i;

	if (value >= LONG_BASE)
		return parser->known[value - LONG_BASE];
	for (i = 0; i < parser->n; i++)
		if (parser->known[i]->letter && parser->known[i]->letter == value)
			return parser->known[i];
	return NULL;
}

static int refuse(const struct parser *parser, const char *before, char **argv, int value)
{
	const struct tool_option *option = optopt ? parser_find(parser, optopt) : NULL;
	char buf[80];

	if (option && value == ':')
		fprintf(stderr, "%s: the option --%s needs an argument: %s", before, option->name,
			option->argument);
	else if (option)
		fprintf(stderr, "%s: the option --%s takes no argument", before, option->name);
	else if (optopt)
		fprintf(stderr, "%s: unknown option -%c", before, optopt);
	else
		fprintf(stderr, "%s: unknown option %s%s", before, argv[optind - 1],
			tool_suggestion(argv[optind - 1], parser->names, buf, sizeof(buf)));
	fprintf(stderr, "\nTry \"%s --help\".\n", before);
	return -1;
}

/* "--watch 5" beside "--watch=5": a number behind an option that may have one is its argument. */
static void take_optional(int argc, char **argv)
{
	if (!optarg && optind < argc && isdigit((unsigned char)*argv[optind]))
		optarg = argv[optind++];
	if (!optarg)
		optarg = "";
}

/* Return: 0, or -1 where an error was printed. */
static int take_value(const struct tool_option *option, const char *before)
{
	const char **value = option->value;
	size_t n = 0;

	if (strstr(option->argument, "...")) {
		while (n < TOOL_REPEATS && value[n])
			n++;
		if (n == TOOL_REPEATS) {
			fprintf(stderr, "%s: the option --%s can stand %d times\n", before,
				option->name, TOOL_REPEATS);
			return -1;
		}
	}
	value[n] = optarg;
	return 0;
}

int tool_options_parse(const struct tool_option *const *tables, const char *before,
		       int argc, char **argv, bool stop)
{
	struct parser parser;
	int value, ret = 0;

	parser_init(&parser, tables, stop);
	opterr = 0;
	optind = 0;
	while (!ret && (value = getopt_long(argc, argv, parser.letters, parser.longs, NULL)) != -1) {
		const struct tool_option *option;

		if (value == '?' || value == ':') {
			ret = refuse(&parser, before, argv, value);
			break;
		}
		option = parser_find(&parser, value);
		if (!option)	/* getopt_long() knows no letter beyond these */
			continue;
		if (option->argument && *option->argument == '[')
			take_optional(argc, argv);
		if (option->argument)
			ret = take_value(option, before);
		else
			*option->flag = true;
	}
	parser_clear(&parser);
	return ret ?: optind;
}

void tool_options_print(const struct tool_option *table)
{
	for (; table->name; table++) {
		int column;

		column = table->letter ? printf("  -%c, --%s", table->letter, table->name) :
					 printf("      --%s", table->name);
		if (table->argument)
			column += printf(" %s", table->argument);
		printf("%*s%s\n", column < HELP_COLUMN ? HELP_COLUMN - column : 1, "", table->help);
	}
}
