// SPDX-License-Identifier: GPL-2.0-or-later
/* What camwall knows, in Prometheus' text format: a series for each device. */
#include "mac.h"
#include "metrics_private.h"

static void print_info(const struct cw_metrics *metrics, FILE *out)
{
	char mac[CW_MAC_STRLEN + 1], vlan[8];
	size_t i;

	cw_metric_family(out, "device_info", "gauge",
			 "Whose a device is, and where it was seen last.");
	for (i = 0; i < metrics->listing->n; i++) {
		const struct cw_listed *listed = &metrics->listing->devices[i];
		const struct cw_identity *identity = &listed->identity;
		const struct cw_label labels[] = {
			{ "mac", cw_mac_format(listed->device.mac, mac) },
			{ "group", listed->device.group },
			{ "vendor", identity->pack ? identity->pack->name : "" },
			{ "organization", identity->organization ?: "" },
			{ "ifname", listed->device.place.ifname },
			{ "vlan", vlan }, { 0 }
		};

		*vlan = '\0';
		if (listed->device.place.has_vlan)
			snprintf(vlan, sizeof(vlan), "%u", listed->device.place.vlan);
		cw_metric_sample(out, "device_info", labels, 1);
	}
}

static void print_counters(const struct cw_metrics *metrics, FILE *out, const char *name,
			   const char *help, enum cw_metric_part part)
{
	char mac[CW_MAC_STRLEN + 1];
	size_t i;

	cw_metric_family(out, name, "counter", help);
	for (i = 0; i < metrics->listing->n; i++) {
		const struct cw_device *device = &metrics->listing->devices[i].device;
		struct cw_label labels[CW_METRIC_LABELS + 1] = {
			{ "mac", cw_mac_format(device->mac, mac) }, { "group", device->group }
		};

		cw_metric_directions(out, name, labels, 2, part, &device->from, &device->to);
	}
}

static uint64_t first_seen(const struct cw_device *device)
{
	return device->first_seen;
}

static uint64_t last_seen(const struct cw_device *device)
{
	return device->last_seen;
}

static uint64_t present(const struct cw_device *device)
{
	return !device->gone;
}

static uint64_t exempt(const struct cw_device *device)
{
	return device->exempt;
}

static void print_values(const struct cw_metrics *metrics, FILE *out, const char *name,
			 const char *help, uint64_t (*value)(const struct cw_device *device))
{
	char mac[CW_MAC_STRLEN + 1];
	size_t i;

	cw_metric_family(out, name, "gauge", help);
	for (i = 0; i < metrics->listing->n; i++) {
		const struct cw_device *device = &metrics->listing->devices[i].device;
		const struct cw_label labels[] = {
			{ "mac", cw_mac_format(device->mac, mac) },
			{ "group", device->group }, { 0 }
		};

		cw_metric_sample(out, name, labels, value(device));
	}
}

static void print_exemptions(const struct cw_metrics *metrics, FILE *out)
{
	const struct cw_policy *policy = metrics->policy;
	char mac[CW_MAC_STRLEN + 1];
	bool begun = false;
	size_t i;

	for (i = 0; i < policy->n_exemptions; i++) {
		const struct cw_policy_exemption *exemption = &policy->exemptions[i];
		const struct cw_label labels[] = {
			{ "mac", cw_mac_format(exemption->mac, mac) }, { 0 }
		};

		if (cw_metrics_has_ended(metrics, exemption))
			continue;
		if (!begun)
			cw_metric_family(out, "exemption_until_timestamp_seconds", "gauge",
					 "When an exemption ends, of those that have not.");
		begun = true;
		cw_metric_sample(out, "exemption_until_timestamp_seconds", labels,
				 exemption->until);
	}
}

void cw_metrics_print_devices(const struct cw_metrics *metrics, FILE *out)
{
	print_exemptions(metrics, out);
	if (!metrics->listing->n)
		return;
	print_info(metrics, out);
	print_counters(metrics, out, "device_packets_total",
		       "Frames of a device, the dropped ones included.", CW_METRIC_PACKETS);
	print_counters(metrics, out, "device_bytes_total",
		       "Octets of a device's frames, the dropped ones included.", CW_METRIC_BYTES);
	print_counters(metrics, out, "device_dropped_packets_total",
		       "Frames of a device that were dropped.", CW_METRIC_DROPPED);
	print_values(metrics, out, "device_first_seen_timestamp_seconds",
		     "When a device was first seen.", first_seen);
	print_values(metrics, out, "device_last_seen_timestamp_seconds",
		     "When a device was last seen.", last_seen);
	print_values(metrics, out, "device_present",
		     "Whether a device was seen within the idle time.", present);
	print_values(metrics, out, "device_exempt",
		     "Whether an exemption of a device is in force.", exempt);
}
