// SPDX-License-Identifier: GPL-2.0-or-later
/* Events as lines and as JSON, devices as JSON, ages and moments, and text that would steer a terminal. */
#include <arpa/inet.h>

#include "event_text.h"
#include "json.h"
#include "text.h"
#include "timestamp.h"
#include "unit.h"

static struct cw_event event_of(enum camwall_event type)
{
	struct cw_event event = {
		.seq = 5, .type = type, .time = 1795000000000000042ULL, .lost = 3,
		.device = {
			.mac = 0x4419b6123456, .group = "hikvision", .idle = 601,
			.place = { .ifindex = 4, .ifname = "lan0", .has_vlan = true, .vlan = 20, .vlan_protocol = 0x8100 },
			.has_ipv4 = true,
		},
		.previous = { .ifindex = 3, .ifname = "lan1" },
	};

	inet_pton(AF_INET, "192.168.10.2", &event.device.ipv4);
	return event;
}

static void expect_line(const struct cw_event *event, const char *expected)
{
	char *text = cw_event_text(event, NULL);

	assert_string_equal(text, expected);
	free(text);
}

#define HEAD	"2026-11-18T11:06:40Z "
#define CAMERA	" 44:19:b6:12:34:56 hikvision"

static void lines(void **state)
{
	struct cw_event event = event_of(CAMWALL_EVENT_DEVICE_NEW);

	expect_line(&event, HEAD "device-new" CAMERA " at lan0 vlan 20, 192.168.10.2");
	event.type = CAMWALL_EVENT_DEVICE_MOVED;
	expect_line(&event, HEAD "device-moved" CAMERA " from lan1 to lan0 vlan 20");
	event.type = CAMWALL_EVENT_DEVICE_GONE;
	expect_line(&event, HEAD "device-gone" CAMERA " from lan0 vlan 20, silent for 601 s");
	event.device.displaced = true;
	expect_line(&event, HEAD "device-gone" CAMERA " from lan0 vlan 20, made room for others");
	event.type = CAMWALL_EVENT_DEVICE_BACK;
	event.device.exempt = true;
	expect_line(&event, HEAD "device-back" CAMERA " exempt at lan0 vlan 20, 192.168.10.2");
	event.type = CAMWALL_EVENT_DEVICE_DROPPED;
	event.device.exempt = false;
	event.drop_reason = CAMWALL_DROP_REASON_NOT_ALLOWED;
	expect_line(&event, HEAD "device-dropped" CAMERA " at lan0 vlan 20, from it, not-allowed");
	event.direction = CAMWALL_DIRECTION_TO;
	event.suppressed = 41;
	expect_line(&event, HEAD "device-dropped" CAMERA " at lan0 vlan 20, to it, not-allowed, and 41 more since the last such event");
	event.type = CAMWALL_EVENT_DEVICES_FLUSHED;
	event.device_count = 9;
	event.uid = 1000;
	event.portid = 77;
	expect_line(&event, HEAD "devices-flushed 9 devices, by uid 1000 (port 77)");
	event.type = CAMWALL_EVENT_CONFIG_CHANGED;
	event.generation = 2;
	event.prefix_count = 300;
	expect_line(&event, HEAD "config-changed generation 2, groups 0, prefixes 300, exemptions 0, by uid 1000 (port 77)");
	event.type = CAMWALL_EVENT_DEVICE_FLOOD;
	event.refused = 4;
	event.device_refused = 40;
	expect_line(&event, HEAD "device-flood 4 frames of devices that found no place, 40 in all");
	event.type = 99;
	expect_line(&event, HEAD "unknown 99: the module is newer than this program");
}

/* A group that went meanwhile, a device that is gone, names that steer a terminal. */
static void odd_lines(void **state)
{
	struct cw_event event = event_of(CAMWALL_EVENT_DEVICE_NEW);

	*event.device.group = '\0';
	*event.device.place.ifname = '\0';
	expect_line(&event, HEAD "device-new 44:19:b6:12:34:56 (not listed any more) at a device that is gone vlan 20, 192.168.10.2");
	strcpy(event.device.place.ifname, "x\033[2Jy");
	expect_line(&event, HEAD "device-new 44:19:b6:12:34:56 (not listed any more) at x?[2Jy vlan 20, 192.168.10.2");
	event.type = CAMWALL_EVENT_EXEMPTION_ENDED;
	event.exemption = (struct cw_policy_exemption){
		.mac = 1, .until = 1795000000, .reason = "a\nb", .approved_by = "\xe2\x80\xaeme"
	};
	expect_line(&event, HEAD "exemption-ended 00:00:00:00:00:01 until 2026-11-18T11:06:40Z, a?b, approved by ?me");
}

/* The value at a path of keys, dumped; the JSON is freed. */
static void expect_json(json_t *json, const char *expected)
{
	char *text = json_dumps(json, JSON_COMPACT | JSON_PRESERVE_ORDER);

	assert_string_equal(text, expected);
	free(text);
	json_decref(json);
}

#define COUNTERS "{\"packets\":0,\"bytes\":0,\"dropped\":0,\"dropped_policy\":0,\"dropped_not_allowed\":0,\"dropped_limit\":0,\"dropped_malformed\":0}"
#define JSON_HEAD(name) "{\"event\":\"" name "\",\"seq\":5,\"time\":\"2026-11-18T11:06:40.000000042Z\",\"lost\":3,"
#define JSON_DEVICE "\"device\":{\"mac\":\"44:19:b6:12:34:56\",\"group\":\"hikvision\",\"vendor\":null,\"vendor_title\":null,\"organization\":null,\"prefix\":null,\"exempt\":false,\"gone\":false,\"first_seen\":\"1970-01-01T00:00:00Z\",\"last_seen\":\"1970-01-01T00:00:00Z\",\"idle_time\":601,\"ifname\":\"lan0\",\"ifindex\":4,\"vlan\":20,\"vlan_protocol\":\"802.1Q\",\"ipv4\":\"192.168.10.2\",\"ipv6\":null,\"from\":" COUNTERS ",\"to\":" COUNTERS "}"

static void objects(void **state)
{
	struct cw_event event = event_of(CAMWALL_EVENT_DEVICE_MOVED);

	expect_json(cw_json_event(&event, NULL),
		    JSON_HEAD("device-moved") JSON_DEVICE ",\"previous\":{\"ifname\":\"lan1\",\"ifindex\":3,\"vlan\":null,\"vlan_protocol\":null}}");
	event.type = CAMWALL_EVENT_DEVICE_DROPPED;
	event.drop_reason = CAMWALL_DROP_REASON_LIMIT;
	expect_json(cw_json_event(&event, NULL),
		    JSON_HEAD("device-dropped") JSON_DEVICE ",\"drop_reason\":\"limit\",\"direction\":\"from\",\"suppressed\":0}");
	event.type = CAMWALL_EVENT_DEVICE_GONE;
	expect_json(cw_json_event(&event, NULL), JSON_HEAD("device-gone") JSON_DEVICE ",\"displaced\":false}");
	event.type = CAMWALL_EVENT_DEVICE_FLOOD;
	event.device_refused = 9;
	expect_json(cw_json_event(&event, NULL), JSON_HEAD("device-flood") "\"refused\":0,\"device_refused\":9}");
	event.type = CAMWALL_EVENT_CONFIG_CHANGED;
	event.generation = 2;
	cw_digest_of("abc", 3, &event.digest);
	expect_json(cw_json_event(&event, NULL),
		    JSON_HEAD("config-changed") "\"generation\":2,\"group_count\":0,\"prefix_count\":0,\"exemption_count\":0,"
		    "\"digest\":\"ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad\",\"portid\":0,\"uid\":0}");
	event.type = CAMWALL_EVENT_DEVICES_FLUSHED;
	expect_json(cw_json_event(&event, NULL), JSON_HEAD("devices-flushed") "\"device_count\":0,\"portid\":0,\"uid\":0}");
	event.type = CAMWALL_EVENT_EXEMPTION_ENDED;
	event.exemption = (struct cw_policy_exemption){ .mac = 1, .until = 0, .reason = "k\xfc", .approved_by = "b" };
	expect_json(cw_json_event(&event, NULL),
		    JSON_HEAD("exemption-ended") "\"exemption\":{\"mac\":\"00:00:00:00:00:01\",\"until\":\"1970-01-01T00:00:00Z\",\"reason\":\"k?\",\"approved_by\":\"b\"}}");
}

static void ages(void **state)
{
	static const struct {
		uint64_t seconds;
		const char *text;
	} spans[] = {
		{ 0, "0 s" }, { 1, "1 s" }, { 119, "119 s" }, { 120, "2 min" }, { 7199, "119 min" },
		{ 7200, "2 h" }, { 172799, "47 h" }, { 172800, "2 days" }, { 5183999, "59 days" },
		{ 5184000, "2 months" }, { 63071999, "24 months" }, { 63072000, "2 years" },
		{ UINT64_MAX, "584942417355 years" },
	};
	char text[CW_AGE_STRLEN + 1], ns[CW_TIMESTAMP_NS_STRLEN + 1];
	size_t i;

	for (i = 0; i < sizeof(spans) / sizeof(spans[0]); i++)
		assert_string_equal(cw_age_format(spans[i].seconds, text), spans[i].text);
	assert_string_equal(cw_timestamp_format_ns(0, ns), "1970-01-01T00:00:00.000000000Z");
	assert_string_equal(cw_timestamp_format_ns(1795000000999999999ULL, ns), "2026-11-18T11:06:40.999999999Z");
	assert_string_equal(cw_timestamp_format_ns(UINT64_MAX, ns), "2554-07-21T23:34:33.709551615Z");
}

static void clean_text(void **state)
{
	char text[] = "a b\tc\033d\xc2\x85" "e\xe2\x80\xaa" "f\xff" "g\xc3\xbc\xe2\x82";

	assert_string_equal(cw_text_clean(text), "a b?c?d?e?f?g\xc3\xbc??");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lines),
		cmocka_unit_test(odd_lines),
		cmocka_unit_test(objects),
		cmocka_unit_test(ages),
		cmocka_unit_test(clean_text),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
