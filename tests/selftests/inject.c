// SPDX-License-Identifier: GPL-2.0-or-later
/* Sends raw Ethernet frames out of one device and counts those that reach the stack at another. */

/*
 * The receiving socket asks for one ethertype. Such a socket is served after the ingress
 * hooks (one for all ethertypes would be served before), so it sees what they let pass.
 *
 * Frames of one sender on one CPU arrive in order: a last frame, from an address that no
 * policy lists, says that all before it have been judged. So nothing here ever sleeps to
 * be sure.
 */
#include <getopt.h>
#include <limits.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>

#include "wire.h"

#define FRAME_LEN	90
#define LIMIT_MS	20000
#define MAX_SOURCES	8

enum kind {
	KIND_PROBE = 1,
	KIND_FRAME,
	KIND_END,
};

/* The last octets of each frame; a VLAN tag that is taken off does not move them. */
struct trailer {
	uint32_t run;
	uint16_t kind;
	uint16_t source;
};

struct options {
	const char *out, *in, *netns;
	uint8_t source[MAX_SOURCES][ETH_ALEN], destination[ETH_ALEN];
	unsigned int n_sources;
	uint16_t type;
	int vlan;
	uint32_t mark;
	unsigned long count;
	bool flood;
};

static volatile sig_atomic_t stopped;
static uint32_t run_id;

static void on_signal(int signal)
{
	stopped = 1;
}

static void usage(void)
{
	fputs("usage: inject -o DEV -i DEV -s MAC [-s MAC]... [-d MAC] [-N NETNS-OF-IN]\n"
	      "              [-t ipv4|ipv6|arp|0xTYPE] [-V VLAN] [-m MARK] [-c COUNT | -f]\n"
	      "sends COUNT frames of each source, or until SIGTERM with -f; prints how many\n"
	      "of each source arrived\n", stderr);
	exit(2);
}

static unsigned long number(const char *text, unsigned long max)
{
	unsigned long value;
	char *end;

	errno = 0;
	value = strtoul(text, &end, 0);
	if (errno || end == text || *end || value > max)
		errx(2, "%s: not a number from 0 to %lu", text, max);
	return value;
}

static uint16_t parse_type(const char *text)
{
	if (!strcmp(text, "ipv4"))
		return ETHERTYPE_IP;
	if (!strcmp(text, "ipv6"))
		return ETHERTYPE_IPV6;
	if (!strcmp(text, "arp"))
		return ETHERTYPE_ARP;
	return number(text, 0xffff);
}

static void parse_options(int argc, char **argv, struct options *o)
{
	int c;

	while ((c = getopt(argc, argv, "o:i:N:s:d:t:V:m:c:f")) != -1) {
		switch (c) {
		case 'o':
			o->out = optarg;
			break;
		case 'i':
			o->in = optarg;
			break;
		case 'N':
			o->netns = optarg;
			break;
		case 's':
			if (o->n_sources == MAX_SOURCES)
				errx(2, "more than %d sources", MAX_SOURCES);
			wire_put_mac(o->source[o->n_sources++], wire_parse_mac(optarg));
			break;
		case 'd':
			wire_put_mac(o->destination, wire_parse_mac(optarg));
			break;
		case 't':
			o->type = parse_type(optarg);
			break;
		case 'V':
			o->vlan = (int)number(optarg, 4094);
			break;
		case 'm':
			o->mark = number(optarg, UINT32_MAX);
			break;
		case 'c':
			o->count = number(optarg, ULONG_MAX);
			break;
		case 'f':
			o->flood = true;
			break;
		default:
			usage();
		}
	}
	if (!o->out || !o->in || !o->n_sources || optind != argc)
		usage();
}

static uint16_t ip_checksum(const uint8_t *header, size_t len)
{
	uint32_t sum = 0;
	size_t i;

	for (i = 0; i < len; i += 2)
		sum += header[i] << 8 | header[i + 1];
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return ~sum;
}

static void put16(uint8_t *at, uint16_t value)
{
	at[0] = value >> 8;
	at[1] = value;
}

/* Enough of a header that the stack takes the packet as far as prerouting. */
static void fill_payload(uint8_t *at, size_t len, uint16_t type)
{
	static const uint8_t ipv4[20] = {
		0x45, 0, 0, 0, 0, 0, 0, 0, 64, 253 /* experimental, RFC 3692 */, 0, 0,
		192, 0, 2, 2, 192, 0, 2, 1,
	};
	static const uint8_t ipv6[40] = {
		0x60, 0, 0, 0, 0, 0, 59 /* no next header */, 64,
		0x20, 0x01, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2,
		0x20, 0x01, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1,
	};
	static const uint8_t arp[8] = { 0, 1, 8, 0, 6, 4, 0, 1 };

	switch (type) {
	case ETHERTYPE_IP:
		memcpy(at, ipv4, sizeof(ipv4));
		put16(at + 2, len);
		put16(at + 10, ip_checksum(at, sizeof(ipv4)));
		break;
	case ETHERTYPE_IPV6:
		memcpy(at, ipv6, sizeof(ipv6));
		put16(at + 4, len - sizeof(ipv6));
		break;
	case ETHERTYPE_ARP:
		memcpy(at, arp, sizeof(arp));
		break;
	}
}

static size_t build(uint8_t *frame, const struct options *o, const uint8_t *source,
		    enum kind kind, unsigned int index)
{
	struct trailer trailer = { .run = run_id, .kind = kind, .source = index };
	uint8_t *at = frame;

	memset(frame, 0, FRAME_LEN);
	memcpy(at, o->destination, ETH_ALEN);
	memcpy(at + ETH_ALEN, source, ETH_ALEN);
	at += 2UL * ETH_ALEN;
	if (o->vlan >= 0) {
		put16(at, ETHERTYPE_VLAN);
		put16(at + 2, o->vlan);
		at += 4;
	}
	put16(at, o->type);
	fill_payload(at + 2, FRAME_LEN - (at + 2 - frame), o->type);
	memcpy(frame + FRAME_LEN - sizeof(trailer), &trailer, sizeof(trailer));
	return FRAME_LEN;
}

/* A device that is not up yet drops, and is no error. */
static void transmit(int fd, const uint8_t *frame, size_t len)
{
	errno = wire_send(fd, frame, len);
	if (errno && errno != ENETDOWN)
		err(1, "send");
}

/* Take what has arrived; Return: whether a frame of kind @until was among it. */
static bool receive(int fd, unsigned long passed[MAX_SOURCES], enum kind until)
{
	struct trailer trailer;
	uint8_t frame[2048];
	bool seen = false;
	ssize_t len;

	while ((len = recv(fd, frame, sizeof(frame), MSG_DONTWAIT)) >= 0) {
		if (len < (ssize_t)(ETH_HLEN + sizeof(trailer)))
			continue;
		memcpy(&trailer, frame + len - sizeof(trailer), sizeof(trailer));
		if (trailer.run != run_id)
			continue;
		if (trailer.kind == KIND_FRAME)
			passed[trailer.source]++;
		if (trailer.kind == until)
			seen = true;
	}
	if (errno != EAGAIN && errno != EINTR && errno != ENETDOWN)
		err(1, "recv");
	return seen;
}

/* Send a frame of that kind until one arrives: a device may not be up yet, a backlog full. */
static void synchronise(int tx, int rx, const struct options *o, enum kind kind,
			unsigned long passed[MAX_SOURCES])
{
	struct pollfd poll_fd = { .fd = rx, .events = POLLIN };
	long end = wire_now_ms() + LIMIT_MS;
	uint8_t frame[FRAME_LEN], unlisted[ETH_ALEN];
	size_t len;

	wire_put_mac(unlisted, WIRE_UNLISTED);
	len = build(frame, o, unlisted, kind, 0);
	transmit(tx, frame, len);
	while (!receive(rx, passed, kind)) {
		if (wire_now_ms() > end)
			errx(1, "nothing of %s reaches %s, not even from an unlisted address",
			     o->out, o->in);
		if (!poll(&poll_fd, 1, 100))
			transmit(tx, frame, len);
	}
}

int main(int argc, char **argv)
{
	struct options o = {
		.destination = { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff },
		.type = ETHERTYPE_IP, .vlan = -1, .count = 5,
	};
	struct sigaction action = { .sa_handler = on_signal };
	uint8_t frame[MAX_SOURCES][FRAME_LEN];
	unsigned long passed[MAX_SOURCES] = {}, i;
	size_t len = 0;
	int tx, rx;

	parse_options(argc, argv, &o);
	run_id = getpid() ^ (uint32_t)wire_now_ms() << 16;
	sigaction(SIGTERM, &action, NULL);
	sigaction(SIGINT, &action, NULL);
	wire_stay();

	tx = wire_socket(o.out, 0);
	if (o.netns)
		wire_enter(o.netns);
	rx = wire_socket(o.in, o.type);
	if (o.mark && setsockopt(tx, SOL_SOCKET, SO_MARK, &o.mark, sizeof(o.mark)))
		err(1, "SO_MARK");

	synchronise(tx, rx, &o, KIND_PROBE, passed);
	for (i = 0; i < o.n_sources; i++)
		len = build(frame[i], &o, o.source[i], KIND_FRAME, i);
	for (i = 0; o.flood ? !stopped : i < o.count * o.n_sources; i++) {
		transmit(tx, frame[i % o.n_sources], len);
		receive(rx, passed, KIND_FRAME);
	}
	synchronise(tx, rx, &o, KIND_END, passed);
	for (i = 0; i < o.n_sources; i++)
		printf("%lu%c", passed[i], i + 1 < o.n_sources ? ' ' : '\n');
	return 0;
}
