// SPDX-License-Identifier: GPL-2.0-or-later
/* A day of 24 hours, replayed as camwalld writes it, in seconds: nothing is lost, invented or counted twice. */
#include "history_world.h"
#include "report.h"

#define DEVICES		64
#define MINUTES		(24 * 60)
#define PACKETS		7	/* that each device sends in a minute */
#define ARRIVES		(6 * 60)	/* the last device */
#define MOVES		(8 * 60)	/* the first device, to another port */
#define KILLED		(10 * 60)	/* the daemon; the kernel goes on counting */
#define BACK		(KILLED + 30)
#define RELOADED	(16 * 60)	/* the module, within the minute */
#define JUMP		(20 * 60)	/* the clock, by an hour */

/** struct day - @devices: as the kernel's inventory has them; @dropped: of the second one */
struct day {
	struct world world;
	struct cw_device devices[DEVICES];
	uint64_t dropped;
};

static struct day day_new(void)
{
	struct day day = { .world = world_new() };
	unsigned int i;

	for (i = 0; i < DEVICES; i++) {
		day.devices[i] = day.world.device;
		day.devices[i].mac += i;
	}
	return day;
}

static struct cw_event event_of(struct day *day, int type, unsigned int device)
{
	struct cw_event event = { .type = type, .seq = ++day->world.seq, .device = day->devices[device] };

	event.time = (uint64_t)day->world.now.time * 1000000000ULL;
	return event;
}

static void tell(struct day *day, const struct cw_event *event)
{
	OK(cw_history_write_event(day->world.history, event, 0, &day->world.now, &err));
}

/* What traffic changes in the kernel within a minute, whether or not anybody watches. */
static void traffic(struct day *day, unsigned int n)
{
	struct cw_policy_group *group = &day->world.policy->groups[0];
	unsigned int i;

	world_pass(&day->world, 60);
	for (i = 0; i < n; i++) {
		day->devices[i].from.packets += PACKETS;
		day->devices[i].last_seen = day->world.now.time;
		group->from.packets += PACKETS;
	}
	day->devices[1].from.dropped_policy++;
	group->from.dropped_policy++;
	day->dropped++;
}

static void forget_counters(struct day *day)
{
	unsigned int i;

	for (i = 0; i < DEVICES; i++) {
		memset(&day->devices[i].from, 0, sizeof(day->devices[i].from));
		day->devices[i].first_seen = day->world.now.time;
	}
	memset(&day->world.policy->groups[0].from, 0, sizeof(day->world.policy->groups[0].from));
}

static void sample(struct day *day, unsigned int n)
{
	struct world *world = &day->world;

	OK(cw_history_write_sample(world->history, world->policy, day->devices, NULL, n, &world->now, &err));
	OK(cw_history_run_extend(world->history, world->seq, 1, &world->now, &err));
}

/* The kernel keeps times by a clock that nobody sets: all that it tells goes with the new one. */
static void set_clock(struct day *day, int64_t seconds)
{
	unsigned int i;

	day->world.now.time += seconds;
	for (i = 0; i < DEVICES; i++) {
		day->devices[i].first_seen += seconds;
		day->devices[i].last_seen += seconds;
	}
}

static void happen(struct day *day, unsigned int minute)
{
	struct world *world = &day->world;
	struct cw_event event;

	switch (minute) {
	case ARRIVES:
		day->devices[DEVICES - 1].first_seen = world->now.time;
		event = event_of(day, CAMWALL_EVENT_DEVICE_NEW, DEVICES - 1);
		break;
	case MOVES:
		event = event_of(day, CAMWALL_EVENT_DEVICE_MOVED, 0);
		event.previous = day->devices[0].place;
		strcpy(day->devices[0].place.ifname, "lan1");
		event.device.place = day->devices[0].place;
		break;
	case BACK:
		world_run(world, false);
		return;
	case RELOADED:
		OK(cw_history_run_end(world->history, "module", &err));
		forget_counters(day);
		world_run(world, true);
		return;
	case JUMP:
		OK(cw_history_run_end(world->history, "clock", &err));
		set_clock(day, HOUR);
		world_run(world, false);
		return;
	default:
		event = event_of(day, CAMWALL_EVENT_DEVICE_DROPPED, 1);
		event.drop_reason = CAMWALL_DROP_REASON_POLICY;
	}
	tell(day, &event);
}

static void replay(struct day *day)
{
	unsigned int minute, n;

	sample(day, DEVICES - 1);
	for (minute = 1; minute <= MINUTES; minute++) {
		n = minute < ARRIVES ? DEVICES - 1 : DEVICES;
		if (minute == RELOADED)
			sample(day, n);
		traffic(day, minute == ARRIVES ? DEVICES - 1 : n);
		if (minute >= KILLED && minute < BACK)
			continue;
		OK(cw_history_begin(day->world.history, &err));
		happen(day, minute);
		if (minute == RELOADED)
			traffic(day, n);
		sample(day, n);
		if (minute % 60 == 0)
			OK(cw_history_roll_up(day->world.history, &err));
		OK(cw_history_commit(day->world.history, &err));
	}
}

static struct report *report_of(struct day *day)
{
	char file[PATH_MAX];
	const char *name = file;
	struct report_options options = { .files = &name, .n_files = 1, .now = day->world.now.time + 1 };
	struct cw_error err = { 0 };
	struct report *report;

	snprintf(file, sizeof(file), "%s/history.db", day->world.dir);
	report = report_load(&options, &err);
	unit_expect_none(&err);
	return report;
}

static void expect_gap(const struct report_gap *gap, const char *reason, int64_t seconds)
{
	assert_string_equal(gap->reason, reason);
	assert_int_equal(gap->seconds, seconds);
}

static void replayed(void **state)
{
	struct day day = day_new();
	struct world *world = &day.world;
	struct report *report;
	uint64_t packets;
	size_t i;

	replay(&day);
	/* The traffic of the minute in which the module went was never in a sample, and is nowhere. */
	packets = (uint64_t)PACKETS * (MINUTES * DEVICES - ARRIVES);
	day.dropped--;
	assert_int_equal(world_number(world, "SELECT sum(from_packets) FROM device_sample"), packets);
	assert_int_equal(world_number(world, "SELECT sum(from_packets) FROM group_sample"), packets);
	assert_int_equal(world_number(world, "SELECT count(*) FROM device"), DEVICES);
	/* Each in one place up to the clock's jump and from then on, but the first, in two. */
	assert_int_equal(world_number(world, "SELECT count(*) FROM sighting"), 2 * DEVICES + 1);
	assert_int_equal(world_number(world, "SELECT sum(count) FROM event WHERE type = 4"),
			 MINUTES - (BACK - KILLED) - 5);

	report = report_of(&day);
	assert_int_equal(report->n_devices, DEVICES);
	for (i = 0; i < DEVICES; i++)
		assert_int_equal(report->devices[i].traffic[REPORT_FROM].packets,
				 (uint64_t)PACKETS * (i < DEVICES - 1 ? MINUTES : MINUTES - ARRIVES));
	assert_true(report->devices[DEVICES - 1].first_exact);
	assert_string_equal(report->devices[0].ifname, "lan1");
	assert_int_equal(report->devices[1].traffic[REPORT_FROM].dropped[0], day.dropped);
	/* From the last sample to the next. By the clock an hour is missing, but not by one that nobody sets. */
	assert_int_equal(report->n_gaps, 3);
	expect_gap(&report->gaps[0], "killed", (BACK - KILLED + 1) * 60LL);
	expect_gap(&report->gaps[1], "module", 60);
	expect_gap(&report->gaps[2], "clock", 60);
	report_free(report);
	world_end(world);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(replayed),
	};

	return cmocka_run_group_tests_name("history: a day", tests, NULL, NULL);
}
