# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# Shared by the selftests of verdicts: gateways with hosts behind them, who reaches whom, counters.

. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

CAMERA=44:19:b6:00:00:01
ECHO_PORT=7007

# --- Gateways and hosts -------------------------------------------------------------------

# gateway VARIABLE: a namespace that routes.
gateway()
{
	namespace "$1"
	within "${!1}" sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1
}

# cable GATEWAY DEVICE HOST MAC: a veth pair from DEVICE to the host's eth0.
cable()
{
	ip -n "$1" link add "$2" type veth peer name eth0 netns "$3"
	ip -n "$1" link set "$2" up
	ip -n "$3" -batch - <<-EOT
		link set lo up
		link set eth0 address $4 up
	EOT
}

# The gateway's address in network NUMBER, on a device of it.
router_address()
{
	ip -n "$1" -batch - <<-EOT
		address add 10.0.$3.1/24 dev $2
		address add fd00:$3::1/64 dev $2 nodad
	EOT
}

# host_address HOST DEVICE NUMBER HOST-PART: the gateway's .1 is its router.
host_address()
{
	ip -n "$1" -batch - <<-EOT
		address add 10.0.$3.$4/24 dev $2
		address add fd00:$3::$4/64 dev $2 nodad
		route add default via 10.0.$3.1
		route add default via fd00:$3::1
	EOT
}

# routed_host VARIABLE GATEWAY DEVICE MAC NUMBER: a host in a network of its own.
routed_host()
{
	namespace "$1"
	cable "$2" "$3" "${!1}" "$4"
	router_address "$2" "$3" "$5"
	host_address "${!1}" eth0 "$5" 2
}

# bridged_host VARIABLE GATEWAY PORT MAC HOST-PART: one behind a port of br0.
bridged_host()
{
	namespace "$1"
	cable "$2" "$3" "${!1}" "$4"
	ip -n "$2" link set "$3" master br0
	host_address "${!1}" eth0 1 "$5"
}

# echoes VARIABLE NAMESPACE [PORT]: a server of talk there.
echoes()
{
	start "$1" "$2" "$here/talk" serve "${3-$ECHO_PORT}"
	wait_for 20 grep -q ready "$tmp/$1"
}

# --- Who reaches whom ---------------------------------------------------------------------

# reaches HOST ADDRESS...: by TCP and by UDP.
reaches()
{
	local host=$1 address

	shift
	for address; do
		within "$host" "$here/talk" ask udp "$address" $ECHO_PORT ||
			{ echo "no answer from $address by UDP"; return 1; }
		within "$host" "$here/talk" ask tcp "$address" $ECHO_PORT ||
			{ echo "no answer from $address by TCP"; return 1; }
	done
}

# cut_off HOST ADDRESS...: not even a datagram passes, there and back.
cut_off()
{
	local host=$1 address

	shift
	for address; do
		fails within "$host" "$here/talk" ask -w 1 udp "$address" $ECHO_PORT
	done
}

# streams VARIABLE HOST PROTOCOL ADDRESS: a connection that does not end; it runs.
streams()
{
	start "$1" "$2" "$here/talk" stream "$3" "$4" $ECHO_PORT
	wait_for 20 echoed "$1" 5
}

# echoed VARIABLE N: whether a stream has had N echoes.
echoed() { [ "$(wc -l <"$tmp/$1")" -ge "$2" ]; }

# goes_on VARIABLE: a stream has echoes from now on.
goes_on() { wait_for 20 echoed "$1" $(($(wc -l <"$tmp/$1") + 5)); }

# stopped VARIABLE GATEWAY GROUP: a stream had its last echo; what is sent still is dropped
# where it comes in. One echo can have been on its way.
stopped()
{
	local had drops

	had=$(wc -l <"$tmp/$1")
	drops=$(figure "$2" "$3" dropped from)
	wait_for 20 more_dropped "$2" "$3" $((drops + 4))
	[ $(($(wc -l <"$tmp/$1") - had)) -le 1 ]
}

more_dropped() { [ "$(figure "$1" "$2" dropped from)" -ge "$3" ]; }

# --- Counters -----------------------------------------------------------------------------

# figure NAMESPACE GROUP KEY [DIRECTION]: of one direction (from, to), or the sum of both.
figure()
{
	local what=".from.$3 + .to.$3"

	[ $# -lt 4 ] || what=".$4.$3"
	cw "$1" stats -j | value ".[] | select(.group == \"$2\") | $what"
}

require_helpers()
{
	local helper

	for helper in craft talk; do
		[ -x "$here/$helper" ] || skip_all "no helpers: run make in $here"
	done
}
