// SPDX-License-Identifier: GPL-2.0-or-later
/* A peer for connections over TCP and UDP: one that echoes, and one that asks and waits. */
#include <arpa/inet.h>
#include <err.h>
#include <errno.h>
#include <getopt.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define MAX_CLIENTS	64
#define PIECE		65536
#define MESSAGE		64	/* octets that are asked for, where no other number is given */
#define STREAM_MS	20	/* from one message of a stream to the next */
#define AGAIN_MS	300	/* an answer that is that late has been lost */

struct options {
	const char *device;
	long wait_ms;
	size_t octets;
	uint16_t from;
};

static void usage(void)
{
	fputs("usage: talk serve PORT\n"
	      "       talk ask [-w SECONDS] [-b OCTETS] [-p OWN-PORT] [-I DEV] tcp|udp ADDRESS PORT\n"
	      "       talk stream [-p OWN-PORT] tcp|udp ADDRESS PORT\n"
	      "serve echoes what comes to PORT. ask sends once and waits for the echo; status 0\n"
	      "where it comes. stream sends for ever, and prints a line for each echo.\n", stderr);
	exit(2);
}

static long now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static uint16_t parse_port(const char *text)
{
	unsigned long port = strtoul(text, NULL, 10);

	if (!port || port > UINT16_MAX)
		errx(2, "%s: not a port", text);
	return port;
}

static int parse_type(const char *text)
{
	if (!strcmp(text, "tcp"))
		return SOCK_STREAM;
	if (strcmp(text, "udp") != 0)
		usage();
	return SOCK_DGRAM;
}

/* --- serve --- */

/* For both families at once. */
static int server_socket(int type, uint16_t port)
{
	struct sockaddr_in6 address = { .sin6_family = AF_INET6, .sin6_port = htons(port) };
	int fd = socket(AF_INET6, type | SOCK_CLOEXEC, 0), zero = 0, one = 1;

	if (fd < 0 || setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &zero, sizeof(zero)) ||
	    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one)) ||
	    bind(fd, (struct sockaddr *)&address, sizeof(address)))
		err(1, "port %u", port);
	if (type == SOCK_STREAM && listen(fd, MAX_CLIENTS))
		err(1, "listen");
	return fd;
}

static void echo_datagram(int fd)
{
	static char data[PIECE];
	struct sockaddr_in6 from;
	socklen_t from_len = sizeof(from);
	ssize_t len = recvfrom(fd, data, sizeof(data), 0, (struct sockaddr *)&from, &from_len);

	if (len >= 0)
		sendto(fd, data, len, 0, (struct sockaddr *)&from, from_len);
}

/* Return: whether the connection stays. */
static bool echo_stream(int fd)
{
	static char data[PIECE];
	ssize_t len = recv(fd, data, sizeof(data), 0), sent, at;

	for (at = 0; at < len; at += sent) {
		sent = send(fd, data + at, len - at, MSG_NOSIGNAL);
		if (sent < 0)
			return false;
	}
	return len > 0;
}

static int serve(uint16_t port)
{
	struct pollfd fds[2 + MAX_CLIENTS] = {
		{ .fd = server_socket(SOCK_STREAM, port), .events = POLLIN },
		{ .fd = server_socket(SOCK_DGRAM, port), .events = POLLIN },
	};
	unsigned int n = 2, i;

	puts("ready");
	fflush(stdout);
	while (poll(fds, n, -1) > 0) {
		for (i = n; i-- > 2;) {
			if (!fds[i].revents || echo_stream(fds[i].fd))
				continue;
			close(fds[i].fd);
			fds[i] = fds[--n];
		}
		if (fds[1].revents)
			echo_datagram(fds[1].fd);
		if (fds[0].revents && n < 2 + MAX_CLIENTS) {
			fds[n].fd = accept(fds[0].fd, NULL, NULL);
			fds[n].revents = 0;
			fds[n++].events = POLLIN;
		}
	}
	return 1;
}

/* --- ask and stream --- */

static socklen_t fill_address(struct sockaddr_storage *to, const char *address, uint16_t port)
{
	struct sockaddr_in *v4 = (void *)to;
	struct sockaddr_in6 *v6 = (void *)to;

	memset(to, 0, sizeof(*to));
	if (inet_pton(AF_INET6, address, &v6->sin6_addr) == 1) {
		v6->sin6_family = AF_INET6;
		v6->sin6_port = htons(port);
		return sizeof(*v6);
	}
	if (inet_pton(AF_INET, address, &v4->sin_addr) != 1)
		errx(2, "%s: not an address", address);
	v4->sin_family = AF_INET;
	v4->sin_port = htons(port);
	return sizeof(*v4);
}

static void bind_own(int fd, int family, uint16_t port)
{
	struct sockaddr_storage own;
	socklen_t len;
	int one = 1;

	len = fill_address(&own, family == AF_INET ? "0.0.0.0" : "::", port);
	if (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one)) ||
	    bind(fd, (struct sockaddr *)&own, len))
		err(1, "own port %u", port);
}

static bool wait_until(int fd, short events, long end)
{
	struct pollfd poll_fd = { .fd = fd, .events = events };
	long left = end - now_ms();

	return left > 0 && poll(&poll_fd, 1, (int)left) > 0;
}

/* A connected socket that does not block, or -1 where there is none in time. */
static int connect_to(const struct options *o, int type, const char *address, uint16_t port,
		      long end)
{
	struct sockaddr_storage to;
	socklen_t len = fill_address(&to, address, port), size = sizeof(int);
	int fd = socket(to.ss_family, type | SOCK_CLOEXEC | SOCK_NONBLOCK, 0), error = 0;

	if (fd < 0)
		err(1, "socket");
	if (o->device && setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, o->device,
				    strlen(o->device) + 1))
		err(1, "%s", o->device);
	if (o->from)
		bind_own(fd, to.ss_family, o->from);
	if (!connect(fd, (struct sockaddr *)&to, len))
		return fd;
	if (errno == EINPROGRESS && wait_until(fd, POLLOUT, end) &&
	    !getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size) && !error)
		return fd;
	close(fd);
	return -1;
}

/* Send and read back, all of it, before @end. */
static bool exchange(int fd, size_t octets, long end)
{
	static char data[PIECE];
	size_t sent = 0, read = 0;
	ssize_t len;

	while (read < octets) {
		if (!wait_until(fd, sent < octets ? POLLIN | POLLOUT : POLLIN, end))
			return false;
		len = recv(fd, data, sizeof(data), 0);
		if (!len || (len < 0 && errno != EAGAIN))
			return false;
		read += len > 0 ? len : 0;
		if (sent == octets)
			continue;
		len = octets - sent < sizeof(data) ? octets - sent : sizeof(data);
		len = send(fd, data, len, MSG_NOSIGNAL);
		if (len < 0 && errno != EAGAIN)
			return false;
		sent += len > 0 ? len : 0;
	}
	return true;
}

static int ask(const struct options *o, int type, const char *address, uint16_t port)
{
	long end = now_ms() + o->wait_ms;
	int fd = connect_to(o, type, address, port, end);

	return fd >= 0 && exchange(fd, o->octets, end) ? 0 : 1;
}

/* One connection, until it is killed; each echo is a line. */
static int stream(const struct options *o, int type, const char *address, uint16_t port)
{
	int fd = connect_to(o, type, address, port, now_ms() + o->wait_ms);
	unsigned long n = 0;

	if (fd < 0)
		errx(1, "no connection to %s", address);
	for (;;) {
		if (exchange(fd, MESSAGE, now_ms() + AGAIN_MS))
			printf("%lu\n", ++n);
		fflush(stdout);
		poll(NULL, 0, STREAM_MS);
	}
}

int main(int argc, char **argv)
{
	struct options o = { .wait_ms = 10000, .octets = MESSAGE };
	const char *what = argc > 1 ? argv[1] : "";
	int c;

	if (!strcmp(what, "serve") && argc == 3)
		return serve(parse_port(argv[2]));
	argc--;
	argv++;
	while ((c = getopt(argc, argv, "w:b:p:I:")) != -1) {
		switch (c) {
		case 'w':
			o.wait_ms = 1000 * strtod(optarg, NULL);
			break;
		case 'b':
			o.octets = strtoul(optarg, NULL, 10);
			break;
		case 'p':
			o.from = parse_port(optarg);
			break;
		case 'I':
			o.device = optarg;
			break;
		default:
			usage();
		}
	}
	if (argc - optind != 3)
		usage();
	if (!strcmp(what, "ask"))
		return ask(&o, parse_type(argv[optind]), argv[optind + 1],
			   parse_port(argv[optind + 2]));
	if (strcmp(what, "stream") != 0)
		usage();
	return stream(&o, parse_type(argv[optind]), argv[optind + 1],
		      parse_port(argv[optind + 2]));
}
