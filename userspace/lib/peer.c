// SPDX-License-Identifier: GPL-2.0-or-later
/* Entries of an allow list as text: "192.168.10.1 udp 123". */
#include <arpa/inet.h>
#include <ctype.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "alloc.h"
#include "peer.h"
#include "suggest.h"

#define WORDS_MAX	3	/* address, protocol, ports */
#define SPACES		" \t"
#define MAPPED_BITS	96	/* of ::ffff:0:0/96 */

/** struct protocol - one that has a name; @family: 0 where it goes with either */
struct protocol {
	const char *name;
	int number, family;
};

static const struct protocol protocols[] = {
	{ "tcp", IPPROTO_TCP, 0 },
	{ "udp", IPPROTO_UDP, 0 },
	{ "icmp", IPPROTO_ICMP, AF_INET },
	{ "icmpv6", IPPROTO_ICMPV6, AF_INET6 },
};

#define N_PROTOCOLS (sizeof(protocols) / sizeof(protocols[0]))

static unsigned int family_bits(int family)
{
	return family == AF_INET ? 32 : 128;
}

static bool parse_number(const char *text, unsigned long max, unsigned long *number)
{
	char *end;

	if (!isdigit((unsigned char)*text) || strlen(text) > 5)
		return false;
	*number = strtoul(text, &end, 10);
	return !*end && *number <= max;
}

void cw_peer_mask(struct cw_policy_allow *allow)
{
	unsigned int bit;

	for (bit = allow->length; bit < 8 * sizeof(allow->address); bit++)
		allow->address[bit / 8] &= ~(0x80 >> bit % 8);
}

bool cw_peer_same(const struct cw_policy_allow *a, const struct cw_policy_allow *b)
{
	if (a->family != b->family || a->length != b->length || a->protocol != b->protocol ||
	    a->has_ports != b->has_ports)
		return false;
	if (a->has_ports && (a->port_min != b->port_min || a->port_max != b->port_max))
		return false;
	return memcmp(a->address, b->address, sizeof(a->address)) == 0;
}

static int check_bits(const char *text, const struct cw_policy_allow *allow, struct cw_error *err)
{
	struct cw_policy_allow network = *allow, host = *allow;
	char meant[CW_PEER_STRLEN + 1], alone[CW_PEER_STRLEN + 1];

	cw_peer_mask(&network);
	if (memcmp(network.address, allow->address, sizeof(network.address)) == 0)
		return 0;
	host.length = family_bits(host.family);
	return cw_error_set(err, "%s has bits set beyond its length: write %s for the network, or %s for the one address",
			    text, cw_peer_format(&network, meant), cw_peer_format(&host, alone));
}

static int check_mapped(const char *text, const struct cw_policy_allow *allow, struct cw_error *err)
{
	static const unsigned char mapped[] = { [10] = 0xff, [11] = 0xff };
	char ipv4[INET_ADDRSTRLEN];

	if (allow->family != AF_INET6 || allow->length < MAPPED_BITS ||
	    memcmp(allow->address, mapped, sizeof(mapped)) != 0)
		return 0;
	inet_ntop(AF_INET, allow->address + sizeof(mapped), ipv4, sizeof(ipv4));
	return cw_error_set(err, "%s is an IPv4 address in IPv6 writing, which no packet carries: write %s",
			    text, ipv4);
}

/* @text is changed: the length is cut off. */
static int parse_address(char *text, struct cw_policy_allow *allow, struct cw_error *err)
{
	char *copy = cw_strdup(text), *slash = strchr(text, '/');
	unsigned long length;
	int ret;

	if (slash)
		*slash = '\0';
	allow->family = strchr(text, ':') ? AF_INET6 : AF_INET;
	length = family_bits(allow->family);
	if (inet_pton(allow->family, text, allow->address) != 1) {
		ret = cw_error_set(err, "\"%s\" is no IPv4 or IPv6 address: write numbers, as in 192.168.10.5, 10.0.0.0/8 or 2001:db8::5 (names are not looked up)",
				   text);
	} else if (slash && !parse_number(slash + 1, length, &length)) {
		ret = cw_error_set(err, "\"%s\" is no length: an %s address has one of 0 to %u",
				   slash + 1, allow->family == AF_INET ? "IPv4" : "IPv6",
				   family_bits(allow->family));
	} else {
		allow->length = length;
		ret = check_bits(copy, allow, err) ?: check_mapped(copy, allow, err);
	}
	free(copy);
	return ret;
}

static int wrong_family(const struct protocol *protocol, struct cw_error *err)
{
	if (protocol->family == AF_INET)
		return cw_error_set(err, "icmp is the protocol of IPv4, and the address is of IPv6: write icmpv6");
	return cw_error_set(err, "icmpv6 is the protocol of IPv6, and the address is of IPv4: write icmp");
}

static int unknown_protocol(const char *text, struct cw_error *err)
{
	const char *names[N_PROTOCOLS + 1] = { 0 }, *nearest;
	size_t i;

	for (i = 0; i < N_PROTOCOLS; i++)
		names[i] = protocols[i].name;
	nearest = cw_suggest(text, names);
	if (nearest)
		return cw_error_set(err, "there is no protocol \"%s\": did you mean %s?", text, nearest);
	return cw_error_set(err, "there is no protocol \"%s\": write tcp, udp, icmp, icmpv6 or a number from 0 to 255",
			    text);
}

/* A number is taken as it is: whoever writes one knows why. */
static int parse_protocol(const char *text, struct cw_policy_allow *allow, struct cw_error *err)
{
	unsigned long number;
	size_t i;

	for (i = 0; i < N_PROTOCOLS; i++) {
		if (strcmp(text, protocols[i].name) != 0)
			continue;
		if (protocols[i].family && protocols[i].family != allow->family)
			return wrong_family(&protocols[i], err);
		allow->protocol = protocols[i].number;
		return 0;
	}
	if (!parse_number(text, 255, &number))
		return unknown_protocol(text, err);
	allow->protocol = (int)number;
	return 0;
}

/* @text is changed: a range is cut in two. */
static int parse_ports(char *text, struct cw_policy_allow *allow, struct cw_error *err)
{
	char *dash = strchr(text, '-');
	unsigned long min, max;

	if (allow->protocol != IPPROTO_TCP && allow->protocol != IPPROTO_UDP)
		return cw_error_set(err, "only tcp and udp have ports: take \"%s\" out, or write one of them",
				    text);
	if (strchr(text, ','))
		return cw_error_set(err, "\"%s\" is a list: write one port or range, as in 554 or 8000-8010, and repeat the key",
				    text);
	if (dash)
		*dash = '\0';
	if (!parse_number(text, UINT16_MAX, &min) ||
	    (dash && !parse_number(dash + 1, UINT16_MAX, &max)))
		return cw_error_set(err, "\"%s%s%s\" is no port or range: write for instance 554 or 8000-8010",
				    text, dash ? "-" : "", dash ? dash + 1 : "");
	if (!dash)
		max = min;
	if (min > max)
		return cw_error_set(err, "the range %lu-%lu is the wrong way round: write %lu-%lu",
				    min, max, max, min);
	allow->has_ports = true;
	allow->port_min = min;
	allow->port_max = max;
	return 0;
}

static int parse_words(char **words, size_t n, struct cw_policy_allow *allow, struct cw_error *err)
{
	if (!n)
		return cw_error_set(err, "no address: write whom the devices may talk with, as in 192.168.10.1 udp 123");
	if (parse_address(words[0], allow, err) < 0)
		return -1;
	if (n > 1 && parse_protocol(words[1], allow, err) < 0)
		return -1;
	if (n > 2 && parse_ports(words[2], allow, err) < 0)
		return -1;
	return 0;
}

int cw_peer_parse(const char *text, struct cw_policy_allow *allow, struct cw_error *err)
{
	char *copy = cw_strdup(text), *rest = copy, *word, *words[WORDS_MAX];
	size_t n = 0;
	int ret = 0;

	memset(allow, 0, sizeof(*allow));
	allow->protocol = CW_ANY_PROTOCOL;
	while (!ret && (word = strsep(&rest, SPACES))) {
		if (!*word)
			continue;
		if (n == WORDS_MAX)
			ret = cw_error_set(err, "\"%s\" is one word too many: write ADDRESS[/LENGTH] [PROTOCOL [PORT[-PORT]]], and repeat the key for more",
					   word);
		else
			words[n++] = word;
	}
	if (!ret)
		ret = parse_words(words, n, allow, err);
	free(copy);
	return ret;
}

/* By its number where the name would not be accepted with this address. */
static const char *protocol_name(const struct cw_policy_allow *allow)
{
	size_t i;

	for (i = 0; i < N_PROTOCOLS; i++)
		if (protocols[i].number == allow->protocol &&
		    (!protocols[i].family || protocols[i].family == allow->family))
			return protocols[i].name;
	return NULL;
}

char *cw_peer_format(const struct cw_policy_allow *allow, char buf[static CW_PEER_STRLEN + 1])
{
	const char *name = protocol_name(allow);
	size_t room = CW_PEER_STRLEN + 1, at;

	inet_ntop(allow->family, allow->address, buf, room);
	at = strlen(buf);
	if (allow->length != family_bits(allow->family))
		at += snprintf(buf + at, room - at, "/%u", allow->length);
	if (name)
		at += snprintf(buf + at, room - at, " %s", name);
	else if (allow->protocol != CW_ANY_PROTOCOL)
		at += snprintf(buf + at, room - at, " %d", allow->protocol);
	if (allow->has_ports)
		at += snprintf(buf + at, room - at, " %u", allow->port_min);
	if (allow->has_ports && allow->port_max != allow->port_min)
		snprintf(buf + at, room - at, "-%u", allow->port_max);
	return buf;
}
