/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Packet sockets: what the programs that send and count frames share. */
#ifndef WIRE_H
#define WIRE_H

#include <arpa/inet.h>
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <netpacket/packet.h>
#include <poll.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define WIRE_QUEUE	(16 << 20)	/* octets of a socket's queue, as the kernel counts them */

/* Locally administered, in a block of which the registry has nothing. */
#define WIRE_UNLISTED	0x0a00000000feULL

/**
 * wire_enter() - go into a network namespace
 * @name: as "ip netns" has it
 */
static inline void wire_enter(const char *name)
{
	char path[256];
	int fd;

	if (snprintf(path, sizeof(path), "/run/netns/%s", name) >= (int)sizeof(path))
		errx(2, "%s: name too long", name);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0 || setns(fd, CLONE_NEWNET))
		err(1, "%s", path);
	close(fd);
}

/**
 * wire_socket() - a packet socket on a device
 * @device: its name
 * @type: the ethertype that it receives, 0 for none. A socket for one type is served after
 *	  the ingress hooks, so it sees what they let pass; one for all types before them
 */
static inline int wire_socket(const char *device, uint16_t type)
{
	struct sockaddr_ll address = {
		.sll_family = AF_PACKET,
		.sll_protocol = htons(type),
		.sll_ifindex = if_nametoindex(device),
	};
	int queue = WIRE_QUEUE, fd;

	if (!address.sll_ifindex)
		err(1, "%s", device);
	fd = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);
	if (fd < 0 || bind(fd, (struct sockaddr *)&address, sizeof(address)))
		err(1, "packet socket on %s", device);
	/* A loaded machine takes a whole backlog in before this process runs again. */
	if (setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &queue, sizeof(queue)) &&
	    (errno != EPERM || setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &queue, sizeof(queue))))
		err(1, "receive buffer of %d bytes", queue);
	return fd;
}

/**
 * wire_send() - send a frame; a full queue is a reason to wait
 *
 * Return: 0 or a positive errno.
 */
static inline int wire_send(int fd, const void *frame, size_t len)
{
	struct pollfd poll_fd = { .fd = fd, .events = POLLOUT };

	while (send(fd, frame, len, 0) < 0) {
		if (errno != ENOBUFS && errno != EAGAIN && errno != EINTR)
			return errno;
		poll(&poll_fd, 1, 1);
	}
	return 0;
}

static inline void wire_put_mac(uint8_t *at, uint64_t mac)
{
	unsigned int i;

	for (i = 0; i < ETH_ALEN; i++)
		at[i] = mac >> (40 - 8 * i);
}

static inline uint64_t wire_get_mac(const uint8_t *at)
{
	uint64_t mac = 0;
	unsigned int i;

	for (i = 0; i < ETH_ALEN; i++)
		mac = mac << 8 | at[i];
	return mac;
}

/** wire_parse_mac() - an address as people write it; ends the program where it is none */
static inline uint64_t wire_parse_mac(const char *text)
{
	unsigned int octet[ETH_ALEN], i;
	uint64_t mac = 0;
	int used = 0;

	if (sscanf(text, "%2x:%2x:%2x:%2x:%2x:%2x%n", &octet[0], &octet[1], &octet[2],
		   &octet[3], &octet[4], &octet[5], &used) != ETH_ALEN || text[used])
		errx(2, "%s: not a MAC address", text);
	for (i = 0; i < ETH_ALEN; i++)
		mac = mac << 8 | octet[i];
	return mac;
}

static inline long wire_now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/** wire_stay() - stay on this CPU: frames of one sender on one CPU arrive in order */
static inline void wire_stay(void)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(sched_getcpu(), &set);
	if (sched_setaffinity(0, sizeof(set), &set))
		err(1, "sched_setaffinity");
}

#endif
