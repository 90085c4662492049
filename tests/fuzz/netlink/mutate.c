// SPDX-License-Identifier: GPL-2.0-or-later
/* Changes a message that is right, so that it is nearly right. */
#include <string.h>

#include <libmnl/libmnl.h>
#include <linux/genetlink.h>

#include "message.h"

/**
 * struct found - the attributes of a message, nested ones too
 * @attrs: where they are
 * @n: how many
 */
struct found {
	struct nlattr *attrs[N_ATTRS];
	unsigned int n;
};

static void find_attrs(struct found *found, uint8_t *bytes, size_t len)
{
	while (len >= sizeof(struct nlattr) && found->n < N_ATTRS) {
		struct nlattr *attr = (void *)bytes;
		size_t step = MNL_ALIGN(attr->nla_len);

		if (attr->nla_len < sizeof(*attr) || attr->nla_len > len)
			return;
		found->attrs[found->n++] = attr;
		if (attr->nla_type & NLA_F_NESTED)
			find_attrs(found, bytes + sizeof(*attr), attr->nla_len - sizeof(*attr));
		if (step >= len)
			return;
		bytes += step;
		len -= step;
	}
}

static uint64_t odd_number(struct rng *rng)
{
	static const uint64_t odd[] = {
		0, 1, 2, 3, 4, 7, 8, 15, 16, 31, 32, 63, 64, 127, 128, 253, 254, 255, 256,
		4095, 4096, 32767, 32768, 65535, 65536, 262144, 0x7fffffff, 0x80000000,
		0xffffffff, 0x100000000, 0x7fffffffffffffff, 0x8000000000000000,
		0xffffffffffffffff,
	};

	return odd[rng_below(rng, FAMILY_SIZE(odd))];
}

static void change_attr(struct rng *rng, struct nlattr *attr)
{
	size_t len = attr->nla_len - sizeof(*attr);
	uint64_t value = odd_number(rng);
	uint8_t *payload = (void *)(attr + 1);

	switch (rng_below(rng, 6)) {
	case 0:
		attr->nla_len = odd_number(rng);
		return;
	case 1:
		attr->nla_len += rng_between(rng, 0, 16) - 8;
		return;
	case 2:
		attr->nla_type = rng_below(rng, CAMWALL_A_MAX + 4);
		return;
	case 3:
		attr->nla_type ^= rng_one_in(rng, 2) ? NLA_F_NESTED : NLA_F_NET_BYTEORDER;
		return;
	case 4:
		memcpy(payload, &value, len < sizeof(value) ? len : sizeof(value));
		return;
	default:
		if (len)
			payload[rng_below(rng, len)] ^= 1 << rng_below(rng, 8);
	}
}

/* Takes out the attribute, or puts it in once more, behind itself. */
static void move_attr(struct action *action, struct rng *rng, struct nlmsghdr *nlh,
		      struct nlattr *attr)
{
	size_t len = MNL_ALIGN(attr->nla_len), at = (uint8_t *)attr - (uint8_t *)nlh;
	size_t room = action->bytes + DATAGRAM_MAX - (uint8_t *)nlh;
	uint8_t *here = (void *)attr;

	if (at + len > nlh->nlmsg_len)
		return;
	if (rng_one_in(rng, 2)) {
		memmove(here, here + len, nlh->nlmsg_len - at - len);
		nlh->nlmsg_len -= len;
	} else if (nlh->nlmsg_len + len <= room) {
		memmove(here + len, here, nlh->nlmsg_len - at);
		nlh->nlmsg_len += len;
	}
}

static void change_header(struct rng *rng, struct nlmsghdr *nlh)
{
	struct genlmsghdr *genl = mnl_nlmsg_get_payload(nlh);

	switch (rng_below(rng, 8)) {
	case 0:
		nlh->nlmsg_flags = rng_next(rng);
		return;
	case 1:
		nlh->nlmsg_flags ^= 1 << rng_below(rng, 16);
		return;
	case 2:
		nlh->nlmsg_type = rng_below(rng, NLMSG_MIN_TYPE);
		return;
	case 3:
		genl->version = rng_next(rng);
		return;
	case 4:
		genl->reserved = rng_next(rng);
		return;
	default:
		genl->cmd = rng_below(rng, CAMWALL_CMD_MAX + 3);
	}
}

static void change_length(struct action *action, struct rng *rng, struct nlmsghdr *nlh)
{
	size_t room = action->bytes + DATAGRAM_MAX - (uint8_t *)nlh;
	size_t more = rng_below(rng, 64), i;

	if (rng_one_in(rng, 2)) {
		nlh->nlmsg_len = rng_between(rng, MNL_NLMSG_HDRLEN, nlh->nlmsg_len);
	} else if (nlh->nlmsg_len + more <= room) {
		for (i = 0; i < more; i++)
			((uint8_t *)nlh)[nlh->nlmsg_len + i] = rng_next(rng);
		nlh->nlmsg_len += more;
	}
}

/**
 * message_mutate() - change the first message of a step, which has no other
 * @action: the step
 * @rng: random numbers
 */
void message_mutate(struct action *action, struct rng *rng)
{
	size_t header = MNL_NLMSG_HDRLEN + sizeof(struct genlmsghdr);
	unsigned int changes = rng_between(rng, 1, rng_one_in(rng, 4) ? 6 : 1);
	struct nlmsghdr *nlh = &action->header;
	static struct found found;

	while (changes--) {
		if (nlh->nlmsg_len < header)
			break;
		found.n = 0;
		find_attrs(&found, action->bytes + header, nlh->nlmsg_len - header);
		if (rng_one_in(rng, 8))
			change_header(rng, nlh);
		else if (!found.n || rng_one_in(rng, 8))
			change_length(action, rng, nlh);
		else if (rng_one_in(rng, 4))
			move_attr(action, rng, nlh, found.attrs[rng_below(rng, found.n)]);
		else
			change_attr(rng, found.attrs[rng_below(rng, found.n)]);
	}
	message_end(action, nlh);
}
