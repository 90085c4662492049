# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# Shared by the programs of the benchmark, in the guest: results and checks, lists, pktgen.
#
# A result is one line of JSON on standard output; lib/report makes tables of them. A check
# is a line "ok" or "not ok" of TAP: of a classifier that gives a wrong answer the figure
# means nothing.

shopt -s inherit_errexit
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
device=b0
quick='' only=''
sizes=(150 4000 all)
work=/run/camwall/bench

options()
{
	while [ $# -gt 0 ]; do
		case $1 in
		--quick) quick=1 sizes=(150) ;;
		--only) only=$2; shift ;;
		--hook) empty_hook=$2; shift ;;
		--bench) bench=$2; shift ;;
		*) bail_out "$0: unknown option '$1'" ;;
		esac
		shift
	done
	[ -d "${bench-}" ] || bail_out "$0 needs --bench DIR: run scripts/bench"
}

# --- Results and checks -------------------------------------------------------------------

results=0 failures=0

bail_out()
{
	echo "Bail out! $*"
	exit 1
}

pass() { results=$((results + 1)); echo "ok $results $*"; }
fail() { results=$((results + 1)); failures=$((failures + 1)); echo "not ok $results $*"; }

# check WHAT GOT WANTED
check()
{
	if [ "$2" = "$3" ]; then
		pass "$1"
	else
		echo "# got '$2', want '$3'"
		fail "$1"
	fi
}

# try WHAT COMMAND...: a failure, with what it said, where it does not succeed.
try()
{
	local what=$1 said

	shift
	if ! said=$("$@" 2>&1); then
		printf '# %s\n' "${said//$'\n'/$'\n# '}" | head -n 20
		fail "$what"
		return 1
	fi
}

skip() { results=$((results + 1)); echo "ok $results $1 # SKIP $2"; }

finish()
{
	echo "1..$results"
	[ $failures -eq 0 ]
	exit
}

# result KEY=VALUE...: numbers stay numbers.
result()
{
	local pair line=''

	for pair; do
		[ -n "${pair#*=}" ] || continue
		if [[ ${pair#*=} =~ ^-?[0-9]+(\.[0-9]+)?$ && ${pair%%=*} != size ]]; then
			line+=",\"${pair%%=*}\":${pair#*=}"
		else
			line+=",\"${pair%%=*}\":\"${pair#*=}\""
		fi
	done
	echo "{\"part\":\"$part\"$line}"
}

wants() { [ -z "$only" ] || [ "$only" = "$1" ]; }

# The host's files are slow to read from a virtual machine, and the clock of its guest goes on
# meanwhile: so lists, and the programs that are measured with their libraries, are copied.
copy_programs()
{
	local program

	mkdir -p "$work/bin" "$work/lib"
	cp "$bench"/bin/* "$work/bin"
	for program in "$CAMWALL" nft tc ipset bpftool jq awk sort cyclictest; do
		cp -L "$(command -v "$program")" "$work/bin" || bail_out "no $program"
	done
	ldd "$work"/bin/* 2>/dev/null | awk '$2 == "=>" { print $3 }' | sort -u |
		xargs -r cp -L -t "$work/lib"
}

prepare()
{
	mkdir -p "$work"
	if ! mountpoint -q "$work"; then
		mount -t tmpfs bench "$work"
		copy_programs
		cp -rp "$bench/lists" "$work/lists"
	fi
	export LD_LIBRARY_PATH=$work/lib PATH=$work/bin:$PATH
	bench=$work CAMWALL=$work/bin/camwall lists=$work/lists
	[ -d /sys/module/pktgen ] || modprobe pktgen || bail_out "no pktgen in this kernel"
}

# macs NAME SIZE: the addresses of a sample, in the array "sample".
macs() { mapfile -t sample <"$lists/$2/$1.macs"; }

prefixes_of() { jq .prefixes "$lists/$1/about.json"; }

# --- Devices and pktgen -------------------------------------------------------------------

# add_device NAME: a dummy, up, with all that the kernel would send by itself turned off.
add_device()
{
	[ -e "/sys/class/net/$1" ] || ip link add "$1" type dummy
	echo 1 >"/proc/sys/net/ipv6/conf/$1/disable_ipv6" 2>/dev/null
	ip link set "$1" up
}

pg() { echo "$2" >"/proc/net/pktgen/$1" || bail_out "pktgen: $1: $2"; }

# pktgen_direction DEVICE THREAD DIRECTION: packets that come in, or go out.
pktgen_direction()
{
	local setting

	pg "kpktgend_$2" rem_device_all
	pg "kpktgend_$2" "add_device $1"
	for setting in "pkt_size 60" "delay 0" "src_min 192.0.2.8" "src_max 192.0.2.8" "dst 192.0.2.8"; do
		pg "$1" "$setting"
	done
	if [ "$3" = ingress ]; then
		pg "$1" "xmit_mode netif_receive"
		pg "$1" "burst 32"
	else
		pg "$1" "xmit_mode queue_xmit"
		pg "$1" "clone_skb 1000000"
	fi
}

# addresses DEVICE DIRECTION MAC: of the device that is looked up; the other one is nobody's,
# and not of this machine either, so that a frame ends where it comes in.
addresses()
{
	if [ "$2" = ingress ]; then
		pg "$1" "src_mac $3"
		pg "$1" "dst_mac 00:00:5e:00:53:ff"
	else
		pg "$1" "src_mac 00:00:5e:00:53:ff"
		pg "$1" "dst_mac $3"
	fi
}

# pktgen_result DEVICE: of the last run: its time in us in "took", its packets in "sent".
pktgen_result()
{
	local line result=''

	took=0 sent=0
	while read -r line; do
		[[ $line != Result:* ]] || result=$line
		if [[ $line =~ ^Result:\ OK:\ [0-9]+\(c([0-9]+)\+d[0-9]+\)\ usec,\ ([0-9]+) ]]; then
			took=${BASH_REMATCH[1]} sent=${BASH_REMATCH[2]}
		fi
	done <"/proc/net/pktgen/$1"
	[ "$sent" -gt 0 ] || bail_out "pktgen sent nothing on $1: $result"
}

pktgen_start() { echo start >/proc/net/pktgen/pgctrl; }
