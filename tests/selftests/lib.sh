# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# Shared by the selftests: KTAP, clean-up, waiting, namespaces, the module and the tool.
#
# A test program registers behaviours with "it NAME FUNCTION" and ends with "run". Each
# behaviour runs in a subshell under "set -e": the first command that fails fails it, and
# what "defer" was given is undone when the subshell ends, however it ends.

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
ksft_skip=4
shopt -s inherit_errexit

# An address for documentation (RFC 9542), of no vendor whom a policy here names.
UNLISTED=00:00:5e:00:53:01

if [ -z "${CAMWALL-}" ]; then
	CAMWALL=$here/../../build/camwall
	[ -x "$CAMWALL" ] || CAMWALL=$(command -v camwall)
fi
if [ -z "${CAMWALL_VENDORS-}" ] && [ -d "$here/../../vendors" ]; then
	export CAMWALL_VENDORS=$here/../../vendors
fi
if [ -z "${CAMWALL_NFTABLES-}" ] && [ -d "$here/../../nftables" ]; then
	export CAMWALL_NFTABLES=$here/../../nftables
fi

# --- KTAP ---------------------------------------------------------------------------------

behaviours=()
it() { behaviours+=("$1" "$2"); }

skip_all()
{
	echo "TAP version 13"
	echo "1..0 # SKIP $*"
	exit $ksft_skip
}

bail_out()
{
	echo "Bail out! $*"
	exit 1
}

# End this behaviour: it cannot be tried here, and why.
skip()
{
	echo "$*" >"$tmp/skip"
	exit $ksft_skip
}

strict()
{
	set -eE
	trap 'exit 143' TERM
	trap 'exit 130' INT
	trap 'echo "${BASH_SOURCE[0]##*/}:$LINENO: failed: $BASH_COMMAND"' ERR
}

run_behaviour()
(
	deferred=()
	trap run_deferred EXIT
	strict
	"$1"
)

# What a program's function "fixture" sets up is there for all of its behaviours.
run_fixture()
{
	declare -F fixture >/dev/null || return
	exec 3>&1 >"$tmp/log" 2>&1
	trap 'exec >&3; sed "s/^/# /" "$tmp/log"; echo "Bail out! the fixture failed"; run_deferred' EXIT
	strict
	fixture
	set +eE
	trap - ERR
	exec >&3 2>&1 3>&-
}

run()
{
	local i n=0 failed=0 skipped=0 total=$((${#behaviours[@]} / 2)) name status

	echo "TAP version 13"
	tmp=$(mktemp -d) || bail_out "mktemp failed"
	defer "rm -rf $tmp"
	run_fixture
	trap run_deferred EXIT
	trap 'sed "s/^/# /" "$tmp/log"; exit 143' TERM
	echo "1..$total"
	for ((i = 0; i < 2 * total; i += 2)); do
		name=${behaviours[i]}
		n=$((n + 1))
		rm -f "$tmp/skip"
		run_behaviour "${behaviours[i + 1]}" >"$tmp/log" 2>&1 </dev/null
		status=$?
		# A command that fails with the status of "skip" has failed.
		[ $status -ne $ksft_skip ] || [ -e "$tmp/skip" ] || status=1
		case $status in
		0)
			echo "ok $n $name"
			;;
		"$ksft_skip")
			echo "ok $n $name # SKIP $(cat "$tmp/skip")"
			skipped=$((skipped + 1))
			;;
		*)
			sed 's/^/# /' "$tmp/log"
			echo "not ok $n $name"
			failed=$((failed + 1))
			;;
		esac
	done
	echo "# Totals: pass:$((n - failed - skipped)) fail:$failed xfail:0 xpass:0 skip:$skipped error:0"
	[ $failed -eq 0 ] || exit 1
	[ $skipped -lt "$total" ] || exit $ksft_skip
	exit 0
}

# --- Clean-up and waiting -----------------------------------------------------------------

deferred=()
defer() { deferred=("$*" ${deferred[@]+"${deferred[@]}"}); }

run_deferred()
{
	local status=$? command

	set +eE
	trap - ERR
	for command in ${deferred[@]+"${deferred[@]}"}; do
		eval "$command" >/dev/null 2>&1
	done
	exit $status
}

# wait_for SECONDS COMMAND...: until it succeeds; fails at the limit. SECONDS is what an idle
# machine may take; an emulated one that is busy is given five times that.
wait_for()
{
	local end=$((SECONDS + 5 * $1))

	shift
	until "$@"; do
		if [ $SECONDS -ge $end ]; then
			echo "waited in vain for: $*"
			return 1
		fi
		sleep 0.1
	done
}

# start VARIABLE NAMESPACE COMMAND...: in the background, its process id in VARIABLE, its
# output in $tmp/VARIABLE; killed at the end. stop VARIABLE: TERM, wait.
start()
{
	local variable=$1 ns=$2

	shift 2
	# Emptied here: who waits for a word in it must not find one of before.
	: >"$tmp/$variable"
	nsenter --net="/run/netns/$ns" "$@" >"$tmp/$variable" 2>&1 &
	printf -v "$variable" '%s' $!
	defer "kill -KILL $!; wait $!"
}

stop()
{
	kill -TERM "${!1}"
	wait "${!1}" && return
	echo "exit status $? of $1:"
	tail -n 5 "$tmp/$1"
	return 1
}

# --- Expectations -------------------------------------------------------------------------

# equal WHAT GOT WANTED
equal()
{
	[ "$2" = "$3" ] && return
	echo "$1: got '$2', want '$3'"
	return 1
}

# contains TEXT PIECE: letters in either case.
contains()
{
	case ${1,,} in
	*"${2,,}"*) return ;;
	esac
	echo "no '$2' in: $1"
	return 1
}

# fails COMMAND...
fails()
{
	"$@" || return 0
	echo "succeeded, but should not: $*"
	return 1
}

# refused STATUS COMMAND...: it ends with that status and says why; what it said is in $said.
refused()
{
	local want=$1 status=0

	shift
	said=$("$@" 2>&1 >/dev/null) || status=$?
	equal "exit status of: $*" "$status" "$want"
	[ -n "$said" ] && return
	echo "no message from: $*"
	return 1
}

# --- Namespaces and devices ---------------------------------------------------------------

# namespace VARIABLE...: new ones, their names in the variables.
namespace()
{
	local variable

	for variable in "$@"; do
		printf -v "$variable" 'cw-%s-%s' "$$" "$variable"
		ip netns add "${!variable}"
		defer "ip netns pids ${!variable} | xargs -r kill -KILL; ip netns del ${!variable}"
	done
}

# within NAMESPACE COMMAND...
within()
{
	local ns=$1

	shift
	nsenter --net="/run/netns/$ns" "$@"
}

# wire NAMESPACE A B: a veth pair, both ends up. Within one namespace a frame keeps its mark.
wire()
{
	ip -n "$1" -batch - <<-EOF
		link add $2 type veth peer name $3
		link set $2 up
		link set $3 up
	EOF
}

# try_link NAMESPACE ARGUMENTS...: ip link add, or skip where this kernel has no such device.
try_link()
{
	local ns=$1

	shift
	ip -n "$ns" link add "$@" || skip "this kernel cannot do: ip link add $*"
}

# frames NAMESPACE OUT IN SOURCE [OPTION...]: send from OUT, print how many arrived at IN.
# Options are inject's: -s for more sources, -c COUNT of each, 5 where it is not given.
frames()
{
	local ns=$1 out=$2 in=$3 source=$4

	shift 4
	within "$ns" "$here/inject" -o "$out" -i "$in" -s "$source" "$@"
}

# packets NAMESPACE FAMILY COUNTER: of a named counter in the table "t".
packets()
{
	within "$1" nft list counter "$2" t "$3" | sed -n 's/.*packets \([0-9]*\) .*/\1/p'
}

# --- The module and the tool --------------------------------------------------------------

loaded() { [ -d /sys/module/camwall ]; }
is_module() { grep -q '^camwall ' /proc/modules; }

load_module()
{
	if [ -n "${CAMWALL_KO-}" ]; then
		insmod "$CAMWALL_KO"
	else
		modprobe camwall
	fi
}

unload_module() { rmmod camwall; }

# Until the end of this behaviour a request does not load the module by itself.
no_autoload()
{
	local before

	before=$(cat /proc/sys/kernel/modprobe)
	defer "echo $before >/proc/sys/kernel/modprobe"
	echo /bin/false >/proc/sys/kernel/modprobe
}

# cw NAMESPACE ARGUMENTS...: the tool, in a namespace.
cw()
{
	local ns=$1

	shift
	within "$ns" "$CAMWALL" "$@"
}

# apply NAMESPACE <CONFIGURATION
apply() { cw "$1" apply -; }

# value FILTER: of the JSON on standard input, by jq; fails where that is no JSON.
value() { jq -r "$1"; }

# generation NAMESPACE
generation() { cw "$1" status -j | value .generation; }

# count NAMESPACE GROUP KEY: packets, bytes or dropped.
count() { cw "$1" stats -j | value ".[] | select(.group == \"$2\") | .$3"; }

# bound NAMESPACE: names of the devices that camwall is bound to, sorted, on one line.
bound() { cw "$1" show interfaces -j | value '.[].devices[].ifname' | sort | xargs; }

# At native speed; an emulated machine is ten to fifty times as slow.
is_user_mode() { grep -q 'User Mode Linux' /proc/cpuinfo; }

require_root() { [ "$(id -u)" -eq 0 ] || skip_all "needs root"; }

require_tool()
{
	local command

	[ -x "$CAMWALL" ] || skip_all "no camwall: build it, or name it in CAMWALL"
	[ -x "$here/inject" ] || skip_all "no helpers: run make in $here"
	for command in ip jq nft ping; do
		[ -n "$(command -v $command)" ] || skip_all "no command $command"
	done
}

# What nearly every program opens with.
prepare()
{
	require_root
	require_tool
	loaded || load_module || skip_all "the module does not load; name it in CAMWALL_KO"
}
