// SPDX-License-Identifier: GPL-2.0-or-later
/* libcamwall.so: the inventory, one device of it, and whose devices are. */
#include <stdlib.h>

#include "alloc.h"
#include "api.h"

struct camwall_devices {
	size_t n;
	struct camwall_device devices[];
};

void api_device_init(struct camwall_device *device)
{
	const struct cw_device *entry = &device->device;

	cw_mac_format(entry->mac, device->mac);
	if (entry->has_ipv4)
		inet_ntop(AF_INET, &entry->ipv4, device->ipv4, sizeof(device->ipv4));
	if (entry->has_ipv6)
		inet_ntop(AF_INET6, &entry->ipv6, device->ipv6, sizeof(device->ipv6));
}

struct camwall_devices *camwall_devices_read(struct camwall *camwall, char **error)
{
	struct camwall_devices *devices = NULL;
	struct cw_device *entries = NULL;
	struct cw_error err = { 0 };
	size_t i, n = 0;

	if (cw_client_devices(camwall->client, &entries, &n, NULL, &err) == 0) {
		devices = cw_calloc(1, sizeof(*devices) + n * sizeof(devices->devices[0]));
		devices->n = n;
		for (i = 0; i < n; i++) {
			devices->devices[i].device = entries[i];
			api_device_init(&devices->devices[i]);
		}
		free(entries);
	}
	api_error(&err, error);
	return devices;
}

void camwall_devices_free(struct camwall_devices *devices)
{
	free(devices);
}

const struct camwall_device *camwall_devices_get(const struct camwall_devices *devices, size_t index)
{
	return index < devices->n ? &devices->devices[index] : NULL;
}

static const char *text(const char *text_or_empty)
{
	return *text_or_empty ? text_or_empty : NULL;
}

const char *camwall_device_mac(const struct camwall_device *device)
{
	return device->mac;
}

const char *camwall_device_group(const struct camwall_device *device)
{
	return text(device->device.group);
}

const char *camwall_device_interface(const struct camwall_device *device)
{
	return text(device->device.place.ifname);
}

unsigned int camwall_device_vlan(const struct camwall_device *device)
{
	return device->device.place.has_vlan ? device->device.place.vlan : 0;
}

const char *camwall_device_ipv4(const struct camwall_device *device)
{
	return text(device->ipv4);
}

const char *camwall_device_ipv6(const struct camwall_device *device)
{
	return text(device->ipv6);
}

uint64_t camwall_device_first_seen(const struct camwall_device *device)
{
	return device->device.first_seen;
}

uint64_t camwall_device_last_seen(const struct camwall_device *device)
{
	return device->device.last_seen;
}

bool camwall_device_gone(const struct camwall_device *device)
{
	return device->device.gone;
}

bool camwall_device_exempt(const struct camwall_device *device)
{
	return device->device.exempt;
}

uint64_t camwall_device_counter(const struct camwall_device *device, enum camwall_counter counter)
{
	return api_counter(&device->device.from, &device->device.to, counter);
}

/* --- Whose they are -------------------------------------------------------------------- */

struct camwall_names *camwall_names_load(const char *registry, const char *vendors)
{
	struct camwall_names *names = cw_calloc(1, sizeof(*names));
	const char *const dirs[] = { vendors, NULL };

	names->identities = cw_identities_load(registry, vendors ? dirs : NULL);
	return names;
}

void camwall_names_free(struct camwall_names *names)
{
	if (!names)
		return;
	cw_identities_free(names->identities);
	free(names);
}

static struct cw_identity find(const struct camwall_names *names, const char *mac)
{
	struct cw_identity nobody = { 0 };
	uint64_t address;

	if (cw_mac_parse(mac, &address, NULL) < 0)
		return nobody;
	return cw_identity_find(names->identities, address);
}

const char *camwall_names_organization(const struct camwall_names *names, const char *mac)
{
	return find(names, mac).organization;
}

const char *camwall_names_vendor(const struct camwall_names *names, const char *mac)
{
	const struct cw_pack *pack = find(names, mac).pack;

	return pack ? pack->name : NULL;
}
