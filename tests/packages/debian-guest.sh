# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2154
# Sourced by debian.sh: boot the kernel of a tree on the files of that tree.

# guest_of_tree KERNEL: run the commands on standard input in a guest, until the
# first that fails; fails where one does. The module is the one that the tree's modprobe finds.
# What it prints is kept in build/check as well, in $guest_log.
guest_of_tree()
{
	local kernel=$1

	{
		echo 'set -ex'
		cat
		echo 'echo camwall-guest: all commands succeeded'
	} >"$tree/root/guest-commands"
	timeout -k 10 600 vng --disable-kvm --force-9p -r "$tree/boot/vmlinuz-$kernel" --root "$tree" --cpus 1 \
		--memory 1G -- "bash /root/guest-commands" </dev/null 2>&1 | tee "$guest_log"
	grep -q '^camwall-guest: all commands succeeded' "$guest_log"
}
