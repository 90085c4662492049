// SPDX-License-Identifier: GPL-2.0-or-later
/* A lease file of dnsmasq, Kea or ISC dhcpd: which, the input says itself. */
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "fuzz.h"
#include "lease.h"
#include "text.h"

#define MAC_END	(1ULL << 48)

/* What cannot be printed is replaced, so that doing it again changes nothing. */
static void expect_hostname(const char *name)
{
	size_t length = strlen(name);
	char *clean = malloc(length + 1);

	fuzz_expect(clean, "no memory");
	fuzz_expect(length && length <= CW_HOSTNAME_LEN, "a host name of %zu octets", length);
	fuzz_expect(cw_hostname_clean_to(name, length, clean) == length &&
		    memcmp(clean, name, length) == 0, "\"%s\" cannot be printed", name);
	free(clean);
}

static void expect_leases(const struct cw_leases *leases)
{
	size_t i, n;

	for (i = 0; i < leases->n; i++) {
		const struct cw_lease *lease = &leases->leases[i];
		const struct cw_lease *found = cw_leases_find(leases, lease->mac, &n);

		fuzz_expect(lease->mac < MAC_END, "an address of more than 48 bits");
		fuzz_expect(lease->family == AF_INET || lease->family == AF_INET6, "family %d",
			    lease->family);
		fuzz_expect(!i || lease[-1].mac < lease->mac ||
			    (lease[-1].mac == lease->mac && lease[-1].expires >= lease->expires),
			    "leases in no order");
		fuzz_expect(found <= lease && lease < found + n, "a lease that is not found");
		if (lease->hostname)
			expect_hostname(lease->hostname);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *path;
	struct cw_leases leases = { 0 };
	struct cw_error err = { 0 };
	size_t n;

	path = path ?: fuzz_file("leases");
	fuzz_write(path, data, size);
	if (cw_leases_read(&leases, path, &err) < 0)
		fuzz_expect_error(&err, path, NULL);
	fuzz_expect_none(&err);
	expect_leases(&leases);

	/* A second file adds to the first: here twice as many, damaged or not. */
	n = leases.n;
	cw_leases_read(&leases, path, NULL);
	fuzz_expect(leases.n == 2 * n, "%zu leases, and then %zu", n, leases.n);
	expect_leases(&leases);
	cw_leases_clear(&leases);
	return 0;
}
