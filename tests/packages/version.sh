#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The version: that of dkms.conf is the one that programs, module, packages and tarball have.
# shellcheck disable=SC2154,SC2317 # functions are called by name; lib.sh sets the rest
. "$(dirname "$0")/../selftests/lib.sh"

top=$(cd "$here/../.." && pwd)

fixture()
{
	version=$(. "$top/dkms.conf" && echo "$PACKAGE_VERSION")
	[[ $version =~ ^[0-9]+\.[0-9]+\.[0-9]+$ ]]
}

programs_have_it()
{
	equal "camwall -V" "$("$CAMWALL" -V)" "camwall $version"
	equal "camwalld -V" "$("${CAMWALL}d" -V)" "camwalld $version"
}

# What is compiled of it is the one file that says MODULE_VERSION().
module_has_it()
{
	local headers

	headers=$(find /lib/modules -mindepth 2 -maxdepth 2 -name build | sort -V | tail -n 1)
	[ -e "$headers/Makefile" ] || skip "no kernel headers under /lib/modules"
	mkdir "$tmp/module"
	cp -r "$top/Kbuild" "$top/dkms.conf" "$top/module" "$tmp/module/"
	make -s -C "$headers" M="$tmp/module" module/main.o
	# modinfo reads nothing that is called otherwise.
	mv "$tmp/module/module/main.o" "$tmp/module/main.ko"
	equal "version of the module" "$(modinfo -F version "$tmp/module/main.ko")" "$version"
}

debian_changelog_has_it()
{
	equal "packaging/debian/changelog" \
		"$(sed -n '1s/^camwall (\(.*\)-[^-]*) .*/\1/p' "$top/packaging/debian/changelog")" "$version"
}

changelog_has_it()
{
	equal "the first heading of CHANGELOG.md" \
		"$(sed -n '/^## /{s/^## \([^ ,]*\).*/\1/p;q}' "$top/CHANGELOG.md")" "$version"
}

nothing_else_says_it()
{
	cd "$top" || return
	equal "files that repeat it" "$(grep -rlF "$version" Makefile Kbuild module userspace vendors packaging \
		--exclude='*.o' --exclude='*.cmd' --exclude=changelog --exclude='*.symbols' || [ $? -eq 1 ])" ""
}

it "the tool and the daemon have the version of dkms.conf" programs_have_it
it "the module has it" module_has_it
it "the Debian packages have it" debian_changelog_has_it
it "CHANGELOG.md begins with it" changelog_has_it
it "no other file repeats it" nothing_else_says_it
run
