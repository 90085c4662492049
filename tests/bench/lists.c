// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * lists DIR [REGISTRY]: resolves the IEEE registry once, and writes the lists that are
 * measured, each in the form of every classifier, with the addresses that are sent.
 */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "alloc.h"
#include "config.h"
#include "formats.h"
#include "mac.h"
#include "policy.h"
#include "registry.h"

#define DEVICE		"b0"
#define N_MISSES	64	/* addresses that are in no list */
#define N_OTHERS	16	/* of them, of a vendor that the small lists leave out */
#define N_HITS		16
#define N_NESTED	16UL

#define MULTICAST	((uint64_t)1 << 40)
#define LOCAL		((uint64_t)2 << 40)

/* The whole registry as camwall resolves it. */
struct source {
	struct cw_policy *policy;
	struct cw_registry *registry;
};

struct size {
	const char *name;
	size_t n;	/* 0: all */
};

static const struct size sizes[] = { { "150", 150 }, { "4000", 4000 }, { "all", 0 } };
#define N_SIZES (sizeof(sizes) / sizeof(sizes[0]))

static void die(struct cw_error *err)
{
	fprintf(stderr, "lists: %s\n", err->message);
	exit(1);
}

/* In memory, all of it at once: the text of a configuration that wants every vendor. */
static struct source resolve(const char *dir)
{
	char text[] = "[camwall]\ninterfaces = " DEVICE "\n[group everybody]\nvendor = *\n";
	struct cw_config_options options = { .registry_dir = dir };
	FILE *stream = fmemopen(text, strlen(text), "r");
	struct cw_config_report report = { 0 };
	struct cw_error err = { 0 };
	struct source source;

	source.policy = cw_config_load(stream, "the whole registry", &options, &report, &err);
	if (!source.policy)
		die(&err);
	fclose(stream);
	cw_config_report_clear(&report);
	source.registry = cw_registry_load(dir, &err);
	if (!source.registry)
		die(&err);
	return source;
}

/* @n of them, evenly spaced, so that lengths and ages mix as in the registry. */
static uint64_t *spread(const uint64_t *prefixes, size_t all, size_t n)
{
	uint64_t *picked = cw_calloc(n, sizeof(*picked));
	size_t i;

	for (i = 0; i < n; i++)
		picked[i] = prefixes[i * all / n];
	return picked;
}

static bool contains(const struct bench_list *list, uint64_t mac)
{
	unsigned int length;
	size_t low, high, mid;

	for (length = 24; length <= 48; length++) {
		uint64_t wanted = mac & ~(((uint64_t)1 << (48 - length)) - 1);

		wanted = cw_prefix_pack(wanted, length, 0);
		for (low = 0, high = list->n; low < high;) {
			mid = (low + high) / 2;
			if ((list->prefixes[mid] & ~(uint64_t)0xff) < wanted)
				low = mid + 1;
			else
				high = mid;
		}
		if (low < list->n && (list->prefixes[low] & ~(uint64_t)0xff) == wanted)
			return true;
	}
	return false;
}

/* --- The addresses that are sent ------------------------------------------------------------ */

static void write_mac(FILE *out, uint64_t mac)
{
	char text[CW_MAC_STRLEN + 1];

	fprintf(out, "%s\n", cw_mac_format(mac, text));
}

static void write_one(const char *dir, const char *name, uint64_t mac)
{
	FILE *out = bench_create(dir, name);

	write_mac(out, mac);
	bench_close(out);
}

/* The @i-th drawn address. */
static uint64_t draw(size_t i)
{
	return bench_device_of(i << 16);
}

static bool assigned(const struct source *source, uint64_t mac)
{
	return cw_registry_find(source->registry, mac);
}

/*
 * Addresses of no vendor, and where the list leaves vendors out, of some of these: of
 * those that it has not, evenly spaced. Not of one that shares its OUI with others: these
 * are few, have another way, and are in write_nested_misses().
 */
static void write_misses(const struct source *source, const struct bench_list *list, const char *dir)
{
	const struct cw_policy *all = source->policy;
	size_t others = list->whole ? 0 : N_OTHERS;
	FILE *out = bench_create(dir, "miss.macs");
	size_t i, n = 0, at;
	uint64_t mac;

	for (i = 0; n < N_MISSES - others; i++) {
		mac = draw(i) & ~(MULTICAST | LOCAL);
		if (assigned(source, mac))
			continue;
		write_mac(out, mac);
		n++;
	}
	for (i = 0; i < others; i++) {
		at = i * all->n_prefixes / others;
		while (cw_prefix_len(all->prefixes[at]) != 24 ||
		       contains(list, mac = bench_device_of(all->prefixes[at])) ||
		       mac & (MULTICAST | LOCAL))
			at++;
		write_mac(out, mac);
	}
	bench_close(out);
}

/* Addresses with one of the two bits that no vendor's address has, as a rule. */
static void write_flagged(const struct source *source, const char *dir, const char *name,
			  uint64_t set, uint64_t clear, size_t n)
{
	FILE *out = bench_create(dir, name);
	uint64_t mac;
	size_t i;

	for (i = 0; n; i++) {
		mac = (draw(i) | set) & ~clear;
		if (assigned(source, mac))
			continue;
		write_mac(out, mac);
		n--;
	}
	bench_close(out);
}

static void write_multicast(const struct source *source, const char *dir)
{
	static const uint64_t used[] = {
		0x01005e0000fb, 0x333300000001, 0x3333000000fb, 0x0180c2000000, 0xffffffffffff,
	};
	FILE *out = bench_create(dir, "multicast.macs");
	size_t i;

	for (i = 0; i < sizeof(used) / sizeof(used[0]); i++)
		if (!assigned(source, used[i]))
			write_mac(out, used[i]);
	bench_close(out);
}

/* Unlisted addresses in an OUI of which the list has longer prefixes. */
static void write_nested_misses(const struct bench_list *list, const char *dir)
{
	FILE *out = bench_create(dir, "miss-nested.macs");
	size_t i, n = 0, step = list->n / (4 * N_NESTED) ?: 1;
	uint64_t mac;

	for (i = 0; i < list->n && n < N_NESTED; i++) {
		if (cw_prefix_len(list->prefixes[i]) <= 24 ||
		    cw_prefix_mac(list->prefixes[i]) & (MULTICAST | LOCAL))
			continue;
		mac = (cw_prefix_mac(list->prefixes[i]) & ~0xffffffULL) | (draw(i) & 0xffffff);
		if (contains(list, mac))
			continue;
		write_mac(out, mac);
		n++;
		i += step;
	}
	bench_close(out);
}

static void write_hits(const struct bench_list *list, const char *dir)
{
	FILE *out = bench_create(dir, "observed.macs");
	size_t i, n = 0, at = 0;

	for (i = 0; n < N_HITS && at < list->n; i++) {
		uint64_t prefix = list->prefixes[at++];
		bool used = cw_prefix_len(prefix) != 24 || cw_prefix_mac(prefix) & (MULTICAST | LOCAL);
		int c;

		for (c = 0; c < N_CASES; c++)
			used |= list->cases[c] == prefix;
		if (used)
			continue;
		write_mac(out, bench_device_of(prefix));
		at = ++n * list->n / N_HITS;
	}
	bench_close(out);
}

static void write_hit_of_length(const struct bench_list *list, const char *dir, unsigned int length)
{
	char *name = cw_asprintf("observed%u.macs", length);
	size_t i;

	for (i = 0; i < list->n; i++)
		if (cw_prefix_len(list->prefixes[i]) == length)
			break;
	if (i < list->n)
		write_one(dir, name, bench_device_of(list->prefixes[i]));
	free(name);
}

static void write_case_devices(const struct bench_list *list, const char *dir)
{
	int i;

	for (i = 0; i < N_CASES; i++) {
		char *name = cw_asprintf("%s.macs", bench_case_names[i]);

		write_one(dir, name, bench_device_of(list->cases[i]));
		free(name);
	}
}

/* --- The lists ------------------------------------------------------------------------------ */

/* From the smallest list, so that all lists treat the same devices alike. */
static void pick_cases(const struct bench_list *smallest, uint64_t cases[N_CASES])
{
	size_t i, n = 0;

	for (i = smallest->n / 3; n < N_CASES && i < smallest->n; i += 7)
		if (cw_prefix_len(smallest->prefixes[i]) == 24 &&
		    !(cw_prefix_mac(smallest->prefixes[i]) & (MULTICAST | LOCAL)))
			cases[n++] = smallest->prefixes[i];
	if (n == N_CASES)
		return;
	fputs("lists: the registry has too few /24 for the cases\n", stderr);
	exit(1);
}

static void count_lengths(const struct bench_list *list, size_t counts[49])
{
	size_t i;

	for (i = 0; i < list->n; i++)
		counts[cw_prefix_len(list->prefixes[i])]++;
}

static void write_about(const struct source *source, const struct bench_list *list,
			const char *dir, size_t intervals)
{
	FILE *out = bench_create(dir, "about.json");
	size_t counts[49] = { 0 };
	struct tm *day = gmtime(&source->registry->edition);

	count_lengths(list, counts);
	fprintf(out, "{\"prefixes\":%zu,\"intervals\":%zu,\"length24\":%zu,\"length28\":%zu,\"length36\":%zu,\"edition\":\"%04d-%02d-%02d\"}\n",
		list->n, intervals, counts[24], counts[28], counts[36],
		day->tm_year + 1900, day->tm_mon + 1, day->tm_mday);
	bench_close(out);
}

static void write_list(const struct source *source, const struct bench_list *list, const char *dir)
{
	size_t intervals;

	if (mkdir(dir, 0777) && access(dir, W_OK)) {
		perror(dir);
		exit(1);
	}
	intervals = bench_write_formats(list, dir, DEVICE);
	write_misses(source, list, dir);
	write_nested_misses(list, dir);
	write_flagged(source, dir, "local.macs", LOCAL, MULTICAST, N_NESTED);
	write_multicast(source, dir);
	write_hits(list, dir);
	write_hit_of_length(list, dir, 28);
	write_hit_of_length(list, dir, 36);
	write_case_devices(list, dir);
	write_about(source, list, dir, intervals);
}

int main(int argc, char **argv)
{
	struct bench_list lists[N_SIZES] = { 0 };
	struct source source;
	size_t i;

	if (argc < 2 || argc > 3) {
		fputs("usage: lists DIR [REGISTRY]\n", stderr);
		return 2;
	}
	source = resolve(argv[2]);
	/* Each is a part of the next larger one. */
	for (i = N_SIZES; i-- > 0;) {
		const struct bench_list *larger = &lists[i + 1];

		lists[i].whole = !sizes[i].n;
		lists[i].n = sizes[i].n ?: source.policy->n_prefixes;
		lists[i].prefixes = lists[i].whole ? source.policy->prefixes :
				    spread(larger->prefixes, larger->n, lists[i].n);
	}
	pick_cases(&lists[0], lists[0].cases);
	for (i = 0; i < N_SIZES; i++) {
		char *dir = cw_asprintf("%s/%s", argv[1], sizes[i].name);

		memcpy(lists[i].cases, lists[0].cases, sizeof(lists[i].cases));
		lists[i].exempted = bench_device_of(lists[i].cases[CASE_EXEMPTED]);
		write_list(&source, &lists[i], dir);
		free(dir);
	}
	for (i = 0; i < N_SIZES; i++)
		if (!lists[i].whole)
			free((void *)lists[i].prefixes);
	cw_registry_free(source.registry);
	cw_policy_free(source.policy);
	return 0;
}
