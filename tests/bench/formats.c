// SPDX-License-Identifier: GPL-2.0-or-later
/* One list of prefixes as camwall, nft, tc, ipset and the loader of the BPF map read it. */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#include "alloc.h"
#include "formats.h"
#include "mac.h"

#define MAC_BITS	48

/* What every classifier does with a listed frame: count it, and write the mark. */
#define NFT_ACTION	"counter meta mark set " BENCH_MARK " accept"

const char *const bench_case_names[N_CASES] = {
	"dropped", "isolated", "limited", "over-limit", "exempted",
};

/* The registry has three lengths; the longest has to be asked first. */
static const unsigned int lengths[] = { 36, 28, 24 };
#define N_LENGTHS (sizeof(lengths) / sizeof(lengths[0]))

struct interval {
	uint64_t first, last;
};

FILE *bench_create(const char *dir, const char *name)
{
	char *path = cw_asprintf("%s/%s", dir, name);
	FILE *out = fopen(path, "w");

	if (!out) {
		perror(path);
		exit(1);
	}
	free(path);
	return out;
}

void bench_close(FILE *out)
{
	if (ferror(out) | fclose(out)) {
		perror("writing a list");
		exit(1);
	}
}

static uint64_t open_bits(uint64_t prefix)
{
	return ((uint64_t)1 << (MAC_BITS - cw_prefix_len(prefix))) - 1;
}

/* Steele, Lea and Flood's SplitMix64: well mixed, and the same on every machine. */
static uint64_t mixed(uint64_t seed)
{
	seed += 0x9e3779b97f4a7c15;
	seed = (seed ^ seed >> 30) * 0xbf58476d1ce4e5b9;
	seed = (seed ^ seed >> 27) * 0x94d049bb133111eb;
	return seed ^ seed >> 31;
}

uint64_t bench_device_of(uint64_t prefix)
{
	return cw_prefix_mac(prefix) | (mixed(prefix) & open_bits(prefix));
}

/* --- camwall ------------------------------------------------------------------------------ */

static void write_group(FILE *out, const char *name, const char *action, unsigned int mark)
{
	fprintf(out, "\n[group %s]\naction = %s\nmark = 0x%02x000000\n", name, action, mark);
}

static void write_prefix(FILE *out, uint64_t prefix)
{
	char text[CW_PREFIX_STRLEN + 1];

	fprintf(out, "prefix = %s\n", cw_prefix_format(prefix, text));
}

static bool is_case(const struct bench_list *list, uint64_t prefix)
{
	int i;

	for (i = 0; i < N_CASES; i++)
		if (list->cases[i] == prefix)
			return true;
	return false;
}

static void write_observed(const struct bench_list *list, FILE *out)
{
	size_t i;

	write_group(out, "observed", "observe", 1);
	if (list->whole) {
		fputs("vendor = *\n", out);
		return;
	}
	for (i = 0; i < list->n; i++)
		if (!is_case(list, list->prefixes[i]))
			write_prefix(out, list->prefixes[i]);
}

static void write_cases(const struct bench_list *list, FILE *out)
{
	static const char *const actions[N_CASES] = {
		"drop", "isolate", "limit", "limit", "drop",
	};
	int i, peer;

	for (i = 0; i < N_CASES; i++) {
		write_group(out, bench_case_names[i], actions[i], i + 2);
		write_prefix(out, list->cases[i]);
		if (i == CASE_LIMITED)
			fputs("limit = 100 gbit/s\n", out);
		if (i == CASE_OVER_LIMIT)
			fputs("limit = 1 bit/s burst 1 bit\n", out);
		for (peer = 1; i == CASE_ISOLATED && peer <= 8; peer++)
			fprintf(out, "allow = 192.0.2.%d\n", peer);
	}
}

static void write_camwall(const struct bench_list *list, const char *dir, const char *device)
{
	FILE *out = bench_create(dir, "camwall.conf");
	char mac[CW_MAC_STRLEN + 1];

	fprintf(out, "[camwall]\ninterfaces = %s\nmark-mask = 0xff000000\n", device);
	write_observed(list, out);
	write_cases(list, out);
	fprintf(out, "\n[exempt %s]\nuntil = 2099-01-01T00:00:00Z\nreason = benchmark\n"
		"approved-by = benchmark\n", cw_mac_format(list->exempted, mac));
	bench_close(out);
}

/* --- nft ---------------------------------------------------------------------------------- */

static void begin_table(FILE *out)
{
	fputs("table netdev bench {\n", out);
}

static void begin_chain(FILE *out, const char *device)
{
	fprintf(out, "\tchain in {\n\t\ttype filter hook ingress device \"%s\" priority 0; policy accept;\n",
		device);
}

static void end_table(FILE *out)
{
	fputs("\t}\n}\n", out);
	bench_close(out);
}

static void write_interval(FILE *out, struct interval interval, size_t n)
{
	char first[CW_MAC_STRLEN + 1], last[CW_MAC_STRLEN + 1];

	fprintf(out, "%s%s-%s", n ? ",\n" : "", cw_mac_format(interval.first, first),
		cw_mac_format(interval.last, last));
}

/*
 * nft refuses a prefix within another one. So a prefix that holds others is split into
 * what lies between them, and each address is in the interval of its longest prefix.
 */
static size_t write_disjoint(const struct bench_list *list, FILE *out)
{
	struct interval *holds = cw_calloc(MAC_BITS, sizeof(*holds));
	size_t i, n = 0, depth = 0;
	uint64_t next = 0;

	for (i = 0; i <= list->n; i++) {
		uint64_t first = i < list->n ? cw_prefix_mac(list->prefixes[i]) : UINT64_MAX;

		for (; depth && holds[depth - 1].last < first; depth--) {
			if (next <= holds[depth - 1].last)
				write_interval(out, (struct interval){ next, holds[depth - 1].last }, n++);
			next = holds[depth - 1].last + 1;
		}
		if (i == list->n)
			break;
		if (depth && next < first)
			write_interval(out, (struct interval){ next, first - 1 }, n++);
		holds[depth++] = (struct interval){ first, first | open_bits(list->prefixes[i]) };
		next = first;
	}
	free(holds);
	return n;
}

static size_t write_nft_interval(const struct bench_list *list, const char *dir, const char *device)
{
	FILE *out = bench_create(dir, "interval.nft");
	size_t n;

	begin_table(out);
	fputs("\tset listed { type ether_addr; flags interval; elements = {\n", out);
	n = write_disjoint(list, out);
	fputs("\n\t} }\n", out);
	begin_chain(out, device);
	fputs("\t\tether saddr @listed " NFT_ACTION "\n", out);
	end_table(out);
	return n;
}

/* Of the prefixes of one length, or with @length 0 the OUIs of all, each once. */
static size_t write_masked_set(const struct bench_list *list, FILE *out, unsigned int length)
{
	const uint64_t oui = ~(((uint64_t)1 << 24) - 1);
	uint64_t mac, before = UINT64_MAX;
	char text[CW_MAC_STRLEN + 1];
	size_t i, n = 0;

	for (i = 0; i < list->n; i++) {
		mac = cw_prefix_mac(list->prefixes[i]);
		if (length && cw_prefix_len(list->prefixes[i]) != length)
			continue;
		if (!length)
			mac &= oui;
		if (mac == before)
			continue;
		if (!n++)
			fprintf(out, "\tset masked%u { type ether_addr; elements = {\n", length ?: 24);
		fprintf(out, "%s%s", n > 1 ? ",\n" : "", cw_mac_format(mac, text));
		before = mac;
	}
	if (n)
		fputs("\n\t} }\n", out);
	return n;
}

static const char *mask_of(unsigned int length, char text[static CW_MAC_STRLEN + 1])
{
	const uint64_t all = ((uint64_t)1 << MAC_BITS) - 1;

	return cw_mac_format(all & ~(((uint64_t)1 << (MAC_BITS - length)) - 1), text);
}

static void write_masked_rule(FILE *out, unsigned int length)
{
	char mask[CW_MAC_STRLEN + 1];

	fprintf(out, "\t\tether saddr & %s @masked%u " NFT_ACTION "\n", mask_of(length, mask), length);
}

static void write_nft_masked(const struct bench_list *list, const char *dir, const char *device)
{
	FILE *out = bench_create(dir, "masked24.nft");
	bool used[N_LENGTHS];
	size_t i;

	begin_table(out);
	write_masked_set(list, out, 0);
	begin_chain(out, device);
	write_masked_rule(out, 24);
	end_table(out);

	out = bench_create(dir, "masked3.nft");
	begin_table(out);
	for (i = 0; i < N_LENGTHS; i++)
		used[i] = write_masked_set(list, out, lengths[i]) > 0;
	begin_chain(out, device);
	for (i = 0; i < N_LENGTHS; i++)
		if (used[i])
			write_masked_rule(out, lengths[i]);
	end_table(out);
}

static void write_nft_exact(const struct bench_list *list, const char *dir, const char *device)
{
	FILE *out = bench_create(dir, "exact.nft");
	char mac[CW_MAC_STRLEN + 1];

	begin_table(out);
	begin_chain(out, device);
	fprintf(out, "\t\tether saddr %s " NFT_ACTION "\n",
		cw_mac_format(bench_device_of(list->cases[CASE_DROPPED]), mac));
	end_table(out);

	out = bench_create(dir, "empty.nft");
	begin_table(out);
	begin_chain(out, device);
	end_table(out);
}

/* --- tc, BPF, ipset ----------------------------------------------------------------------- */

/* A preference for each length, as with one for all of them the order would be tc's. */
static void write_flower(const struct bench_list *list, const char *dir, const char *device)
{
	char mac[CW_MAC_STRLEN + 1], mask[CW_MAC_STRLEN + 1];
	FILE *out = bench_create(dir, "flower.tc");
	size_t i, preference;

	for (i = 0; i < list->n; i++) {
		unsigned int length = cw_prefix_len(list->prefixes[i]);

		for (preference = 0; preference < N_LENGTHS - 1; preference++)
			if (lengths[preference] == length)
				break;
		fprintf(out, "filter add dev %s ingress pref %zu protocol all flower skip_hw src_mac %s/%s action skbedit mark " BENCH_MARK "\n",
			device, preference + 1, cw_mac_format(cw_prefix_mac(list->prefixes[i]), mac),
			mask_of(length, mask));
	}
	bench_close(out);
}

static void write_plain(const struct bench_list *list, const char *dir)
{
	FILE *out = bench_create(dir, "prefixes");
	char mac[CW_MAC_STRLEN + 1];
	size_t i;

	for (i = 0; i < list->n; i++)
		fprintf(out, "%s %u\n", cw_mac_format(cw_prefix_mac(list->prefixes[i]), mac),
			cw_prefix_len(list->prefixes[i]));
	bench_close(out);
}

/* ipset knows whole addresses only: one of each prefix, so that the size is the same. */
static void write_ipset(const struct bench_list *list, const char *dir)
{
	FILE *out = bench_create(dir, "ipset.restore");
	char mac[CW_MAC_STRLEN + 1];
	size_t i;

	fputs("create bench hash:mac hashsize 1024 maxelem 262144\n", out);
	for (i = 0; i < list->n; i++)
		fprintf(out, "add bench %s\n", cw_mac_format(bench_device_of(list->prefixes[i]), mac));
	bench_close(out);
}

size_t bench_write_formats(const struct bench_list *list, const char *dir, const char *device)
{
	write_camwall(list, dir, device);
	write_nft_exact(list, dir, device);
	write_nft_masked(list, dir, device);
	write_flower(list, dir, device);
	write_plain(list, dir);
	write_ipset(list, dir);
	return write_nft_interval(list, dir, device);
}
