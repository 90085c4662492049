// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * dnsmasq's lease file: a line a lease. Of IPv4: when it expires, MAC address, address, host
 * name, client id. Behind a line "duid ..." those of IPv6, with the IAID in the second place
 * and the client's DUID in the last.
 */
#include <string.h>

#include "lease_private.h"
#include "mac.h"

#define FIELDS		5
#define NO_NAME		"*"
#define ETHERNET	"01-"

enum field { EXPIRES, MAC, ADDRESS, HOSTNAME, CLIENT };

/* The rest of the line belongs to the last field. */
static int split(char *line, char **fields)
{
	int n = 0;

	while (n < FIELDS && (fields[n] = strsep(&line, " \t\r")))
		n += *fields[n] != '\0';
	return n;
}

/* Another medium than Ethernet has its number before the address. */
static void set_mac(struct cw_lease_record *record, const char *text)
{
	if (text[0] && text[1] && text[2] == '-') {
		if (strncmp(text, ETHERNET, strlen(ETHERNET)) != 0)
			return;
		text += strlen(ETHERNET);
	}
	record->has_mac = cw_mac_parse(text, &record->lease.mac, NULL) == 0;
}

static void take_lease(struct cw_lease_reader *reader, char *line, bool ipv6)
{
	struct cw_lease_record *record;
	char *fields[FIELDS] = { 0 };
	int n = split(line, fields);

	if (!n)
		return;
	record = cw_lease_add(reader);
	record->active = true;
	if (n < HOSTNAME + 1 || !cw_lease_number(fields[EXPIRES], &record->lease.expires) ||
	    !cw_lease_set_address(record, fields[ADDRESS])) {
		cw_lease_damage(reader, "no lease of dnsmasq: when it expires, MAC address, address and host name are expected");
		cw_lease_drop(reader);
		return;
	}
	if (!record->lease.expires)
		record->lease.expires = CW_LEASE_NEVER;
	if (ipv6 && n > CLIENT)
		cw_lease_set_duid(record, fields[CLIENT]);
	else if (!ipv6)
		set_mac(record, fields[MAC]);
	if (strcmp(fields[HOSTNAME], NO_NAME) != 0)
		cw_lease_set_hostname(record, fields[HOSTNAME]);
}

void cw_lease_parse_dnsmasq(struct cw_lease_reader *reader)
{
	bool ipv6 = false;
	char *line;

	while ((line = cw_lease_line(reader))) {
		if (strncmp(line, "duid ", 5) == 0)
			ipv6 = true;
		else
			take_lease(reader, line, ipv6);
	}
}
