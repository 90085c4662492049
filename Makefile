# SPDX-License-Identifier: GPL-2.0
# camwall: the kernel module, the tool, and the commands of a developer. "make help" lists them.

VERSION := $(shell sed -n 's/^PACKAGE_VERSION="\(.*\)"/\1/p' dkms.conf)

KVER	?= $(shell uname -r)
KDIR	?= $(or $(wildcard /lib/modules/$(KVER)/build),$(lastword $(sort $(wildcard /lib/modules/*/build))))
PREFIX	?= /usr
SYSCONFDIR ?= /etc
# The last good policy: it has to outlive a boot.
STATEDIR ?= /var/lib/camwall-policy
DATADIR	= $(PREFIX)/share/camwall
LIBDIR	?= $(PREFIX)/lib
LIBEXECDIR ?= $(PREFIX)/libexec/camwall
# What makes the completions has to run here: COMPLETION= leaves them out where that is another machine's.
COMPLETION ?= bash zsh fish
BASHDIR	?= $(PREFIX)/share/bash-completion/completions
ZSHDIR	?= $(PREFIX)/share/zsh/vendor-completions
FISHDIR	?= $(PREFIX)/share/fish/vendor_completions.d
B	?= build
# Debian's headers have no System.map, without which the kernel's own "modules_install" leaves it out.
DEPMOD	= depmod "$$(modinfo -F vermagic ./camwall.ko | cut -d ' ' -f 1)"
PKG_CONFIG ?= pkg-config

PKGS	= libnl-3.0 libnl-genl-3.0 libnl-route-3.0 libmnl libnftnl jansson libmd sqlite3
CFLAGS	?= -O2 -g
WARN	= -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wno-unused-parameter
ifdef WERROR
WARN	+= -Werror
endif
# Times beyond 2038 where a long has 32 bits.
override CPPFLAGS += -D_GNU_SOURCE -D_FILE_OFFSET_BITS=64 -D_TIME_BITS=64 -DCAMWALL_VERSION='"$(VERSION)"' -DCAMWALL_DATADIR='"$(DATADIR)"' \
	    -DCAMWALL_SYSCONFDIR='"$(SYSCONFDIR)"' -DCAMWALL_LIBEXECDIR='"$(LIBEXECDIR)"' -DCAMWALL_STATEDIR='"$(STATEDIR)"'
INCLUDES = -Iuserspace/api -Iuserspace/lib -Iuserspace/report -Iuserspace/kernel -Imodule/uapi -Imodule -I$(B)
# Asked once, and only where something is compiled.
PKG_CFLAGS = $(eval PKG_CFLAGS := $$(shell $$(PKG_CONFIG) --cflags $$(PKGS)))$(PKG_CFLAGS)
PKG_LIBS = $(eval PKG_LIBS := $$(shell $$(PKG_CONFIG) --libs $$(PKGS)))$(PKG_LIBS)
CC_ALL	= $(CC) -std=gnu11 $(WARN) $(CFLAGS) $(SAN) $(INCLUDES) $(CPPFLAGS) $(PKG_CFLAGS) -MMD -MP
LIBS	= $(PKG_LIBS) -linih -lcsv -lm
LINK	= $(CC) $(CFLAGS) $(SAN) $(LDFLAGS)

# A line for each file, as the kernel's build has it; V=1 shows the commands.
Q	= $(if $(filter 1,$(V)),,@)
say	= $(if $(filter 1,$(V)),,@printf '  %-7s %s\n' $(1) $@)

LIB_SRC	= $(wildcard userspace/lib/*.c userspace/report/*.c) module/prefix.c module/limit.c
TOOL_SRC = $(wildcard userspace/tool/*.c)
DAEMON_SRC = $(wildcard userspace/daemon/*.c)
FETCH_SRC = $(wildcard userspace/fetch/*.c)
UNIT_SRC = $(wildcard tests/unit/test_*.c)
FUZZ_SRC = $(filter-out tests/fuzz/files/fuzz.c,$(wildcard tests/fuzz/files/*.c))
# prefix.c and limit.c are the module's; in user space the headers they name stand under userspace/kernel.
LIB_OBJ	= $(LIB_SRC:%.c=$(B)/%.o)
TOOL_OBJ = $(TOOL_SRC:%.c=$(B)/%.o)
DAEMON_OBJ = $(DAEMON_SRC:%.c=$(B)/%.o)
FETCH_OBJ = $(FETCH_SRC:%.c=$(B)/%.o)
# The shared library for others: its ABI's number is the soname's, its functions userspace/api.
# Tool and daemon keep to the archive: they use all of the internals, which change from one
# version to the next and are not in the shared library, and start without one.
SONAME	= libcamwall.so.0
SHARED	= $(B)/$(SONAME).$(VERSION)
API_SRC	= $(wildcard userspace/api/*.c)
API_OBJ	= $(API_SRC:%.c=$(B)/pic/%.o)
PIC_OBJ	= $(LIB_SRC:%.c=$(B)/pic/%.o)
UNIT	= $(UNIT_SRC:tests/unit/%.c=$(B)/unit/%)
FUZZ	= $(FUZZ_SRC:tests/fuzz/files/%.c=$(B)/files/%)

all: module tools ## build camwall.ko and build/camwall

module: ## build camwall.ko for KDIR (or KVER), by default for the running kernel
	$(if $(KDIR),,$(error no kernel headers under /lib/modules: install linux-headers-$(KVER), or give KDIR=))
	$(MAKE) -C $(KDIR) M=$(CURDIR) modules

kunit: ## build the module of the KUnit tests, for a kernel that has KUnit (KDIR)
	$(MAKE) -C $(KDIR) M=$(CURDIR)/module/tests modules

tools: $(B)/camwall $(B)/camwalld $(B)/camwall-fetch ## build build/camwall, build/camwalld and build/camwall-fetch

$(B)/camwall: $(TOOL_OBJ) $(B)/libcamwall.a
	$(call say,LD)
	$(Q)$(LINK) -o $@ $^ $(LIBS)

$(B)/camwalld: $(DAEMON_OBJ) $(B)/libcamwall.a
	$(call say,LD)
	$(Q)$(LINK) -o $@ $^ $(LIBS) -lcap-ng

# A program of its own, so that no other one loads libcurl and all that it needs. Without libcurl
# (WITHOUT_CURL=1) "camwall registry update" takes files only from a folder.
ifdef WITHOUT_CURL
$(B)/camwall-fetch: ;
else
$(B)/camwall-fetch: $(FETCH_OBJ) $(B)/libcamwall.a
	$(call say,LD)
	$(Q)$(LINK) -o $@ $^ $(shell $(PKG_CONFIG) --libs libcurl jansson)
endif

$(B)/completion/%: $(B)/camwall
	@mkdir -p $(@D)
	$(call say,GEN)
	$(Q)$(B)/camwall completion $* >$@.new
	$(Q)mv $@.new $@

$(B)/libcamwall.a: $(LIB_OBJ)
	$(call say,AR)
	$(Q)rm -f $@
	$(Q)$(AR) rcs $@ $^

lib: $(SHARED) ## build build/libcamwall.so.0, the shared library
$(SHARED): $(API_OBJ) $(B)/pic/libcamwall.a userspace/api/libcamwall.map
	$(call say,LD)
	$(Q)$(LINK) -shared -Wl,-soname,$(SONAME) -Wl,-z,defs -Wl,--as-needed \
		-Wl,--version-script,userspace/api/libcamwall.map -o $@ $(API_OBJ) $(B)/pic/libcamwall.a $(LIBS)
	$(Q)ln -sf $(notdir $@) $(B)/$(SONAME)
	$(Q)ln -sf $(SONAME) $(B)/libcamwall.so

# For the selftest library.sh: Documentation's example, and what asks for the rest of the library.
agent: $(B)/agent $(B)/library-probe ## build build/agent, the example of a program that uses the library
$(B)/agent: Documentation/examples/agent.c $(SHARED)
$(B)/library-probe: tests/library-probe.c $(SHARED)
$(B)/agent $(B)/library-probe:
	$(call say,CC)
	$(Q)$(CC) $(WARN) $(CFLAGS) -D_GNU_SOURCE -Iuserspace/api -o $@ $< -L$(B) -lcamwall -Wl,-rpath,'$$ORIGIN'

# An archive, so that only what the functions of userspace/api need is linked in.
$(B)/pic/libcamwall.a: $(PIC_OBJ)
	$(call say,AR)
	$(Q)rm -f $@
	$(Q)$(AR) rcs $@ $^

# The version stands in dkms.conf, and the folders in the command line, another one each time.
COMPILED_IN = $(DATADIR) $(SYSCONFDIR) $(LIBEXECDIR) $(STATEDIR)
$(B)/compiled-in: FORCE
	@mkdir -p $(@D)
	@echo '$(COMPILED_IN)' | cmp -s - $@ || echo '$(COMPILED_IN)' >$@
FORCE:

$(B)/pic/%.o: %.c Makefile dkms.conf $(B)/compiled-in
	@mkdir -p $(@D)
	$(call say,CC)
	$(Q)$(CC_ALL) -fPIC -fvisibility=hidden -c -o $@ $<

$(B)/%.o: %.c Makefile dkms.conf $(B)/compiled-in
	@mkdir -p $(@D)
	$(call say,CC)
	$(Q)$(CC_ALL) -c -o $@ $<

$(B)/unit/%: tests/unit/%.c $(B)/libcamwall.a $(B)/compiled-in
	@mkdir -p $(@D)
	$(call say,CC)
	$(Q)$(CC_ALL) -o $@ $(filter %.c %.o,$^) $(B)/libcamwall.a $(LIBS) -lcmocka
$(B)/unit/test_api: $(API_SRC:%.c=$(B)/%.o)

# For the figures of Documentation/history.md, and for reports to try.
history-gen: $(B)/history-gen ## build build/history-gen, which writes a synthetic history
$(B)/history-gen: $(B)/tests/history-gen.o $(B)/libcamwall.a
	$(call say,LD)
	$(Q)$(LINK) -o $@ $^ $(LIBS)

# Unit tests always run with the sanitizers, in a build folder of their own.
unit: ## build the unit tests, with ASan and UBSan, under build/asan/unit
	$(MAKE) B=$(B)/asan SAN="-fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer" unit-programs
unit-programs: $(UNIT)

# clang's, as libFuzzer is: -O1, so that a report names the line.
fuzz-files: ## build the harnesses of tests/fuzz/files, with ASan and UBSan, under build/fuzz/files
	$(MAKE) B=$(B)/fuzz CC=clang CFLAGS="-O1 -g" SAN="-fsanitize=fuzzer-no-link,address,undefined \
		-fno-sanitize-recover=all -fno-omit-frame-pointer" fuzz-programs
fuzz-programs: $(FUZZ)
$(B)/files/%: $(B)/tests/fuzz/files/%.o $(B)/tests/fuzz/files/fuzz.o $(B)/libcamwall.a
	@mkdir -p $(@D)
	$(call say,LD)
	$(Q)$(LINK) -fsanitize=fuzzer -o $@ $(filter %.o,$^) $(B)/libcamwall.a $(LIBS)
$(B)/files/json: $(B)/userspace/tool/update_store.o $(B)/userspace/fetch/partial.o
.SECONDARY: $(FUZZ_SRC:%.c=$(B)/%.o) $(B)/tests/fuzz/files/fuzz.o

# For the programs of tests/bench: what is compiled against libcamwall needs.
print-cflags:
	@echo $(PKG_CFLAGS)
print-libs:
	@echo $(LIBS)
# For scripts/lint: what every file of user space is compiled with, an argument a line.
print-compile:
	@printf '%s\n' -std=gnu11 $(WARN) $(INCLUDES) $(CPPFLAGS) $(PKG_CFLAGS)

run: ## the main job: a virtual gateway with cameras (scripts/gateway)
	./scripts/gateway
lint: ## the static checkers over all of the code (scripts/lint)
	./scripts/lint
check: ## all tests: here, in guests on three kernels, on booted machines (scripts/check)
	./scripts/check
check-debug: ## the selftests and the netlink fuzzer, on the kernel that looks for bugs
	./scripts/check debug netlink
check-matrix: ## build for, and run the selftests on, Debian's 6.1, 6.12 and 7.3 (scripts/check-matrix)
	./scripts/check-matrix
dist: ## write the tarball build/dist/camwall-VERSION.tar.xz of the last commit (scripts/dist)
	./scripts/dist
distcheck: ## try that tarball on a bare Debian (scripts/distcheck)
	./scripts/distcheck
deb: ## build the Debian packages of the last commit into build/deb (scripts/deb)
	./scripts/deb --lintian
check-deb: ## try the Debian packages on a bare Debian 12 and 13 (scripts/check-deb)
	./scripts/check-deb
check-arch: ## unit tests on s390x and armhf, builds for arm64 (scripts/check-arch)
	./scripts/check-arch
fuzz: ## fuzz the readers of files: SECONDS=600 for each, NAME=config for one (scripts/fuzz)
	./scripts/fuzz --seconds $(or $(SECONDS),600) $(NAME)
soak: ## everything at once for MINUTES, in a user-mode kernel (scripts/soak)
	./scripts/soak $(MINUTES)
bench: ## measure camwall beside nft, tc, BPF and ipset (scripts/bench)
	./scripts/bench

install: ## install module, tool, packs and manual (DESTDIR, PREFIX, KDIR)
	$(MAKE) install-module install-tools
install-lib: lib ## install the shared library, its header and libcamwall.pc (DESTDIR, PREFIX, LIBDIR)
	install -D -m 644 $(SHARED) $(DESTDIR)$(LIBDIR)/$(notdir $(SHARED))
	ln -sf $(notdir $(SHARED)) $(DESTDIR)$(LIBDIR)/$(SONAME)
	ln -sf $(SONAME) $(DESTDIR)$(LIBDIR)/libcamwall.so
	install -D -m 644 userspace/api/camwall/camwall.h $(DESTDIR)$(PREFIX)/include/camwall/camwall.h
	install -d $(DESTDIR)$(LIBDIR)/pkgconfig
	sed 's:@PREFIX@:$(PREFIX):; s:@LIBDIR@:$(LIBDIR):; s:@VERSION@:$(VERSION):' \
		userspace/api/libcamwall.pc.in >$(DESTDIR)$(LIBDIR)/pkgconfig/libcamwall.pc
# Without the kernel's own attempt to sign: its key is not in the headers. Documentation/secure-boot.md
install-module: module
	$(MAKE) -C $(KDIR) M=$(CURDIR) $(if $(DESTDIR),INSTALL_MOD_PATH=$(DESTDIR)) CONFIG_MODULE_SIG_ALL= \
		modules_install
	$(if $(DESTDIR),,$(DEPMOD))
install-tools: tools $(COMPLETION:%=$(B)/completion/%)
	install -D -m 755 $(B)/camwall $(DESTDIR)$(PREFIX)/sbin/camwall
	install -D -m 755 $(B)/camwalld $(DESTDIR)$(PREFIX)/sbin/camwalld
	$(if $(WITHOUT_CURL),,install -D -m 755 $(B)/camwall-fetch $(DESTDIR)$(LIBEXECDIR)/camwall-fetch)
	install -d $(DESTDIR)$(DATADIR)/vendors $(DESTDIR)$(PREFIX)/share/man/man5 $(DESTDIR)$(PREFIX)/share/man/man8
	install -m 644 vendors/*.conf $(DESTDIR)$(DATADIR)/vendors
	install -m 644 Documentation/man/*.5 $(DESTDIR)$(PREFIX)/share/man/man5
	install -d $(DESTDIR)$(DATADIR)/nftables
	install -m 644 nftables/*.nft $(DESTDIR)$(DATADIR)/nftables
	install -m 644 Documentation/man/*.8 $(DESTDIR)$(PREFIX)/share/man/man8
	install -D -m 644 Documentation/camwall.conf.example $(DESTDIR)$(DATADIR)/camwall.conf.example
	install -D -m 644 packaging/systemd/camwall.sysusers $(DESTDIR)$(PREFIX)/lib/sysusers.d/camwall.conf
	install -D -m 644 packaging/systemd/camwall.modules-load $(DESTDIR)$(PREFIX)/lib/modules-load.d/camwall.conf
	install -d $(DESTDIR)$(PREFIX)/lib/systemd/system
	for unit in camwall camwalld camwall-registry; do \
		sed 's:/usr/sbin:$(PREFIX)/sbin:' packaging/systemd/$$unit.service \
			>$(DESTDIR)$(PREFIX)/lib/systemd/system/$$unit.service || exit; \
	done
	install -m 644 packaging/systemd/camwall-registry.timer $(DESTDIR)$(PREFIX)/lib/systemd/system
	$(if $(filter bash,$(COMPLETION)),install -D -m 644 $(B)/completion/bash $(DESTDIR)$(BASHDIR)/camwall)
	$(if $(filter zsh,$(COMPLETION)),install -D -m 644 $(B)/completion/zsh $(DESTDIR)$(ZSHDIR)/_camwall)
	$(if $(filter fish,$(COMPLETION)),install -D -m 644 $(B)/completion/fish $(DESTDIR)$(FISHDIR)/camwall.fish)
	install -d $(DESTDIR)$(DATADIR)/profiles
	install -m 644 Documentation/profiles/*.conf $(DESTDIR)$(DATADIR)/profiles
	cd Documentation && find fleet -type f -exec install -D -m 644 {} $(abspath $(DESTDIR)$(DATADIR))/{} \;

# What it has put there is what it puts into an empty folder.
uninstall: ## remove what "make install" has put there (DESTDIR, PREFIX, KDIR)
	rm -rf $(B)/installed
	$(MAKE) install DESTDIR=$(abspath $(B))/installed
	cd $(B)/installed && find . ! -type d ! -name 'modules.*' -printf '$(DESTDIR)/%P\n' | xargs -d '\n' rm -f
	cd $(B)/installed && find . -depth -type d \( -path '*camwall*' -o -path './lib/modules/*/*' \) -printf '$(DESTDIR)/%P\n' | \
		xargs -d '\n' rmdir --ignore-fail-on-non-empty
	rm -rf $(B)/installed
	$(if $(DESTDIR),,$(DEPMOD))

clean: ## remove what make made
	$(if $(KDIR),-$(MAKE) -C $(KDIR) M=$(CURDIR) clean)
	$(if $(KDIR),-$(MAKE) -C $(KDIR) M=$(CURDIR)/module/tests clean)
	rm -rf $(B)

help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1\t\2/p' Makefile | expand -t 22

.PHONY: FORCE all module kunit tools lib agent history-gen unit unit-programs fuzz-files fuzz-programs fuzz print-cflags print-libs print-compile run lint check check-debug check-matrix dist distcheck deb check-deb check-arch soak bench \
	install install-lib install-module install-tools uninstall clean help
-include $(B)/tests/history-gen.d $(LIB_OBJ:.o=.d) $(PIC_OBJ:.o=.d) $(API_OBJ:.o=.d) $(TOOL_OBJ:.o=.d) $(DAEMON_OBJ:.o=.d) $(FETCH_OBJ:.o=.d) $(UNIT:=.d) \
	$(wildcard $(B)/tests/fuzz/files/*.d)
