// SPDX-License-Identifier: GPL-2.0-or-later
/* camwall report: what histories say of a period, for people, spreadsheets and programs. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "alloc.h"
#include "history.h"
#include "period.h"
#include "report.h"
#include "tool.h"

#define BOM	"\xef\xbb\xbf"

static const char *database, *since, *until, *format, *table, *output;
static bool merge, bom;

static const struct tool_option options[] = {
	{ 'd', "database", "FILE", "the history, in place of " CW_HISTORY_FILE, NULL, &database },
	{ 0, "since", "WHEN", "begin: a date, a moment, or a duration ago, as in 365d", NULL, &since },
	{ 0, "until", "WHEN", "end; a date is the last day of the report", NULL, &until },
	{ 0, "format", "FORMAT", "html (the default), csv or json", NULL, &format },
	{ 0, "table", "TABLE", "of csv: devices, policies, exemptions, blocked, gaps, traffic", NULL, &table },
	{ 0, "bom", NULL, "of csv: begin with a byte order mark, for Excel", &bom, NULL },
	{ 'o', "output", "FILE", "write to FILE, whole or not at all", NULL, &output },
	{ 0, "merge", NULL, "one report of the histories named as arguments", &merge, NULL },
	{ 0 },
};

const char *const report_formats[] = { "html", "csv", "json", NULL };

/** struct wish - what the command line asks for */
struct wish {
	struct report_options report;
	unsigned int format;
	enum report_table table;
};

static int index_of(const char *word, const char *const *names)
{
	int i;

	for (i = 0; names[i]; i++)
		if (strcmp(word, names[i]) == 0)
			return i;
	return -1;
}

static enum tool_status read_format(const struct tool *tool, struct wish *wish)
{
	const char *names[REPORT_TABLES + 1] = { 0 };
	const char *word = format ?: tool->json ? "json" : "html";
	char buf[80];
	int i;

	i = index_of(word, report_formats);
	if (i < 0)
		return tool_usage(&report_command, "--format %s: it is html, csv or json%s", word,
				  tool_suggestion(word, report_formats, buf, sizeof(buf)));
	wish->format = i;
	if ((table || bom) && strcmp(report_formats[i], "csv") != 0)
		return tool_usage(&report_command, "--%s goes with --format csv", table ? "table" : "bom");
	for (i = 0; i < REPORT_TABLES; i++)
		names[i] = report_table_name(i);
	i = table ? index_of(table, names) : REPORT_DEVICES;
	if (i < 0)
		return tool_usage(&report_command, "--table %s: it is devices, policies, exemptions, blocked, gaps or traffic%s",
				  table, tool_suggestion(table, names, buf, sizeof(buf)));
	wish->table = i;
	return TOOL_DONE;
}

static enum tool_status read_files(struct wish *wish, int argc, char **argv)
{
	static const char *file;

	if (!merge && argc)
		return tool_usage(&report_command, "unexpected argument %s: name one history by --database, several behind --merge",
				  argv[0]);
	if (merge && database)
		return tool_usage(&report_command, "--database names one history, --merge several: leave one of them out");
	if (merge && !argc)
		return tool_usage(&report_command, "--merge: which histories?");
	file = database ?: CW_HISTORY_FILE;
	wish->report.files = merge ? (const char *const *)argv : &file;
	wish->report.n_files = merge ? argc : 1;
	return TOOL_DONE;
}

static enum tool_status read_period(struct wish *wish)
{
	struct cw_error err = { 0 };
	uint64_t now = time(NULL);

	wish->report.now = now;
	if ((since && period_since(since, now, &wish->report.since, &err)) ||
	    (until && period_until(until, now, &wish->report.until, &err))) {
		tool_usage(&report_command, "%s", err.message);
		cw_error_clear(&err);
		return TOOL_USAGE;
	}
	return TOOL_DONE;
}

static void write_report(const struct tool *tool, const struct wish *wish, const struct report *report, FILE *out)
{
	switch (wish->format) {
	case 0:
		report_write_html(report, out);
		break;
	case 1:
		if (bom)
			fputs(BOM, out);
		report_write_csv(report, wish->table, out);
		break;
	default:
		report_write_json(report, tool->pretty, out);
	}
}

static enum tool_status file_error(const char *path)
{
	fprintf(stderr, "camwall: %s: %s\n", path, strerror(errno));
	return TOOL_FAILED;
}

/* Readable by others than its owner only where the umask would let any new file be so. */
static FILE *create(char *path)
{
	mode_t mask = umask(0);
	int fd = mkstemp(path);

	umask(mask);
	if (fd < 0)
		return NULL;
	fchmod(fd, 0666 & ~mask);
	return fdopen(fd, "w");
}

/* Beside the file first: nobody ever reads half a report, nor loses the one before to a full disk. */
static enum tool_status write_file(const struct tool *tool, const struct wish *wish, const struct report *report)
{
	char *path = cw_asprintf("%s.XXXXXX", output);
	enum tool_status status = TOOL_DONE;
	FILE *out = create(path);

	if (!out) {
		status = file_error(output);
		free(path);
		return status;
	}
	write_report(tool, wish, report, out);
	if (fflush(out) || ferror(out) || fsync(fileno(out)))
		status = file_error(output);
	if (fclose(out) && status == TOOL_DONE)
		status = file_error(output);
	if (status == TOOL_DONE && rename(path, output))
		status = file_error(output);
	if (status != TOOL_DONE)
		unlink(path);
	free(path);
	return status;
}

static bool is_device(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && !S_ISREG(st.st_mode);
}

static enum tool_status write_anywhere(const struct tool *tool, const struct wish *wish, const struct report *report)
{
	FILE *out;
	int bad;

	if (!output || strcmp(output, "-") == 0) {
		write_report(tool, wish, report, stdout);
		return TOOL_DONE;
	}
	if (!is_device(output))
		return write_file(tool, wish, report);
	out = fopen(output, "we");
	if (!out)
		return file_error(output);
	write_report(tool, wish, report, out);
	bad = fflush(out) || ferror(out);
	return fclose(out) || bad ? file_error(output) : TOOL_DONE;
}

static enum tool_status run(const struct tool *tool, int argc, char **argv)
{
	struct cw_error err = { 0 };
	struct wish wish = { 0 };
	struct report *report;
	enum tool_status status;

	status = read_format(tool, &wish);
	if (status == TOOL_DONE)
		status = read_files(&wish, argc, argv);
	if (status == TOOL_DONE)
		status = read_period(&wish);
	if (status != TOOL_DONE)
		return status;
	report = report_load(&wish.report, &err);
	if (!report)
		return tool_error(&err);
	status = write_anywhere(tool, &wish, report);
	report_free(report);
	return status;
}

const struct tool_command report_command = {
	.name = "report",
	.arguments = "[OPTIONS] [--merge DATABASE...]",
	.summary = "make a report of what the history holds, as HTML, CSV or JSON",
	.help = "Make a report of a period from the history that camwalld keeps: the devices that\n"
		"were found and by what evidence, which policy held when, what was blocked, who was\n"
		"exempt and why, and when nothing was observed.\n\n"
		"HTML is one file that needs no other, for people, also on paper. CSV is one table for\n"
		"a spreadsheet. JSON is all of it for programs; its keys are stable.\n\n"
		"The history is only read, and may be written meanwhile. Without --since the report\n"
		"begins with the history, without --until it ends now. Days are days of UTC.\n",
	.options = options,
	.run = run,
};
