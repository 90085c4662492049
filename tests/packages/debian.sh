#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The Debian packages on a bare Debian: built twice, installed, upgraded, loaded, removed, purged.
#
# debian.sh RELEASE [TREE]: bookworm or trixie; of a TREE that debootstrap has made, copies are used.
# Each behaviour goes on from where the one before it has left the tree. Called by
# scripts/check-deb; needs root, network, and some 4 GB under TMPDIR (/var/tmp).
# shellcheck disable=SC2154,SC2317 # functions are called by name; lib.sh sets the rest
. "$(dirname "$0")/../selftests/lib.sh"
release=${1:?bookworm or trixie} base=${2-}
top=$(cd "$here/../.." && pwd)
. "$top/scripts/lib/common.sh"
. "$top/scripts/lib/kernel.sh"
. "$top/scripts/lib/install.sh"
. "$top/scripts/lib/tree.sh"
here=$top/tests/packages
. "$here/debian-guest.sh"

guest_log=$top/build/check/guest-$release.log
old=0.0.9
tree=''

# use FOLDER: what in_tree means from here on.
use() { tree=$1; }

fixture()
{
	mkdir -p "${guest_log%/*}"
	version=$(. "$top/dkms.conf" && echo "$PACKAGE_VERSION")
	if [ -z "$base" ]; then
		tree_make "$release"
		base=$tree
		defer "use $base; tree_remove"
	fi
	builder=$base.builder gateway=$base.gateway
	for copy in "$builder" "$gateway"; do
		rm -rf --one-file-system "$copy"
		cp -a "$base" "$copy"
		defer "use $copy; tree_remove"
		use "$copy"
		tree_open
		tree_apt update
	done
	use "$builder"
	tarball=$("$top/scripts/dist" --output "$tmp/dist")
	mkdir -p "$builder/build/control/debian"
	cp "$top/packaging/debian/control" "$builder/build/control/debian/"
	tree_apt install --no-install-recommends dpkg-dev lintian
	in_tree sh -c 'cd /build/control && apt-get -q -y --no-install-recommends build-dep ./'
	tar -C "$builder/build" -xf "$tarball"
	source=/build/camwall-$version
}

# --- Building -----------------------------------------------------------------------------

build_and_lint()
{
	local status=0

	use "$builder"
	in_tree "$source/scripts/deb" --lintian --work /build/one --output /build/out || status=$?
	mkdir -p "$gateway/new"
	cp "$builder"/build/out/*.deb "$gateway/new/"
	return "$status"
}

same_bytes()
{
	local package

	use "$builder"
	in_tree mkdir -p /home/somebody/else
	in_tree sh -c "umask 027; TZ=Pacific/Kiritimati LC_ALL=C HOME=/home/somebody DEB_BUILD_OPTIONS=nocheck \
		$source/scripts/deb --work /home/somebody/else/place --output /build/again"
	for package in "$builder"/build/out/*.deb; do
		cmp "$package" "$builder/build/again/${package##*/}"
	done
	equal "packages" "$(cd "$builder/build/again" && echo *.deb)" "$(cd "$builder/build/out" && echo *.deb)"
}

tree_is_clean()
{
	cd "$builder$source" || return
	equal "what building has left in the tree" "$(find . -name build -prune -o -type f -printf '%P\n' |
		LC_ALL=C sort | comm -13 MANIFEST - | xargs)" MANIFEST
}

# --- Installing ---------------------------------------------------------------------------

dkms_status() { in_tree dkms status -m camwall; }
kernels() { ls "$gateway/lib/modules"; }

# installed_for VERSION: for each kernel that has headers.
installed_for()
{
	local kernel

	equal "kernels with headers" "$(kernels | wc -l)" "$2"
	for kernel in $(kernels); do
		dkms_status | grep -q "^camwall/$1, $kernel, .*: installed"
		equal "version of the module for $kernel" "$(in_tree modinfo -k "$kernel" -F version camwall)" "$1"
	done
}

# install_packages FOLDER: as an administrator does it, and what apt says is in $tmp/apt.
install_packages()
{
	in_tree sh -c "export PATH=/pretend:\$PATH; exec apt-get -q -y --no-install-recommends -o Dpkg::Use-Pty=0 install /$1/camwall_*.deb \
		/$1/camwall-dkms_*.deb" >"$tmp/apt" 2>&1 || { cat "$tmp/apt"; return 1; }
	cat "$tmp/apt"
}

without_headers()
{
	use "$builder"
	in_tree env DEB_BUILD_OPTIONS=nocheck "$source/scripts/deb" --as "$old" --output /build/old
	mkdir -p "$gateway/old"
	cp "$builder"/build/old/*.deb "$gateway/old/"
	use "$gateway"
	tree_apt install --no-install-recommends "linux-image-$(in_tree dpkg --print-architecture)"
	install_packages old
	grep -iE "headers.* (not|cannot)|(no|not) .*headers" "$tmp/apt"
	equal "what DKMS has" "$(dkms_status)" "camwall/$old: added"
}

with_headers()
{
	use "$gateway"
	tree_apt install --no-install-recommends "linux-headers-$(in_tree dpkg --print-architecture)"
	installed_for "$old" 1
}

nothing_in_force()
{
	use "$gateway"
	equal "what is in /etc/camwall" "$(ls -A "$gateway/etc/camwall")" ""
	in_tree id camwall
	in_tree test -L /etc/systemd/system/multi-user.target.wants/camwalld.service
	in_tree test -L /etc/systemd/system/sysinit.target.wants/camwall.service
	[ ! -e "$gateway/var/lib/camwall-policy" ]
	in_tree camwall -V
	in_tree camwall vendors hikvision
}

# built_of FOLDER: the sources that its Kbuild names.
built_of() { grep -o 'module/[a-z_-]*\.o' "$1/Kbuild" | sed 's/o$/c/' | LC_ALL=C sort; }

# sources_of FOLDER: those that are there.
sources_of() { (cd "$1" && find . -name '*.c' -printf '%P\n' | LC_ALL=C sort); }

# Three, of which one will run: DKMS by itself cares for that one and the newest.
other_kernels()
{
	local architecture packages=() flavour

	use "$gateway"
	architecture=$(in_tree dpkg --print-architecture)
	for flavour in cloud rt; do
		packages+=("linux-image-$flavour-$architecture" "linux-headers-$flavour-$architecture")
	done
	tree_apt install --no-install-recommends "${packages[@]}"
	installed_for "$old" 3
}

# stock_kernel: the one without a flavour.
stock_kernel() { kernels | grep -Ev -- '-(cloud|rt)-'; }

# pretend_to_run KERNEL: for what asks uname in the tree.
pretend_to_run()
{
	mkdir -p "$gateway/pretend"
	cat >"$gateway/pretend/uname" <<-END
		#!/bin/sh
		[ "\$*" = -r ] && echo "$1" || exec /bin/uname "\$@"
	END
	chmod +x "$gateway/pretend/uname"
}

state_is_kept()
{
	equal "the history" "$(cat "$gateway/var/lib/camwall/kept")" kept
	equal "the last good policy" "$(cat "$gateway/var/lib/camwall-policy/kept")" kept
}

upgraded()
{
	local folder

	use "$gateway"
	in_tree cp /usr/share/camwall/camwall.conf.example /etc/camwall/camwall.conf
	for folder in camwall camwall-policy; do
		mkdir -p "$gateway/var/lib/$folder"
		echo kept >"$gateway/var/lib/$folder/kept"
	done
	pretend_to_run "$(stock_kernel)"
	install_packages new
	installed_for "$version" 3
	equal "sources" "$(cd "$gateway/usr/src" && echo camwall-*)" "camwall-$version"
	cmp "$gateway/usr/share/camwall/camwall.conf.example" "$gateway/etc/camwall/camwall.conf"
	state_is_kept
}

# Of the kernel that runs, which DKMS begins with, and ends with where it fails.
one_does_not_build()
{
	local kernel build other

	use "$gateway"
	kernel=$(stock_kernel)
	build=$(readlink "$gateway/lib/modules/$kernel/build")
	mkdir "$gateway/usr/src/broken"
	printf '%s(error no kernel is built here)\n' "$" >"$gateway/usr/src/broken/Makefile"
	ln -sfn /usr/src/broken "$gateway/lib/modules/$kernel/build"
	in_tree env PATH=/pretend:/usr/sbin:/usr/bin:/sbin:/bin dpkg -i "/new/$(basename "$gateway"/new/camwall-dkms_*.deb)" || :
	for other in $(kernels); do
		[ "$other" = "$kernel" ] || dkms_status | grep -q "^camwall/$version, $other, .*: installed"
	done
	fails grep -q "^camwall/$version, $kernel, .*: installed" <<<"$(dkms_status)"
	ln -sfn "$build" "$gateway/lib/modules/$kernel/build"
	rm -r "$gateway/usr/src/broken"
	in_tree env PATH=/pretend:/usr/sbin:/usr/bin:/sbin:/bin dpkg -i "/new/$(basename "$gateway"/new/camwall-dkms_*.deb)"
	installed_for "$version" 3
}

# No systemd runs in the tree, so what its scripts would do is read: a timer that an administrator
# has switched on goes on.
timer_goes_on()
{
	local script

	for script in preinst postinst; do
		fails grep -E 'deb-systemd-invoke.*camwall-registry|camwall-registry.*deb-systemd-invoke' "$gateway/var/lib/dpkg/info/camwall.$script"
	done
	grep -q 'deb-systemd-invoke stop camwall-registry.timer' "$gateway/var/lib/dpkg/info/camwall.prerm"
}

# What a page links to is there by that name, but for the sources.
pages_are_linked()
{
	local doc=$gateway/usr/share/doc/camwall link page n=0

	for page in "$doc"/README.md "$doc"/Documentation/*.md; do
		while read -r link; do
			n=$((n + 1))
			[ -e "${page%/*}/$link" ] || { echo "${page##*/} links to $link, which is not there"; return 1; }
		done < <(grep -o '](\([A-Za-z/._-]*\)[)#]' "$page" | sed 's/^](//; s/[)#]$//' |
			grep -Ev '^$|^(\.\./)?(packaging|module|tests)/' | LC_ALL=C sort -u)
	done
	[ "$n" -gt 50 ]
}

shipped_once()
{
	equal "places with the module's sources" "$(cd "$gateway" && find . -xdev -path ./proc -prune -o \
		-name hook.h -path '*module*' -print)" "./usr/src/camwall-$version/module/hook.h"
	equal "sources, and those that are built" "$(sources_of "$gateway/usr/src/camwall-$version" | xargs)" \
		"$(built_of "$gateway/usr/src/camwall-$version" | xargs)"
	equal "files of the folder" "$(cd "$gateway/usr/src/camwall-$version" && LC_ALL=C && echo *)" "Kbuild dkms.conf module"
}

loads()
{
	local kernel

	use "$gateway"
	tree_apt install --no-install-recommends kmod udev iproute2 ieee-data
	kernel=$(stock_kernel)
	guest_of_tree "$kernel" <<-END
		modprobe camwall
		test "\$(cat /sys/module/camwall/version)" = $version
		ip link add cam0 type veth peer name cam1
		sed 's/^interfaces.*/interfaces = cam0/' /etc/camwall/camwall.conf >/run/camwall.conf
		camwall apply /run/camwall.conf
		camwall status
		camwall status | grep -q "^generation  *1"
		rmmod camwall
		echo camwall-guest: done on \$(uname -r)
	END
}

# What Documentation/library.md says, with nothing but the packages.
library_is_usable()
{
	use "$gateway"
	in_tree sh -c 'exec apt-get -q -y --no-install-recommends -o Dpkg::Use-Pty=0 install /new/libcamwall0_*.deb \
		/new/libcamwall-dev_*.deb gcc libc6-dev pkgconf'
	# shellcheck disable=SC2016 # the tree's own shell does that
	in_tree sh -c 'cd /root && cc -Wall -Wextra -Werror -o agent /usr/share/doc/libcamwall-dev/examples/agent.c \
		$(pkg-config --cflags --libs libcamwall)'
	in_tree ldd /root/agent | grep -E 'libcamwall\.so\.0 => (/usr)?/lib/'
	equal "version of libcamwall.pc" "$(in_tree pkg-config --modversion libcamwall)" "$version"
	in_tree apt-get -q -y purge libcamwall-dev libcamwall0
}

# --- Going --------------------------------------------------------------------------------

removed()
{
	use "$gateway"
	tree_apt remove camwall camwall-dkms
	equal "what DKMS has" "$(dkms_status)" ""
	equal "modules" "$(find "$gateway/lib/modules" -name 'camwall.ko*')" ""
	equal "sources" "$(find "$gateway/usr/src" -name 'camwall*')" ""
	state_is_kept
	[ -e "$gateway/etc/camwall/camwall.conf" ]
}

purged()
{
	use "$gateway"
	tree_apt purge camwall camwall-dkms
	equal "what is left" "$(cd "$gateway" && find etc usr var run -xdev -name '*camwall*' \
		-not -path 'var/log/*' | LC_ALL=C sort | xargs)" "etc/camwall etc/camwall/camwall.conf"
	rm "$gateway/etc/camwall/camwall.conf"
	install_packages new
	tree_apt purge camwall camwall-dkms
	[ ! -e "$gateway/etc/camwall" ]
}

it "the packages build, and lintian finds nothing" build_and_lint
it "a second build, elsewhere and otherwise, gives the same bytes" same_bytes
it "building leaves nothing in the tree" tree_is_clean
it "without kernel headers they install, and say what is missing" without_headers
it "DKMS builds the module when the headers come" with_headers
it "nothing is in force before there is a configuration" nothing_in_force
it "other kernels get their module by themselves" other_kernels
it "an upgrade replaces it for every kernel, and leaves configuration and state alone" upgraded
it "where one kernel does not build, the others have their module" one_does_not_build
it "a timer that was switched on outlives an upgrade" timer_goes_on
it "the pages find each other" pages_are_linked
it "the module's sources are there once, and nothing beside them" shipped_once
it "modprobe loads it on this Debian's kernel, and a policy is put in force" loads
it "a program builds against the library's packages" library_is_usable
it "removing takes module and sources away, and keeps configuration and state" removed
it "purging takes the state away, and what the administrator wrote stays" purged
run
