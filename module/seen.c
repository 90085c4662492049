// SPDX-License-Identifier: GPL-2.0
/*
 * What a frame tells of a device, where it tells something new. Nothing here trusts a
 * length, and nothing waits: what another CPU is just writing is left for the next frame.
 */
#include <linux/if_arp.h>
#include <linux/if_ether.h>
#include <linux/in.h>
#include <linux/ktime.h>
#include <net/ipv6.h>

#include "seen.h"

#define CW_MAX_TAGS	8	/* VLAN tags in a row */

/* ARP for IPv4 over Ethernet (RFC 826), as far as the sender goes. */
struct cw_arp {
	struct arphdr hdr;
	u8 sender_mac[ETH_ALEN];
	__be32 sender_ip;
} __packed;

/**
 * cw_seen_again() - note when a device was seen
 * @device: it was, now
 *
 * Context: any.
 */
void cw_seen_again(struct cw_device *device)
{
	WRITE_ONCE(device->last_seen, ktime_get_boottime_seconds());
	WRITE_ONCE(device->seen, get_jiffies_64());
}

/**
 * cw_seen_change() - a device is new, is elsewhere than before, or is there again
 * @devices: the inventory
 * @device: the device, or NULL where it is new
 * @mac: its address, below 2^48
 * @place: where it was seen
 *
 * Context: softirq, or bottom halves disabled; RCU read lock held.
 * Return: the device, while the RCU read lock is held; NULL where it found no place.
 */
struct cw_device *cw_seen_change(struct cw_devices *devices, struct cw_device *device,
				 u64 mac, u64 place)
{
	if (!device)
		return cw_device_create(devices, mac, place);
	cw_seen_again(device);
	atomic64_set(&device->place, place);
	WRITE_ONCE(device->gone, false);
	/* Pairs with cw_device_settle(). */
	smp_mb();
	cw_device_notify(devices, device, CW_PENDING_CHANGE);
	return device;
}

static bool cw_ipv4_is_a_host(__be32 address)
{
	return !ipv4_is_zeronet(address) && !ipv4_is_multicast(address) &&
	       !ipv4_is_lbcast(address) && !ipv4_is_loopback(address);
}

static void cw_learn_ipv4(struct cw_device *device, __be32 address)
{
	if (address != READ_ONCE(device->ipv4) && cw_ipv4_is_a_host(address))
		WRITE_ONCE(device->ipv4, address);
}

static void cw_learn_arp(struct cw_device *device, const struct sk_buff *skb, int offset)
{
	struct cw_arp buf;
	const struct cw_arp *arp = skb_header_pointer(skb, offset, sizeof(buf), &buf);

	if (!arp || arp->hdr.ar_hrd != htons(ARPHRD_ETHER) ||
	    arp->hdr.ar_pro != htons(ETH_P_IP) || arp->hdr.ar_hln != ETH_ALEN ||
	    arp->hdr.ar_pln != sizeof(arp->sender_ip))
		return;
	/* A repeater answers for others. */
	if (cw_mac_u64(arp->sender_mac) == device->mac)
		cw_learn_ipv4(device, get_unaligned(&arp->sender_ip));
}

static bool cw_ipv6_is_worse(const struct in6_addr *address, const struct in6_addr *known)
{
	return ipv6_addr_type(address) & IPV6_ADDR_LINKLOCAL &&
	       !ipv6_addr_any(known) && !(ipv6_addr_type(known) & IPV6_ADDR_LINKLOCAL);
}

static void cw_learn_ipv6(struct cw_device *device, const struct in6_addr *address)
{
	int type = ipv6_addr_type(address);
	u64 half[2];

	if (type == IPV6_ADDR_ANY || type & (IPV6_ADDR_MULTICAST | IPV6_ADDR_LOOPBACK))
		return;
	if (test_and_set_bit_lock(CW_DEVICE_LEARNING, &device->flags))
		return;
	if (!cw_ipv6_is_worse(address, (const struct in6_addr *)device->ipv6)) {
		memcpy(half, address, sizeof(half));
		/* A reader must not wait for one that was preempted. */
		preempt_disable();
		raw_write_seqcount_begin(&device->learned);
		WRITE_ONCE(device->ipv6[0], half[0]);
		WRITE_ONCE(device->ipv6[1], half[1]);
		raw_write_seqcount_end(&device->learned);
		preempt_enable();
	}
	clear_bit_unlock(CW_DEVICE_LEARNING, &device->flags);
}

/**
 * cw_seen_learn() - take a device's IP address from a frame that it has sent
 * @device: the device
 * @skb: the frame, at an ingress hook
 *
 * Context: softirq, or bottom halves disabled.
 */
void cw_seen_learn(struct cw_device *device, const struct sk_buff *skb)
{
	__be16 proto = skb->protocol;
	struct vlan_hdr tag_buf;
	const struct vlan_hdr *tag;
	struct in6_addr buf6;
	const struct in6_addr *source6;
	__be32 buf4;
	const __be32 *source4;
	int offset = 0, tags;

	for (tags = 0; eth_type_vlan(proto) && tags < CW_MAX_TAGS; tags++) {
		tag = skb_header_pointer(skb, offset, sizeof(tag_buf), &tag_buf);
		if (!tag)
			return;
		proto = tag->h_vlan_encapsulated_proto;
		offset += VLAN_HLEN;
	}
	switch (proto) {
	case htons(ETH_P_ARP):
		cw_learn_arp(device, skb, offset);
		break;
	case htons(ETH_P_IP):
		source4 = skb_header_pointer(skb, offset + offsetof(struct iphdr, saddr),
					     sizeof(buf4), &buf4);
		if (source4)
			cw_learn_ipv4(device, get_unaligned(source4));
		break;
	case htons(ETH_P_IPV6):
		source6 = skb_header_pointer(skb, offset + offsetof(struct ipv6hdr, saddr),
					     sizeof(buf6), &buf6);
		if (source6)
			cw_learn_ipv6(device, source6);
		break;
	}
}
