// SPDX-License-Identifier: GPL-2.0
/*
 * Devices: what traffic changes of a single one. The table is bounded, so that a flood of
 * addresses cannot grow it; a device that finds no place makes do with what its group has.
 */
#include <linux/if_ether.h>
#include <linux/rhashtable.h>
#include <linux/slab.h>
#include <linux/timekeeping.h>

#include "device.h"
#include "limit.h"
#include "prefix.h"

#define CW_MAX_DEVICES		4096
#define CW_SWEEP_INTERVAL	(10 * HZ)

/**
 * struct cw_device - a device that has state
 * @node: in &cw_devices.table
 * @mac: its address, below 2^48
 * @bucket: of its limit (cw_limit_take())
 * @rcu: frees it after a grace period
 */
struct cw_device {
	struct rhash_head node;
	u64 mac;
	struct cw_tokens bucket;
	struct rcu_head rcu;
};

static const struct rhashtable_params cw_device_params = {
	.key_len	= sizeof_field(struct cw_device, mac),
	.key_offset	= offsetof(struct cw_device, mac),
	.head_offset	= offsetof(struct cw_device, node),
	.automatic_shrinking = true,
};

/* A full bucket is what a new device gets: to forget it changes nothing. */
static void cw_devices_sweep(struct work_struct *work)
{
	struct cw_devices *devices = container_of(to_delayed_work(work),
						  struct cw_devices, sweep);
	struct rhashtable_iter iter;
	struct cw_device *device;

	rhashtable_walk_enter(&devices->table, &iter);
	rhashtable_walk_start(&iter);
	while ((device = rhashtable_walk_next(&iter))) {
		if (IS_ERR(device))
			continue;
		if (!cw_limit_full(&device->bucket, ktime_get_ns()))
			continue;
		if (!rhashtable_remove_fast(&devices->table, &device->node,
					    cw_device_params))
			kfree_rcu(device, rcu);
	}
	rhashtable_walk_stop(&iter);
	rhashtable_walk_exit(&iter);
	if (atomic_read(&devices->table.nelems))
		schedule_delayed_work(&devices->sweep, CW_SWEEP_INTERVAL);
}

/**
 * cw_devices_init() - an empty table
 * @devices: for cw_devices_clean()
 *
 * Return: 0 or an error.
 */
int cw_devices_init(struct cw_devices *devices)
{
	INIT_DELAYED_WORK(&devices->sweep, cw_devices_sweep);
	return rhashtable_init(&devices->table, &cw_device_params);
}

static void cw_device_free(void *device, void *arg)
{
	kfree(device);
}

/**
 * cw_devices_clean() - free a table
 * @devices: no packet sees it any more
 *
 * Context: process; may sleep.
 */
void cw_devices_clean(struct cw_devices *devices)
{
	cancel_delayed_work_sync(&devices->sweep);
	rhashtable_free_and_destroy(&devices->table, cw_device_free, NULL);
}

static struct cw_device *cw_device_create(struct cw_devices *devices, u64 mac)
{
	struct cw_device *device, *other;

	if (atomic_read(&devices->table.nelems) >= CW_MAX_DEVICES)
		return NULL;
	device = kzalloc(sizeof(*device), GFP_ATOMIC | __GFP_NOWARN);
	if (!device)
		return NULL;
	device->mac = mac;
	other = rhashtable_lookup_get_insert_fast(&devices->table, &device->node,
						  cw_device_params);
	if (other) {
		kfree(device);
		return IS_ERR(other) ? NULL : other;
	}
	schedule_delayed_work(&devices->sweep, CW_SWEEP_INTERVAL);
	return device;
}

/**
 * cw_device_bucket() - a device's bucket
 * @devices: the table
 * @mac: six octets
 *
 * Context: softirq, RCU read lock held.
 * Return: the bucket, while the RCU read lock is held; NULL where the table is full or
 * there is no memory.
 */
struct cw_tokens *cw_device_bucket(struct cw_devices *devices, const u8 *mac)
{
	struct cw_device *device;
	u64 key = cw_mac_u64(mac);

	device = rhashtable_lookup(&devices->table, &key, cw_device_params);
	if (!device)
		device = cw_device_create(devices, key);
	return device ? &device->bucket : NULL;
}
