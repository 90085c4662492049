/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What "camwall boot" had to do instead of what the configuration says, until that is in force. */
#ifndef CW_BOOT_STATE_H
#define CW_BOOT_STATE_H

#include <stdbool.h>
#include <stdint.h>
#include <jansson.h>

#include "error.h"

/**
 * enum cw_boot_outcome - what is so instead
 * @CW_BOOT_LAST_GOOD: the last good policy is in force
 * @CW_BOOT_KEPT: a policy was in force already, and still is
 * @CW_BOOT_OPEN: no policy is in force, and everything passes
 * @CW_BOOT_CLOSED: no policy is in force, and nothing is forwarded
 * @CW_BOOT_PARTLY_CLOSED: the same, but nftables could not stop all of it
 */
enum cw_boot_outcome {
	CW_BOOT_LAST_GOOD,
	CW_BOOT_KEPT,
	CW_BOOT_OPEN,
	CW_BOOT_CLOSED,
	CW_BOOT_PARTLY_CLOSED,
};

/**
 * struct cw_boot_state - this, since the machine was started
 * @generation: in force then; 0 where no policy was
 * @reason: the error of the configuration, or why no policy could be put in force
 */
struct cw_boot_state {
	enum cw_boot_outcome outcome;
	uint32_t generation;
	char *reason;
};

/** cw_boot_state_write() - note it, for this network namespace; Return: 0, or -1 with @err set */
int cw_boot_state_write(const struct cw_boot_state *state, struct cw_error *err);

/** cw_boot_state_read() - Return: whether there is one, and then @state for cw_boot_state_clear() */
bool cw_boot_state_read(struct cw_boot_state *state);
void cw_boot_state_clear(struct cw_boot_state *state);

/** cw_boot_state_text() - "the last good policy is in force: ..."; for free() */
char *cw_boot_state_text(const struct cw_boot_state *state);

/** cw_boot_state_json() - outcome and reason; null for NULL */
json_t *cw_boot_state_json(const struct cw_boot_state *state);

/** cw_boot_state_is_closed() - were tables made that drop what is forwarded? */
bool cw_boot_state_is_closed(const struct cw_boot_state *state);

/**
 * cw_boot_state_settle() - an administrator's policy is in force: open what was closed, and forget the state
 *
 * Nothing is done where it is that of another network namespace than the caller's.
 *
 * Return: 0, or -1 with @err set where nftables has not taken its tables away; forgotten it is then, too.
 */
int cw_boot_state_settle(struct cw_error *err);

#endif
