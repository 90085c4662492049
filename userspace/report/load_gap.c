// SPDX-License-Identifier: GPL-2.0-or-later
/* Loading a report: times in which nothing was watched, and how long they were. */
#include <stdlib.h>
#include <string.h>

#include "alloc.h"
#include "load.h"
#include "period.h"

#define EVENTS_LOST	"events-lost"
#define UNRECORDED	"devices-unrecorded"
#define DISK		"disk"

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

static int add_watch(void *ctx, const struct cw_history_run *run)
{
	struct load *load = ctx;
	struct report *report = load->report;

	report->watches = cw_array_room(report->watches, report->n_watches, sizeof(*report->watches));
	report->watches[report->n_watches++] = (struct report_watch){
		.site = load->site, .since = run->since, .until = run->until,
	};
	return 0;
}

/* --- How long nothing was watched ------------------------------------------------------ */

/** enum edge_of - of what an edge is; EDGE_DISK: a gap in the middle of a run */
enum edge_of {
	EDGE_GAP,
	EDGE_DISK,
	EDGE_WATCH,
	N_EDGES,
};

/** struct edge - where something begins, or ends; @step: 1 or -1 */
struct edge {
	uint64_t time;
	enum edge_of of;
	int step;
};

/** struct edges - those within a period */
struct edges {
	uint64_t since, until;
	struct edge *all;
	size_t n;
};

static void add_edges(struct edges *edges, enum edge_of of, uint64_t since, uint64_t until)
{
	since = since > edges->since ? since : edges->since;
	until = until < edges->until ? until : edges->until;
	if (until <= since)
		return;
	edges->all = cw_array_room(edges->all, edges->n, sizeof(*edges->all));
	edges->all[edges->n++] = (struct edge){ since, of, 1 };
	edges->all = cw_array_room(edges->all, edges->n, sizeof(*edges->all));
	edges->all[edges->n++] = (struct edge){ until, of, -1 };
}

static int by_edge(const void *a, const void *b)
{
	const struct edge *x = a, *y = b;

	return x->time < y->time ? -1 : x->time > y->time;
}

/*
 * A gap is from the end of one run to the beginning of the next, as the clock said then; where
 * that was wrong, it may lie over times in which another run did watch, or over another gap.
 */
uint64_t load_missed(const struct report *report, size_t site, uint64_t since, uint64_t until)
{
	struct edges edges = { .since = since, .until = until };
	int open[N_EDGES] = { 0 };
	uint64_t missed = 0;
	size_t i;

	for (i = 0; i < report->n_gaps; i++)
		if (report->gaps[i].site == site && report->gaps[i].blind)
			add_edges(&edges, strcmp(report->gaps[i].reason, DISK) == 0 ? EDGE_DISK : EDGE_GAP,
				  report->gaps[i].since, report->gaps[i].until);
	for (i = 0; i < report->n_watches; i++)
		if (report->watches[i].site == site)
			add_edges(&edges, EDGE_WATCH, report->watches[i].since, report->watches[i].until);
	LOAD_SORT(edges.all, edges.n, by_edge);
	for (i = 0; i < edges.n; i++) {
		if (i && (open[EDGE_DISK] || (open[EDGE_GAP] && !open[EDGE_WATCH])))
			missed += edges.all[i].time - edges.all[i - 1].time;
		open[edges.all[i].of] += edges.all[i].step;
	}
	free(edges.all);
	return missed;
}

int load_gaps(struct load *load, struct cw_error *err)
{
	struct report *report = load->report;
	struct report_site *site = &report->sites[load->site];
	size_t before = report->n_gaps;

	if (cw_history_runs(load->histories[load->site], report->since, report->until, add_watch, load, err) ||
	    cw_history_gaps(load->histories[load->site], report->since, report->until, add_gap, load, err) ||
	    cw_history_event_days(load->histories[load->site], report->since, report->until, add_unrecorded, load, err))
		return -1;
	LOAD_SORT(report->gaps + before, report->n_gaps - before, by_time);
	site->missed = load_missed(report, load->site, report->since, report->until);
	/* A history that was never written to has no gap between runs: none of it was watched. */
	if (!site->first)
		site->missed = report->until - report->since;
	site->watched = report->until - report->since - site->missed;
	return 0;
}
