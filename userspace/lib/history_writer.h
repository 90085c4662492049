/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the history's writer keeps in mind between two transactions. */
#ifndef CW_HISTORY_WRITER_H
#define CW_HISTORY_WRITER_H

#include "history_private.h"
#include "history_write.h"

#define CW_HOUR	3600
#define CW_DAY	86400

/* Columns of the counters, in the order of cw_counters_values(). */
#define CW_COUNTERS	12
#define CW_COUNTER_COLUMNS							\
	"from_packets, from_bytes, from_policy, from_not_allowed, from_limit, from_malformed," \
	" to_packets, to_bytes, to_policy, to_not_allowed, to_limit, to_malformed"

/** struct cw_counts - the same as numbers, in that order */
struct cw_counts {
	uint64_t all[CW_COUNTERS];
};

/** struct cw_event_key - what makes events alike, within an hour */
struct cw_event_key {
	int64_t device, place, previous, ref;
	int32_t type, reason, direction, unused;
};

/** struct cw_event_slot - the row of such events; @id: 0 where the slot is free */
struct cw_event_slot {
	struct cw_event_key key;
	int64_t id, time_ms;
};

#define CW_EVENT_SLOTS	65536	/* a power of two */
#define CW_EVENT_PLACES	32	/* rows of a device, type and hour that have a place */

/**
 * struct cw_writer_state - what a rollback takes back
 * @run, @run_since, @boot_id: the run under way; @run is 0 where there is none
 * @known_since: counters of entries that are older were never watched
 * @counted_from: the run with which the kernel's counters last began at 0, as far as is known
 * @last_sample: boot time of the sample before; -1 where the run has none
 * @recheck: ask for the evidence of all devices with the next sample
 * @new_devices, @new_day: entries that were made on that day; @new_day -1: to be counted
 */
struct cw_writer_state {
	int64_t run, run_since, known_since, last_sample;
	char boot_id[64];
	bool recheck;
	int64_t counted_from;
	uint64_t new_devices;
	int64_t new_day;
};

/**
 * struct cw_history_writer - a writer's memory
 * @state, @saved: now, and when the transaction began
 * @evidence, @evidence_ctx: whom to ask for evidence
 * @new_devices_max: as in struct cw_history_limits
 * @slots, @slots_hour: rows of the current hour, a cache: losing it begins new rows
 */
struct cw_history_writer {
	struct cw_writer_state state, saved;
	cw_history_evidence_fn *evidence;
	void *evidence_ctx;
	uint64_t new_devices_max;
	struct cw_event_slot *slots;
	int64_t slots_hour;
};

/** cw_counts_of() - counters in the order of the columns */
struct cw_counts cw_counts_of(const struct cw_policy_counters *from,
			      const struct cw_policy_counters *to);

/** cw_counts_row() - counters from a column on */
struct cw_counts cw_counts_row(sqlite3_stmt *stmt, int first);

/** cw_counts_since() - by how much they grew; all of @now where they began anew */
struct cw_counts cw_counts_since(const struct cw_counts *now, const struct cw_counts *before);

bool cw_counts_zero(const struct cw_counts *counts);

/** cw_counts_values() - as values for a statement, behind which the caller puts the end */
void cw_counts_values(const struct cw_counts *counts, struct cw_value values[static CW_COUNTERS]);

/* The ids of things that rows name, made where they are not there yet: 0, or -1 with @err set. */
int cw_group_id(struct cw_history *history, const char *name, int64_t *id, struct cw_error *err);
int cw_place_id(struct cw_history *history, const struct cw_place *place, const char *port,
		int64_t *id, struct cw_error *err);
int cw_registry_id(struct cw_history *history, int64_t edition, const char *dir, int64_t *id,
		   struct cw_error *err);
int cw_evidence_id(struct cw_history *history, uint64_t mac, int64_t *id, struct cw_error *err);

/**
 * cw_device_id() - a device's id, made where it is not there yet
 * @told: the kernel tells of it as it happens
 * @id: 0 where it got no entry, as there are too many new ones today
 */
int cw_device_id(struct cw_history *history, const struct cw_device *device, bool told,
		 const struct cw_moment *now, int64_t *id, struct cw_error *err);

/** enum cw_interval - kinds of intervals that come and go */
enum cw_interval {
	CW_INTERVAL_PLACE,
	CW_INTERVAL_ADDRESS,
	CW_INTERVAL_LEASE_NAME,
	CW_INTERVAL_NEIGHBOUR_NAME,
	CW_INTERVALS,
};

/**
 * cw_interval_set() - from @since on a device has this value, and no other of its kind
 * @value: a place's id, the octets of an address, a name
 * @until: up to when it had the one before
 */
int cw_interval_set(struct cw_history *history, enum cw_interval kind, int64_t device,
		    struct cw_value value, int64_t since, int64_t until, struct cw_error *err);

/** cw_interval_end() - a device is not there any more; seen last at @until */
int cw_interval_end(struct cw_history *history, int64_t device, int64_t until,
		    struct cw_error *err);

/** cw_classify() - a device is in a group from @since on; evidence is asked for where that is new */
int cw_classify(struct cw_history *history, int64_t device, uint64_t mac, const char *group,
		int64_t since, struct cw_error *err);

/** cw_write_event_row() - an event's row, or one more in the row of its like */
int cw_write_event_row(struct cw_history *history, const struct cw_event_key *key,
		       int64_t time_ms, uint64_t count, uint64_t frames, int64_t group,
		       struct cw_error *err);

/**
 * cw_exemptions_reconcile() - from @time on no other exemptions are in force than a policy's
 * @policy: NULL: none
 * @id: of its row; 0 for none
 * @gone: how those ended that are in it no more, "withdrawn" or "module"
 */
int cw_exemptions_reconcile(struct cw_history *history, const struct cw_policy *policy, int64_t id,
			    int64_t time, const char *gone, struct cw_error *err);

/** cw_insert_sample() - the growth of counters since the last sample, by a statement with 15 values */
int cw_insert_sample(struct cw_history *history, const char *sql, int64_t subject,
		     const struct cw_counts *delta, const struct cw_moment *now,
		     struct cw_error *err);

/** cw_write_groups() - a sample of a policy's groups */
int cw_write_groups(struct cw_history *history, const struct cw_policy *policy,
		    const struct cw_moment *now, struct cw_error *err);

/** cw_write_device() - a sample of one device; @gone: it is not there any more */
int cw_write_device(struct cw_history *history, const struct cw_device *device, const char *port,
		    bool gone, const struct cw_moment *now, struct cw_error *err);

/** cw_sql_find_or_make() - the id that @find gives, or else of the row that @make inserts, of the same values */
int cw_sql_find_or_make(struct cw_history *history, const char *find, const char *make,
			const struct cw_value *values, int64_t *id, struct cw_error *err);

struct cw_history_writer *cw_writer_new(void);
void cw_writer_free(struct cw_history_writer *writer);

#endif
