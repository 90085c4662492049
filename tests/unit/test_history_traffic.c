// SPDX-License-Identifier: GPL-2.0-or-later
/* Traffic in the history: differences of counters, hours, days and months, and what goes with time. */
#include "history_world.h"

#define SAMPLED	"SELECT coalesce(sum(from_packets), 0) FROM device_sample"

static void differences(void **state)
{
	struct world world = world_new();

	world_sample(&world, 10);
	world_pass(&world, 60);
	world_sample(&world, 25);
	world_pass(&world, 60);
	world_sample(&world, 25);
	assert_int_equal(world_number(&world, SAMPLED), 25);
	assert_int_equal(world_number(&world, "SELECT count(*) FROM device_sample"), 2);
	assert_int_equal(world_number(&world, "SELECT seconds FROM device_sample ORDER BY id DESC"), 60);
	assert_int_equal(world_number(&world, "SELECT start FROM device_sample ORDER BY id DESC"), START);
	assert_int_equal(world_number(&world, "SELECT last_seen FROM device_state"), START + 120);
	world_end(&world);
}

/* What an entry had counted before anybody watched has no time. */
static void before_history(void **state)
{
	struct world world = world_new();

	world.device.first_seen = START - 30 * DAY;
	world_sample(&world, 1000);
	assert_int_equal(world_number(&world, SAMPLED), 0);
	world_pass(&world, 60);
	world_sample(&world, 1010);
	assert_int_equal(world_number(&world, SAMPLED), 10);
	assert_int_equal(world_number(&world, "SELECT sum(from_packets) FROM group_sample"), 10);
	world_expect_text(&world, "SELECT first_seen_source FROM device", "inventory");
	world_end(&world);
}

/* The daemon was away, the module was not. */
static void restart(void **state)
{
	struct world world = world_new();

	world_sample(&world, 100);
	world_pass(&world, 600);
	world_run(&world, false);
	world_sample(&world, 130);
	assert_int_equal(world_number(&world, SAMPLED), 130);
	assert_int_equal(world_number(&world, "SELECT sum(from_packets) FROM group_sample"), 30);
	world_expect_text(&world, "SELECT end_reason FROM run WHERE id = 1", "killed");
	world_end(&world);
}

/* The entry was made anew, and has counted more than the old one had. */
static void another_entry(void **state)
{
	struct world world = world_new();

	world_sample(&world, 100);
	world_pass(&world, 60);
	world.device.first_seen = world.now.time - 30;
	world_sample(&world, 150);
	assert_int_equal(world_number(&world, SAMPLED), 250);
	world_end(&world);
}

static void module_reload(void **state)
{
	struct world world = world_new();

	world_sample(&world, 100);
	OK(cw_history_run_end(world.history, "module", &err));
	world_pass(&world, 60);
	world_run(&world, true);
	world.device.first_seen = world.now.time;
	world_sample(&world, 120);
	assert_int_equal(world_number(&world, SAMPLED), 220);
	assert_int_equal(world_number(&world, "SELECT sum(from_packets) FROM group_sample"), 120);
	world_end(&world);
}

/* No age of an entry tells that it is another one, nor does a counter that went back. */
static void module_reload_at_once(void **state)
{
	struct world world = world_new();

	world_sample(&world, 100);
	world_pass(&world, 1);
	world_sample(&world, 105);
	OK(cw_history_run_end(world.history, "module", &err));
	world_run(&world, true);
	world_sample(&world, 105);
	world_pass(&world, 1);
	world_sample(&world, 110);
	assert_int_equal(world_number(&world, SAMPLED), 215);
	assert_int_equal(world_number(&world, "SELECT sum(from_packets) FROM group_sample"), 115);
	world_end(&world);
}

static void reboot(void **state)
{
	struct world world = world_new();

	world_sample(&world, 100);
	world.boot_id = "boot-2";
	world.now = (struct cw_moment){ START + DAY, 30, true };
	world_run(&world, false);
	world.device.first_seen = world.now.time - 10;
	world_sample(&world, 40);
	assert_int_equal(world_number(&world, SAMPLED), 140);
	world_expect_text(&world, "SELECT end_reason FROM run WHERE id = 1", "rebooted");
	world_end(&world);
}

/* An event that was on its way while the inventory was read says less than that. */
static void stale_event(void **state)
{
	struct cw_event event = { .type = CAMWALL_EVENT_DEVICE_NEW, .time = START * 1000000000ULL };
	struct world world = world_new();

	world_sample(&world, 5);
	event.device = world.device;
	event.device.from.packets = 3;
	OK(cw_history_write_event(world.history, &event, 0, &world.now, &err));
	world_pass(&world, 1);
	world_sample(&world, 6);
	assert_int_equal(world_number(&world, SAMPLED), 6);
	world_end(&world);
}

/* The clock goes back a year, and the kernel's times with it: no counter begins anew for that. */
static void clock_jump(void **state)
{
	struct world world = world_new();

	world_sample(&world, 10);
	OK(cw_history_run_end(world.history, "clock", &err));
	world.now.time -= 365 * DAY;
	world.device.first_seen -= 365 * DAY;
	world_run(&world, false);
	world_sample(&world, 12);
	world_pass(&world, 60);
	world_sample(&world, 15);
	assert_int_equal(world_number(&world, SAMPLED), 15);
	OK(cw_history_roll_up(world.history, &err));
	assert_int_equal(world_number(&world, "SELECT sum(from_packets) FROM device_day"), 15);
	assert_int_equal(world_number(&world, "SELECT count(*) FROM device_day"), 2);
	world_end(&world);
}

/** struct sum - what a reader has been told */
struct sum {
	uint64_t packets;
	unsigned int rows;
	int64_t first;
};

static int on_traffic(void *ctx, const struct cw_history_traffic *row)
{
	struct sum *sum = ctx;

	if (!sum->rows++)
		sum->first = row->start;
	sum->packets += row->from.packets;
	assert_string_equal(row->group, "cameras");
	return 0;
}

static struct sum read_traffic(struct world *world, enum cw_history_step step, int64_t since,
			       int64_t until)
{
	struct sum devices = { 0 }, groups = { 0 };

	OK(cw_history_traffic(world->history, CW_HISTORY_OF_DEVICES, step, since, until, on_traffic,
			      &devices, &err));
	OK(cw_history_traffic(world->history, CW_HISTORY_OF_GROUPS, step, since, until, on_traffic,
			      &groups, &err));
	assert_int_equal(devices.rows, groups.rows);
	return devices;
}

static void expect_traffic(struct world *world, enum cw_history_step step, int64_t since,
			   int64_t until, unsigned int rows, uint64_t packets)
{
	struct sum sum = read_traffic(world, step, since, until);

	assert_int_equal(sum.rows, rows);
	assert_int_equal(sum.packets, packets);
}

/* 75 days, a packet an hour, rolled up every hour but the last three. */
static void rolled_up(void **state)
{
	struct world world = world_new();
	int64_t end = START + 75 * DAY;
	unsigned int hour;

	for (hour = 1; hour <= 75 * 24; hour++) {
		world_pass(&world, HOUR);
		world_sample(&world, hour);
		if (hour <= 75 * 24 - 3)
			OK(cw_history_roll_up(world.history, &err));
	}
	assert_int_equal(world_number(&world, "SELECT count(*) FROM device_month"), 3);
	/* The first sample of a run has no beginning before it: its packet is that of the second hour. */
	expect_traffic(&world, CW_HISTORY_TOTAL, 0, CW_HISTORY_FOREVER, 1, 75ULL * 24);
	expect_traffic(&world, CW_HISTORY_TOTAL, 0, end, 1, 75ULL * 24);
	expect_traffic(&world, CW_HISTORY_TOTAL, START + 10 * DAY, START + 20 * DAY, 1, 240);
	expect_traffic(&world, CW_HISTORY_TOTAL, START + 10 * DAY, START + 70 * DAY, 1, 60ULL * 24);
	expect_traffic(&world, CW_HISTORY_DAYS, START + 10 * DAY, START + 70 * DAY, 60, 60ULL * 24);
	expect_traffic(&world, CW_HISTORY_DAYS, 0, CW_HISTORY_FOREVER, 75, 75ULL * 24);
	expect_traffic(&world, CW_HISTORY_HOURS, end - DAY, end, 24, 24);
	expect_traffic(&world, CW_HISTORY_SAMPLES, end - DAY, end, 24, 24);
	assert_int_equal(world_number(&world, "SELECT sum(devices) FROM presence_day"), 75);
	/* Twice is as once. */
	OK(cw_history_roll_up(world.history, &err));
	OK(cw_history_roll_up(world.history, &err));
	expect_traffic(&world, CW_HISTORY_TOTAL, 0, CW_HISTORY_FOREVER, 1, 75ULL * 24);
	expect_traffic(&world, CW_HISTORY_DAYS, 0, CW_HISTORY_FOREVER, 75, 75ULL * 24);
	world_end(&world);
}

/** struct presence_sum - @days: rows; @devices: of all of them */
struct presence_sum {
	uint64_t days, devices;
};

static int add_presence(void *ctx, const struct cw_history_presence *presence)
{
	struct presence_sum *sum = ctx;

	assert_int_equal(presence->start % DAY, 0);
	assert_string_equal(presence->group, "cameras");
	sum->days++;
	sum->devices += presence->devices;
	return 0;
}

static void expect_presence(struct world *world, int64_t since, int64_t until, uint64_t days)
{
	struct presence_sum sum = { 0 };

	OK(cw_history_presence(world->history, since, until, add_presence, &sum, &err));
	assert_int_equal(sum.days, days);
	assert_int_equal(sum.devices, days);
}

/* A device counts on a day from its first sample on, not only once an hour is full. */
static void presence_at_once(void **state)
{
	struct world world = world_new();
	int64_t end;

	expect_presence(&world, 0, CW_HISTORY_FOREVER, 0);
	world_sample(&world, 1);
	expect_presence(&world, 0, CW_HISTORY_FOREVER, 1);
	OK(cw_history_roll_up(world.history, &err));
	expect_presence(&world, 0, CW_HISTORY_FOREVER, 1);
	world_pass(&world, 60);
	world_sample(&world, 2);
	expect_presence(&world, 0, CW_HISTORY_FOREVER, 1);
	/* What was counted since the sample before belongs to when that was taken. */
	world_pass(&world, DAY);
	world_sample(&world, 2);
	world_pass(&world, 60);
	world_sample(&world, 3);
	end = world.now.time - world.now.time % DAY + DAY;
	expect_presence(&world, 0, CW_HISTORY_FOREVER, 2);
	expect_presence(&world, end - 1, end, 1);
	expect_presence(&world, end, end + DAY, 0);
	world_end(&world);
}

static void expire(struct world *world, const struct cw_history_limits *limits)
{
	OK(cw_history_roll_up(world->history, &err));
	OK(cw_history_expire(world->history, limits, &world->now, &err));
}

static void expires(void **state)
{
	static const struct cw_history_limits limits = { 10 * DAY, 3 * DAY, DAY, 100 };
	struct world world = world_new();
	unsigned int hour;

	for (hour = 1; hour <= 30 * 24; hour++) {
		world_pass(&world, HOUR);
		world_sample(&world, hour);
		expire(&world, &limits);
	}
	assert_in_range(world_number(&world, "SELECT count(*) FROM device_day"), 10, 12);
	assert_in_range(world_number(&world, "SELECT count(*) FROM device_hour"), 72, 73);
	assert_in_range(world_number(&world, "SELECT count(*) FROM device_sample"), 24, 25);
	assert_int_equal(world_number(&world, "SELECT count(*) FROM device"), 1);
	world_end(&world);
}

/* A device that is not seen for as long goes, with all that is known of it. */
static void forgets_devices(void **state)
{
	static const struct cw_history_limits limits = { 5 * DAY, 3 * DAY, DAY, 100 };
	struct world world = world_new();
	unsigned int day;

	world_sample(&world, 1);
	for (day = 0; day < 12; day++) {
		world_pass(&world, DAY);
		OK(cw_history_write_sample(world.history, world.policy, NULL, NULL, 0, &world.now, &err));
		expire(&world, &limits);
	}
	assert_int_equal(world_number(&world, "SELECT (SELECT count(*) FROM device)"
				      " + (SELECT count(*) FROM device_state)"
				      " + (SELECT count(*) FROM sighting)"
				      " + (SELECT count(*) FROM classification)"
				      " + (SELECT count(*) FROM device_day)"), 0);
	world_end(&world);
}

/* An hour in the year 2037 must not cost more than a day of what is kept. */
static void clock_ahead(void **state)
{
	struct world world = world_new();
	unsigned int day;

	for (day = 1; day <= 100; day++) {
		world_pass(&world, DAY);
		world_sample(&world, day);
	}
	OK(cw_history_roll_up(world.history, &err));
	day = world_number(&world, "SELECT count(*) FROM device_day");
	world.now.time += 3650LL * DAY;
	OK(cw_history_expire(world.history, &world_limits, &world.now, &err));
	assert_in_range(world_number(&world, "SELECT count(*) FROM device_day"), day - 1, day);
	world_end(&world);
}

static void expect_all_counted(struct world *world, uint64_t packets)
{
	expect_traffic(world, CW_HISTORY_DAYS, 0, CW_HISTORY_FOREVER,
		       world_number(world, "SELECT count(*) FROM device_day"), packets);
	assert_int_equal(world_number(world, "SELECT sum(from_packets) FROM device_day"), packets);
	/* Of groups the first sample of a run has no beginning before it. */
	assert_int_equal(world_number(world, "SELECT sum(from_packets) FROM group_hour"), packets - 1);
}

/* A day without any traffic leaves no sample: what comes then counts as what came before. */
static void after_a_silent_day(void **state)
{
	struct world world = world_new();
	unsigned int hour;

	for (hour = 1; hour <= 30; hour++) {
		world_pass(&world, HOUR);
		world_sample(&world, hour);
		expire(&world, &world_limits);
	}
	for (hour = 0; hour < 30; hour++) {
		world_pass(&world, HOUR);
		world_sample(&world, 30);
		expire(&world, &world_limits);
	}
	assert_int_equal(world_number(&world, "SELECT count(*) FROM device_sample"), 0);
	for (hour = 31; hour <= 40; hour++) {
		world_pass(&world, HOUR);
		world_sample(&world, hour);
		expire(&world, &world_limits);
	}
	expect_all_counted(&world, 40);
	world_end(&world);
}

/* Of a version that did not notice: the numbers began anew, and are below what is noted. */
static void numbered_anew_before(void **state)
{
	struct world world = world_new();
	unsigned int hour;

	OK(cw_sql_simple(world.history, "UPDATE meta SET value = 1000 WHERE key IN ('rolled_device', 'rolled_group')", &err));
	for (hour = 1; hour <= 3; hour++) {
		world_pass(&world, HOUR);
		world_sample(&world, hour);
	}
	OK(cw_history_roll_up(world.history, &err));
	expect_all_counted(&world, 3);
	world_end(&world);
}

/* The kernel tells moments by the clock as it is now. */
static void set_clock(struct world *world, int64_t seconds, bool synchronized)
{
	world->now.time += seconds;
	world->now.synchronized = synchronized;
	world->device.first_seen += seconds;
}

/* A sample of the year 2037 keeps those behind it no longer than themselves. */
static void dated_ahead_once(void **state)
{
	struct world world = world_new();
	unsigned int hour;

	for (hour = 1; hour <= 4 * 24; hour++) {
		world_pass(&world, HOUR);
		if (hour == 10)
			set_clock(&world, 3650 * DAY, false);
		world_sample(&world, hour);
		expire(&world, &world_limits);
		if (hour == 12)
			set_clock(&world, -3650 * DAY, true);
	}
	assert_in_range(world_number(&world, "SELECT count(*) FROM device_sample"), 24, 25);
	world_end(&world);
}

/* What is kept for ten days is kept for ten days, whatever the date was at first. */
static void begun_ahead(void **state)
{
	static const struct cw_history_limits limits = { 10 * DAY, 3 * DAY, DAY, 100 };
	struct world world = world_new();
	unsigned int day;

	OK(cw_sql_simple(world.history, "UPDATE meta SET value = value + 3650 * 86400"
			 " WHERE key IN ('expired', 'expired_hours')", &err));
	for (day = 1; day <= 30; day++) {
		world_pass(&world, DAY);
		world_sample(&world, day);
		expire(&world, &limits);
	}
	assert_in_range(world_number(&world, "SELECT count(*) FROM device_day"), 10, 12);
	world_end(&world);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(differences),
		cmocka_unit_test(before_history),
		cmocka_unit_test(restart),
		cmocka_unit_test(another_entry),
		cmocka_unit_test(module_reload),
		cmocka_unit_test(module_reload_at_once),
		cmocka_unit_test(reboot),
		cmocka_unit_test(stale_event),
		cmocka_unit_test(clock_jump),
		cmocka_unit_test(rolled_up),
		cmocka_unit_test(presence_at_once),
		cmocka_unit_test(expires),
		cmocka_unit_test(after_a_silent_day),
		cmocka_unit_test(numbered_anew_before),
		cmocka_unit_test(dated_ahead_once),
		cmocka_unit_test(begun_ahead),
		cmocka_unit_test(forgets_devices),
		cmocka_unit_test(clock_ahead),
	};

	return cmocka_run_group_tests_name("history: traffic", tests, NULL, NULL);
}
