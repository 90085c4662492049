// SPDX-License-Identifier: GPL-2.0-or-later
/* camwall status: how the module fares. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "boot_state.h"
#include "output.h"

static const char *registry_dir;

static const char *conntrack_name(enum camwall_conntrack_state state)
{
	switch (state) {
	case CAMWALL_CONNTRACK_STATE_OFF:
		return "off";
	case CAMWALL_CONNTRACK_STATE_ACTIVE:
		return "active";
	case CAMWALL_CONNTRACK_STATE_INACTIVE:
		return "inactive";
	}
	return "unknown";
}

static json_t *inventory_json(const struct cw_status *status)
{
	return json_pack("{s:I, s:I, s:I, s:I}",
			 "device_count", (json_int_t)status->device_count,
			 "max_devices", (json_int_t)status->max_devices,
			 "device_evicted", (json_int_t)status->device_evicted,
			 "device_refused", (json_int_t)status->device_refused);
}

/* By itself, device_count is that of the bound devices, as it was before there was an inventory. */
static enum tool_status status_json(const struct tool *tool, const struct cw_status *status,
				    const char *digest, const struct cw_registry *registry,
				    const struct cw_boot_state *boot)
{
	return json_end(tool, json_pack("{s:o, s:I, s:I, s:I, s:I, s:I, s:I, s:s, s:I, s:o, s:I, s:o, s:o, s:o}",
					"version", json_text(status->version),
					"generation", (json_int_t)status->generation,
					"group_count", (json_int_t)status->group_count,
					"prefix_count", (json_int_t)status->prefix_count,
					"device_count", (json_int_t)status->link_count,
					"exemption_count", (json_int_t)status->exemption_count,
					"memory", (json_int_t)status->memory,
					"conntrack_state", conntrack_name(status->conntrack_state),
					"clock_behind", (json_int_t)status->clock_behind,
					"inventory", inventory_json(status),
					"event_seq", (json_int_t)status->event_seq,
					"digest", json_text(*digest ? digest : NULL),
					"registry", json_registry(registry),
					"boot", cw_boot_state_json(boot)));
}

/* Nobody has named a folder, and there is none: what cw_registry_load() says is of one of them. */
static bool no_registry(void)
{
	return !registry_dir && !cw_registry_newest(cw_registry_default_dirs);
}

static void print_registry(const struct cw_registry *registry, const struct cw_error *why)
{
	char date[TEXT_LEN], age[TEXT_LEN];

	if (!registry) {
		printf("registry    %s\n", no_registry() ?
		       "none in " CW_REGISTRY_DEFAULT_DIRS : why->message);
		return;
	}
	printf("registry    of %s, %s old (%s)\n", date_text(registry->edition, date),
	       age_text(cw_registry_age_days(registry, time(NULL)), age), registry->dir);
}

static void print_clock(const struct cw_status *status)
{
	if (!status->clock_behind)
		puts("clock       not behind the policy");
	else
		printf("clock       %u s behind the moment the policy was written: no exemption is in force until it is set (NTP)\n",
		       status->clock_behind);
}

static void print_inventory(const struct cw_status *status)
{
	printf("devices     %u of at most %u in the inventory", status->device_count,
	       status->max_devices);
	if (status->device_evicted)
		printf(", %" PRIu64 " made room for others", status->device_evicted);
	if (status->device_refused)
		printf(", %" PRIu64 " frames of devices that found no place", status->device_refused);
	printf("\nevents      %" PRIu64 "\n", status->event_seq);
}

static void print_boot(const struct cw_boot_state *boot)
{
	char *text;

	if (!boot)
		return;
	text = cw_boot_state_text(boot);
	printf("boot        %s\n", text);
	free(text);
}

static void print_status(const struct cw_status *status, const char *digest,
			 const struct cw_registry *registry, const struct cw_error *no_registry,
			 const struct cw_boot_state *boot)
{
	char size[TEXT_LEN];

	printf("module      %s\n", status->version);
	printf("generation  %u%s\n", status->generation,
	       status->generation ? "" : " (nothing was applied yet: camwall apply)");
	if (*digest)
		printf("digest      %s\n", digest);
	printf("groups      %u\n", status->group_count);
	printf("prefixes    %u\n", status->prefix_count);
	printf("links       %u bound\n", status->link_count);
	printf("exemptions  %u\n", status->exemption_count);
	print_inventory(status);
	printf("memory      %s\n", size_text(status->memory, size));
	printf("conntrack   %s%s\n", conntrack_name(status->conntrack_state),
	       status->conntrack_state == CAMWALL_CONNTRACK_STATE_INACTIVE ?
	       ": nothing here tracks connections, so that no tag is kept in them; a rule of nftables with ct or NAT changes that (on a bridge, with br_netfilter)" : "");
	print_clock(status);
	print_registry(registry, no_registry);
	print_boot(boot);
}

/* Where another program has put a policy in force since, it is over; what is closed is not opened by that. */
static bool still_so(const struct cw_boot_state *boot, const struct cw_status *status)
{
	return cw_boot_state_is_closed(boot) || boot->generation == status->generation;
}

/* Without the module there is still something to say of how it came to that. */
static enum tool_status fail(bool has_boot, struct cw_boot_state *boot)
{
	char *text;

	if (has_boot) {
		text = cw_boot_state_text(boot);
		fprintf(stderr, "camwall: at boot: %s\n", text);
		free(text);
	}
	cw_boot_state_clear(boot);
	return TOOL_FAILED;
}

/* The digest is the configuration's, so that it is asked for by itself. */
static int read_status(struct cw_client *client, struct cw_status *status,
		       char digest[static CW_DIGEST_STRLEN + 1], struct cw_error *err)
{
	struct cw_digest octets;

	if (cw_client_status(client, status, err) < 0 ||
	    cw_client_digest(client, &octets, err) < 0)
		return -1;
	cw_digest_format(&octets, digest);
	return 0;
}

static enum tool_status status_run(const struct tool *tool, int argc, char **argv)
{
	char digest[CW_DIGEST_STRLEN + 1];
	struct cw_registry *registry;
	struct cw_error err = { 0 };
	struct cw_client *client;
	struct cw_status status;
	struct cw_boot_state boot;
	bool has_boot;
	int ret;

	if (argc)
		return tool_usage(&status_command, "no argument is taken, not %s", argv[0]);
	client = tool_client(tool);
	has_boot = cw_boot_state_read(&boot);
	if (!client)
		return fail(has_boot, &boot);
	ret = read_status(client, &status, digest, &err);
	cw_client_close(client);
	if (ret < 0) {
		tool_error(&err);
		return fail(has_boot, &boot);
	}
	has_boot = has_boot && still_so(&boot, &status);
	registry = cw_registry_load(registry_dir, &err);
	if (tool->json)
		status_json(tool, &status, digest, registry, has_boot ? &boot : NULL);
	else
		print_status(&status, digest, registry, &err, has_boot ? &boot : NULL);
	cw_registry_free(registry);
	cw_error_clear(&err);
	cw_boot_state_clear(&boot);
	return TOOL_DONE;
}

static const struct tool_option status_options[] = {
	{ 0, "registry", "DIR", "look at the IEEE registry in DIR", NULL, &registry_dir },
	{ 0 },
};

const struct tool_command status_command = {
	.name = "status",
	.arguments = "",
	.summary = "show how the module fares",
	.help = "Show the module's version, the generation in force, how many groups, prefixes\n"
		"and exemptions it has, the devices that are bound, the memory it takes, whether\n"
		"tags are kept in connections, whether the clock can be right, the age of the IEEE\n"
		"registry, and where the configuration could not be put in force at boot, what is so\n"
		"instead, and why.\n",
	.options = status_options,
	.run = status_run,
};
