// SPDX-License-Identifier: GPL-2.0-or-later
/* Names in nftables, and the file of defines. */
#include "unit.h"

#include <sys/stat.h>

#include "alloc.h"
#include "nft_define.h"
#include "nft_names.h"

static struct cw_policy_group *add(struct cw_policy *policy, const char *name, uint32_t mark)
{
	struct cw_policy_group *group = cw_policy_group_add(policy);

	strcpy(group->name, name);
	group->has_mark = mark != 0;
	group->mark = mark;
	return group;
}

static void names(void **state)
{
	char name[CW_NFT_NAME_SIZE];

	assert_string_equal(cw_nft_name("hikvision", CW_NFT_IP4, name), "hikvision_ip4");
	assert_string_equal(cw_nft_name("Lobby-2", CW_NFT_MAC, name), "Lobby_2_mac");
	assert_string_equal(cw_nft_name("a-_b", CW_NFT_RULES, name), "a__b_rules");
	assert_string_equal(cw_nft_define_name("Lobby-2", name), "CAMWALL_LOBBY_2");
	assert_string_equal(cw_nft_name("abcdefghijklmnopqrstuvwxyz01234", CW_NFT_COUNT, name),
			    "abcdefghijklmnopqrstuvwxyz01234_count");
	assert_string_equal(cw_nft_define_name("abcdefghijklmnopqrstuvwxyz01234", name),
			    "CAMWALL_ABCDEFGHIJKLMNOPQRSTUVWXYZ01234");
	assert_true(cw_nft_name_of_set("a__b_mac"));
	assert_true(cw_nft_name_of_set("tag_group"));
	assert_false(cw_nft_name_of_set("a__b_to"));
	assert_false(cw_nft_name_of_set("banned"));
}

static void expect_clash(const char *first, const char *second, const char *part)
{
	struct cw_policy *policy = cw_policy_new();
	struct cw_error err = { 0 };

	add(policy, first, 0);
	add(policy, second, 0);
	assert_int_equal(cw_nft_names_check(policy, &err), -1);
	assert_non_null(strstr(err.message, first));
	unit_expect(&err, part);
	assert_null(cw_nft_define_text(policy, NULL, &err));
	unit_expect(&err, part);
	cw_policy_free(policy);
}

static void clashes(void **state)
{
	expect_clash("lobby-2", "lobby_2", "lobby_2");
	expect_clash("Lobby", "lobby", "lobby");
	expect_clash("mask", "other", "CAMWALL_MASK");
	expect_clash("NetDev", "other", "CAMWALL_NETDEV");
}

static struct cw_policy *example(void)
{
	struct cw_policy *policy = cw_policy_new();

	policy->mark_mask = 0xff000000;
	add(policy, "hikvision", 0x01000000)->action = CAMWALL_ACTION_ISOLATE;
	add(policy, "lobby-2", 0)->action = CAMWALL_ACTION_DROP;
	return policy;
}

static void text(void **state)
{
	struct cw_policy *policy = example();
	struct cw_error err = { 0 };
	char *got = cw_nft_define_text(policy, NULL, &err);

	unit_expect_none(&err);
	assert_non_null(strstr(got, "\ndefine CAMWALL_MASK = 0xff000000\n"));
	assert_non_null(strstr(got, "\ndefine CAMWALL_HIKVISION = 0x01000000\n"));
	assert_non_null(strstr(got, "group hikvision, action isolate"));
	assert_null(strstr(got, "define CAMWALL_LOBBY_2"));
	assert_null(strstr(got, "define CAMWALL_NETDEV"));
	free(got);
	policy->mark_mask = 0;
	policy->groups[0].has_mark = false;
	got = cw_nft_define_text(policy, NULL, &err);
	assert_null(strstr(got, "\ndefine"));
	free(got);
	cw_policy_free(policy);
}

/* Each line is empty, a comment or a define: it can be included anywhere. */
static void only_defines(void **state)
{
	static const char *const netdevs[] = { "lan0", "lan1.20", NULL };
	struct cw_policy *policy = example();
	char *got = cw_nft_define_text(policy, netdevs, NULL), *line, *rest = got;

	assert_non_null(got);
	while ((line = strsep(&rest, "\n")))
		assert_true(!*line || *line == '#' || strncmp(line, "define ", 7) == 0);
	free(got);
	cw_policy_free(policy);
}

static void write_and_read(void **state)
{
	static const char *const netdevs[] = { "lan0", "lan1.20", NULL };
	char *dir = unit_folder(), *path = cw_asprintf("%s/a/b/camwall.nft", dir), *got, *sub;
	struct cw_policy *policy = example();
	struct cw_error err = { 0 };
	char **names, *written;
	struct stat now;
	size_t length;

	assert_int_equal(cw_nft_define_netdevs(path, &names, &err), 0);
	assert_null(*names);
	cw_nft_netdevs_free(names);
	got = cw_nft_define_text(policy, netdevs, &err);
	assert_int_equal(cw_nft_define_write(path, got, &err), 1);
	assert_int_equal(cw_nft_define_write(path, got, &err), 0);
	unit_expect_none(&err);
	written = unit_read(path, &length);
	assert_string_equal(written, got);
	assert_int_equal(stat(path, &now), 0);
	assert_int_equal(now.st_mode & 07777, 0644);
	assert_int_equal(cw_nft_define_netdevs(path, &names, &err), 1);
	assert_string_equal(names[0], "lan0");
	assert_string_equal(names[1], "lan1.20");
	assert_null(names[2]);
	cw_nft_netdevs_free(names);
	/* A folder in the file's place. */
	sub = cw_asprintf("%s/a/b", dir);
	assert_int_equal(cw_nft_define_write(sub, got, &err), -1);
	unit_expect(&err, sub);
	assert_int_equal(cw_nft_define_remove(path, &err), 1);
	assert_int_equal(cw_nft_define_remove(path, &err), 0);
	rmdir(sub);
	sub[strlen(sub) - 2] = '\0';
	rmdir(sub);
	unit_remove(dir, (const char *const[]){ NULL });
	free(sub);
	free(written);
	free(got);
	free(path);
	cw_policy_free(policy);
}

static void where(void **state)
{
	char *path;

	unsetenv("CAMWALL_RULESET");
	path = cw_nft_define_path(NULL);
	assert_string_equal(path, CAMWALL_SYSCONFDIR "/camwall/ruleset.d/camwall.nft");
	free(path);
	path = cw_nft_define_path("blue");
	assert_string_equal(path, CAMWALL_SYSCONFDIR "/camwall/ruleset.d/blue/camwall.nft");
	free(path);
	setenv("CAMWALL_RULESET", "/tmp/x.nft", 1);
	path = cw_nft_define_path("blue");
	assert_string_equal(path, "/tmp/x.nft");
	free(path);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names),
		cmocka_unit_test(clashes),
		cmocka_unit_test(text),
		cmocka_unit_test(only_defines),
		cmocka_unit_test(write_and_read),
		cmocka_unit_test(where),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
