#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# camwall nft: its tables in step with policy and inventory, beside what others have in them.
. "$(dirname "$0")/nftables.sh"

MANY=4096

# --- Install, show, remove ----------------------------------------------------------------

# Where a slow machine took seconds from the inventory to the element, that one is renewed.
in_step()
{
	case $(camwall_nft sync) in
	*"nothing to change"* | "0 elements added, 0 deleted, "*) ;;
	*) return 1 ;;
	esac
}

installs()
{
	begin "${LOBBY[@]}"
	send $CAMERA "$UDP" >/dev/null
	refused 1 camwall_nft sync
	contains "$said" "camwall nft install"
	refused 1 camwall_nft show
	camwall_nft install
	holds cameras_mac $CAMERA
	holds cameras_ip4 10.0.0.7
	holds lobby_2_mac ""
	contains "$(n list map inet camwall tag_group)" "0x02000000 : jump lobby_2_rules"
	# One a line, or several, as nft's version has it.
	contains "$(n list map inet camwall group_verdict | tr -s '[:space:]' ' ')" "0x01000000 : continue, 0x02000000 : drop"
	contains "$(n list chain inet camwall camwall_input)" "vmap @tag_group"
	contains "$(n list chain inet camwall camwall_forward)" "vmap @tag_group"
	contains "$(n list chain inet camwall camwall_from)" "map @tag_from"
	contains "$(n list chain inet camwall camwall_to)" "vmap @tag_to"
	equal "rules that nobody asked for" "$(n list chain inet camwall cameras_rules | grep -c counter || :)" 0
	in_step
	equal "groups" "$(camwall_nft show -j | value '.tables[0].groups | map(.group) | join(" ")')" "cameras lobby-2"
	equal "address" "$(camwall_nft show -j | value '.tables[0].groups[0].mac[0].address')" $CAMERA
	equal "verdict" "$(camwall_nft show -j | value '.tables[0].groups[1].verdict')" drop
	contains "$(camwall_nft show)" "lobby-2"
	camwall_nft remove
	equal "ruleset" "$(n list ruleset)" ""
	fails test -e "$CAMWALL_RULESET"
	camwall_nft remove
}

# At the top of a file and inside of a table.
defines()
{
	begin "${LOBBY[@]}"
	camwall_nft install
	n -f - <<-EOT
		include "$CAMWALL_RULESET"
		table inet top {
			chain c {
				meta mark and \$CAMWALL_MASK == \$CAMWALL_LOBBY_2 counter
			}
		}
	EOT
	n -f - <<-EOT
		table inet inside {
			include "$CAMWALL_RULESET"
			chain c {
				meta mark and \$CAMWALL_MASK == \$CAMWALL_LOBBY_2 counter
			}
		}
	EOT
	contains "$(n list table inet top)" 0x02000000
	contains "$(n list table inet inside)" 0x02000000
	equal "what defines prints" "$(camwall_nft defines)" "$(cat "$CAMWALL_RULESET")"
	equal "of a file" "$(camwall_nft defines -f "$dir/camwall.conf")" "$(cat "$CAMWALL_RULESET")"
	mark=0x05000000 configure
	contains "$(cat "$CAMWALL_RULESET")" "define CAMWALL_CAMERAS = 0x05000000"
	rm "$CAMWALL_RULESET"
	mark=0x06000000 configure
	fails test -e "$CAMWALL_RULESET"
	camwall_nft sync
	contains "$(cat "$CAMWALL_RULESET")" "define CAMWALL_CAMERAS = 0x06000000"
}

# What is written down and loaded again is the same, and is still camwall's.
reloads()
{
	begin "${LOBBY[@]}"
	send $CAMERA "$UDP" >/dev/null
	camwall_nft install
	n list ruleset >"$dir/saved.nft"
	n flush ruleset
	n -f "$dir/saved.nft"
	contains "$(camwall_nft sync)" "nothing to change"
	camwall_nft remove
}

refuses()
{
	begin
	refused 2 camwall_nft
	refused 2 camwall_nft instal
	contains "$said" "did you mean install"
	refused 2 camwall_nft sync now
	refused 2 camwall_nft sync -f "$dir/camwall.conf"
	refused 1 camwall_nft install --netdev nothing0
	contains "$said" nothing0
	n add table inet camwall
	n add set inet camwall cameras_ip4 '{ type ipv6_addr; }'
	refused 1 camwall_nft install
	contains "$said" "cameras_ip4"
	equal "nothing else was made" "$(n list table inet camwall | grep -c chain || :)" 0
	n delete table inet camwall
	configure "[group Cameras]" "prefix = 44:19:b8"
	refused 1 camwall_nft install
	contains "$said" "cameras and Cameras"
}

# A set that was declared for rules that are loaded at boot becomes camwall's to fill.
adopts()
{
	begin
	send $CAMERA "$UDP" >/dev/null
	n -f - <<-EOT
		table inet camwall {
			set cameras_mac { type ether_addr; flags timeout; }
			chain mine { ether saddr @cameras_mac counter; }
		}
	EOT
	camwall_nft install
	has cameras_mac $CAMERA
	contains "$(n list chain inet camwall mine)" "@cameras_mac"
}

netdev()
{
	begin
	send $CAMERA "$UDP" >/dev/null
	camwall_nft install --netdev lan0
	has cameras_mac $CAMERA netdev
	n add rule netdev camwall cameras_rules ether saddr @cameras_mac counter drop
	equal "frames that pass" "$(frames "$ns" cam0 lan0 $CAMERA)" 0
	contains "$(n list chain netdev camwall cameras_rules)" "packets 5"
	camwall_nft sync
	contains "$(camwall_nft sync)" "nothing to change"
	refused 1 camwall_nft remove
	camwall_nft remove --force
	equal "ruleset" "$(n list ruleset)" ""
	equal "frames that pass" "$(frames "$ns" cam0 lan0 $CAMERA)" 5
}

# --- With what others have ----------------------------------------------------------------

survives()
{
	local before

	begin "${LOBBY[@]}"
	camwall_nft install
	n -f - <<-EOT
		table inet camwall {
			set theirs { type ipv4_addr; elements = { 192.0.2.1 }; }
			counter mine { }
			chain theirs { type filter hook forward priority 5; ip saddr @lobby_2_ip4 counter comment "lobby"; }
			chain lobby_2_rules { meta l4proto tcp reject; }
		}
		table inet other { chain c { type filter hook input priority 0; counter; }; }
		table ip camwall { chain c { counter; }; }
	EOT
	before=$(n -s list table inet other; n -s list table ip camwall)
	configure
	said=$(camwall_nft sync 2>&1)
	contains "$said" "lobby_2_ip4"
	contains "$said" "lobby_2_rules"
	contains "$(n list chain inet camwall theirs)" "@lobby_2_ip4"
	contains "$(n list chain inet camwall lobby_2_rules)" reject
	contains "$(n list set inet camwall theirs)" 192.0.2.1
	fails n list set inet camwall lobby_2_mac
	fails n list counter inet camwall lobby_2_to
	configure "${LOBBY[@]}"
	camwall_nft sync
	contains "$(n list chain inet camwall lobby_2_rules)" reject
	refused 1 camwall_nft remove
	contains "$said" "lobby_2_rules"
	contains "$said" "which refers to lobby_2_ip4"
	contains "$said" "set theirs"
	contains "$said" "object mine"
	fails contains "$said" "chain c"
	contains "$said" "--force"
	n list table inet camwall >/dev/null
	n delete chain inet camwall theirs
	n flush chain inet camwall lobby_2_rules
	configure
	equal "what stays" "$(camwall_nft sync -j | value '.notes | length')" 0
	fails n list chain inet camwall lobby_2_rules
	refused 1 camwall_nft remove -j
	camwall_nft remove --force
	equal "other tables" "$(n -s list table inet other; n -s list table ip camwall)" "$before"
}

# Each change is based on the ruleset that was read.
interference()
{
	local i

	begin
	camwall_nft install
	start foreign "$ns" bash -c 'while :; do nft add table inet busy; nft delete table inet busy; done'
	for i in {1..10}; do
		configure "[group g$i]" "prefix = 44:19:b9:$(printf %02x "$i"):00:00/32" "mark = 0x$(printf %02x "$((i + 16))")000000"
		camwall_nft sync
		n list set inet camwall "g${i}_mac" >/dev/null
		[ "$i" -eq 1 ] || fails n list set inet camwall "g$((i - 1))_mac"
	done
}

# --- Counters and rules -------------------------------------------------------------------

counts()
{
	local from to

	route
	config | sed '/^interfaces/aconntrack = yes' >"$dir/camwall.conf"
	cw "$ns" apply -q "$dir/camwall.conf"
	# Something has to ask for connection tracking.
	n -f - <<-EOT
		table inet track { chain c { type filter hook forward priority 0; ct state new counter; }; }
	EOT
	within "$cam" ping -q -c 2 10.0.2.2
	camwall_nft install
	from=$(counted cameras_from) to=$(counted cameras_to)
	within "$cam" ping -q -c 50 -i 0.02 10.0.2.2
	within "$srv" ping -q -c 50 -i 0.02 10.0.2.1
	# Beside those of ping there are a few of neighbour discovery.
	from=$(($(counted cameras_from) - from)) to=$(($(counted cameras_to) - to))
	echo "from $from, to $to"
	[ "$from" -ge 50 ]
	[ "$from" -le 70 ]
	[ "$to" -ge 50 ]
	[ "$to" -le 70 ]
	n add rule inet camwall cameras_rules icmp type echo-request reject
	fails within "$cam" ping -q -c 1 -W 1 10.0.2.2
	fails within "$cam" ping -q -c 1 -W 1 10.0.2.1
	n flush chain inet camwall cameras_rules
	within "$cam" ping -q -c 1 10.0.2.2
}

# --- Timeouts -----------------------------------------------------------------------------

times_out()
{
	begin
	idle=4 configure
	send $CAMERA "$UDP" >/dev/null
	camwall_nft install
	has cameras_mac $CAMERA
	[ "$(left cameras_mac $CAMERA)" -le 5 ]
	wait_for 20 lacks cameras_mac $CAMERA
	camwall_nft sync
	lacks cameras_mac $CAMERA
	send $CAMERA "$UDP" >/dev/null
	camwall_nft sync
	has cameras_mac $CAMERA
}

neighbours()
{
	begin
	ip -n "$ns" address add 10.0.0.1/24 dev lan0
	send $CAMERA "$UDP" >/dev/null
	ip -n "$ns" neighbour add 10.0.0.9 lladdr $CAMERA dev lan0 nud permanent
	ip -n "$ns" neighbour add fe80::9 lladdr $CAMERA dev lan0 nud permanent
	camwall_nft install
	holds cameras_ip4 "10.0.0.7 10.0.0.9"
	holds cameras_ip6 fe80::9
}

# --- Figures ------------------------------------------------------------------------------

# neighbours_of N: an IPv4 and an IPv6 address for each of so many cameras.
neighbours_of()
{
	local i

	for ((i = 0; i < $1; i++)); do
		printf 'neighbour add 10.1.%d.%d lladdr 44:19:b6:00:%02x:%02x dev lan0 nud permanent\n' \
			$((i / 256)) $((i % 256)) $((i / 256)) $((i % 256))
		printf 'neighbour add fd00::%x lladdr 44:19:b6:00:%02x:%02x dev lan0 nud permanent\n' \
			$((i + 1)) $((i / 256)) $((i % 256))
	done
}

many()
{
	local install sync again

	begin
	neighbours_of $MANY | ip -n "$ns" -batch -
	equal "frames" "$(send 44:19:b6:00:00:00 "$UDP" -c $MANY)" $MANY
	install=$(ms camwall_nft install)
	equal "MAC addresses" "$(elements cameras_mac | wc -l)" $MANY
	[ "$(elements cameras_ip4 | wc -l)" -ge $MANY ]
	[ "$(elements cameras_ip6 | wc -l)" -ge $MANY ]
	again=$(ms camwall_nft sync)
	n flush set inet camwall cameras_ip4
	sync=$(ms camwall_nft sync)
	[ "$(elements cameras_ip4 | wc -l)" -ge $MANY ]
	echo "# $MANY devices, $((3 * MANY)) elements: install $install ms, sync of $MANY elements $sync ms, sync of none $again ms" >&4
	[ "$sync" -lt 20000 ]
}

prepare
require_helpers

it "install makes sets, maps, counters and chains; show shows them, remove takes them away" installs
it "the defines can be included at the top and in a table" defines
it "a ruleset that was saved and loaded again is still camwall's" reloads
it "what cannot be done is refused, and says why" refuses
it "a set that was declared before is filled" adopts
it "--netdev hooks into the ingress of a device" netdev
it "what others put into the table stays; remove names it and refuses" survives
it "a ruleset that others change all the time is brought into step" interference
it "packets are counted by tag and direction, and go through the group's chain" counts
it "elements time out with their devices" times_out
it "addresses of the neighbour table are in the sets" neighbours
it "4,096 devices are brought into step" many
run
