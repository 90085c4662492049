# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2154
# Sourced by scripts/lint: the checkers. run_CHECKER prints its findings, and nothing where there
# are none; a status other than 0 says that it failed to look.

logs=$build/lint
ignore=$here/lib/lint-ignore

# on_each COUNT COMMAND...: on the files that standard input names, COUNT at a time, on every
# processor; each run's output in one piece. A status above 1 is a checker's own trouble.
on_each()
{
	local count=$1

	shift
	# shellcheck disable=SC2016 # for the other shell
	xargs -d '\n' -r -n "$count" -P "$(nproc)" bash -c 'status=0
		found=$("$@" 2>&1) || status=$?
		[ -z "$found" ] || printf "%s\n" "$found"
		[ "$status" -le 1 ]' run "$@"
}

# ignored CHECKER FOLDER: the kinds that scripts/lib/lint-ignore leaves out there, one a line.
ignored() { awk -v checker="$1" -v folder="$2" '$1 == checker && $2 == folder { print $3 }' "$ignore"; }

# kernel_tree: a kernel source tree with checkpatch and the semantic patches.
kernel_tree() { kernel_source scripts/checkpatch.pl scripts/coccinelle; }

# user_sources: what is compiled for user space, on this machine. A program for BPF and the
# empty module of the benchmark are not.
user_sources()
{
	find userspace tests Documentation/examples -name '*.c' ! -name '*.bpf.c' ! -path '*/empty_hook/*' | sort
	printf '%s\n' module/prefix.c module/limit.c
}

# compiler_flags: what the Makefiles compile them with, one a line.
compiler_flags()
{
	make -s --no-print-directory print-compile
	echo -Itests/selftests
}

# --- Shell --------------------------------------------------------------------------------

# A script, or a part of one, says so in its first three lines.
shell_scripts()
{
	find . \( -path ./build -o -path ./.git \) -prune -o -type f -print0 | xargs -0 awk '
		FNR > 3 { nextfile }
		/^#!.*[\/ ](bash|sh)$/ || /^# shellcheck shell=/ { print FILENAME; nextfile }' | sort
}

run_shellcheck()
{
	local kinds

	kinds=$(ignored shellcheck all | paste -sd ,)
	shell_scripts | on_each 6 shellcheck -x -P SCRIPTDIR ${kinds:+-e "$kinds"} -f gcc
}

# --- User space ---------------------------------------------------------------------------

# It reads no headers of the system: lint-cppcheck.h has what it has to know of them.
run_cppcheck()
{
	local flags

	mapfile -t flags < <(compiler_flags | grep -E '^-[DI]')
	user_sources | cppcheck -j "$(nproc)" -q --enable=warning,performance,portability --std=c11 \
		--library=posix --include=scripts/lib/lint-cppcheck.h --inline-suppr --suppressions-list=<(ignored cppcheck all) \
		--template='{file}:{line}:{column}: {severity}: {message} [{id}]' --template-location= \
		"${flags[@]}" --file-list=- 2>&1
}

# What is configured in .clang-tidy. Its count of findings in system headers is nobody's concern.
run_clang_tidy()
{
	local flags

	mapfile -t flags < <(compiler_flags)
	user_sources | on_each 3 tidy_files "${flags[@]}"
}

# tidy_files FLAG... FILE...
tidy_files()
{
	local flags=() files=() arg

	for arg; do
		case $arg in
		*.c) files+=("$arg") ;;
		*) flags+=("$arg") ;;
		esac
	done
	clang-tidy --quiet "${files[@]}" -- "${flags[@]}" 2>/dev/null
}
export -f tidy_files

# One file at a time, as the analyzer wants much memory; -O0, at which it sees what is written.
run_analyzer()
{
	local flags

	mapfile -t flags < <(compiler_flags)
	export ignore
	user_sources | on_each 1 analyze_file "${flags[@]}"
}

# analyze_file FLAG... FILE: without the kinds that are left out in that file, or in its folder.
analyze_file()
{
	local kinds

	mapfile -t kinds < <(awk -v file="${!#}" '
		$1 == "analyzer" && index(file, $2) == 1 { print "-Wno-analyzer-" $3 }' "$ignore")
	gcc -fanalyzer -O0 -c -o /dev/null "${kinds[@]}" "$@"
}
export -f analyze_file

# --- The module ---------------------------------------------------------------------------

# The module is built out of a copy, from the start: a warning comes only once.
module_copy()
{
	local sources

	rm -rf "$logs/module"
	mkdir -p "$logs/module"
	mapfile -t sources < <(module_sources)
	cp --parents -t "$logs/module" "${sources[@]}"
}

# build_copy MAKE-ARGUMENT...: what the compiler or sparse has to say; the rest is in module.log. A
# kernel that wants a newer sparse says so, and builds without it.
build_copy()
{
	local folder folders=("") arch=() status=0

	! grep -qs '^CONFIG_UML=y' "$kdir/include/config/auto.conf" || arch=(ARCH=um)
	! grep -qs '^#define CONFIG_KUNIT' "$kdir/include/generated/autoconf.h" || folders+=(/module/tests)
	for folder in "${folders[@]}"; do
		make -C "$kdir" -j "$(nproc)" M="$logs/module$folder" "${arch[@]}" "$@" modules >"$logs/module.log" 2>&1 || status=$?
		grep -E '(warning|error):|\*\*\*|sparse is not available' "$logs/module.log" | sed "s,$logs/module/,," || true
	done
	return "$status"
}

run_warnings() { module_copy && build_copy W=1; }
run_sparse() { module_copy && build_copy C=2; }

# --- checkpatch and coccinelle ------------------------------------------------------------

# check_style FOLDER OPTION... on the files that standard input names. The same in a git clone and
# elsewhere: it knows no names in CamelCase but those that it is told, out of include/ of its root.
check_style()
{
	local types

	types=$(ignored checkpatch "$1" | paste -sd ,)
	shift
	mkdir -p "$logs/no-names/include"
	GIT_DIR=$logs/no-git on_each 20 "$source/scripts/checkpatch.pl" --no-tree --root="$logs/no-names" \
		--strict --terse --no-summary --show-types --ignore "$types" "$@" -f
}

run_checkpatch()
{
	find module -name '*.[ch]' ! -name '*.mod.c' ! -name netlink-gen.c | sort | check_style module
	find userspace tests Documentation/examples -name '*.[ch]' | sort |
		check_style userspace --max-line-length=120
}

# As the kernel's "make coccicheck MODE=report" has it.
run_coccinelle()
{
	local skip

	skip=$(ignored coccinelle module)
	export top
	find "$source/scripts/coccinelle" -name '*.cocci' | sort |
		grep -vFf <(printf '%s\n' "${skip:-NONE}") | on_each 1 semantic_patch
}

# What spatch says of itself is told where it fails.
semantic_patch()
{
	local patch=$1 options errors status=0

	grep -q '^virtual report' "$patch" || return 0
	options=$(sed -n 's,^// Options: ,,p' "$patch" | xargs)
	errors=$(mktemp)
	# shellcheck disable=SC2086 # one word an option
	spatch -D report --very-quiet --no-show-diff --cocci-file "$patch" $options \
		--dir "$top/module" -I "$top/module" -I "$top/module/compat" 2>"$errors" || {
		status=$?
		echo "$patch: spatch ended with status $status"
		tail -n 5 "$errors"
	}
	rm -f "$errors"
	return "$status"
}
export -f semantic_patch
