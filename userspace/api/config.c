// SPDX-License-Identifier: GPL-2.0-or-later
/* libcamwall.so: reading a configuration, and putting it in force. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "alloc.h"
#include "api.h"
#include "apply.h"
#include "boot_failure.h"
#include "boot_state.h"
#include "config.h"
#include "exempt_file.h"
#include "last_good.h"

/**
 * struct camwall_config - what was read last
 * @path: of the file; NULL where it was none
 * @policy: NULL where nothing was, or it was wrong
 * @lock: descriptor that keeps the exemptions beside the file from being changed, or -1
 */
struct camwall_config {
	char *registry, *vendors;
	char *path;
	struct cw_policy *policy;
	struct cw_config_report report;
	int lock;
};

struct camwall_changes {
	struct cw_application application;
};

struct camwall_config *camwall_config_new(void)
{
	struct camwall_config *config = cw_calloc(1, sizeof(*config));

	config->lock = -1;
	return config;
}

static void unlock(struct camwall_config *config)
{
	if (config->lock >= 0)
		close(config->lock);
	config->lock = -1;
}

static void forget(struct camwall_config *config)
{
	unlock(config);
	free(config->path);
	config->path = NULL;
	cw_policy_free(config->policy);
	config->policy = NULL;
	cw_config_report_clear(&config->report);
}

void camwall_config_free(struct camwall_config *config)
{
	if (!config)
		return;
	forget(config);
	free(config->registry);
	free(config->vendors);
	free(config);
}

static void set(char **where, const char *text)
{
	free(*where);
	*where = text ? cw_strdup(text) : NULL;
}

void camwall_config_set_registry(struct camwall_config *config, const char *dir)
{
	set(&config->registry, dir);
}

void camwall_config_set_vendors(struct camwall_config *config, const char *dir)
{
	set(&config->vendors, dir);
}

static void read_stream(struct camwall_config *config, FILE *stream, const char *name,
			const char *exemptions, struct cw_error *err)
{
	const char *const vendors[] = { config->vendors, NULL };
	const struct cw_config_options options = {
		.registry_dir = config->registry,
		.pack_dirs = config->vendors ? vendors : NULL,
		.exemptions_file = exemptions,
	};

	config->policy = cw_config_load(stream, name, &options, &config->report, err);
}

int camwall_config_read_file(struct camwall_config *config, const char *path, char **error)
{
	struct cw_error err = { 0 };
	char *exemptions;
	FILE *stream;

	forget(config);
	stream = fopen(path, "re");
	if (!stream) {
		cw_error_at(&err, path, 0, "cannot be read: %s", strerror(errno));
		return api_error(&err, error);
	}
	/* As "camwall apply" does; in a folder that cannot be locked nobody changes anything. */
	config->lock = cw_exempt_file_lock(path, LOCK_SH, NULL);
	exemptions = cw_exempt_file_path(path);
	config->path = cw_strdup(path);
	read_stream(config, stream, path, exemptions, &err);
	free(exemptions);
	fclose(stream);
	if (!config->policy)
		unlock(config);
	return api_error(&err, error);
}

int camwall_config_read_text(struct camwall_config *config, const char *name, const char *text,
			     char **error)
{
	struct cw_error err = { 0 };
	FILE *stream;

	forget(config);
	stream = *text ? fmemopen((void *)text, strlen(text), "r") : fopen("/dev/null", "re");
	if (!stream) {
		cw_error_at(&err, name, 0, "cannot be read: %s", strerror(errno));
		return api_error(&err, error);
	}
	read_stream(config, stream, name, NULL, &err);
	fclose(stream);
	return api_error(&err, error);
}

const char *camwall_config_warning(const struct camwall_config *config, size_t index)
{
	return index < config->report.n_warnings ? config->report.warnings[index] : NULL;
}

uint64_t camwall_config_registry_time(const struct camwall_config *config)
{
	return config->report.registry ? config->report.registry->edition : 0;
}

/* Hands @application over to @changes, or frees it. */
static int end(struct cw_application *application, struct cw_error *err,
	       struct camwall_changes **changes, char **error)
{
	if (changes)
		*changes = NULL;
	if (err->message || !changes) {
		cw_application_clear(application);
		return api_error(err, error);
	}
	*changes = cw_calloc(1, sizeof(**changes));
	(*changes)->application = *application;
	return api_error(err, error);
}

/* What "camwall boot" has closed is that of this namespace; what nftables keeps, status tells. */
static void settle(const struct camwall *camwall)
{
	if (!camwall->elsewhere)
		cw_boot_state_settle(NULL);
}

int camwall_apply(struct camwall *camwall, struct camwall_config *config, unsigned int flags,
		  struct camwall_changes **changes, char **error)
{
	struct cw_application application = { 0 };
	struct cw_error err = { 0 };

	if (flags & ~CAMWALL_CHECK) {
		cw_error_set(&err, "the flags %#x are not known to libcamwall " CAMWALL_VERSION,
			     flags & ~CAMWALL_CHECK);
		return end(&application, &err, changes, error);
	}
	if (!config->policy) {
		cw_error_set(&err, "no configuration was read, or it was wrong: read one first");
		return end(&application, &err, changes, error);
	}
	cw_apply(camwall->client, config->policy, config->report.dateless, flags & CAMWALL_CHECK,
		 &application, &err);
	if (!err.message && !(flags & CAMWALL_CHECK)) {
		unlock(config);
		settle(camwall);
	}
	return end(&application, &err, changes, error);
}

int camwall_flush(struct camwall *camwall, char **error)
{
	struct cw_application application = { 0 };
	struct cw_policy *policy = cw_policy_new();
	struct cw_error err = { 0 };

	cw_apply(camwall->client, policy, false, false, &application, &err);
	cw_policy_free(policy);
	if (!err.message)
		settle(camwall);
	return end(&application, &err, NULL, error);
}

int camwall_keep(struct camwall_config *config, char **error)
{
	struct cw_error err = { 0 };

	if (!config->policy)
		cw_error_set(&err, "no configuration was read, or it was wrong: read one first");
	else if (cw_last_good_keep(CW_LAST_GOOD_FILE, config->policy, config->report.registry, &err) == 0 &&
		 config->path)
		cw_boot_failure_remember(config->path, CW_BOOT_FAILURE_FILE, &err);
	return api_error(&err, error);
}

const char *camwall_changes_line(const struct camwall_changes *changes, size_t index)
{
	const struct cw_application *application = &changes->application;

	return index < application->n_changes ? application->changes[index].text : NULL;
}

void camwall_changes_free(struct camwall_changes *changes)
{
	if (!changes)
		return;
	cw_application_clear(&changes->application);
	free(changes);
}
