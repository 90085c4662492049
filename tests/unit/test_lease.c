// SPDX-License-Identifier: GPL-2.0-or-later
/* Lease files of dnsmasq, Kea and ISC dhcpd: what they say, and files that are cut off, damaged or hostile. */
#include <arpa/inet.h>
#include <time.h>

#include "lease.h"
#include "unit.h"

#define GATE	0x4419b6123456ULL
#define YARD	0x4419b6123457ULL

/* "192.168.10.21 cam-gate 1795050000; ...", for free() */
static char *text_of(const struct cw_leases *leases, uint64_t mac)
{
	const struct cw_lease *lease;
	char *text = NULL;
	size_t size, n, i;
	FILE *out = open_memstream(&text, &size);

	assert_non_null(out);
	lease = cw_leases_find(leases, mac, &n);
	for (i = 0; i < n; i++) {
		char address[INET6_ADDRSTRLEN];

		assert_non_null(inet_ntop(lease[i].family, lease[i].address, address, sizeof(address)));
		fprintf(out, "%s%s %s ", i ? "; " : "", address, lease[i].hostname ?: "-");
		if (lease[i].expires == CW_LEASE_NEVER)
			fputs("never", out);
		else
			fprintf(out, "%llu", (unsigned long long)lease[i].expires);
	}
	fclose(out);
	return text;
}

static void expect(const struct cw_leases *leases, uint64_t mac, const char *expected)
{
	char *text = text_of(leases, mac);

	assert_string_equal(text, expected);
	free(text);
}

static struct cw_leases read_right(const char *name)
{
	struct cw_leases leases = { 0 };
	struct cw_error err = { 0 };

	assert_int_equal(cw_leases_read(&leases, unit_path(name), &err), 0);
	unit_expect_none(&err);
	return leases;
}

/* What is read of a text, and where its error is told; NULL for none. */
static struct cw_leases read_octets(const char *text, size_t length, const char *error)
{
	static const char *const names[] = { "leases", NULL };
	struct cw_leases leases = { 0 };
	struct cw_error err = { 0 };
	char *dir = unit_folder(), path[PATH_MAX];
	int ret;

	unit_write(dir, "leases", text, length);
	snprintf(path, sizeof(path), "%s/leases", dir);
	ret = cw_leases_read(&leases, path, &err);
	unit_remove(dir, names);
	if (error)
		unit_expect(&err, error);
	unit_expect_none(&err);
	assert_int_equal(ret, error ? -1 : 0);
	return leases;
}

static struct cw_leases read_text(const char *text, const char *error)
{
	return read_octets(text, strlen(text), error);
}

/* A text with zero bytes in it. */
#define READ_OCTETS(text, error)	read_octets(text, sizeof(text) - 1, error)

static void dnsmasq(void **state)
{
	struct cw_leases leases = read_right("tests/unit/data/leases/dnsmasq.leases");

	expect(&leases, GATE, "2001:db8::21 cam-gate 1795050000; 192.168.10.21 cam-gate 1795050000");
	expect(&leases, YARD, "192.168.10.22 - never; 2001:db8::22 - 1795050000");
	expect(&leases, 0xb0b353600001, "192.168.10.24 cam-yard 1795070000");
	assert_int_equal(leases.n, 5);
	cw_leases_clear(&leases);
}

static void kea4(void **state)
{
	struct cw_leases leases = read_right("tests/unit/data/leases/kea-leases4.csv");

	expect(&leases, GATE, "192.168.10.21 cam-gate 1795004000");
	expect(&leases, YARD, "192.168.10.22 cam,yard 1795001000");
	expect(&leases, 0x4419b612345a, "192.168.10.25 - never");
	assert_int_equal(leases.n, 3);
	cw_leases_clear(&leases);
}

static void kea6(void **state)
{
	struct cw_leases leases = read_right("tests/unit/data/leases/kea-leases6.csv");

	expect(&leases, GATE, "2001:db8::21 cam-gate 1795004000");
	expect(&leases, YARD, "2001:db8::22 cam-yard 1795004000");
	assert_int_equal(leases.n, 2);
	cw_leases_clear(&leases);
}

static void isc(void **state)
{
	struct cw_leases leases = read_right("tests/unit/data/leases/dhcpd.leases");

	expect(&leases, GATE, "192.168.10.21 cam-gate 1795165200");
	expect(&leases, YARD, "192.168.10.22 cam?\"yard\"?[2J never");
	assert_int_equal(leases.n, 2);
	cw_leases_clear(&leases);
}

static void several_files(void **state)
{
	struct cw_leases leases = read_right("tests/unit/data/leases/kea-leases4.csv");
	struct cw_error err = { 0 };

	assert_int_equal(cw_leases_read(&leases, unit_path("tests/unit/data/leases/kea-leases6.csv"), &err), 0);
	expect(&leases, GATE, "2001:db8::21 cam-gate 1795004000; 192.168.10.21 cam-gate 1795004000");
	assert_int_equal(leases.n, 5);
	cw_leases_clear(&leases);
}

static void empty_files(void **state)
{
	static const char *const texts[] = {
		"", "\n\n", "# a comment\n", "# without an end",
		"address,hwaddr,client_id,valid_lifetime,expire,hostname\n", "duid 00:01\n",
	};
	size_t i;

	for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		struct cw_leases leases = read_text(texts[i], NULL);

		assert_int_equal(leases.n, 0);
		cw_leases_clear(&leases);
	}
}

static void no_lease_file(void **state)
{
	struct cw_leases leases = { 0 };
	struct cw_error err = { 0 };

	read_text("# comment\n\n[camwall]\n", ":3: neither dnsmasq, nor Kea, nor ISC dhcpd");
	READ_OCTETS("\0\0\0\0", ":1: neither");
	assert_int_equal(cw_leases_read(&leases, "/nonexistent/leases", &err), -1);
	unit_expect(&err, "/nonexistent/leases: cannot be read: No such file");
	assert_int_equal(cw_leases_read(&leases, "/tmp", &err), -1);
	unit_expect(&err, "/tmp: cannot be read: Is a directory");
	cw_leases_clear(&leases);
}

/* The first damage is told by its line; what stands around it is read. */
static void damaged_lines(void **state)
{
	struct cw_leases leases;

	leases = read_text("1 44:19:b6:12:34:56 192.0.2.1 a *\nrubbish\n2 44:19:b6:12:34:57 192.0.2.2 b *\n"
			   "3 44:19:b6:12:34:57 192.0.2.300 c *\n", ":2: no lease of dnsmasq");
	expect(&leases, GATE, "192.0.2.1 a 1");
	expect(&leases, YARD, "192.0.2.2 b 2");
	cw_leases_clear(&leases);
	leases = read_text("address,hwaddr,valid_lifetime,expire,hostname\n192.0.2.1,44:19:b6:12:34:56,1,9,a\n192.0.2.2,44:1",
			   ":3: no lease of Kea");
	expect(&leases, GATE, "192.0.2.1 a 9");
	assert_int_equal(leases.n, 1);
	cw_leases_clear(&leases);
	read_text("address,hwaddr\n192.0.2.1,44:19:b6:12:34:56\n", ":1: no header of Kea's lease file");
	leases = read_text("lease 192.0.2.1 {\n hardware ethernet 44:19:b6:12:34:56;\n}\nlease 192.0.2.2 {\n hardware",
			   ":4: the lease that begins here has no end");
	expect(&leases, GATE, "192.0.2.1 - never");
	assert_int_equal(leases.n, 1);
	cw_leases_clear(&leases);
	leases = read_text("lease 192.0.2.1 {\n client-hostname \"a\n hardware ethernet 44:19:b6:12:34:56;\n}\n"
			   "lease 192.0.2.2 {\n hardware ethernet 44:19:b6:12:34:57;\n}\n",
			   ":1: the lease that begins here has no end");
	expect(&leases, YARD, "192.0.2.2 - never");
	assert_int_equal(leases.n, 1);
	cw_leases_clear(&leases);
	read_text("lease nowhere {\n}\n", ":1: no lease of ISC dhcpd");
	leases = read_text("lease 192.0.2.1 {\n ends 4 19.11.2026 10:00;\n hardware ethernet 44:19:b6:12:34:56;\n}\n",
			   ":2: no date");
	expect(&leases, GATE, "192.0.2.1 - never");
	cw_leases_clear(&leases);
	leases = READ_OCTETS("1 44:19:b6:12:34:56 192.0.2.1 a\0b *\n2 44:19:b6:12:34:57 192.0.2.2 b *\n",
			     ":1: a zero byte");
	assert_int_equal(leases.n, 1);
	cw_leases_clear(&leases);
	leases = READ_OCTETS("lease 192.0.2.1 {\n client-hostname \"a\0b\";\n hardware ethernet 44:19:b6:12:34:56;\n}\n",
			     ": a zero byte");
	expect(&leases, GATE, "192.0.2.1 a?b never");
	cw_leases_clear(&leases);
}

/* As a power failure may leave a file: many zero bytes behind many leases. */
static void zeros_behind_leases(void **state)
{
	enum { HALF = 1024 * 1024 };
	static const char one[] = "lease 192.0.2.1 {\n hardware ethernet 44:19:b6:12:34:56;\n}\n";
	char *text = calloc(2, HALF);
	struct cw_leases leases;
	clock_t start = clock();

	assert_non_null(text);
	for (size_t n = 0; n + sizeof(one) <= HALF; n += sizeof(one) - 1)
		memcpy(text + n, one, sizeof(one) - 1);
	leases = read_octets(text, 2UL * HALF, ": a zero byte");
	expect(&leases, GATE, "192.0.2.1 - never");
	/* Looked for from the start each time, they would take minutes. */
	assert_true(clock() - start < 20 * CLOCKS_PER_SEC);
	cw_leases_clear(&leases);
	free(text);
}

/* What a device may call itself: none of it reaches a terminal as it is. */
static void hostile_names(void **state)
{
	static const struct {
		const char *name, *shown;
	} names[] = {
		{ "\033]0;owned\007", "?]0;owned?" },
		{ "a\tb", "a?b" },
		{ "k\xc3\xbc" "che", "k\xc3\xbc" "che" },
		{ "k\xfc" "che", "k?che" },
		{ "c1\xc2\x9b" "2J", "c1?2J" },
		{ "rtl\xe2\x80\xae" "gpj", "rtl?gpj" },
		{ "iso\xe2\x81\xa6x", "iso?x" },
		{ "cut\xe2\x82", "cut??" },
	};
	struct cw_leases leases;
	char text[512], expected[256];
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		snprintf(text, sizeof(text), "lease 192.0.2.1 {\nhardware ethernet 44:19:b6:12:34:56;client-hostname \"%s\";}",
			 names[i].name);
		snprintf(expected, sizeof(expected), "192.0.2.1 %s never", names[i].shown);
		leases = read_text(text, NULL);
		expect(&leases, GATE, expected);
		cw_leases_clear(&leases);
	}
}

static void long_names(void **state)
{
	struct cw_leases leases;
	char *text = malloc(100000), *p = text;
	size_t n;

	p += sprintf(p, "1 44:19:b6:12:34:56 192.0.2.1 ");
	memset(p, 'x', 90000);
	strcpy(p + 90000, " *\n");
	leases = read_text(text, NULL);
	assert_int_equal(strlen(cw_leases_find(&leases, GATE, &n)->hostname), CW_HOSTNAME_LEN);
	cw_leases_clear(&leases);
	free(text);
}

/* Every prefix of each file, and each with one octet changed: something is read, nothing breaks. */
static void cut_off_anywhere(void **state)
{
	static const char *const names[] = { "dnsmasq.leases", "kea-leases4.csv", "kea-leases6.csv", "dhcpd.leases" };
	static const char *const files[] = { "leases", NULL };
	char path[PATH_MAX], *dir = unit_folder();
	size_t i, length, cut;

	snprintf(path, sizeof(path), "%s/leases", dir);
	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		char name[64], *text;

		snprintf(name, sizeof(name), "tests/unit/data/leases/%s", names[i]);
		text = unit_read(unit_path(name), &length);
		for (cut = 0; cut < length; cut++) {
			struct cw_leases leases = { 0 };
			char was = text[cut];

			unit_write(dir, "leases", text, cut);
			cw_leases_read(&leases, path, NULL);
			cw_leases_clear(&leases);
			text[cut] = "\0\"{};,\n\\#\xff"[cut % 10];
			unit_write(dir, "leases", text, length);
			cw_leases_read(&leases, path, NULL);
			cw_leases_clear(&leases);
			text[cut] = was;
		}
		free(text);
	}
	unit_remove(dir, files);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(dnsmasq),
		cmocka_unit_test(kea4),
		cmocka_unit_test(kea6),
		cmocka_unit_test(isc),
		cmocka_unit_test(several_files),
		cmocka_unit_test(empty_files),
		cmocka_unit_test(no_lease_file),
		cmocka_unit_test(damaged_lines),
		cmocka_unit_test(zeros_behind_leases),
		cmocka_unit_test(hostile_names),
		cmocka_unit_test(long_names),
		cmocka_unit_test(cut_off_anywhere),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
