/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the parts of camwalld share. */
#ifndef CW_DAEMON_H
#define CW_DAEMON_H

#include "client.h"
#include "events.h"
#include "history_settings.h"
#include "history_write.h"
#include "identity.h"
#include "nft_sync.h"
#include "nft_watch.h"
#include "settings.h"

#define DAEMON_CONFIG_FILE	CAMWALL_SYSCONFDIR "/camwall/camwall.conf"
#define DAEMON_USER		"camwall"

/**
 * struct daemon_options - the command line
 * @set: options that beat the configuration's [history], as key and value in turn, ended by NULL
 * @user: to become; NULL: DAEMON_USER where there is such a user
 */
struct daemon_options {
	const char *config, *netns, *user;
	const char *set[2 * 8 + 1];
	bool verbose;
};

/** daemon_options_parse() - Return: -1 to go on, else the exit status */
int daemon_options_parse(struct daemon_options *options, int argc, char **argv);

/** enum pending_kind - what is to be written */
enum pending_kind {
	PENDING_BEGIN,		/* a run */
	PENDING_END,		/* of it, by @reason */
	PENDING_EVENT,
	PENDING_CHANGE,		/* a policy; with @event where it was not only found */
	PENDING_LOST,		/* @lost events */
	PENDING_UNLOADED,	/* the module went */
	PENDING_REPAIRED,	/* tables of nftables were put right */
};

/**
 * struct pending - something that is to be written with the next transaction
 * @when: by the clocks, when it was heard
 * @fresh: as for cw_history_run_begin()
 * @seq, @generation: of the kernel's last event and configuration
 * @event: with strings of its own
 * @change, @policy, @file, @user, @process: the change, and what it points to
 */
struct pending {
	enum pending_kind kind;
	struct cw_moment when;
	const char *reason;
	bool fresh;
	uint64_t lost, seq;
	uint32_t generation;
	struct cw_event event;
	struct cw_history_change change;
	struct cw_policy *policy;
	char *file, *user, *process;
};

/**
 * struct record - what has been heard, and the history that it goes to
 * @history: NULL where it could not be opened yet
 * @queue, @n: to be written
 * @n_policies: elements of @queue that hold a policy
 * @dropped: events that found no place in it since it could last be written
 * @failing: writing fails, since @failing_since
 * @describe: the settings are to be noted
 * @hour: in which samples were rolled up last
 */
struct record {
	struct cw_history *history;
	struct pending *queue;
	size_t n, n_policies;
	uint64_t dropped;
	bool failing, describe;
	int64_t failing_since, hour;
};

#define NFT_YOUNG_MAX	64

/**
 * struct nft_young - a device that is new, and whose addresses are still being found out
 * @device: as it was last put into the sets
 * @due: boot time at which it is looked at again, in milliseconds
 * @wait: until the time after that
 */
struct nft_young {
	struct cw_device device;
	int64_t due, wait;
};

/**
 * struct nft - camwall's tables of nftables, which are kept in step
 * @nft, @watch: to change them, and to hear of others that do; NULL where the kernel has no nftables
 * @path: of the file of defines: where it is, the tables are wanted
 * @installed: they are there, or wanted
 * @netdevs: devices of the table netdev camwall
 * @policy: the last that they were made of
 * @young, @n_young: new devices
 * @due: boot time at which they are brought into step the next time, in milliseconds
 * @repaired: boot time at which they were put right the last time
 * @change: what somebody else did, and is to be put right
 * @failing: said once that they cannot be kept in step
 * @noted: what was said last
 * @timer: descriptor
 */
struct nft {
	struct cw_nft *nft;
	struct cw_nft_watch *watch;
	char *path;
	bool installed, failing, changed;
	char **netdevs;
	struct cw_policy *policy;
	struct nft_young young[NFT_YOUNG_MAX];
	size_t n_young;
	int64_t due, repaired;
	struct cw_nft_change change;
	char *noted;
	int timer;
};

/**
 * struct daemon - the daemon
 * @identities: whose addresses are
 * @events, @client: NULL while the module is not there
 * @policy: the last that was read; NULL where none was
 * @running: a run of observation is under way
 * @resample: events were lost: the inventory is to be read again
 * @more: there are events that have come already
 * @seq, @generation: of the kernel's last event and configuration that were heard of
 * @offset: of the clock against boot time, to see it jump
 * @waiting_said, @clock_said, @leases_said, @sample_said: it was said once that the module is
 *	not there, that the clock is wrong, that a lease file cannot be read, that the kernel
 *	does not answer
 * @nft: camwall's tables of nftables
 * @epoll, @signals, @interval, @clock, @watchdog: descriptors
 */
struct daemon {
	struct daemon_options options;
	struct cw_history_settings settings;
	struct cw_settings tool_settings;
	struct cw_identities *identities;
	struct cw_events *events;
	struct cw_client *client;
	struct cw_policy *policy;
	struct record record;
	struct nft nft;
	char boot_id[64];
	uint64_t seq;
	uint32_t generation;
	int64_t offset;
	bool running, resample, more, waiting_said, clock_said, leases_said, sample_said;
	int epoll, signals, interval, clock, watchdog;
};

/* clock.c */

/** now_ms() - milliseconds since the machine started, sleep included */
int64_t now_ms(void);

/** moment_now() - by all clocks */
struct cw_moment moment_now(void);

/** clock_plausible() - whether the clock shows a time at which camwall existed */
bool clock_plausible(const struct cw_moment *now);

/** clock_watch() - arm a descriptor that becomes readable when the clock is set; Return: 0 or -1 */
int clock_watch(int fd);

/* log.c */

/** log_at() - a line for the journal; @level: as for syslog(3) */
__attribute__((format(printf, 2, 3)))
void log_at(int level, const char *fmt, ...);

/** log_error() - an error's sentence; clears it */
void log_error(int level, const char *what, struct cw_error *err);

/** log_verbose() - whether LOG_DEBUG is printed */
void log_verbose(bool verbose);

/** log_open() - open what the settings name for events; Return: 0, or -1 with @err set */
int log_open(const struct cw_history_settings *settings, struct cw_error *err);
void log_close(void);

/** log_event() - an event, as JSON where that is wanted, and for people where it matters to them */
void log_event(const struct cw_event *event, const struct cw_identities *identities);

/** log_repaired() - that camwall's tables of nftables were put right, after what somebody else did */
void log_repaired(const struct cw_nft_change *change, const struct cw_nft_report *report);

/* notify.c */

/** notify() - tell the service manager, "READY=1" or the like, where there is one that listens */
__attribute__((format(printf, 1, 2)))
void notify(const char *fmt, ...);

/** notify_watchdog_us() - how often it wants to hear of us, in microseconds; 0: not at all */
uint64_t notify_watchdog_us(void);

/* privilege.c */

/** privilege_drop() - keep CAP_NET_ADMIN alone, and become @user where this is root; Return: 0, or -1 with @err set */
int privilege_drop(const char *user, const char *database, struct cw_error *err);

/* who.c */

/** who_applied() - name the user and, where it is still there, the process behind a change; for free() of both */
void who_applied(uint32_t uid, uint32_t portid, char **user, char **process);

/* config.c */

/** config_load() - read the configuration, registry and packs, or read them again; Return: 0, or -1 with @err set */
int config_load(struct daemon *daemon, struct cw_error *err);
void config_clear(struct daemon *daemon);

/* pending.c */

/** pending_event() - keep an event for the next transaction; takes over its strings */
void pending_event(struct daemon *daemon, struct cw_event *event);
void pending_lost(struct daemon *daemon, uint64_t lost);
void pending_unloaded(struct daemon *daemon);
void pending_repaired(struct daemon *daemon);

/**
 * pending_change() - keep a change of the policy for the next transaction
 * @event: takes over its strings; NULL where the policy was found
 * @policy, @user, @process: are taken over; NULL where they are not known
 */
void pending_change(struct daemon *daemon, struct cw_event *event, struct cw_policy *policy,
		    char *user, char *process);
void pending_begin(struct daemon *daemon, bool fresh);

/** pending_end() - @when: when observation ended */
void pending_end(struct daemon *daemon, const char *reason, const struct cw_moment *when);
void pending_clear(struct record *record);

/* record.c */

/** record_open() - open the history; Return: 0, also where the disk is full: it is tried again; or -1 with @err set */
int record_open(struct daemon *daemon, struct cw_error *err);

/** record_reloaded() - settings, registry and packs may be others now */
void record_reloaded(struct daemon *daemon);

/** record_flush() - write what is kept */
void record_flush(struct daemon *daemon);

/** record_sample() - the same, and a sample of inventory and groups */
void record_sample(struct daemon *daemon);

void record_close(struct daemon *daemon);

/* watch.c */

/** watch_start() - begin to listen, where the module is there and the clock can be right */
void watch_start(struct daemon *daemon);

/** watch_drain() - take all events that wait */
void watch_drain(struct daemon *daemon);

/** watch_stop() - end it, for a reason as in struct cw_history_run */
void watch_stop(struct daemon *daemon, const char *reason);

/** watch_clock() - where the clock has jumped, a new run begins */
void watch_clock(struct daemon *daemon);

/* nft.c */

/** nft_open() - listen to nftables, once the descriptor @epoll is there; Return: 0, or -1 with @err set */
int nft_open(struct daemon *daemon, struct cw_error *err);
void nft_close(struct daemon *daemon);

/** nft_ready() - serve a descriptor, if it is one of these; Return: whether it is */
bool nft_ready(struct daemon *daemon, int fd);

/** nft_event() - what an event means for the tables, at once */
void nft_event(struct daemon *daemon, const struct cw_event *event);

/** nft_resync() - anything may be different now: bring the tables into step */
void nft_resync(struct daemon *daemon);

/* loop.c */

/** loop_run() - until a signal ends it; Return: 0, or -1 with @err set */
int loop_run(struct daemon *daemon, struct cw_error *err);

/** loop_add() - wake up where a descriptor can be read; Return: 0, or -1 with @err set */
int loop_add(struct daemon *daemon, int fd, struct cw_error *err);

#endif
