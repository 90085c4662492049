#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Every network namespace has its own policy, and only its own administrator reads or writes it.
. "$(dirname "$0")/lib.sh"

CAMERA=44:19:b6:00:00:01

policy()
{
	cat <<-EOF
		[camwall]
		interfaces = $1
		[group $2]
		prefix = 44:19:b6
		action = drop
	EOF
}

separate()
{
	namespace one two
	wire "$one" cam0 lan0
	wire "$two" cam0 lan0
	policy 'lan*' first | apply "$one"
	equal "frames in the namespace with a policy" "$(frames "$one" cam0 lan0 $CAMERA)" 0
	equal "frames in the other one" "$(frames "$two" cam0 lan0 $CAMERA)" 5
	equal "its generation" "$(generation "$two")" 0
	equal "its bound devices" "$(bound "$two")" ""
	equal "its groups" "$(cw "$two" stats -j | value '.[].group')" ""

	policy 'lan*' second | apply "$two"
	equal "groups of the first" "$(cw "$one" stats -j | value '.[].group')" first
	equal "groups of the second" "$(cw "$two" stats -j | value '.[].group')" second
	equal "frames counted in the first" "$(count "$one" first packets)" 5
	equal "frames counted in the second" "$(count "$two" second packets)" 0
	cw "$one" flush
	equal "frames in the second" "$(frames "$two" cam0 lan0 $CAMERA)" 0
}

between()
{
	namespace one two
	ip -n "$one" -batch - <<-EOF
		link add cam0 type veth peer name lan0 netns $two
		link set cam0 up
	EOF
	ip -n "$two" link set lan0 up
	policy '*' cameras | apply "$one"
	equal "frames to a namespace without a policy" \
		"$(frames "$one" cam0 lan0 $CAMERA -N "$two")" 5
	policy '*' cameras | apply "$two"
	equal "frames to one with a policy" "$(frames "$one" cam0 lan0 $CAMERA -N "$two")" 0
}

# What it leaves behind would keep the module from being unloaded, or the kernel would say.
goes_away()
{
	local i

	is_module || skip "camwall is built in"
	for i in 1 2 3 4 5; do
		namespace ns
		wire "$ns" cam0 lan0
		policy '*' cameras | apply "$ns"
		equal "bound devices" "$(bound "$ns")" "cam0 lan0"
		ip netns del "$ns"
	done
	namespace ns
	equal "generation in a new one of that name" "$(generation "$ns")" 0
	wait_for 20 unload_module
	load_module
}

by_name()
{
	namespace one two
	policy 'lan*' first | "$CAMWALL" --netns "$one" apply -
	equal "generation there" "$("$CAMWALL" --netns "$one" status -j | value .generation)" 1
	equal "generation elsewhere" "$(generation "$two")" 0
	refused 1 "$CAMWALL" --netns cw-nowhere status
	contains "$said" cw-nowhere
}

as_nobody() { setpriv --reuid=65534 --regid=65534 --clear-groups "$@"; }

# The tool where a user without privileges can run it.
public_tool()
{
	chmod 755 "$tmp"
	install -m 755 "$CAMWALL" "$here/inject" "$tmp"
}

unprivileged()
{
	local command

	public_tool
	for command in status show save stats "lookup $CAMERA" flush; do
		# shellcheck disable=SC2086
		refused 1 as_nobody "$tmp/camwall" $command
		contains "$said" CAP_NET_ADMIN
	done
	policy 'lan*' cameras >"$tmp/policy"
	chmod 644 "$tmp/policy"
	refused 1 as_nobody "$tmp/camwall" apply "$tmp/policy"
	contains "$said" CAP_NET_ADMIN
}

user_namespace()
{
	as_nobody unshare --user --map-root-user true || skip "no user namespaces for a user"
	public_tool
}

own_policy()
{
	local output

	user_namespace
	policy 'lan*' cameras >"$tmp/policy"
	chmod 644 "$tmp/policy"
	# shellcheck disable=SC2016
	output=$(as_nobody unshare --user --map-root-user --net bash -ec '
		cd "$1"
		ip link add cam0 type veth peer name lan0
		ip link set cam0 up
		ip link set lan0 up
		./camwall apply -q policy
		./inject -o cam0 -i lan0 -s "$2"
		./camwall status -j | jq .generation' - "$tmp" $CAMERA)
	equal "frames that arrive, and the generation" "$(xargs <<<"$output")" "0 1"
}

not_the_hosts()
{
	local before

	user_namespace
	before=$("$CAMWALL" status -j | value .generation)
	refused 1 as_nobody unshare --user --map-root-user "$tmp/camwall" status
	contains "$said" CAP_NET_ADMIN
	refused 1 as_nobody unshare --user --map-root-user "$tmp/camwall" flush
	contains "$said" CAP_NET_ADMIN
	equal "the host's generation" "$("$CAMWALL" status -j | value .generation)" "$before"
}

prepare
it "two namespaces have two policies, with their own devices and counters" separate
it "a frame is judged by the namespace that receives it" between
it "a namespace that goes away leaves nothing behind" goes_away
it "the tool works in a namespace that it is given by name" by_name
it "a user without privileges is refused, for reading too" unprivileged
it "root of a user namespace has a policy of its own" own_policy
it "root of a user namespace cannot touch the host's" not_the_hosts
run
