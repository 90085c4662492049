/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A table of nftables as a value: what is wanted, and what the kernel has, are of the same form. */
#ifndef CW_NFT_MODEL_H
#define CW_NFT_MODEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "nft_names.h"

struct nftnl_rule;

#define CW_NFT_KEY_MAX	16

/** enum cw_nft_kind - what a set holds */
enum cw_nft_kind {
	CW_NFT_KIND_IP4,	/* IPv4 addresses, with timeouts */
	CW_NFT_KIND_IP6,	/* IPv6 addresses, with timeouts */
	CW_NFT_KIND_MAC,	/* MAC addresses, with timeouts */
	CW_NFT_KIND_VERDICT,	/* map from mark to verdict */
	CW_NFT_KIND_COUNTER,	/* map from mark to a named counter */
	CW_NFT_KIND_OTHER,	/* nothing that camwall makes */
};

/**
 * struct cw_nft_element - an element of a set
 * @key: as the kernel has it, octets beyond the kind's are zero
 * @timeout: milliseconds that it was given; 0: it stays
 * @expires: milliseconds that are left of them
 * @verdict: NF_DROP, NFT_CONTINUE, NFT_JUMP, ...; meaningful in a map to verdicts
 * @target: the chain to jump to, or the counter
 */
struct cw_nft_element {
	unsigned char key[CW_NFT_KEY_MAX];
	uint64_t timeout, expires;
	int32_t verdict;
	char target[CW_NFT_NAME_SIZE];
};

/**
 * struct cw_nft_set - a set or map
 * @ours: it has camwall's comment
 * @elements: sorted by key, one of each; of a set of another kind they are not read
 */
struct cw_nft_set {
	char *name;
	enum cw_nft_kind kind;
	bool ours;
	struct cw_nft_element *elements;
	size_t n_elements;
};

/** enum cw_nft_ref_type - what a rule refers to */
enum cw_nft_ref_type {
	CW_NFT_REF_SET,
	CW_NFT_REF_OBJECT,
	CW_NFT_REF_CHAIN,
};

struct cw_nft_ref {
	enum cw_nft_ref_type type;
	char *name;
};

/**
 * struct cw_nft_rule - a rule
 * @handle: the kernel's; 0 in what is wanted
 * @ours: it has camwall's comment
 * @text: its expressions, to compare
 * @comment: of somebody else; NULL where it has none
 * @refs: what it refers to in its table
 * @rule: the rule itself, only in what is wanted
 */
struct cw_nft_rule {
	uint64_t handle;
	bool ours;
	char *text, *comment;
	struct cw_nft_ref *refs;
	size_t n_refs;
	struct nftnl_rule *rule;
};

/**
 * struct cw_nft_chain - a chain
 * @ours: it has camwall's comment
 * @base: it has a hook: @hook, @priority and, in the family netdev, @device
 * @use: how many rules it has, and how many rules and elements jump to it; the kernel's
 */
struct cw_nft_chain {
	char *name;
	bool ours, base;
	uint32_t hook;
	int32_t priority;
	char *device;
	uint32_t use;
	struct cw_nft_rule *rules;
	size_t n_rules;
};

/**
 * struct cw_nft_object - a named object
 * @counter: it is a counter
 * @use: how many rules and elements refer to it; the kernel's
 */
struct cw_nft_object {
	char *name;
	bool ours, counter;
	uint32_t use;
	uint64_t packets, bytes;
};

/**
 * struct cw_nft_table - a table
 * @family: NFPROTO_INET or NFPROTO_NETDEV
 * @exists: the kernel has it; in what is wanted always true
 * @flowtables: names
 */
struct cw_nft_table {
	int family;
	bool exists;
	struct cw_nft_set *sets;
	size_t n_sets;
	struct cw_nft_chain *chains;
	size_t n_chains;
	struct cw_nft_object *objects;
	size_t n_objects;
	char **flowtables;
	size_t n_flowtables;
};

/** cw_nft_key_len() - octets of a kind's keys */
size_t cw_nft_key_len(enum cw_nft_kind kind);

/** cw_nft_family_name() - "inet" or "netdev" */
const char *cw_nft_family_name(int family);

/** cw_nft_set_add() - add a set, whose name is copied; Return: it, until the next one is added */
struct cw_nft_set *cw_nft_set_add(struct cw_nft_table *table, const char *name,
				  enum cw_nft_kind kind);
struct cw_nft_chain *cw_nft_chain_add(struct cw_nft_table *table, const char *name);
struct cw_nft_object *cw_nft_object_add(struct cw_nft_table *table, const char *name);
struct cw_nft_rule *cw_nft_rule_add(struct cw_nft_chain *chain);
void cw_nft_ref_add(struct cw_nft_rule *rule, enum cw_nft_ref_type type, const char *name);

/** cw_nft_element_add() - add an element that says nothing but its key; cw_nft_set_sort() afterwards */
struct cw_nft_element *cw_nft_element_add(struct cw_nft_set *set, const void *key);

/** cw_nft_set_sort() - sort elements; of several of one key the one that stays longest remains */
void cw_nft_set_sort(struct cw_nft_set *set);

/** cw_nft_set_find() - the set of that name, or NULL; the others likewise */
struct cw_nft_set *cw_nft_set_find(const struct cw_nft_table *table, const char *name);
struct cw_nft_chain *cw_nft_chain_find(const struct cw_nft_table *table, const char *name);
struct cw_nft_object *cw_nft_object_find(const struct cw_nft_table *table, const char *name);

/** cw_nft_table_clear() - free what a table holds; family stays */
void cw_nft_table_clear(struct cw_nft_table *table);

#endif
