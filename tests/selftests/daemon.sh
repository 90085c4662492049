#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# camwalld keeps the history, whatever happens to it, to the module, to the clock and to the disk.
. "$(dirname "$0")/topology.sh"

CAMWALLD=${CAMWALL%/*}/camwalld
INTERVAL=1

policy()
{
	cat <<-EOF
		[camwall]
		interfaces = lan*
		[group cameras]
		prefix = 44:19:b6
		action = ${1-observe}
	EOF
}

setup()
{
	namespace ns
	wire "$ns" cam0 lan0
	dir=$(mktemp -d "$tmp/history.XXXX")
	db=$dir/history.db
	config=$dir/camwall.conf
	policy >"$config"
}

# daemon [OPTION...]: start it, and wait until it watches.
daemon()
{
	local runs

	runs=$(sql "select count(*) from run" 2>/dev/null || echo 0)
	start daemon_pid "$ns" "$CAMWALLD" -f "$config" --database "$db" --interval $INTERVAL "$@"
	wait_for 10 more_runs_than "$runs"
}

more_runs_than() { [ "$(sql "select count(*) from run" 2>/dev/null || echo 0)" -gt "$1" ]; }

# sql QUERY: as a reader beside the daemon.
sql() { sqlite3 -readonly -cmd ".timeout 5000" "$db" "$1"; }

# gives QUERY WANTED: within a few intervals.
gives()
{
	wait_for 10 is_result "$1" "$2" || equal "$1" "$(sql "$1")" "$2"
}
is_result() { [ "$(sql "$1")" = "$2" ]; }

applied() { cw "$ns" apply "$config"; }
from_camera() { frames "$ns" cam0 lan0 $CAMERA; }
MAC_OF_CAMERA=$((16#${CAMERA//:/}))

keeps()
{
	setup
	daemon
	applied
	from_camera
	gives "select count(*) from device where mac = $MAC_OF_CAMERA and first_seen_source = 'event'" 1
	gives "select sum(from_packets) from device_sample" 5
	gives "select sum(from_packets) from group_sample" 5
	equal "where" "$(sql "select ifname from sighting join place on place.id = place")" lan0
	equal "group" "$(sql "select name from classification join device_group g on g.id = device_group")" cameras
	equal "prefix that matched" "$(sql "select printf('%x/%d', prefix, prefix_length) from evidence")" \
		4419b6000000/24
	gives "select count(*) from event where type = 0" 1
	from_camera
	gives "select sum(from_packets) from device_sample" 10
}

# Who applies may have ended before the daemon looks: this one cannot say what it did, and waits.
apply_slowly()
{
	mkfifo "$dir/full"
	exec 7<>"$dir/full"
	timeout 2 cat /dev/zero >&7 || :
	within "$ns" "$CAMWALL" apply "$config" >&7 &
	slow=$!
	defer "kill -KILL $slow"
}

audits()
{
	setup
	daemon
	apply_slowly
	gives "select count(*) from policy where source = 'event'" 1
	equal "hash" "$(sql "select lower(hex(digest)) from policy where source = 'event'")" \
		"$(sha256sum "$config" | cut -d' ' -f1)"
	equal "file" "$(sql "select file from policy where source = 'event'")" "$config"
	contains "$(sql "select user from policy where source = 'event'")" root
	contains "$(sql "select process from policy where source = 'event'")" "camwall apply $config"
	kill "$slow"
	contains "$(sql "select text from policy_change")" "group cameras added: action observe"
	equal "text" "$(sql "select policy_text.text from policy_text join policy on policy.text = policy_text.id where source = 'event'")" \
		"$(cw "$ns" save | grep -v '^#')"
	policy drop >"$config"
	applied
	gives "select count(*) from policy where source = 'event'" 2
	equal "the one before has ended" "$(sql "select count(*) from policy where until is null")" 1
	contains "$(sql "select text from policy_change")" "action observe -> drop"
}

exempts()
{
	local until

	setup
	policy drop >"$config"
	until=$(($(date +%s) + 10))
	cat >>"$config" <<-EOF
		[exempt $CAMERA]
		until = $(date -u -d "@$until" +%FT%TZ)
		reason = firmware, ticket 4711
		approved-by = J. Doe
	EOF
	daemon
	applied
	gives "select reason || '|' || approved_by || '|' || until from exemption" "firmware, ticket 4711|J. Doe|$until"
	equal "granted by" "$(sql "select source from exemption e join policy on policy.id = e.policy")" event
	wait_for 25 is_result "select how || ended from exemption" "expired$until"
	gives "select count(*) from event join exemption e on e.id = ref where type = 5" 1
}

withdraws()
{
	setup
	policy drop >"$config"
	cat >>"$config" <<-EOF
		[exempt $CAMERA]
		until = $(date -u -d "+1 hour" +%FT%TZ)
		reason = contract
		approved-by = J. Doe
	EOF
	daemon
	applied
	gives "select count(*) from exemption where ended is null" 1
	policy drop >"$config"
	applied
	gives "select how, source from exemption e join policy p on p.id = end_policy" "withdrawn|event"
}

drops_privileges()
{
	local status

	setup
	chmod 755 "$tmp"
	chmod 755 "$dir"
	mkdir "$dir/state"
	chown nobody "$dir/state"
	db=$dir/state/history.db
	daemon --user nobody
	status=$(cat "/proc/$daemon_pid/status")
	contains "$status" "Uid:	$(id -u nobody)	$(id -u nobody)	$(id -u nobody)	$(id -u nobody)"
	contains "$status" "CapEff:	0000000000001000"
	contains "$status" "CapPrm:	0000000000001000"
	contains "$status" "CapBnd:	0000000000000000"
	contains "$status" "CapAmb:	0000000000000000"
	contains "$status" "NoNewPrivs:	1"
	equal "owner of the history" "$(stat -c %U:%a "$db")" nobody:640
	applied
	from_camera
	gives "select sum(from_packets) from device_sample" 5
}

# As a systemd unit does: another user from the beginning, with an ambient capability.
starts_as_user()
{
	command -v setpriv || skip "no command setpriv"
	setup
	chmod 755 "$tmp"
	chmod 755 "$dir"
	mkdir "$dir/state"
	chown nobody "$dir/state"
	db=$dir/state/history.db
	start daemon_pid "$ns" setpriv --reuid nobody --clear-groups --inh-caps=-all,+net_admin \
		--ambient-caps=-all,+net_admin --bounding-set=-all,+net_admin --no-new-privs \
		"$CAMWALLD" -f "$config" --database "$db" --interval $INTERVAL
	wait_for 10 more_runs_than 0
	contains "$(cat "/proc/$daemon_pid/status")" "CapEff:	0000000000001000"
	contains "$(cat "/proc/$daemon_pid/status")" "CapAmb:	0000000000000000"
	applied
	from_camera
	gives "select sum(from_packets) from device_sample" 5
}

survives_kill()
{
	setup
	daemon
	applied
	from_camera
	gives "select sum(from_packets) from device_sample" 5
	kill -KILL "$daemon_pid"
	wait "$daemon_pid" || :
	equal "integrity" "$(sql "pragma integrity_check")" ok
	from_camera
	sleep 2
	daemon
	equal "runs" "$(sql "select group_concat(coalesce(end_reason, 'goes on'), ' ') from run")" "killed goes on"
	equal "the gap" "$(sql "select min(since) - (select until from run where id = 1) >= 2 from run where id = 2")" 1
	# What was counted meanwhile is neither lost nor counted twice, and the policy went on.
	gives "select sum(from_packets) from device_sample" 10
	equal "policies" "$(sql "select count(*) from policy where until is null")" 1
	equal "integrity" "$(sql "pragma integrity_check")" ok
}

stops()
{
	setup
	daemon
	applied
	from_camera
	stop daemon_pid
	equal "how it ended" "$(sql "select end_reason from run")" stopped
	equal "the last sample" "$(sql "select sum(from_packets) from device_sample")" 5
}

reloads_module()
{
	is_module || skip "the module is built into this kernel"
	setup
	no_autoload
	daemon
	applied
	from_camera
	gives "select sum(from_packets) from device_sample" 5
	unload_module
	gives "select end_reason from run" module
	equal "policies in force" "$(sql "select count(*) from policy where until is null")" 0
	load_module
	gives "select count(*) from run where end_reason is null" 1
	applied
	from_camera
	from_camera
	gives "select sum(from_packets) from device_sample" 15
	gives "select sum(from_packets) from group_sample" 15
	equal "devices" "$(sql "select count(*) from device")" 1
}

# The clock goes back however this ends; bash's SECONDS go with the clock.
uptime_seconds() { cut -d. -f1 /proc/uptime; }
set_clock_back() { date -s "@$((clock_before + $(uptime_seconds) - uptime_before))"; }

follows_clock()
{
	setup
	daemon
	applied
	from_camera
	gives "select sum(from_packets) from device_sample" 5
	clock_before=$(date +%s) uptime_before=$(uptime_seconds)
	defer set_clock_back
	date -s "@$((clock_before + 7200))"
	gives "select group_concat(coalesce(end_reason, 'goes on'), ' ') from run" "clock goes on"
	equal "the next begins at once" \
		"$(sql "select max(since_boottime) - min(until_boottime) <= 1 from run")" 1
	equal "by the new clock" "$(sql "select max(since) - min(until) between 7190 and 7210 from run")" 1
	from_camera
	gives "select sum(from_packets) from device_sample" 10
	set_clock_back
	gives "select group_concat(coalesce(end_reason, 'goes on'), ' ') from run" "clock clock goes on"
	from_camera
	gives "select sum(from_packets) from device_sample" 15
	equal "policies in force" "$(sql "select count(*) from policy where until is null")" 1
}

# A power cut: what is not on the disk is lost, the file system's journal not excepted.
survives_power_cut()
{
	local disk=$tmp/disk

	command -v mkfs.ext4 || skip "no command mkfs.ext4"
	setup
	truncate -s 32M "$disk"
	mkfs.ext4 -q "$disk"
	mkdir "$dir/disk"
	modprobe -q loop || :
	mount -o loop "$disk" "$dir/disk" || skip "no ext4 on a loop device"
	defer "umount -l $dir/disk"
	db=$dir/disk/history.db
	daemon
	applied
	from_camera
	gives "select sum(from_packets) from device_sample" 5
	"$here/shutdown" "$dir/disk"
	from_camera
	kill -KILL "$daemon_pid"
	wait "$daemon_pid" || :
	umount "$dir/disk"
	mount -o loop "$disk" "$dir/disk"
	equal "integrity" "$(sqlite3 "$db" "pragma integrity_check")" ok
	equal "what was said to be written" "$(sql "select sum(from_packets) from device_sample")" 5
	daemon
	gives "select sum(from_packets) from device_sample" 10
	equal "runs" "$(sql "select group_concat(coalesce(end_reason, 'goes on'), ' ') from run")" "killed goes on"
	equal "policies" "$(sql "select count(*) from policy where until is null")" 1
	stop daemon_pid
}

# What it wrote makes a report, beside it and afterwards, on a medium that cannot be written to.
report_of() { "$CAMWALL" report --database "$1" --format json; }

makes_report()
{
	local report

	setup
	daemon
	policy drop >"$config"
	applied
	from_camera
	gives "select sum(from_packets) from group_sample" 5
	# A report ends with the last full second.
	sleep 1
	report=$(report_of "$db")
	equal "devices" "$(value '.devices[] | "\(.mac) \(.group) \(.interface)"' <<<"$report")" "$CAMERA cameras lan0"
	equal "blocked" "$(value '.devices[0].from.dropped_by_reason.policy' <<<"$report")" 5
	stop daemon_pid
	mkdir "$dir/archive"
	mount -t tmpfs none "$dir/archive"
	defer "umount -l $dir/archive"
	cp "$db" "$dir/archive/2026 100%?.db"
	mount -o remount,ro "$dir/archive"
	equal "from an archive" "$(report_of "$dir/archive/2026 100%?.db" | value '.devices[].mac')" "$CAMERA"
}

said() { grep -c -- "$1" "$tmp/daemon_pid"; }
has_said() { [ "$(said "$1")" -ge 1 ]; }

survives_full_disk()
{
	setup
	mkdir "$dir/small"
	mount -t tmpfs -o size=2M none "$dir/small"
	defer "umount -l $dir/small"
	db=$dir/small/history.db
	daemon
	applied
	from_camera
	gives "select sum(from_packets) from device_sample" 5
	dd if=/dev/zero of="$dir/small/filler" bs=4k status=none || :
	policy drop >"$config"
	applied
	equal "frames that pass with a full disk" "$(from_camera)" 0
	wait_for 10 has_said "the history cannot be written"
	sleep 3
	equal "how often it is said" "$(said "the history cannot be written")" 1
	kill -0 "$daemon_pid"
	rm "$dir/small/filler"
	wait_for 10 has_said "the history can be written again"
	gives "select sum(from_packets) from device_sample" 10
	gives "select count(*) from policy where source = 'event'" 2
	equal "the stop is told" "$(sql "select count(*) from event where type = 102 and count = 0")" 1
	equal "integrity" "$(sql "pragma integrity_check")" ok
}

logs_json()
{
	setup
	daemon --log-file "$dir/events.json"
	applied
	from_camera
	wait_for 10 grep -q device-new "$dir/events.json"
	equal "objects that are none" "$(jq -r 'select(.event == null)' "$dir/events.json")" ""
	mv "$dir/events.json" "$dir/events.json.1"
	kill -HUP "$daemon_pid"
	wait_for 10 test -e "$dir/events.json"
	policy drop >"$config"
	applied
	wait_for 10 grep -q config-changed "$dir/events.json"
	wait_for 10 grep -q device-dropped "$dir/events.json" || from_camera
	contains "$(stat -c %a "$dir/events.json")" 640
}

one_writer()
{
	setup
	daemon
	refused 1 within "$ns" "$CAMWALLD" -f "$config" --database "$db"
	contains "$said" "another camwalld writes this history"
	echo "[history]" >>"$config"
	echo "intervall = 5" >>"$config"
	refused 1 within "$ns" "$CAMWALLD" -f "$config" --database "$dir/other.db"
	contains "$said" "camwall.conf:7: unknown key \"intervall\" in [history]: did you mean \"interval\"?"
	refused 1 cw "$ns" apply "$config"
	contains "$said" "did you mean \"interval\"?"
}

# What systemd hears: socat takes the place of its socket.
notifies()
{
	command -v socat || skip "no command socat"
	setup
	socat -u "UNIX-RECVFROM:$dir/notify,fork" "OPEN:$dir/heard,creat,append" &
	defer "kill $!"
	wait_for 5 test -S "$dir/notify"
	export NOTIFY_SOCKET=$dir/notify WATCHDOG_USEC=1000000
	daemon
	wait_for 5 grep -q READY=1 "$dir/heard"
	wait_for 5 grep -q WATCHDOG=1 "$dir/heard"
	stop daemon_pid
	wait_for 5 grep -q STOPPING=1 "$dir/heard"
	grep -q "STATUS=watching" "$dir/heard"
}

prepare
[ -x "$CAMWALLD" ] || skip_all "no camwalld beside camwall"
[ -n "$(command -v sqlite3)" ] || skip_all "no command sqlite3"
it "devices, places, groups, evidence and traffic are kept" keeps
it "who applied which policy, with its hash, its text and what changed" audits
it "an exemption's end is recorded with its second" exempts
it "an exemption that a policy withdraws" withdraws
it "it keeps CAP_NET_ADMIN and nothing else" drops_privileges
it "it starts as another user, as systemd starts it" starts_as_user
it "a kill costs a gap, no traffic, and no integrity" survives_kill
it "a power cut takes nothing that was said to be written" survives_power_cut
it "it makes a report, also from a medium that cannot be written to" makes_report
it "told to end, it writes a last sample" stops
it "a module that is loaded again counts anew" reloads_module
it "a clock that jumps begins a new run" follows_clock
it "a full disk stops the history, and nothing else" survives_full_disk
it "events as JSON lines, in a file that can be rotated" logs_json
it "one daemon writes a history, and a wrong key is refused" one_writer
it "systemd is told" notifies
run
