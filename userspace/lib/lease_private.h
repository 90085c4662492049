/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A lease file while it is read: what lease.c gives to the parser of each server's format. */
#ifndef CW_LEASE_PRIVATE_H
#define CW_LEASE_PRIVATE_H

#include <stdbool.h>

#include "lease.h"

/**
 * struct cw_lease_record - a lease as a file has it
 * @has_mac: it is known whose it is
 * @active: given out, and neither released nor declined since
 * @order: how many were in the file before it
 */
struct cw_lease_record {
	struct cw_lease lease;
	bool has_mac, active;
	size_t order;
};

/**
 * struct cw_lease_reader - where in a file the parser is
 * @text: the file, with a terminating zero that is not counted; parsers may write to it
 * @next: what is not read yet
 * @end: behind the last octet
 * @line: number of the line that was read last
 * @err: the first error is kept
 */
struct cw_lease_reader {
	const char *file;
	char *text, *next, *end;
	int line;
	struct cw_error *err;
	bool damaged;
	struct cw_lease_record *records;
	size_t n_records;
};

/** cw_lease_line() - the next line, without its end, or NULL; one with a zero byte in it is damage, and passed over */
char *cw_lease_line(struct cw_lease_reader *reader);

/** cw_lease_damage() - note that the line cannot be understood */
__attribute__((format(printf, 2, 3)))
void cw_lease_damage(struct cw_lease_reader *reader, const char *fmt, ...);

/** cw_lease_add() - add a record, all zero but for its order; Return: it, until the next one is added */
struct cw_lease_record *cw_lease_add(struct cw_lease_reader *reader);

/** cw_lease_drop() - take the last record back */
void cw_lease_drop(struct cw_lease_reader *reader);

/** cw_lease_set_address() - an IPv4 or IPv6 address; Return: false where it is none */
bool cw_lease_set_address(struct cw_lease_record *record, const char *text);

/** cw_lease_set_hostname() - made printable; an empty one is none */
void cw_lease_set_hostname(struct cw_lease_record *record, const char *name);

/** cw_lease_set_duid() - the MAC address of a DUID that is made of one, octets in hex split by ':' */
void cw_lease_set_duid(struct cw_lease_record *record, const char *duid);

/** cw_lease_number() - a whole decimal number; Return: false where it is none */
bool cw_lease_number(const char *text, uint64_t *number);

void cw_lease_parse_dnsmasq(struct cw_lease_reader *reader);
void cw_lease_parse_kea(struct cw_lease_reader *reader);
void cw_lease_parse_isc(struct cw_lease_reader *reader);

#endif
