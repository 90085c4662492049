// SPDX-License-Identifier: GPL-2.0-or-later
/* The inventory and the events as lines of text, and the policies that their tests need. */

/*
 * A line is a row of KEY=VALUE, in the order of the message; what is in a nest has the
 * nest's name in front. So a test says "field ipv4" and needs to know no more.
 */
#include <arpa/inet.h>
#include <inttypes.h>
#include <signal.h>

#include "policy.h"

#define HEADER		sizeof(struct genlmsghdr)
#define MAC_OCTETS	6

enum kind { U16, U32, U64, TEXT, HEX, IP4, IP6, MAC, EVENT, REASON, DIRECTION, NEST };

/** struct field - how an attribute is printed; @nest: what is in it, where it is a NEST */
struct field {
	uint16_t type;
	const char *name;
	enum kind kind;
	const struct field *nest;
};

static const struct field counters[] = {
	{ CAMWALL_A_COUNTERS_PACKETS, "packets", U64, NULL },
	{ CAMWALL_A_COUNTERS_BYTES, "bytes", U64, NULL },
	{ CAMWALL_A_COUNTERS_DROPPED, "dropped", U64, NULL },
	{ CAMWALL_A_COUNTERS_DROPPED_POLICY, "policy", U64, NULL },
	{ CAMWALL_A_COUNTERS_DROPPED_NOT_ALLOWED, "not-allowed", U64, NULL },
	{ CAMWALL_A_COUNTERS_DROPPED_LIMIT, "limit", U64, NULL },
	{ CAMWALL_A_COUNTERS_DROPPED_MALFORMED, "malformed", U64, NULL },
	{ 0, NULL, U16, NULL },
};

static const struct field device[] = {
	{ CAMWALL_A_DEVICE_MAC, "mac", MAC, NULL },
	{ CAMWALL_A_DEVICE_GROUP_ID, "group-id", U32, NULL },
	{ CAMWALL_A_DEVICE_GROUP_NAME, "group", TEXT, NULL },
	{ CAMWALL_A_DEVICE_EXEMPT, "exempt", U32, NULL },
	{ CAMWALL_A_DEVICE_FIRST_SEEN, "first-seen", U64, NULL },
	{ CAMWALL_A_DEVICE_LAST_SEEN, "last-seen", U64, NULL },
	{ CAMWALL_A_DEVICE_IDLE_TIME, "idle-time", U32, NULL },
	{ CAMWALL_A_DEVICE_GONE, "gone", U32, NULL },
	{ CAMWALL_A_DEVICE_IFINDEX, "ifindex", U32, NULL },
	{ CAMWALL_A_DEVICE_IFNAME, "ifname", TEXT, NULL },
	{ CAMWALL_A_DEVICE_VLAN, "vlan", U16, NULL },
	{ CAMWALL_A_DEVICE_VLAN_PROTOCOL, "vlan-protocol", U16, NULL },
	{ CAMWALL_A_DEVICE_IPV4, "ipv4", IP4, NULL },
	{ CAMWALL_A_DEVICE_IPV6, "ipv6", IP6, NULL },
	{ CAMWALL_A_DEVICE_FROM, "from-", NEST, counters },
	{ CAMWALL_A_DEVICE_TO, "to-", NEST, counters },
	{ CAMWALL_A_DEVICE_DISPLACED, "displaced", U32, NULL },
	{ 0, NULL, U16, NULL },
};

static const struct field exemption[] = {
	{ CAMWALL_A_EXEMPTION_MAC, "mac", MAC, NULL },
	{ CAMWALL_A_EXEMPTION_UNTIL, "until", U64, NULL },
	{ CAMWALL_A_EXEMPTION_REASON, "why", TEXT, NULL },
	{ CAMWALL_A_EXEMPTION_APPROVED_BY, "approved-by", TEXT, NULL },
	{ CAMWALL_A_EXEMPTION_IN_FORCE, "in-force", U32, NULL },
	{ 0, NULL, U16, NULL },
};

static const struct field fields[] = {
	{ CAMWALL_A_GENERATION, "generation", U32, NULL },
	{ CAMWALL_A_EVENT_SEQ, "seq", U64, NULL },
	{ CAMWALL_A_EVENT, "event", EVENT, NULL },
	{ CAMWALL_A_TIME, "time", U64, NULL },
	{ CAMWALL_A_DEVICE, "", NEST, device },
	{ CAMWALL_A_PREVIOUS, "previous-", NEST, device },
	{ CAMWALL_A_EXEMPTION, "", NEST, exemption },
	{ CAMWALL_A_DROP_REASON, "reason", REASON, NULL },
	{ CAMWALL_A_DIRECTION, "direction", DIRECTION, NULL },
	{ CAMWALL_A_SUPPRESSED, "suppressed", U64, NULL },
	{ CAMWALL_A_REFUSED, "refused", U64, NULL },
	{ CAMWALL_A_GROUP_COUNT, "groups", U32, NULL },
	{ CAMWALL_A_PREFIX_COUNT, "prefixes", U32, NULL },
	{ CAMWALL_A_EXEMPTION_COUNT, "exemptions", U32, NULL },
	{ CAMWALL_A_MAX_DEVICES, "max-devices", U32, NULL },
	{ CAMWALL_A_IDLE, "idle", U32, NULL },
	{ CAMWALL_A_DIGEST, "digest", HEX, NULL },
	{ CAMWALL_A_DEVICE_COUNT, "devices", U32, NULL },
	{ CAMWALL_A_DEVICE_EVICTED, "device-evicted", U64, NULL },
	{ CAMWALL_A_DEVICE_REFUSED, "device-refused", U64, NULL },
	{ CAMWALL_A_PORTID, "portid", U32, NULL },
	{ CAMWALL_A_UID, "uid", U32, NULL },
	{ 0, NULL, U16, NULL },
};

static const char *const events[] = {
	[CAMWALL_EVENT_DEVICE_NEW] = "device-new",
	[CAMWALL_EVENT_DEVICE_MOVED] = "device-moved",
	[CAMWALL_EVENT_DEVICE_GONE] = "device-gone",
	[CAMWALL_EVENT_DEVICE_BACK] = "device-back",
	[CAMWALL_EVENT_DEVICE_DROPPED] = "device-dropped",
	[CAMWALL_EVENT_EXEMPTION_ENDED] = "exemption-ended",
	[CAMWALL_EVENT_CONFIG_CHANGED] = "config-changed",
	[CAMWALL_EVENT_DEVICES_FLUSHED] = "devices-flushed",
	[CAMWALL_EVENT_DEVICE_FLOOD] = "device-flood",
};

static const char *const reasons[] = {
	[CAMWALL_DROP_REASON_POLICY] = "policy",
	[CAMWALL_DROP_REASON_NOT_ALLOWED] = "not-allowed",
	[CAMWALL_DROP_REASON_LIMIT] = "limit",
	[CAMWALL_DROP_REASON_MALFORMED] = "malformed",
};

static const char *const directions[] = {
	[CAMWALL_DIRECTION_FROM] = "from",
	[CAMWALL_DIRECTION_TO] = "to",
};

#define NAME(names, value) \
	((value) < sizeof(names) / sizeof((names)[0]) ? (names)[value] : "unknown")

static volatile sig_atomic_t stopped;

static void on_signal(int signal)
{
	stopped = 1;
}

static void usage(void)
{
	fputs("usage: inventory list [MAC] | flush | status\n"
	      "       inventory commit KEY=VALUE...    groups begin with group=NAME\n"
	      "       inventory listen [RECEIVE-BUFFER]\n", stderr);
	exit(2);
}

/* --- Printing --- */

static void print_octets(const struct nlattr *attr, const char *between)
{
	const unsigned char *octet = mnl_attr_get_payload(attr);
	unsigned int i;

	for (i = 0; i < mnl_attr_get_payload_len(attr); i++)
		printf("%s%02x", i ? between : "", octet[i]);
}

static void print_address(const struct nlattr *attr, int family)
{
	char text[INET6_ADDRSTRLEN];

	printf("%s", inet_ntop(family, mnl_attr_get_payload(attr), text, sizeof(text)));
}

static void print_value(const struct nlattr *attr, enum kind kind)
{
	switch (kind) {
	case U16:
		printf("%u", mnl_attr_get_u16(attr));
		break;
	case U32:
		printf("%u", mnl_attr_get_u32(attr));
		break;
	case U64:
		printf("%" PRIu64, mnl_attr_get_u64(attr));
		break;
	case TEXT:
		printf("%s", mnl_attr_get_str(attr));
		break;
	case HEX:
		print_octets(attr, "");
		break;
	case MAC:
		print_octets(attr, ":");
		break;
	case IP4:
		print_address(attr, AF_INET);
		break;
	case IP6:
		print_address(attr, AF_INET6);
		break;
	case EVENT:
		printf("%s", NAME(events, mnl_attr_get_u32(attr)));
		break;
	case REASON:
		printf("%s", NAME(reasons, mnl_attr_get_u32(attr)));
		break;
	case DIRECTION:
		printf("%s", NAME(directions, mnl_attr_get_u32(attr)));
		break;
	case NEST:
		break;
	}
}

static void print_attr(const struct nlattr *attr, const struct field *field, const char *front)
{
	const struct nlattr *inner;

	while (field->type && field->type != mnl_attr_get_type(attr))
		field++;
	if (!field->type)
		return;
	if (field->kind != NEST) {
		printf(" %s%s=", front, field->name);
		print_value(attr, field->kind);
		return;
	}
	mnl_attr_for_each_nested(inner, attr)
		print_attr(inner, field->nest, field->name);
}

static void print_message(const struct nlmsghdr *nlh)
{
	const struct nlattr *attr;

	mnl_attr_for_each(attr, nlh, HEADER)
		print_attr(attr, fields, "");
	putchar('\n');
}

/* --- Asking --- */

static int print_answer(struct session *s)
{
	static char buffer[ANSWER_LEN];
	const struct nlmsghdr *nlh;
	ssize_t len;
	int left;

	session_send(s);
	for (;;) {
		len = mnl_socket_recvfrom(s->socket, buffer, sizeof(buffer));
		if (len < 0)
			err(1, "receive");
		left = (int)len;
		for (nlh = (void *)buffer; mnl_nlmsg_ok(nlh, left);
		     nlh = mnl_nlmsg_next(nlh, &left)) {
			if (nlh->nlmsg_type == NLMSG_ERROR || nlh->nlmsg_type == NLMSG_DONE) {
				session_read_ack(s, nlh);
				return -*(const int *)mnl_nlmsg_get_payload(nlh);
			}
			print_message(nlh);
		}
	}
}

static uint64_t mac_of(const char *text)
{
	unsigned int octet[MAC_OCTETS], i;
	uint64_t mac = 0;

	/* NOLINTNEXTLINE(cert-err34-c): two digits each */
	if (sscanf(text, "%2x:%2x:%2x:%2x:%2x:%2x", &octet[0], &octet[1], &octet[2],
		   &octet[3], &octet[4], &octet[5]) != MAC_OCTETS)
		errx(2, "%s: not a MAC address", text);
	for (i = 0; i < MAC_OCTETS; i++)
		mac = mac << 8 | octet[i];
	return mac;
}

static void put_mac(struct session *s, uint16_t type, uint64_t mac)
{
	uint8_t octets[MAC_OCTETS];
	unsigned int i;

	for (i = 0; i < MAC_OCTETS; i++)
		octets[i] = mac >> (40 - 8 * i);
	mnl_attr_put(s->request, type, sizeof(octets), octets);
}

static int ask(uint8_t command, const char *mac, bool dump)
{
	struct session *s = session_open();
	int error;

	session_new(s, command);
	if (dump)
		s->request->nlmsg_flags |= NLM_F_DUMP;
	if (mac)
		put_mac(s, CAMWALL_A_MAC, mac_of(mac));
	error = print_answer(s);
	if (error)
		fprintf(stderr, "%s: %s\n", strerror(error), s->message);
	session_close(s);
	return error ? 1 : 0;
}

/* --- Committing --- */

/** struct commit - what comes with config-commit, and the group that is being written */
struct commit {
	struct nlattr *group;
	uint32_t groups;
	uint8_t digest[CAMWALL_DIGEST_LEN];
	size_t digest_len;
};

static void end_group(struct session *s, struct commit *c)
{
	if (c->group)
		mnl_attr_nest_end(s->request, c->group);
	c->group = NULL;
}

static void begin_group(struct session *s, struct commit *c, const char *name)
{
	end_group(s, c);
	c->group = mnl_attr_nest_start(s->request, CAMWALL_A_GROUP);
	mnl_attr_put_u32(s->request, CAMWALL_A_GROUP_ID, c->groups++);
	mnl_attr_put_strz(s->request, CAMWALL_A_GROUP_NAME, name);
}

static void put_action(struct session *s, const char *name)
{
	static const char *const names[] = {
		[CAMWALL_ACTION_OBSERVE] = "observe", [CAMWALL_ACTION_DROP] = "drop",
		[CAMWALL_ACTION_ISOLATE] = "isolate", [CAMWALL_ACTION_LIMIT] = "limit",
	};
	unsigned int i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (!strcmp(names[i], name))
			break;
	mnl_attr_put_u32(s->request, CAMWALL_A_GROUP_ACTION, i);
}

/* The limit that every test here needs: one frame in an hour or so, and then no more. */
static void put_limit(struct session *s, uint64_t burst)
{
	struct nlattr *nest = mnl_attr_nest_start(s->request, CAMWALL_A_GROUP_LIMIT);

	mnl_attr_put_u64(s->request, CAMWALL_A_LIMIT_RATE, 1);
	mnl_attr_put_u32(s->request, CAMWALL_A_LIMIT_UNIT, CAMWALL_LIMIT_UNIT_BITS);
	mnl_attr_put_u64(s->request, CAMWALL_A_LIMIT_BURST, burst);
	mnl_attr_nest_end(s->request, nest);
}

static void put_exemption(struct session *s, const char *mac, const char *until)
{
	struct nlattr *nest = mnl_attr_nest_start(s->request, CAMWALL_A_EXEMPTION);

	put_mac(s, CAMWALL_A_EXEMPTION_MAC, mac_of(mac));
	mnl_attr_put_u64(s->request, CAMWALL_A_EXEMPTION_UNTIL, strtoull(until, NULL, 10));
	mnl_attr_put_strz(s->request, CAMWALL_A_EXEMPTION_REASON, "ticket-4711");
	mnl_attr_put_strz(s->request, CAMWALL_A_EXEMPTION_APPROVED_BY, "me");
	mnl_attr_nest_end(s->request, nest);
}

static void put_listed(struct session *s, struct commit *c, const char *prefix)
{
	uint64_t mac = strtoull(prefix, NULL, 16);
	unsigned int digits = strlen(prefix);

	end_group(s, c);
	put_prefix(s, packed(mac << (48 - 4 * digits), 4 * digits, c->groups - 1));
}

static void take_digest(struct commit *c, const char *hex)
{
	for (c->digest_len = 0; hex[0] && hex[1] && c->digest_len < sizeof(c->digest); hex += 2)
		/* NOLINTNEXTLINE(cert-err34-c): two digits */
		if (sscanf(hex, "%2hhx", &c->digest[c->digest_len++]) != 1)
			errx(2, "%s: not hex", hex);
}

static void put_setting(struct session *s, struct commit *c, const char *key, const char *value)
{
	char *at = strchr(value, '@');

	if (!strcmp(key, "group"))
		begin_group(s, c, value);
	else if (!strcmp(key, "action"))
		put_action(s, value);
	else if (!strcmp(key, "burst"))
		put_limit(s, strtoull(value, NULL, 10));
	else if (!strcmp(key, "prefix"))
		put_listed(s, c, value);
	else if (!strcmp(key, "digest"))
		take_digest(c, value);
	else if (!strcmp(key, "interface"))
		mnl_attr_put_strz(s->request, CAMWALL_A_INTERFACE, value);
	else if (!strcmp(key, "max-devices"))
		mnl_attr_put_u32(s->request, CAMWALL_A_MAX_DEVICES, strtoul(value, NULL, 10));
	else if (!strcmp(key, "idle"))
		mnl_attr_put_u32(s->request, CAMWALL_A_IDLE, strtoul(value, NULL, 10));
	else if (!strcmp(key, "exempt") && at)
		put_exemption(s, value, at + 1);
	else
		errx(2, "%s=%s: no such setting", key, value);
}

static int commit_policy(char **words)
{
	struct session *s = session_open();
	struct commit c = { 0 };
	char *value;
	int error;

	if (begin(s, generation()))
		errx(1, "config-begin: %s", s->message);
	session_new(s, CAMWALL_CMD_CONFIG_ADD);
	for (; *words; words++) {
		value = strchr(*words, '=');
		if (!value)
			usage();
		*value++ = '\0';
		put_setting(s, &c, *words, value);
	}
	end_group(s, &c);
	error = session_ask(s);
	if (!error) {
		session_new(s, CAMWALL_CMD_CONFIG_COMMIT);
		mnl_attr_put(s->request, CAMWALL_A_DIGEST, c.digest_len, c.digest);
		error = session_ask(s);
	}
	if (error)
		errx(1, "%s: %s", strerror(error), s->message);
	session_close(s);
	return 0;
}

/* --- Listening --- */

static uint32_t group_id(const struct nlattr *groups)
{
	const struct nlattr *group, *attr;
	const char *name;
	uint32_t id;

	mnl_attr_for_each_nested(group, groups) {
		name = "";
		id = 0;
		mnl_attr_for_each_nested(attr, group) {
			if (mnl_attr_get_type(attr) == CTRL_ATTR_MCAST_GRP_NAME)
				name = mnl_attr_get_str(attr);
			if (mnl_attr_get_type(attr) == CTRL_ATTR_MCAST_GRP_ID)
				id = mnl_attr_get_u32(attr);
		}
		if (!strcmp(name, CAMWALL_MCGRP_EVENTS))
			return id;
	}
	return 0;
}

static uint32_t find_group(void)
{
	struct session *s = session_open();
	const struct nlattr *attr;
	uint32_t id = 0;

	session_start(s, GENL_ID_CTRL, CTRL_CMD_GETFAMILY);
	mnl_attr_put_strz(s->request, CTRL_ATTR_FAMILY_NAME, CAMWALL_FAMILY_NAME);
	if (!session_ask(s) && s->reply.nlmsg_type)
		mnl_attr_for_each(attr, &s->reply, HEADER)
			if (mnl_attr_get_type(attr) == CTRL_ATTR_MCAST_GROUPS)
				id = group_id(attr);
	session_close(s);
	if (!id)
		errx(1, "no multicast group %s", CAMWALL_MCGRP_EVENTS);
	return id;
}

static uint64_t seq_of(const struct nlmsghdr *nlh)
{
	const struct nlattr *attr;

	mnl_attr_for_each(attr, nlh, HEADER)
		if (mnl_attr_get_type(attr) == CAMWALL_A_EVENT_SEQ)
			return mnl_attr_get_u64(attr);
	errx(1, "an event without event-seq");
}

static void print_events(const struct nlmsghdr *nlh, int left, uint64_t *last)
{
	uint64_t seq;

	for (; mnl_nlmsg_ok(nlh, left); nlh = mnl_nlmsg_next(nlh, &left)) {
		seq = seq_of(nlh);
		if (*last && seq != *last + 1)
			printf("lost=%" PRIu64 "\n", seq - *last - 1);
		*last = seq;
		print_message(nlh);
	}
}

static int listen_to_events(const char *receive_buffer)
{
	static char buffer[ANSWER_LEN];
	struct session *s = session_open();
	struct sigaction action = { .sa_handler = on_signal };
	uint32_t group = find_group();
	uint64_t last = 0;
	ssize_t len;
	int size;

	sigaction(SIGTERM, &action, NULL);
	if (receive_buffer) {
		size = (int)strtol(receive_buffer, NULL, 10);
		if (setsockopt(mnl_socket_get_fd(s->socket), SOL_SOCKET, SO_RCVBUFFORCE, &size,
			       sizeof(size)))
			err(1, "a receive buffer of %d octets", size);
	}
	if (mnl_socket_setsockopt(s->socket, NETLINK_ADD_MEMBERSHIP, &group, sizeof(group)))
		err(1, "join the group of events");
	setvbuf(stdout, NULL, _IOLBF, 0);
	puts("ready");
	while (!stopped) {
		len = mnl_socket_recvfrom(s->socket, buffer, sizeof(buffer));
		if (len >= 0)
			print_events((void *)buffer, (int)len, &last);
		else if (errno == ENOBUFS)
			puts("overrun");
		else if (errno != EINTR)
			err(1, "receive");
	}
	session_close(s);
	return 0;
}

int main(int argc, char **argv)
{
	const char *command = argc > 1 ? argv[1] : "";

	if (!session_find_family())
		errx(1, "the module is not loaded");
	if (!strcmp(command, "list"))
		return ask(CAMWALL_CMD_DEVICE_GET, argv[2], argc < 3);
	if (!strcmp(command, "flush"))
		return ask(CAMWALL_CMD_DEVICE_FLUSH, NULL, false);
	if (!strcmp(command, "status"))
		return ask(CAMWALL_CMD_STATUS_GET, NULL, false) ||
		       ask(CAMWALL_CMD_CONFIG_GET, NULL, false);
	if (!strcmp(command, "commit"))
		return commit_policy(argv + 2);
	if (!strcmp(command, "listen"))
		return listen_to_events(argv[2]);
	usage();
}
