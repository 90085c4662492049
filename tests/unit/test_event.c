// SPDX-License-Identifier: GPL-2.0-or-later
/* Events and devices: from messages as the module sends them to values, and messages as it never would. */
#include <arpa/inet.h>
#include <netlink/attr.h>
#include <netlink/genl/genl.h>
#include <netlink/msg.h>

#include "client_private.h"
#include "unit.h"

#define FAMILY	42

static const unsigned char camera[] = { 0x44, 0x19, 0xb6, 0x12, 0x34, 0x56 };

static struct nl_msg *message(uint8_t cmd)
{
	struct nl_msg *msg = nlmsg_alloc_size(4096);

	assert_non_null(msg);
	assert_non_null(genlmsg_put(msg, 0, 0, FAMILY, 0, 0, cmd, CAMWALL_FAMILY_VERSION));
	return msg;
}

static struct nl_msg *event_of(enum camwall_event type)
{
	struct nl_msg *msg = message(CAMWALL_CMD_EVENT);

	nla_put_u64(msg, CAMWALL_A_EVENT_SEQ, 7);
	nla_put_u32(msg, CAMWALL_A_EVENT, type);
	nla_put_u64(msg, CAMWALL_A_TIME, 1795000000123456789ULL);
	return msg;
}

static void put_counters(struct nl_msg *msg, int type, uint64_t first)
{
	struct nlattr *nest = nla_nest_start(msg, type);
	int i;

	for (i = CAMWALL_A_COUNTERS_PACKETS; i <= CAMWALL_A_COUNTERS_MAX; i++)
		if (i != CAMWALL_A_COUNTERS_PAD)
			nla_put_u64(msg, i, first + i);
	nla_nest_end(msg, nest);
}

static void put_device(struct nl_msg *msg)
{
	struct nlattr *nest = nla_nest_start(msg, CAMWALL_A_DEVICE);
	unsigned char ipv6[16];

	inet_pton(AF_INET6, "fe80::4619:b6ff:fe12:3456", ipv6);
	nla_put(msg, CAMWALL_A_DEVICE_MAC, sizeof(camera), camera);
	nla_put_u32(msg, CAMWALL_A_DEVICE_GROUP_ID, 3);
	nla_put_string(msg, CAMWALL_A_DEVICE_GROUP_NAME, "hikvision");
	nla_put_u32(msg, CAMWALL_A_DEVICE_EXEMPT, 1);
	nla_put_u64(msg, CAMWALL_A_DEVICE_FIRST_SEEN, 1795000000);
	nla_put_u64(msg, CAMWALL_A_DEVICE_LAST_SEEN, 1795000100);
	nla_put_u32(msg, CAMWALL_A_DEVICE_IDLE_TIME, 20);
	nla_put_u32(msg, CAMWALL_A_DEVICE_GONE, 1);
	nla_put_u32(msg, CAMWALL_A_DEVICE_DISPLACED, 1);
	nla_put_u32(msg, CAMWALL_A_DEVICE_IFINDEX, 9);
	nla_put_string(msg, CAMWALL_A_DEVICE_IFNAME, "abcdefghijklmno");
	nla_put_u16(msg, CAMWALL_A_DEVICE_VLAN, 20);
	nla_put_u16(msg, CAMWALL_A_DEVICE_VLAN_PROTOCOL, 0x88a8);
	nla_put(msg, CAMWALL_A_DEVICE_IPV4, 4, "\xc0\xa8\x0a\x02");
	nla_put(msg, CAMWALL_A_DEVICE_IPV6, sizeof(ipv6), ipv6);
	put_counters(msg, CAMWALL_A_DEVICE_FROM, 100);
	put_counters(msg, CAMWALL_A_DEVICE_TO, 200);
	nla_nest_end(msg, nest);
}

static int parse(struct nl_msg *msg, struct cw_event *event, struct cw_error *err)
{
	int ret = cw_parse_event(nlmsg_hdr(msg), event, err);

	nlmsg_free(msg);
	return ret;
}

static void check_counters(const struct cw_policy_counters *counters, uint64_t first)
{
	assert_int_equal(counters->packets, first + CAMWALL_A_COUNTERS_PACKETS);
	assert_int_equal(counters->bytes, first + CAMWALL_A_COUNTERS_BYTES);
	assert_int_equal(counters->dropped, first + CAMWALL_A_COUNTERS_DROPPED);
	assert_int_equal(counters->dropped_policy, first + CAMWALL_A_COUNTERS_DROPPED_POLICY);
	assert_int_equal(counters->dropped_not_allowed, first + CAMWALL_A_COUNTERS_DROPPED_NOT_ALLOWED);
	assert_int_equal(counters->dropped_limit, first + CAMWALL_A_COUNTERS_DROPPED_LIMIT);
	assert_int_equal(counters->dropped_malformed, first + CAMWALL_A_COUNTERS_DROPPED_MALFORMED);
}

static void device_in_full(void **state)
{
	struct nl_msg *msg = event_of(CAMWALL_EVENT_DEVICE_NEW);
	const struct cw_device *device;
	struct cw_error err = { 0 };
	struct cw_event event;

	put_device(msg);
	assert_int_equal(parse(msg, &event, &err), 1);
	unit_expect_none(&err);
	assert_int_equal(event.seq, 7);
	assert_int_equal(event.time, 1795000000123456789ULL);
	device = &event.device;
	assert_int_equal(device->mac, 0x4419b6123456ULL);
	assert_string_equal(device->group, "hikvision");
	assert_int_equal(device->group_id, 3);
	assert_true(device->exempt && device->gone && device->displaced);
	assert_int_equal(device->first_seen, 1795000000);
	assert_int_equal(device->last_seen, 1795000100);
	assert_int_equal(device->idle, 20);
	assert_int_equal(device->place.ifindex, 9);
	assert_string_equal(device->place.ifname, "abcdefghijklmno");
	assert_true(device->place.has_vlan);
	assert_int_equal(device->place.vlan, 20);
	assert_int_equal(device->place.vlan_protocol, 0x88a8);
	assert_true(device->has_ipv4 && device->has_ipv6);
	assert_int_equal(ntohl(device->ipv4.s_addr), 0xc0a80a02);
	assert_int_equal(device->ipv6.s6_addr[15], 0x56);
	check_counters(&device->from, 100);
	check_counters(&device->to, 200);
	cw_event_clear(&event);
}

static void bare_device(void **state)
{
	struct nl_msg *msg = event_of(CAMWALL_EVENT_DEVICE_GONE);
	struct nlattr *nest = nla_nest_start(msg, CAMWALL_A_DEVICE);
	struct cw_error err = { 0 };
	struct cw_event event;

	nla_put(msg, CAMWALL_A_DEVICE_MAC, sizeof(camera), camera);
	nla_nest_end(msg, nest);
	assert_int_equal(parse(msg, &event, &err), 1);
	assert_string_equal(event.device.group, "");
	assert_string_equal(event.device.place.ifname, "");
	assert_false(event.device.place.has_vlan);
	assert_false(event.device.has_ipv4);
	assert_false(event.device.has_ipv6);
	assert_false(event.device.gone);
	assert_int_equal(event.device.from.packets, 0);
}

static void moved(void **state)
{
	struct nl_msg *msg = event_of(CAMWALL_EVENT_DEVICE_MOVED);
	struct cw_error err = { 0 };
	struct nlattr *nest;
	struct cw_event event;

	put_device(msg);
	nest = nla_nest_start(msg, CAMWALL_A_PREVIOUS);
	nla_put_u32(msg, CAMWALL_A_DEVICE_IFINDEX, 4);
	nla_put_string(msg, CAMWALL_A_DEVICE_IFNAME, "lan0");
	nla_nest_end(msg, nest);
	assert_int_equal(parse(msg, &event, &err), 1);
	assert_int_equal(event.previous.ifindex, 4);
	assert_string_equal(event.previous.ifname, "lan0");
	assert_false(event.previous.has_vlan);
	assert_true(event.device.place.has_vlan);
}

static void dropped(void **state)
{
	struct nl_msg *msg = event_of(CAMWALL_EVENT_DEVICE_DROPPED);
	struct cw_error err = { 0 };
	struct cw_event event;

	put_device(msg);
	nla_put_u32(msg, CAMWALL_A_DROP_REASON, CAMWALL_DROP_REASON_LIMIT);
	nla_put_u32(msg, CAMWALL_A_DIRECTION, CAMWALL_DIRECTION_TO);
	nla_put_u64(msg, CAMWALL_A_SUPPRESSED, 1ULL << 40);
	assert_int_equal(parse(msg, &event, &err), 1);
	assert_string_equal(cw_drop_reason_name(event.drop_reason), "limit");
	assert_string_equal(cw_direction_name(event.direction), "to");
	assert_int_equal(event.suppressed, 1ULL << 40);
}

static void exemption(void **state)
{
	struct nl_msg *msg = event_of(CAMWALL_EVENT_EXEMPTION_ENDED);
	struct nlattr *nest = nla_nest_start(msg, CAMWALL_A_EXEMPTION);
	struct cw_error err = { 0 };
	struct cw_event event;

	nla_put(msg, CAMWALL_A_EXEMPTION_MAC, sizeof(camera), camera);
	nla_put_u64(msg, CAMWALL_A_EXEMPTION_UNTIL, 1795000000);
	nla_put_string(msg, CAMWALL_A_EXEMPTION_REASON, "ticket 4711");
	nla_put_string(msg, CAMWALL_A_EXEMPTION_APPROVED_BY, "J. Doe");
	nla_put_u32(msg, CAMWALL_A_EXEMPTION_IN_FORCE, 0);
	nla_nest_end(msg, nest);
	assert_int_equal(parse(msg, &event, &err), 1);
	assert_int_equal(event.exemption.mac, 0x4419b6123456ULL);
	assert_string_equal(event.exemption.reason, "ticket 4711");
	assert_string_equal(event.exemption.approved_by, "J. Doe");
	cw_event_clear(&event);
	assert_null(event.exemption.reason);
}

static void configuration(void **state)
{
	struct nl_msg *msg = event_of(CAMWALL_EVENT_CONFIG_CHANGED);
	char hex[CW_DIGEST_STRLEN + 1];
	struct cw_error err = { 0 };
	struct cw_digest digest;
	struct cw_event event;

	cw_digest_of("abc", 3, &digest);
	nla_put_u32(msg, CAMWALL_A_GENERATION, 11);
	nla_put_u32(msg, CAMWALL_A_GROUP_COUNT, 2);
	nla_put_u32(msg, CAMWALL_A_PREFIX_COUNT, 300);
	nla_put_u32(msg, CAMWALL_A_EXEMPTION_COUNT, 4);
	nla_put_u32(msg, CAMWALL_A_PORTID, 4000000000u);
	nla_put_u32(msg, CAMWALL_A_UID, 1000);
	nla_put(msg, CAMWALL_A_DIGEST, (int)digest.length, digest.octets);
	assert_int_equal(parse(msg, &event, &err), 1);
	assert_int_equal(event.generation, 11);
	assert_int_equal(event.group_count, 2);
	assert_int_equal(event.prefix_count, 300);
	assert_int_equal(event.exemption_count, 4);
	assert_int_equal(event.portid, 4000000000u);
	assert_int_equal(event.uid, 1000);
	assert_true(cw_digest_equal(&event.digest, &digest));
	assert_string_equal(cw_digest_format(&event.digest, hex),
			    "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

static void flushed_and_flood(void **state)
{
	struct nl_msg *msg = event_of(CAMWALL_EVENT_DEVICES_FLUSHED);
	struct cw_error err = { 0 };
	struct cw_event event;

	nla_put_u32(msg, CAMWALL_A_DEVICE_COUNT, 4096);
	assert_int_equal(parse(msg, &event, &err), 1);
	assert_int_equal(event.device_count, 4096);
	msg = event_of(CAMWALL_EVENT_DEVICE_FLOOD);
	nla_put_u64(msg, CAMWALL_A_REFUSED, 5);
	nla_put_u64(msg, CAMWALL_A_DEVICE_REFUSED, 50);
	assert_int_equal(parse(msg, &event, &err), 1);
	assert_int_equal(event.refused, 5);
	assert_int_equal(event.device_refused, 50);
	assert_int_equal(event.digest.length, 0);
}

static void of_a_newer_module(void **state)
{
	struct nl_msg *msg = event_of(4711);
	struct cw_error err = { 0 };
	struct cw_event event;

	nla_put_u32(msg, CAMWALL_A_MAX + 9, 1);
	assert_int_equal(parse(msg, &event, &err), 1);
	assert_string_equal(cw_event_name(event.type), "unknown");
	assert_string_equal(cw_event_name(CAMWALL_EVENT_DEVICE_FLOOD), "device-flood");
	assert_string_equal(cw_drop_reason_name(99), "unknown");
	assert_string_equal(cw_direction_name(2), "unknown");
}

static void no_event(void **state)
{
	struct cw_error err = { 0 };
	struct cw_event event;

	assert_int_equal(parse(message(CAMWALL_CMD_STATUS_GET), &event, &err), 0);
	unit_expect_none(&err);
}

/* Each is told, and nothing is read beyond what is there. */
static void damaged(void **state)
{
	struct nl_msg *msg = message(CAMWALL_CMD_EVENT);
	struct cw_error err = { 0 };
	struct cw_event event;
	struct nlattr *nest;

	nla_put_u64(msg, CAMWALL_A_EVENT_SEQ, 7);
	assert_int_equal(parse(msg, &event, &err), -1);
	unit_expect(&err, "readable event");
	assert_int_equal(parse(event_of(CAMWALL_EVENT_DEVICE_NEW), &event, &err), -1);
	unit_expect(&err, "readable device");
	msg = event_of(CAMWALL_EVENT_DEVICE_NEW);
	nest = nla_nest_start(msg, CAMWALL_A_DEVICE);
	nla_put(msg, CAMWALL_A_DEVICE_MAC, 5, camera);
	nla_nest_end(msg, nest);
	assert_int_equal(parse(msg, &event, &err), -1);
	unit_expect(&err, "readable device");
	msg = event_of(CAMWALL_EVENT_DEVICE_NEW);
	nest = nla_nest_start(msg, CAMWALL_A_DEVICE);
	nla_put(msg, CAMWALL_A_DEVICE_MAC, sizeof(camera), camera);
	nla_put(msg, CAMWALL_A_DEVICE_IPV6, 15, "123456789012345");
	nla_nest_end(msg, nest);
	assert_int_equal(parse(msg, &event, &err), -1);
	unit_expect(&err, "readable device");
	msg = event_of(CAMWALL_EVENT_DEVICE_MOVED);
	put_device(msg);
	assert_int_equal(parse(msg, &event, &err), -1);
	unit_expect(&err, "readable place");
	assert_int_equal(parse(event_of(CAMWALL_EVENT_EXEMPTION_ENDED), &event, &err), -1);
	unit_expect(&err, "readable exemption");
	cw_event_clear(&event);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(device_in_full),
		cmocka_unit_test(bare_device),
		cmocka_unit_test(moved),
		cmocka_unit_test(dropped),
		cmocka_unit_test(exemption),
		cmocka_unit_test(configuration),
		cmocka_unit_test(flushed_and_flood),
		cmocka_unit_test(of_a_newer_module),
		cmocka_unit_test(no_event),
		cmocka_unit_test(damaged),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
