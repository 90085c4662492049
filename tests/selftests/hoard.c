// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * hoard [TRANSACTIONS]: stage as much as the module takes, on as many sockets as it takes or
 * on that many, and say how much that was; then hold it until standard input ends.
 */
#include "policy.h"

#define PER_MESSAGE	4096	/* prefixes */

static void put_large_exemption(struct session *s, uint32_t n)
{
	struct nlattr *nest = mnl_attr_nest_start(s->request, CAMWALL_A_EXEMPTION);
	uint8_t mac[6] = { 2, 0, 0, 0, n >> 8, n };
	char reason[CAMWALL_REASON_LEN + 1] = {}, name[CAMWALL_APPROVED_BY_LEN + 1] = {};

	memset(reason, 'r', sizeof(reason) - 1);
	memset(name, 'n', sizeof(name) - 1);
	mnl_attr_put(s->request, CAMWALL_A_EXEMPTION_MAC, sizeof(mac), mac);
	mnl_attr_put_u64(s->request, CAMWALL_A_EXEMPTION_UNTIL, UINT64_MAX);
	mnl_attr_put_strz(s->request, CAMWALL_A_EXEMPTION_REASON, reason);
	mnl_attr_put_strz(s->request, CAMWALL_A_EXEMPTION_APPROVED_BY, name);
	mnl_attr_nest_end(s->request, nest);
}

static void put_peer(struct session *s, uint32_t group, uint32_t n)
{
	struct nlattr *nest = mnl_attr_nest_start(s->request, CAMWALL_A_ALLOW);
	uint8_t address[16] = { 0x20, 1, 0xd, 0xb8, n >> 8, n };

	mnl_attr_put_u32(s->request, CAMWALL_A_ALLOW_GROUP, group);
	mnl_attr_put(s->request, CAMWALL_A_ALLOW_ADDRESS, sizeof(address), address);
	mnl_attr_nest_end(s->request, nest);
}

static bool add_groups(struct session *s)
{
	char name[CAMWALL_GROUP_NAME_LEN + 1];
	uint32_t id;

	session_new(s, CAMWALL_CMD_CONFIG_ADD);
	for (id = 0; id < CAMWALL_MAX_GROUPS; id++) {
		snprintf(name, sizeof(name), "group-%u", id);
		put_group(s, id, name, 0);
	}
	return !session_ask(s);
}

static bool add_peers(struct session *s)
{
	uint32_t id, n;

	for (id = 0; id < CAMWALL_MAX_GROUPS; id++) {
		session_new(s, CAMWALL_CMD_CONFIG_ADD);
		for (n = 0; n < CAMWALL_MAX_ALLOW; n++)
			put_peer(s, id, n);
		if (session_ask(s))
			return false;
	}
	return true;
}

static bool add_exemptions(struct session *s)
{
	uint32_t n = 0, end;

	while (n < CAMWALL_MAX_EXEMPTIONS) {
		session_new(s, CAMWALL_CMD_CONFIG_ADD);
		for (end = n + 128; n < end; n++)
			put_large_exemption(s, n);
		if (session_ask(s))
			return false;
	}
	return true;
}

static bool add_prefixes(struct session *s)
{
	uint32_t first;

	for (first = 0; first < CAMWALL_MAX_PREFIXES; first += PER_MESSAGE) {
		session_new(s, CAMWALL_CMD_CONFIG_ADD);
		put_many(s, first, PER_MESSAGE);
		if (session_ask(s))
			return false;
	}
	return true;
}

static bool stage(struct session *s)
{
	return !begin(s, generation()) && add_groups(s) && add_peers(s) && add_exemptions(s) &&
	       add_prefixes(s);
}

int main(int argc, char **argv)
{
	unsigned int most = argc > 1 ? strtoul(argv[1], NULL, 10) : UINT16_MAX, n;

	if (!session_find_family())
		errx(1, "the module is not loaded");
	for (n = 0; n < most; n++) {
		struct session *s = session_open();

		if (stage(s))
			continue;
		printf("refused %s\n", s->message);
		break;
	}
	printf("staged %u\n", n);
	fflush(stdout);
	while (getchar() != EOF)
		;
	return 0;
}
