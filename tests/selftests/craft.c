// SPDX-License-Identifier: GPL-2.0-or-later
/* Sends frames that are written as words, right ones and wrong ones, and says which arrive. */

/*
 * Each frame is a line of standard input: the layers behind the Ethernet addresses, each
 * with its arguments, as "vlan 7 ip 10.0.1.2 10.0.2.2 udp 5000 123 data 20". What a layer
 * says of the next one, and lengths, are filled in; further words spoil them.
 *
 * A truncated frame has no room for a mark of its own, so the listed device's address
 * tells frames apart: it is counted up from one frame to the next. A frame between others
 * that no policy concerns says that all before it have been judged (see inject.c, which
 * also says why there is a socket for each ethertype).
 */
#include <getopt.h>
#include <signal.h>

#include "frame.h"
#include "wire.h"

#define LIMIT_MS	20000
#define ALL_TYPES	0x10000
#define MANY		64	/* frames that wait in a queue, at most */

struct options {
	const char *out, *in, *netns;
	uint64_t mac, other;
	bool to, flood;
	unsigned long count;
};

struct line {
	struct frame frame;
	unsigned long arrived;
};

struct wires {
	int tx, rx[MANY];
	unsigned int n_rx;
	bool has_type[ALL_TYPES];
};

/* Locally administered, in a block of which the registry has nothing. */
#define OTHER_END	0x0a00000000fdULL
#define FIRST_SENTINEL	0x0a0000f00000ULL
#define SENTINEL_TYPE	0x88b5	/* for local experiments, IEEE 802 */
#define BROADCAST	0xffffffffffffULL

static volatile sig_atomic_t stopped;

static void on_signal(int signal)
{
	stopped = 1;
}

static void usage(void)
{
	fputs("usage: craft -o DEV -i DEV [-N NETNS-OF-IN] -m MAC [-d MAC] [-t] [-c COUNT | -f] <FRAMES\n"
	      "sends each frame from -m to -d, or with -t from -d to -m, COUNT times; -m counts\n"
	      "up with every frame sent. With -f sends the first one until SIGTERM, and nothing\n"
	      "counts up. Prints for each line how many arrived.\n", stderr);
	exit(2);
}

static void parse_options(int argc, char **argv, struct options *o)
{
	int c;

	while ((c = getopt(argc, argv, "o:i:N:m:d:tc:f")) != -1) {
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
		case 'm':
			o->mac = wire_parse_mac(optarg);
			break;
		case 'd':
			o->other = wire_parse_mac(optarg);
			break;
		case 't':
			o->to = true;
			break;
		case 'f':
			o->flood = true;
			break;
		case 'c':
			o->count = strtoul(optarg, NULL, 10);
			break;
		default:
			usage();
		}
	}
	if (!o->out || !o->in || !o->mac || !o->count || optind != argc)
		usage();
}

static struct line *read_lines(size_t *n)
{
	struct line *lines = NULL;
	char *text = NULL;
	size_t room = 0;

	for (*n = 0; getline(&text, &room, stdin) > 0; (*n)++) {
		lines = reallocarray(lines, *n + 1, sizeof(*lines));
		if (!lines)
			err(1, "realloc");
		lines[*n].arrived = 0;
		frame_build(&lines[*n].frame, text);
	}
	free(text);
	return lines;
}

static void listen_for(struct wires *wires, const char *device, uint16_t type)
{
	if (wires->has_type[type])
		return;
	if (wires->n_rx == MANY)
		errx(2, "more than %d ethertypes", MANY);
	wires->has_type[type] = true;
	wires->rx[wires->n_rx++] = wire_socket(device, type);
}

static void transmit(int fd, const struct frame *frame, uint64_t from, uint64_t to)
{
	struct frame copy = *frame;

	wire_put_mac(copy.data, to);
	wire_put_mac(copy.data + ETH_ALEN, from);
	errno = wire_send(fd, copy.data, copy.len);
	if (errno)
		err(1, "send");
}

/* Take what has arrived; Return: whether that sentinel was among it. */
static bool receive(int fd, const struct options *o, struct line *lines, size_t n,
		    uint64_t sentinel)
{
	uint8_t data[FRAME_ROOM];
	bool seen = false;
	ssize_t len;

	while ((len = recv(fd, data, sizeof(data), MSG_DONTWAIT)) >= 0) {
		uint64_t from = wire_get_mac(data + ETH_ALEN);
		uint64_t index = (o->to ? wire_get_mac(data) : from) - o->mac;

		if (from == sentinel)
			seen = true;
		else if (index < n * o->count)
			lines[index / o->count].arrived++;
	}
	if (errno != EAGAIN && errno != EINTR)
		err(1, "recv");
	return seen;
}

/*
 * Send a sentinel and wait for it; then whatever came before it is in the queues. The
 * first socket is the one that it comes by. @again: a device may not be up yet.
 */
static void synchronise(struct wires *wires, const struct options *o, struct line *lines,
			size_t n, bool again)
{
	struct pollfd poll_fd = { .fd = wires->rx[0], .events = POLLIN };
	static uint64_t sentinel = FIRST_SENTINEL;
	char text[] = "type 0x88b5 data 50";
	long end = wire_now_ms() + LIMIT_MS;
	struct frame frame;
	unsigned int i;

	sentinel++;
	frame_build(&frame, text);
	transmit(wires->tx, &frame, sentinel, BROADCAST);
	while (!receive(wires->rx[0], o, lines, n, sentinel)) {
		if (wire_now_ms() > end)
			errx(1, "nothing of %s reaches %s, not even what no policy concerns",
			     o->out, o->in);
		if (!poll(&poll_fd, 1, 100) && again)
			transmit(wires->tx, &frame, sentinel, BROADCAST);
	}
	for (i = 1; i < wires->n_rx; i++)
		receive(wires->rx[i], o, lines, n, sentinel);
}

static void send_one(const struct wires *wires, const struct options *o, const struct line *line,
		     uint64_t mac)
{
	transmit(wires->tx, &line->frame, o->to ? o->other : mac, o->to ? mac : o->other);
}

static void send_all(struct wires *wires, const struct options *o, struct line *lines, size_t n)
{
	uint64_t i;

	for (i = 0; o->flood ? !stopped : i < n * o->count; i++) {
		if (o->flood)
			send_one(wires, o, &lines[0], o->mac);
		else
			send_one(wires, o, &lines[i / o->count], o->mac + i);
		if (i % MANY == MANY - 1)
			synchronise(wires, o, lines, n, false);
	}
	synchronise(wires, o, lines, n, false);
}

int main(int argc, char **argv)
{
	static struct wires wires;
	struct options o = { .count = 1, .other = OTHER_END };
	struct sigaction action = { .sa_handler = on_signal };
	struct line *lines;
	size_t n, i, type;

	parse_options(argc, argv, &o);
	lines = read_lines(&n);
	sigaction(SIGTERM, &action, NULL);
	wire_stay();
	wires.tx = wire_socket(o.out, 0);
	if (o.netns)
		wire_enter(o.netns);
	listen_for(&wires, o.in, SENTINEL_TYPE);
	for (i = 0; i < n; i++)
		for (type = 0; type < lines[i].frame.n_types; type++)
			listen_for(&wires, o.in, lines[i].frame.types[type]);
	synchronise(&wires, &o, lines, n, true);
	send_all(&wires, &o, lines, n);
	for (i = 0; i < n; i++)
		printf("%lu\n", lines[i].arrived);
	free(lines);
	return 0;
}
