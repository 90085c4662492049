// SPDX-License-Identifier: GPL-2.0-or-later
/* What camwall knows, in Prometheus' text format: all but the series of single devices. */
#include <stdlib.h>
#include <string.h>

#include "alloc.h"
#include "metrics_private.h"

static void print_info(const struct cw_metrics *metrics, FILE *out)
{
	const struct cw_label labels[] = {
		{ "version", metrics->status->version },
		{ "tool_version", metrics->tool_version }, { 0 }
	};

	cw_metric_family(out, "info", "gauge", "Versions of the kernel module and of the tool.");
	cw_metric_sample(out, "info", labels, 1);
}

static void print_conntrack(const struct cw_metrics *metrics, FILE *out)
{
	static const char *const states[] = {
		[CAMWALL_CONNTRACK_STATE_OFF] = "off",
		[CAMWALL_CONNTRACK_STATE_ACTIVE] = "active",
		[CAMWALL_CONNTRACK_STATE_INACTIVE] = "inactive",
	};
	size_t i;

	cw_metric_family(out, "conntrack_state", "gauge",
			 "Whether tags are kept in connection marks; 1 for the state that holds.");
	for (i = 0; i < sizeof(states) / sizeof(states[0]); i++) {
		const struct cw_label labels[] = { { "state", states[i] }, { 0 } };

		cw_metric_sample(out, "conntrack_state", labels,
				 metrics->status->conntrack_state == i);
	}
}

static void print_policy(const struct cw_metrics *metrics, FILE *out)
{
	const struct cw_policy *policy = metrics->policy;
	char hex[CW_DIGEST_STRLEN + 1];

	cw_metric_single(out, "policy_generation", "gauge",
			 "Generation of the policy in force; 0 where none was applied.",
			 policy->generation);
	if (policy->written)
		cw_metric_single(out, "policy_written_timestamp_seconds", "gauge",
				 "When the newest file of the policy in force was changed.",
				 policy->written);
	if (policy->digest.length) {
		const struct cw_label labels[] = {
			{ "digest", cw_digest_format(&policy->digest, hex) }, { 0 }
		};

		cw_metric_family(out, "policy_info", "gauge",
				 "SHA-256 of the configuration file of the policy in force.");
		cw_metric_sample(out, "policy_info", labels, 1);
	}
	cw_metric_single(out, "clock_behind_seconds", "gauge",
			 "Seconds that the clock is behind the policy; above 0 no exemption is in force.",
			 metrics->status->clock_behind);
	print_conntrack(metrics, out);
	cw_metric_single(out, "links", "gauge", "Network devices that camwall is bound to.",
			 metrics->status->link_count);
	cw_metric_single(out, "memory_bytes", "gauge", "Kernel memory that the policy takes.",
			 metrics->status->memory);
}

static void print_groups(const struct cw_metrics *metrics, FILE *out)
{
	const struct cw_policy *policy = metrics->policy;
	size_t i;

	if (!policy->n_groups)
		return;
	cw_metric_family(out, "group_info", "gauge", "What is done with the devices of a group.");
	for (i = 0; i < policy->n_groups; i++) {
		const struct cw_label labels[] = {
			{ "group", policy->groups[i].name },
			{ "action", cw_action_name(policy->groups[i].action) }, { 0 }
		};

		cw_metric_sample(out, "group_info", labels, 1);
	}
	cw_metric_family(out, "group_prefixes", "gauge", "Prefixes of a group.");
	for (i = 0; i < policy->n_groups; i++) {
		const struct cw_label labels[] = { { "group", policy->groups[i].name }, { 0 } };

		cw_metric_sample(out, "group_prefixes", labels, cw_policy_group_prefixes(policy, i));
	}
}

static void print_counters(const struct cw_metrics *metrics, FILE *out, const char *name,
			   const char *help, enum cw_metric_part part)
{
	const struct cw_policy *policy = metrics->policy;
	size_t i;

	if (!policy->n_groups)
		return;
	cw_metric_family(out, name, "counter", help);
	for (i = 0; i < policy->n_groups; i++) {
		const struct cw_policy_group *group = &policy->groups[i];
		struct cw_label labels[CW_METRIC_LABELS + 1] = { { "group", group->name } };

		cw_metric_directions(out, name, labels, 1, part, &group->from, &group->to);
	}
}

/** struct census - devices of a group; @newest: when the newest was first seen, 0 for none */
struct census {
	uint64_t devices, present, newest;
};

static struct census *count_devices(const struct cw_metrics *metrics)
{
	struct census *census = cw_calloc(metrics->policy->n_groups, sizeof(*census));
	size_t i;

	for (i = 0; i < metrics->listing->n; i++) {
		const struct cw_device *device = &metrics->listing->devices[i].device;
		int group = cw_policy_group_find(metrics->policy, device->group);

		/* A commit may have come between the two readings. */
		if (group < 0)
			continue;
		census[group].devices++;
		census[group].present += !device->gone;
		if (device->first_seen > census[group].newest)
			census[group].newest = device->first_seen;
	}
	return census;
}

static void print_census(const struct cw_metrics *metrics, FILE *out, const struct census *census,
			 const char *name, const char *help, size_t offset, bool always)
{
	bool begun = false;
	size_t i;

	for (i = 0; i < metrics->policy->n_groups; i++) {
		const struct cw_label labels[] = {
			{ "group", metrics->policy->groups[i].name }, { 0 }
		};
		uint64_t value = *(const uint64_t *)((const char *)&census[i] + offset);

		if (!value && !always)
			continue;
		if (!begun)
			cw_metric_family(out, name, "gauge", help);
		begun = true;
		cw_metric_sample(out, name, labels, value);
	}
}

static void print_inventory(const struct cw_metrics *metrics, FILE *out)
{
	const struct cw_status *status = metrics->status;
	struct census *census = count_devices(metrics);

	print_census(metrics, out, census, "devices",
		     "Devices in the inventory, those that are gone included.",
		     offsetof(struct census, devices), true);
	print_census(metrics, out, census, "devices_present",
		     "Devices in the inventory that were seen within the idle time.",
		     offsetof(struct census, present), true);
	print_census(metrics, out, census, "devices_newest_first_seen_timestamp_seconds",
		     "When the newest device of a group was first seen.",
		     offsetof(struct census, newest), false);
	free(census);
	cw_metric_single(out, "devices_max", "gauge",
			 "Devices that the inventory holds at most.", status->max_devices);
	cw_metric_single(out, "devices_evicted_total", "counter",
			 "Devices that made room for others in the inventory.",
			 status->device_evicted);
	cw_metric_single(out, "device_refused_frames_total", "counter",
			 "Frames of devices that found no place in the inventory.",
			 status->device_refused);
	cw_metric_single(out, "events_total", "counter",
			 "Events that the kernel module has told.", status->event_seq);
}

bool cw_metrics_has_ended(const struct cw_metrics *metrics,
			  const struct cw_policy_exemption *exemption)
{
	return !exemption->in_force && (exemption->until <= metrics->now ||
					exemption->until <= metrics->policy->written);
}

static void print_exemptions(const struct cw_metrics *metrics, FILE *out)
{
	static const char *const states[] = { "in-force", "ended", "waiting" };
	const struct cw_policy *policy = metrics->policy;
	uint64_t next = UINT64_MAX, counts[3] = { 0 };
	size_t i;

	for (i = 0; i < policy->n_exemptions; i++) {
		const struct cw_policy_exemption *exemption = &policy->exemptions[i];
		bool ended = cw_metrics_has_ended(metrics, exemption);

		counts[exemption->in_force ? 0 : ended ? 1 : 2]++;
		if (!ended && exemption->until < next)
			next = exemption->until;
	}
	cw_metric_family(out, "exemptions", "gauge", "Exemptions that the policy holds.");
	for (i = 0; i < 3; i++) {
		const struct cw_label labels[] = { { "state", states[i] }, { 0 } };

		cw_metric_sample(out, "exemptions", labels, counts[i]);
	}
	if (next != UINT64_MAX)
		cw_metric_single(out, "exemption_next_end_timestamp_seconds", "gauge",
				 "When the next exemption ends, of those that have not.", next);
}

void cw_metrics_print(const struct cw_metrics *metrics, FILE *out)
{
	cw_metric_single(out, "up", "gauge", "Whether the kernel module could be read, 0 or 1.",
			 !!metrics->status);
	if (!metrics->status)
		return;
	print_info(metrics, out);
	print_policy(metrics, out);
	print_groups(metrics, out);
	print_counters(metrics, out, "packets_total", "Frames, the dropped ones included.",
		       CW_METRIC_PACKETS);
	print_counters(metrics, out, "bytes_total", "Octets of frames, the dropped ones included.",
		       CW_METRIC_BYTES);
	print_counters(metrics, out, "dropped_packets_total", "Frames that were dropped.",
		       CW_METRIC_DROPPED);
	print_inventory(metrics, out);
	print_exemptions(metrics, out);
	if (metrics->registry)
		cw_metric_single(out, "registry_date_timestamp_seconds", "gauge",
				 "Date of the IEEE registry's edition.", metrics->registry->edition);
	if (metrics->devices)
		cw_metrics_print_devices(metrics, out);
}
