# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2154
# What this machine lacks, by purpose, and installing it from Debian.

declare -A purpose_text=(
	[build]="to build the tool"
	[module]="to build the module, and to run it in a guest"
	[registry]="the IEEE registry"
	[guest]="to run a guest"
	[gateway]="for the virtual gateway"
	[test]="for the tests"
	[boot]="to boot machines with systemd"
	[lint]="for the static checkers"
	[docs]="for the tests of manual and documentation"
	[bench]="for the benchmark"
	[fuzz]="to fuzz the readers of files"
	[fleet]="for the engines of a fleet"
	[ynl]="for the kernel's own netlink generator and client"
	[dist]="to make the tarball"
	[deb]="to build the Debian packages"
	[arch]="to build for other architectures"
	[tree]="for a bare Debian in a folder"
	[uml]="to build a user-mode kernel"
	[uml-guest]="to run a guest on a user-mode kernel"
)

architecture()
{
	case $(uname -m) in
	x86_64) echo x86 ;;
	aarch64) echo arm ;;
	*) uname -m ;;
	esac
}

qemu_command()
{
	case $(uname -m) in
	aarch64) echo qemu-system-aarch64 ;;
	*) echo "qemu-system-$(uname -m)" ;;
	esac
}

has_header()
{
	local dir

	for dir in /usr/include /usr/local/include /usr/include/*-linux-gnu*; do
		[ ! -e "$dir/$1" ] || return 0
	done
	return 1
}

is_static()
{
	local path

	path=$(command -v "$1") || return 1
	[[ $(ldd "$path" 2>/dev/null) != *libc.* ]]
}

# there PROBE: is it on this machine?
there()
{
	local what=${1#*:}

	case $1 in
	cmd:qemu-system-ARCH) command -v "$(qemu_command)" >/dev/null ;;
	cmd:*) command -v "$what" >/dev/null ;;
	pc:*) pkg-config --exists "$what" 2>/dev/null ;;
	header:*) has_header "$what" ;;
	static:*) is_static "$what" ;;
	file:*) [ -e "$what" ] ;;
	glob:*) compgen -G "$what" >/dev/null ;;
	py:*) /usr/bin/python3 -c "import $what" 2>/dev/null ;;
	*) die "scripts/lib/packages: '$1' is no probe: give cmd:, pc:, header:, static:, file:, glob: or py:" ;;
	esac
}

# missing PURPOSE: the packages that it needs and this machine lacks, one a line.
missing()
{
	local purpose package probe

	if [ "$1" = module ]; then
		kernel_packages
		return
	fi
	while read -r purpose package probe; do
		[[ ",$purpose," = *",$1,"* ]] || continue
		there "$probe" || echo "${package/ARCH/$(architecture)}"
	done <"$here/lib/packages"
}

is_debian()
{
	[ "$(sed -n 's/^ID="\{0,1\}\([^"]*\)"\{0,1\}$/\1/p' /etc/os-release 2>/dev/null)" = debian ] &&
		command -v apt-get >/dev/null
}

codename() { sed -n 's/^VERSION_CODENAME=//p' /etc/os-release; }

as_root()
{
	if [ "$(id -u)" -eq 0 ]; then
		"$@"
	else
		sudo "$@"
	fi
}

apt()
{
	as_root env DEBIAN_FRONTEND=noninteractive apt-get -q -y \
		-o Dpkg::Use-Pty=0 -o DPkg::Lock::Timeout=300 "$@"
}

# On a terminal apt may speak; elsewhere its pages go unread, so only where it fails.
run_apt()
{
	if [ -t 2 ]; then
		apt "$@" >&2
	else
		quietly "apt-get $1" apt "$@"
	fi
}

# debian_source: where this machine gets its own release from: "URI KEYRING", the keyring
# empty where none is named.
debian_source()
{
	local suite

	suite=$(codename)
	{ cat /etc/apt/sources.list.d/*.sources 2>/dev/null || true; } | awk -v suite="$suite" '
		function flush() {
			if (uri != "" && index(" " suites " ", " " suite " ")) {
				print uri, key
				found = 1
				exit
			}
			uri = suites = key = ""
		}
		/^[ \t]*$/ { flush(); next }
		tolower($1) == "uris:" { uri = $2 }
		tolower($1) == "suites:" { $1 = ""; suites = $0 }
		tolower($1) == "signed-by:" { key = $2 }
		END { if (!found) flush() }' | grep . && return
	{ cat /etc/apt/sources.list /etc/apt/sources.list.d/*.list 2>/dev/null || true; } | awk -v suite="$suite" '
		$1 == "deb" {
			key = ""
			if (match($0, /\[[^]]*\]/)) {
				options = substr($0, RSTART + 1, RLENGTH - 2)
				if (match(options, /signed-by=[^ ]*/))
					key = substr(options, RSTART + 10, RLENGTH - 10)
				sub(/\[[^]]*\]/, "")
			}
			if ($3 == suite) {
				print $2, key
				exit
			}
		}' | grep .
}

# Debian 12 has no virtme-ng; the one of Debian 13 installs there as it is. Its source
# stands under pins that keep every other package of Debian 13 away.
add_virtme_source()
{
	local uri key source

	source=$(debian_source) ||
		die "no source for $(codename) in /etc/apt: install virtme-ng by hand, then run this again"
	read -r uri key <<<"$source"
	say "Debian $(codename) has no virtme-ng: adding /etc/apt/sources.list.d/camwall-virtme-ng.sources (Debian 13, for this one package)"
	as_root tee /etc/apt/preferences.d/camwall-virtme-ng >/dev/null <<-END
		# Written by camwall's scripts/setup: of Debian 13 virtme-ng, and nothing else.
		Package: *
		Pin: release n=trixie
		Pin-Priority: -1

		Package: virtme-ng
		Pin: release n=trixie
		Pin-Priority: 50
	END
	as_root tee /etc/apt/sources.list.d/camwall-virtme-ng.sources >/dev/null <<-END
		# Written by camwall's scripts/setup: virtme-ng for Debian 12.
		Types: deb
		URIs: $uri
		Suites: trixie
		Components: main
		${key:+Signed-By: $key}
	END
}

# installable PACKAGE: does a configured source have it?
installable()
{
	local policy

	policy=$(LC_ALL=C apt-cache policy "$1" 2>/dev/null)
	[[ $policy = *"Candidate: "* && $policy != *"Candidate: (none)"* ]]
}

# install PACKAGE...: from the sources of this machine.
install()
{
	local package wanted=()

	run_apt update || die "apt-get update failed: see above"
	if [[ $(codename) = bookworm && " $* " = *" virtme-ng "* ]] && ! installable virtme-ng; then
		add_virtme_source
		run_apt update || die "apt-get update failed with /etc/apt/sources.list.d/camwall-virtme-ng.sources: see above"
	fi
	for package in "$@"; do
		# Headers of the running kernel leave the archive when the next kernel comes.
		if [[ $package = linux-headers-[0-9]* ]] && ! installable "$package"; then
			say "$package is in the archive no longer: taking the current kernel instead"
			wanted+=("linux-image-$(dpkg --print-architecture)" "linux-headers-$(dpkg --print-architecture)")
			continue
		fi
		wanted+=("$package")
	done
	run_apt install --no-install-recommends "${wanted[@]}" ||
		die "apt-get could not install: ${wanted[*]}; install them by hand, then run this again"
}

# require PURPOSE...: install what they need and this machine lacks. Where it cannot, say
# what is missing and go on: the step that needs it says so.
require()
{
	local purpose list packages=()

	for purpose in "$@"; do
		list=$(missing "$purpose")
		[ -n "$list" ] || continue
		[ ${#packages[@]} -gt 0 ] || say "This machine lacks:"
		# shellcheck disable=SC2086 # one word a package
		say "  ${purpose_text[$purpose]}: "$list
		# shellcheck disable=SC2206
		packages+=($list)
	done
	[ ${#packages[@]} -gt 0 ] || return 0
	if ! is_debian; then
		say "These are Debian's names; this is not Debian: install what corresponds. Going on without."
		return 0
	fi
	if [ "$(id -u)" -ne 0 ] && ! command -v sudo >/dev/null; then
		say "Not root, and no sudo: as root, run  apt-get install ${packages[*]}"
		say "Going on without."
		return 0
	fi
	[[ " ${packages[*]} " != *" busybox-static "* ]] || ! command -v busybox >/dev/null ||
		say "busybox-static takes the place of busybox: the same commands, linked statically."
	say "Installing them from Debian$([ "$(id -u)" -eq 0 ] || echo ', with sudo'); nothing else is changed. This takes a few minutes, once."
	install "${packages[@]}"
	say "Installed."
	hash -r
}

# have PURPOSE: is all there? Says nothing.
have() { [ -z "$(missing "$1")" ]; }
