// SPDX-License-Identifier: GPL-2.0-or-later
/* The last good policy: kept when one was put in force, for a boot at which there is no other. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "alloc.h"
#include "last_good.h"
#include "readfile.h"
#include "replace.h"

#define DIR_MODE	0700
#define MODE		0600

#define HEADER \
	"# The last policy that \"camwall apply\" put in force, with the prefixes of its packs, for a\n" \
	"# boot at which the configuration is broken (\"camwall boot\"). Kept by camwall.\n"
#define WITH_REGISTRY	"# Made with the registry of the IEEE.\n"
/* A file that was cut could be read as a policy that says less. */
#define FOOTER	"\n# The end.\n"

static char *serialise(const struct cw_policy *policy, bool with_registry)
{
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		return NULL;
	fputs(HEADER, out);
	if (with_registry)
		fputs(WITH_REGISTRY, out);
	cw_policy_print(policy, out);
	fputs(FOOTER, out);
	if (fclose(out) == 0)
		return text;
	free(text);
	return NULL;
}

static int make_folder(const char *path, struct cw_error *err)
{
	char *dir = cw_folder(path);
	int ret = 0;

	if (mkdir(dir, DIR_MODE) < 0 && errno != EEXIST)
		ret = cw_error_set(err, "%s: cannot be made: %s", dir, strerror(errno));
	free(dir);
	return ret;
}

static bool trusted(const struct stat *st)
{
	return S_ISREG(st->st_mode) && (!st->st_uid || st->st_uid == geteuid()) &&
	       !(st->st_mode & 0022);
}

/* Does the file say this already, and of the same time? */
static bool is_kept(const char *path, const char *text, time_t written)
{
	FILE *stream = fopen(path, "re");
	struct stat st;
	size_t length;
	char *before;
	bool same;

	if (!stream)
		return false;
	before = cw_read_stream(stream, &length);
	same = before && length == strlen(text) && memcmp(before, text, length) == 0 &&
	       fstat(fileno(stream), &st) == 0 && st.st_mtime == written && trusted(&st);
	free(before);
	fclose(stream);
	return same;
}

int cw_last_good_keep(const char *path, const struct cw_policy *policy, bool with_registry,
		      struct cw_error *err)
{
	const struct timespec written = { .tv_sec = policy->written };
	const struct timespec times[] = { written, written };
	const struct cw_replace_as as = { .mode = MODE, .uid = -1, .gid = -1, .times = times };
	char *text = serialise(policy, with_registry);
	int ret = 0;

	if (!text)
		return cw_error_set(err, "%s: %s", path, strerror(errno));
	if (!is_kept(path, text, written.tv_sec)) {
		ret = make_folder(path, err);
		if (!ret && cw_replace(path, text, &as) < 0)
			ret = cw_error_set(err, "%s: cannot be written, and is as it was: %s", path,
					   strerror(errno));
	}
	free(text);
	return ret;
}

static int check_whole(FILE *stream, const char *path, struct cw_error *err)
{
	size_t length = 0, end = strlen(FOOTER);
	char *text = cw_read_stream(stream, &length);
	int ret = 0;

	if (!text)
		return cw_error_set(err, "%s: cannot be read: %s", path, strerror(errno));
	if (length < end || strcmp(text + length - end, FOOTER) != 0)
		ret = cw_error_set(err, "%s: is not whole, as its last line is missing: it is not used",
				   path);
	free(text);
	rewind(stream);
	return ret;
}

static int check(FILE *stream, const char *path, struct cw_error *err)
{
	struct stat st;

	if (fstat(fileno(stream), &st) < 0)
		return cw_error_set(err, "%s: cannot be read: %s", path, strerror(errno));
	if (!trusted(&st))
		return cw_error_set(err, "%s: is no file that root alone can write: it is not used", path);
	return check_whole(stream, path, err);
}

/* Return: the file, if it may be believed; NULL with @err set. */
static FILE *open_checked(const char *path, struct cw_error *err)
{
	int fd = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
	FILE *stream = fd < 0 ? NULL : fdopen(fd, "r");

	if (!stream) {
		cw_error_set(err, "%s: %s", path, errno == ENOENT ?
			     "is not there, as no policy was applied yet" : strerror(errno));
		if (fd >= 0)
			close(fd);
		return NULL;
	}
	if (check(stream, path, err) == 0)
		return stream;
	fclose(stream);
	return NULL;
}

struct cw_policy *cw_last_good_load(const char *path, struct cw_config_report *report,
				    struct cw_error *err)
{
	FILE *stream = open_checked(path, err);
	struct cw_policy *policy;

	memset(report, 0, sizeof(*report));
	if (!stream)
		return NULL;
	policy = cw_config_load(stream, path, NULL, report, err);
	fclose(stream);
	return policy;
}

static bool says_registry(const char *path)
{
	static const char begin[] = HEADER WITH_REGISTRY;
	FILE *stream = open_checked(path, NULL);
	char text[sizeof(begin) - 1];
	bool says;

	if (!stream)
		return false;
	says = fread(text, sizeof(text), 1, stream) == 1 && memcmp(text, begin, sizeof(text)) == 0;
	fclose(stream);
	return says;
}

/* Of whatever group: both are sorted, and have each prefix once. */
static bool has_all(const struct cw_policy *policy, const struct cw_policy *other)
{
	size_t i, mine = 0;

	for (i = 0; i < other->n_prefixes; i++) {
		while (mine < policy->n_prefixes &&
		       policy->prefixes[mine] >> 8 < other->prefixes[i] >> 8)
			mine++;
		if (mine == policy->n_prefixes ||
		    policy->prefixes[mine] >> 8 != other->prefixes[i] >> 8)
			return false;
	}
	return true;
}

bool cw_last_good_has_more(const char *path, const struct cw_policy *policy)
{
	struct cw_config_report report;
	struct cw_policy *kept;
	bool more;

	if (!says_registry(path))
		return false;
	kept = cw_last_good_load(path, &report, NULL);
	more = kept && !has_all(policy, kept);
	cw_config_report_clear(&report);
	cw_policy_free(kept);
	return more;
}
