/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The netlink family as tables: for programs that try every operation and attribute. */
#ifndef FAMILY_H
#define FAMILY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#if __has_include("linux/camwall.h")
#include <linux/camwall.h>
#else
#include "camwall.h"
#endif

#define FAMILY_SIZE(array) (sizeof(array) / sizeof((array)[0]))

enum family_type {
	FAMILY_U16,
	FAMILY_U32,
	FAMILY_U64,
	FAMILY_STRING,
	FAMILY_BINARY,
	FAMILY_NEST,
	FAMILY_PAD,
};

struct family_set;

/**
 * struct family_attr - an attribute
 * @name: in the specification
 * @number: on the wire
 * @type: what it holds
 * @nest: of a nest, the attributes in it
 * @min: the smallest value, or the fewest octets
 * @max: the largest value, or the most octets; of a string without its terminating zero
 */
struct family_attr {
	const char *name;
	uint16_t number;
	enum family_type type;
	const struct family_set *nest;
	uint64_t min;
	uint64_t max;
};

/**
 * struct family_set - attributes that stand side by side
 * @name: in the specification
 * @attrs: the attributes
 * @n: how many
 */
struct family_set {
	const char *name;
	const struct family_attr *attrs;
	size_t n;
};

/**
 * struct family_op - an operation
 * @name: in the specification
 * @number: on the wire
 * @does: it can be asked for one answer
 * @dumps: it can be asked for a dump
 * @tells: the kernel sends it to a multicast group
 * @request: numbers of the attributes that a request can have
 * @n_request: how many
 */
struct family_op {
	const char *name;
	uint8_t number;
	bool does;
	bool dumps;
	bool tells;
	const uint16_t *request;
	size_t n_request;
};

#include "family-gen.h"

#define FAMILY_N_OPS FAMILY_SIZE(family_ops)

#endif
