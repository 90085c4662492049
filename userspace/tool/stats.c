// SPDX-License-Identifier: GPL-2.0-or-later
/* camwall stats: what was seen of each group, in each direction, and what was dropped, and why. */
#include <inttypes.h>
#include <stdio.h>
#include <time.h>

#include "output.h"
#include "watch.h"

#define NS_PER_SECOND	1e9

static const char *watch_argument;

/**
 * struct stats - what is shown, again and again with --watch
 * @before: what was shown last; NULL at first, and without --watch
 * @then: when that was read, by the monotonic clock
 * @seconds: from then to now
 */
struct stats {
	const struct tool *tool;
	struct cw_client *client;
	struct cw_policy *before;
	struct timespec then;
	double seconds;
};

/** struct rates - of one direction, a second; @known: false at first, and where a group is new */
struct rates {
	bool known;
	double packets, bits, dropped;
};

static struct rates rates_of(const struct stats *stats, const struct cw_policy_counters *was,
			     const struct cw_policy_counters *is)
{
	struct rates rates = { 0 };

	/* Counters that have become smaller are those of a module that was loaded again. */
	if (!was || stats->seconds <= 0 || is->packets < was->packets || is->bytes < was->bytes ||
	    is->dropped < was->dropped)
		return rates;
	rates.known = true;
	rates.packets = (is->packets - was->packets) / stats->seconds;
	rates.bits = 8 * (is->bytes - was->bytes) / stats->seconds;
	rates.dropped = (is->dropped - was->dropped) / stats->seconds;
	return rates;
}

static const struct cw_policy_group *group_before(const struct stats *stats,
						  const struct cw_policy_group *group)
{
	int index = stats->before ? cw_policy_group_find(stats->before, group->name) : -1;

	return index < 0 ? NULL : &stats->before->groups[index];
}

static json_t *rates_json(const struct stats *stats, const struct cw_policy_counters *was,
			  const struct cw_policy_counters *is)
{
	struct rates rates = rates_of(stats, was, is);

	if (!rates.known)
		return json_null();
	return json_pack("{s:f, s:f, s:f}", "packets", rates.packets, "bits", rates.bits,
			 "dropped", rates.dropped);
}

/* Beside "from" its first three keys stand by themselves, as they did before there was a "to". */
static json_t *group_json(const struct stats *stats, const struct cw_policy_group *group)
{
	const struct cw_policy_group *was = group_before(stats, group);
	json_t *json;

	json = json_pack("{s:o, s:s, s:I, s:I, s:I, s:o, s:o}",
			 "group", json_text(group->name),
			 "action", cw_action_name(group->action),
			 "packets", (json_int_t)group->from.packets,
			 "bytes", (json_int_t)group->from.bytes,
			 "dropped", (json_int_t)group->from.dropped,
			 "from", cw_json_counters(&group->from),
			 "to", cw_json_counters(&group->to));
	if (!watch_argument)
		return json;
	json_object_set_new(json, "from_rate",
			    rates_json(stats, was ? &was->from : NULL, &group->from));
	json_object_set_new(json, "to_rate", rates_json(stats, was ? &was->to : NULL, &group->to));
	return json;
}

static void print_json(const struct stats *stats, const struct cw_policy *policy, FILE *out)
{
	json_t *json = json_array();
	size_t i;

	for (i = 0; i < policy->n_groups; i++)
		json_array_append_new(json, group_json(stats, &policy->groups[i]));
	json_end_to(stats->tool, json, out);
}

static void rate_cells(struct table *table, const struct rates *rates)
{
	char size[TEXT_LEN];

	if (!rates->known) {
		table_cell(table, "-");
		table_cell(table, "-");
		table_cell(table, "-");
		return;
	}
	table_cell(table, "%.0f", rates->packets);
	table_cell(table, "%s", bits_text(rates->bits, size));
	table_cell(table, "%.0f", rates->dropped);
}

static void print_counters(struct table *table, const struct cw_policy_group *group,
			   const char *direction, const struct cw_policy_counters *counters)
{
	char size[TEXT_LEN];

	table_cell(table, "%s", group->name);
	table_cell(table, "%s", cw_action_name(group->action));
	table_cell(table, "%s", direction);
	table_cell(table, "%" PRIu64, counters->packets);
	table_cell(table, "%s", size_text(counters->bytes, size));
	table_cell(table, "%" PRIu64, counters->dropped);
	table_cell(table, "%" PRIu64, counters->dropped_policy);
	table_cell(table, "%" PRIu64, counters->dropped_not_allowed);
	table_cell(table, "%" PRIu64, counters->dropped_limit);
	table_cell(table, "%" PRIu64, counters->dropped_malformed);
}

static void print_direction(struct table *table, const struct stats *stats,
			    const struct cw_policy_group *group, const char *direction,
			    const struct cw_policy_counters *was,
			    const struct cw_policy_counters *is)
{
	struct rates rates = rates_of(stats, was, is);

	print_counters(table, group, direction, is);
	if (watch_argument)
		rate_cells(table, &rates);
}

static void print_stats(const struct stats *stats, const struct cw_policy *policy, FILE *out)
{
	static const char *const totals[] = {
		"GROUP", "ACTION", "DIRECTION", ">PACKETS", ">BYTES", ">DROPPED", ">POLICY",
		">NOT ALLOWED", ">LIMIT", ">MALFORMED", NULL
	}, *const with_rates[] = {
		"GROUP", "ACTION", "DIRECTION", ">PACKETS", ">BYTES", ">DROPPED", ">POLICY",
		">NOT ALLOWED", ">LIMIT", ">MALFORMED", ">PACKETS/S", ">RATE", ">DROPPED/S", NULL
	};
	struct table *table = table_new(watch_argument ? with_rates : totals);
	size_t i;

	for (i = 0; i < policy->n_groups; i++) {
		const struct cw_policy_group *group = &policy->groups[i];
		const struct cw_policy_group *was = group_before(stats, group);

		print_direction(table, stats, group, "from", was ? &was->from : NULL, &group->from);
		print_direction(table, stats, group, "to", was ? &was->to : NULL, &group->to);
	}
	table_end_to(table, out);
}

/* watch_draw_fn */
static enum tool_status draw(void *ctx, FILE *out)
{
	struct stats *stats = ctx;
	struct cw_error err = { 0 };
	struct cw_policy *policy;
	struct timespec now;

	policy = cw_client_read(stats->client, &err);
	if (!policy)
		return tool_error(&err);
	clock_gettime(CLOCK_MONOTONIC, &now);
	stats->seconds = now.tv_sec - stats->then.tv_sec +
			 (now.tv_nsec - stats->then.tv_nsec) / NS_PER_SECOND;
	stats->then = now;
	if (stats->tool->json)
		print_json(stats, policy, out);
	else
		print_stats(stats, policy, out);
	cw_policy_free(stats->before);
	stats->before = policy;
	return TOOL_DONE;
}

static enum tool_status stats_run(const struct tool *tool, int argc, char **argv)
{
	struct stats stats = { .tool = tool };
	enum tool_status status = TOOL_DONE;
	int ms = 0;

	if (argc)
		return tool_usage(&stats_command, "no argument is taken, not %s", argv[0]);
	if (watch_argument)
		status = watch_seconds(&stats_command, watch_argument, &ms);
	if (status != TOOL_DONE)
		return status;
	stats.client = tool_client(tool);
	if (!stats.client)
		return TOOL_FAILED;
	status = watch_argument ? watch_run(ms, tool->json, draw, &stats) : draw(&stats, stdout);
	cw_policy_free(stats.before);
	cw_client_close(stats.client);
	return status;
}

static const struct tool_option stats_options[] = {
	{ 0, "watch", "[SECONDS]", "show it again every SECONDS, 2 where not given", NULL, &watch_argument },
	{ 0 },
};

const struct tool_command stats_command = {
	.name = "stats",
	.arguments = "[--watch [SECONDS]]",
	.summary = "show what was seen of each group, and what was dropped",
	.help = "Show packets and bytes that came from the devices of each group, and that went\n"
		"to them, since the group exists; how many of the packets were dropped, and of\n"
		"those how many because the action is drop (policy), because the allow list does\n"
		"not name the peer, because they were above the limit, and because their headers\n"
		"cannot be true (malformed).\n\n"
		"With --watch the picture is refreshed in place, and has how many packets, bits\n"
		"and dropped packets there were a second since the last one.\n",
	.options = stats_options,
	.run = stats_run,
};
