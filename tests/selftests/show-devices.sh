#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The tool shows the inventory, follows events, and writes metrics.
. "$(dirname "$0")/devices.sh"

OTHER=28:57:be:00:00:01
PEER=44:19:b6:00:00:02

# policy [LINE...]: of [camwall]; groups "cameras" ($CAMERA, $PEER) and "others" ($OTHER, dropped).
policy()
{
	echo '[camwall]'
	echo 'interfaces = lan*'
	printf '%s\n' "$@"
	cat <<-EOT
		[group cameras]
		prefix = 4419b6
		action = ${action-observe}
		[group others]
		prefix = 2857be
		action = drop
	EOT
}

# list [OPTION...]: camwall devices -j
list() { cw "$ns" devices -j "$@"; }

# macs [OPTION...]: in the order shown, on one line
macs() { list "$@" | value '.[].mac' | xargs; }

# Three devices: one packet, two, and three that are dropped.
three()
{
	setup
	policy "$@" | apply "$ns"
	frames "$ns" cam0 lan0 $CAMERA -c 1
	frames "$ns" cam0 lan0 $PEER -c 2
	frames "$ns" cam0 lan0 $OTHER -c 3
}

lists()
{
	local output

	three
	equal "devices" "$(macs)" "$OTHER $CAMERA $PEER"
	equal "packets, dropped" "$(list | value '.[] | "\(.group) \(.from.packets) \(.from.dropped_policy)"' | xargs)" \
		"others 3 3 cameras 1 0 cameras 2 0"
	equal "place" "$(list | value '.[0] | "\(.ifname) \(.vlan) \(.gone) \(.exempt)"')" "lan0 null false false"
	output=$(cw "$ns" devices)
	contains "$output" "$CAMERA  cameras"
	contains "$output" "Hikvision"
	equal "JSON with line breaks says the same" "$(list -p | value 'map(del(.idle_time, .first_seen, .last_seen))')" \
		"$(list | value 'map(del(.idle_time, .first_seen, .last_seen))')"
	contains "$output" "3 shown, 3 in the inventory, which holds at most 4096"
}

# They are documented as stable.
json_keys()
{
	three
	equal keys "$(list | value '.[0] | keys_unsorted | join(" ")')" \
		"mac group vendor vendor_title organization prefix exempt gone first_seen last_seen idle_time ifname ifindex vlan vlan_protocol ipv4 ipv6 from to hostname addresses bridge bridge_port"
	equal "keys of a direction" "$(list | value '.[0].to | keys_unsorted | join(" ")')" \
		"packets bytes dropped dropped_policy dropped_not_allowed dropped_limit dropped_malformed"
	equal "types" "$(list | value '.[0] | "\(.mac|type) \(.exempt|type) \(.idle_time|type) \(.addresses|type) \(.hostname|type)"')" \
		"string boolean number array null"
	list | value '.[] | .first_seen, .last_seen' | grep -Ecx '[0-9-]{10}T[0-9:]{8}Z' | grep -x 6
	cw "$ns" status -j | value .inventory.device_count | grep -x 3
	[ "$(cw "$ns" status -j | value .event_seq)" -ge 4 ]
}

filters_and_sorts()
{
	three
	equal "of one group" "$(macs --group others)" $OTHER
	equal "of both" "$(macs --group others --group cameras)" "$OTHER $CAMERA $PEER"
	equal "of none" "$(macs --group nobody)" ""
	equal "by packets" "$(macs --sort packets)" "$OTHER $PEER $CAMERA"
	equal "by packets, the other way round" "$(macs --sort packets -r)" "$CAMERA $PEER $OTHER"
	equal "by group" "$(macs --sort group)" "$CAMERA $PEER $OTHER"
	refused 2 cw "$ns" devices --sort packet
	contains "$said" "did you mean packets?"
	refused 2 cw "$ns" devices --flush --sort mac
}

lease_files()
{
	three
	printf '1999999999 %s 192.0.2.7 gate *\n' $CAMERA >"$tmp/dnsmasq"
	printf 'address,hwaddr,valid_lifetime,expire,hostname,state\n192.0.2.8,%s,60,1999999999,yard,0\n' \
		$PEER >"$tmp/kea"
	printf 'lease 192.0.2.9 {\n  ends 4 2001/01/01 00:00:00;\n  hardware ethernet %s;\n  client-hostname "old";\n}\n' \
		$OTHER >"$tmp/isc"
	equal "names" "$(list --leases "$tmp/dnsmasq" --leases "$tmp/kea" --leases "$tmp/isc" | value '.[].hostname' | xargs)" \
		"old gate yard"
	equal "addresses of leases" "$(list --leases "$tmp/dnsmasq" --leases "$tmp/isc" |
		value '.[].addresses[] | select(.sources[] == "lease") | .address')" 192.0.2.7
	equal "by name" "$(macs --sort hostname --leases "$tmp/dnsmasq" --leases "$tmp/kea" --leases "$tmp/isc")" \
		"$CAMERA $OTHER $PEER"
	policy "leases = $tmp/dnsmasq" "leases = $tmp/kea" >"$tmp/camwall.conf"
	cw "$ns" apply "$tmp/camwall.conf"
	equal "names, by the configuration" "$(list -f "$tmp/camwall.conf" | value '.[].hostname' | xargs)" \
		"null gate yard"
}

# What cannot be read is told with its line, and all else is shown.
damaged_leases()
{
	three
	printf '1999999999 %s 192.0.2.7 gate *\n1999999999 28:57' $CAMERA >"$tmp/cut"
	list --leases "$tmp/cut" >"$tmp/shown" 2>"$tmp/told"
	equal "names" "$(value '.[].hostname' <"$tmp/shown" | xargs)" "null gate null"
	contains "$(cat "$tmp/told")" "$tmp/cut:2: "
	list --leases "$tmp/nowhere" >"$tmp/shown" 2>"$tmp/told"
	equal "devices" "$(value length <"$tmp/shown")" 3
	contains "$(cat "$tmp/told")" "$tmp/nowhere: cannot be read"
}

hostile_names()
{
	three
	printf '1999999999 %s 192.0.2.7 \033]0;owned\007\302\233\342\200\256x *\n' $CAMERA >"$tmp/hostile"
	cw "$ns" devices --leases "$tmp/hostile" >"$tmp/shown"
	contains "$(cat "$tmp/shown")" '?]0;owned???x'
	fails grep -q '[[:cntrl:]]' "$tmp/shown"
	equal "name in JSON" "$(list --leases "$tmp/hostile" | value '.[1].hostname')" '?]0;owned???x'
}

neighbours()
{
	three
	ip -n "$ns" neigh add 192.0.2.50 lladdr $CAMERA dev lan0
	ip -n "$ns" neigh add fe80::50 lladdr $CAMERA dev lan0
	equal "addresses" "$(list | value '.[1].addresses[] | select(.sources[] == "neighbour") | .address' | xargs)" \
		"192.0.2.50 fe80::50"
	# One that the module has seen, and the kernel has resolved.
	ip -n "$ns" neigh add 192.0.2.2 lladdr $CAMERA dev lan0
	equal "sources" "$(list | value '.[1].addresses[] | select(.address == "192.0.2.2") | .sources | join(" ")')" \
		"traffic neighbour"
}

bridge_port()
{
	three
	try_link "$ns" br0 up type bridge
	wire "$ns" cam1 port1
	ip -n "$ns" link set port1 master br0
	bridge -n "$ns" fdb add $CAMERA dev port1 master dynamic
	equal "port" "$(list | value '.[] | select(.bridge != null) | "\(.mac) \(.bridge) \(.bridge_port)"')" \
		"$CAMERA br0 port1"
	contains "$(cw "$ns" devices)" "lan0, port port1"
}

# A picture after another, until nobody reads them.
watches_on_a_pipe()
{
	local status

	three
	cw "$ns" devices -j --watch 0.1 | head -n 3 >"$tmp/pictures"
	status=${PIPESTATUS[0]}
	equal "exit status" "$status" 0
	equal "pictures" "$(value length <"$tmp/pictures" | xargs)" "3 3 3"
	cw "$ns" devices --watch 0.1 --group others 2>"$tmp/told" | head -n 7 >"$tmp/pictures"
	equal "exit status" "${PIPESTATUS[0]}" 0
	equal "headers" "$(grep -c ^MAC "$tmp/pictures")" 2
	fails grep -q '[[:cntrl:]]' "$tmp/pictures"
	equal "complaints" "$(cat "$tmp/told")" ""
	start pictures "$ns" "$CAMWALL" devices --watch=0.1
	wait_for 20 grep -q shown "$tmp/pictures"
	stop pictures
	refused 2 cw "$ns" devices --watch never
}

# In place: no new screen but for the first, and the cursor comes back.
watches_on_a_terminal()
{
	three
	[ -n "$(command -v script)" ] || skip "no command script"
	cat >"$tmp/command" <<-EOT
		stty rows 6 cols 40
		sh -c 'echo \$\$ >$tmp/pid; exec $CAMWALL devices --watch 0.2'
		echo "status \$?"
	EOT
	start screen "$ns" script -qec "bash $tmp/command" /dev/null
	homes() { [ "$(grep -ao $'\033\[H' "$tmp/screen" | wc -l)" -gt 2 ]; }
	wait_for 60 homes
	kill -INT "$(cat "$tmp/pid")"
	wait "$screen"
	equal "cleared" "$(grep -ao $'\033\[2J' "$tmp/screen" | wc -l)" 1
	equal "cursor" "$(grep -ao $'\033\[?25[lh]' "$tmp/screen" | xargs)" $'\033[?25l \033[?25h'
	sed 's/\x1b\[H/\n/g' "$tmp/screen" | sed 's/\x1b\[[?0-9]*[a-zA-Z]//g; s/\r//g' >"$tmp/lines"
	equal "longest line" "$(wc -L <"$tmp/lines")" 40
	equal "in the end" "$(tail -n 1 "$tmp/lines")" "status 0"
}

rates()
{
	three
	cw "$ns" stats -j --watch 0.3 | head -n 2 >"$tmp/pictures"
	equal "at first" "$(head -n 1 "$tmp/pictures" | value '.[0].from_rate')" null
	equal "then" "$(tail -n 1 "$tmp/pictures" | value '.[0].from_rate.packets == 0')" true
	equal "without" "$(cw "$ns" stats -j | value '.[0] | has("from_rate")')" false
	# Those of before are not to be taken for its own.
	rm "$tmp/pictures"
	start pictures "$ns" "$CAMWALL" stats -j --watch 0.2
	wait_for 20 test -s "$tmp/pictures"
	frames "$ns" cam0 lan0 $CAMERA -c 50
	seen_rate() { [[ $(jq '.[0].from_rate.packets > 0' "$tmp/pictures") = *true* ]]; }
	wait_for 20 seen_rate
	stop pictures
}

flushes()
{
	three
	contains "$(cw "$ns" devices --flush)" "it held 3 devices"
	equal "devices" "$(macs)" ""
	equal "in JSON" "$(cw "$ns" devices --flush -j)" '{"flushed":0}'
}

# monitor [OPTION...]: camwall monitor -j in the background, listening.
monitor()
{
	start events "$ns" "$CAMWALL" monitor -j "$@"
	listening() { cw "$ns" devices --flush -q && [ -s "$tmp/events" ]; }
	wait_for 20 listening
}

# told EVENT FILTER: what jq makes of the events of that name, a line each.
told() { jq -r "select(.event == \"$1\") | $2" "$tmp/events"; }
has_told() { [ "$(told "$1" "$2" | tail -n 1)" = "$3" ]; }
# tells EVENT FILTER VALUE: the last of that name, within a time.
tells() { wait_for 30 has_told "$@" || { cat "$tmp/events"; return 1; }; }

tells_events()
{
	setup
	wire "$ns" cam1 lan1
	policy 'idle = 2' | apply "$ns"
	monitor
	tells devices-flushed '"\(.device_count) \(.uid)"' "0 0"
	send $CAMERA "$UDP"
	tells device-new '"\(.device.mac) \(.device.group) \(.device.ifname) \(.device.ipv4)"' "$CAMERA cameras lan0 10.0.0.7"
	equal "organization" "$(told device-new .device.organization)" "$(list | value '.[0].organization')"
	port=1 send $CAMERA "vlan 7 $UDP"
	tells device-moved '"\(.previous.ifname) \(.device.ifname) \(.device.vlan)"' "lan0 lan1 7"
	tells device-gone '"\(.device.gone) \(.displaced)"' "true false"
	send $CAMERA "$UDP"
	tells device-back .device.mac $CAMERA
	frames "$ns" cam0 lan0 $OTHER -c 9
	wait_for 20 all_dropped
	equal "reason" "$(told device-dropped '"\(.drop_reason) \(.direction)"' | sort -u)" "policy from"
	policy 'max-devices = 16' | apply "$ns"
	tells config-changed '"\(.generation) \(.group_count) \(.prefix_count) \(.uid)"' "2 2 2 0"
	send 44:19:b6:01:00:00 "$UDP" -c 200
	flooded() { [ "$(told device-flood .device_refused | tail -n 1)" = "$(cw "$ns" status -j | value .inventory.device_refused)" ]; }
	wait_for 20 flooded
	stop events
	equal "lost" "$(jq .lost "$tmp/events" | sort -u)" 0
	equal "numbers without a gap" "$(jq .seq "$tmp/events" | awk 'NR > 1 && $1 != n + 1 { print "gap" } { n = $1 }')" ""
}

all_dropped() { [ "$(told device-dropped '.suppressed + 1' | awk '{ n += $1 } END { print n }')" = 9 ]; }

tells_exemption()
{
	local until

	setup
	policy | apply "$ns"
	monitor
	until=$(date -u -d '+3 seconds' +%Y-%m-%dT%H:%M:%SZ)
	{ policy; printf '[exempt %s]\nuntil = %s\nreason = ticket 4711\napproved-by = J. Doe\n' $CAMERA "$until"; } | apply "$ns"
	tells exemption-ended '.exemption | "\(.mac) \(.until) \(.reason) \(.approved_by)"' "$CAMERA $until ticket 4711 J. Doe"
	stop events
}

tells_lines()
{
	setup
	policy | apply "$ns"
	start lines "$ns" "$CAMWALL" monitor
	listening() { cw "$ns" devices --flush -q && [ -s "$tmp/lines" ]; }
	wait_for 20 listening
	send $CAMERA "vlan 7 $UDP"
	wait_for 20 grep -Eq "^[0-9-]{10}T[0-9:]{8}Z device-new $CAMERA cameras \(.*Hikvision.*\) at lan0 vlan 7, 10.0.0.7\$" "$tmp/lines"
	stop lines
}

# By interruption, a number, and a reader that goes away, also where nothing more happens.
ends_cleanly()
{
	setup
	policy | apply "$ns"
	monitor
	kill -INT "$events"
	wait "$events"
	monitor --count 1
	wait "$events"
	equal "events" "$(wc -l <"$tmp/events")" 1
	mkfifo "$tmp/pipe"
	within "$ns" "$CAMWALL" monitor >"$tmp/pipe" 2>"$tmp/told" &
	read -r -t 0.5 <"$tmp/pipe" || :
	wait $!
	equal "complaints" "$(cat "$tmp/told")" ""
	refused 2 cw "$ns" monitor --count none
}

last_event() { cw "$ns" status -j | value .event_seq; }

told_up_to() { [ "$(last_event)" -ge "$1" ]; }

# Whoever is too slow is told how many it has missed, and holds up nobody.
slow()
{
	local received lost before i

	setup
	policy 'max-devices = 65536' | apply "$ns"
	monitor
	kill -STOP "$events"
	# A device that is flushed before it was told is not told.
	for i in 1 2 3; do
		before=$(last_event)
		equal "frames that pass" "$(send 44:19:b6:01:00:00 "$UDP" -c 3000)" 3000
		wait_for 60 told_up_to $((before + 3000))
		cw "$ns" devices --flush -q
	done
	kill -CONT "$events"
	# Received and lost are all that there were, with nothing more to come that would show it.
	all_told()
	{
		[ "$(jq -s '.[0].seq + length - 1 - ([.[] | select(.event == "lost")] | length) + ([.[1:][].lost] | add)' "$tmp/events")" = \
			"$(last_event)" ]
	}
	wait_for 60 all_told
	# Only now: the monitor goes on writing while it is read.
	received=$(jq -s '[.[] | select(.event != "lost")] | length' "$tmp/events")
	lost=$(jq -s '[.[].lost] | add' "$tmp/events")
	echo "$received received, $lost lost, of $(last_event)"
	[ "$lost" -gt 0 ]
	stop events
}

survives_reload()
{
	setup
	policy | apply "$ns"
	monitor
	is_module || skip "the module is built into this kernel"
	unload_module
	defer load_module
	tells module-unloaded .lost 0
	load_module
	tells module-loaded .lost 0
	policy | apply "$ns"
	tells config-changed '"\(.seq) \(.generation) \(.lost)"' "1 1 0"
	stop events
}

# metric NAME-AND-LABELS: its value in $tmp/metrics
metric() { awk -v name="$1" '$1 == name { print $2 }' "$tmp/metrics"; }

metrics()
{
	local before

	three
	before=$(last_event)
	cw "$ns" metrics >"$tmp/metrics"
	equal "packets" "$(metric 'camwall_packets_total{group="others",direction="from"}')" 3
	equal "dropped" "$(metric 'camwall_dropped_packets_total{group="others",direction="from",reason="policy"}')" 3
	equal "devices" "$(metric 'camwall_devices{group="cameras"}')" 2
	equal "generation" "$(metric camwall_policy_generation)" 1
	[ "$(metric camwall_events_total)" -ge "$before" ]
	[ "$(metric camwall_events_total)" -le "$(last_event)" ]
	fails grep -q "$CAMERA" "$tmp/metrics"
	cw "$ns" metrics --devices >"$tmp/metrics"
	equal "packets of a device" "$(metric "camwall_device_packets_total{mac=\"$PEER\",group=\"cameras\",direction=\"from\"}")" 2
	refused 2 cw "$ns" metrics -j
}

metrics_format()
{
	[ -n "$(command -v promtool)" ] || skip "no command promtool (Debian's package prometheus)"
	three 'mark-mask = 0xff'
	{ policy; printf '[exempt %s]\nuntil = 2099-01-01\nreason = r\napproved-by = a\n' $CAMERA; } | apply "$ns"
	cw "$ns" metrics | promtool check metrics
	cw "$ns" metrics --devices | promtool check metrics
}

metrics_file()
{
	three
	echo old >"$tmp/camwall.prom"
	chmod 600 "$tmp/camwall.prom"
	exec 9<"$tmp/camwall.prom"
	(umask 077; cw "$ns" metrics -o "$tmp/camwall.prom")
	equal "who reads the old file reads the old file" "$(cat <&9)" old
	equal "mode" "$(stat -c %a "$tmp/camwall.prom")" 644
	grep -qx 'camwall_up 1' "$tmp/camwall.prom"
	equal "what is left beside it" "$(find "$tmp" -name '.camwall*')" ""
	refused 1 cw "$ns" metrics -o "$tmp/no-such-folder/camwall.prom"
	contains "$said" "$tmp/no-such-folder/camwall.prom: no file can be made"
	refused 1 cw "$ns" metrics -o "$tmp"
	contains "$said" "is no file"
}

metrics_without_module()
{
	setup
	is_module || skip "the module is built into this kernel"
	no_autoload
	unload_module
	defer load_module
	refused 1 cw "$ns" metrics -o "$tmp/camwall.prom"
	equal "value" "$(grep -v '^#' "$tmp/camwall.prom")" "camwall_up 0"
}

digest()
{
	setup
	policy '# not the same' >"$tmp/camwall.conf"
	printf '[exempt %s]\nuntil = 2099-01-01\nreason = r\napproved-by = a\n' $CAMERA >"$tmp/exemptions.conf"
	cw "$ns" apply "$tmp/camwall.conf"
	equal "of the file" "$(cw "$ns" show config -j | value .digest)" "$(sha256sum <"$tmp/camwall.conf" | cut -d ' ' -f 1)"
	equal "in status" "$(cw "$ns" status -j | value .digest)" "$(cw "$ns" show -j | value .digest)"
	equal "generation" "$(generation "$ns")" 1
	# A comment changes nothing, and what was applied stays what it was.
	sed -i 's/not the same/the same/' "$tmp/camwall.conf"
	contains "$(cw "$ns" apply "$tmp/camwall.conf")" "nothing changed"
	cw "$ns" flush
	equal "of nothing" "$(cw "$ns" show -j | value .digest)" null
}

settings()
{
	setup
	policy 'max-devices = 100' 'idle = 2h' | apply "$ns"
	equal "bounds" "$(cw "$ns" show config -j | value '"\(.max_devices) \(.idle)"')" "100 7200"
	cw "$ns" save >"$tmp/saved"
	grep -qx 'max-devices = 100' "$tmp/saved"
	contains "$(apply "$ns" <"$tmp/saved")" "nothing changed"
	contains "$(policy | apply "$ns")" "max-devices 100 -> 4096"
	equal "bound of the inventory" "$(cw "$ns" status -j | value .inventory.max_devices)" 4096
}

# A full inventory. How long it takes is for Documentation/performance.md.
many()
{
	setup
	policy | apply "$ns"
	send 44:19:b6:01:00:00 "$UDP" -c 4096 >"$tmp/arrived"
	list >"$tmp/shown"
	equal "devices" "$(value length <"$tmp/shown")" 4096
}

prepare
it "devices lists whose they are, where, and what they sent" lists
it "devices -j has stable keys" json_keys
it "devices is filtered and sorted" filters_and_sorts
it "host names and addresses come from lease files" lease_files
it "a damaged lease file is told, and all else is shown" damaged_leases
it "no host name steers a terminal" hostile_names
it "addresses come from the neighbour tables" neighbours
it "the bridge port comes from the FDB" bridge_port
it "--watch writes pictures to a pipe, until nobody reads them" watches_on_a_pipe
it "--watch refreshes in place on a terminal" watches_on_a_terminal
it "stats --watch has rates" rates
it "devices --flush empties the inventory" flushes
it "4096 devices are listed" many
it "monitor tells each event" tells_events
it "monitor tells that an exemption has ended" tells_exemption
it "monitor's lines are for people" tells_lines
it "monitor ends cleanly" ends_cleanly
it "a slow monitor knows how many events it has lost" slow
it "monitor goes on when the module is loaded again" survives_reload
it "metrics are what stats and status say" metrics
it "promtool finds no fault in metrics" metrics_format
it "metrics -o replaces a file in one step" metrics_file
it "without a module the metrics say so" metrics_without_module
it "the digest is of the configuration file" digest
it "the bounds of the inventory come from the configuration" settings
run
