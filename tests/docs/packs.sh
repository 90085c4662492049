#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The tables of vendors.md and rules.md against the vendor packs that are shipped.
# shellcheck source-path=SCRIPTDIR disable=SC2016,SC2154,SC2317 # functions are called by name; lib.sh sets the rest
. "$(dirname "$0")/lib.sh"

packs=("$top"/vendors/*.conf)

# key PACK-FILE KEY: all values of a key, one a line.
key() { sed -n "s/^$2 = //p" "$1"; }

pack_name() { basename "$1" .conf; }

# Rows are: pack, basis, confidence, pinned prefixes.
vendors_md_has_each_pack_as_it_is()
{
	local pack pinned

	for pack in "${packs[@]}"; do
		pinned=$(key "$pack" prefix | wc -l)
		printf '%s %s %s\n' "$(pack_name "$pack")" "$(key "$pack" confidence)" "${pinned/#0/none}"
	done | sort >"$tmp/packs"
	[ "$(wc -l <"$tmp/packs")" -ge 10 ]
	sed -nE '/^## The shipped packs/,/^## /s/^\| `([a-z-]+)` \|.*\| ([a-z]+) \| ([0-9]+|none) \|$/\1 \2 \3/p' \
		"$docs/vendors.md" | sort >"$tmp/page"
	same_lines "pack, confidence, pinned" vendors/ "$tmp/packs" vendors.md "$tmp/page"
}

vendors_md_says_their_date()
{
	local dates

	dates=$(for pack in "${packs[@]}"; do key "$pack" date; done | sort -u)
	equal "dates of the packs" "$dates" "$(sed -n 's/^All are dated \([0-9-]*\)\..*/\1/p' "$docs/vendors.md")"
}

# named_by WORD: the packs whose basis names a rule by it. A brand's says that no rule names it.
named_by()
{
	local pack basis

	for pack in "${packs[@]}"; do
		basis=$(key "$pack" basis | xargs -d '\n')
		[[ $basis != "No rule names this brand"* && $basis = *"$1"* ]] && pack_name "$pack"
	done | sort
}

# rules_md COLUMN-2: the packs of that row, one a line.
in_row() { grep -F "| \`$1\` |" "$docs/rules.md" | sed 's/.*| //' | grep -oE '`[a-z-]+`' | tr -d '`' | sort; }

rules_md_names_the_packs_of_each_rule()
{
	local word bad=0 n=0

	while IFS= read -r word; do
		n=$((n + 1))
		named_by "$word" >"$tmp/packs"
		[ -s "$tmp/packs" ]
		in_row "$word" >"$tmp/page"
		same_lines pack "those with \"$word\" in basis" "$tmp/packs" "that row of rules.md" "$tmp/page" || bad=1
	done < <(sed -nE '/^## What the rules name/,/^## /s/^\|[^|]*\| `([^`]+)` \|.*/\1/p' "$docs/rules.md")
	[ "$n" -ge 5 ]
	[ "$bad" -eq 0 ]
}

rules_md_names_the_brands()
{
	for pack in "${packs[@]}"; do
		! key "$pack" basis | grep -q '^No rule names this brand' || pack_name "$pack"
	done | sort >"$tmp/packs"
	sed -n 's/^Brands that no rule names: //p' "$docs/rules.md" | grep -oE '`[a-z-]+`' | tr -d '`' | sort >"$tmp/page"
	same_lines brand vendors/ "$tmp/packs" rules.md "$tmp/page"
}

# The configuration that it shows, and that of camwall.conf.5, as a whole.
examples_are_taken_by_the_tool()
{
	[ -x "$CAMWALL" ] || skip "$CAMWALL is not built"
	{ printf '[camwall]\ninterfaces = lan*\nmark-mask = 0xff000000\n'; sed -n 's/^    //p' "$docs/rules.md"; } |
		"$CAMWALL" apply -c -q -
	"$CAMWALL" apply -c -q "$docs/camwall.conf.example"
	"$CAMWALL" apply -c -q "$docs/profiles/recorder-only.conf"
}

it vendors_md_has_each_pack_as_it_is vendors_md_has_each_pack_as_it_is
it vendors_md_says_their_date vendors_md_says_their_date
it rules_md_names_the_packs_of_each_rule rules_md_names_the_packs_of_each_rule
it rules_md_names_the_brands rules_md_names_the_brands
it examples_are_taken_by_the_tool examples_are_taken_by_the_tool
run
