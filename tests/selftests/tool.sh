#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The tool against the live module: what goes in comes out, and what is wrong changes nothing.
. "$(dirname "$0")/lib.sh"

REGISTRY=/usr/share/ieee-data/oui.csv

policy()
{
	cat <<-EOF
		[camwall]
		interfaces = lan* eth1
		mark-mask = 0xff000000

		[group cameras]
		prefix = 44:19:b6
		prefix = b0:b3:53:10/28
		action = drop

		[group recorders]
		prefix = 44:19:b6:f0:00/36
		prefix = 44:19:b6:12:34:56
		action = observe
		mark = 0x01000000
	EOF
}

setup()
{
	namespace ns
	policy | apply "$ns"
}

says_what_changed()
{
	local output

	namespace ns
	output=$(policy | apply "$ns")
	contains "$output" "interface lan*"
	contains "$output" "group cameras"
	contains "$output" "2 prefixes"
	output=$(policy | sed 's/drop/observe/; /b0:b3/d' | apply "$ns")
	contains "$output" "drop -> observe"
	contains "$output" "group cameras: 1 prefix gone"
	equal generation "$(generation "$ns")" 2
}

twice_changes_nothing()
{
	setup
	contains "$(policy | apply "$ns")" "nothing changed"
	equal generation "$(generation "$ns")" 1
}

checks_only()
{
	local output

	setup
	output=$(policy | sed 's/drop/observe/' | cw "$ns" apply -c -)
	contains "$output" "drop -> observe"
	equal generation "$(generation "$ns")" 1
	equal action "$(cw "$ns" show groups -j | value '.[0].action')" drop
}

saves_what_it_applies()
{
	namespace other
	setup
	cw "$ns" save >"$tmp/saved"
	contains "$(apply "$ns" <"$tmp/saved")" "nothing changed"
	apply "$other" <"$tmp/saved"
	cw "$other" save | diff "$tmp/saved" -
	equal prefixes "$(cw "$other" status -j | value .prefix_count)" 4
	equal "marked groups" "$(cw "$other" show groups -j |
		value '.[] | select(.mark != null) | .name')" recorders
}

saves_nothing()
{
	setup
	cw "$ns" flush
	cw "$ns" save >"$tmp/saved"
	contains "$(apply "$ns" <"$tmp/saved")" "nothing changed"
}

shows_interfaces()
{
	namespace ns
	wire "$ns" cam0 lan0
	ip -n "$ns" link add br0 type bridge || skip "this kernel has no bridges"
	wire "$ns" cam1 port1
	ip -n "$ns" link set port1 master br0
	policy | sed 's/eth1/br0/' | apply "$ns"
	contains "$(cw "$ns" show interfaces)" lan0
	contains "$(cw "$ns" show interfaces)" port1
}

# The kernel's answer and the one that the file gives.
looks_up()
{
	local mac from_kernel from_file

	setup
	policy >"$tmp/policy"
	for mac in 44:19:b6:00:00:01 4419.b6f0.0001 44-19-B6-12-34-56 $UNLISTED; do
		from_kernel=$(cw "$ns" lookup -j $mac)
		from_file=$("$CAMWALL" lookup -f "$tmp/policy" -j $mac)
		equal "lookup of $mac" "$from_file" "$from_kernel"
	done
	equal group "$(cw "$ns" lookup -j 44-19-B6-12-34-56 | value '.[0].group')" recorders
}

# For the completions of shells.
lists_values()
{
	setup
	equal groups "$(cw "$ns" completion values groups | xargs)" "cameras recorders"
	contains "$("$CAMWALL" completion values netns | xargs)" "$ns"
	equal "groups elsewhere" "$("$CAMWALL" --netns "$ns" completion values groups | xargs)" "cameras recorders"
	wire "$ns" cam0 lan0
	frames "$ns" cam0 lan0 44:19:b6:00:00:01
	equal devices "$(cw "$ns" completion values devices)" 44:19:b6:00:00:01
}

# wrong FILE-LINE PIECE <CONFIGURATION: refused at that line, and nothing changes.
wrong()
{
	cat >"$tmp/wrong.conf"
	refused 1 cw "$ns" apply "$tmp/wrong.conf"
	contains "$said" "$tmp/wrong.conf:$1: "
	contains "$said" "$2"
	equal generation "$(generation "$ns")" 1
}

names_file_and_line()
{
	setup
	policy | sed 's/drop/dorp/' | wrong 8 dorp
	policy | sed 's/^mark =/marc =/' | wrong 14 marc
	policy | sed 's/prefix = 44:19:b6$/prefix = 44:19:g6/' | wrong 6 44:19:g6
	policy | sed 's/0x01000000/0x00000001/' | wrong 14 mark-mask
	{ policy; echo '[group more]'; echo 'prefix = 44:19:b6'; } | wrong 16 cameras
	equal prefixes "$(cw "$ns" status -j | value .prefix_count)" 4
	refused 1 cw "$ns" apply "$tmp/there-is-no-such-file"
	contains "$said" there-is-no-such-file
}

exit_statuses()
{
	namespace ns
	refused 2 "$CAMWALL"
	refused 2 "$CAMWALL" nonsense
	refused 2 "$CAMWALL" status --nonsense
	refused 2 "$CAMWALL" lookup
	refused 2 "$CAMWALL" lookup 44:19
	refused 1 cw "$ns" apply "$tmp/there-is-no-such-file"
	"$CAMWALL" --help
	"$CAMWALL" --version
}

prints_json()
{
	local command

	setup
	for command in status stats "show config" "show groups" "show prefixes" "show interfaces" \
		       "lookup $UNLISTED" vendors; do
		cw "$ns" -j $command | jq -e . || contains "$command -j is" JSON
	done
	policy | cw "$ns" apply -j - | jq -e .
	cw "$ns" -j flush | jq -e .
}

flushes()
{
	namespace ns
	wire "$ns" cam0 lan0
	policy | apply "$ns"
	equal "frames that arrive" "$(frames "$ns" cam0 lan0 44:19:b6:00:00:01)" 0
	cw "$ns" flush
	equal groups "$(cw "$ns" status -j | value .group_count)" 0
	equal prefixes "$(cw "$ns" status -j | value .prefix_count)" 0
	equal "frames that arrive after flush" "$(frames "$ns" cam0 lan0 44:19:b6:00:00:01)" 5
}

whole_registry()
{
	local n

	[ -f $REGISTRY ] || skip "no $REGISTRY: install ieee-data"
	namespace ns
	wire "$ns" cam0 lan0
	apply "$ns" <<-EOF
		[camwall]
		interfaces = lan*
		[group everyone]
		vendor = *
		action = drop
	EOF
	n=$(cw "$ns" status -j | value .prefix_count)
	[ "$n" -gt 40000 ]
	equal "prefixes that are read back" "$(cw "$ns" show prefixes -j | jq length)" "$n"
	equal "frames of a listed device" "$(frames "$ns" cam0 lan0 44:19:b6:00:00:01)" 0
	equal "frames of an address that nobody is assigned" \
		"$(frames "$ns" cam0 lan0 0a:00:00:00:00:01)" 5
}

shipped_example()
{
	local example=$here/../../Documentation/camwall.conf.example group

	[ -f "$example" ] || skip "no $example"
	namespace ns
	cw "$ns" apply -q "$example"
	for group in hikvision dahua; do
		[ "$(cw "$ns" show groups -j |
			value ".[] | select(.name == \"$group\") | .prefix_count")" -gt 20 ]
	done
}

# Both may get through, one after the other; one that is too late says so. No mixture.
two_at_a_time()
{
	local i first second prefixes

	namespace ns
	policy >"$tmp/one"
	policy | sed '/b0:b3/d' >"$tmp/two"
	for i in 1 2 3 4 5; do
		cw "$ns" flush
		first=0 second=0
		cw "$ns" apply "$tmp/one" 2>"$tmp/said" &
		cw "$ns" apply "$tmp/two" 2>>"$tmp/said" || second=$?
		wait $! || first=$?
		case $first$second in
		00) ;;
		01 | 10) contains "$(cat "$tmp/said")" "generation" ;;
		*) equal "exit statuses" "$first, $second" "one of them 0" ;;
		esac
		prefixes=$(cw "$ns" status -j | value .prefix_count)
		[ "$prefixes" -eq 4 ] || [ "$prefixes" -eq 3 ]
	done
}

without_the_module()
{
	is_module || skip "camwall is built in"
	namespace ns
	no_autoload
	unload_module
	defer "loaded || load_module"
	refused 1 cw "$ns" status
	contains "$said" "modprobe camwall"
	policy | cw "$ns" apply -c -
}

prepare
it "apply says what changed" says_what_changed
it "applying the same again changes nothing" twice_changes_nothing
it "apply -c says what would change, and changes nothing" checks_only
it "what save prints is what apply takes" saves_what_it_applies
it "what save prints of nothing is what apply takes" saves_nothing
it "show interfaces lists bound devices, those of a named bridge too" shows_interfaces
it "lookup in the kernel and in the file agree" looks_up
it "it lists groups, namespaces and devices for completions" lists_values
it "an error names file and line, and leaves the kernel as it was" names_file_and_line
it "exit status is 1 for a failure, 2 for a wrong command line" exit_statuses
it "-j prints JSON" prints_json
it "flush leaves nothing in force" flushes
it "the whole registry loads as one group" whole_registry
it "the example configuration loads" shipped_example
it "two tools at a time: one policy or the other is in force, whole" two_at_a_time
it "without the module the tool says how to load it" without_the_module
run
