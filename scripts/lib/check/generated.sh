# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2154
# Sourced by scripts/check: the tables that are generated, against the specification.

needs_generated() { :; }

kernel_source()
{
	local dir

	for dir in "${YNL_SOURCE-}" /usr/src/linux-source-*; do
		if [ -f "$dir/tools/net/ynl/pyynl/ynl_gen_c.py" ]; then
			echo "$dir"
			return
		fi
	done
	return 1
}

# check_tables NAME COMMAND...: are they what it would write?
check_tables()
{
	local name=$1

	shift
	if "$@" >"$logs/$name.log" 2>&1; then
		pass "$name"
	else
		fail "$name"
		tail -n 40 "$logs/$name.log"
	fi
}

check_generated()
{
	local source

	say "Tables of the module and of the test programs against the specification:"
	if ! have ynl; then
		skip "family, generated: missing, ${purpose_text[ynl]}: $(missing ynl | xargs): scripts/setup ynl"
		return
	fi
	check_tables family "$here/family-regen" --check
	if ! source=$(kernel_source); then
		skip "generated: no kernel source tree with tools/net/ynl/pyynl: name one in YNL_SOURCE"
		return
	fi
	check_tables generated "$here/ynl-regen" --check "$source"
}
