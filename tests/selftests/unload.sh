#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The module is unloaded and loaded again and again, with traffic and with devices that come and go.
. "$(dirname "$0")/lib.sh"

CAMERA=44:19:b6:00:00:01
: "${ROUNDS:=12}"

policy()
{
	cat <<-EOF
		[camwall]
		interfaces = lan*
		[group cameras]
		prefix = 44:19:b6
		action = drop
	EOF
}

# Hooks that stay. The first and the last ingress and egress hook of a machine make the kernel
# patch its own code in the way of every packet; that has nothing to do with camwall, and
# QEMU's emulation of it, with the patched code running on another processor, can hang for
# ever. run.sh holds such hooks for all programs; this is for unload.sh alone.
fixture()
{
	namespace held
	wire "$held" a0 b0
	within "$held" nft 'table netdev t {
		chain c { type filter hook ingress device a0 priority 0; };
		chain e { type filter hook egress device a0 priority 0; }; }'
}

# Until it is killed: devices that match appear and go.
CHURN='
	while :; do
		ip link add lan1 type veth peer name cam1
		ip link set lan1 up
		ip link del lan1
	done'

again_and_again()
{
	local i

	for ((i = 0; i < ROUNDS; i++)); do
		policy | apply "$ns"
		wait_for 20 traffic
		unload_module
		load_module
	done
}

traffic() { [ "$(count "$ns" cameras packets)" -gt 0 ]; }

under_traffic()
{
	namespace ns
	wire "$ns" cam0 lan0
	start flood "$ns" "$here/inject" -f -o cam0 -i lan0 -s $CAMERA
	again_and_again
	stop flood
	[ "$(cat "$tmp/flood")" -gt 0 ]
	policy | apply "$ns"
	equal "frames that arrive at the end" "$(frames "$ns" cam0 lan0 $CAMERA)" 0
}

with_devices_that_come_and_go()
{
	namespace ns
	wire "$ns" cam0 lan0
	start flood "$ns" "$here/inject" -f -o cam0 -i lan0 -s $CAMERA
	start churning "$ns" bash -c "$CHURN"
	again_and_again
	kill -0 "$churning"
	stop flood
}

prepare
is_module || skip_all "camwall is built in"
it "unloading under traffic, $ROUNDS times" under_traffic
it "unloading while devices come and go, $ROUNDS times" with_devices_that_come_and_go
run
