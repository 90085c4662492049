#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# What the Debian packages need for building: the same in packaging/debian/control, by which
# Debian's machines go, and in scripts/lib/packages, by which scripts/deb installs it.
# shellcheck disable=SC2154,SC2317 # functions are called by name; lib.sh sets the rest
. "$(dirname "$0")/../selftests/lib.sh"

top=$(cd "$here/../.." && pwd)

# Names that control has for a package: debhelper-compat is of debhelper, dh-sequence-dkms of dh-dkms.
build_depends()
{
	sed -n '/^Build-Depends:/,/^[^B ]/{s/^Build-Depends://; /^[^ ]/d; s/[(<].*//; s/,//; s/ //g; p}' \
		"$top/packaging/debian/control" | sed 's/^debhelper-compat$/debhelper/; s/^dh-sequence-/dh-/' | LC_ALL=C sort
}

# installed_for PURPOSE
installed_for() { awk -v p="$1" '("," $1 ",") ~ ("," p ",") { print $2 }' "$top/scripts/lib/packages" | LC_ALL=C sort; }

installed()
{
	equal "what scripts/deb does not install" \
		"$(build_depends | comm -23 - <(sort -u <(installed_for build) <(installed_for deb)) | xargs)" ""
	equal "what dpkg-buildpackage takes for granted" "$(installed_for deb | grep -x build-essential)" build-essential
}

# make, gcc and libc6-dev come with build-essential.
declared()
{
	equal "what control does not name" \
		"$(installed_for build | grep -vxE 'make|gcc|libc6-dev' | comm -23 - <(build_depends) | xargs)" ""
}

it "scripts/deb installs what control asks for" installed
it "control asks for what building needs" declared
run
