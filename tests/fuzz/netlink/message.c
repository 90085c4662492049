// SPDX-License-Identifier: GPL-2.0-or-later
/* Writes messages and attributes, as far as there is room in the datagram. */
#include <string.h>

#include <libmnl/libmnl.h>
#include <linux/genetlink.h>

#include "message.h"

/**
 * message_begin() - begin a message for the family behind what the datagram holds
 * @action: the step that it belongs to
 * @command: the operation
 * @flags: beside NLM_F_REQUEST
 *
 * Return: the message, for message_end(); NULL where there is no room.
 */
struct nlmsghdr *message_begin(struct action *action, uint8_t command, uint16_t flags)
{
	size_t header = MNL_NLMSG_HDRLEN + sizeof(struct genlmsghdr);
	struct nlmsghdr *nlh = (void *)(action->bytes + action->len);
	struct genlmsghdr *genl;

	if (action->len + header > DATAGRAM_MAX)
		return NULL;
	memset(nlh, 0, header);
	mnl_nlmsg_put_header(nlh);
	nlh->nlmsg_type = FAMILY_PLACEHOLDER;
	nlh->nlmsg_flags = NLM_F_REQUEST | flags;
	genl = mnl_nlmsg_put_extra_header(nlh, sizeof(*genl));
	genl->cmd = command;
	genl->version = CAMWALL_FAMILY_VERSION;
	return nlh;
}

/** message_end() - the message is complete, but may be changed yet */
void message_end(struct action *action, const struct nlmsghdr *nlh)
{
	action->len = (const uint8_t *)nlh - action->bytes + MNL_ALIGN(nlh->nlmsg_len);
}

/** message_put() - add an attribute; Return: false where there is no room */
bool message_put(const struct action *action, struct nlmsghdr *nlh, uint16_t type,
		 size_t len, const void *data)
{
	size_t room = action->bytes + DATAGRAM_MAX - (const uint8_t *)nlh;

	if (len > UINT16_MAX - MNL_ATTR_HDRLEN)
		return false;
	return mnl_attr_put_check(nlh, room, type, len, data);
}

bool message_put_u32(const struct action *action, struct nlmsghdr *nlh, uint16_t type,
		     uint32_t value)
{
	return message_put(action, nlh, type, sizeof(value), &value);
}

bool message_put_u64(const struct action *action, struct nlmsghdr *nlh, uint16_t type,
		     uint64_t value)
{
	return message_put(action, nlh, type, sizeof(value), &value);
}

/** message_put_text() - add a string, with its terminating zero */
bool message_put_text(const struct action *action, struct nlmsghdr *nlh, uint16_t type,
		      const char *text)
{
	return message_put(action, nlh, type, strlen(text) + 1, text);
}

/** message_nest() - begin a nest, for mnl_attr_nest_end(); Return: NULL where there is no room */
struct nlattr *message_nest(const struct action *action, struct nlmsghdr *nlh, uint16_t type)
{
	return mnl_attr_nest_start_check(nlh, action->bytes + DATAGRAM_MAX - (uint8_t *)nlh, type);
}

/* --- Attributes of the right sort, with any content --- */

static uint64_t random_value(struct rng *rng, const struct family_attr *attr)
{
	switch (rng_below(rng, 8)) {
	case 0:
		return attr->min;
	case 1:
		return attr->max;
	case 2:
		return attr->max + 1;
	case 3:
		return attr->min - 1;
	case 4:
		return 1ULL << rng_below(rng, 64);
	case 5:
		return rng_next(rng);
	}
	return rng_between(rng, attr->min, attr->max);
}

static size_t random_len(struct rng *rng, const struct family_attr *attr)
{
	size_t most = attr->max > 4096 && !rng_one_in(rng, 40) ? 64 : attr->max;

	switch (rng_below(rng, 8)) {
	case 0:
		return attr->min;
	case 1:
		return most;
	case 2:
		return most + 1;
	case 3:
		return attr->min ? attr->min - 1 : 0;
	}
	return rng_between(rng, attr->min, most);
}

static void fill(struct rng *rng, uint8_t *bytes, size_t len, bool text)
{
	static const char letters[] = "abcXYZ019-_*?[]/ \\\n\x80\xff";
	size_t i;

	for (i = 0; i < len; i++) {
		bytes[i] = rng_next(rng);
		if (text)
			bytes[i] = letters[bytes[i] % (sizeof(letters) - 1)];
	}
}

static void put_random(struct action *action, struct rng *rng, struct nlmsghdr *nlh,
		       const struct family_attr *attr, unsigned int depth);

/* What belongs into a nest, or anything of the same set again: deep, and many of them. */
static void put_nest(struct action *action, struct rng *rng, struct nlmsghdr *nlh,
		     const struct family_attr *attr, unsigned int depth)
{
	struct nlattr *nest = message_nest(action, nlh, attr->number);
	unsigned int n = rng_below(rng, 6);

	if (!nest)
		return;
	while (n-- && depth) {
		const struct family_set *set = attr->nest;

		if (rng_one_in(rng, 8))
			put_nest(action, rng, nlh, attr, depth - 1);
		else
			put_random(action, rng, nlh, &set->attrs[rng_below(rng, set->n)],
				   depth - 1);
	}
	/* Its length has 16 bits: what is longer ends somewhere else. */
	mnl_attr_nest_end(nlh, nest);
	if (rng_one_in(rng, 8))
		nest->nla_type &= ~NLA_F_NESTED;
}

static void put_random(struct action *action, struct rng *rng, struct nlmsghdr *nlh,
		       const struct family_attr *attr, unsigned int depth)
{
	static uint8_t bytes[UINT16_MAX + 2];
	uint64_t value;
	size_t len;

	switch (attr->type) {
	case FAMILY_NEST:
		put_nest(action, rng, nlh, attr, depth);
		return;
	case FAMILY_U16:
	case FAMILY_U32:
	case FAMILY_U64:
		value = random_value(rng, attr);
		len = attr->type == FAMILY_U16 ? 2 : attr->type == FAMILY_U32 ? 4 : 8;
		if (rng_one_in(rng, 20))
			len = rng_below(rng, sizeof(value) + 1);
		message_put(action, nlh, attr->number, len, &value);
		return;
	default:
		len = random_len(rng, attr);
		fill(rng, bytes, len, attr->type == FAMILY_STRING && !rng_one_in(rng, 8));
		/* With its terminating zero, or without. */
		if (attr->type == FAMILY_STRING && !rng_one_in(rng, 8))
			bytes[len++] = '\0';
		message_put(action, nlh, attr->number, len, bytes);
	}
}

static const struct family_attr *find_attr(const struct family_set *set, uint16_t number)
{
	size_t i;

	for (i = 0; i < set->n; i++)
		if (set->attrs[i].number == number)
			return &set->attrs[i];
	return &set->attrs[0];
}

/**
 * message_random() - add a request with any attributes, by preference those that it can have
 * @action: the step that it belongs to
 * @rng: random numbers
 * @op: the operation
 * @flags: beside NLM_F_REQUEST
 */
void message_random(struct action *action, struct rng *rng, const struct family_op *op,
		    uint16_t flags)
{
	const struct family_set *set = &family_sets[FAMILY_SET_CAMWALL];
	struct nlmsghdr *nlh = message_begin(action, op->number, flags);
	unsigned int n = rng_one_in(rng, 50) ? 200 : rng_below(rng, 8);
	/* Few are so deep that they find the end of what the kernel follows. */
	unsigned int depth = rng_one_in(rng, 10) ? 40 : 4;

	if (!nlh)
		return;
	while (n--) {
		const struct family_attr *attr = &set->attrs[rng_below(rng, set->n)];

		if (op->n_request && !rng_one_in(rng, 6))
			attr = find_attr(set, op->request[rng_below(rng, op->n_request)]);
		put_random(action, rng, nlh, attr, depth);
	}
	message_end(action, nlh);
}
