#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Frames that nobody well-meaning sends: each gets the right verdict, all are counted, memory is bounded.
#
# What "isolate" has to say of each is worked out beside the module, by oracle.h.
. "$(dirname "$0")/devices.sh"

# A flood's addresses, but no more than fit in the time; and how many wrong frames of a seed.
: "${FLOOD_MACS:=1000000}" "${FLOOD_SECONDS:=120}"
: "${MUTATED:=$(is_user_mode && echo 40000 || echo 3000)}"

# --- What passes, what is counted ---------------------------------------------------------

# setup, and nftables counts what passes camwall's hook, in either direction.
counted_wire()
{
	setup
	ip -n "$ns" link set cam0 mtu "${1-1500}"
	ip -n "$ns" link set lan0 mtu "${1-1500}"
	# Nothing of the gateway's own among the frames.
	within "$ns" sysctl -qw net.ipv6.conf.all.disable_ipv6=1
	within "$ns" nft -f - <<-EOF
		table netdev t {
			counter passed { }
			chain i {
				type filter hook ingress device lan0 priority 0
				ether saddr & ff:ff:ff:00:00:00 == 44:19:b6:00:00:00 counter name passed
			}
			chain o {
				type filter hook ingress device cam0 priority 0
				ether daddr & ff:ff:ff:00:00:00 == 44:19:b6:00:00:00 counter name passed
			}
		}
	EOF
}

policy()
{
	apply "$ns" >"$tmp/applied" <<-EOF
		[camwall]
		interfaces = lan*
		max-devices = ${2-4096}
		[group cameras]
		prefix = 44:19:b6
		action = $1
		$([ "$1" != isolate ] || echo "allow = 10.0.0.2
		allow = 10.0.0.3 udp 5000
		allow = 2001:db8::2
		allow = 2001:db8::3 udp 5000")
	EOF
}

# hostile ARGUMENTS...: from a camera, or with -t for one.
hostile()
{
	case $1 in
	-t) within "$ns" "$here/hostile" -o lan0 -i cam0 -m $CAMERA "$@" ;;
	*) within "$ns" "$here/hostile" -o cam0 -i lan0 -m $CAMERA "$@" ;;
	esac
}

# judged ACTION DIRECTION SENT PASS NOT-ALLOWED MALFORMED: what has to be counted was counted.
judged()
{
	local action=$1 direction=$2 pass=$4 not_allowed=$5 malformed=$6 policy=0

	case $action in
	observe) pass=$3 not_allowed=0 malformed=0 ;;
	drop) pass=0 policy=$3 not_allowed=0 malformed=0 ;;
	esac
	equal "frames ($action)" "$(figure "$ns" cameras packets "$direction")" "$3"
	equal "dropped by policy" "$(figure "$ns" cameras dropped_policy "$direction")" $policy
	equal "dropped as not allowed" "$(figure "$ns" cameras dropped_not_allowed "$direction")" "$not_allowed"
	equal "dropped as malformed" "$(figure "$ns" cameras dropped_malformed "$direction")" "$malformed"
	equal "frames that passed" "$(packets "$ns" netdev passed)" "$pass"
}

# tried ACTION ARGUMENTS...: with counters that begin with 0.
tried()
{
	local action=$1 direction=from result

	shift
	[ "$1" != -t ] || direction=to
	cw "$ns" flush >"$tmp/flushed"
	within "$ns" nft reset counters >"$tmp/reset"
	policy "$action"
	result=$(hostile "$@")
	echo "$action: $result"
	# shellcheck disable=SC2086 # four numbers
	judged "$action" $direction $result
}

types()
{
	counted_wire
	tried isolate types
	is_user_mode || return 0
	tried drop types
	tried observe types
	tried isolate -t types
}

mutated()
{
	local seed

	counted_wire
	for seed in 1 2 3; do
		tried isolate mutated "$MUTATED" $seed
		tried isolate -t mutated "$MUTATED" $seed
	done
	tried observe mutated "$MUTATED" 4
	tried drop mutated "$MUTATED" 4
}

jumbo()
{
	local size

	counted_wire 65535
	for size in 60 1514 9014 65549; do
		tried isolate size $size 20
		tried isolate -t size $size 20
	done
	tried drop size 65549 20
	equal "octets" "$(figure "$ns" cameras bytes from)" $((20 * 65549))
}

# Each segment counts, whatever the batch says of itself.
gso()
{
	local octets=$((54 + 20 * 1400)) segments

	counted_wire
	for segments in 20 200; do
		policy drop
		hostile gso $octets $((28000 / segments)) 10
		equal "segments" "$(figure "$ns" cameras dropped_policy from)" $((segments * 10))
		cw "$ns" flush
	done
	policy isolate
	hostile gso $octets 1400 10
	equal "segments that pass" "$(figure "$ns" cameras packets from)" 200
	equal "of them dropped" "$(figure "$ns" cameras dropped from)" 0
}

# verdict WORDS: of isolate, of one frame, by the counters.
verdict()
{
	cw "$ns" flush >"$tmp/flushed"
	policy isolate
	send $CAMERA "$1" >"$tmp/arrived"
	case $(figure "$ns" cameras dropped_malformed),$(figure "$ns" cameras dropped_not_allowed) in
	0,0) echo passes ;;
	1,0) echo malformed ;;
	0,1) echo not-allowed ;;
	*) echo "neither" ;;
	esac
}

tags()
{
	local n stack=''

	setup
	for ((n = 0; n <= 10; n++)); do
		equal "verdict with $n tags" "$(verdict "$stack ip 10.0.0.7 10.0.0.2 udp 1 1 data 20")" \
			"$([ $n -gt 8 ] && echo malformed || echo passes)"
		equal "verdict with $n tags, to another peer" \
			"$(verdict "$stack ip 10.0.0.7 10.0.0.9 udp 1 1 data 20")" \
			"$([ $n -gt 8 ] && echo malformed || echo not-allowed)"
		stack="$([ $((n % 2)) -eq 0 ] && echo qinq || echo vlan) $((n + 1)) $stack"
	done
}

extensions()
{
	local n chain='' header=(destination routing hopbyhop auth)

	setup
	for ((n = 0; n <= 18; n++)); do
		equal "verdict behind $n headers" \
			"$(verdict "ip6 2001:db8::7 2001:db8::3 $chain udp 1 5000 data 20")" \
			"$([ $n -gt 16 ] && echo malformed || echo passes)"
		chain="$chain ${header[n % 4]}"
	done
	equal "verdict where the last one is longer than the packet" \
		"$(verdict "ip6 2001:db8::7 2001:db8::3 destination units 255 udp 1 5000")" malformed
}

fragments()
{
	setup
	equal "a first one" "$(verdict "ip 10.0.0.7 10.0.0.3 udp 1 5000 data 20 fragment 0x2000")" passes
	equal "a first one that is cut before its ports" \
		"$(verdict "ip 10.0.0.7 10.0.0.3 udp 1 5000 cut 6 fragment 0x2000 length 22")" malformed
	equal "a later one, which has no port" \
		"$(verdict "ip 10.0.0.7 10.0.0.3 udp 1 5000 data 20 fragment 0x2001")" not-allowed
	equal "a later one to whom all may talk" \
		"$(verdict "ip 10.0.0.7 10.0.0.2 udp 1 1 data 20 fragment 0x1fff")" passes
	equal "a later one of IPv6" \
		"$(verdict "ip6 2001:db8::7 2001:db8::3 frag6 1 1 udp 1 5000 data 20")" not-allowed
	equal "a first one of IPv6" \
		"$(verdict "ip6 2001:db8::7 2001:db8::3 frag6 0 1 udp 1 5000 data 20")" passes
}

# --- Memory -------------------------------------------------------------------------------

# Kilobytes that the kernel has and does not give.
taken() { awk '/^(MemTotal|MemAvailable):/ { v[$1] = $2 } END { print v["MemTotal:"] - v["MemAvailable:"] }' /proc/meminfo; }

# How many frames of the flood fit in the time, by a small part of it.
flood_size()
{
	local start=${EPOCHREALTIME/./} n

	hostile macs 5000 >"$tmp/out"
	n=$((5000 * FLOOD_SECONDS * 1000000 / (${EPOCHREALTIME/./} - start)))
	[ $n -lt "$FLOOD_MACS" ] && echo $n || echo "$FLOOD_MACS"
}

mac_flood()
{
	local n before after

	counted_wire
	policy drop 4096
	n=$(flood_size)
	before=$(taken)
	hostile macs "$n" >"$tmp/out"
	after=$(taken)
	echo "$n addresses; $before kB taken before, $after kB after"
	equal "frames" "$(figure "$ns" cameras packets from)" $((n + 5000))
	equal "of them dropped" "$(figure "$ns" cameras dropped_policy from)" $((n + 5000))
	equal "frames that passed" "$(packets "$ns" netdev passed)" 0
	[ "$(total devices)" -le 4096 ]
	# A million devices would take ten times as much; KASAN keeps what was freed for a while.
	[ $((after - before)) -lt 65536 ]
}

prepare
require_helpers
for helper in hostile inventory; do
	[ -x "$here/$helper" ] || skip_all "no helpers: run make in $here"
done
it "every ethertype" types
it "runts, and headers that lie: as another parser says" mutated
it "jumbo frames" jumbo
it "batches of segments: each segment counts" gso
it "stacks of VLAN tags: eight, and no more" tags
it "chains of IPv6 extension headers: sixteen, and no more" extensions
it "fragments" fragments
it "a flood of addresses: all are judged, memory is bounded" mac_flood
run
