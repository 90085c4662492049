// SPDX-License-Identifier: GPL-2.0-or-later
/* Commands that go on until somebody ends them: waiting, and pictures that are refreshed in place. */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "watch.h"

#define DEFAULT_SECONDS	2
#define MAX_SECONDS	86400
#define MS_PER_SECOND	1000

/* ECMA-48: what a terminal is told, to draw over the last picture without a flicker. */
#define HOME		"\033[H"
#define CLEAR		"\033[2J"
#define CLEAR_REST	"\033[J"
#define CLEAR_LINE	"\033[K"
#define HIDE_CURSOR	"\033[?25l"
#define SHOW_CURSOR	"\033[?25h"

static int signals = -1;

int watch_begin(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	signal(SIGPIPE, SIG_IGN);
	if (sigprocmask(SIG_BLOCK, &set, NULL) == 0)
		signals = signalfd(-1, &set, SFD_CLOEXEC);
	if (signals >= 0)
		return 0;
	perror("camwall: signals");
	return -1;
}

enum wake watch_wait(int fd, int ms)
{
	/* Of standard output only an error is of interest: a pipe that nobody reads. */
	struct pollfd fds[] = {
		{ .fd = signals, .events = POLLIN },
		{ .fd = STDOUT_FILENO },
		{ .fd = fd, .events = POLLIN },
	};
	int n;

	do {
		n = poll(fds, sizeof(fds) / sizeof(fds[0]), ms);
	} while (n < 0 && errno == EINTR);
	if (n < 0) {
		perror("camwall: poll");
		return WAKE_FAILED;
	}
	if (fds[0].revents || fds[1].revents & (POLLERR | POLLHUP))
		return WAKE_END;
	return fds[2].revents ? WAKE_INPUT : WAKE_TIMEOUT;
}

int watch_flush(void)
{
	if (fflush(stdout) == 0 && !ferror(stdout))
		return 0;
	if (errno == EPIPE)
		tool_reader_gone = true;
	return -1;
}

enum tool_status watch_seconds(const struct tool_command *command, const char *text, int *ms)
{
	double seconds = DEFAULT_SECONDS;
	char *end;

	if (*text) {
		seconds = strtod(text, &end);
		/* Also false for what is no number at all. */
		if (*end || !(seconds >= 0.1 && seconds <= MAX_SECONDS))
			return tool_usage(command, "--watch takes seconds, from 0.1 to %d, not %s",
					  MAX_SECONDS, text);
	}
	*ms = (int)(seconds * MS_PER_SECOND);
	return TOOL_DONE;
}

/* Octets of the first @columns characters of a line of @length octets. */
static int cut(const char *line, size_t length, int columns)
{
	size_t i;

	for (i = 0; i < length; i++) {
		/* A continuation octet of UTF-8 takes no column. */
		if (((unsigned char)line[i] & 0xc0) != 0x80 && columns-- == 0)
			break;
	}
	return (int)i;
}

static void draw_lines(const char *text, const struct winsize *size)
{
	int row, rows = size->ws_row ? size->ws_row : 24, columns = size->ws_col ? size->ws_col : 80;

	fputs(HOME, stdout);
	for (row = 1; *text; row++) {
		size_t length = strcspn(text, "\n");

		printf("%.*s" CLEAR_LINE, cut(text, length, columns), text);
		text += length + (text[length] == '\n');
		/* The last line has no end: that would scroll. */
		if (row == rows || !*text)
			break;
		putchar('\n');
	}
	fputs(CLEAR_REST, stdout);
}

static void show(const char *text, bool json, bool first)
{
	struct winsize size;

	if (json || !isatty(STDOUT_FILENO) || ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) < 0) {
		printf("%s%s", first || json ? "" : "\n", text);
		return;
	}
	if (first)
		fputs(HIDE_CURSOR CLEAR, stdout);
	draw_lines(text, &size);
}

static enum tool_status draw_once(bool json, bool first, watch_draw_fn *draw, void *ctx)
{
	enum tool_status status;
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	if (!out) {
		perror("camwall: memory");
		return TOOL_FAILED;
	}
	status = draw(ctx, out);
	fclose(out);
	if (status == TOOL_DONE)
		show(text, json, first);
	free(text);
	return status;
}

enum tool_status watch_run(int ms, bool json, watch_draw_fn *draw, void *ctx)
{
	enum tool_status status = TOOL_DONE;
	enum wake wake = WAKE_END;
	bool first = true;

	if (watch_begin() < 0)
		return TOOL_FAILED;
	do {
		status = draw_once(json, first, draw, ctx);
		first = false;
		if (status != TOOL_DONE || watch_flush() < 0)
			break;
		wake = watch_wait(-1, ms);
	} while (wake == WAKE_TIMEOUT);
	if (isatty(STDOUT_FILENO) && !json)
		puts(SHOW_CURSOR);
	if (wake == WAKE_FAILED)
		status = TOOL_FAILED;
	return status;
}
