// SPDX-License-Identifier: GPL-2.0
/* Attributes: what readers and listeners are told, piece by piece. */
#include <linux/etherdevice.h>
#include <linux/netdevice.h>
#include <net/netlink.h>

#include "config.h"
#include "inventory.h"
#include "main.h"
#include "put.h"
#include "seen.h"

static int cw_put_counters(struct sk_buff *msg, int type, const struct cw_counters *sum)
{
	static const int types[CW_N_DROPS] = {
		[CW_DROP_POLICY]	= CAMWALL_A_COUNTERS_DROPPED_POLICY,
		[CW_DROP_NOT_ALLOWED]	= CAMWALL_A_COUNTERS_DROPPED_NOT_ALLOWED,
		[CW_DROP_LIMIT]		= CAMWALL_A_COUNTERS_DROPPED_LIMIT,
		[CW_DROP_MALFORMED]	= CAMWALL_A_COUNTERS_DROPPED_MALFORMED,
	};
	struct nlattr *nest;
	u64 dropped = 0;
	unsigned int i;

	nest = nla_nest_start(msg, type);
	if (!nest)
		return -EMSGSIZE;
	for (i = CW_DROP_NONE + 1; i < CW_N_DROPS; i++) {
		dropped += sum->packets[i];
		if (nla_put_u64_64bit(msg, types[i], sum->packets[i],
				      CAMWALL_A_COUNTERS_PAD))
			return -EMSGSIZE;
	}
	if (nla_put_u64_64bit(msg, CAMWALL_A_COUNTERS_PACKETS,
			      sum->packets[CW_DROP_NONE] + dropped,
			      CAMWALL_A_COUNTERS_PAD) ||
	    nla_put_u64_64bit(msg, CAMWALL_A_COUNTERS_BYTES, sum->bytes,
			      CAMWALL_A_COUNTERS_PAD) ||
	    nla_put_u64_64bit(msg, CAMWALL_A_COUNTERS_DROPPED, dropped,
			      CAMWALL_A_COUNTERS_PAD))
		return -EMSGSIZE;
	nla_nest_end(msg, nest);
	return 0;
}

static int cw_put_stats(struct sk_buff *msg, int type, const struct cw_stats __percpu *stats)
{
	struct cw_counters sum;

	cw_stats_sum(stats, &sum);
	return cw_put_counters(msg, type, &sum);
}

static int cw_put_limit(struct sk_buff *msg, const struct cw_limit *limit)
{
	struct nlattr *nest;

	if (!limit->rate)
		return 0;
	nest = nla_nest_start(msg, CAMWALL_A_GROUP_LIMIT);
	if (!nest ||
	    nla_put_u64_64bit(msg, CAMWALL_A_LIMIT_RATE, limit->rate,
			      CAMWALL_A_LIMIT_PAD) ||
	    nla_put_u32(msg, CAMWALL_A_LIMIT_UNIT,
			limit->bits ? CAMWALL_LIMIT_UNIT_BITS :
				      CAMWALL_LIMIT_UNIT_PACKETS) ||
	    nla_put_u64_64bit(msg, CAMWALL_A_LIMIT_BURST, limit->burst,
			      CAMWALL_A_LIMIT_PAD))
		return -EMSGSIZE;
	nla_nest_end(msg, nest);
	return 0;
}

/**
 * cw_put_group() - a group, with its counters
 * @msg: where to
 * @group: the group
 * @id: its id
 *
 * Return: 0 or -EMSGSIZE.
 */
int cw_put_group(struct sk_buff *msg, const struct cw_group *group, u32 id)
{
	struct nlattr *nest = nla_nest_start(msg, CAMWALL_A_GROUP);

	if (!nest || nla_put_u32(msg, CAMWALL_A_GROUP_ID, id) ||
	    nla_put_string(msg, CAMWALL_A_GROUP_NAME, group->name) ||
	    nla_put_u32(msg, CAMWALL_A_GROUP_ACTION, group->action) ||
	    (group->has_mark &&
	     nla_put_u32(msg, CAMWALL_A_GROUP_MARK, group->mark)) ||
	    nla_put_u32(msg, CAMWALL_A_GROUP_PREFIX_COUNT, group->prefix_count) ||
	    cw_put_limit(msg, &group->limit) ||
	    cw_put_stats(msg, CAMWALL_A_GROUP_FROM, group->stats[CW_FROM]) ||
	    cw_put_stats(msg, CAMWALL_A_GROUP_TO, group->stats[CW_TO]))
		return -EMSGSIZE;
	nla_nest_end(msg, nest);
	return 0;
}

/**
 * cw_put_allow() - an entry of an allow list
 * @msg: where to
 * @allow: the entry
 * @id: of its group
 *
 * Return: 0 or -EMSGSIZE.
 */
int cw_put_allow(struct sk_buff *msg, const struct cw_allow *allow, u32 id)
{
	struct nlattr *nest = nla_nest_start(msg, CAMWALL_A_ALLOW);

	if (!nest || nla_put_u32(msg, CAMWALL_A_ALLOW_GROUP, id) ||
	    nla_put(msg, CAMWALL_A_ALLOW_ADDRESS,
		    allow->family == AF_INET ? sizeof(struct in_addr) :
					       sizeof(struct in6_addr),
		    &allow->address) ||
	    nla_put_u32(msg, CAMWALL_A_ALLOW_LENGTH, allow->length) ||
	    (!allow->any_protocol &&
	     nla_put_u32(msg, CAMWALL_A_ALLOW_PROTOCOL, allow->protocol)) ||
	    (allow->has_ports &&
	     (nla_put_u16(msg, CAMWALL_A_ALLOW_PORT_MIN, allow->port_min) ||
	      nla_put_u16(msg, CAMWALL_A_ALLOW_PORT_MAX, allow->port_max))))
		return -EMSGSIZE;
	nla_nest_end(msg, nest);
	return 0;
}

/**
 * cw_put_exemption() - an exemption
 * @msg: where to
 * @exemptions: those that it is one of
 * @exemption: the exemption
 *
 * Return: 0 or -EMSGSIZE.
 */
int cw_put_exemption(struct sk_buff *msg, const struct cw_exemptions *exemptions,
		     const struct cw_exemption *exemption)
{
	struct nlattr *nest = nla_nest_start(msg, CAMWALL_A_EXEMPTION);
	u8 mac[ETH_ALEN];

	u64_to_ether_addr(exemption->mac, mac);
	if (!nest ||
	    nla_put(msg, CAMWALL_A_EXEMPTION_MAC, ETH_ALEN, mac) ||
	    nla_put_u64_64bit(msg, CAMWALL_A_EXEMPTION_UNTIL, exemption->until,
			      CAMWALL_A_EXEMPTION_PAD) ||
	    nla_put_string(msg, CAMWALL_A_EXEMPTION_REASON, exemption->reason) ||
	    nla_put_string(msg, CAMWALL_A_EXEMPTION_APPROVED_BY,
			   exemption->approved_by) ||
	    nla_put_u32(msg, CAMWALL_A_EXEMPTION_IN_FORCE,
			cw_exemption_in_force(exemptions, exemption)))
		return -EMSGSIZE;
	nla_nest_end(msg, nest);
	return 0;
}

static int cw_put_place(struct sk_buff *msg, struct cw_net *cn, u64 place)
{
	const struct net_device *dev;

	dev = dev_get_by_index_rcu(cn->net, CW_PLACE_IFINDEX(place));
	if (nla_put_u32(msg, CAMWALL_A_DEVICE_IFINDEX, CW_PLACE_IFINDEX(place)) ||
	    (dev && nla_put_string(msg, CAMWALL_A_DEVICE_IFNAME, dev->name)))
		return -EMSGSIZE;
	if (!CW_PLACE_PROTOCOL(place))
		return 0;
	if (nla_put_u16(msg, CAMWALL_A_DEVICE_VLAN, CW_PLACE_VLAN(place)) ||
	    nla_put_u16(msg, CAMWALL_A_DEVICE_VLAN_PROTOCOL, CW_PLACE_PROTOCOL(place)))
		return -EMSGSIZE;
	return 0;
}

static int cw_put_addresses(struct sk_buff *msg, const struct cw_device *device)
{
	__be32 ipv4 = READ_ONCE(device->ipv4);
	unsigned int start;
	u64 ipv6[2];

	do {
		start = read_seqcount_begin(&device->learned);
		ipv6[0] = READ_ONCE(device->ipv6[0]);
		ipv6[1] = READ_ONCE(device->ipv6[1]);
	} while (read_seqcount_retry(&device->learned, start));
	if ((ipv4 && nla_put(msg, CAMWALL_A_DEVICE_IPV4, sizeof(ipv4), &ipv4)) ||
	    ((ipv6[0] || ipv6[1]) &&
	     nla_put(msg, CAMWALL_A_DEVICE_IPV6, sizeof(ipv6), ipv6)))
		return -EMSGSIZE;
	return 0;
}

static int cw_put_times(struct sk_buff *msg, const struct cw_device *device)
{
	struct cw_device_times times;

	cw_device_times(device, &times);
	if (nla_put_u64_64bit(msg, CAMWALL_A_DEVICE_FIRST_SEEN, times.first_seen,
			      CAMWALL_A_DEVICE_PAD) ||
	    nla_put_u64_64bit(msg, CAMWALL_A_DEVICE_LAST_SEEN, times.last_seen,
			      CAMWALL_A_DEVICE_PAD) ||
	    nla_put_u32(msg, CAMWALL_A_DEVICE_IDLE_TIME, times.idle) ||
	    nla_put_u32(msg, CAMWALL_A_DEVICE_GONE, READ_ONCE(device->gone)))
		return -EMSGSIZE;
	return 0;
}

static int cw_put_device_counters(struct sk_buff *msg, int type,
				  const struct cw_device_counters *counters)
{
	struct cw_counters sum;
	unsigned int i;

	for (i = 0; i < CW_N_DROPS; i++)
		sum.packets[i] = atomic64_read(&counters->packets[i]);
	sum.bytes = atomic64_read(&counters->bytes);
	return cw_put_counters(msg, type, &sum);
}

/* What the configuration in force says of a device. */
static int cw_put_policy(struct sk_buff *msg, const struct cw_net *cn, const u8 *mac)
{
	const struct cw_config *config = rcu_dereference(cn->config);
	u8 value;

	if (nla_put_u32(msg, CAMWALL_A_DEVICE_EXEMPT,
			config && cw_exempt(&config->exemptions, mac)))
		return -EMSGSIZE;
	value = config ? cw_prefix_value(&config->table, mac) : 0;
	if (!value)
		return 0;
	if (nla_put_u32(msg, CAMWALL_A_DEVICE_GROUP_ID, value - 1) ||
	    nla_put_string(msg, CAMWALL_A_DEVICE_GROUP_NAME,
			   config->groups[value - 1].name))
		return -EMSGSIZE;
	return 0;
}

/**
 * cw_put_device() - a device of the inventory
 * @msg: where to
 * @cn: its namespace
 * @device: the device
 *
 * Context: RCU read lock held.
 * Return: 0 or -EMSGSIZE.
 */
int cw_put_device(struct sk_buff *msg, struct cw_net *cn, const struct cw_device *device)
{
	struct nlattr *nest = nla_nest_start(msg, CAMWALL_A_DEVICE);
	u8 mac[ETH_ALEN];

	u64_to_ether_addr(device->mac, mac);
	if (!nest || nla_put(msg, CAMWALL_A_DEVICE_MAC, ETH_ALEN, mac) ||
	    cw_put_policy(msg, cn, mac) ||
	    cw_put_times(msg, device) ||
	    cw_put_place(msg, cn, atomic64_read(&device->place)) ||
	    cw_put_addresses(msg, device) ||
	    cw_put_device_counters(msg, CAMWALL_A_DEVICE_FROM,
				   &device->direction[CW_FROM].counters) ||
	    cw_put_device_counters(msg, CAMWALL_A_DEVICE_TO,
				   &device->direction[CW_TO].counters) ||
	    (READ_ONCE(device->displaced) &&
	     nla_put_u32(msg, CAMWALL_A_DEVICE_DISPLACED, 1)))
		return -EMSGSIZE;
	nla_nest_end(msg, nest);
	return 0;
}

/**
 * cw_put_previous() - where a device was
 * @msg: where to
 * @cn: its namespace
 * @place: where
 *
 * Context: RCU read lock held.
 * Return: 0 or -EMSGSIZE.
 */
int cw_put_previous(struct sk_buff *msg, struct cw_net *cn, u64 place)
{
	struct nlattr *nest = nla_nest_start(msg, CAMWALL_A_PREVIOUS);

	if (!nest || cw_put_place(msg, cn, place))
		return -EMSGSIZE;
	nla_nest_end(msg, nest);
	return 0;
}
