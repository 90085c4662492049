// SPDX-License-Identifier: GPL-2.0-or-later
/* What camwalld says: lines for the journal, and events as JSON for a collector. */
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <syslog.h>
#include <time.h>
#include <unistd.h>

#include "alloc.h"
#include "daemon.h"
#include "event_text.h"
#include "json.h"
#include "timestamp.h"

#define MODE	0640

/**
 * logs - where events go
 * @file: descriptor of the file of JSON lines; -1 where there is none
 * @cut: the file's last line is not whole
 * @failed: said that it cannot be written
 */
static struct {
	int file;
	char *path;
	bool syslog, verbose, cut, failed;
} logs = { .file = -1 };

void log_verbose(bool verbose)
{
	logs.verbose = verbose;
}

/* The journal takes the level from the line's beginning (sd-daemon(3)); a terminal has no use for it. */
static void print(int level, const char *text)
{
	if (isatty(STDERR_FILENO))
		fprintf(stderr, "camwalld: %s\n", text);
	else
		fprintf(stderr, "<%d>%s\n", level, text);
}

void log_at(int level, const char *fmt, ...)
{
	va_list args;
	char *text;
	int length;

	if (level == LOG_DEBUG && !logs.verbose)
		return;
	va_start(args, fmt);
	length = vasprintf(&text, fmt, args);
	va_end(args);
	if (length < 0)
		return;
	print(level, text);
	free(text);
}

void log_error(int level, const char *what, struct cw_error *err)
{
	log_at(level, "%s: %s", what, err->message ?: "unknown error");
	cw_error_clear(err);
}

void log_close(void)
{
	if (logs.file >= 0)
		close(logs.file);
	if (logs.syslog)
		closelog();
	free(logs.path);
	logs.file = -1;
	logs.path = NULL;
	logs.syslog = false;
}

int log_open(const struct cw_history_settings *settings, struct cw_error *err)
{
	log_close();
	logs.failed = false;
	logs.syslog = settings->syslog;
	if (logs.syslog)
		openlog("camwalld", LOG_PID, LOG_DAEMON);
	if (!settings->log_file)
		return 0;
	logs.path = cw_strdup(settings->log_file);
	logs.file = open(logs.path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOCTTY, MODE);
	if (logs.file < 0)
		return cw_error_set(err, "%s: %s%s", logs.path, strerror(errno),
				    errno == EACCES ? ": the folder has to belong to camwalld's user" : "");
	return 0;
}

/* A disk that fills up cuts a line; what comes after it must not be glued to it. */
static void write_line(const char *line)
{
	char *text = cw_asprintf("%s%s\n", logs.cut ? "\n" : "", line);
	size_t length = strlen(text);
	ssize_t written = write(logs.file, text, length);

	if (written > 0)
		logs.cut = (size_t)written < length;
	if (written < 0 || logs.cut) {
		if (!logs.failed)
			log_at(LOG_ERR, "%s: %s: events are missing in it from now on", logs.path,
			       written < 0 ? strerror(errno) : "only a part of a line was written");
		logs.failed = true;
	} else if (logs.failed) {
		log_at(LOG_NOTICE, "%s: can be written again", logs.path);
		logs.failed = false;
	}
	free(text);
}

/* Takes over @json. */
static void write_json(json_t *json)
{
	char *line = json ? json_dumps(json, JSON_COMPACT) : NULL;

	if (line && logs.file >= 0)
		write_line(line);
	if (line && logs.syslog)
		syslog(LOG_INFO, "%s", line);
	free(line);
	json_decref(json);
}

/* What an administrator did or has to know; the rest is for who asks for it. */
static int level_of(const struct cw_event *event)
{
	switch (event->type) {
	case CAMWALL_EVENT_CONFIG_CHANGED:
	case CAMWALL_EVENT_EXEMPTION_ENDED:
	case CAMWALL_EVENT_DEVICES_FLUSHED:
	case CAMWALL_EVENT_DEVICE_NEW:
		return LOG_NOTICE;
	case CAMWALL_EVENT_DEVICE_FLOOD:
		return LOG_WARNING;
	default:
		return LOG_DEBUG;
	}
}

void log_event(const struct cw_event *event, const struct cw_identities *identities)
{
	int level = level_of(event);
	char *text;

	if (logs.file >= 0 || logs.syslog)
		write_json(cw_json_event(event, identities));
	if (level == LOG_DEBUG && !logs.verbose)
		return;
	text = cw_event_text(event, identities);
	print(level, text);
	free(text);
}

static json_t *repaired_json(const struct cw_nft_change *change, const struct cw_nft_report *report)
{
	char text[CW_TIMESTAMP_NS_STRLEN + 1];
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	return json_pack("{s:s, s:n, s:s, s:i, s:o, s:o, s:b, s:I}", "event", "nftables-repaired", "seq",
			 "time", cw_timestamp_format_ns(now.tv_sec * UINT64_C(1000000000) + now.tv_nsec, text),
			 "lost", 0, "process", cw_json_text(*change->process ? change->process : NULL),
			 "pid", change->pid ? json_integer(change->pid) : json_null(),
			 "table_gone", report->made, "elements", (json_int_t)report->added);
}

void log_repaired(const struct cw_nft_change *change, const struct cw_nft_report *report)
{
	if (logs.file >= 0 || logs.syslog)
		write_json(repaired_json(change, report));
	log_at(LOG_WARNING, "camwall's tables in nftables were %s by %s (process %u): they are as they should be again, with %zu elements",
	       report->made ? "deleted" : "changed", *change->process ? change->process : "somebody",
	       change->pid, report->added);
}
