/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Commands that go on until somebody ends them: waiting, and pictures that are refreshed in place. */
#ifndef CW_WATCH_H
#define CW_WATCH_H

#include <stdio.h>

#include "tool.h"

/** enum wake - why watch_wait() has returned */
enum wake {
	WAKE_TIMEOUT,
	WAKE_INPUT,	/* the descriptor has something to read */
	WAKE_END,	/* SIGINT or SIGTERM, or who read standard output has closed it */
	WAKE_FAILED,	/* an error was printed */
};

/**
 * watch_begin() - from here on SIGINT and SIGTERM only wake watch_wait(), and a closed pipe ends
 *		   no program
 *
 * Return: 0, or -1 where an error was printed.
 */
int watch_begin(void);

/** watch_wait() - wait for input of @fd (-1: of none), @ms milliseconds at most (-1: for ever) */
enum wake watch_wait(int fd, int ms);

/**
 * watch_flush() - write what was printed to standard output
 *
 * Return: 0; -1 where nobody reads it any more, which is no failure, or where it failed, which
 * main() tells.
 */
int watch_flush(void);

/**
 * watch_seconds() - read the argument of --watch
 * @text: "" for the default
 * @ms: milliseconds
 *
 * Return: TOOL_DONE, or TOOL_USAGE where what is wrong was printed.
 */
enum tool_status watch_seconds(const struct tool_command *command, const char *text, int *ms);

/**
 * typedef watch_draw_fn - write the present picture
 *
 * Return: TOOL_DONE to go on.
 */
typedef enum tool_status watch_draw_fn(void *ctx, FILE *out);

/**
 * watch_run() - draw again and again
 * @json: pictures are JSON, one a line
 *
 * On a terminal in place, cut to its size; elsewhere one below the other, an empty line between.
 *
 * Return: TOOL_DONE where it was ended, or what @draw has returned.
 */
enum tool_status watch_run(int ms, bool json, watch_draw_fn *draw, void *ctx);

#endif
