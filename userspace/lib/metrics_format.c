// SPDX-License-Identifier: GPL-2.0-or-later
/* How metrics are written: families, samples and labels of Prometheus' text format. */
#include <inttypes.h>
#include <stdlib.h>

#include "alloc.h"
#include "events.h"
#include "metrics_private.h"
#include "text.h"

#define PREFIX	"camwall_"

void cw_metric_family(FILE *out, const char *name, const char *type, const char *help)
{
	fprintf(out, "# HELP " PREFIX "%s %s\n# TYPE " PREFIX "%s %s\n", name, help, name, type);
}

/* A label's value is any UTF-8; these three characters are escaped. */
static void print_value(FILE *out, const char *value)
{
	char *text = cw_text_clean(cw_strdup(value)), *c;

	for (c = text; *c; c++) {
		if (*c == '\\' || *c == '"')
			fputc('\\', out);
		fputc(*c, out);
	}
	free(text);
}

void cw_metric_sample(FILE *out, const char *name, const struct cw_label *labels, uint64_t value)
{
	const struct cw_label *label;

	fprintf(out, PREFIX "%s", name);
	for (label = labels; label && label->name; label++) {
		fprintf(out, "%s%s=\"", label == labels ? "{" : ",", label->name);
		print_value(out, label->value);
		fputc('"', out);
	}
	fprintf(out, "%s %" PRIu64 "\n", labels && labels->name ? "}" : "", value);
}

void cw_metric_single(FILE *out, const char *name, const char *type, const char *help,
		      uint64_t value)
{
	cw_metric_family(out, name, type, help);
	cw_metric_sample(out, name, NULL, value);
}

static void print_drops(FILE *out, const char *name, struct cw_label *labels, size_t n,
			const struct cw_policy_counters *counters)
{
	const uint64_t drops[] = {
		[CAMWALL_DROP_REASON_POLICY] = counters->dropped_policy,
		[CAMWALL_DROP_REASON_NOT_ALLOWED] = counters->dropped_not_allowed,
		[CAMWALL_DROP_REASON_LIMIT] = counters->dropped_limit,
		[CAMWALL_DROP_REASON_MALFORMED] = counters->dropped_malformed,
	};
	size_t i;

	for (i = 0; i < sizeof(drops) / sizeof(drops[0]); i++) {
		labels[n] = (struct cw_label){ "reason", cw_drop_reason_name(i) };
		labels[n + 1] = (struct cw_label){ 0 };
		cw_metric_sample(out, name, labels, drops[i]);
	}
}

static void print_direction(FILE *out, const char *name, struct cw_label *labels, size_t n,
			    enum cw_metric_part part, enum camwall_direction direction,
			    const struct cw_policy_counters *counters)
{
	labels[n++] = (struct cw_label){ "direction", cw_direction_name(direction) };
	labels[n] = (struct cw_label){ 0 };
	if (part == CW_METRIC_DROPPED)
		print_drops(out, name, labels, n, counters);
	else
		cw_metric_sample(out, name, labels, part == CW_METRIC_BYTES ?
				 counters->bytes : counters->packets);
}

void cw_metric_directions(FILE *out, const char *name, struct cw_label *labels, size_t n,
			  enum cw_metric_part part, const struct cw_policy_counters *from,
			  const struct cw_policy_counters *to)
{
	print_direction(out, name, labels, n, part, CAMWALL_DIRECTION_FROM, from);
	print_direction(out, name, labels, n, part, CAMWALL_DIRECTION_TO, to);
}
