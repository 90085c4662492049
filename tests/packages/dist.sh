#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The tarball: the same commit gives the same bytes, and it holds what camwall is built of.
# shellcheck disable=SC2154,SC2317 # functions are called by name; lib.sh sets the rest
. "$(dirname "$0")/../selftests/lib.sh"

top=$(cd "$here/../.." && pwd)

fixture()
{
	first=$("$top/scripts/dist" --output "$tmp/first")
	mkdir "$tmp/tree"
	tar -C "$tmp/tree" -xf "$first"
	tree=$(echo "$tmp"/tree/*)
}

same_bytes()
{
	local second

	sleep 1.1
	second=$(cd / && umask 077 && TZ=Asia/Tokyo LC_ALL=C.UTF-8 "$top/scripts/dist" --output "$tmp/second")
	cmp "$first" "$second"
}

same_of_a_tarball()
{
	local second

	mkdir "$tree/build"
	touch "$tree/module/main.o" "$tree/camwall.ko" "$tree/build/camwall"
	second=$("$tree/scripts/dist" --output "$tmp/third")
	cmp "$first" "$second"
}

one_folder()
{
	equal "outside of its folder" "$(tar -tf "$first" | grep -v "^${tree##*/}/" || true)" ""
	equal "the name of the folder" "${first##*/}" "${tree##*/}.tar.xz"
}

as_root_and_readable()
{
	equal "owners" "$(tar --numeric-owner -tvf "$first" | awk '{ print $2 }' | sort -u)" 0/0
	equal "modes" "$(tar -tvf "$first" | awk '{ print $1 }' | sort -u | xargs)" \
		"-rw-r--r-- -rwxr-xr-x drwxr-xr-x"
}

what_is_in_it()
{
	local file

	for file in README.md LICENSE CHANGELOG.md MANIFEST Makefile Kbuild dkms.conf scripts/check \
		packaging/debian/rules; do
		[ -e "$tree/$file" ]
	done
	equal "what was built is in it" "$(grep -E '^build/|\.(o|ko|a|cmd)$' "$tree/MANIFEST" || true)" ""
}

it "two tarballs of one commit are the same file" same_bytes
it "a tarball made of an unpacked one, after a build, is the same file" same_of_a_tarball
it "all is in one folder, which is called as the tarball" one_folder
it "nobody's name and no odd mode is in it" as_root_and_readable
it "it holds the sources, and nothing that was built" what_is_in_it
run
