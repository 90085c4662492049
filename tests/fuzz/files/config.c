// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The configuration, and what stands beside it: behind a line "%%" the input is the file of
 * exemptions. All that read the one file have to agree on what is in it.
 */
#include <stdlib.h>
#include <string.h>

#include "boot_failure.h"
#include "fuzz.h"
#include "history_settings.h"
#include "inifile.h"
#include "settings.h"

#define FILE_NAME	"camwall.conf"
#define SPLIT		"\n%%\n"

/** struct input - the two files */
struct input {
	const uint8_t *config, *exemptions;
	size_t config_size, exemptions_size;
};

static struct input split(const uint8_t *data, size_t size)
{
	const uint8_t *at = memmem(data, size, SPLIT, strlen(SPLIT));
	struct input input = { .config = data, .config_size = size };

	if (!at)
		return input;
	input.config_size = at + 1 - data;
	input.exemptions = at + strlen(SPLIT);
	input.exemptions_size = data + size - input.exemptions;
	return input;
}

static void expect_report(const struct cw_config_report *report, const char *exemptions)
{
	size_t i;

	for (i = 0; i < report->n_warnings; i++)
		fuzz_expect(*report->warnings[i], "a warning that says nothing");
	for (i = 0; i < report->n_exemptions; i++)
		fuzz_expect(strcmp(report->exemptions[i].file, FILE_NAME) == 0 ||
			    strcmp(report->exemptions[i].file, exemptions) == 0,
			    "an exemption of %s", report->exemptions[i].file);
}

/* cw_ini_key_fn: what stands as boot-failure in [camwall]. */
static int take_key(void *ctx, const char *file, int line, const char *section, const char *key,
		    const char *value, struct cw_error *err)
{
	enum cw_boot_failure *choice = ctx;

	if (key && strcmp(section, "camwall") == 0 && strcmp(key, CW_BOOT_FAILURE_KEY) == 0)
		cw_boot_failure_parse(value, choice);
	return 0;
}

/* The tolerant reader finds in a file that is right what the strict one does. */
static void expect_boot_failure(const struct input *input, const char *path)
{
	enum cw_boot_failure strict = CW_BOOT_FAILURE_OPEN, tolerant;
	FILE *stream = fuzz_stream(input->config, input->config_size);
	struct cw_error err = { 0 };
	char *where;

	fuzz_expect(cw_ini_read(stream, FILE_NAME, take_key, &strict, &err) == 0, "%s", err.message);
	fclose(stream);
	where = cw_boot_failure_find(path, "/nonexistent", &tolerant, NULL);
	fuzz_expect(strict == tolerant, "boot-failure is %s, but at a boot %s (%s)",
		    cw_boot_failure_name(strict), cw_boot_failure_name(tolerant), where);
	free(where);
}

/* They take a configuration that is right; of a wrong one they may take their own part. */
static void read_settings(const char *path, bool right)
{
	struct cw_history_settings history;
	struct cw_settings settings;
	struct cw_error err = { 0 };

	cw_history_settings_default(&history);
	if (cw_history_settings_read(path, &history, &err) < 0) {
		fuzz_expect(!right, "camwalld refuses what is right: %s", err.message);
		fuzz_expect_error(&err, path, NULL);
	}
	cw_history_settings_clear(&history);
	fuzz_expect_none(&err);
	if (cw_settings_read(path, &settings, &err) < 0) {
		fuzz_expect(!right, "settings are refused in what is right: %s", err.message);
		fuzz_expect_error(&err, path, NULL);
	}
	cw_settings_clear(&settings);
	fuzz_expect_none(&err);
}

static struct cw_policy *load(const struct input *input, const char *exemptions)
{
	static const char *pack_dirs[2];
	const struct cw_config_options options = {
		.registry_dir = fuzz_data("tests/unit/data/registry"), .pack_dirs = pack_dirs,
		.exemptions_file = input->exemptions ? exemptions : NULL, .now = FUZZ_NOW,
	};
	FILE *stream = fuzz_stream(input->config, input->config_size);
	struct cw_config_report report;
	struct cw_error err = { 0 };
	struct cw_policy *policy;

	pack_dirs[0] = fuzz_data("tests/unit/data/vendors");
	policy = cw_config_load(stream, FILE_NAME, &options, &report, &err);
	fclose(stream);
	if (policy)
		fuzz_expect_none(&err);
	else
		fuzz_expect_error(&err, FILE_NAME, exemptions);
	expect_report(&report, exemptions);
	cw_config_report_clear(&report);
	return policy;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *config, *exemptions;
	struct input input = split(data, size);
	struct cw_policy *policy;

	config = config ?: fuzz_file("config");
	exemptions = exemptions ?: fuzz_file("exemptions.conf");
	fuzz_write(config, input.config, input.config_size);
	if (input.exemptions)
		fuzz_write(exemptions, input.exemptions, input.exemptions_size);
	policy = load(&input, exemptions);
	read_settings(config, policy);
	if (!policy)
		return 0;
	fuzz_expect(!memchr(data, '\0', size), "a zero byte was passed over");
	expect_boot_failure(&input, config);
	fuzz_expect_sound(policy);
	cw_policy_free(policy);
	return 0;
}
