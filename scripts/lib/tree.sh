# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2154
# A minimal Debian in a folder, and running commands in it: of scripts/try-bare and its like.
#
# The caller sources common.sh, kernel.sh and install.sh before, sets $tree (empty: tree_make makes
# one), and calls tree_close when it ends. All of it needs root.

# tree_make RELEASE [FOLDER]: a minimal tree of it, with debootstrap, from where this machine gets
# its own packages; a temporary one where no folder is named. Sets $tree.
tree_make()
{
	local uri

	read -r uri _ < <(debian_source) || die "no Debian source on this machine"
	tree=${2-}
	[ -n "$tree" ] || tree=$(mktemp -d "${TMPDIR:-/var/tmp}/camwall-$1.XXXXXX")
	mkdir -p "$tree"
	chmod 755 "$tree"
	say "Making a bare $1 in $tree ..."
	quietly debootstrap debootstrap --variant=minbase "$1" "$tree" "$uri"
}

# tree_open: the network as this machine has it, and what is mounted in a running system.
tree_open()
{
	local key

	cp /etc/hosts /etc/resolv.conf "$tree/etc/"
	for key in Acquire::http::Proxy Acquire::https::Proxy; do
		apt-config dump --format '%f "%v";%n' "$key"
	done >"$tree/etc/apt/apt.conf.d/99-as-the-host"
	# A root that is no mount could have no mount namespace of its own in it.
	mount --bind "$tree" "$tree"
	mount --make-private "$tree"
	mount --bind /dev "$tree/dev"
	mount --bind /dev/pts "$tree/dev/pts"
	mount -t proc proc "$tree/proc"
}

tree_close()
{
	local point

	[ -n "$tree" ] || return 0
	for point in dev/pts dev proc .; do
		! mountpoint -q "$tree/$point" || umount "$tree/$point" 2>/dev/null || umount -l "$tree/$point"
	done
}

tree_remove()
{
	[ -n "$tree" ] || return 0
	tree_close
	rm -rf --one-file-system "$tree"
}

in_tree()
{
	chroot "$tree" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin TERM="${TERM:-dumb}" LANG=C.UTF-8 "$@" </dev/null
}

tree_apt() { in_tree env DEBIAN_FRONTEND=noninteractive apt-get -q -y -o Dpkg::Use-Pty=0 "$@"; }

# What scripts/dist would put into a tarball, and what is not committed yet; without git's help
# the files of the MANIFEST.
tree_files()
{
	if [ -e "$top/MANIFEST" ]; then
		tr '\n' '\0' <"$top/MANIFEST"
		printf 'MANIFEST\0'
	else
		git -C "$top" ls-files -z --cached --others --exclude-standard
	fi
}

# tree_copy FOLDER: this working tree into that folder of the tree.
tree_copy()
{
	rm -rf "${tree:?}$1"
	mkdir -p "$tree$1"
	tree_files | tar -C "$top" --null --files-from - -c | tar -C "$tree$1" -x
}
