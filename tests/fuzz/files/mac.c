// SPDX-License-Identifier: GPL-2.0-or-later
/* MAC addresses and prefixes: what is understood is written, and read back as the same. */
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "mac.h"
#include "prefix.h"

#define MAC_END	(1ULL << 48)

/* Errors say what is wrong with which text, and the caller adds the file. */
static void expect_says(struct cw_error *err, const char *text)
{
	fuzz_expect(err->message, "refused without an error");
	fuzz_expect(strstr(err->message, text), "the error does not name \"%s\": %s", text, err->message);
	cw_error_clear(err);
}

static void try_mac(const char *text)
{
	char written[CW_MAC_STRLEN + 1];
	struct cw_error err = { 0 };
	uint64_t mac, again;

	if (cw_mac_parse(text, &mac, &err) < 0) {
		expect_says(&err, text);
		return;
	}
	fuzz_expect(mac < MAC_END, "an address of more than 48 bits");
	fuzz_expect(cw_mac_parse(cw_mac_format(mac, written), &again, &err) == 0 && again == mac,
		    "\"%s\" is written as %s", text, written);
	fuzz_expect_none(&err);
}

/* What an error proposes has to be right itself. */
static void expect_meant(struct cw_error *err, const char *text)
{
	static const char behind[] = " was probably meant";
	char *end = err->message ? strstr(err->message, behind) : NULL, *start;
	struct cw_error none = { 0 };
	uint64_t meant;

	if (end && end[strlen(behind)] == '\0') {
		*end = '\0';
		start = strrchr(err->message, ' ');
		fuzz_expect(start && cw_prefix_parse(start + 1, &meant, &none) == 0,
			    "\"%s\" was refused, and so is what was meant, %s", text, start);
		*end = *behind;
	}
	expect_says(err, text);
}

static void try_prefix(const char *text)
{
	char written[CW_PREFIX_STRLEN + 1];
	struct cw_error err = { 0 };
	uint64_t prefix, again;

	if (cw_prefix_parse(text, &prefix, &err) < 0) {
		expect_meant(&err, text);
		return;
	}
	fuzz_expect(cw_prefix_valid(prefix) && !cw_prefix_group(prefix), "\"%s\" is no prefix: %#llx",
		    text, (unsigned long long)prefix);
	cw_prefix_format(prefix, written);
	fuzz_expect(cw_prefix_parse(written, &again, &err) == 0 && again == prefix,
		    "\"%s\" is written as %s", text, written);
	fuzz_expect_none(&err);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = fuzz_text(data, size);

	try_mac(text);
	try_prefix(text);
	free(text);
	return 0;
}
