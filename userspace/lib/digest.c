// SPDX-License-Identifier: GPL-2.0-or-later
/* The digest that a configuration is known by: SHA-256 of the file's octets (libmd). */
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sha2.h>

#include "digest.h"

_Static_assert(SHA256_DIGEST_LENGTH <= CAMWALL_DIGEST_LEN, "the kernel keeps a whole SHA-256");

void cw_digest_of(const void *data, size_t length, struct cw_digest *digest)
{
	SHA2_CTX context;

	SHA256Init(&context);
	SHA256Update(&context, data, length);
	SHA256Final(digest->octets, &context);
	digest->length = SHA256_DIGEST_LENGTH;
}

char *cw_digest_format(const struct cw_digest *digest, char buf[static CW_DIGEST_STRLEN + 1])
{
	size_t i;

	*buf = '\0';
	for (i = 0; i < digest->length; i++)
		snprintf(buf + 2 * i, 3, "%02x", digest->octets[i]);
	return buf;
}

bool cw_digest_equal(const struct cw_digest *a, const struct cw_digest *b)
{
	return a->length == b->length && memcmp(a->octets, b->octets, a->length) == 0;
}
