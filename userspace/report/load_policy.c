// SPDX-License-Identifier: GPL-2.0-or-later
/* Policies and exemptions of a period. */
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
