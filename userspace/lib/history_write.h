/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The history written: what camwalld saw goes into the database, in transactions. */
#ifndef CW_HISTORY_WRITE_H
#define CW_HISTORY_WRITE_H

#include "events.h"
#include "history.h"

/**
 * struct cw_moment - a time, as its caller's clocks show it: the library asks no clock
 * @time: seconds since 1970
 * @boottime: seconds since the machine started, suspended time included; nobody sets it
 * @synchronized: the kernel takes the clock for synchronised
 */
struct cw_moment {
	int64_t time, boottime;
	bool synchronized;
};

/*
 * All that is written is between these two. Where one of the functions below, or the commit,
 * returns -1, call cw_history_rollback(): the database is then as it was at the beginning,
 * and the same can be written again later.
 */
int cw_history_begin(struct cw_history *history, struct cw_error *err);
int cw_history_commit(struct cw_history *history, struct cw_error *err);
void cw_history_rollback(struct cw_history *history);

/**
 * struct cw_history_limits - how long what is kept, in seconds, and how much
 * @retention: days, events, intervals, policies, devices that were not seen since
 * @hour_retention: hours of traffic
 * @sample_retention: samples of traffic
 * @new_devices: that get an entry on one day (UTC), so that a flood of invented addresses
 *	cannot fill the disk; further ones are counted
 */
struct cw_history_limits {
	int64_t retention, hour_retention, sample_retention;
	uint64_t new_devices;
};

/** cw_history_describe() - note where this is and how long things are kept */
int cw_history_describe(struct cw_history *history, const char *site, const char *host,
			const struct cw_history_limits *limits, const struct cw_moment *now,
			struct cw_error *err);

/**
 * typedef cw_history_evidence_fn - why an address is taken for a vendor's
 * @evidence: to fill, all zero and empty strings before; the strings have to live until the
 *	next call
 */
typedef void cw_history_evidence_fn(void *ctx, uint64_t mac, struct cw_history_evidence *evidence);

/** cw_history_set_evidence() - whom to ask, from now on; devices that are known are asked for again */
void cw_history_set_evidence(struct cw_history *history, cw_history_evidence_fn *fn, void *ctx);

/**
 * cw_history_run_begin() - observation begins
 * @run: of which everything but @id, @since, @until, @seconds and @end_reason is written
 * @event_seq: of the kernel's last event
 * @generation: of its configuration
 * @fresh: its counters are known to have begun at 0, as the module has just been loaded
 *
 * A run that has not ended is ended as "killed" or, where the machine has started anew
 * since, as "rebooted".
 */
int cw_history_run_begin(struct cw_history *history, const struct cw_history_run *run,
			 uint64_t event_seq, uint32_t generation, bool fresh,
			 const struct cw_moment *now, struct cw_error *err);

/** cw_history_run_extend() - observed up to now */
int cw_history_run_extend(struct cw_history *history, uint64_t event_seq, uint32_t generation,
			  const struct cw_moment *now, struct cw_error *err);

/**
 * cw_history_run_end() - observation ends here
 * @reason: as in struct cw_history_run
 */
int cw_history_run_end(struct cw_history *history, const char *reason, struct cw_error *err);

/**
 * cw_history_write_event() - an event of the kernel
 * @event: of any kind
 * @ref: as in struct cw_history_event
 *
 * Where it is the like of one in the same hour, that one's row is extended.
 */
int cw_history_write_event(struct cw_history *history, const struct cw_event *event, int64_t ref,
			   const struct cw_moment *now, struct cw_error *err);

/** cw_history_write_lost() - events did not reach the daemon */
int cw_history_write_lost(struct cw_history *history, uint64_t count, const struct cw_moment *now,
			  struct cw_error *err);

/** cw_history_write_stopped() - for a time nothing could be written, and @lost events were dropped */
int cw_history_write_stopped(struct cw_history *history, int64_t since, uint64_t lost,
			     const struct cw_moment *now, struct cw_error *err);

/**
 * cw_history_write_sample() - what the kernel's policy and inventory say now
 * @policy: for the counters of its groups
 * @devices: all of the inventory, sorted by address; a device that is not in it is not there
 *	any more
 * @ports: for each device the port of a bridge that it is behind, or NULL; NULL for none at all
 *
 * Of counters the difference to the sample before is kept, and all of them where an entry is
 * new since then. What was counted before the history began is left out.
 */
int cw_history_write_sample(struct cw_history *history, const struct cw_policy *policy,
			    const struct cw_device *devices, const char *const *ports, size_t n,
			    const struct cw_moment *now, struct cw_error *err);

/**
 * cw_history_write_host_name() - a name that a known device has; others are left out
 * @source: "lease" or "neighbour"
 */
int cw_history_write_host_name(struct cw_history *history, uint64_t mac, const char *name,
			       const char *source, const struct cw_moment *now,
			       struct cw_error *err);

/**
 * struct cw_history_change - a policy that is in force from now on
 * @policy: as read from the kernel; NULL where another one came before it could be read
 * @generation: of it
 * @time: seconds since 1970, when it was applied or found
 * @found: it was in force already when the daemon came
 * @digest, @file, @has_uid, @uid, @portid, @user, @process: as in struct cw_history_policy
 * @group_count, @prefix_count, @exemption_count: where @policy is NULL
 */
struct cw_history_change {
	const struct cw_policy *policy;
	uint32_t generation;
	int64_t time;
	bool found, has_uid;
	struct cw_digest digest;
	const char *file, *user, *process;
	uint32_t uid, portid, group_count, prefix_count, exemption_count;
};

/**
 * cw_history_write_policy() - a policy came in force, with what it changes and exempts
 * @id: set to the row's; 0 where nothing is in force
 *
 * One that was found, and is the one that was in force when observation ended, is no change.
 */
int cw_history_write_policy(struct cw_history *history, const struct cw_history_change *change,
			    int64_t *id, struct cw_error *err);

/** cw_history_write_repaired() - camwall's tables of nftables were put right; Return: 0, or -1 with @err set */
int cw_history_write_repaired(struct cw_history *history, const struct cw_moment *now,
			      struct cw_error *err);

/** cw_history_write_unloaded() - the module was unloaded: no policy and no exemption is in force */
int cw_history_write_unloaded(struct cw_history *history, const struct cw_moment *now,
			      struct cw_error *err);

/**
 * cw_history_write_expired() - an exemption reached its end
 * @id: set to its row's; 0 where it is not known
 */
int cw_history_write_expired(struct cw_history *history,
			     const struct cw_policy_exemption *exemption, int64_t *id,
			     struct cw_error *err);

/** cw_history_roll_up() - add the samples that came since the last time to hours and days */
int cw_history_roll_up(struct cw_history *history, struct cw_error *err);

/**
 * cw_history_expire() - remove what is older than it is to be kept
 *
 * Of what is kept for @retention and @hour_retention a call removes a day's worth at most:
 * a clock that is years ahead for an hour must not take the history with it. Call it once an
 * hour.
 */
int cw_history_expire(struct cw_history *history, const struct cw_history_limits *limits,
		      const struct cw_moment *now, struct cw_error *err);

#endif
