// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Kea's lease file (memfile): CSV with a header that names the columns. It is a journal: what
 * a later line says of an address holds.
 */
#include <stdio.h>
#include <string.h>

#include "lease_private.h"
#include "mac.h"

#define MAX_COLUMNS	64
#define STATE_DEFAULT	0
#define LIFETIME_INFINITE	UINT32_MAX
#define PREFIX_DELEGATION	2

enum column { ADDRESS, HWADDR, DUID, LIFETIME, EXPIRE, HOSTNAME, STATE, LEASE_TYPE, N_COLUMNS };

static const char *const names[N_COLUMNS] = {
	[ADDRESS] = "address",
	[HWADDR] = "hwaddr",
	[DUID] = "duid",
	[LIFETIME] = "valid_lifetime",
	[EXPIRE] = "expire",
	[HOSTNAME] = "hostname",
	[STATE] = "state",
	[LEASE_TYPE] = "lease_type",
};

/* Return: how many, the first of which are in @fields. */
static int split(char *line, char **fields)
{
	int n = 0;

	line[strcspn(line, "\r")] = '\0';
	while (n < MAX_COLUMNS && (fields[n] = strsep(&line, ",")))
		n++;
	return n;
}

static bool read_header(struct cw_lease_reader *reader, int *where)
{
	char *line = cw_lease_line(reader), *fields[MAX_COLUMNS];
	int n = line ? split(line, fields) : 0, i, k;

	for (k = 0; k < N_COLUMNS; k++) {
		where[k] = -1;
		for (i = 0; i < n; i++)
			if (strcmp(fields[i], names[k]) == 0)
				where[k] = i;
	}
	if (where[ADDRESS] >= 0 && where[LIFETIME] >= 0 && where[EXPIRE] >= 0 &&
	    where[HOSTNAME] >= 0 && (where[HWADDR] >= 0 || where[DUID] >= 0))
		return true;
	cw_lease_damage(reader, "no header of Kea's lease file: address, hwaddr or duid, valid_lifetime, expire and hostname are expected");
	return false;
}

/* A comma within a value is written as "&#x2c". */
static char *unescape(char *value)
{
	char *from, *to = value;

	for (from = value; *from; from++) {
		unsigned int octet;
		int length = 0;

		/* NOLINTNEXTLINE(cert-err34-c): two digits */
		if (sscanf(from, "&#x%2x%n", &octet, &length) == 1 && length == 5 && octet) {
			*to++ = (char)octet;
			from += length - 1;
		} else {
			*to++ = *from;
		}
	}
	*to = '\0';
	return value;
}

/* What a column that this file has not, or an empty field, stands for. */
static bool number_or(const char *text, uint64_t fallback, uint64_t *number)
{
	*number = fallback;
	return !*text || cw_lease_number(text, number);
}

static bool fill(struct cw_lease_record *record, char *const *values)
{
	uint64_t lifetime, state, type;

	if (!cw_lease_set_address(record, values[ADDRESS]) ||
	    !cw_lease_number(values[LIFETIME], &lifetime) ||
	    !cw_lease_number(values[EXPIRE], &record->lease.expires) ||
	    !number_or(values[STATE], STATE_DEFAULT, &state) ||
	    !number_or(values[LEASE_TYPE], 0, &type))
		return false;
	if (*values[HWADDR])
		record->has_mac = cw_mac_parse(values[HWADDR], &record->lease.mac, NULL) == 0;
	else
		cw_lease_set_duid(record, values[DUID]);
	if (lifetime == LIFETIME_INFINITE)
		record->lease.expires = CW_LEASE_NEVER;
	record->active = lifetime && state == STATE_DEFAULT && type != PREFIX_DELEGATION;
	cw_lease_set_hostname(record, unescape(values[HOSTNAME]));
	return true;
}

static void take_lease(struct cw_lease_reader *reader, char *line, const int *where)
{
	char *fields[MAX_COLUMNS], *values[N_COLUMNS], none[] = "";
	int n = split(line, fields), k;

	for (k = 0; k < N_COLUMNS; k++)
		values[k] = where[k] >= 0 && where[k] < n ? fields[where[k]] : none;
	if (fill(cw_lease_add(reader), values))
		return;
	cw_lease_damage(reader, "no lease of Kea: the line is cut off, or its address, valid_lifetime, expire or state cannot be read");
	cw_lease_drop(reader);
}

void cw_lease_parse_kea(struct cw_lease_reader *reader)
{
	int where[N_COLUMNS];
	char *line;

	if (!read_header(reader, where))
		return;
	while ((line = cw_lease_line(reader)))
		if (*line && *line != '\r')
			take_lease(reader, line, where);
}
