// SPDX-License-Identifier: GPL-2.0-or-later
/* From what was heard to the history: one transaction an interval, again where it failed. */
#include <libgen.h>
#include <stdlib.h>
#include <string.h>
#include <sys/statvfs.h>
#include <sys/utsname.h>
#include <syslog.h>

#include "alloc.h"
#include "daemon.h"
#include "lease.h"
#include "neighbour.h"

#define DAY			86400LL
#define HOUR			3600
#define HOUR_RETENTION		(35 * DAY)
#define SAMPLE_RETENTION	DAY
#define NEW_DEVICES_FACTOR	4	/* of the inventory's bound, on one day */
#define FULL_OCTETS		(256ULL * 1024)

/**
 * struct sample - what the kernel says now
 * @ports: for each device, what cw_history_write_sample() wants
 */
struct sample {
	struct cw_device *devices;
	size_t n;
	const char **ports;
	struct cw_neighbours neighbours;
	struct cw_leases leases;
};

static void on_evidence(void *ctx, uint64_t mac, struct cw_history_evidence *evidence)
{
	const struct daemon *daemon = ctx;
	const struct cw_registry *registry = daemon->identities->registry;
	struct cw_identity identity = cw_identity_find(daemon->identities, mac);

	/* What matched is a prefix of the policy; whose it is, registry and pack say. */
	if (!daemon->policy || cw_policy_lookup(daemon->policy, mac, &evidence->prefix, NULL) <= 0)
		evidence->prefix = identity.prefix;
	if (identity.pack) {
		evidence->pack = identity.pack->name;
		evidence->pack_title = identity.pack->title;
		evidence->pack_date = identity.pack->date;
	}
	if (identity.organization && registry) {
		evidence->organization = identity.organization;
		evidence->registry_edition = registry->edition;
		evidence->registry_dir = registry->dir;
	}
}

static struct cw_history_limits limits_of(const struct daemon *daemon)
{
	uint32_t devices = daemon->policy ? daemon->policy->max_devices : CAMWALL_DEVICES_DEFAULT;

	return (struct cw_history_limits){
		.retention = daemon->settings.retention,
		.hour_retention = daemon->settings.retention > HOUR_RETENTION ?
				  HOUR_RETENTION : daemon->settings.retention,
		.sample_retention = SAMPLE_RETENTION,
		.new_devices = (uint64_t)devices * NEW_DEVICES_FACTOR,
	};
}

static int describe(struct daemon *daemon, const struct cw_moment *now, struct cw_error *err)
{
	struct cw_history_limits limits = limits_of(daemon);
	struct utsname names = { 0 };

	uname(&names);
	return cw_history_describe(daemon->record.history, daemon->settings.site, names.nodename,
				   &limits, now, err);
}

static int write_begin(struct daemon *daemon, const struct pending *pending, struct cw_error *err)
{
	const struct cw_registry *registry = daemon->identities->registry;
	struct cw_status status = { .version = "" };
	struct utsname names = { 0 };
	struct cw_history_run run = {
		.interval = daemon->settings.interval,
		.boot_id = daemon->boot_id,
		.kernel = names.release,
		.module_version = status.version,
		.daemon_version = CAMWALL_VERSION,
		.host = names.nodename,
		.site = daemon->settings.site,
		.registry_edition = registry ? registry->edition : 0,
		.registry_dir = registry ? registry->dir : "",
	};

	uname(&names);
	if (daemon->client)
		cw_client_status(daemon->client, &status, NULL);
	if (describe(daemon, &pending->when, err) < 0)
		return -1;
	return cw_history_run_begin(daemon->record.history, &run, pending->seq, pending->generation,
				    pending->fresh, &pending->when, err);
}

static int write_end(struct daemon *daemon, const struct pending *pending, struct cw_error *err)
{
	struct cw_history *history = daemon->record.history;

	if (cw_history_run_extend(history, pending->seq, pending->generation, &pending->when, err) < 0)
		return -1;
	return cw_history_run_end(history, pending->reason, err);
}

static int write_change(struct daemon *daemon, const struct pending *pending, struct cw_error *err)
{
	struct cw_history *history = daemon->record.history;
	int64_t id;

	if (cw_history_write_policy(history, &pending->change, &id, err) < 0)
		return -1;
	if (pending->change.found)
		return 0;
	return cw_history_write_event(history, &pending->event, id, &pending->when, err);
}

static int write_event(struct daemon *daemon, const struct pending *pending, struct cw_error *err)
{
	struct cw_history *history = daemon->record.history;
	int64_t id = 0;

	if (pending->event.type == CAMWALL_EVENT_EXEMPTION_ENDED &&
	    cw_history_write_expired(history, &pending->event.exemption, &id, err) < 0)
		return -1;
	return cw_history_write_event(history, &pending->event, id, &pending->when, err);
}

static int write_pending(struct daemon *daemon, const struct pending *pending,
			 struct cw_error *err)
{
	struct cw_history *history = daemon->record.history;

	switch (pending->kind) {
	case PENDING_BEGIN:
		return write_begin(daemon, pending, err);
	case PENDING_END:
		return write_end(daemon, pending, err);
	case PENDING_EVENT:
		return write_event(daemon, pending, err);
	case PENDING_CHANGE:
		return write_change(daemon, pending, err);
	case PENDING_LOST:
		return cw_history_write_lost(history, pending->lost, &pending->when, err);
	case PENDING_UNLOADED:
		return cw_history_write_unloaded(history, &pending->when, err);
	case PENDING_REPAIRED:
		return cw_history_write_repaired(history, &pending->when, err);
	}
	return 0;
}

static int write_queue(struct daemon *daemon, const struct cw_moment *now, struct cw_error *err)
{
	struct record *record = &daemon->record;
	size_t i;

	for (i = 0; i < record->n; i++)
		if (write_pending(daemon, &record->queue[i], err) < 0)
			return -1;
	if (record->failing &&
	    cw_history_write_stopped(record->history, record->failing_since, record->dropped, now,
				     err) < 0)
		return -1;
	if (record->describe && describe(daemon, now, err) < 0)
		return -1;
	return daemon->running ? cw_history_run_extend(record->history, daemon->seq,
						       daemon->generation, now, err) : 0;
}

static int write_names(struct daemon *daemon, const struct sample *sample,
		       const struct cw_moment *now, struct cw_error *err)
{
	size_t i, n;

	for (i = 0; i < sample->n; i++) {
		const struct cw_lease *lease = cw_leases_find(&sample->leases, sample->devices[i].mac, &n);

		if (!lease || !lease->hostname || sample->devices[i].gone)
			continue;
		if (cw_history_write_host_name(daemon->record.history, sample->devices[i].mac,
					       lease->hostname, "lease", now, err) < 0)
			return -1;
	}
	return 0;
}

static int write_sample(struct daemon *daemon, const struct sample *sample,
			const struct cw_moment *now, struct cw_error *err)
{
	struct cw_history_limits limits = limits_of(daemon);
	struct record *record = &daemon->record;

	if (cw_history_write_sample(record->history, daemon->policy, sample->devices,
				    sample->ports, sample->n, now, err) < 0 ||
	    write_names(daemon, sample, now, err) < 0)
		return -1;
	if (record->hour == now->time / HOUR)
		return 0;
	if (cw_history_roll_up(record->history, err) < 0)
		return -1;
	return cw_history_expire(record->history, &limits, now, err);
}

static void succeeded(struct record *record)
{
	pending_clear(record);
	record->describe = false;
	if (!record->failing)
		return;
	log_at(LOG_NOTICE, "the history can be written again; %llu events of the meantime are lost",
	       (unsigned long long)record->dropped);
	record->failing = false;
	record->dropped = 0;
}

static void failed(struct record *record, const struct cw_moment *now, struct cw_error *err)
{
	if (!record->failing) {
		log_at(LOG_ERR, "the history cannot be written, and stops until it can: %s: what the kernel enforces goes on",
		       err->message ?: "unknown error");
		record->failing_since = now->time;
	}
	record->failing = true;
	cw_error_clear(err);
}

static int open_history(struct daemon *daemon, struct cw_error *err)
{
	struct record *record = &daemon->record;

	if (record->history)
		return 0;
	record->history = cw_history_open(daemon->settings.database, CW_HISTORY_WRITE, err);
	if (!record->history)
		return -1;
	cw_history_set_evidence(record->history, on_evidence, daemon);
	return 0;
}

/* One transaction; @sample may be NULL. */
static void write_all(struct daemon *daemon, const struct sample *sample)
{
	struct record *record = &daemon->record;
	struct cw_moment now = moment_now();
	struct cw_error err = { 0 };
	int ret;

	if (open_history(daemon, &err) < 0) {
		failed(record, &now, &err);
		return;
	}
	ret = cw_history_begin(record->history, &err);
	if (!ret)
		ret = write_queue(daemon, &now, &err);
	if (!ret && sample && daemon->running)
		ret = write_sample(daemon, sample, &now, &err);
	if (!ret)
		ret = cw_history_commit(record->history, &err);
	if (ret) {
		cw_history_rollback(record->history);
		failed(record, &now, &err);
		return;
	}
	if (sample)
		record->hour = now.time / HOUR;
	succeeded(record);
}

void record_reloaded(struct daemon *daemon)
{
	daemon->record.describe = true;
	if (daemon->record.history)
		cw_history_set_evidence(daemon->record.history, on_evidence, daemon);
}

void record_flush(struct daemon *daemon)
{
	if (daemon->record.n)
		write_all(daemon, NULL);
}

/* A place that a bridge knows better than the module, which sees the bridge. */
static const char *port_of(const struct sample *sample, const struct cw_device *device)
{
	const struct cw_fdb_entry *entry = cw_fdb_find(&sample->neighbours, device->mac, &device->place);

	return entry && strcmp(entry->port_name, device->place.ifname) != 0 ? entry->port_name : NULL;
}

static void read_leases(struct daemon *daemon, struct sample *sample)
{
	struct cw_error err = { 0 };
	bool failing = false;
	size_t i;

	for (i = 0; i < daemon->tool_settings.n_leases; i++) {
		if (cw_leases_read(&sample->leases, daemon->tool_settings.leases[i], &err) == 0)
			continue;
		failing = true;
		if (!daemon->leases_said)
			log_at(LOG_WARNING, "%s", err.message);
		cw_error_clear(&err);
	}
	daemon->leases_said = failing;
}

static void read_surroundings(struct daemon *daemon, struct sample *sample)
{
	size_t i;

	read_leases(daemon, sample);
	cw_neighbours_read(&sample->neighbours, NULL);
	sample->ports = cw_calloc(sample->n, sizeof(*sample->ports));
	for (i = 0; i < sample->n; i++)
		sample->ports[i] = port_of(sample, &sample->devices[i]);
}

static void sample_clear(struct sample *sample)
{
	free(sample->devices);
	free(sample->ports);
	cw_neighbours_clear(&sample->neighbours);
	cw_leases_clear(&sample->leases);
}

/* The module may just have been unloaded, which an event will tell. */
static int read_sample(struct daemon *daemon, struct sample *sample, struct cw_error *err)
{
	struct cw_policy *policy = cw_client_read(daemon->client, err);

	if (!policy)
		return -1;
	cw_policy_free(daemon->policy);
	daemon->policy = policy;
	return cw_client_devices(daemon->client, &sample->devices, &sample->n, NULL, err);
}

/* What is left of an answer that broke off would be taken for that to the next question. */
static void reopen_client(struct daemon *daemon)
{
	cw_client_close(daemon->client);
	daemon->client = cw_client_open(NULL, NULL);
}

void record_sample(struct daemon *daemon)
{
	struct sample sample = { 0 };
	struct cw_error err = { 0 };
	bool have = false;

	if (daemon->running && !daemon->client)
		reopen_client(daemon);
	if (daemon->running && daemon->client) {
		have = read_sample(daemon, &sample, &err) == 0;
		if (!have)
			reopen_client(daemon);
		if (!have && !daemon->sample_said)
			log_at(LOG_WARNING, "no sample of the inventory: %s", err.message);
		daemon->sample_said = !have;
		cw_error_clear(&err);
	}
	/* What was told up to then comes first, so that a device is new by its event. */
	if (have) {
		watch_drain(daemon);
		read_surroundings(daemon, &sample);
	}
	if (have || daemon->record.n || daemon->record.failing)
		write_all(daemon, have ? &sample : NULL);
	sample_clear(&sample);
}

static bool disk_full(const char *database)
{
	char *copy = cw_strdup(database);
	struct statvfs fs;
	bool full;

	full = statvfs(dirname(copy), &fs) == 0 && (uint64_t)fs.f_bavail * fs.f_frsize < FULL_OCTETS;
	free(copy);
	return full;
}

int record_open(struct daemon *daemon, struct cw_error *err)
{
	struct cw_moment now = moment_now();

	if (open_history(daemon, err) == 0)
		return 0;
	if (!disk_full(daemon->settings.database))
		return -1;
	failed(&daemon->record, &now, err);
	return 0;
}

void record_close(struct daemon *daemon)
{
	record_flush(daemon);
	pending_clear(&daemon->record);
	cw_history_close(daemon->record.history);
	daemon->record.history = NULL;
}
