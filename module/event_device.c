// SPDX-License-Identifier: GPL-2.0
/*
 * Events of devices. The way of a packet neither allocates nor sends: it changes the device,
 * sets a bit, and puts the device on a list, once. A work item compares the device with what
 * it has told of it, and tells the difference. A bit stays set while telling more has to
 * wait, so that a flood of drops costs packets no more than reading the bit.
 */
#include <linux/jiffies.h>
#include <net/genetlink.h>

#include "event.h"
#include "event_device.h"
#include "inventory.h"
#include "main.h"
#include "put.h"

#define CW_TELL_INTERVAL	HZ		/* between two moves or drops of a device */
#define CW_AGAIN_INTERVAL	(HZ / 4)	/* how often it is looked whether that is over */

/* What is told of a device. */
struct cw_device_event {
	struct cw_device *device;
	const u64 *previous;
	enum cw_direction direction;
	enum cw_drop drop;
	u64 suppressed;
};

/**
 * cw_device_queue() - put a device on the list of those that events tell of
 * @devices: where it is, or was
 * @device: the device; stays until it was looked at
 *
 * Context: any, RCU read lock held or &cw_devices.mutex.
 */
void cw_device_queue(struct cw_devices *devices, struct cw_device *device)
{
	if (test_and_set_bit(CW_DEVICE_QUEUED, &device->flags))
		return;
	/* One that was removed and looked at is about to be freed. */
	if (!refcount_inc_not_zero(&device->refs))
		return;
	llist_add(&device->queue, &devices->queue);
	queue_work(cw_devices_wq, &devices->work);
}

static int cw_put_drop(struct sk_buff *msg, const struct cw_device_event *event)
{
	static const u8 reasons[CW_N_DROPS] = {
		[CW_DROP_POLICY]	= CAMWALL_DROP_REASON_POLICY,
		[CW_DROP_NOT_ALLOWED]	= CAMWALL_DROP_REASON_NOT_ALLOWED,
		[CW_DROP_LIMIT]		= CAMWALL_DROP_REASON_LIMIT,
		[CW_DROP_MALFORMED]	= CAMWALL_DROP_REASON_MALFORMED,
	};

	if (nla_put_u32(msg, CAMWALL_A_DROP_REASON, reasons[event->drop]) ||
	    nla_put_u32(msg, CAMWALL_A_DIRECTION,
			event->direction == CW_FROM ? CAMWALL_DIRECTION_FROM :
						      CAMWALL_DIRECTION_TO) ||
	    nla_put_u64_64bit(msg, CAMWALL_A_SUPPRESSED, event->suppressed,
			      CAMWALL_A_PAD))
		return -EMSGSIZE;
	return 0;
}

static int cw_event_put_device(struct sk_buff *msg, struct cw_net *cn, const void *data)
{
	const struct cw_device_event *event = data;

	if (cw_put_device(msg, cn, event->device))
		return -EMSGSIZE;
	if (event->previous && cw_put_previous(msg, cn, *event->previous))
		return -EMSGSIZE;
	return event->drop == CW_DROP_NONE ? 0 : cw_put_drop(msg, event);
}

static void cw_device_tell(struct cw_net *cn, struct cw_device *device,
			   enum camwall_event event)
{
	const struct cw_device_event data = { .device = device };

	cw_event_send(cn, event, cw_event_put_device, &data);
}

static void cw_device_tell_move(struct cw_net *cn, struct cw_device *device)
{
	const struct cw_device_event data = {
		.device = device, .previous = &device->told.place,
	};

	cw_event_send(cn, CAMWALL_EVENT_DEVICE_MOVED, cw_event_put_device, &data);
}

/* @last may be any time ago: in 32 bits it would seem to lie ahead some day. */
static bool cw_is_due(const struct cw_device *device, u64 last)
{
	return device->removed || time_after_eq64(get_jiffies_64(), last + CW_TELL_INTERVAL);
}

/* From here on packets note it again. */
static void cw_device_settle(struct cw_device *device, unsigned int bit)
{
	clear_bit(bit, &device->pending);
	/* Pairs with that of who changes the device and then looks at the bit. */
	smp_mb__after_atomic();
}

/* Return: whether there may be more to tell in a while. */
static bool cw_device_tell_change(struct cw_net *cn, struct cw_device *device)
{
	struct cw_device_told *told = &device->told;
	bool due = cw_is_due(device, told->moved), gone;
	u64 place;

	if (due)
		cw_device_settle(device, CW_PENDING_CHANGE);
	gone = READ_ONCE(device->gone) || device->displaced;
	if (gone != told->gone) {
		cw_device_tell(cn, device, gone ? CAMWALL_EVENT_DEVICE_GONE :
						  CAMWALL_EVENT_DEVICE_BACK);
		told->gone = gone;
	}
	place = atomic64_read(&device->place);
	if (!due || place == told->place || device->removed)
		return !due;
	cw_device_tell_move(cn, device);
	told->place = place;
	told->moved = get_jiffies_64();
	set_bit(CW_PENDING_CHANGE, &device->pending);
	return true;
}

static bool cw_device_tell_drop(struct cw_net *cn, struct cw_device *device,
				unsigned int bit)
{
	struct cw_device_event event = {
		.device		= device,
		.direction	= bit / CW_N_REASONS,
		.drop		= bit % CW_N_REASONS + 1,
	};
	struct cw_device_told *told = &device->told;
	bool due = cw_is_due(device, told->dropped);
	u64 count;

	if (due)
		cw_device_settle(device, bit);
	count = atomic64_read(&device->direction[event.direction].counters.packets[event.drop]);
	if (count == told->drops[bit])
		return !due;
	if (!due && told->drops[bit])
		return true;
	event.suppressed = count - told->drops[bit] - 1;
	cw_event_send(cn, CAMWALL_EVENT_DEVICE_DROPPED, cw_event_put_device, &event);
	told->drops[bit] = count;
	told->dropped = get_jiffies_64();
	told->next = (bit + 1) % CW_PENDING_DROPS;
	set_bit(bit, &device->pending);
	return true;
}

static void cw_device_tell_new(struct cw_net *cn, struct cw_device *device)
{
	struct cw_device_told *told = &device->told;

	told->new = true;
	told->place = atomic64_read(&device->place);
	told->moved = get_jiffies_64() - CW_TELL_INTERVAL;
	told->dropped = told->moved;
	cw_device_tell(cn, device, CAMWALL_EVENT_DEVICE_NEW);
}

/* Return: whether there may be more to tell in a while. */
static bool cw_device_tell_all(struct cw_net *cn, struct cw_device *device)
{
	unsigned int i, bit, first = device->told.next;
	bool again = false;

	/* That it was flushed, or is not listed any more, tells another event. */
	if (device->removed && !device->displaced)
		return false;
	if (!device->told.new)
		cw_device_tell_new(cn, device);
	for (i = 0; i < CW_PENDING_DROPS; i++) {
		bit = (first + i) % CW_PENDING_DROPS;
		if (test_bit(bit, &device->pending))
			again |= cw_device_tell_drop(cn, device, bit);
	}
	again |= cw_device_tell_change(cn, device);
	return again && !device->removed;
}

static void cw_device_not_later(struct cw_device *device)
{
	if (list_empty(&device->told.later))
		return;
	list_del_init(&device->told.later);
	cw_device_put(device);
}

/**
 * cw_devices_work() - tell what packets have noted
 * @work: &cw_devices.work
 */
void cw_devices_work(struct work_struct *work)
{
	struct cw_devices *devices = container_of(work, struct cw_devices, work);
	struct cw_net *cn = container_of(devices, struct cw_net, devices);
	struct cw_device *device, *next;
	struct llist_node *list;

	mutex_lock(&devices->mutex);
	list = llist_reverse_order(llist_del_all(&devices->queue));
	llist_for_each_entry_safe(device, next, list, queue) {
		clear_bit(CW_DEVICE_QUEUED, &device->flags);
		/* Who sets a pending bit after it was looked at finds this one clear. */
		smp_mb__after_atomic();
		if (!cw_device_tell_all(cn, device)) {
			cw_device_not_later(device);
		} else if (list_empty(&device->told.later)) {
			list_add_tail(&device->told.later, &devices->later);
			continue;
		}
		cw_device_put(device);
		cond_resched();
	}
	if (!list_empty(&devices->later))
		queue_delayed_work(cw_devices_wq, &devices->again, CW_AGAIN_INTERVAL);
	cw_inventory_watch(devices);
	mutex_unlock(&devices->mutex);
}

/**
 * cw_devices_again() - tell what had to wait
 * @work: &cw_devices.again
 */
void cw_devices_again(struct work_struct *work)
{
	struct cw_devices *devices = container_of(to_delayed_work(work),
						  struct cw_devices, again);
	struct cw_net *cn = container_of(devices, struct cw_net, devices);
	struct cw_device *device, *next;

	mutex_lock(&devices->mutex);
	list_for_each_entry_safe(device, next, &devices->later, told.later) {
		if (!cw_device_tell_all(cn, device))
			cw_device_not_later(device);
		cond_resched();
	}
	if (!list_empty(&devices->later))
		queue_delayed_work(cw_devices_wq, &devices->again, CW_AGAIN_INTERVAL);
	mutex_unlock(&devices->mutex);
}

/**
 * cw_devices_forget() - tell no more of any device
 * @devices: of a namespace that goes; no packet sees it, and no work item runs
 */
void cw_devices_forget(struct cw_devices *devices)
{
	struct cw_device *device, *next;

	llist_for_each_entry_safe(device, next, llist_del_all(&devices->queue), queue)
		cw_device_put(device);
	list_for_each_entry_safe(device, next, &devices->later, told.later)
		cw_device_not_later(device);
}
