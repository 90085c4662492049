# SPDX-License-Identifier: GPL-2.0
# camwall: the kernel module, the tool, and the commands of a developer. "make help" lists them.

VERSION := $(shell sed -n 's/^PACKAGE_VERSION="\(.*\)"/\1/p' dkms.conf)

KVER	?= $(shell uname -r)
KDIR	?= $(or $(wildcard /lib/modules/$(KVER)/build),$(lastword $(sort $(wildcard /lib/modules/*/build))))
PREFIX	?= /usr
SYSCONFDIR ?= /etc
DATADIR	= $(PREFIX)/share/camwall
B	?= build

PKGS	= libnl-3.0 libnl-genl-3.0 libnl-route-3.0 jansson libmd sqlite3
CFLAGS	?= -O2 -g
WARN	= -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wno-unused-parameter
ifdef WERROR
WARN	+= -Werror
endif
CPPFLAGS += -D_GNU_SOURCE -DCAMWALL_VERSION='"$(VERSION)"' -DCAMWALL_DATADIR='"$(DATADIR)"' \
	    -DCAMWALL_SYSCONFDIR='"$(SYSCONFDIR)"'
INCLUDES = -Iuserspace/lib -Iuserspace/report -Iuserspace/kernel -Imodule/uapi -Imodule -I$(B)
CC_ALL	= $(CC) -std=gnu11 $(WARN) $(CFLAGS) $(SAN) $(CPPFLAGS) $(INCLUDES) $(shell pkg-config --cflags $(PKGS)) -MMD -MP
LIBS	= $(shell pkg-config --libs $(PKGS)) -linih -lcsv -lm

LIB_SRC	= $(wildcard userspace/lib/*.c userspace/report/*.c) module/prefix.c module/limit.c
TOOL_SRC = $(wildcard userspace/tool/*.c)
DAEMON_SRC = $(wildcard userspace/daemon/*.c)
UNIT_SRC = $(wildcard tests/unit/test_*.c)
# prefix.c and limit.c are the module's; in user space the headers they name stand under userspace/kernel.
LIB_OBJ	= $(LIB_SRC:%.c=$(B)/%.o)
TOOL_OBJ = $(TOOL_SRC:%.c=$(B)/%.o)
DAEMON_OBJ = $(DAEMON_SRC:%.c=$(B)/%.o)
UNIT	= $(UNIT_SRC:tests/unit/%.c=$(B)/unit/%)

all: module tools ## build camwall.ko and build/camwall

module: ## build camwall.ko for KDIR (or KVER), by default for the running kernel
	$(if $(KDIR),,$(error no kernel headers under /lib/modules: install linux-headers-$(KVER), or give KDIR=))
	$(MAKE) -C $(KDIR) M=$(CURDIR) modules

kunit: ## build the module of the KUnit tests, for a kernel that has KUnit (KDIR)
	$(MAKE) -C $(KDIR) M=$(CURDIR)/module/tests modules

tools: $(B)/camwall $(B)/camwalld ## build build/camwall and build/camwalld

$(B)/camwall: $(TOOL_OBJ) $(B)/libcamwall.a
	$(CC) $(CFLAGS) $(SAN) $(LDFLAGS) -o $@ $^ $(LIBS)

$(B)/camwalld: $(DAEMON_OBJ) $(B)/libcamwall.a
	$(CC) $(CFLAGS) $(SAN) $(LDFLAGS) -o $@ $^ $(LIBS) -lcap-ng

$(B)/libcamwall.a: $(LIB_OBJ)
	rm -f $@
	$(AR) rcs $@ $^

$(B)/%.o: %.c Makefile
	@mkdir -p $(@D)
	$(CC_ALL) -c -o $@ $<

$(B)/unit/%: tests/unit/%.c $(B)/libcamwall.a
	@mkdir -p $(@D)
	$(CC_ALL) -o $@ $< $(B)/libcamwall.a $(LIBS) -lcmocka

# For the figures of Documentation/history.md, and for reports to try.
history-gen: $(B)/history-gen ## build build/history-gen, which writes a synthetic history
$(B)/history-gen: $(B)/tests/history-gen.o $(B)/libcamwall.a
	$(CC) $(CFLAGS) $(SAN) $(LDFLAGS) -o $@ $^ $(LIBS)

# Unit tests always run with the sanitizers, in a build folder of their own.
unit: ## build the unit tests, with ASan and UBSan, under build/asan/unit
	$(MAKE) B=$(B)/asan SAN="-fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer" unit-programs
unit-programs: $(UNIT)

# For the programs of tests/bench: what is compiled against libcamwall needs.
print-cflags:
	@echo $(shell pkg-config --cflags $(PKGS))
print-libs:
	@echo $(LIBS)

run: ## the main job: a virtual gateway with cameras (scripts/gateway)
	./scripts/gateway
check: ## unit tests, then the selftests in a guest (scripts/check)
	./scripts/check
soak: ## everything at once for MINUTES, in a user-mode kernel (scripts/soak)
	./scripts/soak $(MINUTES)
bench: ## measure camwall beside nft, tc, BPF and ipset (scripts/bench)
	./scripts/bench

install: ## install module, tool, packs and manual (DESTDIR, PREFIX, KDIR)
	$(MAKE) install-module install-tools
install-module: module
	$(MAKE) -C $(KDIR) M=$(CURDIR) $(if $(DESTDIR),INSTALL_MOD_PATH=$(DESTDIR)) modules_install
install-tools: tools
	install -D -m 755 $(B)/camwall $(DESTDIR)$(PREFIX)/sbin/camwall
	install -D -m 755 $(B)/camwalld $(DESTDIR)$(PREFIX)/sbin/camwalld
	install -d $(DESTDIR)$(DATADIR)/vendors $(DESTDIR)$(PREFIX)/share/man/man8
	install -m 644 vendors/*.conf $(DESTDIR)$(DATADIR)/vendors
	install -m 644 Documentation/man/*.8 $(DESTDIR)$(PREFIX)/share/man/man8
	install -D -m 644 Documentation/camwall.conf.example $(DESTDIR)$(DATADIR)/camwall.conf.example
	install -D -m 644 packaging/systemd/camwall.sysusers $(DESTDIR)$(PREFIX)/lib/sysusers.d/camwall.conf
	install -d $(DESTDIR)$(PREFIX)/lib/systemd/system
	sed 's:/usr/sbin:$(PREFIX)/sbin:' packaging/systemd/camwalld.service \
		>$(DESTDIR)$(PREFIX)/lib/systemd/system/camwalld.service
	install -d $(DESTDIR)$(DATADIR)/profiles
	install -m 644 Documentation/profiles/*.conf $(DESTDIR)$(DATADIR)/profiles
	cd Documentation && find fleet -type f -exec install -D -m 644 {} $(abspath $(DESTDIR)$(DATADIR))/{} \;

clean: ## remove what make made
	$(if $(KDIR),-$(MAKE) -C $(KDIR) M=$(CURDIR) clean)
	$(if $(KDIR),-$(MAKE) -C $(KDIR) M=$(CURDIR)/module/tests clean)
	rm -rf $(B)

help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1\t\2/p' Makefile | expand -t 22

.PHONY: all module kunit tools history-gen unit unit-programs print-cflags print-libs run check soak bench install install-module install-tools clean help
-include $(B)/tests/history-gen.d $(LIB_OBJ:.o=.d) $(TOOL_OBJ:.o=.d) $(DAEMON_OBJ:.o=.d) $(UNIT:=.d)
