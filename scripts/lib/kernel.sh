# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2154
# Which kernel a guest boots, and building the module for it.

# What a guest and its tests cannot do without.
kernel_options="CONFIG_NET_9P_VIRTIO CONFIG_VIRTIO_CONSOLE CONFIG_OVERLAY_FS CONFIG_NETFILTER_INGRESS
	CONFIG_NF_TABLES CONFIG_VETH CONFIG_BRIDGE"

# kernel_image VERSION: its file, where this user can read it.
kernel_image()
{
	local file

	for file in "/boot/vmlinuz-$1" "/lib/modules/$1/vmlinuz"; do
		if [ -r "$file" ]; then
			echo "$file"
			return
		fi
	done
	return 1
}

# kernel_boots VERSION: does what is installed of it make a guest?
kernel_boots()
{
	local config option

	kernel_image "$1" >/dev/null && [ -d "/lib/modules/$1/kernel" ] || return 1
	for config in "/boot/config-$1" "/lib/modules/$1/config"; do
		[ -r "$config" ] || continue
		for option in $kernel_options; do
			grep -q "^$option=[ym]" "$config" || return 1
		done
		return 0
	done
	return 0
}

kernel_has_headers() { [ -e "/lib/modules/$1/build/Makefile" ]; }

# The running kernel first, then the newest.
kernel_versions()
{
	uname -r
	find /boot /lib/modules -maxdepth 2 -name 'vmlinuz*' 2>/dev/null |
		sed 's,^/boot/vmlinuz-,,; s,^/lib/modules/,,; s,/vmlinuz$,,' | sort -rV
}

# kernel_pick: the version of the kernel that guests boot.
kernel_pick()
{
	local version

	for version in $(kernel_versions); do
		if kernel_boots "$version" && kernel_has_headers "$version"; then
			echo "$version"
			return
		fi
	done
	return 1
}

# kernel_packages: what to install for kernel_pick to find one, one package a line.
kernel_packages()
{
	local version flavour

	! kernel_pick >/dev/null || return 0
	for version in $(kernel_versions); do
		if kernel_boots "$version"; then
			echo "linux-headers-$version"
			return
		fi
	done
	flavour=$(dpkg --print-architecture 2>/dev/null || uname -m)
	printf '%s\n' "linux-image-$flavour" "linux-headers-$flavour"
}

# kernel_source PATH...: a kernel source tree that has them: that of YNL_SOURCE, the one that
# scripts/ynl-source fetches, or one in /usr/src.
kernel_source()
{
	local dir path

	for dir in "${YNL_SOURCE-}" "$cache"/linux-source-*[0-9] /usr/src/linux-source-*[0-9]; do
		[ -d "$dir" ] || continue
		for path; do
			[ -e "$dir/$path" ] || continue 2
		done
		echo "$dir"
		return
	done
	return 1
}

# copy_changed FROM TO FILE...: only what differs, so that make sees what is new.
copy_changed()
{
	local from=$1 to=$2 file

	shift 2
	for file in "$@"; do
		cmp -s "$from/$file" "$to/$file" && continue
		mkdir -p "$(dirname "$to/$file")"
		cp "$from/$file" "$to/$file"
	done
}

module_sources()
{
	(cd "$top" && find Kbuild dkms.conf module -type f \( -name '*.[ch]' -o -name Kbuild -o -name dkms.conf \) ! -name '*.mod.c')
}

# build_in FOLDER KO NAME KDIR TO [MAKE ARGUMENT...]: build the module KO of a folder of the tree
# into the file TO. The build is out of a copy of the sources in build/kernel-NAME, so that
# builds for two kernels do not meet, and one at a time, so that two for the same kernel do
# not either.
build_in()
{
	local folder=$1 ko=$2 out=$build/kernel-$3 kdir=$4 to=$5 sources file

	shift 5
	mapfile -t sources < <(module_sources)
	mkdir -p "$out"
	(
		flock 9
		while read -r file; do
			[ -e "$top/$file" ] || rm -f "$out/$file"
		done < <(cd "$out" && find . -name '*.[ch]' ! -name '*.mod.c' -printf '%P\n')
		copy_changed "$top" "$out" "${sources[@]}"
		quietly "building $ko for $kdir" \
			make -C "$kdir" "$@" M="$out/$folder" ${WERROR:+KCFLAGS=-Werror} modules || exit
		cp "$out/$folder/$ko" "$to"
	) 9>"$out/lock"
}

# build_module, build_kunit NAME KDIR TO [MAKE ARGUMENT...]: the module, and that of its tests.
build_module() { build_in . camwall.ko "$@"; }
build_kunit() { build_in module/tests camwall-test.ko "$@"; }

# kvm_works VERSION IMAGE: /dev/kvm can be there and still not boot a kernel, so a short trial
# decides. The answer holds until this machine boots anew.
kvm_works()
{
	local version=$1 image=$2 boot answer key

	[ -r /dev/kvm ] && [ -w /dev/kvm ] || return 1
	boot=$(cat /proc/sys/kernel/random/boot_id)
	key="$boot $version"
	answer=$(sed -n "s/^$key //p" "$cache/kvm" 2>/dev/null)
	if [ -z "$answer" ]; then
		say "Trying whether KVM works here (40 seconds at most, once) ..."
		answer=no
		if timeout -k 5 40 vng --force-9p -r "$image" --cpus 1 --memory 512M -- true \
			</dev/null >/dev/null 2>&1; then
			answer=yes
		fi
		mkdir -p "$cache"
		echo "$key $answer" >>"$cache/kvm"
	fi
	[ "$answer" = yes ]
}
