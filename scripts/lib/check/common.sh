# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2154,SC2034
# Sourced by scripts/check: what its parts share: results and their sum, builds, guests.
#
# A part NAME is a file NAME.sh beside this one, with two functions: needs_NAME prints the purposes
# (lib/packages) that it needs, and check_NAME runs it. Set for them: $part, $logs; $names, the
# test programs that were asked for; $stock or $uml, the kernel that was; $guest_options, the same
# for scripts/guest.

# In the order in which they begin: the longest first.
default_parts=(selftests smp debug-core fuzz lint boot netlink bench fleet generated unit docs host packages)
all_parts=("${default_parts[@]}" debug)
logs=$build/check
passed=0 failed=0 skipped=0
fail() { printf '  FAILED %s\n' "$*"; failed=$((failed + 1)); }
skip() { printf '  skip   %s\n' "$*"; skipped=$((skipped + 1)); }
pass() { printf '  ok     %s\n' "$*"; passed=$((passed + 1)); }

# all_there: what the part needs? A failure, with what is missing, where it is not.
all_there()
{
	local purpose

	for purpose in $("needs_$part"); do
		have "$purpose" && continue
		fail "$part: missing, ${purpose_text[$purpose]}: $(missing "$purpose" | xargs)"
		return 1
	done
}

# sum PREFIX LOG COMMAND...: of the test programs whose output the command prints. Those named in
# $may_skip, which a part may set, may skip themselves as a whole.
sum()
{
	local prefix=$1 log=$2 p f s

	shift 2
	{ "$@" || true; } | tee "$log" |
		live_awk -v prefix="$prefix" -v may_skip="${may_skip-}" -v sums="$logs/$part.sums" -f "$here/lib/tap.awk"
	read -r p f s <"$logs/$part.sums"
	passed=$((passed + p)) failed=$((failed + f)) skipped=$((skipped + s))
}

# run_programs PREFIX PROGRAM...: as the kernel's selftests are run, one after the other.
run_programs()
{
	local prefix=$1 program n=0 status

	shift
	echo "1..$#"
	for program; do
		n=$((n + 1)) status=0
		echo "# $prefix: ${program##*/}"
		CMOCKA_MESSAGE_OUTPUT=TAP timeout 600 "$program" </dev/null 2>&1 || status=$?
		if [ "$status" -eq 0 ]; then
			echo "ok $n $prefix: ${program##*/}"
		else
			echo "not ok $n $prefix: ${program##*/} # exit=$status"
		fi
	done
}

# program_status PREFIX NAME COMMAND...: the same for one command that prints TAP.
program_status()
{
	local prefix=$1 name=$2 status=0

	shift 2
	printf '%s\n' 1..1 "# $prefix: $name"
	"$@" || status=$?
	if [ "$status" -eq 0 ]; then
		echo "ok 1 $prefix: $name"
	else
		echo "not ok 1 $prefix: $name # exit=$status"
	fi
}

# build_here WHAT ARGUMENT...: make, one part at a time, as they share the folder build.
build_here()
{
	local what=$1

	shift
	(
		flock 7
		quietly "building $what" make -C "$top" -j"$(nproc)" "$@" 7>&-
	) 7>"$build/lock" && return
	fail "$part: $what: it does not build"
	return 1
}

build_selftests() { build_here "the tool" tools agent && build_here "the selftests" -C tests/selftests; }

# user_mode KIND: sets $folder to that kernel's, which is built if need be. A guest that is under
# way at the same time goes before a compiler.
user_mode()
{
	folder=$(nice -n 5 "$here/uml-kernel" "$1") && return
	fail "$part: no user-mode kernel"
	return 1
}

guest_limit=3000	# seconds

# run_in_guest PROGRAM [ARGUMENT...]: what it makes of it is in its output; the status is the
# guest's own.
run_in_guest()
{
	local status=0

	"$here/guest" --timeout $guest_limit ${guest_options[@]+"${guest_options[@]}"} -- \
		bash -c '"$@" || true' run "$@" || status=$?
	echo "$status" >"$logs/$part.guest-status"
}

# shard_of K/N: of the names of all selftests, one a line, every Nth from the Kth.
shard_of()
{
	make -s -C "$top/tests/selftests" emit_tests | awk -F : -v k="${1%/*}" -v n="${1#*/}" '(NR - k) % n == 0 { print $2 }'
}

run_selftests() { run_in_guest "$top/tests/selftests/run.sh" ${names[@]+"${names[@]}"}; }

# judge_guest LOG: what the guest itself has to say, beside its programs.
judge_guest()
{
	local status

	status=$(cat "$logs/$part.guest-status")
	case $status in
	0) pass "the kernel's log reports no fault" ;;
	70) fail "the kernel's log reports a fault: see above, and $1" ;;
	124) fail "the guest took more than $((guest_limit / 60)) minutes" ;;
	*) fail "the guest ended with status $status: see $1" ;;
	esac
}
