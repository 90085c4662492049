// SPDX-License-Identifier: GPL-2.0-or-later
/* The listing: what is put together, in which order, of which groups; whose addresses are; settings. */
#include <arpa/inet.h>
#include <asm/byteorder.h>

#include "listing.h"
#include "settings.h"
#include "unit.h"

#define NOW	1795000000

static const struct cw_device devices[] = {
	{ .mac = 3, .group = "b", .first_seen = 100, .idle = 5, .from = { .packets = 1, .bytes = 900 },
	  .has_ipv4 = true, .ipv4 = { .s_addr = __constant_htonl(0x0a000009) }, .place = { .ifindex = 4, .ifname = "lan10" } },
	{ .mac = 1, .group = "a", .first_seen = 300, .idle = 50, .to = { .packets = 7, .bytes = 1, .dropped = 2 },
	  .has_ipv4 = true, .ipv4 = { .s_addr = __constant_htonl(0x0a000001) }, .place = { .ifindex = 5, .ifname = "lan1", .has_vlan = true, .vlan = 20 } },
	{ .mac = 2, .group = "b", .first_seen = 200, .idle = 1, .from = { .packets = 7 } },
};

static void expect_order(struct cw_listing *listing, const char *expected)
{
	char text[64] = "";
	size_t i;

	for (i = 0; i < listing->n; i++)
		snprintf(text + strlen(text), sizeof(text) - strlen(text), "%s%llu", i ? " " : "",
			 (unsigned long long)listing->devices[i].device.mac);
	assert_string_equal(text, expected);
}

static void sorting(void **state)
{
	static const struct {
		const char *key, *order, *reverse;
	} orders[] = {
		{ "mac", "1 2 3", "3 2 1" }, { "group", "1 2 3", "2 3 1" },
		{ "address", "1 3 2", "2 3 1" }, { "interface", "1 3 2", "2 3 1" },
		{ "first-seen", "1 2 3", "3 2 1" }, { "last-seen", "2 3 1", "1 3 2" },
		{ "packets", "1 2 3", "3 1 2" }, { "bytes", "3 1 2", "2 1 3" },
		{ "dropped", "1 2 3", "2 3 1" }, { "organization", "1 2 3", "1 2 3" },
		{ "hostname", "1 2 3", "1 2 3" },
	};
	struct cw_listing listing = cw_listing_make(devices, 3, NULL, NULL, NULL, NOW);
	size_t i;

	for (i = 0; i < sizeof(orders) / sizeof(orders[0]); i++) {
		assert_string_equal(cw_listing_keys[i] ? orders[i].key : "", orders[i].key);
		assert_int_equal(cw_listing_sort(&listing, orders[i].key, false), 0);
		expect_order(&listing, orders[i].order);
		assert_int_equal(cw_listing_sort(&listing, orders[i].key, true), 0);
		expect_order(&listing, orders[i].reverse);
	}
	for (i = 0; cw_listing_keys[i]; i++)
		;
	assert_int_equal(i, sizeof(orders) / sizeof(orders[0]));
	assert_int_equal(cw_listing_sort(&listing, "colour", false), -1);
	cw_listing_clear(&listing);
}

static void filtering(void **state)
{
	static const char *const both[] = { "b", "a" }, *const none[] = { "c" };
	struct cw_listing listing = cw_listing_make(devices, 3, NULL, NULL, NULL, NOW);

	cw_listing_filter(&listing, NULL, 0);
	expect_order(&listing, "3 1 2");
	cw_listing_filter(&listing, both, 2);
	expect_order(&listing, "3 1 2");
	cw_listing_filter(&listing, both, 1);
	expect_order(&listing, "3 2");
	cw_listing_filter(&listing, none, 1);
	expect_order(&listing, "");
	cw_listing_clear(&listing);
}

/* One address from three sources is one; an expired lease gives a name and no address. */
static void putting_together(void **state)
{
	struct cw_neighbour neighbour[] = {
		{ .mac = 1, .family = AF_INET, .address = { 10, 0, 0, 1 } },
		{ .mac = 1, .family = AF_INET6, .address = { 0xfe, 0x80 } },
	};
	struct cw_fdb_entry fdb[] = {
		{ .mac = 1, .port = 7, .bridge = 8, .vlan = 10, .port_name = "p7" },
		{ .mac = 1, .port = 9, .bridge = 8, .vlan = 20, .port_name = "p9" },
		{ .mac = 3, .port = 4, .bridge = 8, .port_name = "lan10" },
	};
	struct cw_neighbours neighbours = { neighbour, 2, fdb, 3 };
	struct cw_lease lease[] = {
		{ .mac = 1, .family = AF_INET, .address = { 10, 0, 0, 1 }, .expires = CW_LEASE_NEVER },
		{ .mac = 1, .family = AF_INET, .address = { 10, 0, 0, 2 }, .hostname = "old", .expires = NOW },
	};
	struct cw_leases leases = { lease, 2 };
	struct cw_listing listing = cw_listing_make(devices, 3, NULL, &neighbours, &leases, NOW);
	const struct cw_listed *first = &listing.devices[1];

	assert_int_equal(first->n_addresses, 2);
	assert_int_equal(first->addresses[0].sources, CW_FROM_TRAFFIC | CW_FROM_NEIGHBOUR | CW_FROM_LEASE);
	assert_int_equal(first->addresses[1].family, AF_INET6);
	assert_int_equal(first->addresses[1].sources, CW_FROM_NEIGHBOUR);
	assert_string_equal(first->hostname, "old");
	/* By the VLAN that the device was seen with. */
	assert_string_equal(first->fdb->port_name, "p9");
	assert_string_equal(listing.devices[0].fdb->port_name, "lan10");
	assert_null(listing.devices[2].fdb);
	assert_null(listing.devices[2].hostname);
	cw_listing_clear(&listing);
}

static void identity(void **state)
{
	static char packs[2 * PATH_MAX];
	const char *dirs[] = { packs, NULL };
	struct cw_identities *identities;
	struct cw_identity found;

	snprintf(packs, sizeof(packs), "%s", unit_path("tests/unit/data/vendors"));
	identities = cw_identities_load(unit_path("tests/unit/data/registry"), dirs);
	assert_non_null(identities->registry);
	found = cw_identity_find(identities, 0x4419b6123456);
	assert_non_null(found.organization);
	assert_int_equal(found.prefix, cw_prefix_pack(0x4419b6000000, 24, 0));
	assert_false(found.pinned);
	assert_non_null(found.pack);
	assert_string_equal(found.pack->name, "acme");
	found = cw_identity_find(identities, 0x020000000001);
	assert_null(found.organization);
	assert_null(found.pack);
	assert_int_equal(found.prefix, 0);
	cw_identities_free(identities);
	/* Without a registry only pins tell; without anything, nobody is known. */
	identities = cw_identities_load("/nonexistent", dirs);
	assert_null(identities->registry);
	found = cw_identity_find(identities, 0x00005f000001);
	assert_true(found.pinned);
	assert_string_equal(found.pack->name, "bolt");
	assert_int_equal(found.prefix, cw_prefix_pack(0x00005f000000, 24, 0));
	assert_null(found.organization);
	cw_identities_free(identities);
	assert_null(cw_identity_find(NULL, 0x4419b6123456).organization);
}

static void settings(void **state)
{
	static const char text[] = "[camwall]\nmark-mask = nonsense\nleases = /a\nregistry = /r\nregistry-url = https://u\nleases = /b c\n"
				   "nftables = no\n[group x]\nleases = /no\n", damaged[] = "[camwall]\nleases\n";
	static const char *const names[] = { "c.conf", NULL };
	char *dir = unit_folder(), path[PATH_MAX];
	struct cw_settings read;
	struct cw_error err = { 0 };

	unit_write(dir, "c.conf", text, strlen(text));
	snprintf(path, sizeof(path), "%s/c.conf", dir);
	assert_int_equal(cw_settings_read(path, &read, &err), 0);
	assert_string_equal(read.registry_dir, "/r");
	assert_string_equal(read.registry_url, "https://u");
	assert_int_equal(read.n_leases, 2);
	assert_string_equal(read.leases[0], "/a");
	assert_string_equal(read.leases[1], "/b c");
	assert_true(read.no_nftables);
	cw_settings_clear(&read);
	unit_write(dir, "c.conf", damaged, strlen(damaged));
	assert_int_equal(cw_settings_read(path, &read, &err), -1);
	unit_expect(&err, "c.conf:2: ");
	cw_settings_clear(&read);
	unit_remove(dir, names);
	assert_int_equal(cw_settings_read("/nonexistent/c.conf", &read, &err), 0);
	assert_int_equal(read.n_leases, 0);
	assert_false(read.no_nftables);
	cw_settings_clear(&read);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sorting),
		cmocka_unit_test(filtering),
		cmocka_unit_test(putting_together),
		cmocka_unit_test(identity),
		cmocka_unit_test(settings),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
