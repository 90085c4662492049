// SPDX-License-Identifier: GPL-2.0-or-later
/* What has been heard and is not written yet: kept until the database has taken it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <syslog.h>

#include "alloc.h"
#include "daemon.h"
#include "readfile.h"

/* While the database cannot be written: then events are counted instead. */
#define EVENTS_MAX	65536
#define POLICIES_MAX	64

/* A flood is written before the interval is over. */
#define EVENTS_AT_ONCE	4096

static struct pending *add(struct daemon *daemon, enum pending_kind kind)
{
	struct record *record = &daemon->record;
	struct pending *new;

	record->queue = cw_array_room(record->queue, record->n, sizeof(*record->queue));
	new = &record->queue[record->n++];
	*new = (struct pending){
		.kind = kind,
		.when = moment_now(),
		.seq = daemon->seq,
		.generation = daemon->generation,
	};
	return new;
}

static void move_event(struct pending *pending, struct cw_event *event)
{
	pending->event = *event;
	event->exemption.reason = NULL;
	event->exemption.approved_by = NULL;
}

void pending_event(struct daemon *daemon, struct cw_event *event)
{
	struct record *record = &daemon->record;

	if (record->n >= EVENTS_MAX) {
		record->dropped++;
		return;
	}
	move_event(add(daemon, PENDING_EVENT), event);
	/* An exemption's end is for an auditor: it does not wait. */
	if (event->type == CAMWALL_EVENT_EXEMPTION_ENDED ||
	    event->type == CAMWALL_EVENT_DEVICES_FLUSHED ||
	    (record->n % EVENTS_AT_ONCE == 0))
		record_flush(daemon);
}

/* A flood loses them again and again: that is one thing to be written. */
void pending_lost(struct daemon *daemon, uint64_t lost)
{
	struct record *record = &daemon->record;

	if (record->n && record->queue[record->n - 1].kind == PENDING_LOST)
		record->queue[record->n - 1].lost += lost;
	else if (record->n >= EVENTS_MAX)
		record->dropped += lost;
	else
		add(daemon, PENDING_LOST)->lost = lost;
}

void pending_unloaded(struct daemon *daemon)
{
	add(daemon, PENDING_UNLOADED);
}

/*
 * It waits for the interval: where others and camwalld quarrel, a disk that is slow must not hold up the
 * next repair.
 */
void pending_repaired(struct daemon *daemon)
{
	if (daemon->record.n >= EVENTS_MAX) {
		daemon->record.dropped++;
		return;
	}
	add(daemon, PENDING_REPAIRED);
}

void pending_begin(struct daemon *daemon, bool fresh)
{
	add(daemon, PENDING_BEGIN)->fresh = fresh;
}

void pending_end(struct daemon *daemon, const char *reason, const struct cw_moment *when)
{
	struct pending *new = add(daemon, PENDING_END);

	new->reason = reason;
	new->when = *when;
}

/* The configuration file, where it is the one that this digest was made of. */
static char *file_of(const struct daemon *daemon, const struct cw_digest *digest)
{
	FILE *stream = digest->length ? fopen(daemon->options.config, "re") : NULL;
	struct cw_digest now = { .length = 0 };
	size_t length;
	char *text;

	if (!stream)
		return NULL;
	text = cw_read_stream(stream, &length);
	fclose(stream);
	if (text)
		cw_digest_of(text, length, &now);
	free(text);
	return cw_digest_equal(&now, digest) ? cw_strdup(daemon->options.config) : NULL;
}

static void fill_from_event(struct pending *pending, const struct cw_event *event)
{
	struct cw_history_change *change = &pending->change;

	change->generation = event->generation;
	change->time = event->time / 1000000000;
	change->digest = event->digest;
	change->group_count = event->group_count;
	change->prefix_count = event->prefix_count;
	change->exemption_count = event->exemption_count;
	change->has_uid = true;
	change->uid = event->uid;
	change->portid = event->portid;
}

void pending_change(struct daemon *daemon, struct cw_event *event, struct cw_policy *policy,
		    char *user, char *process)
{
	struct record *record = &daemon->record;
	struct pending *pending = add(daemon, PENDING_CHANGE);
	struct cw_history_change *change = &pending->change;

	if (event) {
		fill_from_event(pending, event);
		move_event(pending, event);
	} else {
		change->found = true;
		change->generation = policy->generation;
		change->time = pending->when.time;
		change->digest = policy->digest;
	}
	pending->file = file_of(daemon, &change->digest);
	if (policy && record->n_policies < POLICIES_MAX) {
		pending->policy = policy;
		record->n_policies++;
	} else {
		cw_policy_free(policy);
	}
	pending->user = user;
	pending->process = process;
	change->policy = pending->policy;
	change->file = pending->file;
	change->user = pending->user;
	change->process = pending->process;
}

void pending_clear(struct record *record)
{
	size_t i;

	for (i = 0; i < record->n; i++) {
		struct pending *pending = &record->queue[i];

		cw_event_clear(&pending->event);
		cw_policy_free(pending->policy);
		free(pending->file);
		free(pending->user);
		free(pending->process);
	}
	free(record->queue);
	record->queue = NULL;
	record->n = 0;
	record->n_policies = 0;
}
