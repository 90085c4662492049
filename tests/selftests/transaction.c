// SPDX-License-Identifier: GPL-2.0-or-later
/* Transactions in every wrong order, by two writers, by one that goes; and dumps across a commit. */
#include <signal.h>
#include <sys/wait.h>

#include "policy.h"

/* --- Order of a transaction --- */

static bool add_without_begin(void)
{
	uint32_t base = put_base_in_force();
	struct session *s = session_open();
	bool good = refused(s, add_other(s), ENOENT, "begin", "add");

	session_close(s);
	return base_in_force(base) && good;
}

static bool commit_without_begin(void)
{
	uint32_t base = put_base_in_force();
	struct session *s = session_open();
	bool good = refused(s, commit(s), ENOENT, "begin", "commit");

	session_close(s);
	return base_in_force(base) && good;
}

static bool abort_without_begin(void)
{
	struct session *s = session_open();
	bool good = refused(s, send_abort(s), ENOENT, "begin", "abort");

	session_close(s);
	return good;
}

static bool begin_twice(void)
{
	uint32_t base = put_base_in_force();
	struct session *s = session_open();
	bool good = accepted(s, begin(s, base), "begin") &&
		    refused(s, begin(s, base), EBUSY, "already", "second begin");

	session_close(s);
	return base_in_force(base) && good;
}

static bool begin_without_generation(void)
{
	struct session *s = session_open();
	bool good;

	session_new(s, CAMWALL_CMD_CONFIG_BEGIN);
	good = refused(s, session_ask(s), EINVAL, "", "begin");
	session_close(s);
	return good;
}

static bool begin_wrong_generation(void)
{
	uint32_t base = put_base_in_force();
	struct session *s = session_open();
	bool good = refused(s, begin(s, base - 1), ESTALE, "generation", "begin") &&
		    refused(s, begin(s, base + 1), ESTALE, "generation", "begin") &&
		    nothing_staged(s);

	session_close(s);
	return base_in_force(base) && good;
}

static bool two_writers(void)
{
	uint32_t base = put_base_in_force();
	struct session *first = session_open(), *second = session_open();
	bool good = accepted(first, begin(first, base), "first begin") &&
		    accepted(second, begin(second, base), "second begin") &&
		    accepted(first, add_other(first), "first add") &&
		    accepted(second, add_other(second), "second add") &&
		    accepted(second, commit(second), "second commit") &&
		    refused(first, commit(first), ESTALE, "generation changed", "first commit") &&
		    nothing_staged(first);

	session_close(first);
	session_close(second);
	if (generation() == base + 1)
		return good;
	ktap_note("generation %u after one commit on %u", generation(), base);
	return false;
}

static bool commit_tells_generation(void)
{
	uint32_t base = put_base_in_force();
	struct session *s = session_open();
	bool good = accepted(s, begin(s, base), "begin") && accepted(s, commit(s), "commit");

	if (good && session_u32(s, CAMWALL_A_GENERATION) != base + 1) {
		ktap_note("commit answered %u", session_u32(s, CAMWALL_A_GENERATION));
		good = false;
	}
	session_close(s);
	return good;
}

static bool abort_forgets(void)
{
	uint32_t base = put_base_in_force();
	struct session *s = session_open();
	bool good = accepted(s, begin(s, base), "begin") &&
		    accepted(s, add_other(s), "add") &&
		    accepted(s, send_abort(s), "abort") && nothing_staged(s) &&
		    accepted(s, begin(s, base), "begin again");

	session_close(s);
	return base_in_force(base) && good;
}

static bool counts_are_checked(void)
{
	static const uint32_t wrong[][2] = { { 2, 1 }, { 0, 1 }, { 1, 2 }, { 1, 0 } };
	uint32_t base = put_base_in_force();
	struct session *s = session_open();
	bool good = true;
	size_t i;

	for (i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		good = accepted(s, begin(s, base), "begin") &&
		       accepted(s, add_other(s), "add") &&
		       refused(s, commit_counts(s, wrong[i][0], wrong[i][1]), EINVAL, "",
			       "commit with wrong counts") &&
		       nothing_staged(s) && base_in_force(base) && good;
	good = accepted(s, begin(s, base), "begin") && accepted(s, add_other(s), "add") &&
	       accepted(s, commit_counts(s, 1, 1), "commit with right counts") && good;
	session_close(s);
	return good;
}

/* --- A socket that goes --- */

static bool close_forgets(void)
{
	uint32_t base = put_base_in_force();
	struct session *s;
	bool good = true;
	int i;

	/* Many times: whatever a socket leaves behind would sooner or later be in the way. */
	for (i = 0; i < 300 && good; i++) {
		s = session_open();
		good = accepted(s, begin(s, base), "begin") && accepted(s, add_other(s), "add");
		session_close(s);
	}
	return base_in_force(base) && good;
}

static bool kill_forgets(void)
{
	uint32_t base = put_base_in_force();
	int ready[2], i, killed;
	char c;

	for (i = 0; i < 20; i++) {
		pid_t child;

		if (pipe(ready))
			err(1, "pipe");
		child = fork();
		if (!child) {
			struct session *s = session_open();

			if (begin(s, base) || add_other(s) || write(ready[1], "x", 1) != 1)
				_exit(1);
			pause();
		}
		close(ready[1]);
		if (read(ready[0], &c, 1) != 1)
			errx(1, "the child could not stage a policy");
		close(ready[0]);
		kill(child, SIGKILL);
		waitpid(child, &killed, 0);
	}
	return base_in_force(base);
}

/* --- Reading --- */

static bool commit_many(uint32_t n)
{
	struct session *s = session_open();
	bool good = accepted(s, begin(s, generation()), "begin");
	uint32_t first;

	session_new(s, CAMWALL_CMD_CONFIG_ADD);
	put_group(s, 0, "many", 0);
	good = good && accepted(s, session_ask(s), "add");
	for (first = 0; good && first < n; first += 4096) {
		session_new(s, CAMWALL_CMD_CONFIG_ADD);
		put_many(s, first, 4096);
		good = accepted(s, session_ask(s), "add");
	}
	good = good && accepted(s, commit(s), "commit");
	session_close(s);
	return good;
}

/* A reader that waits between two reads while somebody commits. */
static bool dump_interrupted(bool in_between)
{
	const uint32_t n = 8 * 4096;
	struct session *s = session_open();
	bool good = commit_many(n), done;
	int error = 0;

	session_new(s, CAMWALL_CMD_PREFIX_GET);
	s->request->nlmsg_flags |= NLM_F_DUMP;
	session_send(s);
	done = session_read_some(s, &error);
	if (done) {
		ktap_note("the dump was over with the first read: %s", strerror(error));
		good = false;
	}
	if (in_between)
		good = commit_many(n) && good;
	while (!done)
		done = session_read_some(s, &error);
	if (s->interrupted != in_between) {
		ktap_note("the dump says %sinterrupted, error %d",
			  s->interrupted ? "" : "not ", error);
		good = false;
	}
	if (!in_between && s->values != n) {
		ktap_note("the dump brought %zu prefixes of %u", s->values, n);
		good = false;
	}
	session_close(s);
	return good;
}

static bool dump_whole(void)
{
	return dump_interrupted(false);
}

static bool dump_across_commit(void)
{
	return dump_interrupted(true);
}

static const struct behaviour behaviours[] = {
	{ "add without begin is refused", add_without_begin },
	{ "commit without begin is refused", commit_without_begin },
	{ "abort without begin is refused", abort_without_begin },
	{ "begin twice on one socket is refused", begin_twice },
	{ "begin without a generation is refused", begin_without_generation },
	{ "begin on a generation that is not in force is refused", begin_wrong_generation },
	{ "of two writers the second commit is refused: generation changed", two_writers },
	{ "commit answers with the new generation", commit_tells_generation },
	{ "abort forgets what is staged", abort_forgets },
	{ "commit with counts that do not match is refused", counts_are_checked },
	{ "a socket that closes leaves nothing behind", close_forgets },
	{ "a writer that is killed leaves nothing behind", kill_forgets },
	{ "a dump of many prefixes brings all of them", dump_whole },
	{ "a dump that a commit interrupts says so", dump_across_commit },
};

int main(void)
{
	enter_namespace();
	return ktap_run(behaviours, sizeof(behaviours) / sizeof(behaviours[0]));
}
