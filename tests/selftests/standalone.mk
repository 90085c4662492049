# SPDX-License-Identifier: GPL-2.0-or-later
# The targets of kselftest's lib.mk, for use outside of a kernel tree.

OUTPUT ?= .
CFLAGS += -D_GNU_SOURCE -I../../module/uapi
TEST_GEN_PROGS := $(TEST_GEN_PROGS:%=$(OUTPUT)/%)
TEST_GEN_FILES := $(TEST_GEN_FILES:%=$(OUTPUT)/%)

all: $(TEST_GEN_PROGS) $(TEST_GEN_FILES)

$(OUTPUT)/%: %.c
	$(CC) $(CFLAGS) $(CPPFLAGS) $(USERCFLAGS) $(LDFLAGS) $(USERLDFLAGS) -o $@ $< $(LDLIBS)

run_tests: all
	@./run.sh

install: all
	$(if $(INSTALL_PATH),,$(error INSTALL_PATH is not set))
	install -d $(INSTALL_PATH)
	install $(TEST_GEN_PROGS) $(TEST_GEN_FILES) $(TEST_PROGS) $(TEST_PROGS_EXTENDED) $(INSTALL_PATH)
	install $(filter %.sh,$(TEST_FILES)) $(INSTALL_PATH)
	install -m 644 config settings $(INSTALL_PATH)

emit_tests:
	@for test in $(notdir $(TEST_GEN_PROGS)) $(TEST_PROGS); do echo "camwall:$$test"; done

clean:
	$(RM) $(TEST_GEN_PROGS) $(TEST_GEN_FILES)

.PHONY: all run_tests install emit_tests clean
