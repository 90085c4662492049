/* SPDX-License-Identifier: GPL-2.0 */
/* Devices: what traffic changes of a single one, in a bounded table. It survives a commit. */
#ifndef _CW_DEVICE_H
#define _CW_DEVICE_H

#include <linux/atomic.h>
#include <linux/cache.h>
#include <linux/list.h>
#include <linux/llist.h>
#include <linux/mutex.h>
#include <linux/rculist.h>
#include <linux/refcount.h>
#include <linux/seqlock.h>
#include <linux/spinlock.h>
#include <linux/workqueue.h>

#include "limit.h"
#include "stats.h"

struct mem_cgroup;

#define CW_N_REASONS	(CW_N_DROPS - 1)

/*
 * Bits of &cw_device.pending: what packets have noted for the events, and events have not
 * told yet. The lowest ones are a bit for each direction and reason of a drop.
 */
#define CW_PENDING_DROP(direction, drop) ((direction) * CW_N_REASONS + (drop) - 1)
#define CW_PENDING_DROPS	(CW_N_DIRECTIONS * CW_N_REASONS)
#define CW_PENDING_CHANGE	CW_PENDING_DROPS

/* Bits of &cw_device.flags */
#define CW_DEVICE_QUEUED	0	/* in &cw_devices.queue */
#define CW_DEVICE_LEARNING	1	/* a CPU writes its addresses */

/**
 * struct cw_device_counters - what was seen of a device in one direction, by all CPUs
 * @packets: frames, by what was done; CW_DROP_NONE: those that passed
 * @bytes: octets from the Ethernet header on, the dropped ones included
 */
struct cw_device_counters {
	atomic64_t packets[CW_N_DROPS];
	atomic64_t bytes;
};

/**
 * struct cw_device_told - what events have told of a device; &cw_devices.mutex
 * @later: in &cw_devices.later
 * @moved: when a move was told last, in jiffies, all 64 bits of them
 * @dropped: the same of a drop
 * @place: where it is
 * @drops: frames, by bit of &cw_device.pending
 * @next: the bit that is looked at first for the next drop
 * @new: that it is there
 * @gone: that it is gone
 */
struct cw_device_told {
	struct list_head later;
	u64 moved;
	u64 dropped;
	u64 place;
	u64 drops[CW_PENDING_DROPS];
	u8 next;
	bool new;
	bool gone;
};

/**
 * struct cw_device - a device
 *
 * The first cache line is read for each of its frames, and written once a second at most;
 * each direction's counters have a line of their own. So two CPUs that handle two devices
 * never share a line, nor do, but for a limit, two that handle the two directions of one.
 *
 * @node: in the table, one for the table in use and one for its successor
 * @mac: its address, below 2^48
 * @seen: when it was seen last, to the second: jiffies, as 64 bits, which cost nothing to read
 * @place: where it was seen last (cw_place())
 * @gone: it is idle; set by the sweep, cleared by its next frame
 * @removed: it is in no table any more; &cw_devices.mutex
 * @displaced: to make room for others; &cw_devices.mutex
 * @ipv4: source address seen last, or 0
 * @ipv6: source address seen last, or 0, its halves as they stand in the packet
 * @pending: what events have to tell
 * @flags: CW_DEVICE_QUEUED, CW_DEVICE_LEARNING
 * @learned: makes @ipv6 readable as one
 * @refs: the table's and those of the lists of events
 * @first_seen: in seconds since the machine was started
 * @last_seen: the same of @seen; kept because jiffies drift from it, and stop in a suspend
 * @bucket: of its limit (cw_limit_take())
 * @counters: by direction
 * @queue: in &cw_devices.queue
 * @told: what events have told
 * @rcu: frees it after a grace period
 */
struct cw_device {
	struct hlist_node node[2];
	u64 mac;
	u64 seen;
	atomic64_t place;
	bool gone;
	bool removed;
	bool displaced;
	__be32 ipv4;

	u64 ipv6[2] ____cacheline_aligned;
	unsigned long pending;
	unsigned long flags;
	seqcount_t learned;
	refcount_t refs;
	u64 first_seen;
	u64 last_seen;
	struct cw_tokens bucket;

	struct {
		struct cw_device_counters counters;
	} ____cacheline_aligned direction[CW_N_DIRECTIONS];

	struct llist_node queue ____cacheline_aligned;
	struct cw_device_told told;
	struct rcu_head rcu;
};

/**
 * struct cw_device_table - devices by MAC address
 * @multiplier: odd and random, so that nobody can choose addresses that collide
 * @shift: 64 less the binary logarithm of the heads
 * @which: of &cw_device.node
 * @n: heads
 * @seq: how many tables there were before it
 * @memcg: whose memory it takes, and that of the devices that are put into it; may be NULL
 * @heads: the lists
 */
struct cw_device_table {
	u64 multiplier;
	u32 shift;
	u32 which;
	u32 n;
	u32 seq;
	struct mem_cgroup *memcg;
	struct hlist_head heads[];
};

/**
 * struct cw_devices - the inventory of a network namespace
 * @table: NULL until a first configuration is committed
 * @next: while the table is replaced, its successor; @lock
 * @max: devices, at most
 * @idle: seconds without a frame after which one counts as gone
 * @count: devices in @table; written under @lock
 * @crowded: a device found no place since the last sweep
 * @lock: for who puts into a table or takes out of it
 * @queue: devices of which events have something to tell
 * @work: tells it
 * @later: devices of which there will be more to tell in a while; @mutex
 * @again: tells that
 * @sweep: marks those that are gone, and makes room
 * @mutex: for who takes out of a table, replaces one, or tells
 * @flooded: when an event told of @refused last, in jiffies, all 64 bits of them; @mutex
 * @flood_told: of @refused, those that an event has told; @mutex
 * @evicted: devices that had to make room
 * @refused: frames from devices that found no place
 */
struct cw_devices {
	struct cw_device_table __rcu *table;
	struct cw_device_table __rcu *next;
	u32 max;
	u32 idle;
	u32 count;
	bool crowded;
	spinlock_t lock;	/* tables, but for what RCU readers do */
	struct llist_head queue;
	struct work_struct work;
	struct list_head later;
	struct delayed_work again;
	struct delayed_work sweep;
	struct mutex mutex;	/* taking out, replacing, told; taken before lock */
	u64 flooded;
	u64 flood_told;
	atomic64_t evicted;
	atomic64_t refused ____cacheline_aligned;
};

extern struct workqueue_struct *cw_devices_wq;

int cw_devices_setup(void);
void cw_devices_teardown(void);
struct cw_device_table *cw_device_table_alloc(u32 max);
void cw_device_table_free(struct cw_device_table *table);
void cw_device_table_replace(struct cw_devices *devices, struct cw_device_table *table);
struct cw_device *cw_device_create(struct cw_devices *devices, u64 mac, u64 place);
void cw_device_remove(struct cw_devices *devices, struct cw_device *device);
void cw_device_put(struct cw_device *device);

/** cw_device_head() - where a device is in a table, if it is */
static inline struct hlist_head *cw_device_head(struct cw_device_table *table, u64 mac)
{
	return &table->heads[(mac * table->multiplier) >> table->shift];
}

/**
 * cw_device_find() - a device
 * @devices: where to look
 * @mac: its address, below 2^48
 *
 * Context: any, RCU read lock held.
 * Return: the device, while the RCU read lock is held; NULL where there is none.
 */
static __always_inline struct cw_device *
cw_device_find(const struct cw_devices *devices, u64 mac)
{
	struct cw_device_table *table = rcu_dereference(devices->table);
	struct cw_device *device;

	if (unlikely(!table))
		return NULL;
	hlist_for_each_entry_rcu(device, cw_device_head(table, mac), node[table->which])
		if (device->mac == mac)
			return device;
	return NULL;
}

#endif
