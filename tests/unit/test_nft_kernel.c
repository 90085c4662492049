// SPDX-License-Identifier: GPL-2.0-or-later
/* nftables of this machine's own kernel, in a network namespace of the test: written, read, listened to. */
#include "unit.h"

#include <netinet/in.h>
#include <linux/netfilter.h>
#include <sched.h>

#include "inventory.h"
#include "nft_kernel.h"
#include "nft_sync.h"
#include "nft_watch.h"

#define MANY	4096

static struct cw_error err;

/* Each test in a namespace of its own; where there can be none, there is nothing to test with. */
static int setup(void **state)
{
	struct cw_nft *nft;

	*state = NULL;
	if (unshare(CLONE_NEWNET) < 0 && unshare(CLONE_NEWUSER | CLONE_NEWNET) < 0)
		return 0;
	nft = cw_nft_open(&err);
	if (nft && cw_nft_installed(nft, &err) < 0) {
		cw_nft_close(nft);
		nft = NULL;
	}
	cw_error_clear(&err);
	*state = nft;
	return 0;
}

static int teardown(void **state)
{
	cw_nft_close(*state);
	return 0;
}

static struct cw_nft *nftables(void **state)
{
	if (!*state) {
		print_message("skip: no namespace with nf_tables can be had here\n");
		skip();
	}
	return *state;
}

static struct cw_policy *policy_new(void)
{
	struct cw_policy *policy = cw_policy_new();
	struct cw_policy_group *group;

	policy->mark_mask = 0xff000000;
	policy->idle = 600;
	group = cw_policy_group_add(policy);
	strcpy(group->name, "cameras");
	group->has_mark = true;
	group->mark = 0x01000000;
	group = cw_policy_group_add(policy);
	strcpy(group->name, "lobby-2");
	group->has_mark = true;
	group->mark = 0x02000000;
	group->action = CAMWALL_ACTION_DROP;
	cw_policy_group_add(policy)->name[0] = 'x';
	return policy;
}

static struct cw_device *devices_new(size_t n)
{
	struct cw_device *devices = calloc(n, sizeof(*devices));
	size_t i;

	assert_non_null(devices);
	for (i = 0; i < n; i++) {
		strcpy(devices[i].group, "cameras");
		devices[i].mac = 0x4419b6000000 + i;
		devices[i].has_ipv4 = true;
		devices[i].ipv4.s_addr = htonl(0x0a000001 + i);
		devices[i].has_ipv6 = true;
		devices[i].ipv6.s6_addr[0] = 0xfd;
		memcpy(&devices[i].ipv6.s6_addr[8], &devices[i].mac, sizeof(devices[i].mac));
	}
	return devices;
}

/* What is missing is written; @steps: how many that were. */
static enum cw_nft_result bring(struct cw_nft *nft, int family, const struct cw_policy *policy,
				size_t n, uint32_t generation, size_t *steps)
{
	struct cw_nft_table have = { .family = family }, want = { .family = family };
	struct cw_device *devices = devices_new(n);
	const struct cw_nft_input input = { .policy = policy, .devices = devices, .n_devices = n };
	struct cw_nft_plan plan = { 0 };
	enum cw_nft_result result;

	assert_int_equal(cw_nft_read(nft, &have, true, &err), CW_NFT_DONE);
	assert_int_equal(cw_nft_want(&want, &input, &err), 0);
	assert_int_equal(cw_nft_plan_make(&plan, &have, &want, &err), 0);
	unit_expect_none(&err);
	result = cw_nft_write(nft, &plan, generation, &err);
	*steps = plan.n;
	cw_nft_plan_clear(&plan);
	cw_nft_table_clear(&have);
	cw_nft_table_clear(&want);
	free(devices);
	return result;
}

static void round_trip(struct cw_nft *nft, int family)
{
	struct cw_policy *policy = policy_new();
	size_t steps;

	assert_int_equal(bring(nft, family, policy, 3, 0, &steps), CW_NFT_DONE);
	assert_true(steps > 0);
	assert_int_equal(bring(nft, family, policy, 3, 0, &steps), CW_NFT_DONE);
	assert_int_equal(steps, 0);
	policy->mark_mask = 0x0f000000;
	assert_int_equal(bring(nft, family, policy, 2, 0, &steps), CW_NFT_DONE);
	assert_true(steps > 0);
	/* The first group goes, and with it all that refers to it. */
	policy->groups[0] = policy->groups[--policy->n_groups];
	assert_int_equal(bring(nft, family, policy, 2, 0, &steps), CW_NFT_DONE);
	unit_expect_none(&err);
	assert_true(steps > 0);
	assert_int_equal(bring(nft, family, policy, 2, 0, &steps), CW_NFT_DONE);
	assert_int_equal(steps, 0);
	cw_policy_free(policy);
}

static void inet(void **state)
{
	round_trip(nftables(state), NFPROTO_INET);
}

static void netdev(void **state)
{
	round_trip(nftables(state), NFPROTO_NETDEV);
}

static void many(void **state)
{
	struct cw_nft *nft = nftables(state);
	struct cw_policy *policy = policy_new();
	struct cw_nft_state now;
	size_t steps;

	assert_int_equal(bring(nft, NFPROTO_INET, policy, MANY, 0, &steps), CW_NFT_DONE);
	assert_int_equal(cw_nft_state_read(nft, &now, &err), 0);
	assert_int_equal(cw_nft_set_find(&now.tables[0], "cameras_mac")->n_elements, MANY);
	assert_int_equal(cw_nft_set_find(&now.tables[0], "cameras_ip4")->n_elements, MANY);
	assert_int_equal(cw_nft_set_find(&now.tables[0], "cameras_ip6")->n_elements, MANY);
	cw_nft_state_clear(&now);
	assert_int_equal(bring(nft, NFPROTO_INET, policy, MANY, 0, &steps), CW_NFT_DONE);
	assert_int_equal(steps, 0);
	cw_policy_free(policy);
}

/* A change of anything by somebody else, and what was read before it is not written. */
static void generation(void **state)
{
	struct cw_nft *nft = nftables(state), *other = cw_nft_open(&err);
	struct cw_policy *policy = policy_new();
	uint32_t before, after;
	size_t steps;

	assert_int_equal(cw_nft_generation(nft, &before, &err), CW_NFT_DONE);
	assert_int_equal(bring(other, NFPROTO_NETDEV, policy, 0, 0, &steps), CW_NFT_DONE);
	assert_int_equal(bring(nft, NFPROTO_INET, policy, 1, before, &steps), CW_NFT_AGAIN);
	cw_error_clear(&err);
	assert_int_equal(cw_nft_installed(nft, &err), 0);
	assert_int_equal(cw_nft_generation(nft, &after, &err), CW_NFT_DONE);
	assert_int_not_equal(before, after);
	assert_int_equal(bring(nft, NFPROTO_INET, policy, 1, after, &steps), CW_NFT_DONE);
	assert_int_equal(cw_nft_installed(nft, &err), 1);
	cw_nft_close(other);
	cw_policy_free(policy);
}

static void one_device(void **state)
{
	struct cw_nft *nft = nftables(state);
	struct cw_policy *policy = policy_new();
	struct cw_device *device = devices_new(1);
	struct cw_nft_state now;
	size_t steps;

	/* Without the table it is for cw_nft_sync(). */
	assert_int_equal(cw_nft_device(nft, policy, device, NULL, false, &err), CW_NFT_AGAIN);
	cw_error_clear(&err);
	assert_int_equal(bring(nft, NFPROTO_INET, policy, 0, 0, &steps), CW_NFT_DONE);
	assert_int_equal(cw_nft_device(nft, policy, device, NULL, false, &err), CW_NFT_DONE);
	assert_int_equal(cw_nft_device(nft, policy, device, NULL, false, &err), CW_NFT_DONE);
	unit_expect_none(&err);
	assert_int_equal(bring(nft, NFPROTO_INET, policy, 1, 0, &steps), CW_NFT_DONE);
	assert_int_equal(steps, 0);
	assert_int_equal(cw_nft_state_read(nft, &now, &err), 0);
	assert_int_equal(cw_nft_remove(nft, &now, &err), CW_NFT_DONE);
	cw_nft_state_clear(&now);
	assert_int_equal(cw_nft_installed(nft, &err), 0);
	cw_policy_free(policy);
	free(device);
}

static void expect_table_gone(struct cw_nft_watch *watch)
{
	struct cw_nft_change change;

	assert_int_equal(cw_nft_watch_next(watch, &change, &err), CW_NFT_WATCH_CHANGE);
	assert_true(change.table_gone);
	assert_false(change.lost);
	assert_int_equal(change.pid, getpid());
	assert_string_equal(change.process, "test_nft_kernel");
	assert_int_equal(cw_nft_watch_next(watch, &change, &err), CW_NFT_WATCH_NONE);
}

/* One's own changes are no news, those of others are. */
static void listens(void **state)
{
	struct cw_nft *nft = nftables(state), *other = cw_nft_open(&err);
	struct cw_nft_watch *watch = cw_nft_watch_open(mnl_socket_get_portid(nft->socket), &err);
	struct cw_policy *policy = policy_new();
	struct cw_nft_change change;
	struct cw_nft_state now;
	size_t steps;

	assert_int_equal(bring(nft, NFPROTO_INET, policy, 0, 0, &steps), CW_NFT_DONE);
	assert_int_equal(cw_nft_watch_next(watch, &change, &err), CW_NFT_WATCH_NONE);
	assert_int_equal(bring(other, NFPROTO_INET, policy, 5, 0, &steps), CW_NFT_DONE);
	assert_int_equal(cw_nft_watch_next(watch, &change, &err), CW_NFT_WATCH_NONE);
	assert_int_equal(bring(other, NFPROTO_INET, policy, 4, 0, &steps), CW_NFT_DONE);
	assert_int_equal(cw_nft_watch_next(watch, &change, &err), CW_NFT_WATCH_CHANGE);
	assert_true(change.elements_gone);
	assert_false(change.table_gone);
	assert_int_equal(cw_nft_state_read(other, &now, &err), 0);
	assert_int_equal(cw_nft_remove(other, &now, &err), CW_NFT_DONE);
	expect_table_gone(watch);
	cw_nft_state_clear(&now);
	cw_nft_watch_close(watch);
	cw_nft_close(other);
	cw_policy_free(policy);
}

#define IN_NAMESPACE(test)	cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_NAMESPACE(inet),
		IN_NAMESPACE(netdev),
		IN_NAMESPACE(many),
		IN_NAMESPACE(generation),
		IN_NAMESPACE(one_device),
		IN_NAMESPACE(listens),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
