// SPDX-License-Identifier: GPL-2.0-or-later
/* A policy: what is told of a change, what is printed, what a MAC address matches. */
#include "unit.h"

#include "peer.h"
#include "policy.h"

static uint64_t prefix_of(const char *text, unsigned int group)
{
	struct cw_error err = { 0 };
	uint64_t prefix;

	assert_int_equal(cw_prefix_parse(text, &prefix, &err), 0);
	return prefix | group;
}

static struct cw_policy_group *add_group(struct cw_policy *policy, const char *name,
					 enum camwall_action action)
{
	struct cw_policy_group *group = cw_policy_group_add(policy);

	snprintf(group->name, sizeof(group->name), "%s", name);
	group->action = action;
	return group;
}

/* Two groups: one observed and tagged, one dropped. */
static struct cw_policy *sample(void)
{
	struct cw_policy *policy = cw_policy_new();
	struct cw_policy_group *group;

	policy->mark_mask = 0xff000000;
	cw_policy_interface_add(policy, "lan*");
	cw_policy_interface_add(policy, "eth1");
	group = add_group(policy, "seen", CAMWALL_ACTION_OBSERVE);
	group->has_mark = true;
	group->mark = 0x01000000;
	add_group(policy, "gone", CAMWALL_ACTION_DROP);
	cw_policy_prefix_add(policy, prefix_of("28:57:be", 0));
	cw_policy_prefix_add(policy, prefix_of("28:57:be:10/28", 1));
	cw_policy_prefix_add(policy, prefix_of("44:19:b6", 0));
	return policy;
}

/* What the diff says, a line each; for free(). */
static char *diff_text(const struct cw_policy *from, const struct cw_policy *to)
{
	struct cw_policy_change *changes;
	char *text = calloc(1, 4096);
	size_t i, n;

	assert_non_null(text);
	cw_policy_diff(from, to, &changes, &n);
	for (i = 0; i < n; i++) {
		strcat(text, changes[i].text);
		strcat(text, "\n");
	}
	cw_policy_changes_free(changes, n);
	return text;
}

static void expect_diff(const struct cw_policy *from, const struct cw_policy *to,
			const char *expected)
{
	char *text = diff_text(from, to);

	assert_string_equal(text, expected);
	free(text);
}

static void test_diff_same(void **state)
{
	struct cw_policy *a = sample(), *b = sample();

	b->generation = 7;
	b->groups[0].from.packets = 12;
	cw_digest_of("x", 1, &b->digest);
	expect_diff(a, b, "");
	cw_policy_free(a);
	cw_policy_free(b);
}

static void test_diff_from_empty(void **state)
{
	struct cw_policy *empty = cw_policy_new(), *full = sample();

	expect_diff(empty, full,
		    "mark-mask none -> 0xff000000\n"
		    "interface lan* added\n"
		    "interface eth1 added\n"
		    "group seen added: action observe, mark 0x01000000, 2 prefixes\n"
		    "group gone added: action drop, mark none, 1 prefix\n");
	expect_diff(full, empty,
		    "mark-mask 0xff000000 -> none\n"
		    "interface lan* gone\n"
		    "interface eth1 gone\n"
		    "group seen gone, with 2 prefixes\n"
		    "group gone gone, with 1 prefix\n");
	cw_policy_free(empty);
	cw_policy_free(full);
}

static void test_diff_settings(void **state)
{
	struct cw_policy *a = sample(), *b = sample();

	b->mark_mask = 0xff;
	b->max_devices = 16;
	b->idle = 60;
	strcpy(b->interfaces[1], "eth2");
	b->groups[0].action = CAMWALL_ACTION_DROP;
	b->groups[0].has_mark = false;
	expect_diff(a, b,
		    "mark-mask 0xff000000 -> 0x000000ff\n"
		    "max-devices 4096 -> 16\n"
		    "idle 600s -> 60s\n"
		    "interface eth2 added\n"
		    "interface eth1 gone\n"
		    "group seen: action observe -> drop\n"
		    "group seen: mark 0x01000000 -> none\n");
	cw_policy_free(a);
	cw_policy_free(b);
}

/* A group is known by its name: another order of the same groups is no change. */
static void test_diff_order(void **state)
{
	struct cw_policy *a = sample(), *b = sample();
	struct cw_policy_group first = b->groups[0];
	size_t i;

	b->groups[0] = b->groups[1];
	b->groups[1] = first;
	for (i = 0; i < b->n_prefixes; i++)
		b->prefixes[i] ^= 1;
	expect_diff(a, b, "");
	cw_policy_free(a);
	cw_policy_free(b);
}

static void test_diff_prefixes(void **state)
{
	struct cw_policy *a = sample(), *b = sample();

	/* 28:57:be moves from one group to the other, 44:19:b6 goes, another one comes. */
	b->prefixes[0] |= 1;
	b->prefixes[2] = prefix_of("44:19:b6:10/28", 0);
	cw_policy_prefix_add(b, prefix_of("fc:5f:49", 0));
	expect_diff(a, b,
		    "group seen: 2 prefixes added, 2 gone\n"
		    "group gone: 1 prefix added\n");
	expect_diff(b, a,
		    "group seen: 2 prefixes added, 2 gone\n"
		    "group gone: 1 prefix gone\n");
	cw_policy_free(a);
	cw_policy_free(b);
}

static struct cw_policy_allow peer_of(const char *text)
{
	struct cw_error err = { 0 };
	struct cw_policy_allow allow;

	assert_int_equal(cw_peer_parse(text, &allow, &err), 0);
	return allow;
}

static void allow(struct cw_policy_group *group, const char *text)
{
	struct cw_policy_allow peer = peer_of(text);

	cw_policy_allow_add(group, &peer);
}

static void test_diff_actions(void **state)
{
	struct cw_policy *a = sample(), *b = sample();

	b->conntrack = true;
	b->groups[0].action = CAMWALL_ACTION_ISOLATE;
	allow(&b->groups[0], "192.0.2.1");
	allow(&b->groups[0], "192.0.2.2 udp 123");
	b->groups[1].action = CAMWALL_ACTION_LIMIT;
	b->groups[1].limit = (struct cw_policy_limit){ 200, 400, CAMWALL_LIMIT_UNIT_PACKETS };
	expect_diff(a, b,
		    "conntrack no -> yes\n"
		    "group seen: action observe -> isolate\n"
		    "group seen: allow 192.0.2.1 added\n"
		    "group seen: allow 192.0.2.2 udp 123 added\n"
		    "group gone: action drop -> limit\n"
		    "group gone: limit none -> 200 packets/s burst 400 packets\n");
	/* Another order lets the same pass. */
	a->groups[0].action = CAMWALL_ACTION_ISOLATE;
	allow(&a->groups[0], "192.0.2.2 udp 123");
	allow(&a->groups[0], "192.0.2.1");
	allow(&a->groups[0], "192.0.2.3");
	a->groups[1] = b->groups[1];
	a->groups[1].limit.burst = 500;
	expect_diff(a, b,
		    "conntrack no -> yes\n"
		    "group seen: allow 192.0.2.3 gone\n"
		    "group gone: limit 200 packets/s burst 500 packets -> 200 packets/s burst 400 packets\n");
	cw_policy_free(a);
	cw_policy_free(b);
}

static void test_diff_new_group(void **state)
{
	struct cw_policy *a = cw_policy_new(), *b = cw_policy_new();
	struct cw_policy_group *group;

	allow(add_group(b, "alone", CAMWALL_ACTION_ISOLATE), "192.0.2.1");
	group = add_group(b, "slow", CAMWALL_ACTION_LIMIT);
	group->limit = (struct cw_policy_limit){ 4000000, 4000000, CAMWALL_LIMIT_UNIT_BITS };
	expect_diff(a, b,
		    "group alone added: action isolate with 1 peer allowed, mark none, 0 prefixes\n"
		    "group slow added: action limit 4 mbit/s burst 4 mbit, mark none, 0 prefixes\n");
	cw_policy_free(a);
	cw_policy_free(b);
}

static void test_diff_exemptions(void **state)
{
	struct cw_policy *a = sample(), *b = sample();

	cw_policy_exemption_add(a, 0x4419b6000001, 1806451200, "old", "A");
	cw_policy_exemption_add(a, 0x4419b6000002, 1806451200, "same", "B");
	cw_policy_exemption_add(a, 0x4419b6000003, 1806451200, "before", "C");
	cw_policy_exemption_add(b, 0x4419b6000002, 1806451200, "same", "B")->in_force = true;
	cw_policy_exemption_add(b, 0x4419b6000003, 1806451201, "after", "D");
	cw_policy_exemption_add(b, 0x4419b6000004, 1806451200, "a\033b", "E");
	/* When it was written is no difference by itself. */
	b->written = 12;
	expect_diff(a, b,
		    "exempt 44:19:b6:00:00:03: until 2027-03-31T00:00:00Z -> 2027-03-31T00:00:01Z\n"
		    "exempt 44:19:b6:00:00:03: reason before -> after\n"
		    "exempt 44:19:b6:00:00:03: approved-by C -> D\n"
		    "exempt 44:19:b6:00:00:04 added: until 2027-03-31T00:00:00Z, a?b, approved by E\n"
		    "exempt 44:19:b6:00:00:01 gone\n");
	cw_policy_free(a);
	cw_policy_free(b);
}

/* What no file can say is changed until it can: another program may have put it into the kernel. */
static void test_print_foreign(void **state)
{
	struct cw_policy *policy = cw_policy_new();
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	assert_non_null(out);
	policy->max_devices = 16;
	policy->idle = 60;
	cw_policy_interface_add(policy, ";a");
	cw_policy_interface_add(policy, "b\n[group c]");
	cw_policy_interface_add(policy, "#");
	cw_policy_interface_add(policy, "#d;e");
	cw_policy_exemption_add(policy, 0x4419b6000001, UINT64_MAX, "a\n[camwall] ; b # c", "");
	cw_policy_exemption_add(policy, 0x4419b6000002, 0, "#1", "J. #2 Doe");
	cw_policy_print(policy, out);
	fclose(out);
	assert_string_equal(text,
			    "[camwall]\n"
			    "interfaces = ?a b?[group?c] ? #d;e\n"
			    "max-devices = 16\n"
			    "idle = 60s\n"
			    "\n"
			    "[exempt 44:19:b6:00:00:01]\n"
			    "until = 9999-12-31T23:59:59Z\n"
			    "reason = a [camwall] , b , c\n"
			    "approved-by = not given\n"
			    "\n"
			    "[exempt 44:19:b6:00:00:02]\n"
			    "until = 1970-01-01T00:00:00Z\n"
			    "reason = ,1\n"
			    "approved-by = J. #2 Doe\n");
	free(text);
	cw_policy_free(policy);
}

static void test_print(void **state)
{
	struct cw_policy *policy = sample();
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	assert_non_null(out);
	cw_policy_print(policy, out);
	fclose(out);
	assert_string_equal(text,
			    "[camwall]\n"
			    "interfaces = lan* eth1\n"
			    "mark-mask = 0xff000000\n"
			    "\n"
			    "[group seen]\n"
			    "action = observe\n"
			    "mark = 0x01000000\n"
			    "prefix = 28:57:be/24\n"
			    "prefix = 44:19:b6/24\n"
			    "\n"
			    "[group gone]\n"
			    "action = drop\n"
			    "prefix = 28:57:be:10/28\n");
	free(text);
	cw_policy_free(policy);
}

static void expect_lookup(struct cw_policy *policy, const char *text, const char *expected)
{
	char found[CW_PREFIX_STRLEN + 1];
	struct cw_error err = { 0 };
	uint64_t mac, prefix;
	int ret;

	assert_int_equal(cw_mac_parse(text, &mac, &err), 0);
	ret = cw_policy_lookup(policy, mac, &prefix, &err);
	assert_int_equal(ret, !!expected);
	if (expected) {
		assert_string_equal(cw_prefix_format(prefix, found), expected);
		assert_int_equal(cw_prefix_group(prefix), !!strstr(expected, "/28"));
	}
}

static void test_lookup(void **state)
{
	struct cw_policy *policy = sample();

	expect_lookup(policy, "44:19:b6:00:00:01", "44:19:b6/24");
	expect_lookup(policy, "28:57:be:1f:ff:ff", "28:57:be:10/28");
	expect_lookup(policy, "28:57:be:20:00:00", "28:57:be/24");
	expect_lookup(policy, "44:19:b7:00:00:01", NULL);
	cw_policy_free(policy);
}

static void test_lookup_conflict(void **state)
{
	struct cw_policy *policy = sample();
	struct cw_error err = { 0 };
	uint64_t prefix;

	cw_policy_prefix_add(policy, prefix_of("44:19:b6", 1));
	assert_int_equal(cw_policy_lookup(policy, 0, &prefix, &err), -1);
	unit_expect(&err, "the prefix 44:19:b6/24 is in two groups");
	cw_policy_free(policy);
}

static void test_actions(void **state)
{
	enum camwall_action action;

	assert_int_equal(cw_action_parse("drop", &action), 0);
	assert_int_equal(action, CAMWALL_ACTION_DROP);
	assert_int_equal(cw_action_parse("observe", &action), 0);
	assert_int_equal(action, CAMWALL_ACTION_OBSERVE);
	assert_int_equal(cw_action_parse("isolate", &action), 0);
	assert_int_equal(action, CAMWALL_ACTION_ISOLATE);
	assert_int_equal(cw_action_parse("limit", &action), 0);
	assert_int_equal(action, CAMWALL_ACTION_LIMIT);
	assert_int_equal(cw_action_parse("Drop", &action), -1);
	assert_int_equal(cw_action_parse("", &action), -1);
	assert_string_equal(cw_action_name(CAMWALL_ACTION_DROP), "drop");
	assert_string_equal(cw_action_name(1000), "unknown");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_diff_same),
		cmocka_unit_test(test_diff_from_empty),
		cmocka_unit_test(test_diff_settings),
		cmocka_unit_test(test_diff_order),
		cmocka_unit_test(test_diff_prefixes),
		cmocka_unit_test(test_diff_actions),
		cmocka_unit_test(test_diff_new_group),
		cmocka_unit_test(test_diff_exemptions),
		cmocka_unit_test(test_print),
		cmocka_unit_test(test_print_foreign),
		cmocka_unit_test(test_lookup),
		cmocka_unit_test(test_lookup_conflict),
		cmocka_unit_test(test_actions),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
