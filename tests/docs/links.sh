#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Links between the pages: each leads to a file that is there, and to a heading that it has;
# and each page of Documentation is reached from the index. Links out of the tree are not tried.
# shellcheck source-path=SCRIPTDIR disable=SC2016,SC2154,SC2317 # functions are called by name; lib.sh sets the rest
. "$(dirname "$0")/lib.sh"

# pages: all Markdown pages of the tree, relative to it.
pages() { (cd "$top" && find . -path ./build -prune -o -path ./.git -prune -o -name '*.md' -print | sed 's,^\./,,' | sort); }

# prose PAGE: without blocks of code, which are indented by four spaces or fenced.
prose() { awk '/^```/ { fence = !fence; next } !fence && !/^(    |\t)/' "$top/$1"; }

# links PAGE: targets of [text](target) and ![text](target), one a line.
links() { prose "$1" | sed 's/`[^`]*`//g' | grep -oE '\]\([^)]+\)' | sed 's/^](//; s/)$//'; }

# anchors PAGE: of its headings, as GitHub and most others make them.
anchors()
{
	awk '/^```/ { fence = !fence } !fence && /^#+ /' "$top/$1" | sed -E 's/^#+ +//; s/\[([^]]*)\]\([^)]*\)/\1/g' |
		tr '[:upper:]' '[:lower:]' | sed 's/[^a-z0-9 _-]//g; s/ /-/g'
}

# target PAGE LINK: the file that it names, relative to the tree; the page itself for "#heading".
target()
{
	local file=${2%%#*}

	if [ -z "$file" ]; then
		echo "$1"
	else
		realpath -m --relative-to="$top" "$top/$(dirname "$1")/$file"
	fi
}

outside() { [[ $1 = http*://* || $1 = mailto:* ]]; }

links_lead_to_files_that_are_there()
{
	local page link bad='' n=0

	while IFS= read -r page; do
		while IFS= read -r link; do
			! outside "$link" || continue
			n=$((n + 1))
			[ -e "$top/$(target "$page" "$link")" ] || bad+="$page: there is no $link"$'\n'
		done < <(links "$page")
	done < <(pages)
	printf '%s' "$bad"
	[ "$n" -ge 30 ]
	[ -z "$bad" ]
}

links_lead_to_headings_that_are_there()
{
	local page link file bad='' n=0

	while IFS= read -r page; do
		while IFS= read -r link; do
			if [[ $link != *#* ]] || outside "$link"; then continue; fi
			n=$((n + 1))
			file=$(target "$page" "$link")
			[[ $file = *.md && -f $top/$file ]] || continue
			anchors "$file" | grep -qxF -- "${link#*#}" || bad+="$page: $file has no heading for #${link#*#}"$'\n'
		done < <(links "$page")
	done < <(pages)
	printf '%s' "$bad"
	[ "$n" -ge 5 ]
	[ -z "$bad" ]
}

the_index_has_every_page()
{
	(cd "$docs" && find . -name '*.md' ! -name index.md | sed 's,^\./,,' | sort) >"$tmp/pages"
	links Documentation/index.md | sed 's/#.*//' | grep '\.md$' | grep -v '^\.\./' | sort -u >"$tmp/index"
	same_lines page Documentation/ "$tmp/pages" index.md "$tmp/index"
}

the_index_has_every_manual_page()
{
	(cd "$docs" && find man -type f | sort) >"$tmp/pages"
	links Documentation/index.md | grep '^man/' | sort -u >"$tmp/index"
	same_lines page Documentation/man/ "$tmp/pages" index.md "$tmp/index"
}

it links_lead_to_files_that_are_there links_lead_to_files_that_are_there
it links_lead_to_headings_that_are_there links_lead_to_headings_that_are_there
it the_index_has_every_page the_index_has_every_page
it the_index_has_every_manual_page the_index_has_every_manual_page
run
