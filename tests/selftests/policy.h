/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Policies as requests, what is in force, and what a test expects of both. */
#ifndef POLICY_H
#define POLICY_H

#include <fcntl.h>
#include <sched.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "ktap.h"
#include "session.h"

#define MAC_BASE	0x2857be000000ULL	/* in the policy that is in force throughout */
#define MAC_OTHER	0x4419b6000000ULL
#define BASE_MASK	0xff

static inline uint64_t packed(uint64_t mac, unsigned int len, unsigned int group)
{
	return mac << 16 | len << 8 | group;
}

/* --- Requests --- */

static inline void put_group(struct session *s, uint32_t id, const char *name, uint32_t mark)
{
	struct nlattr *nest = mnl_attr_nest_start(s->request, CAMWALL_A_GROUP);

	mnl_attr_put_u32(s->request, CAMWALL_A_GROUP_ID, id);
	mnl_attr_put_strz(s->request, CAMWALL_A_GROUP_NAME, name);
	mnl_attr_put_u32(s->request, CAMWALL_A_GROUP_ACTION, CAMWALL_ACTION_OBSERVE);
	if (mark)
		mnl_attr_put_u32(s->request, CAMWALL_A_GROUP_MARK, mark);
	mnl_attr_nest_end(s->request, nest);
}

static inline void put_prefix(struct session *s, uint64_t prefix)
{
	mnl_attr_put(s->request, CAMWALL_A_PREFIXES, sizeof(prefix), &prefix);
}

static inline int begin(struct session *s, uint32_t generation)
{
	session_new(s, CAMWALL_CMD_CONFIG_BEGIN);
	mnl_attr_put_u32(s->request, CAMWALL_A_GENERATION, generation);
	return session_ask(s);
}

static inline int commit(struct session *s)
{
	session_new(s, CAMWALL_CMD_CONFIG_COMMIT);
	return session_ask(s);
}

static inline int commit_counts(struct session *s, uint32_t groups, uint32_t prefixes)
{
	session_new(s, CAMWALL_CMD_CONFIG_COMMIT);
	mnl_attr_put_u32(s->request, CAMWALL_A_GROUP_COUNT, groups);
	mnl_attr_put_u32(s->request, CAMWALL_A_PREFIX_COUNT, prefixes);
	return session_ask(s);
}

static inline int send_abort(struct session *s)
{
	session_new(s, CAMWALL_CMD_CONFIG_ABORT);
	return session_ask(s);
}

/* A group "other" with one prefix, in place of what is there. */
static inline int add_other(struct session *s)
{
	session_new(s, CAMWALL_CMD_CONFIG_ADD);
	put_group(s, 0, "other", 0);
	put_prefix(s, packed(MAC_OTHER, 24, 0));
	return session_ask(s);
}

/* --- What is in force --- */

static inline uint32_t status(uint16_t attribute)
{
	struct session *s = session_open();
	uint32_t value;

	session_new(s, CAMWALL_CMD_STATUS_GET);
	if (session_ask(s))
		ktap_bail_out("status-get: %s", s->message);
	value = session_u32(s, attribute);
	session_close(s);
	return value;
}

static inline uint32_t generation(void)
{
	return status(CAMWALL_A_GENERATION);
}

static inline int look_up(struct session *s, uint64_t mac)
{
	uint8_t octets[6];
	unsigned int i;

	for (i = 0; i < sizeof(octets); i++)
		octets[i] = mac >> (40 - 8 * i);
	session_new(s, CAMWALL_CMD_LOOKUP);
	mnl_attr_put(s->request, CAMWALL_A_MAC, sizeof(octets), octets);
	return session_ask(s);
}

/* The policy that every test begins with: one group "base". */
static inline uint32_t put_base_in_force(void)
{
	struct session *s = session_open();

	if (begin(s, generation()))
		ktap_bail_out("config-begin: %s", s->message);
	session_new(s, CAMWALL_CMD_CONFIG_ADD);
	mnl_attr_put_u32(s->request, CAMWALL_A_MARK_MASK, BASE_MASK);
	mnl_attr_put_strz(s->request, CAMWALL_A_INTERFACE, "lan*");
	put_group(s, 0, "base", 1);
	put_prefix(s, packed(MAC_BASE, 24, 0));
	if (session_ask(s) || commit(s))
		ktap_bail_out("cannot put a policy in force: %s", s->message);
	session_close(s);
	return generation();
}

static inline bool base_in_force(uint32_t base)
{
	struct session *s = session_open();
	bool good = true;

	if (generation() != base) {
		ktap_note("generation %u is in force, not %u", generation(), base);
		good = false;
	}
	if (look_up(s, MAC_BASE) || session_u32(s, CAMWALL_A_PREFIX) == UINT32_MAX) {
		ktap_note("the old policy's prefix is gone");
		good = false;
	}
	if (look_up(s, MAC_OTHER) || session_u32(s, CAMWALL_A_PREFIX) != UINT32_MAX) {
		ktap_note("the refused policy's prefix is there");
		good = false;
	}
	session_close(s);
	return good;
}

/* --- Expectations --- */

static inline bool accepted(const struct session *s, int error, const char *what)
{
	if (error)
		ktap_note("%s: refused: %s: %s", what, strerror(error), s->message);
	return !error;
}

/* Refused with that error and a text that has @word in it. */
static inline bool refused(const struct session *s, int error, int want, const char *word,
			   const char *what)
{
	if (error == want && strcasestr(s->message, word) && s->message[0])
		return true;
	ktap_note("%s: got %s, \"%s\"; want %s with \"%s\"", what,
		  error ? strerror(error) : "no error", s->message, strerror(want), word);
	return false;
}

static inline bool nothing_staged(struct session *s)
{
	return refused(s, commit(s), ENOENT, "begin", "commit after it");
}

/* Distinct /24 prefixes of group 0, as many as a message takes. */
static inline void put_many(struct session *s, uint32_t first, uint32_t n)
{
	static uint64_t prefixes[4096];
	uint32_t i;

	for (i = 0; i < n; i++)
		prefixes[i] = packed((uint64_t)(0x100000 + first + i) << 24, 24, 0);
	mnl_attr_put(s->request, CAMWALL_A_PREFIXES, n * sizeof(prefixes[0]), prefixes);
}

/* As lib.sh does; where it cannot, session_find_family() fails and says so. */
static inline void load_module(void)
{
	const char *file = getenv("CAMWALL_KO");
	int fd = file ? open(file, O_RDONLY | O_CLOEXEC) : -1;

	if (fd < 0)
		return;
	if (syscall(SYS_finit_module, fd, "", 0) && errno != EEXIST)
		ktap_note("%s: %s", file, strerror(errno));
	close(fd);
}

/** enter_namespace() - a network namespace of its own, with the module; skips where that cannot be */
static inline void enter_namespace(void)
{
	if (getuid())
		ktap_skip_all("needs root");
	load_module();
	if (unshare(CLONE_NEWNET))
		err(1, "unshare");
	if (!session_find_family())
		ktap_skip_all("the module is not loaded; name it in CAMWALL_KO");
}

#endif
