// SPDX-License-Identifier: GPL-2.0-or-later
/* Writes requests that the module takes as a rule, by what a socket has staged. */
#include <stdio.h>
#include <string.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <libmnl/libmnl.h>
#include <linux/if_ether.h>

#include "valid.h"

#define FLAGS		(NLM_F_ACK)
#define MANY_PREFIXES	7000	/* nearly what an attribute holds */
#define GREEDY_ADDS	20	/* messages; enough to find the end of everything */

/* Few OUIs, so that prefixes meet: twice the same, one within another, one in two groups. */
static uint64_t some_mac(struct rng *rng)
{
	uint64_t oui = 0x4419b6 + rng_below(rng, 6);

	return oui << 24 | (rng_next(rng) & (rng_one_in(rng, 4) ? 0xffffff : 0xc00001));
}

static void mac_octets(uint64_t mac, uint8_t *octets)
{
	unsigned int i;

	for (i = 0; i < ETH_ALEN; i++)
		octets[i] = mac >> (40 - 8 * i);
}

static uint32_t some_group(struct rng *rng, const struct staged *staged)
{
	unsigned int tries;
	uint32_t id = 0;

	for (tries = 0; tries < 64; tries++) {
		id = rng_below(rng, 12);
		if (staged->ids[id / 64] & 1ULL << id % 64)
			break;
	}
	return id;
}

/* --- Parts of a configuration --- */

static void put_limit(struct action *action, struct rng *rng, struct nlmsghdr *nlh)
{
	struct nlattr *nest = message_nest(action, nlh, CAMWALL_A_GROUP_LIMIT);
	uint64_t rate = rng_between(rng, 1, rng_one_in(rng, 4) ? CAMWALL_MAX_RATE : 100);

	if (!nest)
		return;
	if (!rng_one_in(rng, 50))
		message_put_u64(action, nlh, CAMWALL_A_LIMIT_RATE, rate);
	message_put_u32(action, nlh, CAMWALL_A_LIMIT_UNIT, rng_below(rng, 2));
	message_put_u64(action, nlh, CAMWALL_A_LIMIT_BURST, rng_between(rng, 1, 3000 * rate));
	mnl_attr_nest_end(nlh, nest);
}

static void put_group(struct action *action, struct rng *rng, struct nlmsghdr *nlh,
		      struct staged *staged)
{
	uint32_t id = rng_one_in(rng, 30) ? rng_below(rng, CAMWALL_MAX_GROUPS) : rng_below(rng, 12);
	uint32_t group_action = rng_below(rng, CAMWALL_ACTION_LIMIT + 1);
	bool again = staged->ids[id / 64] & 1ULL << id % 64;
	struct nlattr *nest;
	char name[16];

	if (again && !rng_one_in(rng, 40))
		return;
	nest = message_nest(action, nlh, CAMWALL_A_GROUP);
	if (!nest)
		return;
	snprintf(name, sizeof(name), "%s-%u", again && rng_one_in(rng, 2) ? "again" : "group", id);
	message_put_u32(action, nlh, CAMWALL_A_GROUP_ID, id);
	message_put_text(action, nlh, CAMWALL_A_GROUP_NAME, name);
	message_put_u32(action, nlh, CAMWALL_A_GROUP_ACTION, group_action);
	if (rng_one_in(rng, 2))
		message_put_u32(action, nlh, CAMWALL_A_GROUP_MARK, rng_below(rng, 256));
	if (group_action == CAMWALL_ACTION_LIMIT || rng_one_in(rng, 10))
		put_limit(action, rng, nlh);
	mnl_attr_nest_end(nlh, nest);
	staged->ids[id / 64] |= 1ULL << id % 64;
	staged->groups++;
}

static void put_prefixes(struct action *action, struct rng *rng, struct nlmsghdr *nlh,
			 struct staged *staged, unsigned int n)
{
	static uint64_t prefixes[MANY_PREFIXES];
	unsigned int i;
	uint32_t group = some_group(rng, staged);

	for (i = 0; i < n; i++) {
		uint64_t len = rng_between(rng, CAMWALL_PREFIX_MIN_LEN, CAMWALL_PREFIX_MAX_LEN);
		uint64_t mac = n == MANY_PREFIXES ? rng_next(rng) >> 16 : some_mac(rng);

		if (rng_one_in(rng, 2))
			len = CAMWALL_PREFIX_MIN_LEN;
		mac &= ~((1ULL << (48 - len)) - 1);
		/* Always the same group for an address, as a rule: else each commit would fail. */
		if (n < MANY_PREFIXES && !rng_one_in(rng, 20))
			group = staged->ids[0] & 1ULL << (mac >> 24) % 6 ? (mac >> 24) % 6 : group;
		prefixes[i] = mac << 16 | len << 8 | group;
	}
	if (message_put(action, nlh, CAMWALL_A_PREFIXES, n * sizeof(prefixes[0]), prefixes))
		staged->prefixes += n;
}

static void put_allow(struct action *action, struct rng *rng, struct nlmsghdr *nlh,
		      const struct staged *staged)
{
	struct nlattr *nest = message_nest(action, nlh, CAMWALL_A_ALLOW);
	uint64_t address[2] = { rng_next(rng), rng_next(rng) };
	bool ipv6 = rng_one_in(rng, 3);
	size_t octets = ipv6 ? 16 : 4;
	uint16_t port = rng_next(rng);

	if (!nest)
		return;
	message_put_u32(action, nlh, CAMWALL_A_ALLOW_GROUP, some_group(rng, staged));
	if (rng_one_in(rng, 100))
		octets = rng_between(rng, 5, 15);
	message_put(action, nlh, CAMWALL_A_ALLOW_ADDRESS, octets, address);
	if (rng_one_in(rng, 2))
		message_put_u32(action, nlh, CAMWALL_A_ALLOW_LENGTH,
				rng_below(rng, ipv6 ? 129 : 33));
	if (rng_one_in(rng, 2)) {
		message_put_u32(action, nlh, CAMWALL_A_ALLOW_PROTOCOL,
				rng_one_in(rng, 2) ? IPPROTO_TCP : IPPROTO_UDP);
		if (!rng_one_in(rng, 100))
			message_put(action, nlh, CAMWALL_A_ALLOW_PORT_MIN, sizeof(port), &port);
		if (rng_one_in(rng, 2))
			message_put(action, nlh, CAMWALL_A_ALLOW_PORT_MAX, sizeof(port), &port);
	}
	mnl_attr_nest_end(nlh, nest);
}

static void put_exemption(struct action *action, struct rng *rng, struct nlmsghdr *nlh)
{
	struct nlattr *nest = message_nest(action, nlh, CAMWALL_A_EXEMPTION);
	uint8_t mac[ETH_ALEN];

	if (!nest)
		return;
	mac_octets(some_mac(rng), mac);
	message_put(action, nlh, CAMWALL_A_EXEMPTION_MAC, sizeof(mac), mac);
	message_put_u64(action, nlh, CAMWALL_A_EXEMPTION_UNTIL,
			rng_one_in(rng, 2) ? UINT64_MAX : rng_next(rng) >> 33);
	if (rng_one_in(rng, 2))
		message_put_text(action, nlh, CAMWALL_A_EXEMPTION_REASON, "a reason");
	if (rng_one_in(rng, 2))
		message_put_text(action, nlh, CAMWALL_A_EXEMPTION_APPROVED_BY, "somebody");
	mnl_attr_nest_end(nlh, nest);
}

static void put_setting(struct action *action, struct rng *rng, struct nlmsghdr *nlh)
{
	char name[CAMWALL_INTERFACE_LEN + 1];

	switch (rng_below(rng, 8)) {
	case 0:
		message_put_u32(action, nlh, CAMWALL_A_CONNTRACK, rng_below(rng, 2));
		return;
	case 1:
		message_put_u64(action, nlh, CAMWALL_A_WRITTEN,
				rng_one_in(rng, 4) ? UINT64_MAX : 1);
		return;
	case 2:
		/* Small, so that devices find no place. */
		message_put_u32(action, nlh, CAMWALL_A_MAX_DEVICES,
				rng_between(rng, CAMWALL_DEVICES_MIN, rng_one_in(rng, 8) ?
					    CAMWALL_DEVICES_MAX : CAMWALL_DEVICES_MIN + 16));
		return;
	case 3:
		message_put_u32(action, nlh, CAMWALL_A_IDLE, rng_between(rng, CAMWALL_IDLE_MIN, 5));
		return;
	case 4:
		snprintf(name, sizeof(name), "eth%u", (unsigned int)rng_below(rng, 100));
		message_put_text(action, nlh, CAMWALL_A_INTERFACE, name);
		return;
	default:
		message_put_text(action, nlh, CAMWALL_A_INTERFACE, "lan*");
		message_put_u32(action, nlh, CAMWALL_A_MARK_MASK, 0xff);
	}
}

/* --- A transaction --- */

static void add(struct action *action, struct rng *rng, struct fuzz_socket *socket)
{
	struct nlmsghdr *nlh = message_begin(action, CAMWALL_CMD_CONFIG_ADD, FLAGS);
	unsigned int parts = rng_one_in(rng, 40) ? 200 : rng_between(rng, 1, 6);
	struct staged *staged = &socket->staged;

	if (!nlh)
		return;
	while (parts--) {
		if (!staged->groups)
			put_group(action, rng, nlh, staged);
		switch (rng_below(rng, 8)) {
		case 0:
			put_group(action, rng, nlh, staged);
			break;
		case 1:
			put_allow(action, rng, nlh, staged);
			break;
		case 2:
			put_exemption(action, rng, nlh);
			break;
		case 3:
		case 4:
			put_setting(action, rng, nlh);
			break;
		default:
			put_prefixes(action, rng, nlh, staged,
				     rng_one_in(rng, 60) ? MANY_PREFIXES : rng_between(rng, 1, 8));
		}
	}
	staged->adds++;
	message_end(action, nlh);
}

/* As much of one thing as the datagram holds. */
static void add_greedily(struct action *action, struct rng *rng, struct staged *staged)
{
	struct nlmsghdr *nlh = message_begin(action, CAMWALL_CMD_CONFIG_ADD, FLAGS);
	char name[CAMWALL_INTERFACE_LEN + 1];
	unsigned int n;
	uint32_t len;

	if (!nlh)
		return;
	if (!staged->groups)
		put_group(action, rng, nlh, staged);
	/* Behind other messages there may be less room. */
	for (n = 0, len = 0; len != nlh->nlmsg_len && len < DATAGRAM_MAX / 2; n++) {
		len = nlh->nlmsg_len;
		switch (staged->greed) {
		case GREED_ALLOW:
			put_allow(action, rng, nlh, staged);
			break;
		case GREED_EXEMPTION:
			put_exemption(action, rng, nlh);
			break;
		case GREED_PREFIX:
			put_prefixes(action, rng, nlh, staged, MANY_PREFIXES);
			break;
		default:
			snprintf(name, sizeof(name), "eth%u", n);
			message_put_text(action, nlh, CAMWALL_A_INTERFACE, name);
		}
	}
	staged->adds++;
	message_end(action, nlh);
}

static void commit(struct action *action, struct rng *rng, const struct staged *staged)
{
	struct nlmsghdr *nlh = message_begin(action, CAMWALL_CMD_CONFIG_COMMIT, FLAGS);
	uint64_t digest[CAMWALL_DIGEST_LEN / 8] = { rng_next(rng) };

	if (!nlh)
		return;
	if (rng_one_in(rng, 2)) {
		message_put_u32(action, nlh, CAMWALL_A_GROUP_COUNT, staged->groups);
		message_put_u32(action, nlh, CAMWALL_A_PREFIX_COUNT, staged->prefixes);
	}
	if (rng_one_in(rng, 2))
		message_put(action, nlh, CAMWALL_A_DIGEST, rng_below(rng, sizeof(digest) + 1),
			    digest);
	message_end(action, nlh);
}

/** valid_begin() - add the request that begins a transaction, as a rule on the right generation */
void valid_begin(struct action *action, struct rng *rng, uint32_t generation)
{
	struct nlmsghdr *nlh = message_begin(action, CAMWALL_CMD_CONFIG_BEGIN, FLAGS);

	if (!nlh)
		return;
	message_put_u32(action, nlh, CAMWALL_A_GENERATION,
			rng_one_in(rng, 30) ? rng_below(rng, 4) : generation);
	message_end(action, nlh);
}

/* --- Questions --- */

static void ask(struct action *action, struct rng *rng)
{
	const struct family_op *op = &family_ops[rng_below(rng, FAMILY_N_OPS)];
	bool dump = op->dumps && (!op->does || rng_one_in(rng, 2));
	struct nlmsghdr *nlh;
	uint8_t mac[ETH_ALEN];
	size_t i;

	/* Who writes goes another way; an emptied inventory has nothing to tell. */
	if (op->number <= CAMWALL_CMD_CONFIG_ABORT ||
	    (op->number == CAMWALL_CMD_DEVICE_FLUSH && !rng_one_in(rng, 8)))
		op = &family_ops[CAMWALL_CMD_STATUS_GET - CAMWALL_CMD_CONFIG_BEGIN];
	nlh = message_begin(action, op->number, dump ? NLM_F_DUMP : FLAGS);
	if (!nlh)
		return;
	mac_octets(some_mac(rng), mac);
	for (i = 0; i < op->n_request && !dump; i++)
		if (op->request[i] == CAMWALL_A_MAC)
			message_put(action, nlh, CAMWALL_A_MAC, sizeof(mac), mac);
	message_end(action, nlh);
}

/* One after the other, so that a short run finds the end of each. */
static unsigned int next_greed(void)
{
	static unsigned int n;

	return GREED_ALLOW + n++ % (GREED_PREFIX - GREED_ALLOW + 1);
}

/**
 * valid_request() - add a request that leads on
 * @action: the step that it belongs to
 * @rng: random numbers
 * @world: its namespaces' generations
 * @socket: where it will be sent; what it stages is noted
 */
void valid_request(struct action *action, struct rng *rng, const struct world *world,
		   struct fuzz_socket *socket)
{
	struct staged *staged = &socket->staged;
	struct nlmsghdr *nlh;

	if (staged->begun && !staged->adds && rng_one_in(rng, 60))
		staged->greed = next_greed();
	if (staged->begun && staged->greed && staged->adds < GREEDY_ADDS) {
		add_greedily(action, rng, staged);
	} else if (rng_one_in(rng, 3)) {
		ask(action, rng);
	} else if (!staged->begun) {
		valid_begin(action, rng, world->netns[socket->netns].generation);
	} else if (rng_one_in(rng, 60)) {
		nlh = message_begin(action, CAMWALL_CMD_CONFIG_ABORT, FLAGS);
		if (nlh)
			message_end(action, nlh);
	} else if (staged->adds > rng_below(rng, 6)) {
		commit(action, rng, staged);
	} else {
		add(action, rng, socket);
	}
}

/** valid_frame() - a frame of a camera, an IPv4 or an ARP packet, to another or to all */
void valid_frame(struct action *action, struct rng *rng)
{
	uint8_t *frame = action->bytes;

	action->len = rng_between(rng, ETH_ZLEN, 200);
	memset(frame, 0, action->len);
	mac_octets(rng_one_in(rng, 2) ? some_mac(rng) : 0xffffffffffffULL, frame);
	mac_octets(some_mac(rng), frame + ETH_ALEN);
	if (rng_one_in(rng, 2)) {
		frame[12] = ETH_P_ARP >> 8;
		frame[13] = ETH_P_ARP & 0xff;
	} else {
		frame[12] = ETH_P_IP >> 8;
		frame[14] = 0x45;
		frame[17] = action->len - ETH_HLEN;
		frame[23] = IPPROTO_UDP;
	}
}
