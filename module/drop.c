// SPDX-License-Identifier: GPL-2.0
/*
 * How a frame is dropped: in a function of its own for each reason, whose name dropwatch,
 * perf and the tracepoint skb:kfree_skb show as the location. The reason that they show is
 * NETFILTER_DROP: a module cannot add reasons of its own.
 */
#include <linux/netfilter.h>
#include <linux/skbuff.h>

#include "drop.h"

/*
 * The empty assembly keeps the call from becoming a jump, and the functions, which are
 * alike but for its operand, from becoming one: both would hide the name.
 */
#define CW_DROP_FUNCTION(name, drop)					\
static noinline void camwall_drop_ ## name(struct sk_buff *skb)		\
{									\
	kfree_skb_reason(skb, SKB_DROP_REASON_NETFILTER_DROP);		\
	asm volatile("" : : "i" (drop) : "memory");			\
}

CW_DROP_FUNCTION(policy, CW_DROP_POLICY)
CW_DROP_FUNCTION(not_allowed, CW_DROP_NOT_ALLOWED)
CW_DROP_FUNCTION(limit, CW_DROP_LIMIT)
CW_DROP_FUNCTION(malformed, CW_DROP_MALFORMED)

/**
 * cw_drop() - drop a frame
 * @skb: freed
 * @drop: why; not CW_DROP_NONE
 *
 * Context: softirq, or bottom halves disabled.
 * Return: what the hook returns.
 */
unsigned int cw_drop(struct sk_buff *skb, enum cw_drop drop)
{
	switch (drop) {
	case CW_DROP_NOT_ALLOWED:
		camwall_drop_not_allowed(skb);
		break;
	case CW_DROP_LIMIT:
		camwall_drop_limit(skb);
		break;
	case CW_DROP_MALFORMED:
		camwall_drop_malformed(skb);
		break;
	default:
		camwall_drop_policy(skb);
		break;
	}
	return NF_STOLEN;
}
