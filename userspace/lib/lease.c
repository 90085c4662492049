// SPDX-License-Identifier: GPL-2.0-or-later
/* What DHCP servers know of devices: the kinds of lease files, and all leases by MAC address. */
#include <arpa/inet.h>
#include <ctype.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "alloc.h"
#include "lease_private.h"
#include "mac.h"
#include "readfile.h"
#include "text.h"

#define SPACES	" \t\r"

char *cw_lease_line(struct cw_lease_reader *reader)
{
	while (reader->next < reader->end) {
		char *line = reader->next;
		char *newline = memchr(line, '\n', reader->end - line);
		char *end = newline ?: reader->end;

		reader->line++;
		reader->next = newline ? newline + 1 : reader->end;
		*end = '\0';
		if (strlen(line) == (size_t)(end - line))
			return line;
		cw_lease_damage(reader, "a zero byte: this is no text file, or it is damaged");
	}
	return NULL;
}

void cw_lease_damage(struct cw_lease_reader *reader, const char *fmt, ...)
{
	char *text = NULL;
	va_list args;

	reader->damaged = true;
	va_start(args, fmt);
	if (vasprintf(&text, fmt, args) < 0)
		text = NULL;
	va_end(args);
	cw_error_at(reader->err, reader->file, reader->line, "%s", text ?: fmt);
	free(text);
}

struct cw_lease_record *cw_lease_add(struct cw_lease_reader *reader)
{
	struct cw_lease_record *record;

	reader->records = cw_array_room(reader->records, reader->n_records,
					sizeof(*reader->records));
	record = &reader->records[reader->n_records];
	memset(record, 0, sizeof(*record));
	record->order = reader->n_records++;
	return record;
}

void cw_lease_drop(struct cw_lease_reader *reader)
{
	free(reader->records[--reader->n_records].lease.hostname);
}

bool cw_lease_set_address(struct cw_lease_record *record, const char *text)
{
	struct cw_lease *lease = &record->lease;

	memset(lease->address, 0, sizeof(lease->address));
	lease->family = strchr(text, ':') ? AF_INET6 : AF_INET;
	return inet_pton(lease->family, text, lease->address) == 1;
}

void cw_lease_set_hostname(struct cw_lease_record *record, const char *name)
{
	size_t length = strnlen(name, CW_HOSTNAME_LEN);
	char *hostname;

	/* The server may have cut it within a character, or this: either is shown by a '?'. */
	hostname = cw_malloc(length + 1);
	length = cw_hostname_clean_to(name, length, hostname);
	free(record->lease.hostname);
	record->lease.hostname = NULL;
	if (length)
		record->lease.hostname = hostname;
	else
		free(hostname);
}

#define DUID_LLT	1	/* RFC 8415, 11.2: type, hardware type, time, address */
#define DUID_LL		3	/* 11.4: the same without the time */
#define HARDWARE_ETHERNET	1
#define DUID_LLT_OCTETS	14
#define DUID_LL_OCTETS	10
#define MAC_OCTETS	6

void cw_lease_set_duid(struct cw_lease_record *record, const char *duid)
{
	unsigned int octets[DUID_LLT_OCTETS], n = 0, first, i;
	char *end;

	for (;;) {
		unsigned long octet;

		if (n == DUID_LLT_OCTETS || !isxdigit((unsigned char)*duid))
			return;
		octet = strtoul(duid, &end, 16);
		if (octet > 0xff || end - duid > 2)
			return;
		octets[n++] = octet;
		if (!*end)
			break;
		if (*end != ':')
			return;
		duid = end + 1;
	}
	if (n < DUID_LL_OCTETS || octets[0] || octets[2] || octets[3] != HARDWARE_ETHERNET)
		return;
	if (!(octets[1] == DUID_LLT && n == DUID_LLT_OCTETS) &&
	    !(octets[1] == DUID_LL && n == DUID_LL_OCTETS))
		return;
	first = n - MAC_OCTETS;
	record->lease.mac = 0;
	for (i = first; i < n; i++)
		record->lease.mac = record->lease.mac << 8 | octets[i];
	record->has_mac = true;
}

bool cw_lease_number(const char *text, uint64_t *number)
{
	char *end;

	errno = 0;
	*number = isdigit((unsigned char)*text) ? strtoull(text, &end, 10) : 0;
	return isdigit((unsigned char)*text) && !*end && !errno;
}

/* How a file of each kind can begin. */
static const struct {
	const char *word;
	void (*parse)(struct cw_lease_reader *reader);
} kinds[] = {
	{ "address,", cw_lease_parse_kea },
	{ "duid", cw_lease_parse_dnsmasq },
	{ "lease", cw_lease_parse_isc },
	{ "authoring-byte-order", cw_lease_parse_isc },
	{ "server-duid", cw_lease_parse_isc },
	{ "failover", cw_lease_parse_isc },
	{ "host", cw_lease_parse_isc },
	{ "group", cw_lease_parse_isc },
	{ "class", cw_lease_parse_isc },
	{ "subclass", cw_lease_parse_isc },
};

/* By its first line that is neither empty nor a comment; an empty file is one of no leases. */
static void parse(struct cw_lease_reader *reader)
{
	char *line = reader->text;
	size_t i;

	while (line < reader->end) {
		reader->line++;
		line += strspn(line, SPACES);
		if (isdigit((unsigned char)*line)) {
			reader->line = 0;
			cw_lease_parse_dnsmasq(reader);
			return;
		}
		for (i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
			if (strncmp(line, kinds[i].word, strlen(kinds[i].word)) != 0)
				continue;
			reader->line = 0;
			kinds[i].parse(reader);
			return;
		}
		if (*line != '#' && *line != '\n') {
			cw_lease_damage(reader, "neither dnsmasq, nor Kea, nor ISC dhcpd writes lease files that begin like this: name the file of leases, not of settings");
			return;
		}
		line = memchr(line, '\n', reader->end - line);
		if (!line)
			return;
		line++;
	}
}

static int compare_records(const void *a, const void *b)
{
	const struct cw_lease_record *x = a, *y = b;
	int ret = memcmp(x->lease.address, y->lease.address, sizeof(x->lease.address));

	if (x->lease.family != y->lease.family)
		return x->lease.family - y->lease.family;
	if (ret)
		return ret;
	return x->order < y->order ? -1 : 1;
}

static int compare_leases(const void *a, const void *b)
{
	const struct cw_lease *x = a, *y = b;

	if (x->mac != y->mac)
		return x->mac < y->mac ? -1 : 1;
	if (x->expires != y->expires)
		return x->expires > y->expires ? -1 : 1;
	return memcmp(x->address, y->address, sizeof(x->address));
}

static bool same_address(const struct cw_lease_record *x, const struct cw_lease_record *y)
{
	return x->lease.family == y->lease.family &&
	       memcmp(x->lease.address, y->lease.address, sizeof(x->lease.address)) == 0;
}

/* Of each address the last record holds, and only if it is a lease that is given out. */
static void settle(struct cw_lease_reader *reader, struct cw_leases *leases)
{
	struct cw_lease_record *records = reader->records;
	size_t i, n = reader->n_records;

	if (n)
		qsort(records, n, sizeof(*records), compare_records);
	for (i = 0; i < n; i++) {
		if ((i + 1 < n && same_address(&records[i], &records[i + 1])) ||
		    !records[i].active || !records[i].has_mac) {
			free(records[i].lease.hostname);
			continue;
		}
		leases->leases = cw_array_room(leases->leases, leases->n, sizeof(*leases->leases));
		leases->leases[leases->n++] = records[i].lease;
	}
	free(records);
	if (leases->n)
		qsort(leases->leases, leases->n, sizeof(*leases->leases), compare_leases);
}

int cw_leases_read(struct cw_leases *leases, const char *file, struct cw_error *err)
{
	struct cw_lease_reader reader = { .file = file, .err = err };
	FILE *stream = fopen(file, "re");
	size_t length = 0;

	if (!stream)
		return cw_error_at(err, file, 0, "cannot be read: %s", strerror(errno));
	reader.text = cw_read_stream(stream, &length);
	if (!reader.text)
		cw_error_at(err, file, 0, "cannot be read: %s", strerror(errno));
	fclose(stream);
	if (!reader.text)
		return -1;
	reader.next = reader.text;
	reader.end = reader.text + length;
	parse(&reader);
	settle(&reader, leases);
	free(reader.text);
	return reader.damaged ? -1 : 0;
}

const struct cw_lease *cw_leases_find(const struct cw_leases *leases, uint64_t mac, size_t *n)
{
	size_t low = 0, high = leases->n, end;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (leases->leases[middle].mac < mac)
			low = middle + 1;
		else
			high = middle;
	}
	for (end = low; end < leases->n && leases->leases[end].mac == mac; end++)
		;
	*n = end - low;
	return *n ? &leases->leases[low] : NULL;
}

void cw_leases_clear(struct cw_leases *leases)
{
	size_t i;

	for (i = 0; i < leases->n; i++)
		free(leases->leases[i].hostname);
	free(leases->leases);
	memset(leases, 0, sizeof(*leases));
}
