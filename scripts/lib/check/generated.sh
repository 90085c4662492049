# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2154
# Sourced by scripts/check: the tables that are generated, against the specification.

needs_generated() { :; }

# ynl_source: a kernel source tree with the generator and the client.
ynl_source() { kernel_source tools/net/ynl/pyynl/ynl_gen_c.py; }

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
	if ! source=$(ynl_source); then
		skip "generated: no kernel source tree with tools/net/ynl/pyynl: scripts/ynl-source fetches one, YNL_SOURCE names another"
		return
	fi
	check_tables generated "$here/ynl-regen" --check "$source"
}
