/* SPDX-License-Identifier: GPL-2.0 */
/* What a frame tells of a device: that it is there, where, and by which addresses. */
#ifndef _CW_SEEN_H
#define _CW_SEEN_H

#include <linux/if_vlan.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/jiffies.h>
#include <linux/skbuff.h>

#include "device.h"
#include "event_device.h"
#include "prefix.h"

/* A place is an ifindex (63..32), and EtherType (31..16) and id (15..0) of the outer VLAN tag. */
#define CW_PLACE_IFINDEX(place)	((u32)((place) >> 32))
#define CW_PLACE_PROTOCOL(place) ((u16)((place) >> 16))
#define CW_PLACE_VLAN(place)	((u16)(place))

struct cw_device *cw_seen_change(struct cw_devices *devices, struct cw_device *device,
				 u64 mac, u64 place);
void cw_seen_again(struct cw_device *device);
void cw_seen_learn(struct cw_device *device, const struct sk_buff *skb);

/** cw_place() - where a frame came in; a tag that has only a priority is none */
static __always_inline u64 cw_place(const struct sk_buff *skb)
{
	u64 place = (u64)(u32)skb->skb_iif << 32;

	if (skb_vlan_tag_present(skb) && skb_vlan_tag_get_id(skb))
		place |= (u32)ntohs(skb->vlan_proto) << 16 | skb_vlan_tag_get_id(skb);
	return place;
}

/* Whether a frame's IP source address is the one that is known already, as it nearly always is. */
static __always_inline bool cw_seen_address(const struct cw_device *device,
					    const struct sk_buff *skb)
{
	const struct ipv6hdr *ip6 = (const struct ipv6hdr *)skb->data;
	const struct iphdr *ip = (const struct iphdr *)skb->data;

	if (skb->protocol == htons(ETH_P_IP))
		return skb_headlen(skb) >= sizeof(*ip) &&
		       get_unaligned(&ip->saddr) == READ_ONCE(device->ipv4);
	if (skb->protocol != htons(ETH_P_IPV6) || skb_headlen(skb) < sizeof(*ip6))
		return false;
	return get_unaligned((const u64 *)&ip6->saddr) == READ_ONCE(device->ipv6[0]) &&
	       get_unaligned((const u64 *)&ip6->saddr + 1) == READ_ONCE(device->ipv6[1]);
}

/* One load instead of two: behind either address of an Ethernet header there is more of it. */
static __always_inline u64 cw_header_mac_u64(const u8 *mac)
{
	return get_unaligned_be64(mac) >> 16;
}

/**
 * cw_seen_from() - a device that has sent a frame
 * @devices: the inventory
 * @mac: the device's address, below 2^48
 * @skb: the frame, at an ingress hook
 *
 * Only a frame that a device sends is a sign of it: one for an address that nobody has can
 * be sent by anybody, and is in no inventory.
 *
 * Context: softirq, or bottom halves disabled; RCU read lock held.
 * Return: the device, while the RCU read lock is held; NULL where it found no place.
 */
static inline struct cw_device *cw_seen_from(struct cw_devices *devices, u64 mac,
					     const struct sk_buff *skb)
{
	struct cw_device *device = cw_device_find(devices, mac);
	u64 now = get_jiffies_64(), place = cw_place(skb);

	if (unlikely(!device || READ_ONCE(device->gone) ||
		     atomic64_read(&device->place) != place)) {
		device = cw_seen_change(devices, device, mac, place);
		if (!device)
			return NULL;
	}
	if (unlikely(now - READ_ONCE(device->seen) >= HZ))
		cw_seen_again(device);
	if (!cw_seen_address(device, skb))
		cw_seen_learn(device, skb);
	return device;
}

/**
 * cw_seen() - a device of which there is a frame
 * @devices: the inventory
 * @mac: the device's address, where it stands in the frame's Ethernet header
 * @skb: the frame
 * @direction: which end the device is
 *
 * Context: softirq, or bottom halves disabled; RCU read lock held.
 * Return: the device, while the RCU read lock is held; NULL where it is not in the inventory.
 */
static inline struct cw_device *cw_seen(struct cw_devices *devices, const u8 *mac,
					const struct sk_buff *skb, enum cw_direction direction)
{
	if (direction == CW_FROM)
		return cw_seen_from(devices, cw_header_mac_u64(mac), skb);
	return cw_device_find(devices, cw_header_mac_u64(mac));
}

/**
 * cw_seen_before() - a device of which a frame tells nothing new
 * @devices: the inventory
 * @mac: the device's address, where it stands in the frame's Ethernet header
 * @skb: the frame
 * @direction: which end the device is
 *
 * What cw_seen() does where it has nothing to do but to find the device.
 *
 * Context: softirq, or bottom halves disabled; RCU read lock held.
 * Return: the device, while the RCU read lock is held; NULL where cw_seen() has to be asked.
 */
static __always_inline struct cw_device *
cw_seen_before(const struct cw_devices *devices, const u8 *mac,
	       const struct sk_buff *skb, enum cw_direction direction)
{
	struct cw_device *device = cw_device_find(devices, cw_header_mac_u64(mac));

	if (!device || direction == CW_TO)
		return device;
	if (READ_ONCE(device->gone) || atomic64_read(&device->place) != cw_place(skb) ||
	    get_jiffies_64() - READ_ONCE(device->seen) >= HZ ||
	    !cw_seen_address(device, skb))
		return NULL;
	return device;
}

/**
 * cw_seen_add() - count a frame of a device
 * @device: the device
 * @direction: which end it is
 * @packets: frames that it stands for
 * @bytes: octets
 * @drop: why it is dropped, if it is; then cw_seen_drop() has to come next
 *
 * Context: softirq, or bottom halves disabled; RCU read lock held.
 */
static inline void cw_seen_add(struct cw_device *device, enum cw_direction direction,
			       u32 packets, u32 bytes, enum cw_drop drop)
{
	struct cw_device_counters *counters = &device->direction[direction].counters;

	atomic64_add(bytes, &counters->bytes);
	atomic64_add(packets, &counters->packets[drop]);
}

/**
 * cw_seen_drop() - note a dropped frame for the events
 * @devices: the inventory
 * @device: the device
 * @direction: which end it is
 * @drop: why it is dropped; was counted by cw_seen_add()
 *
 * Context: softirq, or bottom halves disabled; RCU read lock held.
 */
static inline void cw_seen_drop(struct cw_devices *devices, struct cw_device *device,
				enum cw_direction direction, enum cw_drop drop)
{
	/* Pairs with cw_device_settle(). */
	smp_mb__after_atomic();
	cw_device_notify(devices, device, CW_PENDING_DROP(direction, drop));
}

/**
 * cw_seen_count() - count a frame of a device, and note for the events that it is dropped
 * @devices: the inventory
 * @device: the device
 * @direction: which end it is
 * @packets: frames that it stands for
 * @bytes: octets
 * @drop: why it is dropped, if it is
 *
 * Context: softirq, or bottom halves disabled; RCU read lock held.
 */
static inline void cw_seen_count(struct cw_devices *devices, struct cw_device *device,
				 enum cw_direction direction, u32 packets, u32 bytes,
				 enum cw_drop drop)
{
	cw_seen_add(device, direction, packets, bytes, drop);
	if (drop != CW_DROP_NONE)
		cw_seen_drop(devices, device, direction, drop);
}

#endif
