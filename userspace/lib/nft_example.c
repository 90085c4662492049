// SPDX-License-Identifier: GPL-2.0-or-later
/* Examples of rules for nftables: the files under nftables/, filled in for a configuration. */
#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "alloc.h"
#include "built_tree.h"
#include "nft_example.h"
#include "nft_names.h"
#include "readfile.h"
#include "suggest.h"

#define SUFFIX		".nft"
#define DEFINE		"define "
#define GROUP		"GROUP"
#define GROUP_DEFINE	"CAMWALL_GROUP"

const char *cw_nft_example_dir(void)
{
	static char built[PATH_MAX];
	const char *dir = getenv("CAMWALL_NFTABLES");

	if (dir && *dir)
		return dir;
	return cw_built_tree_dir("nftables", built, sizeof(built)) ?: CAMWALL_DATADIR "/nftables";
}

/* --- The files ------------------------------------------------------------------------ */

static char *second_line(const char *text)
{
	const char *line = strchr(text, '\n');

	if (!line || strncmp(line, "\n# ", 3) != 0)
		return cw_strdup("");
	return cw_strndup(line + 3, strcspn(line + 3, "\n"));
}

/* Lines can then be walked without asking for the end of the text. */
static void append_newline(char **text)
{
	size_t length = strlen(*text);

	if (length && (*text)[length - 1] == '\n')
		return;
	*text = cw_reallocarray(*text, length + 2, 1);
	strcpy(*text + length, "\n");
}

static int read_example(const char *dir, const char *file, struct cw_nft_example *example,
			struct cw_error *err)
{
	char *path = cw_asprintf("%s/%s", dir, file);
	FILE *stream = fopen(path, "re");
	size_t length;

	example->text = stream ? cw_read_stream(stream, &length) : NULL;
	if (!example->text)
		cw_error_set(err, "%s: cannot be read: %s", path, strerror(errno));
	if (stream)
		fclose(stream);
	free(path);
	if (!example->text)
		return -1;
	append_newline(&example->text);
	example->name = cw_strndup(file, strlen(file) - strlen(SUFFIX));
	example->title = second_line(example->text);
	return 0;
}

static int is_example(const struct dirent *entry)
{
	size_t length = strlen(entry->d_name);

	return *entry->d_name != '.' && length > strlen(SUFFIX) &&
	       strcmp(entry->d_name + length - strlen(SUFFIX), SUFFIX) == 0;
}

int cw_nft_example_list(const char *dir, struct cw_nft_example **examples, size_t *n,
			struct cw_error *err)
{
	struct dirent **entries;
	int i, found, ret = 0;

	*examples = NULL;
	*n = 0;
	found = scandir(dir, &entries, is_example, alphasort);
	if (found < 0)
		return cw_error_set(err, "%s: cannot be listed: %s: install camwall, or name the folder in $CAMWALL_NFTABLES",
				    dir, strerror(errno));
	*examples = cw_calloc(found + 1, sizeof(**examples));
	for (i = 0; i < found; i++) {
		if (!ret)
			ret = read_example(dir, entries[i]->d_name, &(*examples)[*n], err);
		if (!ret)
			(*n)++;
		free(entries[i]);
	}
	free(entries);
	if (!ret && !*n)
		ret = cw_error_set(err, "%s has no examples (*" SUFFIX ") in it", dir);
	return ret;
}

void cw_nft_examples_free(struct cw_nft_example *examples, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++) {
		free(examples[i].name);
		free(examples[i].title);
		free(examples[i].text);
	}
	free(examples);
}

/* --- Whose ---------------------------------------------------------------------------- */

static const struct cw_policy_group *first(const struct cw_policy *policy)
{
	size_t i;

	for (i = 0; i < policy->n_groups; i++)
		if (policy->groups[i].has_mark)
			return &policy->groups[i];
	return policy->n_groups ? &policy->groups[0] : NULL;
}

static void unknown_group(const struct cw_policy *policy, const char *name, struct cw_error *err)
{
	const char **known = cw_calloc(policy->n_groups + 1, sizeof(*known)), *nearest;
	size_t i;

	for (i = 0; i < policy->n_groups; i++)
		known[i] = policy->groups[i].name;
	nearest = cw_suggest(name, known);
	cw_error_set(err, "the configuration has no group %s%s%s%s", name,
		     nearest ? ": did you mean " : "; \"camwall show groups\" lists them",
		     nearest ?: "", nearest ? "?" : "");
	free(known);
}

static const struct cw_policy_group *find(const struct cw_policy *policy, const char *name)
{
	size_t i;

	for (i = 0; i < policy->n_groups; i++)
		if (strcmp(policy->groups[i].name, name) == 0)
			return &policy->groups[i];
	return NULL;
}

/* A rule that asks for the tag needs a group that has one. */
static const struct cw_policy_group *choose(const struct cw_nft_example *example,
					    const struct cw_policy *policy, const char *name,
					    struct cw_error *err)
{
	const struct cw_policy_group *group = name ? find(policy, name) : first(policy);

	if (!group && name)
		unknown_group(policy, name, err);
	else if (!group)
		cw_error_set(err, "the configuration has no group: write one, or name another configuration with --file");
	else if (!group->has_mark && strstr(example->text, "$CAMWALL_"))
		cw_error_set(err, "group %s has no mark, by which the rules of %s would know it: give [camwall] a mark-mask, and the group a mark",
			     group->name, example->name);
	else
		return group;
	return NULL;
}

/* --- Filling in ----------------------------------------------------------------------- */

/**
 * struct names - what stands for GROUP
 * @name: what all names of the group's things begin with
 * @define: of its tag
 */
struct names {
	char name[CW_NFT_NAME_SIZE], define[CW_NFT_NAME_SIZE];
};

static void put_line(FILE *out, const char *line, size_t length, const struct names *names)
{
	const char *end = line + length;

	while (line < end) {
		if (strncmp(line, GROUP_DEFINE, strlen(GROUP_DEFINE)) == 0) {
			fputs(names->define, out);
			line += strlen(GROUP_DEFINE);
		} else if (strncmp(line, GROUP, strlen(GROUP)) == 0) {
			fputs(names->name, out);
			line += strlen(GROUP);
		} else {
			fputc(*line++, out);
		}
	}
}

/* The name that a line defines, or NULL. */
static const char *defined_name(const char *line, size_t *length)
{
	line += strspn(line, "\t ");
	if (strncmp(line, DEFINE, strlen(DEFINE)) != 0)
		return NULL;
	line += strlen(DEFINE);
	*length = strcspn(line, " =\n");
	return line;
}

/* The value that a setting gives to what this line defines, or NULL. */
static const char *setting_of(const char *line, char *const *settings, size_t n)
{
	size_t i, length;
	const char *name = defined_name(line, &length);

	for (i = 0; name && i < n; i++)
		if (strncmp(settings[i], name, length) == 0 && settings[i][length] == '=')
			return settings[i] + length + 1;
	return NULL;
}

static void fill(FILE *out, const char *text, const struct cw_policy_group *group,
		 char *const *settings, size_t n)
{
	struct names names;

	cw_nft_define_name(group->name, names.define);
	*strrchr(cw_nft_name(group->name, CW_NFT_MAC, names.name), '_') = '\0';
	while (*text) {
		size_t length = strcspn(text, "\n") + 1;
		const char *value = setting_of(text, settings, n);

		if (value)
			fprintf(out, "%.*s= %s\n", (int)strcspn(text, "="), text, value);
		else
			put_line(out, text, length, &names);
		text += length;
	}
}

/* "A, B and C can be set", by what the example defines. */
static void cannot_set(const struct cw_nft_example *example, const char *setting,
		       struct cw_error *err)
{
	const char *line = example->text, *name;
	char *names = cw_strdup("");
	size_t length;

	for (; *line; line += strcspn(line, "\n") + 1) {
		name = defined_name(line, &length);
		if (name) {
			char *longer = cw_asprintf("%s%s%.*s", names, *names ? ", " : "",
						   (int)length, name);

			free(names);
			names = longer;
		}
	}
	if (*names)
		cw_error_set(err, "%s: in the example %s these can be set, as NAME=VALUE: %s",
			     setting, example->name, names);
	else
		cw_error_set(err, "%s: there is nothing to set in the example %s", setting,
			     example->name);
	free(names);
}

static int check_setting(const struct cw_nft_example *example, const char *setting,
			 struct cw_error *err)
{
	size_t name = strcspn(setting, "="), length;
	const char *line, *defined;

	for (line = example->text; *line; line += strcspn(line, "\n") + 1) {
		defined = defined_name(line, &length);
		if (!defined || length != name || strncmp(defined, setting, name) != 0)
			continue;
		if (setting[name] != '=' || !setting[name + 1] || strchr(setting, '\n'))
			return cw_error_set(err, "%s: a value is missing: NAME=VALUE, in one line",
					    setting);
		return 0;
	}
	cannot_set(example, setting, err);
	return -1;
}

char *cw_nft_example_fill(const struct cw_nft_example *example, const struct cw_policy *policy,
			  const char *group, char *const *settings, size_t n_settings,
			  struct cw_error *err)
{
	const struct cw_policy_group *whose = choose(example, policy, group, err);
	char *text = NULL;
	size_t i, size;
	FILE *out;

	if (!whose)
		return NULL;
	for (i = 0; i < n_settings; i++)
		if (check_setting(example, settings[i], err) < 0)
			return NULL;
	out = open_memstream(&text, &size);
	if (!out) {
		cw_error_set(err, "no memory for the example: %s", strerror(errno));
		return NULL;
	}
	fill(out, example->text, whose, settings, n_settings);
	fclose(out);
	return text;
}
