// SPDX-License-Identifier: GPL-2.0-or-later
/* Events, places, policies, exemptions and gaps in the history. */
#include <arpa/inet.h>

#include "history_world.h"
#include "history_writer.h"

static void write_event(struct world *world, enum camwall_event type, int64_t ms)
{
	struct cw_event event = {
		.type = type, .time = (START * 1000ULL + ms) * 1000000, .device = world->device,
		.suppressed = 9, .drop_reason = CAMWALL_DROP_REASON_POLICY,
	};

	OK(cw_history_write_event(world->history, &event, 0, &world->now, &err));
}

/* Drops come once a second; a row is an hour's. */
static void alike(void **state)
{
	struct world world = world_new();
	int second;

	for (second = 0; second < 2 * HOUR; second++)
		write_event(&world, CAMWALL_EVENT_DEVICE_DROPPED, second * 1000LL);
	write_event(&world, CAMWALL_EVENT_DEVICE_BACK, 2 * HOUR * 1000 - 1);
	assert_int_equal(world_number(&world, "SELECT count(*) FROM event"), 3);
	assert_int_equal(world_number(&world, "SELECT min(count) FROM event WHERE type = 4"), 3600);
	assert_int_equal(world_number(&world, "SELECT min(frames) FROM event WHERE type = 4"), 36000);
	assert_int_equal(world_number(&world, "SELECT max(span_ms) FROM event"), 3599000);
	assert_int_equal(world_number(&world, "SELECT frames FROM event_day WHERE type = 4"), 72000);
	world_end(&world);
}

/* A device chooses its VLANs: each is a place of its own, and none of them makes the history grow. */
static void many_places(void **state)
{
	struct world world = world_new();
	unsigned int vlan;

	world.device.place.has_vlan = true;
	world.device.place.vlan_protocol = 0x8100;
	for (vlan = 1; vlan <= 200; vlan++) {
		world.device.place.vlan = vlan;
		write_event(&world, CAMWALL_EVENT_DEVICE_DROPPED, vlan * 1000LL);
		write_event(&world, CAMWALL_EVENT_DEVICE_DROPPED, vlan * 1000LL + 500);
	}
	assert_int_equal(world_number(&world, "SELECT count(*) FROM event"), CW_EVENT_PLACES + 1);
	assert_int_equal(world_number(&world, "SELECT count(*) FROM event WHERE place IS NULL"), 1);
	assert_int_equal(world_number(&world, "SELECT sum(count) FROM event"), 400);
	assert_int_equal(world_number(&world, "SELECT count FROM event_day"), 400);
	/* Another hour, another reason: by place again. */
	write_event(&world, CAMWALL_EVENT_DEVICE_DROPPED, HOUR * 1000);
	write_event(&world, CAMWALL_EVENT_DEVICE_BACK, HOUR * 1000);
	assert_int_equal(world_number(&world, "SELECT count(*) FROM event WHERE place IS NULL"), 1);
	world_end(&world);
}

static int on_event(void *ctx, const struct cw_history_event *event)
{
	assert_int_equal(event->mac, CAMERA);
	assert_string_equal(event->place.ifname, "lan0");
	++*(int *)ctx;
	return 0;
}

static void read_events(void **state)
{
	struct world world = world_new();
	int all = 0, rare = 0, second_hour = 0;

	write_event(&world, CAMWALL_EVENT_DEVICE_NEW, 0);
	write_event(&world, CAMWALL_EVENT_DEVICE_DROPPED, 10);
	write_event(&world, CAMWALL_EVENT_DEVICE_DROPPED, HOUR * 1000);
	OK(cw_history_events(world.history, true, 0, 0, CW_HISTORY_FOREVER, on_event, &all, &err));
	OK(cw_history_events(world.history, false, 0, 0, CW_HISTORY_FOREVER, on_event, &rare, &err));
	OK(cw_history_events(world.history, true, 0, START + HOUR, START + 2 * HOUR, on_event,
			     &second_hour, &err));
	assert_int_equal(all, 3);
	assert_int_equal(rare, 1);
	assert_int_equal(second_hour, 1);
	world_expect_text(&world, "SELECT first_seen_source FROM device", "event");
	world_end(&world);
}

static int on_repair(void *ctx, const struct cw_history_event *event)
{
	assert_string_equal(cw_history_event_name(event->type), "nftables-repaired");
	*(int *)ctx += (int)event->count;
	return 0;
}

static void repairs(void **state)
{
	struct world world = world_new();
	int n = 0;

	OK(cw_history_write_repaired(world.history, &world.now, &err));
	world.now.time++;
	OK(cw_history_write_repaired(world.history, &world.now, &err));
	OK(cw_history_events(world.history, false, 0, 0, CW_HISTORY_FOREVER, on_repair, &n, &err));
	assert_int_equal(n, 2);
	world_end(&world);
}

static void flood(void **state)
{
	struct world world = world_new();
	int i;

	for (i = 0; i < 150; i++) {
		world.device.mac = CAMERA + i;
		write_event(&world, CAMWALL_EVENT_DEVICE_NEW, i);
	}
	assert_int_equal(world_number(&world, "SELECT count(*) FROM device"), world_limits.new_devices);
	assert_int_equal(world_number(&world, "SELECT count FROM event WHERE type = 101"), 50);
	world_pass(&world, DAY);
	write_event(&world, CAMWALL_EVENT_DEVICE_NEW, DAY * 1000);
	assert_int_equal(world_number(&world, "SELECT count(*) FROM device"), world_limits.new_devices + 1);
	world_end(&world);
}

static void at_place(struct world *world, const char *ifname, const char *ipv4)
{
	strcpy(world->device.place.ifname, ifname);
	world->device.has_ipv4 = true;
	inet_pton(AF_INET, ipv4, &world->device.ipv4);
	world_pass(world, 60);
	world_sample(world, world->device.from.packets + 1);
}

static void intervals(void **state)
{
	struct world world = world_new();
	int i;

	/* Two addresses that alternate are two rows, not as many as samples. */
	for (i = 0; i < 20; i++)
		at_place(&world, "lan0", i % 2 ? "192.168.1.64" : "10.0.0.7");
	assert_int_equal(world_number(&world, "SELECT count(*) FROM address"), 2);
	assert_int_equal(world_number(&world, "SELECT count(*) FROM sighting"), 1);
	at_place(&world, "lan1", "10.0.0.7");
	assert_int_equal(world_number(&world, "SELECT count(*) FROM sighting"), 2);
	assert_int_equal(world_number(&world, "SELECT count(*) FROM sighting WHERE until IS NULL"), 1);
	/* Gone for two hours: then it is there anew. */
	world_pass(&world, 60);
	OK(cw_history_write_sample(world.history, world.policy, NULL, NULL, 0, &world.now, &err));
	assert_int_equal(world_number(&world, "SELECT count(*) FROM sighting WHERE until IS NULL"), 0);
	world_pass(&world, 2 * HOUR);
	at_place(&world, "lan1", "10.0.0.7");
	assert_int_equal(world_number(&world, "SELECT count(*) FROM sighting"), 3);
	world_end(&world);
}

static int64_t apply(struct world *world, uint32_t generation, bool found)
{
	struct cw_history_change change = {
		.policy = world->policy, .generation = generation, .time = world->now.time,
		.found = found, .has_uid = !found, .user = "root",
	};
	int64_t id;

	OK(cw_history_write_policy(world->history, &change, &id, &err));
	return id;
}

static void policies(void **state)
{
	struct world world = world_new();
	int64_t first, second;

	first = apply(&world, 1, false);
	world_pass(&world, 60);
	world.policy->groups[0].action = CAMWALL_ACTION_DROP;
	second = apply(&world, 2, false);
	assert_int_not_equal(first, second);
	assert_int_equal(world_number(&world, "SELECT until FROM policy WHERE id = 1"), START + 60);
	world_expect_text(&world, "SELECT text FROM policy_change WHERE policy = 2",
			  "group cameras: action observe -> drop");
	/* The daemon comes again: the same is in force, and is no change. */
	world_pass(&world, 60);
	world_run(&world, false);
	assert_int_equal(apply(&world, 2, true), second);
	/* It comes again, and another one is: found, with the difference. */
	world_run(&world, false);
	world.policy->groups[0].action = CAMWALL_ACTION_OBSERVE;
	apply(&world, 3, true);
	world_expect_text(&world, "SELECT source FROM policy WHERE id = 3", "found");
	world_expect_text(&world, "SELECT text FROM policy_change WHERE policy = 3",
			  "group cameras: action drop -> observe");
	assert_int_equal(world_number(&world, "SELECT count(*) FROM policy_text"), 2);
	OK(cw_history_write_unloaded(world.history, &world.now, &err));
	assert_int_equal(world_number(&world, "SELECT count(*) FROM policy WHERE until IS NULL"), 0);
	world_end(&world);
}

static struct cw_policy_exemption *exempt(struct world *world, int64_t until)
{
	struct cw_policy_exemption *exemption =
		cw_policy_exemption_add(world->policy, CAMERA, until, "ticket 4711", "J. Doe");

	exemption->in_force = true;
	return exemption;
}

static void exemptions(void **state)
{
	struct world world = world_new();
	struct cw_policy_exemption *exemption = exempt(&world, START + 3600);
	int64_t id;

	apply(&world, 1, false);
	assert_int_equal(world_number(&world, "SELECT policy FROM exemption WHERE ended IS NULL"), 1);
	/* Another end is another grant. */
	exemption->until = START + 7200;
	apply(&world, 2, false);
	world_expect_text(&world, "SELECT how FROM exemption WHERE id = 1", "changed");
	world_pass(&world, 7200);
	OK(cw_history_write_expired(world.history, exemption, &id, &err));
	assert_int_equal(id, 2);
	world_expect_text(&world, "SELECT how FROM exemption WHERE id = 2", "expired");
	assert_int_equal(world_number(&world, "SELECT ended FROM exemption WHERE id = 2"), START + 7200);
	/* A policy that lists it still grants nothing. */
	exemption->in_force = false;
	apply(&world, 3, false);
	assert_int_equal(world_number(&world, "SELECT count(*) FROM exemption"), 2);
	world_end(&world);
}

/* Nobody watched when it ended: it did, at its second. */
static void exemption_ends_unseen(void **state)
{
	struct world world = world_new();

	exempt(&world, START + 3600)->in_force = true;
	apply(&world, 1, false);
	world_pass(&world, 2 * HOUR);
	world_run(&world, false);
	world.policy->exemptions[0].in_force = false;
	apply(&world, 1, true);
	world_expect_text(&world, "SELECT how FROM exemption", "expired");
	assert_int_equal(world_number(&world, "SELECT ended FROM exemption"), START + 3600);
	world_end(&world);
}

static void exemption_withdrawn(void **state)
{
	struct world world = world_new();

	exempt(&world, START + 3600);
	apply(&world, 1, false);
	world_pass(&world, 60);
	cw_policy_free(world.policy);
	world.policy = cw_policy_new();
	apply(&world, 2, false);
	world_expect_text(&world, "SELECT how FROM exemption", "withdrawn");
	assert_int_equal(world_number(&world, "SELECT ended FROM exemption"), START + 60);
	assert_int_equal(world_number(&world, "SELECT end_policy FROM exemption"), 2);
	world_end(&world);
}

/** struct gaps - what a reader is told */
struct gaps {
	int n;
	struct cw_history_gap all[8];
	char reasons[8][16];
};

static int on_gap(void *ctx, const struct cw_history_gap *gap)
{
	struct gaps *gaps = ctx;

	assert_in_range(gaps->n, 0, 7);
	gaps->all[gaps->n] = *gap;
	snprintf(gaps->reasons[gaps->n++], 16, "%s", gap->reason);
	return 0;
}

static void gaps(void **state)
{
	struct world world = world_new();
	struct gaps gaps = { 0 };

	world_pass(&world, 600);
	world.seq = 10;
	world_sample(&world, 1);
	world_pass(&world, 300);
	world.seq = 15;
	world_run(&world, false);		/* killed: five minutes, five events */
	OK(cw_history_run_end(world.history, "clock", &err));
	world.now.time -= 7200;
	world_run(&world, false);		/* the clock was put back: no gap in time */
	OK(cw_history_write_lost(world.history, 42, &world.now, &err));
	world.boot_id = "boot-2";
	world.now = (struct cw_moment){ START + DAY, 10, false };
	world_run(&world, false);		/* rebooted, with a clock that nobody vouches for */
	OK(cw_history_gaps(world.history, START - DAY, START + 2 * DAY, on_gap, &gaps, &err));
	assert_int_equal(gaps.n, 6);
	assert_string_equal(gaps.reasons[0], "not begun");
	assert_int_equal(gaps.all[0].seconds, DAY);
	assert_string_equal(gaps.reasons[1], "killed");
	assert_int_equal(gaps.all[1].seconds, 300);
	assert_int_equal(gaps.all[1].count, 5);
	assert_string_equal(gaps.reasons[2], "clock");
	assert_int_equal(gaps.all[2].seconds, 0);
	assert_string_equal(gaps.reasons[3], "rebooted");
	assert_int_equal(gaps.all[3].seconds, -1);
	assert_string_equal(gaps.reasons[4], "not written");
	assert_string_equal(gaps.reasons[5], "events-lost");
	assert_int_equal(gaps.all[5].count, 42);
	world_end(&world);
}

/* What was rolled back can be written again, and is there once. */
static void rollback(void **state)
{
	struct world world = world_new();

	world_sample(&world, 5);
	world_pass(&world, 60);
	OK(cw_history_begin(world.history, &err));
	world_sample(&world, 9);
	write_event(&world, CAMWALL_EVENT_DEVICE_DROPPED, 1);
	cw_history_rollback(world.history);
	world_pass(&world, 60);
	OK(cw_history_begin(world.history, &err));
	write_event(&world, CAMWALL_EVENT_DEVICE_DROPPED, 1);
	world_sample(&world, 12);
	OK(cw_history_commit(world.history, &err));
	assert_int_equal(world_number(&world, "SELECT sum(from_packets) FROM device_sample"), 12);
	assert_int_equal(world_number(&world, "SELECT sum(count) FROM event"), 1);
	assert_int_equal(world_number(&world, "SELECT seconds FROM device_sample ORDER BY id DESC"), 120);
	world_end(&world);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(alike),
		cmocka_unit_test(many_places),
		cmocka_unit_test(read_events),
		cmocka_unit_test(repairs),
		cmocka_unit_test(flood),
		cmocka_unit_test(intervals),
		cmocka_unit_test(policies),
		cmocka_unit_test(exemptions),
		cmocka_unit_test(exemption_ends_unseen),
		cmocka_unit_test(exemption_withdrawn),
		cmocka_unit_test(gaps),
		cmocka_unit_test(rollback),
	};

	return cmocka_run_group_tests_name("history: events", tests, NULL, NULL);
}
