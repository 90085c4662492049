// SPDX-License-Identifier: GPL-2.0-or-later
/* The shipped vendor packs against the registry that is installed: all that is theirs, and nothing else. */
#include "resolved.h"

static struct cw_registry *extract, *real;

static int setup(void **state)
{
	struct cw_error err = { 0 };

	extract = cw_registry_load(unit_path(EXTRACT), &err);
	unit_expect_none(&err);
	real = cw_registry_load(NULL, &err);
	unit_expect_none(&err);
	return 0;
}

static int teardown(void **state)
{
	cw_registry_free(extract);
	cw_registry_free(real);
	return 0;
}

static struct made make_shipped(const char *name, const struct cw_registry *registry)
{
	struct cw_error err = { 0 };
	const char *const dirs[] = { unit_path("vendors"), NULL };
	struct cw_pack *pack = cw_pack_load(dirs, name, &err);

	unit_expect_none(&err);
	return resolve(pack, registry);
}

static void every_shipped_pack_is_whole(void **state)
{
	static const char *const known[] = {
		"amcrest", "cp-plus", "dahua", "hikvision", "honeywell", "huawei", "hytera",
		"ic-realtime", "intelbras", "kbvision", "lorex", "lt-security", "observint",
		"swann", "tiandy", "uniview", "zte",
	};
	const char *const dirs[] = { unit_path("vendors"), NULL };
	struct cw_error err = { 0 };
	char **names;
	size_t n;

	assert_int_equal(cw_pack_list(dirs, &names, &n, &err), 0);
	unit_expect_none(&err);
	assert_int_equal(n, sizeof(known) / sizeof(known[0]));
	for (size_t i = 0; i < n; i++) {
		struct made made = make_shipped(names[i], real);

		assert_string_equal(names[i], known[i]);
		assert_true(made.pack->n_organizations > 0);
		assert_true(made.n > 0);
		assert_true(made.pack->n_prefixes > 0 || !strcmp(names[i], "huawei") ||
			    !strcmp(names[i], "zte"));
		drop(&made);
		free(names[i]);
	}
	free(names);
}

/* A pinned prefix that this edition gives to somebody else was never the vendor's. */
static void no_shipped_prefix_is_somebody_elses(void **state)
{
	const char *const dirs[] = { unit_path("vendors"), NULL };
	char **names, text[CW_PREFIX_STRLEN + 1];
	struct cw_error err = { 0 };
	size_t n;

	assert_int_equal(cw_pack_list(dirs, &names, &n, &err), 0);
	for (size_t i = 0; i < n; i++) {
		struct made made = make_shipped(names[i], real);

		for (size_t k = 0; k < made.pack->n_prefixes; k++) {
			uint64_t pinned = made.pack->prefixes[k];

			if (!has(&made, cw_prefix_mac(pinned), cw_prefix_len(pinned)))
				fail_msg("%s pins %s, which is not its own", names[i],
					 cw_prefix_format(pinned, text));
		}
		drop(&made);
		free(names[i]);
	}
	free(names);
}

/* Two groups with two shipped packs must never claim the same prefix. */
static void shipped_packs_do_not_overlap(void **state)
{
	const char *const dirs[] = { unit_path("vendors"), NULL };
	struct cw_error err = { 0 };
	char **names;
	size_t n;

	assert_int_equal(cw_pack_list(dirs, &names, &n, &err), 0);
	for (size_t i = 0; i < n; i++) {
		struct made one = make_shipped(names[i], real);

		for (size_t j = i + 1; j < n; j++) {
			struct made two = make_shipped(names[j], real);

			for (size_t k = 0; k < two.n; k++)
				assert_false(has(&one, cw_prefix_mac(two.prefixes[k]),
						 cw_prefix_len(two.prefixes[k])));
			drop(&two);
		}
		drop(&one);
	}
	for (size_t i = 0; i < n; i++)
		free(names[i]);
	free(names);
}

/* The organisations of the two packs, in each spelling that a registry has had. */
static bool is_named(const char *organization)
{
	static const char *const spellings[] = {
		"Hangzhou Hikvision Digital Technology Co.,Ltd.",
		"Hangzhou Ezviz Software Co.,Ltd.",
		"Hangzhou Microimage Software Co., Ltd",
		"Hangzhou Hikrobot Technology Co., Ltd.",
		"Prama Hikvision India Private Limited",
		"Prama India Private Limited",
		"Pyronix Ltd",
		"Zhejiang Dahua Technology Co., Ltd.",
		"ZHEJIANG DAHUA TECHNOLOGYCO.,LTD",
		"ZHEJIANG DAHUA ZHILIAN CO.,LTD",
		"Hangzhou Huacheng Network Technology Co.,Ltd",
		"hangzhou huacheng network technology co., ltd",
		"Zhejiang HuaRay Technology Co.,Ltd",
	};

	for (size_t i = 0; i < sizeof(spellings) / sizeof(spellings[0]); i++) {
		if (!strcmp(spellings[i], organization))
			return true;
	}
	return false;
}

/* Every prefix of the pack is a named organisation's, or not assigned in this edition. */
static size_t count_named(const struct made *made)
{
	size_t named = 0;

	for (size_t i = 0; i < made->n; i++) {
		uint64_t first = cw_prefix_mac(made->prefixes[i]);
		uint64_t last = first | ((1ULL << (48 - cw_prefix_len(made->prefixes[i]))) - 1);
		const struct cw_assignment *at_first = cw_registry_find(real, first);
		const struct cw_assignment *at_last = cw_registry_find(real, last);

		if (at_first && !at_first->subdivided) {
			if (!is_named(at_first->organization))
				fail_msg("a prefix of %s was taken", at_first->organization);
			named++;
		}
		assert_true(at_first == at_last);
	}
	return named;
}

static void hikvision_and_dahua_in_the_real_registry(void **state)
{
	struct made hikvision = make_shipped("hikvision", real);
	struct made dahua = make_shipped("dahua", real);
	size_t expected = 0;

	/* 87 is what the edition of 2022 has. */
	assert_true(count_named(&hikvision) + count_named(&dahua) >= 87);
	for (size_t i = 0; i < real->n_assignments; i++) {
		const struct cw_assignment *a = &real->assignments[i];
		uint64_t mac = cw_prefix_mac(a->prefix);
		unsigned int len = cw_prefix_len(a->prefix);

		assert_int_equal(has(&hikvision, mac, len) || has(&dahua, mac, len),
				 is_named(a->organization));
		expected += is_named(a->organization);
	}
	assert_true(expected >= 87);
	/* No older registry loses what later editions have. */
	assert_true(hikvision.n >= 105);
	assert_true(dahua.n >= 38);
	drop(&hikvision);
	drop(&dahua);
}

/* The names that look alike are there to be missed: without them this test would say nothing. */
static void names_that_look_alike_are_missed(void **state)
{
	static const char *const alike[] = {
		"Shanghai Dahua Scale Factory", "Hikari Co.,Ltd.", "Hikari Trading Co.,Ltd.",
		"Shenzhen Hikeen Technology CO.,LTD",
	};
	static const char *const packs[] = { "hikvision", "dahua", "lorex" };

	for (size_t p = 0; p < sizeof(packs) / sizeof(packs[0]); p++) {
		struct made made = make_shipped(packs[p], real);

		for (size_t i = 0; i < sizeof(alike) / sizeof(alike[0]); i++) {
			size_t seen = 0;

			for (size_t k = 0; k < real->n_assignments; k++) {
				const struct cw_assignment *a = &real->assignments[k];

				if (strcmp(a->organization, alike[i]) != 0)
					continue;
				seen++;
				assert_false(has(&made, cw_prefix_mac(a->prefix),
						 cw_prefix_len(a->prefix)));
			}
			assert_true(seen > 0);
		}
		drop(&made);
	}
	/* The extract has "JOREX LOREX INDIA", which the edition of 2022 has not. */
	expect_prefixes(make_shipped("lorex", extract), "00:1f:54/24");
}

static void hikrobot_has_one_sixteenth_of_its_block(void **state)
{
	struct made made = make_shipped("hikvision", real);

	assert_true(has(&made, 0xb0b353600000, 28));
	assert_false(has(&made, 0xb0b353000000, 24));
	for (uint64_t i = 0; i < 16; i++)
		assert_int_equal(has(&made, 0xb0b353000000 | i << 20, 28), i == 6);
	drop(&made);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_shipped_pack_is_whole),
		cmocka_unit_test(no_shipped_prefix_is_somebody_elses),
		cmocka_unit_test(shipped_packs_do_not_overlap),
		cmocka_unit_test(hikvision_and_dahua_in_the_real_registry),
		cmocka_unit_test(names_that_look_alike_are_missed),
		cmocka_unit_test(hikrobot_has_one_sixteenth_of_its_block),
	};

	return cmocka_run_group_tests_name("vendors", tests, setup, teardown);
}
