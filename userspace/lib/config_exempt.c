// SPDX-License-Identifier: GPL-2.0-or-later
/* The configuration file: exemptions of single devices. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "alloc.h"
#include "config_private.h"
#include "text.h"
#include "timestamp.h"

#define GROUP_BIT	(1ULL << 40)	/* of a MAC address */

static struct cw_config_exemption *exemption_now(const struct cw_config_reader *reader)
{
	return &reader->report->exemptions[reader->report->n_exemptions - 1];
}

/* Takes over and clears @err. */
static int refuse(struct cw_config_reader *reader, int line, struct cw_error *err)
{
	cw_error_at(reader->err, reader->file, line, "%s", err->message);
	cw_error_clear(err);
	return -1;
}

/* A character that steers a terminal, or turns what stands behind it. */
static bool steers(const char *text)
{
	char *copy = cw_strdup(text);
	bool is = strcmp(cw_text_clean(copy), text) != 0;

	free(copy);
	return is;
}

int cw_config_text_check(const char *what, const char *text, size_t max, struct cw_error *err)
{
	const char *c;

	if (!*text)
		return cw_error_set(err, "%s is empty: write it, so that somebody can tell later", what);
	if (strlen(text) > max)
		return cw_error_set(err, "%s has %zu octets: shorten it to %zu", what, strlen(text), max);
	if (isspace((unsigned char)*text) || isspace((unsigned char)text[strlen(text) - 1]))
		return cw_error_set(err, "%s begins or ends with a space: take it out", what);
	for (c = text; *c; c++) {
		bool first = c == text || c[-1] == ' ';

		if (iscntrl((unsigned char)*c))
			return cw_error_set(err, "%s has a line end or another control character: take it out",
					    what);
		if (first && (*c == ';' || (*c == '#' && (c == text || !c[1] || c[1] == ' '))))
			return cw_error_set(err, "%s has a '%c' that would begin a comment in the file: take it out",
					    what, *c);
	}
	if (steers(text))
		return cw_error_set(err, "%s has an octet that is no UTF-8, or a character that cannot be seen and changes how others are shown: take it out",
				    what);
	return 0;
}

static int set_until(struct cw_config_reader *reader, int line, const char *value)
{
	struct cw_error err = { 0 };

	exemption_now(reader)->until_line = line;
	if (cw_timestamp_parse(value, &exemption_now(reader)->until, &err) < 0)
		return refuse(reader, line, &err);
	return 0;
}

static int set_text(struct cw_config_reader *reader, int line, const char *what,
		    const char *value, size_t max, char **text)
{
	struct cw_error err = { 0 };

	if (cw_config_text_check(what, value, max, &err) < 0)
		return refuse(reader, line, &err);
	*text = cw_strdup(value);
	return 0;
}

static int set_reason(struct cw_config_reader *reader, int line, const char *value)
{
	return set_text(reader, line, "the reason", value, CAMWALL_REASON_LEN,
			&exemption_now(reader)->reason);
}

static int set_approved_by(struct cw_config_reader *reader, int line, const char *value)
{
	return set_text(reader, line, "approved-by", value, CAMWALL_APPROVED_BY_LEN,
			&exemption_now(reader)->approved_by);
}

const struct cw_config_key cw_config_exempt_keys[] = {
	{ "until", false, set_until },
	{ "reason", false, set_reason },
	{ "approved-by", false, set_approved_by },
	{ 0 },
};

CW_CONFIG_KEYS_FIT(cw_config_exempt_keys);

int cw_config_begin_exempt(struct cw_config_reader *reader, int line, const char *argument)
{
	struct cw_config_report *report = reader->report;
	struct cw_error err = { 0 };
	uint64_t mac;

	if (!*argument)
		return cw_error_at(reader->err, reader->file, line,
				   "the exemption names no device: write [exempt MAC], as in [exempt 44:19:b6:12:34:56]");
	if (cw_mac_parse(argument, &mac, &err) < 0)
		return refuse(reader, line, &err);
	if (mac & GROUP_BIT)
		return cw_error_at(reader->err, reader->file, line,
				   "%s is a multicast address, and no device's: write the address of the device",
				   argument);
	report->exemptions = cw_array_room(report->exemptions, report->n_exemptions,
					   sizeof(*report->exemptions));
	report->exemptions[report->n_exemptions++] = (struct cw_config_exemption){
		.file = cw_strdup(reader->file), .line = line, .mac = mac,
	};
	reader->section_keys = cw_config_exempt_keys;
	reader->in_exemption = true;
	return 0;
}

int cw_config_end_section(struct cw_config_reader *reader)
{
	const struct cw_config_exemption *exemption;
	const char *missing;

	if (!reader->in_exemption)
		return 0;
	reader->in_exemption = false;
	exemption = exemption_now(reader);
	missing = !exemption->until_line ? "until = 2027-03-31T00:00:00Z" :
		  !exemption->reason ? "reason = contract ends, ticket 4711" :
		  !exemption->approved_by ? "approved-by = J. Doe" : NULL;
	if (!missing)
		return 0;
	return cw_error_at(reader->err, reader->file, exemption->line,
			   "the exemption has no %.*s: write for instance %s",
			   (int)strcspn(missing, " "), missing, missing);
}

/* By device, that which ends last at the end; those that are equal in the order of the files. */
static int compare_exemptions(const void *a, const void *b)
{
	const struct cw_config_exemption *x = *(const struct cw_config_exemption *const *)a;
	const struct cw_config_exemption *y = *(const struct cw_config_exemption *const *)b;

	if (x->mac != y->mac)
		return x->mac < y->mac ? -1 : 1;
	if (x->until != y->until)
		return x->until < y->until ? -1 : 1;
	return x < y ? -1 : x > y;
}

/* What "camwall save" has printed may stand beside what it was printed from. */
static bool says_the_same(const struct cw_config_exemption *a, const struct cw_config_exemption *b)
{
	return a->until == b->until && strcmp(a->reason, b->reason) == 0 &&
	       strcmp(a->approved_by, b->approved_by) == 0;
}

static int two_exemptions(struct cw_config_reader *reader, const struct cw_config_exemption *a,
			  const struct cw_config_exemption *b)
{
	char mac[CW_MAC_STRLEN + 1];

	cw_mac_format(b->mac, mac);
	if (!reader->clock_wrong)
		return cw_error_at(reader->err, b->file, b->line,
				   "%s has two exemptions that have not ended, the other is %s:%d: keep one of them",
				   mac, a->file, a->line);
	/* A gateway that boots without a clock has to get its policy all the same. */
	cw_config_warn(reader, cw_asprintf("%s:%d: %s has two exemptions, the other is %s:%d, and with this clock nobody knows which have ended: the one that ends last counts",
					   b->file, b->line, mac, a->file, a->line));
	return 0;
}

static void warn_unlisted(struct cw_config_reader *reader,
			  const struct cw_config_exemption *exemption)
{
	char mac[CW_MAC_STRLEN + 1];
	uint64_t prefix;

	if (exemption->ended ||
	    cw_policy_lookup(reader->policy, exemption->mac, &prefix, NULL) != 0)
		return;
	cw_config_warn(reader, cw_asprintf("%s:%d: %s is in no group, so that nothing is done with it and its exemption has no effect: compare the address with the device's",
					   exemption->file, exemption->line,
					   cw_mac_format(exemption->mac, mac)));
}

static int take_last(struct cw_config_reader *reader, struct cw_config_exemption **all, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++) {
		const struct cw_config_exemption *this = all[i], *next = i + 1 < n ? all[i + 1] : NULL;

		if (next && next->mac == this->mac) {
			if (!this->ended && !says_the_same(this, next) &&
			    two_exemptions(reader, this, next) < 0)
				return -1;
			continue;
		}
		warn_unlisted(reader, this);
		cw_policy_exemption_add(reader->policy, this->mac, this->until, this->reason,
					this->approved_by);
	}
	if (reader->policy->n_exemptions > CAMWALL_MAX_EXEMPTIONS)
		return cw_error_at(reader->err, all[n - 1]->file, 0,
				   "exemptions of %zu devices, the kernel takes %d: take out those that ended long ago",
				   reader->policy->n_exemptions, CAMWALL_MAX_EXEMPTIONS);
	return 0;
}

int cw_config_settle_exemptions(struct cw_config_reader *reader)
{
	struct cw_config_report *report = reader->report;
	struct cw_config_exemption **all;
	size_t i;
	int ret;

	if (!report->n_exemptions)
		return 0;
	all = cw_calloc(report->n_exemptions, sizeof(struct cw_config_exemption *));
	for (i = 0; i < report->n_exemptions; i++) {
		all[i] = &report->exemptions[i];
		all[i]->ended = all[i]->until <= reader->now;
	}
	qsort(all, report->n_exemptions, sizeof(struct cw_config_exemption *), compare_exemptions);
	ret = take_last(reader, all, report->n_exemptions);
	free(all);
	return ret;
}
