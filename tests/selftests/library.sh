#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The shared library against the live module: the example of Documentation/examples, and a program
# that asks for the rest of it.
. "$(dirname "$0")/devices.sh"

AGENT=${AGENT-${CAMWALL%/*}/agent}
PROBE=${PROBE-${CAMWALL%/*}/library-probe}

policy()
{
	cat <<-EOF
		[camwall]
		interfaces = lan*
		mark-mask = 0xff000000
		[group cameras]
		prefix = 44:19:b6
		action = ${1-observe}
		mark = 0x01000000
	EOF
}

with_policy()
{
	setup
	config=$tmp/$RANDOM/camwall.conf
	mkdir "${config%/*}"
	policy "$@" >"$config"
}

# Every word of the example's promise: applies, lists, follows.
agent()
{
	with_policy drop
	policy observe | apply "$ns"
	frames "$ns" cam0 lan0 $CAMERA
	start agent "$ns" "$AGENT" "$config"
	wait_for 20 grep -qx "device $CAMERA cameras" "$tmp/agent"
	grep -x "changed group cameras: action observe -> drop" "$tmp/agent"
	equal action "$(cw "$ns" show groups -j | value '.[0].action')" drop
	frames "$ns" cam0 lan0 $NEIGHBOUR
	wait_for 20 grep -q '"device-new"' "$tmp/agent"
	equal "the event's device" "$(grep '"device-new"' "$tmp/agent" | value .device.mac)" $NEIGHBOUR
	wait_for 20 grep -q '"device-dropped"' "$tmp/agent"
}

agent_is_refused()
{
	with_policy
	apply "$ns" <"$config"
	sed -i 's/observe/drip/' "$config"
	refused 1 within "$ns" "$AGENT" "$config"
	contains "$said" "$config:6: "
	equal generation "$(generation "$ns")" 1
}

# What the tool and the library say of a change is the same, and so is what the kernel then holds.
applies()
{
	local other

	with_policy
	namespace other
	apply "$other" <"$config" | grep "group cameras"
	"$PROBE" apply "$ns" "$config" >"$tmp/said"
	cat "$tmp/said"
	grep -x "change=group cameras added: action observe, mark 0x01000000, 1 prefix" "$tmp/said"
	equal generation "$(generation "$ns")" 1
	cw "$other" save >"$tmp/other"
	cw "$ns" save | diff "$tmp/other" -
	equal "a second time" "$("$PROBE" apply "$ns" "$config")" ""
	equal generation "$(generation "$ns")" 1
}

checks_only()
{
	with_policy
	contains "$("$PROBE" apply "$ns" "$config" check)" "change=group cameras"
	equal generation "$(generation "$ns")" 0
}

# One reading serves for more than one application.
applies_again()
{
	with_policy
	"$PROBE" apply "$ns" "$config" twice
	equal generation "$(generation "$ns")" 1
	"$PROBE" flush "$ns"
	equal generation "$(generation "$ns")" 2
	equal prefixes "$(cw "$ns" status -j | value .prefix_count)" 0
}

shows()
{
	local until digest

	with_policy drop
	until=$(($(date +%s) + 3600))
	cat >"${config%/*}/exemptions.conf" <<-EOF
		[exempt $NEIGHBOUR]
		until = $(date -u -d "@$until" +%Y-%m-%dT%H:%M:%SZ)
		reason = test
		approved-by = me
	EOF
	"$PROBE" apply "$ns" "$config"
	frames "$ns" cam0 lan0 $CAMERA
	send $NEIGHBOUR "$UDP"
	"$PROBE" show "$ns" $CAMERA $NEIGHBOUR $UNLISTED >"$tmp/shown"
	cat "$tmp/shown"
	digest=$(sha256sum "$config" | cut -d' ' -f1)
	grep -E "^status $("$CAMWALL" --version | cut -d' ' -f2) 1 1 1 1 1 2 4096 0 [1-9][0-9]* 0 $digest\$" "$tmp/shown"
	grep -E "^group cameras drop 0x1000000 1 6 [0-9]+ 5 0 0 0\$" "$tmp/shown"
	grep -E "^device $CAMERA cameras lan0 0 .* none 0 0 1 5 [0-9]+ 5 0 0 0\$" "$tmp/shown"
	grep -E "^device $NEIGHBOUR cameras lan0 0 10.0.0.7 none 0 1 1 1 [0-9]+ 0 0 0 0\$" "$tmp/shown"
	grep -x "match cameras 44:19:b6/24 drop 0 0" "$tmp/shown"
	grep -x "match cameras 44:19:b6/24 drop 1 $until" "$tmp/shown"
	grep -x "match none none none 0 0" "$tmp/shown"
	refused 1 "$PROBE" show "$ns" 44:19
	contains "$said" 44:19
}

# From outside of the namespace, and again after the module was away.
listens()
{
	is_module || skip "camwall is built in"
	with_policy
	nsenter --net=/proc/1/ns/net "$PROBE" listen "$ns" >"$tmp/listener" 2>&1 &
	defer "kill $!"
	wait_for 20 grep -q ready "$tmp/listener"
	apply "$ns" <"$config"
	wait_for 20 grep -q "^event 7 config-changed lost=0 mac=none time=1 text=20" "$tmp/listener"
	frames "$ns" cam0 lan0 $CAMERA
	wait_for 20 grep -q "^event 1 device-new lost=0 mac=$CAMERA time=1 text=.* device-new $CAMERA cameras" "$tmp/listener"
	unload_module
	wait_for 20 grep -q "^event 11 module-unloaded" "$tmp/listener"
	load_module
	wait_for 20 grep -q "^event 12 module-loaded" "$tmp/listener"
	apply "$ns" <"$config"
	frames "$ns" cam0 lan0 $NEIGHBOUR
	wait_for 20 grep -q "^event 1 device-new lost=0 mac=$NEIGHBOUR" "$tmp/listener"
}

no_module()
{
	is_module || skip "camwall is built in"
	with_policy
	no_autoload
	unload_module
	defer load_module
	refused 1 within "$ns" "$AGENT" "$config"
	contains "$said" "modprobe camwall"
}

no_capability()
{
	with_policy
	refused 1 within "$ns" setpriv --bounding-set=-net_admin --inh-caps=-net_admin "$AGENT" "$config"
	contains "$said" CAP_NET_ADMIN
}

prepare
require_helpers
[[ -x $AGENT && -x $PROBE ]] || skip_all "no agent: make agent"
it "the example applies, lists a device, and receives events" agent
it "the example says what is wrong, and nothing changes" agent_is_refused
it "it applies what the tool applies" applies
it "it checks only" checks_only
it "what was read once is applied again, and flushed" applies_again
it "status, groups, devices and look-ups" shows
it "it listens from outside of the namespace, and when the module comes back" listens
it "without a module it says so" no_module
it "without CAP_NET_ADMIN it says so" no_capability
run
