// SPDX-License-Identifier: GPL-2.0-or-later
/* What camwall's tables of nftables should be, and the least that makes them so. */
#include "unit.h"

#include <netinet/in.h>
#include <linux/netfilter.h>
#include <linux/netfilter/nf_tables.h>

#include "alloc.h"
#include "nft_plan.h"
#include "nft_rule.h"
#include "nft_want.h"

#define CAMERA	0x4419b6000001
#define IDLE	600

static struct cw_error err;

static struct cw_policy *policy_of(const char *const *names)
{
	struct cw_policy *policy = cw_policy_new();
	uint32_t mark = 0x01000000;

	policy->mark_mask = 0xff000000;
	policy->idle = IDLE;
	for (; *names; names++) {
		struct cw_policy_group *group = cw_policy_group_add(policy);

		strcpy(group->name, *names);
		group->has_mark = true;
		group->mark = mark;
		mark += 0x01000000;
	}
	return policy;
}

static struct cw_device camera(uint32_t idle)
{
	return (struct cw_device){
		.mac = CAMERA, .group = "cameras", .idle = idle, .has_ipv4 = true,
		.ipv4.s_addr = htonl(0x0a000007),
	};
}

static struct cw_nft_table want_of(const struct cw_policy *policy, const struct cw_device *devices,
				   size_t n)
{
	const struct cw_nft_input input = { .policy = policy, .devices = devices, .n_devices = n };
	struct cw_nft_table table = { .family = NFPROTO_INET };

	assert_int_equal(cw_nft_want(&table, &input, &err), 0);
	return table;
}

static const char *const cameras[] = { "cameras", NULL };
static const char *const both[] = { "cameras", "lobby-2", NULL };
static const char *const none[] = { NULL };

/* What a policy and at most one device make. */
static struct cw_nft_table table_of(const char *const *names, const struct cw_device *device)
{
	struct cw_policy *policy = policy_of(names);
	struct cw_nft_table table = want_of(policy, device, !!device);

	cw_policy_free(policy);
	return table;
}

static struct cw_nft_plan plan_of(const struct cw_nft_table *have, const struct cw_nft_table *want)
{
	struct cw_nft_plan plan = { 0 };

	assert_int_equal(cw_nft_plan_make(&plan, have, want, &err), 0);
	unit_expect_none(&err);
	return plan;
}

static size_t count(const struct cw_nft_plan *plan, enum cw_nft_op_type type)
{
	size_t i, n = 0;

	for (i = 0; i < plan->n; i++)
		n += plan->ops[i].type == type;
	return n;
}

/* Where a step on something of that name stands; -1 where there is none. */
static int step(const struct cw_nft_plan *plan, enum cw_nft_op_type type, const char *name)
{
	size_t i;

	for (i = 0; i < plan->n; i++) {
		const struct cw_nft_op *op = &plan->ops[i];
		const char *of = op->set ? op->set->name : op->chain ? op->chain->name :
				 op->object ? op->object->name : "";

		if (op->type == type && strcmp(of, name) == 0)
			return (int)i;
	}
	return -1;
}

static void from_nothing(void **state)
{
	struct cw_nft_table have = { .family = NFPROTO_INET }, want;
	struct cw_device device = camera(10);
	struct cw_nft_plan plan;

	want = table_of(both, &device);
	plan = plan_of(&have, &want);
	assert_int_equal(plan.ops[0].type, CW_NFT_ADD_TABLE);
	assert_int_equal(count(&plan, CW_NFT_ADD_SET), 2 * 3 + 4);
	assert_int_equal(count(&plan, CW_NFT_ADD_OBJECT), 4);
	assert_int_equal(count(&plan, CW_NFT_ADD_CHAIN), 4 + 4);
	assert_int_equal(count(&plan, CW_NFT_ADD_RULE), 4 + 4);
	assert_int_equal(plan.added, 2 + 8);
	assert_int_equal(plan.deleted, 0);
	/* What is referred to stands before what refers. */
	assert_true(step(&plan, CW_NFT_ADD_CHAIN, "cameras_rules") < step(&plan, CW_NFT_ADD_ELEMENTS, "tag_group"));
	assert_true(step(&plan, CW_NFT_ADD_OBJECT, "cameras_from") < step(&plan, CW_NFT_ADD_ELEMENTS, "tag_from"));
	assert_true(step(&plan, CW_NFT_ADD_SET, "tag_group") < step(&plan, CW_NFT_ADD_RULE, "camwall_forward"));
	cw_nft_plan_clear(&plan);
	cw_nft_table_clear(&want);
}

static void nothing_to_do(void **state)
{
	struct cw_device device = camera(10);
	struct cw_nft_table have = table_of(both, &device), want = table_of(both, &device);
	struct cw_nft_plan plan = plan_of(&have, &want);

	assert_int_equal(plan.n, 0);
	assert_int_equal(plan.n_kept, 0);
	cw_nft_plan_clear(&plan);
	cw_nft_table_clear(&have);
	cw_nft_table_clear(&want);
}

/* Seen @before, and seen again @after; @left: of what the kernel still has of the first. */
static size_t refreshed(uint32_t before, uint32_t after, uint64_t left)
{
	struct cw_device old = camera(before), new = camera(after);
	struct cw_nft_table have = table_of(cameras, &old), want = table_of(cameras, &new);
	struct cw_nft_plan plan;
	size_t n;

	cw_nft_set_find(&have, "cameras_mac")->elements[0].expires = left;
	cw_nft_set_find(&have, "cameras_ip4")->elements[0].expires = left;
	plan = plan_of(&have, &want);
	n = plan.refreshed;
	/* In one plan, the old one first, and no less than what goes. */
	assert_int_equal(count(&plan, CW_NFT_DEL_ELEMENTS), count(&plan, CW_NFT_ADD_ELEMENTS));
	if (n)
		assert_true(step(&plan, CW_NFT_DEL_ELEMENTS, "cameras_mac") <
			    step(&plan, CW_NFT_ADD_ELEMENTS, "cameras_mac"));
	assert_int_equal(plan.added + plan.deleted, 0);
	cw_nft_plan_clear(&plan);
	cw_nft_table_clear(&have);
	cw_nft_table_clear(&want);
	return n;
}

static void timeouts(void **state)
{
	/* More than half is left: no hurry, whatever was seen. */
	assert_int_equal(refreshed(0, 0, 590000), 0);
	assert_int_equal(refreshed(0, 0, 300500), 0);
	assert_int_equal(refreshed(0, 0, 300499), 2);
	/* Not seen since: it expires with the device, and nothing is to be renewed. */
	assert_int_equal(refreshed(0, 400, 201000), 0);
	assert_int_equal(refreshed(0, 400, 199000), 0);
	assert_int_equal(refreshed(0, 400, 198999), 2);
	/* It would outlive the device. */
	assert_int_equal(refreshed(0, 400, 202999), 0);
	assert_int_equal(refreshed(0, 400, 203001), 2);
}

static void timeout_of(void **state)
{
	struct cw_device device = camera(100), gone = camera(10), silent = camera(601), late = camera(600);
	struct cw_nft_table table = table_of(cameras, &device);
	struct cw_nft_element *element = cw_nft_set_find(&table, "cameras_mac")->elements;
	static const unsigned char mac[] = { 0x44, 0x19, 0xb6, 0, 0, 1 };

	/* And a second: whole ones are counted. */
	assert_int_equal(element->timeout, (IDLE + 1) * 1000);
	assert_int_equal(element->expires, 501000);
	assert_memory_equal(element->key, mac, sizeof(mac));
	cw_nft_table_clear(&table);
	table = table_of(cameras, &late);
	assert_int_equal(cw_nft_set_find(&table, "cameras_mac")->elements[0].expires, 1000);
	cw_nft_table_clear(&table);
	table = table_of(cameras, &silent);
	assert_int_equal(cw_nft_set_find(&table, "cameras_mac")->n_elements, 0);
	cw_nft_table_clear(&table);
	gone.gone = true;
	table = table_of(cameras, &gone);
	assert_int_equal(cw_nft_set_find(&table, "cameras_mac")->n_elements, 0);
	cw_nft_table_clear(&table);
}

/* Another timeout is configured, a device goes, another comes. */
static void elements(void **state)
{
	struct cw_device old = camera(0), new = camera(0);
	struct cw_nft_table have = table_of(cameras, &old), want;
	struct cw_nft_plan plan;

	new.ipv4.s_addr = htonl(0x0a000008);
	want = table_of(cameras, &new);
	plan = plan_of(&have, &want);
	assert_int_equal(plan.added, 1);
	assert_int_equal(plan.deleted, 1);
	assert_int_equal(plan.refreshed, 0);
	assert_int_equal(plan.n, 2);
	cw_nft_plan_clear(&plan);
	cw_nft_set_find(&want, "cameras_mac")->elements[0].timeout = 5000;
	plan = plan_of(&have, &want);
	assert_int_equal(plan.refreshed, 1);
	cw_nft_plan_clear(&plan);
	/* What somebody put there for ever would stay. */
	cw_nft_set_find(&have, "cameras_mac")->elements[0].timeout = 0;
	plan = plan_of(&have, &want);
	assert_int_equal(plan.refreshed, 1);
	cw_nft_plan_clear(&plan);
	cw_nft_table_clear(&have);
	cw_nft_table_clear(&want);
}

/* Two devices of one address: it stays as long as the later one. */
static void same_address(void **state)
{
	struct cw_policy *policy = policy_of(cameras);
	struct cw_device devices[] = { camera(300), camera(10), camera(200) };
	struct cw_nft_table table;

	devices[1].mac++;
	devices[2].mac += 2;
	table = want_of(policy, devices, 3);
	assert_int_equal(cw_nft_set_find(&table, "cameras_mac")->n_elements, 3);
	assert_int_equal(cw_nft_set_find(&table, "cameras_ip4")->n_elements, 1);
	assert_int_equal(cw_nft_set_find(&table, "cameras_ip4")->elements[0].expires, 591000);
	cw_nft_table_clear(&table);
	cw_policy_free(policy);
}

/* As the kernel counts: rules in a chain, jumps and elements to it. */
static void count_uses(struct cw_nft_table *table)
{
	struct cw_nft_chain *chain;
	size_t i;

	for (i = 0; i < table->n_chains; i++)
		table->chains[i].use = table->chains[i].n_rules;
	for (i = 0; i < table->n_objects; i++)
		table->objects[i].use = 1;
	for (i = 0; i < table->n_objects; i++)
		if (strstr(table->objects[i].name, "_to"))
			table->objects[i].use = 2;
	for (i = 0; i < table->n_chains; i++) {
		chain = &table->chains[i];
		if (!chain->base)
			chain->use++;
	}
}

static void vanished(void **state)
{
	struct cw_nft_table have = table_of(both, NULL), want = table_of(cameras, NULL);
	struct cw_nft_plan plan;

	count_uses(&have);
	plan = plan_of(&have, &want);
	assert_int_equal(plan.n_kept, 0);
	assert_int_equal(count(&plan, CW_NFT_DEL_SET), 3);
	assert_int_equal(count(&plan, CW_NFT_DEL_CHAIN), 2);
	assert_int_equal(count(&plan, CW_NFT_DEL_OBJECT), 2);
	assert_int_equal(count(&plan, CW_NFT_ADD_SET), 0);
	assert_true(step(&plan, CW_NFT_DEL_ELEMENTS, "tag_group") < step(&plan, CW_NFT_DEL_CHAIN, "lobby_2_rules"));
	assert_true(step(&plan, CW_NFT_DEL_CHAIN, "lobby_2_count") < step(&plan, CW_NFT_DEL_SET, "lobby_2_ip4"));
	assert_int_equal(step(&plan, CW_NFT_DEL_SET, "cameras_ip4"), -1);
	cw_nft_plan_clear(&plan);
	cw_nft_table_clear(&have);
	cw_nft_table_clear(&want);
}

static struct cw_nft_rule *add_theirs(struct cw_nft_chain *chain, enum cw_nft_ref_type type,
				      const char *name)
{
	struct cw_nft_rule *rule = cw_nft_rule_add(chain);

	rule->text = cw_strdup("[theirs]");
	rule->handle = 7;
	if (name)
		cw_nft_ref_add(rule, type, name);
	chain->use++;
	return rule;
}

static void in_use(void **state)
{
	struct cw_nft_table have = table_of(both, NULL), want = table_of(cameras, NULL);
	struct cw_nft_plan plan;

	count_uses(&have);
	cw_nft_set_add(&have, "theirs", CW_NFT_KIND_IP4);
	cw_nft_chain_add(&have, "mine");
	add_theirs(cw_nft_chain_find(&have, "mine"), CW_NFT_REF_SET, "lobby_2_ip4");
	add_theirs(cw_nft_chain_find(&have, "lobby_2_rules"), CW_NFT_REF_SET, NULL);
	cw_nft_object_find(&have, "lobby_2_to")->use++;
	plan = plan_of(&have, &want);
	assert_int_equal(plan.n_kept, 3);
	assert_non_null(strstr(plan.kept[0], "lobby_2_rules"));
	assert_non_null(strstr(plan.kept[0], "has rules that are not camwall's"));
	assert_non_null(strstr(plan.kept[1], "lobby_2_ip4"));
	assert_non_null(strstr(plan.kept[1], "handle 7 in chain mine"));
	assert_non_null(strstr(plan.kept[2], "lobby_2_to"));
	assert_int_equal(step(&plan, CW_NFT_DEL_CHAIN, "lobby_2_rules"), -1);
	assert_int_equal(step(&plan, CW_NFT_DEL_SET, "lobby_2_ip4"), -1);
	assert_true(step(&plan, CW_NFT_DEL_SET, "lobby_2_mac") >= 0);
	assert_int_equal(step(&plan, CW_NFT_DEL_SET, "theirs"), -1);
	assert_int_equal(step(&plan, CW_NFT_DEL_CHAIN, "mine"), -1);
	cw_nft_plan_clear(&plan);
	cw_nft_table_clear(&have);
	cw_nft_table_clear(&want);
}

/* Flushed by somebody, beside a rule of theirs; another mask. */
static void rules(void **state)
{
	struct cw_nft_table have = table_of(cameras, NULL), want = table_of(cameras, NULL);
	struct cw_nft_chain *chain = cw_nft_chain_find(&have, "camwall_forward");
	struct cw_nft_plan plan;

	add_theirs(chain, CW_NFT_REF_SET, NULL);
	plan = plan_of(&have, &want);
	assert_int_equal(plan.n, 0);
	cw_nft_plan_clear(&plan);
	free(chain->rules[0].text);
	chain->rules[0].text = cw_strdup("[another]");
	plan = plan_of(&have, &want);
	assert_int_equal(plan.n, 2);
	assert_int_equal(plan.ops[0].type, CW_NFT_DEL_RULE);
	assert_ptr_equal(plan.ops[0].rule, &chain->rules[0]);
	assert_int_equal(plan.ops[1].type, CW_NFT_ADD_RULE);
	cw_nft_plan_clear(&plan);
	cw_nft_table_clear(&have);
	cw_nft_table_clear(&want);
}

static void in_the_way(void **state)
{
	struct cw_nft_table have = { .family = NFPROTO_INET, .exists = true }, want = table_of(cameras, NULL);
	struct cw_nft_plan plan = { 0 };

	cw_nft_set_add(&have, "cameras_ip4", CW_NFT_KIND_OTHER);
	assert_int_equal(cw_nft_plan_make(&plan, &have, &want, &err), -1);
	unit_expect(&err, "cameras_ip4");
	cw_nft_plan_clear(&plan);
	cw_nft_table_clear(&have);
	cw_nft_chain_add(&have, "camwall_forward");
	assert_int_equal(cw_nft_plan_make(&plan, &have, &want, &err), -1);
	unit_expect(&err, "camwall_forward");
	cw_nft_plan_clear(&plan);
	cw_nft_table_clear(&have);
	cw_nft_object_add(&have, "cameras_to");
	assert_int_equal(cw_nft_plan_make(&plan, &have, &want, &err), -1);
	unit_expect(&err, "cameras_to");
	cw_nft_plan_clear(&plan);
	cw_nft_table_clear(&have);
	cw_nft_table_clear(&want);
}

static void verdicts(void **state)
{
	struct cw_policy *policy = policy_of(both);
	struct cw_nft_table table;
	struct cw_nft_set *map;

	policy->groups[1].action = CAMWALL_ACTION_DROP;
	table = want_of(policy, NULL, 0);
	map = cw_nft_set_find(&table, CW_NFT_GROUP_VERDICT);
	assert_int_equal(map->n_elements, 2);
	assert_int_equal(map->elements[0].verdict, NFT_CONTINUE);
	assert_int_equal(map->elements[1].verdict, NF_DROP);
	cw_nft_table_clear(&table);
	/* One tag of two groups stands for the first. */
	policy->groups[1].mark = policy->groups[0].mark;
	table = want_of(policy, NULL, 0);
	map = cw_nft_set_find(&table, CW_NFT_TAG_GROUP);
	assert_int_equal(map->n_elements, 1);
	assert_string_equal(map->elements[0].target, "cameras_rules");
	cw_nft_table_clear(&table);
	/* Without a mask nothing is tagged, and there is nothing to ask for. */
	policy->mark_mask = 0;
	policy->groups[0].has_mark = false;
	policy->groups[1].has_mark = false;
	table = want_of(policy, NULL, 0);
	assert_int_equal(cw_nft_set_find(&table, CW_NFT_TAG_GROUP)->n_elements, 0);
	assert_int_equal(cw_nft_chain_find(&table, "camwall_forward")->n_rules, 0);
	cw_nft_table_clear(&table);
	cw_policy_free(policy);
}

static void netdevs(void **state)
{
	static const char *const names[] = { "lan0", "lan1.20", NULL };
	struct cw_policy *policy = policy_of(none);
	const struct cw_nft_input input = { .policy = policy, .netdevs = names };
	struct cw_nft_table table = { .family = NFPROTO_NETDEV };

	assert_int_equal(cw_nft_want(&table, &input, &err), 0);
	assert_int_equal(table.n_chains, 2);
	assert_string_equal(cw_nft_chain_find(&table, "camwall_ingress_lan1_20")->device, "lan1.20");
	assert_int_equal(table.n_objects, 0);
	cw_nft_table_clear(&table);
	cw_policy_free(policy);
	assert_int_equal(cw_nft_netdev_check("lan1.20", &err), 0);
	assert_int_equal(cw_nft_netdev_check("a\"b", &err), -1);
	unit_expect(&err, "a\"b");
	assert_int_equal(cw_nft_netdev_check("0123456789abcdef", &err), -1);
	unit_expect(&err, "ip link");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(from_nothing),
		cmocka_unit_test(nothing_to_do),
		cmocka_unit_test(timeouts),
		cmocka_unit_test(timeout_of),
		cmocka_unit_test(elements),
		cmocka_unit_test(same_address),
		cmocka_unit_test(vanished),
		cmocka_unit_test(in_use),
		cmocka_unit_test(rules),
		cmocka_unit_test(in_the_way),
		cmocka_unit_test(verdicts),
		cmocka_unit_test(netdevs),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
