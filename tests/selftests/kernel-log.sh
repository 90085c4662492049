# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# What the kernel itself reports, in its log and by kmemleak. Shared by run.sh, by scripts/lib/in-guest
# and by tests/fuzz/netlink.

LEAKS=/sys/kernel/debug/kmemleak

# A line of the log that is a report, of whichever checker.
kernel_faults='BUG:|WARNING:|Oops|KASAN|UBSAN|KCSAN|ODEBUG:|general protection|Kernel panic'
kernel_faults+='|possible circular locking|possible recursive locking|inconsistent lock state'
kernel_faults+='|suspicious RCU usage|trying to register non-static key'
kernel_faults+='|turning off the locking correctness validator|scheduling while atomic'
kernel_faults+='|INFO: task .* blocked|rcu: .*detected stall|soft lockup|kmemleak: [0-9]+ new'
kernel_faults+='|refcount_t: |ref_tracker: |unregister_netdevice: waiting|bad page state'

# kernel_mark TEXT: the log from here on is what kernel_log gives for the same text.
kernel_mark() { echo "camwall: $1" 2>/dev/null >/dev/kmsg; }

# kernel_log TEXT: all of it, where there is no such mark, or not any more.
kernel_log()
{
	dmesg 2>/dev/null | awk -v mark="camwall: $1" '
		substr($0, length($0) - length(mark) + 1) == mark { n = 0; next }
		{ line[n++] = $0 }
		END { for (i = 0; i < n; i++) print line[i] }'
}

# kernel_said TEXT: reports since that mark, each with what is around it; fails where there are none.
kernel_said() { kernel_log "$1" | grep -E -B 2 -A 40 "$kernel_faults"; }

has_kmemleak() { [ -w $LEAKS ]; }

# What was reported is not reported again.
forget_leaks() { echo clear >$LEAKS; }

# What looks unused. A scan costs a second or so; an object is reported when it is five seconds old
# and has looked unused, and the same, in several of them: three, as far as was seen.
scan_leaks()
{
	echo scan >$LEAKS
	cat $LEAKS
}

# The same, of everything up to now.
all_leaks()
{
	sleep 6
	scan_leaks >/dev/null
	scan_leaks >/dev/null
	scan_leaks
}
