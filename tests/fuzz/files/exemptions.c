// SPDX-License-Identifier: GPL-2.0-or-later
/* The file of exemptions, as "camwall exempt" changes it: it stays one that can be read. */
#include <stdlib.h>
#include <string.h>

#include "exempt_file.h"
#include "fuzz.h"

#define CONFIG	"[camwall]\ninterfaces = lan*\n[group a]\nprefix = 44:19:b6\naction = drop\n"
#define NEW	"44:19:b6:ff:fe:fd"
#define NEW_MAC	0x4419b6fffefdULL

/* An error here is of the file; @report is cleared by the caller. */
static struct cw_policy *load(const char *path, const char *text, struct cw_config_report *report)
{
	const struct cw_config_options options = {
		.registry_dir = "/nonexistent", .exemptions_file = path, .now = FUZZ_NOW,
	};
	FILE *stream = fuzz_stream((const uint8_t *)CONFIG, strlen(CONFIG));
	struct cw_error err = { 0 };
	struct cw_policy *policy;

	fuzz_write(path, text, strlen(text));
	policy = cw_config_load(stream, "camwall.conf", &options, report, &err);
	fclose(stream);
	if (policy)
		fuzz_expect_none(&err);
	else
		fuzz_expect_error(&err, path, NULL);
	return policy;
}

/* The exemption is taken back by the line that the report names. */
static void end(struct cw_exempt_file *file, const char *path, const struct cw_config_report *report)
{
	const struct cw_config_exemption *last = &report->exemptions[report->n_exemptions - 1];
	const struct cw_policy_exemption *ended;
	struct cw_config_report after;
	struct cw_policy *policy;

	fuzz_expect(last->mac == NEW_MAC, "what was added is not the last one");
	cw_exempt_file_end(file, last->until_line, FUZZ_NOW - 1);
	policy = load(path, file->text, &after);
	fuzz_expect(policy, "ended, the file cannot be read:\n%s", file->text);
	fuzz_expect(after.n_exemptions == report->n_exemptions, "an exemption is gone");
	ended = cw_policy_exemption_find(policy, NEW_MAC);
	fuzz_expect(ended && ended->until == FUZZ_NOW - 1, "it was not ended:\n%s", file->text);
	cw_config_report_clear(&after);
	cw_policy_free(policy);
}

static void add(struct cw_exempt_file *file, const char *path, size_t n)
{
	static const struct cw_policy_exemption exemption = {
		.mac = NEW_MAC, .until = FUZZ_NOW + 3600,
		.reason = (char *)"ticket #4711", .approved_by = (char *)"J. Doe",
	};
	const struct cw_policy_exemption *added;
	struct cw_config_report report;
	struct cw_policy *policy;

	cw_exempt_file_add(file, &exemption);
	policy = load(path, file->text, &report);
	fuzz_expect(policy, "with one more the file cannot be read:\n%s", file->text);
	fuzz_expect(report.n_exemptions == n + 1, "%zu exemptions, and then %zu", n,
		    report.n_exemptions);
	added = cw_policy_exemption_find(policy, NEW_MAC);
	fuzz_expect(added && added->until == exemption.until &&
		    strcmp(added->reason, exemption.reason) == 0 &&
		    strcmp(added->approved_by, exemption.approved_by) == 0,
		    "what was added is not there:\n%s", file->text);
	cw_policy_free(policy);
	end(file, path, &report);
	cw_config_report_clear(&report);
}

static void try_file(struct cw_exempt_file *file, const char *path)
{
	struct cw_config_report report;
	struct cw_policy *policy = load(path, file->text, &report);
	size_t n = report.n_exemptions;
	bool has = policy && cw_policy_exemption_find(policy, NEW_MAC);

	cw_config_report_clear(&report);
	if (!policy)
		return;
	fuzz_expect_sound(policy);
	cw_policy_free(policy);
	if (!has)
		add(file, path, n);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *path;
	struct cw_exempt_file file;
	struct cw_error err = { 0 };

	path = path ?: fuzz_file(CW_EXEMPT_FILE_NAME);
	fuzz_write(path, data, size);
	if (cw_exempt_file_open(&file, path, &err) < 0) {
		fuzz_expect_error(&err, path, NULL);
		return 0;
	}
	fuzz_expect_none(&err);
	fuzz_expect(strlen(file.text) == size && !memcmp(file.text, data, size),
		    "what was read is not what stands in the file");
	try_file(&file, path);
	cw_exempt_file_close(&file);
	return 0;
}
