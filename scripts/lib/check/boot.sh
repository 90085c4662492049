# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2154
# Sourced by scripts/check: machines that systemd boots.

needs_boot()
{
	echo build registry test boot
	if [ -n "$stock" ]; then
		echo module guest
	else
		echo uml-guest
	fi
}

# What a machine of tests/boot is made of, installed under /usr/local.
fill_boot_job()
{
	rm -rf "$boot_job"
	mkdir -p "$boot_job"
	build_here "the tools for /usr/local" B="$build/boot" PREFIX=/usr/local tools &&
		build_here "and installing them" B="$build/boot" PREFIX=/usr/local \
			DESTDIR="$boot_job/tree" install-tools &&
		build_here "what uses the library" B="$build/boot" PREFIX=/usr/local agent || return
	cp "$build/boot/library-probe" "$build/boot/libcamwall.so.0" "$boot_job/"
	printf '#!/bin/bash\nexec bash %q %q\n' "$here/lib/boot-init" "$boot_job" >"$boot_job/init"
	chmod +x "$boot_job/init"
}

# boot_by COMMAND...: how a machine is started.
boot_by()
{
	{
		echo '#!/bin/bash'
		echo "exec ${*@Q}"
	} >"$boot_job/linux"
	chmod +x "$boot_job/linux"
}

# con0 is the console; hostfs is this machine's files, mounted read-only.
boot_by_uml()
{
	local uml=$1 version

	version=$(cat "$uml/include/config/kernel.release")
	boot_by "$uml/linux" mem=1G rootfstype=hostfs rootflags=/ ro root=/dev/root "init=$boot_job/init" \
		con=null ssl=null con0=fd:0,fd:1 quiet loglevel=0 ncpus=2 seccomp=on
	build_module "uml-$version-${uml##*/}" "$uml" "$boot_job/camwall.ko" ARCH=um \
		CFLAGS_MODULE="--param asan-globals=0"
}

# virtme-ng's machine, but with another init, and the job beside the root.
boot_by_stock()
{
	local version=$1 image options=(--cpus 2)

	image=$(kernel_image "$version") || return
	kvm_works "$version" "$image" || options=(--disable-kvm --cpus 1)
	boot_by vng --force-9p "${options[@]}" -r "$image" --memory 1G \
		--append "init=$boot_job/init" \
		--qemu-opts="-fsdev local,id=job,path=$boot_job,security_model=none,multidevs=remap -device virtio-9p-pci,fsdev=job,mount_tag=boot_job" \
		-- true
	build_module "$version" "/lib/modules/$version/build" "$boot_job/camwall.ko"
}

# The user-mode kernel has to have what systemd needs, which "debug" has not.
boot_kernel()
{
	if [ -n "$uml" ] && grep -q '^CONFIG_CGROUPS=y' "$uml/.config" &&
		grep -q '^CONFIG_SECCOMP=y' "$uml/.config"; then
		folder=$(cd "$uml" && pwd -P)
	else
		user_mode smp
	fi
}

check_boot()
{
	local boot_job=$logs/boot folder start=boot_by_uml

	say "Machines that systemd boots:"
	all_there || return 0
	if [ -n "$stock" ]; then
		start=boot_by_stock folder=$stock
	else
		boot_kernel || return 0
	fi
	fill_boot_job || return 0
	if ! $start "$folder"; then
		fail "boot: the module does not build"
		return
	fi
	sum boot "$logs/boot.log" "$top/tests/boot/run.sh" "$boot_job" ${names[@]+"${names[@]}"}
}
