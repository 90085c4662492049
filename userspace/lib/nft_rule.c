// SPDX-License-Identifier: GPL-2.0-or-later
/* The rules that camwall makes in nftables, as expressions (libnftnl). */
#include <stdio.h>
#include <linux/netlink.h>
#include <libnftnl/expr.h>
#include <libnftnl/rule.h>
#include <libnftnl/udata.h>
#include <linux/netfilter.h>
#include <linux/netfilter/nf_tables.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "alloc.h"
#include "nft_rule.h"

#define IP4_DADDR	16	/* offsets in the network header */
#define IP6_DADDR	24

static struct nftnl_expr *add_expr(struct nftnl_rule *rule, const char *name)
{
	struct nftnl_expr *expr = nftnl_expr_alloc(name);

	/* Only memory can be missing. */
	if (!expr)
		abort();
	nftnl_rule_add_expr(rule, expr);
	return expr;
}

static void add_meta(struct nftnl_rule *rule, uint32_t key)
{
	struct nftnl_expr *expr = add_expr(rule, "meta");

	nftnl_expr_set_u32(expr, NFTNL_EXPR_META_KEY, key);
	nftnl_expr_set_u32(expr, NFTNL_EXPR_META_DREG, NFT_REG_1);
}

static void add_masked_mark(struct nftnl_rule *rule, uint32_t mask)
{
	struct nftnl_expr *expr;
	uint32_t xor = 0;

	add_meta(rule, NFT_META_MARK);
	expr = add_expr(rule, "bitwise");
	nftnl_expr_set_u32(expr, NFTNL_EXPR_BITWISE_SREG, NFT_REG_1);
	nftnl_expr_set_u32(expr, NFTNL_EXPR_BITWISE_DREG, NFT_REG_1);
	nftnl_expr_set_u32(expr, NFTNL_EXPR_BITWISE_OP, NFT_BITWISE_BOOL);
	nftnl_expr_set_u32(expr, NFTNL_EXPR_BITWISE_LEN, sizeof(mask));
	nftnl_expr_set(expr, NFTNL_EXPR_BITWISE_MASK, &mask, sizeof(mask));
	nftnl_expr_set(expr, NFTNL_EXPR_BITWISE_XOR, &xor, sizeof(xor));
}

static void add_cmp(struct nftnl_rule *rule, uint32_t op, const void *data, uint32_t len)
{
	struct nftnl_expr *expr = add_expr(rule, "cmp");

	nftnl_expr_set_u32(expr, NFTNL_EXPR_CMP_SREG, NFT_REG_1);
	nftnl_expr_set_u32(expr, NFTNL_EXPR_CMP_OP, op);
	nftnl_expr_set(expr, NFTNL_EXPR_CMP_DATA, data, len);
}

static void add_lookup(struct nftnl_rule *rule, const char *set, bool verdict)
{
	struct nftnl_expr *expr = add_expr(rule, "lookup");

	nftnl_expr_set_u32(expr, NFTNL_EXPR_LOOKUP_SREG, NFT_REG_1);
	nftnl_expr_set_str(expr, NFTNL_EXPR_LOOKUP_SET, set);
	/* The kernel always tells them, and what it tells is compared with this. */
	nftnl_expr_set_u32(expr, NFTNL_EXPR_LOOKUP_FLAGS, 0);
	if (verdict)
		nftnl_expr_set_u32(expr, NFTNL_EXPR_LOOKUP_DREG, NFT_REG_VERDICT);
}

static struct nftnl_rule *new_rule(void)
{
	struct nftnl_udata_buf *udata = nftnl_udata_buf_alloc(NFT_USERDATA_MAXLEN);
	struct nftnl_rule *rule = nftnl_rule_alloc();

	if (!rule || !udata ||
	    !nftnl_udata_put_strz(udata, NFTNL_UDATA_RULE_COMMENT, CW_NFT_COMMENT))
		abort();
	nftnl_rule_set_data(rule, NFTNL_RULE_USERDATA, nftnl_udata_buf_data(udata),
			    nftnl_udata_buf_len(udata));
	nftnl_udata_buf_free(udata);
	return rule;
}

static void add_rule(struct cw_nft_chain *chain, struct nftnl_rule *from)
{
	struct cw_nft_rule *rule = cw_nft_rule_add(chain);

	nftnl_rule_set_str(from, NFTNL_RULE_CHAIN, chain->name);
	nftnl_rule_set_str(from, NFTNL_RULE_TABLE, CW_NFT_TABLE);
	cw_nft_rule_describe(rule, from);
	rule->rule = from;
}

/* Most packets have no tag: they are through after one comparison. */
void cw_nft_rule_map(struct cw_nft_chain *chain, uint32_t mask, const char *map, bool counter)
{
	struct nftnl_rule *rule = new_rule();
	struct nftnl_expr *expr;
	uint32_t zero = 0;

	add_masked_mark(rule, mask);
	add_cmp(rule, NFT_CMP_NEQ, &zero, sizeof(zero));
	add_masked_mark(rule, mask);
	if (counter) {
		expr = add_expr(rule, "objref");
		nftnl_expr_set_u32(expr, NFTNL_EXPR_OBJREF_SET_SREG, NFT_REG_1);
		nftnl_expr_set_str(expr, NFTNL_EXPR_OBJREF_SET_NAME, map);
	} else {
		add_lookup(rule, map, true);
	}
	add_rule(chain, rule);
}

void cw_nft_rule_count(struct cw_nft_chain *chain, enum cw_nft_kind kind, const char *set,
		       const char *counter)
{
	bool ip4 = kind == CW_NFT_KIND_IP4;
	uint8_t family = ip4 ? NFPROTO_IPV4 : NFPROTO_IPV6;
	struct nftnl_rule *rule = new_rule();
	struct nftnl_expr *expr;

	add_meta(rule, NFT_META_NFPROTO);
	add_cmp(rule, NFT_CMP_EQ, &family, sizeof(family));
	expr = add_expr(rule, "payload");
	nftnl_expr_set_u32(expr, NFTNL_EXPR_PAYLOAD_BASE, NFT_PAYLOAD_NETWORK_HEADER);
	nftnl_expr_set_u32(expr, NFTNL_EXPR_PAYLOAD_DREG, NFT_REG_1);
	nftnl_expr_set_u32(expr, NFTNL_EXPR_PAYLOAD_OFFSET, ip4 ? IP4_DADDR : IP6_DADDR);
	nftnl_expr_set_u32(expr, NFTNL_EXPR_PAYLOAD_LEN, cw_nft_key_len(kind));
	add_lookup(rule, set, false);
	expr = add_expr(rule, "objref");
	nftnl_expr_set_u32(expr, NFTNL_EXPR_OBJREF_IMM_TYPE, NFT_OBJECT_COUNTER);
	nftnl_expr_set_str(expr, NFTNL_EXPR_OBJREF_IMM_NAME, counter);
	add_rule(chain, rule);
}

static void add_named(struct cw_nft_rule *rule, const struct nftnl_expr *expr, uint16_t attr,
		      enum cw_nft_ref_type type)
{
	if (nftnl_expr_is_set(expr, attr))
		cw_nft_ref_add(rule, type, nftnl_expr_get_str(expr, attr));
}

static void add_refs(struct cw_nft_rule *rule, const struct nftnl_expr *expr)
{
	const char *name = nftnl_expr_get_str(expr, NFTNL_EXPR_NAME);

	if (strcmp(name, "lookup") == 0) {
		add_named(rule, expr, NFTNL_EXPR_LOOKUP_SET, CW_NFT_REF_SET);
	} else if (strcmp(name, "dynset") == 0) {
		add_named(rule, expr, NFTNL_EXPR_DYNSET_SET_NAME, CW_NFT_REF_SET);
	} else if (strcmp(name, "objref") == 0) {
		add_named(rule, expr, NFTNL_EXPR_OBJREF_SET_NAME, CW_NFT_REF_SET);
		add_named(rule, expr, NFTNL_EXPR_OBJREF_IMM_NAME, CW_NFT_REF_OBJECT);
	} else if (strcmp(name, "immediate") == 0) {
		add_named(rule, expr, NFTNL_EXPR_IMM_CHAIN, CW_NFT_REF_CHAIN);
	}
}

struct description {
	struct cw_nft_rule *rule;
	FILE *out;
};

static int describe_expr(struct nftnl_expr *expr, void *ctx)
{
	struct description *description = ctx;
	char text[1024];

	nftnl_expr_snprintf(text, sizeof(text), expr, NFTNL_OUTPUT_DEFAULT, 0);
	fprintf(description->out, "[%s %s]", nftnl_expr_get_str(expr, NFTNL_EXPR_NAME), text);
	add_refs(description->rule, expr);
	return 0;
}

static int find_comment(const struct nftnl_udata *attr, void *ctx)
{
	char **comment = ctx;

	if (nftnl_udata_type(attr) == NFTNL_UDATA_RULE_COMMENT && !*comment)
		*comment = cw_strndup(nftnl_udata_get(attr), nftnl_udata_len(attr));
	return 0;
}

static char *comment_of(const struct nftnl_rule *rule)
{
	char *comment = NULL;
	const void *udata;
	uint32_t len;

	if (!nftnl_rule_is_set(rule, NFTNL_RULE_USERDATA))
		return NULL;
	udata = nftnl_rule_get_data(rule, NFTNL_RULE_USERDATA, &len);
	nftnl_udata_parse(udata, len, find_comment, &comment);
	return comment;
}

void cw_nft_rule_describe(struct cw_nft_rule *rule, const struct nftnl_rule *from)
{
	struct description description = { .rule = rule };
	size_t size;

	rule->comment = comment_of(from);
	rule->ours = rule->comment && strcmp(rule->comment, CW_NFT_COMMENT) == 0;
	description.out = open_memstream(&rule->text, &size);
	if (!description.out)
		abort();
	nftnl_expr_foreach((struct nftnl_rule *)from, describe_expr, &description);
	fclose(description.out);
}
