/* SPDX-License-Identifier: GPL-2.0 */
/* The inventory: which devices stay in it, as time passes and configurations change. */
#ifndef _CW_INVENTORY_H
#define _CW_INVENTORY_H

#include <linux/types.h>

struct cw_actor;
struct cw_config;
struct cw_device;
struct cw_device_table;
struct cw_devices;
struct cw_net;
struct netlink_ext_ack;

/**
 * struct cw_device_times - when a device was seen
 * @first_seen: in seconds since 1970, by the clock as it is now
 * @last_seen: the same
 * @idle: seconds since it was seen last, whatever happened to the clock
 */
struct cw_device_times {
	u64 first_seen;
	u64 last_seen;
	u32 idle;
};

void cw_inventory_init(struct cw_net *cn);
void cw_inventory_clean(struct cw_net *cn);
int cw_inventory_prepare(struct cw_net *cn, const struct cw_config *config,
			 struct cw_device_table **table, struct netlink_ext_ack *extack);
void cw_inventory_commit(struct cw_net *cn, const struct cw_config *config,
			 struct cw_device_table *table);
void cw_inventory_flush(struct cw_net *cn, const struct cw_actor *actor);
void cw_inventory_watch(struct cw_devices *devices);
void cw_inventory_crowded(struct cw_devices *devices);
void cw_device_times(const struct cw_device *device, struct cw_device_times *times);

#endif
