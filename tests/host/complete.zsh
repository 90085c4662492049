#!/bin/zsh -f
# SPDX-License-Identifier: GPL-2.0-or-later
# complete.zsh FOLDER LINE: what zsh offers at the end of LINE, with the completions of FOLDER:
# each match on a line, "match	what is shown". For completion.sh.
#
# The completion needs a line editor, and that a terminal, so a second zsh runs on one of its
# own; there compadd is replaced by one that prints what it is given.
zmodload zsh/zpty
setup=$(mktemp)
trap 'rm -f $setup' EXIT
cat >$setup <<'END'
PROMPT= PROMPT2= RPROMPT=
stty -echo -onlcr cols 500
unset zle_bracketed_paste
autoload -Uz compinit
compinit -u -D
bindkey '^I' complete-word
mark() { print -r -- "@@mark@@" }
compprefuncs=(mark)
comppostfuncs=(mark exit)
compadd() {
	local -a hits shown
	local i
	if [[ ${@[1,(i)(-|--)]} == *-(O|A|D)\ * ]]; then
		builtin compadd "$@"
		return
	fi
	if (( $@[(I)-d] )); then
		shown=("${(@P)@[$(( ${@[(i)-d]} + 1 ))]}")
	fi
	builtin compadd -A hits -D shown "$@"
	for (( i = 1; i <= $#hits; i++ )); do
		print -r -- "$hits[i]	${shown[i]-}"
	done
	# Where nothing was added, completers go on with something else.
	builtin compadd "$@"
}
print ready
END
zpty z zsh -f -i
zpty -w z "fpath=($1 \$fpath); source $setup"
zpty -r -m z line $'*ready*'
zpty -w -n z "$2"$'\t'
while zpty -r z line; do
	print -rn -- $line
done | tr -d '\r' | awk '/@@mark@@/ { if (seen++) exit; next } seen'
