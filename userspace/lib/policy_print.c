// SPDX-License-Identifier: GPL-2.0-or-later
/* A policy as text, in the grammar of the configuration file. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "alloc.h"
#include "peer.h"
#include "policy.h"
#include "rate.h"
#include "timestamp.h"

#define LINE_COLUMNS	80

/* What splits patterns, or begins a comment, is what any character may stand for. */
static size_t print_interface(const char *pattern, FILE *out)
{
	const char *c;

	for (c = pattern; *c; c++) {
		bool comment = c == pattern && (*c == ';' || (*c == '#' && !c[1]));

		fputc(comment || isspace((unsigned char)*c) ? '?' : *c, out);
	}
	return c - pattern;
}

/* A key that may repeat, so that no line gets longer than a reader takes. */
static void print_interfaces(const struct cw_policy *policy, FILE *out)
{
	size_t i, column = 0;

	if (!policy->n_interfaces)
		fputs("interfaces =\n", out);
	for (i = 0; i < policy->n_interfaces; i++) {
		if (column && column + strlen(policy->interfaces[i]) >= LINE_COLUMNS) {
			fputc('\n', out);
			column = 0;
		}
		if (!column)
			column = fprintf(out, "interfaces =");
		fputc(' ', out);
		column += 1 + print_interface(policy->interfaces[i], out);
	}
	if (column)
		fputc('\n', out);
}

/* Prefixes of each group in one pass over all: where each group's begin in @order. */
static uint64_t *prefixes_by_group(const struct cw_policy *policy, size_t *first)
{
	uint64_t *order = cw_calloc(policy->n_prefixes, sizeof(*order));
	size_t *next = cw_calloc(policy->n_groups + 1, sizeof(*next));
	size_t i;

	memset(first, 0, (policy->n_groups + 1) * sizeof(*first));
	for (i = 0; i < policy->n_prefixes; i++)
		first[cw_prefix_group(policy->prefixes[i]) + 1]++;
	for (i = 0; i < policy->n_groups; i++)
		first[i + 1] += first[i];
	memcpy(next, first, (policy->n_groups + 1) * sizeof(*next));
	for (i = 0; i < policy->n_prefixes; i++)
		order[next[cw_prefix_group(policy->prefixes[i])]++] = policy->prefixes[i];
	free(next);
	return order;
}

static void print_verdict(const struct cw_policy_group *group, FILE *out)
{
	char peer[CW_PEER_STRLEN + 1], rate[CW_RATE_STRLEN + 1];
	size_t i;

	fprintf(out, "action = %s\n", cw_action_name(group->action));
	if (group->limit.rate)
		fprintf(out, "limit = %s\n", cw_rate_format(&group->limit, rate));
	for (i = 0; i < group->n_allow; i++)
		fprintf(out, "allow = %s\n", cw_peer_format(&group->allow[i], peer));
}

static void print_group(const struct cw_policy_group *group, const uint64_t *prefixes,
			size_t n, FILE *out)
{
	char text[CW_PREFIX_STRLEN + 1];
	size_t i;

	fprintf(out, "\n[group %s]\n", group->name);
	print_verdict(group, out);
	if (group->has_mark)
		fprintf(out, "mark = 0x%08x\n", group->mark);
	for (i = 0; i < n; i++)
		fprintf(out, "prefix = %s\n", cw_prefix_format(prefixes[i], text));
}

/* One line, in which nothing begins a comment. */
static void print_text(const char *key, const char *text, FILE *out)
{
	char *copy = cw_strdup(*text ? text : "not given"), *c;

	for (c = copy; *c; c++) {
		bool first = c == copy || c[-1] == ' ';

		if (iscntrl((unsigned char)*c))
			*c = ' ';
		else if (first && (*c == ';' ||
				   (*c == '#' && (c == copy || !c[1] || isspace((unsigned char)c[1])))))
			*c = ',';
	}
	fprintf(out, "%s = %s\n", key, copy);
	free(copy);
}

static void print_exemption(const struct cw_policy_exemption *exemption, FILE *out)
{
	char mac[CW_MAC_STRLEN + 1], until[CW_TIMESTAMP_STRLEN + 1];

	fprintf(out, "\n[exempt %s]\nuntil = %s\n", cw_mac_format(exemption->mac, mac),
		cw_timestamp_format(exemption->until, until));
	print_text("reason", exemption->reason, out);
	print_text("approved-by", exemption->approved_by, out);
}

void cw_policy_print(const struct cw_policy *policy, FILE *out)
{
	size_t *first = cw_calloc(policy->n_groups + 1, sizeof(*first));
	uint64_t *order = prefixes_by_group(policy, first);
	size_t i;

	fputs("[camwall]\n", out);
	print_interfaces(policy, out);
	if (policy->mark_mask)
		fprintf(out, "mark-mask = 0x%08x\n", policy->mark_mask);
	if (policy->conntrack)
		fputs("conntrack = yes\n", out);
	if (policy->max_devices != CAMWALL_DEVICES_DEFAULT)
		fprintf(out, "max-devices = %u\n", policy->max_devices);
	if (policy->idle != CAMWALL_IDLE_DEFAULT)
		fprintf(out, "idle = %us\n", policy->idle);
	for (i = 0; i < policy->n_groups; i++)
		print_group(&policy->groups[i], order + first[i], first[i + 1] - first[i], out);
	for (i = 0; i < policy->n_exemptions; i++)
		print_exemption(&policy->exemptions[i], out);
	free(order);
	free(first);
}
