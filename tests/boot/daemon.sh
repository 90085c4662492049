#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# camwalld under its unit: it works in the cage that systemd makes for it.
# shellcheck source=tests/boot/machine.sh
. "$(dirname "$0")/machine.sh"

DATABASE=/var/lib/camwall/history.db

prepare()
{
	policy drop >"$CONFIG"
	mkdir -p /etc/systemd/system/camwalld.service.d
	cat >/etc/systemd/system/camwalld.service.d/test.conf <<-END
		[Service]
		WatchdogSec=3
		RestartSec=1
		SystemCallErrorNumber=kill
	END
	printf '[history]\ninterval = 1s\n' >>"$CONFIG"
}

sql() { sqlite3 -readonly -cmd ".timeout 5000" "$DATABASE" "$1"; }
gives() { wait_for 15 is_result "$1" "$2" || equal "$1" "$(sql "$1")" "$2"; }
is_result() { [ "$(sql "$1")" = "$2" ]; }
pid() { property camwalld.service MainPID; }

writes_history()
{
	is_active camwalld.service
	equal user "$(stat -c %U "/proc/$(pid)")" camwall
	equal owner "$(stat -c %U:%a "$DATABASE")" camwall:640
	gives "select count(*) from device where mac = $((16#${CAMERA//:/}))" 1
	gives "select count(*) > 0 from device_sample" 1
}

in_its_cage()
{
	local status

	status=$(cat "/proc/$(pid)/status")
	contains "$status" $'CapBnd:\t0000000000001000'
	contains "$status" $'CapEff:\t0000000000001000'
	contains "$status" $'NoNewPrivs:\t1'
	contains "$status" $'Seccomp:\t2'
	fails nsenter --mount="/proc/$(pid)/ns/mnt" touch /etc/camwall/x
	fails nsenter --mount="/proc/$(pid)/ns/mnt" touch /usr/x
	equal "score" "$(systemd-analyze security camwalld.service --threshold=20 >/dev/null && echo low)" low
}

# What it is told, it hears, and who did it.
hears_events()
{
	local before

	before=$(sql "select count(*) from policy")
	policy observe >"$CONFIG"
	printf '[history]\ninterval = 1s\n' >>"$CONFIG"
	systemctl reload camwall.service
	gives "select count(*) from policy" $((before + 1))
	contains "$(sql "select text from policy_change")" "action drop -> observe"
	equal user "$(sql "select user from policy order by id desc limit 1")" root
}

reloads()
{
	local before

	before=$(pid)
	systemctl reload camwalld.service
	is_active camwalld.service
	equal "process" "$(pid)" "$before"
}

restarts()
{
	local before

	before=$(sql "select count(*) from run")
	systemctl restart camwalld.service
	is_active camwalld.service
	gives "select count(*) from run" $((before + 1))
}

watched()
{
	local before

	before=$(pid)
	sleep 5
	equal "process after 5 s with a watchdog of 3 s" "$(pid)" "$before"
	kill -STOP "$before"
	wait_for 30 is_another "$before"
	contains "$(messages camwalld.service)" "Watchdog timeout"
	wait_for 15 is_up
}
is_another() { [ "$(pid)" -ne 0 ] && [ "$(pid)" -ne "$1" ]; }
is_up() { is_active camwalld.service; }

# The unit answers a call that its filter refuses with EPERM, of which nobody hears; here it is the end.
no_call_refused()
{
	equal "ends by the filter" "$(messages camwalld.service | sed -n '/status=31\/SYS/p')" ""
	equal "errors" "$(journalctl -b -q -o cat -t camwalld -p err)" ""
}

it "it is active, and writes its history as its own user" writes_history
it "it has one right, and may write nowhere else" in_its_cage
it "it hears of a policy, and whose it is" hears_events
it "it reloads" reloads
it "it restarts" restarts
it "the watchdog sees it alive, and restarts it where it hangs" watched
it "no call of it was refused" no_call_refused
go
