// SPDX-License-Identifier: GPL-2.0-or-later
/* Puts two policies in force in turn, each of which lets half of what the other drops pass. */

/*
 * What goes from a device of the group "one" to a device of the group "two" is dropped by
 * both: by the first policy where it goes out, by the second where it comes in.
 */
#include "policy.h"

static uint64_t one, two;

static void put(struct session *s, uint32_t id, const char *name, uint64_t prefix,
		enum camwall_action action)
{
	struct nlattr *nest = mnl_attr_nest_start(s->request, CAMWALL_A_GROUP);

	mnl_attr_put_u32(s->request, CAMWALL_A_GROUP_ID, id);
	mnl_attr_put_strz(s->request, CAMWALL_A_GROUP_NAME, name);
	mnl_attr_put_u32(s->request, CAMWALL_A_GROUP_ACTION, action);
	mnl_attr_nest_end(s->request, nest);
	put_prefix(s, packed(prefix, 24, id));
}

static void swap(struct session *s, bool first)
{
	if (begin(s, generation()))
		errx(1, "config-begin: %s", s->message);
	session_new(s, CAMWALL_CMD_CONFIG_ADD);
	mnl_attr_put_strz(s->request, CAMWALL_A_INTERFACE, "lan*");
	put(s, 0, "one", one, first ? CAMWALL_ACTION_OBSERVE : CAMWALL_ACTION_DROP);
	put(s, 1, "two", two, first ? CAMWALL_ACTION_DROP : CAMWALL_ACTION_OBSERVE);
	if (session_ask(s))
		errx(1, "config-add: %s", s->message);
	if (commit(s))
		errx(1, "config-commit: %s", s->message);
}

int main(int argc, char **argv)
{
	struct session *s;
	unsigned long n, times;

	if (argc != 4)
		errx(2, "usage: mixer TIMES OUI-ONE OUI-TWO");
	times = strtoul(argv[1], NULL, 10);
	one = strtoull(argv[2], NULL, 16) << 24;
	two = strtoull(argv[3], NULL, 16) << 24;
	if (!session_find_family())
		errx(1, "the module is not loaded");
	s = session_open();
	for (n = 0; n < times; n++)
		swap(s, n % 2 == 0);
	session_close(s);
	return 0;
}
