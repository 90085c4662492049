// SPDX-License-Identifier: GPL-2.0-or-later
/* The file of defines that an administrator's own nftables files include. */
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "alloc.h"
#include "nft_define.h"
#include "nft_names.h"
#include "readfile.h"

#define FILE_MODE	0644
#define DIR_MODE	0755
#define NETDEV_DEFINE	"define CAMWALL_NETDEV = {"

static void print_netdevs(FILE *out, const char *const *netdevs)
{
	if (!netdevs || !*netdevs)
		return;
	fputs("\n# devices with chains of their own in the table netdev camwall\n" NETDEV_DEFINE, out);
	for (; *netdevs; netdevs++)
		fprintf(out, " \"%s\"%s", *netdevs, netdevs[1] ? "," : "");
	fputs(" }\n", out);
}

static void print(FILE *out, const struct cw_policy *policy, const char *const *netdevs)
{
	char name[CW_NFT_NAME_SIZE];
	size_t i;

	fputs("# Written by camwall, and written anew by \"camwall apply\" and \"camwall nft sync\": change\n"
	      "# nothing here.\n"
	      "#   meta mark and $CAMWALL_MASK == $CAMWALL_GROUP    a packet of that group\n", out);
	if (policy->mark_mask)
		fprintf(out, "\n# the bits of a mark that are camwall's\ndefine CAMWALL_MASK = 0x%08x\n",
			policy->mark_mask);
	else
		fputs("\n# There is no mark-mask in the configuration, so that nothing is tagged.\n", out);
	for (i = 0; i < policy->n_groups; i++) {
		const struct cw_policy_group *group = &policy->groups[i];

		if (group->has_mark)
			fprintf(out, "\n# group %s, action %s\ndefine %s = 0x%08x\n", group->name,
				cw_action_name(group->action), cw_nft_define_name(group->name, name),
				group->mark);
		else
			fprintf(out, "\n# group %s, action %s, has no mark\n", group->name,
				cw_action_name(group->action));
	}
	print_netdevs(out, netdevs);
}

char *cw_nft_define_text(const struct cw_policy *policy, const char *const *netdevs,
			 struct cw_error *err)
{
	char *text = NULL;
	size_t size;
	FILE *out;

	if (cw_nft_names_check(policy, err) < 0)
		return NULL;
	out = open_memstream(&text, &size);
	if (!out) {
		cw_error_set(err, "no memory for the defines: %s", strerror(errno));
		return NULL;
	}
	print(out, policy, netdevs);
	fclose(out);
	return text;
}

char *cw_nft_define_path(const char *netns)
{
	const char *path = getenv("CAMWALL_RULESET");

	if (path && *path)
		return cw_strdup(path);
	if (netns)
		return cw_asprintf(CW_NFT_DEFINE_DIR "/%s/" CW_NFT_DEFINE_NAME, netns);
	return cw_strdup(CW_NFT_DEFINE_DIR "/" CW_NFT_DEFINE_NAME);
}

/* Return: the file's text, NULL where there is none or, with @err set, where it cannot be read. */
static char *read_text(const char *path, struct cw_error *err)
{
	FILE *stream = fopen(path, "re");
	size_t length;
	char *text;

	if (!stream) {
		if (errno != ENOENT && errno != ENOTDIR)
			cw_error_set(err, "%s: cannot be read: %s", path, strerror(errno));
		return NULL;
	}
	text = cw_read_stream(stream, &length);
	if (!text)
		cw_error_set(err, "%s: cannot be read: %s", path, strerror(errno));
	fclose(stream);
	return text;
}

static int make_folders(const char *path)
{
	char *copy = cw_strdup(path), *slash = copy;
	int ret = 0;

	while (!ret && (slash = strchr(slash + 1, '/'))) {
		*slash = '\0';
		if (mkdir(copy, DIR_MODE) < 0 && errno != EEXIST && access(copy, F_OK) < 0)
			ret = -1;
		*slash = '/';
	}
	free(copy);
	return ret;
}

static int fill(int fd, const char *text)
{
	FILE *stream = fdopen(fd, "w");
	int ret;

	if (!stream) {
		close(fd);
		return -1;
	}
	ret = fputs(text, stream) < 0 || fflush(stream) || fchmod(fd, FILE_MODE) < 0 || fsync(fd) < 0;
	return fclose(stream) || ret ? -1 : 0;
}

/* A new file beside the old one, on the disk before it takes its name. */
static int replace(const char *path, const char *text)
{
	char *temporary = cw_asprintf("%s.XXXXXX", path);
	int fd, ret = -1, error;

	fd = mkostemp(temporary, O_CLOEXEC);
	if (fd >= 0) {
		ret = fill(fd, text) ?: rename(temporary, path);
		error = errno;
		if (ret)
			unlink(temporary);
		errno = error;
	}
	free(temporary);
	return ret;
}

int cw_nft_define_write(const char *path, const char *text, struct cw_error *err)
{
	char *before = read_text(path, NULL);
	bool same = before && strcmp(before, text) == 0;

	free(before);
	if (same)
		return 0;
	if (make_folders(path) < 0 || replace(path, text) < 0)
		return cw_error_set(err, "%s: cannot be written: %s%s", path, strerror(errno),
				    errno == EACCES ? ": run as root" :
				    errno == EROFS ? ": name another file in $CAMWALL_RULESET" : "");
	return 1;
}

int cw_nft_define_remove(const char *path, struct cw_error *err)
{
	if (unlink(path) == 0)
		return 1;
	if (errno == ENOENT || errno == ENOTDIR)
		return 0;
	return cw_error_set(err, "%s: cannot be removed: %s%s", path, strerror(errno),
			    errno == EACCES ? ": run as root" : "");
}

static char **parse_netdevs(const char *text)
{
	const char *name = text ? strstr(text, "\n" NETDEV_DEFINE) : NULL, *end;
	char **netdevs = NULL;
	size_t n = 0;

	end = name ? strchr(name, '}') : NULL;
	while (end && (name = strchr(name, '"')) && name < end) {
		size_t length = strcspn(++name, "\"\n");

		netdevs = cw_array_room(netdevs, n, sizeof(*netdevs));
		netdevs[n++] = cw_strndup(name, length);
		name += length + 1;
	}
	netdevs = cw_array_room(netdevs, n, sizeof(*netdevs));
	netdevs[n] = NULL;
	return netdevs;
}

int cw_nft_define_netdevs(const char *path, char ***netdevs, struct cw_error *err)
{
	struct cw_error failed = { 0 };
	char *text = read_text(path, &failed);
	int ret = text ? 1 : 0;

	if (failed.message) {
		ret = cw_error_set(err, "%s", failed.message);
		cw_error_clear(&failed);
	}
	*netdevs = parse_netdevs(text);
	free(text);
	return ret;
}

void cw_nft_netdevs_free(char **netdevs)
{
	char **netdev;

	for (netdev = netdevs; netdev && *netdev; netdev++)
		free(*netdev);
	free(netdevs);
}
