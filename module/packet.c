// SPDX-License-Identifier: GPL-2.0
/*
 * What a frame carries, as far as an allow list asks. Nothing here trusts a length:
 * every header is fetched by skb_header_pointer(), which fails beyond the frame's end.
 */
#include <linux/if_ether.h>
#include <linux/if_vlan.h>
#include <linux/in.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/skbuff.h>
#include <net/ip.h>
#include <net/ipv6.h>
#include <net/ndisc.h>

#include "packet.h"

#define CW_MAX_TAGS	8	/* VLAN tags in a row */
#define CW_MAX_EXTHDRS	16	/* IPv6 extension headers in a row */
#define CW_MAX_ND	128	/* octets of a host's neighbour discovery, which takes 40 */

#define CW_DHCP_SERVER		67	/* RFC 2131, 4.1 */
#define CW_DHCP_CLIENT		68
#define CW_DHCPV6_CLIENT	546	/* RFC 8415, 7.2 */
#define CW_DHCPV6_SERVER	547

/* Ports as the device's end sees them. */
struct cw_ports {
	u16 device;
	u16 peer;
};

/* Where a packet ends, by its own word; beyond the frame's end where that is a lie. */
static unsigned int cw_packet_end(const struct sk_buff *skb, int offset,
				  unsigned int len)
{
	/* Aggregates that are too long for the field have 0 there. */
	if (!len && skb_is_gso(skb))
		return skb->len;
	return offset + len;
}

/* Set the peer's port; false where the transport header is cut off. */
static bool cw_parse_ports(const struct sk_buff *skb, int offset,
			   unsigned int end, enum cw_direction direction,
			   struct cw_peer *peer, struct cw_ports *ports)
{
	__be16 buf[2];
	const __be16 *both = skb_header_pointer(skb, offset, sizeof(buf), buf);

	if (!both || offset + sizeof(buf) > end)
		return false;
	ports->device = ntohs(both[direction == CW_TO]);
	ports->peer = ntohs(both[direction == CW_FROM]);
	peer->has_port = true;
	peer->port = ports->peer;
	return true;
}

/*
 * To all, or to a server of the local network. A lease can be renewed by unicast with a
 * server further away, but is renewed by broadcast where that fails (RFC 2131, 4.4.5);
 * if any address would do, these two ports were a way out for everything.
 */
static bool cw_is_dhcp(const struct cw_ports *ports, __be32 peer,
		       enum cw_direction direction)
{
	if (ports->device != CW_DHCP_CLIENT || ports->peer != CW_DHCP_SERVER)
		return false;
	if (direction == CW_FROM && ipv4_is_lbcast(peer))
		return true;
	return ipv4_is_private_10(peer) || ipv4_is_private_172(peer) ||
	       ipv4_is_private_192(peer) || ipv4_is_linklocal_169(peer);
}

static enum cw_packet_kind cw_parse_ipv4(const struct sk_buff *skb, int offset,
					 enum cw_direction direction,
					 struct cw_peer *peer)
{
	struct iphdr buf;
	const struct iphdr *ip = skb_header_pointer(skb, offset, sizeof(buf), &buf);
	struct cw_ports ports;
	unsigned int end;

	if (!ip || ip->version != 4 || ip->ihl < 5)
		return CW_PACKET_MALFORMED;
	end = cw_packet_end(skb, offset, ntohs(ip->tot_len));
	if (end > skb->len || end < offset + ip->ihl * 4)
		return CW_PACKET_MALFORMED;
	peer->family = AF_INET;
	peer->protocol = ip->protocol;
	peer->address.ip = direction == CW_FROM ? ip->daddr : ip->saddr;
	if (ip->frag_off & htons(IP_OFFSET))
		return CW_PACKET_PEER;
	if (ip->protocol != IPPROTO_TCP && ip->protocol != IPPROTO_UDP)
		return CW_PACKET_PEER;
	if (!cw_parse_ports(skb, offset + ip->ihl * 4, end, direction, peer,
			    &ports))
		return CW_PACKET_MALFORMED;
	if (ip->protocol == IPPROTO_UDP &&
	    cw_is_dhcp(&ports, peer->address.ip, direction))
		return CW_PACKET_SERVICE;
	return CW_PACKET_PEER;
}

/*
 * Behind the extension headers: @nexthdr is the protocol there, @offset where it begins.
 * Return: false where they are cut off or too many.
 */
static bool cw_skip_exthdrs(const struct sk_buff *skb, int *offset, u8 *nexthdr,
			    bool *later_fragment)
{
	unsigned int i;

	for (i = 0; i <= CW_MAX_EXTHDRS; i++) {
		struct frag_hdr buf;
		const struct frag_hdr *hdr;

		switch (*nexthdr) {
		case NEXTHDR_HOP:
		case NEXTHDR_ROUTING:
		case NEXTHDR_DEST:
		case NEXTHDR_AUTH:
		case NEXTHDR_FRAGMENT:
			break;
		default:
			return true;
		}
		/* All of them are eight octets at least. */
		hdr = skb_header_pointer(skb, *offset, sizeof(buf), &buf);
		if (!hdr)
			return false;
		if (*nexthdr == NEXTHDR_FRAGMENT) {
			*offset += sizeof(*hdr);
			*nexthdr = hdr->nexthdr;
			if (hdr->frag_off & htons(IP6_OFFSET)) {
				*later_fragment = true;
				return true;
			}
			continue;
		}
		if (*nexthdr == NEXTHDR_AUTH)
			*offset += (hdr->reserved + 2) * 4;
		else
			*offset += (hdr->reserved + 1) * 8;
		*nexthdr = hdr->nexthdr;
	}
	return false;
}

/*
 * RFC 4861, 6.1 and 7.1: hop limit 255, so never from beyond a router. The reports by
 * which a snooping switch learns whom to send a solicitation to (MLD, RFC 2710 and 3810)
 * belong to it; they have hop limit 1, and so go nowhere either.
 *
 * What a device sends a router forwards, whatever it says of itself: so what a host has
 * to say, and no more octets than that takes.
 */
static bool cw_is_nd(const struct sk_buff *skb, int offset, unsigned int end,
		     enum cw_direction direction, u8 hop_limit)
{
	u8 buf;
	const u8 *type = skb_header_pointer(skb, offset, sizeof(buf), &buf);

	if (!type || offset >= end)
		return false;
	switch (*type) {
	case NDISC_ROUTER_SOLICITATION:
	case NDISC_NEIGHBOUR_SOLICITATION:
	case NDISC_NEIGHBOUR_ADVERTISEMENT:
		return hop_limit == 255 &&
		       (direction == CW_TO || end - offset <= CW_MAX_ND);
	case NDISC_ROUTER_ADVERTISEMENT:
	case NDISC_REDIRECT:
		return hop_limit == 255 && direction == CW_TO;
	case ICMPV6_MGM_QUERY:
	case ICMPV6_MGM_REPORT:
	case ICMPV6_MGM_REDUCTION:
	case ICMPV6_MLD2_REPORT:
		return hop_limit == 1;
	}
	return false;
}

static bool cw_is_dhcpv6(const struct cw_ports *ports,
			 const struct in6_addr *peer)
{
	if (ports->device != CW_DHCPV6_CLIENT || ports->peer != CW_DHCPV6_SERVER)
		return false;
	return ipv6_addr_type(peer) & IPV6_ADDR_LINKLOCAL;
}

static enum cw_packet_kind cw_parse_ipv6(const struct sk_buff *skb, int offset,
					 enum cw_direction direction,
					 struct cw_peer *peer)
{
	struct ipv6hdr buf;
	const struct ipv6hdr *ip = skb_header_pointer(skb, offset, sizeof(buf), &buf);
	bool later_fragment = false;
	struct cw_ports ports;
	u8 nexthdr, hop_limit;
	unsigned int end;

	if (!ip || ip->version != 6)
		return CW_PACKET_MALFORMED;
	end = cw_packet_end(skb, offset + sizeof(*ip), ntohs(ip->payload_len));
	if (end > skb->len)
		return CW_PACKET_MALFORMED;
	peer->family = AF_INET6;
	peer->address.in6 = direction == CW_FROM ? ip->daddr : ip->saddr;
	nexthdr = ip->nexthdr;
	hop_limit = ip->hop_limit;
	offset += sizeof(*ip);
	if (!cw_skip_exthdrs(skb, &offset, &nexthdr, &later_fragment) ||
	    offset > end)
		return CW_PACKET_MALFORMED;
	peer->protocol = nexthdr;
	if (later_fragment)
		return CW_PACKET_PEER;
	if (nexthdr == NEXTHDR_ICMP && cw_is_nd(skb, offset, end, direction, hop_limit))
		return CW_PACKET_SERVICE;
	if (nexthdr != NEXTHDR_TCP && nexthdr != NEXTHDR_UDP)
		return CW_PACKET_PEER;
	if (!cw_parse_ports(skb, offset, end, direction, peer, &ports))
		return CW_PACKET_MALFORMED;
	if (nexthdr == NEXTHDR_UDP && cw_is_dhcpv6(&ports, &peer->address.in6))
		return CW_PACKET_SERVICE;
	return CW_PACKET_PEER;
}

/**
 * cw_packet_parse() - what a frame carries
 * @skb: at an ingress hook (@direction is CW_FROM), its data at the network header; at an
 *	 egress hook (CW_TO), at the Ethernet header
 * @direction: which end the listed device is
 * @peer: filled where CW_PACKET_PEER is returned
 *
 * Context: any.
 */
enum cw_packet_kind cw_packet_parse(const struct sk_buff *skb,
				    enum cw_direction direction,
				    struct cw_peer *peer)
{
	int offset = direction == CW_FROM ? 0 : ETH_HLEN;
	__be16 proto = direction == CW_FROM ? skb->protocol :
					      eth_hdr(skb)->h_proto;
	unsigned int tags = skb_vlan_tag_present(skb);

	memset(peer, 0, sizeof(*peer));
	for (; eth_type_vlan(proto); tags++) {
		struct vlan_hdr buf;
		const struct vlan_hdr *tag;

		tag = skb_header_pointer(skb, offset, sizeof(buf), &buf);
		if (!tag || tags >= CW_MAX_TAGS)
			return CW_PACKET_MALFORMED;
		proto = tag->h_vlan_encapsulated_proto;
		offset += VLAN_HLEN;
	}
	switch (proto) {
	case htons(ETH_P_ARP):
		return CW_PACKET_SERVICE;
	case htons(ETH_P_IP):
		return cw_parse_ipv4(skb, offset, direction, peer);
	case htons(ETH_P_IPV6):
		return cw_parse_ipv6(skb, offset, direction, peer);
	}
	return CW_PACKET_OTHER;
}
