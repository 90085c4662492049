# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2154
# The kernel source of Debian's package linux-source-7.3: fetched once, unpacked in part or whole.

source_package=linux-source-7.3
source_suite=trixie-backports
# A part of it or the whole; source_version tells.
source_tree=$cache/$source_package
# Where the next one is put together: what an interrupted script leaves is never taken for it.
source_next=$cache/$source_package.next

# source_version: the package version of the whole tree, nothing where there is none.
source_version() { cat "$source_tree/.package-version" 2>/dev/null || true; }

# One script at a time changes the source or builds a kernel of it; until the caller ends.
source_lock()
{
	mkdir -p "$cache"
	exec 8>"$cache/lock"
	flock -n 8 && return
	say "Waiting for another script that is at work on the kernel source or a kernel ..."
	flock 8
}

# source_archive: the package itself, where it is in the cache.
source_archive() { find "$cache" -maxdepth 1 -name "${source_package}_*.deb" | sort -V | tail -n 1; }

source_begin()
{
	rm -rf "$source_next"
	mkdir -p "$source_next"
}

# source_apt ARGUMENT...: apt-get or apt-cache for that one suite, with lists of its own; the
# machine's own package sources stay as they are.
source_apt()
{
	local command=$1

	shift
	"$command" -q -o Dir::Etc::SourceParts=/dev/null -o "Dir::Etc::SourceList=$source_next/apt.sources" \
		-o "Dir::State::Lists=$source_next/lists" -o "Dir::Cache=$source_next/cache" \
		-o APT::Sandbox::User= "$@"
}

no_source()
{
	die "$1: get a Linux 7.3 source tree by hand and name it in YNL_SOURCE; build a user-mode kernel by hand and give its folder to --uml"
}

# source_update: read what the suite has now.
source_update()
{
	local uri key

	is_debian || no_source "this is not Debian"
	read -r uri key <<<"$(debian_source)" || true
	[ -n "$uri" ] || no_source "no source for $(codename) in /etc/apt"
	source_begin
	mkdir -p "$source_next/lists/partial" "$source_next/cache/archives/partial"
	cat >"$source_next/apt.sources" <<-END
		Types: deb
		URIs: $uri
		Suites: $source_suite
		Components: main
		${key:+Signed-By: $key}
	END
	quietly "reading $source_suite" source_apt apt-get update
}

# source_candidate: the version that the suite has, after source_update.
source_candidate()
{
	source_apt apt-cache show --no-all-versions "$source_package" | sed -n 's/^Version: //p'
}

# source_fetch: the package into the cache, after source_update.
source_fetch()
{
	say "Fetching $source_package ($source_suite, some 160 MB), once ..."
	(cd "$source_next" && quietly "fetching $source_package" source_apt apt-get download "$source_package")
	rm -f "$cache/${source_package}"_*.deb
	mv "$source_next/${source_package}"_*.deb "$cache/"
}

# source_unpack [PATH...]: the tree, of the package that is in the cache or is fetched now;
# only these parts of it where some are named. The package goes when all of it is unpacked.
source_unpack()
{
	local archive

	archive=$(source_archive)
	if [ -z "$archive" ]; then
		source_update
		source_fetch
		archive=$(source_archive)
	fi
	say "Unpacking $([ $# -eq 0 ] || echo 'parts of ')$source_package ..."
	source_begin
	dpkg-deb --fsys-tarfile "$archive" | tar -xO "./usr/src/$source_package.tar.xz" |
		tar -xJ -C "$source_next" "${@/#/$source_package/}" ||
		die "cannot unpack $archive: is the disk full? Else remove it, and it is fetched anew"
	source_put "$(dpkg-deb -f "$archive" Version)"
	rm -rf "$source_next"
	[ $# -eq 0 ] || return 0
	dpkg-deb -f "$archive" Version >"$source_tree/.package-version"
	rm -f "$archive"
}

# source_put VERSION: what was unpacked into the place of the tree. To parts of the same version the
# rest is added, so that who reads them meanwhile misses nothing.
source_put()
{
	if [ "$(cat "$source_tree/.part-version" 2>/dev/null)" = "$1" ]; then
		cp -aln "$source_next/$source_package/." "$source_tree/"
	else
		rm -rf "$source_tree"
		mv "$source_next/$source_package" "$source_tree"
		echo "$1" >"$source_tree/.part-version"
	fi
}
