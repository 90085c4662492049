-- SPDX-License-Identifier: GPL-2.0-or-later
-- A small history for the report's golden files: a town hall from 2026-08-03 to 2026-11-25.
-- Moments are written as dates, so that a reader can follow them. Some names are hostile on purpose.
INSERT OR REPLACE INTO meta VALUES ('id', '0123456789abcdef0123456789abcdef'), ('created', unixepoch('2026-08-03 07:59:00')),
 ('site', 'Town Hall'), ('host', 'gw-townhall'), ('retention', 34560000), ('hour_retention', 3024000),
 ('sample_retention', 172800), ('rolled_device', 0), ('rolled_group', 0);
INSERT INTO registry (id, edition, dir) VALUES (1, unixepoch('2026-06-12'), '/usr/share/ieee-data');

-- Stopped for a week, killed for five minutes, without the module for 40, and a restart of the machine.
INSERT INTO run (id, since, until, since_boottime, until_boottime, end_reason, boot_id, kernel, module_version,
 daemon_version, host, site, interval, clock_synchronized, registry, since_event_seq, event_seq, generation) VALUES
 (1, unixepoch('2026-08-03 08:00:00'), unixepoch('2026-08-31 06:00:00'), 100, 2412100, 'stopped', 'boot-a', '6.1.0', '0.1.0', '0.1.0', 'gw-townhall', 'Town Hall', 60, 1, 1, 0, 10, 1),
 (2, unixepoch('2026-09-07 06:00:00'), unixepoch('2026-10-05 12:00:00'), 3016900, 5457700, 'killed', 'boot-a', '6.1.0', '0.1.0', '0.1.0', 'gw-townhall', 'Town Hall', 60, 1, 1, 10, 20, 2),
 (3, unixepoch('2026-10-05 12:05:00'), unixepoch('2026-10-20 03:00:00'), 5458000, 6721300, 'module', 'boot-a', '6.1.0', '0.1.0', '0.1.0', 'gw-townhall', 'Town Hall', 60, 1, 1, 20, 30, 3),
 (4, unixepoch('2026-10-20 03:40:00'), unixepoch('2026-11-08 22:00:00'), 6723700, 8431300, 'rebooted', 'boot-a', '6.1.0', '0.1.0', '0.1.0', 'gw-townhall', 'Town Hall', 60, 1, 1, 30, 40, 3),
 (5, unixepoch('2026-11-08 22:10:00'), unixepoch('2026-11-25 16:19:30'), 40, 1447410, NULL, 'boot-b', '6.1.0', '0.1.0', '0.1.0', 'gw-townhall', 'Town Hall', 60, 0, 1, 0, 50, 3);

INSERT INTO device_group VALUES (1, 'hikvision'), (2, 'dahua');
INSERT INTO evidence VALUES
 (1, 0x4419b6000000, 24, 'hikvision', 'Hikvision', '2026-11-23', 'Hangzhou Hikvision Digital Technology Co.,Ltd.', 1),
 (2, 0xb0b353600000, 28, 'hikvision', 'Hikvision', '2026-11-23', 'Hangzhou Hikrobot Technology Co., Ltd.', 1),
 (3, 0x3cef8c000000, 24, 'dahua', 'Dahua', '2026-11-23', 'Zhejiang Dahua Technology Co., Ltd.', 1),
 (4, 0x020000000000, 24, '', '', '', '', 0);
INSERT INTO place VALUES (1, 'lan0', 0, 0, ''), (2, 'lan1', 0, 0, ''), (3, 'br0', 120, 33024, 'lan2');
INSERT INTO device VALUES
 (1, 0x4419b6001001, unixepoch('2026-08-01 10:00:00'), 'inventory', 1),
 (2, 0x4419b6001002, unixepoch('2026-08-03 09:30:00'), 'event', 1),
 (3, 0x4419b6001003, unixepoch('2026-09-14 11:12:13'), 'event', 1),
 (4, 0x3cef8c001001, unixepoch('2026-08-01 10:00:00'), 'inventory', 1),
 (5, 0x3cef8c001002, unixepoch('2026-08-01 10:00:00'), 'inventory', 1),
 (6, 0xb0b353600007, unixepoch('2026-11-20 23:59:59'), 'event', 0),
 (7, 0x020000000001, unixepoch('2026-11-21 08:00:00'), 'event', 1);
INSERT INTO device_state (device, last_seen, last_seen_synchronized, run, boottime, present, place, ipv4, ipv6, from_packets,
 from_bytes, from_policy, from_not_allowed, from_limit, from_malformed, to_packets, to_bytes, to_policy, to_not_allowed, to_limit, to_malformed) VALUES
 (1, unixepoch('2026-11-25 16:19:00'), 1, 5, 1447380, 1, 1, x'c0a80a15', x'fe800000000000004619b6fffe001001', 0,0,0,0,0,0,0,0,0,0,0,0),
 (2, unixepoch('2026-11-25 16:18:00'), 1, 5, 1447380, 1, 1, x'c0a80a16', NULL, 0,0,0,0,0,0,0,0,0,0,0,0),
 (3, unixepoch('2026-11-25 16:17:00'), 1, 5, 1447380, 1, 3, x'c0a87815', NULL, 0,0,0,0,0,0,0,0,0,0,0,0),
 (4, unixepoch('2026-11-25 16:16:00'), 1, 5, 1447380, 1, 2, x'c0a80a17', NULL, 0,0,0,0,0,0,0,0,0,0,0,0),
 (5, unixepoch('2026-09-20 17:00:00'), 1, 2, 4000000, 0, 2, x'c0a80a18', NULL, 0,0,0,0,0,0,0,0,0,0,0,0),
 (6, unixepoch('2026-11-25 16:15:00'), 0, 5, 1447380, 1, 1, x'c0a80a19', NULL, 0,0,0,0,0,0,0,0,0,0,0,0),
 (7, unixepoch('2026-11-25 16:14:00'), 1, 5, 1447380, 1, NULL, NULL, NULL, 0,0,0,0,0,0,0,0,0,0,0,0);
INSERT INTO classification SELECT id, first_seen, NULL, CASE WHEN mac >> 24 = 0x3cef8c THEN 2 ELSE 1 END,
 CASE mac >> 24 WHEN 0x4419b6 THEN 1 WHEN 0xb0b353 THEN 2 WHEN 0x3cef8c THEN 3 ELSE 4 END FROM device;
INSERT INTO host_name VALUES
 (1, 'cam-entrance', 'lease', unixepoch('2026-08-03'), NULL),
 (2, '<script>alert(1)</script>', 'lease', unixepoch('2026-08-03'), NULL),
 (3, '=HYPERLINK("http://203.0.113.80/","open")', 'lease', unixepoch('2026-09-14'), NULL),
 (4, 'cam' || char(0x202e) || 'gnp.exe', 'lease', unixepoch('2026-08-03'), NULL);

-- Traffic: each device on each day from its first to its last, less on Sundays; nothing while the daemon was stopped.
CREATE TEMP VIEW days AS WITH RECURSIVE d(day, n) AS (SELECT unixepoch('2026-08-03'), 0 UNION ALL
 SELECT day + 86400, n + 1 FROM d WHERE day < unixepoch('2026-11-25'))
 SELECT * FROM d WHERE NOT day BETWEEN unixepoch('2026-09-01') AND unixepoch('2026-09-06');
INSERT INTO device_day (start, device, from_packets, from_bytes, from_policy, from_not_allowed, from_limit, from_malformed,
 to_packets, to_bytes, to_policy, to_not_allowed, to_limit, to_malformed)
 SELECT day, id, p, p * 700, CASE WHEN g = 2 AND day >= unixepoch('2026-09-07') THEN p ELSE 0 END,
  CASE WHEN g = 1 AND day >= unixepoch('2026-10-05') THEN p / 10 ELSE 0 END, 0, CASE WHEN id = 6 THEN 1 ELSE 0 END,
  p / 2, p * 40, CASE WHEN g = 2 AND day >= unixepoch('2026-09-07') THEN p / 2 ELSE 0 END,
  CASE WHEN g = 1 AND day >= unixepoch('2026-10-05') THEN p / 100 ELSE 0 END, 0, 0
 FROM (SELECT day, d.id, c.device_group AS g, 1000 * (1 + d.id % 3) + 37 * (n % 11) - CASE WHEN n % 7 = 6 THEN 600 ELSE 0 END AS p
  FROM days, device d JOIN device_state s ON s.device = d.id JOIN classification c ON c.device = d.id
  WHERE day + 86400 > d.first_seen AND day <= s.last_seen);
-- The group's own figures have two frames a day more, of devices that found no place in the inventory.
INSERT INTO group_day SELECT start, device_group, sum(from_packets) + 2, sum(from_bytes) + 120, sum(from_policy), sum(from_not_allowed),
 sum(from_limit), sum(from_malformed), sum(to_packets), sum(to_bytes), sum(to_policy), sum(to_not_allowed), sum(to_limit), sum(to_malformed)
 FROM device_day JOIN classification USING (device) GROUP BY start, device_group;
DROP VIEW days;

-- Roll-ups, as camwalld keeps them.
INSERT INTO device_month SELECT unixepoch(start, 'unixepoch', 'start of month') AS month, device, sum(from_packets), sum(from_bytes),
 sum(from_policy), sum(from_not_allowed), sum(from_limit), sum(from_malformed), sum(to_packets), sum(to_bytes), sum(to_policy),
 sum(to_not_allowed), sum(to_limit), sum(to_malformed) FROM device_day GROUP BY month, device;
INSERT INTO presence_day SELECT start, device_group, pack, count(*) FROM device_day JOIN classification USING (device)
 JOIN evidence ON evidence.id = classification.evidence GROUP BY 1, 2, 3;
INSERT INTO policy_text VALUES
 (1, x'01', '[camwall]' || char(10) || 'interfaces = lan*' || char(10) || char(10) || '[group hikvision]' || char(10) || 'action = observe' || char(10) || 'prefix = 44:19:b6/24' || char(10) || 'prefix = b0:b3:53:60/28' || char(10) || char(10) || '[group dahua]' || char(10) || 'action = observe' || char(10) || 'prefix = 3c:ef:8c/24' || char(10)),
 (2, x'02', '[camwall]' || char(10) || 'interfaces = lan*' || char(10) || char(10) || '[group hikvision]' || char(10) || 'action = observe' || char(10) || 'prefix = 44:19:b6/24' || char(10) || 'prefix = b0:b3:53:60/28' || char(10) || char(10) || '[group dahua]' || char(10) || 'action = drop' || char(10) || 'prefix = 3c:ef:8c/24' || char(10)),
 (3, x'03', '[camwall]' || char(10) || 'interfaces = lan*' || char(10) || char(10) || '[group hikvision]' || char(10) || 'action = isolate' || char(10) || 'allow = 192.168.10.5' || char(10) || 'allow = 192.168.10.1 udp 123' || char(10) || 'prefix = 44:19:b6/24' || char(10) || 'prefix = b0:b3:53:60/28' || char(10) || char(10) || '[group dahua]' || char(10) || 'action = drop' || char(10) || 'prefix = 3c:ef:8c/24' || char(10));
INSERT INTO policy (id, run, generation, since, until, source, written, digest, file, uid, user, portid, process, group_count,
 prefix_count, exemption_count, text) VALUES
 (1, 1, 1, unixepoch('2026-08-03 08:00:00'), unixepoch('2026-09-07 09:30:00'), 'found', unixepoch('2026-08-01 09:00:00'), NULL, NULL, NULL, NULL, NULL, NULL, 2, 3, 0, 1),
 (2, 2, 2, unixepoch('2026-09-07 09:30:00'), unixepoch('2026-10-05 13:00:00'), 'event', unixepoch('2026-09-07 09:29:00'), x'60303ae22b998861bce3b28f33eec1be758a213c86c93c076dbe9f558c11c752', '/etc/camwall/camwall.conf', 0, 'root', 4711, 'camwall', 2, 3, 1, 2),
 (3, 3, 3, unixepoch('2026-10-05 13:00:00'), NULL, 'event', unixepoch('2026-10-05 12:58:00'), x'fd61a03af4f77d870fc21e05e7e80678095c92d808cfb3b5c279ee04c74aca13', '/etc/camwall/camwall.conf', 1000, 'j.doe', 4712, 'camwall', 2, 3, 1, 3);
INSERT INTO policy_change VALUES
 (2, 1, 'group dahua: action observe -> drop'), (2, 2, 'exempt 44:19:b6:00:10:01 added: until 2026-09-30T00:00:00Z, firmware update, approved by J. Doe'),
 (3, 1, 'group hikvision: action observe -> isolate'), (3, 2, 'group hikvision: allow 192.168.10.5 added'),
 (3, 3, 'group hikvision: allow 192.168.10.1 udp 123 added');
INSERT INTO exemption VALUES
 (1, 0x4419b6001001, 'firmware update, ticket 4711', 'J. Doe', unixepoch('2026-09-07 09:30:00'), unixepoch('2026-09-30'), 2, unixepoch('2026-09-30'), 'expired', NULL),
 (2, 0x3cef8c001001, '+1 week, "until the fitter comes"', '@facilities <b>', unixepoch('2026-10-05 13:00:00'), unixepoch('2026-12-24'), 3, unixepoch('2026-10-06 08:00:00'), 'withdrawn', 3),
 (3, 0x4419b6001003, 'contract ends, ticket 4720', 'J. Doe', unixepoch('2026-10-05 13:00:00'), unixepoch('2027-03-31'), 3, NULL, NULL, NULL);
INSERT INTO event (id, time_ms, run, type, count) VALUES (1, unixepoch('2026-11-10 10:00:00') * 1000, 5, 100, 17);
INSERT INTO event_day VALUES (unixepoch('2026-11-12'), 101, 0, 250, 0);
