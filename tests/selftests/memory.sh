#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Nobody holds unbounded kernel memory: what is staged, in force and in the inventory is bounded,
# and charged to the memory cgroup of who wrote it.
. "$(dirname "$0")/devices.sh"

TOP=/run/camwall-cgroup-$$
MB=$((1024 * 1024))

# Version 2, where the controller is not in use by version 1.
mount_cgroups()
{
	mkdir "$TOP" &&
		mount -t cgroup2 cgroup2 "$TOP" &&
		grep -q -w memory "$TOP/cgroup.controllers" &&
		echo +memory >"$TOP/cgroup.subtree_control"
}

unmount_cgroups()
{
	umount "$TOP"
	rmdir "$TOP"
}

# cgroup VARIABLE [MAX]: a new one, its folder in the variable; nothing swaps.
cgroup()
{
	local folder=$TOP/$1-$$

	[ -d "$TOP" ] || skip "no memory cgroups (version 2)"
	mkdir "$folder"
	defer "empty $folder; wait_for 10 rmdir $folder"
	[ -z "${2-}" ] || echo "$2" >"$folder/memory.max"
	[ ! -e "$folder/memory.swap.max" ] || echo 0 >"$folder/memory.swap.max"
	printf -v "$1" '%s' "$folder"
}

# Whoever is in it is killed.
empty() { xargs -r kill -KILL <"$1/cgroup.procs"; }

# inside CGROUP COMMAND...
inside()
{
	local folder=$1

	shift
	# shellcheck disable=SC2016
	bash -c 'echo $$ >"$1/cgroup.procs"; shift; exec "$@"' - "$folder" "$@"
}

# What the kernel itself holds: not pages of files, nor, as far as that goes, caches.
kernel()
{
	echo 1G >"$1/memory.reclaim" 2>/dev/null || :
	sed -n 's/^kernel //p' "$1/memory.stat"
}

below() { [ "$(kernel "$1")" -lt "$2" ]; }

# falls_below CGROUP OCTETS: in a while, as what is freed waits for a grace period.
falls_below()
{
	wait_for 30 below "$@" && return
	cat "$1/memory.stat"
	return 1
}

event() { sed -n "s/^$2 //p" "$1/memory.events"; }

# at_least WHAT GOT LEAST; at_most WHAT GOT MOST
at_least() { [ "$2" -ge "$3" ] || { echo "$1: got $2, want $3 at least"; return 1; }; }
at_most() { [ "$2" -le "$3" ] || { echo "$1: got $2, want $3 at most"; return 1; }; }

as_nobody() { setpriv --reuid=65534 --regid=65534 --clear-groups "$@"; }
user_namespaces() { as_nobody unshare --user --map-root-user true || skip "no user namespaces for a user"; }

# hoard CGROUP: as root of a user namespace, in the background; what it says is in $tmp/hoard.
hoard()
{
	user_namespaces
	chmod 755 "$tmp"
	install -m 755 "$here/hoard" "$tmp/hoarder"
	mkfifo "$tmp/hold"
	exec 8<>"$tmp/hold"
	defer "exec 8>&-; rm -f $tmp/hold"
	inside "$1" setpriv --reuid=65534 --regid=65534 --clear-groups \
		unshare --user --map-root-user --net "$tmp/hoarder" <"$tmp/hold" >"$tmp/hoard" 2>&1 8>&- &
	defer "empty $1; wait $!"
}

has_said() { grep -q "$1" "$2"; }

# The module's own limit, and that all of it was charged: not less than the arrays take.
to_the_limit()
{
	local group held

	cgroup group
	hoard "$group"
	wait_for 60 has_said '^staged' "$tmp/hoard"
	held=$(kernel "$group")
	contains "$(cat "$tmp/hoard")" "too many configurations"
	contains "$(cat "$tmp/hoard")" "staged 16"
	# 262,144 prefixes of 8 octets, 65,024 peers of 28, 4,096 exemptions of 400.
	at_least "octets charged" "$held" $((16 * 5 * MB))
	at_most "octets charged" "$held" $((16 * 10 * MB))
	echo "16 transactions hold $held octets"
	empty "$group"
	falls_below "$group" $((2 * MB))
}

# It is killed, or refused; who is outside of its cgroup does not notice.
to_the_cgroups_limit()
{
	local group other

	cgroup group $((24 * MB))
	cgroup other
	inside "$other" sleep 300 &
	wait_for 10 inhabited "$other"
	hoard "$group"
	wait_for 60 stopped "$group"
	at_most "octets charged at most" "$(cat "$group/memory.peak" 2>/dev/null || echo 0)" $((25 * MB))
	at_least "times at the limit" "$(event "$group" max)" 1
	equal "kills outside" "$(event "$other" oom_kill)" 0
	inhabited "$other"
	empty "$group"
	falls_below "$group" $((2 * MB))
}

inhabited() { [ "$(wc -l <"$1/cgroup.procs")" -gt 0 ]; }
stopped() { [ "$(event "$1" oom_kill)" -gt 0 ] || has_said "out of memory" "$tmp/hoard"; }

many_prefixes()
{
	local i

	printf '[camwall]\ninterfaces = lan*\n[group cameras]\n'
	for ((i = 0; i < 20000; i++)); do
		printf 'prefix = 44:%02x:%02x:%02x:00:00/28\n' $((i >> 12)) $((i >> 4 & 255)) $(((i & 15) << 4))
	done
}

in_force()
{
	local group before after size

	namespace ns
	cgroup group
	many_prefixes >"$tmp/policy"
	before=$(kernel "$group")
	inside "$group" ip netns exec "$ns" "$CAMWALL" apply -q "$tmp/policy"
	size=$(cw "$ns" status -j | value .memory)
	at_least "octets of the configuration" "$size" $((20000 * 8))
	# Nobody is in it any more: what is left is the kernel's.
	after=$(kernel "$group")
	at_least "octets charged for it" $((after - before)) "$size"
	ip netns del "$ns"
	falls_below "$group" $((before + size / 2))
}

# pays CGROUP [KEY=VALUE...]: a policy for the block of cameras, committed from that cgroup.
pays()
{
	local group=$1

	shift
	inside "$group" nsenter --net="/run/netns/$ns" "$here/inventory" commit 'interface=lan*' "$@" \
		group=cameras action=observe prefix=4419b6
}

# Frames are received by nobody in particular: who has written the policy pays for the entries.
inventory()
{
	local group before after devices=2000

	setup
	cgroup group
	pays "$group"
	before=$(kernel "$group")
	equal "frames that arrive" "$(send 44:19:b6:10:00:00 "$UDP" -c $devices)" $devices
	equal "devices" "$(total devices)" $devices
	after=$(kernel "$group")
	echo "$devices devices: $((after - before)) octets"
	# One cannot be smaller than its counters: two directions of five u64.
	at_least "octets charged for $devices devices" $((after - before)) $((devices * 160))
	within "$ns" "$here/inventory" flush
	falls_below "$group" $((before + devices * 80))
}

# At the limit of the cgroup devices find no place, and nothing else is different.
no_place()
{
	local group limit

	setup
	cgroup group
	pays "$group" max-devices=65536
	kernel "$group" >/dev/null
	limit=$(($(cat "$group/memory.current") + MB))
	echo $limit >"$group/memory.max"
	equal "frames that arrive" "$(send 44:19:b6:10:00:00 "$UDP" -c 40000)" 40000
	at_most "octets charged" "$(cat "$group/memory.current")" $limit
	at_least "frames of devices without a place" "$(total device-refused)" 1000
	equal "frames as the group counts them" "$(count "$ns" cameras packets)" 40000
}

prepare
[ -x "$here/hoard" ] || skip_all "no helpers: run make in $here"
defer unmount_cgroups
mount_cgroups 2>/dev/null || unmount_cgroups 2>/dev/null
it "what can be staged in a namespace is bounded, charged, and freed" to_the_limit
it "who stages more than a memory cgroup holds is stopped by it, and nobody else" to_the_cgroups_limit
it "a configuration in force is charged to who committed it" in_force
it "devices in the inventory are charged to who wrote the policy" inventory
it "devices that the memory cgroup has no room for find no place, and are judged as ever" no_place
run
