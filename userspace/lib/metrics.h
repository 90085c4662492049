/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What camwall knows, in Prometheus' text format. */
#ifndef CW_METRICS_H
#define CW_METRICS_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "client.h"
#include "listing.h"
#include "policy.h"
#include "registry.h"

/**
 * struct cw_metrics - what the metrics are of
 * @status, @policy, @listing: as read from the module, close to each other; @status NULL where
 *			       the module cannot be reached
 * @registry: NULL where there is none
 * @tool_version: of the program that writes them
 * @now: seconds since 1970
 * @devices: a series for each device as well
 */
struct cw_metrics {
	const struct cw_status *status;
	const struct cw_policy *policy;
	const struct cw_listing *listing;
	const struct cw_registry *registry;
	const char *tool_version;
	uint64_t now;
	bool devices;
};

/**
 * cw_metrics_print() - write them all, in Prometheus' text exposition format, version 0.0.4
 *
 * Without @metrics->status only camwall_up, which is 0. Names, types and labels stay.
 */
void cw_metrics_print(const struct cw_metrics *metrics, FILE *out);

#endif
