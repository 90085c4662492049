// SPDX-License-Identifier: GPL-2.0-or-later
/* The configuration file: the settings in [camwall]. */
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "alloc.h"
#include "boot_failure.h"
#include "config_private.h"
#include "timestamp.h"

#define SPACES	" \t"

int cw_config_parse_number(struct cw_config_reader *reader, int line, const char *key,
			   const char *value, uint32_t *number)
{
	bool hex = value[0] == '0' && (value[1] == 'x' || value[1] == 'X');
	const char *digits = hex ? value + 2 : value;
	unsigned long long parsed;
	char *end;

	errno = 0;
	parsed = strtoull(digits, &end, hex ? 16 : 10);
	/* strtoull() would take a sign, and another 0x. */
	if (!*digits || digits[strspn(digits, "0123456789abcdefABCDEF")] || *end || errno ||
	    parsed > UINT32_MAX)
		return cw_error_at(reader->err, reader->file, line,
				   "%s = %s is no number from 0 to 0xffffffff: write it decimal, or as 0x and hex digits",
				   key, value);
	*number = parsed;
	return 0;
}

static bool has_space(const char *pattern)
{
	while (*pattern && !isspace((unsigned char)*pattern))
		pattern++;
	return *pattern;
}

static int add_interface(struct cw_config_reader *reader, int line, const char *pattern)
{
	struct cw_policy *policy = reader->policy;
	size_t i;

	if (strlen(pattern) > CAMWALL_INTERFACE_LEN)
		return cw_error_at(reader->err, reader->file, line,
				   "interface \"%s\" has %zu characters: no device's name has more than %d, shorten it, with a '*' where need be",
				   pattern, strlen(pattern), CAMWALL_INTERFACE_LEN);
	if (strchr(pattern, ','))
		return cw_error_at(reader->err, reader->file, line,
				   "interface \"%s\" has a comma: separate patterns by spaces", pattern);
	if (strpbrk(pattern, "/:[]\\"))
		return cw_error_at(reader->err, reader->file, line,
				   "interface \"%s\" cannot be the name of a device: of the special characters only '*' and '?' have a meaning",
				   pattern);
	/* No device's name has a space; and saved, each of these would read as something else. */
	if (has_space(pattern) || *pattern == ';' || strcmp(pattern, "#") == 0)
		return cw_error_at(reader->err, reader->file, line,
				   "interface \"%s\" begins a comment or has a space in it that is none: write '?' for that character",
				   pattern);
	for (i = 0; i < policy->n_interfaces; i++) {
		if (strcmp(policy->interfaces[i], pattern) != 0)
			continue;
		cw_config_warn(reader, cw_asprintf("%s:%d: interface %s is named twice",
						   reader->file, line, pattern));
		return 0;
	}
	if (policy->n_interfaces == CAMWALL_MAX_INTERFACES)
		return cw_error_at(reader->err, reader->file, line,
				   "more than %d interface patterns: name several devices by one, with a '*'",
				   CAMWALL_MAX_INTERFACES);
	cw_policy_interface_add(policy, pattern);
	return 0;
}

static int set_interfaces(struct cw_config_reader *reader, int line, const char *value)
{
	char *copy = cw_strdup(value), *rest = copy, *pattern;
	int ret = 0;

	if (!reader->interfaces_line)
		reader->interfaces_line = line;
	while (!ret && (pattern = strsep(&rest, SPACES)))
		if (*pattern)
			ret = add_interface(reader, line, pattern);
	free(copy);
	return ret;
}

static int set_mark_mask(struct cw_config_reader *reader, int line, const char *value)
{
	if (cw_config_parse_number(reader, line, "mark-mask", value, &reader->policy->mark_mask) < 0)
		return -1;
	if (!reader->policy->mark_mask)
		return cw_error_at(reader->err, reader->file, line,
				   "mark-mask 0 leaves no bit for a mark: leave the key out, or write for instance mark-mask = 0xff000000");
	return 0;
}

static int set_conntrack(struct cw_config_reader *reader, int line, const char *value)
{
	if (strcmp(value, "yes") != 0 && strcmp(value, "no") != 0)
		return cw_error_at(reader->err, reader->file, line,
				   "conntrack = %s is neither yes nor no: write one of them", value);
	reader->policy->conntrack = strcmp(value, "yes") == 0;
	return 0;
}

static int set_registry(struct cw_config_reader *reader, int line, const char *value)
{
	if (!*value)
		return cw_error_at(reader->err, reader->file, line,
				   "registry is empty: name the folder of oui.csv, or leave the key out");
	reader->registry_dir = cw_strdup(value);
	return 0;
}

/* For "camwall registry update", by cw_settings_read(). */
static int set_registry_url(struct cw_config_reader *reader, int line, const char *value)
{
	if (strncmp(value, "https://", 8) != 0 && strncmp(value, "http://", 7) != 0)
		return cw_error_at(reader->err, reader->file, line,
				   "registry-url = %s is no address of a folder on a server: write for instance registry-url = https://mirror.example/ieee/",
				   value);
	return 0;
}

static int set_max_devices(struct cw_config_reader *reader, int line, const char *value)
{
	uint32_t number;

	if (cw_config_parse_number(reader, line, "max-devices", value, &number) < 0)
		return -1;
	if (number < CAMWALL_DEVICES_MIN || number > CAMWALL_DEVICES_MAX)
		return cw_error_at(reader->err, reader->file, line,
				   "max-devices = %s is not from %d to %d: choose a bound between them",
				   value, CAMWALL_DEVICES_MIN, CAMWALL_DEVICES_MAX);
	reader->policy->max_devices = number;
	return 0;
}

int cw_config_parse_duration(const char *value, uint64_t *seconds)
{
	size_t digits = strspn(value, "0123456789");
	char *text;
	int ret;

	if (!value[digits])
		text = cw_asprintf("%ss", value);
	else if (strcmp(value + digits, "m") == 0)
		text = cw_asprintf("%sin", value);
	else
		text = cw_strdup(value);
	ret = cw_duration_parse(text, seconds, NULL);
	free(text);
	return ret;
}

static int set_idle(struct cw_config_reader *reader, int line, const char *value)
{
	uint64_t seconds;

	if (cw_config_parse_duration(value, &seconds) < 0)
		return cw_error_at(reader->err, reader->file, line,
				   "idle = %s is no duration: write seconds, or for instance 10m, 8h or 30d",
				   value);
	if (seconds < CAMWALL_IDLE_MIN || seconds > CAMWALL_IDLE_MAX)
		return cw_error_at(reader->err, reader->file, line,
				   "idle = %s is not from %d second to %d days: choose a time between them",
				   value, CAMWALL_IDLE_MIN, CAMWALL_IDLE_MAX / 86400);
	reader->policy->idle = seconds;
	return 0;
}

/* The kernel knows nothing of leases: cw_settings_read() gives them to who shows devices. */
static int set_leases(struct cw_config_reader *reader, int line, const char *value)
{
	if (*value != '/')
		return cw_error_at(reader->err, reader->file, line,
				   "leases = %s is no path from the root on: write for instance leases = /var/lib/misc/dnsmasq.leases",
				   value);
	return 0;
}

/* Nor of this: cw_boot_failure_find() reads it, also where nothing else can be read. */
static int set_boot_failure(struct cw_config_reader *reader, int line, const char *value)
{
	enum cw_boot_failure choice;

	if (cw_boot_failure_parse(value, &choice) < 0)
		return cw_error_at(reader->err, reader->file, line,
				   CW_BOOT_FAILURE_KEY " = %s is neither open nor closed: write one of them",
				   value);
	return 0;
}

/* For camwalld, by cw_settings_read(). */
static int set_nftables(struct cw_config_reader *reader, int line, const char *value)
{
	if (strcmp(value, "yes") != 0 && strcmp(value, "no") != 0)
		return cw_error_at(reader->err, reader->file, line,
				   "nftables = %s is neither yes nor no: write one of them", value);
	return 0;
}

const struct cw_config_key cw_config_camwall_keys[] = {
	{ "interfaces", true, set_interfaces },
	{ "mark-mask", false, set_mark_mask },
	{ "conntrack", false, set_conntrack },
	{ "registry", false, set_registry },
	{ "registry-url", false, set_registry_url },
	{ "max-devices", false, set_max_devices },
	{ "idle", false, set_idle },
	{ "leases", true, set_leases },
	{ CW_BOOT_FAILURE_KEY, false, set_boot_failure },
	{ "nftables", false, set_nftables },
	{ 0 },
};

CW_CONFIG_KEYS_FIT(cw_config_camwall_keys);
