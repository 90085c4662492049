/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Frames from words: each names a layer with its arguments, or spoils what is there. */
#ifndef FRAME_H
#define FRAME_H

#include <arpa/inet.h>
#include <err.h>
#include <errno.h>
#include <net/ethernet.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FRAME_ROOM	2048
#define FRAME_TYPES	20

/**
 * struct frame - a frame that is being written
 * @data: the octets; the addresses are left empty
 * @len: how many
 * @next: where the next layer's number goes, 0 where nothing asks for it
 * @wide: that is an ethertype, else an IP protocol
 * @ip: where the IP header begins, 0 without one
 * @udp: where the UDP header begins
 * @extension: where the last IPv6 extension header begins
 * @lies: the length in the IP header was given
 * @types: ethertypes in it, the outer one first
 * @n_types: how many
 */
struct frame {
	uint8_t data[FRAME_ROOM];
	size_t len, next, ip, udp, extension;
	bool wide, lies;
	uint16_t types[FRAME_TYPES];
	unsigned int n_types;
};

static inline const char *frame_word(void)
{
	const char *word = strtok(NULL, " \t\n");

	if (!word)
		errx(2, "a frame ends where an argument should be");
	return word;
}

static inline unsigned long frame_number(void)
{
	const char *word = frame_word();
	unsigned long value;
	char *end;

	errno = 0;
	value = strtoul(word, &end, 0);
	if (errno || end == word || *end || value > 0xffff)
		errx(2, "%s: not a number from 0 to 65535", word);
	return value;
}

static inline void frame_put16(struct frame *f, size_t at, uint16_t value)
{
	f->data[at] = value >> 8;
	f->data[at + 1] = value;
}

/* The outer ethertype of a frame without tags. */
static inline void frame_put_type(uint8_t *data, uint16_t type)
{
	data[2 * ETH_ALEN] = type >> 8;
	data[2 * ETH_ALEN + 1] = type;
}

/* Room for a header; Return: where it begins. */
static inline size_t frame_grow(struct frame *f, size_t len)
{
	size_t at = f->len;

	if (at + len > FRAME_ROOM)
		errx(2, "a frame of more than %d octets", FRAME_ROOM);
	memset(f->data + at, 0, len);
	f->len += len;
	return at;
}

static inline void frame_ethertype(struct frame *f, uint16_t type)
{
	if (!f->wide || f->n_types == FRAME_TYPES)
		errx(2, "no room for ethertype 0x%04x", type);
	frame_put16(f, f->next, type);
	f->types[f->n_types++] = type;
}

static inline void frame_protocol(struct frame *f, uint8_t protocol)
{
	if (!f->ip)
		errx(2, "protocol %u without IP", protocol);
	f->data[f->next] = protocol;
}

static inline void frame_tag(struct frame *f, uint16_t type)
{
	size_t at;

	frame_ethertype(f, type);
	at = frame_grow(f, 4);
	frame_put16(f, at, frame_number());
	f->next = at + 2;
}

static inline void frame_ipv4(struct frame *f)
{
	frame_ethertype(f, ETHERTYPE_IP);
	f->ip = frame_grow(f, 20);
	f->data[f->ip] = 0x45;
	f->data[f->ip + 8] = 64;
	if (inet_pton(AF_INET, frame_word(), f->data + f->ip + 12) != 1 ||
	    inet_pton(AF_INET, frame_word(), f->data + f->ip + 16) != 1)
		errx(2, "ip needs two IPv4 addresses");
	f->next = f->ip + 9;
	f->data[f->next] = 253; /* experimental, RFC 3692 */
	f->wide = false;
}

static inline void frame_ipv6(struct frame *f)
{
	frame_ethertype(f, ETHERTYPE_IPV6);
	f->ip = frame_grow(f, 40);
	f->data[f->ip] = 0x60;
	f->data[f->ip + 7] = 64;
	if (inet_pton(AF_INET6, frame_word(), f->data + f->ip + 8) != 1 ||
	    inet_pton(AF_INET6, frame_word(), f->data + f->ip + 24) != 1)
		errx(2, "ip6 needs two IPv6 addresses");
	f->next = f->ip + 6;
	f->data[f->next] = IPPROTO_NONE;
	f->wide = false;
}

static inline bool frame_is_ipv6(const struct frame *f)
{
	return f->ip && f->data[f->ip] >> 4 == 6;
}

static inline void frame_extension(struct frame *f, uint8_t protocol)
{
	if (!frame_is_ipv6(f))
		errx(2, "an extension header without ip6");
	frame_protocol(f, protocol);
	f->extension = frame_grow(f, 8);
	f->next = f->extension;
	f->data[f->next] = IPPROTO_NONE;
}

/* Fragment header: offset in units of 8 octets, and whether more follow. */
static inline void frame_fragment(struct frame *f)
{
	unsigned long offset = frame_number();

	frame_extension(f, IPPROTO_FRAGMENT);
	frame_put16(f, f->extension + 2, offset << 3 | frame_number());
}

static inline void frame_ports(struct frame *f, uint8_t protocol, size_t len)
{
	size_t at;

	frame_protocol(f, protocol);
	at = frame_grow(f, len);
	frame_put16(f, at, frame_number());
	frame_put16(f, at + 2, frame_number());
	if (protocol == IPPROTO_UDP)
		f->udp = at;
	else
		f->data[at + 12] = 5 << 4;
}

static inline void frame_icmp(struct frame *f, uint8_t protocol)
{
	size_t at;

	frame_protocol(f, protocol);
	at = frame_grow(f, 8);
	f->data[at] = frame_number();
}

static inline void frame_cut(struct frame *f)
{
	size_t less = frame_number();

	if (less + ETH_HLEN > f->len)
		errx(2, "cut %zu: the frame has %zu octets", less, f->len);
	f->len -= less;
}

/* The length that the IP header says: of all of it (IPv4), or behind it (IPv6). */
static inline void frame_length(struct frame *f, uint16_t length)
{
	size_t at = f->ip + (frame_is_ipv6(f) ? 4 : 2);

	if (!f->ip || at + 2 > f->len)
		return;
	frame_put16(f, at, length);
}

/* A bridge with br_netfilter asks for it. */
static inline void frame_checksum(struct frame *f)
{
	uint32_t sum = 0;
	size_t i;

	if (!f->ip || frame_is_ipv6(f) || f->ip + 20 > f->len)
		return;
	for (i = f->ip; i < f->ip + 20; i += 2)
		sum += f->data[i] << 8 | f->data[i + 1];
	sum = (sum & 0xffff) + (sum >> 16);
	frame_put16(f, f->ip + 10, ~(sum + (sum >> 16)));
}

static inline void frame_octet(struct frame *f, size_t at, const char *word)
{
	if (!f->ip)
		errx(2, "%s without IP", word);
	f->data[at] = frame_number();
}

/* Words that change what is there; Return: whether @word is one. */
static inline bool frame_spoil(struct frame *f, const char *word)
{
	if (!strcmp(word, "hops")) {
		frame_octet(f, f->ip + (frame_is_ipv6(f) ? 7 : 8), word);
	} else if (!strcmp(word, "first")) {	/* version, and header length of IPv4 */
		frame_octet(f, f->ip, word);
	} else if (!strcmp(word, "fragment")) {	/* of IPv4: flags and offset */
		frame_put16(f, f->ip + 6, frame_number());
	} else if (!strcmp(word, "units")) {	/* length of the last extension header */
		frame_octet(f, f->extension + 1, word);
	} else if (!strcmp(word, "length")) {
		frame_length(f, frame_number());
		f->lies = true;
	} else if (!strcmp(word, "cut")) {
		frame_cut(f);
	} else {
		return false;
	}
	return true;
}

/* Words for what IP carries; Return: whether @word is one. */
static inline bool frame_transport(struct frame *f, const char *word)
{
	if (!strcmp(word, "hopbyhop"))
		frame_extension(f, IPPROTO_HOPOPTS);
	else if (!strcmp(word, "destination"))
		frame_extension(f, IPPROTO_DSTOPTS);
	else if (!strcmp(word, "routing"))
		frame_extension(f, IPPROTO_ROUTING);
	else if (!strcmp(word, "auth"))
		frame_extension(f, IPPROTO_AH);
	else if (!strcmp(word, "frag6"))
		frame_fragment(f);
	else if (!strcmp(word, "tcp"))
		frame_ports(f, IPPROTO_TCP, 20);
	else if (!strcmp(word, "udp"))
		frame_ports(f, IPPROTO_UDP, 8);
	else if (!strcmp(word, "icmp"))
		frame_icmp(f, IPPROTO_ICMP);
	else if (!strcmp(word, "icmp6"))
		frame_icmp(f, IPPROTO_ICMPV6);
	else if (!strcmp(word, "protocol"))
		frame_protocol(f, frame_number());
	else
		return false;
	return true;
}

/* What makes an ARP frame a real one: a request by that sender. */
static inline void frame_sender(struct frame *f)
{
	static const uint8_t request[8] = { 0, 1, 8, 0, 6, 4, 0, 1 };
	uint8_t *arp = f->data + f->len - 28;

	if (f->len < ETH_HLEN + 28)
		errx(2, "sender without arp");
	memcpy(arp, request, sizeof(request));
	if (sscanf(frame_word(), "%2hhx:%2hhx:%2hhx:%2hhx:%2hhx:%2hhx", &arp[8], &arp[9],
		   &arp[10], &arp[11], &arp[12], &arp[13]) != 6 ||
	    inet_pton(AF_INET, frame_word(), arp + 14) != 1)
		errx(2, "sender needs a MAC and an IPv4 address");
}

static inline void frame_layer(struct frame *f, const char *word)
{
	if (!strcmp(word, "vlan")) {
		frame_tag(f, ETHERTYPE_VLAN);
	} else if (!strcmp(word, "qinq")) {
		frame_tag(f, 0x88a8);
	} else if (!strcmp(word, "arp")) {
		frame_ethertype(f, ETHERTYPE_ARP);
		frame_grow(f, 28);
	} else if (!strcmp(word, "sender")) {	/* of ARP: its MAC and IPv4 address */
		frame_sender(f);
	} else if (!strcmp(word, "type")) {
		frame_ethertype(f, frame_number());
	} else if (!strcmp(word, "ip")) {
		frame_ipv4(f);
	} else if (!strcmp(word, "ip6")) {
		frame_ipv6(f);
	} else if (!strcmp(word, "data")) {
		frame_grow(f, frame_number());
	} else if (!frame_transport(f, word) && !frame_spoil(f, word)) {
		errx(2, "%s: no word for a frame", word);
	}
}

/**
 * frame_build() - write a frame
 * @f: filled in
 * @text: its words; taken apart
 */
static inline void frame_build(struct frame *f, char *text)
{
	const char *word;

	memset(f, 0, sizeof(*f));
	f->wide = true;
	frame_grow(f, ETH_HLEN);
	f->next = 2 * ETH_ALEN;
	for (word = strtok(text, " \t\n"); word; word = strtok(NULL, " \t\n"))
		frame_layer(f, word);
	if (!f->lies)
		frame_length(f, f->len - f->ip - (frame_is_ipv6(f) ? 40 : 0));
	if (f->udp && f->udp + 6 <= f->len)
		frame_put16(f, f->udp + 4, f->len - f->udp);
	frame_checksum(f);
}

#endif
