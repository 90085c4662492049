// SPDX-License-Identifier: GPL-2.0
/*
 * The inventory: which devices stay in it, as time passes and configurations change. All of
 * this is in process context, so that a flood of addresses can keep no packet from its way.
 *
 * Ages are counted by clocks that nobody sets. What a device was seen at by the time of day
 * is worked out when somebody asks, by the time of day that it is then: so a clock that is
 * set right after the start sets right what was seen before.
 */
#include <linux/etherdevice.h>
#include <linux/jiffies.h>
#include <linux/ktime.h>
#include <linux/math64.h>
#include <linux/netlink.h>
#include <linux/overflow.h>
#include <linux/slab.h>
#include <linux/sort.h>

#include "config.h"
#include "device.h"
#include "event.h"
#include "event_device.h"
#include "inventory.h"
#include "main.h"

#define CW_SWEEP_LONGEST	(10 * HZ)
#define CW_SWEEP_SHORTEST	HZ
#define CW_EVICT_SHARE		16		/* of all places, at a time */
/* Five and two seconds; one more, because frames date a device by the second. */
#define CW_IDLE_LONG		(6 * HZ)	/* such a device makes room first */
#define CW_IDLE_SHORT		(3 * HZ)	/* then such a one, and no other */

static u64 cw_device_age(const struct cw_device *device)
{
	u64 now = get_jiffies_64(), seen = READ_ONCE(device->seen);

	return now > seen ? now - seen : 0;
}

/**
 * cw_device_times() - when a device was seen
 * @device: the device
 * @times: filled
 *
 * Context: any.
 */
void cw_device_times(const struct cw_device *device, struct cw_device_times *times)
{
	u64 now = ktime_get_boottime_seconds();
	u64 last_seen = min(READ_ONCE(device->last_seen), now);
	s64 offset = ktime_get_real_ns() - ktime_get_boottime_ns();
	s64 start = div_s64(offset + NSEC_PER_SEC / 2, NSEC_PER_SEC);

	times->first_seen = max_t(s64, start + device->first_seen, 0);
	times->last_seen = max_t(s64, start + last_seen, 0);
	times->idle = min_t(u64, now - last_seen, U32_MAX);
}

/*
 * cw_devices_walk() - do something with each device
 * @visit: may remove it; must not sleep
 */
static void cw_devices_walk(struct cw_net *cn,
			    void (*visit)(struct cw_net *cn, struct cw_device *device,
					  void *data), void *data)
{
	struct cw_devices *devices = &cn->devices;
	struct cw_device_table *table;
	struct cw_device *device;
	u32 i;

	table = rcu_dereference_protected(devices->table,
					  lockdep_is_held(&devices->mutex));
	for (i = 0; table && i < table->n; i++) {
		if (hlist_empty(&table->heads[i]))
			continue;
		rcu_read_lock();
		hlist_for_each_entry_rcu(device, &table->heads[i], node[table->which])
			visit(cn, device, data);
		rcu_read_unlock();
		cond_resched();
	}
}

/* --- Room for others --- */

/**
 * struct cw_candidate - a device that may have to make room
 * @seen: when it was seen last
 * @device: the device
 */
struct cw_candidate {
	u64 seen;
	struct cw_device *device;
};

struct cw_candidates {
	struct cw_candidate *list;
	u32 count;
	u32 room;
};

static void cw_visit_collect(struct cw_net *cn, struct cw_device *device, void *data)
{
	struct cw_candidates *candidates = data;
	struct cw_candidate *one;

	if (candidates->count == candidates->room)
		return;
	one = &candidates->list[candidates->count++];
	one->seen = READ_ONCE(device->seen);
	one->device = device;
}

static int cw_candidate_cmp(const void *a, const void *b)
{
	const struct cw_candidate *x = a, *y = b;

	return x->seen < y->seen ? -1 : x->seen > y->seen;
}

static void cw_displace(struct cw_devices *devices, struct cw_device *device)
{
	device->displaced = true;
	set_bit(CW_PENDING_CHANGE, &device->pending);
	/* The queue's reference, before the table's goes. */
	cw_device_queue(devices, device);
	cw_device_remove(devices, device);
	atomic64_inc(&devices->evicted);
}

/* The longest idle ones first; Return: how many went. */
static u32 cw_displace_some(struct cw_devices *devices,
			    const struct cw_candidates *candidates, u32 want, u64 min_age)
{
	u32 i, gone = 0;

	for (i = 0; i < candidates->count && gone < want; i++) {
		/* It may have been seen since the list was made. */
		if (cw_device_age(candidates->list[i].device) < min_age)
			continue;
		cw_displace(devices, candidates->list[i].device);
		gone++;
	}
	return gone;
}

/*
 * Those who are here now stay: where nobody is idle, others come in only as somebody goes.
 * Where there is no memory for the list, the next sweep tries again.
 */
static void cw_make_room(struct cw_net *cn, u32 want, bool whoever)
{
	struct cw_devices *devices = &cn->devices;
	struct cw_candidates candidates = { .room = READ_ONCE(devices->count) };

	candidates.list = kvmalloc_array(candidates.room, sizeof(*candidates.list),
					 GFP_KERNEL);
	if (!candidates.list)
		return;
	cw_devices_walk(cn, cw_visit_collect, &candidates);
	sort(candidates.list, candidates.count, sizeof(*candidates.list),
	     cw_candidate_cmp, NULL);
	if (whoever)
		cw_displace_some(devices, &candidates, want, 0);
	else if (!cw_displace_some(devices, &candidates, want, CW_IDLE_LONG))
		cw_displace_some(devices, &candidates, want, CW_IDLE_SHORT);
	kvfree(candidates.list);
}

/* --- The sweep --- */

static void cw_visit_sweep(struct cw_net *cn, struct cw_device *device, void *data)
{
	const struct cw_config *config = rcu_dereference(cn->config);
	struct cw_devices *devices = &cn->devices;
	u8 mac[ETH_ALEN];

	u64_to_ether_addr(device->mac, mac);
	if (!config || !cw_prefix_value(&config->table, mac)) {
		cw_device_remove(devices, device);
		return;
	}
	/* A second more: its frames are dated by the second. */
	if (device->gone || cw_device_age(device) < ((u64)devices->idle + 1) * HZ)
		return;
	WRITE_ONCE(device->gone, true);
	/* Pairs with cw_device_settle(). */
	smp_mb();
	cw_device_notify(devices, device, CW_PENDING_CHANGE);
}

static void cw_tell_flood(struct cw_net *cn)
{
	struct cw_devices *devices = &cn->devices;
	u64 refused = atomic64_read(&devices->refused);

	if (refused == devices->flood_told ||
	    time_before64(get_jiffies_64(), devices->flooded + HZ))
		return;
	cw_event_flood(cn, refused - devices->flood_told, refused);
	devices->flood_told = refused;
	devices->flooded = get_jiffies_64();
}

static unsigned long cw_sweep_interval(const struct cw_devices *devices)
{
	if (atomic64_read(&devices->refused) != devices->flood_told)
		return CW_SWEEP_SHORTEST;
	return clamp_t(u64, (u64)devices->idle * HZ / 4, CW_SWEEP_SHORTEST, CW_SWEEP_LONGEST);
}

static void cw_sweep(struct cw_net *cn)
{
	struct cw_devices *devices = &cn->devices;
	bool crowded = READ_ONCE(devices->crowded);
	u32 count;

	lockdep_assert_held(&devices->mutex);
	WRITE_ONCE(devices->crowded, false);
	cw_devices_walk(cn, cw_visit_sweep, NULL);
	count = READ_ONCE(devices->count);
	if (count > devices->max)
		cw_make_room(cn, count - devices->max, true);
	else if (crowded && count == devices->max)
		cw_make_room(cn, devices->max / CW_EVICT_SHARE, false);
	cw_tell_flood(cn);
	if (READ_ONCE(devices->count) ||
	    atomic64_read(&devices->refused) != devices->flood_told)
		cw_inventory_watch(devices);
}

static void cw_sweep_work(struct work_struct *work)
{
	struct cw_devices *devices = container_of(to_delayed_work(work),
						  struct cw_devices, sweep);

	mutex_lock(&devices->mutex);
	cw_sweep(container_of(devices, struct cw_net, devices));
	mutex_unlock(&devices->mutex);
}

/**
 * cw_inventory_watch() - see to it that there is a sweep in a while
 * @devices: the inventory
 *
 * Context: &cw_devices.mutex held.
 */
void cw_inventory_watch(struct cw_devices *devices)
{
	queue_delayed_work(cw_devices_wq, &devices->sweep, cw_sweep_interval(devices));
}

/**
 * cw_inventory_crowded() - a device found no place: see to it that there is a sweep soon
 * @devices: the inventory
 *
 * Context: any.
 */
void cw_inventory_crowded(struct cw_devices *devices)
{
	WRITE_ONCE(devices->crowded, true);
	mod_delayed_work(cw_devices_wq, &devices->sweep, CW_SWEEP_SHORTEST);
}

/* --- What administrators do --- */

/**
 * cw_inventory_prepare() - get what a configuration's inventory needs
 * @cn: the namespace
 * @config: the configuration
 * @table: set, for cw_inventory_commit() or cw_device_table_free(); NULL where the one in use
 *	   does
 * @extack: gets the reason of a refusal
 *
 * Context: &cw_net.lock held; may sleep.
 * Return: 0 or -ENOMEM.
 */
int cw_inventory_prepare(struct cw_net *cn, const struct cw_config *config,
			 struct cw_device_table **table, struct netlink_ext_ack *extack)
{
	*table = NULL;
	if (rcu_access_pointer(cn->devices.table) &&
	    READ_ONCE(cn->devices.max) == config->max_devices)
		return 0;
	*table = cw_device_table_alloc(config->max_devices);
	if (*table)
		return 0;
	NL_SET_ERR_MSG(extack, "out of memory for the inventory: a smaller max-devices needs less");
	return -ENOMEM;
}

/**
 * cw_inventory_commit() - do what a configuration says of the inventory
 * @cn: the namespace
 * @config: in force
 * @table: from cw_inventory_prepare()
 *
 * Devices that it does not list any more go. So do, where there is less room than before,
 * those that were seen longest ago.
 *
 * Context: &cw_net.lock held; may sleep.
 */
void cw_inventory_commit(struct cw_net *cn, const struct cw_config *config,
			 struct cw_device_table *table)
{
	struct cw_devices *devices = &cn->devices;

	mutex_lock(&devices->mutex);
	WRITE_ONCE(devices->max, config->max_devices);
	devices->idle = config->idle;
	if (table)
		cw_device_table_replace(devices, table);
	cw_sweep(cn);
	/* A shorter idle may want a sweep sooner. */
	if (READ_ONCE(devices->count))
		mod_delayed_work(cw_devices_wq, &devices->sweep, cw_sweep_interval(devices));
	mutex_unlock(&devices->mutex);
}

static void cw_visit_flush(struct cw_net *cn, struct cw_device *device, void *data)
{
	u32 *count = data;

	cw_device_remove(&cn->devices, device);
	(*count)++;
}

/**
 * cw_inventory_flush() - empty the inventory
 * @cn: the namespace
 * @actor: who does it
 *
 * Context: process; may sleep.
 */
void cw_inventory_flush(struct cw_net *cn, const struct cw_actor *actor)
{
	u32 count = 0;

	mutex_lock(&cn->devices.mutex);
	cw_devices_walk(cn, cw_visit_flush, &count);
	cw_event_flushed(cn, count, actor);
	mutex_unlock(&cn->devices.mutex);
}

/* --- Life --- */

/**
 * cw_inventory_init() - an empty inventory
 * @cn: the namespace; for cw_inventory_clean()
 */
void cw_inventory_init(struct cw_net *cn)
{
	struct cw_devices *devices = &cn->devices;

	devices->max = CAMWALL_DEVICES_DEFAULT;
	devices->idle = CAMWALL_IDLE_DEFAULT;
	spin_lock_init(&devices->lock);
	mutex_init(&devices->mutex);
	init_llist_head(&devices->queue);
	INIT_LIST_HEAD(&devices->later);
	INIT_WORK(&devices->work, cw_devices_work);
	INIT_DELAYED_WORK(&devices->again, cw_devices_again);
	INIT_DELAYED_WORK(&devices->sweep, cw_sweep_work);
	devices->flooded = get_jiffies_64() - HZ;
}

static void cw_visit_clean(struct cw_net *cn, struct cw_device *device, void *data)
{
	cw_device_remove(&cn->devices, device);
}

/**
 * cw_inventory_clean() - free the inventory of a namespace that goes
 * @cn: the namespace; no packet of it is judged any more
 *
 * Context: process; may sleep.
 */
void cw_inventory_clean(struct cw_net *cn)
{
	struct cw_devices *devices = &cn->devices;

	mutex_lock(&devices->mutex);
	cw_devices_walk(cn, cw_visit_clean, NULL);
	mutex_unlock(&devices->mutex);
	/* The second may queue the first, which without devices queues nothing but itself. */
	cancel_delayed_work_sync(&devices->sweep);
	cancel_work_sync(&devices->work);
	cancel_delayed_work_sync(&devices->sweep);
	cancel_delayed_work_sync(&devices->again);
	cw_devices_forget(devices);
	cw_device_table_free(rcu_access_pointer(devices->table));
}
