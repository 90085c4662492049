// SPDX-License-Identifier: GPL-2.0-or-later
/* Says wrong things to the module: each is refused with a reason, and the policy in force stands. */
#include "policy.h"

/* --- Wrong content --- */

static void fill_length_23(struct session *s)
{
	put_group(s, 1, "wrong", 0);
	put_prefix(s, packed(0x4419b6000000ULL, 23, 1));
}

static void fill_length_49(struct session *s)
{
	put_group(s, 1, "wrong", 0);
	put_prefix(s, packed(MAC_OTHER, 49, 1));
}

static void fill_bits_beyond(struct session *s)
{
	put_group(s, 1, "wrong", 0);
	put_prefix(s, packed(MAC_OTHER | 0x10, 24, 1));
}

static void fill_unknown_group(struct session *s)
{
	put_group(s, 1, "wrong", 0);
	put_prefix(s, packed(MAC_OTHER, 24, 7));
}

static void fill_no_group_can_be(struct session *s)
{
	put_group(s, 1, "wrong", 0);
	put_prefix(s, packed(MAC_OTHER, 24, 254));
}

static void fill_odd_array(struct session *s)
{
	uint64_t prefixes[2] = { packed(MAC_OTHER, 24, 1), 0 };

	put_group(s, 1, "wrong", 0);
	mnl_attr_put(s->request, CAMWALL_A_PREFIXES, 12, prefixes);
}

static void fill_same_id(struct session *s)
{
	put_group(s, 1, "wrong", 0);
	put_group(s, 1, "another", 0);
}

static void fill_same_name(struct session *s)
{
	put_group(s, 1, "wrong", 0);
	put_group(s, 2, "wrong", 0);
}

static void fill_large_id(struct session *s)
{
	put_group(s, CAMWALL_MAX_GROUP_ID + 1, "wrong", 0);
}

static void fill_empty_name(struct session *s)
{
	put_group(s, 1, "", 0);
}

static void fill_illegal_name(struct session *s)
{
	put_group(s, 1, "wro ng", 0);
}

static void fill_name_with_digit_first(struct session *s)
{
	put_group(s, 1, "1wrong", 0);
}

static void fill_long_name(struct session *s)
{
	put_group(s, 1, "a12345678901234567890123456789012", 0);
}

static void fill_unknown_action(struct session *s)
{
	struct nlattr *nest = mnl_attr_nest_start(s->request, CAMWALL_A_GROUP);

	mnl_attr_put_u32(s->request, CAMWALL_A_GROUP_ID, 1);
	mnl_attr_put_strz(s->request, CAMWALL_A_GROUP_NAME, "wrong");
	mnl_attr_put_u32(s->request, CAMWALL_A_GROUP_ACTION, 99);
	mnl_attr_nest_end(s->request, nest);
}

static void fill_no_name(struct session *s)
{
	struct nlattr *nest = mnl_attr_nest_start(s->request, CAMWALL_A_GROUP);

	mnl_attr_put_u32(s->request, CAMWALL_A_GROUP_ID, 1);
	mnl_attr_put_u32(s->request, CAMWALL_A_GROUP_ACTION, CAMWALL_ACTION_DROP);
	mnl_attr_nest_end(s->request, nest);
}

static void fill_no_id(struct session *s)
{
	struct nlattr *nest = mnl_attr_nest_start(s->request, CAMWALL_A_GROUP);

	mnl_attr_put_strz(s->request, CAMWALL_A_GROUP_NAME, "wrong");
	mnl_attr_put_u32(s->request, CAMWALL_A_GROUP_ACTION, CAMWALL_ACTION_DROP);
	mnl_attr_nest_end(s->request, nest);
}

static void fill_empty_pattern(struct session *s)
{
	mnl_attr_put_strz(s->request, CAMWALL_A_INTERFACE, "");
}

static void fill_long_pattern(struct session *s)
{
	mnl_attr_put_strz(s->request, CAMWALL_A_INTERFACE, "a123456789012345");
}

static void fill_many_patterns(struct session *s)
{
	char pattern[CAMWALL_INTERFACE_LEN + 1];
	int i;

	for (i = 0; i <= CAMWALL_MAX_INTERFACES; i++) {
		snprintf(pattern, sizeof(pattern), "lan%d", i);
		mnl_attr_put_strz(s->request, CAMWALL_A_INTERFACE, pattern);
	}
}

static void fill_unknown_attribute(struct session *s)
{
	mnl_attr_put_u32(s->request, CAMWALL_A_MAX + 5, 1);
}

/* One that the family has, but not this operation. */
static void fill_stray_attribute(struct session *s)
{
	mnl_attr_put_u32(s->request, CAMWALL_A_MEMORY, 1);
}

static void fill_short_mask(struct session *s)
{
	mnl_attr_put_u16(s->request, CAMWALL_A_MARK_MASK, 1);
}

static void fill_truncated(struct session *s)
{
	struct nlattr *attr = mnl_nlmsg_get_payload_tail(s->request);

	mnl_attr_put_u32(s->request, CAMWALL_A_MARK_MASK, 1);
	attr->nla_len += 40;
}

static void fill_truncated_nest(struct session *s)
{
	struct nlattr *nest = mnl_attr_nest_start(s->request, CAMWALL_A_GROUP);
	struct nlattr *attr = mnl_nlmsg_get_payload_tail(s->request);

	mnl_attr_put_u32(s->request, CAMWALL_A_GROUP_ID, 1);
	attr->nla_len += 40;
	mnl_attr_nest_end(s->request, nest);
}

/**
 * struct wrong - an addition that is refused
 * @fill: writes it
 * @error: the errno
 * @word: a piece of the reason
 */
struct wrong {
	const char *name;
	void (*fill)(struct session *s);
	int error;
	const char *word;
};

/* The first is right, the second wrong: neither gets in force, and nothing stays staged. */
static bool is_refused(const struct wrong *wrong, bool points_at_it)
{
	uint32_t base = put_base_in_force();
	struct session *s = session_open();
	bool good = accepted(s, begin(s, base), "begin") && accepted(s, add_other(s), "add");

	session_new(s, CAMWALL_CMD_CONFIG_ADD);
	wrong->fill(s);
	good = good && refused(s, session_ask(s), wrong->error, wrong->word, wrong->name);
	if (good && points_at_it && !s->has_offset) {
		ktap_note("%s: the answer points at no attribute", wrong->name);
		good = false;
	}
	if (good && commit_counts(s, 2, 2) == 0) {
		ktap_note("%s: refused, but then the commit got through", wrong->name);
		good = false;
	}
	session_close(s);
	return base_in_force(base) && good;
}

static bool all_refused(const struct wrong *wrong, size_t n, bool points_at_it)
{
	bool good = true;
	size_t i;

	for (i = 0; i < n; i++)
		good = is_refused(&wrong[i], points_at_it) && good;
	return good;
}

/* The answer points at the attribute, but for a message that does not parse. */
#define ALL_REFUSED(points_at_it, ...) ({						\
	static const struct wrong wrong[] = { __VA_ARGS__ };		\
	all_refused(wrong, sizeof(wrong) / sizeof(wrong[0]), points_at_it);	\
})

static bool wrong_prefixes(void)
{
	return ALL_REFUSED(true,
		{ "a length of 23", fill_length_23, EINVAL, "length" },
		{ "a length of 49", fill_length_49, EINVAL, "length" },
		{ "bits beyond the length", fill_bits_beyond, EINVAL, "beyond" },
		{ "half a prefix at the end", fill_odd_array, EINVAL, "" });
}

static bool wrong_group_of_prefix(void)
{
	return ALL_REFUSED(true,
		{ "a group that was not added", fill_unknown_group, ENOENT, "group" },
		{ "an id that no group can have", fill_no_group_can_be, EINVAL, "" });
}

static bool wrong_groups(void)
{
	return ALL_REFUSED(true,
		{ "the same id twice", fill_same_id, EEXIST, "id" },
		{ "the same name twice", fill_same_name, EEXIST, "name" },
		{ "an id that is too large", fill_large_id, ERANGE, "" },
		{ "an unknown action", fill_unknown_action, ERANGE, "" },
		{ "no name", fill_no_name, EINVAL, "" },
		{ "no id", fill_no_id, EINVAL, "" });
}

static bool wrong_names(void)
{
	return ALL_REFUSED(true,
		{ "an empty name", fill_empty_name, EINVAL, "name" },
		{ "a space in a name", fill_illegal_name, EINVAL, "name" },
		{ "a digit first", fill_name_with_digit_first, EINVAL, "name" },
		{ "a name of 33 octets", fill_long_name, EINVAL, "" });
}

static bool wrong_patterns(void)
{
	return ALL_REFUSED(true,
		{ "an empty pattern", fill_empty_pattern, EINVAL, "pattern" },
		{ "a pattern of 16 octets", fill_long_pattern, ERANGE, "" },
		{ "too many patterns", fill_many_patterns, E2BIG, "pattern" });
}

static bool wrong_attributes(void)
{
	return ALL_REFUSED(true,
		{ "an unknown attribute", fill_unknown_attribute, EINVAL, "attribute" },
		{ "another operation's attribute", fill_stray_attribute, EINVAL, "attribute" },
		{ "a mask of two octets", fill_short_mask, EINVAL, "" });
}

static bool truncated_attributes(void)
{
	return ALL_REFUSED(false,
		{ "an attribute beyond the end", fill_truncated, EINVAL, "" },
		{ "one within a group", fill_truncated_nest, EINVAL, "" });
}

/* --- Wrong only as a whole --- */

static bool refused_at_commit(void (*fill)(struct session *s), int error, const char *word)
{
	uint32_t base = put_base_in_force();
	struct session *s = session_open();
	bool good = accepted(s, begin(s, base), "begin");

	session_new(s, CAMWALL_CMD_CONFIG_ADD);
	fill(s);
	good = good && accepted(s, session_ask(s), "add") &&
	       refused(s, commit(s), error, word, "commit") && nothing_staged(s) &&
	       accepted(s, begin(s, base), "begin again");
	session_close(s);
	return base_in_force(base) && good;
}

static void fill_two_groups(struct session *s, uint64_t mac, unsigned int len)
{
	put_group(s, 0, "one", 0);
	put_group(s, 1, "two", 0);
	put_prefix(s, packed(mac, len, 0));
	put_prefix(s, packed(mac, len, 1));
}

static void fill_conflict_24(struct session *s)
{
	fill_two_groups(s, MAC_OTHER, 24);
}

static void fill_conflict_36(struct session *s)
{
	fill_two_groups(s, MAC_OTHER, 36);
}

static void fill_mark_outside(struct session *s)
{
	mnl_attr_put_u32(s->request, CAMWALL_A_MARK_MASK, 0xf0);
	put_group(s, 0, "other", 0x101);
}

static bool conflict(void)
{
	return refused_at_commit(fill_conflict_24, EEXIST, "two groups") &&
	       refused_at_commit(fill_conflict_36, EEXIST, "two groups");
}

static bool mark_outside_mask(void)
{
	return refused_at_commit(fill_mark_outside, EINVAL, "mask");
}

/* --- Sizes --- */

static bool most_groups(void)
{
	uint32_t base = put_base_in_force(), id;
	struct session *s = session_open();
	bool good = accepted(s, begin(s, base), "begin");
	char name[16];

	session_new(s, CAMWALL_CMD_CONFIG_ADD);
	for (id = 0; id < CAMWALL_MAX_GROUPS; id++) {
		snprintf(name, sizeof(name), "group-%u", id);
		put_group(s, id, name, 0);
	}
	good = good && accepted(s, session_ask(s), "add") && accepted(s, commit(s), "commit");
	if (good && status(CAMWALL_A_GROUP_COUNT) != CAMWALL_MAX_GROUPS) {
		ktap_note("%u groups in force", status(CAMWALL_A_GROUP_COUNT));
		good = false;
	}
	session_close(s);
	return good;
}

static bool too_many_prefixes(void)
{
	uint32_t base = put_base_in_force(), first;
	struct session *s = session_open();
	bool good = accepted(s, begin(s, base), "begin");

	session_new(s, CAMWALL_CMD_CONFIG_ADD);
	put_group(s, 0, "many", 0);
	good = good && accepted(s, session_ask(s), "add");
	for (first = 0; good && first < CAMWALL_MAX_PREFIXES; first += 4096) {
		session_new(s, CAMWALL_CMD_CONFIG_ADD);
		put_many(s, first, 4096);
		good = accepted(s, session_ask(s), "add up to the limit");
	}
	session_new(s, CAMWALL_CMD_CONFIG_ADD);
	put_many(s, first, 1);
	good = good && refused(s, session_ask(s), E2BIG, "prefixes", "one more") &&
	       nothing_staged(s);
	session_close(s);
	return base_in_force(base) && good;
}

/* --- Questions --- */

static bool wrong_lookups(void)
{
	static const uint8_t octets[7];
	struct session *s = session_open();
	bool good;

	session_new(s, CAMWALL_CMD_LOOKUP);
	good = refused(s, session_ask(s), EINVAL, "", "lookup of nothing");
	session_new(s, CAMWALL_CMD_LOOKUP);
	mnl_attr_put(s->request, CAMWALL_A_MAC, 5, octets);
	good = refused(s, session_ask(s), ERANGE, "", "lookup of five octets") && good;
	session_new(s, CAMWALL_CMD_LOOKUP);
	mnl_attr_put(s->request, CAMWALL_A_MAC, 7, octets);
	good = refused(s, session_ask(s), ERANGE, "", "lookup of seven octets") && good;
	session_close(s);
	return good;
}

static bool unknown_command(void)
{
	struct session *s = session_open();
	int error;

	session_new(s, CAMWALL_CMD_MAX + 1);
	error = session_ask(s);
	session_close(s);
	if (error != EOPNOTSUPP)
		ktap_note("got %s", error ? strerror(error) : "no error");
	return error == EOPNOTSUPP;
}

static const struct behaviour behaviours[] = {
	{ "malformed prefixes are refused", wrong_prefixes },
	{ "prefixes of a group that is not there are refused", wrong_group_of_prefix },
	{ "malformed groups are refused", wrong_groups },
	{ "illegal group names are refused", wrong_names },
	{ "illegal interface patterns are refused", wrong_patterns },
	{ "malformed and unknown attributes are refused", wrong_attributes },
	{ "attributes that reach beyond their message are refused", truncated_attributes },
	{ "the same prefix in two groups is refused at commit", conflict },
	{ "a mark outside of the mask is refused at commit", mark_outside_mask },
	{ "as many groups as the interface allows are accepted", most_groups },
	{ "more prefixes than the interface allows are refused", too_many_prefixes },
	{ "lookup without a whole MAC address is refused", wrong_lookups },
	{ "an unknown command is refused", unknown_command },
};

int main(void)
{
	enter_namespace();
	return ktap_run(behaviours, sizeof(behaviours) / sizeof(behaviours[0]));
}
