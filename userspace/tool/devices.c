// SPDX-License-Identifier: GPL-2.0-or-later
/* camwall devices: the devices that were seen, whose they are, where, since when, and what they sent. */
#include <arpa/inet.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "event_text.h"
#include "inventory.h"
#include "json.h"
#include "names.h"
#include "output.h"
#include "timestamp.h"
#include "watch.h"

static const char *groups[TOOL_REPEATS + 1], *lease_files[TOOL_REPEATS + 1];
static const char *sort_key, *watch_argument;
static bool reverse, flush;
static struct names names = { .leases = lease_files };

/** struct devices - what is shown, again and again with --watch */
struct devices {
	const struct tool *tool;
	struct cw_client *client;
};

static void address_cell(struct table *table, const struct cw_listed *listed)
{
	const struct cw_address *first = listed->addresses;
	char text[INET6_ADDRSTRLEN];

	if (!listed->n_addresses) {
		table_cell(table, "-");
		return;
	}
	inet_ntop(first->family, first->address, text, sizeof(text));
	if (listed->n_addresses > 1)
		table_cell(table, "%s +%zu", text, listed->n_addresses - 1);
	else
		table_cell(table, "%s", text);
}

/* The bridge's port where it says more than the place that camwall is bound to. */
static void place_cell(struct table *table, const struct cw_listed *listed)
{
	char *place = cw_place_text(&listed->device.place);
	const struct cw_fdb_entry *fdb = listed->fdb;

	if (fdb && strcmp(fdb->port_name, listed->device.place.ifname) != 0)
		table_cell(table, "%s, port %s", place, fdb->port_name);
	else
		table_cell(table, "%s", place);
	free(place);
}

static void counter_cells(struct table *table, const struct cw_device *device)
{
	char from[TEXT_LEN], to[TEXT_LEN];

	table_cell(table, "%" PRIu64 " / %" PRIu64, device->from.packets, device->to.packets);
	table_cell(table, "%s / %s", size_text(device->from.bytes, from),
		   size_text(device->to.bytes, to));
	table_cell(table, "%" PRIu64 " / %" PRIu64, device->from.dropped, device->to.dropped);
}

static void print_device(struct table *table, const struct cw_listed *listed, uint64_t now)
{
	const struct cw_identity *identity = &listed->identity;
	const struct cw_device *device = &listed->device;
	char mac[CW_MAC_STRLEN + 1], first[CW_AGE_STRLEN + 1], last[CW_AGE_STRLEN + 1];

	table_cell(table, "%s", cw_mac_format(device->mac, mac));
	table_cell(table, "%s", *device->group ? device->group : "-");
	table_cell(table, "%s", identity->organization ?:
		   identity->pack ? identity->pack->title : "-");
	table_cell(table, "%s", device->exempt ? device->gone ? "exempt, gone" : "exempt" :
		   device->gone ? "gone" : "-");
	table_cell(table, "%s", listed->hostname ?: "-");
	address_cell(table, listed);
	place_cell(table, listed);
	table_cell(table, "%s", cw_age_format(now > device->first_seen ? now - device->first_seen : 0,
					      first));
	table_cell(table, "%s", cw_age_format(device->idle, last));
	counter_cells(table, device);
}

static void print_devices(const struct cw_listing *listing, const struct cw_status *status, FILE *out)
{
	static const char *const columns[] = {
		"MAC", "GROUP", "ORGANIZATION", "STATE", "HOST NAME", "ADDRESS", "WHERE",
		">FIRST SEEN", ">LAST SEEN", ">PACKETS FROM / TO", ">BYTES FROM / TO",
		">DROPPED FROM / TO", NULL
	};
	struct table *table = table_new(columns);
	uint64_t now = time(NULL);
	size_t i;

	for (i = 0; i < listing->n; i++)
		print_device(table, &listing->devices[i], now);
	table_end_to(table, out);
	fprintf(out, "\n%zu shown, %u in the inventory, which holds at most %u\n", listing->n,
		status->device_count, status->max_devices);
	if (status->device_refused)
		fprintf(out, "%" PRIu64 " frames came from devices that found no place in it: see max-devices\n",
			status->device_refused);
}

/* One after the other: thousands of objects at once would take twice the time. */
static void print_compact(const struct cw_listing *listing, FILE *out)
{
	size_t i;

	fputc('[', out);
	for (i = 0; i < listing->n; i++) {
		json_t *json = cw_json_listed(&listing->devices[i]);

		if (i)
			fputc(',', out);
		json_dumpf(json, out, JSON_COMPACT | JSON_PRESERVE_ORDER);
		json_decref(json);
	}
	fputs("]\n", out);
}

static void print_json(const struct tool *tool, const struct cw_listing *listing, FILE *out)
{
	json_t *json;
	size_t i;

	if (!tool->pretty) {
		print_compact(listing, out);
		return;
	}
	json = json_array();
	for (i = 0; i < listing->n; i++)
		json_array_append_new(json, cw_json_listed(&listing->devices[i]));
	json_end_to(tool, json, out);
}

static size_t count(const char *const *list)
{
	size_t n = 0;

	while (list[n])
		n++;
	return n;
}

/* watch_draw_fn */
static enum tool_status draw(void *ctx, FILE *out)
{
	struct devices *devices = ctx;
	struct cw_error err = { 0 };
	struct cw_status status;
	struct view view;

	if (cw_client_status(devices->client, &status, &err) < 0)
		return tool_error(&err);
	if (view_read(&view, &names, devices->tool, devices->client) < 0)
		return TOOL_FAILED;
	cw_listing_filter(&view.listing, groups, count(groups));
	cw_listing_sort(&view.listing, sort_key ?: "mac", reverse);
	if (devices->tool->json)
		print_json(devices->tool, &view.listing, out);
	else
		print_devices(&view.listing, &status, out);
	view_clear(&view);
	return TOOL_DONE;
}

static enum tool_status show(const struct tool *tool)
{
	struct devices devices = { .tool = tool };
	enum tool_status status = TOOL_DONE;
	int ms = 0;

	if (watch_argument)
		status = watch_seconds(&devices_command, watch_argument, &ms);
	if (status != TOOL_DONE)
		return status;
	devices.client = tool_client(tool);
	if (!devices.client)
		return TOOL_FAILED;
	names_load(&names, tool);
	if (watch_argument)
		status = watch_run(ms, tool->json, draw, &devices);
	else
		status = draw(&devices, stdout);
	names_clear(&names);
	cw_client_close(devices.client);
	return status;
}

static enum tool_status flush_inventory(const struct tool *tool)
{
	struct cw_client *client = tool_client(tool);
	struct cw_error err = { 0 };
	struct cw_status status;
	int ret;

	if (!client)
		return TOOL_FAILED;
	ret = cw_client_status(client, &status, &err) ?: cw_client_devices_flush(client, &err);
	cw_client_close(client);
	if (ret < 0)
		return tool_error(&err);
	if (tool->json)
		return json_end(tool, json_pack("{s:I}", "flushed", (json_int_t)status.device_count));
	if (!tool->quiet)
		printf("the inventory is empty; it held %u device%s\n", status.device_count,
		       status.device_count == 1 ? "" : "s");
	return TOOL_DONE;
}

static enum tool_status devices_run(const struct tool *tool, int argc, char **argv)
{
	struct cw_listing none = { 0 };
	char buf[80];

	if (argc)
		return tool_usage(&devices_command, "no argument is taken, not %s", argv[0]);
	if (flush && (*groups || sort_key || watch_argument || *lease_files))
		return tool_usage(&devices_command, "--flush empties all of the inventory, and takes no other option of this command");
	if (flush)
		return flush_inventory(tool);
	if (sort_key && cw_listing_sort(&none, sort_key, false) < 0)
		return tool_usage(&devices_command, "there is no key %s%s", sort_key,
				  tool_suggestion(sort_key, cw_listing_keys, buf, sizeof(buf)));
	return show(tool);
}

static const struct tool_option devices_options[] = {
	{ 0, "group", "NAME...", "only devices of the group NAME; may repeat", NULL, groups },
	{ 0, "sort", "KEY", "sort by KEY, see above", NULL, &sort_key },
	{ 'r', "reverse", NULL, "sort the other way round", &reverse, NULL },
	{ 0, "watch", "[SECONDS]", "show it again every SECONDS, 2 where not given", NULL, &watch_argument },
	{ 0, "leases", "FILE...", "take host names from a DHCP server's leases; may repeat", NULL, lease_files },
	{ 'f', "file", "FILE", "the configuration that names registry and lease files", NULL, &names.config },
	{ 0, "registry", "DIR", "read the IEEE registry from DIR", NULL, &names.registry_dir },
	{ 0, "flush", NULL, "empty the inventory instead", &flush, NULL },
	{ 0 },
};

const struct tool_command devices_command = {
	.name = "devices",
	.arguments = "[--group NAME] [--sort KEY] [--watch [SECONDS]] [--flush]",
	.summary = "show the devices that were seen, where and since when",
	.help = "Show the inventory: the devices of all groups that were seen, whose they are, what\n"
		"they call themselves, where and when they were seen, and what came from them and\n"
		"went to them since then. One that was silent for the configuration's \"idle\" time\n"
		"is gone, and stays in the list until another one needs its place.\n\n"
		"Addresses are those that the device has used, and those that the neighbour tables\n"
		"and the lease files have; WHERE is the device and VLAN that it was seen at, with\n"
		"the bridge's port where that says more. Host names come from lease files of\n"
		"dnsmasq, Kea or ISC dhcpd (\"leases =\" in the configuration, or --leases).\n\n"
		"Keys: mac (the default), group, organization, hostname, address, interface,\n"
		"first-seen, last-seen (newest first), packets, bytes, dropped (most first).\n",
	.options = devices_options,
	.run = devices_run,
};
