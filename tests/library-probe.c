// SPDX-License-Identifier: GPL-2.0-or-later
/* For selftests/library.sh: what libcamwall.so says of a network namespace, asked from outside of it. */
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <camwall/camwall.h>

static void die(char *error)
{
	fprintf(stderr, "library-probe: %s\n", error);
	exit(EXIT_FAILURE);
}

/* Of the calling thread: the library has to leave it where it is. */
static ino_t here(void)
{
	struct stat st;

	return stat("/proc/thread-self/ns/net", &st) == 0 ? st.st_ino : 0;
}

static struct camwall *open_camwall(const char *netns)
{
	struct camwall *camwall;
	ino_t before = here();
	char *error;

	camwall = camwall_open(*netns ? netns : NULL, &error);
	if (!camwall)
		die(error);
	if (here() != before)
		die("the library has moved its caller to another network namespace");
	return camwall;
}

/* apply NETNS FILE [check|twice|keep]: "twice" applies what was read once more; NETNS "" is the caller's. */
static void apply(const char *netns, const char *file, const char *how)
{
	unsigned int flags = strcmp(how, "check") == 0 ? CAMWALL_CHECK : 0;
	struct camwall_config *config = camwall_config_new();
	struct camwall *camwall = open_camwall(netns);
	int times = strcmp(how, "twice") == 0 ? 2 : 1;
	struct camwall_changes *changes;
	const char *line;
	char *error;

	if (camwall_config_read_file(config, file, &error) < 0)
		die(error);
	for (size_t i = 0; (line = camwall_config_warning(config, i)); i++)
		printf("warning=%s\n", line);
	for (int t = 0; t < times; t++) {
		if (camwall_apply(camwall, config, flags, &changes, &error) < 0)
			die(error);
		for (size_t i = 0; (line = camwall_changes_line(changes, i)); i++)
			printf("change=%s\n", line);
		camwall_changes_free(changes);
	}
	if (strcmp(how, "keep") == 0 && camwall_keep(config, &error) < 0)
		die(error);
	camwall_config_free(config);
	camwall_close(camwall);
}

static void print_counters(uint64_t (*counter)(const void *object, enum camwall_counter which), const void *object)
{
	for (int which = CAMWALL_FROM_PACKETS; which <= CAMWALL_TO_DROPPED; which++)
		printf(" %llu", (unsigned long long)counter(object, which));
	putchar('\n');
}

static uint64_t group_counter(const void *group, enum camwall_counter which)
{
	return camwall_group_counter(group, which);
}

static uint64_t device_counter(const void *device, enum camwall_counter which)
{
	return camwall_device_counter(device, which);
}

static const char *or_none(const char *text)
{
	return text ? text : "none";
}

/* show NETNS MAC...: status, groups, devices, and what is known of the addresses. */
static void show(const char *netns, char **macs)
{
	struct camwall *camwall = open_camwall(netns);
	const struct camwall_device *device;
	const struct camwall_group *group;
	struct camwall_devices *devices;
	struct camwall_status *status;
	struct camwall_groups *groups;
	char *error;

	status = camwall_status_read(camwall, &error);
	if (!status)
		die(error);
	printf("status %s", camwall_status_version(status));
	for (int figure = CAMWALL_GENERATION; figure <= CAMWALL_CLOCK_BEHIND; figure++)
		printf(" %llu", (unsigned long long)camwall_status_figure(status, figure));
	printf(" %s\n", or_none(camwall_status_digest(status)));
	camwall_status_free(status);

	groups = camwall_groups_read(camwall, &error);
	if (!groups)
		die(error);
	for (size_t i = 0; (group = camwall_groups_get(groups, i)); i++) {
		printf("group %s %s %#x %zu", camwall_group_name(group), camwall_group_action(group),
		       camwall_group_mark(group), camwall_group_prefix_count(group));
		print_counters(group_counter, group);
	}
	camwall_groups_free(groups);

	devices = camwall_devices_read(camwall, &error);
	if (!devices)
		die(error);
	for (size_t i = 0; (device = camwall_devices_get(devices, i)); i++) {
		printf("device %s %s %s %u %s %s %d %d %d", camwall_device_mac(device),
		       or_none(camwall_device_group(device)), or_none(camwall_device_interface(device)),
		       camwall_device_vlan(device), or_none(camwall_device_ipv4(device)),
		       or_none(camwall_device_ipv6(device)), camwall_device_gone(device),
		       camwall_device_exempt(device),
		       camwall_device_last_seen(device) >= camwall_device_first_seen(device));
		print_counters(device_counter, device);
	}
	camwall_devices_free(devices);

	for (; *macs; macs++) {
		struct camwall_match *match = camwall_lookup(camwall, *macs, &error);

		if (!match)
			die(error);
		printf("match %s %s %s %d %llu\n", or_none(camwall_match_group(match)),
		       or_none(camwall_match_prefix(match)), or_none(camwall_match_action(match)),
		       camwall_match_exempt(match),
		       (unsigned long long)camwall_match_exempt_until(match));
		camwall_match_free(match);
	}
	camwall_close(camwall);
}

static void print_event(const struct camwall_events *events)
{
	const struct camwall_device *device = camwall_events_device(events);
	char *text = camwall_events_text(events, NULL);

	printf("event %d %s lost=%llu mac=%s time=%d text=%s\n", camwall_events_type(events),
	       camwall_events_name(events), (unsigned long long)camwall_events_lost(events),
	       device ? camwall_device_mac(device) : "none", camwall_events_time(events) > 0, text);
	free(text);
	fflush(stdout);
}

/* listen NETNS: until it is killed. */
static void listen(const char *netns)
{
	struct camwall_events *events;
	ino_t before = here();
	char *error;
	int ret;

	events = camwall_events_open(netns, &error);
	if (!events)
		die(error);
	puts("ready");
	fflush(stdout);
	for (;;) {
		struct pollfd fd = { .fd = camwall_events_fd(events), .events = POLLIN };

		poll(&fd, 1, -1);
		while ((ret = camwall_events_next(events, &error)) > 0)
			print_event(events);
		if (ret < 0)
			die(error);
		if (here() != before)
			die("the library has moved its caller to another network namespace");
	}
}

static void flush(const char *netns)
{
	struct camwall *camwall = open_camwall(netns);
	char *error;

	if (camwall_flush(camwall, &error) < 0)
		die(error);
	camwall_close(camwall);
}

int main(int argc, char **argv)
{
	const char *command = argc > 2 ? argv[1] : "";

	if (strcmp(command, "apply") == 0 && argc > 3)
		apply(argv[2], argv[3], argc > 4 ? argv[4] : "");
	else if (strcmp(command, "show") == 0)
		show(argv[2], argv + 3);
	else if (strcmp(command, "listen") == 0)
		listen(argv[2]);
	else if (strcmp(command, "flush") == 0)
		flush(argv[2]);
	else
		die("apply NETNS FILE [check|twice|keep], show NETNS MAC..., listen NETNS, or flush NETNS");
	return 0;
}
