/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the unit tests of the history share: a database, a clock that they turn, devices, a policy. */
#ifndef CW_HISTORY_WORLD_H
#define CW_HISTORY_WORLD_H

#include "unit.h"

#include "history_private.h"
#include "history_write.h"
#include "mac.h"

#define DAY	86400LL
#define HOUR	3600LL
#define START	1798761600	/* 2027-01-01T00:00:00Z */
#define CAMERA	0x4419b6000001ULL

static const char *const world_files[] = {
	"history.db", "history.db-wal", "history.db-shm", "history.db.lock", NULL,
};

static const struct cw_history_limits world_limits = { 400 * DAY, 35 * DAY, DAY, 100 };

/** struct world - @now: turned by the test */
struct world {
	char *dir;
	struct cw_history *history;
	struct cw_moment now;
	struct cw_policy *policy;
	struct cw_device device;
	const char *boot_id;
	uint64_t seq;
};

static inline void world_ok(int ret, const struct cw_error *err)
{
	unit_expect_none(err);
	assert_int_equal(ret, 0);
}

#define OK(call) do { struct cw_error err = { 0 }; world_ok(call, &err); } while (0)

static inline void world_open(struct world *world)
{
	struct cw_error why = { 0 };
	char path[4096];

	snprintf(path, sizeof(path), "%s/history.db", world->dir);
	world->history = cw_history_open(path, CW_HISTORY_WRITE, &why);
	unit_expect_none(&why);
	OK(cw_history_describe(world->history, "site", "host", &world_limits, &world->now, &err));
}

static inline void world_run(struct world *world, bool fresh)
{
	const struct cw_history_run run = {
		.interval = 60, .boot_id = world->boot_id, .kernel = "6.1", .module_version = "0",
		.daemon_version = "0", .host = "host", .site = "site", .registry_dir = "",
	};

	OK(cw_history_run_begin(world->history, &run, world->seq, 1, fresh, &world->now, &err));
}

static inline struct world world_new(void)
{
	struct world world = {
		.dir = unit_folder(), .boot_id = "boot-1", .now = { START, 1000, true },
		.policy = cw_policy_new(),
	};

	strcpy(cw_policy_group_add(world.policy)->name, "cameras");
	cw_policy_interface_add(world.policy, "lan*");
	cw_policy_prefix_add(world.policy, cw_prefix_pack(0x4419b6000000ULL, 24, 0));
	world.policy->generation = 1;
	world.device.mac = CAMERA;
	strcpy(world.device.group, "cameras");
	strcpy(world.device.place.ifname, "lan0");
	world.device.first_seen = START;
	world.device.last_seen = START;
	world_open(&world);
	world_run(&world, false);
	return world;
}

static inline void world_end(struct world *world)
{
	cw_history_close(world->history);
	cw_policy_free(world->policy);
	unit_remove(world->dir, world_files);
}

static inline void world_pass(struct world *world, int64_t seconds)
{
	world->now.time += seconds;
	world->now.boottime += seconds;
}

/* The kernel's entry has counted that much, and is sampled. */
static inline void world_sample(struct world *world, uint64_t packets)
{
	struct cw_policy_group *group = &world->policy->groups[0];

	world->device.from.packets = packets;
	world->device.last_seen = world->now.time;
	group->from.packets = packets;
	OK(cw_history_write_sample(world->history, world->policy, &world->device, NULL, 1, &world->now,
				   &err));
	OK(cw_history_run_extend(world->history, world->seq, 1, &world->now, &err));
}

static inline int64_t world_number(struct world *world, const char *sql)
{
	int64_t value = -1;

	OK(cw_sql_int(world->history, sql, CW_NO_VALUES, &value, &err) < 0 ? -1 : 0);
	return value;
}

static inline void world_expect_text(struct world *world, const char *sql, const char *text)
{
	struct cw_error err = { 0 };
	sqlite3_stmt *stmt = cw_sql_query(world->history, sql, CW_NO_VALUES, &err);

	unit_expect_none(&err);
	assert_int_equal(cw_sql_step(world->history, stmt, &err), 1);
	assert_string_equal(cw_sql_text(stmt, 0), text);
	sqlite3_reset(stmt);
}

#endif
