// SPDX-License-Identifier: GPL-2.0-or-later
/* Sends what no well-meaning device sends, and says what has to become of it. */

/*
 * A socket at the other end waits for a frame that no policy concerns after every few, so
 * that none is lost in a backlog, and all have been judged when the program ends.
 */
#include <getopt.h>
#include <linux/virtio_net.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/ioctl.h>

#include "frame.h"
#include "oracle.h"
#include "wire.h"

#define SENTINEL_TYPE	0x88b5	/* for local experiments, IEEE 802 */
#define MANY		200	/* frames that may wait in a backlog */
#define LIMIT_MS	60000
#define MOST		65549	/* octets of a frame */
#define OTHER_END	0x0a00000000fdULL
#define MUTATIONS	4

struct hostile {
	int tx, rx;
	uint64_t mac;
	bool to;
	unsigned long sent, expect[4];
};

/* Right ones, from which wrong ones are made. */
static const char *const seeds[] = {
	"ip 10.0.0.7 10.0.0.2 udp 1 5000 data 20",
	"ip 10.0.0.7 10.0.0.3 udp 1 5000 data 20",
	"ip 10.0.0.7 10.0.0.3 tcp 1 5000",
	"ip 10.0.0.7 10.0.0.4 icmp 8 data 8",
	"ip 0.0.0.0 255.255.255.255 udp 68 67 data 30",
	"ip 10.0.0.7 10.0.0.1 udp 68 67 data 30",
	"ip 10.0.0.7 10.0.0.3 udp 1 5000 data 20 fragment 0x2000",
	"ip 10.0.0.7 10.0.0.2 udp 1 5000 data 20 fragment 0x2010",
	"vlan 5 ip 10.0.0.7 10.0.0.3 udp 1 5000 data 20",
	"qinq 5 vlan 6 vlan 7 ip 10.0.0.7 10.0.0.3 udp 1 5000 data 20",
	"arp data 18",
	"ip6 2001:db8::7 2001:db8::2 tcp 1 2",
	"ip6 2001:db8::7 2001:db8::3 udp 1 5000 data 20",
	"ip6 2001:db8::7 2001:db8::3 hopbyhop destination routing auth udp 1 5000 data 20",
	"ip6 2001:db8::7 2001:db8::3 destination frag6 0 1 udp 1 5000 data 20",
	"ip6 2001:db8::7 2001:db8::2 destination frag6 185 1 data 20",
	"ip6 fe80::7 ff02::1 icmp6 135 hops 255 data 16",
	"ip6 fe80::7 ff02::16 hopbyhop icmp6 143 hops 1 data 16",
	"ip6 fe80::7 fe80::1 udp 546 547 data 30",
	"vlan 5 qinq 6 ip6 2001:db8::7 2001:db8::3 frag6 0 0 udp 1 5000 data 20",
	"vlan 1 vlan 2 vlan 3 vlan 4 vlan 5 vlan 6 vlan 7 vlan 8 ip 10.0.0.7 10.0.0.2 udp 1 1",
	"type 0x8899 data 50",
};

#define N_SEEDS (sizeof(seeds) / sizeof(seeds[0]))

static void usage(void)
{
	fputs("usage: hostile -o DEV -i DEV -m MAC [-t] types | macs N | mutated N SEED |\n"
	      "               size OCTETS N | gso OCTETS SEGMENT N\n"
	      "sends from MAC, or with -t to it; prints what isolate has to make of it:\n"
	      "SENT PASS NOT-ALLOWED MALFORMED\n", stderr);
	exit(2);
}

static unsigned long number(const char *text)
{
	char *end;
	unsigned long value = strtoul(text ? text : "", &end, 0);

	if (!text || end == text || *end)
		usage();
	return value;
}

/* xorshift64*: the same frames everywhere. */
static uint64_t random_state;

static uint64_t random_below(uint64_t n)
{
	random_state ^= random_state >> 12;
	random_state ^= random_state << 25;
	random_state ^= random_state >> 27;
	return (random_state * 0x2545f4914f6cdd1dULL >> 16) % n;
}

/* --- Sending --- */

static void wait_for_sentinel(struct hostile *h)
{
	uint8_t frame[60] = { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff }, got[64];
	struct pollfd poll_fd = { .fd = h->rx, .events = POLLIN };
	long end = wire_now_ms() + LIMIT_MS;
	static uint32_t count;

	count++;
	wire_put_mac(frame + ETH_ALEN, WIRE_UNLISTED);
	frame_put_type(frame, SENTINEL_TYPE);
	memcpy(frame + ETH_HLEN, &count, sizeof(count));
	do {
		errno = wire_send(h->tx, frame, sizeof(frame));
		if (errno)
			err(1, "send");
		while (poll(&poll_fd, 1, 1000) == 1 && recv(h->rx, got, sizeof(got), 0) > 0)
			if (!memcmp(got + ETH_HLEN, &count, sizeof(count)) &&
			    wire_get_mac(got + ETH_ALEN) == WIRE_UNLISTED)
				return;
	} while (wire_now_ms() < end);
	errx(1, "not even a frame that is not listed arrives");
}

static void put_addresses(const struct hostile *h, uint8_t *frame, uint64_t mac)
{
	wire_put_mac(frame + (h->to ? 0 : ETH_ALEN), mac);
	wire_put_mac(frame + (h->to ? ETH_ALEN : 0), OTHER_END);
}

static void send_frame(struct hostile *h, const uint8_t *frame, size_t len)
{
	const struct oracle_frame f = { .data = frame, .len = len, .to = h->to };
	enum oracle verdict = oracle(&f);

	errno = wire_send(h->tx, frame, len);
	if (errno)
		err(1, "send %zu octets", len);
	h->expect[verdict]++;
	h->sent += verdict != ORACLE_NEVER_SEEN;
	if (h->sent % MANY == 0)
		wait_for_sentinel(h);
}

/* --- Kinds --- */

static void send_types(struct hostile *h)
{
	uint8_t frame[60] = { 0 };
	unsigned int type;

	put_addresses(h, frame, h->mac);
	for (type = 0; type <= 0xffff; type++) {
		frame_put_type(frame, type);
		send_frame(h, frame, sizeof(frame));
	}
}

static void send_macs(struct hostile *h, unsigned long n)
{
	uint8_t frame[60] = { 0 };
	unsigned long i;

	frame_put_type(frame, 0x8899);
	for (i = 0; i < n; i++) {
		put_addresses(h, frame, h->mac + i);
		send_frame(h, frame, sizeof(frame));
	}
}

/* The camera is the other end of what was written. */
static void swap_ends(struct frame *f)
{
	size_t len = frame_is_ipv6(f) ? 16 : 4, at = f->ip + (frame_is_ipv6(f) ? 8 : 12);
	uint8_t address[16], port[2];

	if (!f->ip)
		return;
	if (f->udp) {
		memcpy(port, f->data + f->udp, 2);
		memmove(f->data + f->udp, f->data + f->udp + 2, 2);
		memcpy(f->data + f->udp + 2, port, 2);
	}
	memcpy(address, f->data + at, len);
	memmove(f->data + at, f->data + at + len, len);
	memcpy(f->data + at + len, address, len);
}

/* One octet other, the end cut off, or a length field that lies. */
static void mutate(struct frame *f)
{
	size_t at;

	switch (random_below(4)) {
	case 0:
		f->len = ETH_HLEN + random_below(f->len - ETH_HLEN + 1);
		break;
	case 1:
		if (f->ip && f->ip + 6 <= f->len)
			frame_put16(f, f->ip + (random_below(2) ? 2 : 4), random_below(200));
		break;
	default:
		at = 2UL * ETH_ALEN + random_below(f->len - 2UL * ETH_ALEN);
		f->data[at] ^= random_below(3) ? random_below(256) : 1U << random_below(8);
		break;
	}
}

static void send_mutated(struct hostile *h, unsigned long n)
{
	static struct frame ready[N_SEEDS];
	unsigned long i, m;
	char text[256];

	for (i = 0; i < N_SEEDS; i++) {
		snprintf(text, sizeof(text), "%s", seeds[i]);
		frame_build(&ready[i], text);
		put_addresses(h, ready[i].data, h->mac);
		if (h->to)
			swap_ends(&ready[i]);
	}
	for (i = 0; i < n; i++) {
		struct frame f = ready[random_below(N_SEEDS)];

		for (m = random_below(MUTATIONS); m; m--)
			mutate(&f);
		send_frame(h, f.data, f.len);
	}
}

/* A jumbo frame of UDP to a peer that is allowed. */
static void send_size(struct hostile *h, size_t len, unsigned long n)
{
	static uint8_t data[MOST];
	char text[] = "ip 10.0.0.7 10.0.0.2 udp 1 5000";
	struct frame f;

	if (len > sizeof(data) || len < 60)
		usage();
	frame_build(&f, text);
	if (h->to)
		swap_ends(&f);
	frame_put16(&f, f.ip + 2, len - ETH_HLEN);
	memcpy(data, f.data, f.len);
	put_addresses(h, data, h->mac);
	for (; n; n--)
		send_frame(h, data, len);
}

/* A batch of TCP segments, as a guest's driver hands it over: nobody has counted them. */
static void send_gso(struct hostile *h, size_t len, uint16_t segment, unsigned long n)
{
	static struct {
		struct virtio_net_hdr header;
		uint8_t data[MOST];
	} __attribute__((packed)) packet;
	char text[] = "ip 10.0.0.7 10.0.0.2 tcp 1 5000";
	struct frame f;
	int one = 1;

	if (len > sizeof(packet.data) || len < 60)
		usage();
	if (setsockopt(h->tx, SOL_PACKET, PACKET_VNET_HDR, &one, sizeof(one)))
		err(1, "PACKET_VNET_HDR");
	frame_build(&f, text);
	if (h->to)
		swap_ends(&f);
	frame_put16(&f, f.ip + 2, len - ETH_HLEN);
	frame_checksum(&f);
	memcpy(packet.data, f.data, f.len);
	put_addresses(h, packet.data, h->mac);
	packet.header.flags = VIRTIO_NET_HDR_F_NEEDS_CSUM;
	packet.header.gso_type = VIRTIO_NET_HDR_GSO_TCPV4;
	packet.header.hdr_len = f.len;
	packet.header.gso_size = segment;
	packet.header.csum_start = f.ip + 20;
	packet.header.csum_offset = 16;
	for (; n; n--) {
		errno = wire_send(h->tx, &packet, sizeof(packet.header) + len);
		if (errno)
			err(1, "send a batch of %zu octets", len);
		h->sent++;
		h->expect[ORACLE_PASSES]++;
	}
	one = 0;
	if (setsockopt(h->tx, SOL_PACKET, PACKET_VNET_HDR, &one, sizeof(one)))
		err(1, "PACKET_VNET_HDR");
}

static void send_kind(struct hostile *h, char **words)
{
	if (!words[0])
		usage();
	if (!strcmp(words[0], "types")) {
		send_types(h);
	} else if (!strcmp(words[0], "macs")) {
		send_macs(h, number(words[1]));
	} else if (!strcmp(words[0], "mutated")) {
		random_state = 2 * number(words[2]) + 1;
		send_mutated(h, number(words[1]));
	} else if (!strcmp(words[0], "size")) {
		send_size(h, number(words[1]), number(words[2]));
	} else if (!strcmp(words[0], "gso")) {
		send_gso(h, number(words[1]), number(words[2]), number(words[3]));
	} else {
		usage();
	}
}

int main(int argc, char **argv)
{
	const char *out = NULL, *in = NULL;
	struct hostile h = { 0 };
	int c;

	while ((c = getopt(argc, argv, "o:i:m:t")) != -1) {
		switch (c) {
		case 'o':
			out = optarg;
			break;
		case 'i':
			in = optarg;
			break;
		case 'm':
			h.mac = wire_parse_mac(optarg);
			break;
		case 't':
			h.to = true;
			break;
		default:
			usage();
		}
	}
	if (!out || !in || !h.mac)
		usage();
	wire_stay();
	h.tx = wire_socket(out, 0);
	h.rx = wire_socket(in, SENTINEL_TYPE);
	wait_for_sentinel(&h);
	send_kind(&h, argv + optind);
	wait_for_sentinel(&h);
	printf("%lu %lu %lu %lu\n", h.sent, h.expect[ORACLE_PASSES], h.expect[ORACLE_NOT_ALLOWED],
	       h.expect[ORACLE_MALFORMED]);
	return 0;
}
