// SPDX-License-Identifier: GPL-2.0-or-later
/* camwalld, the daemon that keeps the history. */
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <syslog.h>

#include "daemon.h"
#include "netns.h"

static struct daemon camwalld;

static int read_boot_id(struct daemon *daemon, struct cw_error *err)
{
	FILE *stream = fopen("/proc/sys/kernel/random/boot_id", "re");
	bool ok;

	ok = stream && fgets(daemon->boot_id, sizeof(daemon->boot_id), stream);
	if (stream)
		fclose(stream);
	daemon->boot_id[strcspn(daemon->boot_id, "\n")] = '\0';
	return ok ? 0 : cw_error_set(err, "/proc/sys/kernel/random/boot_id cannot be read: mount /proc");
}

static int run(struct daemon *daemon, struct cw_error *err)
{
	const struct daemon_options *options = &daemon->options;

	umask(0027);
	if (config_load(daemon, err) < 0 || read_boot_id(daemon, err) < 0)
		return -1;
	if (options->netns && cw_netns_enter(options->netns, err) < 0)
		return -1;
	if (privilege_drop(options->user, daemon->settings.database, err) < 0 ||
	    log_open(&daemon->settings, err) < 0 || record_open(daemon, err) < 0)
		return -1;
	return loop_run(daemon, err);
}

int main(int argc, char **argv)
{
	struct cw_error err = { 0 };
	int ret;

	ret = daemon_options_parse(&camwalld.options, argc, argv);
	if (ret >= 0)
		return ret;
	log_verbose(camwalld.options.verbose);
	ret = run(&camwalld, &err);
	if (ret < 0)
		log_error(LOG_ERR, "cannot go on", &err);
	record_close(&camwalld);
	config_clear(&camwalld);
	log_close();
	return ret < 0;
}
