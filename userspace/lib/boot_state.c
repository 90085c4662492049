// SPDX-License-Identifier: GPL-2.0-or-later
/* What "camwall boot" had to do instead of what the configuration says: a file under /run. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "alloc.h"
#include "boot_state.h"
#include "closed.h"
#include "json.h"
#include "replace.h"

#define STATE_DIR	"/run/camwall"
#define STATE_FILE	STATE_DIR "/boot.json"
#define DIR_MODE	0755
#define MODE		0600

static const struct {
	const char *name, *text;
} outcomes[] = {
	[CW_BOOT_LAST_GOOD] = { "last-good", "the last good policy is in force, not the configuration" },
	[CW_BOOT_KEPT] = { "kept", "the policy that was in force is still, not the configuration" },
	[CW_BOOT_OPEN] = { "open", "no policy could be put in force, and everything passes" },
	[CW_BOOT_CLOSED] = { "closed", "no policy could be put in force, and nothing is forwarded" },
	[CW_BOOT_PARTLY_CLOSED] = { "partly-closed", "no policy could be put in force, and what is forwarded is stopped only in part" },
};

#define N_OUTCOMES (sizeof(outcomes) / sizeof(outcomes[0]))

/* A policy is of a network namespace, and so is this. */
static json_int_t netns_id(void)
{
	struct stat st;

	return stat("/proc/self/ns/net", &st) < 0 ? 0 : (json_int_t)st.st_ino;
}

int cw_boot_state_write(const struct cw_boot_state *state, struct cw_error *err)
{
	const struct cw_replace_as as = { .mode = MODE, .uid = -1, .gid = -1 };
	json_t *json = cw_boot_state_json(state);
	char *text;
	int ret;

	json_object_set_new(json, "generation", json_integer(state->generation));
	json_object_set_new(json, "netns", json_integer(netns_id()));
	text = json_dumps(json, JSON_COMPACT);
	ret = mkdir(STATE_DIR, DIR_MODE) < 0 && errno != EEXIST ? -1 : 0;
	if (!ret)
		ret = cw_replace(STATE_FILE, text, &as);
	if (ret)
		cw_error_set(err, STATE_FILE ": cannot be written: %s", strerror(errno));
	free(text);
	json_decref(json);
	return ret;
}

static bool parse(const json_t *json, struct cw_boot_state *state)
{
	const char *outcome, *reason;
	json_int_t generation, netns;
	size_t i;

	if (json_unpack((json_t *)json, "{s:s, s:s, s:I, s:I}", "outcome", &outcome, "reason", &reason,
			"generation", &generation, "netns", &netns) < 0 || netns != netns_id())
		return false;
	for (i = 0; i < N_OUTCOMES; i++) {
		if (strcmp(outcomes[i].name, outcome) != 0)
			continue;
		state->outcome = i;
		state->generation = generation;
		state->reason = cw_strdup(reason);
		return true;
	}
	return false;
}

bool cw_boot_state_read(struct cw_boot_state *state)
{
	json_t *json = json_load_file(STATE_FILE, 0, NULL);
	bool found;

	memset(state, 0, sizeof(*state));
	found = json && parse(json, state);
	json_decref(json);
	return found;
}

void cw_boot_state_clear(struct cw_boot_state *state)
{
	free(state->reason);
	state->reason = NULL;
}

char *cw_boot_state_text(const struct cw_boot_state *state)
{
	return cw_asprintf("%s: %s", outcomes[state->outcome].text, state->reason);
}

json_t *cw_boot_state_json(const struct cw_boot_state *state)
{
	if (!state)
		return json_null();
	return json_pack("{s:s, s:o}", "outcome", outcomes[state->outcome].name,
			 "reason", cw_json_text(state->reason));
}

bool cw_boot_state_is_closed(const struct cw_boot_state *state)
{
	return state->outcome == CW_BOOT_CLOSED || state->outcome == CW_BOOT_PARTLY_CLOSED;
}

int cw_boot_state_settle(struct cw_error *err)
{
	struct cw_boot_state state;
	int ret = 0;

	if (!cw_boot_state_read(&state))
		return 0;
	if (cw_boot_state_is_closed(&state))
		ret = cw_closed_clear(err);
	unlink(STATE_FILE);
	cw_boot_state_clear(&state);
	return ret;
}
