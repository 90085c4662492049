// SPDX-License-Identifier: GPL-2.0-or-later
/* The configuration file: its sections and keys, and what is wrong with them. */
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "alloc.h"
#include "config_private.h"
#include "inifile.h"
#include "readfile.h"
#include "suggest.h"

#define SPACES	" \t"

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

static int set_mark(struct cw_config_reader *reader, int line, const char *value)
{
	struct cw_policy_group *group = &reader->policy->groups[group_now(reader)];

	if (cw_config_parse_number(reader, line, "mark", value, &group->mark) < 0)
		return -1;
	if (!group->mark)
		return cw_error_at(reader->err, reader->file, line,
				   "mark 0 is no tag: leave the key out, or choose another value");
	group->has_mark = true;
	reader->groups[group_now(reader)].mark_line = line;
	return 0;
}

static const struct cw_config_key group_keys[] = {
	{ "vendor", true, set_vendor },
	{ "prefix", true, set_prefix },
	{ "action", false, cw_config_set_action },
	{ "mark", false, set_mark },
	{ "allow", true, cw_config_set_allow },
	{ "limit", false, cw_config_set_limit },
	{ 0 },
};

CW_CONFIG_KEYS_FIT(group_keys);

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
	reader->section_keys = cw_config_camwall_keys;
	return 0;
}

/* It is camwalld's, which reads it with cw_history_settings_read(): here it only has to be right. */
static int begin_history(struct cw_config_reader *reader, int line)
{
	if (reader->history_line)
		return cw_error_at(reader->err, reader->file, line,
				   "[history] stands twice, also in line %d: make one of them",
				   reader->history_line);
	reader->history_line = line;
	reader->section_keys = cw_config_history_keys;
	return 0;
}

static int unknown_section(struct cw_config_reader *reader, int line, const char *section,
			   const char *word)
{
	static const char *const known[] = { "camwall", "group", "exempt", "history", NULL };
	const char *nearest = cw_suggest(word, known);

	if (!nearest)
		return cw_error_at(reader->err, reader->file, line,
				   "unknown section [%s]: there are [camwall], [group NAME], [exempt MAC] and [history]",
				   section);
	return cw_error_at(reader->err, reader->file, line,
			   "unknown section [%s]: did you mean [%s%s]?", section, nearest,
			   strcmp(nearest, "group") == 0 ? " NAME" :
			   strcmp(nearest, "exempt") == 0 ? " MAC" : "");
}

static int begin_section(struct cw_config_reader *reader, int line, const char *section)
{
	size_t length = strcspn(section, SPACES);
	const char *argument = section + length + strspn(section + length, SPACES);
	char *word = cw_strndup(section, length);
	int ret = cw_config_end_section(reader);

	memset(reader->seen, 0, sizeof(reader->seen));
	if (ret)
		;
	else if (strcmp(word, "exempt") == 0)
		ret = cw_config_begin_exempt(reader, line, argument);
	else if (reader->exemptions_only)
		ret = cw_error_at(reader->err, reader->file, line,
				  "[%s] does not belong in the file of exemptions, which has only [exempt MAC]: write it in the configuration file",
				  section);
	else if (strcmp(section, "camwall") == 0)
		ret = begin_camwall(reader, line);
	else if (strcmp(section, "history") == 0)
		ret = begin_history(reader, line);
	else if (strcmp(word, "group") == 0)
		ret = begin_group(reader, line, argument);
	else
		ret = unknown_section(reader, line, section, word);
	free(word);
	return ret;
}

/* "a, b, c", for free() */
static char *join(const char *const *names)
{
	char *all = cw_strdup(*names), *longer;

	while (*++names) {
		longer = cw_asprintf("%s, %s", all, *names);
		free(all);
		all = longer;
	}
	return all;
}

static int unknown_key(struct cw_config_reader *reader, int line, const char *section,
		       const char *key)
{
	const char *names[CW_CONFIG_KEYS_MAX + 1] = { 0 };
	const char *nearest;
	char *all;
	size_t i;

	for (i = 0; reader->section_keys[i].name; i++)
		names[i] = reader->section_keys[i].name;
	nearest = cw_suggest(key, names);
	if (nearest)
		return cw_error_at(reader->err, reader->file, line,
				   "unknown key \"%s\" in [%s]: did you mean \"%s\"?",
				   key, section, nearest);
	all = join(names);
	cw_error_at(reader->err, reader->file, line, "unknown key \"%s\" in [%s]: there are %s",
		    key, section, all);
	free(all);
	return -1;
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
	for (i = 0; i < reader->policy->n_groups; i++) {
		if (reader->policy->groups[i].has_mark && check_mark(reader, i) < 0)
			return -1;
		if (cw_config_check_action(reader, i) < 0)
			return -1;
	}
	if (cw_config_resolve(reader) < 0)
		return -1;
	return cw_config_settle_exemptions(reader);
}

/* What is known of a file; of a pipe nothing is. */
static bool stream_date(FILE *stream, struct stat *st)
{
	int fd = fileno(stream);

	return fd >= 0 && fstat(fd, st) == 0 && S_ISREG(st->st_mode);
}

static int read_stream(struct cw_config_reader *reader, FILE *stream)
{
	if (cw_ini_read(stream, reader->file, on_key, reader, reader->err) < 0)
		return -1;
	return cw_config_end_section(reader);
}

/* Who may write the configuration may write exemptions; nobody else may, as in a folder of all. */
static int check_owner(const struct cw_config_reader *reader, const struct stat *config,
		       const struct stat *exemptions)
{
	if (!exemptions->st_uid || exemptions->st_uid == geteuid() ||
	    exemptions->st_uid == config->st_uid)
		return 0;
	return cw_error_at(reader->err, reader->file, 0,
			   "belongs to another user (%u) than the configuration beside it, and would exempt devices: remove it, or change its owner",
			   (unsigned int)exemptions->st_uid);
}

static int read_exemptions(struct cw_config_reader *reader, struct stat *config)
{
	const char *file = reader->file;
	struct stat st = { 0 };
	FILE *stream;
	int ret;

	reader->file = reader->options->exemptions_file;
	if (!reader->file)
		goto out;
	stream = fopen(reader->file, "re");
	if (!stream && errno == ENOENT)
		goto out;
	if (!stream)
		return cw_error_at(reader->err, reader->file, 0, "cannot be read: %s", strerror(errno));
	reader->exemptions_only = true;
	reader->section_keys = NULL;
	if (stream_date(stream, &st) && st.st_mtime > config->st_mtime)
		config->st_mtime = st.st_mtime;
	ret = check_owner(reader, config, &st) ?: read_stream(reader, stream);
	fclose(stream);
	if (ret)
		return -1;
out:
	reader->file = file;
	return 0;
}

static uint64_t later(uint64_t a, uint64_t b)
{
	return a > b ? a : b;
}

/* The digest is of the very octets that are then read, whatever becomes of the file meanwhile. */
static int read_config(struct cw_config_reader *reader, FILE *stream)
{
	size_t length = 0;
	char *text = cw_read_stream(stream, &length);
	FILE *copy = text ? fmemopen(text, length, "r") : NULL;
	int ret;

	if (copy) {
		cw_digest_of(text, length, &reader->policy->digest);
		ret = read_stream(reader, copy);
		fclose(copy);
	} else {
		ret = cw_error_at(reader->err, reader->file, 0, "cannot be read: %s", strerror(errno));
	}
	free(text);
	return ret;
}

static int read_all(struct cw_config_reader *reader, FILE *stream)
{
	uint64_t now = reader->options->now ?: (uint64_t)time(NULL);
	struct stat st = { .st_uid = geteuid() };

	reader->report->dateless = !stream_date(stream, &st);
	if (reader->report->dateless)
		st.st_mtime = now;
	if (read_config(reader, stream) < 0 || read_exemptions(reader, &st) < 0)
		return -1;
	reader->clock_wrong = now < CW_CONFIG_EPOCH;
	reader->policy->written = later(st.st_mtime > 0 ? st.st_mtime : 0, CW_CONFIG_EPOCH);
	reader->now = later(now, reader->policy->written);
	return 0;
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
	for (i = 0; i < report->n_exemptions; i++) {
		free(report->exemptions[i].file);
		free(report->exemptions[i].reason);
		free(report->exemptions[i].approved_by);
	}
	free(report->exemptions);
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
	ret = read_all(&reader, stream);
	if (!ret)
		ret = check(&reader);
	reader_clear(&reader);
	cw_config_report_clear(&dropped);
	if (!ret)
		return reader.policy;
	cw_policy_free(reader.policy);
	return NULL;
}
