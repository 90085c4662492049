#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The kernel's own netlink client, which nobody here wrote, drives the module by its specification.
. "$(dirname "$0")/lib.sh"

PREFIX=$((0x2857be000000 << 16 | 24 << 8))

# The client and the schema of its kernel tree.
find_client()
{
	local cli

	for cli in "${YNL_CLI-}" "${YNL_SOURCE-}/tools/net/ynl/pyynl/cli.py" \
		   /usr/src/linux-source-*/tools/net/ynl/pyynl/cli.py \
		   "$here"/../../../../../../net/ynl/pyynl/cli.py; do
		[ -f "$cli" ] || continue
		client=$cli
		tree=${cli%/tools/net/ynl/pyynl/cli.py}
		schema=$tree/Documentation/netlink/genetlink.yaml
		return 0
	done
	return 1
}

find_specification()
{
	local file

	for file in "${CAMWALL_SPEC-}" "$here/../../Documentation/netlink/specs/camwall.yaml" \
		    "$tree/Documentation/netlink/specs/camwall.yaml"; do
		[ -f "$file" ] || continue
		specification=$file
		return 0
	done
	return 1
}

# ynl ARGUMENTS...: answers are in $answer.
ynl()
{
	answer=$(within "$ns" /usr/bin/python3 "$client" --spec "$specification" \
		--schema "$schema" --output-json "$@")
}

# ask FILTER: of the answer.
ask() { value "$1" <<<"$answer"; }

group='{"id":0,"name":"cameras","action":"drop","mark":1}'

# The client takes seconds to start: as many requests as can be at a time.
commit()
{
	ynl --multi config-begin "{\"generation\":$1}" \
	    --multi config-add "{\"mark-mask\":255,\"interface\":[\"lan*\",\"eth1\"],\"group\":[$group]}" \
	    --multi config-add "{\"prefixes\":[$PREFIX]}" \
	    --multi config-commit '{"group-count":1,"prefix-count":1}'
}

by_tool()
{
	apply "$1" <<-EOF
		[camwall]
		interfaces = lan* eth1
		mark-mask = 0xff
		[group cameras]
		prefix = 28:57:be
		action = drop
		mark = 1
	EOF
}

commits()
{
	namespace ns
	wire "$ns" cam0 lan0
	commit 0
	equal "generation, as commit answers" "$(ask '.. | .generation? // empty')" 1
	equal "frames that arrive" "$(frames "$ns" cam0 lan0 28:57:be:00:00:01)" 0
	contains "$(by_tool "$ns")" "nothing changed"
}

reads()
{
	namespace ns
	wire "$ns" cam0 lan0
	by_tool "$ns"
	frames "$ns" cam0 lan0 28:57:be:00:00:01
	ynl --multi config-get '{}' --multi status-get '{}'
	equal patterns "$(ask '.[0].interface[]' | xargs)" "lan* eth1"
	equal mask "$(ask '.[0]."mark-mask"')" 255
	equal generation "$(ask '.[1].generation')" 1
	equal links "$(ask '.[1]."link-count"')" 1
}

dumps()
{
	namespace ns
	wire "$ns" cam0 lan0
	by_tool "$ns"
	frames "$ns" cam0 lan0 28:57:be:00:00:01
	ynl --dump group-get
	equal "name of the group" "$(ask '.[0].group[0].name')" cameras
	equal "its action" "$(ask '.[0].group[0].action')" drop
	equal "its packets" "$(ask '.[0].group[0].from.packets')" 5
	equal "its dropped packets" "$(ask '.[0].group[0].from.dropped')" 5
	ynl --dump prefix-get
	contains "$answer" "\"prefixes\": [$PREFIX]"
	ynl --dump link-get
	equal "bound device" "$(ask '.[0].link.ifname')" lan0
}

looks_up()
{
	namespace ns
	by_tool "$ns"
	ynl --multi lookup '{"mac":"28:57:be:00:00:01"}' --multi lookup "{\"mac\":\"$UNLISTED\"}"
	equal group "$(ask '.[0].group[0].name')" cameras
	contains "$answer" "\"prefix\": $PREFIX"
	equal "prefix of an unlisted address" "$(ask '.[1].prefix')" null
}

is_told_why()
{
	local status=0

	namespace ns
	commit 7 || status=$?
	equal "exit status" $status 1
	contains "$answer" "generation changed"
	equal generation "$(generation "$ns")" 0
}

prepare
find_client || skip_all "no tools/net/ynl/pyynl/cli.py: name a kernel source tree in YNL_SOURCE"
find_specification || skip_all "no camwall.yaml: name it in CAMWALL_SPEC"
/usr/bin/python3 -c 'import yaml, jsonschema' 2>/dev/null ||
	skip_all "no python3-yaml or no python3-jsonschema"
it "puts a policy in force, and frames are judged by it" commits
it "reads settings and figures" reads
it "dumps groups with counters, prefixes and devices" dumps
it "looks an address up" looks_up
it "is told why it is refused" is_told_why
run
