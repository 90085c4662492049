#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The tag beside other rulesets and other users of the mark: who takes what from whom.
#
#	cam ---- lan0  gw  wan0 ---- net   the main table
#	pc  ---- lan1      wan1 ---- own   the tag's table, 200
#	                   wan2 ---- vpn   the table of a VPN's bits, 100
. "$(dirname "$0")/topology.sh"

TAG=0x01000000
MASK=0xff000000
VPN=0x10
VPN_MASK=0xff
ELSEWHERE=203.0.113.9

fixture()
{
	local host

	gateway gw
	routed_host cam "$gw" lan0 $CAMERA 1
	routed_host pc "$gw" lan1 02:00:00:00:00:02 2
	routed_host net "$gw" wan0 02:00:00:00:00:03 3
	routed_host own "$gw" wan1 02:00:00:00:00:04 4
	routed_host vpn "$gw" wan2 02:00:00:00:00:05 5
	ip -n "$gw" -batch - <<-EOF
		route add default via 10.0.3.2
		route add default via 10.0.5.2 table 100
		route add default via 10.0.4.2 table 200
	EOF
	for host in net own vpn; do
		ip -n "${!host}" address add $ELSEWHERE/32 dev lo
		echoes ${host}_server "${!host}"
	done
	echoes cam_server "$cam"
	reaches "$cam" 10.0.3.2 10.0.4.2 10.0.5.2
	reaches "$pc" 10.0.1.2 10.0.3.2 10.0.4.2 10.0.5.2
}

# policy [CONNTRACK [LINE...]]
policy()
{
	{
		cat <<-EOF
			[camwall]
			interfaces = lan*
			mark-mask  = $MASK
			conntrack  = ${1-no}
			[group cameras]
			prefix = 44:19:b6
			mark   = $TAG
		EOF
		[ $# -lt 2 ] || printf '%s\n' "${@:2}"
	} | apply "$gw"
}

# rules: from standard input, until the end of the behaviour.
rules()
{
	within "$gw" nft -f -
	defer "within $gw nft flush ruleset"
}

# What the other one does: the table "other", until the end of the behaviour.
other()
{
	rules <<-EOF
		table inet other {
			chain prerouting {
				type filter hook prerouting priority mangle
				$1
			}
		}
	EOF
}

# Who has the tag at the end, the other's bits, both, or another mark altogether.
watching()
{
	rules <<-EOF
		table inet t
		delete table inet t
		table inet t {
			counter from_tag { }
			counter from_both { }
			counter from_other { }
			counter from_ct { }
			counter to_tag { }
			counter to_both { }
			counter pc_tag { }
			counter pc_other { }
			chain postrouting {
				type filter hook postrouting priority 300
				meta l4proto != { tcp, udp } accept
				iifname lan0 meta mark $TAG counter name from_tag
				iifname lan0 meta mark 0x01000010 counter name from_both
				iifname lan0 meta mark $VPN counter name from_other
				iifname lan0 ct mark and $MASK == $TAG counter name from_ct
				iifname lan1 meta mark $VPN counter name pc_other
				iifname lan1 meta mark and $MASK != 0 counter name pc_tag
				oifname lan0 meta mark $TAG counter name to_tag
				oifname lan0 meta mark 0x01000010 counter name to_both
			}
		}
	EOF
}

# seen COUNTER...
seen()
{
	local counter

	for counter; do
		packets "$gw" inet "$counter"
	done | xargs
}

ask() { within "$1" "$here/talk" ask udp "$2" $ECHO_PORT; }

bits_survive()
{
	policy
	other "meta mark set meta mark or $VPN"
	watching
	ask "$cam" 10.0.3.2
	ask "$pc" 10.0.3.2
	equal "the camera's with both, with one; the PC's with the other's, with a tag" \
		"$(seen from_both from_tag from_other pc_other pc_tag)" "1 0 0 1 0"
}

# Under a mask, as policy routing scripts do it.
masked_set()
{
	policy
	other "meta mark set meta mark and 0xffffff00 or $VPN"
	watching
	ask "$cam" 10.0.3.2
	equal "with both" "$(seen from_both)" 1
}

# Who sets the whole mark takes the tag from the rules behind him; the connection keeps it.
whole_set()
{
	policy yes
	other "meta mark set $VPN"
	watching
	ask "$cam" 10.0.3.2
	equal "with the other's alone, with both, by the connection" \
		"$(seen from_other from_both from_ct)" "1 0 1"
}

# ... and has taken nothing from what camwall itself does.
verdict_stays()
{
	policy no "action = isolate" "allow = 10.0.3.2"
	other "meta mark set $VPN"
	reaches "$cam" 10.0.3.2
	cut_off "$cam" 10.0.4.2
	cut_off "$pc" 10.0.1.2
}

# A VPN's way to know its connections, with no mask at all.
saved_restored()
{
	policy yes
	rules <<-EOF
		table inet other {
			chain prerouting {
				type filter hook prerouting priority mangle
				ct direction reply meta mark set ct mark
				ct direction original meta mark set meta mark or $VPN
				ct direction original ct mark set meta mark
			}
		}
	EOF
	watching
	ask "$cam" 10.0.3.2
	equal "both, from and to the camera" "$(seen from_both to_both)" "1 1"
}

untracked()
{
	policy yes
	rules <<-EOF
		table inet other {
			chain raw {
				type filter hook prerouting priority raw
				notrack
			}
		}
	EOF
	watching
	ask "$cam" 10.0.3.2
	equal "tagged, from and to the camera" "$(seen from_tag to_tag)" "1 0"
}

# An accept ends the chain that it stands in, and no other.
others_accept()
{
	policy
	rules < <(cw "$gw" nft example answers-only 'RECORDER={ 10.0.2.2 }')
	rules <<-EOF
		table inet other {
			chain early { type filter hook forward priority -200; accept; }
			chain late { type filter hook forward priority 200; accept; }
		}
	EOF
	cut_off "$cam" 10.0.3.2
	reaches "$pc" 10.0.1.2 10.0.3.2
}

others_drop()
{
	policy
	rules < <(cw "$gw" nft example answers-only 'RECORDER={ 10.0.2.2 }')
	rules <<-EOF
		table inet other {
			chain forward { type filter hook forward priority 10; ip saddr 10.0.2.2 drop; }
		}
	EOF
	cut_off "$pc" 10.0.1.2
}

# --- Policy routing -----------------------------------------------------------------------

# routing PREFERENCE-OF-TAG PREFERENCE-OF-VPN: of what the main table has no route for but
# the default one; answers, which are marked as well, find back by it.
routing()
{
	ip -n "$gw" rule add pref 999 lookup main suppress_prefixlength 0
	defer "ip -n $gw rule del pref 999"
	ip -n "$gw" rule add pref "$1" fwmark $TAG/$MASK lookup 200
	defer "ip -n $gw rule del pref $1"
	ip -n "$gw" rule add pref "$2" fwmark $VPN/$VPN_MASK lookup 100
	defer "ip -n $gw rule del pref $2"
}

# elsewhere HOST: by TCP; by UDP the answer would come from another address than was asked.
elsewhere() { within "$1" "$here/talk" ask tcp $ELSEWHERE $ECHO_PORT; }

# leaves HOST NAMESPACE: that is where what it sends to ELSEWHERE arrives, and who answers.
leaves()
{
	within "$2" nft 'table inet arrivals { chain input { type filter hook input priority 0; ip daddr '$ELSEWHERE' tcp flags syn counter; }; }'
	elsewhere "$1"
	[ "$(within "$2" nft -j list table inet arrivals |
		value '[.. | .counter? | objects | .packets] | add')" -ge 1 ]
	within "$2" nft delete table inet arrivals
}

shared_masks()
{
	policy
	routing 1000 1001
	leaves "$cam" "$own"
	leaves "$pc" "$net"
	other "meta mark set meta mark or $VPN"
	leaves "$cam" "$own"
	leaves "$pc" "$vpn"
	watching
	ask "$cam" 10.0.4.2
	equal "both" "$(seen from_both)" 1
}

preference()
{
	policy
	routing 1001 1000
	other "meta mark set meta mark or $VPN"
	leaves "$cam" "$vpn"
	leaves "$pc" "$vpn"
}

# The VPN's bits on one host only; its answers find back.
vpn_alone()
{
	policy yes
	routing 1000 1001
	other "ip saddr 10.0.2.2 meta mark set meta mark or $VPN"
	leaves "$pc" "$vpn"
	leaves "$cam" "$own"
}

# --- Defines in other people's files ------------------------------------------------------

# As fw4 of OpenWrt renders it: files of /etc/nftables.d within its table, those of
# /usr/share/nftables.d/ruleset-pre before it.
fw4()
{
	cat <<-EOF
		${1-}
		table inet fw4
		flush table inet fw4
		table inet fw4 {
			define lan_devices = { "lan0", "lan1" }
			${2-}
			chain forward {
				type filter hook forward priority filter; policy drop;
				meta mark and \$CAMWALL_MASK == \$CAMWALL_CAMERAS jump reject_camera
				iifname \$lan_devices accept
				oifname \$lan_devices accept
			}
			chain reject_camera {
				ip daddr 10.0.4.2 accept
				drop
			}
		}
	EOF
}

in_fw4()
{
	policy
	cw "$gw" nft defines >"$tmp/camwall.nft"
	rules < <("$1")
	cut_off "$cam" 10.0.3.2
	reaches "$cam" 10.0.4.2
	reaches "$pc" 10.0.3.2
	rules < <("$1")
}

before_table() { fw4 "include \"$tmp/camwall.nft\""; }
within_table() { fw4 "" "include \"$tmp/camwall.nft\""; }
fw4_before() { in_fw4 before_table; }
fw4_within() { in_fw4 within_table; }

prepare
require_helpers
ip rule >/dev/null 2>&1 || skip_all "this kernel is without CONFIG_IP_MULTIPLE_TABLES"
it "bits that another table adds stand beside the tag" bits_survive
it "bits that another table sets under its mask stand beside the tag" masked_set
it "who sets the whole mark takes the tag from the packet, not from the connection" whole_set
it "who sets the whole mark changes no verdict of camwall" verdict_stays
it "a VPN that saves and restores the whole mark keeps the tag" saved_restored
it "untracked packets carry the tag of the MAC address" untracked
it "what another table accepts an example still drops" others_accept
it "what an example accepts another table still drops" others_drop
it "policy routing by the tag and by other bits of the mark go together" shared_masks
it "the preference of the rules decides where both bits are set" preference
it "the other's bits route who carries no tag" vpn_alone
it "the file of defines works before the table of fw4" fw4_before
it "the file of defines works within the table of fw4" fw4_within
run
