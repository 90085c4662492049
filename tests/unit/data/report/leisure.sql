-- SPDX-License-Identifier: GPL-2.0-or-later
-- A second site for reports of several: one of its devices was at the town hall before (town.sql).
INSERT OR REPLACE INTO meta VALUES ('id', 'fedcba9876543210fedcba9876543210'), ('created', unixepoch('2026-11-01 07:59:00')),
 ('site', 'Leisure Centre'), ('host', 'gw-leisure'), ('retention', 34560000), ('hour_retention', 3024000),
 ('sample_retention', 172800), ('rolled_device', 0), ('rolled_group', 0);
INSERT INTO run (id, since, until, since_boottime, until_boottime, end_reason, boot_id, kernel, module_version,
 daemon_version, host, site, interval, clock_synchronized, registry, since_event_seq, event_seq, generation) VALUES
 (1, unixepoch('2026-11-01 08:00:00'), unixepoch('2026-11-25 16:19:40'), 100, 2103680, NULL, 'boot-c', '6.1.0', '0.1.0', '0.1.0', 'gw-leisure', 'Leisure Centre', 60, 1, 0, 0, 10, 7);
INSERT INTO device_group VALUES (1, 'cameras');
INSERT INTO evidence VALUES
 (1, 0x3cef8c000000, 24, 'dahua', 'Dahua', '2026-11-23', '', 0),
 (2, 0x4419b6000000, 24, 'hikvision', 'Hikvision', '2026-11-23', '', 0);
INSERT INTO place VALUES (1, 'eth1', 0, 0, '');
INSERT INTO device VALUES
 (1, 0x3cef8c001002, unixepoch('2026-11-02 10:00:00'), 'event', 1),
 (2, 0x4419b600beef, unixepoch('2026-11-03 10:00:00'), 'event', 1);
INSERT INTO device_state (device, last_seen, last_seen_synchronized, run, boottime, present, place, ipv4, ipv6, from_packets,
 from_bytes, from_policy, from_not_allowed, from_limit, from_malformed, to_packets, to_bytes, to_policy, to_not_allowed, to_limit, to_malformed) VALUES
 (1, unixepoch('2026-11-25 16:19:00'), 1, 1, 2103600, 1, 1, x'0a000007', NULL, 0,0,0,0,0,0,0,0,0,0,0,0),
 (2, unixepoch('2026-11-25 16:19:00'), 1, 1, 2103600, 1, 1, x'0a000008', NULL, 0,0,0,0,0,0,0,0,0,0,0,0);
INSERT INTO classification VALUES (1, unixepoch('2026-11-02'), NULL, 1, 1), (2, unixepoch('2026-11-03'), NULL, 1, 2);
INSERT INTO device_day VALUES
 (unixepoch('2026-11-02'), 1, 10, 1000, 10, 0, 0, 0, 5, 500, 5, 0, 0, 0),
 (unixepoch('2026-11-03'), 1, 10, 1000, 10, 0, 0, 0, 5, 500, 5, 0, 0, 0),
 (unixepoch('2026-11-03'), 2, 20, 2000, 20, 0, 0, 0, 6, 600, 6, 0, 0, 0),
 (unixepoch('2026-11-25'), 1, 10, 1000, 10, 0, 0, 0, 5, 500, 5, 0, 0, 0),
 (unixepoch('2026-11-25'), 2, 20, 2000, 20, 0, 0, 0, 6, 600, 6, 0, 0, 0);
INSERT INTO group_day SELECT start, 1, sum(from_packets), sum(from_bytes), sum(from_policy), 0, 0, 0, sum(to_packets), sum(to_bytes),
 sum(to_policy), 0, 0, 0 FROM device_day GROUP BY start;
-- Roll-ups, as camwalld keeps them.
INSERT INTO device_month SELECT unixepoch(start, 'unixepoch', 'start of month') AS month, device, sum(from_packets), sum(from_bytes),
 sum(from_policy), sum(from_not_allowed), sum(from_limit), sum(from_malformed), sum(to_packets), sum(to_bytes), sum(to_policy),
 sum(to_not_allowed), sum(to_limit), sum(to_malformed) FROM device_day GROUP BY month, device;
INSERT INTO presence_day SELECT start, device_group, pack, count(*) FROM device_day JOIN classification USING (device)
 JOIN evidence ON evidence.id = classification.evidence GROUP BY 1, 2, 3;
INSERT INTO policy_text VALUES (1, x'01', '[camwall]' || char(10) || 'interfaces = eth1' || char(10) || '[group cameras]' || char(10) || 'action = drop' || char(10) || 'prefix = 3c:ef:8c/24' || char(10) || 'prefix = 44:19:b6/24' || char(10));
INSERT INTO policy (id, run, generation, since, until, source, written, digest, file, uid, user, portid, process, group_count,
 prefix_count, exemption_count, text) VALUES
 (1, 1, 7, unixepoch('2026-11-01 08:00:00'), NULL, 'found', 0, NULL, NULL, NULL, NULL, NULL, NULL, 1, 2, 0, 1);
