// SPDX-License-Identifier: GPL-2.0-or-later
/* The configuration file: what it means, what is refused and with which words, what is printed and read again. */
#include "unit.h"

#include "config.h"

#define EXTRACT	"tests/unit/data/registry"
#define PACKS	"tests/unit/data/vendors"
#define HEAD	"[camwall]\ninterfaces = lan*\n"
#define MASK	"mark-mask = 0xff000000\n"

static char packs[2 * PATH_MAX], extract[2 * PATH_MAX];
static const char *const pack_dirs[] = { packs, NULL };
static struct cw_config_options options = { .registry_dir = extract, .pack_dirs = pack_dirs };

static int setup(void **state)
{
	snprintf(packs, sizeof(packs), "%s", unit_path(PACKS));
	snprintf(extract, sizeof(extract), "%s", unit_path(EXTRACT));
	return 0;
}

static struct cw_policy *load(const char *text, struct cw_config_report *report,
			      struct cw_error *err)
{
	FILE *stream = fmemopen((void *)text, strlen(text), "r");
	struct cw_policy *policy;

	assert_non_null(stream);
	policy = cw_config_load(stream, "t.conf", &options, report, err);
	fclose(stream);
	return policy;
}

static struct cw_policy *load_right(const char *text)
{
	struct cw_error err = { 0 };
	struct cw_policy *policy = load(text, NULL, &err);

	unit_expect_none(&err);
	assert_non_null(policy);
	return policy;
}

/* A right configuration, and the one warning that it earns; NULL for none. */
static void expect_warning(const char *text, const char *warning)
{
	struct cw_config_report report;
	struct cw_error err = { 0 };
	struct cw_policy *policy = load(text, &report, &err);

	unit_expect_none(&err);
	assert_int_equal(report.n_warnings, !!warning);
	if (warning && !strstr(report.warnings[0], warning))
		fail_msg("\"%s\" does not say \"%s\"", report.warnings[0], warning);
	cw_policy_free(policy);
	cw_config_report_clear(&report);
}

/* The group of a MAC address, by name; NULL where it is in none. */
static const char *group_of(struct cw_policy *policy, const char *text)
{
	struct cw_error err = { 0 };
	uint64_t mac, prefix;

	assert_int_equal(cw_mac_parse(text, &mac, &err), 0);
	if (cw_policy_lookup(policy, mac, &prefix, &err) <= 0)
		return NULL;
	return policy->groups[cw_prefix_group(prefix)].name;
}

static void test_all_keys(void **state)
{
	struct cw_policy *policy = load_right("# a comment\n"
		"[camwall]\n"
		"interfaces = lan*  eth1 ; two of them\n"
		"interfaces = wlan?\n"
		MASK
		"[group one]\n"
		"prefix = 2857be\n"
		"prefix = b0:b3:53:10:00:00/28\n"
		"action = drop\n"
		"mark = 16777216 # decimal\n"
		"[group two_-2]\n"
		"vendor = acme\n");

	assert_int_equal(policy->n_interfaces, 3);
	assert_string_equal(policy->interfaces[0], "lan*");
	assert_string_equal(policy->interfaces[1], "eth1");
	assert_string_equal(policy->interfaces[2], "wlan?");
	assert_int_equal(policy->mark_mask, 0xff000000);
	assert_int_equal(policy->n_groups, 2);
	assert_string_equal(policy->groups[0].name, "one");
	assert_int_equal(policy->groups[0].action, CAMWALL_ACTION_DROP);
	assert_true(policy->groups[0].has_mark);
	assert_int_equal(policy->groups[0].mark, 0x01000000);
	assert_string_equal(policy->groups[1].name, "two_-2");
	assert_int_equal(policy->groups[1].action, CAMWALL_ACTION_OBSERVE);
	assert_false(policy->groups[1].has_mark);
	assert_int_equal(policy->n_prefixes, 4);
	assert_string_equal(group_of(policy, "b0:b3:53:1f:00:00"), "one");
	assert_string_equal(group_of(policy, "44:19:b6:00:00:00"), "two_-2");
	assert_null(group_of(policy, "b0:b3:53:20:00:00"));
	cw_policy_free(policy);
}

static void test_inventory_keys(void **state)
{
	static const struct {
		const char *text;
		uint32_t idle;
	} idle[] = { { "1", 1 }, { "90s", 90 }, { "10m", 600 }, { "10min", 600 }, { "8h", 28800 },
		     { "365d", 31536000 }, { "2w", 1209600 } };
	struct cw_policy *policy = load_right(HEAD "[group a]\nprefix = 2857be\n");
	char text[128];
	size_t i;

	assert_int_equal(policy->max_devices, CAMWALL_DEVICES_DEFAULT);
	assert_int_equal(policy->idle, CAMWALL_IDLE_DEFAULT);
	cw_policy_free(policy);
	for (i = 0; i < sizeof(idle) / sizeof(idle[0]); i++) {
		snprintf(text, sizeof(text), HEAD "max-devices = 0x10\nidle = %s\n[group a]\nprefix = 2857be\n",
			 idle[i].text);
		policy = load_right(text);
		assert_int_equal(policy->max_devices, 16);
		assert_int_equal(policy->idle, idle[i].idle);
		cw_policy_free(policy);
	}
}

/* As sha256sum(1) gives it of the file, whatever else is read with it. */
static void test_digest(void **state)
{
	struct cw_policy *policy = load_right(HEAD "[group a]\nprefix = 2857be\n# the end\n");
	char hex[CW_DIGEST_STRLEN + 1];

	assert_string_equal(cw_digest_format(&policy->digest, hex),
			    "976330c33edd51968089800fb6a7b7e7d6cd253f42f24656d19a4ce4189af693");
	cw_policy_free(policy);
}

/* [camwall] may stand behind the groups that its mask is for. */
static void test_section_order(void **state)
{
	cw_policy_free(load_right("[group a]\nprefix = 2857be\nmark = 0x01000000\n" HEAD MASK));
}

/** struct wrong - a configuration that is refused, and parts of what is said of it */
struct wrong {
	const char *text;
	const char *parts[3];
};

static const struct wrong wrong[] = {
	{ "[camwal]\n", { "t.conf:1: unknown section [camwal]", "[camwall]?" } },
	{ "[groups x]\n", { "t.conf:1:", "did you mean [group NAME]?" } },
	{ "[cameras]\n", { "t.conf:1: unknown section", "there are [camwall], [group NAME], [exempt MAC] and [history]" } },
	{ "[exemption x]\n", { "t.conf:1: unknown section", "did you mean [exempt MAC]?" } },
	{ HEAD "[group]\n", { "t.conf:3:", "no name", "[group NAME]" } },
	{ HEAD "[group 1st]\n", { "t.conf:3:", "cannot name a group", "a letter" } },
	{ HEAD "[group a b]\n", { "t.conf:3:", "\"a b\" cannot name a group" } },
	{ HEAD "[group caf\xc3\xa9]\n", { "t.conf:3:", "cannot name a group" } },
	{ HEAD "[group a2345678901234567890123456789012]\n", { "t.conf:3:", "32 characters", "shorten it to 31" } },
	{ HEAD "[group a]\nprefix = 2857be\n[group a]\nprefix = 4419b6\n", { "t.conf:5: group a stands twice", "line 3" } },
	{ HEAD "[camwall]\n", { "t.conf:3: [camwall] stands twice", "line 1" } },
	{ "[camwall]\ninterface = lan*\n", { "t.conf:2: unknown key \"interface\"", "did you mean \"interfaces\"?" } },
	{ HEAD "timeout = 5\n", { "t.conf:3: unknown key \"timeout\" in [camwall]", "there are interfaces, mark-mask, conntrack, registry, registry-url, max-devices, idle, leases, boot-failure, nftables" } },
	{ HEAD "registry-url = mirror\n", { "t.conf:3: registry-url = mirror", "https://" } },
	{ HEAD "conntrack = on\n", { "t.conf:3: conntrack = on is neither yes nor no" } },
	{ HEAD "max-devices = 15\n", { "t.conf:3: max-devices = 15 is not from 16 to 65536" } },
	{ HEAD "max-devices = 65537\n", { "t.conf:3: max-devices = 65537 is not from" } },
	{ HEAD "max-devices = many\n", { "t.conf:3: max-devices = many is no number" } },
	{ HEAD "leases = dnsmasq.leases\n", { "t.conf:3: leases = dnsmasq.leases is no path from the root on" } },
	{ HEAD "nftables = maybe\n", { "t.conf:3: nftables = maybe is neither yes nor no" } },
	{ HEAD "leases =\n", { "t.conf:3: leases =  is no path" } },
	{ HEAD "idle = 0\n", { "t.conf:3: idle = 0 is no duration" } },
	{ HEAD "idle = 366d\n", { "t.conf:3: idle = 366d is not from 1 second to 365 days" } },
	{ HEAD "idle = 5 minutes\n", { "t.conf:3: idle = 5 minutes is no duration", "10m, 8h or 30d" } },
	{ HEAD "idle =\n", { "t.conf:3: idle =  is no duration" } },
	{ HEAD "conntrack = yes\nconntrack = yes\n", { "t.conf:4: \"conntrack\" stands twice in [camwall]" } },
	{ HEAD "[group a]\nvender = acme\n", { "t.conf:4:", "did you mean \"vendor\"?" } },
	{ HEAD "[group a]\nipaddress = 192.0.2.1\n", { "t.conf:4: unknown key \"ipaddress\" in [group a]", "vendor, prefix, action, mark, allow, limit" } },
	{ HEAD "[group a]\nprefix = 2857be\nallow = 192.0.2.1/24\n", { "t.conf:5: 192.0.2.1/24 has bits set beyond its length", "192.0.2.0/24" } },
	{ HEAD "[group a]\nprefix = 2857be\nallow = 192.0.2.1\n", { "t.conf:5: group a has \"allow\", but no action", "write action = isolate" } },
	{ HEAD "[group a]\nprefix = 2857be\nlimit = 5 packets/s\n", { "t.conf:5: group a has \"limit\", but no action", "write action = limit" } },
	{ HEAD "[group a]\nprefix = 2857be\naction = limit\n", { "t.conf:5: group a has no limit", "limit = 200 packets/s" } },
	{ HEAD "[group a]\nlimit = 5 packets\n", { "t.conf:4:", "is no unit here" } },
	{ HEAD "[group a]\nlimit = 5 packets/s\nlimit = 5 packets/s\n", { "t.conf:5: \"limit\" stands twice" } },
	{ HEAD MASK MASK, { "t.conf:4: \"mark-mask\" stands twice in [camwall]", "line 3" } },
	{ HEAD "[group a]\naction = drop\naction = drop\n", { "t.conf:5: \"action\" stands twice", "line 4" } },
	{ HEAD "[group a]\nprefix = 2857be\naction = isolated\n", { "t.conf:5: there is no action \"isolated\"", "did you mean isolate?" } },
	{ HEAD "[group a]\nprefix = 2857be\naction = reject\n", { "t.conf:5: there is no action \"reject\"", "observe, isolate, limit or drop" } },
	{ HEAD "[group a]\naction = drop\n", { "t.conf:3: group a has neither vendor nor prefix" } },
	{ "[camwall]\n[group a]\nprefix = 2857be\n", { "t.conf:1: no interfaces", "nothing would be bound" } },
	{ "[camwall]\ninterfaces =\n[group a]\nprefix = 2857be\n", { "t.conf:2: no interfaces" } },
	{ "[group a]\nprefix = 2857be\n", { "t.conf: no interfaces" } },
	{ "", { "t.conf: no interfaces" } },
	{ "[camwall]\ninterfaces = lan* abcdefghijklmnop\n", { "t.conf:2: interface \"abcdefghijklmnop\" has 16 characters", "15" } },
	{ "[camwall]\ninterfaces = lan0,lan1\n", { "t.conf:2:", "separate patterns by spaces" } },
	{ "[camwall]\ninterfaces = lan[01]\n", { "t.conf:2:", "cannot be the name of a device" } },
	{ "[camwall]\ninterfaces =;lan0\n", { "t.conf:2: interface \";lan0\" begins a comment", "'?'" } },
	{ "[camwall]\ninterfaces =# \n", { "t.conf:2: interface \"#\" begins a comment" } },
	{ "[camwall]\ninterfaces = lan0\vlan1\n", { "t.conf:2:", "a space in it" } },
	{ HEAD MASK "[group a]\nprefix = 2857be\nmark = 1\n", { "t.conf:6: mark 0x00000001 of group a has bits outside of mark-mask 0xff000000" } },
	{ HEAD "[group a]\nprefix = 2857be\nmark = 1\n", { "t.conf:5: group a has a mark, but [camwall] has no mark-mask" } },
	{ HEAD MASK "[group a]\nprefix = 2857be\nmark = 0\n", { "t.conf:6: mark 0 is no tag" } },
	{ HEAD "mark-mask = 0\n", { "t.conf:3: mark-mask 0 leaves no bit" } },
	{ HEAD "mark-mask = 0x100000000\n", { "t.conf:3: mark-mask = 0x100000000 is no number" } },
	{ HEAD "mark-mask = 0x0xff\n", { "t.conf:3: mark-mask = 0x0xff is no number" } },
	{ HEAD "mark-mask = -1\n", { "t.conf:3: mark-mask = -1 is no number" } },
	{ HEAD "mark-mask = 12f\n", { "t.conf:3: mark-mask = 12f is no number" } },
	{ HEAD "mark-mask = 0x\n", { "t.conf:3:", "is no number" } },
	{ HEAD "mark-mask =\n", { "t.conf:3:", "is no number" } },
	{ HEAD "registry =\n", { "t.conf:3: registry is empty" } },
	{ HEAD "[group a]\nvendor =\n", { "t.conf:4: vendor is empty", "camwall vendors" } },
	{ HEAD "[group a]\nvendor = acne\n", { "t.conf:4:", "acme", "bolt" } },
	{ HEAD "[group a]\nprefix = 28:57\n", { "t.conf:4:" } },
	{ HEAD "[group a]\nprefix = 2857be\n[group b]\nprefix = 28:57:be/24\n",
	  { "t.conf:6: the prefix 28:57:be/24 is in two groups", "a (line 4, prefix =)", "b (line 6, prefix =)" } },
	{ HEAD "[group a]\nvendor = acme\n[group b]\nvendor = bolt\n",
	  { "t.conf:6: the prefix 00:00:5e/24 is in two groups, a (line 4, vendor = acme) and b (line 6, vendor = bolt)",
	    "\"prefix = 00:00:5e/24\"" } },
	{ HEAD "[group a]\nvendor = *\n[group b]\nvendor = *\n", { "t.conf:6:", "in two groups, a (line 4, vendor = *)" } },
	{ HEAD "[group a]\nvendor = bolt\n[group b]\nprefix = 00005f\nprefix = 00005e\n",
	  { "t.conf:3: group a is left without a prefix" } },
	{ "interfaces = lan*\n", { "t.conf:1:", "before the first [section]" } },
};

static void test_wrong(void **state)
{
	size_t i, k;

	for (i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		struct cw_error err = { 0 };
		struct cw_policy *policy = load(*wrong[i].text ? wrong[i].text : "\n", NULL, &err);

		if (policy)
			fail_msg("accepted: %s", wrong[i].text);
		for (k = 0; k < 3 && wrong[i].parts[k]; k++)
			if (!strstr(err.message, wrong[i].parts[k]))
				fail_msg("of \"%s\" is said \"%s\", which has no \"%s\"",
					 wrong[i].text, err.message, wrong[i].parts[k]);
		cw_error_clear(&err);
	}
}

/* One more than the kernel takes is refused here, where the line can be named. */
static void expect_limit(const char *head, const char *fmt, int limit, const char *part)
{
	struct cw_error err = { 0 };
	struct cw_policy *policy;
	char *text = NULL;
	size_t size;
	FILE *out;
	int i, extra;

	for (extra = 0; extra < 2; extra++) {
		out = open_memstream(&text, &size);
		assert_non_null(out);
		fputs(head, out);
		for (i = 0; i < limit + extra; i++)
			fprintf(out, fmt, i, i);
		fclose(out);
		policy = load(text, NULL, &err);
		if (extra)
			unit_expect(&err, part);
		else
			unit_expect_none(&err);
		assert_int_equal(!!policy, !extra);
		cw_policy_free(policy);
		free(text);
	}
}

static void test_limits(void **state)
{
	expect_limit(HEAD, "[group g%d]\nprefix = 28:57:be:00:%02x:00/40\n", CAMWALL_MAX_GROUPS,
		     "t.conf:511: more than 254 groups");
	expect_limit("[group g]\nprefix = 2857be\n[camwall]\n", "interfaces = lan%d\n", CAMWALL_MAX_INTERFACES,
		     "t.conf:68: more than 64 interface patterns");
	expect_limit(HEAD "[group g]\nprefix = 2857be\naction = isolate\n", "allow = 2001:db8::%x\n", CAMWALL_MAX_ALLOW,
		     "t.conf:262: more than 256 entries in the allow list of group g");
	expect_limit(HEAD "[group g]\n", "prefix = 2857be%06x\n", CAMWALL_MAX_PREFIXES,
		     "t.conf: 262145 prefixes, the kernel takes 262144");
}

static void test_warnings(void **state)
{
	expect_warning(HEAD "[group a]\nvendor = acme\n", NULL);
	expect_warning(HEAD MASK "[group a]\nprefix = 2857be\nmark = 0x01000000\n"
		       "[group b]\nprefix = 4419b6\nmark = 0x01000000\n",
		       "t.conf:9: groups a and b have the same mark 0x01000000");
	expect_warning(HEAD "[group a]\nprefix = 2857be\naction = isolate\n",
		       "t.conf:5: group a is isolated and its allow list is empty: nothing but ARP");
	expect_warning(HEAD "[group a]\nprefix = 2857be\naction = observe\nallow = 192.0.2.1\n",
		       "t.conf:6: \"allow\" has no effect in group a, whose action is observe");
	expect_warning(HEAD "[group a]\nprefix = 2857be\naction = drop\nlimit = 1 kbit/s\n",
		       "t.conf:6: \"limit\" has no effect in group a, whose action is drop");
	expect_warning(HEAD "[group a]\nprefix = 2857be\naction = isolate\nallow = 192.0.2.1\nallow = 192.0.2.1/32\n",
		       "t.conf:7: group a allows 192.0.2.1/32 twice");
	expect_warning("[camwall]\ninterfaces = lan* eth0 lan*\n[group a]\nprefix = 2857be\n",
		       "t.conf:2: interface lan* is named twice");
}

/* A prefix of the file beats that of a pack, that of a pack beats the whole registry. */
static void test_precedence(void **state)
{
	struct cw_policy *policy = load_right(HEAD
		"[group rest]\nvendor = *\n"
		"[group pack]\nvendor = acme\n"
		"[group file]\nprefix = 00:00:5e\nprefix = 44:19:b6:12:34:56\n");

	assert_string_equal(group_of(policy, "44:19:b6:00:00:01"), "pack");
	assert_string_equal(group_of(policy, "44:19:b6:12:34:56"), "file");
	assert_string_equal(group_of(policy, "00:00:5e:00:00:01"), "file");
	assert_string_equal(group_of(policy, "74:c9:29:00:00:01"), "rest");
	cw_policy_free(policy);
}

/* The whole registry: private rows too, and only the IEEE's own subdivided blocks not. */
static void test_whole_registry(void **state)
{
	struct cw_registry *registry;
	struct cw_error err = { 0 };
	struct cw_policy *policy;
	size_t i, expected = 0;

	registry = cw_registry_load(extract, &err);
	unit_expect_none(&err);
	for (i = 0; i < registry->n_assignments; i++)
		expected += !registry->assignments[i].subdivided &&
			    (!i || registry->assignments[i].prefix != registry->assignments[i - 1].prefix);
	assert_true(expected < registry->n_assignments);
	policy = load_right(HEAD "[group all]\nvendor = *\n");
	assert_int_equal(policy->n_prefixes, expected);
	assert_string_equal(group_of(policy, "e4:f1:4c:00:00:00"), "all");
	assert_string_equal(group_of(policy, "b0:b3:53:60:00:00"), "all");
	assert_null(group_of(policy, "b0:b3:53:f0:00:00"));
	assert_null(group_of(policy, "8c:1f:64:00:00:00"));
	cw_policy_free(policy);
	cw_registry_free(registry);
}

static void test_vendor_by_organization(void **state)
{
	struct cw_policy *policy = load_right(HEAD "[group a]\nvendor = named\n");

	assert_string_equal(group_of(policy, "74:c9:29:00:00:00"), "a");
	assert_string_equal(group_of(policy, "40:7a:a4:00:00:00"), "a");
	assert_null(group_of(policy, "28:57:be:00:00:00"));
	cw_policy_free(policy);
}

/* "registry =" names the folder where the caller does not, and a folder that is named has to be there. */
static void test_registry_key(void **state)
{
	struct cw_config_report report;
	struct cw_error err = { 0 };
	struct cw_policy *policy;
	char text[3 * PATH_MAX];

	options.registry_dir = NULL;
	snprintf(text, sizeof(text), HEAD "registry = %s\n[group a]\nvendor = named\n", extract);
	policy = load(text, &report, &err);
	unit_expect_none(&err);
	assert_non_null(policy);
	assert_string_equal(report.registry->dir, extract);
	cw_config_report_clear(&report);
	cw_policy_free(policy);

	policy = load(HEAD "registry = /nonexistent\n[group a]\nvendor = acme\n", NULL, &err);
	assert_null(policy);
	unit_expect(&err, "/nonexistent");

	policy = load(HEAD "registry = /nonexistent\n[group a]\nprefix = 2857be\n", &report, &err);
	unit_expect_none(&err);
	assert_null(report.registry);
	assert_string_equal(report.registry_dir, "/nonexistent");
	cw_config_report_clear(&report);
	cw_policy_free(policy);
	options.registry_dir = extract;
}

/* What is printed is read again as the same. */
static void expect_round_trip(const struct cw_policy *policy)
{
	struct cw_policy_change *changes;
	struct cw_policy *again;
	char *text = NULL;
	size_t n, size;
	FILE *out = open_memstream(&text, &size);

	assert_non_null(out);
	cw_policy_print(policy, out);
	fclose(out);
	again = load_right(text);
	cw_policy_diff(policy, again, &changes, &n);
	if (n)
		fail_msg("printed and read again, %s", changes[0].text);
	assert_int_equal(again->n_prefixes, policy->n_prefixes);
	cw_policy_changes_free(changes, n);
	cw_policy_free(again);
	free(text);
}

static void test_round_trip(void **state)
{
	struct cw_policy *policy = load_right(HEAD MASK "conntrack = yes\n"
		"interfaces = eth1 wlan? abcdefghijklmno\n"
		"[group all]\nvendor = *\nmark = 0x80000000\n"
		"[group two]\nvendor = acme\naction = drop\n"
		"[group three]\nprefix = 44:19:b6:12:34:56\nprefix = 28:57:be:80/25\nprefix = 70b3d5123\n"
		"action = isolate\nallow = 192.0.2.0/24 udp 123\nallow = 2001:db8::/32 tcp 80-90\nallow = 0.0.0.0/0 47\nallow = fe80::1 icmpv6\n"
		"[group four]\nprefix = 44:19:b6:12:34:57\naction = limit\nlimit = 4 mbit/s\n"
		"[group five]\nprefix = 44:19:b6:12:34:58\naction = observe\nlimit = 7 packets/s burst 3\nallow = ::1\n"
		"[exempt 44:19:b6:12:34:57]\nuntil = 2027-03-31T00:00:00Z\nreason = contract ends, ticket #4711\napproved-by = J. Doe\n"
		"[exempt 28:57:be:00:00:01]\nuntil = 1999-12-31\nreason = caf\xc3\xa9\napproved-by = A\n");

	assert_true(policy->conntrack);
	assert_int_equal(policy->n_exemptions, 2);

	expect_round_trip(policy);
	cw_policy_free(policy);

	policy = cw_policy_new();
	expect_round_trip(policy);
	cw_policy_free(policy);
}

/* As many patterns as there can be, each as long as it can be: no line gets too long. */
static void test_round_trip_interfaces(void **state)
{
	struct cw_policy *policy = load_right(HEAD "[group a]\nprefix = 2857be\n");
	char pattern[CAMWALL_INTERFACE_LEN + 1];
	int i;

	for (i = 1; i < CAMWALL_MAX_INTERFACES; i++) {
		snprintf(pattern, sizeof(pattern), "abcdefghijklm%02d", i);
		cw_policy_interface_add(policy, pattern);
	}
	expect_round_trip(policy);
	cw_policy_free(policy);
}

static void test_example(void **state)
{
	struct cw_error err = { 0 };
	struct cw_policy *policy;
	FILE *stream;

	snprintf(packs, sizeof(packs), "%s", unit_path("vendors"));
	stream = fopen(unit_path("Documentation/camwall.conf.example"), "r");
	assert_non_null(stream);
	policy = cw_config_load(stream, "example", &options, NULL, &err);
	fclose(stream);
	unit_expect_none(&err);
	assert_string_equal(group_of(policy, "44:19:b6:00:00:01"), "hikvision");
	assert_int_equal(policy->groups[0].action, CAMWALL_ACTION_OBSERVE);
	assert_string_equal(group_of(policy, "3c:ef:8c:00:00:01"), "dahua");
	assert_int_equal(policy->groups[1].action, CAMWALL_ACTION_DROP);
	expect_round_trip(policy);
	cw_policy_free(policy);
	setup(state);
}

/* What is shipped is right, and isolates what it says. */
static void test_profiles(void **state)
{
	struct cw_config_report report;
	struct cw_error err = { 0 };
	struct cw_policy *policy;
	FILE *stream;

	snprintf(packs, sizeof(packs), "%s", unit_path("vendors"));
	stream = fopen(unit_path("Documentation/profiles/recorder-only.conf"), "r");
	assert_non_null(stream);
	policy = cw_config_load(stream, "recorder-only", &options, &report, &err);
	fclose(stream);
	unit_expect_none(&err);
	assert_int_equal(report.n_warnings, 0);
	assert_string_equal(group_of(policy, "44:19:b6:00:00:01"), "cameras");
	assert_string_equal(group_of(policy, "3c:ef:8c:00:00:01"), "cameras");
	assert_int_equal(policy->groups[0].action, CAMWALL_ACTION_ISOLATE);
	assert_true(policy->groups[0].n_allow >= 2);
	expect_round_trip(policy);
	cw_policy_free(policy);
	cw_config_report_clear(&report);
	setup(state);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_all_keys),
		cmocka_unit_test(test_inventory_keys),
		cmocka_unit_test(test_digest),
		cmocka_unit_test(test_section_order),
		cmocka_unit_test(test_wrong),
		cmocka_unit_test(test_limits),
		cmocka_unit_test(test_warnings),
		cmocka_unit_test(test_precedence),
		cmocka_unit_test(test_whole_registry),
		cmocka_unit_test(test_vendor_by_organization),
		cmocka_unit_test(test_registry_key),
		cmocka_unit_test(test_round_trip),
		cmocka_unit_test(test_round_trip_interfaces),
		cmocka_unit_test(test_example),
		cmocka_unit_test(test_profiles),
	};

	return cmocka_run_group_tests(tests, setup, NULL);
}
