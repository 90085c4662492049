/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What "isolate" says of a frame, written from policy.md, and not from the module's parser. */
#ifndef ORACLE_H
#define ORACLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/*
 * The allow list of hostile.sh: 10.0.0.2 and 2001:db8::2 whatever the protocol, 10.0.0.3
 * and 2001:db8::3 by UDP at port 5000.
 */
enum oracle { ORACLE_PASSES, ORACLE_NOT_ALLOWED, ORACLE_MALFORMED, ORACLE_NEVER_SEEN };

struct oracle_frame {
	const uint8_t *data;
	size_t len;
	bool to;	/* for the camera: the peer is the source */
};

static inline bool oracle_has(const struct oracle_frame *f, size_t at, size_t len)
{
	return at + len <= f->len;
}

static inline unsigned int oracle_u16(const struct oracle_frame *f, size_t at)
{
	return f->data[at] << 8 | f->data[at + 1];
}

static inline bool oracle_is_local(const uint8_t *ip)
{
	return ip[0] == 10 || (ip[0] == 172 && ip[1] >> 4 == 1) || (ip[0] == 192 && ip[1] == 168) ||
	       (ip[0] == 169 && ip[1] == 254);
}

/* Ports are at @at, in a packet that ends at @end. */
static inline enum oracle oracle_ports(const struct oracle_frame *f, size_t at, size_t end,
				       bool ipv6, const uint8_t *peer, bool udp)
{
	static const uint8_t everybody[4] = { 255, 255, 255, 255 };
	unsigned int device, other;

	if (!oracle_has(f, at, 4) || at + 4 > end)
		return ORACLE_MALFORMED;
	device = oracle_u16(f, at + (f->to ? 2 : 0));
	other = oracle_u16(f, at + (f->to ? 0 : 2));
	if (udp && !ipv6 && device == 68 && other == 67 &&
	    (oracle_is_local(peer) || (!f->to && !memcmp(peer, everybody, 4))))
		return ORACLE_PASSES;
	if (udp && ipv6 && device == 546 && other == 547 && peer[0] == 0xfe && peer[1] >> 6 == 2)
		return ORACLE_PASSES;
	return udp && other == 5000 ? ORACLE_PASSES : ORACLE_NOT_ALLOWED;
}

static inline enum oracle oracle_ipv4(const struct oracle_frame *f, size_t at)
{
	static const uint8_t any[4] = { 10, 0, 0, 2 }, some[4] = { 10, 0, 0, 3 };
	const uint8_t *ip = f->data + at, *peer = ip + (f->to ? 12 : 16);
	enum oracle verdict;
	size_t header, end;

	if (!oracle_has(f, at, 20) || ip[0] >> 4 != 4)
		return ORACLE_MALFORMED;
	header = (ip[0] & 15) * 4;
	end = at + oracle_u16(f, at + 2);
	if (header < 20 || end > f->len || end < at + header)
		return ORACLE_MALFORMED;
	if (oracle_u16(f, at + 6) & 0x1fff || (ip[9] != 6 && ip[9] != 17))
		return memcmp(peer, any, 4) ? ORACLE_NOT_ALLOWED : ORACLE_PASSES;
	verdict = oracle_ports(f, at + header, end, false, peer, ip[9] == 17);
	if (verdict == ORACLE_MALFORMED || !memcmp(peer, any, 4))
		return verdict == ORACLE_MALFORMED ? verdict : ORACLE_PASSES;
	if (verdict == ORACLE_PASSES && oracle_u16(f, at + header + (f->to ? 0 : 2)) == 5000)
		return memcmp(peer, some, 4) ? ORACLE_NOT_ALLOWED : ORACLE_PASSES;
	return verdict;
}

/* Neighbour discovery and the reports that it needs. */
static inline bool oracle_is_discovery(const struct oracle_frame *f, size_t at, size_t end, uint8_t hops)
{
	uint8_t type;

	if (at >= end || !oracle_has(f, at, 1))
		return false;
	type = f->data[at];
	if (type >= 133 && type <= 137)
		return hops == 255 &&
		       (f->to || (type != 134 && type != 137 && end - at <= 128));
	return hops == 1 && (type == 143 || (type >= 130 && type <= 132));
}

/* Behind the extension headers; @later: it is a fragment that is not the first. */
static inline bool oracle_skip(const struct oracle_frame *f, size_t *at, uint8_t *next, bool *later)
{
	unsigned int headers;
	const uint8_t *header;

	for (headers = 0; ; headers++) {
		if (*next != 0 && *next != 43 && *next != 44 && *next != 51 && *next != 60)
			return headers <= 16;
		if (headers > 16 || !oracle_has(f, *at, 8))
			return false;
		header = f->data + *at;
		*later = *next == 44 && oracle_u16(f, *at + 2) & 0xfff8;
		if (*next == 44)
			*at += 8;
		else if (*next == 51)
			*at += (header[1] + 2) * 4;
		else
			*at += (header[1] + 1) * 8;
		*next = header[0];
		if (*later)
			return true;
	}
}

static inline enum oracle oracle_ipv6(const struct oracle_frame *f, size_t at)
{
	static const uint8_t any[16] = { 0x20, 1, 0x0d, 0xb8, [15] = 2 };
	static const uint8_t some[16] = { 0x20, 1, 0x0d, 0xb8, [15] = 3 };
	const uint8_t *ip = f->data + at, *peer = ip + (f->to ? 8 : 24);
	bool later = false, is_any;
	enum oracle verdict;
	uint8_t next;
	size_t end;

	if (!oracle_has(f, at, 40) || ip[0] >> 4 != 6)
		return ORACLE_MALFORMED;
	end = at + 40 + oracle_u16(f, at + 4);
	if (end > f->len)
		return ORACLE_MALFORMED;
	next = ip[6];
	at += 40;
	if (!oracle_skip(f, &at, &next, &later) || at > end)
		return ORACLE_MALFORMED;
	is_any = !memcmp(peer, any, 16);
	if (!later && next == 58 && oracle_is_discovery(f, at, end, ip[7]))
		return ORACLE_PASSES;
	if (later || (next != 6 && next != 17))
		return is_any ? ORACLE_PASSES : ORACLE_NOT_ALLOWED;
	verdict = oracle_ports(f, at, end, true, peer, next == 17);
	if (verdict == ORACLE_MALFORMED || is_any)
		return verdict == ORACLE_MALFORMED ? verdict : ORACLE_PASSES;
	if (verdict == ORACLE_PASSES && oracle_u16(f, at + (f->to ? 0 : 2)) == 5000)
		return memcmp(peer, some, 16) ? ORACLE_NOT_ALLOWED : ORACLE_PASSES;
	return verdict;
}

/** oracle() - of a frame from its Ethernet header on */
static inline enum oracle oracle(const struct oracle_frame *f)
{
	unsigned int type = oracle_u16(f, 12), tags = 0;
	size_t at = 14;

	/* The kernel takes off the outer tag of what comes in, and drops what has no room for it. */
	if (!f->to && (type == 0x8100 || type == 0x88a8) && !oracle_has(f, at, 6))
		return ORACLE_NEVER_SEEN;
	for (; type == 0x8100 || type == 0x88a8; tags++) {
		if (!oracle_has(f, at, 4) || tags == 8)
			return ORACLE_MALFORMED;
		type = oracle_u16(f, at + 2);
		at += 4;
	}
	if (type == 0x0806)
		return ORACLE_PASSES;
	if (type == 0x0800)
		return oracle_ipv4(f, at);
	return type == 0x86dd ? oracle_ipv6(f, at) : ORACLE_NOT_ALLOWED;
}

#endif
