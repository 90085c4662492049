/* SPDX-License-Identifier: GPL-2.0 */
/* Devices: what traffic changes of a single one. It survives a commit. */
#ifndef _CW_DEVICE_H
#define _CW_DEVICE_H

#include <linux/rhashtable-types.h>
#include <linux/types.h>
#include <linux/workqueue.h>

struct cw_tokens;

/**
 * struct cw_devices - the devices of a network namespace that have state
 * @table: struct cw_device, by MAC address
 * @sweep: forgets those whose state is that of a device never seen
 */
struct cw_devices {
	struct rhashtable table;
	struct delayed_work sweep;
};

int cw_devices_init(struct cw_devices *devices);
void cw_devices_clean(struct cw_devices *devices);
struct cw_tokens *cw_device_bucket(struct cw_devices *devices, const u8 *mac);

#endif
