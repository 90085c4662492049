// SPDX-License-Identifier: GPL-2.0-or-later
/* Policies, exemptions and gaps of a period. */
#include <stdlib.h>
#include <string.h>

#include "alloc.h"
#include "load.h"
#include "period.h"

static char *who(const struct cw_history_policy *row)
{
	char *user, *text;

	if (!row->has_uid)
		return NULL;
	user = row->user ? cw_asprintf("%s (uid %u)", row->user, row->uid) : cw_asprintf("uid %u", row->uid);
	if (!row->process)
		return user;
	text = cw_asprintf("%s, by %s", user, row->process);
	free(user);
	return text;
}

static char *join(const char *const *lines, size_t n)
{
	char *text = NULL;
	size_t i;

	for (i = 0; i < n; i++) {
		char *longer = cw_asprintf("%s%s%s", text ?: "", text ? "\n" : "", lines[i]);

		free(text);
		text = longer;
	}
	return text;
}

static char *digest_text(const struct cw_digest *digest)
{
	char text[CW_DIGEST_STRLEN + 1];

	return digest->length ? cw_strdup(cw_digest_format(digest, text)) : NULL;
}

static int add_policy(void *ctx, const struct cw_history_policy *row)
{
	struct load *load = ctx;
	struct report *report = load->report;
	struct report_policy *policy;

	report->policies = cw_array_room(report->policies, report->n_policies, sizeof(*policy));
	policy = &report->policies[report->n_policies++];
	memset(policy, 0, sizeof(*policy));
	policy->site = load->site;
	policy->since = row->since;
	policy->until = row->until;
	policy->generation = row->generation;
	policy->exact = strcmp(row->source, "event") == 0;
	policy->who = who(row);
	policy->file = row->file ? cw_strdup(row->file) : NULL;
	policy->digest = digest_text(&row->digest);
	policy->summary = row->text ? load_actions(row->text) : NULL;
	policy->changes = join(row->changes, row->n_changes);
	return 0;
}

/* Of a summary, "NAME: what it does" a line. */
static void set_actions(struct report *report, const char *summary)
{
	while (summary && *summary) {
		size_t length = strcspn(summary, "\n"), name = strcspn(summary, ":");

		if (name + 2 < length) {
			char *group = cw_strndup(summary, name);
			size_t index = load_group(report, group);

			if (!report->groups[index].action)
				report->groups[index].action = cw_strndup(summary + name + 2, length - name - 2);
			free(group);
		}
		summary += length + (summary[length] == '\n');
	}
}

int load_policies(struct load *load, struct cw_error *err)
{
	struct report *report = load->report;
	size_t before = report->n_policies;
	const struct report_policy *last;

	if (cw_history_policies(load->histories[load->site], report->since, report->until, add_policy, load, err))
		return -1;
	if (report->n_policies == before)
		return 0;
	last = &report->policies[report->n_policies - 1];
	if (!last->until || last->until >= load_end(report, load->site))
		set_actions(report, last->summary);
	return 0;
}

static enum report_end end_of(const char *how)
{
	enum report_end end;

	for (end = REPORT_END_NOT; how && end < REPORT_END_UNKNOWN; end++)
		if (strcmp(report_end_name(end), how) == 0)
			return end;
	return REPORT_END_UNKNOWN;
}

static int add_exemption(void *ctx, const struct cw_history_exemption *row)
{
	struct load *load = ctx;
	struct report *report = load->report;
	struct report_exemption *exemption;
	bool ended = row->ended && (uint64_t)row->ended < report->until;

	report->exemptions = cw_array_room(report->exemptions, report->n_exemptions, sizeof(*exemption));
	exemption = &report->exemptions[report->n_exemptions++];
	*exemption = (struct report_exemption){
		.site = load->site, .mac = row->mac, .since = row->since, .until = row->until,
		.ended = ended ? row->ended : 0, .how = ended ? end_of(row->how) : REPORT_END_NOT,
		.reason = row->reason ? cw_strdup(row->reason) : NULL,
		.approved_by = row->approved_by ? cw_strdup(row->approved_by) : NULL,
	};
	return 0;
}

int load_exemptions(struct load *load, struct cw_error *err)
{
	return cw_history_exemptions(load->histories[load->site], load->report->since, load->report->until,
				     add_exemption, load, err);
}

#define EVENTS_LOST	"events-lost"
#define UNRECORDED	"devices-unrecorded"

static struct report_gap *new_gap(struct load *load, const char *reason)
{
	struct report *report = load->report;
	struct report_gap *gap;

	report->gaps = cw_array_room(report->gaps, report->n_gaps, sizeof(*gap));
	gap = &report->gaps[report->n_gaps++];
	memset(gap, 0, sizeof(*gap));
	gap->site = load->site;
	gap->reason = cw_strdup(reason);
	return gap;
}

static int add_gap(void *ctx, const struct cw_history_gap *row)
{
	struct report_gap *gap = new_gap(ctx, row->reason ?: "");

	gap->since = row->since;
	gap->until = row->until;
	gap->seconds = row->seconds;
	gap->lost = row->count;
	gap->blind = strcmp(gap->reason, EVENTS_LOST) != 0;
	return 0;
}

/* Too many new addresses on a day, as a flood makes them, are counted and not listed. */
static int add_unrecorded(void *ctx, const struct cw_history_event_day *day)
{
	struct report_gap *gap;

	if (day->type != CW_HISTORY_DEVICES_UNRECORDED)
		return 0;
	gap = new_gap(ctx, UNRECORDED);
	gap->since = day->start;
	gap->until = day->start + PERIOD_DAY;
	gap->seconds = PERIOD_DAY;
	gap->lost = day->count;
	return 0;
}

static int by_time(const void *a, const void *b)
{
	const struct report_gap *x = a, *y = b;

	if (x->since != y->since)
		return x->since < y->since ? -1 : 1;
	return strcmp(x->reason, y->reason);
}

/* By the clock, as far as it lies in the period. */
static uint64_t within(const struct report *report, const struct report_gap *gap)
{
	uint64_t since = gap->since > report->since ? gap->since : report->since;
	uint64_t until = gap->until < report->until ? gap->until : report->until;

	return gap->blind && until > since ? until - since : 0;
}

int load_gaps(struct load *load, struct cw_error *err)
{
	struct report *report = load->report;
	struct report_site *site = &report->sites[load->site];
	size_t before = report->n_gaps, i;

	if (cw_history_gaps(load->histories[load->site], report->since, report->until, add_gap, load, err) ||
	    cw_history_event_days(load->histories[load->site], report->since, report->until, add_unrecorded, load, err))
		return -1;
	LOAD_SORT(report->gaps + before, report->n_gaps - before, by_time);
	for (i = before; i < report->n_gaps; i++)
		site->missed += within(report, &report->gaps[i]);
	/* A history that was never written to has no gap between runs: none of it was watched. */
	if (!site->first)
		site->missed = report->until - report->since;
	site->watched = report->until - report->since - site->missed;
	return 0;
}
