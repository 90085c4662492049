// SPDX-License-Identifier: GPL-2.0-or-later
/* Examples of rules for nftables, filled in: groups, settings, errors; and the examples that there are. */
#include "unit.h"

#include "nft_example.h"

static struct cw_nft_example example = {
	.name = (char *)"test",
	.title = (char *)"Test.",
	.text = (char *)
		"# SPDX\n"
		"# Test.\n"
		"table inet t {\n"
		"	define WAN = wan0\n"
		"	define WAN6 = { wan6, GROUP }\n"
		"	set GROUP_ip4 { }\n"
		"	meta mark and $CAMWALL_MASK == $CAMWALL_GROUP log prefix \"GROUP \" WAN = x\n"
		"}\n",
};

static void add(struct cw_policy *policy, const char *name, uint32_t mark)
{
	struct cw_policy_group *group = cw_policy_group_add(policy);

	strcpy(group->name, name);
	group->has_mark = mark != 0;
	group->mark = mark;
}

static struct cw_policy *policy_new(void)
{
	struct cw_policy *policy = cw_policy_new();

	policy->mark_mask = 0xff000000;
	add(policy, "bare", 0);
	add(policy, "Lobby-2", 0x01000000);
	add(policy, "dahua", 0x02000000);
	return policy;
}

static void expect(const char *group, char *const *settings, size_t n, const char *wanted)
{
	struct cw_policy *policy = policy_new();
	struct cw_error err = { 0 };
	char *text;

	text = cw_nft_example_fill(&example, policy, group, settings, n, &err);
	unit_expect_none(&err);
	assert_string_equal(text, wanted);
	free(text);
	cw_policy_free(policy);
}

static void refuse(const char *group, const char *setting, const char *part)
{
	struct cw_policy *policy = policy_new();
	char *settings[] = { (char *)setting };
	struct cw_error err = { 0 };

	assert_null(cw_nft_example_fill(&example, policy, group, settings, setting ? 1 : 0, &err));
	unit_expect(&err, part);
	cw_policy_free(policy);
}

static void first_marked(void **state)
{
	expect(NULL, NULL, 0,
	       "# SPDX\n"
	       "# Test.\n"
	       "table inet t {\n"
	       "	define WAN = wan0\n"
	       "	define WAN6 = { wan6, Lobby_2 }\n"
	       "	set Lobby_2_ip4 { }\n"
	       "	meta mark and $CAMWALL_MASK == $CAMWALL_LOBBY_2 log prefix \"Lobby_2 \" WAN = x\n"
	       "}\n");
}

static void settings(void **state)
{
	char *both[] = { (char *)"WAN6={ eth6 }", (char *)"WAN=eth0" };

	expect("dahua", both, 2,
	       "# SPDX\n"
	       "# Test.\n"
	       "table inet t {\n"
	       "	define WAN = eth0\n"
	       "	define WAN6 = { eth6 }\n"
	       "	set dahua_ip4 { }\n"
	       "	meta mark and $CAMWALL_MASK == $CAMWALL_DAHUA log prefix \"dahua \" WAN = x\n"
	       "}\n");
}

static void groups(void **state)
{
	struct cw_policy *policy = cw_policy_new();
	struct cw_error err = { 0 };

	refuse("bare", NULL, "group bare has no mark");
	refuse("dahue", NULL, "did you mean dahua?");
	refuse("xyz", NULL, "no group xyz; \"camwall show groups\"");
	assert_null(cw_nft_example_fill(&example, policy, NULL, NULL, 0, &err));
	unit_expect(&err, "has no group");
	add(policy, "bare", 0);
	assert_null(cw_nft_example_fill(&example, policy, NULL, NULL, 0, &err));
	unit_expect(&err, "give [camwall] a mark-mask");
	cw_policy_free(policy);
}

/* Rules that ask for no tag are for groups without one as well. */
static void no_tag(void **state)
{
	struct cw_nft_example sets = { (char *)"s", (char *)"", (char *)"@GROUP_mac\n" };
	struct cw_policy *policy = cw_policy_new();
	struct cw_error err = { 0 };
	char *text;

	add(policy, "bare", 0);
	text = cw_nft_example_fill(&sets, policy, NULL, NULL, 0, &err);
	unit_expect_none(&err);
	assert_string_equal(text, "@bare_mac\n");
	free(text);
	cw_policy_free(policy);
}

static void wrong_settings(void **state)
{
	struct cw_nft_example none = { (char *)"none", (char *)"", (char *)"counter\n" };
	char *wan[] = { (char *)"WAN=x" };
	struct cw_policy *policy = policy_new();
	struct cw_error err = { 0 };

	refuse(NULL, "LAN=x", "these can be set, as NAME=VALUE: WAN, WAN6");
	refuse(NULL, "WA=x", "these can be set");
	refuse(NULL, "WAN66=x", "these can be set");
	refuse(NULL, "WAN", "a value is missing");
	refuse(NULL, "WAN=", "a value is missing");
	refuse(NULL, "WAN=a\nb", "in one line");
	assert_null(cw_nft_example_fill(&none, policy, NULL, wan, 1, &err));
	unit_expect(&err, "nothing to set in the example none");
	cw_policy_free(policy);
}

static void no_folder(void **state)
{
	static const char *const none[] = { NULL };
	struct cw_nft_example *examples;
	struct cw_error err = { 0 };
	char *dir = unit_folder();
	size_t n;

	assert_int_equal(cw_nft_example_list(dir, &examples, &n, &err), -1);
	unit_expect(&err, "has no examples");
	cw_nft_examples_free(examples, n);
	assert_int_equal(cw_nft_example_list("/nonexistent", &examples, &n, &err), -1);
	unit_expect(&err, "CAMWALL_NFTABLES");
	cw_nft_examples_free(examples, n);
	unit_remove(dir, none);
}

/* A file that an editor left without its last line end, and files that are none of ours. */
static void folder(void **state)
{
	static const char *const names[] = { "b.nft", "a.nft", ".nft", "c.txt", NULL };
	struct cw_nft_example *examples;
	struct cw_error err = { 0 };
	char *dir = unit_folder();
	const char *const *name;
	size_t n;

	for (name = names; *name; name++)
		unit_write(dir, *name, "# one\n# Two.\nthree", 18);
	assert_int_equal(cw_nft_example_list(dir, &examples, &n, &err), 0);
	assert_int_equal(n, 2);
	assert_string_equal(examples[0].name, "a");
	assert_string_equal(examples[1].name, "b");
	assert_string_equal(examples[0].title, "Two.");
	assert_string_equal(examples[0].text, "# one\n# Two.\nthree\n");
	cw_nft_examples_free(examples, n);
	unit_remove(dir, names);
}

/* Those that camwall comes with: each says what it does, and leaves nothing unfilled. */
static void ours(void **state)
{
	struct cw_policy *policy = policy_new();
	struct cw_nft_example *examples;
	struct cw_error err = { 0 };
	size_t n, i;

	assert_int_equal(cw_nft_example_list(unit_path("nftables"), &examples, &n, &err), 0);
	assert_true(n >= 8);
	for (i = 0; i < n; i++) {
		char *text = cw_nft_example_fill(&examples[i], policy, NULL, NULL, 0, &err);

		unit_expect_none(&err);
		assert_true(*examples[i].title);
		assert_non_null(strstr(text, "table "));
		assert_null(strstr(text, "GROUP"));
		free(text);
	}
	cw_nft_examples_free(examples, n);
	cw_policy_free(policy);
}

/* Each line of an example, below its head, stands in the documentation, which explains it. */
static void documented(void **state)
{
	struct cw_nft_example *examples;
	struct cw_error err = { 0 };
	size_t n, i, length;
	char *doc, *line;

	doc = unit_read(unit_path("Documentation/nftables.md"), &length);
	assert_int_equal(cw_nft_example_list(unit_path("nftables"), &examples, &n, &err), 0);
	for (i = 0; i < n; i++) {
		line = strstr(examples[i].text, "\n\n");
		assert_non_null(line);
		for (line = strtok(line, "\n"); line; line = strtok(NULL, "\n")) {
			line += strspn(line, "\t");
			if (!strstr(doc, line))
				fail_msg("Documentation/nftables.md lacks, of %s: %s", examples[i].name, line);
		}
	}
	cw_nft_examples_free(examples, n);
	free(doc);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(first_marked),
		cmocka_unit_test(settings),
		cmocka_unit_test(groups),
		cmocka_unit_test(no_tag),
		cmocka_unit_test(wrong_settings),
		cmocka_unit_test(no_folder),
		cmocka_unit_test(folder),
		cmocka_unit_test(ours),
		cmocka_unit_test(documented),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
