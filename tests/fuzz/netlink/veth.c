// SPDX-License-Identifier: GPL-2.0-or-later
/* Makes a veth pair in the network namespace that the program is in, by rtnetlink. */
#include <arpa/inet.h>
#include <err.h>
#include <net/if.h>
#include <sys/socket.h>

#include <libmnl/libmnl.h>
#include <linux/if_ether.h>
#include <linux/if_link.h>
#include <linux/if_packet.h>
#include <linux/rtnetlink.h>
#include <linux/veth.h>

#include "veth.h"

static struct ifinfomsg *link_header(struct nlmsghdr *nlh, uint16_t flags)
{
	struct ifinfomsg *link;

	nlh->nlmsg_type = RTM_NEWLINK;
	nlh->nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK | flags;
	nlh->nlmsg_seq = 1;
	link = mnl_nlmsg_put_extra_header(nlh, sizeof(*link));
	link->ifi_flags = IFF_UP;
	link->ifi_change = IFF_UP;
	return link;
}

static void ask(struct mnl_socket *socket, const struct nlmsghdr *nlh, const char *what)
{
	char buffer[8192];
	ssize_t len;

	if (mnl_socket_sendto(socket, nlh, nlh->nlmsg_len) < 0)
		err(2, "%s", what);
	len = mnl_socket_recvfrom(socket, buffer, sizeof(buffer));
	if (len < 0 || mnl_cb_run(buffer, len, 1, mnl_socket_get_portid(socket), NULL, NULL) < 0)
		err(2, "%s", what);
}

static void create(struct mnl_socket *socket, const char *near, const char *far)
{
	char buffer[1024];
	struct nlmsghdr *nlh = mnl_nlmsg_put_header(buffer);
	struct nlattr *info, *data, *peer;

	link_header(nlh, NLM_F_CREATE | NLM_F_EXCL);
	mnl_attr_put_strz(nlh, IFLA_IFNAME, near);
	info = mnl_attr_nest_start(nlh, IFLA_LINKINFO);
	mnl_attr_put_strz(nlh, IFLA_INFO_KIND, "veth");
	data = mnl_attr_nest_start(nlh, IFLA_INFO_DATA);
	peer = mnl_attr_nest_start(nlh, VETH_INFO_PEER);
	mnl_nlmsg_put_extra_header(nlh, sizeof(struct ifinfomsg));
	mnl_attr_put_strz(nlh, IFLA_IFNAME, far);
	mnl_attr_nest_end(nlh, peer);
	mnl_attr_nest_end(nlh, data);
	mnl_attr_nest_end(nlh, info);
	ask(socket, nlh, "a veth pair");
}

static void set_up(struct mnl_socket *socket, const char *name)
{
	char buffer[1024];
	struct nlmsghdr *nlh = mnl_nlmsg_put_header(buffer);

	link_header(nlh, 0)->ifi_index = if_nametoindex(name);
	ask(socket, nlh, "a device");
}

static int packet_socket(const char *name)
{
	struct sockaddr_ll address = { .sll_family = AF_PACKET };
	int fd = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);

	address.sll_ifindex = if_nametoindex(name);
	if (fd < 0 || bind(fd, (struct sockaddr *)&address, sizeof(address)))
		err(2, "packet socket");
	return fd;
}

/**
 * veth_create() - make a pair of devices, both of them up
 * @near: name of the one that frames are written to
 * @far: name of the one that they come in at
 *
 * Return: a packet socket on the near one; what fails ends the program.
 */
int veth_create(const char *near, const char *far)
{
	struct mnl_socket *socket = mnl_socket_open2(NETLINK_ROUTE, SOCK_CLOEXEC);

	if (!socket || mnl_socket_bind(socket, 0, MNL_SOCKET_AUTOPID))
		err(2, "rtnetlink socket");
	create(socket, near, far);
	set_up(socket, near);
	set_up(socket, far);
	mnl_socket_close(socket);
	return packet_socket(near);
}
