// SPDX-License-Identifier: GPL-2.0-or-later
/* Puts two policies in force in turn, as fast as the module takes them. */

/*
 * Both treat one listed prefix alike, but for the mark: 1 or 2. In all else they differ:
 * the id of the group, the number of prefixes (so the size of every table), the groups
 * and the pattern that the device is named by.
 */
#include "policy.h"

#define MARK_MASK	0xff

static uint64_t listed;
static enum camwall_action action;

static void put_cameras(struct session *s, uint32_t id, uint32_t mark)
{
	struct nlattr *nest = mnl_attr_nest_start(s->request, CAMWALL_A_GROUP);

	mnl_attr_put_u32(s->request, CAMWALL_A_GROUP_ID, id);
	mnl_attr_put_strz(s->request, CAMWALL_A_GROUP_NAME, "cameras");
	mnl_attr_put_u32(s->request, CAMWALL_A_GROUP_ACTION, action);
	mnl_attr_put_u32(s->request, CAMWALL_A_GROUP_MARK, mark);
	mnl_attr_nest_end(s->request, nest);
}

static void fill_first(struct session *s)
{
	mnl_attr_put_strz(s->request, CAMWALL_A_INTERFACE, "lan*");
	put_cameras(s, 0, 1);
	put_prefix(s, packed(listed, 24, 0));
}

/* A /36 around the same devices, in a subdivided block, among many others. */
static void fill_second(struct session *s)
{
	mnl_attr_put_strz(s->request, CAMWALL_A_INTERFACE, "lan0");
	put_group(s, 0, "others", 7);
	put_cameras(s, 9, 2);
	put_prefix(s, packed(listed, 36, 9));
	put_many(s, 0, 4096);
}

static void swap(struct session *s, void (*fill)(struct session *s))
{
	if (begin(s, generation()))
		errx(1, "config-begin: %s", s->message);
	session_new(s, CAMWALL_CMD_CONFIG_ADD);
	mnl_attr_put_u32(s->request, CAMWALL_A_MARK_MASK, MARK_MASK);
	fill(s);
	if (session_ask(s))
		errx(1, "config-add: %s", s->message);
	if (commit(s))
		errx(1, "config-commit: %s", s->message);
}

int main(int argc, char **argv)
{
	struct session *s;
	unsigned long n;

	if (argc != 4)
		errx(2, "usage: swapper TIMES observe|drop OUI");
	action = strcmp(argv[2], "drop") ? CAMWALL_ACTION_OBSERVE : CAMWALL_ACTION_DROP;
	listed = strtoull(argv[3], NULL, 16) << 24;
	if (!session_find_family())
		errx(1, "the module is not loaded");
	s = session_open();
	for (n = strtoul(argv[1], NULL, 10); n; n--)
		swap(s, n % 2 ? fill_first : fill_second);
	session_close(s);
	return 0;
}
