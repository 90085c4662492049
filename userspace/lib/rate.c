// SPDX-License-Identifier: GPL-2.0-or-later
/* Limits as text: "200 packets/s burst 400", "4 mbit/s". */
#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "rate.h"

#define SPACES			" \t"
#define BURST_MIN_PACKETS	32
#define BURST_MIN_BITS		(64 * 1024 * 8)
#define BURST_MAX_SECONDS	3600	/* of the rate; the kernel takes less than that */

#define EXAMPLES	"write for instance 200 packets/s, 4 mbit/s, or 200 packets/s burst 400"

/** struct unit - a word for an amount */
struct unit {
	const char *name;
	enum camwall_limit_unit unit;
	uint64_t factor;
};

/* Largest first: what a number is written in. */
static const struct unit units[] = {
	{ "gbit", CAMWALL_LIMIT_UNIT_BITS, 1000000000 },
	{ "mbit", CAMWALL_LIMIT_UNIT_BITS, 1000000 },
	{ "kbit", CAMWALL_LIMIT_UNIT_BITS, 1000 },
	{ "bit", CAMWALL_LIMIT_UNIT_BITS, 1 },
	{ "packets", CAMWALL_LIMIT_UNIT_PACKETS, 1 },
	{ "packet", CAMWALL_LIMIT_UNIT_PACKETS, 1 },
};

#define N_UNITS (sizeof(units) / sizeof(units[0]))

static const struct unit *find_unit(const char *word, size_t length)
{
	size_t i;

	for (i = 0; i < N_UNITS; i++)
		if (strlen(units[i].name) == length && strncasecmp(units[i].name, word, length) == 0)
			return &units[i];
	return NULL;
}

static const char *skip_spaces(const char *text)
{
	return text + strspn(text, SPACES);
}

/* A number and what it counts; NULL where no unit stands there. */
static int take_amount(const char **text, const char *suffix, uint64_t *number,
		       const struct unit **unit, struct cw_error *err)
{
	const char *word = skip_spaces(*text);
	size_t length;
	char *end;

	errno = 0;
	*number = strtoull(word, &end, 10);
	if (!isdigit((unsigned char)*word) || errno)
		return cw_error_set(err, "\"%s\" does not begin with a number: " EXAMPLES, word);
	if (*end == '.' || *end == ',')
		return cw_error_set(err, "\"%s\" is no whole number: write it in a smaller unit, as in 1500 kbit/s",
				    word);
	word = skip_spaces(end);
	length = strcspn(word, SPACES "/");
	*unit = find_unit(word, length);
	if (length && (!*unit || strncasecmp(word + length, suffix, strlen(suffix)) != 0 ||
		       !strchr(SPACES, word[length + strlen(suffix)])))
		return cw_error_set(err, "\"%s\" is no unit here: there are packets%s, bit%s, kbit%s, mbit%s and gbit%s",
				    word, suffix, suffix, suffix, suffix, suffix);
	*text = skip_spaces(word + length + (length ? strlen(suffix) : 0));
	return 0;
}

static int take_rate(const char **text, struct cw_policy_limit *limit, struct cw_error *err)
{
	const struct unit *unit;
	uint64_t number;

	if (take_amount(text, "/s", &number, &unit, err) < 0)
		return -1;
	if (!unit)
		return cw_error_set(err, "a rate has a unit: " EXAMPLES);
	if (!number)
		return cw_error_set(err, "a rate of 0 lets nothing pass: write action = drop, or a rate");
	if (number > CAMWALL_MAX_RATE / unit->factor)
		return cw_error_set(err, "%" PRIu64 " %s/s is more than the kernel takes: choose %" PRIu64 " %s/s at most",
				    number, unit->name, (uint64_t)CAMWALL_MAX_RATE / unit->factor,
				    unit->name);
	limit->unit = unit->unit;
	limit->rate = number * unit->factor;
	return 0;
}

/* Of a very small rate the least burst would be over an hour of it. */
static uint64_t default_burst(const struct cw_policy_limit *limit)
{
	uint64_t least = limit->unit == CAMWALL_LIMIT_UNIT_BITS ? BURST_MIN_BITS : BURST_MIN_PACKETS;
	uint64_t most = limit->rate * BURST_MAX_SECONDS - 1;

	if (limit->rate >= least)
		return limit->rate;
	return least < most ? least : most;
}

static int take_burst(const char **text, struct cw_policy_limit *limit, struct cw_error *err)
{
	uint64_t number, most = limit->rate * BURST_MAX_SECONDS - 1;
	const struct unit *unit;

	if (take_amount(text, "", &number, &unit, err) < 0)
		return -1;
	if (!unit && limit->unit == CAMWALL_LIMIT_UNIT_BITS)
		return cw_error_set(err, "the burst has no unit: write for instance burst %" PRIu64 " kbit",
				    number);
	if (unit && unit->unit != limit->unit)
		return cw_error_set(err, "the burst is in %ss and the rate is not: write both in packets, or both in bits",
				    unit->unit == CAMWALL_LIMIT_UNIT_BITS ? "bit" : "packet");
	if (!number)
		return cw_error_set(err, "a burst of 0 lets nothing pass: leave it out, or write one");
	if (number > most / (unit ? unit->factor : 1))
		return cw_error_set(err, "the burst is what an hour or more of the rate gives: choose less than %u seconds of it",
				    BURST_MAX_SECONDS);
	limit->burst = number * (unit ? unit->factor : 1);
	return 0;
}

int cw_rate_parse(const char *text, struct cw_policy_limit *limit, struct cw_error *err)
{
	static const char word[] = "burst";
	const char *rest = text;

	memset(limit, 0, sizeof(*limit));
	if (take_rate(&rest, limit, err) < 0)
		return -1;
	limit->burst = default_burst(limit);
	if (strncmp(rest, word, strlen(word)) == 0 && strchr(SPACES, rest[strlen(word)])) {
		rest += strlen(word);
		if (take_burst(&rest, limit, err) < 0)
			return -1;
	}
	if (*rest)
		return cw_error_set(err, "\"%s\" is not understood: " EXAMPLES, rest);
	return 0;
}

static const struct unit *best_unit(enum camwall_limit_unit kind, uint64_t amount)
{
	size_t i;

	for (i = 0; i < N_UNITS; i++)
		if (units[i].unit == kind && amount % units[i].factor == 0)
			return &units[i];
	return &units[N_UNITS - 1];
}

char *cw_rate_format(const struct cw_policy_limit *limit, char buf[static CW_RATE_STRLEN + 1])
{
	const struct unit *rate = best_unit(limit->unit, limit->rate);
	const struct unit *burst = best_unit(limit->unit, limit->burst);

	snprintf(buf, CW_RATE_STRLEN + 1, "%" PRIu64 " %s/s burst %" PRIu64 " %s",
		 limit->rate / rate->factor, rate->name, limit->burst / burst->factor, burst->name);
	return buf;
}
