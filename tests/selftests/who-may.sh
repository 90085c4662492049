#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Every operation of the family, dumps and multicast groups included, needs CAP_NET_ADMIN over
# the network namespace: of who opened the socket, and of who sends. The helper knows all
# operations from the specification. What the tool says, netns.sh looks at.
. "$(dirname "$0")/lib.sh"

POLICY='
[camwall]
interfaces = lan*
[group cameras]
prefix = 44:19:b6
action = drop
'

as_nobody() { setpriv --reuid=65534 --regid=65534 --clear-groups "$@"; }

# A namespace with a policy, in $ns, and the helper where anybody can run it.
fixture()
{
	namespace ns
	apply "$ns" <<<"$POLICY"
	chmod 755 "$tmp"
	install -m 755 "$here/knock" "$tmp"
}

# Whoever is refused has changed nothing.
unchanged()
{
	equal "generation" "$(generation "$ns")" 1
	equal "prefixes" "$(cw "$ns" show prefixes -j | value '.[].prefix')" 44:19:b6/24
}

table() { within "$ns" "$tmp/knock" table; }

administrator()
{
	namespace other
	within "$other" "$tmp/knock" allowed
}

nobody()
{
	within "$ns" setpriv --reuid=65534 --regid=65534 --clear-groups "$tmp/knock" refused
	unchanged
}

# Root in name, but for this one right; and nobody, but for all others.
without_the_right()
{
	within "$ns" setpriv --bounding-set=-net_admin --inh-caps=-net_admin "$tmp/knock" refused
	within "$ns" setpriv --reuid=65534 --clear-groups --regid=65534 --inh-caps=+net_raw,+sys_admin \
		--ambient-caps=+net_raw,+sys_admin "$tmp/knock" refused
	unchanged
}

user_namespaces() { as_nobody unshare --user --map-root-user true || skip "no user namespaces for a user"; }

user_namespace()
{
	user_namespaces
	within "$ns" setpriv --reuid=65534 --regid=65534 --clear-groups \
		unshare --user --map-root-user "$tmp/knock" refused
	unchanged
}

own_namespace()
{
	user_namespaces
	as_nobody unshare --user --map-root-user --net "$tmp/knock" allowed
}

differs() { [ "$(readlink "/proc/$1/ns/net")" != "$(readlink /proc/self/ns/net)" ]; }

# The root of the one user namespace is nobody in the network namespace of the other.
others_namespace()
{
	local owner

	user_namespaces
	setpriv --reuid=65534 --regid=65534 --clear-groups \
		unshare --user --map-root-user --net sleep 60 &
	owner=$!
	defer "kill $owner"
	wait_for 10 differs "$owner"
	nsenter --net="/proc/$owner/ns/net" setpriv --reuid=65534 --regid=65534 --clear-groups \
		unshare --user --map-root-user "$tmp/knock" refused
}

# way NAME: one of the helper's own ways
way()
{
	within "$ns" "$tmp/knock" "$1"
	unchanged
}
dropped() { way dropped; }
passed() { way passed; }
entered() { user_namespaces; way entered; }
borrowed() { way borrowed; }
addressed() { way addressed; }

staged()
{
	namespace other
	within "$other" "$tmp/knock" staged
}

prepare
it "the kernel's operations are those of the specification, each for administrators only" table
it "an administrator is not refused" administrator
it "a user without privileges is refused everything" nobody
it "all capabilities but CAP_NET_ADMIN are not enough" without_the_right
it "root of a user namespace is refused everything in a network namespace of others" user_namespace
it "root of a user namespace is refused nothing in his own network namespace" own_namespace
it "root of a user namespace is refused everything in that of another user namespace" others_namespace
it "who drops CAP_NET_ADMIN with the socket open is refused everything" dropped
it "who is passed an administrator's socket is refused everything" passed
it "root of a user namespace who is passed it is refused everything" entered
it "an administrator's write to a socket of a user without privileges is refused" borrowed
it "an administrator's request on it that is addressed to the kernel is his own" addressed
it "what an administrator has staged, who is passed the socket neither commits nor aborts" staged
run
