// SPDX-License-Identifier: GPL-2.0-or-later
/* The configuration file: its sections and keys, and what is wrong with them. */
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "alloc.h"
#include "config_private.h"
#include "inifile.h"
#include "suggest.h"

#define KEYS_MAX (sizeof(((struct cw_config_reader *)NULL)->seen) / sizeof(int))
#define SPACES	" \t"

/**
 * struct cw_config_key - a key that a section may have
 * @repeats: it may stand in its section more than once
 * @set: takes the value; Return: 0, or -1 with the reader's @err set
 */
struct cw_config_key {
	const char *name;
	bool repeats;
	int (*set)(struct cw_config_reader *reader, int line, const char *value);
};

static size_t group_now(const struct cw_config_reader *reader)
{
	return reader->policy->n_groups - 1;
}

void cw_config_warn(struct cw_config_reader *reader, char *sentence)
{
	struct cw_config_report *report = reader->report;

	report->warnings = cw_array_room(report->warnings, report->n_warnings,
					 sizeof(*report->warnings));
	report->warnings[report->n_warnings++] = sentence;
}

void cw_config_claim(struct cw_config_reader *reader, size_t group, uint64_t prefix,
		     enum cw_claim_rank rank, const char *vendor, int line)
{
	struct cw_claim *claim;

	reader->claims = cw_array_room(reader->claims, reader->n_claims, sizeof(*reader->claims));
	claim = &reader->claims[reader->n_claims++];
	claim->prefix = prefix | group;
	claim->rank = rank;
	claim->vendor = vendor;
	claim->line = line;
}

/* Decimal or 0x: a leading zero is no octal number. */
static int parse_number(struct cw_config_reader *reader, int line, const char *key,
			const char *value, uint32_t *number)
{
	bool hex = value[0] == '0' && (value[1] == 'x' || value[1] == 'X');
	const char *digits = hex ? value + 2 : value;
	unsigned long long parsed;
	char *end;

	errno = 0;
	parsed = strtoull(digits, &end, hex ? 16 : 10);
	if (!isxdigit((unsigned char)*digits) || *end || errno || parsed > UINT32_MAX)
		return cw_error_at(reader->err, reader->file, line,
				   "%s = %s is no number from 0 to 0xffffffff: write it decimal, or as 0x and hex digits",
				   key, value);
	*number = parsed;
	return 0;
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
	if (parse_number(reader, line, "mark-mask", value, &reader->policy->mark_mask) < 0)
		return -1;
	if (!reader->policy->mark_mask)
		return cw_error_at(reader->err, reader->file, line,
				   "mark-mask 0 leaves no bit for a mark: leave the key out, or write for instance mark-mask = 0xff000000");
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

static int set_vendor(struct cw_config_reader *reader, int line, const char *value)
{
	struct cw_config_vendor *vendor;

	if (!*value)
		return cw_error_at(reader->err, reader->file, line,
				   "vendor is empty: name a pack (\"camwall vendors\" lists them)");
	reader->vendors = cw_array_room(reader->vendors, reader->n_vendors,
					sizeof(*reader->vendors));
	vendor = &reader->vendors[reader->n_vendors++];
	vendor->name = cw_strdup(value);
	vendor->group = group_now(reader);
	vendor->line = line;
	return 0;
}

static int set_prefix(struct cw_config_reader *reader, int line, const char *value)
{
	struct cw_error err = { 0 };
	uint64_t prefix;

	if (cw_prefix_parse(value, &prefix, &err) < 0) {
		cw_error_at(reader->err, reader->file, line, "%s", err.message);
		cw_error_clear(&err);
		return -1;
	}
	cw_config_claim(reader, group_now(reader), prefix, CW_CLAIM_FILE, NULL, line);
	return 0;
}

static int set_action(struct cw_config_reader *reader, int line, const char *value)
{
	struct cw_policy_group *group = &reader->policy->groups[group_now(reader)];

	if (cw_action_parse(value, &group->action) < 0)
		return cw_error_at(reader->err, reader->file, line,
				   "there is no action \"%s\": write observe or drop", value);
	return 0;
}

static int set_mark(struct cw_config_reader *reader, int line, const char *value)
{
	struct cw_policy_group *group = &reader->policy->groups[group_now(reader)];

	if (parse_number(reader, line, "mark", value, &group->mark) < 0)
		return -1;
	if (!group->mark)
		return cw_error_at(reader->err, reader->file, line,
				   "mark 0 is no tag: leave the key out, or choose another value");
	group->has_mark = true;
	reader->groups[group_now(reader)].mark_line = line;
	return 0;
}

static const struct cw_config_key camwall_keys[] = {
	{ "interfaces", true, set_interfaces },
	{ "mark-mask", false, set_mark_mask },
	{ "registry", false, set_registry },
	{ 0 },
};

static const struct cw_config_key group_keys[] = {
	{ "vendor", true, set_vendor },
	{ "prefix", true, set_prefix },
	{ "action", false, set_action },
	{ "mark", false, set_mark },
	{ 0 },
};

static bool group_name_valid(const char *name)
{
	if (!isalpha((unsigned char)*name) || !isascii(*name))
		return false;
	for (; *name; name++)
		if (!isascii(*name) || (!isalnum((unsigned char)*name) && !strchr("-_", *name)))
			return false;
	return true;
}

static int begin_group(struct cw_config_reader *reader, int line, const char *name)
{
	struct cw_policy *policy = reader->policy;
	struct cw_policy_group *group;
	int twin;

	if (!*name)
		return cw_error_at(reader->err, reader->file, line,
				   "the group has no name: write [group NAME]");
	if (!group_name_valid(name))
		return cw_error_at(reader->err, reader->file, line,
				   "\"%s\" cannot name a group: write a letter, then letters, digits, '-' and '_'",
				   name);
	if (strlen(name) > CAMWALL_GROUP_NAME_LEN)
		return cw_error_at(reader->err, reader->file, line,
				   "the group's name \"%s\" has %zu characters: shorten it to %d",
				   name, strlen(name), CAMWALL_GROUP_NAME_LEN);
	twin = cw_policy_group_find(policy, name);
	if (twin >= 0)
		return cw_error_at(reader->err, reader->file, line,
				   "group %s stands twice, also in line %d: make one of them, or rename one",
				   name, reader->groups[twin].line);
	if (policy->n_groups == CAMWALL_MAX_GROUPS)
		return cw_error_at(reader->err, reader->file, line,
				   "more than %d groups: put vendors that are treated alike into one",
				   CAMWALL_MAX_GROUPS);
	reader->groups = cw_array_room(reader->groups, policy->n_groups, sizeof(*reader->groups));
	reader->groups[policy->n_groups] = (struct cw_config_group){ .line = line };
	group = cw_policy_group_add(policy);
	memcpy(group->name, name, strlen(name) + 1);
	reader->section_keys = group_keys;
	return 0;
}

static int begin_camwall(struct cw_config_reader *reader, int line)
{
	if (reader->camwall_line)
		return cw_error_at(reader->err, reader->file, line,
				   "[camwall] stands twice, also in line %d: make one of them",
				   reader->camwall_line);
	reader->camwall_line = line;
	reader->section_keys = camwall_keys;
	return 0;
}

static int unknown_section(struct cw_config_reader *reader, int line, const char *section,
			   const char *word)
{
	static const char *const known[] = { "camwall", "group", NULL };
	const char *nearest = cw_suggest(word, known);

	if (!nearest)
		return cw_error_at(reader->err, reader->file, line,
				   "unknown section [%s]: there are [camwall] and [group NAME]",
				   section);
	return cw_error_at(reader->err, reader->file, line,
			   "unknown section [%s]: did you mean [%s]?", section,
			   strcmp(nearest, "group") == 0 ? "group NAME" : nearest);
}

static int begin_section(struct cw_config_reader *reader, int line, const char *section)
{
	size_t length = strcspn(section, SPACES);
	const char *argument = section + length + strspn(section + length, SPACES);
	char *word = cw_strndup(section, length);
	int ret;

	memset(reader->seen, 0, sizeof(reader->seen));
	if (strcmp(section, "camwall") == 0)
		ret = begin_camwall(reader, line);
	else if (strcmp(word, "group") == 0)
		ret = begin_group(reader, line, argument);
	else
		ret = unknown_section(reader, line, section, word);
	free(word);
	return ret;
}

static int unknown_key(struct cw_config_reader *reader, int line, const char *section,
		       const char *key)
{
	const char *names[KEYS_MAX + 1] = { 0 };
	const char *nearest;
	size_t i;

	for (i = 0; reader->section_keys[i].name; i++)
		names[i] = reader->section_keys[i].name;
	nearest = cw_suggest(key, names);
	if (nearest)
		return cw_error_at(reader->err, reader->file, line,
				   "unknown key \"%s\" in [%s]: did you mean \"%s\"?",
				   key, section, nearest);
	return cw_error_at(reader->err, reader->file, line,
			   "unknown key \"%s\" in [%s]: there are %s, %s, %s%s%s", key, section,
			   names[0], names[1], names[2], names[3] ? ", " : "", names[3] ?: "");
}

static int on_key(void *ctx, const char *file, int line, const char *section,
		  const char *key, const char *value, struct cw_error *err)
{
	struct cw_config_reader *reader = ctx;
	const struct cw_config_key *known;
	int *seen = reader->seen;

	if (!key)
		return begin_section(reader, line, section);
	for (known = reader->section_keys; known->name; known++, seen++) {
		if (strcmp(known->name, key) != 0)
			continue;
		if (*seen && !known->repeats)
			return cw_error_at(err, file, line,
					   "\"%s\" stands twice in [%s], also in line %d: keep one of them",
					   key, section, *seen);
		*seen = line;
		return known->set(reader, line, value);
	}
	return unknown_key(reader, line, section, key);
}

static int check_mark(struct cw_config_reader *reader, size_t group)
{
	const struct cw_policy *policy = reader->policy;
	const struct cw_policy_group *this = &policy->groups[group];
	int line = reader->groups[group].mark_line;
	size_t i;

	if (!policy->mark_mask)
		return cw_error_at(reader->err, reader->file, line,
				   "group %s has a mark, but [camwall] has no mark-mask: say there which bits are camwall's, for instance mark-mask = 0xff000000",
				   this->name);
	if (this->mark & ~policy->mark_mask)
		return cw_error_at(reader->err, reader->file, line,
				   "mark 0x%08x of group %s has bits outside of mark-mask 0x%08x: choose a mark within it, or widen the mask",
				   this->mark, this->name, policy->mark_mask);
	for (i = 0; i < group; i++) {
		if (!policy->groups[i].has_mark || policy->groups[i].mark != this->mark)
			continue;
		cw_config_warn(reader, cw_asprintf("%s:%d: groups %s and %s have the same mark 0x%08x: a rule cannot tell them apart by it",
						   reader->file, line, policy->groups[i].name,
						   this->name, this->mark));
		break;
	}
	return 0;
}

static int check_interfaces(struct cw_config_reader *reader)
{
	if (reader->policy->n_interfaces)
		return 0;
	/* What "camwall save" prints where nothing is in force has to be accepted again. */
	if (reader->interfaces_line && !reader->policy->n_groups)
		return 0;
	return cw_error_at(reader->err, reader->file,
			   reader->interfaces_line ?: reader->camwall_line,
			   "no interfaces, so that nothing would be bound: name the devices that cameras are behind in [camwall], for instance interfaces = lan*");
}

static int check(struct cw_config_reader *reader)
{
	size_t i;

	if (check_interfaces(reader) < 0)
		return -1;
	for (i = 0; i < reader->policy->n_groups; i++)
		if (reader->policy->groups[i].has_mark && check_mark(reader, i) < 0)
			return -1;
	return cw_config_resolve(reader);
}

static void reader_clear(struct cw_config_reader *reader)
{
	size_t i;

	for (i = 0; i < reader->n_vendors; i++)
		free(reader->vendors[i].name);
	free(reader->vendors);
	free(reader->claims);
	free(reader->groups);
	free(reader->registry_dir);
}

void cw_config_report_clear(struct cw_config_report *report)
{
	size_t i;

	for (i = 0; i < report->n_warnings; i++)
		free(report->warnings[i]);
	free(report->warnings);
	free(report->registry_dir);
	cw_registry_free(report->registry);
	memset(report, 0, sizeof(*report));
}

struct cw_policy *cw_config_load(FILE *stream, const char *file,
				 const struct cw_config_options *options,
				 struct cw_config_report *report,
				 struct cw_error *err)
{
	static const struct cw_config_options defaults;
	struct cw_config_report dropped = { 0 };
	struct cw_config_reader reader = {
		.file = file,
		.options = options ?: &defaults,
		.report = report ?: &dropped,
		.err = err,
		.policy = cw_policy_new(),
	};
	int ret;

	memset(reader.report, 0, sizeof(*reader.report));
	ret = cw_ini_read(stream, file, on_key, &reader, err);
	if (!ret)
		ret = check(&reader);
	reader_clear(&reader);
	cw_config_report_clear(&dropped);
	if (!ret)
		return reader.policy;
	cw_policy_free(reader.policy);
	return NULL;
}
