#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Secure Boot: the module, signed by DKMS and by hand, where a Debian kernel enforces signatures.
#
# secure-boot.sh [TREE]: on Debian 13; of a TREE that debootstrap has made a copy is used. Called by
# scripts/check-deb; needs root, network, and some 3 GB under TMPDIR (/var/tmp). One guest is booted without UEFI: module.sig_enforce=1
# on the command line, and no key of ours in it. The other one is a machine with Secure Boot on, as
# Debian boots there: firmware with Microsoft's keys (OVMF), Debian's signed shim, GRUB and kernel.
# The machine owner keys are put into the firmware's variable MokList from outside, where on a real
# machine "mokutil --import" and MokManager at the next boot do it.
# shellcheck disable=SC2154,SC2317 # functions are called by name; lib.sh sets the rest
. "$(dirname "$0")/../selftests/lib.sh"
base=${1-}
top=$(cd "$here/../.." && pwd)
. "$top/scripts/lib/common.sh"
. "$top/scripts/lib/kernel.sh"
. "$top/scripts/lib/install.sh"
. "$top/scripts/lib/tree.sh"

logs=$top/build/check
tree=''

[ "$(uname -m)" = x86_64 ] || skip_all "the firmware with Microsoft's keys is for x86_64 only"

fixture()
{
	version=$(. "$top/dkms.conf" && echo "$PACKAGE_VERSION")
	mkdir -p "$logs"
	if [ -z "$base" ]; then
		tree_make trixie
	else
		tree=$base.secure-boot
		rm -rf --one-file-system "$tree"
		cp -a "$base" "$tree"
	fi
	defer tree_remove
	tree_open
	tree_apt update
	tree_apt install --no-install-recommends dkms kmod openssl xz-utils cpio busybox-static mtools dosfstools \
		ovmf python3-virt-firmware binutils linux-image-amd64 linux-headers-amd64
	fetch_boot_files
	kernel=$(ls "$tree/lib/modules")
	work=$tree/root/secure-boot
	mkdir "$work"
	modules_by_dkms
	modules_by_hand
	make_initrd
	with_sig_enforce
	make_firmware
	with_secure_boot
}

# To unpack is enough; installed they would want to write to this machine's firmware.
fetch_boot_files()
{
	local package

	in_tree sh -c 'cd /root && apt-get -q download shim-signed grub-efi-amd64-signed'
	for package in "$tree"/root/*.deb; do
		dpkg-deb -x "$package" "$tree/root/boot-files"
	done
}

# --- The modules --------------------------------------------------------------------------

# signed_by FILE: who, in the words of modinfo.
signed_by() { in_tree modinfo -F signer "/root/secure-boot/$1.ko"; }

# DKMS makes itself a key where it has none, in /var/lib/dkms, and signs with it.
modules_by_dkms()
{
	mkdir -p "$tree/usr/src/camwall-$version"
	tar -C "$tree/usr/src/camwall-$version" --strip-components=1 -xf "$("$top/scripts/dist" --output "$tmp")"
	in_tree dkms install "camwall/$version" -k "$kernel"
	in_tree sh -c "cd /root/secure-boot && cp /lib/modules/$kernel/updates/dkms/camwall.ko* . &&
		{ [ ! -e camwall.ko.xz ] || unxz camwall.ko.xz; } && mv camwall.ko dkms.ko"
}

# What Documentation/secure-boot.md says, by two keys: the owner's, and a stranger's.
modules_by_hand()
{
	local name

	in_tree sh -c 'cd /root/secure-boot && objcopy --strip-debug dkms.ko none.ko'
	for name in owner stranger; do
		in_tree sh -c "cd /root/secure-boot && cp none.ko $name.ko &&
			openssl req -new -x509 -newkey rsa:2048 -nodes -sha256 -days 3650 -subj '/CN=camwall test: $name/' \
				-addext extendedKeyUsage=codeSigning -outform DER -keyout $name.key -out $name.der &&
			/lib/modules/$kernel/build/scripts/sign-file sha256 $name.key $name.der $name.ko"
	done
}

# --- The guests ---------------------------------------------------------------------------

# The guest's init tries each module, and says what became of it.
make_initrd()
{
	local root=$work/initrd module

	mkdir -p "$root/bin" "$root/deps"
	cp "$tree/bin/busybox" "$root/bin/"
	cp "$work"/*.ko "$root/"
	in_tree modprobe -S "$kernel" --show-depends camwall | awk '$1 == "insmod" { print $2 }' | grep -v /camwall.ko |
		while read -r module; do
			cp "$tree$module" "$root/deps/"
			echo "${module##*/}"
		done | sed 's/\.xz$//' >"$root/order"
	unxz "$root"/deps/*.xz 2>/dev/null || [ -z "$(find "$root/deps" -name '*.xz')" ]
	cat >"$root/init" <<-'END'
		#!/bin/busybox sh
		/bin/busybox --install -s /bin
		mkdir -p /proc /sys
		mount -t proc proc /proc
		mount -t sysfs sys /sys
		while read -r module; do
			insmod /deps/$module || echo "camwall-guest: cannot load $module"
		done </order
		for name in none stranger owner dkms; do
			if error=$(insmod /$name.ko 2>&1); then
				echo "camwall-guest: $name: loaded, version $(cat /sys/module/camwall/version)"
				rmmod camwall
			else
				echo "camwall-guest: $name: refused: $error"
			fi
		done
		echo "camwall-guest: enforced: $(cat /sys/module/module/parameters/sig_enforce)"
		dmesg | grep -iE 'secure boot|secureboot|MOK|lockdown|module verification|unsigned|PKCS'
		echo "camwall-guest: end"
		poweroff -f
	END
	chmod +x "$root/init"
	in_tree sh -c 'cd /root/secure-boot/initrd && find . | cpio -o -H newc --quiet | gzip -1 >../initrd.gz'
}

boot() { timeout -k 10 400 qemu-system-x86_64 -accel tcg -m 1G -smp 1 -display none -no-reboot -net none "$@" </dev/null 2>&1; }

with_sig_enforce()
{
	boot -kernel "$tree/boot/vmlinuz-$kernel" -initrd "$work/initrd.gz" -serial stdio \
		-append "console=ttyS0 quiet module.sig_enforce=1" | tr -d '\r' >"$logs/sig-enforce.log"
	grep -q '^camwall-guest: end' "$logs/sig-enforce.log"
}

# The EFI system partition is the whole disk.
make_firmware()
{
	local owner=605dab50-e046-4300-abb6-3dd810dd8b23 name

	cp "$tree/boot/vmlinuz-$kernel" "$work/vmlinuz"
	cat >"$work/grub.cfg" <<-END
		linux /vmlinuz console=ttyS0 quiet
		initrd /initrd.gz
		boot
	END
	# shellcheck disable=SC2016 # the tree's own variables
	in_tree sh -ec 'cd /root/secure-boot
		b=/root/boot-files/usr/lib
		truncate -s 128M esp.img
		mkfs.vfat -F 32 esp.img
		mmd -i esp.img ::EFI ::EFI/BOOT ::EFI/debian
		mcopy -i esp.img $b/shim/shimx64.efi.signed ::EFI/BOOT/BOOTX64.EFI
		mcopy -i esp.img $b/grub/x86_64-efi-signed/grubx64.efi.signed ::EFI/BOOT/grubx64.efi
		mcopy -i esp.img grub.cfg ::EFI/debian/grub.cfg
		mcopy -i esp.img vmlinuz initrd.gz ::
		openssl x509 -inform DER -in /var/lib/dkms/mok.pub -out dkms.pem
		openssl x509 -inform DER -in owner.der -out owner.pem'
	in_tree virt-fw-vars -i /usr/share/OVMF/OVMF_VARS_4M.ms.fd -o /root/secure-boot/vars.fd \
		--add-mok $owner /root/secure-boot/dkms.pem --add-mok $owner /root/secure-boot/owner.pem
}

with_secure_boot()
{
	boot -machine q35,smm=on -global driver=cfi.pflash01,property=secure,value=on \
		-drive "if=pflash,unit=0,format=raw,readonly=on,file=$tree/usr/share/OVMF/OVMF_CODE_4M.ms.fd" \
		-drive "if=pflash,unit=1,format=raw,file=$work/vars.fd" \
		-drive "if=virtio,format=raw,file=$work/esp.img" -serial stdio | tr -d '\r' >"$logs/secure-boot.log"
	grep -q '^camwall-guest: end' "$logs/secure-boot.log"
}

# --- What is expected ---------------------------------------------------------------------

# outcome LOG NAME: "loaded" or "refused".
outcome() { sed -n "s/^camwall-guest: $2: \([a-z]*\).*/\1/p" "$logs/$1.log"; }

dkms_signs()
{
	grep -q . <<<"$(signed_by dkms)"
	equal "the signer, by the key's name" "$(signed_by dkms)" \
		"$(in_tree openssl x509 -inform DER -in /var/lib/dkms/mok.pub -noout -subject -nameopt sep_multiline,sname |
			sed -n 's/^ *CN=//p')"
	equal "the signer of the one without a signature" "$(signed_by none)" ""
	equal "the signer by hand" "$(signed_by owner)" "camwall test: owner"
}

sig_enforce_refuses()
{
	local name

	grep -q '^camwall-guest: enforced: Y' "$logs/sig-enforce.log"
	for name in none stranger owner dkms; do
		equal "$name" "$(outcome sig-enforce "$name")" refused
	done
}

secure_boot_is_on()
{
	grep -iE 'secure ?boot.*enabled' "$logs/secure-boot.log"
	equal "lines of modules of Debian's own that were refused" \
		"$(grep '^camwall-guest: cannot' "$logs/secure-boot.log" || true)" ""
}

secure_boot_refuses()
{
	equal "without a signature" "$(outcome secure-boot none)" refused
	equal "by a stranger" "$(outcome secure-boot stranger)" refused
}

dkms_is_trusted() { equal "signed by DKMS" "$(outcome secure-boot dkms)" loaded; }
by_hand_is_trusted() { equal "signed by hand" "$(outcome secure-boot owner)" loaded; }

it "DKMS signs with its machine owner key, sign-file with ours" dkms_signs
it "module.sig_enforce=1: a kernel that trusts none of the keys refuses all" sig_enforce_refuses
it "the machine has Secure Boot on" secure_boot_is_on
it "Secure Boot: without a signature, or with a stranger's, it is refused" secure_boot_refuses
it "Secure Boot: signed by DKMS, with its key enrolled, it loads" dkms_is_trusted
it "Secure Boot: signed by hand, with that key enrolled, it loads" by_hand_is_trusted
run
