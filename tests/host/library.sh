#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The shared library as a package has it: what it gives to others, and a program that is built
# against what was installed. What it does with the module is for selftests/library.sh.
# shellcheck disable=SC1091,SC2154,SC2164,SC2317 # functions are called by name; lib.sh sets the rest, and -e
. "$(dirname "$0")/../selftests/lib.sh"

top=$(cd "$here/../.." && pwd)
library=$top/build/libcamwall.so.0

abi_is_as_recorded() { "$top/scripts/abi" --check; }

# A recorded ABI that differs is seen, in each of the parts that it has.
abi_change_is_seen()
{
	local copy=$tmp/tree

	mkdir -p "$copy/build" "$copy/userspace"
	cp -r "$top/scripts" "$copy/scripts"
	cp -r "$top/userspace/api" "$copy/userspace/api"
	cp "$library" "$copy/build/"
	"$copy/scripts/abi" --check
	sed -i 's/camwall_events_next(struct camwall_events \*events, char/camwall_events_next(struct camwall_events *events, int flags, char/' \
		"$copy/userspace/api/camwall/camwall.h"
	fails "$copy/scripts/abi" --check
	cp "$top/userspace/api/camwall/camwall.h" "$copy/userspace/api/camwall/"
	sed -i 's/^\tCAMWALL_EVENTS_UNKNOWN,/\tCAMWALL_EVENTS_OTHER,\n&/' "$copy/userspace/api/camwall/camwall.h"
	fails "$copy/scripts/abi" --check
	cp "$top/userspace/api/camwall/camwall.h" "$copy/userspace/api/camwall/"
	"${CC:-cc}" -shared -Wl,-soname,libcamwall.so.1 -o "$copy/build/libcamwall.so.0" -x c /dev/null
	fails "$copy/scripts/abi" --check
}

# Each function is exported, and each that is, is described.
every_function_is_described()
{
	local name

	nm -D --defined-only "$library" | sed -n 's/.* T \(camwall_[a-z_0-9]*\)@@.*/\1/p' >"$tmp/exported"
	[ "$(wc -l <"$tmp/exported")" -gt 50 ]
	sed -n 's/.*\<\(camwall_[a-z_0-9]*\)(.*;$/\1/p; s/^CAMWALL_API .*\<\(camwall_[a-z_0-9]*\)(.*,$/\1/p' \
		"$top/userspace/api/camwall/camwall.h" | sort -u >"$tmp/declared"
	sort "$tmp/exported" | diff "$tmp/declared" -
	while read -r name; do
		grep -q "\* $name() - " "$top/userspace/api/camwall/camwall.h"
	done <"$tmp/exported"
}

# Nothing internal is visible, and no agent gets the database or a downloader with it.
only_its_own()
{
	fails sh -c "nm -D --defined-only '$library' | grep -v ' A ' | grep -v '@@CAMWALL_0$'"
	fails sh -c "objdump -p '$library' | grep NEEDED | grep -E 'sqlite|curl'"
	contains "$(objdump -p "$library")" "SONAME               libcamwall.so.0"
}

installed()
{
	make -s -C "$top" install-lib DESTDIR="$tmp/root" LIBDIR=/usr/lib/somewhere
	export PKG_CONFIG_SYSROOT_DIR=$tmp/root PKG_CONFIG_PATH=$tmp/root/usr/lib/somewhere/pkgconfig
	export LD_LIBRARY_PATH=$tmp/root/usr/lib/somewhere
}

# From nothing but what was installed, as C and as C++ compilers read it.
example_builds()
{
	local said

	installed
	equal version "$(pkg-config --modversion libcamwall)" "$("$CAMWALL" --version | cut -d' ' -f2)"
	cp "$top/Documentation/examples/agent.c" "$tmp"
	# shellcheck disable=SC2046 # words are meant
	(cd "$tmp" && "${CC:-cc}" -Wall -Wextra -Werror -o agent agent.c $(pkg-config --cflags --libs libcamwall))
	refused 1 "$tmp/agent" "$tmp/missing.conf"
	contains "$said" "$tmp/missing.conf: cannot be read"
	printf '[group a]\naction = drip\n' >"$tmp/wrong.conf"
	refused 1 "$tmp/agent" "$tmp/wrong.conf"
	contains "$said" "$tmp/wrong.conf:2: "
}

header_is_plain()
{
	local language

	installed
	for language in c c++; do
		[ -n "$(command -v "${language/c++/g++}")" ] || [ "$language" = c ] || continue
		# shellcheck disable=SC2046
		echo '#include <camwall/camwall.h>' |
			"${CC:-cc}" -Wall -Wextra -pedantic -Werror -fsyntax-only $(pkg-config --cflags libcamwall) -x "$language" -
	done
	# Beside the kernel's own header.
	printf '#include "%s"\n#include <camwall/camwall.h>\n' "$top/module/uapi/camwall.h" |
		"${CC:-cc}" -Wall -Wextra -Werror -fsyntax-only "-I$tmp/root/usr/include" -x c -
}

[ -x "$library" ] || skip_all "no library: make lib"
it "the ABI is the one that userspace/api/libcamwall.abi has" abi_is_as_recorded
it "a change of prototypes, constants or soname is seen" abi_change_is_seen
it "every function is exported and described" every_function_is_described
it "nothing internal is visible, and no large library comes with it" only_its_own
it "the example builds against what was installed, and says what is wrong" example_builds
it "the header compiles by itself, and beside the kernel's" header_is_plain
run
