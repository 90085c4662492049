// SPDX-License-Identifier: GPL-2.0-or-later
/* Values of keys: moments, durations, limits, peers. What is written is read back as the same. */
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "peer.h"
#include "rate.h"
#include "timestamp.h"

static void expect_error(struct cw_error *err)
{
	fuzz_expect(err->message, "refused without an error");
	cw_error_clear(err);
}

static void try_moment(const char *text)
{
	char written[CW_TIMESTAMP_STRLEN + 1];
	struct cw_error err = { 0 };
	uint64_t seconds, again;

	if (cw_timestamp_parse(text, &seconds, &err) < 0) {
		expect_error(&err);
		return;
	}
	cw_timestamp_format(seconds, written);
	fuzz_expect(cw_timestamp_parse(written, &again, &err) == 0 && again == seconds,
		    "\"%s\" is written as %s", text, written);
	fuzz_expect_none(&err);
}

static void try_duration(const char *text)
{
	struct cw_error err = { 0 };
	char age[CW_AGE_STRLEN + 1];
	uint64_t seconds;

	if (cw_duration_parse(text, &seconds, &err) < 0) {
		expect_error(&err);
		return;
	}
	fuzz_expect_none(&err);
	fuzz_expect(*cw_age_format(seconds, age), "an age that says nothing");
}

static void try_rate(const char *text)
{
	struct cw_policy_limit limit, again;
	char written[CW_RATE_STRLEN + 1];
	struct cw_error err = { 0 };

	if (cw_rate_parse(text, &limit, &err) < 0) {
		expect_error(&err);
		return;
	}
	cw_rate_format(&limit, written);
	fuzz_expect(cw_rate_parse(written, &again, &err) == 0 && again.rate == limit.rate &&
		    again.burst == limit.burst && again.unit == limit.unit,
		    "\"%s\" is written as \"%s\"", text, written);
	fuzz_expect(limit.rate && limit.burst, "\"%s\" is a limit that lets nothing pass", text);
	fuzz_expect_none(&err);
}

static void try_peer(const char *text)
{
	struct cw_policy_allow allow, again;
	char written[CW_PEER_STRLEN + 1];
	struct cw_error err = { 0 };

	if (cw_peer_parse(text, &allow, &err) < 0) {
		expect_error(&err);
		return;
	}
	cw_peer_format(&allow, written);
	fuzz_expect(cw_peer_parse(written, &again, &err) == 0 && cw_peer_same(&allow, &again),
		    "\"%s\" is written as \"%s\"", text, written);
	fuzz_expect(!allow.has_ports || allow.port_min <= allow.port_max, "ports in no order");
	fuzz_expect_none(&err);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = fuzz_text(data, size);

	try_moment(text);
	try_duration(text);
	try_rate(text);
	try_peer(text);
	free(text);
	return 0;
}
