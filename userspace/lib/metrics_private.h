/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How metrics are written: families, and samples with labels. */
#ifndef CW_METRICS_PRIVATE_H
#define CW_METRICS_PRIVATE_H

#include "metrics.h"

#define CW_METRIC_LABELS	6	/* of one sample, at most */

/** struct cw_label - @value is made fit for the format when it is written */
struct cw_label {
	const char *name, *value;
};

/** cw_metric_family() - begin a metric: its name without "camwall_", "counter" or "gauge", what it is */
void cw_metric_family(FILE *out, const char *name, const char *type, const char *help);

/** cw_metric_sample() - a value; @labels: up to one without a name; NULL for none */
void cw_metric_sample(FILE *out, const char *name, const struct cw_label *labels, uint64_t value);

/** cw_metric_single() - a metric of one value without labels */
void cw_metric_single(FILE *out, const char *name, const char *type, const char *help,
		      uint64_t value);

/** enum cw_metric_part - which of the counters */
enum cw_metric_part { CW_METRIC_PACKETS, CW_METRIC_BYTES, CW_METRIC_DROPPED };

/**
 * cw_metric_directions() - a part of the counters of both directions
 * @labels: of whom they are; room for two more and the end is behind them
 * @n: how many there are
 */
void cw_metric_directions(FILE *out, const char *name, struct cw_label *labels, size_t n,
			  enum cw_metric_part part, const struct cw_policy_counters *from,
			  const struct cw_policy_counters *to);

/** cw_metrics_print_devices() - a series for each device */
void cw_metrics_print_devices(const struct cw_metrics *metrics, FILE *out);

/** cw_metrics_has_ended() - whether an exemption is over, and does not only wait for the clock */
bool cw_metrics_has_ended(const struct cw_metrics *metrics,
			  const struct cw_policy_exemption *exemption);

#endif
