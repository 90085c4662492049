#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The completions for bash, zsh and fish, by the shells themselves: all that --help has is offered.
# shellcheck disable=SC1091,SC2012,SC2154,SC2164,SC2317 # functions are called by name; lib.sh sets the rest, and -e
. "$(dirname "$0")/../selftests/lib.sh"

me=$(cd "$(dirname "$0")" && pwd)
PATH=${CAMWALL%/*}:$PATH

# What the tool itself says that there is.
commands() { "$CAMWALL" --help | sed -n '/^Commands/,/^$/s/^  \([a-z]*\) .*/\1/p'; }
global_options() { "$CAMWALL" --help | options; }
options() { sed -n 's/^  \(-., \|    \)\(--[a-z-]*\).*/\2/p'; }
letters() { sed -n 's/^  \(-.\), --.*/\1/p'; }

# --- bash ---

# in_bash WORD...: what it offers where the last word is to be completed, one a line.
in_bash()
{
	"$CAMWALL" completion bash >"$tmp/bash"
	bash -c '
		. "$1"
		shift
		COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
		_camwall "$1" "${@: -1}" "${@: -2:1}" 2>/dev/null
		printf "%s\n" "${COMPREPLY[@]}"' - "$tmp/bash" camwall "$@" | sort -u
}

bash_offers_all()
{
	local command

	equal commands "$(in_bash '' | xargs)" "$(commands | sort | xargs)"
	[ "$(commands | wc -l)" -gt 10 ]
	for command in $(commands); do
		"$CAMWALL" "$command" --help >"$tmp/help"
		{ options <"$tmp/help"; letters <"$tmp/help"; } | sort -u >"$tmp/wanted"
		in_bash "$command" - | diff "$tmp/wanted" -
	done
}

bash_offers_values()
{
	cd "$(mktemp -d "$tmp/files.XXXX")"
	mkdir folder
	touch file "two words"
	equal formats "$(in_bash report --format '' | xargs)" "csv html json"
	equal "behind =" "$(in_bash report --format = j | xargs)" json
	equal "right behind =" "$(in_bash report --format = | xargs)" "csv html json"
	equal keys "$(in_bash devices --sort 'fi')" first-seen
	equal subcommands "$(in_bash registry '' | xargs)" "info search update"
	equal "after options" "$(in_bash -j --netns name registry --registry d u)" update
	equal "no second subcommand" "$(in_bash exempt add '' | grep -x -e add -e del || :)" ""
	equal files "$(in_bash apply '')" "$(ls -1 | sort)"
	equal folders "$(in_bash registry update --from '')" folder
	equal "vendors" "$(in_bash vendors hik)" hikvision
	equal "a number" "$(in_bash monitor --count '')" ""
	equal "nothing after it" "$(in_bash status '')" ""
}

# Needs nothing of bash-completion, and leaves the shell as it is.
bash_is_plain()
{
	"$CAMWALL" completion bash | bash -n
	"$CAMWALL" completion bash >"$tmp/bash"
	# shellcheck disable=SC2016
	equal variables "$(env -i bash --norc -uc '
		. "$1"; before=$(compgen -v | grep -v "^_$\|^BASH\|^COMP\|^before")
		COMP_WORDS=(camwall "") COMP_CWORD=1; _camwall camwall "" camwall
		after=$(compgen -v | grep -v "^_$\|^BASH\|^COMP\|^before\|^after")
		[ "$before" = "$after" ] && echo same' - "$tmp/bash")" same
}

# --- fish ---

in_fish()
{
	"$CAMWALL" completion fish >"$tmp/fish"
	HOME=$tmp fish --no-config -c "source $tmp/fish; complete -C 'camwall $*'"
}

fish_offers_all()
{
	local command

	[ -n "$(command -v fish)" ] || skip "no fish"
	equal commands "$(in_fish '' | cut -f1 | sort | xargs)" "$(commands | sort | xargs)"
	contains "$(in_fish ap)" "make the kernel hold what a configuration says"
	for command in $(commands); do
		"$CAMWALL" "$command" --help | options | sort -u >"$tmp/wanted"
		in_fish "$command --" | cut -f1 | sed 's/=$//' | sort -u | diff "$tmp/wanted" -
	done
}

fish_offers_values()
{
	[ -n "$(command -v fish)" ] || skip "no fish"
	cd "$(mktemp -d "$tmp/files.XXXX")"
	mkdir folder
	touch file
	equal formats "$(in_fish "report --format " | cut -f1 | sort | xargs)" "csv html json"
	equal "behind =" "$(in_fish "report --format=j" | cut -f1)" "--format=json"
	equal subcommands "$(in_fish "registry " | sort | xargs)" "info search update"
	equal "after options" "$(in_fish "-j --netns name registry --registry d u")" update
	equal vendors "$(in_fish "vendors hik")" hikvision
	equal files "$(in_fish "apply " | cut -f1 | sort | xargs)" "file folder/"
	equal folders "$(in_fish "registry update --from " | cut -f1 | xargs)" folder/
	equal "nothing after it" "$(in_fish "status ")" ""
}

# --- zsh ---

# in_zsh LINE: what it offers at its end, each with what is shown beside it.
in_zsh()
{
	mkdir -p "$tmp/zsh"
	"$CAMWALL" completion zsh >"$tmp/zsh/_camwall"
	HOME=$tmp timeout 60 zsh -f "$me/complete.zsh" "$tmp/zsh" "camwall $*"
}

zsh_offers_all()
{
	local command

	[ -n "$(command -v zsh)" ] || skip "no zsh"
	"$CAMWALL" completion zsh | zsh -n
	in_zsh "" >"$tmp/shown"
	equal commands "$(cut -f1 "$tmp/shown" | sort | xargs)" "$(commands | sort | xargs)"
	contains "$(cat "$tmp/shown")" "make the kernel hold what a configuration says"
	for command in $(commands); do
		"$CAMWALL" "$command" --help >"$tmp/help"
		{ options <"$tmp/help"; letters <"$tmp/help"; } | sort -u >"$tmp/wanted"
		in_zsh "$command -" | cut -f1 | sed 's/[=+]$//' | sort -u | diff "$tmp/wanted" -
	done
}

zsh_offers_values()
{
	[ -n "$(command -v zsh)" ] || skip "no zsh"
	cd "$(mktemp -d "$tmp/files.XXXX")"
	mkdir folder
	touch file
	equal formats "$(in_zsh "report --format " | cut -f1 | sort | xargs)" "csv html json"
	equal "behind =" "$(in_zsh "report --format=j" | cut -f1)" json
	equal subcommands "$(in_zsh "registry " | cut -f1 | sort | xargs)" "info search update"
	equal vendors "$(in_zsh "vendors hik" | cut -f1)" hikvision
	equal keys "$(in_zsh "devices --sort fi" | cut -f1)" first-seen
	equal files "$(in_zsh "apply " | cut -f1 | sort | xargs)" "file folder"
	equal folders "$(in_zsh "registry update --from " | cut -f1 | sort -u | xargs)" folder
	equal "nothing after it" "$(in_zsh "status ")" ""
}

# --- the command itself ---

lists()
{
	"$CAMWALL" completion values vendors | grep -x dahua
	"$CAMWALL" completion values interfaces | grep -x lo
	refused 2 "$CAMWALL" completion
	refused 2 "$CAMWALL" completion tcsh
	refused 2 "$CAMWALL" completion bash zsh
	refused 2 "$CAMWALL" completion values
	refused 2 "$CAMWALL" completion values moons
}

is_installed()
{
	make -s -C "$here/../.." install-tools DESTDIR="$tmp/root"
	"$CAMWALL" completion bash | cmp - "$tmp/root/usr/share/bash-completion/completions/camwall"
	"$CAMWALL" completion zsh | cmp - "$tmp/root/usr/share/zsh/vendor-completions/_camwall"
	"$CAMWALL" completion fish | cmp - "$tmp/root/usr/share/fish/vendor_completions.d/camwall.fish"
}

it "bash offers every command and option" bash_offers_all
it "bash offers values" bash_offers_values
it "bash needs nothing else, and is left as it was" bash_is_plain
it "fish offers every command and option" fish_offers_all
it "fish offers values" fish_offers_values
it "zsh offers every command and option" zsh_offers_all
it "zsh offers values" zsh_offers_values
it "the command lists, and refuses" lists
it "all three are installed" is_installed
run
