# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# Shared by the selftests of the inventory and of events: policies, frames, what is known of devices.

. "$(dirname "${BASH_SOURCE[0]}")/topology.sh"

NEIGHBOUR=44:19:b6:00:00:02
UDP="ip 10.0.0.7 10.0.0.2 udp 1 1 data 48"

# A namespace with a wire: frames that cam0 sends come in at lan0, which is bound.
setup()
{
	namespace ns
	wire "$ns" cam0 lan0
}

# commit [KEY=VALUE...]: group "cameras" with the block of $CAMERA; what is given comes first.
commit()
{
	within "$ns" "$here/inventory" commit 'interface=lan*' "$@" \
		group=cameras "action=${action-observe}" ${burst+"burst=$burst"} prefix=4419b6
}

# send MAC WORDS [OPTION...]: a frame of the device with that address; prints whether it arrives.
send()
{
	local mac=$1 words=$2

	shift 2
	echo "$words" | within "$ns" "$here/craft" -o "cam${port-0}" -i "lan${port-0}" -m "$mac" "$@"
}

# receive MAC WORDS [OPTION...]: a frame for it.
receive()
{
	local mac=$1 words=$2

	shift 2
	echo "$words" | within "$ns" "$here/craft" -o lan0 -i cam0 -t -m "$mac" "$@"
}

# device [MAC]: what the inventory says of one, as KEY=VALUE...; empty where it is not in it.
device()
{
	within "$ns" "$here/inventory" list | grep " mac=${1-$CAMERA} " || :
}

devices() { within "$ns" "$here/inventory" list | sed -n 's/.* mac=\([^ ]*\) .*/\1/p' | sort; }

# field KEY: of the line on standard input; empty where it is not there.
field() { sed -n "s/^\(.* \)\?$1=\([^ ]*\).*/\2/p"; }

# known KEY [MAC]: one field of one device.
known() { device "${2-$CAMERA}" | field "$1"; }

# knows KEY VALUE [MAC]
knows() { [ "$(known "$1" "${3-$CAMERA}")" = "$2" ]; }

# is KEY VALUE [MAC]: or fail, and say what there is instead.
is() { equal "$1 of ${3-$CAMERA}" "$(known "$1" "${3-$CAMERA}")" "$2"; }

# total KEY: of the inventory as a whole.
total() { within "$ns" "$here/inventory" status | field "$1" | head -n 1; }

now() { date +%s; }

# At least so many seconds by a clock that nobody sets.
uptime() { cut -d . -f 1 /proc/uptime; }
uptime_is() { [ "$(uptime)" -ge "$1" ]; }
pass_seconds() { wait_for 60 uptime_is $(($(uptime) + $1 + 1)); }
