# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# Shared by races.sh and soak.sh: everything that can happen to the module, at once, again and again.
#
#	ns:    cam0 ---- lan0, cam1 ---- lan1	traffic on each CPU, commits, devices that come and go
#	there: devices that are moved to and fro
#	short: namespaces with a policy and traffic, that live for a moment

. "$(dirname "${BASH_SOURCE[0]}")/devices.sh"

storms=() tally_commits=0 tally_frames=0

# storm NAME COMMANDS: again and again, in $ns, until storm_stop; its rounds are counted.
storm()
{
	storms+=("$1")
	start "storm_$1" "$ns" bash -c "
		n=0
		while :; do
			{ $2
			} >/dev/null 2>&1
			n=\$((n + 1))
			echo \$n >'$tmp/rounds.$1'
		done"
}

# rounds NAME: how often.
rounds() { cat "$tmp/rounds.$1" 2>/dev/null || echo 0; }

storm_commits()
{
	storm commits "'$here/swapper' 40 drop 4419b6"
	storm exemptions "'$here/inventory' commit 'interface=lan*' max-devices=\$((64 << RANDOM % 6)) \
		exempt=$CAMERA@\$((\$(date +%s) + 1)) group=cameras action=limit burst=720 prefix=4419b6"
	storm aborted "timeout -s KILL 0.0\$((RANDOM % 90 + 10)) '$CAMWALL' apply '$tmp/big.conf'"
}

storm_traffic()
{
	local cpu

	for ((cpu = 0; cpu < $(nproc); cpu++)); do
		storm "traffic$cpu" "timeout 2 taskset -c $cpu '$here/inject' -f -o cam$((cpu % 2)) \
			-i lan$((cpu % 2)) -s $CAMERA -s $UNLISTED"
		storm "macs$cpu" "timeout 3 taskset -c $cpu '$here/hostile' -o cam$((cpu % 2)) \
			-i lan$((cpu % 2)) -m 44:19:b6:$cpu\$((RANDOM % 10)):00:00 macs 2000"
	done
	storm hostile "timeout 3 '$here/hostile' -o cam0 -i lan0 -m $CAMERA mutated 2000 \$RANDOM
		timeout 3 '$here/hostile' -o lan0 -i cam0 -m $CAMERA -t mutated 2000 \$RANDOM"
}

storm_devices()
{
	storm devices "ip link add lan7 type veth peer name cam7
		ip link set lan7 up; ip link set cam7 up
		ip link set lan7 down; ip link set lan7 name other7; ip link set other7 name lan7
		ip link del lan7"
	storm ports "ip link add lan9 type bridge; ip link add p0 type dummy
		ip link set p0 master lan9; ip link set p0 nomaster; ip link set p0 master lan9
		ip link add link p0 name p0.5 type vlan id 5
		ip link del p0; ip link del lan9"
	storm moves "ip link add lan8 type dummy; ip link set lan8 netns $there
		ip -n $there link set lan8 netns $ns; ip link del lan8"
	storm namespaces "ip netns add $short
		nsenter --net=/run/netns/$short bash -c \"
			ip link add cam0 type veth peer name lan0; ip link set cam0 up; ip link set lan0 up
			'$here/swapper' 3 drop 4419b6; '$here/hostile' -o cam0 -i lan0 -m $CAMERA macs 100\"
		ip netns del $short"
}

storm_readers()
{
	storm dumps "'$here/inventory' list; '$CAMWALL' stats -j; '$CAMWALL' show prefixes; '$CAMWALL' status"
	storm flushes "'$here/inventory' flush; sleep 0.3"
	storm listeners "timeout 2 '$here/inventory' listen; timeout 1 '$here/inventory' listen 1024"
}

# What the tool that is killed applies: long enough that it is killed in the middle.
big_policy()
{
	awk 'BEGIN {
		print "[camwall]\ninterfaces = lan*\n[group cameras]\naction = drop\nprefix = 44:19:b6"
		for (i = 0; i < 3000; i++)
			printf "prefix = %06x\n", 0x100000 + i * 4
	}'
}

storm_start()
{
	namespace ns there
	short=cw-$$-short
	# A reader who finds the module gone would load it before storm_reload does.
	no_autoload
	defer "ip netns del $short"
	wire "$ns" cam0 lan0
	wire "$ns" cam1 lan1
	within "$there" "$here/inventory" commit 'interface=lan*' group=cameras action=drop prefix=4419b6
	big_policy >"$tmp/big.conf"
	storm_commits
	storm_traffic
	storm_devices
	storm_readers
}

# The module goes, with all that is under way, and comes again.
storm_reload()
{
	wait_for 60 unload_module
	load_module
}

# What has been carried out since the module was loaded: a round also counts where all of it
# was refused.
storm_tally()
{
	local generation frames

	generation=$(within "$ns" "$here/inventory" status | field generation | head -n 1) || :
	frames=$(count "$ns" cameras packets) || :
	tally_commits=$((tally_commits + ${generation:-0})) tally_frames=$((tally_frames + ${frames:-0}))
}

storm_all_round()
{
	local name

	for name in "${storms[@]}"; do
		[ "$(rounds "$name")" -gt 0 ] || return
	done
}

storm_rounds()
{
	local name

	for name in "${storms[@]}"; do
		printf '%s %s, ' "$name" "$(rounds "$name")"
	done
	echo "$tally_commits commits and $tally_frames frames of cameras as last counted, $(nproc) processors"
}

# Each of them has been round, policies were put in force and judged frames, and nobody has ended.
storm_stop()
{
	local name pid

	storm_rounds
	for name in "${storms[@]}"; do
		pid=storm_$name
		kill -0 "${!pid}"
		[ "$(rounds "$name")" -gt 0 ] || { echo "$name has not been round once"; return 1; }
		kill -KILL "${!pid}"
	done
	if [ "$tally_commits" -eq 0 ] || [ "$tally_frames" -eq 0 ]; then
		echo "not one commit, or not one frame that was judged"
		return 1
	fi
	ip netns pids "$ns" | xargs -r kill -KILL || :
}

# Kilobytes that the kernel has and does not give back.
taken() { awk '/^(MemTotal|MemAvailable):/ { v[$1] = $2 } END { print v["MemTotal:"] - v["MemAvailable:"] }' /proc/meminfo; }

require_storm()
{
	local helper

	require_helpers
	for helper in hostile inventory swapper; do
		[ -x "$here/$helper" ] || skip_all "no helpers: run make in $here"
	done
	is_module || skip_all "camwall is built in"
}
