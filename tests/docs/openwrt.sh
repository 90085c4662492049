#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# OpenWrt's files without OpenWrt: what its init script makes of UCI, with stand-ins for the
# functions of rc.common, uci and procd that it calls (there is no other place for them than
# here), and with the real tool to judge the configuration that comes out.
# shellcheck source-path=SCRIPTDIR disable=SC2016,SC2154,SC2317 # functions are called by name; lib.sh sets the rest
. "$(dirname "$0")/lib.sh"

openwrt=$top/packaging/openwrt
files=$openwrt/camwall/files

[ -x "$CAMWALL" ] || bail_out "$CAMWALL is not built: make tools"
shell=$(type -P dash) || skip_all "no dash, which is as small a shell as OpenWrt's"

# What OpenWrt gives an init script. "uci export" prints shell text, as in a file of /etc/config.
fixture()
{
	mkdir -p "$tmp/bin" "$tmp/etc" "$tmp/run"
	cat >"$tmp/rc" <<-'END'
		reset_cb() { config_cb() { :; }; option_cb() { :; }; list_cb() { :; }; }
		config_load() {
			section_seen=
			config() { section_seen=1; config_cb "$1" "$2"; }
			option() { option_cb "$1" "$2"; }
			list() { list_cb "$1" "$2"; }
			. "$UCI_FILE" || return 1
			[ -z "$section_seen" ] || config_cb
		}
		procd_open_instance() { echo "instance"; }
		procd_set_param() { echo "procd $*"; }
		procd_close_instance() { :; }
		procd_add_reload_trigger() { echo "trigger $*"; }
		start() { start_service; }
		stop() { echo stopped; }
		reset_cb
		. "$INIT"
		"$@"
	END
	# The tool itself, but that it only checks. "boot" reads one file, which here lies elsewhere; without
	# it, and without a choice that it remembers, the machine is a new one.
	cat >"$tmp/bin/camwall" <<-END
		#!/bin/sh
		echo "\$*" >>"$tmp/calls"
		case \$1 in
		apply) exec "$CAMWALL" apply -c "\$2" ;;
		boot)
			[ -e "$tmp/etc/camwall.conf" ] || [ -e "$tmp/etc/state/boot-failure" ] ||
				{ echo "nothing is configured, and everything passes"; exit 0; }
			exec "$CAMWALL" apply -c "$tmp/etc/camwall.conf"
			;;
		*) exit 1 ;;
		esac
	END
	cat >"$tmp/bin/logger" <<-END
		#!/bin/sh
		echo "\$*" >>"$tmp/syslog"
	END
	chmod +x "$tmp/bin/camwall" "$tmp/bin/logger"
}

# refused COMMAND: "init" fails.
refused()
{
	if init "$@"; then
		return 1
	fi
}

# init COMMAND: of the init script, with the UCI configuration on standard input.
init()
{
	: >"$tmp/calls"
	: >"$tmp/syslog"
	cat >"$tmp/uci"
	UCI_FILE=$tmp/uci INIT=$files/camwall.init CAMWALL_DIR=$tmp/etc CAMWALL_RUN=$tmp/run CAMWALL_STATE=$tmp/etc/state \
		PATH=$tmp/bin:$PATH "$shell" "$tmp/rc" "$@" >"$tmp/out" 2>&1
}

begin()
{
	rm -rf "${tmp:?}/etc"
	mkdir "$tmp/etc"
}

example() { sed "s/option enabled '0'/option enabled '1'/" "$files/camwall.config"; }

# calls WHAT: the tool was called so, and not otherwise.
calls() { equal "calls of the tool" "$(cat "$tmp/calls")" "$1"; }
logged() { grep -qF -- "$1" "$tmp/syslog" || { cat "$tmp/syslog"; return 1; }; }

the_example_becomes_a_configuration()
{
	begin
	example | init start
	cat >"$tmp/expected" <<-END
		# Written by /etc/init.d/camwall from /etc/config/camwall: change that.

		[camwall]
		interfaces = br-lan
		mark-mask = 0xff000000
		conntrack = no
		leases = /tmp/dhcp.leases
		boot-failure = open

		[group hikvision]
		vendor = hikvision
		action = observe
		mark = 0x01000000

		[group dahua]
		vendor = dahua
		action = drop
		mark = 0x02000000

	END
	diff "$tmp/expected" "$tmp/etc/camwall.conf"
	calls "apply $tmp/etc/camwall.conf.new"
	[ ! -e "$tmp/etc/camwall.conf.new" ]
	[ ! -s "$tmp/syslog" ]
}

# The tool has checked it, so it is right as a whole; here is what it must say.
what_the_example_has_in_comments_works()
{
	begin
	example | sed "s/^#config/config/; s/^#\t\([ol]\)/\t\1/; /option file/d" | init start
	cat "$tmp/syslog"
	grep -qx '\[group recorder-only\]' "$tmp/etc/camwall.conf"
	grep -qx 'allow = 192.168.1.1 udp 123' "$tmp/etc/camwall.conf"
	grep -qx '\[exempt 44:19:b6:12:34:56\]' "$tmp/etc/camwall.conf"
	grep -qx 'approved-by = J. Doe' "$tmp/etc/camwall.conf"
	grep -qx '\[history\]' "$tmp/etc/camwall.conf"
	grep -qx 'interval = 5m' "$tmp/etc/camwall.conf"
}

as_shipped_it_does_nothing()
{
	begin
	init start <"$files/camwall.config"
	calls ""
	[ ! -e "$tmp/etc/camwall.conf" ]
	[ ! -s "$tmp/out" ]
}

a_heading_may_come_after_its_keys()
{
	begin
	init start <<-END
		config camwall
			option enabled 'yes'
			list interfaces 'lan1'
			list interfaces 'lan2'
		config group
			list prefix '28:57:be'
			option name 'late-name'
	END
	sed -n '/late-name/,$p' "$tmp/etc/camwall.conf" >"$tmp/section"
	equal section "$(cat "$tmp/section")" $'[group late-name]\nprefix = 28:57:be'
	grep -A1 -x 'interfaces = lan1' "$tmp/etc/camwall.conf" | grep -qx 'interfaces = lan2'
}

# value TEXT: a configuration that has it, and names the device 00:00:5e:00:53:01 else.
value()
{
	printf "config camwall\n\toption enabled 1\n\tlist interfaces lan1\nconfig group g\n"
	printf "\tlist prefix 00:00:5e:00:53:01\nconfig exempt\n\toption mac 00:00:5e:00:53:01\n"
	printf "\toption until 2027-03-31\n\toption approved_by me\n\toption reason '%s'\n" "$1"
}

# Else "reason" would end early, or a line of the value be a key of its own.
a_value_that_would_be_read_as_something_else_is_refused()
{
	local text

	for text in $'two\nuntil = 2099-01-01' 'ticket ;4711' '; all of it' 'a # b' '# all of it'; do
		begin
		value "$text" | refused start
		logged '[exempt] reason: a value cannot have'
		calls "boot"
		[ ! -e "$tmp/etc/camwall.conf" ]
	done
	begin
	value 'ticket #4711, "O;K"' | init start
	grep -qx 'reason = ticket #4711, "O;K"' "$tmp/etc/camwall.conf"
}

# broken: the example with a misspelled key.
broken() { example | sed 's/list vendor .dahua/list vender '"'"'dahua/'; }

a_refused_configuration_changes_nothing()
{
	begin
	example | init start
	cp "$tmp/etc/camwall.conf" "$tmp/before"
	broken | refused reload_service
	logged 'unknown key "vender" in [group dahua]: did you mean "vendor"?'
	cmp "$tmp/before" "$tmp/etc/camwall.conf"
	[ ! -e "$tmp/etc/camwall.conf.new" ]
	calls "apply $tmp/etc/camwall.conf.new"$'\n'"boot"
}

# unlogged TEXT
unlogged() { if grep -F -- "$1" "$tmp/syslog"; then return 1; fi; }

# Else "camwall boot" would take the machine for one on which nothing is wanted.
of_the_first_one_boot_failure_counts()
{
	begin
	broken | sed "s/boot_failure 'open'/boot_failure 'closed'/; s/^#\(.*boot_failure\)/\1/" | refused start
	equal "the choice" "$(cat "$tmp/etc/state/boot-failure")" "boot-failure = closed"
	unlogged "is in force"
	begin
	broken | sed '/boot_failure/d' | refused start
	[ ! -e "$tmp/etc/state" ]
	logged "nothing is configured, and everything passes"
	unlogged "is in force"
}

at_boot_the_last_good_configuration_is_put_in_force()
{
	begin
	example | init start
	cp "$tmp/etc/camwall.conf" "$tmp/before"
	broken | refused start
	logged "the last configuration that was taken is in force: $tmp/etc/camwall.conf"
	cmp "$tmp/before" "$tmp/etc/camwall.conf"
	calls "apply $tmp/etc/camwall.conf.new"$'\n'"boot"
	# Also where UCI itself cannot be read.
	refused start <<<"return 1"
	logged "/etc/config/camwall cannot be read"
	calls "boot"
	# And where it cannot be: what "camwall boot" says is in the log.
	echo "[camwal]" >"$tmp/etc/camwall.conf"
	broken | refused start
	logged "unknown section [camwal]"
}

# Its date is that of the policy, before which no exemption is in force.
an_unchanged_configuration_is_not_written_again()
{
	local before

	begin
	example | init start
	touch -d 2026-11-01 "$tmp/etc/camwall.conf"
	before=$(stat -c '%i %Y' "$tmp/etc/camwall.conf")
	example | init start
	equal "inode and time" "$(stat -c '%i %Y' "$tmp/etc/camwall.conf")" "$before"
	calls "apply $tmp/etc/camwall.conf"
	example | sed 's/observe/drop/' | init start
	grep -qx 'action = drop' "$tmp/etc/camwall.conf"
}

a_file_of_ones_own_is_used_as_it_is()
{
	begin
	cp "$docs/camwall.conf.example" "$tmp/mine.conf"
	init start <<-END
		config camwall
			option enabled 1
			option history 1
			option file '$tmp/mine.conf'
	END
	calls "apply $tmp/mine.conf"
	[ ! -e "$tmp/etc/camwall.conf" ]
	grep -qx "procd command /usr/sbin/camwalld -f $tmp/mine.conf" "$tmp/out"
	# "camwall boot" knows nothing of it.
	echo "[camwal]" >"$tmp/mine.conf"
	refused start <<<"config camwall; option enabled 1; option file '$tmp/mine.conf'"
	calls "apply $tmp/mine.conf"
	cp "$tmp/mine.conf" "$tmp/etc/camwall.conf"
	refused start <<<"config camwall; option enabled 1; option file '$tmp/etc/camwall.conf'"
	calls "apply $tmp/etc/camwall.conf"$'\n'"boot"
}

camwalld_runs_where_it_is_wanted()
{
	begin
	example | init start
	[ ! -s "$tmp/out" ]
	example | sed "s/option history '0'/option history '1'/" | init start
	grep -qx "procd command /usr/sbin/camwalld -f $tmp/etc/camwall.conf" "$tmp/out"
	grep -qx "procd respawn" "$tmp/out"
}

restarting_leaves_no_gap()
{
	begin
	example | init restart
	equal output "$(cat "$tmp/out")" ""
	calls "apply $tmp/etc/camwall.conf.new"
	example | init service_triggers
	grep -qx "trigger camwall" "$tmp/out"
}

# build FOLDER DESTINATION: run a package's install steps, as include/package.mk would.
build()
{
	mkdir -p "$tmp/include"
	: >"$tmp/include/rules.mk"
	echo 'KERNEL_BUILD_DIR=$(DEST)' >"$tmp/include/kernel.mk"
	cat >"$tmp/include/package.mk" <<'END'
INSTALL_DIR=install -d
INSTALL_BIN=install -m755
INSTALL_DATA=install -m644
INSTALL_CONF=install -m600
CP=cp -a
all:
define BuildPackage
all: install-$(1)
install-$(1):
	$$(call Package/$(1)/install,$(DEST)/$(1))
endef
define KernelPackage
all: install-kmod-$(1)
install-kmod-$(1):
	$$(Build/Prepare)
endef
END
	(cd "$openwrt/$1" && make -s TOPDIR="$tmp/include" INCLUDE_DIR="$tmp/include" DEST="$2" \
		PKG_INSTALL_DIR="$2/pkg" all)
}

packages_install_files_that_exist()
{
	local dest=$tmp/openwrt version

	version=$(sed -n 's/^PACKAGE_VERSION="\(.*\)"/\1/p' "$top/dkms.conf")
	make -s -C "$top" install-tools DESTDIR="$dest/pkg" >"$tmp/make"
	build camwall "$dest"
	[ -x "$dest/camwall/usr/sbin/camwall" ]
	[ -x "$dest/camwall/etc/init.d/camwall" ]
	[ -f "$dest/camwall/etc/config/camwall" ]
	[ -f "$dest/camwall/etc/nftables.d/50-camwall.nft" ]
	[ -f "$dest/camwall/usr/share/camwall/vendors/hikvision.conf" ]
	[ -x "$dest/camwalld/usr/sbin/camwalld" ]
	build kmod-camwall "$dest"
	[ -f "$dest/camwall-$version/module/main.c" ]
	[ -f "$dest/camwall-$version/Kbuild" ]
}

scripts_are_clean()
{
	[ -n "$(type -P shellcheck)" ] || skip "no shellcheck"
	shellcheck "$files/camwall.init"
	(cd "$openwrt" && shellcheck -x build-musl)
}

# In a network namespace of its own; a kernel without nf_tables cannot check it.
firewall4_can_read_the_include()
{
	[ -n "$(type -P nft)" ] || skip "no nft"
	unshare -n nft list ruleset >/dev/null 2>&1 || skip "nft does not work here: no nf_tables, or not root"
	{ echo "table inet fw4 {"; cat "$files/camwall.nft"; echo "}"; } >"$tmp/ruleset"
	unshare -n nft -c -f "$tmp/ruleset"
}

it the_example_becomes_a_configuration the_example_becomes_a_configuration
it what_the_example_has_in_comments_works what_the_example_has_in_comments_works
it as_shipped_it_does_nothing as_shipped_it_does_nothing
it a_heading_may_come_after_its_keys a_heading_may_come_after_its_keys
it a_value_that_would_be_read_as_something_else_is_refused a_value_that_would_be_read_as_something_else_is_refused
it a_refused_configuration_changes_nothing a_refused_configuration_changes_nothing
it of_the_first_one_boot_failure_counts of_the_first_one_boot_failure_counts
it at_boot_the_last_good_configuration_is_put_in_force at_boot_the_last_good_configuration_is_put_in_force
it an_unchanged_configuration_is_not_written_again an_unchanged_configuration_is_not_written_again
it a_file_of_ones_own_is_used_as_it_is a_file_of_ones_own_is_used_as_it_is
it camwalld_runs_where_it_is_wanted camwalld_runs_where_it_is_wanted
it restarting_leaves_no_gap restarting_leaves_no_gap
it packages_install_files_that_exist packages_install_files_that_exist
it scripts_are_clean scripts_are_clean
it firewall4_can_read_the_include firewall4_can_read_the_include
run
