// SPDX-License-Identifier: GPL-2.0-or-later
/* Writes a synthetic history through the writer that camwalld uses: for figures, and for reports to try. */
#include <arpa/inet.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "alloc.h"
#include "history_write.h"
#include "mac.h"

#define HOUR	3600
#define DAY	86400LL
#define HOURLY_DAYS	35L	/* of these the samples come by the hour, of those before by the day */
#define COMBINATIONS	8UL	/* of reason and direction */

static struct {
	int64_t until;
	unsigned int devices, days;
	unsigned long events;
} options = { 0, 4096, 365, 10000000 };

static const struct vendor {
	const char *group, *pack, *title, *organization;
	uint64_t prefix;
} vendors[] = {
	{ "hikvision", "hikvision", "Hikvision", "Hangzhou Hikvision Digital Technology Co.,Ltd.", 0x4419b6 },
	{ "hikvision", "hikvision", "Hikvision", "Hangzhou Hikvision Digital Technology Co.,Ltd.", 0xc056e3 },
	{ "dahua", "dahua", "Dahua", "Zhejiang Dahua Technology Co., Ltd.", 0x3cef8c },
	{ "hikvision", "hikvision", "Hikvision", "Hangzhou Ezviz Software Co.,Ltd.", 0x34c6dd },
};

#define N_VENDORS	(sizeof(vendors) / sizeof(vendors[0]))

/** struct world - what there is, and where it is in time */
struct world {
	struct cw_history *history;
	struct cw_policy *policy;
	struct cw_device *devices;
	struct cw_moment now;
	uint64_t random, seq;
	uint32_t generation;
};

static void check(int ret, struct cw_error *err)
{
	if (ret == 0)
		return;
	fprintf(stderr, "history-gen: %s\n", err->message ?: "failed");
	exit(EXIT_FAILURE);
}

static uint64_t draw(struct world *world)
{
	world->random ^= world->random << 13;
	world->random ^= world->random >> 7;
	world->random ^= world->random << 17;
	return world->random;
}

static const struct vendor *vendor_of(uint64_t mac)
{
	size_t i;

	for (i = 0; i < N_VENDORS; i++)
		if (vendors[i].prefix == mac >> 24)
			return &vendors[i];
	return &vendors[0];
}

static void evidence(void *ctx, uint64_t mac, struct cw_history_evidence *evidence)
{
	const struct vendor *vendor = vendor_of(mac);

	evidence->prefix = cw_prefix_pack(vendor->prefix << 24, 24, 0);
	evidence->pack = vendor->pack;
	evidence->pack_title = vendor->title;
	evidence->pack_date = "2026-11-01";
	evidence->organization = vendor->organization;
	evidence->registry_edition = 1661558400;
	evidence->registry_dir = "/usr/share/ieee-data";
}

static int by_mac(const void *a, const void *b)
{
	const struct cw_device *first = a, *second = b;

	return first->mac < second->mac ? -1 : first->mac > second->mac;
}

static void make_devices(struct world *world)
{
	unsigned int i;

	world->devices = cw_calloc(options.devices, sizeof(*world->devices));
	for (i = 0; i < options.devices; i++) {
		struct cw_device *device = &world->devices[i];

		device->mac = vendors[i % N_VENDORS].prefix << 24 | i;
		strcpy(device->group, vendors[i % N_VENDORS].group);
		device->has_ipv4 = true;
		device->ipv4.s_addr = htonl(0x0a000000 + i + 1);
		snprintf(device->place.ifname, sizeof(device->place.ifname), "lan%u", i % 8);
		device->place.has_vlan = i % 3 == 0;
		device->place.vlan = device->place.has_vlan ? 10 + i % 20 : 0;
		device->place.vlan_protocol = device->place.has_vlan ? 0x8100 : 0;
		/* A tenth is there from the beginning, the others come during the first half. */
		device->first_seen = world->now.time +
			(i % 10 ? (int64_t)(draw(world) % (options.days * DAY / 2)) : 0);
	}
	qsort(world->devices, options.devices, sizeof(*world->devices), by_mac);
}

static void make_policy(struct world *world)
{
	struct cw_policy *policy = cw_policy_new();
	struct cw_policy_group *group;

	cw_policy_interface_add(policy, "lan*");
	group = cw_policy_group_add(policy);
	strcpy(group->name, "hikvision");
	group->action = CAMWALL_ACTION_OBSERVE;
	group = cw_policy_group_add(policy);
	strcpy(group->name, "dahua");
	group->action = CAMWALL_ACTION_DROP;
	cw_policy_prefix_add(policy, cw_prefix_pack(0x34c6ddULL << 24, 24, 0));
	cw_policy_prefix_add(policy, cw_prefix_pack(0x3cef8cULL << 24, 24, 1));
	cw_policy_prefix_add(policy, cw_prefix_pack(0x4419b6ULL << 24, 24, 0));
	cw_policy_prefix_add(policy, cw_prefix_pack(0xc056e3ULL << 24, 24, 0));
	policy->written = world->now.time;
	policy->max_devices = options.devices;
	policy->idle = 600;
	world->policy = policy;
}

static void begin_run(struct world *world)
{
	const struct cw_history_run run = {
		.interval = 60, .boot_id = "6a1de3f0-0000-4000-8000-000000000001",
		.kernel = "6.1.0-56-amd64", .module_version = CAMWALL_VERSION,
		.daemon_version = CAMWALL_VERSION, .host = "gateway", .site = "synthetic",
		.registry_edition = 1661558400, .registry_dir = "/usr/share/ieee-data",
	};
	struct cw_history_change change = {
		.policy = world->policy, .generation = ++world->generation, .time = world->now.time,
		.has_uid = true, .user = "root", .process = "camwall apply", .portid = 4711,
	};
	struct cw_error err = { 0 };
	int64_t id;

	check(cw_history_run_begin(world->history, &run, world->seq, world->generation, false,
				   &world->now, &err), &err);
	/* An exemption a month, of a device that is not the same each time; the one before has ended. */
	if (world->policy->n_exemptions)
		world->policy->exemptions[world->policy->n_exemptions - 1].in_force = false;
	cw_policy_exemption_add(world->policy, world->devices[world->generation].mac,
				world->now.time + 10 * DAY, "firmware update, ticket 4711", "J. Doe");
	world->policy->exemptions[world->policy->n_exemptions - 1].in_force = true;
	cw_digest_of(&world->generation, sizeof(world->generation), &change.digest);
	check(cw_history_write_policy(world->history, &change, &id, &err), &err);
}

static void write_event(struct world *world, unsigned long number, unsigned int of_hour)
{
	unsigned int combination = number % (options.devices * COMBINATIONS);
	struct cw_device *device = &world->devices[combination % options.devices];
	struct cw_event event = {
		.seq = ++world->seq,
		.time = ((uint64_t)world->now.time * 1000 + 3600000ULL * of_hour /
			 (options.events / options.days / 24 + 1)) * 1000000,
		.type = CAMWALL_EVENT_DEVICE_DROPPED,
		.device = *device,
		.drop_reason = combination / options.devices % 4,
		.direction = combination / options.devices / 4,
		.suppressed = draw(world) % 1000,
	};
	struct cw_error err = { 0 };

	if ((int64_t)device->first_seen > world->now.time)
		event.device.first_seen = world->now.time;
	device->first_seen = event.device.first_seen;
	if (number % 100 == 0) {
		event.type = number % 200 ? CAMWALL_EVENT_DEVICE_MOVED : CAMWALL_EVENT_DEVICE_BACK;
		event.previous = device->place;
	}
	check(cw_history_write_event(world->history, &event, 0, &world->now, &err), &err);
}

static void count_group(struct world *world, const struct cw_device *device, uint64_t frames)
{
	struct cw_policy_group *group = &world->policy->groups[0];

	for (; strcmp(group->name, device->group) != 0; group++)
		;
	group->from.packets += frames;
	group->from.bytes += frames * 900;
	group->to.packets += frames / 3;
	group->to.bytes += frames * 30;
	if (vendor_of(device->mac) == &vendors[2])
		group->from.dropped_policy += frames;
}

static void sample(struct world *world, int64_t seconds)
{
	struct cw_device *there = cw_calloc(options.devices, sizeof(*there));
	struct cw_error err = { 0 };
	size_t n = 0, i;

	for (i = 0; i < options.devices; i++) {
		struct cw_device *device = &world->devices[i];
		uint64_t frames = draw(world) % 50 * seconds / 60;

		if ((int64_t)device->first_seen > world->now.time)
			continue;
		device->last_seen = world->now.time;
		device->from.packets += frames;
		device->from.bytes += frames * 900;
		device->to.packets += frames / 3;
		device->to.bytes += frames * 30;
		if (vendor_of(device->mac) == &vendors[2])
			device->from.dropped_policy += frames;
		count_group(world, device, frames);
		there[n++] = *device;
	}
	check(cw_history_write_sample(world->history, world->policy, there, NULL, n, &world->now, &err),
	      &err);
	check(cw_history_run_extend(world->history, world->seq, world->generation, &world->now, &err),
	      &err);
	free(there);
}

static void fill(struct world *world)
{
	static const struct cw_history_limits limits = { 400 * DAY, 35 * DAY, DAY, UINT64_MAX };
	int64_t begin = world->now.time, hours = (int64_t)options.days * 24, hour;
	unsigned long done = 0;
	struct cw_error err = { 0 };

	for (hour = 0; hour < hours; hour++) {
		bool hourly = hour >= hours - HOURLY_DAYS * 24;
		unsigned long due = (unsigned long)((double)options.events * (hour + 1) / hours);
		unsigned int of_hour;

		world->now.time = begin + hour * HOUR;
		world->now.boottime = 1000 + hour * HOUR;
		check(cw_history_begin(world->history, &err), &err);
		if (hour == 0)
			check(cw_history_describe(world->history, "synthetic", "gateway", &limits,
						  &world->now, &err), &err);
		if (hour % (30L * 24) == 0)
			begin_run(world);
		for (of_hour = 0; done < due; of_hour++)
			write_event(world, done++, of_hour);
		if (hourly || hour % 24 == 23) {
			sample(world, hourly ? HOUR : DAY);
			check(cw_history_roll_up(world->history, &err), &err);
			check(cw_history_expire(world->history, &limits, &world->now, &err), &err);
		}
		check(cw_history_commit(world->history, &err), &err);
	}
}

static double seconds_of(clockid_t clock)
{
	struct timespec now;

	clock_gettime(clock, &now);
	return now.tv_sec + now.tv_nsec / 1e9;
}

#define WALL	seconds_of(CLOCK_MONOTONIC)
#define CPU	seconds_of(CLOCK_PROCESS_CPUTIME_ID)

/* What all readings have in common: they count rows. */
#define COUNTER(name, row)					\
static int name(void *ctx, const struct row *unused)		\
{								\
	++*(unsigned long *)ctx;				\
	return 0;						\
}

COUNTER(on_run, cw_history_run)
COUNTER(on_gap, cw_history_gap)
COUNTER(on_device, cw_history_device)
COUNTER(on_interval, cw_history_interval)
COUNTER(on_traffic, cw_history_traffic)
COUNTER(on_presence, cw_history_presence)
COUNTER(on_event, cw_history_event)
COUNTER(on_event_day, cw_history_event_day)
COUNTER(on_policy, cw_history_policy)
COUNTER(on_exemption, cw_history_exemption)

#define MEASURE(what, call) do {							\
	double from = WALL, cpu = CPU;							\
	unsigned long rows = 0;								\
	check(call, &err);								\
	printf("%-28s %9lu rows %7.3f s, %.3f s of CPU\n", what, rows, WALL - from, CPU - cpu); \
} while (0)

static void measure(const char *file)
{
	struct cw_error err = { 0 };
	struct cw_history *history = cw_history_open(file, CW_HISTORY_READ, &err);
	double begin = WALL, begin_cpu = CPU;
	int64_t until;
	struct cw_history_info info;

	check(history ? 0 : -1, &err);
	check(cw_history_info(history, &info, &err), &err);
	until = info.last + 1;
	MEASURE("runs", cw_history_runs(history, 0, until, on_run, &rows, &err));
	MEASURE("gaps", cw_history_gaps(history, 0, until, on_gap, &rows, &err));
	MEASURE("devices", cw_history_devices(history, 0, until, on_device, &rows, &err));
	MEASURE("places", cw_history_intervals(history, CW_HISTORY_PLACES, 0, 0, until, on_interval,
					       &rows, &err));
	MEASURE("addresses", cw_history_intervals(history, CW_HISTORY_ADDRESSES, 0, 0, until,
						  on_interval, &rows, &err));
	MEASURE("traffic of devices, total", cw_history_traffic(history, CW_HISTORY_OF_DEVICES,
								CW_HISTORY_TOTAL, 0, until, on_traffic,
								&rows, &err));
	MEASURE("traffic of groups, days", cw_history_traffic(history, CW_HISTORY_OF_GROUPS,
							      CW_HISTORY_DAYS, 0, until, on_traffic,
							      &rows, &err));
	MEASURE("devices a day", cw_history_presence(history, 0, until, on_presence, &rows, &err));
	MEASURE("events a day", cw_history_event_days(history, 0, until, on_event_day, &rows, &err));
	MEASURE("events without drops", cw_history_events(history, false, 0, 0, until, on_event,
							  &rows, &err));
	MEASURE("policies", cw_history_policies(history, 0, until, on_policy, &rows, &err));
	MEASURE("exemptions", cw_history_exemptions(history, 0, until, on_exemption, &rows, &err));
	printf("%-28s                %7.3f s, %.3f s of CPU\n", "all of these", WALL - begin,
	       CPU - begin_cpu);
	MEASURE("events with drops, 30 days", cw_history_events(history, true, 0, until - 30 * DAY,
								until, on_event, &rows, &err));
	MEASURE("events with drops, all", cw_history_events(history, true, 0, 0, until, on_event,
							    &rows, &err));
	cw_history_close(history);
}

static void usage(int status)
{
	fprintf(status ? stderr : stdout,
		"Usage: history-gen [OPTIONS] FILE\n       history-gen -t FILE\n\n"
		"Write a synthetic history, or read one and say how long it takes.\n\n"
		"  -n DEVICES  4096\n  -d DAYS     365\n  -e EVENTS   10000000 rows\n"
		"  -u SECONDS  since 1970, when it ends; now\n");
	exit(status);
}

int main(int argc, char **argv)
{
	struct world world = { .random = 88172645463325252ULL };
	struct cw_error err = { 0 };
	bool time_only = false;
	int option;

	while ((option = getopt(argc, argv, "n:d:e:u:th")) >= 0) {
		switch (option) {
		case 'n':
			options.devices = strtoul(optarg, NULL, 10);
			break;
		case 'd':
			options.days = strtoul(optarg, NULL, 10);
			break;
		case 'e':
			options.events = strtoul(optarg, NULL, 10);
			break;
		case 'u':
			options.until = strtoll(optarg, NULL, 10);
			break;
		case 't':
			time_only = true;
			break;
		case 'h':
			usage(0);
			break;
		default:
			usage(2);
		}
	}
	if (optind + 1 != argc || options.devices < 32 || !options.days)
		usage(2);
	if (time_only) {
		measure(argv[optind]);
		return 0;
	}
	options.until = (options.until ?: time(NULL)) / HOUR * HOUR;
	world.now.time = options.until - (int64_t)options.days * DAY;
	world.now.synchronized = true;
	world.history = cw_history_open(argv[optind], CW_HISTORY_WRITE, &err);
	check(world.history ? 0 : -1, &err);
	cw_history_set_evidence(world.history, evidence, NULL);
	make_devices(&world);
	make_policy(&world);
	fill(&world);
	cw_history_close(world.history);
	cw_policy_free(world.policy);
	free(world.devices);
	return 0;
}
