// SPDX-License-Identifier: GPL-2.0-or-later
/* The kernel watched: its events, the module's going and coming, and the clock's jumps. */
#include <stdlib.h>
#include <syslog.h>

#include "daemon.h"

#define DRAIN_MS	2000	/* of events, before others are served */

#define JUMP_S	2	/* less is a correction */

static void say_status(const struct daemon *daemon)
{
	if (daemon->running)
		notify("STATUS=watching, policy of generation %u", daemon->generation);
	else
		notify("STATUS=waiting for %s", daemon->events ? "the clock to be set" :
		       "the kernel module");
}

/* A policy that is in force already; it is read after the events were subscribed to. */
static int find_policy(struct daemon *daemon, struct cw_error *err)
{
	struct cw_policy *policy = cw_client_read(daemon->client, err);
	struct cw_status status;

	if (!policy)
		return -1;
	if (cw_client_status(daemon->client, &status, err) < 0) {
		cw_policy_free(policy);
		return -1;
	}
	daemon->seq = status.event_seq;
	daemon->generation = policy->generation;
	pending_change(daemon, NULL, policy, NULL, NULL);
	return 0;
}

/* The run has to stand before what belongs to it, with what the kernel says at its beginning. */
static void begin_run(struct daemon *daemon, bool fresh)
{
	struct cw_moment now = moment_now();
	struct cw_error err = { 0 };
	struct cw_status status;

	if (!clock_plausible(&now)) {
		if (!daemon->clock_said)
			log_at(LOG_WARNING, "the clock shows a time before camwall existed: nothing is written until it is set");
		daemon->clock_said = true;
		return;
	}
	daemon->clock_said = false;
	if (cw_client_status(daemon->client, &status, &err) < 0) {
		log_error(LOG_WARNING, "the module does not answer", &err);
		return;
	}
	daemon->seq = status.event_seq;
	daemon->generation = status.generation;
	daemon->offset = now.time - now.boottime;
	pending_begin(daemon, fresh);
	daemon->running = true;
	if (find_policy(daemon, &err) < 0)
		log_error(LOG_WARNING, "the policy cannot be read", &err);
	record_sample(daemon);
}

static void end_run(struct daemon *daemon, const char *reason, const struct cw_moment *when)
{
	if (!daemon->running)
		return;
	pending_end(daemon, reason, when);
	daemon->running = false;
	record_flush(daemon);
}

static void close_kernel(struct daemon *daemon)
{
	cw_client_close(daemon->client);
	daemon->client = NULL;
}

static void on_loaded(struct daemon *daemon, bool fresh)
{
	struct cw_error err = { 0 };

	close_kernel(daemon);
	daemon->client = cw_client_open(NULL, &err);
	if (!daemon->client) {
		log_error(LOG_WARNING, "the module cannot be reached", &err);
		return;
	}
	nft_resync(daemon);
	begin_run(daemon, fresh);
}

static void on_unloaded(struct daemon *daemon)
{
	struct cw_moment now = moment_now();

	log_at(LOG_WARNING, "the kernel module was unloaded: nothing is enforced and nothing is seen until it is loaded again");
	if (daemon->running)
		pending_unloaded(daemon);
	end_run(daemon, "module", &now);
	close_kernel(daemon);
}

/* Who it was first: the process may end soon. And the next policy may be there soon. */
static void on_config(struct daemon *daemon, struct cw_event *event)
{
	struct cw_policy *policy = NULL;
	char *user, *process;

	who_applied(event->uid, event->portid, &user, &process);
	if (daemon->client)
		policy = cw_client_read(daemon->client, NULL);
	if (policy && policy->generation != event->generation) {
		cw_policy_free(policy);
		policy = NULL;
	}
	daemon->generation = event->generation;
	pending_change(daemon, event, policy, user, process);
	record_flush(daemon);
}

static void on_event(struct daemon *daemon, struct cw_event *event)
{
	if (event->lost && daemon->running) {
		log_at(LOG_WARNING, "%llu events were lost", (unsigned long long)event->lost);
		pending_lost(daemon, event->lost);
		daemon->resample = true;
	}
	if (event->seq)
		daemon->seq = event->seq;
	/* First: rules wait for it, and nobody waits for the log. */
	nft_event(daemon, event);
	log_event(event, daemon->identities);
	if (!daemon->running)
		return;
	if (event->type == CAMWALL_EVENT_CONFIG_CHANGED)
		on_config(daemon, event);
	else
		pending_event(daemon, event);
}

/* What was lost may have been anything: the inventory says how things are now. */
static void on_lost(struct daemon *daemon, uint64_t lost)
{
	log_at(LOG_WARNING, "%llu events were lost", (unsigned long long)lost);
	nft_resync(daemon);
	if (!daemon->running)
		return;
	pending_lost(daemon, lost);
	find_policy(daemon, NULL);
	daemon->resample = true;
}

/*
 * Under a flood there is always one more: others have to be served, too. What is left is taken
 * up again by the loop, without waiting.
 */
void watch_drain(struct daemon *daemon)
{
	int64_t until = now_ms() + DRAIN_MS;
	enum cw_events_result result;
	struct cw_error err = { 0 };
	struct cw_event event;

	do {
		result = daemon->events ? cw_events_next(daemon->events, &event, &err) : CW_EVENTS_NONE;
		if (result == CW_EVENTS_NONE)
			break;
		if (result == CW_EVENTS_EVENT)
			on_event(daemon, &event);
		else if (result == CW_EVENTS_LOST)
			on_lost(daemon, event.lost);
		else if (result == CW_EVENTS_UNLOADED)
			on_unloaded(daemon);
		else if (result == CW_EVENTS_LOADED)
			on_loaded(daemon, true);
		cw_event_clear(&event);
	} while (result != CW_EVENTS_FAILED && now_ms() < until);
	daemon->more = result != CW_EVENTS_NONE && result != CW_EVENTS_FAILED;
	if (result == CW_EVENTS_FAILED) {
		log_error(LOG_ERR, "listening to the kernel", &err);
		watch_stop(daemon, "unreachable");
	}
	say_status(daemon);
}

void watch_start(struct daemon *daemon)
{
	struct cw_error err = { 0 };

	if (daemon->running)
		return;
	if (!daemon->events) {
		daemon->events = cw_events_open(NULL, &err);
		if (!daemon->events) {
			if (!daemon->waiting_said)
				log_error(LOG_WARNING, "waiting for the kernel module", &err);
			cw_error_clear(&err);
			daemon->waiting_said = true;
			say_status(daemon);
			return;
		}
		daemon->waiting_said = false;
		if (loop_add(daemon, cw_events_fd(daemon->events), &err) < 0)
			log_error(LOG_ERR, "events", &err);
		on_loaded(daemon, false);
	} else if (daemon->client) {
		begin_run(daemon, false);
	}
	watch_drain(daemon);
}

void watch_stop(struct daemon *daemon, const char *reason)
{
	struct cw_moment now = moment_now();

	end_run(daemon, reason, &now);
	close_kernel(daemon);
	cw_events_close(daemon->events);
	daemon->events = NULL;
	cw_policy_free(daemon->policy);
	daemon->policy = NULL;
}

void watch_clock(struct daemon *daemon)
{
	struct cw_moment now = moment_now(), before = now;
	int64_t jump = now.time - now.boottime - daemon->offset;

	if (!daemon->running)
		return;
	if (llabs(jump) < JUMP_S) {
		daemon->offset += jump;
		return;
	}
	log_at(LOG_WARNING, "the clock jumped by %lld seconds", (long long)jump);
	before.time = now.boottime + daemon->offset;
	end_run(daemon, "clock", &before);
	begin_run(daemon, false);
	say_status(daemon);
}
