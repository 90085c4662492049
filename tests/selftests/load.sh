#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The module comes, by hand and by itself, and goes without a trace.
. "$(dirname "$0")/lib.sh"

ALIAS=net-pf-16-proto-16-family-camwall

loads()
{
	unload_module
	load_module
	loaded
}

family_appears()
{
	genl ctrl get name camwall
}

names_its_alias()
{
	local file=${CAMWALL_KO:-camwall} aliases

	aliases=$(modinfo -F alias "$file") || skip "modinfo does not find $file"
	contains "$aliases" "$ALIAS"
}

comes_by_itself()
{
	modprobe --show-depends "$ALIAS" || skip "modprobe does not find the module by its alias"
	namespace ns
	unload_module
	defer "loaded || load_module"
	cw "$ns" status
	loaded
}

starts_empty()
{
	local status

	namespace ns
	status=$(cw "$ns" status -j)
	equal generation "$(value .generation <<<"$status")" 0
	equal groups "$(value .group_count <<<"$status")" 0
	equal prefixes "$(value .prefix_count <<<"$status")" 0
	equal interfaces "$(value .device_count <<<"$status")" 0
}

touches_nothing_at_first()
{
	namespace ns
	wire "$ns" cam0 lan0
	equal "frames that arrive" "$(frames "$ns" cam0 lan0 28:57:be:00:00:01)" 5
}

goes_with_a_policy_in_force()
{
	local ns

	namespace one two
	for ns in "$one" "$two"; do
		wire "$ns" cam0 lan0
		apply "$ns" <<-EOF
			[camwall]
			interfaces = lan*
			[group cameras]
			prefix = 28:57:be
			action = drop
		EOF
		equal "frames that arrive" "$(frames "$ns" cam0 lan0 28:57:be:00:00:01)" 0
	done
	no_autoload
	unload_module
	defer "loaded || load_module"
	for ns in "$one" "$two"; do
		equal "frames that arrive afterwards" \
			"$(frames "$ns" cam0 lan0 28:57:be:00:00:01)" 5
	done
	fails genl ctrl get name camwall
}

comes_back_empty()
{
	namespace ns
	apply "$ns" <<-EOF
		[camwall]
		interfaces = lan*
		[group cameras]
		prefix = 28:57:be
	EOF
	unload_module
	load_module
	equal generation "$(generation "$ns")" 0
	equal prefixes "$(cw "$ns" status -j | value .prefix_count)" 0
}

prepare
is_module || skip_all "camwall is built in"
it "the module loads" loads
it "its netlink family appears" family_appears
it "it names the alias that the kernel asks for" names_its_alias
it "the tool's first request loads it" comes_by_itself
it "it starts without a policy" starts_empty
it "without a policy every frame passes" touches_nothing_at_first
it "unloaded with policies in force, it leaves nothing behind" goes_with_a_policy_in_force
it "loaded again, it starts without a policy" comes_back_empty
run
