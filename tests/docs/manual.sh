#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The manual against the programs: every command, option and key that they know is in it, and
# it has no other; and its pages are rendered without a complaint.
# shellcheck source-path=SCRIPTDIR disable=SC2016,SC2154,SC2317 # functions are called by name; lib.sh sets the rest
. "$(dirname "$0")/lib.sh"

man=$docs/man
pages=("$man"/*.[0-9])
camwalld=${CAMWALLD:-$top/build/camwalld}

for program in mandoc man groff; do
	[ -n "$(type -P "$program")" ] || skip_all "no $program"
done
for program in "$CAMWALL" "$camwalld"; do
	[ -x "$program" ] || bail_out "$program is not built: make tools"
done

# text PAGE: as a terminal shows it, with lines that are long enough to break no item's head.
text() { mandoc -T ascii -O width=200 "$man/$1" | col -bx; }

# part PAGE SECTION [SUBSECTION]: lines of a section, without those of its subsections, or of
# a subsection alone.
part()
{
	text "$1" | awk -v section="$2" -v subsection="${3-}" '
		/^[^ ]/ { in_section = ($0 == section); here = in_section && subsection == ""; next }
		/^   [^ ]/ { here = in_section && substr($0, 4) == subsection; next }
		here'
}

# Options, one a line, as in "-f --file FILE", of a help or a page on standard input. In a help
# one space may be all that is between argument and text, but only the argument is in capitals
# or a choice. A page has it in small letters, and two spaces behind the head of an item.
help_options()
{
	sed -nE 's/^ +((-[A-Za-z]), )?(--[a-z][a-z-]*)( (\[?[A-Z]+\]?(\.\.\.)?|[a-z]+(\|[a-z]+)+)( .*)?| .*|)$/\2 \3 \5/p' |
		tidy
}

page_options()
{
	sed -nE 's/^ +-/-/p' | sed -E 's/   *.*//; s/^(-[A-Za-z]), /\1 /; s/^(-[A-Za-z]) (-[A-Za-z] [^ ]+ )/\1 /; s/ (\.\.\.|\|) ?/\1/g' |
		grep -E -- '--[a-z]' | tidy
}

tidy()
{
	awk '{
		line = ""
		for (i = 1; i <= NF; i++)
			line = line (i > 1 ? " " : "") ($i ~ /^-/ ? $i : toupper($i))
		print line
	}' | sort
}

commands() { "$CAMWALL" --help | sed -n '/^Commands/,/^$/s/^  \([a-z][a-z-]*\) .*/\1/p' | sort; }
own_help() { "$CAMWALL" "$1" --help | sed '/^Global options/,$d'; }

# listed_in PAGE: where it describes options: all of it but synopsis and examples.
listed_in() { text "$1" | awk '/^[^ ]/ { out = /^(SYNOPSIS|EXAMPLES)/ } !out'; }

# A command with a page of its own has its options there, the global ones as well where it likes.
own_page() { [ -f "$man/camwall-$1.8" ]; }

described()
{
	if own_page "$1"; then
		listed_in "camwall-$1.8" | page_options | comm -23 - <("$CAMWALL" --help | help_options)
	else
		part camwall.8 COMMANDS "camwall $1" | page_options
	fi
}

every_command_is_in_the_manual()
{
	commands >"$tmp/tool"
	[ "$(wc -l <"$tmp/tool")" -ge 10 ]
	text camwall.8 | sed -n '/^COMMANDS/,/^ENVIRONMENT/s/^   camwall \([a-z-]*\)$/\1/p' | sort >"$tmp/man"
	same_lines command "camwall --help" "$tmp/tool" "COMMANDS of camwall.8" "$tmp/man"
}

global_options_are_in_the_manual()
{
	"$CAMWALL" --help | help_options >"$tmp/tool"
	[ "$(wc -l <"$tmp/tool")" -ge 4 ]
	part camwall.8 DESCRIPTION | page_options >"$tmp/man"
	same_lines option "camwall --help" "$tmp/tool" "DESCRIPTION of camwall.8" "$tmp/man"
}

every_command_has_its_options_in_the_manual()
{
	local command where bad=0 n=0

	while IFS= read -r command; do
		where="\"camwall $command\" of camwall.8"
		! own_page "$command" || where=camwall-$command.8
		own_help "$command" | help_options >"$tmp/tool"
		described "$command" >"$tmp/man"
		n=$((n + $(wc -l <"$tmp/tool")))
		same_lines option "camwall $command --help" "$tmp/tool" "$where" "$tmp/man" || bad=1
	done < <(commands)
	[ "$n" -ge 20 ]
	[ "$bad" -eq 0 ]
}

# What a synopsis names is described below, or in camwall(8), which has the global options.
synopses_name_only_options_that_are_described()
{
	local page word bad=''

	for page in "$man"/*.8; do
		page=${page##*/}
		{ listed_in "$page"; part camwall.8 DESCRIPTION; } | page_options | tr ' ' '\n' | grep '^-' | sort -u >"$tmp/described"
		while IFS= read -r word; do
			grep -qxF -e "$word" "$tmp/described" ||
				bad+="the synopsis of $page has $word, and no list of options does"$'\n'
		done < <(part "$page" SYNOPSIS | grep -oE -- '(^|[ [|])--?[A-Za-z][a-z-]*' | grep -oE -- '-.*' | sort -u)
	done
	printf '%s' "$bad"
	[ -z "$bad" ]
}

camwalld_has_its_options_in_the_manual()
{
	"$camwalld" --help | help_options >"$tmp/tool"
	[ "$(wc -l <"$tmp/tool")" -ge 8 ]
	listed_in camwalld.8 | page_options >"$tmp/man"
	same_lines option "camwalld --help" "$tmp/tool" camwalld.8 "$tmp/man"
}

# --- Keys: the tool lists those that it knows where it refuses one that is like none of them ----

# listed: "there are a, b and c" of an error, one a line.
listed() { sed -nE 's/.*(there are|are) //; s/ and /, /; s/, /\n/gp' | sort; }

config_sections() { printf '[qzxw]\n' | "$CAMWALL" apply -c - 2>&1 | listed | sed 's/[][]//g' | sort; }
config_keys() { printf '[%s]\nqzxw = 1\n' "$1" | "$CAMWALL" apply -c - 2>&1 | listed; }

# keys: of an items' list of a page, on standard input.
keys() { sed -nE 's/^     ([a-z-]+) = .*/\1/p' | sort; }

# A name for a section that has one.
example() { sed 's/NAME/example/; s/MAC/44:19:b6:12:34:56/' <<<"$1"; }

every_section_of_the_configuration_is_in_the_manual()
{
	config_sections >"$tmp/tool"
	[ "$(wc -l <"$tmp/tool")" -ge 4 ]
	text camwall.conf.5 | sed -n 's/^   The section \(.*\)/\1/p' | sed 's/ name$/ NAME/' | sort >"$tmp/man"
	same_lines section "the tool" "$tmp/tool" camwall.conf.5 "$tmp/man"
}

every_key_of_the_configuration_is_in_the_manual()
{
	local section bad=0

	while IFS= read -r section; do
		config_keys "$(example "$section")" >"$tmp/tool"
		[ "$(wc -l <"$tmp/tool")" -ge 2 ]
		part camwall.conf.5 SECTIONS "The section ${section/NAME/name}" | keys >"$tmp/man"
		same_lines key "[$section] of the tool" "$tmp/tool" \
			"\"The section $section\" of camwall.conf.5" "$tmp/man" || bad=1
	done < <(config_sections)
	[ "$bad" -eq 0 ]
}

# The page for reading on has tables of the keys, between backticks in their first column.
every_key_of_the_configuration_is_in_configuration_md()
{
	local section

	while IFS= read -r section; do
		config_keys "$(example "$section")"
	done < <(config_sections) | sort >"$tmp/tool"
	sed -nE '/^\| key /,/^$/s/^\| `([a-z-]+)`(, `([a-z-]+)`)? .*/\1\n\3/p' "$docs/configuration.md" |
		grep . | sort >"$tmp/page"
	same_lines key "the tool" "$tmp/tool" configuration.md "$tmp/page"
}

pack_keys()
{
	mkdir -p "$tmp/vendors"
	printf '[pack]\nqzxw = 1\n' >"$tmp/vendors/example.conf"
	CAMWALL_VENDORS=$tmp/vendors "$CAMWALL" vendors example 2>&1 | listed
}

every_key_of_a_pack_is_in_the_manual()
{
	pack_keys >"$tmp/tool"
	[ "$(wc -l <"$tmp/tool")" -ge 5 ]
	part camwall-vendors.5 KEYS | keys >"$tmp/man"
	same_lines key "the tool" "$tmp/tool" camwall-vendors.5 "$tmp/man"
	sed -nE '/^\| key /,/^$/s/^\| `([a-z-]+)` .*/\1/p' "$docs/vendors.md" | sort >"$tmp/page"
	same_lines key "the tool" "$tmp/tool" vendors.md "$tmp/page"
}

# --- The pages themselves ---------------------------------------------------------------------

# Whether other packages' pages are on this machine says nothing of ours, of which the next sees.
mandoc_has_no_finding()
{
	mandoc -T lint "${pages[@]}" 2>/dev/null | grep -v 'referenced manual not found' >"$tmp/lint" || true
	cat "$tmp/lint"
	[ ! -s "$tmp/lint" ]
}

our_pages_refer_to_pages_that_exist()
{
	local name section bad=''

	while read -r name section; do
		[ -f "$man/$name.$section" ] || bad+="$name($section) is referred to, and is no page"$'\n'
	done < <(sed -n 's/^\.Xr \(camwall[^ ]*\) \([0-9]\).*/\1 \2/p' "${pages[@]}" | sort -u)
	printf '%s' "$bad"
	[ -z "$bad" ]
}

groff_and_man_render_without_a_warning()
{
	local page

	for page in "${pages[@]}"; do
		groff -ww -man -Tutf8 "$page" 2>>"$tmp/warnings" >"$tmp/rendered"
		[ "$(wc -l <"$tmp/rendered")" -gt 20 ]
		MANWIDTH=80 LC_ALL=C.UTF-8 man --warnings -E UTF-8 -l -Tutf8 -Z "$page" 2>>"$tmp/warnings" >"$tmp/rendered"
		[ -s "$tmp/rendered" ]
	done
	cat "$tmp/warnings"
	[ ! -s "$tmp/warnings" ]
}

# No line of an example runs over the edge of a terminal of 80 columns.
pages_fit_80_columns()
{
	local page

	for page in "${pages[@]}"; do
		mandoc -T ascii -O width=80 "$page" | col -bx | awk -v page="${page##*/}" \
			'length > 80 { print page ": longer than 80 columns: " $0; bad = 1 } END { exit bad }'
	done
}

it every_command_is_in_the_manual every_command_is_in_the_manual
it global_options_are_in_the_manual global_options_are_in_the_manual
it every_command_has_its_options_in_the_manual every_command_has_its_options_in_the_manual
it synopses_name_only_options_that_are_described synopses_name_only_options_that_are_described
it camwalld_has_its_options_in_the_manual camwalld_has_its_options_in_the_manual
it every_section_of_the_configuration_is_in_the_manual every_section_of_the_configuration_is_in_the_manual
it every_key_of_the_configuration_is_in_the_manual every_key_of_the_configuration_is_in_the_manual
it every_key_of_the_configuration_is_in_configuration_md every_key_of_the_configuration_is_in_configuration_md
it every_key_of_a_pack_is_in_the_manual every_key_of_a_pack_is_in_the_manual
it mandoc_has_no_finding mandoc_has_no_finding
it our_pages_refer_to_pages_that_exist our_pages_refer_to_pages_that_exist
it groff_and_man_render_without_a_warning groff_and_man_render_without_a_warning
it pages_fit_80_columns pages_fit_80_columns
run
