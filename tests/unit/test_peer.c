// SPDX-License-Identifier: GPL-2.0-or-later
/* Entries of an allow list: what is read, what is written, what is refused and with which words. */
#include <netinet/in.h>
#include <sys/socket.h>

#include "unit.h"

#include "peer.h"

/* Read, and written again as @expected. */
static struct cw_policy_allow expect_right(const char *text, const char *expected)
{
	struct cw_policy_allow allow, again;
	char written[CW_PEER_STRLEN + 1];
	struct cw_error err = { 0 };

	assert_int_equal(cw_peer_parse(text, &allow, &err), 0);
	unit_expect_none(&err);
	assert_string_equal(cw_peer_format(&allow, written), expected);
	assert_int_equal(cw_peer_parse(written, &again, &err), 0);
	assert_true(cw_peer_same(&allow, &again));
	return allow;
}

static void expect_wrong(const char *text, const char *first, const char *second)
{
	struct cw_policy_allow allow;
	struct cw_error err = { 0 };

	assert_int_equal(cw_peer_parse(text, &allow, &err), -1);
	assert_non_null(strstr(err.message, second));
	unit_expect(&err, first);
}

static void addresses(void **state)
{
	struct cw_policy_allow allow = expect_right("192.168.10.5", "192.168.10.5");

	assert_int_equal(allow.family, AF_INET);
	assert_int_equal(allow.length, 32);
	assert_memory_equal(allow.address, "\xc0\xa8\x0a\x05", 5);
	assert_int_equal(allow.protocol, CW_ANY_PROTOCOL);
	assert_false(allow.has_ports);

	allow = expect_right("2001:DB8:0::/32", "2001:db8::/32");
	assert_int_equal(allow.family, AF_INET6);
	assert_int_equal(allow.length, 32);
	expect_right(" 10.0.0.0/8 \t", "10.0.0.0/8");
	expect_right("10.1.2.3/32", "10.1.2.3");
	expect_right("0.0.0.0/0", "0.0.0.0/0");
	expect_right("::/0", "::/0");
	expect_right("fe80::1/128", "fe80::1");
	expect_right("10.128.0.0/9", "10.128.0.0/9");
	expect_right("::fffe:0:0/95", "::fffe:0:0/95");
}

static void protocols(void **state)
{
	struct cw_policy_allow allow = expect_right("10.0.0.1  udp\t123", "10.0.0.1 udp 123");

	assert_int_equal(allow.protocol, IPPROTO_UDP);
	assert_true(allow.has_ports);
	assert_int_equal(allow.port_min, 123);
	assert_int_equal(allow.port_max, 123);
	allow = expect_right("::1 tcp 8000-8010", "::1 tcp 8000-8010");
	assert_int_equal(allow.port_min, 8000);
	assert_int_equal(allow.port_max, 8010);
	expect_right("::1 6 80-80", "::1 tcp 80");
	expect_right("10.0.0.1 tcp 0-65535", "10.0.0.1 tcp 0-65535");
	expect_right("10.0.0.1 icmp", "10.0.0.1 icmp");
	expect_right("fe80::/10 icmpv6", "fe80::/10 icmpv6");
	expect_right("10.0.0.1 47", "10.0.0.1 47");
	expect_right("10.0.0.1 255", "10.0.0.1 255");
	/* The kernel may hold what the names do not allow. */
	expect_right("10.0.0.1 58", "10.0.0.1 58");
	expect_right("::1 1", "::1 1");
	expect_right("ffff:ffff:ffff:ffff:ffff:ffff:ffff:fff0/124 udp 65534-65535",
		     "ffff:ffff:ffff:ffff:ffff:ffff:ffff:fff0/124 udp 65534-65535");
}

static void wrong_addresses(void **state)
{
	expect_wrong("", "no address", "192.168.10.1 udp 123");
	expect_wrong("recorder", "\"recorder\" is no IPv4 or IPv6 address", "names are not looked up");
	expect_wrong("192.168.10", "is no IPv4 or IPv6 address", "192.168.10.5");
	expect_wrong("192.168.010.5", "is no IPv4", "");
	expect_wrong("192.168.10.5:554", "is no IPv4 or IPv6 address", "");
	expect_wrong("44:19:b6:12:34:56", "is no IPv4 or IPv6 address", "");
	expect_wrong("10.0.0.0/33", "\"33\" is no length: an IPv4 address has one of 0 to 32", "");
	expect_wrong("::/129", "\"129\" is no length: an IPv6 address has one of 0 to 128", "");
	expect_wrong("10.0.0.0/", "\"\" is no length", "");
	expect_wrong("10.0.0.0/255.0.0.0", "\"255.0.0.0\" is no length", "");
	expect_wrong("10.0.0.0/-1", "\"-1\" is no length", "");
	expect_wrong("192.168.10.5/24", "192.168.10.5/24 has bits set beyond its length",
		     "write 192.168.10.0/24 for the network, or 192.168.10.5 for the one address");
	expect_wrong("10.128.0.1/9", "beyond its length", "write 10.128.0.0/9");
	expect_wrong("10.0.0.1/0", "beyond its length", "write 0.0.0.0/0");
	expect_wrong("2001:db8::5/64", "beyond its length",
		     "write 2001:db8::/64 for the network, or 2001:db8::5 for the one address");
	expect_wrong("::ffff:192.0.2.1", "which no packet carries", "write 192.0.2.1");
}

static void wrong_protocols(void **state)
{
	expect_wrong("10.0.0.1 tpc", "there is no protocol \"tpc\"", "did you mean tcp?");
	expect_wrong("10.0.0.1 rtsp-over-http", "there is no protocol", "tcp, udp, icmp, icmpv6 or a number");
	expect_wrong("10.0.0.1 256", "there is no protocol \"256\"", "from 0 to 255");
	expect_wrong("10.0.0.1 -1", "there is no protocol \"-1\"", "");
	expect_wrong("2001:db8::1 icmp", "the address is of IPv6", "write icmpv6");
	expect_wrong("10.0.0.1 icmpv6", "the address is of IPv4", "write icmp");
	expect_wrong("10.0.0.1 icmp 8", "only tcp and udp have ports", "take \"8\" out");
	expect_wrong("10.0.0.1 47 80", "only tcp and udp have ports", "");
	expect_wrong("10.0.0.1 tcp 80,443", "\"80,443\" is a list", "repeat the key");
	expect_wrong("10.0.0.1 tcp 65536", "\"65536\" is no port or range", "");
	expect_wrong("10.0.0.1 tcp http", "\"http\" is no port or range", "554 or 8000-8010");
	expect_wrong("10.0.0.1 tcp 80-", "\"80-\" is no port or range", "");
	expect_wrong("10.0.0.1 tcp -80", "\"-80\" is no port or range", "");
	expect_wrong("10.0.0.1 tcp 90-80", "the range 90-80 is the wrong way round", "write 80-90");
	expect_wrong("10.0.0.1 tcp 80 81", "\"81\" is one word too many", "repeat the key");
}

static void differences(void **state)
{
	static const char *const texts[] = {
		"10.0.0.0", "10.0.0.0/8", "10.0.0.0/9", "11.0.0.0/8", "::/8", "a00::/8",
		"10.0.0.0/8 tcp", "10.0.0.0/8 udp", "10.0.0.0/8 tcp 1", "10.0.0.0/8 tcp 1-2",
	};
	struct cw_policy_allow a, b;
	size_t i, k, n = sizeof(texts) / sizeof(texts[0]);

	for (i = 0; i < n; i++) {
		for (k = 0; k < n; k++) {
			assert_int_equal(cw_peer_parse(texts[i], &a, NULL), 0);
			assert_int_equal(cw_peer_parse(texts[k], &b, NULL), 0);
			assert_int_equal(cw_peer_same(&a, &b), i == k);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(addresses),
		cmocka_unit_test(protocols),
		cmocka_unit_test(wrong_addresses),
		cmocka_unit_test(wrong_protocols),
		cmocka_unit_test(differences),
	};

	return cmocka_run_group_tests_name("peer", tests, NULL, NULL);
}
