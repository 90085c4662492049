// SPDX-License-Identifier: GPL-2.0-or-later
/* The command line of camwalld. */
#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "daemon.h"

enum { OPTION_NETNS = 256, OPTION_USER, OPTION_FOREGROUND, OPTION_SETTING };

/* Options from OPTION_SETTING on are keys of [history], by the same names. */
static const struct option long_options[] = {
	{ "file", required_argument, NULL, 'f' },
	{ "verbose", no_argument, NULL, 'v' },
	{ "version", no_argument, NULL, 'V' },
	{ "help", no_argument, NULL, 'h' },
	{ "netns", required_argument, NULL, OPTION_NETNS },
	{ "user", required_argument, NULL, OPTION_USER },
	{ "foreground", no_argument, NULL, OPTION_FOREGROUND },
	{ "database", required_argument, NULL, OPTION_SETTING },
	{ "interval", required_argument, NULL, OPTION_SETTING },
	{ "retention", required_argument, NULL, OPTION_SETTING },
	{ "log-file", required_argument, NULL, OPTION_SETTING },
	{ "syslog", required_argument, NULL, OPTION_SETTING },
	{ "site", required_argument, NULL, OPTION_SETTING },
	{ 0 },
};

static void help(void)
{
	puts("Usage: camwalld [OPTIONS]\n\n"
	     "Keep the history of what camwall sees and does, in an SQLite database.\n"
	     "It stays in the foreground, and logs to standard error.\n\n"
	     "Options:\n"
	     "  -f, --file FILE        configuration; " DAEMON_CONFIG_FILE "\n"
	     "      --netns NAME       watch the network namespace NAME\n"
	     "      --user NAME        become this user; " DAEMON_USER ", where there is one\n"
	     "      --foreground       what it does anyway\n"
	     "  -v, --verbose          log every event\n"
	     "  -V, --version          print the version\n"
	     "  -h, --help             print this help\n\n"
	     "These beat the keys of [history] in the configuration:\n"
	     "      --database FILE    " CW_HISTORY_FILE "\n"
	     "      --interval TIME    between two samples, 60s\n"
	     "      --retention TIME   how long the history is kept, 400d\n"
	     "      --log-file FILE    write events as JSON lines; SIGHUP opens it again\n"
	     "      --syslog yes|no    send the same to syslog; no\n"
	     "      --site NAME        what this place is called in reports\n\n"
	     "A power loss or a kill takes at most the last interval with it. Changes of the\n"
	     "policy and ends of exemptions are written at once.\n\n"
	     "Exit status: 0 ended by a signal, 1 failed, 2 usage.");
}

static int add_setting(struct daemon_options *options, const char *name, const char *value)
{
	const size_t room = sizeof(options->set) / sizeof(options->set[0]) - 1;
	size_t n = 0;

	while (options->set[n])
		n += 2;
	if (n + 2 > room) {
		fputs("camwalld: too many options\n", stderr);
		return 2;
	}
	options->set[n] = name;
	options->set[n + 1] = value;
	return -1;
}

static int take(struct daemon_options *options, int option, int index)
{
	switch (option) {
	case 'f':
		options->config = optarg;
		return -1;
	case 'v':
		options->verbose = true;
		return -1;
	case 'V':
		puts("camwalld " CAMWALL_VERSION);
		return 0;
	case 'h':
		help();
		return 0;
	case OPTION_NETNS:
		options->netns = optarg;
		return -1;
	case OPTION_USER:
		options->user = optarg;
		return -1;
	case OPTION_FOREGROUND:
		return -1;
	case OPTION_SETTING:
		return add_setting(options, long_options[index].name, optarg);
	default:
		fputs("Try \"camwalld --help\".\n", stderr);
		return 2;
	}
}

int daemon_options_parse(struct daemon_options *options, int argc, char **argv)
{
	int option, index, status = -1;

	options->config = DAEMON_CONFIG_FILE;
	while (status < 0 && (option = getopt_long(argc, argv, "f:vVh", long_options, &index)) >= 0)
		status = take(options, option, index);
	if (status < 0 && optind < argc) {
		fprintf(stderr, "camwalld: what is \"%s\"?\nTry \"camwalld --help\".\n", argv[optind]);
		return 2;
	}
	return status;
}
