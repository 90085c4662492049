// SPDX-License-Identifier: GPL-2.0-or-later
/* The last good policy, which is read at a boot that has nothing else. */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "fuzz.h"
#include "last_good.h"

#define FOOTER	"\n# The end.\n"

static void load(const char *path, const uint8_t *data, size_t size)
{
	struct cw_config_report report;
	struct cw_error err = { 0 };
	struct cw_policy *policy;

	policy = cw_last_good_load(path, &report, &err);
	cw_config_report_clear(&report);
	if (!policy) {
		fuzz_expect_error(&err, path, NULL);
		return;
	}
	fuzz_expect_none(&err);
	fuzz_expect(size >= strlen(FOOTER) &&
		    memcmp(data + size - strlen(FOOTER), FOOTER, strlen(FOOTER)) == 0,
		    "a file that is not whole was taken");
	fuzz_expect_sound(policy);
	cw_policy_free(policy);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *path;

	if (!path) {
		path = fuzz_file("last-good.conf");
		setenv("CAMWALL_VENDORS", "/nonexistent", 1);
		umask(077);
	}
	fuzz_write(path, data, size);
	load(path, data, size);

	/* The fuzzer would seldom hit upon the last line. */
	if (size) {
		char *whole = malloc(size + strlen(FOOTER));

		fuzz_expect(whole, "no memory");
		memcpy(whole, data, size);
		/* NOLINTNEXTLINE(bugprone-not-null-terminated-result): a file, which has none */
		memcpy(whole + size, FOOTER, strlen(FOOTER));
		fuzz_write(path, whole, size + strlen(FOOTER));
		load(path, (const uint8_t *)whole, size + strlen(FOOTER));
		free(whole);
	}
	return 0;
}
