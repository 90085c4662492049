// SPDX-License-Identifier: GPL-2.0-or-later
/* Vendor packs: the file, where it is looked for, and which prefixes it stands for. */
#include "resolved.h"

#define HEAD	"[pack]\ntitle = T\nbasis = B\ndate = 2026-11-23\nconfidence = high\n"

static char *scratch;
static struct cw_registry *extract;

static int setup(void **state)
{
	struct cw_error err = { 0 };

	scratch = unit_folder();
	extract = cw_registry_load(unit_path(EXTRACT), &err);
	unit_expect_none(&err);
	return 0;
}

static int teardown(void **state)
{
	cw_registry_free(extract);
	unit_remove(scratch, (const char *const[]){ "x.conf", NULL });
	return 0;
}

static struct cw_pack *load_text(const char *text, struct cw_error *err)
{
	const char *const dirs[] = { scratch, NULL };

	unit_write(scratch, "x.conf", text, strlen(text));
	return cw_pack_load(dirs, "x", err);
}

static struct made make(const char *text, const struct cw_registry *registry)
{
	struct cw_error err = { 0 };
	struct cw_pack *pack = load_text(text, &err);

	unit_expect_none(&err);
	return resolve(pack, registry);
}

static void a_pack_is_read(void **state)
{
	struct cw_error err = { 0 };
	struct cw_pack *pack = load_text("# c\n[pack]\n"
					 "title = Some Vendor\n"
					 "organization = Some Vendor Co., Ltd.\n"
					 "organization = Other, Inc. # c\n"
					 "prefix = 44:19:b6\n"
					 "prefix = 28-57-BE/24\n"
					 "prefix = 44:19:b6:00:00:00/24\n"
					 "exclude = 44:19:b6:10/28\n"
					 "basis = rule one;\n"
					 "basis = rule two\n"
					 "date = 2024-02-29\n"
					 "confidence = low\n"
					 "note = a\nnote = b\n", &err);

	unit_expect_none(&err);
	assert_string_equal(pack->name, "x");
	assert_string_equal(strrchr(pack->file, '/'), "/x.conf");
	assert_string_equal(pack->title, "Some Vendor");
	assert_string_equal(pack->basis, "rule one; rule two");
	assert_string_equal(pack->date, "2024-02-29");
	assert_string_equal(pack->confidence, "low");
	assert_string_equal(pack->note, "a b");
	assert_int_equal(pack->n_organizations, 2);
	assert_string_equal(pack->organization_titles[0], "Some Vendor Co., Ltd.");
	assert_string_equal(pack->organizations[0], "somevendorcoltd");
	assert_string_equal(pack->organizations[1], "otherinc");
	assert_int_equal(pack->n_prefixes, 2);
	assert_int_equal(pack->prefixes[0], cw_prefix_pack(0x2857be000000, 24, 0));
	assert_int_equal(pack->prefixes[1], cw_prefix_pack(0x4419b6000000, 24, 0));
	assert_int_equal(pack->n_exclude, 1);
	cw_pack_free(pack);
}

static void a_wrong_pack_is_refused(void **state)
{
	static const struct {
		const char *text, *message;
	} cases[] = {
		{ HEAD "organisation = X\n", "x.conf:6: unknown key \"organisation\": the keys of a vendor pack are title, organization, prefix, exclude, basis, date, confidence and note" },
		{ HEAD "[group x]\n", "x.conf:6: unknown section [group x]" },
		{ HEAD "prefix = 28:57\n", "x.conf:6: \"28:57\" is no prefix" },
		{ HEAD "exclude = 28:57:be:01/24\n", "x.conf:6: prefix \"28:57:be:01/24\" has bits set" },
		{ HEAD "title = U\n", "x.conf:6: a second \"title\"" },
		{ HEAD "date = 2026-11-24\n", "x.conf:6: a second \"date\"" },
		{ HEAD "confidence = low\n", "x.conf:6: a second \"confidence\"" },
		{ HEAD "note =\n", "x.conf:6: \"note\" has no value" },
		{ HEAD "organization = ???\n", "x.conf:6: \"???\" is no organisation" },
		{ HEAD "organization = Private\n", "x.conf:6: \"Private\" is no organisation" },
		{ HEAD "organization = IEEE Registration Authority\n", "is no organisation that a prefix could be taken from" },
		{ HEAD "organization = X Ltd.\norganization = x ltd\n", "x.conf:7: \"x ltd\" is the same organisation as \"X Ltd.\"" },
		{ HEAD, "x.conf: names neither an organization nor a prefix" },
		{ HEAD "prefix = 28:57:be:10/28\nexclude = 28:57:be\n", "\"prefix = 28:57:be:10/28\" contradicts \"exclude = 28:57:be/24\"" },
		{ "[pack]\norganization = X\nbasis = B\ndate = 2026-01-01\nconfidence = low\n", "the key \"title\" is missing" },
		{ "[pack]\norganization = X\ntitle = T\ndate = 2026-01-01\nconfidence = low\n", "the key \"basis\" is missing" },
		{ "[pack]\norganization = X\ntitle = T\nbasis = B\nconfidence = low\n", "the key \"date\" is missing" },
		{ "[pack]\norganization = X\ntitle = T\nbasis = B\ndate = 2026-01-01\n", "the key \"confidence\" is missing" },
		{ "[pack]\ndate = 2026-02-30\n", "x.conf:2: \"2026-02-30\" is no date" },
		{ "[pack]\ndate = 2026-2-3\n", "is no date" },
		{ "[pack]\ndate = 23.11.2026\n", "is no date" },
		{ "[pack]\nconfidence = sure\n", "write high, medium or low" },
		{ "", "x.conf: the key \"title\" is missing" },
	};
	struct cw_error err = { 0 };

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_null(load_text(cases[i].text, &err));
		unit_expect(&err, cases[i].message);
	}
}

static void an_unknown_pack_names_the_known(void **state)
{
	const char *const dirs[] = { "/nowhere/at-all", unit_path("vendors"), NULL };
	const char *const none[] = { "/nowhere/at-all", NULL };
	struct cw_error err = { 0 };

	assert_null(cw_pack_load(dirs, "hikvison", &err));
	assert_non_null(strstr(err.message, "no vendor pack \"hikvison\""));
	assert_non_null(strstr(err.message, "dahua, "));
	unit_expect(&err, "hikvision, ");
	assert_null(cw_pack_load(none, "hikvision", &err));
	unit_expect(&err, "and no other one in /nowhere/at-all");
	assert_null(cw_pack_load(dirs, "../vendors/dahua", &err));
	unit_expect(&err, "is no name of a vendor pack");
	assert_null(cw_pack_load(dirs, "", &err));
	unit_expect(&err, "is no name of a vendor pack");
}

static void the_first_folder_wins(void **state)
{
	const char *const dirs[] = { scratch, unit_path("vendors"), NULL };
	struct cw_error err = { 0 };
	char **names, path[PATH_MAX];
	struct cw_pack *pack;
	size_t n;

	unit_write(scratch, "dahua.conf", HEAD "prefix = 28:57:be\n",
		   strlen(HEAD "prefix = 28:57:be\n"));
	pack = cw_pack_load(dirs, "dahua", &err);
	unit_expect_none(&err);
	assert_string_equal(pack->title, "T");
	cw_pack_free(pack);

	assert_int_equal(cw_pack_list(dirs, &names, &n, &err), 0);
	for (size_t i = 0; i < n; i++) {
		assert_true(!i || strcmp(names[i - 1], names[i]) < 0);
		if (i)
			free(names[i - 1]);
	}
	free(names[n - 1]);
	free(names);
	snprintf(path, sizeof(path), "%s/dahua.conf", scratch);
	assert_int_equal(unlink(path), 0);
}

static void the_folders_can_be_named(void **state)
{
	const char *const *dirs;

	setenv("CAMWALL_VENDORS", "/some/where", 1);
	dirs = cw_pack_dirs();
	assert_string_equal(dirs[0], "/some/where");
	assert_null(dirs[1]);
	unsetenv("CAMWALL_VENDORS");
	dirs = cw_pack_dirs();
	assert_string_equal(dirs[0], CAMWALL_SYSCONFDIR "/camwall/vendors");
	assert_string_equal(dirs[1], CAMWALL_DATADIR "/vendors");
	assert_null(dirs[2]);
}

static void names_match_whole_and_folded(void **state)
{
	expect_prefixes(make(HEAD "organization = Zhejiang Dahua Technology Co., Ltd.\n"
			     "exclude = 74:c9:29\nexclude = 6c:1c:71\n", extract),
			"08:ed:ed/24 30:dd:aa/24 40:7a:a4/24 4c:99:e8/24 f8:ce:07/24");
	expect_prefixes(make(HEAD "organization = Hangzhou Huacheng Network Technology Co., Ltd.\n", extract),
			"1c:4d:89/24 30:24:50/24 90:6a:94/24 a8:31:62/24 ac:3d:fa/24");
	expect_prefixes(make(HEAD "organization = Dahua\n", extract), "");
	expect_prefixes(make(HEAD "organization = Hik\n", extract), "");
	expect_prefixes(make(HEAD "organization = Lorex Technology Inc\n", extract),
			"00:1f:54/24");
	/* Each owner of a prefix that has many may name it. */
	expect_prefixes(make(HEAD "organization = CERN\n", extract), "08:00:30/24");
	expect_prefixes(make(HEAD "organization = Network Research Corporation\n", extract),
			"08:00:30/24");
}

static void a_tenant_is_not_its_block(void **state)
{
	struct made made = make(HEAD "organization = Hangzhou Hikrobot Technology Co., Ltd.\n"
				"prefix = b0:b3:53\n", extract);

	/* The /24 is the IEEE's, with 15 other tenants: not even where it is pinned. */
	expect_prefixes(made, "b0:b3:53:60/28");
}

/* A pack that names them is refused; nor does one help that was made in another way. */
static void private_and_subdivided_blocks_are_nobodys(void **state)
{
	static const char *const names[] = { "private", "ieeeregistrationauthority" };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		struct cw_error err = { 0 };
		struct cw_pack *pack = load_text(HEAD "organization = X\n", &err);

		unit_expect_none(&err);
		free(pack->organizations[0]);
		pack->organizations[0] = strdup(names[i]);
		expect_prefixes(resolve(pack, extract), "");
	}
}

static void pinned_prefixes_are_a_floor(void **state)
{
	static const char *const head = HEAD "organization = Blake UK\n";
	static const struct {
		const char *pinned, *with_registry;
	} cases[] = {
		/* not known to this registry at all */
		{ "12:34:56/24", "12:34:56/24 b0:b3:53:00/28" },
		{ "12:34:56:70/28", "12:34:56:70/28 b0:b3:53:00/28" },
		/* in a block of the IEEE's, not assigned yet */
		{ "b0:b3:53:f0/28", "b0:b3:53:00/28 b0:b3:53:f0/28" },
		{ "70:b3:d5:12:30/36", "70:b3:d5:12:30/36 b0:b3:53:00/28" },
		/* in a block that has other parts, but no row of its own */
		{ "1c:88:79:f0/28", "1c:88:79:f0/28 b0:b3:53:00/28" },
		/* within what the pack has anyway */
		{ "b0:b3:53:01:20/36", "b0:b3:53:00/28 b0:b3:53:01:20/36" },
		/* now somebody else's: as a whole, a part of it, or the block around it */
		{ "28:57:be/24", "b0:b3:53:00/28" },
		{ "b0:b3:53:60/28", "b0:b3:53:00/28" },
		{ "28:57:be:10/28", "b0:b3:53:00/28" },
		{ "b0:b3:53:61:20/36", "b0:b3:53:00/28" },
		{ "b0:b3:53:61:23:45/48", "b0:b3:53:00/28" },
		{ "1c:88:79/24", "b0:b3:53:00/28" },
		/* now private, or in a private block */
		{ "00:50:79/24", "b0:b3:53:00/28" },
		{ "74:1a:e0:90/28", "b0:b3:53:00/28" },
		{ "00:50:79:10/28", "b0:b3:53:00/28" },
		/* now subdivided */
		{ "70:b3:d5/24", "b0:b3:53:00/28" },
		{ "b0:b3:53:00/25", "b0:b3:53:00/28" },
	};
	char text[512];

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		snprintf(text, sizeof(text), "%sprefix = %s\n", head, cases[i].pinned);
		expect_prefixes(make(text, extract), cases[i].with_registry);
		/* Without a registry only what is pinned is known. */
		expect_prefixes(make(text, NULL), cases[i].pinned);
	}
}

static void what_is_excluded_is_never_taken(void **state)
{
	static const char *const head = HEAD "organization = Blake UK\nprefix = 12:34:56\n";
	static const struct {
		const char *exclude, *expected;
	} cases[] = {
		{ "b0:b3:53", "12:34:56/24" },
		{ "b0:b3:53:00/28", "12:34:56/24" },
		{ "b0:b3:53:10/28", "12:34:56/24 b0:b3:53:00/28" },
		/* a part of what is taken: the rest stays */
		{ "b0:b3:53:00/29", "12:34:56/24 b0:b3:53:08/29" },
		{ "b0:b3:53:0a/31", "12:34:56/24 b0:b3:53:00/29 b0:b3:53:08/31 b0:b3:53:0c/30" },
	};
	char text[512];
	struct made made;
	uint64_t covered = 0;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		snprintf(text, sizeof(text), "%sexclude = %s\n", head, cases[i].exclude);
		expect_prefixes(make(text, extract), cases[i].expected);
	}

	/* One address out of a /24: 24 prefixes, which hold all others. */
	made = make(HEAD "prefix = 12:34:56\nexclude = 12:34:56:78:9a:bc\n", NULL);
	assert_int_equal(made.n, 24);
	for (size_t i = 0; i < made.n; i++) {
		unsigned int len = cw_prefix_len(made.prefixes[i]);

		covered += 1ULL << (48 - len);
		assert_true((cw_prefix_mac(made.prefixes[i]) ^ 0x123456789abc) >> (48 - len));
	}
	assert_int_equal(covered, (1 << 24) - 1);
	drop(&made);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_pack_is_read),
		cmocka_unit_test(a_wrong_pack_is_refused),
		cmocka_unit_test(an_unknown_pack_names_the_known),
		cmocka_unit_test(the_first_folder_wins),
		cmocka_unit_test(the_folders_can_be_named),
		cmocka_unit_test(names_match_whole_and_folded),
		cmocka_unit_test(a_tenant_is_not_its_block),
		cmocka_unit_test(private_and_subdivided_blocks_are_nobodys),
		cmocka_unit_test(pinned_prefixes_are_a_floor),
		cmocka_unit_test(what_is_excluded_is_never_taken),
	};

	return cmocka_run_group_tests_name("pack", tests, setup, teardown);
}
