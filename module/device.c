// SPDX-License-Identifier: GPL-2.0
/*
 * Devices: the table. It is bounded, and its heads are as many as its devices can be: so
 * lists are short, and a look-up is a multiplication and, as a rule, one cache line. Only
 * process context takes devices out (&cw_devices.mutex); packets look up, and put in.
 */
#include <linux/if_ether.h>
#include <linux/ktime.h>
#include <linux/log2.h>
#include <linux/memcontrol.h>
#include <linux/mm.h>
#include <linux/random.h>
#include <linux/sched/mm.h>
#include <linux/slab.h>

#include "device.h"
#include "event_device.h"
#include "inventory.h"

/** cw_devices_wq - where the inventories' work items run */
struct workqueue_struct *cw_devices_wq __ro_after_init;
static struct kmem_cache *cw_device_cache __ro_after_init;

/**
 * cw_device_table_alloc() - an empty table
 * @max: devices that it is meant for
 *
 * Its memory, and that of the devices, is charged to the memory cgroup of who asks for it.
 *
 * Context: process; may sleep.
 * Return: for cw_device_table_replace() or cw_device_table_free(); NULL where there is no
 * memory.
 */
struct cw_device_table *cw_device_table_alloc(u32 max)
{
	u32 bits = max(ilog2(roundup_pow_of_two(max)), 1);
	struct cw_device_table *table;

	table = kvzalloc(struct_size(table, heads, 1UL << bits), GFP_KERNEL_ACCOUNT);
	if (!table)
		return NULL;
	get_random_bytes(&table->multiplier, sizeof(table->multiplier));
	table->multiplier |= 1;
	table->shift = 64 - bits;
	table->n = 1U << bits;
	table->memcg = get_mem_cgroup_from_mm(current->mm);
	return table;
}

/**
 * cw_device_table_free() - free a table
 * @table: nobody looks at it any more; may be NULL
 */
void cw_device_table_free(struct cw_device_table *table)
{
	if (!table)
		return;
	mem_cgroup_put(table->memcg);
	kvfree(table);
}

static void cw_device_insert(struct cw_device_table *table, struct cw_device *device)
{
	hlist_add_head_rcu(&device->node[table->which],
			   cw_device_head(table, device->mac));
}

/* Those that are not in the new table yet; packets put new ones into both. */
static void cw_device_table_move(struct cw_devices *devices, struct cw_device_table *from,
				 struct cw_device_table *to)
{
	struct cw_device *device;
	u32 i;

	for (i = 0; i < from->n; i++) {
		/* A list at a time, so that packets do not wait long. */
		spin_lock_bh(&devices->lock);
		hlist_for_each_entry(device, &from->heads[i], node[from->which])
			if (hlist_unhashed(&device->node[to->which]))
				cw_device_insert(to, device);
		spin_unlock_bh(&devices->lock);
		cond_resched();
	}
}

/* So that hlist_unhashed() is true of them the next time. */
static void cw_device_table_reset(struct cw_devices *devices, struct cw_device_table *table,
				  u32 which)
{
	struct cw_device *device;
	u32 i;

	for (i = 0; i < table->n; i++) {
		spin_lock_bh(&devices->lock);
		hlist_for_each_entry(device, &table->heads[i], node[table->which])
			INIT_HLIST_NODE(&device->node[which]);
		spin_unlock_bh(&devices->lock);
		cond_resched();
	}
}

/**
 * cw_device_table_replace() - put another table in place of the one in use
 * @devices: all of them are in the new one afterwards
 * @table: an empty one
 *
 * Context: &cw_devices.mutex held; may sleep, for a grace period too.
 */
void cw_device_table_replace(struct cw_devices *devices, struct cw_device_table *table)
{
	struct cw_device_table *old;

	old = rcu_dereference_protected(devices->table,
					lockdep_is_held(&devices->mutex));
	if (!old) {
		rcu_assign_pointer(devices->table, table);
		return;
	}
	table->which = !old->which;
	table->seq = old->seq + 1;
	spin_lock_bh(&devices->lock);
	rcu_assign_pointer(devices->next, table);
	spin_unlock_bh(&devices->lock);
	cw_device_table_move(devices, old, table);
	spin_lock_bh(&devices->lock);
	rcu_assign_pointer(devices->table, table);
	RCU_INIT_POINTER(devices->next, NULL);
	spin_unlock_bh(&devices->lock);
	synchronize_rcu();
	cw_device_table_reset(devices, table, old->which);
	cw_device_table_free(old);
}

/*
 * A softirq belongs to nobody: what it allocates is charged to who is said to pay. Above
 * a cgroup's limit GFP_ATOMIC would be given memory all the same, GFP_NOWAIT is not.
 */
static struct cw_device *cw_device_alloc(struct mem_cgroup *payer, u64 mac, u64 place)
{
	struct mem_cgroup *before = set_active_memcg(payer);
	struct cw_device *device;

	device = kmem_cache_zalloc(cw_device_cache, GFP_NOWAIT | __GFP_NOWARN);
	set_active_memcg(before);
	if (!device)
		return NULL;
	device->mac = mac;
	device->seen = get_jiffies_64();
	device->first_seen = ktime_get_boottime_seconds();
	device->last_seen = device->first_seen;
	atomic64_set(&device->place, place);
	refcount_set(&device->refs, 1);
	seqcount_init(&device->learned);
	INIT_LIST_HEAD(&device->told.later);
	return device;
}

static bool cw_devices_full(const struct cw_devices *devices)
{
	return READ_ONCE(devices->count) >= READ_ONCE(devices->max);
}

/* Put a device into the table, unless another CPU has done so; false where there is no place. */
static bool cw_device_put_in(struct cw_devices *devices, struct cw_device *device,
			     struct cw_device **other)
{
	struct cw_device_table *table, *next;

	lockdep_assert_held(&devices->lock);
	*other = cw_device_find(devices, device->mac);
	if (*other)
		return true;
	if (cw_devices_full(devices))
		return false;
	table = rcu_dereference_protected(devices->table,
					  lockdep_is_held(&devices->lock));
	next = rcu_dereference_protected(devices->next,
					 lockdep_is_held(&devices->lock));
	cw_device_insert(table, device);
	if (next)
		cw_device_insert(next, device);
	WRITE_ONCE(devices->count, devices->count + 1);
	return true;
}

static struct cw_device *cw_device_refuse(struct cw_devices *devices)
{
	atomic64_inc(&devices->refused);
	if (!READ_ONCE(devices->crowded))
		cw_inventory_crowded(devices);
	return NULL;
}

/**
 * cw_device_create() - a device that was not there
 * @devices: where it belongs
 * @mac: its address, below 2^48
 * @place: where it was seen
 *
 * Context: softirq, or bottom halves disabled; RCU read lock held.
 * Return: the device, while the RCU read lock is held; NULL where the table is full or there
 * is no memory.
 */
struct cw_device *cw_device_create(struct cw_devices *devices, u64 mac, u64 place)
{
	const struct cw_device_table *table = rcu_dereference(devices->table);
	struct cw_device *device, *other;
	bool has_place;

	if (unlikely(!table))
		return NULL;
	if (cw_devices_full(devices))
		return cw_device_refuse(devices);
	device = cw_device_alloc(table->memcg, mac, place);
	if (!device)
		return cw_device_refuse(devices);
	spin_lock_bh(&devices->lock);
	has_place = cw_device_put_in(devices, device, &other);
	spin_unlock_bh(&devices->lock);
	if (has_place && !other) {
		cw_device_notify(devices, device, CW_PENDING_CHANGE);
		return device;
	}
	kmem_cache_free(cw_device_cache, device);
	return has_place ? other : cw_device_refuse(devices);
}

/**
 * cw_device_remove() - take a device out of the table
 * @devices: where it is
 * @device: it stays until the RCU read lock is released
 *
 * Context: &cw_devices.mutex held.
 */
void cw_device_remove(struct cw_devices *devices, struct cw_device *device)
{
	struct cw_device_table *table;

	table = rcu_dereference_protected(devices->table,
					  lockdep_is_held(&devices->mutex));
	device->removed = true;
	spin_lock_bh(&devices->lock);
	hlist_del_rcu(&device->node[table->which]);
	WRITE_ONCE(devices->count, devices->count - 1);
	spin_unlock_bh(&devices->lock);
	cw_device_put(device);
}

static void cw_device_free(struct rcu_head *rcu)
{
	kmem_cache_free(cw_device_cache, container_of(rcu, struct cw_device, rcu));
}

/**
 * cw_device_put() - drop a reference; the last one frees, after a grace period
 * @device: the device
 *
 * Context: any.
 */
void cw_device_put(struct cw_device *device)
{
	if (refcount_dec_and_test(&device->refs))
		call_rcu(&device->rcu, cw_device_free);
}

/** cw_devices_setup() - before the first device; Return: 0 or -ENOMEM */
int cw_devices_setup(void)
{
	cw_device_cache = KMEM_CACHE(cw_device, SLAB_HWCACHE_ALIGN | SLAB_ACCOUNT);
	if (!cw_device_cache)
		return -ENOMEM;
	cw_devices_wq = alloc_workqueue("camwall_devices", WQ_UNBOUND, 0);
	if (!cw_devices_wq) {
		kmem_cache_destroy(cw_device_cache);
		return -ENOMEM;
	}
	return 0;
}

/** cw_devices_teardown() - after the last one: waits until all are free */
void cw_devices_teardown(void)
{
	destroy_workqueue(cw_devices_wq);
	rcu_barrier();
	kmem_cache_destroy(cw_device_cache);
}
