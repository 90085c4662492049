/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What "camwall boot" had to do instead of what the configuration says, until that is in force. */
#ifndef CW_BOOT_STATE_H
#define CW_BOOT_STATE_H

#include <stdbool.h>
#include <stdint.h>
#include <jansson.h>

#include "error.h"
#include "tool.h"

/**
 * enum boot_outcome - what is so instead
 * @BOOT_LAST_GOOD: the last good policy is in force
 * @BOOT_KEPT: a policy was in force already, and still is
 * @BOOT_OPEN: no policy is in force, and everything passes
 * @BOOT_CLOSED: no policy is in force, and nothing is forwarded
 * @BOOT_PARTLY_CLOSED: the same, but nftables could not stop all of it
 */
enum boot_outcome {
	BOOT_LAST_GOOD,
	BOOT_KEPT,
	BOOT_OPEN,
	BOOT_CLOSED,
	BOOT_PARTLY_CLOSED,
};

/**
 * struct boot_state - this, since the machine was started
 * @generation: in force then; 0 where no policy was
 * @reason: the error of the configuration, or why no policy could be put in force
 */
struct boot_state {
	enum boot_outcome outcome;
	uint32_t generation;
	char *reason;
};

/** boot_state_write() - note it, for this network namespace; Return: 0, or -1 with @err set */
int boot_state_write(const struct boot_state *state, struct cw_error *err);

/** boot_state_read() - Return: whether there is one, and then @state for boot_state_clear() */
bool boot_state_read(struct boot_state *state);
void boot_state_clear(struct boot_state *state);

/** boot_state_text() - "the last good policy is in force: ..."; for free() */
char *boot_state_text(const struct boot_state *state);

/** boot_state_json() - outcome and reason; null for NULL */
json_t *boot_state_json(const struct boot_state *state);

/** boot_state_is_closed() - were tables made that drop what is forwarded? */
bool boot_state_is_closed(const struct boot_state *state);

/** boot_state_settle() - an administrator's policy is in force: open what was closed, and forget the state */
void boot_state_settle(const struct tool *tool);

#endif
