/* SPDX-License-Identifier: GPL-2.0 */
/* What a frame carries, as far as an allow list asks: the peer, its protocol and port. */
#ifndef _CW_PACKET_H
#define _CW_PACKET_H

#include <linux/netfilter.h>
#include <linux/types.h>

#include "stats.h"

struct sk_buff;

/**
 * enum cw_packet_kind - what a frame is to an isolated device
 * @CW_PACKET_PEER: IP, with a peer to be found in the allow list
 * @CW_PACKET_SERVICE: ARP, neighbour discovery or DHCP, without which there is no network
 * @CW_PACKET_OTHER: neither
 * @CW_PACKET_MALFORMED: truncated, or it lies about its lengths
 */
enum cw_packet_kind {
	CW_PACKET_PEER,
	CW_PACKET_SERVICE,
	CW_PACKET_OTHER,
	CW_PACKET_MALFORMED,
};

/**
 * struct cw_peer - the other end of a packet from or to a listed device
 * @family: AF_INET or AF_INET6
 * @protocol: the IP protocol, behind all IPv6 extension headers
 * @has_port: TCP or UDP, and not a later fragment
 * @port: the peer's, host order
 * @address: the peer's
 */
struct cw_peer {
	u8 family;
	u8 protocol;
	bool has_port;
	u16 port;
	union nf_inet_addr address;
};

enum cw_packet_kind cw_packet_parse(const struct sk_buff *skb,
				    enum cw_direction direction,
				    struct cw_peer *peer);

#endif
