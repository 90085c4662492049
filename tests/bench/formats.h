/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One list of prefixes in the form that each classifier loads. */
#ifndef BENCH_FORMATS_H
#define BENCH_FORMATS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#define BENCH_MARK	"0x01000000"	/* what each classifier writes to a listed frame */

/** enum bench_case - a group of its own, with one prefix, for each thing that is done */
enum bench_case {
	CASE_DROPPED,
	CASE_ISOLATED,
	CASE_LIMITED,
	CASE_OVER_LIMIT,
	CASE_EXEMPTED,
	N_CASES,
};

/**
 * struct bench_list - prefixes, and what is done with which
 * @prefixes: packed, sorted, each once; none holds another one's whole range
 * @n: how many
 * @whole: they are the whole registry, "vendor = *"
 * @cases: the prefix of each case, a /24 of @prefixes; all others are observed
 * @exempted: the device of CASE_EXEMPTED
 */
struct bench_list {
	const uint64_t *prefixes;
	size_t n;
	bool whole;
	uint64_t cases[N_CASES];
	uint64_t exempted;
};

extern const char *const bench_case_names[N_CASES];

/** bench_create() - open DIR/NAME to write; ends the program where it cannot */
FILE *bench_create(const char *dir, const char *name);

/** bench_close() - close a file that was written; ends the program where it is not all there */
void bench_close(FILE *out);

/** bench_device_of() - an address of a prefix: its open bits are drawn, and the same every time */
uint64_t bench_device_of(uint64_t prefix);

/**
 * bench_write_formats() - write a list in all forms
 * @dir: exists
 * @device: the network device that rules and configuration name
 *
 * Return: how many intervals the nft interval set has.
 */
size_t bench_write_formats(const struct bench_list *list, const char *dir, const char *device);

#endif
