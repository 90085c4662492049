// SPDX-License-Identifier: GPL-2.0-or-later
/* Rights: CAP_NET_ADMIN, to hear the kernel and to keep nftables in step, and a folder to write in; nothing else. */
#include <cap-ng.h>
#include <errno.h>
#include <libgen.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "alloc.h"
#include "daemon.h"

#define DIR_MODE	0750

/* The database's folder, where it is not there: made by root, it belongs to the user. */
static int make_folder(const char *database, const struct passwd *user, struct cw_error *err)
{
	char *copy = cw_strdup(database), *dir = dirname(copy);
	int ret = 0;

	if (mkdir(dir, DIR_MODE) < 0) {
		if (errno != EEXIST)
			ret = cw_error_set(err, "%s: cannot be made: %s", dir, strerror(errno));
	} else if (user && chown(dir, user->pw_uid, user->pw_gid) < 0) {
		ret = cw_error_set(err, "%s: cannot be given to %s: %s", dir, user->pw_name,
				   strerror(errno));
	}
	free(copy);
	return ret;
}

static int find_user(const char *name, const struct passwd **user, struct cw_error *err)
{
	*user = NULL;
	if (geteuid() != 0)
		return name ? cw_error_set(err, "--user %s: only root can become another user", name) : 0;
	errno = 0;
	*user = getpwnam(name ?: DAEMON_USER);
	if (!*user && name)
		return cw_error_set(err, "--user %s: there is no such user", name);
	return 0;
}

int privilege_drop(const char *name, const char *database, struct cw_error *err)
{
	const struct passwd *user;
	bool root = geteuid() == 0;

	if (find_user(name, &user, err) < 0 || make_folder(database, user, err) < 0)
		return -1;
	capng_clear(CAPNG_SELECT_BOTH);
	capng_update(CAPNG_ADD, CAPNG_EFFECTIVE | CAPNG_PERMITTED, CAP_NET_ADMIN);
	if (user) {
		/* Changes the user and gives up the bounding set in the right order. */
		if (capng_change_id(user->pw_uid, user->pw_gid,
				    CAPNG_INIT_SUPP_GRP | CAPNG_CLEAR_BOUNDING) != 0)
			return cw_error_set(err, "cannot become %s: %s", user->pw_name, strerror(errno));
	} else if (capng_apply(root ? CAPNG_SELECT_BOTH : CAPNG_SELECT_CAPS) != 0) {
		return cw_error_set(err, "CAP_NET_ADMIN is needed: run as root, or give it to this user (AmbientCapabilities= of a systemd unit)");
	}
	if (prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0) < 0 ||
	    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
		return cw_error_set(err, "cannot give up rights: %s", strerror(errno));
	return 0;
}
