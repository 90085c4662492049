// SPDX-License-Identifier: GPL-2.0-or-later
/* The history's tables, by version of the schema; Documentation/history.md explains each. */
#include "history_private.h"

/* What is counted of one direction, as in struct cw_policy_counters. */
#define COUNTERS_OF(direction)						\
	direction "_packets INTEGER NOT NULL, "				\
	direction "_bytes INTEGER NOT NULL, "				\
	direction "_policy INTEGER NOT NULL, "				\
	direction "_not_allowed INTEGER NOT NULL, "			\
	direction "_limit INTEGER NOT NULL, "				\
	direction "_malformed INTEGER NOT NULL"
#define COUNTERS	COUNTERS_OF("from") ", " COUNTERS_OF("to")

/* The traffic of a subject, device or device_group: by sample, by hour, by day. */
#define TRAFFIC(subject, table)						\
	"CREATE TABLE " table "_sample ("				\
	"  id INTEGER PRIMARY KEY,"					\
	"  start INTEGER NOT NULL, seconds INTEGER NOT NULL,"		\
	"  " subject " INTEGER NOT NULL, " COUNTERS ");"		\
	"CREATE TABLE " table "_hour ("					\
	"  start INTEGER NOT NULL, " subject " INTEGER NOT NULL, " COUNTERS "," \
	"  PRIMARY KEY (start, " subject ")) WITHOUT ROWID;"		\
	"CREATE TABLE " table "_day ("					\
	"  start INTEGER NOT NULL, " subject " INTEGER NOT NULL, " COUNTERS "," \
	"  PRIMARY KEY (start, " subject ")) WITHOUT ROWID;"

static const char version_1[] =
	"CREATE TABLE meta (key TEXT PRIMARY KEY, value) WITHOUT ROWID;"

	"CREATE TABLE registry ("
	"  id INTEGER PRIMARY KEY,"
	"  edition INTEGER NOT NULL, dir TEXT NOT NULL, UNIQUE (edition, dir));"

	"CREATE TABLE run ("
	"  id INTEGER PRIMARY KEY,"
	"  since INTEGER NOT NULL, until INTEGER NOT NULL,"
	"  since_boottime INTEGER NOT NULL, until_boottime INTEGER NOT NULL,"
	"  end_reason TEXT,"
	"  boot_id TEXT NOT NULL, kernel TEXT NOT NULL, module_version TEXT NOT NULL,"
	"  daemon_version TEXT NOT NULL, host TEXT NOT NULL, site TEXT NOT NULL,"
	"  interval INTEGER NOT NULL, clock_synchronized INTEGER NOT NULL,"
	"  registry INTEGER NOT NULL,"
	"  since_event_seq INTEGER NOT NULL, event_seq INTEGER NOT NULL,"
	"  generation INTEGER NOT NULL);"
	"CREATE INDEX run_since ON run (since);"

	"CREATE TABLE device_group (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);"

	"CREATE TABLE evidence ("
	"  id INTEGER PRIMARY KEY,"
	"  prefix INTEGER NOT NULL, prefix_length INTEGER NOT NULL,"
	"  pack TEXT NOT NULL, pack_title TEXT NOT NULL, pack_date TEXT NOT NULL,"
	"  organization TEXT NOT NULL, registry INTEGER NOT NULL,"	/* 0: none */
	"  UNIQUE (prefix, prefix_length, pack, pack_title, pack_date, organization, registry));"

	"CREATE TABLE device ("
	"  id INTEGER PRIMARY KEY,"
	"  mac INTEGER NOT NULL UNIQUE,"
	"  first_seen INTEGER NOT NULL, first_seen_source TEXT NOT NULL,"
	"  first_seen_synchronized INTEGER NOT NULL);"

	/* What changes with each sample stands apart, so that little has to be written. */
	"CREATE TABLE device_state ("
	"  device INTEGER PRIMARY KEY REFERENCES device,"
	"  last_seen INTEGER NOT NULL, last_seen_synchronized INTEGER NOT NULL,"
	"  run INTEGER NOT NULL REFERENCES run, boottime INTEGER NOT NULL,"
	"  present INTEGER NOT NULL, place INTEGER, ipv4 BLOB, ipv6 BLOB, " COUNTERS ");"
	"CREATE INDEX device_present ON device_state (device) WHERE present = 1;"
	"CREATE TABLE group_state ("
	"  device_group INTEGER PRIMARY KEY REFERENCES device_group,"
	"  run INTEGER NOT NULL REFERENCES run, boottime INTEGER NOT NULL, " COUNTERS ");"

	"CREATE TABLE classification ("
	"  device INTEGER NOT NULL REFERENCES device, since INTEGER NOT NULL, until INTEGER,"
	"  device_group INTEGER NOT NULL REFERENCES device_group,"
	"  evidence INTEGER REFERENCES evidence,"
	"  PRIMARY KEY (device, since)) WITHOUT ROWID;"

	"CREATE TABLE place ("
	"  id INTEGER PRIMARY KEY,"
	"  ifname TEXT NOT NULL, vlan INTEGER NOT NULL, vlan_protocol INTEGER NOT NULL,"
	"  port TEXT NOT NULL, UNIQUE (ifname, vlan, vlan_protocol, port));"
	"CREATE TABLE sighting ("
	"  device INTEGER NOT NULL REFERENCES device, place INTEGER NOT NULL REFERENCES place,"
	"  since INTEGER NOT NULL, until INTEGER,"
	"  PRIMARY KEY (device, place, since)) WITHOUT ROWID;"
	"CREATE TABLE address ("
	"  device INTEGER NOT NULL REFERENCES device, address BLOB NOT NULL,"
	"  since INTEGER NOT NULL, until INTEGER,"
	"  PRIMARY KEY (device, address, since)) WITHOUT ROWID;"
	"CREATE TABLE host_name ("
	"  device INTEGER NOT NULL REFERENCES device, name TEXT NOT NULL, source TEXT NOT NULL,"
	"  since INTEGER NOT NULL, until INTEGER,"
	"  PRIMARY KEY (device, name, source, since)) WITHOUT ROWID;"

	"CREATE INDEX sighting_open ON sighting (device) WHERE until IS NULL;"
	"CREATE INDEX address_open ON address (device) WHERE until IS NULL;"
	"CREATE INDEX host_name_open ON host_name (device) WHERE until IS NULL;"

	TRAFFIC("device", "device")
	TRAFFIC("device_group", "group")

	"CREATE TABLE event ("
	"  id INTEGER PRIMARY KEY,"
	"  time_ms INTEGER NOT NULL, run INTEGER NOT NULL, type INTEGER NOT NULL,"
	"  device INTEGER, place INTEGER, previous INTEGER, reason INTEGER, direction INTEGER,"
	"  ref INTEGER, span_ms INTEGER, count INTEGER NOT NULL, frames INTEGER);"
	/* Drops are by far the most: what else happened is found without reading them. */
	"CREATE INDEX event_rare ON event (time_ms) WHERE type <> 4;"
	"CREATE INDEX event_own ON event (time_ms) WHERE type >= 100;"
	"CREATE TABLE event_hour ("
	"  start INTEGER PRIMARY KEY, first INTEGER NOT NULL, last INTEGER NOT NULL);"
	"CREATE TABLE event_day ("
	"  start INTEGER NOT NULL, type INTEGER NOT NULL, device_group INTEGER NOT NULL,"
	"  count INTEGER NOT NULL, frames INTEGER NOT NULL,"
	"  PRIMARY KEY (start, type, device_group)) WITHOUT ROWID;"

	"CREATE TABLE policy_text ("
	"  id INTEGER PRIMARY KEY, sha256 BLOB NOT NULL UNIQUE, text TEXT NOT NULL);"
	"CREATE TABLE policy ("
	"  id INTEGER PRIMARY KEY,"
	"  run INTEGER NOT NULL REFERENCES run, generation INTEGER NOT NULL,"
	"  since INTEGER NOT NULL, until INTEGER, source TEXT NOT NULL,"
	"  written INTEGER NOT NULL, digest BLOB, file TEXT,"
	"  uid INTEGER, user TEXT, portid INTEGER, process TEXT,"
	"  group_count INTEGER NOT NULL, prefix_count INTEGER NOT NULL,"
	"  exemption_count INTEGER NOT NULL,"
	"  text INTEGER REFERENCES policy_text);"
	"CREATE INDEX policy_since ON policy (since);"
	"CREATE TABLE policy_change ("
	"  policy INTEGER NOT NULL REFERENCES policy, number INTEGER NOT NULL,"
	"  text TEXT NOT NULL, PRIMARY KEY (policy, number)) WITHOUT ROWID;"

	"CREATE TABLE exemption ("
	"  id INTEGER PRIMARY KEY,"
	"  mac INTEGER NOT NULL, reason TEXT NOT NULL, approved_by TEXT NOT NULL,"
	"  since INTEGER NOT NULL, until INTEGER NOT NULL,"
	"  policy INTEGER REFERENCES policy,"
	"  ended INTEGER, how TEXT, end_policy INTEGER REFERENCES policy);"
	"CREATE INDEX exemption_open ON exemption (mac) WHERE ended IS NULL;";

/* A year of many devices is too much to add up day by day, each time that somebody asks. */
#define SUM_OF(direction)						\
	"sum(" direction "_packets), sum(" direction "_bytes), sum(" direction "_policy), " \
	"sum(" direction "_not_allowed), sum(" direction "_limit), sum(" direction "_malformed)"

static const char version_2[] =
	"ALTER TABLE device_state ADD COLUMN born INTEGER NOT NULL DEFAULT 0;"
	"CREATE TABLE device_month ("
	"  start INTEGER NOT NULL, device INTEGER NOT NULL, " COUNTERS ","
	"  PRIMARY KEY (start, device)) WITHOUT ROWID;"
	"INSERT INTO device_month SELECT CAST(strftime('%s', start, 'unixepoch', 'start of month')"
	"  AS INTEGER) AS month, device, " SUM_OF("from") ", " SUM_OF("to")
	"  FROM device_day GROUP BY month, device;"
	"CREATE TABLE presence_day ("
	"  start INTEGER NOT NULL, device_group INTEGER NOT NULL, pack TEXT NOT NULL,"
	"  devices INTEGER NOT NULL, PRIMARY KEY (start, device_group, pack)) WITHOUT ROWID;"
	"INSERT INTO presence_day SELECT start, device_group, coalesce(pack, ''), count(*)"
	"  FROM device_day JOIN (SELECT device, device_group, evidence, max(since)"
	"   FROM classification GROUP BY device) c ON c.device = device_day.device"
	"  LEFT JOIN evidence ON evidence.id = c.evidence GROUP BY 1, 2, 3;";

const char *const cw_history_migrations[] = { version_1, version_2 };
const int cw_history_version = sizeof(cw_history_migrations) / sizeof(cw_history_migrations[0]);
