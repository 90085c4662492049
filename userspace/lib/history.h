/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The history that camwalld keeps: open the database, and read what it holds. */
#ifndef CW_HISTORY_H
#define CW_HISTORY_H

#include <stdbool.h>
#include <stdint.h>

#include "digest.h"
#include "error.h"
#include "inventory.h"
#include "policy.h"

#define CW_HISTORY_FILE	"/var/lib/camwall/history.db"

/* Kinds of event that the daemon adds to those of the kernel (enum camwall_event). */
#define CW_HISTORY_EVENTS_LOST		100	/* @count events of the kernel did not reach the daemon */
#define CW_HISTORY_DEVICES_UNRECORDED	101	/* new devices that got no entry, as there were too many on that day */
#define CW_HISTORY_STOPPED		102	/* nothing was written for @span_ms; @count events are lost */
#define CW_HISTORY_NFTABLES_REPAIRED	103	/* others had changed camwall's tables; they were put right */

struct cw_history;

/** enum cw_history_mode - what a history is opened for */
enum cw_history_mode {
	CW_HISTORY_READ,	/* it has to be there */
	CW_HISTORY_WRITE,	/* created where it is not there, brought to the newest schema */
};

/**
 * cw_history_open() - open a history
 * @path: the database's file
 * @mode: a reader may work while the daemon writes; of two writers the second is refused
 * @err: names the file; says so where it was written by a newer camwall, where it is no
 *	 history, or where it is of an older schema and @mode is CW_HISTORY_READ
 *
 * One thread per handle.
 *
 * Return: a handle for cw_history_close(), or NULL with @err set.
 */
struct cw_history *cw_history_open(const char *path, enum cw_history_mode mode,
				   struct cw_error *err);
void cw_history_close(struct cw_history *history);

/**
 * cw_history_snapshot() - from here on all reading sees one state, whatever is written meanwhile
 *
 * Until cw_history_snapshot_end(). Hold it as long as a report takes, not longer: the
 * write-ahead log grows meanwhile.
 *
 * Return: 0, or -1 with @err set.
 */
int cw_history_snapshot(struct cw_history *history, struct cw_error *err);
void cw_history_snapshot_end(struct cw_history *history);

/*
 * Reading. Each function calls @fn once a row, in the order that it names; the row and its
 * strings are valid during that call only. @fn returns 0 to go on, anything else to stop.
 * Times are seconds since 1970 where nothing else is said, of the clock as it was then. A
 * period is from @since up to, but without, @until: 0 and CW_HISTORY_FOREVER for all.
 * @fn may call other functions of these, but not the one that called it. Each returns 0, or
 * -1 with @err set.
 */
#define CW_HISTORY_FOREVER	INT64_MAX

/**
 * struct cw_history_info - what a history says of itself
 * @id: 32 hex digits, chosen when it was created: two files with the same are of one gateway
 * @site: what the configuration calls the place; empty where it does not
 * @created: when the database was
 * @first, @last: when observation began, and up to when it is written; 0 where it never did
 * @retention, @hour_retention, @sample_retention: seconds that days, events and intervals,
 *	hours, and samples are kept
 */
struct cw_history_info {
	const char *id, *site, *host;
	int64_t created, first, last;
	int64_t retention, hour_retention, sample_retention;
};

/** cw_history_info() - about the whole; the strings are valid until the handle is closed */
int cw_history_info(struct cw_history *history, struct cw_history_info *info,
		    struct cw_error *err);

/**
 * struct cw_history_run - a time without a break in which the daemon watched
 * @until: up to when it is written; it goes on where @end_reason is NULL
 * @end_reason: why it ended:
 *	"stopped" the daemon was told to end; "killed" it ended without saying so, the machine
 *	went on; "rebooted" the same, and the machine started anew (power loss, crash, reboot);
 *	"module" the kernel module was unloaded; "clock" the clock jumped: the next run begins
 *	at once, by the new clock; "unreachable" the kernel did not answer. NULL: it has not
 *	ended, or not yet been found to have
 * @seconds: how long it took, by a clock that nobody sets
 * @interval: seconds between two samples; as much may be missing at the end of a run that
 *	was not "stopped"
 * @clock_synchronized: the kernel took the clock for synchronised (NTP) when it began
 * @registry_edition: date of the IEEE registry's edition; 0 where none was read
 */
struct cw_history_run {
	int64_t id, since, until, seconds, interval;
	const char *end_reason, *boot_id, *kernel, *module_version, *daemon_version, *host, *site;
	bool clock_synchronized;
	int64_t registry_edition;
	const char *registry_dir;
};

typedef int cw_history_run_fn(void *ctx, const struct cw_history_run *run);

/** cw_history_runs() - those that overlap a period, in the order in which they took place */
int cw_history_runs(struct cw_history *history, int64_t since, int64_t until,
		    cw_history_run_fn *fn, void *ctx, struct cw_error *err);

/**
 * struct cw_history_gap - a time in which nothing was watched, or in which events were lost
 * @since, @until: between two runs; of lost events, the hour in which it was noticed
 * @seconds: how long, by a clock that nobody sets; -1 where that is not known (the machine
 *	was off, and its clock may have been wrong)
 * @reason: as @end_reason of the run before; "events-lost" for lost events; "disk" where the
 *	database could not be written: counters are complete, but not by time; "not begun" for
 *	a part of the period that lies before the first run, "not written" behind the last
 * @count: events of the kernel that were lost; between two runs those that it told meanwhile,
 *	   0 where that is not known
 */
struct cw_history_gap {
	int64_t since, until, seconds;
	const char *reason;
	uint64_t count;
};

typedef int cw_history_gap_fn(void *ctx, const struct cw_history_gap *gap);

/**
 * cw_history_gaps() - those that overlap a period: between runs in order, then lost events
 * @until: the present time at most; later is not "not written" yet
 */
int cw_history_gaps(struct cw_history *history, int64_t since, int64_t until,
		    cw_history_gap_fn *fn, void *ctx, struct cw_error *err);

/**
 * struct cw_history_evidence - why a device was taken for what it was
 * @prefix: packed (mac.h), group id 0, the prefix of the policy that matched; 0: not known
 * @pack, @pack_title, @pack_date: the vendor pack that it comes from; empty where the
 *	configuration itself names the prefix
 * @organization: whom the registry assigns it to; empty where it does not say
 * @registry_edition, @registry_dir: of the registry that says so; 0 and empty for none
 */
struct cw_history_evidence {
	uint64_t prefix;
	const char *pack, *pack_title, *pack_date, *organization;
	int64_t registry_edition;
	const char *registry_dir;
};

/**
 * struct cw_history_device - a device
 * @id: in this database
 * @first_seen: when it first was, as far as the history knows
 * @first_seen_source: "event": it was told by the kernel as it happened; "inventory": the
 *	kernel had it already when it was read, and says when: it may have been there before,
 *	while nothing watched or the module was not loaded
 * @first_seen_synchronized, @last_seen_synchronized: the clock was synchronised then: where
 *	it was not, the time is what the gateway took it for
 * @present: it was there at the last sample
 * @group: the last it was in
 * @evidence: of now, that is, of the last classification
 * @has_ipv4, @ipv4, @has_ipv6, @ipv6, @place: the last seen
 * @port: of a bridge, where it was last seen behind; empty where that is not known
 * @host_name, @host_name_source: the last known, or empty; "lease" or "neighbour"
 */
struct cw_history_device {
	int64_t id;
	uint64_t mac;
	const char *group;
	int64_t first_seen, last_seen;
	const char *first_seen_source;
	bool first_seen_synchronized, last_seen_synchronized, present;
	struct cw_history_evidence evidence;
	bool has_ipv4, has_ipv6;
	struct in_addr ipv4;
	struct in6_addr ipv6;
	struct cw_place place;
	const char *port, *host_name, *host_name_source;
};

typedef int cw_history_device_fn(void *ctx, const struct cw_history_device *device);

/** cw_history_devices() - those that were there in a period, by address */
int cw_history_devices(struct cw_history *history, int64_t since, int64_t until,
		       cw_history_device_fn *fn, void *ctx, struct cw_error *err);

/** enum cw_history_what - what is known of a device over time */
enum cw_history_what {
	CW_HISTORY_PLACES,		/* @text "lan0", "lan0 vlan 10", "br0 port lan2 vlan 10" */
	CW_HISTORY_ADDRESSES,		/* @text "192.168.10.21" or "fe80::1" */
	CW_HISTORY_HOST_NAMES,		/* @text the name; @source "lease" or "neighbour" */
	CW_HISTORY_CLASSIFICATIONS,	/* @text the group; @evidence why */
};

/**
 * struct cw_history_interval - something that was so for a time
 * @until: when it was last seen to be so; a device can be at two places in overlapping
 *	times, and has had both addresses where they alternate
 * @open: it was still so at the last sample
 * @evidence: of CW_HISTORY_CLASSIFICATIONS, else NULL
 */
struct cw_history_interval {
	int64_t device;
	uint64_t mac;
	int64_t since, until;
	bool open;
	const char *text, *source;
	const struct cw_history_evidence *evidence;
};

typedef int cw_history_interval_fn(void *ctx, const struct cw_history_interval *interval);

/**
 * cw_history_intervals() - where, with which address, under which name, as what a device was
 * @device: its id, or 0 for all
 *
 * By device, then by time.
 */
int cw_history_intervals(struct cw_history *history, enum cw_history_what what, int64_t device,
			 int64_t since, int64_t until, cw_history_interval_fn *fn, void *ctx,
			 struct cw_error *err);

/** enum cw_history_step - how finely traffic is told */
enum cw_history_step {
	CW_HISTORY_TOTAL,	/* one row a subject; a period is widened to whole days (UTC) */
	CW_HISTORY_DAYS,	/* days of UTC; kept as long as the history */
	CW_HISTORY_HOURS,	/* kept for @hour_retention */
	CW_HISTORY_SAMPLES,	/* kept for @sample_retention */
};

/** enum cw_history_subject - whose traffic */
enum cw_history_subject {
	CW_HISTORY_OF_DEVICES,	/* each device's, since the kernel has it in the inventory */
	CW_HISTORY_OF_GROUPS,	/* each group's, that of devices without an entry included */
};

/**
 * struct cw_history_traffic - what was seen of a device or a group in a step
 * @start, @seconds: of the step; of CW_HISTORY_TOTAL the first day's start and 0
 * @mac: of a device; 0 of a group
 * @group: of a device the one that it is in now
 * @from, @to: the frames of that time alone. What the kernel counted while nothing watched
 *	is in the first sample after it
 */
struct cw_history_traffic {
	int64_t start, seconds, device;
	uint64_t mac;
	const char *group;
	struct cw_policy_counters from, to;
};

typedef int cw_history_traffic_fn(void *ctx, const struct cw_history_traffic *traffic);

/** cw_history_traffic() - by time, then by device or group; of CW_HISTORY_TOTAL by subject */
int cw_history_traffic(struct cw_history *history, enum cw_history_subject subject,
		       enum cw_history_step step, int64_t since, int64_t until,
		       cw_history_traffic_fn *fn, void *ctx, struct cw_error *err);

/**
 * struct cw_history_presence - how many devices of a group sent or received on a day
 * @start: of the day (UTC)
 */
struct cw_history_presence {
	int64_t start;
	const char *group, *pack;
	uint64_t devices;
};

typedef int cw_history_presence_fn(void *ctx, const struct cw_history_presence *presence);

/** cw_history_presence() - by day, then group and vendor pack */
int cw_history_presence(struct cw_history *history, int64_t since, int64_t until,
			cw_history_presence_fn *fn, void *ctx, struct cw_error *err);

/**
 * struct cw_history_event - an event, or several alike within an hour
 * @time_ms: of the first, in milliseconds since 1970
 * @span_ms: up to the last; 0 for a single one
 * @type: enum camwall_event or CW_HISTORY_...
 * @count: how many
 * @device, @mac, @group: 0, 0 and empty where it is of no device
 * @place, @port: where the device was; ifname empty where that is not known
 * @previous, @previous_port: of DEVICE_MOVED
 * @drop_reason, @direction, @frames: of DEVICE_DROPPED; @frames of DEVICE_FLOOD too
 * @ref: of CONFIG_CHANGED the policy's id, of EXEMPTION_ENDED the exemption's; else 0
 */
struct cw_history_event {
	int64_t id, time_ms, span_ms;
	int type;
	uint64_t count, frames;
	int64_t device, ref;
	uint64_t mac;
	const char *group, *port, *previous_port;
	struct cw_place place, previous;
	enum camwall_drop_reason drop_reason;
	enum camwall_direction direction;
};

typedef int cw_history_event_fn(void *ctx, const struct cw_history_event *event);

/** cw_history_event_name() - as cw_event_name(), of the daemon's own kinds too */
const char *cw_history_event_name(int type);

/**
 * cw_history_events() - what happened, in the order in which it was told
 * @drops: DEVICE_DROPPED as well, by far the most; without them it is fast
 * @device: its id, or 0 for all
 */
int cw_history_events(struct cw_history *history, bool drops, int64_t device, int64_t since,
		      int64_t until, cw_history_event_fn *fn, void *ctx, struct cw_error *err);

/**
 * struct cw_history_event_day - how often something happened on a day
 * @start: of the day (UTC)
 * @group: of the devices; empty for events of no device
 * @count: events
 * @frames: of DEVICE_DROPPED and DEVICE_FLOOD
 */
struct cw_history_event_day {
	int64_t start;
	int type;
	const char *group;
	uint64_t count, frames;
};

typedef int cw_history_event_day_fn(void *ctx, const struct cw_history_event_day *day);

/** cw_history_event_days() - by day, type, group; days that the period only touches count whole */
int cw_history_event_days(struct cw_history *history, int64_t since, int64_t until,
			  cw_history_event_day_fn *fn, void *ctx, struct cw_error *err);

/**
 * struct cw_history_policy - a policy that was in force
 * @since, @until: when; @until 0 while it is
 * @source: "event": the change was told by the kernel as it happened, and @since is exact;
 *	"found": it was in force when the daemon came, applied at an unknown time before
 * @written: when its newest file was changed; 0 where not known
 * @digest: SHA-256 of the configuration file, as it was applied; none where the writer gave none
 * @file: the configuration file, where it had that digest when the policy was applied; or NULL
 * @uid, @user, @portid, @process: who applied it; @has_uid where that is known, @user and
 *	@process where they could be found out, else NULL
 * @text: as "camwall save" prints it; NULL where it was gone before it could be read
 * @changes: lines of cw_policy_diff() to the one before
 */
struct cw_history_policy {
	int64_t id, since, until, written;
	uint32_t generation;
	const char *source;
	struct cw_digest digest;
	const char *file;
	bool has_uid;
	uint32_t uid, portid;
	const char *user, *process;
	uint32_t group_count, prefix_count, exemption_count;
	const char *text;
	const char *const *changes;
	size_t n_changes;
};

typedef int cw_history_policy_fn(void *ctx, const struct cw_history_policy *policy);

/** cw_history_policies() - those in force at some time of a period, in their order */
int cw_history_policies(struct cw_history *history, int64_t since, int64_t until,
			cw_history_policy_fn *fn, void *ctx, struct cw_error *err);

/**
 * struct cw_history_exemption - an exemption, from when it was put in force
 * @since: when
 * @until: its end, as it was granted
 * @ended: when it did end; 0 while it is in force
 * @how: "expired" at its end; "withdrawn" by a policy before it; "changed" by a policy that
 *	grants the same device another one; "module" the kernel module was unloaded. NULL while
 *	it is in force
 * @policy, @end_policy: ids of the policies that granted and ended it; 0 where none did
 */
struct cw_history_exemption {
	int64_t id, since, until, ended, policy, end_policy;
	uint64_t mac;
	const char *reason, *approved_by, *how;
};

typedef int cw_history_exemption_fn(void *ctx, const struct cw_history_exemption *exemption);

/** cw_history_exemptions() - those in force at some time of a period, by beginning */
int cw_history_exemptions(struct cw_history *history, int64_t since, int64_t until,
			  cw_history_exemption_fn *fn, void *ctx, struct cw_error *err);

#endif
