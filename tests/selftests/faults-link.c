// SPDX-License-Identifier: GPL-2.0-or-later
/* Lets each allocation fail as devices come, namespaces come and the module is loaded. */

/*
 * Runs in a namespace whose policy names lan*, and where no device is of that name. What
 * counts is that a device which the policy names is never there unbound: its frames would
 * pass unjudged. Either its user is refused, or it is bound, at once or soon.
 */
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <net/if.h>

#include "faults.h"
#include "policy.h"

#define NAME		"lan1"		/* the policy names it */
#define OTHER_NAME	"other1"	/* and not that */
#define MASTER		"lan9"
#define SOON_SECONDS	10

static struct mnl_socket *route;
static unsigned int seq;
static int here_fd, there_fd;

static void enter(int fd)
{
	if (setns(fd, CLONE_NEWNET))
		err(1, "setns");
}

/* --- Devices --- */

static struct nlmsghdr *link_request(char *buffer, uint16_t type, uint16_t flags, const char *name)
{
	struct nlmsghdr *nlh = mnl_nlmsg_put_header(buffer);
	struct ifinfomsg *info;

	nlh->nlmsg_type = type;
	nlh->nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK | flags;
	nlh->nlmsg_seq = ++seq;
	info = mnl_nlmsg_put_extra_header(nlh, sizeof(*info));
	info->ifi_family = AF_UNSPEC;
	if (flags & NLM_F_CREATE)
		mnl_attr_put_strz(nlh, IFLA_IFNAME, name);
	else
		info->ifi_index = if_nametoindex(name);
	return nlh;
}

static int route_ask(const struct nlmsghdr *nlh)
{
	static char answer[ANSWER_LEN];
	int error = 0, ret;
	ssize_t len;

	if (mnl_socket_sendto(route, nlh, nlh->nlmsg_len) < 0)
		return errno;
	do {
		len = mnl_socket_recvfrom(route, answer, sizeof(answer));
		if (len < 0)
			return errno;
		ret = mnl_cb_run(answer, len, nlh->nlmsg_seq, 0, NULL, NULL);
		if (ret < 0)
			error = errno;
	} while (ret > MNL_CB_STOP);
	return error;
}

static void put_kind(struct nlmsghdr *nlh, const char *kind)
{
	struct nlattr *nest = mnl_attr_nest_start(nlh, IFLA_LINKINFO);

	mnl_attr_put_strz(nlh, IFLA_INFO_KIND, kind);
	mnl_attr_nest_end(nlh, nest);
}

static char request[1024];

static void write_create(const char *name, const char *kind)
{
	put_kind(link_request(request, RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL, name), kind);
}

static void must(const char *what, int error)
{
	if (error)
		errx(1, "%s: %s", what, strerror(error));
}

static int run_request(void)
{
	return route_ask((struct nlmsghdr *)request);
}

static void create(const char *name, const char *kind)
{
	write_create(name, kind);
	must(name, run_request());
}

static void delete(const char *name)
{
	char buffer[256];

	if (if_nametoindex(name))
		must(name, route_ask(link_request(buffer, RTM_DELLINK, 0, name)));
}

static void open_route(void)
{
	if (route)
		mnl_socket_close(route);
	route = mnl_socket_open2(NETLINK_ROUTE, SOCK_CLOEXEC);
	if (!route || mnl_socket_bind(route, 0, MNL_SOCKET_AUTOPID))
		err(1, "route netlink socket");
}

/* --- What is bound --- */

static bool bound_are(uint32_t n)
{
	if (status(CAMWALL_A_LINK_COUNT) == n)
		return true;
	printf("bound are %u devices, not %u\n", status(CAMWALL_A_LINK_COUNT), n);
	return false;
}

/* What no answer says can be either; else what it says is so. */
static bool judge_there(int error, bool there)
{
	if (error != ENOBUFS && there != !error) {
		printf("the device is%s of the name\n", there ? "" : " not");
		return false;
	}
	return bound_are(there);
}

static bool judge_name(int error)
{
	return judge_there(error, if_nametoindex(NAME));
}

static void clean_devices(void)
{
	open_route();
	delete(NAME);
	delete(OTHER_NAME);
	delete(MASTER);
}

/* --- A device comes, gets the name, becomes a port, is moved here --- */

static void prepare_create(void)
{
	write_create(NAME, "dummy");
}

static void prepare_rename(void)
{
	create(OTHER_NAME, "dummy");
	mnl_attr_put_strz(link_request(request, RTM_NEWLINK, 0, OTHER_NAME), IFLA_IFNAME, NAME);
}

static void prepare_port(void)
{
	create(MASTER, "bridge");
	create(OTHER_NAME, "dummy");
	mnl_attr_put_u32(link_request(request, RTM_NEWLINK, 0, OTHER_NAME), IFLA_MASTER,
			 if_nametoindex(MASTER));
}

static int keep_master(const struct nlattr *attr, void *data)
{
	if (mnl_attr_get_type(attr) == IFLA_MASTER)
		*(uint32_t *)data = mnl_attr_get_u32(attr);
	return MNL_CB_OK;
}

static int keep_link(const struct nlmsghdr *nlh, void *data)
{
	return mnl_attr_parse(nlh, sizeof(struct ifinfomsg), keep_master, data);
}

static bool has_master(const char *name)
{
	static char answer[ANSWER_LEN];
	struct nlmsghdr *nlh;
	uint32_t master = 0;
	ssize_t len;

	open_route();
	nlh = link_request(request, RTM_GETLINK, 0, name);
	nlh->nlmsg_flags = NLM_F_REQUEST;
	if (mnl_socket_sendto(route, nlh, nlh->nlmsg_len) < 0)
		err(1, "RTM_GETLINK");
	len = mnl_socket_recvfrom(route, answer, sizeof(answer));
	if (len < 0 || mnl_cb_run(answer, len, nlh->nlmsg_seq, 0, keep_link, &master) < 0)
		err(1, "RTM_GETLINK");
	return master;
}

static bool judge_port(int error)
{
	return judge_there(error, has_master(OTHER_NAME));
}

static void prepare_move(void)
{
	enter(there_fd);
	open_route();
	create(NAME, "dummy");
	mnl_attr_put_u32(link_request(request, RTM_NEWLINK, 0, NAME), IFLA_NET_NS_FD, here_fd);
}

/* The core takes no refusal of a device that has been moved already. */
static bool judge_move(int error)
{
	unsigned int waited;

	clean_devices();
	enter(here_fd);
	if (!if_nametoindex(NAME))
		return error && bound_are(0);
	for (waited = 0; waited < 10 * SOON_SECONDS; waited++) {
		if (status(CAMWALL_A_LINK_COUNT) == 1)
			return true;
		usleep(100000);
	}
	return bound_are(1);
}

/* --- A namespace comes --- */

static void prepare_nothing(void) { }

static int run_unshare(void)
{
	return unshare(CLONE_NEWNET) ? errno : 0;
}

static bool judge_namespace(int error)
{
	bool good = error || generation() == 0;

	enter(here_fd);
	return good && bound_are(0);
}

/* --- The module is loaded --- */

static int module_fd;

static bool is_loaded(void)
{
	return access("/sys/module/camwall", F_OK) == 0;
}

static void unload(void)
{
	if (is_loaded() && syscall(SYS_delete_module, "camwall", O_NONBLOCK))
		err(1, "unload the module");
}

static int run_load(void)
{
	return syscall(SYS_finit_module, module_fd, "", 0) ? errno : 0;
}

static bool judge_load(int error)
{
	if (is_loaded() != !error) {
		printf("the module is%s there\n", is_loaded() ? "" : " not");
		return false;
	}
	return error || (session_find_family() && bound_are(0));
}

static const struct faulty operations[] = {
	{ "create", prepare_create, run_request, judge_name, clean_devices },
	{ "rename", prepare_rename, run_request, judge_name, clean_devices },
	{ "port", prepare_port, run_request, judge_port, clean_devices },
	{ "move", prepare_move, run_request, judge_move, clean_devices },
	{ "namespace", prepare_nothing, run_unshare, judge_namespace, prepare_nothing },
	{ "load", unload, run_load, judge_load, prepare_nothing },
};

static void begin_operation(const char *name)
{
	here_fd = open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC);
	if (here_fd < 0 || unshare(CLONE_NEWNET))
		err(1, "namespaces");
	there_fd = open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC);
	if (there_fd < 0)
		err(1, "namespaces");
	enter(here_fd);
	open_route();
	if (strcmp(name, "load") != 0)
		return;
	module_fd = open(getenv("CAMWALL_KO") ?: "", O_RDONLY | O_CLOEXEC);
	if (module_fd < 0)
		err(1, "CAMWALL_KO");
}

int main(int argc, char **argv)
{
	bool all_after = argc == 3 && !strcmp(argv[2], "onward");
	struct faults faults;
	size_t i;

	if (argc < 2 || argc > 3 || (argc == 3 && !all_after))
		errx(2, "usage: faults-link create|rename|port|move|namespace|load [onward]");
	if (!session_find_family())
		errx(1, "the module is not loaded");
	setvbuf(stdout, NULL, _IOLBF, 0);
	begin_operation(argv[1]);
	faults_open(&faults, all_after);
	for (i = 0; i < sizeof(operations) / sizeof(operations[0]); i++)
		if (!strcmp(argv[1], operations[i].name))
			return !faults_try(&faults, &operations[i]);
	errx(2, "%s: no operation", argv[1]);
}
