/* SPDX-License-Identifier: GPL-2.0 */
/* Events of devices: noted by packets, told by a work item. */
#ifndef _CW_EVENT_DEVICE_H
#define _CW_EVENT_DEVICE_H

#include "device.h"

struct work_struct;

void cw_device_queue(struct cw_devices *devices, struct cw_device *device);
void cw_devices_work(struct work_struct *work);
void cw_devices_again(struct work_struct *work);
void cw_devices_forget(struct cw_devices *devices);

/**
 * cw_device_notify() - note that events have something to tell of a device
 * @devices: where it is, or was
 * @device: the device
 * @bit: what, of &cw_device.pending; written before, with a full barrier in between
 *
 * Nothing is sent here: a work item compares what there is with what it has told.
 *
 * Context: any, RCU read lock held or &cw_devices.mutex.
 */
static inline void cw_device_notify(struct cw_devices *devices, struct cw_device *device,
				    unsigned int bit)
{
	if (!test_bit(bit, &device->pending) && !test_and_set_bit(bit, &device->pending))
		cw_device_queue(devices, device);
}

#endif
