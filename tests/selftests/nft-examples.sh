#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Every example of "camwall nft example", loaded as it is printed, and proved with traffic.
#
#	cam  --+
#	       switch -- lan0  gw  wan0 ---- net  (203.0.113.9 too)
#	desk --+               gw  wan1 ---- far  (203.0.113.9 too)
#	office --------- lan1  gw  trunk0 -- core (VLAN 66)
#	rec ------------ lan2
. "$(dirname "$0")/topology.sh"

TAG=0x01000000
MASK=0xff000000
ELSEWHERE=203.0.113.9
RECORDER=('RECORDER={ 10.0.3.2 }' 'RECORDER6={ fd00:3::2 }')

# --- The network --------------------------------------------------------------------------

# behind_switch VARIABLE PORT MAC HOST-PART: in network 1.
behind_switch()
{
	namespace "$1"
	cable "$switch" "$2" "${!1}" "$3"
	ip -n "$switch" link set "$2" master br0
	host_address "${!1}" eth0 1 "$4"
}

# A port of the gateway that the camera shares with somebody else.
shared_port()
{
	namespace switch
	ip -n "$switch" -batch - <<-EOF
		link add br0 type bridge
		link set br0 up
		link add up0 type veth peer name lan0 netns $gw
		link set up0 master br0 up
	EOF
	ip -n "$gw" link set lan0 up
	router_address "$gw" lan0 1
	behind_switch cam port0 $CAMERA 2
	behind_switch desk port1 02:00:00:00:01:03 3
}

fixture()
{
	gateway gw
	shared_port
	routed_host office "$gw" lan1 02:00:00:00:00:02 2
	routed_host rec "$gw" lan2 02:00:00:00:00:03 3
	routed_host net "$gw" wan0 02:00:00:00:00:04 4
	routed_host far "$gw" wan1 02:00:00:00:00:05 5
	namespace core
	cable "$gw" trunk0 "$core" 02:00:00:00:00:06
	ip -n "$gw" route add default via 10.0.4.2
	ip -n "$net" address add $ELSEWHERE/32 dev lo
	ip -n "$far" address add $ELSEWHERE/32 dev lo
	for host in cam desk office rec net far; do
		echoes ${host}_server "${!host}"
	done
	reaches "$cam" 10.0.2.2 10.0.3.2 10.0.4.2 fd00:2::2 fd00:3::2 fd00:4::2
	reaches "$desk" 10.0.4.2 fd00:4::2
	reaches "$office" 10.0.1.2 fd00:1::2
}

# policy [CONNTRACK [ACTION]]
policy()
{
	apply "$gw" <<-EOF
		[camwall]
		interfaces = lan*
		mark-mask  = $MASK
		conntrack  = ${1-no}
		[group other]
		prefix = 28:57:be
		mark   = 0x02000000
		[group cameras]
		prefix = 44:19:b6
		action = ${2-observe}
		mark   = $TAG
	EOF
}

# --- Rules --------------------------------------------------------------------------------

# needs OPTION RULES [FAMILY]: skip where this kernel does not have what they need.
needs()
{
	within "$gw" nft -c -f - <<<"table ${3-inet} probe { chain c { $2; }; }" ||
		skip "this kernel is without CONFIG_$1"
}

needs_tables() { ip -n "$gw" rule || skip "this kernel is without CONFIG_IP_MULTIPLE_TABLES"; }
needs_redirect() { needs NFT_REDIR 'type nat hook prerouting priority -100; redirect'; }

# example NAME [SETTING...]: load it exactly as it is printed, and take all rules away at the end.
example()
{
	cw "$gw" nft example --group cameras "$@" >"$tmp/rules"
	within "$gw" nft -c -f - <"$tmp/rules"
	within "$gw" nft -f - <"$tmp/rules"
	defer "within $gw nft flush ruleset"
}

# tally TABLE: packets of its counters and of its rules that count, together.
tally()
{
	within "$gw" nft -j list table "${@}" |
		value '[.. | .counter? | objects | .packets] | add // 0'
}

# counting: who leaves by which device, in the table "t".
counting()
{
	within "$gw" nft -f - <<-EOF
		table inet t {
			counter cam_wan0 { }
			counter cam_wan1 { }
			counter desk_wan0 { }
			counter desk_wan1 { }
			counter cam_forward { }
			counter desk_forward { }
			chain postrouting {
				type filter hook postrouting priority 0
				ip saddr 10.0.1.2 oifname wan0 counter name cam_wan0
				ip saddr 10.0.1.2 oifname wan1 counter name cam_wan1
				ip saddr 10.0.1.3 oifname wan0 counter name desk_wan0
				ip saddr 10.0.1.3 oifname wan1 counter name desk_wan1
			}
			chain forward {
				type filter hook forward priority -100
				ip saddr 10.0.1.2 counter name cam_forward
				ip daddr 10.0.1.2 counter name cam_forward
				ip saddr 10.0.1.3 counter name desk_forward
				ip daddr 10.0.1.3 counter name desk_forward
			}
		}
	EOF
	defer "within $gw nft delete table inet t"
}

# ask HOST PROTOCOL ADDRESS [PORT]
ask() { within "$1" "$here/talk" ask -w 2 "$2" "$3" "${4-$ECHO_PORT}"; }

# refused_at_once HOST ADDRESS...: the asker is told, long before it would give up.
refused_at_once()
{
	local host=$1 address protocol begin

	shift
	for address; do
		for protocol in udp tcp; do
			begin=$(date +%s)
			fails within "$host" "$here/talk" ask -w 60 $protocol "$address" $ECHO_PORT
			[ $(($(date +%s) - begin)) -lt 30 ] ||
				{ echo "$address let $protocol wait"; return 1; }
		done
	done
}

# --- Behaviours ---------------------------------------------------------------------------

# So that none is added that nobody has tried.
all_tried()
{
	policy
	equal "examples" "$(cw "$gw" nft example -j | value '.[].name' | xargs)" \
		"answers-only flowtable log quarantine redirect reject routing-table vlan"
}

# What is printed without a policy is of the configuration that would be applied, or an error.
no_policy()
{
	namespace empty
	[ ! -e /etc/camwall/camwall.conf ] || skip "there is an /etc/camwall/camwall.conf"
	refused 1 cw "$empty" nft example log
	contains "$said" "/etc/camwall/camwall.conf"
	refused 1 cw "$empty" nft example lok
	contains "$said" "did you mean log?"
	policy
	cw "$gw" save >"$tmp/camwall.conf"
	cw "$empty" nft example log -q -g cameras -f "$tmp/camwall.conf" >"$tmp/file"
	cw "$gw" nft example log -g cameras >"$tmp/kernel"
	diff "$tmp/file" "$tmp/kernel"
}

logged() { dmesg | grep -q "camwall cameras: IN=$1 .*SRC=$2 "; }

log()
{
	local before

	needs NF_LOG_SYSLOG 'type filter hook forward priority 0; log prefix "x "'
	sysctl -qw net.netfilter.nf_log_all_netns=1
	policy
	example log
	within "$gw" nft 'table inet sent { chain forward {
		type filter hook forward priority filter - 20; ip saddr 10.0.1.2 counter; }; }'
	defer "within $gw nft delete table inet sent"
	ask "$desk" udp 10.0.4.2
	equal "packets of others" "$(tally inet camwall_log)" 0
	ask "$cam" udp 10.0.4.2
	# What it has sent, which is a second packet where an answer takes its time.
	equal "packets of the camera" "$(tally inet camwall_log)" "$(tally inet sent)"
	[ "$(tally inet sent)" -ge 1 ]
	wait_for 10 logged lan0 10.0.1.2
	fails logged lan0 10.0.1.3
	before=$(tally inet camwall_log)
	fails ask "$cam" udp 10.0.1.1
	[ "$(tally inet camwall_log)" -gt "$before" ]
}

# Whatever the connection marks say.
answers()
{
	local conntrack

	for conntrack in no yes; do
		policy $conntrack
		example answers-only "${RECORDER[@]}"
		reaches "$rec" 10.0.1.2 fd00:1::2
		cut_off "$cam" 10.0.3.2 fd00:3::2 10.0.4.2 fd00:4::2 10.0.2.2
		cut_off "$office" 10.0.1.2 fd00:1::2
		reaches "$desk" 10.0.4.2 10.0.3.2 fd00:4::2
		reaches "$office" 10.0.4.2
	done
}

answers_gateway()
{
	policy
	echoes gw_server "$gw"
	echoes dhcp_server "$gw" 67
	reaches "$cam" 10.0.1.1 fd00:1::1
	example answers-only "${RECORDER[@]}"
	cut_off "$cam" 10.0.1.1 fd00:1::1
	ask "$cam" udp 10.0.1.1 67
	reaches "$desk" 10.0.1.1
}

# A camera that says it were the recorder has begun something all the same.
answers_spoofed()
{
	within "$net" nft -f - <<-EOF
		table inet t {
			counter spoofed { }
			chain input {
				type filter hook input priority 0
				ip saddr 10.0.3.2 udp dport $ECHO_PORT counter name spoofed
			}
		}
	EOF
	defer "within $net nft delete table inet t"
	ip -n "$cam" address add 10.0.3.2/32 dev lo
	defer "ip -n $cam address del 10.0.3.2/32 dev lo"
	ip -n "$cam" route add 10.0.4.2 via 10.0.1.1 src 10.0.3.2
	defer "ip -n $cam route del 10.0.4.2"
	policy
	fails ask "$cam" udp 10.0.4.2
	equal "spoofed packets that arrive, without the rules" "$(packets "$net" inet spoofed)" 1
	example answers-only "${RECORDER[@]}"
	fails ask "$cam" udp 10.0.4.2
	equal "spoofed packets that arrive" "$(packets "$net" inet spoofed)" 1
	[ "$(tally inet camwall_answers_only)" -gt 0 ]
}

# Nobody out there answers to these ports, and the gateway does.
redirect()
{
	local address

	needs_redirect
	echoes dns_server "$gw" 53
	echoes ntp_server "$gw" 123
	policy
	fails ask "$cam" udp 10.0.4.2 53
	example redirect
	for address in 10.0.4.2 fd00:4::2; do
		ask "$cam" udp $address 53
		ask "$cam" tcp $address 53
		ask "$cam" udp $address 123
		fails ask "$cam" tcp $address 123
		fails ask "$desk" udp $address 53
		fails ask "$desk" udp $address 123
	done
	reaches "$cam" 10.0.4.2 fd00:4::2
}

# sync: what camwalld would do at once; the camera has been seen by then.
sync() { CAMWALL_RULESET=$tmp/camwall.nft cw "$gw" nft "${1-sync}"; }

reject()
{
	local conntrack

	for conntrack in no yes; do
		policy $conntrack
		example reject "${RECORDER[@]}"
		reaches "$cam" 10.0.3.2 fd00:3::2
		sync
		refused_at_once "$cam" 10.0.4.2 fd00:4::2
		refused_at_once "$office" 10.0.1.2 fd00:1::2
		reaches "$rec" 10.0.1.2 fd00:1::2
		reaches "$cam" 10.0.3.2 fd00:3::2
		reaches "$desk" 10.0.4.2 fd00:4::2
		reaches "$office" 10.0.4.2
	done
}

# As the head of the example says it. An answer by UDP would come from another address of
# the host's than the one that was asked.
routed_by_tag()
{
	ip -n "$gw" route add default via 10.0.5.2 dev wan1 table 100
	defer "ip -n $gw route flush table 100"
	ip -n "$gw" rule add pref 1000 lookup main suppress_prefixlength 0
	defer "ip -n $gw rule del pref 1000"
	ip -n "$gw" rule add pref 1001 fwmark $TAG/$MASK lookup 100
	defer "ip -n $gw rule del pref 1001"
}

routing_table()
{
	local conntrack

	needs_tables
	counting
	for conntrack in no yes; do
		within "$gw" nft reset counters table inet t >/dev/null
		policy $conntrack
		example routing-table 'LINKS={ "wan1", "lan*" }'
		routed_by_tag
		ask "$cam" tcp $ELSEWHERE
		ask "$desk" tcp $ELSEWHERE
		reaches "$cam" 10.0.2.2
		[ "$(packets "$gw" inet cam_wan1)" -gt 0 ]
		[ "$(packets "$gw" inet desk_wan0)" -gt 0 ]
		equal "the camera's by wan0, the desk's by wan1" \
			"$(packets "$gw" inet cam_wan0) $(packets "$gw" inet desk_wan1)" "0 0"
		ip -n "$gw" route flush table 100
		fails ask "$cam" tcp $ELSEWHERE
		ask "$desk" tcp $ELSEWHERE
		equal "the camera's by wan0" "$(packets "$gw" inet cam_wan0)" 0
		[ "$(tally inet camwall_routing_table)" -gt 0 ]
		ip -n "$gw" rule del pref 1000
		ip -n "$gw" rule del pref 1001
		within "$gw" nft delete table inet camwall_routing_table
		ask "$cam" tcp $ELSEWHERE
	done
}

# The camera is in the VLAN, whoever shares its port is not, and camwall judges as before.
vlan()
{
	local to

	needs NFT_FWD_NETDEV 'type filter hook ingress device lo priority 0; fwd to lo' netdev
	ip -n "$core" -batch - <<-EOF
		link add link eth0 name eth0.66 type vlan id 66
		link set eth0.66 up
		address add 10.0.1.66/24 dev eth0.66
	EOF
	defer "ip -n $core link del eth0.66"
	ip -n "$gw" link add link trunk0 name trunk0.66 type vlan id 66
	defer "ip -n $gw link del trunk0.66"
	ip -n "$gw" link set trunk0.66 up promisc on
	echoes core_server "$core"
	policy
	cut_off "$cam" 10.0.1.66
	example vlan
	to=$(figure "$gw" cameras packets to)
	reaches "$cam" 10.0.1.66
	[ "$(figure "$gw" cameras packets to)" -gt "$to" ]
	reaches "$core" 10.0.1.2
	cut_off "$cam" 10.0.4.2
	cut_off "$desk" 10.0.1.66
	reaches "$desk" 10.0.4.2
	policy no drop
	cut_off "$cam" 10.0.1.66
	policy
	reaches "$cam" 10.0.1.66
	ip -n "$gw" link del trunk0.66
	cut_off "$cam" 10.0.4.2
}

# unseen COUNTER: the stream goes on, and the forward chain sees no more of it.
unseen()
{
	local before

	goes_on stream
	before=$(packets "$gw" inet "$1")
	goes_on stream
	[ $(($(packets "$gw" inet "$1") - before)) -le 1 ]
}

# seen COUNTER: every packet and every answer of five that are echoed.
seen()
{
	local before

	before=$(packets "$gw" inet "$1")
	goes_on stream
	[ $(($(packets "$gw" inet "$1") - before)) -ge 9 ]
}

flowtable_ready()
{
	within "$gw" nft -c 'table inet probe { flowtable f { hook ingress priority 0; devices = { lo }; }; }' ||
		skip "this kernel has no flowtables"
	counting
}

untagged_goes_in()
{
	flowtable_ready
	policy yes
	example flowtable
	streams stream "$desk" "$1" 10.0.4.2
	wait_for 20 unseen desk_forward
}

tagged_stays_out()
{
	flowtable_ready
	policy yes
	example flowtable
	streams stream "$1" "$2" "$3"
	seen cam_forward
	seen cam_forward
}

# Which is why the example asks for it.
without_conntrack()
{
	flowtable_ready
	policy no
	example flowtable
	streams stream "$cam" udp 10.0.4.2
	wait_for 20 unseen cam_forward
}

udp_goes_in() { untagged_goes_in udp; }
tcp_goes_in() { untagged_goes_in tcp; }
udp_stays_out() { tagged_stays_out "$cam" udp 10.0.4.2; }
tcp_stays_out() { tagged_stays_out "$cam" tcp 10.0.4.2; }
towards_stays_out() { tagged_stays_out "$net" udp 10.0.1.2; }

# A camera looks for its neighbours now and then: what came before the set was there is in it.
not_in_the_set()
{
	cw "$gw" devices --flush -q
	sync
	! within "$gw" nft -j list set inet camwall cameras_mac | grep -q '"elem"'
}

# In either order: the rules declare the set, and "install" takes it over.
quarantine()
{
	local conntrack

	echoes gw_server "$gw"
	echoes dhcp_server "$gw" 67
	for conntrack in no yes; do
		policy $conntrack
		cw "$gw" devices --flush
		[ $conntrack = no ] || sync install
		example quarantine
		[ $conntrack = yes ] || sync install
		wait_for 20 not_in_the_set
		reaches "$cam" 10.0.4.2 fd00:4::2
		sync
		cut_off "$cam" 10.0.4.2 fd00:4::2 10.0.1.1 fd00:1::1
		cut_off "$office" 10.0.1.2 fd00:1::2
		ask "$cam" udp 10.0.1.1 67
		reaches "$desk" 10.0.4.2 10.0.1.1
		within "$gw" nft add element inet camwall cameras_approved "{ $CAMERA }"
		sync
		reaches "$cam" 10.0.4.2 fd00:4::2 10.0.1.1
		reaches "$office" 10.0.1.2 fd00:1::2
		within "$gw" nft flush ruleset
	done
}

in_quarantine() { within "$gw" nft get element inet camwall cameras_mac "{ $CAMERA }"; }
# A camera looks for its neighbours now and then, and is there again.
forgotten()
{
	cw "$gw" devices --flush -q
	sleep 0.5
	! in_quarantine
}
watching() { [ "$(sqlite3 -readonly "$tmp/history.db" "select count(*) from run")" -gt 0 ]; }

# With nobody who calls sync.
quarantine_daemon()
{
	[ -x "${CAMWALL}d" ] || skip "no camwalld"
	policy
	cw "$gw" save >"$tmp/camwall.conf"
	cw "$gw" devices --flush
	sync install
	example quarantine
	export CAMWALL_RULESET=$tmp/camwall.nft
	start daemon "$gw" "${CAMWALL}d" -f "$tmp/camwall.conf" --database "$tmp/history.db"
	wait_for 20 watching
	wait_for 20 forgotten
	ask "$cam" udp 10.0.4.2 || echo "quick indeed"
	wait_for 10 in_quarantine
	cut_off "$cam" 10.0.4.2
	reaches "$desk" 10.0.4.2
	stop daemon
}

# Nothing is there twice, and what was approved stays so.
again()
{
	local name before

	flowtable_ready
	needs_redirect
	needs NFT_FWD_NETDEV 'type filter hook ingress device lo priority 0; fwd to lo' netdev
	ip -n "$gw" link add trunk0.66 type dummy
	defer "ip -n $gw link del trunk0.66"
	policy
	for name in answers-only flowtable quarantine redirect reject routing-table vlan; do
		example $name
	done
	within "$gw" nft add element inet camwall cameras_approved "{ $CAMERA }"
	before=$(within "$gw" nft list ruleset | sort)
	for name in answers-only flowtable quarantine redirect reject routing-table vlan; do
		example $name
	done
	equal "rules after a second time" "$(within "$gw" nft list ruleset | sort)" "$before"
}

# Behind the file of defines, as an administrator keeps them.
kept()
{
	needs_redirect
	policy
	cw "$gw" nft defines >"$tmp/camwall.nft"
	cw "$gw" nft example --no-defines --group cameras redirect >"$tmp/redirect.nft"
	cw "$gw" nft example --no-defines --group cameras answers-only >"$tmp/answers.nft"
	printf 'include "%s"\n' "$tmp"/{camwall,redirect,answers}.nft >"$tmp/nftables.conf"
	defer "within $gw nft flush ruleset"
	within "$gw" nft -f "$tmp/nftables.conf"
	within "$gw" nft list table inet camwall_redirect
	within "$gw" nft list table inet camwall_answers_only
}

prepare
require_helpers
it "every example that is listed is tried here" all_tried
it "without a policy the configuration is taken, or named in the error" no_policy
it "log: a camera's connections are logged and counted, others' are not" log
it "answers-only: a camera answers the recorder, and begins nothing" answers
it "answers-only: of the gateway it gets an address, and nothing else" answers_gateway
it "answers-only: a camera with the recorder's address begins nothing" answers_spoofed
it "redirect: a camera's DNS and NTP go to the gateway, others' do not" redirect
it "reject: cameras, and who asks them, are refused at once; the recorder is not" reject
it "routing-table: a camera goes by its own link, or not at all" routing_table
it "vlan: a camera is in a VLAN that its neighbour is not in" vlan
it "flowtable: an untagged UDP flow goes in" udp_goes_in
it "flowtable: an untagged TCP flow goes in" tcp_goes_in
it "flowtable: a camera's UDP flow stays out" udp_stays_out
it "flowtable: a camera's TCP flow stays out" tcp_stays_out
it "flowtable: a flow towards a camera stays out" towards_stays_out
it "flowtable: without conntrack = yes a camera's answers put its flow in" without_conntrack
it "quarantine: a device in the set gets an address and no more, until it is approved" quarantine
it "quarantine: camwalld puts a device there that appears" quarantine_daemon
it "examples that are loaded again replace themselves" again
it "kept examples go behind the file of defines" kept
run
