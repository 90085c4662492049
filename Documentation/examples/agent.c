// SPDX-License-Identifier: GPL-2.0-or-later
/* Apply a configuration, list devices, follow events: cc agent.c $(pkg-config --cflags --libs libcamwall) */
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <camwall/camwall.h>

static void die(char *error)
{
	fprintf(stderr, "agent: %s\n", error);
	exit(EXIT_FAILURE);
}

int main(int argc, char **argv)
{
	struct camwall_config *config = camwall_config_new();
	const struct camwall_device *device;
	struct camwall_changes *changes;
	struct camwall_devices *devices;
	struct camwall_events *events;
	struct camwall *camwall;
	char *error, *json;
	const char *line;
	size_t i;
	int ret;

	if (camwall_config_read_file(config, argc > 1 ? argv[1] : "/etc/camwall/camwall.conf", &error) < 0)
		die(error);
	camwall = camwall_open(NULL, &error);
	if (!camwall)
		die(error);
	/* Before the list: nothing falls in between. */
	events = camwall_events_open(NULL, &error);
	if (!events || camwall_apply(camwall, config, 0, &changes, &error) < 0)
		die(error);
	devices = camwall_devices_read(camwall, &error);
	if (!devices)
		die(error);
	for (i = 0; (line = camwall_changes_line(changes, i)); i++)
		printf("changed %s\n", line);
	for (i = 0; (device = camwall_devices_get(devices, i)); i++)
		printf("device %s %s\n", camwall_device_mac(device), camwall_device_group(device));
	camwall_config_free(config);
	camwall_changes_free(changes);
	camwall_devices_free(devices);
	for (;;) {
		struct pollfd fd = { .fd = camwall_events_fd(events), .events = POLLIN };

		fflush(stdout);
		poll(&fd, 1, -1);
		while ((ret = camwall_events_next(events, &error)) > 0) {
			json = camwall_events_json(events, NULL);
			puts(json);
			free(json);
		}
		if (ret < 0)
			die(error);
	}
}
