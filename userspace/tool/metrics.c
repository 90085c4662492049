// SPDX-License-Identifier: GPL-2.0-or-later
/* camwall metrics: what camwall knows, for Prometheus. */
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "alloc.h"
#include "metrics.h"
#include "names.h"
#include "output.h"

#define MODE	0644	/* node_exporter does not run as root */

static const char *output;
static bool with_devices;
static struct names names;

static int write_error(const char *file, struct cw_error *err)
{
	return cw_error_at(err, file, 0, "cannot be written: %s", strerror(errno));
}

/* What was renamed is on the disk when its folder is. */
static int sync_folder(const char *dir)
{
	int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC), ret;

	if (fd < 0)
		return -1;
	ret = fsync(fd);
	close(fd);
	/* Some file systems have nothing to do there, and say so. */
	return ret < 0 && errno != EINVAL ? -1 : 0;
}

static int write_all(int fd, const struct cw_metrics *metrics)
{
	FILE *out = fdopen(fd, "w");
	int ret;

	if (!out) {
		close(fd);
		return -1;
	}
	cw_metrics_print(metrics, out);
	ret = fflush(out) || ferror(out) || fchmod(fd, MODE) || fsync(fd) ? -1 : 0;
	return fclose(out) ? -1 : ret;
}

static int write_in(const char *dir, const struct cw_metrics *metrics, struct cw_error *err)
{
	/* Its name does not end in .prom: a collector passes it over. */
	char *temporary = cw_asprintf("%s/.camwall-metrics.XXXXXX", dir);
	int fd = mkostemp(temporary, O_CLOEXEC), ret = 0;

	if (fd < 0) {
		ret = cw_error_at(err, output, 0, "no file can be made in the folder %s: %s", dir,
				  strerror(errno));
		goto out;
	}
	if (write_all(fd, metrics) < 0 || rename(temporary, output) < 0 || sync_folder(dir) < 0) {
		ret = write_error(output, err);
		unlink(temporary);
	}
out:
	free(temporary);
	return ret;
}

/* Whoever reads the file reads the old one or the new one, whole. */
static int replace_file(const struct cw_metrics *metrics, struct cw_error *err)
{
	char *copy = cw_strdup(output);
	struct stat st;
	int ret;

	if (stat(output, &st) == 0 && !S_ISREG(st.st_mode))
		ret = cw_error_at(err, output, 0, "is no file: name one, or leave out -o for standard output");
	else
		ret = write_in(dirname(copy), metrics, err);
	free(copy);
	return ret;
}

static enum tool_status write_metrics(const struct cw_metrics *metrics)
{
	struct cw_error err = { 0 };

	if (!output) {
		cw_metrics_print(metrics, stdout);
		return TOOL_DONE;
	}
	return replace_file(metrics, &err) < 0 ? tool_error(&err) : TOOL_DONE;
}

/* A file of yesterday's numbers would say that all is well. */
static enum tool_status write_absence(void)
{
	const struct cw_metrics metrics = { 0 };

	if (output)
		write_metrics(&metrics);
	return TOOL_FAILED;
}

static enum tool_status collect(const struct tool *tool, struct cw_client *client)
{
	struct cw_metrics metrics = { .tool_version = CAMWALL_VERSION, .devices = with_devices };
	struct cw_error err = { 0 };
	enum tool_status result;
	struct cw_policy *policy;
	struct cw_status status;
	struct view view;

	policy = cw_client_read(client, &err);
	if (!policy || cw_client_status(client, &status, &err) < 0) {
		tool_error(&err);
		cw_policy_free(policy);
		return write_absence();
	}
	names_load(&names, tool);
	if (view_read(&view, &names, tool, client) < 0) {
		result = write_absence();
	} else {
		metrics.status = &status;
		metrics.policy = policy;
		metrics.listing = &view.listing;
		metrics.registry = names.identities->registry;
		metrics.now = time(NULL);
		result = write_metrics(&metrics);
	}
	view_clear(&view);
	names_clear(&names);
	cw_policy_free(policy);
	return result;
}

static enum tool_status metrics_run(const struct tool *tool, int argc, char **argv)
{
	struct cw_client *client;
	enum tool_status status;

	if (argc)
		return tool_usage(&metrics_command, "no argument is taken, not %s: a file is named with -o",
				  argv[0]);
	if (tool->json)
		return tool_usage(&metrics_command, "metrics are text of Prometheus' format, never JSON: see status, stats and devices");
	client = tool_client(tool);
	if (!client)
		return write_absence();
	status = collect(tool, client);
	cw_client_close(client);
	return status;
}

static const struct tool_option metrics_options[] = {
	{ 'o', "output", "FILE", "put them in the place of FILE, in one step", NULL, &output },
	{ 0, "devices", NULL, "a series for each device as well", &with_devices, NULL },
	{ 'f', "file", "FILE", "the configuration that names the registry", NULL, &names.config },
	{ 0, "registry", "DIR", "read the IEEE registry from DIR", NULL, &names.registry_dir },
	{ 0 },
};

const struct tool_command metrics_command = {
	.name = "metrics",
	.arguments = "[-o FILE] [--devices]",
	.summary = "write what is known as metrics for Prometheus",
	.help = "Write counters and states in Prometheus' text format: to standard output, or with\n"
		"-o to a file, which is replaced as a whole, for node_exporter's textfile\n"
		"collector. Labels are bounded (group, direction, reason); with --devices there\n"
		"are series for single devices too, labelled by MAC address.\n\n"
		"Where the module cannot be reached, the file holds camwall_up 0 alone, and the\n"
		"exit status is 1.\n",
	.options = metrics_options,
	.run = metrics_run,
};
