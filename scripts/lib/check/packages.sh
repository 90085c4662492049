# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2154
# Sourced by scripts/check: version, build dependencies and tarball. What takes minutes is for scripts/check-deb and
# scripts/distcheck.

needs_packages() { echo build dist; }

check_packages()
{
	local programs

	say "Version, build dependencies and tarball:"
	all_there && build_here "the tool" tools || return 0
	programs=("$top/tests/packages/"{version,depends}.sh)
	if [ -e "$top/MANIFEST" ] || git -C "$top" rev-parse HEAD >/dev/null 2>&1; then
		programs+=("$top/tests/packages/dist.sh")
	else
		skip "dist.sh: neither an unpacked tarball nor a git repository that git can read"
	fi
	[ ${#names[@]} -eq 0 ] || programs=("${names[@]/#/$top/tests/packages/}")
	sum packages "$logs/packages.log" run_programs packages "${programs[@]}"
}
