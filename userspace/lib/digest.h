/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The digest that a configuration is known by: SHA-256 of the file's octets (libmd). */
#ifndef CW_DIGEST_H
#define CW_DIGEST_H

#include <stdbool.h>
#include <stddef.h>

#include "camwall.h"

#define CW_DIGEST_STRLEN	(2 * CAMWALL_DIGEST_LEN)	/* in hex */

/** struct cw_digest - a digest; @length 0 where there is none: another writer may have used a shorter one */
struct cw_digest {
	unsigned char octets[CAMWALL_DIGEST_LEN];
	size_t length;
};

/** cw_digest_of() - SHA-256 of some octets */
void cw_digest_of(const void *data, size_t length, struct cw_digest *digest);

/** cw_digest_format() - write it in hex, as sha256sum(1) does; empty where there is none; Return: @buf */
char *cw_digest_format(const struct cw_digest *digest, char buf[static CW_DIGEST_STRLEN + 1]);

/** cw_digest_equal() - whether two are the same; two that are none are */
bool cw_digest_equal(const struct cw_digest *a, const struct cw_digest *b);

#endif
